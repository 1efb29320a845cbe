using System.Collections.Generic;
using System.Linq;
using Gate.Compiler;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>Warnings about conditions that cannot be meant: each is given where it is due, and what it says is so.</summary>
public class RuleCheckTests
{
    private static string[] Warnings(params SourceFile[] files)
    {
        Problems problems = new();
        PolicyLoader.Load([Policies.File("zones.yaml", Policies.Zones), Policies.File("compliance.yaml", Policies.Compliance), .. files], problems);
        Assert.False(problems.Any);
        return [.. problems.All.Select(problem => problem.ToString())];
    }

    private static string[] WarningsOf(params (string Id, string Outcome, string When)[] rules) => Warnings(Policies.Pack(rules));

    [Theory]
    [InlineData("{verb: read, not: {verb: read}}")]
    [InlineData("{all: [{verb: read}, {verb: [write, delete]}]}")]
    [InlineData("{kind: host, all: [{kind: path}]}")]
    [InlineData("{class: home, any: [{class: system}, {class: device}]}")]
    [InlineData("{attributes: forced, not: {any-attribute: [forced, root]}}")]
    [InlineData("{program: git, all: [{program: [rm, ls]}]}")]
    [InlineData("{kind: host, under: /a}")]
    [InlineData("{not: {always: true}}")]
    public void What_contradicts_itself_is_warned_of(string when) => Assert.Contains("packs/p.yaml:3:1: warning: rule 'r.one' can never hold: its parts contradict each other", WarningsOf(("r.one", "ask", when)));

    [Theory]
    [InlineData("{verb: read, not: {kind: path}}")]
    [InlineData("{program: git, any: [{program: [rm, git]}, {verb: read}]}")]
    [InlineData("{attributes: forced, not: {attributes: [forced, root]}}")]
    [InlineData("{not: {all: [{verb: read}, {verb: write}]}}")]
    [InlineData("{not: {not: {verb: read}}}")]
    public void What_may_hold_is_not(string when) => Assert.Empty(WarningsOf(("r.one", "ask", when)));

    [Theory]
    [InlineData("{program: git, subcommand: push, option: -f}", "{program: git, subcommand: [push, pull]}")]
    [InlineData("{verb: write, kind: path, class: home}", "{verb: [write, delete], kind: path}")]
    [InlineData("{program: [rm, ls]}", "{any: [{program: [ls, cp]}, {program: [rm, ls, mv]}]}")]
    [InlineData("{any: [{program: rm}, {program: ls, word: x}]}", "{any: [{program: ls}, {program: rm}]}")]
    [InlineData("{program: rm, not: {any-attribute: [forced, root]}}", "{program: rm, not: {any-attribute: forced}}")]
    [InlineData("{attributes: [forced, root]}", "{attributes: forced}")]
    [InlineData("{word-matches: a}", "{word-matches: [b, a]}")]
    [InlineData("{verb: run}", "{always: true}")]
    public void What_stands_behind_a_deny_is_warned_of(string when, string before)
    {
        Assert.Contains("packs/p.yaml:4:1: warning: rule 'r.two' decides nothing: 'r.one' (packs/p.yaml:3) denies whatever it matches", WarningsOf(("r.one", "deny", before), ("r.two", "ask", when)));
        Assert.Contains(WarningsOf(("r.one", "deny", before), ("r.two", "allow", when)), warning => warning.Contains("'r.two' decides nothing", System.StringComparison.Ordinal));
        Assert.Empty(WarningsOf(("r.one", "ask", before), ("r.two", "allow", when)));
        Assert.Empty(WarningsOf(("r.one", "deny", before), ("r.two", "warn", when)));
    }

    [Theory]
    [InlineData("{program: git, subcommand: [push, pull]}", "{program: git, subcommand: push}")]
    [InlineData("{word-matches: a}", "{word-matches: b}")]
    [InlineData("{verb: [read, write]}", "{verb: write}")]
    [InlineData("{program: rm, not: {any-attribute: forced}}", "{program: rm, not: {any-attribute: [forced, root]}}")]
    public void What_reaches_further_than_the_deny_is_not(string when, string before) => Assert.Empty(WarningsOf(("r.one", "deny", before), ("r.two", "ask", when)));

    [Fact]
    public void Two_rules_alike_are_warned_of() =>
        Assert.Contains("packs/p.yaml:4:1: warning: rule 'r.two' has the same condition and outcome as 'r.one' (packs/p.yaml:3)", WarningsOf(("r.one", "ask", "{program: git, word-matches: a}"), ("r.two", "ask", "{program: git, word-matches: a}")));

    [Fact]
    public void An_effect_that_nothing_makes_is_warned_of()
    {
        SourceFile knowledge = Policies.File("commands/c.yaml", "commands:\n- {name: [burn], effects: [destroy infrastructure]}\n");
        Assert.Empty(Warnings(knowledge, Policies.Pack(("r.one", "ask", "{verb: destroy, kind: infrastructure}"), ("r.two", "ask", "{verb: write, kind: [path, host]}"))));
        Assert.Contains("packs/p.yaml:3:1: warning: rule 'r.one' is about effects that cannot occur: no program and no tool that is known does that to that kind of thing", Warnings(knowledge, Policies.Pack(("r.one", "ask", "{verb: publish, kind: package}"))));
    }

    [Fact]
    public void A_zone_behind_one_that_holds_whenever_it_would_is_warned_of() =>
        Assert.Contains("zones.yaml:3:1: warning: this entry never counts: the one in line 2 holds whenever it would", Zoned("zones:\n- {zone: 0, when: {verb: [read, fetch]}}\n- {zone: 1, when: {verb: read, kind: path}}\n", out _));

