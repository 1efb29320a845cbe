using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>A call that came back completes its decision; one that was denied, or is not known, completes nothing.</summary>
[Trait("needs", "binary")]
public class CompletionTests
{
    [Theory]
    [InlineData("PostToolUse", false)]
    [InlineData("PostToolUseFailure", true)]
    public void Completion_names_its_decision_once(string @event, bool failed)
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject call = scratch.Bash("git status", "call-1");
        Assert.Equal("allow", scratch.Hook(call).Decision);
        Assert.Equal(1, scratch.Count("SELECT count(*) FROM pending WHERE call='call-1' AND sequence=1"));

        Assert.Equal("silent", scratch.Hook(Came(call, @event)).Decision);
        Assert.Equal(0, scratch.Count("SELECT count(*) FROM pending"));
        Assert.Equal("silent", scratch.Hook(Came(call, @event)).Decision);

        List<JsonElement> rows = scratch.Rows();
        Assert.Equal(3, rows.Count);
        Assert.Equal(1, rows[1].GetProperty("completes").GetInt64());
        Assert.False(rows[2].TryGetProperty("completes", out _));
        Assert.Equal("observe", rows[1].GetProperty("outcome").GetString());
        JsonElement detail = rows[1].GetProperty("detail");
        Assert.Equal(failed, detail.GetProperty("failed").GetBoolean());
        Assert.Equal(42, detail.GetProperty("duration").GetInt64());
        Assert.Equal(64, detail.GetProperty("digest").GetString()!.Length);
        Assert.DoesNotContain("the tool's own words", rows[1].GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, scratch.Count("SELECT sum(actions) FROM sessions"));
        scratch.AssertChain();
    }

    [Fact]
    public void Unknown_call_completes_nothing()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Equal("silent", scratch.Hook(Came(scratch.Bash("git status", "never-seen"), "PostToolUse")).Decision);
        Assert.False(Assert.Single(scratch.Rows()).TryGetProperty("completes", out _));
        Assert.Equal(1, scratch.Count("SELECT count(*) FROM ledger WHERE completes=0"));
    }

    [Fact]
    public void Denied_call_waits_for_nothing_and_an_asked_one_may_come_back()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push --force", "denied")).Decision);
        Assert.Equal("ask", scratch.Hook(scratch.Bash("git push", "asked")).Decision);
        Assert.Equal(1, scratch.Count("SELECT count(*) FROM pending"));
        scratch.Hook(Came(scratch.Bash("git push", "asked"), "PostToolUse"));
        Assert.Equal(2, scratch.Rows()[^1].GetProperty("completes").GetInt64());
    }

    [Fact]
    public void Parallel_calls_complete_each_its_own()
    {
        using GateScratch scratch = GateScratch.Wired();
        Threads.Run(6, worker =>
        {
            for (int i = 0; i < 10; i++)
            {
                JsonObject call = scratch.Bash($"echo {worker} {i}", $"call-{worker}-{i}");
                Assert.Equal("allow", scratch.Hook(call).Decision);
                Assert.Equal("silent", scratch.Hook(Came(call, i % 2 == 0 ? "PostToolUse" : "PostToolUseFailure")).Decision);
            }
        });

        List<JsonElement> rows = scratch.Rows();
        Assert.Equal(120, rows.Count);
        foreach (JsonElement row in rows.Where(row => row.TryGetProperty("completes", out _)))
        {
            JsonElement decision = rows[(int)row.GetProperty("completes").GetInt64() - 1];
            Assert.Equal(decision.GetProperty("call").GetString(), row.GetProperty("call").GetString());
        }

        Assert.Equal(60, rows.Count(row => row.TryGetProperty("completes", out _)));
        Assert.Equal(0, scratch.Count("SELECT count(*) FROM pending"));
        Assert.Equal(60, scratch.Count("SELECT sum(actions) FROM worktrees"));
        scratch.AssertChain();
    }

    [Fact]
    public void Large_output_is_digested_and_not_kept()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject call = scratch.Bash("git status", "call-1");
        scratch.Hook(call);
        JsonObject came = Came(call, "PostToolUse");
        came["tool_response"] = new string('x', 30 << 20);
        Assert.Equal("silent", scratch.Hook(came).Decision);
        Assert.Equal((30 << 20) + 2, scratch.Rows()[1].GetProperty("detail").GetProperty("size").GetInt64());
        Assert.True(new System.IO.FileInfo(scratch.Store).Length < 1 << 20);
    }

    private static JsonObject Came(JsonObject call, string @event)
    {
        JsonObject came = call.DeepClone().AsObject();
        came["hook_event_name"] = @event;
        came["duration_ms"] = 42;
        if (@event == "PostToolUse")
            came["tool_response"] = new JsonObject { ["stdout"] = "the tool's own words", ["interrupted"] = false };
        else
            came["error"] = "the tool's own words";
        return came;
    }
}
