using System;
using System.Diagnostics;
using System.Text;
using Gate.Shell;
using Gate.Text;

namespace Gate.Fuzz;

/// <summary>What must hold for every text whatsoever. Used by the fuzz driver, the corpus tests and the property tests.</summary>
public static class Invariants
{
    /// <summary>Generous: a text of a few kilobytes takes well under a millisecond, and machines that run tests are busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The first thing that does not hold, or null.</summary>
    public static string? Violated(byte[] text)
    {
        try
        {
            var source = new SourceText(text);
            var watch = Stopwatch.StartNew();
            ParseResult result = ShellParser.Parse(source);
            if (watch.Elapsed > Patience)
            {
                return $"took {watch.Elapsed}";
            }

            if ((result.Tree == null) == (result.Error == null))
            {
                return "tree and error, or neither";
            }

            ParseReport.Render(source, json: true);
            ParseReport.Render(source, json: false);
            TreeDump.Render(source, result.Partial, spans: true);
            string? spans = SpanCheck.Violated(source, result.Partial, complete: result.Tree != null);
            return spans ?? (result.Tree == null ? null : RoundTrip(source, result.Tree));
        }
        catch (Exception defect)
        {
            return "threw " + defect;
        }
    }

    /// <summary>Printing and parsing again gives the same tree, and printing that the same text.</summary>
    public static string? RoundTrip(SourceText source, Script tree)
    {
        string before = Dump(source, tree);
        byte[] text = source.Bytes;
        if (before.Contains(" unterminated", StringComparison.Ordinal) || (text.Length > 0 && text[^1] == (byte)'\\'))
        {
            // A here-document or a backslash that only the end of the text ended cannot be followed by the printer's newline.
            return null;
        }

        byte[] printed = Printer.Print(source, tree);
        var again = new SourceText(printed);
        ParseResult result = ShellParser.Parse(again);
        if (result.Tree == null)
        {
            return "printed text refused: " + result.Error!.Value.Message;
        }

        if (Dump(again, result.Tree) != before)
        {
            return "printed text has another tree";
        }

        return printed.AsSpan().SequenceEqual(Printer.Print(again, result.Tree)) ? null : "printing twice differs";
    }

    /// <summary>
    /// The dump, with literals that stand next to each other taken as one: a body of a here-document in the middle of a quoted text
    /// parts a literal in two, and the printer moves the body away.
    /// </summary>
    public static string Dump(SourceText source, Script tree)
    {
        const string Start = "Literal ‹", End = "›";
        string[] lines = Encoding.UTF8.GetString(TreeDump.Render(source, tree, spans: false)).Split('\n');
        var result = new StringBuilder();
        string? open = null;
        foreach (string line in lines)
        {
            int indent = line.Length - line.TrimStart(' ').Length;
            bool literal = line.AsSpan(indent).StartsWith(Start, StringComparison.Ordinal) && line.EndsWith(End, StringComparison.Ordinal);
            if (open != null && literal && open.Length - open.TrimStart(' ').Length == indent)
            {
                open = open[..^End.Length] + line[(indent + Start.Length)..];
                continue;
            }

            result.Append(open == null ? "" : open + "\n");
            open = literal ? line : null;
            result.Append(literal ? "" : line + "\n");
        }

        return result.Append(open).ToString();
    }
}
