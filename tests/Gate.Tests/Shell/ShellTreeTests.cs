using System;
using System.Collections.Generic;
using System.Text;
using Gate.Shell;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Shell;

/// <summary>What later rooms rely on in the tree; the shape of everything else is in the golden trees.</summary>
public class ShellTreeTests
{
    [Fact]
    public void Words_slice_to_their_source()
    {
        SimpleCommand command = First("A=1 rm -rf \"$x\" $(y) > f");
        Assert.Equal(["rm", "-rf", "\"$x\"", "$(y)"], Slices(command.Words));
        Assert.Equal(["A=1"], Slices(command.Assignments));
        Assert.Equal(["> f"], Slices(command.Redirects));
    }

    [Theory]
    [InlineData("A=1", "A", false, "1")]
    [InlineData("A+=x$y", "A", true, "x$y")]
    [InlineData("A=", "A", false, "")]
    [InlineData("a[i+1]=v", "a", false, "v")]
    [InlineData("a['k']+=(1 2)", "a", true, "(1 2)")]
    public void Assignments_know_name_and_value(string text, string name, bool append, string value)
    {
        Assignment assignment = Assert.Single(First(text).Assignments);
        Assert.Equal((name, append, value), (Slice(text, assignment.Name), assignment.Append, Slice(text, assignment.Value.Span)));
        Assert.Equal(text.Contains('['), assignment.Subscript != null);
    }

    [Theory]
    [InlineData("dd if=/dev/zero", 5)]
    [InlineData("env A+=1", 6)]
    [InlineData("echo -x=1", -1)]
    [InlineData("echo a.b=1", -1)]
    public void An_argument_that_looks_like_an_assignment_says_where(string text, int equals) => Assert.Equal(equals, First(text).Words[1].EqualsAt);

    [Theory]
    [InlineData("${x}", ParameterOperator.None, null, null)]
    [InlineData("${x:-a b}", ParameterOperator.DefaultIfEmpty, "a b", null)]
    [InlineData("${x##*/}", ParameterOperator.RemoveLongestPrefix, "*/", null)]
    [InlineData("${x/a/b}", ParameterOperator.Replace, "a", "b")]
    [InlineData("${x//a}", ParameterOperator.ReplaceAll, "a", null)]
    [InlineData("${x:1:2}", ParameterOperator.Substring, "1", "2")]
    [InlineData("${x@Q}", ParameterOperator.Transform, "Q", null)]
    [InlineData("${!x*}", ParameterOperator.NamesWithPrefix, null, null)]
    public void Parameters_are_taken_apart(string text, ParameterOperator op, string? argument, string? second)
    {
        var parameter = (Parameter)First(text).Words[0].Parts[0];
        Assert.Equal(("x", op), (Slice(text, parameter.Name), parameter.Operator));
        Assert.Equal(argument, parameter.Argument is { } a ? Slice(text, a.Span) : null);
        Assert.Equal(second, parameter.Second is { } s ? Slice(text, s.Span) : null);
        Assert.False(parameter.Malformed);
    }

    [Theory]
    [InlineData("${x y}")]
    [InlineData("${}")]
    [InlineData("${a.b}")]
    [InlineData("$na\\\nme")]
    public void A_senseless_parameter_is_malformed_and_not_refused(string text) => Assert.True(((Parameter)First(text).Words[0].Parts[0]).Malformed);

    [Fact]
    public void Commands_in_single_quotes_inside_a_quoted_default_are_seen()
    {
        var finder = new Finder<CommandSubstitution>();
        finder.Walk(Parse("echo \"${x:-'$(rm -rf /)'}\"").Tree);
        Assert.Single(finder.Found);
    }

    [Fact]
    public void A_backquote_points_into_the_text_itself_unless_it_was_unescaped()
    {
        SourceText source = Text("echo `a b` `c \\`d\\``");
        Word[] words = ((SimpleCommand)ShellParser.Parse(source).Tree!.Statements[0].Command).Words;
        Assert.Same(source, ((Backquote)words[1].Parts[0]).Source);
        var second = (Backquote)words[2].Parts[0];
        Assert.Equal("c `d`", Encoding.UTF8.GetString(second.Source.Bytes));
    }

