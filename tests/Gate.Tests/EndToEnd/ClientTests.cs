using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>The real client, driven by a scripted model: what Gate answers is what the client obeys.</summary>
[Collection(ClientCollection.Name)]
[Trait("needs", "binary")]
[Trait("needs", "client")]
public class ClientTests
{
    private const string Default = "default";
    private const string AcceptEdits = "acceptEdits";
    private const string Bypass = "bypassPermissions";

    // What the client says when it blocks on its own account, because the hook gave no answer.
    private const string OnFailure = "because onFailure is";

    private const string ForcedPush = "git push --force origin main";

    private static readonly ClientTurn Push = new(ClientCall.Bash("toolu_push", ForcedPush));

    /// <summary>Without this one the others would prove nothing: left alone, the client does run the forced push.</summary>
    [Fact]
    public async Task Unguarded_client_runs_the_forced_push()
    {
        using ClientScratch scratch = await ClientScratch.BareAsync();

        ClientRun run = await ClientRun.StartAsync(scratch, Bypass, Push);

        Assert.False(run.Result("toolu_push").IsError);
        Assert.Equal("rewritten", await scratch.RemoteSubjectAsync());
    }

    /// <summary>
    /// In default mode nobody is there to ask, so the harmless command is one the client runs by itself; in bypass mode it
    /// leaves a file behind.
    /// </summary>
    [Theory]
    [InlineData(Default, "git status --branch --short", "## main")]
    [InlineData(Bypass, "echo gate-ran | tee marker-file", "gate-ran")]
    public async Task Dangerous_call_is_refused_and_harmless_one_runs(string mode, string harmless, string shown)
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();

        ClientRun run = await ClientRun.StartAsync(
            scratch, mode, Push, new ClientTurn(ClientCall.Bash("toolu_harmless", harmless)));

