using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using Gate.Fuzz;
using Gate.Shell;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Shell;

/// <summary>
/// tests/corpus/shell: each file one point of grammar. ok/ parses, err/ does not, both held against the machine's <c>bash -n</c> (never run
/// without -n); trees/ has golden trees of some of ok/. Set GATE_WRITE_TREES=1 to write those anew, then read the difference.
/// </summary>
public class ShellCorpusTests
{
    public static TheoryData<string> Valid() => Files("ok");

    public static TheoryData<string> Invalid() => Files("err");

    public static TheoryData<string> Crashes()
    {
        var names = new TheoryData<string>();
        foreach (string path in Directory.GetFiles(Corpus.Crashes, "*.sh"))
        {
            names.Add(Path.GetFileName(path));
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_file_parses_and_keeps_every_invariant(string name)
    {
        byte[] text = Read("ok", name);
        ParseResult result = ShellParser.Parse(new SourceText(text));
        Assert.True(result.Error == null, result.Error?.Message);
        Assert.Null(Invariants.Violated(text));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_file_gives_one_sentence_and_a_span_in_the_text(string name)
    {
        byte[] text = Read("err", name);
        ParseResult result = ShellParser.Parse(new SourceText(text));
        Problem problem = Assert.NotNull(result.Error);
        Assert.Null(result.Tree);
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Span.Start, 0, text.Length);
        Assert.InRange(problem.Span.End, problem.Span.Start, text.Length);
        Assert.Null(Invariants.Violated(text));
    }

    [Theory]
    [MemberData(nameof(Crashes))]
    public void What_once_broke_an_invariant_does_not_break_one_again(string name) =>
        Assert.Null(Invariants.Violated(File.ReadAllBytes(Path.Combine(Corpus.Crashes, name))));

    [Fact]
    public void Bash_agrees_except_for_the_divergences_that_are_listed()
    {
        HashSet<string> expected = [];
        foreach (string line in File.ReadAllLines(Path.Combine(Corpus.Shell, "divergences.txt")))
        {
            if (!line.StartsWith('#') && line.Length > 0)
            {
                expected.Add(line.Split(' ')[0]);
            }
        }

        var wrong = new StringBuilder();
        foreach (string folder in new[] { "ok", "err" })
        {
            foreach (string path in Directory.GetFiles(Path.Combine(Corpus.Shell, folder)))
            {
                string name = folder + "/" + Path.GetFileName(path);
                bool agrees = BashAccepts(path) == (ShellParser.Parse(new SourceText(File.ReadAllBytes(path))).Error == null);
                if (agrees == expected.Contains(name))
                {
                    wrong.Append(agrees ? "listed but agrees: " : "diverges: ").AppendLine(name);
                }
            }
        }

        Assert.Equal("", wrong.ToString());
    }

    [Fact]
    public void Golden_trees_hold()
    {
        bool write = Environment.GetEnvironmentVariable("GATE_WRITE_TREES") == "1";
        string[] files = Directory.GetFiles(Path.Combine(Corpus.Shell, "trees"), "*.txt");
        Assert.InRange(files.Length, 100, int.MaxValue);
        var wrong = new StringBuilder();
        foreach (string golden in files)
        {
            var source = new SourceText(Read("ok", Path.GetFileNameWithoutExtension(golden)));
            string tree = Encoding.UTF8.GetString(TreeDump.Render(source, ShellParser.Parse(source).Partial, spans: true));
            if (write)
            {
                File.WriteAllText(golden, tree);
            }
            else if (File.ReadAllText(golden) != tree)
            {
                wrong.AppendLine(golden).AppendLine(tree);
            }
        }

        Assert.Equal("", wrong.ToString());
    }

    [Fact]
    public void Every_kind_of_node_occurs_in_the_corpus_and_has_its_arms()
    {
        var missing = new HashSet<NodeKind>(Enum.GetValues<NodeKind>());
        foreach (string path in Directory.GetFiles(Path.Combine(Corpus.Shell, "ok")))
        {
            // Printing and dumping throw on a kind without an arm; the walk does too.
            var source = new SourceText(File.ReadAllBytes(path));
            Script tree = ShellParser.Parse(source).Partial;
            Printer.Print(source, tree);
            new KindCollector(missing).Walk(tree);
        }

        Assert.Empty(missing);
    }

    internal static bool BashAccepts(string path)
    {
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-n", path]) { RedirectStandardError = true })!;
        bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        return bash.ExitCode == 0;
    }

    private static TheoryData<string> Files(string folder)
    {
        var names = new TheoryData<string>();
        foreach (string path in Directory.GetFiles(Path.Combine(Corpus.Shell, folder)))
        {
            names.Add(Path.GetFileNameWithoutExtension(path));
        }

        return names;
    }

    private static byte[] Read(string folder, string name) => File.ReadAllBytes(Path.Combine(Corpus.Shell, folder, name + ".sh"));

    private sealed class KindCollector(HashSet<NodeKind> missing) : Walker
    {
        protected override bool Enter(Node node)
        {
            missing.Remove(node.Kind);
            return true;
        }
    }
}
