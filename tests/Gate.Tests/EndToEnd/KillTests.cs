using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>A hook killed at any instant, while others run: who got an answer is in the ledger, and the rest of the store is exact.</summary>
[Trait("needs", "binary")]
[Collection(ClientCollection.Name)]
public class KillTests
{
    private static readonly int Trials = int.Parse(Environment.GetEnvironmentVariable("GATE_KILL_TRIALS") ?? "200");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Killed_at_any_instant(bool initialised)
    {
        using GateScratch scratch = initialised ? GateScratch.Wired() : GateScratch.Bare();
        int trials = initialised ? Trials : Math.Max(1, Trials / 4);
        List<string> answered = [];
        int beside = 0, killed = 0, silent = 0;
        Threads.Beside(
            i =>
            {
                string call = $"beside-{i}";
                if (scratch.Hook(scratch.Bash("git status", call)).Decision != "allow")
                    return;
                lock (answered)
                    answered.Add(call);
                beside++;
            },
            () =>
            {
                Random random = new(20250711);
                string input = Path.Combine(scratch.Root, "input"), output = Path.Combine(scratch.Root, "output");
                for (int i = 0; i < trials; i++)
                {
                    string call = $"killed-{i}";
                    File.WriteAllText(input, scratch.Bash("git status", call).ToJsonString());
                    File.WriteAllText(output, "");

                    // Mostly within the time a whole call takes; now and then when it must have ended.
                    long microseconds = i % 10 == 9 ? 20_000 : random.Next(0, 4000);
                    killed += RawProcess.RunAndKill(ClientPrograms.Gate, ["hook", "claude-code"], [$"HOME={scratch.Home}"], input, output, microseconds) ? 1 : 0;
                    if (File.ReadAllText(output).Length == 0)
                    {
                        silent++;
                        continue;
                    }

                    lock (answered)
                        answered.Add(call);
                }
            });

        Assert.Equal("allow", scratch.Hook(scratch.Bash("git status", "after")).Decision);

        HashSet<string> recorded = [.. scratch.Rows().Select(row => row.GetProperty("call").GetString()!)];
        Assert.Subset(recorded, answered.ToHashSet());
        scratch.AssertChain();
        long rows = scratch.Count("SELECT count(*) FROM ledger WHERE event='PreToolUse'");
        Assert.Equal(rows, recorded.Count);
        Assert.Equal(rows, scratch.Count("SELECT sum(actions) FROM sessions"));
        Assert.Equal(rows, scratch.Count("SELECT sum(actions) FROM worktrees"));
        Assert.Equal(rows, scratch.Count("SELECT count(*) FROM pending"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{trials} trials: {killed} killed while running, {silent} without an answer, {recorded.Count(call => call.StartsWith("killed", StringComparison.Ordinal))} recorded; {beside} calls beside them");
        Assert.InRange(silent, trials / 20, trials - (trials / 20));
    }

    /// <summary>The first call of a home makes the store; one that dies in the middle of it leaves nothing that the next cannot finish.</summary>
    [Fact]
    public void Killed_while_the_store_is_made()
    {
        using GateScratch scratch = GateScratch.Bare();
        string input = Path.Combine(scratch.Root, "input"), output = Path.Combine(scratch.Root, "output");
        File.WriteAllText(input, scratch.Bash("git status", "killed").ToJsonString());
        Random random = new(20250712);
        int halves = 0;
        for (int i = 0; i < Trials / 2; i++)
        {
            scratch.Environment["HOME"] = Path.Combine(scratch.Root, $"home-{i}");
            Directory.CreateDirectory(scratch.Environment["HOME"]);
            File.WriteAllText(output, "");
            RawProcess.RunAndKill(ClientPrograms.Gate, ["hook", "claude-code"], [$"HOME={scratch.Environment["HOME"]}"], input, output, random.Next(500, 6000));
            string store = Path.Combine(scratch.Environment["HOME"], ".local", "state", "gate", "store.db");
            halves += File.Exists(store) && File.ReadAllText(output).Length == 0 ? 1 : 0;

            Assert.Equal("allow", scratch.Hook(scratch.Bash("git status", "after")).Decision);
            string[] calls = [.. scratch.Rows().Select(row => row.GetProperty("call").GetString()!)];
            Assert.Equal("after", calls[^1]);
            Assert.True(calls.Length == 2 || File.ReadAllText(output).Length == 0, "an answered call is missing");
            scratch.AssertChain();
            scratch.Must("rules", "build");
        }

        Assert.True(halves > 0, "no trial hit the making of the store");
    }
}
