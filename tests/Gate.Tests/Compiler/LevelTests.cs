using System;
using System.Collections.Generic;
using System.Linq;
using Gate.Compiler;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>Guard levels: which rules hold in a profile, and what a tool's two switches open.</summary>
public class LevelTests
{
    private static readonly SourceFile s_pack = Policies.File("packs/p.yaml", "pack: p\nrules:\n" + string.Concat(
        new[] { "irreversible", "dangerous", "injection", "exfiltration", "personal", "none" }.Select(level => $"- {{id: p.{level}, title: t, when: {{program: touch}}, outcome: deny, level: {level}, catches: [touch a], passes: [ls]}}\n")));

    private static string Held(string lines) => Calls.RulesOf(Calls.WithProfile(lines, s_pack).Bash("touch a"));

    [Fact]
    public void A_profile_says_which_levels_are_on()
    {
        Assert.Equal("p.dangerous p.exfiltration p.irreversible p.none p.personal", Held(""));
        Assert.Equal("p.injection p.none", Held("levels: [injection]\n"));
        Assert.Equal("p.none", Held("levels: []\n"));
    }

    [Fact]
    public void Two_switches_open_two_levels_for_the_tools_they_name_and_no_other_level_can_be_opened()
    {
        const string all = "levels: [irreversible, dangerous, injection, exfiltration, personal]\n";
        Assert.Equal("p.exfiltration p.injection p.irreversible p.none p.personal", Held(all + "tools: [{name: s, tools: [Bash], allow-dangerous: true}]\n"));
        Assert.Equal("p.dangerous p.exfiltration p.irreversible p.none p.personal", Held(all + "tools: [{name: s, tools: ['B*'], allow-injection: true}]\n"));
        Assert.Equal("p.exfiltration p.irreversible p.none p.personal", Held(all + "tools: [{name: s, tools: [Bash], allow-dangerous: true, allow-injection: true}]\n"));
        Assert.Equal("p.dangerous p.exfiltration p.injection p.irreversible p.none p.personal", Held(all + "tools: [{name: s, tools: [Monitor], allow-dangerous: true, allow-injection: true}]\n"));
    }

    [Fact]
    public void A_table_gives_levels_to_rules_that_do_not_say_one_and_its_first_entry_counts()
    {
        PolicyModel model = Policies.Whole(Policies.Pack(("a.one", "ask", "{program: a}"), ("a.two", "ask", "{program: b}"), ("b.one", "ask", "{program: c}")), Policies.File("levels.yaml", "levels:\n- {level: personal, rules: [a.two]}\n- {level: dangerous, rules: ['a.*']}\n"));
        Assert.Equal([("a.one", 2), ("a.two", 5), ("b.one", -1)], model.Rules.Select(rule => (rule.Id, rule.Level)));
        _ = Policies.Load(out List<string> problems, Policies.Pack(("a.one", "ask", "{program: a}")), Policies.File("levels.yaml", "levels:\n- {level: personal, rules: [a.oen]}\n"));
        Assert.Contains(problems, problem => problem.Contains("no rule is called 'a.oen'; did you mean 'a.one'?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("strict", "echo \"$(date)\"", "injection.substitution")]
    [InlineData("balanced", "echo \"$(date)\"", "")]
    [InlineData("paranoid", "ls src", "")]
    [InlineData("paranoid", "make", "tools.shell.allow-prefixes")]
    [InlineData("paranoid", "find . -name a", "")]
    [InlineData("paranoid", "find . -exec cat {} +", "tools.shell.deny-patterns")]
    public void Shipped_profiles_hold_what_they_say(string profile, string command, string rule)
    {
        PolicyModel model = Policies.Shipped();
        string found = "";
        RuleTester.WithBundle(BundleWriter.Write(model, model.Profiles[profile], 0, false, default, null), bundle =>
            found = Calls.RulesOf(RuleTester.Decide("Bash", System.Text.Encoding.UTF8.GetBytes($"{{\"command\":{System.Text.Json.JsonSerializer.Serialize(command)}}}"), bundle, model.Profiles[profile], out _)!));
        Assert.True(rule.Length == 0 ? !found.Contains("tools.", StringComparison.Ordinal) && !found.Contains("injection.", StringComparison.Ordinal) : found.Contains(rule, StringComparison.Ordinal), found);
    }
}
