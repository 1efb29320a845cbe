using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>
/// Regular expressions to the tables that <see cref="Automaton"/> runs: parsed, laid out as a non-deterministic automaton over bytes (UTF-8), made
/// deterministic by subsets, minimised. What grows too large is an error at build, never a slow match.
/// </summary>
public static class RegexCompiler
{
    /// <summary>States of the finished automaton; one with more is refused.</summary>
    public const int MaximumStates = 1000;

    /// <summary>States before those that do the same are joined.</summary>
    public const int MaximumSubsets = 10_000;

    /// <summary>Steps of the automaton before it is made deterministic.</summary>
    public const int MaximumSteps = 20_000;

    /// <summary>The table, or null with what is wrong.</summary>
    public static byte[]? Compile(string pattern, out RegexFault? fault)
    {
        if (RegexParser.Parse(pattern, out fault) is not { } node)
            return null;
        RegexSteps steps = new(MaximumSteps);
        int start = steps.Lay(node);
        Subsets? subsets = start < 0 ? null : Subsets.Of(steps, start, MaximumSubsets);
        if (subsets is { AcceptsAtOnce: true })
            return new byte[Automaton.BitsAt];
        (int[][] rows, bool[] ends) = subsets is null ? ([], []) : Minimised(subsets.Rows, subsets.Ends);
        if (rows.Length is > 0 and <= MaximumStates)
            return Table(rows, ends);
        fault = new RegexFault(0, $"the regular expression is too large: more than {MaximumStates} states; use smaller repetitions or several rules");
        return null;
    }

    internal static byte[] Table(int[][] rows, bool[] ends)
    {
        byte[] map = new byte[256];
        List<int> columns = [];
        for (int b = 0; b < 256; b++)
        {
            int same = columns.FindIndex(column => Array.TrueForAll(rows, row => row[column] == row[b]));
            if (same < 0)
            {
                same = columns.Count;
                columns.Add(b);
            }

            map[b] = (byte)same;
        }

        int bits = (rows.Length + 7) / 8;
        byte[] table = new byte[Automaton.BitsAt + bits + (rows.Length * columns.Count * 2)];
        BinaryPrimitives.WriteUInt16LittleEndian(table, (ushort)rows.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(2), (ushort)columns.Count);
        map.CopyTo(table, Automaton.MapAt);
        int at = Automaton.BitsAt + bits;
        for (int state = 0; state < rows.Length; state++)
        {
            if (ends[state])
                table[Automaton.BitsAt + (state >> 3)] |= (byte)(1 << (state & 7));
            foreach (int column in columns)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(at), (ushort)rows[state][column]);
                at += 2;
            }
        }

        return table;
    }

    // Moore's refinement: states stay together while they lead to the same groups. The start's group comes first.
    internal static (int[][] Rows, bool[] Ends) Minimised(List<int[]> rows, List<bool> ends)
    {
        int[] group = new int[rows.Count];
        int count = 0;
        for (bool changed = true; changed;)
        {
            Dictionary<string, int> groups = [];
            int[] next = new int[rows.Count];
            for (int state = 0; state < rows.Count; state++)
            {
                StringBuilder key = new();
                key.Append(ends[state] ? 'e' : '-').Append((char)group[state]);
                foreach (int target in rows[state])
                    key.Append((char)(target >= Automaton.Dead ? target : group[target]));
                if (!groups.TryGetValue(key.ToString(), out next[state]))
                    groups[key.ToString()] = next[state] = groups.Count;
            }

            changed = groups.Count != count;
            count = groups.Count;
            group = next;
        }

        int[][] merged = new int[count][];
        bool[] mergedEnds = new bool[count];
        for (int state = 0; state < rows.Count; state++)
        {
            merged[group[state]] ??= Array.ConvertAll(rows[state], target => target >= Automaton.Dead ? target : group[target]);
            mergedEnds[group[state]] = ends[state];
        }

        return (merged, mergedEnds);
    }
}
