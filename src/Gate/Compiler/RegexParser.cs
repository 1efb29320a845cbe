using System;
using System.Collections.Generic;
using System.Globalization;

namespace Gate.Compiler;

/// <summary>What is wrong with a regular expression, and where: the offset in characters.</summary>
public sealed record RegexFault(int At, string Message);

/// <summary>
/// Reads the regular expressions that rules may use: characters, <c>.</c> (any but a line feed), classes with ranges and <c>^</c>, <c>\d \w \s</c> and
/// their opposites (ASCII), <c>\n \r \t \f \v \xHH \uHHHH</c>, an escaped punctuation character, groups, <c>|</c>, <c>* + ? {m} {m,} {m,n}</c>, <c>^</c> and <c>$</c>
/// (start and end of the whole text), and <c>(?i)</c> in front (ASCII letters). No back-references, no look-around, no word boundaries: what an
/// automaton cannot do in one pass is an error.
/// </summary>
internal sealed class RegexParser(string text)
{
    public const int MaximumLength = 1000, MaximumRepeat = 1000, MaximumDepth = 64;

    private static readonly List<(int, int)> s_digits = [('0', '9')], s_word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')], s_space = [(9, 13), (' ', ' ')];

    private int _at;
    private bool _anyCase;

    private sealed class Broken(int at, string message) : Exception(message)
    {
        public int At { get; } = at;
    }

    public static RegexNode? Parse(string text, out RegexFault? fault)
    {
        fault = null;
        try
        {
            if (text.Length > MaximumLength)
                throw new Broken(MaximumLength, $"a regular expression may have {MaximumLength} characters at most");
            return new RegexParser(text).Whole();
        }
        catch (Broken broken)
        {
            fault = new RegexFault(broken.At, broken.Message);
            return null;
        }
    }

    private RegexNode Whole()
    {
        if (text.StartsWith("(?i)", StringComparison.Ordinal))
        {
            _anyCase = true;
            _at = 4;
        }

        RegexNode node = Choice(0);
        return _at == text.Length ? node : throw new Broken(_at, "a ')' without its '('");
    }

    private RegexNode Choice(int depth)
    {
        if (depth > MaximumDepth)
            throw new Broken(_at, $"groups may be nested {MaximumDepth} deep at most");
        List<RegexNode> items = [Sequence(depth)];
        while (_at < text.Length && text[_at] == '|')
        {
            _at++;
            items.Add(Sequence(depth));
        }

        return items.Count == 1 ? items[0] : new RegexChoice(items);
    }

    private RegexSequence Sequence(int depth)
    {
        List<RegexNode> items = [];
        while (_at < text.Length && text[_at] is not ('|' or ')'))
            items.Add(Repeated(depth));
        return new RegexSequence(items);
    }

    private RegexNode Repeated(int depth)
    {
        int start = _at;
        RegexNode atom = Atom(depth);
        if (_at == text.Length || text[_at] is not ('*' or '+' or '?' or '{'))
            return atom;
        if (atom is RegexAnchor)
            throw new Broken(start, "an anchor cannot be repeated");
        (int least, int most) = text[_at] switch { '*' => (0, -1), '+' => (1, -1), '?' => (0, 1), _ => Bounds() };
        _at++;

        // Lazy or not makes no difference to whether there is a match.
        if (_at < text.Length && text[_at] == '?')
            _at++;
        if (_at < text.Length && text[_at] is '*' or '+' or '?' or '{')
            throw new Broken(_at, "a repetition of a repetition; put the inner one into a group");
        return new RegexRepeat(atom, least, most);
    }

