using System;
using System.Collections.Generic;
using System.Linq;
using Gate.Compiler;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;
using Action = Gate.Policy.Action;

namespace Gate.Tests.Compiler;

/// <summary>Layers over generated rules, profiles and effects: a project only tightens; what a signed layer loosens is what it names.</summary>
public class LayerPropertyTests
{
    private const long Now = 1_800_000_000_000;

    private static readonly string[] s_actions = ["log", "warn", "allow", "ask", "deny"], s_shipped = ["p.one", "p.two", "p.three", "p.four"];

    /// <summary>Texts of a policy: what is shipped, and layers, weakest first.</summary>
    private sealed record Case(string Pack, string Profile, (Layer Layer, string Text)[] Layers)
    {
        public static Case Of(Dice dice) => new(
            "pack: p\nrules:\n" + string.Concat(s_shipped.Select(id => RuleOf(dice, id, anyAction: true))),
            $"profile: a\nauto: {dice.Roll(6)}\nask: {dice.Roll(6)}\nunknown-tool: {dice.Pick("allow", "ask", "deny")}\nlevels: [{dice.Pick("irreversible", "dangerous", "irreversible, personal")}]\n",
            [(Layer.Operator, LayerOf(dice, "o")), (Layer.Organisation, LayerOf(dice, "g"))]);

        public Case With(Layer layer, string text) => this with { Layers = [.. Layers.Append((layer, text)).OrderBy(one => one.Item1)] };

        /// <summary>Null where the loader refuses.</summary>
        public PolicyModel? Loaded()
        {
            Problems problems = new();
            PolicyModel model = PolicyLoader.Load([Policies.File("zones.yaml", Policies.Zones), Policies.File("packs/p.yaml", Pack), Policies.File("profiles/a.yaml", Profile)], problems);
            Assert.DoesNotContain(problems.All, problem => !problem.IsWarning);
            foreach ((Layer layer, string text) in Layers)
                LayerLoader.Add(model, Policies.File(LayerLoader.SourceName(layer, "/x"), text), layer, problems);
            return problems.Any ? null : model;
        }
    }

    private static string RuleOf(Dice dice, string id, bool anyAction)
    {
        string outcome = s_actions[anyAction ? dice.Roll(5) : dice.Pick(0, 1, 3, 4)], zone = dice.Roll(4) == 3 ? $", zone: {dice.Roll(7)}" : "", level = dice.Roll(3) == 2 ? $", level: {dice.Pick("none", "dangerous", "irreversible", "personal")}" : "";
        return $"- {{id: {id}, title: x, when: {Generated.When(dice, 1)}, outcome: {outcome}{zone}{level}, catches: [a], passes: [b]}}\n";
    }

    private static string LayerOf(Dice dice, string name, bool project = false)
    {
        string text = $"policy: {name}\n";
        if (dice.Flip())
            text += "rules:\n" + RuleOf(dice, dice.Flip() ? $"{name}.one" : $"p.t-{name}", anyAction: !project || dice.Roll(8) == 7) + RuleOf(dice, $"{name}.two", anyAction: !project);
        if (dice.Flip())
            text += $"outcomes:\n- {{rules: [{dice.Pick("p.one", "p.t*", "p.*")}]{dice.Pick("", "", ", from: deny", ", from: [allow, ask]")}, outcome: {(project ? dice.Pick("deny", "ask", "warn", "log") : dice.Pick(s_actions))}}}\n";
        if (dice.Roll(3) == 2)
            text += $"thresholds: {{auto: {dice.Roll(6)}, ask: {dice.Roll(6)}}}\n";
        if (dice.Roll(3) == 2)
            text += $"levels: [{dice.Pick("dangerous", "personal", "irreversible, injection")}]\n";
        return text;
    }

    // The same effects that generated conditions are about, and tools that nothing is known of.
    private static Effect[] EffectsOf(Dice dice)
    {
        Effect[] effects = new Effect[1 + dice.Roll(3)];
        for (int i = 0; i < effects.Length; i++)
            effects[i] = dice.Roll(4) == 3 ? new Effect { Verb = Verb.Opaque, Kind = Kind.Service, Target = "x"u8.ToArray() } : Generated.Effect(dice);
        return effects;
    }

