using System.Collections.Generic;
using System.Linq;
using Gate.Compiler;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>The rules of this repository.</summary>
public class ShippedRulesTests
{
    [Fact]
    public void Every_file_loads_without_a_problem()
    {
        Problems problems = new();
        PolicyModel model = PolicyLoader.Load(PolicyLoader.ReadFolder(Sources.PathOf("rules")), problems);
        Assert.Empty(problems.All);
        Assert.NotEmpty(model.Rules);
        Assert.NotEmpty(model.Places);
        Assert.Contains("balanced", model.Profiles.Keys);
    }

    [Fact]
    public void Every_example_passes()
    {
        PolicyModel model = Policies.Shipped();
        List<ExampleOutcome> results = ExampleRun.All(model);

        // Each once, those too that are in force in other profiles only.
        Assert.Equal(model.Rules.Concat(model.ProfileDetails.Values.SelectMany(profile => profile.Rules)).Sum(rule => rule.Examples.Length) + model.Sequences.Sum(rule => rule.Sequence!.Chains.Length), results.Count(result => result.Subject != "knowledge" && result.File != "redactions.yaml"));
        Assert.Contains(results, result => result.File == "redactions.yaml");
        string failed = string.Join('\n', results.Where(result => !result.Passed).Select(result => $"{result.File}:{result.Line}: {result.Subject} {result.Expected} {result.Call} ({result.Got})"));
        Assert.True(failed.Length == 0, failed);
    }

    /// <summary>A soft rule is one whose question alone stands between a call and its run; else the mark would promise what cannot happen.</summary>
    [Fact]
    public void Soft_rules_alone_make_a_question()
    {
        PolicyModel model = Policies.Shipped();
        Profile profile = model.Profiles["balanced"];
        List<RuleModel> soft = model.RulesOf(profile).FindAll(rule => rule.Soft);
        Assert.NotEmpty(soft);
        RuleTester.WithBundle(BundleWriter.Write(model, profile, 0, false, default, null), bundle => Assert.All(soft, rule =>
        {
            Assert.Equal(Gate.Policy.Action.Ask, rule.Action);
            Assert.NotEqual(Severity.Critical, rule.Severity);
            Assert.Contains(rule.Examples, example => example.Catches && FallsQuiet(rule, example, bundle, profile));
        }));
    }

    private static bool FallsQuiet(RuleModel rule, Example example, Gate.Bundles.Bundle bundle, Profile profile)
    {
        Gate.Requests.Request request = RuleTester.RequestOf(example.Tool, example.Input, out _)!;
        CallFacts facts = CallFactsOf.Request(request);
        System.ReadOnlySpan<Gate.Effects.Effect> effects = RuleTester.EffectsOf(request, facts, bundle, profile);
        Decision decision = Judge.Decide(effects, facts, bundle, profile, default);
        int number = System.Array.Find(decision.Parts, part => part.Rule == rule.Id)!.Number;
        return decision.Outcome == Outcome.Ask && Judge.Decide(effects, facts, bundle, profile, default(Standing) with { Quiet = [number] }).Outcome == Outcome.Allow;
    }

    /// <summary>The table of what can occur, which warnings are given by, holds all that the examples make.</summary>
    [Fact]
    public void Every_effect_of_an_example_is_one_that_can_occur()
    {
        PolicyModel model = Policies.Shipped();
        IEnumerable<(string Tool, byte[] Input)> calls = model.Rules.SelectMany(rule => rule.Examples).Select(example => (example.Tool, example.Input)).Concat(model.Knowledge!.Examples.Select(example => (example.Call.Tool, example.Call.Input)));
        Assert.Empty(calls.SelectMany(call => Shipped.EffectsOf(call.Tool, call.Input)).Where(effect => !RuleChecks.Occurs(model, effect.Verb, effect.Kind)).Select(Shipped.Show).Distinct());
    }

    [Fact]
    public void Every_rule_of_the_packs_has_a_level_or_is_said_to_have_none() =>
        Assert.Empty(Policies.Shipped().Rules.Where(rule => rule.Level < 0).Select(rule => rule.Id));

    [Fact]
    public void The_order_of_the_files_does_not_matter()
    {
        List<SourceFile> files = PolicyLoader.ReadFolder(Sources.PathOf("rules"));
        byte[] built = Policies.Built(PolicyLoader.Load(files, new Problems()));
        files.Reverse();
        Assert.Equal(built, Policies.Built(PolicyLoader.Load(files, new Problems())));
    }

    [Fact]
    public void Every_deny_says_what_to_do_instead_or_is_critical() =>
        Assert.Empty(Policies.Shipped().Rules.Where(rule => rule.Action == Action.Deny && rule.Instead.Length == 0 && rule.Severity != Severity.Critical).Select(rule => rule.Id));

    [Fact]
    public void A_failing_example_fails_and_says_what_was_decided()
    {
        PolicyModel model = Policies.Whole(Policies.File("packs/p.yaml", "pack: p\nrules:\n- {id: p.one, title: t, when: {program: git}, outcome: deny, catches: [git x, ls], passes: [ls, git y]}\n- {id: p.two, title: t, when: {program: ls}, outcome: deny, catches: [ls], passes: [rm]}\n"));
        List<RuleTester.Result> failed = RuleTester.Run(model, Policies.Balanced).FindAll(result => !result.Passed);
        Assert.Equal([("p.one", "ls", "deny by [p.two]"), ("p.one", "git y", "deny by [p.one]")], failed.Select(result => (result.Rule.Id, result.Example.Shown, result.Shown)));
    }
}