        AssertRefused(run.Result("toolu_push"));
        Assert.Equal("pushed", await scratch.RemoteSubjectAsync());
        ClientResult ran = run.Result("toolu_harmless");
        Assert.False(ran.IsError, ran.Text);
        Assert.Contains(shown, ran.Text, StringComparison.Ordinal);
        Assert.Equal(mode == Bypass, File.Exists(scratch.PathOf("marker-file")));
        Assert.Equal(["deny", "allow"], Outcomes(await scratch.LedgerAsync(run.Session), "Bash"));
    }

    /// <summary>A person's slash command, typed after the call went through: the next session of the real client cannot make it again, and its agent was told why.</summary>
    [Fact]
    public async Task Slash_command_stops_the_call_for_good()
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();
        await File.WriteAllTextAsync(scratch.PathOf("keep.txt"), "mine", TestContext.Current.CancellationToken);
        ClientRun first = await ClientRun.StartAsync(scratch, Bypass, new ClientTurn(ClientCall.Bash("toolu_first", "rm keep.txt")));
        Assert.False(first.Result("toolu_first").IsError);
        Assert.False(File.Exists(scratch.PathOf("keep.txt")));

        ClientRun thumb = await ClientRun.PromptAsync(scratch, Bypass, "/thumbs-down that file was mine", first.Session, new ClientTurn(ClientCall.Bash("toolu_look", "git status")));
        Assert.Contains(thumb.Told, body => body.Contains("Lesson 1 holds from now on", StringComparison.Ordinal) && body.Contains("that file was mine", StringComparison.Ordinal));

        await File.WriteAllTextAsync(scratch.PathOf("keep.txt"), "mine", TestContext.Current.CancellationToken);
        ClientRun again = await ClientRun.StartAsync(scratch, Bypass, new ClientTurn(ClientCall.Bash("toolu_again", "unlink ./keep.txt")));
        Assert.True(again.Result("toolu_again").IsError, again.Result("toolu_again").Text);
        Assert.True(File.Exists(scratch.PathOf("keep.txt")));
        Assert.Contains(again.Told, body => body.Contains("[lesson 1]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parallel_calls_are_each_decided_and_recorded()
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();

        ClientRun run = await ClientRun.StartAsync(scratch, Bypass, new ClientTurn(
            ClientCall.Bash("toolu_one", "git status"),
            ClientCall.Bash("toolu_two", ForcedPush),
            ClientCall.Bash("toolu_three", "git log --oneline")));

        Assert.False(run.Result("toolu_one").IsError);
        AssertRefused(run.Result("toolu_two"));
        Assert.False(run.Result("toolu_three").IsError);
        List<JsonElement> rows = await scratch.LedgerAsync(run.Session);
        Assert.Equal(["allow", "allow", "deny"], Outcomes(rows, "Bash").Order());
        Assert.Equal(rows.Count, rows.Select(row => row.GetProperty("sequence").GetInt64()).Distinct().Count());
        await scratch.GateAsync("ledger", "verify");
    }

    [Fact]
    public async Task Write_inside_the_repository_is_allowed()
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();

        ClientRun run = await ClientRun.StartAsync(
            scratch, AcceptEdits, new ClientTurn(ClientCall.Write("toolu_write", scratch.PathOf("notes.txt"), "one\n")));

        ClientResult result = run.Result("toolu_write");
        Assert.False(result.IsError, result.Text);
        Assert.Equal("one\n", await File.ReadAllTextAsync(scratch.PathOf("notes.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(["allow"], Outcomes(await scratch.LedgerAsync(run.Session), "Write"));
    }

    [Fact]
    public async Task Call_that_ran_is_completed_in_the_ledger_and_a_refused_one_is_not()
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();
        Assert.SkipUnless(scratch.Registers("PostToolUse"), "completing a call in the ledger comes with a later change");

        ClientRun run = await ClientRun.StartAsync(scratch, Bypass, Push, new ClientTurn(ClientCall.Bash("toolu_ran", "git status")));

        AssertRefused(run.Result("toolu_push"));
        Assert.False(run.Result("toolu_ran").IsError);
        Assert.Single(await scratch.LedgerAsync(run.Session), IsCompletion);
    }

    /// <summary>The client hands the model what Gate put in the output's place.</summary>
    [Fact]
    public async Task Secrets_in_an_output_do_not_reach_the_model()
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();
        await File.WriteAllTextAsync(scratch.PathOf("settings.txt"), $"id={Redaction.Secrets.AwsKey}\n", TestContext.Current.CancellationToken);

        ClientRun run = await ClientRun.StartAsync(
            scratch, Bypass,
            new ClientTurn(ClientCall.Bash("toolu_shell", "cat settings.txt")),
            new ClientTurn(new ClientCall("toolu_read", "Read", new System.Text.Json.Nodes.JsonObject { ["file_path"] = scratch.PathOf("settings.txt") })));

        foreach (string call in (string[])["toolu_shell", "toolu_read"])
        {
            Assert.Contains("id=[redacted key aws.access-key #", run.Result(call).Text, StringComparison.Ordinal);
            Assert.DoesNotContain(Redaction.Secrets.AwsKey, run.Result(call).Text, StringComparison.Ordinal);
        }
    }

    /// <summary>A hook that is gone or dies has no opinion, and the client would go on; what Gate wired makes it stop instead.</summary>
    [Theory]
    [InlineData("missing")]
    [InlineData("crashing")]
    public async Task Broken_hook_stops_the_call(string kind)
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();
        scratch.Replace("PreToolUse", kind == "missing"
            ? scratch.PathOf("no-such-program")
            : await scratch.ProgramAsync("crash", "#!/bin/sh\nkill -SEGV $$\n"));

        ClientRun run = await ClientRun.StartAsync(
            scratch, Bypass, new ClientTurn(ClientCall.Bash("toolu_harmless", "echo gate-ran > marker-file")));

        ClientResult result = run.Result("toolu_harmless");
        Assert.True(result.IsError, result.Text);
        Assert.Contains(OnFailure, result.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(scratch.PathOf("marker-file")));
    }

    [Fact]
    public async Task Agent_cannot_overwrite_its_hook_settings()
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();
        string before = await File.ReadAllTextAsync(scratch.Settings, TestContext.Current.CancellationToken);

        ClientRun run = await ClientRun.StartAsync(
            scratch, Bypass, new ClientTurn(ClientCall.Bash("toolu_edit", "echo '{}' > .claude/settings.json")));

        AssertRefused(run.Result("toolu_edit"));
        Assert.Equal(before, await File.ReadAllTextAsync(scratch.Settings, TestContext.Current.CancellationToken));
    }

    /// <summary>The client watches its settings and takes changes over within three seconds, unless a hook objects.</summary>
    [Fact]
    public async Task Hooks_removed_during_the_session_stay_in_force()
    {
        using ClientScratch scratch = await ClientScratch.GuardedAsync();
        Assert.SkipUnless(scratch.Registers("ConfigChange"), "guarding the settings of a running session comes with a later change");

        ClientRun run = await ClientRun.StartAsync(
            scratch, Bypass,
            new ClientTurn(ClientCall.Bash("toolu_first", "git status")),
            Push with { Before = () => File.WriteAllText(scratch.Settings, "{}"), Wait = TimeSpan.FromSeconds(6) });

        Assert.False(run.Result("toolu_first").IsError);
        AssertRefused(run.Result("toolu_push"));
        Assert.Equal("pushed", await scratch.RemoteSubjectAsync());
    }

    /// <summary>Refused by Gate's answer: neither for want of a permission nor because the hook broke.</summary>
    private static void AssertRefused(ClientResult result)
    {
        Assert.True(result.IsError, result.Text);
        Assert.StartsWith("PreToolUse:Bash hook error: ", result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(OnFailure, result.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Outcomes(IEnumerable<JsonElement> rows, string tool) =>
        from row in rows
        where row.GetProperty("tool").ValueEquals(tool) && !IsCompletion(row)
        orderby row.GetProperty("sequence").GetInt64()
        select row.GetProperty("outcome").GetString();

    /// <summary>A row about a call that came back, not a decision.</summary>
    private static bool IsCompletion(JsonElement row) =>
        row.TryGetProperty("event", out JsonElement name)
        && name.GetString()!.StartsWith("Post", StringComparison.OrdinalIgnoreCase);
}
