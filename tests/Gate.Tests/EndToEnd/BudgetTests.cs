using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Budgets on the real binary: exact under any number of processes, and never in the way of reading.</summary>
[Trait("needs", "binary")]
public class BudgetTests
{
    private const string Touch = "touch new.txt";

    [Theory]
    [InlineData(8, 50)]
    [InlineData(32, 200)]
    public void So_many_calls_at_once_spend_so_much_and_the_next_one_is_denied(int workers, int each)
    {
        using GateScratch scratch = GateScratch.Wired("--budget", $"{workers * each}/600");
        File.WriteAllBytes(Path.Combine(scratch.Root, "input"), GateScratch.Bytes(scratch.Bash(Touch, "CALL")));
        string script = $$"""
            input=$(<../input)
            for worker in {1..{{workers}}}; do
                for ((i = 0; i < {{each}}; i++)); do "$@" <<<"${input/CALL/call-$worker-$i}" >>"../output-$worker"; done &
            done
            wait
            """;
        GateAnswer all = GateProcess.Run(["bash", "-c", script, "bash", ClientPrograms.Gate, "hook", "claude-code"], null, scratch.Work, scratch.Environment, TimeSpan.FromMinutes(5));

        Assert.True(all.ExitCode == 0 && all.Errors.Length == 0, $"{all}");
        string[] answers = [.. Enumerable.Range(1, workers).SelectMany(worker => File.ReadAllLines(Path.Combine(scratch.Root, $"output-{worker}")))];
        Assert.Equal(workers * each, answers.Count(line => line.Contains("\"allow\"", StringComparison.Ordinal)));
        Assert.Equal(2, answers.Count(line => line.Contains("of this session's budget are used", StringComparison.Ordinal)));
        JsonElement worktree = Worktree(scratch), session = worktree.GetProperty("sessions")[0];
        Assert.Equal((workers * each, workers * each), (worktree.GetProperty("used").GetInt32(), session.GetProperty("used").GetInt32()));
        Assert.True(session.GetProperty("spent").GetBoolean());

        GateAnswer next = scratch.Hook(scratch.Bash(Touch));
        Assert.Equal("deny", next.Decision);
        Assert.Contains("gate budget extend", next.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', next.Reason);
        scratch.AssertChain();
    }

    /// <summary>The numbers behind a name are the rules': a layer lowers them, also where the budget was set before.</summary>
    [Fact]
    public void A_named_budget_has_the_numbers_of_the_rules_in_force()
    {
        using GateScratch scratch = GateScratch.Wired("--budget", "strict");
        Directory.CreateDirectory(scratch.PathOf(".gate"));
        File.WriteAllText(scratch.PathOf(".gate/policy.yaml"), "policy: acme\nbudgets: [{name: strict, actions: 3, minutes: 60}]\n");
        scratch.Must("rules", "build");
        Assert.Equal(3, Worktree(scratch).GetProperty("limit").GetInt32());
        for (int i = 0; i < 3; i++)
            Assert.Equal("allow", scratch.Hook(scratch.Bash(Touch)).Decision);
        Assert.Equal("deny", scratch.Hook(scratch.Bash(Touch)).Decision);
        Assert.Contains("strict (3 actions, 60 minutes)", scratch.Gate("init", "--budget", "lax").Errors, StringComparison.Ordinal);

        File.WriteAllText(scratch.PathOf(".gate/policy.yaml"), "policy: acme\nbudgets: [{name: strict, actions: 501, minutes: 60}]\n");
        Assert.Contains("can only tighten", scratch.Gate("rules", "build").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Spent_budget_leaves_reading_and_a_new_session()
    {
        using GateScratch scratch = GateScratch.Wired("--budget", "3/60");
        for (int i = 0; i < 3; i++)
            Assert.Equal("allow", scratch.Hook(scratch.Bash(Touch)).Decision);
        Assert.Equal("deny", scratch.Hook(scratch.Bash(Touch)).Decision);
        Assert.Equal("deny", scratch.Hook(scratch.Write("new.txt")).Decision);
        Assert.Equal("allow", scratch.Hook(scratch.Read("notes.txt")).Decision);
        Assert.Equal("allow", scratch.Hook(scratch.Bash("cat notes.txt && git status")).Decision);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push")).Decision);
        Assert.Contains("[git.force-push]", scratch.Hook(scratch.Bash("git push --force")).Reason, StringComparison.Ordinal);

        Assert.Equal("allow", scratch.Hook(In(scratch.Bash(Touch), "session-2")).Decision);
        Assert.Equal("deny", scratch.Hook(scratch.Bash(Touch)).Decision);
    }

    [Fact]
    public void Warnings_come_with_any_answer_once_each()
    {
        using GateScratch scratch = GateScratch.Wired("--budget", "20/60");
        string[] commands = [Touch, "git push --force", "git push"];
        List<int> told = [];
        for (int i = 1; i <= 19; i++)
        {
            GateAnswer answer = scratch.Hook(scratch.Bash(commands[i == 16 ? 1 : i == 19 ? 2 : 0]));
            if (answer.Output.Contains("of the 20 actions of this session's budget are used", StringComparison.Ordinal))
                told.Add(i);
        }

        Assert.Equal([16, 19], told);
    }

    [Fact]
    public void Each_worktree_has_its_own()
    {
        using GateScratch scratch = GateScratch.Wired("--budget", "2/60");
        scratch.Git("commit", "--quiet", "--allow-empty", "--message=first");
        string other = Path.Combine(scratch.Root, "other");
        scratch.Git("worktree", "add", "--quiet", "-b", "other", other);
        Assert.Equal(0, scratch.Run(["init", "--budget", "none"], null, other).ExitCode);
        for (int i = 0; i < 4; i++)
        {
            JsonObject call = In(scratch.Bash("touch x"), "session-2");
            call["cwd"] = other;
            Assert.Equal("allow", scratch.Hook(call).Decision);
            Assert.Equal(i < 2 ? "allow" : "deny", scratch.Hook(scratch.Bash(Touch)).Decision);
        }

        Assert.Equal([("custom", 4), ("none", 4)], Worktrees(scratch).Select(tree => (tree.GetProperty("budget").GetString(), tree.GetProperty("actions").GetInt32())).Order());
        Assert.Contains("spent: gate budget extend", scratch.Must("budget"), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_is_counted_and_an_old_period_ends()
    {
        using GateScratch scratch = GateScratch.Wired("--budget", "5/60");
        scratch.Hook(scratch.Bash(Touch));
        Behind(scratch, "UPDATE sessions SET since=since-3600000,last=last-1000");
        GateAnswer late = scratch.Hook(scratch.Bash(Touch));
        Assert.Equal("deny", late.Decision);
        Assert.Contains("budget of 60 minutes is spent", late.Reason, StringComparison.Ordinal);

        Behind(scratch, "UPDATE sessions SET last=last-3600000");
        Assert.Equal("allow", scratch.Hook(scratch.Bash(Touch)).Decision);

        Behind(scratch, "UPDATE worktrees SET used=5; UPDATE sessions SET used=0");
        Assert.Contains("sessions of this worktree share", scratch.Hook(scratch.Bash(Touch)).Reason, StringComparison.Ordinal);
        Behind(scratch, "UPDATE worktrees SET since=since-3600000");
        Assert.Equal("allow", scratch.Hook(scratch.Bash(Touch)).Decision);

        // The clock was far ahead, and is right again.
        Behind(scratch, "UPDATE worktrees SET since=since+100000000000; UPDATE sessions SET since=since+100000000000,last=last+100000000000");
        Assert.Equal("allow", scratch.Hook(scratch.Bash(Touch)).Decision);
        Assert.Equal(1, scratch.Count($"SELECT count(*) FROM worktrees WHERE since<={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}"));
    }

    [Theory]
    [InlineData("extend")]
    [InlineData("reset")]
    [InlineData("set", "none")]
    public void Only_a_person_changes_it(params string[] change)
    {
        using GateScratch scratch = GateScratch.Wired("--budget", "2/60");
        for (int i = 0; i < 3; i++)
            scratch.Hook(scratch.Bash(Touch));
        long rows = scratch.Count("SELECT count(*) FROM ledger");
        Assert.Equal("deny", scratch.Hook(In(scratch.Bash("gate budget " + string.Join(' ', change)), "session-2")).Decision);
        Assert.Equal("allow", scratch.Hook(In(scratch.Bash("gate budget"), "session-2")).Decision);

        GateAnswer alone = scratch.Gate(["budget", .. change]);
        Assert.Equal(1, alone.ExitCode);
        Assert.Contains("is for people", alone.Errors, StringComparison.Ordinal);
        Assert.Contains("CLAUDECODE", OnTerminal.Run(scratch, ["budget", .. change], "CLAUDECODE=1"), StringComparison.Ordinal);
        Assert.Contains("started by claude", OnTerminal.Run(scratch, ["budget", .. change], through: "claude"), StringComparison.Ordinal);
        Assert.Equal(rows + 2, scratch.Count("SELECT count(*) FROM ledger"));
        Assert.Equal("deny", scratch.Hook(scratch.Bash(Touch)).Decision);

        string said = OnTerminal.Run(scratch, ["budget", .. change]);
        Assert.DoesNotContain("is for people", said, StringComparison.Ordinal);
        Assert.Equal("allow", scratch.Hook(scratch.Bash(Touch)).Decision);
        JsonElement row = scratch.Rows().Single(one => one.GetProperty("event").GetString() == "BudgetChange");
        Assert.Equal((change[0], "person"), (row.GetProperty("detail").GetProperty("change").GetString(), row.GetProperty("agent").GetString()));
        scratch.AssertChain();
    }

    private static JsonObject In(JsonObject call, string session)
    {
        call["session_id"] = session;
        return call;
    }

    private static void Behind(GateScratch scratch, string sql) => scratch.Program("sqlite3", scratch.Store, sql);

    private static JsonElement.ArrayEnumerator Worktrees(GateScratch scratch) => JsonDocument.Parse(scratch.Must("budget", "--json")).RootElement.GetProperty("worktrees").EnumerateArray();

    private static JsonElement Worktree(GateScratch scratch) => Worktrees(scratch).Single(tree => tree.GetProperty("here").GetBoolean());
}
