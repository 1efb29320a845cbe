using System;
using System.Buffers.Binary;
using System.Text;

namespace Gate.Text;

/// <summary>
/// Runs a deterministic automaton that a regular expression was compiled to (Compiler/RegexCompiler.cs): one table look-up for each byte, no
/// allocation, no start-up. Layout, little-endian: u16 states, u16 classes, 256 bytes (the class of each byte), a bitmap of the states that
/// accept at the end of the text, then states × classes of u16: the next state, <see cref="Accepted"/> or <see cref="Dead"/>. State 0 is the
/// start; no states at all: every text matches.
/// </summary>
public static class Automaton
{
    /// <summary>Where a table lies. A large one is read a row at a time, so that only the rows a text comes to are verified.</summary>
    public interface ITable
    {
        ReadOnlySpan<byte> At(int offset, int length);
    }

    public const ushort Accepted = 0xFFFF, Dead = 0xFFFE;

    public const int MapAt = 4, BitsAt = 260;

    /// <summary>Whether the expression matches somewhere in the text. Bytes that are no well-formed UTF-8 count as U+FFFD, as everywhere in the field.</summary>
    public static bool Matches<T>(T table, ReadOnlySpan<byte> text)
        where T : struct, ITable
    {
        int states = BinaryPrimitives.ReadUInt16LittleEndian(table.At(0, 2)), classes = BinaryPrimitives.ReadUInt16LittleEndian(table.At(2, 2));
        if (states == 0)
            return true;
        ReadOnlySpan<byte> map = table.At(MapAt, 256);
        int state = 0, rows = BitsAt + ((states + 7) / 8);
        while (text.Length > 0)
        {
            ReadOnlySpan<byte> character = text[..1];
            int consumed = 1;
            if (character[0] >= 0x80)
                character = Rune.DecodeFromUtf8(text, out _, out consumed) == System.Buffers.OperationStatus.Done ? text[..consumed] : "\uFFFD"u8;
            text = text[consumed..];
            foreach (byte b in character)
            {
                state = BinaryPrimitives.ReadUInt16LittleEndian(table.At(rows + (((state * classes) + map[b]) * 2), 2));
                if (state >= Dead)
                    return state == Accepted;
            }
        }

        return (table.At(BitsAt + (state >> 3), 1)[0] >> (state & 7) & 1) != 0;
    }

    /// <summary>How long a table is, by its first <see cref="MapAt"/> bytes.</summary>
    public static int LengthOf(ReadOnlySpan<byte> head)
    {
        int states = BinaryPrimitives.ReadUInt16LittleEndian(head), classes = BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
        return BitsAt + ((states + 7) / 8) + (states * classes * 2);
    }

    /// <summary>The same as <see cref="Matches"/>, faster for long texts: over a table that is there as a whole.</summary>
    public static bool MatchesIn(ReadOnlySpan<byte> table, ReadOnlySpan<byte> text)
    {
        int states = BinaryPrimitives.ReadUInt16LittleEndian(table), classes = BinaryPrimitives.ReadUInt16LittleEndian(table[2..]);
        if (states == 0)
            return true;
        ReadOnlySpan<byte> map = table.Slice(MapAt, 256), rows = table[(BitsAt + ((states + 7) / 8))..];
        int state = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte next = text[i];
            if (next >= 0x80)
            {
                ReadOnlySpan<byte> character = Rune.DecodeFromUtf8(text[i..], out _, out int consumed) == System.Buffers.OperationStatus.Done ? text.Slice(i, consumed) : "\uFFFD"u8;
                i += consumed - 1;
                foreach (byte b in character[..^1])
                {
                    state = BinaryPrimitives.ReadUInt16LittleEndian(rows[(((state * classes) + map[b]) * 2)..]);
                    if (state >= Dead)
                        return state == Accepted;
                }

                next = character[^1];
            }

            state = BinaryPrimitives.ReadUInt16LittleEndian(rows[(((state * classes) + map[next]) * 2)..]);
            if (state >= Dead)
                return state == Accepted;
        }

        return (table[BitsAt + (state >> 3)] >> (state & 7) & 1) != 0;
    }
}
