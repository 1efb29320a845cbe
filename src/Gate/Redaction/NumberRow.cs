using System;

namespace Gate.Redaction;

/// <summary>Whether a number stands for itself, or is a part of a longer row of numbers, as tables and dumps have them.</summary>
public static class NumberRow
{
    /// <summary>No more bytes on either side are looked at: a separator, a number and what ends it.</summary>
    public const int Surroundings = MaximumSeparator + MaximumNumber + 1;

    private const int MaximumSeparator = 4, MaximumNumber = 20;

    /// <summary>
    /// Written in groups: no further group stands before or behind it, after what separates its own. Written in one piece: it does not stand between two numbers
    /// of its length, after the same separator, of which neither has the check digit that it has.
    /// </summary>
    public static bool IsLone(ReadOnlySpan<byte> before, ReadOnlySpan<byte> number, ReadOnlySpan<byte> after)
    {
        int first = Digits(number), at = number.Length;
        while (at > 0 && IsDigit(number[at - 1]))
            at--;
        if (at == 0)
            return !IsColumn(before, number.Length, after);
        byte separator = number[at - 1];
        return !GroupBefore(before, separator, first) && !GroupAfter(after, separator, number.Length - at);
    }

    // As long a word of hexadecimal digits, one of them decimal at least.
    private static bool GroupAfter(ReadOnlySpan<byte> after, byte separator, int least)
    {
        int end = 1, decimals = 0;
        if (after.Length == 0 || after[0] != separator)
            return false;
        for (; end < after.Length && end <= MaximumNumber && IsHex(after[end]); end++)
            decimals += IsDigit(after[end]) ? 1 : 0;
        return decimals > 0 && end > least && (end == after.Length || !IsWord(after[end]));
    }

    private static bool GroupBefore(ReadOnlySpan<byte> before, byte separator, int least)
    {
        int begin = before.Length - 1, decimals = 0;
        if (begin < 0 || before[begin] != separator)
            return false;
        for (; begin > 0 && before.Length - begin <= MaximumNumber && IsHex(before[begin - 1]); begin--)
            decimals += IsDigit(before[begin - 1]) ? 1 : 0;
        return decimals > 0 && before.Length - 1 - begin >= least && (begin == 0 || !IsWord(before[begin - 1]));
    }

    private static bool IsColumn(ReadOnlySpan<byte> before, int length, ReadOnlySpan<byte> after)
    {
        int gap = 0;
        while (gap < after.Length && gap <= MaximumSeparator && !IsWord(after[gap]))
            gap++;
        if (gap is 0 or > MaximumSeparator || length > MaximumNumber || after.Length < gap + length || before.Length < gap + length)
            return false;
        ReadOnlySpan<byte> next = after.Slice(gap, length), previous = before.Slice(before.Length - gap - length, length);
        return before[^gap..].SequenceEqual(after[..gap]) && Digits(next) == length && Digits(previous) == length
            && (after.Length == gap + length || !IsWord(after[gap + length])) && (before.Length == gap + length || !IsWord(before[^(gap + length + 1)]))
            && !RedactionChecks.Holds(SecretCheck.Luhn, 0, next) && !RedactionChecks.Holds(SecretCheck.Luhn, 0, previous);
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    private static bool IsHex(byte b) => IsDigit(b) || (byte)(b | 0x20) is >= (byte)'a' and <= (byte)'f';

    private static bool IsWord(byte b) => IsDigit(b) || (byte)(b | 0x20) is >= (byte)'a' and <= (byte)'z' || b == '_';
}
