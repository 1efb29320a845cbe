using System;
using System.Linq;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;
using Action = Gate.Policy.Action;

namespace Gate.Tests.Policy;

/// <summary>The theorems of the combining rule. Each was seen to fail once, with the rule broken on purpose.</summary>
public class CombineTests
{
    /// <summary>Anything the combining rule can be given.</summary>
    private sealed record Case(Weight[] Effects, Match[] Matches, Profile Profile, Standing Standing)
    {
        public (Outcome Outcome, int Zone) Decide() => Combine.Decide(Effects, Matches, Profile, Standing);

        public Outcome Outcome => Decide().Outcome;

        public Case With(params Match[] more) => this with { Matches = [.. Matches, .. more] };

        public Case With(Weight more) => this with { Effects = [.. Effects, more] };

        public Case Only(int effect) => this with
        {
            Effects = [Effects[effect]], Matches = [.. Matches.Where(match => match.Effect == effect).Select(match => match with { Effect = 0 })],
        };

        public static Case Of(Dice dice)
        {
            Weight[] effects = dice.Many(5, () => WeightOf(dice));
            int auto = dice.Roll(6);
            return new Case(
                effects,
                effects.Length == 0 ? [] : dice.Many(6, () => MatchOf(dice, effects.Length)),
                new Profile { Auto = auto, Ask = dice.Roll(6), Grant = dice.Flip(), Name = "generated", Budget = "" },
                new Standing(dice.Roll(4) == 3, (Outcome)(dice.Roll(4) == 3 ? dice.Roll(3) : 0)));
        }

        public static Weight WeightOf(Dice dice) => new(dice.Roll(7), dice.Roll(5) == 4);

        public static Match MatchOf(Dice dice, int effects) => new(dice.Roll(9), dice.Roll(effects), (Action)dice.Roll(5), dice.Flip() ? dice.Roll(7) : -1);
    }

    private static readonly Standing s_free = new(false, Outcome.Allow);

