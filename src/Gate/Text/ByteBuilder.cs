using System;

namespace Gate.Text;

/// <summary>A growing run of bytes: what the hook path uses in place of StringBuilder and Utf8JsonWriter.</summary>
public sealed class ByteBuilder(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void Clear() => Length = 0;

    public ByteBuilder Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    public ByteBuilder Add(byte value)
    {
        Room(1)[0] = value;
        Length++;
        return this;
    }

    public ByteBuilder Add(string text)
    {
        Span<byte> room = Room(text.Length * 3);
        Length += System.Text.Encoding.UTF8.GetBytes(text, room);
        return this;
    }

    public ByteBuilder Add(long number)
    {
        bool fits = System.Buffers.Text.Utf8Formatter.TryFormat(number, Room(20), out int written);
        Length += fits ? written : 0;
        return this;
    }

    public ByteBuilder AddHex(ReadOnlySpan<byte> bytes)
    {
        Hex.Encode(bytes, Room(bytes.Length * 2));
        Length += bytes.Length * 2;
        return this;
    }

    /// <summary>A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, so that what is written can always be read.</summary>
    public ByteBuilder AddJson(ReadOnlySpan<byte> text)
    {
        Add((byte)'"');
        while (text.Length > 0)
        {
            byte c = text[0];
            if (c >= 0x80)
            {
                System.Text.Rune.DecodeFromUtf8(text, out System.Text.Rune rune, out int used);
                Length += rune.EncodeToUtf8(Room(4));
                text = text[used..];
                continue;
            }

            if (c is (byte)'"' or (byte)'\\')
                Add((byte)'\\').Add(c);
            else if (c == '\n')
                Add("\\n"u8);
            else if (c < 0x20 || c == 0x7F)
                Add("\\u00"u8).AddHex(text[..1]);
            else
                Add(c);
            text = text[1..];
        }

        return Add((byte)'"');
    }

    public ByteBuilder AddJson(string text) => AddJson(System.Text.Encoding.UTF8.GetBytes(text));

    private Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        return _bytes.AsSpan(Length);
    }
}
