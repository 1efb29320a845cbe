using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Gate.Store;

namespace Gate.Bench;

/// <summary>One thing to time: what to start, with which input, and what it must answer.</summary>
internal sealed record Call(string Name, string[] Arguments, string Payload, string Home, int ExitCode = 0, string Expect = "")
{
    /// <summary>The call this one is compared with.</summary>
    public Call? Against { get; init; }
}

/// <summary>Scratch folders, the programs beside the benchmark, and the timing of calls.</summary>
internal sealed class Machine
{
    private readonly Options _options;
    private int _plans;

    public Machine(Options options, string folder)
    {
        _options = options;
        Folder = folder;
        Repository = Path.Combine(folder, "work", "repository");
        Directory.CreateDirectory(Path.Combine(Repository, ".git"));
        Directory.CreateDirectory(Path.Combine(Repository, "src"));
        File.WriteAllText(Path.Combine(Repository, ".git", "HEAD"), "ref: refs/heads/main\n");
    }

    public string Folder { get; }

    /// <summary>Where all calls are made.</summary>
    public string Repository { get; }

    public string Rules => Path.Combine(_options.Root, "rules");

    /// <summary>A home of its own, made ready by <c>gate init</c>.</summary>
    public string NewHome(string name, string? rules = null)
    {
        string home = Path.Combine(Folder, "homes", name);
        Directory.CreateDirectory(home);
        Gate(home, rules is null ? ["init", "--scope", "local"] : ["init", "--scope", "local", "--rules", rules]);
        return home;
    }

    /// <summary>A payload of the benchmark's own folder, its placeholders filled in.</summary>
    public string Payload(string name, string call, string content = "")
    {
        string text = File.ReadAllText(Path.Combine(_options.Root, "tests", "Gate.Bench", "payloads", name + ".json"));
        string path = Path.Combine(Folder, $"{name}-{call}.json");
        File.WriteAllText(path, text.Replace("@REPOSITORY@", Repository, StringComparison.Ordinal).Replace("@CALL@", call, StringComparison.Ordinal).Replace("@CONTENT@", content, StringComparison.Ordinal));
        return path;
    }

    public string[] GateCall(string home) => [_options.Gate, "hook", "claude-code", "--home", home];

    public string[] FloorCall(string home) => [Path.Combine(_options.Tools, "floor"), home, Database.CheckpointFrames.ToString(CultureInfo.InvariantCulture)];

    public static string Store(string home) => Path.Combine(home, ".local", "state", "gate", "store.db");

    /// <summary>Runs a verb of the binary and gives back what it printed.</summary>
    public string Gate(string home, params string[] arguments)
    {
        ProcessStartInfo start = new(_options.Gate, arguments) { WorkingDirectory = Repository, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Clear();
        start.Environment["HOME"] = home;
        (int code, string output) = Finish(start);
        return code == 0 ? output : throw new BenchException($"gate {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    /// <summary>What <c>gate ledger verify</c> says; throws when the chain is broken or the rows are not as many as were made.</summary>
    public string Verify(string home, long rows)
    {
        string output = Gate(home, "ledger", "verify");
        return output.Contains($"whole  {rows} rows", StringComparison.Ordinal) ? output.Trim() : throw new BenchException($"the ledger of {Path.GetFileName(home)} should be whole with {rows} rows; verify says: {output}");
    }

    /// <summary>Every call once a round, alternating.</summary>
    public Dictionary<Call, Figures> Alternate(IReadOnlyList<Call> calls, int rounds, int warmup) =>
        Time(calls, ["alternate", Plan(calls), Text(rounds), Text(warmup)]);

    /// <summary>One worker for each call, all at once; each makes the same number of calls.</summary>
    public Dictionary<Call, Figures> Parallel(IReadOnlyList<Call> calls, int each) => Time(calls, ["parallel", Plan(calls), Text(each)]);

    private Dictionary<Call, Figures> Time(IReadOnlyList<Call> calls, string[] arguments)
    {
        (int code, string output) = Finish(new ProcessStartInfo(Path.Combine(_options.Tools, "spawn"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
        if (code != 0)
            throw new BenchException(output);
        Dictionary<Call, Figures> figures = [];
        foreach (Call call in calls)
            figures[call] = new Figures();
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            long[] fields = Array.ConvertAll(line.Split(','), field => long.Parse(field, CultureInfo.InvariantCulture));
            figures[calls[(int)fields[0]]].Add(fields[1] / 1000.0, fields[2], fields[3], fields[4]);
        }

        return figures;
    }

    private string Plan(IReadOnlyList<Call> calls)
    {
        StringBuilder plan = new();
        foreach (Call call in calls)
        {
            plan.Append("command\ncwd ").Append(Repository).Append("\nenv HOME=").Append(call.Home).Append("\nenv PATH=/usr/bin:/bin\nexit ").Append(call.ExitCode).Append('\n');
            if (call.Payload.Length > 0)
                plan.Append("stdin ").Append(call.Payload).Append('\n');
            if (call.Expect.Length > 0)
                plan.Append("expect ").Append(call.Expect).Append("\nrefuse not whole\n");
            foreach (string argument in call.Arguments)
                plan.Append("arg ").Append(argument).Append('\n');
        }

        string path = Path.Combine(Folder, $"plan-{++_plans}");
        File.WriteAllText(path, plan.ToString());
        return path;
    }

    /// <summary>What a program prints, or null where it is not there.</summary>
    public static string? Ask(string program, params string[] arguments)
    {
        try
        {
            (int code, string output) = Finish(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
            return code == 0 ? output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static (int Code, string Output) Finish(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + error.Result);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
