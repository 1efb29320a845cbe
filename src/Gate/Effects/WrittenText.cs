using System;
using Gate.Text;

namespace Gate.Effects;

/// <summary>
/// What a call says that it writes into a file: one text or several. They stay where they are until a condition asks: bodies of JSON strings are
/// unescaped only then, and no more of them than is looked at.
/// </summary>
/// <param name="json">The texts are bodies of JSON strings.</param>
public sealed class WrittenText(bool json)
{
    /// <summary>So many bytes of what is written are looked through, as they stand in the request; what is further back, only its size counts.</summary>
    public const int MaximumSeen = 64 << 10;

    /// <summary>More texts than this are not kept apart: the rest only counts.</summary>
    public const int MaximumTexts = 256;

    private ReadOnlyMemory<byte>[] _texts = new ReadOnlyMemory<byte>[1];
    private int _count;
    private byte[]? _seen;

    /// <summary>Kinds of secrets that were found in it, as bits; -1: nobody has looked.</summary>
    public int Secrets { get; set; } = -1;

    /// <summary>Bytes as they stand in the request, where an escape counts as its letters.</summary>
    public long Length { get; private set; }

    public void Add(ReadOnlyMemory<byte> text)
    {
        Length += text.Length;
        if (_count == MaximumTexts)
            return;
        if (_count == _texts.Length)
            Array.Resize(ref _texts, _count * 2);
        _texts[_count++] = text;
        (_seen, Secrets) = (null, -1);
    }

    /// <summary>The beginning of what is written, at most <see cref="MaximumSeen"/> bytes: the texts behind each other, a line feed between two.</summary>
    public ReadOnlySpan<byte> Seen
    {
        get
        {
            if (_seen is not null)
                return _seen;
            if (_count == 1)
                return _seen = SeenOf(_texts[0].Span, MaximumSeen);
            ByteBuilder all = new(1024);
            int left = MaximumSeen;
            for (int i = 0; i < _count && left > 0; i++)
            {
                if (i > 0)
                    all.Add((byte)'\n');
                all.Add(SeenOf(_texts[i].Span, left));
                left -= Math.Min(left, _texts[i].Length);
            }

            return _seen = all.ToArray();
        }
    }

    private byte[] SeenOf(ReadOnlySpan<byte> text, int most)
    {
        text = text[..Math.Min(text.Length, most)];
        return json ? JsonText.Unescape(text) : text.ToArray();
    }
}
