using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;
using Action = Gate.Policy.Action;

namespace Gate.Tests.Policy;

public class JudgeTests
{
    /// <summary>The index is only a short cut: whatever rules there are, it leads to those that a look at all of them finds.</summary>
    [Fact]
    public void Index_finds_exactly_what_a_scan_of_all_rules_finds() => Holds.Always(
        dice =>
        {
            PolicyModel model = Policies.Whole(Policies.Pack([.. Enumerable.Range(0, 1 + dice.Roll(14)).Select(i => ($"r.n{i}", OutcomeOf(dice), WhenOf(dice, 2)))]));
            Effect[] effects = [EffectOf(dice), .. dice.Many(3, () => EffectOf(dice))];
            CallFacts facts = new() { Tool = Bytes(dice.Pick("Bash", "Write", "mcp__a__b")), Server = Bytes(dice.Pick("", "a")) };
            RuleModel[] scanned = [.. model.Rules.Where(rule => effects.Any(effect => Condition.Holds(rule.When.Code, effect, facts, Policies.Bare)))];
            Match[] matches = [.. from rule in Enumerable.Range(0, model.Rules.Count)
                from effect in Enumerable.Range(0, effects.Length)
                where Condition.Holds(model.Rules[rule].When.Code, effects[effect], facts, Policies.Bare)
                select new Match(rule, effect, model.Rules[rule].Action, model.Rules[rule].Zone)];
            bool same = false;
            Policies.With(model, bundle =>
            {
                Decision decision = Judge.Decide(effects, facts, bundle, Policies.Balanced, default);
                Weight[] weights = [.. effects.Select(effect => new Weight(effect.Verb == Verb.Read ? 0 : 1, effect.Verb == Verb.Opaque))];
                same = decision.Parts.Select(part => part.Rule).SequenceEqual(scanned.OrderByDescending(rule => rule.Action).ThenBy(rule => rule.Id, StringComparer.Ordinal).Select(rule => rule.Id))
                    && (decision.Outcome, decision.Zone) == Combine.Decide(weights, matches, Policies.Balanced, default);
            });
            return same;
        },
        1500);

    [Fact]
    public void Rules_stand_in_the_order_of_their_ids_whatever_the_order_of_the_files()
    {
        PolicyModel model = Policies.Whole(
            Policies.File("packs/z.yaml", "pack: z\nrules:\n- {id: b.x, title: t, when: {always: true}, outcome: log, catches: [a], passes: [b]}\n- {id: a.y, title: t, when: {always: true}, outcome: log, catches: [a], passes: [b]}\n"),
            Policies.File("packs/a.yaml", "pack: a\nrules:\n- {id: b.B, title: t, when: {always: true}, outcome: log, catches: [a], passes: [b]}\n".Replace("b.B", "b.a", StringComparison.Ordinal)));
        Assert.Equal(["a.y", "b.a", "b.x"], model.Rules.Select(rule => rule.Id));
        Policies.With(model, bundle =>
        {
            RuleSet rules = new(bundle);
            Assert.Equal(["a.y", "b.a", "b.x"], Enumerable.Range(0, rules.Count).Select(i => rules[i].Id));
        });
    }

    [Fact]
    public void Parts_stand_strictest_first_then_by_id_each_rule_once() => Policies.With(
        Policies.Whole(Policies.Pack(("r.c", "ask", "{always: true}"), ("r.a", "log", "{always: true}"), ("r.e", "deny", "{verb: run}"), ("r.d", "deny", "{program: git}"), ("r.b", "allow", "{kind: code}"), ("r.f", "warn", "{always: true}"))),
        bundle =>
        {
            Effect effect = new() { Verb = Verb.Run, Kind = Kind.Code, Program = Bytes("git") };
            Decision decision = Judge.Decide([effect, effect, effect], new CallFacts(), bundle, Policies.Balanced, default);
            Assert.Equal(["r.d", "r.e", "r.c", "r.b", "r.f", "r.a"], decision.Parts.Select(part => part.Rule));
            Assert.Equal([Action.Deny, Action.Deny, Action.Ask, Action.Allow, Action.Warn, Action.Log], decision.Parts.Select(part => part.Action));
            Assert.All(decision.Parts, part => Assert.Equal(0, part.Effect));
        });

    [Fact]
    public void A_rule_is_read_back_as_it_was_written()
    {
        PolicyModel model = Policies.Whole(Policies.File("packs/q.yaml", "pack: quality\nrules:\n- {id: q.one, title: Ä title, when: {program: rm}, outcome: ask, severity: critical, zone: 4, soft: true, tags: [NIST:CM-3, NIST:AU-9], instead: Use trash., catches: [rm x], passes: [ls]}\n"));
        Policies.With(model, bundle =>
        {
            RuleSet rules = new(bundle);
            Rule rule = rules[0];
            Assert.Equal(("q.one", "Ä title", "Use trash.", "NIST:CM-3 NIST:AU-9", "quality"), (rule.Id, rule.Title, rule.Instead, rule.Tags, rule.Pack));
            Assert.Equal((Action.Ask, Severity.Critical, 4, true), (rule.Action, rule.Severity, rule.Zone, rule.Soft));
            Assert.Equal(model.Rules[0].When.Code, rules.ConditionAt(rules.Find(RuleKey.OfProgram("rm"u8)).Place, 0).ToArray());
            Decision decision = Judge.Decide([new Effect { Verb = Verb.Run, Kind = Kind.Code, Program = Bytes("rm") }], new CallFacts(), bundle, Policies.Balanced, default);
            Assert.Equal((Outcome.Ask, 4, "Gate asks: Ä title. [q.one] Use trash."), (decision.Outcome, decision.Zone, Reasons.Of(decision)));
        });
    }