    private static Decision Decide(PolicyModel model, Effect[] effects, long now = Now)
    {
        Decision? decision = null;
        Profile profile = model.Profiles["a"];
        RuleTester.WithBundle(BundleWriter.Write(model, profile, 0, false, default, null), bundle => decision = Judge.Decide(effects, Generated.Facts, bundle, profile, new Standing(false, Outcome.Allow, now)));
        return decision!;
    }

    private static Case Plain(string rule) => new($"pack: p\nrules:\n- {{{rule}, title: x, catches: [a], passes: [b]}}\n", "profile: a\nauto: 0\nask: 5\nlevels: [irreversible]\n", []);

    /// <summary>Ways to loosen that generated cases have found: each goes through what a layer above says.</summary>
    [Theory]
    [InlineData("id: p.one, when: {always: true}, outcome: deny, level: personal", "outcomes: [{rules: [p.one], outcome: log}]", "levels: [personal]", null)] // off where the project looks, on later
    [InlineData("id: p.one, when: {program: rm}, outcome: log", "outcomes: [{rules: ['p.*'], outcome: log}]", "rules: [{id: p.two, title: x, when: {always: true}, outcome: deny, catches: [a], passes: [b]}]", "deny by [p.two]")]
    [InlineData("id: p.one, when: {always: true}, outcome: allow, level: personal", "levels: [personal]", "", "ask by []")]
    [InlineData("id: p.one, when: {always: true}, outcome: ask, level: personal", "levels: [personal]", "outcomes: [{rules: [p.one], outcome: allow}]", "ask by []")]
    [InlineData("id: p.one, when: {program: rm}, outcome: log", "rules: [{id: p.two, title: x, when: {always: true}, outcome: ask, catches: [a], passes: [b]}]", "outcomes: [{rules: ['p.*'], outcome: allow}]", "ask by []")]
    public void A_project_loosens_nothing_through_a_layer_above(string rule, string project, string above, string? shown)
    {
        PolicyModel? model = Plain(rule).With(Layer.Operator, $"policy: o\n{above}\n").With(Layer.Project, $"policy: r\n{project}\n").Loaded();
        Assert.Equal(shown, model is null ? null : Shipped.Show(Decide(model, [new Effect { Verb = Verb.Write, Kind = Kind.Path }]))[..(shown?.Length ?? 0)]);
    }

    [Fact]
    public void A_project_never_loosens()
    {
        int taken = 0, refused = 0, tightened = 0;
        Holds.Always(
            dice =>
            {
                Effect[] effects = EffectsOf(dice);
                Case some = Case.Of(dice);
                Case more = some.With(Layer.Project, LayerOf(dice, "r", project: true));
                PolicyModel? without = some.Loaded(), with = more.Loaded();
                if (without is null || with is null)
                {
                    refused++;
                    return true;
                }

                Decision before = Decide(without, effects), after = Decide(with, effects);
                taken++;
                tightened += after.Outcome > before.Outcome ? 1 : 0;
                return Said(after.Outcome >= before.Outcome && after.Zone >= before.Zone, more, before, after);
            },
            1200,
            800);
        Assert.True(taken > 300 && refused > 30 && tightened > 20, $"{taken} projects were taken, {refused} refused, {tightened} tightened something: too few to say anything");
    }

    [Fact]
    public void What_a_project_tries_to_loosen_is_refused() => Holds.Always(
        dice =>
        {
            Case some = Case.Of(dice);
            if (some.Loaded() is null)
                return true;
            Action laxer = (Action)dice.Roll(5);

            // As the rule stands where the project's word is heard: below the signed layers.
            RuleModel rule = dice.Pick([.. (some with { Layers = [] }).Loaded()!.Rules]);
            bool loosens = LayerLoader.Strictness(laxer) < LayerLoader.Strictness(rule.Action);
            Case more = some.With(Layer.Project, $"policy: r\noutcomes: [{{rules: [{rule.Id}], outcome: {s_actions[(int)laxer]}}}]\n");
            return !loosens || more.Loaded() is null || Said(false, more);
        },
        300,
        800);

