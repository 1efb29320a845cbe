using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using Gate.Store;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Store;

public class GateStoreTests
{
    [Fact]
    public void Rows_come_back_as_they_were_written_whatever_their_bytes()
    {
        using StoreScratch scratch = new();
        byte[][] odd = [[], [0], [0xFF, 0xFE, 0x80], "a\0b"u8.ToArray(), Encoding.UTF8.GetBytes("ä€😀"), "'; DROP TABLE ledger; --"u8.ToArray(), [.. Enumerable.Repeat((byte)0xC3, 200_000)], [.. Enumerable.Repeat((byte)'x', 200_000)]];
        using (GateStore store = scratch.Open())
        {
            foreach (byte[] bytes in odd)
            {
                StoreScratch.Append(store, new LedgerRow
                {
                    Agent = bytes, Session = bytes, Repository = bytes, Worktree = bytes, Tool = bytes, Event = bytes, Call = bytes, Request = bytes, Preview = bytes, Effects = bytes, Outcome = bytes,
                    Rules = bytes, Tags = bytes, Bundle = bytes, Standing = bytes, Detail = bytes, Time = long.MinValue, Latency = long.MaxValue, Completes = -1, Zone = -1,
                });
            }
        }

        List<LedgerRow> rows = scratch.Rows();
        Assert.Equal(odd.Length, rows.Count);
        for (int i = 0; i < odd.Length; i++)
        {
            LedgerRow row = rows[i];
            Assert.All((byte[][])[row.Agent, row.Session, row.Repository, row.Worktree, row.Tool, row.Event, row.Call, row.Request, row.Preview, row.Effects, row.Outcome, row.Rules, row.Tags, row.Bundle, row.Standing, row.Detail], field => Assert.True(field.AsSpan().SequenceEqual(odd[i])));
            Assert.Equal((i + 1, long.MinValue, long.MaxValue, -1, -1), (row.Sequence, row.Time, row.Latency, row.Completes, row.Zone));
        }

        Assert.Null(scratch.Verify());
    }

    [Theory]
    [InlineData("UPDATE ledger SET outcome='allow' WHERE sequence=1")]
    [InlineData("DELETE FROM ledger WHERE sequence=1")]
    [InlineData("DELETE FROM ledger")]
    [InlineData("UPDATE ledger SET hash=hash")]
    public void Triggers_stop_changes_of_the_ledger(string statement)
    {
        using StoreScratch scratch = new();
        scratch.Fill(2);
        using (Database raw = Database.Open(scratch.Path, create: false))
        {
            StoreException stopped = Assert.Throws<StoreException>(() => raw.Execute(Encoding.UTF8.GetBytes(statement + "\0")));
            Assert.Equal("the ledger is append-only", stopped.Message);
        }

        Assert.Equal(2, scratch.Rows().Count);
        Assert.Null(scratch.Verify());
    }

    [Fact]
    public void Actions_are_counted_for_session_and_worktree_and_observations_are_not()
    {
        using StoreScratch scratch = new();
        using GateStore store = scratch.Open();
        for (int i = 1; i <= 5; i++)
            StoreScratch.Append(store, StoreScratch.Row(i, i == 3 ? "s-2" : "s-1"), count: i != 5);
        StoredStanding one = store.ReadStanding("s-1"u8, "/r"u8, "/r/.git"u8), two = store.ReadStanding("s-2"u8, "/r"u8, "/r/.git"u8), none = store.ReadStanding("s-9"u8, "/other"u8, default);
        Assert.Equal((3, 4, StoreScratch.Row(1).Time), (one.SessionActions, one.WorktreeActions, one.SessionStarted));
        Assert.Equal((1, 4), (two.SessionActions, two.WorktreeActions));
        Assert.Equal((0, 0, 0, 0), (none.SessionActions, none.WorktreeActions, none.SessionStarted, none.Bundle.Length));
        Assert.Equal(5, store.LastSequence());
    }

    [Fact]
    public void What_is_rolled_back_was_never_there()
    {
        using StoreScratch scratch = new();
        scratch.Fill(2);
        using GateStore store = scratch.Open(create: false);
        store.Begin();
        store.Append(StoreScratch.Row(3), true);
        store.AddPending("call-3"u8, 3, 1);
        store.Rollback();
        store.Rollback();
        Assert.Equal((2, 0, 2), (store.LastSequence(), store.TakePending("call-3"u8), store.ReadStanding("s-1"u8, "/r"u8, default).SessionActions));
        StoreScratch.Append(store, StoreScratch.Row(3));
        Assert.Null(scratch.Verify());
    }

