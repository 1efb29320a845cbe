using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>A real repository with two worktrees, and what a person and agents do in them.</summary>
internal sealed class LessonScratch : IDisposable
{
    public LessonScratch()
    {
        Scratch = GateScratch.Wired();
        Scratch.Git("-c", "commit.gpgsign=false", "commit", "--quiet", "--allow-empty", "--message", "one");
        Other = Path.Combine(Scratch.Root, "other");
        Scratch.Git("worktree", "add", "--quiet", Other);
    }

    public GateScratch Scratch { get; }

    /// <summary>The second worktree.</summary>
    public string Other { get; }

    /// <summary>The decision on a command in the first worktree.</summary>
    public string Here(string command) => Scratch.Hook(Scratch.Bash(command)).Decision;

    /// <summary>The decision on a command in the other worktree, in a session of its own.</summary>
    public GateAnswer There(string command, string? folder = null)
    {
        JsonObject call = Scratch.Bash(command);
        (call["cwd"], call["session_id"]) = (folder ?? Other, "session-2");
        return Scratch.Run(["hook", "claude-code"], input => input.Write(GateScratch.Bytes(call)), folder ?? Other);
    }

    /// <summary>A thumb for a command, stored without asking.</summary>
    public JsonElement Thumb(string command, params string[] more) => JsonDocument.Parse(Scratch.Must(["lesson", "add", "--json", "--command", command, .. more])).RootElement;

    public JsonElement Lesson(long id) => JsonDocument.Parse(Scratch.Must("lesson", "show", id.ToString(System.Globalization.CultureInfo.InvariantCulture), "--json")).RootElement;

    public JsonElement[] Lessons(params string[] verb) =>
        [.. Scratch.Must(["lesson", .. verb, "--json"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public GateAnswer Prompt(string text, string session = "session-1", string name = "UserPromptSubmit") => Scratch.Hook(new JsonObject
    {
        ["session_id"] = session, ["transcript_path"] = "", ["cwd"] = Scratch.Work, ["permission_mode"] = "default", ["hook_event_name"] = name, ["prompt"] = text, ["source"] = "startup",
    });

    /// <summary>What a hook tells the agent; empty for nothing.</summary>
    public static string Told(GateAnswer answer)
    {
        Assert.Equal(0, answer.ExitCode);
        return answer.Bytes.Length == 0 ? "" : answer.Json.GetProperty("hookSpecificOutput").GetProperty("additionalContext").GetString()!;
    }

    /// <summary>A call comes back: it ran.</summary>
    public void Ran(JsonObject call)
    {
        JsonObject back = call.DeepClone().AsObject();
        back["hook_event_name"] = "PostToolUse";
        back["tool_response"] = new JsonObject { ["stdout"] = "x" };
        Assert.Equal("silent", Scratch.Hook(back).Decision);
    }

    public void Sql(string statement) => Scratch.Program("sqlite3", Scratch.Store, statement);

    public void Dispose() => Scratch.Dispose();
}
