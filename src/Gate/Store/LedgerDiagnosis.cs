using System;
using Gate.Native;

namespace Gate.Store;

/// <summary>
/// Says what was done at the first place where a chain breaks. A row's number is part of its hash, so a row that was moved still shows which number it was
/// written under; and every row names the one it followed.
/// </summary>
internal static class LedgerDiagnosis
{
    /// <summary>How far from its place a moved row is looked for, in rows either way.</summary>
    public const int Reach = 4096;

    /// <param name="store">For the rows around the bad one.</param>
    /// <param name="row">The first row that does not follow, or whose hash is not its own.</param>
    /// <param name="last">The number of the good row before it; 0 before the first.</param>
    /// <param name="previous">That row's hash.</param>
    /// <param name="beforePrevious">The hash of the row before that one; empty where there is none.</param>
    /// <param name="agreed">Whether a mark says that the row before is the one that was written.</param>
    public static LedgerDamage Of(GateStore store, LedgerRow row, long last, byte[] previous, byte[] beforePrevious, bool agreed)
    {
        long expected = last + 1;
        if (row.Sequence <= last)
            return new(DamageKind.Inserted, row.Sequence, $"Row {row.Sequence} was put in before the first row.");
        long written = WrittenAs(row, expected), follower = Follower(store, previous, row.Sequence);
        bool links = row.Previous.AsSpan().SequenceEqual(previous);
        if (written > 0 && written < expected && Stands(store, written, row.Hash))
            return new(DamageKind.Inserted, row.Sequence, $"Row {row.Sequence} was inserted: it is a copy of row {written}.");
        if (row.Sequence > expected)
        {
            if (links && written == expected)
                return new(DamageKind.Reordered, expected, $"Row {expected} was moved: it stands as row {row.Sequence}.");
            return follower > 0
                ? new(DamageKind.Reordered, expected, $"Row {expected} was moved: it stands as row {follower}.")
                : new(DamageKind.Removed, expected, expected == row.Sequence - 1 ? $"Row {expected} was removed: after {last} comes {row.Sequence}." : $"Rows {expected} to {row.Sequence - 1} were removed: after {last} comes {row.Sequence}.");
        }

        if (written == expected && !links)
            return Unlinked(store, row, last, agreed);
        if (written > 0 && written == last && row.Previous.AsSpan().SequenceEqual(beforePrevious))
            return new(DamageKind.Inserted, last, $"Row {last} was inserted: the row after it was written as row {written}.");
        if (written > 0 && written != expected)
        {
            return follower > 0 || written < expected
                ? new(DamageKind.Reordered, expected, $"Row {expected} was moved here: it was written as row {written}.")
                : new(DamageKind.Removed, expected, $"Rows {expected} to {written - 1} were removed, and the rows after them numbered anew.");
        }

        // The row's own content and hash disagree wherever it is put.
        return follower > 0
            ? new(DamageKind.Inserted, expected, $"Row {expected} was inserted: the row that was written there stands as row {follower}.")
            : new(DamageKind.Changed, expected, $"Row {expected} was changed after it was written.");
    }

    // Whole in itself and at its own number, but it follows another row than the one before it: one of the two was put there.
    private static LedgerDamage Unlinked(GateStore store, LedgerRow row, long last, bool agreed)
    {
        bool believed = false, any = false;
        store.Read(row.Sequence + 1, next =>
        {
            any = true;
            believed = next.Previous.AsSpan().SequenceEqual(row.Hash);
            return false;
        });
        if (last > 0 && !agreed && (believed || !any))
            return new(DamageKind.Changed, last, $"Row {last} was changed after it was written, and its hash with it: row {row.Sequence} followed another one.");
        return any
            ? new(DamageKind.Changed, row.Sequence, $"Row {row.Sequence} was replaced: it follows another row than {last}, and the row after it does not follow it.")
            : new(DamageKind.Inserted, row.Sequence, $"Row {row.Sequence} was inserted: it follows no row of this ledger.");
    }

    // The number under which a row's hash is right; 0 where there is none within reach.
    private static long WrittenAs(LedgerRow row, long expected)
    {
        long own = row.Sequence, found = 0;
        Span<byte> hash = stackalloc byte[Sodium.DigestBytes];
        for (int distance = 0; distance <= Reach && found == 0; distance++)
        {
            foreach (long number in (ReadOnlySpan<long>)[own - distance, own + distance, expected - distance, expected + distance])
            {
                row.Sequence = number;
                row.ComputeHash(hash);
                if (number > 0 && row.Hash.AsSpan().SequenceEqual(hash))
                {
                    found = number;
                    break;
                }
            }
        }

        row.Sequence = own;
        return found;
    }

    // Where the row stands that follows a hash, beyond a place; 0 where there is none.
    private static long Follower(GateStore store, byte[] previous, long beyond)
    {
        using Statement statement = store.Database.Prepare("SELECT sequence FROM ledger WHERE previous=? AND sequence>? LIMIT 1\0"u8);
        statement.BindBlob(1, previous).Bind(2, beyond);
        return statement.Step() ? statement.Number(0) : 0;
    }

    private static bool Stands(GateStore store, long sequence, byte[] hash)
    {
        using Statement statement = store.Database.Prepare("SELECT 1 FROM ledger WHERE sequence=? AND hash=?\0"u8);
        statement.Bind(1, sequence).BindBlob(2, hash);
        return statement.Step();
    }
}
