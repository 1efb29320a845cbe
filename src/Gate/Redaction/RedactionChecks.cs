using System;

namespace Gate.Redaction;

/// <summary>Whether a text that has a secret's form is one: check digits, structure, entropy. Bytes in, yes or no; never an exception.</summary>
public static class RedactionChecks
{
    /// <summary>The <paramref name="value"/> is the check's own: tenths of a bit for <see cref="SecretCheck.Entropy"/>, the prefix' length for <see cref="SecretCheck.Crc62"/>.</summary>
    public static bool Holds(SecretCheck check, int value, ReadOnlySpan<byte> text) => check switch
    {
        SecretCheck.Entropy => Entropy(text) * 10 >= value,
        SecretCheck.Mixed => text.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0 && HasLetter(text),
        SecretCheck.Luhn => Luhn(text),
        SecretCheck.Iban => Iban(text),
        SecretCheck.Jwt => Jwt(text),
        SecretCheck.Crc62 => Crc62(text, value),
        SecretCheck.UsSocial => UsSocial(text),
        SecretCheck.Cpf => Cpf(text),
        SecretCheck.ChinaId => ChinaId(text),
        SecretCheck.Nir => Nir(text),
        SecretCheck.Opaque => Opaque(text),
        _ => true,
    };

    /// <summary>Shannon's entropy over the bytes, in bits for each.</summary>
    public static double Entropy(ReadOnlySpan<byte> text)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte b in text)
            counts[b]++;
        double sum = 0;
        foreach (int count in counts)
            sum += count == 0 ? 0 : count * Math.Log2(count);
        return text.Length == 0 ? 0 : Math.Log2(text.Length) - (sum / text.Length);
    }

    private static bool HasLetter(ReadOnlySpan<byte> text) => text.IndexOfAnyInRange((byte)'a', (byte)'z') >= 0 || text.IndexOfAnyInRange((byte)'A', (byte)'Z') >= 0;

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    // The digits alone, most of them first; -1 when there are more than fit.
    private static int Digits(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        int count = 0;
        foreach (byte b in text)
        {
            if (!IsDigit(b))
                continue;
            if (count == digits.Length)
                return -1;
            digits[count++] = (byte)(b - '0');
        }

        return count;
    }

    private static bool Luhn(ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[32];
        int count = Digits(text, digits), sum = 0;
        for (int i = 0; i < count; i++)
        {
            int digit = digits[count - 1 - i] << (i & 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        return count > 1 && sum % 10 == 0;
    }

    private static bool Iban(ReadOnlySpan<byte> text)
    {
        Span<byte> letters = stackalloc byte[40];
        int count = 0;
        foreach (byte b in text)
        {
            if (b == ' ')
                continue;
            if (count == letters.Length)
                return false;
            letters[count++] = b;
        }

        if (count is < 15 or > 34)
            return false;
        int rest = 0;
        for (int i = 0; i < count; i++)
        {
            byte b = letters[(i + 4) % count];
            rest = IsDigit(b) ? ((rest * 10) + b - '0') % 97 : ((rest * 100) + b - 'A' + 10) % 97;
        }

        return rest == 1;
    }

    private static bool Jwt(ReadOnlySpan<byte> text)
    {
        int dot = text.IndexOf((byte)'.'), bits = 0, held = 0, length = 0;
        if (dot is < 8 or > 1024)
            return false;
        Span<byte> header = stackalloc byte[768];
        foreach (byte b in text[..dot])
        {
            int value = b switch
            {
                >= (byte)'A' and <= (byte)'Z' => b - 'A', >= (byte)'a' and <= (byte)'z' => b - 'a' + 26, >= (byte)'0' and <= (byte)'9' => b - '0' + 52,
                (byte)'-' or (byte)'+' => 62, (byte)'_' or (byte)'/' => 63, _ => -1,
            };
            if (value < 0)
                return false;
            held = (held << 6) | value;
            bits += 6;
            if (bits < 8)
                continue;
            bits -= 8;
            header[length++] = (byte)(held >> bits);
            held &= (1 << bits) - 1;
        }

        ReadOnlySpan<byte> json = header[..length];
        if (length < 2 || json[0] != '{' || json[^1] != '}')
            return false;
        foreach (byte b in json)
        {
            if (b < ' ' && b is not ((byte)'\n' or (byte)'\r' or (byte)'\t'))
                return false;
        }

        return json.IndexOf("\"alg\""u8) > 0;
    }

    private static bool Crc62(ReadOnlySpan<byte> text, int prefix)
    {
        if (text.Length < prefix + 7)
            return false;
        uint crc = uint.MaxValue;
        foreach (byte b in text[prefix..^6])
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
        }

        crc = ~crc;
        for (int i = 1; i <= 6; i++)
        {
            uint digit = crc % 62;
            crc /= 62;
            if (text[^i] != (digit < 10 ? '0' + digit : digit < 36 ? 'A' + digit - 10 : 'a' + digit - 36))
                return false;
        }

        return true;
    }

    private static bool UsSocial(ReadOnlySpan<byte> text)
    {
        Span<byte> d = stackalloc byte[9];
        if (Digits(text, d) != 9)
            return false;
        int area = (d[0] * 100) + (d[1] * 10) + d[2];

        // The last two are numbers that advertisements printed.
        return area is > 0 and < 900 and not 666 && d[3] + d[4] > 0 && d[5] + d[6] + d[7] + d[8] > 0 && !text.SequenceEqual("078-05-1120"u8) && !text.SequenceEqual("123-45-6789"u8);
    }

    private static bool Cpf(ReadOnlySpan<byte> text)
    {
        Span<byte> d = stackalloc byte[11];
        if (Digits(text, d) != 11 || d.IndexOfAnyExcept(d[0]) < 0)
            return false;
        for (int check = 9; check < 11; check++)
        {
            int sum = 0;
            for (int i = 0; i < check; i++)
                sum += d[i] * (check + 1 - i);
            if (sum * 10 % 11 % 10 != d[check])
                return false;
        }

        return true;
    }

    private static bool ChinaId(ReadOnlySpan<byte> text)
    {
        if (text.Length != 18)
            return false;
        int rest = 0;
        foreach (byte b in text[..17])
            rest = (rest + b - '0') * 2 % 11;
        int last = text[17] is (byte)'X' or (byte)'x' ? 10 : text[17] - '0';
        return (rest + last) % 11 == 1;
    }

    private static bool Nir(ReadOnlySpan<byte> text)
    {
        Span<byte> d = stackalloc byte[15];
        if (Digits(text, d) != 15)
            return false;
        int rest = 0;
        foreach (byte digit in d[..13])
            rest = ((rest * 10) + digit) % 97;
        return 97 - rest == (d[13] * 10) + d[14];
    }

    // What source code and configuration hold where a secret could stand, and what is none.
    private static bool Opaque(ReadOnlySpan<byte> text)
    {
        int digits = 0, hex = 0;
        foreach (byte b in text)
        {
            digits += IsDigit(b) ? 1 : 0;
            hex += IsDigit(b) || (byte)(b | 0x20) is >= (byte)'a' and <= (byte)'f' ? 1 : 0;
        }

        bool digest = hex == text.Length && text.Length is 16 or 32 or 40 or 56 or 64 or 96 or 128;
        bool uuid = text.Length == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' && hex == 32;
        bool path = text.IndexOf((byte)'/') >= 0 && (text[0] is (byte)'/' or (byte)'.' or (byte)'~' || text.IndexOf("://"u8) >= 0);
        return digits < text.Length && !digest && !uuid && !path && !IsWords(text);
    }

    // Words in one case, joined: access_token_v2, oauth-2.token.
    private static bool IsWords(ReadOnlySpan<byte> text)
    {
        int joints = 0, digits = 0;
        bool upper = text.IndexOfAnyInRange((byte)'A', (byte)'Z') >= 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (b is (byte)'_' or (byte)'-' or (byte)'.' or (byte)':')
            {
                joints++;
                digits = 0;
            }
            else if (IsDigit(b))
            {
                digits++;
            }
            else if (digits > 0 || !(upper ? b is >= (byte)'A' and <= (byte)'Z' : b is >= (byte)'a' and <= (byte)'z'))
            {
                return false;
            }

            if (digits > 2)
                return false;
        }

        return joints > 0;
    }
}
