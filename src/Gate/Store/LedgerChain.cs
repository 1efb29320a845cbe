using System;
using Gate.Native;

namespace Gate.Store;

/// <summary>Checks the ledger's chain: numbers without gaps, each row's hash, each link to the row before.</summary>
public static class LedgerChain
{
    /// <summary>Null when the chain is whole, else what is wrong with the first bad row.</summary>
    public static string? Verify(GateStore store, Action<long>? progress, out long count)
    {
        string? problem = null;
        long rows = 0;
        byte[] previous = new byte[Sodium.DigestBytes], hash = new byte[Sodium.DigestBytes];
        store.Read(long.MinValue, row =>
        {
            if (row.Sequence != rows + 1)
                problem = row.Sequence > rows + 1 ? $"Row {rows + 1} is missing: after {rows} comes {row.Sequence}." : $"Row {row.Sequence} was put in before the first row.";
            else if (!row.Previous.AsSpan().SequenceEqual(previous))
                problem = $"Row {row.Sequence} does not follow the row before it: one of the two was replaced.";
            if (problem is not null)
                return false;
            row.ComputeHash(hash);
            if (!row.Hash.AsSpan().SequenceEqual(hash))
            {
                problem = $"Row {row.Sequence} was changed after it was written.";
                return false;
            }

            previous = row.Hash;
            rows++;
            if (rows % 50_000 == 0)
                progress?.Invoke(rows);
            return true;
        });
        count = rows;
        return problem;
    }
}
