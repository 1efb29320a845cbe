using System;
using System.Collections.Generic;

namespace Gate.Compiler;

/// <summary>
/// A regular expression laid out as steps over bytes: a byte of a range, a fork, an anchor, or the match. Over plain bytes, every byte from 0x80 on
/// counts as one character, which is in a set that holds any character beyond ASCII: for texts that need not be UTF-8.
/// </summary>
internal sealed class RegexSteps(int maximum, bool plainBytes = false)
{
    public enum Kind : byte
    {
        Bytes, Fork, Start, End, Match,
    }

    /// <summary>Bytes: <c>From</c> to <c>To</c>, then Next. Fork: Next or Other. Anchors: Next.</summary>
    public readonly record struct Step(Kind Kind, byte From, byte To, int Next, int Other);

    private readonly List<Step> _steps = [];

    public Step this[int index] => _steps[index];

    public int Count => _steps.Count;

    /// <summary>Lays a whole expression out and returns where it begins; -1 when it is too large.</summary>
    public int Lay(RegexNode node)
    {
        int match = Add(new Step(Kind.Match, 0, 0, -1, -1));
        int start = Lay(node, match);
        return _steps.Count > maximum ? -1 : start;
    }

    // Past the limit nothing is added any more: what comes out is thrown away.
    private int Add(Step step)
    {
        if (_steps.Count <= maximum)
            _steps.Add(step);
        return _steps.Count - 1;
    }

    private int Lay(RegexNode node, int next)
    {
        if (_steps.Count > maximum)
            return next;
        switch (node)
        {
            case RegexSequence sequence:
                for (int i = sequence.Items.Count - 1; i >= 0; i--)
                    next = Lay(sequence.Items[i], next);
                return next;
            case RegexChoice choice:
                int entry = Lay(choice.Items[^1], next);
                for (int i = choice.Items.Count - 2; i >= 0; i--)
                    entry = Add(new Step(Kind.Fork, 0, 0, Lay(choice.Items[i], next), entry));
                return entry;
            case RegexAnchor anchor:
                return Add(new Step(anchor.End ? Kind.End : Kind.Start, 0, 0, next, -1));
            case RegexRepeat repeat:
                return LayRepeat(repeat, next);
            default:
                return LaySet(((RegexSet)node).Ranges, next);
        }
    }

    private int LayRepeat(RegexRepeat repeat, int next)
    {
        int entry = next;
        if (repeat.Most < 0)
        {
            // A loop: the fork is known only after the body that leads back to it.
            int fork = Add(new Step(Kind.Fork, 0, 0, next, next));
            int body = Lay(repeat.Item, fork);
            if (_steps.Count <= maximum)
                _steps[fork] = new Step(Kind.Fork, 0, 0, body, next);
            entry = fork;
        }

        for (int i = repeat.Least; i < repeat.Most && _steps.Count <= maximum; i++)
            entry = Add(new Step(Kind.Fork, 0, 0, Lay(repeat.Item, entry), next));
        for (int i = 0; i < repeat.Least && _steps.Count <= maximum; i++)
            entry = Lay(repeat.Item, entry);
        return entry;
    }

    // No range at all (a class that excludes everything) never matches: a range of bytes that is empty.
    private int LaySet(List<(int From, int To)> ranges, int next)
    {
        int entry = -1;
        if (plainBytes)
        {
            foreach ((int from, int to) in ranges)
            {
                int path = Add(new Step(Kind.Bytes, (byte)Math.Min(from, 0x80), (byte)(to > 0x7F ? 0xFF : to), next, -1));
                entry = entry < 0 ? path : Add(new Step(Kind.Fork, 0, 0, path, entry));
            }

            return entry >= 0 ? entry : Add(new Step(Kind.Bytes, 1, 0, next, -1));
        }

        foreach ((int from, int to) in ranges)
        {
            foreach ((byte From, byte To)[] bytes in Utf8Ranges.Of(from, to))
            {
                int path = next;
                for (int i = bytes.Length - 1; i >= 0; i--)
                    path = Add(new Step(Kind.Bytes, bytes[i].From, bytes[i].To, path, -1));
                entry = entry < 0 ? path : Add(new Step(Kind.Fork, 0, 0, path, entry));
            }
        }

        return entry >= 0 ? entry : Add(new Step(Kind.Bytes, 1, 0, next, -1));
    }
}

/// <summary>Ranges of Unicode scalar values as sequences of ranges of UTF-8 bytes.</summary>
internal static class Utf8Ranges
{
    private static ReadOnlySpan<int> Ends => [0x7F, 0x7FF, 0xFFFF, 0x10FFFF];

    public static List<(byte From, byte To)[]> Of(int from, int to)
    {
        List<(byte, byte)[]> found = [];
        foreach (int end in Ends)
        {
            if (from > to)
                break;
            if (from <= end)
                Split(from, Math.Min(to, end), found);
            from = Math.Max(from, end + 1);
        }

        return found;
    }

    // Both ends have the same number of bytes. Cut until all bytes but the first that differs run over their whole range.
    private static void Split(int from, int to, List<(byte, byte)[]> found)
    {
        Span<byte> first = stackalloc byte[4], last = stackalloc byte[4];
        int length = Encode(from, first);
        _ = Encode(to, last);
        for (int i = 1; i < length; i++)
        {
            int mask = (1 << (6 * i)) - 1;
            if ((from & ~mask) == (to & ~mask))
                continue;
            if ((from & mask) != 0)
            {
                Split(from, from | mask, found);
                Split((from | mask) + 1, to, found);
                return;
            }

            if ((to & mask) != mask)
            {
                Split(from, (to & ~mask) - 1, found);
                Split(to & ~mask, to, found);
                return;
            }
        }

        (byte, byte)[] bytes = new (byte, byte)[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (first[i], last[i]);
        found.Add(bytes);
    }

    private static int Encode(int scalar, Span<byte> bytes)
    {
        int length = scalar <= 0x7F ? 1 : scalar <= 0x7FF ? 2 : scalar <= 0xFFFF ? 3 : 4;
        for (int i = length - 1; i > 0; i--)
        {
            bytes[i] = (byte)(0x80 | (scalar & 0x3F));
            scalar >>= 6;
        }

        bytes[0] = (byte)(length == 1 ? scalar : (0xF00 >> length & 0xFF) | scalar);
        return length;
    }
}