    // {m}, {m,}, {m,n}; leaves the place on the closing brace.
    private (int Least, int Most) Bounds()
    {
        int end = text.IndexOf('}', _at);
        string[] parts = end < 0 ? [] : text[(_at + 1)..end].Split(',');
        int least = 0, most = 0;
        bool ok = parts.Length is 1 or 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out least);
        if (ok && parts.Length == 1)
            most = least;
        else if (ok && parts[1].Length == 0)
            most = -1;
        else if (ok)
            ok = int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out most) && most >= least;
        if (!ok || least > MaximumRepeat || most > MaximumRepeat)
            throw new Broken(_at, $"a '{{' begins a repetition: {{m}}, {{m,}} or {{m,n}} up to {MaximumRepeat}; write '\\{{' for the character");
        _at = end;
        return (least, most);
    }

    private RegexNode Atom(int depth)
    {
        char c = text[_at];
        switch (c)
        {
            case '(':
                return Group(depth);
            case '[':
                return Class();
            case '.':
                _at++;
                return new RegexSet(ScalarRanges.Complement([('\n', '\n')]));
            case '^' or '$':
                _at++;
                return new RegexAnchor(c == '$');
            case '*' or '+' or '?' or '{':
                throw new Broken(_at, $"'{c}' repeats nothing; write '\\{c}' for the character");
            case '\\':
                return Set(Escape(out _));
            default:
                int scalar = Scalar();
                return Set([(scalar, scalar)]);
        }
    }

    private RegexNode Group(int depth)
    {
        int open = _at++;
        if (_at + 1 < text.Length && text[_at] == '?')
        {
            if (text[_at + 1] != ':')
                throw new Broken(open, text[_at + 1] is '=' or '!' or '<' ? "look-around is not possible here" : "only '(?:' and, in front of everything, '(?i)' are known");
            _at += 2;
        }

        RegexNode inner = Choice(depth + 1);
        if (_at == text.Length)
            throw new Broken(open, "a '(' without its ')'");
        _at++;
        return inner;
    }

    private RegexSet Set(List<(int, int)> ranges) => new(_anyCase ? ScalarRanges.BothCases(ranges) : ScalarRanges.Normal(ranges));

    // A character beyond the basic plane is two in a string.
    private int Scalar()
    {
        int scalar = char.IsSurrogate(text[_at]) ? (_at + 1 < text.Length && char.IsSurrogatePair(text[_at], text[_at + 1]) ? char.ConvertToUtf32(text[_at], text[_at + 1]) : throw new Broken(_at, "half a character")) : text[_at];
        _at += scalar > 0xFFFF ? 2 : 1;
        return scalar;
    }

    private List<(int, int)> Escape(out bool single)
    {
        int start = _at++;
        if (_at == text.Length)
            throw new Broken(start, "a '\\' at the end escapes nothing");
        char c = text[_at++];
        single = false;
        switch (c)
        {
            case 'd': return s_digits;
            case 'w': return s_word;
            case 's': return s_space;
            case 'D': return ScalarRanges.Complement(s_digits);
            case 'W': return ScalarRanges.Complement(s_word);
            case 'S': return ScalarRanges.Complement(s_space);
        }

        single = true;
        int value = c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'f' => '\f', 'v' => '\v', 'x' => Number(start, 2), 'u' => Number(start, 4), _ => -1 };
        if (value < 0 && c is 'b' or 'B')
            throw new Broken(start, "word boundaries are not possible here; name the characters around it: [^\\w]");
        if (value < 0 && char.IsAsciiDigit(c))
            throw new Broken(start, "back-references are not possible here");
        if (value < 0 && (char.IsAsciiLetter(c) || c > 0x7E))
            throw new Broken(start, $"the escape '\\{c}' is not known");
        if (value is >= 0xD800 and <= 0xDFFF)
            throw new Broken(start, "half a character");
        value = value < 0 ? c : value;
        return [(value, value)];
    }

    private int Number(int start, int digits)
    {
        if (_at + digits > text.Length || !int.TryParse(text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
            throw new Broken(start, $"the escape needs {digits} hexadecimal digits");
        _at += digits;
        return value;
    }

    // [a-z_], [^…]; a ']' right after the start is a character.
    private RegexSet Class()
    {
        int open = _at++;
        bool negated = _at < text.Length && text[_at] == '^';
        if (negated)
            _at++;
        List<(int, int)> ranges = [];
        for (bool first = true; ; first = false)
        {
            if (_at == text.Length)
                throw new Broken(open, "a '[' without its ']'");
            if (text[_at] == ']' && !first)
                break;
            if (text[_at] == '-' && !first && _at + 1 < text.Length && text[_at + 1] == '[')
                throw new Broken(_at, "taking a class away from a class is not possible here");
            List<(int From, int To)> item = ClassItem(out bool single);
            bool range = single && _at + 1 < text.Length && text[_at] == '-' && text[_at + 1] is not (']' or '[');
            if (range)
            {
                int dash = _at++;
                List<(int From, int To)> end = ClassItem(out bool endSingle);
                if (!endSingle || end[0].From < item[0].From)
                    throw new Broken(dash, "a range needs a character on both sides, the smaller one first");
                item = [(item[0].From, end[0].From)];
            }

            ranges.AddRange(item);
        }

        _at++;
        if (_anyCase)
            ranges = ScalarRanges.BothCases(ScalarRanges.Normal(ranges));
        return new RegexSet(negated ? ScalarRanges.Complement(ranges) : ScalarRanges.Normal(ranges));
    }

    private List<(int From, int To)> ClassItem(out bool single)
    {
        single = true;
        if (text[_at] == '\\')
            return Escape(out single);
        int scalar = Scalar();
        return [(scalar, scalar)];
    }
}
