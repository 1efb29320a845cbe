using System;

namespace Gate.Shell;

/// <summary>The inside of <c>$'…'</c>, as bash decodes it (ansicstr in lib/sh/strtrans.c).</summary>
public static class AnsiQuote
{
    /// <summary>The bytes that the text between the quotes stands for. A NUL ends it, as in bash. Never longer than twice the text.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> text)
    {
        var result = new byte[text.Length * 2];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != (byte)'\\' || i + 1 >= text.Length)
            {
                result[count++] = text[i];
                continue;
            }

            byte c = text[++i];
            int value;
            switch (c)
            {
                case (byte)'a': value = 7; break;
                case (byte)'b': value = 8; break;
                case (byte)'e' or (byte)'E': value = 27; break;
                case (byte)'f': value = 12; break;
                case (byte)'n': value = 10; break;
                case (byte)'r': value = 13; break;
                case (byte)'t': value = 9; break;
                case (byte)'v': value = 11; break;
                case (byte)'\\' or (byte)'\'' or (byte)'"' or (byte)'?': value = c; break;
                case >= (byte)'0' and <= (byte)'7':
                    i--;
                    value = Number(text, ref i, 8, 3) & 0xff;
                    break;
                case (byte)'x':
                    int before = i;
                    value = Number(text, ref i, 16, 2);
                    if (i == before)
                    {
                        result[count++] = (byte)'\\';
                        value = 'x';
                    }

                    break;
                case (byte)'u' or (byte)'U':
                    int start = i;
                    value = Number(text, ref i, 16, c == (byte)'u' ? 4 : 8);
                    if (i == start)
                    {
                        result[count++] = (byte)'\\';
                        value = c;
                        break;
                    }

                    if (value >= 0x80)
                    {
                        var rune = System.Text.Rune.IsValid(value) ? new System.Text.Rune(value) : System.Text.Rune.ReplacementChar;
                        count += rune.EncodeToUtf8(result.AsSpan(count));
                        continue;
                    }

                    break;
                case (byte)'c' when i + 1 < text.Length:
                    i++;
                    if (text[i] == (byte)'\\' && i + 1 < text.Length && text[i + 1] == (byte)'\\')
                    {
                        i++;
                    }

                    value = text[i] == (byte)'?' ? 0x7f : text[i] & 0x1f;
                    break;
                default:
                    result[count++] = (byte)'\\';
                    value = c;
                    break;
            }

            if (value == 0)
            {
                break;
            }

            result[count++] = (byte)value;
        }

        Array.Resize(ref result, count);
        return result;
    }

    /// <summary>Up to <paramref name="most"/> digits behind <paramref name="i"/>, which ends on the last of them.</summary>
    private static int Number(ReadOnlySpan<byte> text, ref int i, int radix, int most)
    {
        int value = 0;
        for (int n = 0; n < most && i + 1 < text.Length; n++)
        {
            byte c = text[i + 1];
            int digit = c is >= (byte)'0' and <= (byte)'9' ? c - '0' : c is >= (byte)'a' and <= (byte)'f' ? c - 'a' + 10
                : c is >= (byte)'A' and <= (byte)'F' ? c - 'A' + 10 : 99;
            if (digit >= radix)
            {
                break;
            }

            value = value * radix + digit;
            i++;
        }

        return value;
    }
}