    /// <summary>In its scope and before its end it is as if the rule only logged there; outside and after it is as if there were none.</summary>
    [Fact]
    public void An_exception_lifts_the_rule_it_names_in_its_scope_until_its_end()
    {
        int lifted = 0;
        Holds.Always(
            dice =>
            {
                Effect[] effects = EffectsOf(dice);
                Case some = Case.Of(dice);
                string id = dice.Pick(s_shipped), scope = dice.Flip() ? Generated.When(dice, 0) : "{always: true}";
                long until = Now + (dice.Pick(1, 1, 1, 0, -1) * 1000);
                string layer = $"policy: e\nexceptions: [{{rule: {id}, when: {scope}, until: {DateTimeOffset.FromUnixTimeMilliseconds(until):yyyy-MM-ddTHH:mm:ssZ}, reason: x}}]\n";
                PolicyModel? without = some.Loaded(), with = some.With(dice.Pick(Layer.Operator, Layer.Organisation), layer).Loaded();
                Assert.True(without is null == with is null);
                if (without is null || with is null)
                    return true;
                bool holds = Now < until;
                CompiledCondition condition = Policies.Condition(scope);
                Effect[] inside = [.. effects.Where(effect => Condition.Holds(condition.Code, effect, Generated.Facts, Policies.Bare, doubt: false))];
                Decision before = Decide(without, effects), after = Decide(with, effects);
                if (!holds || inside.Length == 0)
                    return Same(before, after);

                // The rule, but for the effects in the scope.
                PolicyModel narrowed = some.With(Layer.Organisation, $"policy: n\noutcomes: [{{rules: [{id}], outcome: log}}]\n").Loaded()!;
                Effect[] outside = [.. effects.Except(inside)];
                Outcome expected = Stricter(outside.Length > 0 ? Decide(without, outside).Outcome : Outcome.Allow, WithoutZone(narrowed, id, inside));
                lifted += after.Outcome < before.Outcome ? 1 : 0;
                return after.Outcome == expected && Others(before, id).SequenceEqual(Others(after, id));
            },
            1000,
            800);
        Assert.True(lifted > 5, $"{lifted} exceptions lifted something: too few to say anything");
    }

    // A rule that is lifted gives no zone either.
    private static Outcome WithoutZone(PolicyModel model, string id, Effect[] effects)
    {
        for (int i = 0; i < model.Rules.Count; i++)
        {
            if (model.Rules[i].Id == id)
                model.Rules[i] = model.Rules[i] with { Zone = -1 };
        }

        return Decide(model, effects).Outcome;
    }

    // What broke, in words: shrunk bytes say nothing to people.
    private static bool Said(bool holds, Case some, params Decision[] decisions) => holds ? true
        : throw new InvalidOperationException($"{some.Pack}{some.Profile}{string.Concat(some.Layers.Select(one => $"{one.Layer}: {one.Text}"))}{string.Join('\n', decisions.Select(Shipped.Show))}");

    private static Outcome Stricter(Outcome a, Outcome b) => a > b ? a : b;

    private static bool Same(Decision a, Decision b) => a.Outcome == b.Outcome && a.Zone == b.Zone && a.Parts.Select(part => (part.Rule, part.Action)).SequenceEqual(b.Parts.Select(part => (part.Rule, part.Action)));

    private static IEnumerable<(string, Action)> Others(Decision decision, string id) => decision.Parts.Where(part => part.Rule != id).Select(part => (part.Rule, part.Action));

    /// <summary>An outcome that a signed layer gives leaves all other rules as they are.</summary>
    [Fact]
    public void What_a_signed_layer_loosens_is_what_it_names() => Holds.Always(
        dice =>
        {
            Case some = Case.Of(dice);
            string id = dice.Pick(s_shipped);
            PolicyModel? without = some.Loaded(), with = some.With(Layer.Organisation, $"policy: n\noutcomes: [{{rules: [{id}], outcome: {dice.Pick(s_actions)}}}]\n").Loaded();
            if (without is null || with is null)
                return true;
            Effect[] effects = EffectsOf(dice);
            return Others(Decide(without, effects), id).SequenceEqual(Others(Decide(with, effects), id));
        },
        300,
        800);
}
