using System;
using System.Buffers.Binary;
using Gate.Native;

namespace Gate.Store;

/// <summary>Why a mark was made. Numbers are part of the format.</summary>
public enum MarkKind : long
{
    /// <summary>Each row, in the anchor alone; not keyed.</summary>
    Row = 0,

    /// <summary>A checkpoint: every <see cref="LedgerMark.Every"/> rows.</summary>
    Count = 1,

    /// <summary>A checkpoint at the end of a session.</summary>
    SessionEnd = 2,

    /// <summary>A checkpoint that stands for the rows up to it, which were archived: the chain begins after it.</summary>
    Archive = 3,
}

/// <summary>
/// What was once true of the ledger: "row S had this hash". Checkpoints are marks kept in the database and in the anchor; marks of
/// single rows are in the anchor alone (<see cref="LedgerAnchor"/>).
/// <para>Encoded in <see cref="Size"/> bytes: kind, sequence, rows, time (little-endian i64 each), the row's hash (32), the seal (16). The seal is
/// BLAKE2b-128 over <c>"gate ledger mark 1\0"</c> and the bytes before it, keyed with the ledger's key for checkpoints. A golden vector stands in the tests.</para>
/// </summary>
public sealed class LedgerMark
{
    public const int Size = 80, SealBytes = 16, KeyBytes = 32;

    /// <summary>Rows from one checkpoint to the next.</summary>
    public const int Every = 256;

    private const int Sealed = Size - SealBytes;

    public MarkKind Kind { get; init; }

    public long Sequence { get; init; }

    /// <summary>How many rows the ledger held, this one included; 0 for marks of single rows.</summary>
    public long Rows { get; init; }

    /// <summary>Wall clock, milliseconds since 1970: the row's for <see cref="MarkKind.Row"/>, else when the checkpoint was made.</summary>
    public long Time { get; init; }

    public required byte[] Hash { get; init; }

    public byte[] Seal { get; init; } = [];

    /// <summary>The mark with the seal that belongs to it.</summary>
    public static LedgerMark Of(MarkKind kind, long sequence, long rows, long time, byte[] hash, ReadOnlySpan<byte> key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes, kind, sequence, rows, time, hash, key);
        return Decode(bytes);
    }

    /// <summary>Writes the encoding, sealed, into <see cref="Size"/> bytes. The hook path's one way: nothing is allocated.</summary>
    internal static void Write(Span<byte> bytes, MarkKind kind, long sequence, long rows, long time, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> prefix = "gate ledger mark 1\0"u8;
        Span<byte> text = stackalloc byte[prefix.Length + Sealed];
        prefix.CopyTo(text);
        Span<byte> body = text[prefix.Length..];
        BinaryPrimitives.WriteInt64LittleEndian(body, (long)kind);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(body[16..], rows);
        BinaryPrimitives.WriteInt64LittleEndian(body[24..], time);
        hash.CopyTo(body[32..]);
        body.CopyTo(bytes);
        Sodium.Blake2(text, kind == MarkKind.Row ? default : key, bytes.Slice(Sealed, SealBytes));
    }

    /// <summary>Whether the seal belongs to the mark. Without its key no checkpoint is genuine.</summary>
    public bool IsGenuine(ReadOnlySpan<byte> key)
    {
        if (Hash.Length != Sodium.DigestBytes || (Kind != MarkKind.Row && key.Length != KeyBytes))
            return false;
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes, Kind, Sequence, Rows, Time, Hash, key);
        return Seal.AsSpan().SequenceEqual(bytes[Sealed..]);
    }

    /// <summary>The encoding with the seal that the mark has, genuine or not.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[Size];
        Write(bytes, Kind, Sequence, Rows, Time, Hash, default);
        Seal.CopyTo(bytes.AsSpan(Sealed));
        return bytes;
    }

    /// <param name="bytes"><see cref="Size"/> bytes.</param>
    public static LedgerMark Decode(ReadOnlySpan<byte> bytes) => new()
    {
        Kind = (MarkKind)BinaryPrimitives.ReadInt64LittleEndian(bytes), Sequence = SequenceIn(bytes), Rows = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
        Time = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]), Hash = HashIn(bytes).ToArray(), Seal = bytes[Sealed..Size].ToArray(),
    };

    internal static long SequenceIn(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);

    internal static ReadOnlySpan<byte> HashIn(ReadOnlySpan<byte> bytes) => bytes[32..Sealed];
}
