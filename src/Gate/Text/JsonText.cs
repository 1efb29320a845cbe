using System;

namespace Gate.Text;

/// <summary>JSON string bodies, both ways, on bytes: the serialiser's start-up and its exceptions stay off the hook path.</summary>
public static class JsonText
{
    /// <summary>
    /// The bytes that the body of a JSON string stands for (quotes not included). A lone surrogate becomes U+FFFD, which is
    /// what every agent's own runtime makes of it before it starts a program; raw invalid UTF-8 stays as it is.
    /// </summary>
    public static byte[] Unescape(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf((byte)'\\') < 0)
            return body.ToArray();
        byte[] result = new byte[body.Length];
        int length = 0;
        for (int i = 0; i < body.Length; i++)
        {
            byte c = body[i];
            if (c != '\\' || i + 1 >= body.Length)
            {
                result[length++] = c;
                continue;
            }

            c = body[++i];
            switch (c)
            {
                case (byte)'b': result[length++] = 8; break;
                case (byte)'t': result[length++] = 9; break;
                case (byte)'n': result[length++] = 10; break;
                case (byte)'f': result[length++] = 12; break;
                case (byte)'r': result[length++] = 13; break;
                case (byte)'u':
                    length += WriteCharacter(body, ref i, result.AsSpan(length));
                    break;
                default: result[length++] = c; break;
            }
        }

        return result.AsSpan(0, length).ToArray();
    }

    private static int WriteCharacter(ReadOnlySpan<byte> body, ref int i, Span<byte> target)
    {
        int unit = Unit(body, i + 1);
        if (unit < 0)
        {
            target[0] = (byte)'u';
            return 1;
        }

        i += 4;
        if (unit is >= 0xD800 and <= 0xDBFF && i + 2 < body.Length && body[i + 1] == '\\' && body[i + 2] == 'u' && Unit(body, i + 3) is >= 0xDC00 and <= 0xDFFF and int low)
        {
            i += 6;
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }

        if (unit is >= 0xD800 and <= 0xDFFF)
            unit = 0xFFFD;
        return new System.Text.Rune(unit).EncodeToUtf8(target);
    }

    private static int Unit(ReadOnlySpan<byte> body, int start)
    {
        if (start + 4 > body.Length)
            return -1;
        int unit = 0;
        for (int i = start; i < start + 4; i++)
        {
            int digit = body[i] switch
            {
                >= (byte)'0' and <= (byte)'9' => body[i] - '0',
                >= (byte)'a' and <= (byte)'f' => body[i] - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => body[i] - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
                return -1;
            unit = (unit << 4) | digit;
        }

        return unit;
    }
}
