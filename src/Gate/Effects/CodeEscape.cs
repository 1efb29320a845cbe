using System;
using Gate.Text;

namespace Gate.Effects;

/// <summary>Backslash escapes in the texts of programming languages.</summary>
internal static class CodeEscape
{
    /// <summary>Decodes what stands behind a backslash at <paramref name="i"/>; returns the index of its last byte.</summary>
    public static int Decode(byte[] text, int i, int end, bool raw, ByteBuilder into)
    {
        byte c = text[i];
        if (raw)
        {
            _ = into.Add(c);
            return i;
        }

        switch (c)
        {
            case (byte)'n': _ = into.Add((byte)'\n'); return i;
            case (byte)'t': _ = into.Add((byte)'\t'); return i;
            case (byte)'r': _ = into.Add((byte)'\r'); return i;
            case (byte)'e': _ = into.Add(27); return i;
            case (byte)'\n': return i;
            case (byte)'x' or (byte)'u' or (byte)'U':
                bool braces = i + 1 < end && text[i + 1] == '{';
                int at = i + (braces ? 2 : 1), most = braces ? 8 : c == 'x' ? 2 : c == 'u' ? 4 : 8, value = 0, from = at;
                while (at < end && at - from < most && char.IsAsciiHexDigit((char)text[at]))
                    value = (value * 16) + Digit(text[at++]);
                if (at == from)
                    break;
                Rune(value, c == 'x' && !braces, into);
                return braces && at < end && text[at] == '}' ? at : at - 1;
            case >= (byte)'0' and <= (byte)'7':
                int number = 0, stop = i;
                while (stop < end && stop - i < 3 && text[stop] is >= (byte)'0' and <= (byte)'7')
                    number = (number * 8) + text[stop++] - '0';
                Rune(number & 0xFF, true, into);
                return stop - 1;
        }

        _ = into.Add(c);
        return i;
    }

    // A NUL cannot be part of a command or a path; it would be taken for an unknown run.
    private static void Rune(int value, bool single, ByteBuilder into)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (value == 0)
            return;
        if (single || value < 0x80)
            _ = into.Add((byte)value);
        else if (System.Text.Rune.IsValid(value))
            _ = into.Add(bytes[..new System.Text.Rune(value).EncodeToUtf8(bytes)]);
    }

    public static int Digit(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
