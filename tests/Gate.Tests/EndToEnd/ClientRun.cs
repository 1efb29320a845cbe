using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>What a program left behind: exit code and both outputs.</summary>
internal sealed record ProgramOutcome(int ExitCode, string Output, string Errors)
{
    public const int Killed = -1;

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>One session of the real client against the stand-in API, after it ended.</summary>
internal sealed class ClientRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ClientResult> results;
    private readonly string story;

    private ClientRun(Dictionary<string, ClientResult> results, string session, string story) =>
        (this.results, Session, this.story) = (results, session, story);

    public string Session { get; }

    /// <summary>The requests to the model, as they went out.</summary>
    public IReadOnlyList<string> Told { get; private init; } = [];

    /// <summary>What the model was told about the call; a call without an answer fails the test with the run's whole story.</summary>
    public ClientResult Result(string id)
    {
        Assert.True(results.TryGetValue(id, out ClientResult? result), $"No result for {id}.\n{story}");
        return result;
    }

    /// <param name="scratch">Where the session works and what it takes for its home.</param>
    /// <param name="mode">The client's permission mode: default, acceptEdits, bypassPermissions …</param>
    /// <param name="turns">What the model says, turn by turn.</param>
    public static Task<ClientRun> StartAsync(ClientScratch scratch, string mode, params ClientTurn[] turns) =>
        PromptAsync(scratch, mode, "Follow the script.", null, turns);

    /// <param name="scratch">Where the session works and what it takes for its home.</param>
    /// <param name="mode">The client's permission mode.</param>
    /// <param name="prompt">What the person types.</param>
    /// <param name="resumed">A session that ended, to go on with; null begins one.</param>
    /// <param name="turns">What the model says, turn by turn.</param>
    public static async Task<ClientRun> PromptAsync(ClientScratch scratch, string mode, string prompt, string? resumed, params ClientTurn[] turns)
    {
        await using var api = new ClientApi(turns, Limit + TimeSpan.FromSeconds(5));
        string session = resumed ?? Guid.NewGuid().ToString();
        string address = api.Address.OriginalString;
        var surroundings = new Dictionary<string, string>
        {
            ["ANTHROPIC_BASE_URL"] = address,
            ["ANTHROPIC_API_KEY"] = "sk-ant-not-a-key",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
            // Whatever else it would call goes to the stand-in, which refuses and tells.
            ["HTTP_PROXY"] = address,
            ["HTTPS_PROXY"] = address,
            ["NO_PROXY"] = "127.0.0.1",
        };
        if (Environment.IsPrivilegedProcess)
        {
            // As root the client refuses to bypass permissions outside a sandbox; the scratch folder is all it works on.
            surroundings["IS_SANDBOX"] = "1";
        }
        ProgramOutcome outcome = await RunAsync(
            ClientPrograms.Client, ["-p", prompt, "--permission-mode", mode, resumed is null ? "--session-id" : "--resume", session],
            scratch.Work, scratch.Home, Limit, surroundings);
        string story = $"{outcome}\n{api.Log}";
        Assert.True(outcome.ExitCode == 0, story);
        Assert.Empty(api.Elsewhere);
        return new ClientRun(api.Results(), session, story) { Told = [.. api.Conversation.Select(body => body.GetRawText())] };
    }

    /// <summary>Runs a program with nothing in its environment but PATH, HOME and what is given; past the limit its whole tree is killed.</summary>
    public static async Task<ProgramOutcome> RunAsync(
        string program, IEnumerable<string> arguments, string folder, string home, TimeSpan limit,
        IReadOnlyDictionary<string, string>? surroundings = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        start.Environment["HOME"] = home;
        foreach ((string name, string value) in surroundings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        clock.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(clock.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return new ProgramOutcome(ProgramOutcome.Killed, "", $"{program} did not end within {limit.TotalSeconds} s");
        }
        // A child that outlives the program may hold the pipes open; nothing here should leave one.
        return new ProgramOutcome(process.ExitCode, await output.WaitAsync(Grace), await errors.WaitAsync(Grace));
    }
}
