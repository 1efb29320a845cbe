using System;
using System.Collections.Generic;
using System.Text;
using Gate.Store;
using Gate.Tests.Support;

namespace Gate.Tests.Store;

/// <summary>A store in a folder of its own, and a hand behind its back.</summary>
internal sealed class StoreScratch : IDisposable
{
    private readonly Scratch _scratch = new();

    public const long NewestVersion = 5;

    /// <summary>Takes a store of the newest schema back to the first one.</summary>
    public const string ToFirstVersion = """
        ALTER TABLE sessions DROP COLUMN since; ALTER TABLE sessions DROP COLUMN used; ALTER TABLE sessions DROP COLUMN extra; ALTER TABLE sessions DROP COLUMN longer;
        ALTER TABLE worktrees DROP COLUMN since; ALTER TABLE worktrees DROP COLUMN used; ALTER TABLE worktrees DROP COLUMN extra; ALTER TABLE worktrees DROP COLUMN longer;
        ALTER TABLE worktrees DROP COLUMN budget_actions; ALTER TABLE worktrees DROP COLUMN budget_minutes;
        DROP TABLE facts; ALTER TABLE sessions DROP COLUMN call; ALTER TABLE sessions DROP COLUMN repeats; ALTER TABLE sessions DROP COLUMN words; ALTER TABLE worktrees DROP COLUMN words; ALTER TABLE pending DROP COLUMN marks;
        DROP TABLE lessons; DROP TABLE posteriors;
        DROP TABLE checkpoints; PRAGMA user_version=1
        """;

    public byte[] Path => _scratch.BytesOf("store.db");

    public string PathText => _scratch.PathOf("store.db");

    public GateStore Open(bool create = true) => GateStore.Open(Path, create);

    public static LedgerRow Row(int number, string session = "s-1") => new()
    {
        Time = 1767225600000 + number, Agent = "claude-code"u8.ToArray(), Session = Encoding.UTF8.GetBytes(session), Repository = "/r/.git"u8.ToArray(), Worktree = "/r"u8.ToArray(), Tool = "Bash"u8.ToArray(),
        Event = "PreToolUse"u8.ToArray(), Call = Encoding.UTF8.GetBytes($"call-{number}"), Completes = number, Request = [1, 2, (byte)number], Preview = "git push"u8.ToArray(), Effects = "run code git"u8.ToArray(),
        Zone = 4, Outcome = "ask"u8.ToArray(), Rules = "git.push"u8.ToArray(), Tags = "NIST:CM-3"u8.ToArray(), Bundle = [9], Standing = [8], Detail = "{}"u8.ToArray(), Latency = 1500,
    };

    /// <summary>A ledger of rows 1 to <paramref name="count"/>.</summary>
    public void Fill(int count)
    {
        using GateStore store = Open();
        for (int i = 1; i <= count; i++)
            Append(store, Row(i));
    }

    public static void Append(GateStore store, LedgerRow row, bool count = true)
    {
        store.Begin();
        store.Append(row, count);
        store.Commit();
    }

    /// <summary>What somebody can do who has the file and SQLite.</summary>
    public void Behind(params string[] statements)
    {
        using Database raw = Database.Open(Path, create: false);
        foreach (string statement in (string[])["DROP TRIGGER IF EXISTS ledger_no_update", "DROP TRIGGER IF EXISTS ledger_no_delete", .. statements])
            raw.Execute(Encoding.UTF8.GetBytes(statement + "\0"));
    }

    public LedgerDamage? Damage(out long count, LedgerMark? kept = null)
    {
        using GateStore store = Open(create: false);
        return LedgerChain.Verify(store, LedgerMarks.Of(store, store.Folder, kept: kept), null, out count);
    }

    /// <summary>Null for a whole ledger, else what was done and where: <c>changed 5</c>.</summary>
    public string? Verify(out long count) => Damage(out count) is { } damage ? $"{damage.Name} {damage.Sequence}" : null;

    public string? Verify() => Verify(out _);

    /// <summary>The store as it is now, to be put back later; the anchor stays where it is.</summary>
    public byte[] Copy()
    {
        using (Database raw = Database.Open(Path, create: false))
            raw.Checkpoint();
        return System.IO.File.ReadAllBytes(PathText);
    }

    public void PutBack(byte[] copy)
    {
        foreach (string extra in (string[])["-wal", "-shm"])
            System.IO.File.Delete(PathText + extra);
        System.IO.File.WriteAllBytes(PathText, copy);
    }

    public string Beside(string name) => _scratch.PathOf(name);

    public List<LedgerRow> Rows()
    {
        using GateStore store = Open(create: false);
        List<LedgerRow> rows = [];
        store.Read(0, row =>
        {
            rows.Add(row);
            return true;
        });
        return rows;
    }

    public void Dispose() => _scratch.Dispose();
}