    [Fact]
    public void A_zone_cannot_ask_for_the_environment() =>
        Assert.Contains(Zoned("zones:\n- {zone: 0, when: {environment: {A: b}}}\n", out bool error), problem => error && problem.Contains("a zone cannot ask for the environment", System.StringComparison.Ordinal));

    [Fact]
    public void A_zone_cannot_ask_for_a_context() =>
        Assert.Contains(Zoned("zones:\n- {zone: 0, when: {context: b}}\n", out bool error), problem => error && problem.Contains("a zone cannot ask for the environment or the context", System.StringComparison.Ordinal));

    [Fact]
    public void A_rule_about_contexts_wants_to_know_what_they_are()
    {
        _ = Policies.Load(out List<string> problems, Policies.Pack(("r.one", "ask", "{context: a}")));
        Assert.Contains(problems, problem => problem.Contains("rule 'r.one' asks for a context, and there is no contexts.yaml", System.StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{options: [--x]}", "the key 'programs' is missing")]
    [InlineData("{programs: [git]}", "nothing in commands/ says of 'git' that it has 'context: true'")]
    [InlineData("{programs: [k], unsure: [k x, git x]}", "nothing in commands/ says of 'git' that it has 'context: true'")]
    [InlineData("{programs: [k, k]}", "'k' stands in two families")]
    [InlineData("{programs: [k], file: [a, b]}", "'file' is one text")]
    [InlineData("{programs: [k], kye: x}", "unknown key 'kye'; did you mean 'key'?")]
    [InlineData("{programs: [k], key: ''}", "a text of 'key' must be 1 to 100 bytes long")]
    public void What_is_said_of_contexts_is_checked(string family, string wrong)
    {
        _ = Policies.Load(out List<string> problems, Policies.File("commands/a.yaml", "commands:\n- {name: k, context: true}\n- {name: git}\n"), Policies.File("contexts.yaml", $"contexts:\n- {family}\n"));
        Assert.Contains(problems, problem => problem.Contains(wrong, System.StringComparison.Ordinal));
    }

    [Fact]
    public void More_families_of_contexts_than_bits_are_refused()
    {
        SourceFile commands = Policies.File("commands/a.yaml", "commands:\n- {name: [" + string.Join(", ", Enumerable.Range(0, 33).Select(i => $"k{i}")) + "], context: true}\n");
        _ = Policies.Load(out List<string> problems, commands, Policies.File("contexts.yaml", "contexts:\n" + string.Concat(Enumerable.Range(0, ContextLoader.MaximumFamilies).Select(i => $"- {{programs: k{i}}}\n"))));
        Assert.Empty(problems);
        _ = Policies.Load(out problems, commands, Policies.File("contexts.yaml", "contexts:\n" + string.Concat(Enumerable.Range(0, ContextLoader.MaximumFamilies + 1).Select(i => $"- {{programs: k{i}}}\n"))));
        Assert.Contains(problems, problem => problem.Contains($"there may be {ContextLoader.MaximumFamilies} families at most", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Too_many_variables_are_refused()
    {
        _ = Policies.Load(out List<string> problems, Policies.Pack([.. Enumerable.Range(0, RuleChecks.MaximumVariables).Select(i => ($"r.n{i}", "ask", $"{{environment: {{V{i}: x}}}}"))]));
        Assert.Empty(problems);
        _ = Policies.Load(out problems, Policies.Pack([.. Enumerable.Range(0, RuleChecks.MaximumVariables + 1).Select(i => ($"r.n{i}", "ask", $"{{environment: {{V{i}: x}}}}"))]));
        Assert.Contains(problems, problem => problem.Contains($"more than {RuleChecks.MaximumVariables} variables", System.StringComparison.Ordinal));
    }

    [Fact]
    public void An_entry_of_outcomes_that_never_counts_is_warned_of() =>
        Assert.Contains("profiles/a.yaml:4:3: warning: this entry never counts: the entries before it cover all its rules, or none has such a severity", Warnings(Policies.Pack(("r.one", "ask", "{program: git}")), Policies.File("profiles/a.yaml", "profile: a\noutcomes:\n- {rules: ['r.*'], outcome: deny}\n- {rules: [r.one], outcome: log}\n")));

    /// <summary>Never a warning that is not so: what is called impossible holds for no generated effect, and what is called shadowed never holds alone.</summary>
    [Fact]
    public void What_is_said_of_conditions_is_so() => Holds.Always(
        dice =>
        {
            CompiledCondition one = Policies.Condition(Generated.When(dice, 2)), other = Policies.Condition(Generated.When(dice, 2));
            ConditionTree first = ConditionTree.Of(one, []), second = ConditionTree.Of(other, []);
            bool never = ConditionReach.Of(first).IsEmpty, implies = Implication.Holds(first, second);
            for (int i = 0; i < 8; i++)
            {
                Effect effect = Generated.Effect(dice);
                bool holds = Condition.Holds(one.Code, effect, Generated.Facts, Policies.Bare);
                if ((never && holds) || (implies && holds && !Condition.Holds(other.Code, effect, Generated.Facts, Policies.Bare)))
                    return false;
            }

            return true;
        },
        4000);

    private static string[] Zoned(string zones, out bool error)
    {
        Problems problems = new();
        PolicyLoader.Load([Policies.File("zones.yaml", zones)], problems);
        error = problems.Any;
        return [.. problems.All.Select(problem => problem.ToString())];
    }
}
