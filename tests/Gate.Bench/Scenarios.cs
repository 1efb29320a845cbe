using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Gate.Bench;

/// <summary>What is measured. Each scenario makes its own homes, times its calls alternating, and checks the ledgers afterwards.</summary>
internal static class Scenarios
{
    private const string Allowed = "\"permissionDecision\":\"allow\"", Decided = "\"permissionDecision\":\"";

    private const int Writers = 32, CallsEach = 20, Warmup = 10;

    public static void Run(Machine machine, Options options, Report report)
    {
        Figures? single = null;
        if (options.Runs("calls") || options.Runs("parallel"))
            single = Calls(machine, options, report);
        if (options.Runs("scripts"))
            Scripts(machine, options, report);
        if (options.Runs("large"))
            Large(machine, options, report);
        if (options.Runs("rows"))
            Rows(machine, options, report);
        if (options.Runs("rules"))
            Rules(machine, options, report);
        if (options.Runs("lessons"))
            Lessons(machine, options, report);
        if (options.Runs("parallel"))
            Parallel(machine, report, single!);
        if (options.Runs("growth"))
            Growth(machine, report);
    }

    private static Figures Calls(Machine machine, Options options, Report report)
    {
        string home = machine.NewHome("calls"), other = machine.NewHome("calls-floor");
        List<Call> calls = [];
        foreach ((string name, string payload, int code, string expect) in new[] { ("git status", "ordinary", 0, Allowed), ("git push --force (deny)", "deny", 2, "\"decision\":\"block\""), ("Read", "read", 0, Allowed), ("a long compound command", "compound", 0, Decided) })
        {
            string file = machine.Payload(payload, payload);
            Call floor = new($"floor: {name}", machine.FloorCall(other), file, other, code, Decided);
            calls.Add(new Call($"gate: {name}", machine.GateCall(home), file, home, code, expect) { Against = floor });
            calls.Add(floor);
        }

        Dictionary<Call, Figures> figures = machine.Alternate(calls, options.Rounds, Warmup);
        report.Table("one call", calls, figures);
        machine.Verify(home, 4L * (options.Rounds + Warmup));
        machine.Verify(other, 4L * (options.Rounds + Warmup));

        Figures ordinary = figures[calls[0]];
        for (int i = 0; i < 8; i += 2)
            report.Target($"{calls[i].Name}: median at most 2.5 x the floor (aim: 2.0 x)", figures[calls[i]].Median / figures[calls[i + 1]].Median, 2.5, " x");
        report.Target("git status: p99 at most 3 x its own median, on a quiet machine", ordinary.P99 / ordinary.Median, 3, " x");
        report.Target("the floor's own p99 to its median, for comparison", figures[calls[1]].P99 / figures[calls[1]].Median, double.MaxValue, " x");
        report.Target("peak memory of ordinary calls at most 8 MiB", calls.Take(8).Where((_, i) => i % 2 == 0).Max(call => figures[call].Peak) / 1024.0, 8, " MiB");
        return ordinary;
    }

    // Beside interpreters that do nothing: they leave little of gate in the processor's caches, so its figure is higher here.
    private static void Scripts(Machine machine, Options options, Report report)
    {
        string home = machine.NewHome("scripts");
        Call gate = new("gate: git status", machine.GateCall(home), machine.Payload("ordinary", "scripts"), home, 0, Allowed);
        List<Call> calls = [gate];

        // The programs themselves: a version manager's shim would be measured too.
        if (Machine.Ask("node", "-p", "process.execPath") is { } node)
            calls.Add(new Call("node -e 0", [node, "-e", "0"], "", home) { Against = gate });
        if (Machine.Ask("python3", "-c", "import sys; print(sys.executable)") is { } python)
            calls.Add(new Call("python3 -c pass", [python, "-c", "pass"], "", home) { Against = gate });
        if (calls.Count == 1)
            return;
        Dictionary<Call, Figures> figures = machine.Alternate(calls, Math.Max(options.Rounds / 3, 20), 2);
        report.Table("interpreters (ratio: to gate)", calls, figures);
        foreach (Call script in calls.Skip(1))
            report.Target($"at least 10 x faster than {script.Name}", figures[script].Median / figures[gate].Median, 10, " x", atLeast: true);
    }

