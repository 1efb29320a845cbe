using System;

namespace Gate.Redaction;

/// <summary>
/// Which of several formats that begin alike may match at a place, told by one walk over its first bytes instead of one for each format: most numbers are none's.
/// It never passes over a match; a format that it names is tried as ever. In the bundle:
/// <code>
///    0  states, classes, formats, depth    u8 each; no more bytes than the depth are looked at
///    4  numbers of the formats             8
///   12  what may stand before none         32     one bit for each byte value
///   44  class of each byte                 256
///  300  masks                              states; one bit for each format that has matched, or may still where the depth ends
///       rows                               states × classes, the next state; 255: nothing matches any more
/// </code>
/// </summary>
public sealed class Sieve
{
    public const int HeadLength = 4, FormatsAt = 4, BeforeAt = 12, MapAt = 44, MasksAt = 300, MaximumFormats = 8, MaximumStates = 250, MaximumClasses = 250;

    public const byte Dead = 255;

    private readonly byte[] _head;

    // The rows, with a state's number times their length for the state, and its mask at the end of each: a step is one addition and one look.
    private readonly ushort[] _rows;

    /// <summary>Takes a sieve out of the bundle, for many walks.</summary>
    public Sieve(ReadOnlySpan<byte> stored)
    {
        int states = stored[0], classes = stored[1], at = MasksAt + states;
        _head = stored[..MasksAt].ToArray();
        _rows = new ushort[states * (classes + 1)];
        for (int state = 0, to = 0; state < states; state++)
        {
            for (int i = 0; i < classes; i++, at++)
                _rows[to++] = stored[at] == Dead ? ushort.MaxValue : (ushort)(stored[at] * (classes + 1));
            _rows[to++] = stored[MasksAt + state];
        }
    }

    /// <summary>The length of a sieve in the bundle, by its first bytes.</summary>
    public static int Length(ReadOnlySpan<byte> head) => MasksAt + head[0] + (head[0] * head[1]);

    /// <summary>The most bytes that a walk looks at.</summary>
    public int Depth => _head[3];

    public int Format(int index) => _head[FormatsAt + index];

    /// <summary>Whether none of the formats may stand behind this byte.</summary>
    public bool IsBarred(byte before) => RedactionTable.Has(_head.AsSpan(BeforeAt, 32), before);

    /// <summary>The formats that may match from a place on, one bit each in the sieve's order; -1: more text is needed to say so.</summary>
    public int Walk(ReadOnlySpan<byte> text, bool last)
    {
        ushort[] rows = _rows;
        ReadOnlySpan<byte> map = _head.AsSpan(MapAt, 256);
        int classes = _head[1], state = 0;
        bool whole = text.Length >= Depth;
        foreach (byte b in whole ? text[..Depth] : text)
        {
            int next = rows[state + map[b]];
            if (next == ushort.MaxValue)
                return rows[state + classes];
            state = next;
        }

        return whole || last ? rows[state + classes] : -1;
    }
}
