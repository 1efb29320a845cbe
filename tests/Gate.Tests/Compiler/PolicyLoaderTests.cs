using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Compiler;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>What is wrong in a rules folder is said with its place; what is right is kept to the letter.</summary>
public class PolicyLoaderTests
{
    // A rule that is right, one field a line; the tests replace a line or add one.
    private const string Right = """
        pack: p
        rules:
        - id: p.one
          title: A title
          when: {program: git}
          outcome: ask
          catches: [git x]
          passes: [ls]
        """;

    private static readonly string s_long = new('x', 5000), s_many = string.Join(", ", Enumerable.Range(0, 256).Select(i => $"w{i}"));

    public static TheoryData<string, string, string, string> Wrong => new()
    {
        { "unknown key", "  outcome: ask", "  outcom: ask", "packs/p.yaml:6:3: unknown key 'outcom'; did you mean 'outcome'?" },
        { "unknown key at the top", "pack: p", "pack: p\ntitel: x", "packs/p.yaml:2:1: unknown key 'titel'; did you mean 'title'?" },
        { "unknown key in a condition", "{program: git}", "{program: git, verbs: run}", "packs/p.yaml:5:24: unknown key 'verbs'; did you mean 'verb'?" },
        { "far from every key", "{program: git}", "{program: git, zzzzzzzzzzz: run}", "packs/p.yaml:5:24: unknown key 'zzzzzzzzzzz'; known: verb, kind, class" },
        { "unknown tag", "  outcome: ask", "  outcome: ask\n  tags: [NIST:CM-4]", "packs/p.yaml:7:10: 'NIST:CM-4' is not in compliance.yaml; did you mean 'NIST:CM-3'?" },
        { "unknown verb", "{program: git}", "{verb: wirte}", "packs/p.yaml:5:16: 'wirte' is not a known verb; did you mean 'write'?" },
        { "unknown kind", "{program: git}", "{kind: paht}", "packs/p.yaml:5:16: 'paht' is not a known kind; did you mean 'path'?" },
        { "unknown class", "{program: git}", "{class: [workspace, worksapce]}", "packs/p.yaml:5:29: 'worksapce' is not a known class; did you mean 'workspace'?" },
        { "unknown attribute", "{program: git}", "{attributes: recursiv}", "packs/p.yaml:5:22: 'recursiv' is not a known attribute; did you mean 'recursive'?" },
        { "unknown outcome", "outcome: ask", "outcome: denyy", "packs/p.yaml:6:12: 'denyy' is not a known outcome; did you mean 'deny'?" },
        { "unknown severity", "  outcome: ask", "  outcome: ask\n  severity: hihg", "packs/p.yaml:7:13: 'hihg' is not a known severity; did you mean 'high'?" },
        { "number as a list", "  outcome: ask", "  outcome: ask\n  zone: [1]", "packs/p.yaml:7:9: 'zone' must be a whole number from 0 to 6" },
        { "number out of range", "  outcome: ask", "  outcome: ask\n  zone: 7", "packs/p.yaml:7:9: 'zone' must be a whole number from 0 to 6" },
        { "flag as a word", "  outcome: ask", "  outcome: ask\n  soft: yes", "packs/p.yaml:7:9: 'soft' must be true or false" },
        { "text as a list", "  title: A title", "  title: [A]", "packs/p.yaml:4:10: 'title' must be a text" },
        { "list as a mapping", "catches: [git x]", "catches: {git: x}", "packs/p.yaml:7:12: 'catches' must be a list" },
        { "condition as a text", "{program: git}", "git", "packs/p.yaml:5:9: a mapping (key: value) is wanted here" },
        { "rule as a text", "- id: p.one", "- p\n- id: p.one", "packs/p.yaml:3:3: a mapping (key: value) is wanted here" },
        { "missing id", "- id: p.one\n  title", "- title", "packs/p.yaml:3:3: the key 'id' is missing" },
        { "missing title", "  title: A title\n", "", "packs/p.yaml:3:3: the key 'title' is missing" },
        { "missing when", "  when: {program: git}\n", "", "packs/p.yaml:3:3: the key 'when' is missing" },
        { "missing outcome", "  outcome: ask\n", "", "packs/p.yaml:3:3: the key 'outcome' is missing or wrong" },
        { "no example that it catches", "  catches: [git x]\n", "", "packs/p.yaml:3:3: rule 'p.one' needs at least one example under 'catches'" },
        { "no near miss", "  passes: [ls]", "", "packs/p.yaml:3:3: rule 'p.one' needs at least one near miss under 'passes'" },
        { "bad id", "p.one", "One", "packs/p.yaml:3:7: an id is two or more words" },
        { "id with a hole", "p.one", "p..one", "packs/p.yaml:3:7: an id is two or more words" },
        { "id of one word", "p.one", "one", "packs/p.yaml:3:7: an id is two or more words" },
        { "duplicate id", "rules:", "rules:\n- {id: p.one, title: t, when: {verb: run}, outcome: ask, catches: [a], passes: [b]}", "packs/p.yaml:4:3: the id 'p.one' is taken by packs/p.yaml:3" },
        { "duplicate key", "  outcome: ask", "  outcome: ask\n  outcome: deny", "packs/p.yaml:7:3: Duplicate key" },
        { "empty condition", "{program: git}", "{}", "packs/p.yaml:5:9: a condition must ask for something" },
        { "empty list", "{program: git}", "{program: []}", "packs/p.yaml:5:19: 'program' must not be empty" },
        { "empty verbs beside another part", "{program: git}", "{program: git, verb: []}", "packs/p.yaml:5:30: 'verb' must not be empty" },
        { "empty attributes", "{program: git}", "{program: git, any-attribute: []}", "packs/p.yaml:5:39: 'any-attribute' must not be empty" },
        { "empty group", "{program: git}", "{any: []}", "packs/p.yaml:5:15: 'any' must hold 1 to 255 conditions" },
        { "empty text", "{program: git}", "{program: ['']}", "packs/p.yaml:5:20: a text of 'program' must be 1 to 255 bytes long" },
        { "always false", "{program: git}", "{always: false}", "packs/p.yaml:5:18: 'always' can only be true" },
        { "too long a text", "{program: git}", $"{{program: {new string('x', 256)}}}", "packs/p.yaml:5:19: a text of 'program' must be 1 to 255 bytes long" },
        { "too many texts", "{program: git}", $"{{word: [{s_many}]}}", "packs/p.yaml:5:16: 'word' may hold 255 texts at most" },
        { "too many conditions", "{program: git}", $"{{any: [{string.Join(", ", Enumerable.Repeat("{verb: run}", 256))}]}}", "packs/p.yaml:5:15: 'any' must hold 1 to 255 conditions" },
        { "too long a condition", "{program: git}", $"{{any: [{string.Join(", ", Enumerable.Repeat($"{{word: [{string.Join(", ", Enumerable.Repeat(new string('y', 250), 200))}]}}", 2))}]}}", "packs/p.yaml:5:15: the condition is too long" },
        { "too deep a condition", "{program: git}", string.Concat(Enumerable.Repeat("{not: ", 17)) + "{verb: run}" + new string('}', 17), "packs/p.yaml:5:111: conditions may be nested 16 deep at most" },
        { "too long a title", "A title", s_long, "packs/p.yaml:4:10: 'title' may have 4000 bytes at most" },
        { "too long an id", "p.one", "p." + s_long, "packs/p.yaml:3:7: 'id' may have 4000 bytes at most" },
        { "too long a pack", "pack: p", "pack: " + s_long, "packs/p.yaml:1:7: 'pack' may have 4000 bytes at most" },
        { "too long an instead", "  outcome: ask", "  outcome: ask\n  instead: " + s_long, "packs/p.yaml:7:12: 'instead' may have 4000 bytes at most" },
        { "too many tags", "  outcome: ask", $"  outcome: ask\n  tags: [{string.Join(", ", Enumerable.Repeat("NIST:CM-3", 500))}]", "packs/p.yaml:7:9: the tags may have 4000 bytes at most" },
        { "example without a tool", "[git x]", "[{input: {a: b}}]", "packs/p.yaml:7:13: the key 'tool' is missing" },
        { "example with a text as input", "[git x]", "[{tool: Read, input: a}]", "packs/p.yaml:7:33: 'input' must be a mapping" },
        { "example with an odd key", "[git x]", "[{tool: Read, input: {[a]: b}}]", "packs/p.yaml:7:34: a key must be a plain word" },
        { "endless alias", "[git x]", "[{tool: Read, input: &a {x: *a}}]", "packs/p.yaml:7:40: '*a' stands inside what it names" },
        { "alias of nothing", "[git x]", "[*b]", "packs/p.yaml:7:13: there is no '&b' above" },
        { "no yaml", "rules:", "rules: [", "packs/p.yaml:" },
        { "a bracket too many", "  when: {", "  {when: {", "packs/p.yaml:4:17: the YAML makes no sense up to here" },
        { "a key left out", "- id: p.one", "- : p.one", "packs/p.yaml:9:1: the YAML makes no sense up to here" },
        { "two documents", "rules:", "---\nrules:", "packs/p.yaml:1:1: the file must hold exactly one document" },
        { "not UTF-8", "A title", "A \uDCFF title", "packs/p.yaml:1:1: the file is not UTF-8" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Says_what_is_wrong_and_where(string what, string old, string @new, string expected)
    {
        Assert.Contains(old, Right, StringComparison.Ordinal);
        _ = Policies.Load(out List<string> problems, FileOf(Right.Replace(old, @new, StringComparison.Ordinal)));
        Assert.True(problems.Exists(problem => problem.StartsWith(expected, StringComparison.Ordinal)), $"{what}: {string.Join('\n', problems)}");
    }

    [Fact]
    public void What_is_right_has_no_problems() => Assert.Equal("p.one", Assert.Single(Policies.Whole(FileOf(Right)).Rules).Id);

    /// <summary>Nesting that would exhaust the stack of a reader that recurses.</summary>
    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Deep_files_are_refused_and_not_fatal(string open, string close)
    {
        string text = "pack: p\nrules: " + string.Concat(Enumerable.Repeat(open, 20_000)) + string.Concat(Enumerable.Repeat(close, 20_000));
        _ = Policies.Load(out List<string> problems, FileOf(text));
        Assert.StartsWith("packs/p.yaml:2:", Assert.Single(problems), StringComparison.Ordinal);
        Assert.EndsWith($"nested more than {StrictMap.MaximumDepth} deep", problems[0], StringComparison.Ordinal);
    }

    /// <summary>Ten lines that would become ten thousand million values.</summary>
    [Fact]
    public void Aliases_are_read_but_cannot_make_a_file_huge_or_deep()
    {
        Assert.Equal(3, Policies.Whole(FileOf(Right.Replace("[git x]", "[&a git x, *a]", StringComparison.Ordinal))).Rules[0].Examples.Length);
        string wide = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"x{i}: &x{i} [{string.Join(", ", Enumerable.Repeat($"*x{i - 1}", 10))}]\n"));
        _ = Policies.Load(out List<string> problems, FileOf("pack: p\nrules: []\n" + wide));
        Assert.StartsWith("packs/p.yaml:", Assert.Single(problems), StringComparison.Ordinal);
        Assert.Contains("more than 500000 values", problems[0], StringComparison.Ordinal);
        string deep = "x0: &x0 [a]\n" + string.Concat(Enumerable.Range(1, 80).Select(i => $"x{i}: &x{i} [*x{i - 1}]\n"));
        _ = Policies.Load(out problems, FileOf("pack: p\nrules: []\n" + deep));
        Assert.EndsWith("nested more than 64 deep", Assert.Single(problems), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> WrongFiles => new()
    {
        { "zones.yaml", "zones: []", "zones.yaml:0:0: there are no zones" },
        { "zones.yaml", "zones:\n- {zone: 7, when: {verb: read}}", "zones.yaml:2:10: 'zone' must be a whole number from 0 to 6" },
        { "zones.yaml", "zones:\n- {zone: 1}", "zones.yaml:2:3: an entry needs 'zone' and 'when'" },
        { "zones.yaml", "zone:\n- {zone: 1}", "zones.yaml:1:1: unknown key 'zone'; did you mean 'zones'?" },
        { "places.yaml", "places:\n- {class: secrets, paths: [/a]}", "places.yaml:2:11: 'secrets' is not a known class; did you mean 'secret'?" },
        { "places.yaml", "places:\n- {paths: [/a]}", "places.yaml:2:3: an entry needs 'class', 'attribute', 'language' or 'variables'" },
        { "places.yaml", "places:\n- {class: secret}", "places.yaml:2:3: the key 'paths' is missing" },
        { "places.yaml", "places:\n- {class: secret, paths: [a/b]}", "places.yaml:2:27: a path pattern has 1 to 255 bytes" },
        { "places.yaml", "places:\n- {class: secret, paths: [~a/b]}", "places.yaml:2:27: a path pattern has 1 to 255 bytes" },
        { "places.yaml", $"places:\n- {{class: secret, paths: [{string.Join(", ", Enumerable.Repeat("/a", 256))}]}}", "places.yaml:2:26: 'paths' may hold 255 patterns at most" },
        { "places.yaml", $"places:\n- {{class: secret, paths: [/{new string('a', 255)}]}}", "places.yaml:2:27: a path pattern has 1 to 255 bytes" },
        { "profiles/a.yaml", "profile: b", "profiles/a.yaml:1:10: a profile's name must be its file's name" },
        { "profiles/a.yaml", "profile: a\nauto: 6", "profiles/a.yaml:2:7: 'auto' must be a whole number from 0 to 5" },
        { "profiles/a.yaml", "profile: a\non-allow: gran", "profiles/a.yaml:2:11: 'gran' is not a known on-allow; did you mean 'grant'?" },
        { "profiles/a.yaml", "profile: a\nbudget: {nmae: x}", "profiles/a.yaml:2:10: unknown key 'nmae'; did you mean 'name'?" },
        { "profiles/a.yaml", "profile: a\nbudget: {name: x, actions: -1}", "profiles/a.yaml:2:28: 'actions' must be a whole number from 0 to" },
        { "compliance.yaml", "NIST: [AC-3]", "compliance.yaml:1:7: a framework holds a mapping of ids to titles" },
        { "compliance.yaml", "NIST:\n  AC-3: [a]", "compliance.yaml:2:9: an id's title must be a text" },
        { "zone.yaml", Policies.Zones, "zone.yaml:0:0: this is no file that gate reads" },
        { "pack/git.yaml", Right, "pack/git.yaml:0:0: this is no file that gate reads" },
    };

    [Theory]
    [MemberData(nameof(WrongFiles))]
    public void Other_files_are_read_as_strictly(string path, string text, string expected)
    {
        _ = Policies.Load(out List<string> problems, Policies.File(path, text));
        Assert.True(problems.Exists(problem => problem.StartsWith(expected, StringComparison.Ordinal)), string.Join('\n', problems));
    }

    [Fact]
    public void Two_profiles_of_one_name_are_refused()
    {
        _ = Policies.Load(out List<string> problems, Policies.File("profiles/a.yaml", "profile: a"), Policies.File("profiles/team/a.yaml", "profile: a"));
        Assert.Contains("profiles/team/a.yaml:1:10: there is another profile 'a'", problems);
    }

    /// <summary>By id, severity, and the outcome that a rule has; the first entry that covers a rule counts.</summary>
    [Theory]
    [InlineData("{rules: ['*'], from: deny, outcome: ask}", "p.a ask, p.b ask, p.c log")]
    [InlineData("{rules: ['*'], from: [deny, log], outcome: allow}", "p.a allow, p.b ask, p.c allow")]
    [InlineData("{rules: ['p.b'], from: deny, outcome: log}", "p.a deny, p.b ask, p.c log")]
    [InlineData("{rules: ['*'], from: deny, outcome: warn}, {rules: ['*'], outcome: ask}", "p.a warn, p.b ask, p.c ask")]
    public void Outcomes_are_changed_by_the_outcome_that_is_there(string outcomes, string expected)
    {
        PolicyModel model = Policies.Whole(Policies.Pack(("p.a", "deny", "{program: a}"), ("p.b", "ask", "{program: b}"), ("p.c", "log", "{program: c}")), Policies.File("profiles/x.yaml", $"profile: x\noutcomes: [{outcomes}]\n"));
        Assert.Equal(expected, string.Join(", ", model.RulesOf(model.Profiles["x"]).ConvertAll(rule => $"{rule.Id} {PolicyNames.Of(rule.Action)}")));
    }

    [Fact]
    public void Too_large_a_folder_is_refused()
    {
        _ = Policies.Load(out List<string> problems, Policies.File("packs/p.yaml", "pack: p\n#" + new string('x', PolicyLoader.MaximumSource)));
        Assert.Contains(problems, problem => problem.StartsWith("packs/p.yaml:0:0: the rules are larger than 4 MiB", StringComparison.Ordinal));
    }

    /// <summary>Whatever replaces a piece of a file, loading ends with problems or with a policy that can be written.</summary>
    [Fact]
    public void Changed_files_never_crash_the_compiler()
    {
        string[] pieces = ["{", "}", "[", "]", ":", "-", "&a ", "*a", "!!x ", "|", ">", "'", "\"", "\n", "  ", "~", "null", "true", "9999999999999", "{}", "[]", "? ", "\t", "%", "---\n", "\0", "é"];
        string[] sources = [Right, Policies.Zones, "places:\n- {class: secret, paths: [~/.ssh/**], except: [/a]}\n", "profile: a\nauto: 1\nbudget: {name: x, actions: 5}\n", Policies.Compliance];
        string[] paths = ["packs/p.yaml", "zones.yaml", "places.yaml", "profiles/a.yaml", "compliance.yaml"];
        Holds.Always(dice =>
        {
            int which = dice.Roll(sources.Length);
            StringBuilder text = new(sources[which]);
            for (int i = 1 + dice.Roll(3); i > 0; i--)
            {
                int at = dice.Roll(text.Length);
                text.Remove(at, Math.Min(dice.Roll(6), text.Length - at)).Insert(at, dice.Pick(pieces));
            }

            PolicyModel model;
            List<string> problems;
            try
            {
                model = Policies.Load(out problems, Policies.File(paths[which], text.ToString()));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{paths[which]}:\n{text}", e);
            }

            return problems.Count > 0 || Policies.Built(model).Length > 0;
        }, 5000);
    }

    private static SourceFile FileOf(string text) => new("packs/p.yaml", text.Contains('\uDCFF', StringComparison.Ordinal) ? [.. Encoding.UTF8.GetBytes(text[..text.IndexOf('\uDCFF', StringComparison.Ordinal)]), 0xFF] : Encoding.UTF8.GetBytes(text));
}
