using System.Text;

namespace Gate.Store;

/// <summary>Putting the oldest rows away, so that the chain of the rest still verifies.</summary>
public sealed partial class GateStore
{
    /// <summary>So many rows leave the ledger in one transaction: hooks wait for it.</summary>
    public const int ArchiveStep = 10_000;

    /// <summary>First and last sequence that an archive of everything before a moment would take; (0, 0) where there is nothing. The newest row always stays.</summary>
    public (long First, long Last) ArchivableBefore(long time)
    {
        using Statement statement = _database.Prepare("SELECT min(sequence),max(sequence),(SELECT min(sequence) FROM ledger WHERE time>=?) FROM ledger\0"u8);
        statement.Bind(1, time);
        if (!statement.Step() || statement.IsNull(0))
            return (0, 0);
        long first = statement.Number(0), newest = statement.Number(1), last = statement.IsNull(2) ? newest - 1 : System.Math.Min(newest, statement.Number(2)) - 1;
        return last < first ? (0, 0) : (first, last);
    }

    /// <summary>Writes rows and checkpoints up to <paramref name="last"/> into a new file with a store's schema. On the disk when this returns.</summary>
    public static void CopyTo(byte[] from, byte[] to, long last)
    {
        using Database archive = Database.Open(to, create: true);
        for (long version = 0; version < Schema.Version; version++)
            archive.Execute([.. Schema.StepFrom(version), 0]);
        using (Statement attach = archive.Prepare("ATTACH ? AS live\0"u8))
            attach.BindText(1, from).Run();
        archive.Execute("BEGIN\0"u8);
        foreach (string table in (System.ReadOnlySpan<string>)["ledger", "checkpoints"])
        {
            using Statement copy = archive.Prepare(Encoding.UTF8.GetBytes($"INSERT INTO {table} SELECT * FROM live.{table} WHERE sequence<=?\0"));
            copy.Bind(1, last).Run();
        }

        archive.Execute(Encoding.UTF8.GetBytes($"PRAGMA application_id={Schema.ApplicationId}\0"));
        archive.Execute(Encoding.UTF8.GetBytes($"PRAGMA user_version={Schema.Version}\0"));
        archive.Execute("COMMIT\0"u8);
    }

    /// <summary>Takes rows out up to <paramref name="last"/>, step by step; after each step a checkpoint stands for what is gone.</summary>
    /// <param name="first">The oldest row.</param>
    /// <param name="last">The newest row that goes; not the newest of all.</param>
    /// <param name="anew">The ledger was damaged: checkpoints and anchor of before are of no use to the rows that stay.</param>
    public void RemoveArchived(long first, long last, bool anew)
    {
        for (long end = System.Math.Min(last, first + ArchiveStep - 1); ; end = System.Math.Min(last, end + ArchiveStep))
        {
            Begin();
            try
            {
                byte[] hash;
                using (Statement statement = _database.Prepare("SELECT hash FROM ledger WHERE sequence=?\0"u8))
                    hash = statement.Bind(1, end).Step() ? statement.Bytes(0) : throw new StoreException($"row {end} is gone; another archive was made meanwhile");
                _database.Execute("DROP TRIGGER IF EXISTS ledger_no_delete\0"u8);
                foreach (string table in (System.ReadOnlySpan<string>)["ledger", "checkpoints", "pending"])
                {
                    using Statement delete = _database.Prepare(Encoding.UTF8.GetBytes($"DELETE FROM {table} WHERE sequence<=?\0"));
                    delete.Bind(1, anew && table == "checkpoints" ? long.MaxValue : end).Run();
                }

                _database.Execute(Schema.NoDelete);
                AddCheckpoint(MarkKind.Archive, end, hash);
                if (anew && end == last && !LedgerAnchor.Prepare(Folder, anew: true))
                    throw new StoreException("the ledger's anchor cannot be written beside it");
                Commit();
            }
            catch
            {
                Rollback();
                throw;
            }

            _database.Checkpoint();
            if (end != last)
                continue;

            // The new anchor knows no row yet: whoever begins anew takes those that stay for what they are.
            if (anew)
            {
                Read(LastSequence(), row =>
                {
                    LedgerAnchor.Note(Folder, row, null);
                    return false;
                });
            }

            return;
        }
    }
}
