using System;
using System.Globalization;
using System.IO;

namespace Gate.Bench;

// tests/bench builds what this needs and calls it: Gate.Bench --gate FILE --tools DIR [--quick] [--rounds N] [--only NAMES] [--json FILE] [--check]
internal static class Program
{
    private static int Main(string[] args)
    {
        if (Options.Read(args) is not { } options)
        {
            Console.Error.WriteLine("usage: tests/bench [--quick] [--rounds N] [--only calls,scripts,large,rows,rules,lessons,parallel,growth] [--json FILE] [--check] [--gate FILE]");
            return 2;
        }

        string folder = Directory.CreateTempSubdirectory("gate-bench-").FullName;
        Report report = new(options);
        try
        {
            report.Machine();
            Scenarios.Run(new Machine(options, folder), options, report);
            report.Summary();
            if (options.Json is not null)
                report.WriteJson(options.Json);
            return options.Check && report.Missed ? 1 : 0;
        }
        catch (BenchException e)
        {
            Console.Error.WriteLine($"bench: {e.Message}");
            return 2;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

internal sealed record Options(string Gate, string Tools, string Root, int Rounds, string[] Only, string? Json, bool Check)
{
    public static Options? Read(string[] args)
    {
        string? gate = null, tools = null, root = null, json = null;
        int rounds = 300;
        bool check = false;
        string[] only = [];
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--quick")
                rounds = 60;
            else if (args[i] is "--check")
                check = true;
            else if (i + 1 == args.Length)
                return null;
            else if (args[i] is "--gate")
                gate = Path.GetFullPath(args[++i]);
            else if (args[i] is "--tools")
                tools = Path.GetFullPath(args[++i]);
            else if (args[i] is "--root")
                root = Path.GetFullPath(args[++i]);
            else if (args[i] is "--json")
                json = args[++i];
            else if (args[i] is "--only")
                only = args[++i].Split(',');
            else if (args[i] is not "--rounds" || !int.TryParse(args[++i], CultureInfo.InvariantCulture, out rounds) || rounds < 1)
                return null;
        }

        return gate is null || tools is null || root is null ? null : new Options(gate, tools, root, rounds, only, json, check);
    }

    public bool Runs(string name) => Only.Length == 0 || Array.IndexOf(Only, name) >= 0;
}

/// <summary>The run itself failed; there are no figures.</summary>
internal sealed class BenchException(string message) : Exception(message);
