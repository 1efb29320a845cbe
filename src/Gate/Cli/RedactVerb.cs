using System;
using System.CommandLine;
using System.IO;
using Gate.Redaction;
using Gate.Requests;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate redact [FILE|-] [--json]</c>: a text with its secrets replaced, or what was found in it; never a secret itself.</summary>
internal static class RedactVerb
{
    private const int Piece = 64 << 10;

    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "A file; '-' for standard input.", DefaultValueFactory = _ => "-" };
        Option<bool> json = new("--json") { Description = "One JSON object: what was found, and where, in place of the text." };
        Command verb = new("redact", "Print a text with its secrets replaced.") { file, json };
        verb.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            RedactionTable table = new(Workplace.Bundle(places, Workplace.Here(places), out _));
            if (!table.IsThere)
                throw new CliException("The rules in force here know no formats of secrets. Add a redactions.yaml and run 'gate rules build'.");
            string path = parsed.GetValue(file)!;
            using Stream input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using Stream output = parsed.GetValue(json) ? Stream.Null : Console.OpenStandardOutput();
            Redactor redactor = new(table) { KeepsFindings = true };
            byte[] piece = new byte[Piece];
            for (int read; (read = input.Read(piece)) > 0;)
            {
                redactor.Feed(piece.AsSpan(0, read));
                Pass(redactor, output);
            }

            redactor.End();
            Pass(redactor, output);
            if (parsed.GetValue(json))
                Terminal.Raw(Report(redactor, table));
            return 0;
        });
        return verb;
    }

    private static void Pass(Redactor redactor, Stream output)
    {
        output.Write(redactor.Output.Written);
        redactor.Output.Clear();
    }

    private static byte[] Report(Redactor redactor, RedactionTable table)
    {
        ByteBuilder text = new(1024);
        text.Add("{\"withheld\":"u8).Add(redactor.Withheld ? "true"u8 : "false"u8).Add(",\"redactions\":["u8);
        string separator = "";
        foreach (Finding finding in redactor.Findings)
        {
            text.Add(separator).Add("{\"id\":"u8).AddJson(table.Id(finding.Format)).Add(",\"kind\":"u8).AddJson(RedactionNames.Of(table.Kind(finding.Format)));
            text.Add(",\"offset\":"u8).Add(finding.Offset).Add(",\"length\":"u8).Add(finding.Length).Add((byte)'}');
            separator = ",";
        }

        return text.Add("]}\n"u8).ToArray();
    }
}
