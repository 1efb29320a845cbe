using System.Collections.Generic;

namespace Gate.Compiler;

/// <summary>A regular expression, as parsed.</summary>
internal abstract record RegexNode;

/// <summary>One character out of these ranges of Unicode scalar values, both ends included; sorted, not touching.</summary>
internal sealed record RegexSet(List<(int From, int To)> Ranges) : RegexNode;

/// <summary>One after the other; none: the empty text.</summary>
internal sealed record RegexSequence(List<RegexNode> Items) : RegexNode;

internal sealed record RegexChoice(List<RegexNode> Items) : RegexNode;

/// <summary>At least and at most so many times; -1: no upper bound.</summary>
internal sealed record RegexRepeat(RegexNode Item, int Least, int Most) : RegexNode;

/// <summary>The start (<c>^</c>) or the end (<c>$</c>) of the whole text.</summary>
internal sealed record RegexAnchor(bool End) : RegexNode;

/// <summary>Sets of Unicode scalar values.</summary>
internal static class ScalarRanges
{
    public const int Last = 0x10FFFF;

    /// <summary>Sorted, joined where they touch, without surrogates, which no UTF-8 text can hold.</summary>
    public static List<(int From, int To)> Normal(List<(int From, int To)> ranges)
    {
        List<(int From, int To)> split = [];
        foreach ((int from, int to) in ranges)
        {
            if (from < 0xD800)
                split.Add((from, System.Math.Min(to, 0xD7FF)));
            if (to > 0xDFFF)
                split.Add((System.Math.Max(from, 0xE000), to));
        }

        split.Sort();
        List<(int From, int To)> joined = [];
        foreach ((int from, int to) in split)
        {
            if (joined.Count > 0 && from <= joined[^1].To + 1)
                joined[^1] = (joined[^1].From, System.Math.Max(to, joined[^1].To));
            else
                joined.Add((from, to));
        }

        return joined;
    }

    public static List<(int From, int To)> Complement(List<(int From, int To)> ranges)
    {
        List<(int From, int To)> rest = [];
        int next = 0;
        foreach ((int from, int to) in Normal(ranges))
        {
            if (from > next)
                rest.Add((next, from - 1));
            next = to + 1;
        }

        if (next <= Last)
            rest.Add((next, Last));
        return Normal(rest);
    }

    /// <summary>With the other case of every ASCII letter in it.</summary>
    public static List<(int From, int To)> BothCases(List<(int From, int To)> ranges)
    {
        List<(int From, int To)> both = [.. ranges];
        foreach ((int from, int to) in ranges)
        {
            for (int letter = System.Math.Max(from, 'A'); letter <= System.Math.Min(to, 'z'); letter++)
            {
                if (char.IsAsciiLetter((char)letter))
                    both.Add((letter ^ 0x20, letter ^ 0x20));
            }
        }

        return Normal(both);
    }
}
