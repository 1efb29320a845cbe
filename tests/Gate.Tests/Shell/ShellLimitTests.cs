using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using System.Threading;
using Gate.Shell;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Shell;

public class ShellLimitTests
{
    [Theory]
    [InlineData("( ", " a", " )")]
    [InlineData("{ ", "a;", " }")]
    [InlineData("if ", "a;", " then b; fi;")]
    [InlineData("echo $(", "a", ")")]
    [InlineData("echo \"$(", "a", ")\"")]
    [InlineData("${x:-", "a", "}")]
    public void Nesting_is_allowed_up_to_the_limit_and_refused_beyond_it(string open, string middle, string close)
    {
        string Nested(int levels) => Repeat(open, levels) + middle + Repeat(close, levels);
        Assert.Null(Parse(Nested(60)).Error);
        Assert.Equal("Nested too deeply.", Parse(Nested(ShellLimits.Nesting + 1)).Error?.Message);
    }

    [Fact]
    public void Subshells_nest_to_exactly_the_limit()
    {
        Assert.Null(Parse(Repeat("( ", ShellLimits.Nesting) + "a" + Repeat(" )", ShellLimits.Nesting)).Error);
        Assert.NotNull(Parse(Repeat("( ", ShellLimits.Nesting + 1) + "a" + Repeat(" )", ShellLimits.Nesting + 1)).Error);
    }

    [Fact]
    public void The_depth_that_the_caller_has_used_up_counts()
    {
        Assert.Null(ShellParser.Parse(Text("( a )"), ShellLimits.Nesting - 1).Error);
        Assert.Equal("Nested too deeply.", ShellParser.Parse(Text("( a )"), ShellLimits.Nesting).Error?.Message);
    }

    [Fact]
    public void A_text_may_be_as_long_as_the_limit_and_no_longer()
    {
        Assert.Null(Parse(new string('a', ShellLimits.InputBytes)).Error);
        Assert.Equal("The text is too long.", Parse(new string('a', ShellLimits.InputBytes + 1)).Error?.Message);
    }

    [Fact]
    public void More_nodes_than_the_limit_are_refused()
    {
        Assert.Null(Parse(Repeat("a ", ShellLimits.Nodes / 2 - 8)).Error);
        Assert.Equal("Too many words and commands in one text.", Parse(Repeat("a ", ShellLimits.Nodes / 2 + 8)).Error?.Message);
        Assert.Equal("Too many words and commands in one text.", Parse("x=`" + Repeat("a ", ShellLimits.Nodes / 2 + 8) + "`").Error?.Message);
    }

    [Fact]
    public void A_line_opens_sixteen_here_documents_and_no_more()
    {
        Assert.Null(Parse(":" + Repeat(" <<A", ShellLimits.HereDocumentsPerLine) + "\n").Error);
        Assert.Equal("Too many here-documents on one line.", Parse(":" + Repeat(" <<A", ShellLimits.HereDocumentsPerLine + 1) + "\n").Error?.Message);
    }

    [Fact]
    public void Looking_ahead_is_bounded()
    {
        Assert.Equal("Too many nested ambiguities.", Parse(Ambiguous(100_000)).Error?.Message);
        Assert.Null(Parse(Ambiguous(10)).Error);
    }

    [Fact]
    public void A_NUL_byte_is_refused() => Assert.Equal("A NUL byte cannot be part of a command.", Parse("r\0m -rf /").Error?.Message);

    /// <summary>
    /// Hostile megabytes on a thread with the stack of an ordinary one. The bound is generous, because machines that run tests are busy; quadratic
    /// or exponential work would miss it by orders of magnitude.
    /// </summary>
    [Fact]
    public void A_hostile_megabyte_takes_no_more_than_a_moment_and_a_megabyte_of_stack()
    {
        string[] units =
        [
            "$(", "$((", "((", "( ", "`", "${", "${x:-", "\"$(", "\"${x:-", "[[ ( ", "[[ ! ", "{ ", "if ", "case x in a) ", "while ", "a|", "a&&", "a;", "! ", "time ",
            "a=(", "a[", "${a[", "x[", "@(", "<(", "<((", "$[", "'a", "\"'", "$'\\''", "\\\n", "cat <<A\nx\nA\n", "$(<<A)", "$(cat <<A\n", "cat <<A ", "f()", "f(){ ", "coproc ",
            "elif a; then ", "((a);", "((a) # '\n", "$((a) ", "for((;;)) {", "`\\`\\\\\\`", "a=b=", "a-=", "\"${x:-'", "$$(", "# (\n", "&>", "{a}>b ", "declare a=([1]=",
        ];
        var slow = new List<string>();
        var thread = new Thread(
            () =>
            {
                foreach (string unit in units)
                {
                    byte[] text = Encoding.UTF8.GetBytes(Repeat(unit, (1 << 20) / unit.Length));
                    var watch = Stopwatch.StartNew();
                    ShellParser.Parse(new SourceText(text));
                    if (watch.Elapsed > TimeSpan.FromSeconds(4))
                    {
                        slow.Add($"{unit}: {watch.Elapsed}");
                    }
                }
            },
            1 << 20);
        thread.Start();
        thread.Join();
        Assert.Empty(slow);
    }

    private static string Ambiguous(int size) => Repeat("(", 60) + Repeat("a;", size) + "a" + Repeat(") ", 60);

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static SourceText Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static ParseResult Parse(string text) => ShellParser.Parse(Text(text));
}
