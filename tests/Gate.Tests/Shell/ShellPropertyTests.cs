using System;
using System.IO;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gate.Fuzz;
using Gate.Shell;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Shell;

public class ShellPropertyTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Fact]
    public void Generated_scripts_parse_and_print_to_the_same_tree() =>
        Check.One(Often, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            string script = new ScriptMaker(seed).Make();
            byte[] text = Encoding.UTF8.GetBytes(script);
            ParseResult result = ShellParser.Parse(new SourceText(text));
            return (result.Error == null && Invariants.Violated(text) == null).Label(result.Error?.Message + "\n" + Invariants.Violated(text) + "\n" + script);
        }));

    [Fact]
    public void Mutated_texts_keep_every_invariant()
    {
        byte[][] corpus = Corpus.Texts();
        Check.One(Often, Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            byte[] text = new Mutator(seed).Next(corpus);
            return (Invariants.Violated(text) == null).Label(Invariants.Violated(text) + "\n" + Encoding.UTF8.GetString(text));
        }));
    }

    [Fact]
    public void A_prefix_of_a_text_never_breaks_an_invariant()
    {
        byte[] text = File.ReadAllBytes(Path.Combine(Corpus.Shell, "ok", "combined-everything.sh"));
        for (int length = 0; length <= text.Length; length++)
        {
            Assert.Null(Invariants.Violated(text[..length]));
        }
    }

    [Fact]
    public void Bash_accepts_generated_scripts_and_what_is_printed_of_them()
    {
        string path = Path.GetTempFileName();
        try
        {
            for (int seed = 0; seed < 60; seed++)
            {
                var source = new SourceText(Encoding.UTF8.GetBytes(new ScriptMaker(seed).Make()));
                File.WriteAllBytes(path, source.Bytes);
                Assert.True(ShellCorpusTests.BashAccepts(path), Encoding.UTF8.GetString(source.Bytes));
                File.WriteAllBytes(path, Printer.Print(source, ShellParser.Parse(source).Tree!));
                Assert.True(ShellCorpusTests.BashAccepts(path), File.ReadAllText(path));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
