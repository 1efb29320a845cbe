using System;

namespace Gate.Text;

/// <summary>Lower-case hexadecimal, both ways, on bytes.</summary>
public static class Hex
{
    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> text)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = Digit(bytes[i] >> 4);
            text[(2 * i) + 1] = Digit(bytes[i] & 15);
        }
    }

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> text = bytes.Length <= 64 ? stackalloc byte[bytes.Length * 2] : new byte[bytes.Length * 2];
        Encode(bytes, text);
        return System.Text.Encoding.ASCII.GetString(text);
    }

    /// <summary>False when the text is not exactly twice as long or holds anything else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        if (text.Length != bytes.Length * 2)
            return false;
        for (int i = 0; i < bytes.Length; i++)
        {
            int high = Value(text[2 * i]), low = Value(text[(2 * i) + 1]);
            if (high < 0 || low < 0)
                return false;
            bytes[i] = (byte)((high << 4) | low);
        }

        return true;
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    private static int Value(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };
}