    [Fact]
    public void A_mistake_in_backquotes_is_kept_beside_them()
    {
        var backquote = (Backquote)First("echo `if`").Words[1].Parts[0];
        Assert.NotNull(backquote.Problem);
    }

    [Theory]
    [InlineData("$(( (1) ))", NodeKind.Arithmetic)]
    [InlineData("$((1)+(2))", NodeKind.CommandSubstitution)]
    [InlineData("$((1)+(2 ))", NodeKind.CommandSubstitution)]
    [InlineData("$(((1)+(2)))", NodeKind.Arithmetic)]
    [InlineData("$((a);(b))", NodeKind.CommandSubstitution)]
    public void Two_parentheses_are_arithmetic_only_when_they_close_together(string text, NodeKind kind) =>
        Assert.Equal(kind, First(text).Words[0].Parts[0].Kind);

    [Fact]
    public void An_array_glued_to_text_keeps_both() => Assert.Equal(2, First("a=(1)b").Assignments[0].Value.Parts.Length);

    [Fact]
    public void Extended_globs_are_patterns_only_when_asked_for()
    {
        Assert.NotNull(Parse("rm !(a|b)").Error);
        ParseResult result = ShellParser.Parse(Text("rm !(a|b) x@(c)"), extendedGlob: true);
        var finder = new Finder<ExtendedGlob>();
        finder.Walk(result.Tree);
        Assert.Equal(2, finder.Found.Count);
    }

    [Fact]
    public void Beside_an_error_stands_what_was_read()
    {
        ParseResult result = Parse("rm -rf /; if curl x | sh; then (");
        Assert.Null(result.Tree);
        var finder = new Finder<SimpleCommand>();
        finder.Walk(result.Partial);
        Assert.Equal(3, finder.Found.FindAll(command => command.Words.Length > 0).Count);
    }

    [Fact]
    public void A_here_document_hangs_on_its_redirection()
    {
        const string Script = "cat <<A <<-'B'\n$x\nA\n\ty\n\tB\n";
        Redirect[] redirects = First(Script).Redirects;
        Assert.Equal(("$x\n", false), (Slice(Script, redirects[0].Document!.Span), redirects[0].Document!.Quoted));
        Assert.Equal(("\ty\n", true), (Slice(Script, redirects[1].Document!.Span), redirects[1].Document!.Quoted));
        Assert.Equal("B"u8.ToArray(), redirects[1].Document!.Delimiter);
    }

    [Theory]
    [InlineData("a\\tb", "a\tb")]
    [InlineData("\\x41\\101\\u00e9\\U1F600", "AAé😀")]
    [InlineData("\\'\\\"\\\\\\?", "'\"\\?")]
    [InlineData("\\q\\xg", "\\q\\xg")]
    [InlineData("\\cA\\e", "\u0001\u001b")]
    [InlineData("a\\0b", "a")]
    public void Ansi_quotes_decode_as_in_bash(string text, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(AnsiQuote.Decode(Encoding.UTF8.GetBytes(text))));

    private static string Slice(string text, Span span) => Encoding.UTF8.GetString(Text(text).Slice(span));

    private SourceText _last = Text("");

    private string[] Slices(Node[] nodes) => Array.ConvertAll(nodes, node => Encoding.UTF8.GetString(_last.Slice(node.Span)));

    private SimpleCommand First(string text)
    {
        _last = Text(text);
        ParseResult result = ShellParser.Parse(_last);
        Assert.True(result.Error == null, result.Error?.Message);
        return (SimpleCommand)result.Tree!.Statements[0].Command;
    }

    private static ParseResult Parse(string text) => ShellParser.Parse(Text(text));

    private static SourceText Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private sealed class Finder<T> : Walker
        where T : Node
    {
        public List<T> Found { get; } = [];

        protected override bool Enter(Node node)
        {
            if (node is T found)
            {
                Found.Add(found);
            }

            return true;
        }
    }
}
