using System;

namespace Gate.Store;

/// <summary>
/// The store's tables. One file for all worktrees, sessions and agents of a user.
/// Every connection parses this text at its start, so it is kept short: a few microseconds for each statement.
/// </summary>
internal static class Schema
{
    /// <summary>"GATE" in the file's header, so that file(1) and Gate know whose it is.</summary>
    public const int ApplicationId = 0x47415445;

    /// <summary>The newest schema this program knows. Migrations go forward only.</summary>
    public const int Version = 5;

    /// <summary>
    /// ledger: one row for each hook event that was decided or observed; never changed (the triggers), and a change made
    /// behind their back breaks the hash chain. pending: calls allowed or asked that have not come back yet.
    /// sessions, worktrees: counters, all calls and those of the budget's period (<see cref="Policy.BudgetPeriod"/>; extra: its further actions, longer: its
    /// further minutes), and a worktree's own budget; without one the profile's counts. call, repeats: a session's last call and how often in a row. words: <see cref="Policy.PersonFacts"/>.
    /// facts: first steps of sequences (<see cref="Policy.Fact"/>), by the call that made them; row: its decision; ran: it was allowed, or came back. repositories: which bundle is in force.
    /// checkpoints: <see cref="LedgerMark"/>s of kinds above 0. lessons: <see cref="Lessons.Lesson"/>, by the key of its pattern, empty repository: the user's. posteriors:
    /// <see cref="Policy.Posterior"/> of soft rules. marks of what is pending: <see cref="PendingMarks"/>.
    /// </summary>
    /// <param name="version">The version to leave; 0 is an empty file. Each step leads to the next version.</param>
    public static ReadOnlySpan<byte> StepFrom(long version) => version switch { 0 => First, 1 => Second, 2 => Third, 3 => Fourth, _ => Fifth };

    private static ReadOnlySpan<byte> Second => """
        CREATE TABLE checkpoints(sequence INTEGER PRIMARY KEY, kind INTEGER NOT NULL, rows INTEGER NOT NULL, time INTEGER NOT NULL, hash BLOB NOT NULL, seal BLOB NOT NULL) STRICT;
        """u8;

    // Budgets were names that nothing held; "none" was written where nobody had chosen. Counts begin with the first call after this.
    private static ReadOnlySpan<byte> Third => """
        ALTER TABLE sessions ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN extra INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN longer INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE worktrees ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE worktrees ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE worktrees ADD COLUMN extra INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE worktrees ADD COLUMN longer INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE worktrees ADD COLUMN budget_actions INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE worktrees ADD COLUMN budget_minutes INTEGER NOT NULL DEFAULT 0;
        UPDATE worktrees SET budget='' WHERE budget='none';
        UPDATE worktrees SET budget_actions=500,budget_minutes=150 WHERE budget='strict';
        UPDATE worktrees SET budget_actions=2000,budget_minutes=600 WHERE budget='guided';
        UPDATE worktrees SET budget_actions=5000,budget_minutes=1200 WHERE budget='autonomous';
        """u8;

    private static ReadOnlySpan<byte> Fourth => """
        CREATE TABLE facts(session TEXT, action INTEGER, key INTEGER, object INTEGER, time INTEGER NOT NULL, row INTEGER NOT NULL, ran INTEGER NOT NULL, PRIMARY KEY(session,action,key,object)) STRICT, WITHOUT ROWID;
        ALTER TABLE sessions ADD COLUMN call INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN words TEXT NOT NULL DEFAULT '';
        ALTER TABLE worktrees ADD COLUMN words TEXT NOT NULL DEFAULT '';
        ALTER TABLE pending ADD COLUMN facts INTEGER NOT NULL DEFAULT 0;
        """u8;

    // Without types and with few indexes: what is declared here is parsed at every start, and only GateStore writes it. Lesson 0 is the counter of changes.
    private static ReadOnlySpan<byte> Fifth => """
        CREATE TABLE lessons(id INTEGER PRIMARY KEY,key,repository,rung,verb,kind,class,attributes,zone,program,subcommand,options,object,first,firm,score,since,expires,fired,last,approved,created,change,row,text,preview,history);
        CREATE INDEX lessons_key ON lessons(key);
        CREATE TABLE posteriors(key INTEGER PRIMARY KEY,repository,rule,needed,idle);
        ALTER TABLE pending RENAME COLUMN facts TO marks;
        """u8;

    /// <summary>For whoever puts rows into an archive: this trigger goes and comes back in the same transaction.</summary>
    public static ReadOnlySpan<byte> NoDelete => "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;\0"u8;

    private static ReadOnlySpan<byte> First => """
        CREATE TABLE ledger(
          sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, agent TEXT NOT NULL, session TEXT NOT NULL, repository TEXT NOT NULL, worktree TEXT NOT NULL,
          tool TEXT NOT NULL, event TEXT NOT NULL, call TEXT NOT NULL, completes INTEGER NOT NULL, request BLOB NOT NULL, preview TEXT NOT NULL, effects TEXT NOT NULL,
          zone INTEGER NOT NULL, outcome TEXT NOT NULL, rules TEXT NOT NULL, tags TEXT NOT NULL, bundle BLOB NOT NULL, standing BLOB NOT NULL, detail TEXT NOT NULL,
          latency INTEGER NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
        CREATE TABLE pending(call TEXT PRIMARY KEY, sequence INTEGER NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE sessions(session TEXT PRIMARY KEY, worktree TEXT NOT NULL, repository TEXT NOT NULL, agent TEXT NOT NULL, started INTEGER NOT NULL, last INTEGER NOT NULL, actions INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE worktrees(worktree TEXT PRIMARY KEY, repository TEXT NOT NULL, profile TEXT NOT NULL, budget TEXT NOT NULL, started INTEGER NOT NULL, last INTEGER NOT NULL, actions INTEGER NOT NULL, settings TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE repositories(repository TEXT PRIMARY KEY, bundle BLOB NOT NULL, revision INTEGER NOT NULL, previous BLOB NOT NULL, changed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
        """u8;
}
