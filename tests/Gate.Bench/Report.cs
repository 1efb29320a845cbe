using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;

namespace Gate.Bench;

/// <summary>Tables while it runs, the list of targets at the end, and all of it as JSON.</summary>
internal sealed class Report(Options options)
{
    private readonly List<(string Scenario, Call Call, Figures Figures, double? Ratio)> _rows = [];
    private readonly List<(string Target, string Figure, bool Met)> _targets = [];
    private readonly List<string> _notes = [];

    public bool Missed => _targets.Exists(target => !target.Met);

    public void Machine()
    {
        string processor = Array.Find(File.ReadAllLines("/proc/cpuinfo"), line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        Note($"{DateTime.UtcNow:yyyy-MM-dd}, {processor}, {Environment.ProcessorCount} processors, load {load}, {options.Rounds} rounds; microseconds of the whole process from spawn to exit, and of processor time");
    }

    public void Note(string text)
    {
        _notes.Add(text);
        Console.WriteLine(text);
    }

    public void Table(string scenario, IReadOnlyList<Call> calls, Dictionary<Call, Figures> figures)
    {
        Console.WriteLine();
        Console.WriteLine($"{scenario,-34}{"min",9}{"median",9}{"p95",9}{"p99",9}{"cpu",9}{"ratio",8}{"peak KiB",10}{"faults",8}");
        foreach (Call call in calls)
        {
            Figures f = figures[call];
            double? ratio = call.Against is null ? null : f.Median / figures[call.Against].Median;
            _rows.Add((scenario, call, f, ratio));
            string shown = ratio is null ? "" : ratio.Value.ToString("0.00", CultureInfo.InvariantCulture) + " x";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {call.Name,-32}{f.Minimum,9:0}{f.Median,9:0}{f.P95,9:0}{f.P99,9:0}{f.Processor,9}{shown,8}{f.Peak,10}{f.Faults,8}"));
        }
    }

    public void Target(string text, double figure, double limit, string unit, bool atLeast = false) =>
        _targets.Add((text, string.Create(CultureInfo.InvariantCulture, $"{figure:0.00}{unit}"), atLeast ? figure >= limit : figure <= limit));

    public void Summary()
    {
        Console.WriteLine();
        foreach ((string target, string figure, bool met) in _targets)
            Console.WriteLine($"{(met ? "PASS" : "MISS")}  {figure,10}  {target}");
    }

    public void WriteJson(string path)
    {
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("notes");
        _notes.ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteStartArray("figures");
        foreach ((string scenario, Call call, Figures f, double? ratio) in _rows)
        {
            json.WriteStartObject();
            json.WriteString("scenario", scenario);
            json.WriteString("name", call.Name);
            json.WriteNumber("calls", f.Count);
            json.WriteNumber("minimum", f.Minimum);
            json.WriteNumber("median", f.Median);
            json.WriteNumber("p95", f.P95);
            json.WriteNumber("p99", f.P99);
            json.WriteNumber("processor", f.Processor);
            if (ratio is not null)
                json.WriteNumber("ratio", Math.Round(ratio.Value, 3));
            json.WriteNumber("peakKiB", f.Peak);
            json.WriteNumber("faults", f.Faults);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("targets");
        foreach ((string target, string figure, bool met) in _targets)
        {
            json.WriteStartObject();
            json.WriteString("target", target);
            json.WriteString("figure", figure);
            json.WriteBoolean("met", met);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