    [Fact]
    public void Deny_beats_all() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        return !some.Matches.Any(match => match.Action == Action.Deny) || some.Outcome == Outcome.Deny;
    });

    [Fact]
    public void Nothing_known_is_not_allowed() => Holds.Always(dice => (Case.Of(dice) with { Effects = [], Matches = [] }).Outcome != Outcome.Allow);

    [Fact]
    public void Another_match_that_is_no_allow_never_loosens() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        if (some.Effects.Length == 0)
            return true;
        Match more = Case.MatchOf(dice, some.Effects.Length);
        return more.Action == Action.Allow || some.With(more).Outcome >= some.Outcome;
    });

    [Fact]
    public void Another_deny_denies_and_another_ask_asks_where_nothing_lifts_it() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        if (some.Effects.Length == 0)
            return true;
        int effect = dice.Roll(some.Effects.Length);
        bool lifted = some.Matches.Any(match => match.Effect == effect && match.Action == Action.Allow);
        return some.With(new Match(7, effect, Action.Deny, -1)).Outcome == Outcome.Deny
            && (lifted || some.With(new Match(7, effect, Action.Ask, -1)).Outcome >= Outcome.Ask);
    });

    /// <summary>From none to one it may: nothing known asks, a known reading is allowed.</summary>
    [Fact]
    public void Another_effect_never_loosens() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        return some.Effects.Length == 0 || some.With(Case.WeightOf(dice)).Outcome >= some.Outcome;
    });

    [Fact]
    public void Another_effect_never_brings_the_zone_down() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        return some.With(Case.WeightOf(dice)).Decide().Zone >= some.Decide().Zone;
    });

    [Fact]
    public void Order_of_matches_does_not_matter() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        return (some with { Matches = dice.Shuffled(some.Matches) }).Decide() == some.Decide();
    });

    [Fact]
    public void Order_of_effects_does_not_matter() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        int[] order = dice.Shuffled(Enumerable.Range(0, some.Effects.Length).ToArray());
        Case turned = some with
        {
            Effects = [.. order.Select(i => some.Effects[i])],
            Matches = [.. some.Matches.Select(match => match with { Effect = Array.IndexOf(order, match.Effect) })],
        };
        return turned.Decide() == some.Decide();
    });

    [Fact]
    public void Zone_six_always_denies_even_with_an_allow() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice).With(new Weight(Combine.Never, false));
        return some.With(new Match(1, some.Effects.Length - 1, Action.Allow, -1)).Outcome == Outcome.Deny;
    });

    [Fact]
    public void A_rule_that_gives_zone_six_denies_whatever_its_action() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice).With(new Weight(0, false));
        return some.With(new Match(1, some.Effects.Length - 1, (Action)dice.Roll(5), Combine.Never)).Decide() == (Outcome.Deny, Combine.Never);
    });

    [Fact]
    public void An_allow_lifts_asks_and_thresholds_for_what_it_covers() => Holds.Always(dice =>
    {
        Weight weight = new(dice.Roll(Combine.Never), dice.Flip());
        Match[] matches = [new(1, 0, Action.Ask, -1), new(2, 0, Action.Warn, -1), new(3, 0, Action.Allow, -1)];
        return Combine.Decide([weight], matches, Case.Of(dice).Profile, s_free).Outcome == Outcome.Allow;
    });

    /// <summary>The whole is the strictest of its effects judged alone: so an allow reaches no further than the effects it matched.</summary>
    [Fact]
    public void An_allow_lifts_nothing_for_other_effects() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice) with { Standing = s_free };
        if (some.Effects.Length == 0)
            return true;
        Outcome strictest = Enumerable.Range(0, some.Effects.Length).Max(i => some.Only(i).Outcome);
        int covered = dice.Roll(some.Effects.Length);
        Case lifted = some.With(new Match(1, covered, Action.Allow, -1));
        return some.Outcome == strictest
            && Enumerable.Range(0, some.Effects.Length).All(i => i == covered || lifted.Only(i).Outcome == some.Only(i).Outcome)
            && Enumerable.Range(0, some.Effects.Length).All(i => i == covered || lifted.Outcome >= some.Only(i).Outcome);
    });

    [Fact]
    public void Opaque_is_never_allowed_without_an_allow_rule() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice).With(new Weight(dice.Roll(7), true));
        bool lifted = some.Matches.Any(match => match.Effect == some.Effects.Length - 1 && match.Action == Action.Allow);
        return lifted || some.Outcome != Outcome.Allow;
    });

    [Fact]
    public void An_effect_no_rule_covers_falls_to_its_zones_threshold() => Holds.Always(dice =>
    {
        int zone = dice.Roll(7);
        Profile profile = Case.Of(dice).Profile;
        Outcome expected = zone == Combine.Never ? Outcome.Deny : zone <= profile.Auto ? Outcome.Allow : zone <= profile.Ask ? Outcome.Ask : Outcome.Deny;
        return Combine.Decide([new Weight(zone, false)], [], profile, s_free) == (expected, zone);
    });

    [Fact]
    public void Warn_and_log_change_nothing_but_the_zone() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        return some.Effects.Length == 0 || some.With(new Match(1, dice.Roll(some.Effects.Length), dice.Pick(Action.Warn, Action.Log), -1)).Decide() == some.Decide();
    });

    [Fact]
    public void Standing_only_tightens() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice) with { Standing = s_free };
        Standing standing = new(dice.Flip(), (Outcome)dice.Roll(3));
        (Outcome outcome, int zone) = (some with { Standing = standing }).Decide();
        return outcome >= some.Outcome && outcome >= standing.Floor && zone == some.Decide().Zone;
    });

    [Fact]
    public void A_spent_budget_denies_all_but_reading() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice) with { Standing = s_free };
        (Outcome free, int zone) = some.Decide();
        Outcome spent = (some with { Standing = new Standing(true, Outcome.Allow) }).Outcome;
        return zone == 0 && some.Effects.Length > 0 ? spent == free : spent == Outcome.Deny;
    });

    [Fact]
    public void Same_input_same_decision() => Holds.Always(dice =>
    {
        Case some = Case.Of(dice);
        return some.Decide() == (some with { Effects = [.. some.Effects], Matches = [.. some.Matches] }).Decide();
    });

    [Fact]
    public void Outcomes_are_ordered_loosest_first() =>
        Assert.Equal([Outcome.Allow, Outcome.Ask, Outcome.Deny], Enum.GetValues<Outcome>());
}
