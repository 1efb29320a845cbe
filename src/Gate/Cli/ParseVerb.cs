using System;
using System.CommandLine;
using System.IO;
using Gate.Shell;
using Gate.Text;
using Command = System.CommandLine.Command;

namespace Gate.Cli;

/// <summary><c>gate parse [FILE|-] [--json]</c>: the syntax tree; exit 0 valid, 1 syntax error.</summary>
internal static class ParseVerb
{
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "A shell script; '-' for standard input.", DefaultValueFactory = _ => "-" };
        Option<bool> json = new("--json") { Description = "One JSON object." };
        Command verb = new("parse", "Show the syntax tree of a shell script.") { file, json };
        verb.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            using Stream input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using MemoryStream bytes = new();
            input.CopyTo(bytes);
            (byte[] output, int code) = ParseReport.Render(new SourceText(bytes.ToArray()), parsed.GetValue(json));
            if (parsed.GetValue(json))
                Terminal.Raw(output);
            else
                Terminal.SafeLines(output);
            return code;
        });
        return verb;
    }
}
