using System.Text;
using Gate.Shell;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Shell;

public class ParseReportTests
{
    [Theory]
    [InlineData("", "[]")]
    [InlineData("echo 'a b' $x", """[["echo","'a b'","$x"]]""")]
    [InlineData("A=$(b c) d", """[["d"],["b","c"]]""")]
    [InlineData("a \"$(b `c`)\" <(d) $((1 + $(e)))", """[["a","\"$(b `c`)\"","<(d)","$((1 + $(e)))"],["b","`c`"],["c"],["d"],["e"]]""")]
    [InlineData("cat <<E | f\n$(g)\nE\n", """[["cat"],["f"],["g"]]""")]
    [InlineData("cat <<'E'\n$(g)\nE\n", """[["cat"]]""")]
    [InlineData("h() { i; }; if j; then k; fi", """[["i"],["j"],["k"]]""")]
    [InlineData("echo `a \\`b\\``; c", """[["echo","`a \\`b\\``"],["a","\\`b\\`"],["b"],["c"]]""")]
    [InlineData("\"`echo \\\"a\\\" \\\\x`\"; c", """[["\"`echo \\\"a\\\" \\\\x`\""],["echo","\\\"a\\\"","\\\\x"],["c"]]""")]
    [InlineData("x=(`a` $(b)) >$(c)", """[["a"],["b"],["c"]]""")]
    [InlineData("[[ $(a) == b ]]; case $(c) in $(d)) e;; esac", """[["a"],["c"],["d"],["e"]]""")]
    public void Every_simple_command_is_listed_in_source_order(string text, string commands) =>
        Assert.StartsWith($$"""{"ok":true,"commands":{{commands}},"assignments":""", Json(text, 0));

    [Fact]
    public void Assignments_are_listed_apart() =>
        Assert.Equal("""{"ok":true,"commands":[["c","D=3"]],"assignments":["A=1","B+=2"]}""" + "\n", Json("A=1 B+=2 c D=3", 0));

    [Fact]
    public void What_bash_would_only_find_when_it_runs_is_unknown() =>
        Assert.Contains("\"unknown\":[\"", Json("echo `if`", 0));

    [Fact]
    public void An_error_has_message_line_and_column() =>
        Assert.Equal("""{"ok":false,"error":{"message":"Expected a command, found `fi'.","line":2,"column":6}}""" + "\n", Json("a\ntrue|fi", 1));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_replaced() => Assert.Contains("\ufffd", Json([(byte)'e', 0xff], 0));

    [Fact]
    public void Without_json_the_tree_or_one_line()
    {
        Assert.StartsWith("Script @0+1\n  Statement", Encoding.UTF8.GetString(ParseReport.Render(new SourceText("a"u8.ToArray()), false).Output));
        (byte[] output, int exitCode) = ParseReport.Render(new SourceText("a )"u8.ToArray()), false);
        Assert.Equal(("line 1, column 3: Expected the end of the command, found `)'.\n", 1), (Encoding.UTF8.GetString(output), exitCode));
    }

    private static string Json(string text, int exitCode) => Json(Encoding.UTF8.GetBytes(text), exitCode);

    private static string Json(byte[] text, int exitCode)
    {
        (byte[] output, int code) = ParseReport.Render(new SourceText(text), json: true);
        Assert.Equal(exitCode, code);
        return Encoding.UTF8.GetString(output);
    }
}
