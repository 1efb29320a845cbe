using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Gate.Store;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>
/// The hook keeps the log's index from one call to the next (Native/store.c). Whatever happened to the files in between, no row
/// that was answered may be lost while the log still has it, and the chain stays whole.
/// </summary>
public sealed class LogIndexTests : IDisposable
{
    private const int MarkAt = 120;
    private readonly string _folder = Directory.CreateTempSubdirectory("gate-index-").FullName;

    public LogIndexTests()
    {
        ClientPrograms.NeedGate();
        Directory.CreateDirectory(Path.Combine(_folder, "work", ".git"));
        Directory.CreateDirectory(Path.Combine(_folder, "home"));
        Gate("init");
    }

    private string Store => Path.Combine(_folder, "home", ".local", "state", "gate", "store.db");

    private string Index => Store + "-shm";

    private string Log => Store + "-wal";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheIndexIsKeptBetweenCalls()
    {
        Call("a");
        byte[] first = File.ReadAllBytes(Index);
        Call("b");
        byte[] second = File.ReadAllBytes(Index);
        Assert.NotEqual(0, BitConverter.ToInt64(first, MarkAt));
        Assert.Equal(first.AsSpan(MarkAt, 8), second.AsSpan(MarkAt, 8));
        Whole(2);
    }

    [Fact]
    public void AnIndexOlderThanTheLogIsMadeAnew()
    {
        Call("a");
        byte[] old = File.ReadAllBytes(Index);
        Call("b");
        Call("c");
        Overwrite(Index, old);
        Call("d");
        Whole(4);
    }

    [Fact]
    public void AnIndexNewerThanTheLogIsMadeAnew()
    {
        Call("a");
        byte[] old = File.ReadAllBytes(Log);
        Call("b");
        Overwrite(Log, old);
        Call("c");
        WholeButFor(rows: 2);
    }

    [Fact]
    public void AnIndexOfAnotherLogFileIsMadeAnew()
    {
        Call("a");
        byte[] log = File.ReadAllBytes(Log);
        Call("b");
        File.Delete(Log);
        File.WriteAllBytes(Log + ".other", log);
        File.Move(Log + ".other", Log);
        Call("c");
        WholeButFor(rows: 2);
    }

    [Fact]
    public void WithoutItsLogTheIndexIsWorthNothing()
    {
        Call("a");
        File.Delete(Log);
        Call("b");
        WholeButFor(rows: 1);
    }

    [Theory]
    [InlineData(MarkAt)]
    [InlineData(MarkAt + 7)]
    [InlineData(16)]
    [InlineData(48 + 16)]
    [InlineData(40)]
    [InlineData(48 + 44)]
    public void AChangedByteInTheHeaderHarmsNothing(int at)
    {
        Call("a");
        Call("b");
        byte[] index = File.ReadAllBytes(Index);
        index[at] ^= 0x55;
        Overwrite(Index, index);
        Call("c");
        Whole(3);
    }

    [Fact]
    public void AfterACommandThatClosesTheStoreTheNextCallsGoOn()
    {
        Call("a");
        Whole(1);
        Assert.False(File.Exists(Index));
        Call("b");
        Call("c");
        Whole(3);
    }

    [Fact]
    public void TheLogIsFoldedAndStaysBounded()
    {
        long longest = 0;
        for (int i = 0; i < 300; i++)
        {
            Call($"{i}");
            longest = Math.Max(longest, new FileInfo(Log).Length);
        }

        Assert.InRange(longest, 1, (global::Gate.Store.Database.CheckpointFrames + 16) * 4120L);
        Whole(300);
    }

    [Fact]
    public async Task KilledAtAnyMomentNothingAnsweredIsLost()
    {
        Task<List<string>>[] workers = [.. Enumerable.Range(0, 4).Select(worker => Task.Run(() => Storm(worker, 60)))];
        string[] answered = [.. (await Task.WhenAll(workers)).SelectMany(list => list)];
        string exported = Gate("ledger", "tail", "-n", "1000", "--json");
        Assert.All(answered, call => Assert.Contains($"\"call\":\"{call}\"", exported, StringComparison.Ordinal));
        Assert.Contains("whole", Gate("ledger", "verify"), StringComparison.Ordinal);
    }

    private List<string> Storm(int worker, int calls)
    {
        Random random = new(worker);
        List<string> answered = [];
        for (int i = 0; i < calls; i++)
        {
            string call = string.Create(CultureInfo.InvariantCulture, $"w{worker}-{i}");
            using Process process = Start(call);
            if (random.Next(3) > 0)
            {
                SpinFor(TimeSpan.FromMicroseconds(random.Next(4000)));
                process.Kill();
            }

            if (process.StandardOutput.ReadToEnd().Contains("\"allow\"", StringComparison.Ordinal))
                answered.Add(call);
            process.WaitForExit();
        }

        return answered;
    }

    private static void SpinFor(TimeSpan time)
    {
        long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
        }
    }

    private void Call(string id)
    {
        using Process process = Start(id);
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("\"permissionDecision\":\"allow\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("not whole", answer, StringComparison.Ordinal);
    }

    private Process Start(string id)
    {
        ProcessStartInfo start = new(ClientPrograms.Gate, ["hook", "claude-code", "--home", Path.Combine(_folder, "home")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        try
        {
            process.StandardInput.Write($$"""{"session_id":"s","cwd":"{{_folder}}/work","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"git status"},"tool_use_id":"{{id}}"}""");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Killed before it read.
        }

        return process;
    }

    private void Whole(int rows) => Assert.Contains($"whole  {rows} rows", Gate("ledger", "verify"), StringComparison.Ordinal);

    // A row went with the log, and the anchor knows of it; without that the rest is whole.
    private void WholeButFor(int rows)
    {
        Assert.Contains("forked", Gate(1, "ledger", "verify"), StringComparison.Ordinal);
        string anchor = Path.Combine(Path.GetDirectoryName(Log)!, "ledger.anchor");
        Overwrite(anchor, new byte[LedgerAnchor.RingBytes]);
        Whole(rows);
    }

    private string Gate(params string[] arguments) => Gate(0, arguments);

    private string Gate(int code, params string[] arguments)
    {
        ProcessStartInfo start = new(ClientPrograms.Gate, arguments) { WorkingDirectory = Path.Combine(_folder, "work"), RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["HOME"] = Path.Combine(_folder, "home");
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(60_000) && process.ExitCode == code, output);
        return output;
    }

    // In place: the file stays the same one.
    private static void Overwrite(string path, byte[] bytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write);
        file.Write(bytes);
        file.SetLength(bytes.Length);
    }
}
