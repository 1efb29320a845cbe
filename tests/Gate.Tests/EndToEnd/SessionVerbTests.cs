using System;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>What a person says about a worktree or a session, on the real binary.</summary>
[Trait("needs", "binary")]
public class SessionVerbTests
{
    [Fact]
    public void Local_only_shuts_the_network_until_it_is_taken_back()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Equal("ask", scratch.Hook(scratch.Bash("git push")).Decision);
        OnTerminal.Run(scratch, ["session", "set", "local-only"]);
        GateAnswer denied = scratch.Hook(scratch.Bash("git push"));
        Assert.Equal("deny", denied.Decision);
        Assert.Contains("local-only", denied.Reason, StringComparison.Ordinal);
        Assert.Equal("deny", scratch.Hook(In(scratch.Bash("curl https://example.org/x"), "session-2")).Decision);
        Assert.Equal("allow", scratch.Hook(scratch.Bash("git commit -m x")).Decision);
        Assert.Equal("local-only", Json(scratch, "session-1").GetProperty("facts")[0].GetProperty("fact").GetString());

        OnTerminal.Run(scratch, ["session", "set", "local-only", "--off"]);
        Assert.Equal("ask", scratch.Hook(scratch.Bash("git push")).Decision);
        scratch.AssertChain();
    }

    [Fact]
    public void One_session_alone_and_for_a_time()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Hook(scratch.Bash("git status"));
        OnTerminal.Run(scratch, ["session", "set", "local-only", "--session", "session-1", "--for", "10m"]);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push")).Decision);
        Assert.Equal("ask", scratch.Hook(In(scratch.Bash("git push"), "session-2")).Decision);
        Assert.Equal(JsonValueKind.String, Json(scratch, "session-1").GetProperty("facts")[0].GetProperty("until").ValueKind);
        scratch.Program("sqlite3", scratch.Store, "UPDATE sessions SET words=replace(words,substr(words,1,13),'1700000000000')");
        Assert.Equal("ask", scratch.Hook(scratch.Bash("git push")).Decision);
        Assert.Equal(0, Json(scratch, "session-1").GetProperty("facts").GetArrayLength());
    }

    [Fact]
    public void Changes_outside_the_scope_ask()
    {
        using GateScratch scratch = GateScratch.Wired();
        OnTerminal.Run(scratch, ["session", "set", "scope", "src/**", "notes.txt"]);
        Assert.Equal("allow", scratch.Hook(scratch.Write("src/a/b.cs")).Decision);
        Assert.Equal("allow", scratch.Hook(scratch.Write("notes.txt")).Decision);
        GateAnswer asked = scratch.Hook(scratch.Write("docs/a.md"));
        Assert.Equal("ask", asked.Decision);
        Assert.Contains("outside the scope", asked.Reason, StringComparison.Ordinal);
        Assert.Equal("ask", scratch.Hook(scratch.Bash("rm docs.md")).Decision);
        Assert.Equal("allow", scratch.Hook(scratch.Bash("cat docs.md; git status")).Decision);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push --force")).Decision);
    }

    /// <summary>What a rule asks a person about: denied until it is said, then as without the rule, and denied again when its time is over.</summary>
    [Fact]
    public void A_rule_waits_for_what_a_person_says_until_it_is_over()
    {
        using GateScratch scratch = GateScratch.Bare();
        System.IO.Directory.CreateDirectory(scratch.PathOf(".gate"));
        System.IO.File.WriteAllText(scratch.PathOf(".gate/policy.yaml"), "policy: acme\noutcomes:\n- {rules: [forge.before-review], outcome: deny}\n");
        scratch.Must("init");
        GateAnswer denied = scratch.Hook(scratch.Bash("git push"));
        Assert.Equal("deny", denied.Decision);
        Assert.Contains("threads-checked", denied.Reason, StringComparison.Ordinal);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("gate session set threads-checked --for 30m; git push")).Decision);

        Assert.Contains("Say for how long", OnTerminal.Run(scratch, ["session", "set", "threads-checked"]), StringComparison.Ordinal);
        Assert.Contains("threads-checked", OnTerminal.Run(scratch, ["session", "set", "thread-checked", "--for", "30m"]), StringComparison.Ordinal);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push")).Decision);
        OnTerminal.Run(scratch, ["session", "set", "threads-checked", "--for", "30m"]);
        Assert.Equal("ask", scratch.Hook(scratch.Bash("git push")).Decision);
        Assert.Equal("ask", scratch.Hook(scratch.Bash("gh pr merge 12 --squash")).Decision);
        Assert.Equal("allow", scratch.Hook(scratch.Write("a.txt")).Decision);
        Assert.Equal(3, scratch.Gate("check", "git push").ExitCode);
        Assert.Equal("threads-checked", Json(scratch, "session-1").GetProperty("facts")[0].GetProperty("fact").GetString());

        scratch.Program("sqlite3", scratch.Store, "UPDATE worktrees SET words=replace(words,substr(words,1,13),'1700000000000')");
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push")).Decision);
        Assert.Equal(2, scratch.Gate("check", "git push").ExitCode);

        OnTerminal.Run(scratch, ["session", "set", "threads-checked", "--session", "session-1", "--for", "1h"]);
        Assert.Equal("ask", scratch.Hook(scratch.Bash("git push")).Decision);
        Assert.Equal("deny", scratch.Hook(In(scratch.Bash("git push"), "session-2")).Decision);
        OnTerminal.Run(scratch, ["session", "set", "threads-checked", "--session", "session-1", "--off"]);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push")).Decision);
        scratch.AssertChain();
    }

    /// <summary>A line that nobody can read is not a line that says nothing.</summary>
    [Theory]
    [InlineData("0 something-new")]
    [InlineData("nonsense")]
    [InlineData("0")]
    public void What_is_not_known_asks_before_anything_changes(string words)
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Program("sqlite3", scratch.Store, $"UPDATE worktrees SET words='{words}'");
        Assert.Equal("ask", scratch.Hook(scratch.Write("a.txt")).Decision);
        Assert.Equal("allow", scratch.Hook(scratch.Read("notes.txt")).Decision);
    }

    [Fact]
    public void Only_a_person_sets_it()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Equal("deny", scratch.Hook(scratch.Bash("gate session set local-only --off")).Decision);
        Assert.Equal("allow", scratch.Hook(scratch.Bash("gate session list")).Decision);
        GateAnswer refused = scratch.Gate("session", "set", "local-only");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is for people", refused.Errors, StringComparison.Ordinal);
        Assert.Single(scratch.Must("session", "list", "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static JsonElement Json(GateScratch scratch, string session) => JsonDocument.Parse(scratch.Must("session", "show", session, "--json")).RootElement;

    private static JsonObject In(JsonObject call, string session)
    {
        call["session_id"] = session;
        return call;
    }
}
