using System;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Where the two programs under test are; a test that needs one that is absent is skipped and says which.</summary>
internal static class ClientPrograms
{
    public static readonly string Repository = FindRepository();
    private static readonly (string Path, string Reason) FoundClient = FindClient();

    public static string Client => FoundClient.Path;

    /// <summary>The published binary: `GATE_BINARY`, else what `tests/run` published.</summary>
    public static string Gate { get; } =
        Path.GetFullPath(Environment.GetEnvironmentVariable("GATE_BINARY") ?? Path.Combine(Repository, "artifacts", "gate"));

    public static void NeedClient() =>
        Assert.SkipWhen(Client.Length == 0, $"the agent client is not here: {FoundClient.Reason}");

    public static void NeedGate() =>
        Assert.SkipUnless(File.Exists(Gate), $"the published binary is not here: {Gate}");

    /// <summary>The fetching script knows the pinned version and the cache folder; asked this way it never touches the network.</summary>
    private static (string Path, string Reason) FindClient()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository, "tests", "fetch-client"), "--installed"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        string path = process.StandardOutput.ReadToEnd().Trim();
        string reason = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? (path, "") : ("", reason);
    }

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Gate.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException($"no Gate.sln above {AppContext.BaseDirectory}");
    }
}
