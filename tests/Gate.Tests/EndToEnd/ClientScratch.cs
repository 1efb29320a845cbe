using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>
/// A temporary home, a repository and a local bare repository as its remote. The repository's history has been rewritten since
/// it was pushed, so a forced push would change the remote — and nothing else, should the guard fail.
/// </summary>
internal sealed class ClientScratch : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // Housekeeping would run on in the background and still write while the folder is being deleted.
    private const string GitConfig = """
        [user]
            name = Test
            email = test@example.invalid
        [maintenance]
            auto = false
        [gc]
            auto = 0
        [receive]
            autogc = false
        """;

    private readonly string root = Directory.CreateTempSubdirectory("gate-client-").FullName;

    private ClientScratch()
    {
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Work);
    }

    public string Home => Path.Combine(root, "home");

    public string Work => Path.Combine(root, "work");

    public string Settings => Path.Combine(Work, ".claude", "settings.json");

    private string Remote => Path.Combine(root, "remote.git");

    /// <summary>Without Gate: shows what the client does on its own.</summary>
    public static async Task<ClientScratch> BareAsync()
    {
        ClientPrograms.NeedClient();
        var scratch = new ClientScratch();
        await File.WriteAllTextAsync(Path.Combine(scratch.Home, ".gitconfig"), GitConfig);
        await scratch.GitAsync("init", "--quiet", "--bare", "--initial-branch=main", scratch.Remote);
        await scratch.GitAsync("init", "--quiet", "--initial-branch=main");
        await scratch.GitAsync("remote", "add", "origin", scratch.Remote);
        await scratch.GitAsync("commit", "--quiet", "--allow-empty", "--message=pushed");
        await scratch.GitAsync("push", "--quiet", "origin", "main");
        await scratch.GitAsync("commit", "--quiet", "--allow-empty", "--amend", "--message=rewritten");
        return scratch;
    }

    /// <summary>With Gate wired the way a user does it.</summary>
    public static async Task<ClientScratch> GuardedAsync()
    {
        ClientPrograms.NeedGate();
        ClientScratch scratch = await BareAsync();
        await scratch.GateAsync("init", "--agent", "claude-code");
        return scratch;
    }

    public string PathOf(string name) => Path.Combine(Work, name);

    /// <summary>The subject of the remote's last commit: `pushed` until a forced push arrives.</summary>
    public async Task<string> RemoteSubjectAsync() =>
        (await GitAsync("--git-dir", Remote, "log", "-1", "--format=%s", "main")).Trim();

    public Task<string> GateAsync(params string[] arguments) => RunAsync(ClientPrograms.Gate, arguments);

    /// <summary>The newest rows of the ledger, be they an array or one a line; those of the given session.</summary>
    public async Task<List<JsonElement>> LedgerAsync(string session)
    {
        string text = (await GateAsync("ledger", "tail", "-n", "20", "--json")).Trim();
        IEnumerable<JsonElement> rows = text.StartsWith('[')
            ? JsonDocument.Parse(text).RootElement.EnumerateArray()
            : text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);
        return [.. rows.Where(row => row.GetProperty("session").ValueEquals(session))];
    }

    public bool Registers(string @event) => ReadSettings()["hooks"]?[@event] is JsonArray { Count: > 0 };

    /// <summary>Leaves every hook of the event as Gate wired it, but for the program it starts.</summary>
    public void Replace(string @event, string program)
    {
        JsonObject settings = ReadSettings();
        foreach (JsonNode? group in settings["hooks"]![@event]!.AsArray())
        {
            foreach (JsonNode? handler in group!["hooks"]!.AsArray())
            {
                handler!["command"] = program;
            }
        }
        File.WriteAllText(Settings, settings.ToJsonString());
    }

    /// <summary>A small program beside the repository.</summary>
    public async Task<string> ProgramAsync(string name, string text)
    {
        string path = Path.Combine(root, name);
        await File.WriteAllTextAsync(path, text);
        await RunAsync("chmod", ["+x", path]);
        return path;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private JsonObject ReadSettings() => JsonNode.Parse(File.ReadAllText(Settings))!.AsObject();

    private Task<string> GitAsync(params string[] arguments) => RunAsync("git", arguments);

    private async Task<string> RunAsync(string program, string[] arguments)
    {
        ProgramOutcome outcome = await ClientRun.RunAsync(program, arguments, Work, Home, Limit);
        Assert.True(outcome.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {outcome}");
        return outcome.Output;
    }
}
