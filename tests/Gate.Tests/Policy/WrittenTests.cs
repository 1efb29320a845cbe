using System;
using System.Linq;
using System.Text;
using Gate.Compiler;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Policy;

/// <summary>Conditions on what a call writes into a file, as far as the call itself says it.</summary>
public class WrittenTests
{
    // In two parts, so that no scanner takes it for a leak.
    private const string Token = "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a";

    private static readonly Calls s_matches = Calls.WithRule("deny", "{written-matches: 'debugger'}"), s_secret = Calls.WithRule("deny", "{written-secret: [token, private-key]}"),
        s_long = Calls.WithRule("deny", "{written-size: 40}");

    [Theory]
    [InlineData("Write", """{"file_path": "/home/dev/project/a.js", "content": "debugger;"}""", true)]
    [InlineData("Write", """{"content": "debugger;", "file_path": "/home/dev/project/a.js"}""", true)]
    [InlineData("Write", """{"file_path": "/home/dev/project/a.js", "content": "debu\u0067ger;"}""", true)]
    [InlineData("Write", """{"file_path": "/home/dev/project/debugger", "content": "x"}""", false)]
    [InlineData("Write", """{"file_path": "/home/dev/project/a.js", "content": ["debugger"]}""", true)]
    [InlineData("Write", """{"file_path": "/home/dev/project/a.js", "content": 7}""", false)]
    [InlineData("Edit", """{"file_path": "/home/dev/project/a.js", "old_string": "debugger;", "new_string": "x"}""", false)]
    [InlineData("Edit", """{"file_path": "/home/dev/project/a.js", "old_string": "x", "new_string": "debugger;"}""", true)]
    [InlineData("MultiEdit", """{"file_path": "/home/dev/project/a.js", "edits": [{"old_string": "x", "new_string": "y"}, {"old_string": "x", "new_string": "debugger;"}]}""", true)]
    [InlineData("MultiEdit", """{"file_path": "/home/dev/project/a.js", "edits": [{"old_string": "debugger", "new_string": "debug"}, {"old_string": "x", "new_string": "ger"}]}""", false)]
    [InlineData("NotebookEdit", """{"notebook_path": "/home/dev/project/a.ipynb", "new_source": "debugger"}""", true)]
    [InlineData("mcp__filesystem__edit_file", """{"path": "/home/dev/project/a.js", "edits": [{"oldText": "x", "newText": "debugger"}]}""", true)]
    [InlineData("mcp__acme__create_file", """{"file": {"path": "/home/dev/project/a.js", "content": "debugger"}}""", true)]
    [InlineData("Read", """{"file_path": "/home/dev/project/a.js", "content": "debugger"}""", false)]
    public void Tools_say_what_they_write(string tool, string input, bool caught) => Assert.Equal(caught, Catches(s_matches.Tool(tool, input)));

    [Theory]
    [InlineData("echo debugger > a.js", true)]
    [InlineData("echo debugger >> a.js", true)]
    [InlineData("printf '%s\\n' debu''gger > a.js", true)]
    [InlineData("cat > a.js <<EOF\nif (x) debugger;\nEOF", true)]
    [InlineData("cat <<'EOF' > a.js\ndebugger;\nEOF", true)]
    [InlineData("tee a.js <<< debugger", true)]
    [InlineData("echo debugger | tee -a a.js > /dev/null", true)]
    [InlineData("x=debugger; echo $x > a.js", true)]
    [InlineData("{ echo a; echo debugger; } > a.js", true)]
    [InlineData("bash -c 'echo debugger > a.js'", true)]
    [InlineData("echo x > a.js; echo debugger > a.js", true)]
    [InlineData("echo debugger > a.js; echo x > a.js", true)]
    [InlineData("echo x > debugger", false)]
    [InlineData("echo debugger", false)]
    [InlineData("cat debugger > a.js", false)] // only a run would know
    [InlineData("echo debugger | sed s/x/y/ > a.js", false)]
    public void Shell_lines_write_what_is_known_of_them(string command, bool caught) => Assert.Equal(caught, Catches(s_matches.Bash(command)));

    [Theory]
    [InlineData("t = '@'", true)]
    [InlineData("@", true)]
    [InlineData("x@", false)] // inside a word
    [InlineData("t = 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'", false)]
    [InlineData("t = os.environ['T']", false)]
    public void Secrets_are_known_by_their_form(string text, bool caught) => Assert.Equal(caught, Catches(s_secret.Tool("Write", InputOf(text.Replace("@", Token, StringComparison.Ordinal)))));

