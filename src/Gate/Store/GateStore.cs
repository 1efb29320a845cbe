using System;
using Gate.Native;
using Gate.Policy;

namespace Gate.Store;

/// <summary>
/// The store of one user. The hook makes one transaction: <see cref="Begin"/>, read the standing, decide, append, <see cref="Commit"/>;
/// so counters and chain are exact under any number of parallel processes.
/// </summary>
public sealed partial class GateStore : IDisposable
{
    /// <summary>Fields of a ledger row, in the order of the table; used by insert and by every reader.</summary>
    private static ReadOnlySpan<byte> Columns => "sequence,time,agent,session,repository,worktree,tool,event,call,completes,request,preview,effects,zone,outcome,rules,tags,bundle,standing,detail,latency,previous,hash"u8;

    private readonly Database _database;

    private LedgerRow? _appended;
    private byte[]? _checkpoints;

    private GateStore(Database database, byte[] folder)
    {
        _database = database;
        Folder = folder;
    }

    public Database Database => _database;

    /// <summary>Where the file is, and beside it the ledger's key and anchor.</summary>
    public byte[] Folder { get; }

    /// <summary>
    /// Opens the store at <paramref name="path"/>. With <paramref name="create"/> a missing or empty file gets the schema.
    /// Throws <see cref="StoreException"/> with what to do.
    /// </summary>
    public static GateStore Open(ReadOnlySpan<byte> path, bool create)
    {
        long giveUp = Database.WaitUntil != 0 ? Database.WaitUntil : Libc.SteadyMicroseconds() + (Database.BusyMilliseconds * 1000L);
        while (true)
        {
            try
            {
                return OpenOnce(path, create);
            }
            catch (StoreException e) when (create && (e.Code & 0xFF) == Sqlite.Busy && Libc.SteadyMicroseconds() < giveUp)
            {
                // Several that make the store at once: where waiting could deadlock SQLite gives up without asking its busy handler.
                Libc.Sleep(1000);
            }
        }
    }

