using System;
using System.Collections.Generic;
using System.Linq;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;
using Action = Gate.Policy.Action;

namespace Gate.Tests.Policy;

public class SequencesTests
{
    private const string Three = """
        sequences:
          - {id: s.path, title: t, first: {verb: write}, then: {verb: run}, same: path, calls: 5, seconds: 10, outcome: ask, catches: [[ls]], passes: [[ls]]}
          - {id: s.twice, title: t, first: {verb: delete}, then: {verb: delete}, times: 2, calls: 5, seconds: 10, outcome: deny, catches: [[ls]], passes: [[ls]]}
          - {id: s.again, title: t, repeats: true, times: 3, then: {always: true}, outcome: warn, catches: [[ls]], passes: [[ls]]}
        """;

    private static readonly CallFacts s_facts = new();

    private static Effect Of(Verb verb, string target = "/a") => new() { Verb = verb, Kind = Kind.Path, Class = PathClass.Workspace, Target = System.Text.Encoding.UTF8.GetBytes(target) };

    private static void With(Action<Sequences, Bundle> use) => Policies.With(Policies.Whole(Policies.File("sequences.yaml", Three)), bundle => use(new Sequences(bundle), bundle));

    private static string Completed(Sequences sequences, Bundle bundle, Effect effect, List<Fact> facts, long action, long now, long repeats = 0)
    {
        RuleSet rules = new(bundle);
        return string.Join(' ', sequences.Of(sequences.Last([effect], s_facts, repeats), [effect], s_facts, facts.ToArray(), action, now).Select(one => rules[one.Rule].Id));
    }

    [Fact]
    public void The_first_step_is_earlier_near_enough_and_about_the_same_path() => With((sequences, bundle) =>
    {
        List<Fact> facts = [.. sequences.Leaves(sequences.First([Of(Verb.Write)], s_facts), [Of(Verb.Write)], s_facts, 1, 1000)];
        Assert.Single(facts);
        Assert.Equal("s.path", Completed(sequences, bundle, Of(Verb.Run), facts, 2, 1000));
        Assert.Equal("s.path", Completed(sequences, bundle, Of(Verb.Run), facts, 6, 11000));
        Assert.Equal("", Completed(sequences, bundle, Of(Verb.Run), facts, 1, 1000));
        Assert.Equal("", Completed(sequences, bundle, Of(Verb.Run), facts, 7, 1000));
        Assert.Equal("", Completed(sequences, bundle, Of(Verb.Run), facts, 2, 11001));
        Assert.Equal("", Completed(sequences, bundle, Of(Verb.Run, "/b"), facts, 2, 1000));
        Assert.Equal("", Completed(sequences, bundle, Of(Verb.Read), facts, 2, 1000));

        // The clock went back.
        Assert.Equal("s.path", Completed(sequences, bundle, Of(Verb.Run), facts, 2, -5000));
    });

    [Fact]
    public void A_path_that_is_not_known_counts_for_any() => With((sequences, bundle) =>
    {
        List<Fact> facts = [.. sequences.Leaves(sequences.First([Of(Verb.Write)], s_facts), [Of(Verb.Write, "")], s_facts, 1, 0)];
        Assert.Equal("s.path", Completed(sequences, bundle, Of(Verb.Run, "/b"), facts, 2, 0));
        Effect[] many = [.. Enumerable.Range(0, 40).Select(i => Of(Verb.Write, $"/{i}"))];
        Fact[] left = sequences.Leaves(sequences.First(many, s_facts), many, s_facts, 1, 0);
        Assert.Equal((Sequences.MaximumObjects + 1, 0), (left.Length, left[^1].Object));
    });

    [Fact]
    public void Times_are_calls_and_not_effects() => With((sequences, bundle) =>
    {
        Effect[] two = [Of(Verb.Delete), Of(Verb.Delete, "/b")];
        List<Fact> facts = [.. sequences.Leaves(sequences.First(two, s_facts), two, s_facts, 1, 0)];
        Assert.Equal("", Completed(sequences, bundle, Of(Verb.Delete), facts, 2, 0));
        facts.AddRange(sequences.Leaves(sequences.First(two, s_facts), two, s_facts, 2, 0));
        Assert.Equal("s.twice", Completed(sequences, bundle, Of(Verb.Delete), facts, 3, 0));
    });

