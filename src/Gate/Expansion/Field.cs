using System;

namespace Gate.Expansion;

/// <summary>A word in the making: its bytes, and for each what the shell may still do with it.</summary>
internal sealed class Field
{
    /// <summary>Marks of a byte: part of a brace expression, part of a pattern, a part of the word that is expanded later.</summary>
    public const byte Plain = 0, Brace = 1, Glob = 2, Later = 4;

    private byte[] _text = new byte[32], _marks = new byte[32];

    public int Length { get; private set; }

    /// <summary>Something quoted stands in it, so it is a word even when it is empty.</summary>
    public bool Quoted { get; set; }

    /// <summary>May become any number of words.</summary>
    public bool Many { get; set; }

    public Taint Taint { get; set; }

    public Flow? Content { get; set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, Length);

    public ReadOnlySpan<byte> Marks => _marks.AsSpan(0, Length);

    /// <summary>A longer word becomes an unknown one: x=$x$x, forty times over, must not fill the memory.</summary>
    public const int MaximumLength = 1 << 18;

    public void Add(ReadOnlySpan<byte> bytes, byte mark)
    {
        if (Length + bytes.Length > MaximumLength)
        {
            (_text[0], _marks[0], Length) = (Value.Hole, Plain, 1);
            return;
        }

        while (Length + bytes.Length > _text.Length)
        {
            Array.Resize(ref _text, _text.Length * 2);
            Array.Resize(ref _marks, _marks.Length * 2);
        }

        bytes.CopyTo(_text.AsSpan(Length));
        _marks.AsSpan(Length, bytes.Length).Fill(mark);
        Length += bytes.Length;
    }

    public void Clear() => Length = 0;

    /// <summary>A piece that is not known. Two side by side are one: several in a row have a meaning of their own.</summary>
    public void AddHole()
    {
        if (Length == 0 || Text[^1] != Value.Hole)
            Add([Value.Hole], Plain);
    }

    /// <summary>Something stands in it already, if only quotes.</summary>
    public bool HasBegun => Length > 0 || Quoted || Many;

    public Field Slice(int start, int end)
    {
        Field part = new() { Quoted = Quoted, Many = Many, Taint = Taint, Content = Content };
        part.AddMarked(Text[start..end], Marks[start..end]);
        return part;
    }

    public void AddMarked(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> marks)
    {
        int at = Length;
        Add(bytes, Plain);
        if (Length == at + bytes.Length)
            marks.CopyTo(_marks.AsSpan(at));
    }

    /// <summary>A live <c>*</c>, <c>?</c> or <c>[</c> stands in it.</summary>
    public bool IsPattern
    {
        get
        {
            for (int i = 0; i < Length; i++)
            {
                if ((_marks[i] & Glob) != 0 && _text[i] is (byte)'*' or (byte)'?' or (byte)'[')
                    return true;
            }

            return false;
        }
    }

    public Value ToValue() => new(Text.ToArray()) { Pattern = IsPattern, Many = Many, Taint = Taint, Content = Content };
}
