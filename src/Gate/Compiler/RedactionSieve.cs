using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Redaction;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>Joins the automata of formats that begin alike into one <see cref="Sieve"/>.</summary>
internal static class RedactionSieve
{
    /// <summary>Fewer formats at one beginning are tried one by one.</summary>
    public const int LeastFormats = 5;

    /// <summary>Bytes that are looked at: one more than a number of 32 bits has, so that such a one is over.</summary>
    public const int Depth = 11;

    private const int ShortestDepth = 5;

    /// <summary>The sieve of these formats (numbers in <paramref name="formats"/>, which begin without context or with it), or null where they are too many or too different.</summary>
    public static byte[]? Of(IReadOnlyList<FormatModel> all, IReadOnlyList<int> formats)
    {
        if (formats.Count is < LeastFormats or > Sieve.MaximumFormats)
            return null;
        List<byte[]> automata = [];
        foreach (int format in formats)
            automata.Add(all[format].Context ?? all[format].Secret);
        for (int depth = Depth; depth >= ShortestDepth; depth--)
        {
            if (Joined(automata, depth) is not { } joined)
                continue;
            (byte[] map, List<byte> masks, List<byte[]> rows, int classes) = joined;
            ByteBuilder sieve = new(4096);
            sieve.Add([(byte)masks.Count, (byte)classes, (byte)formats.Count, (byte)depth]);
            for (int i = 0; i < Sieve.MaximumFormats; i++)
                sieve.Add((byte)(i < formats.Count ? formats[i] : 0));
            byte[] before = new byte[32];
            Array.Fill(before, (byte)0xFF);
            foreach (int format in formats)
            {
                for (int i = 0; i < before.Length; i++)
                    before[i] &= all[format].NotBefore[i];
            }

            sieve.Add(before).Add(map).Add([.. masks]);
            foreach (byte[] row in rows)
                sieve.Add(row);
            return sieve.ToArray();
        }

        return null;
    }

    // A state is how far each automaton came, which of them accepted on the way, and the depth; those that are alive where the depth ends may match.
    private static (byte[] Map, List<byte> Masks, List<byte[]> Rows, int Classes)? Joined(List<byte[]> automata, int depth)
    {
        byte[] map = new byte[256];
        List<int> columns = [];
        for (int b = 0; b < 256; b++)
        {
            int same = columns.FindIndex(column => automata.TrueForAll(automaton => automaton[Automaton.MapAt + column] == automaton[Automaton.MapAt + b]));
            map[b] = (byte)(same < 0 ? columns.Count : same);
            if (same < 0)
                columns.Add(b);
        }

        Dictionary<string, int> known = [];
        List<(int Depth, int[] Ats, byte Mask)> states = [];
        List<byte> masks = [];
        List<byte[]> rows = [];
        _ = StateOf(0, new int[automata.Count], 0);
        for (int i = 0; i < states.Count; i++)
        {
            if (states.Count > Sieve.MaximumStates || columns.Count > Sieve.MaximumClasses)
                return null;
            (int at, int[] ats, byte mask) = states[i];
            byte[] row = new byte[columns.Count];
            Array.Fill(row, Sieve.Dead);
            for (int column = 0; column < row.Length && at < depth; column++)
            {
                int[] next = new int[ats.Length];
                byte accepted = 0, alive = 0;
                for (int a = 0; a < ats.Length; a++)
                {
                    next[a] = ats[a] == Automaton.Dead ? Automaton.Dead : Next(automata[a], ats[a], columns[column]);
                    if (next[a] == Automaton.Dead)
                        continue;
                    alive |= (byte)(1 << a);
                    accepted |= (byte)(Accepts(automata[a], next[a]) ? 1 << a : 0);
                }

                if (alive != 0)
                    row[column] = (byte)(at + 1 == depth ? StateOf(depth, new int[ats.Length], (byte)(mask | alive)) : StateOf(at + 1, next, (byte)(mask | accepted)));
            }

            rows.Add(row);
        }

        return (map, masks, rows, columns.Count);

        int StateOf(int at, int[] ats, byte mask)
        {
            StringBuilder key = new();
            key.Append(at).Append('.').Append(mask);
            foreach (int one in ats)
                key.Append('.').Append(one);
            if (!known.TryGetValue(key.ToString(), out int state))
            {
                known[key.ToString()] = state = states.Count;
                states.Add((at, ats, mask));
                masks.Add(mask);
            }

            return state;
        }
    }

    private static int Rows(byte[] automaton) => Automaton.BitsAt + ((BinaryPrimitives.ReadUInt16LittleEndian(automaton) + 7) / 8);

    private static int Next(byte[] automaton, int state, int b)
    {
        int classes = BinaryPrimitives.ReadUInt16LittleEndian(automaton.AsSpan(2));
        return BinaryPrimitives.ReadUInt16LittleEndian(automaton.AsSpan(Rows(automaton) + (((state * classes) + automaton[Automaton.MapAt + b]) * 2)));
    }

    private static bool Accepts(byte[] automaton, int state) => (automaton[Automaton.BitsAt + (state >> 3)] >> (state & 7) & 1) != 0;
}
