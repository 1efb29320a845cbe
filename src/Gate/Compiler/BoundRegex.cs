using System;
using System.Collections.Generic;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>
/// Regular expressions over plain bytes to automata that are bound to their start and go on after they accept, for the longest match
/// (<see cref="Redaction.Redactor"/> runs them). The table is that of <see cref="Automaton"/>. No anchors: what stands around a match is said beside it.
/// </summary>
internal static class BoundRegex
{
    /// <summary>States of the finished automaton, and of the one before those that do the same are joined.</summary>
    public const int MaximumStates = 2000, MaximumSubsets = 8000;

    /// <summary>Beginnings of three folded bytes that one expression may have: more would stop at every other word of a text.</summary>
    public const int MaximumAnchors = 400;

    /// <summary>
    /// The automaton's table with the folded beginnings of all its matches, and the bytes (a bit for each) that may stand at the places
    /// <see cref="Redaction.RedactionTable.Probes"/>; or null with what is wrong.
    /// </summary>
    public static (byte[] Table, SortedSet<uint> Anchors, byte[][] Probes)? Compile(string pattern, bool anchored, out RegexFault? fault)
    {
        if (RegexParser.Parse(pattern, out fault) is not { } node)
            return null;
        RegexSteps steps = new(RegexCompiler.MaximumSteps, plainBytes: true);
        int start = steps.Lay(node);
        (List<int[]> rows, List<bool> ends, string? trouble) = start < 0 ? ([], [], "the regular expression is too large") : Subsets(steps, start);
        SortedSet<uint> anchors = [];
        if (trouble is null && ends[0])
            trouble = "the empty text matches";
        if (trouble is null && anchored)
            trouble = Begin(rows, ends, 0, 0, 0, anchors);
        if (trouble is null)
        {
            (int[][] merged, bool[] mergedEnds) = Minimised(rows, ends);
            if (merged.Length <= MaximumStates)
                return (RegexCompiler.Table(merged, mergedEnds), anchors, [Probe(merged, mergedEnds, Redaction.RedactionTable.Probes[0]), Probe(merged, mergedEnds, Redaction.RedactionTable.Probes[1])]);
            trouble = $"the regular expression is too large: more than {MaximumStates} states";
        }

        fault = new RegexFault(0, trouble);
        return null;
    }

    /// <summary>Bytes that count as the same in an anchor.</summary>
    public static byte Fold(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b is >= (byte)'0' and <= (byte)'9' ? (byte)'0' : b;

    // By one byte of each kind: bytes that lead to the same states everywhere are one column, and there are few.
    private static (int[][] Rows, bool[] Ends) Minimised(List<int[]> rows, List<bool> ends)
    {
        List<int> columns = [];
        int[] columnOf = new int[256];
        for (int b = 0; b < 256; b++)
        {
            int same = columns.FindIndex(column => rows.TrueForAll(row => row[column] == row[b]));
            columnOf[b] = same < 0 ? columns.Count : same;
            if (same < 0)
                columns.Add(b);
        }

        (int[][] merged, bool[] mergedEnds) = RegexCompiler.Minimised(rows.ConvertAll(row => columns.ConvertAll(column => row[column]).ToArray()), ends);
        return (Array.ConvertAll(merged, row => Array.ConvertAll(columnOf, column => row[column])), mergedEnds);
    }

    // Where a match may be over already, any byte may stand.
    private static byte[] Probe(int[][] rows, bool[] ends, int place)
    {
        SortedSet<int> states = [0];
        byte[] bits = new byte[32];
        for (int depth = 0; depth <= place; depth++)
        {
            SortedSet<int> next = [];
            foreach (int state in states)
            {
                if (ends[state])
                {
                    Array.Fill(bits, (byte)0xFF);
                    return bits;
                }

                for (int b = 0; b < 256; b++)
                {
                    if (rows[state][b] == Automaton.Dead)
                        continue;
                    next.Add(rows[state][b]);
                    if (depth == place)
                        bits[b >> 3] |= (byte)(1 << (b & 7));
                }
            }

            states = next;
        }

        return bits;
    }

    private static string? Begin(List<int[]> rows, List<bool> ends, int state, int depth, uint folded, SortedSet<uint> anchors)
    {
        if (depth == 3)
        {
            anchors.Add(folded);
            return anchors.Count > MaximumAnchors ? $"there are more than {MaximumAnchors} ways to begin; begin with something that is known" : null;
        }

        if (ends[state])
            return "what it begins with must have three bytes at least";
        string? trouble = null;
        for (int b = 0; b < 256 && trouble is null; b++)
        {
            if (rows[state][b] != Automaton.Dead)
                trouble = Begin(rows, ends, rows[state][b], depth + 1, (folded << 8) | Fold((byte)b), anchors);
        }

        return trouble;
    }

    private static (List<int[]> Rows, List<bool> Ends, string? Trouble) Subsets(RegexSteps steps, int start)
    {
        Dictionary<string, int> known = [];
        List<List<int>> sets = [];
        List<int[]> rows = [];
        List<bool> ends = [];
        bool anchors = false;
        _ = StateOf([start]);
        for (int state = 0; state < sets.Count; state++)
        {
            if (sets.Count > MaximumSubsets)
                return (rows, ends, "the regular expression is too large; use smaller repetitions or several formats");
            int[] row = new int[256];
            for (int b = 0; b < 256; b++)
            {
                List<int> next = [];
                foreach (int step in sets[state])
                {
                    RegexSteps.Step one = steps[step];
                    if (one.Kind == RegexSteps.Kind.Bytes && one.From <= b && b <= one.To)
                        next.Add(one.Next);
                }

                row[b] = b > 0 && SameAsBefore(sets[state], b) ? row[b - 1] : StateOf(next);
            }

            rows.Add(row);
        }

        return (rows, ends, anchors ? "'^' and '$' are not possible here: say with 'before', 'not-after' and 'after' what stands around" : null);

        bool SameAsBefore(List<int> set, int b)
        {
            foreach (int step in set)
            {
                RegexSteps.Step one = steps[step];
                if (one.Kind == RegexSteps.Kind.Bytes && (one.From == b || one.To + 1 == b))
                    return false;
            }

            return true;
        }

        int StateOf(List<int> from)
        {
            HashSet<int> seen = [];
            List<int> kept = [];
            Stack<int> open = new(from);
            bool match = false;
            while (open.Count > 0)
            {
                int step = open.Pop();
                if (!seen.Add(step))
                    continue;
                RegexSteps.Step one = steps[step];
                anchors |= one.Kind is RegexSteps.Kind.Start or RegexSteps.Kind.End;
                match |= one.Kind == RegexSteps.Kind.Match;
                if (one.Kind == RegexSteps.Kind.Fork)
                {
                    open.Push(one.Next);
                    open.Push(one.Other);
                }
                else if (one.Kind == RegexSteps.Kind.Bytes)
                {
                    kept.Add(step);
                }
            }

            if (kept.Count == 0 && !match)
                return Automaton.Dead;
            kept.Sort();
            string key = (match ? "m" : "-") + string.Join(',', kept);
            if (!known.TryGetValue(key, out int state))
            {
                known[key] = state = sets.Count;
                sets.Add(kept);
                ends.Add(match);
            }

            return state;
        }
    }
}
