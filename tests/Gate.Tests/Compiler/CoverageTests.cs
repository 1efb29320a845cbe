using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Gate.Compiler;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>rules/coverage.yaml, and the page made of it.</summary>
public class CoverageTests
{
    [Fact]
    public void The_page_is_the_one_that_the_rules_make_today()
    {
        Coverage coverage = Shipped();
        Assert.True(File.ReadAllText(Sources.PathOf("rules", "COVERAGE.md")) == coverage.Page, "run 'gate rules coverage --rules rules > rules/COVERAGE.md'");
    }

    [Fact]
    public void Every_part_names_files_that_are_there() =>
        Assert.All(Shipped().Parts.SelectMany(part => part.Files), file => Assert.True(File.Exists(Sources.PathOf(file)), file));

    [Fact]
    public void Every_compliance_id_stands_in_a_rule_and_every_rule_has_one()
    {
        PolicyModel model = Policies.Shipped();
        Assert.All(model.Tags.Keys, tag => Assert.True(model.Rules.Exists(rule => rule.Tags.Contains(tag)), tag));
        Assert.All(model.Rules, rule => Assert.True(rule.Tags.Length > 0, rule.Id));
    }

    [Fact]
    public void Every_rule_of_the_packs_says_what_to_do_instead() =>
        Assert.All(Policies.Shipped().Rules, rule => Assert.True(rule.Instead.Length > 0, rule.Id));

    // Every effect of every call is held against a rule without a key.
    [Fact]
    public void Every_rule_of_the_packs_has_a_key() =>
        Assert.All(Policies.Shipped().Rules, rule => Assert.True(rule.When.Keys is not null, rule.Id));

    [Theory]
    [InlineData("{id: a.b, title: t, rules: [p.twi]}", "coverage.yaml:3:62: there is no rule 'p.twi'; did you mean 'p.two'?")]
    [InlineData("{id: a.b, title: t, rules: [q.*]}", "coverage.yaml:3:62: there is no rule 'q.*'")]
    [InlineData("{id: a.b, title: t, rules: p.two, profiles: strict}", "coverage.yaml:3:78: there is no profile 'strict'; known: ")]
    [InlineData("{id: a.b, title: t, parts: [three]}", "coverage.yaml:3:62: there is no part 'three'; known: one")]
    [InlineData("{id: a.b, title: t}", "coverage.yaml:3:34: nothing covers 'a.b': name 'rules', 'profiles' or 'parts', or say under 'later' what is missing")]
    [InlineData("{id: one, title: t, rules: p.two}", "coverage.yaml:3:39: the id 'one' stands twice")]
    [InlineData("{id: a.b, title: t, rules: p.two, when: x}", "coverage.yaml:3:68: unknown key 'when'; known: id, title, later, rules, profiles, parts")]
    public void What_is_not_there_is_an_error(string feature, string expected)
    {
        Assert.Equal([expected], ProblemsOf($"parts:\n- {{id: one, title: t, files: [a]}}\nsections: [{{title: s, features: [{feature}, {{id: z, title: z, parts: one}}]}}]\n"));
    }

    [Fact]
    public void A_part_that_nothing_needs_is_an_error() =>
        Assert.Equal(["coverage.yaml:1:8: no feature names the part 'one'"], ProblemsOf("parts: [{id: one, title: t, files: [a]}]\nsections: []\n"));

    [Fact]
    public void A_feature_is_covered_by_patterns_profiles_and_what_comes_later()
    {
        Problems problems = new();
        Coverage coverage = Coverage.Of(Model("parts: []\nsections: [{title: s, features: [{id: a.b, title: x | y, rules: 'p.*', later: the rest}]}]\n"), problems)!;
        Assert.Empty(problems.All);
        Assert.Contains("\n| a.b | x \\| y | `p.*` (2 rules), *later:* the rest |\n", coverage.Page, StringComparison.Ordinal);
        Assert.Contains("\n| NIST:CM-3 | Configuration Change Control |  |\n", coverage.Page, StringComparison.Ordinal);
    }

    private static Coverage Shipped()
    {
        Problems problems = new();
        Coverage? coverage = Coverage.Of(Policies.Shipped(), problems);
        Assert.Empty(problems.All);
        return coverage!;
    }

    private static PolicyModel Model(string text) => Policies.Whole(Policies.Pack(("p.one", "ask", "{program: a}"), ("p.two", "deny", "{program: b}")), Policies.File(Coverage.File, text));

    private static List<string> ProblemsOf(string text)
    {
        Problems problems = new();
        _ = Coverage.Of(Model(text), problems);
        return problems.All.Select(problem => problem.ToString()).ToList();
    }
}
