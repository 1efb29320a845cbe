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

    [Fact]
    public void First_calls_of_a_fresh_home_make_one_store_together()
    {
        for (int round = 0; round < 4; round++)
        {
            using GateScratch scratch = GateScratch.Bare();
            byte[][] payloads = [.. Enumerable.Range(0, 16).Select(i => GateScratch.Bytes(scratch.Bash("git status", $"call-{i}")))];
            GateAnswer[] answers = new GateAnswer[payloads.Length];
            Threads.Run(payloads.Length, i => answers[i] = scratch.Hook(payloads[i]));

            Assert.All(answers, answer => Assert.True(answer.Decision == "allow" && answer.Errors.Length == 0, $"{answer}"));
            Assert.Equal(16, scratch.Rows().Select(row => row.GetProperty("call").GetString()).Distinct().Count());
            Assert.Equal(16, scratch.Count("SELECT sum(actions) FROM worktrees"));
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
