using System.Collections.Generic;
using Gate.Native;

namespace Gate.Store;

/// <summary>Checkpoints in the database; the anchor gets a copy of each at the commit.</summary>
public sealed partial class GateStore
{
    /// <summary>Makes a checkpoint of the newest row where it has none; inside a transaction.</summary>
    public void AddCheckpoint(MarkKind kind)
    {
        using Statement last = _database.Prepare("SELECT sequence,hash FROM ledger ORDER BY sequence DESC LIMIT 1\0"u8);
        if (last.Step())
            AddCheckpoint(kind, last.Number(0), last.Bytes(1));
    }

    internal void AddCheckpoint(MarkKind kind, long sequence, byte[] hash)
    {
        long rows = sequence;
        using (Statement first = _database.Prepare("SELECT min(sequence) FROM ledger\0"u8))
            rows = first.Step() ? sequence - first.Number(0) + 1 : rows;
        LedgerMark mark = LedgerMark.Of(kind, sequence, rows, Libc.WallMilliseconds(), hash, LedgerAnchor.Key(Folder));

        // What stands for archived rows replaces what was there.
        using Statement insert = _database.Prepare(kind == MarkKind.Archive ? "INSERT OR REPLACE INTO checkpoints VALUES(?,?,?,?,?,?)\0"u8 : "INSERT OR IGNORE INTO checkpoints VALUES(?,?,?,?,?,?)\0"u8);
        insert.Bind(1, mark.Sequence).Bind(2, (long)mark.Kind).Bind(3, mark.Rows).Bind(4, mark.Time).BindBlob(5, mark.Hash).BindBlob(6, mark.Seal);
        insert.Run();
        if (_database.Changes > 0)
            _checkpoints = [.. _checkpoints ?? [], .. mark.Encode()];
    }

    /// <summary>All checkpoints, oldest first.</summary>
    public List<LedgerMark> ReadCheckpoints()
    {
        List<LedgerMark> marks = [];
        using Statement statement = _database.Prepare("SELECT kind,sequence,rows,time,hash,seal FROM checkpoints ORDER BY sequence\0"u8);
        while (statement.Step())
            marks.Add(new() { Kind = (MarkKind)statement.Number(0), Sequence = statement.Number(1), Rows = statement.Number(2), Time = statement.Number(3), Hash = statement.Bytes(4), Seal = statement.Bytes(5) });
        return marks;
    }
}