    private static void Large(Machine machine, Options options, Report report)
    {
        string home = machine.NewHome("large"), other = machine.NewHome("large-floor");
        string line = "{\\\"id\\\": 4711, \\\"name\\\": \\\"a row of a fixture\\\", \\\"tags\\\": [1, 2, 3]},\\n";
        string file = machine.Payload("write", "large", string.Concat(Enumerable.Repeat(line, (10 << 20) / line.Length)));
        Call floor = new("floor: Write of 10 MB", machine.FloorCall(other), file, other, 0, Allowed), gate = new("gate: Write of 10 MB", machine.GateCall(home), file, home, 0, Allowed) { Against = floor };
        int rounds = Math.Max(options.Rounds / 10, 20);
        report.Table("a large payload", [gate, floor], machine.Alternate([gate, floor], rounds, 2));
        machine.Verify(home, rounds + 2);
        machine.Verify(other, rounds + 2);
        report.Target("a Write of 10 MB passes", 1, 1, "");
    }

    private static void Rows(Machine machine, Options options, Report report)
    {
        List<Call> calls = [];
        foreach (int rows in new[] { 0, 10_000, 1_000_000 })
        {
            string home = machine.NewHome($"rows-{rows}");
            Stopwatch watch = Stopwatch.StartNew();
            if (rows > 0)
                Filler.Fill(Machine.Store(home), machine.Repository, rows);
            string name = string.Create(CultureInfo.InvariantCulture, $"{rows:### ### ##0} rows").Trim(), filled = string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0} s");
            calls.Add(new Call(name, machine.GateCall(home), machine.Payload("ordinary", $"rows{rows}"), home, 0, Allowed) { Against = calls.FirstOrDefault() });
            if (rows != 1_000_000)
                continue;

            // Rows that no call wrote have no mark in the anchor; one call more has, and covers them.
            machine.Alternate([calls[^1]], 1, 0);
            report.Note($"1 000 000 rows: {new FileInfo(Machine.Store(home)).Length >> 20} MiB, filled in {filled}; gate ledger verify: {machine.Verify(home, rows + 1)}");
        }