    [Fact]
    public void Repetition_counts_calls_before_this_one() => With((sequences, bundle) =>
    {
        Assert.Equal("", Completed(sequences, bundle, Of(Verb.Read), [], 9, 0, repeats: 2));
        Assert.Equal("s.again", Completed(sequences, bundle, Of(Verb.Read), [], 9, 0, repeats: 3));
    });

    /// <summary>Whatever a sequence says, and whatever the budget: the outcome is never laxer than without.</summary>
    [Fact]
    public void Standing_only_tightens() => Policies.With(Policies.Whole(Policies.File("sequences.yaml", Three)), bundle => Holds.Always(dice =>
    {
        Effect[] effects = [Of(dice.Pick(Verb.Read, Verb.Write, Verb.Delete, Verb.Opaque)), .. dice.Many(3, () => Of(dice.Pick(Verb.Read, Verb.Delete, Verb.Run)))];
        Profile profile = Policies.Balanced with { Auto = dice.Roll(6), Ask = dice.Roll(6) };
        Completed[] completed = dice.Many(3, () => new Completed(dice.Roll(3), dice.Roll(effects.Length)));
        Outcome without = Judge.Decide(effects, s_facts, bundle, profile, default).Outcome;
        Decision with = Judge.Decide(effects, s_facts, bundle, profile, default(Standing) with { BudgetSpent = dice.Flip(), Completed = completed });
        return with.Outcome >= without && completed.All(one => with.Parts.Any(part => part.Rule == new RuleSet(bundle)[one.Rule].Id));
    }));

    [Theory]
    [InlineData("{id: s.a, title: t, first: {verb: read}, then: {verb: send}, outcome: allow, catches: [[ls]], passes: [[ls]]}", "'allow' is not a known outcome")]
    [InlineData("{id: s.a, title: t, first: {kind: path}, then: {verb: send}, outcome: ask, catches: [[ls]], passes: [[ls]]}", "'first' must name its verbs")]
    [InlineData("{id: s.a, title: t, then: {verb: send}, outcome: ask, catches: [[ls]], passes: [[ls]]}", "either 'first' or 'repeats: true'")]
    [InlineData("{id: s.a, title: t, repeats: true, first: {verb: read}, then: {verb: send}, outcome: ask, catches: [[ls]], passes: [[ls]]}", "either 'first' or 'repeats: true'")]
    [InlineData("{id: s.a, title: t, first: {verb: read}, then: {verb: send}, outcome: ask, passes: [[ls]]}", "needs at least one example")]
    [InlineData("{id: s.a, title: t, first: {verb: read}, then: {verb: send}, outcome: ask, catches: [ls], passes: [[ls]]}", "is a list of calls")]
    [InlineData("{id: s.a, title: t, first: {verb: read}, then: {verb: send}, calls: 101, outcome: ask, catches: [[ls]], passes: [[ls]]}", "'calls' must be a whole number from 1 to 100")]
    [InlineData("{id: s.a, title: t, first: {verb: read}, then: {verb: send}, times: 9, calls: 8, outcome: ask, catches: [[ls]], passes: [[ls]]}", "more than the calls")]
    [InlineData("{id: s.a, title: t, first: {verb: read}, than: {verb: send}, outcome: ask, catches: [[ls]], passes: [[ls]]}", "unknown key 'than'")]
    public void What_is_wrong_is_named(string sequence, string problem)
    {
        _ = Policies.Load(out List<string> problems, Policies.File("sequences.yaml", "sequences:\n- " + sequence + "\n"));
        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_profile_switches_them_off()
    {
        PolicyModel model = Policies.Whole(Policies.File("sequences.yaml", Three), Policies.File("profiles/x.yaml", "profile: x\nsequences: false\n"), Policies.File("profiles/y.yaml", "profile: y\noutcomes:\n- {rules: [s.path], outcome: deny}\n"));
        Assert.Empty(model.RulesOf(model.Profiles["x"]));
        Assert.Equal(Action.Deny, model.RulesOf(model.Profiles["y"]).Single(rule => rule.Id == "s.path").Action);
    }
}
