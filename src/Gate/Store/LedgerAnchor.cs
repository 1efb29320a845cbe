using System;
using System.Collections.Generic;
using Gate.Native;

namespace Gate.Store;

/// <summary>
/// What the ledger was, kept outside the database: <c>ledger.anchor</c> beside it. A database that is put back to an older valid state, or
/// cut at its end, no longer agrees with it.
/// <para>The file: a ring of <see cref="Slots"/> marks, where each row leaves its own (at sequence modulo slots), then a log of all checkpoints. A
/// row that finds a mark in its slot that it should have come before (the ledger was put back) moves that mark to the log, so it is never lost.</para>
/// Written after the commit and before the answer; a process that dies between the two leaves the anchor one row behind, never ahead.
/// </summary>
public static class LedgerAnchor
{
    public const int Slots = 256, RingBytes = Slots * LedgerMark.Size;

    /// <summary>Longer logs are not read: a checkpoint for each 256 rows and each session makes it some hundred thousand sessions.</summary>
    public const int MaximumBytes = 64 << 20;

    public static byte[] FileIn(ReadOnlySpan<byte> folder) => [.. folder, .. "/ledger.anchor"u8];

    public static byte[] KeyFileIn(ReadOnlySpan<byte> folder) => [.. folder, .. "/ledger.key"u8];

    /// <summary>The key of checkpoints, <see cref="LedgerMark.KeyBytes"/> bytes; empty where there is none.</summary>
    public static byte[] Key(ReadOnlySpan<byte> folder) => Files.Read(KeyFileIn(folder), LedgerMark.KeyBytes) is { Length: LedgerMark.KeyBytes } key ? key : [];

    /// <summary>
    /// Makes key and anchor where they are missing, mode 0600; called where the store is made or upgraded, with its lock held. With <paramref name="anew"/>
    /// an anchor that already holds marks belongs to a ledger that is gone: it is kept under another name. False when something cannot be written.
    /// </summary>
    internal static bool Prepare(ReadOnlySpan<byte> folder, bool anew)
    {
        byte[] file = FileIn(folder);
        if (anew && Files.Read(file, MaximumBytes) is { } old && old.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
            SetAside(file);
        if (!Files.TryStatus(file, out Libc.Status status) || status.Size < RingBytes)
        {
            if (!Write(file, new byte[RingBytes]))
                return false;
        }

        if (Key(folder).Length > 0)
            return true;
        Sodium.Initialise();
        return Write(KeyFileIn(folder), Sodium.Random(LedgerMark.KeyBytes));
    }

    /// <summary>Leaves the marks of what was just committed. Best effort: the decision itself is in the database.</summary>
    internal static unsafe void Note(ReadOnlySpan<byte> folder, LedgerRow row, byte[]? checkpoints)
    {
        int file = Files.Open(FileIn(folder), Libc.ReadWrite | Libc.CloseOnExec);
        if (file < 0)
            return;
        nint at = (nint)(row.Sequence % Slots) * LedgerMark.Size;
        byte* there = stackalloc byte[LedgerMark.Size];
        ReadOnlySpan<byte> before = new(there, LedgerMark.Size);
        if (Libc.ReadAt(file, there, LedgerMark.Size, at) == LedgerMark.Size && LedgerMark.SequenceIn(before) >= row.Sequence && !LedgerMark.HashIn(before).SequenceEqual(row.Hash))
            checkpoints = [.. checkpoints ?? [], .. before];
        byte* mine = stackalloc byte[LedgerMark.Size];
        LedgerMark.Write(new(mine, LedgerMark.Size), MarkKind.Row, row.Sequence, 0, row.Time, row.Hash, default);
        _ = Libc.WriteAt(file, mine, LedgerMark.Size, at);
        if (checkpoints is not null)
            AddToLog(file, checkpoints);
        _ = Libc.Close(file);
    }

    /// <summary>Leaves checkpoints alone: where no row was written.</summary>
    internal static void Note(ReadOnlySpan<byte> folder, byte[] checkpoints)
    {
        int file = Files.Open(FileIn(folder), Libc.ReadWrite | Libc.CloseOnExec);
        if (file < 0)
            return;
        AddToLog(file, checkpoints);
        _ = Libc.Close(file);
    }

    /// <summary>All marks, in no order; null when the file is missing or too large.</summary>
    public static List<LedgerMark>? Read(ReadOnlySpan<byte> folder)
    {
        byte[]? bytes = Files.Read(FileIn(folder), MaximumBytes);
        if (bytes is null)
            return null;
        List<LedgerMark> marks = [];
        for (int at = 0; at + LedgerMark.Size <= bytes.Length; at += LedgerMark.Size)
        {
            ReadOnlySpan<byte> record = bytes.AsSpan(at, LedgerMark.Size);
            if (record.IndexOfAnyExcept((byte)0) >= 0)
                marks.Add(LedgerMark.Decode(record));
        }

        return marks;
    }

    // At a multiple of a mark's size: what a full disk cut short is overwritten, not continued.
    private static unsafe void AddToLog(int file, byte[] marks)
    {
        Libc.Status status;
        if (Libc.FileStatus(file, &status) != 0)
            return;
        nint end = (nint)Math.Max(RingBytes, status.Size / LedgerMark.Size * LedgerMark.Size);
        fixed (byte* m = marks)
            _ = Libc.WriteAt(file, m, marks.Length, end);
    }

    private static unsafe void SetAside(byte[] file)
    {
        byte[] from = [.. file, 0], to = [.. file, (byte)'.', .. System.Text.Encoding.ASCII.GetBytes(Libc.WallMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture)), 0];
        fixed (byte* f = from, t = to)
            _ = Libc.Rename(f, t);
    }

    private static bool Write(byte[] path, byte[] bytes)
    {
        int file = Files.Open(path, Libc.WriteOnly | Libc.Create | Libc.CloseOnExec);
        if (file < 0)
            return false;
        bool written = Files.WriteAll(file, bytes);
        return Libc.Close(file) == 0 && written;
    }
}
