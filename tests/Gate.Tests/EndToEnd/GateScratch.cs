using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using Gate.Store;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>A home and a git repository of its own for one test; both are gone after it.</summary>
internal sealed class GateScratch : IDisposable
{
    private static int s_calls;

    private GateScratch(string name)
    {
        ClientPrograms.NeedGate();
        Root = Path.Combine(Directory.CreateTempSubdirectory("gate-process-").FullName, name);
        Home = Path.Combine(Root, "home");
        Work = Path.Combine(Root, "work");
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Work);
        File.WriteAllText(Path.Combine(Home, ".gitconfig"), "[user]\nname = Test\nemail = test@example.invalid\n[gc]\nauto = 0\n");
        Environment = new() { ["HOME"] = Home, ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin" };
    }

    /// <summary>Set to run every gate call through another program (another user, smaller limits).</summary>
    public string[] Through { get; set; } = [];

    public string Root { get; }

    public string Home { get; }

    public string Work { get; }

    public Dictionary<string, string> Environment { get; }

    public string State => Path.Combine(Home, ".local", "state", "gate");

    public string Configuration => Path.Combine(Home, ".config", "gate");

    public string Store => Path.Combine(State, "store.db");

    public string Settings => Path.Combine(Work, ".claude", "settings.json");

    /// <summary>A repository, and nothing of Gate's.</summary>
    public static GateScratch Bare(string name = "x")
    {
        GateScratch scratch = new(name);
        scratch.Git("init", "--quiet", "--initial-branch=main");
        File.WriteAllText(Path.Combine(scratch.Work, "notes.txt"), "one\n");
        return scratch;
    }

    /// <summary>A repository that <c>gate init</c> has wired.</summary>
    public static GateScratch Wired(params string[] options)
    {
        GateScratch scratch = Bare();
        scratch.Must(["init", .. options]);
        return scratch;
    }

    public string PathOf(string name) => Path.Combine(Work, name);

    /// <summary>The link to the bundle in force here; there is one repository in a scratch home.</summary>
    public string BundleLink => Path.Combine(Directory.GetDirectories(Path.Combine(State, "repositories")).Single(), "bundle");

    public string BundleFile => new FileInfo(BundleLink).LinkTarget!;

    public GateAnswer Gate(params string[] arguments) => Run(arguments, null);

    /// <summary>A verb that has to succeed.</summary>
    public string Must(params string[] arguments)
    {
        GateAnswer answer = Gate(arguments);
        Assert.True(answer.ExitCode == 0, $"gate {string.Join(' ', arguments)}: {answer}");
        return answer.Output;
    }

    public GateAnswer Run(string[] arguments, Action<Stream>? feed, string? folder = null, TimeSpan? limit = null, bool deaf = false) =>
        GateProcess.Run([.. Through, ClientPrograms.Gate, .. arguments], feed, folder ?? Work, Environment, limit, deaf);

    public GateAnswer Hook(byte[] payload, TimeSpan? limit = null, bool deaf = false) =>
        Run(["hook", "claude-code"], input => input.Write(payload), limit: limit, deaf: deaf);

    public GateAnswer Hook(JsonObject payload, TimeSpan? limit = null) => Hook(Encoding.UTF8.GetBytes(payload.ToJsonString()), limit);

    /// <summary>Through a shell, which sees <c>"$@"</c> as the hook's whole command line.</summary>
    public GateAnswer Shell(string script, byte[] payload, string[]? variables = null) =>
        GateProcess.Run(["bash", "-c", script, "bash", ClientPrograms.Gate, "hook", "claude-code", .. variables ?? []], input => input.Write(payload), Work, Environment);

    public JsonObject Bash(string command, string? call = null) => Call("Bash", new JsonObject { ["command"] = command }, call);

    public JsonObject Write(string file, string content = "two\n") => Call("Write", new JsonObject { ["file_path"] = PathOf(file), ["content"] = content });

    public JsonObject Read(string file) => Call("Read", new JsonObject { ["file_path"] = PathOf(file) });

    public JsonObject Call(string tool, JsonObject input, string? call = null) => new()
    {
        ["session_id"] = "session-1", ["transcript_path"] = "", ["cwd"] = Work, ["permission_mode"] = "default", ["hook_event_name"] = "PreToolUse",
        ["tool_name"] = tool, ["tool_input"] = input, ["tool_use_id"] = call ?? $"toolu_{Interlocked.Increment(ref s_calls)}",
    };

    public static byte[] Bytes(JsonNode payload) => Encoding.UTF8.GetBytes(payload.ToJsonString());

    /// <summary>The ledger's rows, oldest first.</summary>
    public List<JsonElement> Rows() =>
        [.. Must("ledger", "tail", "-n", "1000000", "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>One number from the store, read beside Gate.</summary>
    public long Count(string sql)
    {
        using Database database = Database.Open(Encoding.UTF8.GetBytes(Store), create: false);
        using Statement statement = database.Prepare(Encoding.UTF8.GetBytes(sql + "\0"));
        Assert.True(statement.Step(), sql);
        return statement.Number(0);
    }

    public void AssertChain() => Assert.StartsWith("whole", Must("ledger", "verify"), StringComparison.Ordinal);

    public void Git(params string[] arguments) => Program(["git", .. arguments]);

    /// <summary>Another program that has to succeed.</summary>
    public string Program(params string[] command)
    {
        GateAnswer answer = GateProcess.Run(command, null, Work, Environment);
        Assert.True(answer.ExitCode == 0, $"{string.Join(' ', command)}: {answer}");
        return answer.Output;
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Root)!, recursive: true);
}
