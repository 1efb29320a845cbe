using System;
using System.Buffers.Binary;
using Gate.Native;
using Gate.Text;

namespace Gate.Store;

/// <summary>
/// One row of the ledger. Texts are UTF-8.
/// <para>The hash is SHA-256 over <c>"gate ledger row 1\0"</c>, then the fields in the order of <see cref="Canonical"/>: numbers as
/// little-endian i64, texts and blobs as u32 length and bytes; last the previous row's hash (32 zero bytes before the first row).
/// A golden vector stands in the tests.</para>
/// </summary>
public sealed class LedgerRow
{
    public long Sequence { get; set; }

    /// <summary>Wall clock, milliseconds since 1970. It may go back; the sequence never does.</summary>
    public long Time { get; set; }

    public byte[] Agent { get; set; } = [];

    public byte[] Session { get; set; } = [];

    public byte[] Repository { get; set; } = [];

    public byte[] Worktree { get; set; } = [];

    /// <summary>What lessons and answers belong to: as <see cref="Requests.Surroundings.Project"/>. Not part of the row.</summary>
    public byte[] Project => Repository.Length > 0 ? Repository : Worktree;

    public byte[] Tool { get; set; } = [];

    public byte[] Event { get; set; } = [];

    /// <summary>The agent's id of the call, which joins its decision and its completion.</summary>
    public byte[] Call { get; set; } = [];

    /// <summary>The sequence of the decision that this row completes; 0 when it completes none.</summary>
    public long Completes { get; set; }

    /// <summary>BLAKE2b of the request.</summary>
    public byte[] Request { get; set; } = [];

    /// <summary>What was asked for, redacted and cut.</summary>
    public byte[] Preview { get; set; } = [];

    /// <summary>The effects, compact: <c>verb kind class target; …</c>, cut.</summary>
    public byte[] Effects { get; set; } = [];

    /// <summary>0 to 6; -1 where nothing was judged.</summary>
    public long Zone { get; set; } = -1;

    /// <summary>allow, ask, deny; observe for rows that only record.</summary>
    public byte[] Outcome { get; set; } = [];

    /// <summary>Ids of the rules that took part, one space between.</summary>
    public byte[] Rules { get; set; } = [];

    public byte[] Tags { get; set; } = [];

    /// <summary>Digest of the bundle that decided.</summary>
    public byte[] Bundle { get; set; } = [];

    /// <summary>Digest of the standing that decided.</summary>
    public byte[] Standing { get; set; } = [];

    /// <summary>A JSON object with what only some events have: duration, size, error, what is broken. Empty where there is nothing.</summary>
    public byte[] Detail { get; set; } = [];

    /// <summary>From the start of the process to the moment the row was made, in microseconds.</summary>
    public long Latency { get; set; }

    public byte[] Previous { get; set; } = [];

    public byte[] Hash { get; set; } = [];

    /// <summary>The hash this row must have, given its fields and <see cref="Previous"/>.</summary>
    public void ComputeHash(Span<byte> hash)
    {
        ByteBuilder text = new(1024);
        Canonical(text);
        Sodium.Sha256(text.Written, hash);
    }

    /// <summary>The documented encoding that is hashed.</summary>
    public void Canonical(ByteBuilder text)
    {
        text.Add("gate ledger row 1\0"u8);
        Number(text, Sequence);
        Number(text, Time);
        Bytes(text, Agent);
        Bytes(text, Session);
        Bytes(text, Repository);
        Bytes(text, Worktree);
        Bytes(text, Tool);
        Bytes(text, Event);
        Bytes(text, Call);
        Number(text, Completes);
        Bytes(text, Request);
        Bytes(text, Preview);
        Bytes(text, Effects);
        Number(text, Zone);
        Bytes(text, Outcome);
        Bytes(text, Rules);
        Bytes(text, Tags);
        Bytes(text, Bundle);
        Bytes(text, Standing);
        Bytes(text, Detail);
        Number(text, Latency);
        text.Add(Previous);
    }

    private static void Number(ByteBuilder text, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        text.Add(bytes);
    }

    private static void Bytes(ByteBuilder text, ReadOnlySpan<byte> value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        text.Add(length).Add(value);
    }
}