    [Fact]
    public void A_pending_call_is_taken_once()
    {
        using StoreScratch scratch = new();
        using GateStore store = scratch.Open();
        store.AddPending("call-1"u8, 11, 1);
        store.AddPending("call-2"u8, 12, 1);
        store.AddPending("call-1"u8, 13, 2);
        Assert.Equal((13, 0, 12, 0), (store.TakePending("call-1"u8), store.TakePending("call-1"u8), store.TakePending("call-2"u8), store.TakePending("call-9"u8)));
        store.AddPending(default, 14, 1);
        Assert.Equal(14, store.TakePending(default));
    }

    [Fact]
    public void Repository_and_worktree_are_remembered_and_keep_their_counters()
    {
        using StoreScratch scratch = new();
        using GateStore store = scratch.Open();
        Assert.Equal(("", 0L), Repository(store));
        Assert.Null(store.ReadWorktree("/r"u8));
        store.WriteRepository("/r/.git"u8, [1, 2], 3, [9], 5);
        StoreScratch.Append(store, StoreScratch.Row(1));
        store.WriteWorktree("/r"u8, "/r/.git"u8, "strict", "guided", "/r/.claude/settings.json", 7);
        Assert.Equal(("0102", 3L), Repository(store));
        Assert.Equal(("strict", "guided", 1L, "/r/.claude/settings.json"), store.ReadWorktree("/r"u8));
        StoredStanding standing = store.ReadStanding("s-1"u8, "/r"u8, "/r/.git"u8);
        Assert.Equal(("strict", "guided", 2), (Encoding.UTF8.GetString(standing.Profile), Encoding.UTF8.GetString(standing.Budget), standing.Bundle.Length));
    }

