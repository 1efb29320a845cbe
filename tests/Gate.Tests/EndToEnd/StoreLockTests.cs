using System;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Gate.Store;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>A store that another process holds: waited for, but never past the moment when the agent gives up on the hook.</summary>
[Trait("needs", "binary")]
public class StoreLockTests
{
    /// <summary>The agent's own limit, as <c>gate init</c> wires it; past it the call would run unjudged.</summary>
    private static readonly TimeSpan AgentLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Lock_of_another_process_is_waited_for()
    {
        using GateScratch scratch = GateScratch.Wired();
        Stopwatch watch = Stopwatch.StartNew();
        Task<GateAnswer> call;
        using (Database database = Database.Open(Encoding.UTF8.GetBytes(scratch.Store), create: false))
        {
            database.Execute("BEGIN IMMEDIATE\0"u8);
            call = Task.Run(() => scratch.Hook(scratch.Write("new.txt")), TestContext.Current.CancellationToken);
            await Task.Delay(5000, TestContext.Current.CancellationToken);
            Assert.False(call.IsCompleted);
            database.Execute("ROLLBACK\0"u8);
        }

        Assert.Equal("allow", (await call).Decision);
        Assert.True(watch.Elapsed < AgentLimit, $"took {watch.Elapsed}");
        StoreTroubleTests.AssertWhole(scratch, 2);
    }

    /// <summary>Every event: an answer comes before the agent gives up on the hook, and the ledger is whole when the lock is gone.</summary>
    [Fact]
    public void Lock_that_stays_is_answered_before_the_agent_gives_up()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject completion = scratch.Bash("git status");
        completion["hook_event_name"] = "PostToolUse";
        (string Name, byte[] Payload, int ExitCode)[] calls =
        [
            ("change", GateScratch.Bytes(scratch.Write("new.txt")), 2), ("read", GateScratch.Bytes(scratch.Read("notes.txt")), 0),
            ("malformed", "{}"u8.ToArray(), 2), ("completion", GateScratch.Bytes(completion), 1),
        ];
        (string Name, GateAnswer Answer, TimeSpan Took, int Expected)[] results = new (string, GateAnswer, TimeSpan, int)[calls.Length];
        using (Database database = Database.Open(Encoding.UTF8.GetBytes(scratch.Store), create: false))
        {
            database.Execute("BEGIN IMMEDIATE\0"u8);
            Threads.Run(calls.Length, i =>
            {
                Stopwatch watch = Stopwatch.StartNew();
                results[i] = (calls[i].Name, scratch.Hook(calls[i].Payload), watch.Elapsed, calls[i].ExitCode);
            });
            database.Execute("ROLLBACK\0"u8);
        }

        foreach ((string name, GateAnswer answer, TimeSpan took, int expected) in results)
        {
            Assert.True(took < AgentLimit - TimeSpan.FromSeconds(0.5), $"{name}: took {took}");
            Assert.True(answer.ExitCode == expected, $"{name}: {answer}");
            if (name != "malformed")
                Assert.Contains("held by another process", answer.Output + answer.Errors, StringComparison.Ordinal);
        }

        StoreTroubleTests.AssertWhole(scratch, 1);
    }
}
