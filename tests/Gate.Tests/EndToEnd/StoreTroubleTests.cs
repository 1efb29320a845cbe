using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gate.Store;
using Gate.Tests.Store;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>A store that cannot be used: changes are denied with the mend, plain reading goes on, and after mending nothing answered is missing.</summary>
[Trait("needs", "binary")]
public class StoreTroubleTests
{
    [Fact]
    public void Missing_after_init_is_damage_and_init_mends_it()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Equal("allow", scratch.Hook(scratch.Bash("git status")).Decision);
        File.Delete(scratch.Store);

        BundleTroubleTests.AssertOnlyReadingGoesOn(scratch, "'gate init' makes it");
        Assert.False(File.Exists(scratch.Store), "the hook must not start a new ledger by itself");
        Assert.Contains("gate init", scratch.Gate("ledger", "verify").Errors, StringComparison.Ordinal);
        Assert.Contains("gate init", scratch.Gate("status").Output, StringComparison.Ordinal);

        scratch.Must("init");
        AssertWhole(scratch, 1);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("header")]
    [InlineData("pages")]
    public void Damaged_file_denies_changes_and_moving_it_away_mends(string kind)
    {
        using GateScratch scratch = GateScratch.Wired();
        for (int i = 0; i < 30; i++)
            scratch.Hook(scratch.Bash("git status"));
        Fold(scratch);
        byte[] bytes = File.ReadAllBytes(scratch.Store);
        switch (kind)
        {
            case "text": bytes = [.. Enumerable.Repeat((byte)'x', 20000)]; break;
            case "header": bytes.AsSpan(0, 100).Fill(0xEE); break;
            default: bytes.AsSpan(4096).Fill(0xEE); break;
        }

        File.WriteAllBytes(scratch.Store, bytes);
        BundleTroubleTests.AssertOnlyReadingGoesOn(scratch, "is damaged");
        GateAnswer verify = scratch.Gate("ledger", "verify"), status = scratch.Gate("status", "--json");
        Assert.True(verify.ExitCode == 1 && verify.Errors.Contains("is damaged", StringComparison.Ordinal), $"{verify}");
        Assert.True(status.ExitCode == 1 && status.Json.GetProperty("trouble").GetString()!.Contains("is damaged", StringComparison.Ordinal), $"{status}");

        foreach (string file in Directory.GetFiles(scratch.State, "store.db*"))
            File.Move(file, file + ".old");
        scratch.Must("init");
        AssertWhole(scratch, 1);
    }

    /// <summary>Any one page: the call works as before, or is denied; verify or the next call sees what is damaged, and no answer is lost.</summary>
    [Fact]
    public void One_corrupt_page_is_never_a_crash_and_never_an_unrecorded_allow()
    {
        using GateScratch scratch = GateScratch.Wired();
        for (int i = 0; i < 60; i++)
            scratch.Hook(scratch.Bash("git status " + new string('x', 200)));
        Fold(scratch);
        byte[] whole = File.ReadAllBytes(scratch.Store);
        byte[] payload = GateScratch.Bytes(scratch.Write("new.txt"));
        int denied = 0;
        for (int page = 4096; page < whole.Length; page += 4096)
        {
            byte[] bytes = [.. whole];
            bytes.AsSpan(page, 4096).Fill(0x5A);
            File.WriteAllBytes(scratch.Store, bytes);
            foreach (string extra in new[] { "-wal", "-shm" })
                File.Delete(scratch.Store + extra);
            GateAnswer answer = scratch.Hook(payload);
            if (answer.Decision == "deny")
            {
                Assert.Contains("is damaged", answer.Errors, StringComparison.Ordinal);
                denied++;
            }
            else
            {
                GateAnswer tail = scratch.Gate("ledger", "tail", "-n", "1", "--json");
                Assert.True(tail.ExitCode == 0 && tail.Json.GetProperty("sequence").GetInt64() == 61, $"page {page / 4096}: {tail}");
            }

            GateAnswer verify = scratch.Gate("ledger", "verify");
            Assert.True(verify.ExitCode is 0 or 1 && !verify.Errors.Contains("Exception", StringComparison.Ordinal), $"{verify}");
        }

        Assert.True(denied > 0, "no page mattered");
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    [InlineData("both")]
    public void Read_only_place_denies_changes(string what)
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Hook(scratch.Bash("git status"));
        Fold(scratch);
        using OtherUser other = OtherUser.Of(scratch);
        string[] locked = what == "file" ? [scratch.Store] : what == "folder" ? [scratch.State] : [scratch.Store, scratch.State];
        scratch.Program(["chmod", "a-w", .. locked]);

        BundleTroubleTests.AssertOnlyReadingGoesOn(scratch, scratch.Store);
        scratch.Program(["chmod", "u+w", scratch.State, .. Directory.GetFiles(scratch.State, "store.db*")]);
        AssertWhole(scratch, 2);
    }

    [Fact]
    public void Full_disk_denies_changes_until_there_is_space()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small disk; run this as root");
        using GateScratch scratch = GateScratch.Bare();
        Directory.CreateDirectory(scratch.State);
        GateAnswer mounted = GateProcess.Run(["mount", "-t", "tmpfs", "-o", "size=2300k", "gate-test", scratch.State], null, scratch.Root, scratch.Environment);
        Assert.SkipUnless(mounted.ExitCode == 0, "a small disk cannot be mounted here: " + mounted.Errors.Trim());
        try
        {
            scratch.Must("init");
            int answered = 0;
            GateAnswer answer;
            do
            {
                answer = scratch.Hook(scratch.Write("file" + answered));
                answered++;
            }
            while (answer.Decision == "allow" && answered < 2000);

            Assert.Equal("deny", answer.Decision);
            BundleTroubleTests.AssertOnlyReadingGoesOn(scratch, "is full");
            scratch.AssertChain();
            long rows = scratch.Count("SELECT count(*) FROM ledger WHERE outcome='allow' AND tool='Write'");
            Assert.Equal(answered - 1, rows);

            scratch.Program("mount", "-o", "remount,size=8m", scratch.State);
            Assert.Equal("allow", scratch.Hook(scratch.Write("after")).Decision);
            Assert.Equal(rows + 1, scratch.Count("SELECT count(*) FROM ledger WHERE outcome='allow' AND tool='Write'"));
            scratch.AssertChain();
        }
        finally
        {
            scratch.Program("umount", scratch.State);
        }
    }

    /// <summary>The same without a disk of its own: writing past a size fails. Where the signal for it kills the hook there is no answer, and no answer is a refusal.</summary>
    [Theory]
    [InlineData("trap '' XFSZ; ")]
    [InlineData("")]
    public void Store_that_cannot_grow_denies_changes(string first)
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Hook(scratch.Bash("git status"));
        long before = scratch.Count("SELECT count(*) FROM ledger"), answered = 0;
        for (int i = 0; i < 40; i++)
        {
            GateAnswer answer = scratch.Shell(first + "ulimit -f 64; exec \"$@\"", GateScratch.Bytes(scratch.Write("new" + i)));
            if (answer.ExitCode == 0)
            {
                Assert.Equal("allow", answer.Decision);
                answered++;
                continue;
            }

            Assert.True(answer.ExitCode > 128 || answer.Errors.Contains(scratch.Store, StringComparison.Ordinal), $"{answer}");
        }

        Assert.InRange(answered, 1, 39);
        Assert.True(scratch.Count("SELECT count(*) FROM ledger") >= before + answered);
        scratch.AssertChain();
        AssertWhole(scratch, (int)(before + answered));
    }

    /// <summary>Whoever comes first upgrades; the others wait for it, and nothing that was there is lost.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Store_of_an_older_gate_is_upgraded_in_place(bool killed)
    {
        using GateScratch scratch = GateScratch.Wired();
        for (int i = 0; i < 5; i++)
            scratch.Hook(scratch.Bash("git status"));
        scratch.Program("sqlite3", scratch.Store, StoreScratch.ToFirstVersion);
        foreach (string file in (string[])["ledger.anchor", "ledger.key"])
            File.Delete(Path.Combine(scratch.State, file));
        if (killed)
        {
            string input = Path.Combine(scratch.Root, "input"), output = Path.Combine(scratch.Root, "output");
            for (int i = 0; i < 20; i++)
            {
                File.WriteAllText(input, scratch.Bash("git status", "killed").ToJsonString());
                File.WriteAllText(output, "");
                RawProcess.RunAndKill(ClientPrograms.Gate, ["hook", "claude-code"], [$"HOME={scratch.Home}"], input, output, 800 + (i * 40));
            }
        }

        Threads.Run(6, _ => Assert.Equal("allow", scratch.Hook(scratch.Write("new.txt")).Decision));
        AssertWhole(scratch, 12);
        Assert.Equal(StoreScratch.NewestVersion, scratch.Count("PRAGMA user_version"));
        Assert.True(File.Exists(Path.Combine(scratch.State, "ledger.anchor")));
    }

    /// <summary>Upgrading where nothing can be written beside the store is refused with the mend, and leaves the store as it was.</summary>
    [Fact]
    public void Store_of_an_older_gate_in_a_read_only_folder_denies_changes()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Hook(scratch.Bash("git status"));
        scratch.Program("sqlite3", scratch.Store, StoreScratch.ToFirstVersion);
        foreach (string file in (string[])["ledger.anchor", "ledger.key"])
            File.Delete(Path.Combine(scratch.State, file));
        using OtherUser other = OtherUser.Of(scratch);
        scratch.Program(["chmod", "a-w", scratch.State]);
        BundleTroubleTests.AssertOnlyReadingGoesOn(scratch, scratch.Store);
        scratch.Program(["chmod", "u+w", scratch.State]);
        AssertWhole(scratch, 2);
    }

    [Fact]
    public void Log_left_by_a_dead_process_is_taken_in()
    {
        using GateScratch scratch = GateScratch.Wired();
        for (int i = 0; i < 10; i++)
            scratch.Hook(scratch.Bash("git status"));
        Assert.True(new FileInfo(scratch.Store + "-wal").Length > 0, "a hook leaves its log behind");
        File.Delete(scratch.Store + "-shm");
        AssertWhole(scratch, 11);

        // Torn at its end: the last commit is not whole any more, so the row before it is the last. That it was answered is known from the anchor.
        for (int i = 0; i < 3; i++)
            scratch.Hook(scratch.Bash("git status"));
        using (FileStream log = File.OpenWrite(scratch.Store + "-wal"))
            log.SetLength(log.Length - 100);
        File.Delete(scratch.Store + "-shm");
        Assert.Contains("truncated: The ledger was cut after row 13: row 14 was written", scratch.Gate("ledger", "verify").Errors, StringComparison.Ordinal);
        Assert.Equal("allow", scratch.Hook(scratch.Bash("git status")).Decision);
        Assert.Contains("forked: The ledger forks after row 13", scratch.Gate("ledger", "verify").Errors, StringComparison.Ordinal);
        Assert.Equal(14, scratch.Count("SELECT count(*) FROM ledger"));
        scratch.Must("ledger", "archive", "--before", "now", "--damaged");
        scratch.AssertChain();
        AssertWhole(scratch, 2);
    }

    [Fact]
    public void Store_of_a_newer_gate_is_not_touched()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Program("sqlite3", scratch.Store, "PRAGMA user_version=99");
        BundleTroubleTests.AssertOnlyReadingGoesOn(scratch, "update gate");
        Assert.Equal(1, scratch.Gate("init").ExitCode);
        Assert.Contains("update gate", scratch.Gate("ledger", "tail").Errors, StringComparison.Ordinal);
        scratch.Program("sqlite3", scratch.Store, $"PRAGMA user_version={StoreScratch.NewestVersion}");
        AssertWhole(scratch, 1);
    }

    [Fact]
    public void Clock_that_went_back_keeps_the_order()
    {
        using GateScratch scratch = GateScratch.Wired();
        using (GateStore store = GateStore.Open(Encoding.UTF8.GetBytes(scratch.Store), create: false))
        {
            store.Begin();
            store.Append(new LedgerRow { Time = DateTimeOffset.UtcNow.AddYears(3).ToUnixTimeMilliseconds(), Outcome = "allow"u8.ToArray(), Session = "session-1"u8.ToArray() }, countAction: true);
            store.Commit();
        }

        scratch.Hook(scratch.Bash("git status"));
        AssertWhole(scratch, 3);
        List<JsonElement> rows = scratch.Rows();
        Assert.Equal([1L, 2, 3], rows.Select(row => row.GetProperty("sequence").GetInt64()));
        Assert.True(string.CompareOrdinal(rows[0].GetProperty("time").GetString(), rows[1].GetProperty("time").GetString()) > 0);
    }

    [Fact]
    public void Files_of_the_store_are_the_users_alone()
    {
        using GateScratch wired = GateScratch.Wired(), fresh = GateScratch.Bare();
        foreach (GateScratch scratch in new[] { wired, fresh })
        {
            scratch.Hook(scratch.Bash("git status"));
            Assert.Equal(2, Directory.GetFiles(scratch.State, "ledger.*").Length);
            foreach (string file in Directory.GetFiles(scratch.State))
                Assert.Equal("600", scratch.Program("stat", "-c", "%a", file).Trim());
            Assert.Equal("700", scratch.Program("stat", "-c", "%a", scratch.State).Trim());
        }
    }

    [Fact]
    public void Changed_row_is_found()
    {
        using GateScratch scratch = GateScratch.Wired();
        for (int i = 0; i < 5; i++)
            scratch.Hook(scratch.Bash("git status"));
        Assert.NotEqual(0, GateProcess.Run(["sqlite3", scratch.Store, "UPDATE ledger SET outcome='allow' WHERE sequence=3"], null, scratch.Work, scratch.Environment).ExitCode);
        Assert.NotEqual(0, GateProcess.Run(["sqlite3", scratch.Store, "DELETE FROM ledger WHERE sequence=3"], null, scratch.Work, scratch.Environment).ExitCode);
        scratch.AssertChain();
        scratch.Program("sqlite3", scratch.Store, "DROP TRIGGER ledger_no_update; UPDATE ledger SET preview='ls' WHERE sequence=3");
        GateAnswer verify = scratch.Gate("ledger", "verify");
        Assert.True(verify.ExitCode == 1 && verify.Errors.Contains("Row 3 was changed", StringComparison.Ordinal), $"{verify}");
    }

    // One more call works, the chain is whole, and there are at least so many rows.
    internal static void AssertWhole(GateScratch scratch, int rows)
    {
        Assert.Equal("allow", scratch.Hook(scratch.Write("new.txt")).Decision);
        scratch.AssertChain();
        Assert.True(scratch.Count("SELECT count(*) FROM ledger") >= rows);
        Assert.Equal(0, scratch.Gate("status").ExitCode);
    }

    // The log goes into the file, so that the file alone is the store.
    private static void Fold(GateScratch scratch)
    {
        scratch.Program("sqlite3", scratch.Store, "PRAGMA wal_checkpoint(TRUNCATE)");
        Assert.False(File.Exists(scratch.Store + "-wal"));
    }
}