    /// <summary>Only a rule that allows lifts the profile's word for a tool that nothing is known of; one that asks lifts no deny.</summary>
    [Theory]
    [InlineData("log", "{kind: service}", Outcome.Deny)]
    [InlineData("warn", "{kind: service}", Outcome.Deny)]
    [InlineData("allow", "{verb: read}", Outcome.Deny)]
    [InlineData("ask", "{verb: read}", Outcome.Deny)]
    [InlineData("ask", "{kind: service}", Outcome.Deny)]
    [InlineData("allow", "{kind: service}", Outcome.Allow)]
    public void Unknown_tools_get_the_profile_s_outcome_unless_a_rule_allows_them(string action, string when, Outcome outcome) => Policies.With(
        Policies.Whole(Policies.Pack(("r.a", action, when))),
        bundle =>
        {
            Effect[] effects = [new() { Verb = Verb.Opaque, Kind = Kind.Service }, new() { Verb = Verb.Read, Kind = Kind.Path }];
            Assert.Equal(outcome, Judge.Decide(effects, new CallFacts(), bundle, Policies.Balanced with { UnknownTool = Outcome.Deny }, default).Outcome);
        });

    [Fact]
    public void First_zone_that_holds_counts_and_none_is_five()
    {
        PolicyModel model = Policies.Whole(Policies.File("zones.yaml", "zones:\n- {zone: 3, when: {verb: write}}\n- {zone: 1, when: {kind: path}}\n"));
        Policies.With(model, bundle =>
        {
            Effect[] effects = [new() { Verb = Verb.Write, Kind = Kind.Path }, new() { Verb = Verb.Read, Kind = Kind.Path }, new() { Verb = Verb.Read, Kind = Kind.Host }];
            Assert.Equal([3, 1, 5], Judge.Decide(effects, new CallFacts(), bundle, Policies.Balanced, default).Zones);
        });
    }

    [Fact]
    public void A_policy_without_rules_decides_by_zones() => Policies.With(Policies.Whole(), bundle =>
    {
        Assert.Equal(0, new RuleSet(bundle).Count);
        Assert.Equal(Outcome.Allow, Judge.Decide([new Effect { Verb = Verb.Write, Kind = Kind.Path }], new CallFacts(), bundle, Policies.Balanced, default).Outcome);
        Assert.Equal(Outcome.Ask, Judge.Decide([], new CallFacts(), bundle, Policies.Balanced, default).Outcome);
        Assert.Equal(Outcome.Ask, Judge.Decide([new Effect { Verb = Verb.Opaque, Kind = Kind.None }], new CallFacts(), bundle, Policies.Balanced, default).Outcome);
    });

    [Fact]
    public void Profile_is_read_back_as_it_was_written()
    {
        Profile profile = new() { Name = "ß", Auto = 1, Ask = 4, Grant = true, UnknownTool = Outcome.Deny, Budget = "guided", BudgetActions = 2000, BudgetMinutes = 600 };
        RuleTester.WithBundle(BundleWriter.Write(Policies.Whole(), profile, 0, false, default, null), bundle => Assert.Equal(profile, new Profile(bundle)));
    }

    private static string OutcomeOf(Dice dice) => dice.Pick("log", "warn", "allow", "ask", "deny");

    private static string WhenOf(Dice dice, int depth)
    {
        List<string> parts = [];
        void Maybe(Func<string> part)
        {
            if (dice.Roll(3) == 1)
                parts.Add(part());
        }

        Maybe(() => $"verb: {dice.Pick("run", "read", "[run, write]", "opaque")}");
        Maybe(() => $"kind: {dice.Pick("code", "path", "[code, host]")}");
        Maybe(() => $"program: {dice.Pick("git", "rm", "[git, rm, ls]", "'g*'")}");
        Maybe(() => $"tool: {dice.Pick("Bash", "Write", "'mcp__*'", "[Bash, Write]", "'?ash'")}");
        Maybe(() => $"server: {dice.Pick("a", "b")}");
        Maybe(() => $"class: {dice.Pick("workspace", "none")}");
        if (depth > 0)
        {
            Maybe(() => $"not: {WhenOf(dice, depth - 1)}");
            Maybe(() => $"any: [{WhenOf(dice, depth - 1)}, {WhenOf(dice, depth - 1)}]");
            Maybe(() => $"all: [{WhenOf(dice, depth - 1)}, {WhenOf(dice, depth - 1)}]");
        }

        return parts.Count == 0 ? "{always: true}" : $"{{{string.Join(", ", parts)}}}";
    }

    private static Effect EffectOf(Dice dice) => new()
    {
        Verb = dice.Pick(Verb.Run, Verb.Read, Verb.Write, Verb.Opaque), Kind = dice.Pick(Kind.Code, Kind.Path, Kind.Host), Program = Bytes(dice.Pick("", "git", "rm", "ls")),
        Class = dice.Pick(PathClass.None, PathClass.Workspace),
    };

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
