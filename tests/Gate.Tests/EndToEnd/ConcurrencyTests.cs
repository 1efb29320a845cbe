using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Many hooks at once on one store: nothing is lost, nothing counted twice.</summary>
[Trait("needs", "binary")]
public class ConcurrencyTests
{
    [Fact]
    public void Eight_times_fifty_calls_are_four_hundred_rows()
    {
        using GateScratch scratch = GateScratch.Wired();
        int refused = 0;
        Threads.Run(8, worker =>
        {
            for (int i = 0; i < 50; i++)
            {
                if (scratch.Hook(scratch.Bash("git status", $"call-{worker}-{i}")).Decision != "allow")
                    Interlocked.Increment(ref refused);
            }
        });

        Assert.Equal(0, refused);
        List<JsonElement> rows = scratch.Rows();
        Assert.Equal(400, rows.Count);
        Assert.Equal(400, rows.Select(row => row.GetProperty("call").GetString()).Distinct().Count());
        Assert.Equal(400, scratch.Count("SELECT sum(actions) FROM sessions"));
        Assert.Equal(400, scratch.Count("SELECT sum(actions) FROM worktrees"));
        Assert.Equal(400, scratch.Count("SELECT count(*) FROM pending"));
        scratch.AssertChain();
    }

    /// <summary>Started by shells, so that the processes are Gate's own: every answer is in the ledger once, and every counter has it.</summary>
    [Fact]
    public void Thirty_two_times_two_hundred_calls_are_six_thousand_four_hundred_rows()
    {
        const int Workers = 32, Each = 200;
        using GateScratch scratch = GateScratch.Wired();
        File.WriteAllBytes(Path.Combine(scratch.Root, "input"), GateScratch.Bytes(scratch.Bash("git status", "CALL")));
        string script = $$"""
            input=$(<../input)
            for worker in {1..{{Workers}}}; do
                for ((i = 0; i < {{Each}}; i++)); do "$@" <<<"${input/CALL/call-$worker-$i}" >>"../output-$worker"; done &
            done
            wait
            """;
        GateAnswer all = GateProcess.Run(["bash", "-c", script, "bash", ClientPrograms.Gate, "hook", "claude-code"], null, scratch.Work, scratch.Environment, TimeSpan.FromMinutes(5));

        Assert.True(all.ExitCode == 0 && all.Errors.Length == 0, $"{all}");
        for (int worker = 1; worker <= Workers; worker++)
            Assert.Equal(Each, File.ReadAllLines(Path.Combine(scratch.Root, $"output-{worker}")).Count(line => line.Contains("\"allow\"", StringComparison.Ordinal)));
        foreach (string sql in (string[])["SELECT count(*) FROM ledger", "SELECT count(DISTINCT call) FROM ledger", "SELECT max(sequence) FROM ledger", "SELECT sum(actions) FROM sessions", "SELECT sum(actions) FROM worktrees", "SELECT count(*) FROM pending"])
            Assert.Equal(Workers * Each, scratch.Count(sql));
        Assert.Equal(Workers * Each / 256, scratch.Count("SELECT count(*) FROM checkpoints"));
        scratch.AssertChain();
        Assert.Contains($"anchored up to row {Workers * Each}", scratch.Must("ledger", "verify"), StringComparison.Ordinal);
    }

    /// <summary>One shell starts them all, each with its input at hand: they meet in the very making of the file.</summary>
    [Fact]
    public void First_calls_of_a_fresh_home_make_one_store_together()
    {
        using GateScratch scratch = GateScratch.Bare();
        for (int i = 0; i < 16; i++)
            File.WriteAllBytes(Path.Combine(scratch.Root, $"input-{i}"), GateScratch.Bytes(scratch.Bash("touch new", $"call-{i}")));
        for (int round = 0; round < 40; round++)
        {
            scratch.Environment["HOME"] = Path.Combine(scratch.Root, $"home-{round}");
            Directory.CreateDirectory(scratch.Environment["HOME"]);
            GateAnswer all = scratch.Shell("for i in $(seq 0 15); do \"$@\" <../input-$i >../output-$i & done; wait", []);

            Assert.True(all.Errors.Length == 0, $"round {round}: {all}");
            for (int i = 0; i < 16; i++)
                Assert.Contains("\"allow\"", File.ReadAllText(Path.Combine(scratch.Root, $"output-{i}")), StringComparison.Ordinal);
            Assert.Equal(16, scratch.Rows().Select(row => row.GetProperty("call").GetString()).Distinct().Count());
            scratch.AssertChain();
        }
    }

    [Fact]
    public void Init_in_two_worktrees_at_once_wires_both()
    {
        using GateScratch scratch = GateScratch.Bare();
        scratch.Git("commit", "--quiet", "--allow-empty", "--message=first");
        string[] trees = [.. Enumerable.Range(0, 5).Select(i => Path.Combine(scratch.Root, "tree" + i))];
        foreach (string tree in trees)
            scratch.Git("worktree", "add", "--quiet", "-b", Path.GetFileName(tree), tree);
        GateAnswer[] answers = new GateAnswer[trees.Length];
        Threads.Run(trees.Length, i => answers[i] = scratch.Run(["init"], null, trees[i]));

        Assert.All(answers, answer => Assert.True(answer.ExitCode == 0, $"{answer}"));
        foreach (string tree in trees)
        {
            GateAnswer status = scratch.Run(["status", "--json"], null, tree);
            Assert.True(status.ExitCode == 0 && status.Json.GetProperty("wired").GetBoolean(), $"{status}");
        }

        Assert.Equal("allow", scratch.Hook(scratch.Bash("git status")).Decision);
    }

    [Fact]
    public void Readers_and_verbs_do_not_disturb_the_writers()
    {
        using GateScratch scratch = GateScratch.Wired();
        Threads.Beside(
            _ =>
            {
                scratch.AssertChain();
                Assert.Equal(0, scratch.Gate("status").ExitCode);
            },
            () => Threads.Run(3, worker =>
            {
                for (int i = 0; i < 60; i++)
                    Assert.Equal("allow", scratch.Hook(scratch.Bash("git status", $"call-{worker}-{i}")).Decision);
            }));
        Assert.Equal(180, scratch.Count("SELECT count(*) FROM ledger"));
    }
}
