using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>What <c>gate init</c> and <c>gate uninstall</c> leave on the disk, and what the hook makes of it.</summary>
[Trait("needs", "binary")]
public class InitTests
{
    // A layout that no printer would choose: comments are not allowed there, everything else odd is.
    private const string OddSettings = "{ \"model\" :\"opus\",\r\n\t\"permissions\":{\"allow\":[ \"Bash(ls)\" ]},\"hooks\":{\"Stop\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"true\"}]}]}   }";

    [Fact]
    public void Init_twice_changes_nothing_the_second_time()
    {
        using GateScratch scratch = GateScratch.Wired();
        string settings = File.ReadAllText(scratch.Settings);

        string again = scratch.Must("init");

        Assert.Contains("already right", again, StringComparison.Ordinal);
        Assert.Equal(settings, File.ReadAllText(scratch.Settings));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(scratch.Settings)!));
        Assert.Equal("allow", scratch.Hook(scratch.Bash("git status")).Decision);
    }

    [Theory]
    [InlineData("project", "settings.json", false)]
    [InlineData("local", "settings.local.json", false)]
    [InlineData("user", "settings.json", true)]
    public void Settings_that_were_there_come_back_byte_for_byte(string scope, string name, bool home)
    {
        using GateScratch scratch = GateScratch.Bare();
        string settings = Path.Combine(home ? scratch.Home : scratch.Work, ".claude", name);
        Directory.CreateDirectory(Path.GetDirectoryName(settings)!);
        File.WriteAllText(settings, OddSettings);

        scratch.Must("init", "--scope", scope);
        string wired = File.ReadAllText(settings);
        scratch.Must("init", "--scope", scope);
        scratch.Must("uninstall", "--scope", scope);

        Assert.Contains("\"claude-code\"", wired, StringComparison.Ordinal);
        Assert.Equal("opus", JsonNode.Parse(wired)!["model"]!.GetValue<string>());
        Assert.Equal(OddSettings, File.ReadAllText(settings));
        Assert.True(File.Exists(scratch.Store), "the ledger stays");
    }

    [Fact]
    public void Settings_that_were_not_there_are_gone_again()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Must("uninstall");
        Assert.False(File.Exists(scratch.Settings));
        Assert.Contains("had none", scratch.Must("uninstall"), StringComparison.Ordinal);
    }

    [Fact]
    public void Purge_deletes_the_store_and_leaves_no_trust()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Must("uninstall", "--purge");
        Assert.False(Directory.Exists(scratch.State));
        Assert.False(File.Exists(Path.Combine(scratch.Configuration, "trust")));
    }

    [Fact]
    public void Dry_run_shows_the_change_and_writes_nothing()
    {
        using GateScratch scratch = GateScratch.Bare();
        string[] before = Everything(scratch.Root);

        string shown = scratch.Must("init", "--dry-run");

        Assert.Contains("PreToolUse", shown, StringComparison.Ordinal);
        Assert.Equal(before, Everything(scratch.Root));
        scratch.Must("init");
        Assert.Contains("nothing would change", scratch.Must("init", "--dry-run"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_handler_runs_this_binary_and_a_failing_one_blocks()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject hooks = JsonNode.Parse(File.ReadAllText(scratch.Settings))!["hooks"]!.AsObject();
        foreach (string needed in new[] { "PreToolUse", "PostToolUse", "PostToolUseFailure", "ConfigChange" })
        {
            JsonNode handler = Assert.Single(Assert.Single(hooks[needed]!.AsArray())!["hooks"]!.AsArray())!;
            Assert.Equal(ClientPrograms.Gate, handler["command"]!.GetValue<string>());
            Assert.Equal("block", handler["onFailure"]!.GetValue<string>());
            Assert.Equal(["hook", "claude-code", "--home", scratch.Home], handler["args"]!.AsArray().Select(word => word!.GetValue<string>()));
        }
    }

    [Fact]
    public void Worktrees_share_one_ledger_and_their_rows_say_which()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Git("commit", "--quiet", "--allow-empty", "--message=first");
        string second = Path.Combine(scratch.Root, "second tree");
        scratch.Git("worktree", "add", "--quiet", "-b", "second", second);
        Assert.Equal(0, scratch.Run(["init"], null, second).ExitCode);
        Assert.Single(Directory.GetDirectories(Path.Combine(scratch.State, "repositories")));

        Assert.Equal("allow", scratch.Hook(scratch.Bash("git status")).Decision);
        JsonObject call = scratch.Bash("git log");
        call["cwd"] = second;
        call["session_id"] = "session-2";
        Assert.Equal("allow", scratch.Hook(call).Decision);

        List<JsonElement> rows = scratch.Rows();
        Assert.Equal([scratch.Work, second], rows.Select(row => row.GetProperty("worktree").GetString()));
        Assert.Single(rows.Select(row => row.GetProperty("repository").GetString()).Distinct());
        Assert.Single(rows.Select(row => row.GetProperty("bundle").GetString()).Distinct());
        Assert.Equal(2, scratch.Count("SELECT count(*) FROM worktrees WHERE actions=1"));
        scratch.AssertChain();
    }

    [Fact]
    public void Stricter_profile_is_in_force_from_the_next_call_and_stays_when_not_named()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject write = scratch.Write("new.txt"), push = scratch.Bash("git push origin main");
        Assert.Equal("allow", scratch.Hook(write).Decision);
        string loose = scratch.Hook(push).Decision;

        scratch.Must("init", "--profile", "strict");
        Assert.Equal("ask", scratch.Hook(write).Decision);
        Assert.NotEqual(loose, scratch.Hook(push).Decision);
        scratch.Must("init");
        Assert.Equal("ask", scratch.Hook(write).Decision);
        Assert.Equal("strict", JsonDocument.Parse(scratch.Must("status", "--json")).RootElement.GetProperty("profile").GetString());

        scratch.Must("init", "--profile", "read-only");
        Assert.Equal("deny", scratch.Hook(write).Decision);
        Assert.NotEqual("deny", scratch.Hook(scratch.Read("notes.txt")).Decision);
    }

    [Fact]
    public void Unknown_words_are_answered_with_the_nearest_known_one()
    {
        using GateScratch scratch = GateScratch.Bare();
        GateAnswer profile = scratch.Gate("init", "--profile", "strct");
        Assert.Equal(1, profile.ExitCode);
        Assert.Contains("'strict'", profile.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(scratch.Settings));
        foreach (string[] wrong in new string[][] { ["--agent", "nobody"], ["--scope", "world"], ["--budget", "endless"], ["--nonsense"] })
        {
            GateAnswer answer = scratch.Gate(["init", .. wrong]);
            Assert.True(answer.ExitCode == 1 && answer.Errors.Contains(wrong[^1], StringComparison.Ordinal), $"{wrong[^1]}: {answer}");
        }

        Assert.Equal(1, scratch.Gate("init", "--rules", "/nonexistent").ExitCode);
        Assert.Equal(1, scratch.Gate("init", "--key", "nokey").ExitCode);
        Assert.False(File.Exists(scratch.Settings));
    }

    [Fact]
    public void Folder_that_cannot_be_written_is_named()
    {
        using GateScratch scratch = GateScratch.Bare();
        using OtherUser other = OtherUser.Of(scratch);
        string folder = Path.GetDirectoryName(scratch.Settings)!;
        Directory.CreateDirectory(folder);

        GateAnswer answer = scratch.Gate("init");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(folder, answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_a_repository_the_folder_is_the_worktree()
    {
        using GateScratch scratch = GateScratch.Bare();
        string folder = Path.Combine(scratch.Root, "plain");
        Directory.CreateDirectory(folder);

        GateAnswer init = scratch.Run(["init"], null, folder);
        Assert.True(init.ExitCode == 0, $"{init}");
        Assert.Contains("not in a git repository", init.Output, StringComparison.Ordinal);
        JsonObject call = scratch.Bash("rm -rf /");
        call["cwd"] = folder;
        Assert.Equal("deny", scratch.Hook(call).Decision);
        Assert.Equal(folder, Assert.Single(scratch.Rows()).GetProperty("worktree").GetString());
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("Ünïcödé 木 🙂")]
    [InlineData("quote'\"$(x)`;&")]
    public void Paths_may_hold_any_character(string name)
    {
        using GateScratch scratch = GateScratch.Bare(name);
        scratch.Must("init");

        Assert.Equal("allow", scratch.Hook(scratch.Write("file with spaces ü.txt")).Decision);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push --force origin main")).Decision);
        Assert.Equal(scratch.Work, scratch.Rows()[0].GetProperty("worktree").GetString());
        Assert.Equal(0, scratch.Gate("status").ExitCode);
        Assert.Equal(scratch.Home, JsonNode.Parse(File.ReadAllText(scratch.Settings))!["hooks"]!["PreToolUse"]![0]!["hooks"]![0]!["args"]![3]!.GetValue<string>());
        scratch.Must("uninstall");
        Assert.False(File.Exists(scratch.Settings));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative/home")]
    public void Without_a_home_every_verb_says_so_and_the_hook_denies(string? home)
    {
        using GateScratch scratch = GateScratch.Wired();
        byte[] payload = GateScratch.Bytes(scratch.Bash("git status"));
        scratch.Environment.Remove("HOME");
        if (home is not null)
            scratch.Environment["HOME"] = home;

        foreach (string[] verb in new string[][] { ["init"], ["status"], ["uninstall"], ["ledger", "tail"], ["ledger", "verify"], ["check", "ls"], ["key", "show"], ["rules", "verify"] })
        {
            GateAnswer answer = scratch.Gate(verb);
            Assert.True(answer.ExitCode == 1 && answer.Errors.Contains("HOME", StringComparison.Ordinal), $"{verb[0]}: {answer}");
        }

        GateAnswer hook = scratch.Hook(payload);
        Assert.Equal("deny", hook.Decision);
        Assert.Contains("HOME", hook.Errors, StringComparison.Ordinal);
        Assert.Equal("allow", scratch.Run(["hook", "claude-code", "--home", scratch.Home], input => input.Write(payload)).Decision);
    }

    [Fact]
    public void Folders_of_the_environment_are_pinned_so_that_the_agents_own_cannot_move_the_store()
    {
        using GateScratch scratch = GateScratch.Bare();
        string state = Path.Combine(scratch.Root, "my state"), configuration = Path.Combine(scratch.Root, "my configuration");
        scratch.Environment["XDG_STATE_HOME"] = state;
        scratch.Environment["XDG_CONFIG_HOME"] = configuration;
        scratch.Must("init");
        Assert.True(File.Exists(Path.Combine(state, "gate", "store.db")));
        string[] arguments = [.. JsonNode.Parse(File.ReadAllText(scratch.Settings))!["hooks"]!["PreToolUse"]![0]!["hooks"]![0]!["args"]!.AsArray().Select(word => word!.GetValue<string>())];

        scratch.Environment["XDG_STATE_HOME"] = Path.Combine(scratch.Root, "elsewhere");
        scratch.Environment["XDG_CONFIG_HOME"] = Path.Combine(scratch.Root, "elsewhere");
        scratch.Environment["HOME"] = Path.Combine(scratch.Root, "elsewhere");
        Assert.Equal("deny", scratch.Run(arguments, input => input.Write(GateScratch.Bytes(scratch.Bash("git push -f")))).Decision);
        Assert.False(Directory.Exists(Path.Combine(scratch.Root, "elsewhere")));

        scratch.Environment["XDG_STATE_HOME"] = state;
        scratch.Environment["XDG_CONFIG_HOME"] = configuration;
        scratch.Environment["HOME"] = scratch.Home;
        Assert.Equal("deny", Assert.Single(scratch.Rows()).GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("hook")]
    [InlineData("hook", "nobody")]
    [InlineData("hook", "claude-code", "--state")]
    [InlineData("hook", "claude-code", "--state", "relative")]
    [InlineData("hook", "claude-code", "--unknown", "/tmp")]
    public void Hook_wired_wrongly_denies_and_names_the_mend(params string[] arguments)
    {
        using GateScratch scratch = GateScratch.Wired();
        GateAnswer answer = scratch.Run(arguments, input => input.Write(GateScratch.Bytes(scratch.Bash("git status"))));
        Assert.Equal("deny", answer.Decision);
        Assert.Contains("gate init", answer.Errors, StringComparison.Ordinal);
    }

    private static string[] Everything(string root) =>
        [.. Directory.GetFileSystemEntries(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal)];
}
