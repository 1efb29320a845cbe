using System;
using System.IO;
using System.Text;
using Gate.Effects;
using Gate.Lessons;
using Gate.Native;
using Gate.Store;

namespace Gate.Bench;

/// <summary>Fills a fresh store with rows as an ordinary call makes them, chained as Gate chains them, in one transaction.</summary>
internal static class Filler
{
    public static void Fill(string store, string repository, long rows)
    {
        // No log and no waiting for the disk while it fills; then as gate left it.
        using Database database = Database.Open(Encoding.UTF8.GetBytes(store), create: false);
        database.Execute("PRAGMA journal_mode=DELETE\0"u8);
        database.Execute("PRAGMA synchronous=OFF\0"u8);
        database.Execute("BEGIN IMMEDIATE\0"u8);
        using (Statement insert = database.Prepare("INSERT INTO ledger VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)\0"u8))
        {
            LedgerRow row = Row(repository);
            byte[] previous = new byte[32];
            for (long i = 1; i <= rows; i++)
            {
                row.Sequence = i;
                row.Time += 800;
                row.Call = Encoding.ASCII.GetBytes($"toolu_{i:D20}");
                row.Previous = previous;
                row.Hash = new byte[32];
                row.ComputeHash(row.Hash);
                previous = row.Hash;
                insert.Bind(1, row.Sequence).Bind(2, row.Time).BindText(3, row.Agent).BindText(4, row.Session).BindText(5, row.Repository).BindText(6, row.Worktree)
                    .BindText(7, row.Tool).BindText(8, row.Event).BindText(9, row.Call).Bind(10, row.Completes).BindBlob(11, row.Request).BindText(12, row.Preview)
                    .BindText(13, row.Effects).Bind(14, row.Zone).BindText(15, row.Outcome).BindText(16, row.Rules).BindText(17, row.Tags).BindBlob(18, row.Bundle)
                    .BindBlob(19, row.Standing).BindText(20, row.Detail).Bind(21, row.Latency).BindBlob(22, row.Previous).BindBlob(23, row.Hash);
                insert.Run();
            }
        }

        database.Execute("COMMIT\0"u8);
        database.Execute("PRAGMA journal_mode=WAL\0"u8);

        // On the disk before anything is timed: the first checkpoint would wait for all of it.
        using FileStream file = new(store, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Lessons of one repository, on every rung, about acts of every kind; none of them holds for the calls that are timed.</summary>
    public static void FillLessons(string store, string repository, int count)
    {
        using GateStore open = GateStore.Open(Encoding.UTF8.GetBytes(store), create: false);
        open.Begin();
        for (int i = 0; i < count; i++)
        {
            Act act = new()
            {
                Verb = (Verb)(1 + (i % (Names.VerbCount - 1))), Kind = (Kind)(1 + (i / 7 % (Names.KindCount - 1))), Class = (PathClass)(i % Names.PathClassCount), Zone = 1 + (i % 5),
                Program = Encoding.ASCII.GetBytes($"program-{i % 5000}"), Subcommand = Encoding.ASCII.GetBytes($"verb-{i % 11}"), Object = Encoding.ASCII.GetBytes($"./folder-{i % 1000}/object-{i}"), Options = "--force"u8.ToArray(),
                Attributes = Attributes.Endless,
            };
            open.WriteLesson(new Lesson
            {
                Repository = Encoding.UTF8.GetBytes(Path.Combine(repository, ".git")), Pattern = Pattern.Of(act, (Rung)(i % 2))!, First = Policy.Action.Ask, Thumbs = new Thumbs(1000, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()),
                Text = "a sentence about what went wrong"u8.ToArray(), Preview = "program verb --force object"u8.ToArray(), Created = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            });
        }

        open.Commit();
    }

    private static LedgerRow Row(string repository) => new()
    {
        Time = DateTimeOffset.UtcNow.AddDays(-10).ToUnixTimeMilliseconds(), Agent = "claude-code"u8.ToArray(), Session = "7e0c2b9e-3d51-4c0b-9e6a-1f2d3c4b5a69"u8.ToArray(),
        Repository = Encoding.UTF8.GetBytes(Path.Combine(repository, ".git")), Worktree = Encoding.UTF8.GetBytes(repository), Tool = "Bash"u8.ToArray(), Event = "PreToolUse"u8.ToArray(),
        Request = Bytes(1), Preview = "git status"u8.ToArray(), Effects = "run code git"u8.ToArray(), Zone = 0, Outcome = "allow"u8.ToArray(), Bundle = Bytes(2), Standing = Bytes(3), Latency = 640,
    };

    private static byte[] Bytes(byte seed)
    {
        byte[] bytes = new byte[32];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