    [Fact]
    public void A_newer_schema_is_refused_and_left_alone()
    {
        using StoreScratch scratch = new();
        scratch.Fill(1);
        using (Database raw = Database.Open(scratch.Path, create: false))
            raw.Execute("PRAGMA user_version=99\0"u8);
        StoreException refused = Assert.Throws<StoreException>(() => scratch.Open());
        Assert.Contains("newer gate (schema 99", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A store that the program of schema 1 left: its rows stay as they were, and what is new works on it.</summary>
    [Fact]
    public void An_old_schema_is_upgraded_in_place()
    {
        using StoreScratch scratch = new(), fresh = new();
        using (Database old = Database.Open(scratch.Path, create: true))
            old.Execute(Encoding.UTF8.GetBytes(File.ReadAllText(Sources.PathOf("tests", "Gate.Tests", "Store", "schema-1.sql")) + "\0"));
        List<LedgerRow> rows = [];
        using (GateStore store = scratch.Open(create: false))
        {
            store.Read(0, row =>
            {
                rows.Add(row);
                return true;
            });
            Assert.Equal((4, 3, 4), (rows.Count, store.ReadStanding("session-1"u8, default, default).SessionActions, store.TakePending("call-3"u8)));
            StoreScratch.Append(store, StoreScratch.Row(5));
            store.Begin();
            store.AddCheckpoint(MarkKind.SessionEnd);
            store.Commit();
        }

        Assert.Null(scratch.Verify(out long count));
        Assert.Equal(5, count);
        Assert.Equal("deny", Encoding.UTF8.GetString(rows[2].Outcome));
        fresh.Fill(1);
        Assert.Equal(SchemaOf(fresh), SchemaOf(scratch));
    }

    /// <summary>Archiving takes a trigger away and puts it back.</summary>
    [Fact]
    public void Archiving_leaves_the_schema_as_it_was()
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        string before = SchemaOf(scratch);
        using (GateStore store = scratch.Open(create: false))
            store.RemoveArchived(1, 5, anew: false);
        Assert.Equal(before, SchemaOf(scratch));
        Assert.Null(scratch.Verify(out long count));
        Assert.Equal(4, count);
    }

    private static string SchemaOf(StoreScratch scratch)
    {
        using Database raw = Database.Open(scratch.Path, create: false);
        using Statement statement = raw.Prepare("SELECT group_concat(sql,'\n') FROM (SELECT sql FROM sqlite_master ORDER BY name)"u8);
        return statement.Step() ? statement.Text(0) : "";
    }

    [Fact]
    public void A_missing_or_empty_file_is_an_error_unless_it_may_be_made()
    {
        using StoreScratch scratch = new();
        Assert.Equal(14, Assert.Throws<StoreException>(() => scratch.Open(create: false)).Code & 0xFF);
        Assert.False(File.Exists(scratch.PathText));
        File.WriteAllText(scratch.PathText, "");
        Assert.Contains("the store is empty", Assert.Throws<StoreException>(() => scratch.Open(create: false)).Message, StringComparison.Ordinal);
        scratch.Open().Dispose();
        scratch.Open(create: false).Dispose();
    }

    /// <summary>Budgets were names that nothing held: those that have one begin to count, and what was used before does not.</summary>
    [Fact]
    public void Budgets_of_an_old_schema_begin_to_count()
    {
        using StoreScratch scratch = new();
        using (GateStore store = scratch.Open())
        {
            store.Begin();
            store.WriteWorktree("/r"u8, "/r/.git"u8, "balanced", "guided", "", 7);
            store.WriteWorktree("/n"u8, "/r/.git"u8, "balanced", "none", "", 7);
            store.Commit();
            StoreScratch.Append(store, StoreScratch.Row(1));
        }

        scratch.Behind(StoreScratch.ToFirstVersion);
        using GateStore upgraded = scratch.Open(create: false);
        StoredStanding guided = upgraded.ReadStanding("s-1"u8, "/r"u8, "/r/.git"u8), none = upgraded.ReadStanding("s-1"u8, "/n"u8, "/r/.git"u8);
        Assert.Equal((2000, 600, 1, 1, default, default), (guided.BudgetActions, guided.BudgetMinutes, guided.SessionActions, guided.WorktreeActions, guided.SessionPeriod, guided.WorktreePeriod));
        Assert.Empty(none.Budget);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        using StoreScratch scratch = new();
        File.WriteAllText(scratch.PathText, string.Concat(Enumerable.Repeat("this is no database\n", 300)));
        Assert.Equal(26, Assert.Throws<StoreException>(() => scratch.Open()).Code & 0xFF);
    }

    [Fact]
    public void The_file_says_whose_it_is()
    {
        using StoreScratch scratch = new();
        scratch.Fill(1);
        using Database raw = Database.Open(scratch.Path, create: false);
        Assert.Equal([0x47415445, StoreScratch.NewestVersion], Pragmas(raw, "application_id", "user_version"));
        byte[] header = File.ReadAllBytes(scratch.PathText)[..100];
        Assert.Equal("GATE", Encoding.ASCII.GetString(header, 68, 4));
    }

    /// <summary>Whoever comes first makes the tables; the others find them made.</summary>
    [Fact]
    public void Many_opens_of_a_missing_file_make_one_store()
    {
        for (int round = 0; round < 8; round++)
        {
            using StoreScratch scratch = new();
            using Barrier start = new(4);
            List<Exception> failures = [];
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(number => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    using GateStore store = scratch.Open();
                    for (int i = 0; i < 5; i++)
                        StoreScratch.Append(store, StoreScratch.Row(i, $"s-{number}"));
                }
                catch (StoreException e)
                {
                    lock (failures)
                        failures.Add(e);
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.Empty(failures);
            Assert.Null(scratch.Verify(out long count));
            Assert.Equal(20, count);
        }
    }

    [Fact]
    public void A_row_is_one_line_of_JSON_whatever_its_bytes() => Holds.Always(dice =>
    {
        byte[] Some() => dice.Many(12, () => (byte)dice.Roll(256));
        LedgerRow row = StoreScratch.Row(1);
        (row.Session, row.Preview, row.Effects, row.Tool, row.Rules, row.Worktree) = (Some(), Some(), Some(), Some(), Some(), Some());
        (row.Zone, row.Hash, row.Previous) = (dice.Roll(8) - 1, Some(), Some());
        ByteBuilder text = new();
        LedgerJson.Add(text, row);
        using JsonDocument document = JsonDocument.Parse(text.ToArray());
        string[] names = ["sequence", "time", "session", "worktree", "tool", "outcome", "rules", "tags", "zone", "hash"];
        return text.Written.IndexOf((byte)'\n') == text.Length - 1 && names.All(name => document.RootElement.TryGetProperty(name, out _))
            && document.RootElement.GetProperty("preview").GetString() == Encoding.UTF8.GetString(row.Preview);
    });

    private static (string Bundle, long Revision) Repository(GateStore store) => (Hex.Of(store.ReadRepository("/r/.git"u8).Bundle), store.ReadRepository("/r/.git"u8).Revision);

    private static long[] Pragmas(Database raw, params string[] names) => Array.ConvertAll(names, name =>
    {
        using Statement statement = raw.Prepare(Encoding.ASCII.GetBytes($"PRAGMA {name}"));
        return statement.Step() ? statement.Number(0) : -1;
    });
}