    [Fact]
    public void Kinds_of_secrets_are_told_apart()
    {
        Assert.False(Catches(s_secret.Tool("Write", InputOf("postgres://app:" + "vKq7wZp2Rt9x@db.acme.io/main"))));
        Assert.True(Catches(Calls.WithRule("deny", "{written-secret: password}").Tool("Write", InputOf("postgres://app:" + "vKq7wZp2Rt9x@db.acme.io/main"))));
    }

    [Theory]
    [InlineData(39, false)]
    [InlineData(40, true)]
    [InlineData(4000, true)]
    public void The_size_counts_in_bytes(int bytes, bool caught)
    {
        Assert.Equal(caught, Catches(s_long.Tool("Write", InputOf(new string('x', bytes)))));
        Assert.Equal(caught, Catches(s_long.Bash($"echo {new string('x', bytes - 1)} > a")));
    }

    [Fact]
    public void Only_the_beginning_is_looked_through()
    {
        string filler = string.Concat(Enumerable.Repeat("word ", WrittenText.MaximumSeen))[..(WrittenText.MaximumSeen - Token.Length - 1)] + " ";
        Assert.True(Catches(s_secret.Tool("Write", InputOf(filler + Token))));
        Assert.False(Catches(s_secret.Tool("Write", InputOf(filler + "word " + Token))));
        Assert.True(Catches(s_matches.Tool("Write", InputOf(filler + "debugger"))));
        Assert.False(Catches(s_matches.Tool("Write", InputOf(filler + new string(' ', Token.Length) + "debugger"))));
    }

    [Fact]
    public void Texts_share_what_is_looked_through()
    {
        string half = new(' ', WrittenText.MaximumSeen / 2), edits = string.Join(',', Enumerable.Repeat($$"""{"new_string": "{{half}}"}""", 2));
        Assert.False(Catches(s_matches.Tool("MultiEdit", $$"""{"file_path": "/home/dev/project/a.js", "edits": [{{edits}}, {"new_string": "debugger"}]}""")));
        Assert.True(Catches(s_matches.Tool("MultiEdit", $$"""{"file_path": "/home/dev/project/a.js", "edits": [{"new_string": "debugger"}, {{edits}}]}""")));
        string many = string.Join(',', Enumerable.Repeat("""{"new_string": "x"}""", WrittenText.MaximumTexts - 1));
        Assert.True(Catches(s_matches.Tool("MultiEdit", $$"""{"file_path": "/home/dev/project/a.js", "edits": [{{many}}, {"new_string": "debugger"}]}""")));
        Assert.False(Catches(s_matches.Tool("MultiEdit", $$"""{"file_path": "/home/dev/project/a.js", "edits": [{{many}}, {"new_string": "x"}, {"new_string": "debugger"}]}""")));
    }

    /// <summary>Where formats are missing nobody can say that there is no secret.</summary>
    [Fact]
    public void Without_formats_what_tightens_holds()
    {
        Effect effect = new() { Verb = Verb.Write, Kind = Kind.Path, Written = new WrittenText(json: false) };
        effect.Written.Add("plain"u8.ToArray());
        CompiledCondition condition = Policies.Condition("{written-secret: key}"), turned = Policies.Condition("{not: {written-secret: key}}");
        Assert.True(Condition.Holds(condition.Code, effect, new CallFacts(), Policies.Bare));
        Assert.False(Condition.Holds(condition.Code, effect, new CallFacts(), Policies.Bare, doubt: false));
        Assert.True(Condition.Holds(turned.Code, effect, new CallFacts(), Policies.Bare));
    }

    [Fact]
    public void The_shipped_rule_about_large_files_begins_where_nobody_looks() =>
        Assert.Equal(Policies.Condition($"{{written-size: {WrittenText.MaximumSeen + 1}}}").Code, Policies.Shipped().Rules.Single(rule => rule.Id == "files.large").When.Code);

    private static bool Catches(Decision decision) => Calls.RulesOf(decision).Split(' ').Contains("r.one");

    private static string InputOf(string content)
    {
        ByteBuilder json = new();
        json.Add("{\"file_path\":\"/home/dev/project/a.js\",\"content\":"u8).AddJson(content).Add("}"u8);
        return Encoding.UTF8.GetString(json.Written);
    }
}
