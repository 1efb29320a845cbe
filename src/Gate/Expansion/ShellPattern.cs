using System;

namespace Gate.Expansion;

/// <summary>
/// The patterns of <c>case</c>, <c>[[ == ]]</c> and <c>${x#…}</c>: <c>*</c>, <c>?</c>, brackets and <c>@(a|b)</c>, where each is live only at bytes marked
/// <see cref="Field.Glob"/>. Work is bounded: past the limit, and for what is not told apart here, the answer is null (not known).
/// </summary>
internal sealed class ShellPattern(byte[] pattern, byte[] marks)
{
    /// <summary>Comparisons made before giving up.</summary>
    private const int MaximumSteps = 200_000;

    /// <summary>Stars and alternatives tried inside one another.</summary>
    private const int MaximumDepth = 100;

    private int _steps;
    private bool _gaveUp;

    /// <summary>What was compared so far, with all texts.</summary>
    public int Steps => _steps;

    /// <summary>No text longer than this can match.</summary>
    public int Longest => IsLive("*(+"u8) ? int.MaxValue : pattern.Length;

    /// <summary>Whether all of the text matches; null where that is not worked out.</summary>
    public bool? Matches(ReadOnlySpan<byte> text)
    {
        // One budget for all texts that it is held against: replacing tries every piece of a text.
        _steps += text.Length >> 4;
        _gaveUp = pattern.AsSpan().IndexOfAny(Value.Hole, Value.Number) >= 0 || text.IndexOfAny(Value.Hole, Value.Number) >= 0;

        // A "?" is a character, not a byte.
        if (text.IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0 && IsLive("?["u8))
            _gaveUp = true;
        bool matched = !_gaveUp && Match(0, pattern.Length, text, 0);
        return _gaveUp ? null : matched;
    }

    private bool IsLive(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if ((marks[i] & Field.Glob) != 0 && bytes.IndexOf(pattern[i]) >= 0)
                return true;
        }