        Dictionary<Call, Figures> figures = machine.Alternate(calls, options.Rounds, Warmup);
        report.Table("rows in the ledger", calls, figures);
        machine.Verify(calls[1].Home, 10_000 + options.Rounds + Warmup);
        report.Target("10 000 rows at most 1.10 x an empty ledger", figures[calls[1]].Median / figures[calls[0]].Median, 1.10, " x");
        report.Target("1 000 000 rows at most 1.10 x an empty ledger", figures[calls[2]].Median / figures[calls[0]].Median, 1.10, " x");
        Directory.Delete(calls[2].Home, recursive: true);
    }

    private static void Rules(Machine machine, Options options, Report report)
    {
        int already = Directory.GetFiles(Path.Combine(machine.Rules, "packs")).Sum(file => File.ReadLines(file).Count(line => line.TrimStart().StartsWith("- id:", StringComparison.Ordinal)));
        List<Call> calls = [];
        foreach (string payload in new[] { "ordinary", "deny" })
        {
            Call? few = null;
            foreach (int rules in new[] { Math.Max(40, already), 4000 })
            {
                string home = Path.Combine(machine.Folder, "homes", $"rules-{rules}");
                if (!Directory.Exists(home))
                {
                    string folder = Path.Combine(machine.Folder, $"rules-{rules}");
                    RuleMaker.Write(machine.Rules, folder, rules, already);
                    machine.NewHome($"rules-{rules}", folder);
                }

                bool deny = payload == "deny";
                few ??= Add(rules, null);
                if (rules == 4000)
                    Add(rules, few);

                Call Add(int count, Call? against)
                {
                    Call call = new($"{count} rules: {(deny ? "git push --force" : "git status")}", machine.GateCall(home), machine.Payload(payload, $"rules{count}"), home, deny ? 2 : 0, Decided) { Against = against };
                    calls.Add(call);
                    return call;
                }
            }
        }

        Dictionary<Call, Figures> figures = machine.Alternate(calls, options.Rounds, Warmup);
        report.Table("rules in the bundle", calls, figures);
        report.Target("4 000 rules at most 1.10 x 40 rules, allowed", figures[calls[1]].Median / figures[calls[0]].Median, 1.10, " x");
        report.Target("4 000 rules at most 1.10 x 40 rules, denied", figures[calls[3]].Median / figures[calls[2]].Median, 1.10, " x");
    }

    private static void Lessons(Machine machine, Options options, Report report)
    {
        string none = machine.NewHome("lessons-0"), many = machine.NewHome("lessons-100000");
        Filler.FillLessons(Machine.Store(many), machine.Repository, 100_000);
        List<Call> calls = [];
        foreach ((string name, string payload, int code) in new[] { ("git status", "ordinary", 0), ("git push --force (deny)", "deny", 2), ("a long compound command", "compound", 0) })
        {
            Call without = new($"no lesson: {name}", machine.GateCall(none), machine.Payload(payload, "lessons0"), none, code, Decided);
            calls.Add(without);
            calls.Add(new Call($"100 000 lessons: {name}", machine.GateCall(many), machine.Payload(payload, "lessons1"), many, code, Decided) { Against = without });
        }

        Dictionary<Call, Figures> figures = machine.Alternate(calls, options.Rounds, Warmup);
        report.Table("lessons in the store", calls, figures);
        machine.Verify(many, 3L * (options.Rounds + Warmup));
        for (int i = 0; i < calls.Count; i += 2)
            report.Target($"{calls[i + 1].Name}: at most 1.10 x none", figures[calls[i + 1]].Median / figures[calls[i]].Median, 1.10, " x");
    }

    private static void Parallel(Machine machine, Report report, Figures single)
    {
        string home = machine.NewHome("parallel"), other = machine.NewHome("parallel-floor");
        List<Call> gates = [], floors = [];
        for (int i = 0; i < Writers; i++)
        {
            string file = machine.Payload("ordinary", $"writer{i}");
            gates.Add(new Call($"writer {i}", machine.GateCall(home), file, home, 0, Allowed));
            floors.Add(new Call($"writer {i}", machine.FloorCall(other), file, other, 0, Allowed));
        }

        Figures gate = Together(machine.Parallel(gates, CallsEach)), floor = Together(machine.Parallel(floors, CallsEach));
        Call shownFloor = new($"floor: {Writers} writers", [], "", other), shownGate = new($"gate: {Writers} writers x {CallsEach} calls", [], "", home) { Against = shownFloor };
        report.Table("writers at once", [shownGate, shownFloor], new() { [shownGate] = gate, [shownFloor] = floor });
        machine.Verify(other, Writers * CallsEach);
        report.Note($"after {Writers} writers x {CallsEach} calls, gate ledger verify: {machine.Verify(home, Writers * CallsEach)}");
        report.Target($"{Writers} writers at once: nothing lost, chain whole", 1, 1, "");
        report.Target($"{Writers} writers at once: p99 at most 25 x the median of one", gate.P99 / single.Median, 25, " x");

        Figures Together(Dictionary<Call, Figures> all)
        {
            Figures sum = new();
            foreach (Figures each in all.Values)
                sum.Add(each);
            return sum;
        }
    }

    // How the store grows, and how long the log gets between two foldings.
    private static void Growth(Machine machine, Report report)
    {
        const int Steps = 64, Each = 10;
        string home = machine.NewHome("growth"), store = Machine.Store(home);
        Call call = new("git status", machine.GateCall(home), machine.Payload("ordinary", "growth"), home, 0, Allowed);
        string anchor = Path.Combine(Path.GetDirectoryName(store)!, "ledger.anchor");
        long before = new FileInfo(store).Length, marksBefore = new FileInfo(anchor).Length, log = 0;
        for (int i = 0; i < Steps; i++)
        {
            machine.Alternate([call], Each, 0);
            log = Math.Max(log, new FileInfo(store + "-wal").Length);
        }

        // The verb closes the store, which folds what is left.
        string verified = machine.Verify(home, Steps * Each);
        long after = new FileInfo(store).Length;
        Console.WriteLine();
        report.Note($"store growth: {(after - before) / (Steps * Each)} bytes a call over {Steps * Each} calls; the log was never longer than {log >> 10} KiB; the anchor grew by {new FileInfo(anchor).Length - marksBefore} bytes from {marksBefore}; gate ledger verify: {verified}");
    }
}