    private static GateStore OpenOnce(ReadOnlySpan<byte> path, bool create)
    {
        Database database = Database.Open(path, create);
        try
        {
            // NORMAL: a commit is in the operating system's hands before the answer is written, so killing the process loses
            // nothing; only a power cut can lose the last commits, and never the file's order. FULL costs an fsync a call.
            database.Execute("PRAGMA synchronous=NORMAL\0"u8);
            long version = VersionOf(database);
            if (version > Schema.Version)
                throw new StoreException($"the store was written by a newer gate (schema {version}, this one knows {Schema.Version}); update gate");
            byte[] folder = path[..Math.Max(0, path.LastIndexOf((byte)'/'))].ToArray();
            if (version < Schema.Version)
                Upgrade(database, folder, create);
            else if (create && !LedgerAnchor.Prepare(folder, anew: false))
                throw new StoreException("the ledger's key and anchor cannot be written beside it");
            return new GateStore(database, folder);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    // From the version that the file has, step by step, in one transaction: a process that dies in it leaves the file as it was.
    private static void Upgrade(Database database, byte[] folder, bool create)
    {
        long version = VersionOf(database);
        if (version == 0 && !create)
            throw new StoreException("the store is empty; run 'gate init'");
        if (version == 0)
            database.Execute("PRAGMA journal_mode=WAL\0"u8);
        database.Execute("BEGIN IMMEDIATE\0"u8);

        // Another process may have done it while this one waited.
        version = VersionOf(database);
        if (version < Schema.Version && !LedgerAnchor.Prepare(folder, anew: version == 0))
            throw new StoreException("the ledger's key and anchor cannot be written beside it");
        for (; version < Schema.Version; version++)
        {
            database.Execute([.. Schema.StepFrom(version), 0]);
            database.Execute([.. "PRAGMA application_id="u8, .. System.Text.Encoding.ASCII.GetBytes(Schema.ApplicationId.ToString()), 0]);
            database.Execute([.. "PRAGMA user_version="u8, .. System.Text.Encoding.ASCII.GetBytes((version + 1).ToString()), 0]);
        }

        database.Execute("COMMIT\0"u8);
    }

    private static long VersionOf(Database database)
    {
        using Statement statement = database.Prepare("PRAGMA user_version\0"u8);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>Takes the write lock; waits for other writers up to <see cref="Database.BusyMilliseconds"/>.</summary>
    public void Begin() => _database.Execute("BEGIN IMMEDIATE\0"u8);

    /// <summary>Ends the transaction; then the anchor is told of its newest row and its checkpoints.</summary>
    public void Commit()
    {
        _database.Execute("COMMIT\0"u8);
        if (_appended is not null)
            LedgerAnchor.Note(Folder, _appended, _checkpoints);
        else if (_checkpoints is not null)
            LedgerAnchor.Note(Folder, _checkpoints);
        (_appended, _checkpoints) = (null, null);
    }

    public void Rollback()
    {
        (_appended, _checkpoints) = (null, null);
        try
        {
            _database.Execute("ROLLBACK\0"u8);
        }
        catch (StoreException)
        {
            // There may be no transaction left to roll back; either way nothing was kept.
        }
    }

    /// <summary>What the store says about a session's worktree and repository now. Inside a transaction for exact figures.</summary>
    public StoredStanding ReadStanding(ReadOnlySpan<byte> session, ReadOnlySpan<byte> worktree, ReadOnlySpan<byte> repository)
    {
        StoredStanding standing = new();
        using Statement statement = _database.Prepare("SELECT s.actions,s.started,w.actions,w.budget,r.bundle,w.profile,s.last,s.used,s.since,s.extra,s.longer,w.used,w.since,w.extra,w.longer,w.budget_actions,w.budget_minutes,s.call,s.repeats,s.words,w.words,EXISTS(SELECT 1 FROM lessons) FROM (SELECT 1) LEFT JOIN sessions s ON s.session=?1 LEFT JOIN worktrees w ON w.worktree=?2 LEFT JOIN repositories r ON r.repository=?3\0"u8);
        statement.BindText(1, session).BindText(2, worktree).BindText(3, repository);
        if (statement.Step())
        {
            standing.SessionActions = statement.Number(0);
            standing.SessionStarted = statement.Number(1);
            standing.WorktreeActions = statement.Number(2);
            standing.Budget = statement.Bytes(3);
            standing.Bundle = statement.Bytes(4);
            standing.Profile = statement.Bytes(5);
            standing.SessionLast = statement.Number(6);
            standing.SessionPeriod = PeriodAt(statement, 7);
            standing.WorktreePeriod = PeriodAt(statement, 11);
            standing.BudgetActions = statement.Number(15);
            standing.BudgetMinutes = statement.Number(16);
            standing.LastCall = statement.Number(17);
            standing.Repeats = statement.Number(18);
            standing.SessionWords = statement.Bytes(19);
            standing.WorktreeWords = statement.Bytes(20);
            standing.AnyLesson = statement.Number(21) != 0;
        }

        return standing;
    }

    /// <summary>
    /// Appends a row: number, previous hash and hash are set here. Counts it as an action of its session and worktree when asked to, and with
    /// <paramref name="use"/> against their budget.
    /// </summary>
    public void Append(LedgerRow row, bool countAction, BudgetUse? use = null)
    {
        using (Statement last = _database.Prepare("SELECT sequence,hash FROM ledger ORDER BY sequence DESC LIMIT 1\0"u8))
        {
            bool any = last.Step();
            row.Sequence = any ? last.Number(0) + 1 : 1;
            row.Previous = any ? last.Bytes(1) : new byte[Sodium.DigestBytes];
        }

        row.Hash = new byte[Sodium.DigestBytes];
        row.ComputeHash(row.Hash);
        using (Statement insert = _database.Prepare("INSERT INTO ledger VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)\0"u8))
        {
            insert.Bind(1, row.Sequence).Bind(2, row.Time).BindText(3, row.Agent).BindText(4, row.Session).BindText(5, row.Repository).BindText(6, row.Worktree)
                .BindText(7, row.Tool).BindText(8, row.Event).BindText(9, row.Call).Bind(10, row.Completes).BindBlob(11, row.Request).BindText(12, row.Preview)
                .BindText(13, row.Effects).Bind(14, row.Zone).BindText(15, row.Outcome).BindText(16, row.Rules).BindText(17, row.Tags).BindBlob(18, row.Bundle)
                .BindBlob(19, row.Standing).BindText(20, row.Detail).Bind(21, row.Latency).BindBlob(22, row.Previous).BindBlob(23, row.Hash);
            insert.Run();
        }

        _appended = row;
        if (row.Sequence % LedgerMark.Every == 0)
            AddCheckpoint(MarkKind.Count, row.Sequence, row.Hash);
        if (!countAction)
            return;
        using (Statement count = _database.Prepare("INSERT INTO sessions VALUES(?1,?2,?3,?4,?5,?5,1,?6,?7,?8,?9,?10,1,'') ON CONFLICT DO UPDATE SET last=?5,actions=actions+1,since=?6,used=?7,extra=?8,longer=?9,repeats=CASE WHEN call=?10 THEN repeats+1 ELSE 1 END,call=?10\0"u8))
        {
            count.BindText(1, row.Session).BindText(2, row.Worktree).BindText(3, row.Repository).BindText(4, row.Agent).Bind(5, row.Time);
            BindPeriod(count, 6, use is null ? default : use.Counted(use.Session)).Bind(10, CallOf(row.Request));
            count.Run();
        }

        using (Statement count = _database.Prepare("INSERT INTO worktrees VALUES(?1,?2,'','',?3,?3,1,'',?4,?5,?6,?7,0,0,'') ON CONFLICT DO UPDATE SET last=?3,actions=actions+1,since=?4,used=?5,extra=?6,longer=?7\0"u8))
        {
            count.BindText(1, row.Worktree).BindText(2, row.Repository).Bind(3, row.Time);
            BindPeriod(count, 4, use is null ? default : use.Counted(use.Worktree));
            count.Run();
        }
    }

    /// <summary>The bundle in force for a repository and how often it was switched; empty and 0 where none ever was.</summary>
    public (byte[] Bundle, long Revision) ReadRepository(ReadOnlySpan<byte> repository)
    {
        using Statement statement = _database.Prepare("SELECT bundle,revision FROM repositories WHERE repository=?\0"u8);
        statement.BindText(1, repository);
        return statement.Step() ? (statement.Bytes(0), statement.Number(1)) : ([], 0);
    }

    /// <summary>The digest of the bundle that was in force before; empty where there was none.</summary>
    public byte[] ReadPreviousBundle(ReadOnlySpan<byte> repository)
    {
        using Statement statement = _database.Prepare("SELECT previous FROM repositories WHERE repository=?\0"u8);
        statement.BindText(1, repository);
        return statement.Step() ? statement.Bytes(0) : [];
    }

    public void WriteRepository(ReadOnlySpan<byte> repository, ReadOnlySpan<byte> bundle, long revision, ReadOnlySpan<byte> previous, long time)
    {
        using Statement insert = _database.Prepare("INSERT OR REPLACE INTO repositories VALUES(?,?,?,?,?)\0"u8);
        insert.BindText(1, repository).BindBlob(2, bundle).Bind(3, revision).BindBlob(4, previous).Bind(5, time);
        insert.Run();
    }

    /// <summary>Records how a worktree is wired; its counters stay. <paramref name="settings"/> is what uninstall needs.</summary>
    public void WriteWorktree(ReadOnlySpan<byte> worktree, ReadOnlySpan<byte> repository, string profile, string budget, string settings, long time)
    {
        using Statement insert = _database.Prepare("INSERT INTO worktrees VALUES(?1,?2,?3,?4,?6,?6,0,?5,0,0,0,0,0,0,'') ON CONFLICT DO UPDATE SET repository=?2,profile=?3,budget=?4,settings=?5\0"u8);
        insert.BindText(1, worktree).BindText(2, repository).BindText(3, profile).BindText(4, budget).BindText(5, settings).Bind(6, time);
        insert.Run();
    }

    /// <summary>Profile, budget, actions and wiring of a worktree; null where it was never wired or used.</summary>
    public (string Profile, string Budget, long Actions, string Settings)? ReadWorktree(ReadOnlySpan<byte> worktree)
    {
        using Statement statement = _database.Prepare("SELECT profile,budget,actions,settings FROM worktrees WHERE worktree=?\0"u8);
        statement.BindText(1, worktree);
        return statement.Step() ? (statement.Text(0), statement.Text(1), statement.Number(2), statement.Text(3)) : null;
    }

    /// <summary>Rows from <paramref name="from"/> on, oldest first; the callback ends the walk by returning false.</summary>
    public void Read(long from, Func<LedgerRow, bool> row)
    {
        using Statement statement = Select("sequence>=?"u8);
        statement.Bind(1, from);
        for (LedgerRow? last = null; statement.Step() && row(last = RowOf(statement, last));)
        {
        }
    }

    /// <summary>The rows that a condition holds for, oldest first; the caller binds its values and reads with <see cref="RowOf"/>.</summary>
    internal Statement Select(ReadOnlySpan<byte> where) => _database.Prepare([.. "SELECT "u8, .. Columns, .. " FROM ledger WHERE "u8, .. where, .. " ORDER BY sequence\0"u8]);

    /// <summary>The newest sequence, 0 for an empty ledger.</summary>
    public long LastSequence()
    {
        using Statement statement = _database.Prepare("SELECT ifnull(max(sequence),0) FROM ledger\0"u8);
        return statement.Step() ? statement.Number(0) : 0;
    }

    // Columns that are as in the row before share its arrays; nobody writes into them.
    internal static LedgerRow RowOf(Statement s, LedgerRow? before = null) => new()
    {
        Sequence = s.Number(0), Time = s.Number(1), Agent = s.Bytes(2, before?.Agent), Session = s.Bytes(3, before?.Session), Repository = s.Bytes(4, before?.Repository), Worktree = s.Bytes(5, before?.Worktree),
        Tool = s.Bytes(6, before?.Tool), Event = s.Bytes(7, before?.Event), Call = s.Bytes(8), Completes = s.Number(9), Request = s.Bytes(10), Preview = s.Bytes(11, before?.Preview),
        Effects = s.Bytes(12, before?.Effects), Zone = s.Number(13), Outcome = s.Bytes(14, before?.Outcome), Rules = s.Bytes(15, before?.Rules), Tags = s.Bytes(16, before?.Tags),
        Bundle = s.Bytes(17, before?.Bundle), Standing = s.Bytes(18, before?.Standing), Detail = s.Bytes(19, before?.Detail), Latency = s.Number(20),
        Previous = s.Bytes(21), Hash = s.Bytes(22),
    };

    public void Dispose()
    {
        _lessons?.Dispose();
        _database.Dispose();
    }
}