        return false;
    }

    private bool Live(int at, char c) => pattern[at] == c && (marks[at] & Field.Glob) != 0;

    private bool Match(int p, int end, ReadOnlySpan<byte> text, int depth)
    {
        while (p < end)
        {
            if (_gaveUp || ++_steps > MaximumSteps || depth > MaximumDepth)
            {
                _gaveUp = true;
                return false;
            }

            if (p + 1 < end && Live(p + 1, '(') && (marks[p] & Field.Glob) != 0 && "@?*+!"u8.IndexOf(pattern[p]) >= 0)
                return Group(p, end, text, depth);
            if (Live(p, '*'))
            {
                while (p < end && Live(p, '*') && !(p + 1 < end && Live(p + 1, '(')))
                    p++;
                if (p == end)
                    return true;
                for (int skip = 0; skip <= text.Length; skip++)
                {
                    if (Match(p, end, text[skip..], depth + 1))
                        return true;
                    if (_gaveUp)
                        return false;
                }

                return false;
            }

            if (Live(p, '[') && Close(p, end) is int close && close > 0)
            {
                if (text.Length == 0 || !InBracket(p + 1, close, text[0]))
                    return false;
                p = close + 1;
                text = text[1..];
                continue;
            }

            if (text.Length == 0 || (pattern[p] != text[0] && !Live(p, '?')))
                return false;
            p++;
            text = text[1..];
        }

        return text.Length == 0;
    }

    // The bracket that ends the one at p; a ] right after [ or [! is an ordinary character.
    private int Close(int p, int end)
    {
        int i = p + 1;
        if (i < end && pattern[i] is (byte)'!' or (byte)'^')
            i++;
        for (int first = i; i < end; i++)
        {
            if (pattern[i] == '[' && i + 1 < end && pattern[i + 1] is (byte)':' or (byte)'.' or (byte)'=')
            {
                int inner = pattern.AsSpan(i + 2, end - i - 2).IndexOf([pattern[i + 1], (byte)']']);
                if (inner < 0)
                    return -1;
                i += inner + 3;
                continue;
            }

            if (pattern[i] == '\\')
            {
                _gaveUp = true;
                return -1;
            }

            if (pattern[i] == ']' && i > first)
                return i;
        }

        return -1;
    }

    private bool InBracket(int from, int to, byte c)
    {
        bool not = pattern[from] is (byte)'!' or (byte)'^', found = false;
        for (int i = not ? from + 1 : from; i < to; i++)
        {
            if (pattern[i] == '[' && i + 1 < to && pattern[i + 1] == ':')
            {
                int length = pattern.AsSpan(i + 2, to - i - 2).IndexOf(":]"u8);
                if (length < 0)
                    return found != not;
                found |= InClass(pattern.AsSpan(i + 2, length), c);
                i += length + 3;
                continue;
            }

            if (pattern[i] == '[' && i + 1 < to && pattern[i + 1] is (byte)'.' or (byte)'=')
                _gaveUp = true;
            if (i + 2 < to && pattern[i + 1] == '-')
            {
                // In most locales a-z holds more than these; only where the case is the same on both sides is it told apart.
                byte low = pattern[i], high = pattern[i + 2];
                found |= c >= low && c <= high;
                _gaveUp |= !(char.IsAsciiDigit((char)low) && char.IsAsciiDigit((char)high)) && !(char.IsAsciiLetterLower((char)low) && char.IsAsciiLetterLower((char)high) && !char.IsAsciiLetterUpper((char)c))
                    && !(char.IsAsciiLetterUpper((char)low) && char.IsAsciiLetterUpper((char)high) && !char.IsAsciiLetterLower((char)c));
                i += 2;
                continue;
            }

            found |= pattern[i] == c;
        }

        return found != not;
    }

    private bool InClass(ReadOnlySpan<byte> name, byte c)
    {
        char x = (char)c;
        if (name.SequenceEqual("alpha"u8))
            return char.IsAsciiLetter(x);
        if (name.SequenceEqual("digit"u8))
            return char.IsAsciiDigit(x);
        if (name.SequenceEqual("alnum"u8))
            return char.IsAsciiLetterOrDigit(x);
        if (name.SequenceEqual("upper"u8))
            return char.IsAsciiLetterUpper(x);
        if (name.SequenceEqual("lower"u8))
            return char.IsAsciiLetterLower(x);
        if (name.SequenceEqual("space"u8))
            return c == ' ' || c is >= 9 and <= 13;
        if (name.SequenceEqual("blank"u8))
            return c is (byte)' ' or (byte)'\t';
        if (name.SequenceEqual("xdigit"u8))
            return char.IsAsciiHexDigit(x);
        if (name.SequenceEqual("punct"u8))
            return c is > 32 and < 127 && !char.IsAsciiLetterOrDigit(x);
        _gaveUp = true;
        return false;
    }

    // @(a|b) and its kin: every split of the text into what the group takes and what follows it.
    private bool Group(int p, int end, ReadOnlySpan<byte> text, int depth)
    {
        byte op = pattern[p];
        int open = p + 1, close = GroupEnd(open, end);
        if (close < 0)
        {
            _gaveUp = true;
            return false;
        }

        if (op is (byte)'*' or (byte)'?' && Match(close + 1, end, text, depth + 1))
            return true;
        for (int taken = 0; taken <= text.Length && !_gaveUp; taken++)
        {
            bool one = Alternative(open + 1, close, text[..taken], depth);
            if (op == '!')
            {
                if (!one && Match(close + 1, end, text[taken..], depth + 1))
                    return true;
                continue;
            }

            if (one && (Match(close + 1, end, text[taken..], depth + 1) || (op is (byte)'*' or (byte)'+' && taken > 0 && Group(p, end, text[taken..], depth + 1))))
                return true;
        }

        return false;
    }

    private int GroupEnd(int open, int end)
    {
        int depth = 0;
        for (int i = open; i < end; i++)
        {
            if (Live(i, '('))
                depth++;
            else if (Live(i, ')') && --depth == 0)
                return i;
        }

        return -1;
    }

    private bool Alternative(int from, int to, ReadOnlySpan<byte> text, int depth)
    {
        int start = from, nested = 0;
        for (int i = from; i <= to; i++)
        {
            if (i < to && Live(i, '('))
                nested++;
            else if (i < to && Live(i, ')'))
                nested--;
            else if (i == to || (nested == 0 && Live(i, '|')))
            {
                if (Match(start, i, text, depth + 1))
                    return true;
                start = i + 1;
            }
        }

        return false;
    }
}
