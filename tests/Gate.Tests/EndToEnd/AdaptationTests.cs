using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gate.Store;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Soft rules on the real binary: people's answers reach them, the draw is recorded, and a replay is exact.</summary>
[Trait("needs", "binary")]
public class AdaptationTests
{
    private const string Soft = "deployments.task", Answered = "SELECT ifnull(sum(needed),0)*1000+ifnull(sum(idle),0) FROM posteriors";

    [Fact]
    public void Questions_that_people_let_go_become_fewer_and_refusals_bring_them_back()
    {
        using GateScratch scratch = GateScratch.Wired();
        for (int i = 0; i < 60; i++)
        {
            string call = $"call-{i}";
            if (scratch.Hook(scratch.Bash($"npm run deploy -- --to={i}", call)).Decision == "ask")
                Come(scratch, $"npm run deploy -- --to={i}", call);
        }

        string[] late = [.. Enumerable.Range(100, 60).Select(i => scratch.Hook(scratch.Bash($"npm run deploy -- --to={i}")).Decision)];
        Assert.InRange(late.Count(outcome => outcome == "allow"), 35, 59);
        JsonElement[] rows = [.. scratch.Rows().Where(row => row.GetProperty("event").GetString() == "PreToolUse" && row.GetProperty("detail").TryGetProperty("draws", out _))];
        Assert.All(rows, row =>
        {
            JsonElement draw = row.GetProperty("detail").GetProperty("draws")[0];
            Assert.Equal((Soft, draw.GetProperty("intervenes").GetBoolean() ? "ask" : "allow"), (draw.GetProperty("rule").GetString(), row.GetProperty("outcome").GetString()));
            Assert.Contains(row.GetProperty("rules").EnumerateArray(), rule => rule.GetString() == Soft);
        });
        Assert.Contains(rows, row => row.GetProperty("outcome").GetString() == "allow");

        // What is asked and left lying is refused by the next prompt.
        long before = scratch.Count("SELECT needed FROM posteriors");
        scratch.Hook(Prompt(scratch, "do something else"));
        long refused = scratch.Count("SELECT needed FROM posteriors") - before;
        Assert.Equal(late.Count(outcome => outcome == "ask"), refused);
        scratch.Hook(Prompt(scratch, "and go on"));
        Assert.Equal(refused + before, scratch.Count("SELECT needed FROM posteriors"));
        string shown = scratch.Must("rules", "show", Soft);
        Assert.Contains($"{refused + before} needed, ", shown, StringComparison.Ordinal);
        Assert.Contains("intervenes in about ", shown, StringComparison.Ordinal);
        scratch.AssertChain();
    }

    /// <summary>The same request with the same answers is drawn the same.</summary>
    [Fact]
    public void A_call_that_is_made_again_is_drawn_the_same()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Program("sqlite3", scratch.Store, $"INSERT INTO posteriors VALUES({GateStore.KeyOf(System.Text.Encoding.UTF8.GetBytes(Path.Combine(scratch.Work, ".git")), Soft)},'','',3,30)");
        for (int i = 0; i < 20; i++)
        {
            string[] outcomes = [.. Enumerable.Range(0, 3).Select(_ => scratch.Hook(scratch.Bash($"npm run deploy -- --to={i}", "same")).Decision)];
            Assert.Single(outcomes.Distinct());
        }
    }

    [Theory]
    [InlineData("bypassPermissions")]
    [InlineData("dontAsk")]
    public void What_no_person_answered_is_no_answer(string mode)
    {
        using GateScratch scratch = GateScratch.Wired();
        for (int i = 0; i < 3; i++)
        {
            JsonObject call = scratch.Bash("npm run deploy", $"call-{i}");
            call["permission_mode"] = mode;
            Assert.Equal("ask", scratch.Hook(call).Decision);
            Come(scratch, "npm run deploy", $"call-{i}");
        }

        Assert.Equal(0, scratch.Count(Answered));
    }

    /// <summary>A refusal that was none: the call came back after the prompt.</summary>
    [Fact]
    public void Late_return_takes_the_refusal_back()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Equal("ask", scratch.Hook(scratch.Bash("npm run deploy", "late")).Decision);
        scratch.Hook(Prompt(scratch, "meanwhile"));
        Assert.Equal(1000, scratch.Count(Answered));
        Come(scratch, "npm run deploy", "late");
        Assert.Equal(1, scratch.Count(Answered));
        scratch.AssertChain();
    }

    private static void Come(GateScratch scratch, string command, string call)
    {
        JsonObject done = scratch.Bash(command, call);
        (done["hook_event_name"], done["tool_response"]) = ("PostToolUse", new JsonObject { ["stdout"] = "done" });
        Assert.Equal(0, scratch.Hook(done).ExitCode);
    }

    private static JsonObject Prompt(GateScratch scratch, string text) => new()
    {
        ["session_id"] = "session-1", ["transcript_path"] = "", ["cwd"] = scratch.Work, ["permission_mode"] = "default", ["hook_event_name"] = "UserPromptSubmit", ["prompt"] = text,
    };
}
