using System;
using Gate.Effects;

namespace Gate.Policy;

/// <summary>One rule that matched one effect, as numbers: what the combining rule needs and nothing more.</summary>
/// <param name="Rule">Its number.</param>
/// <param name="Effect">The effect's number.</param>
/// <param name="Action">What it wants; <see cref="Action.Log"/> where an exception lifts it.</param>
/// <param name="Zone">The zone it gives; -1 for none.</param>
/// <param name="Ended">When an exception ended that would have lifted it (milliseconds since 1970); 0: none.</param>
public readonly record struct Match(int Rule, int Effect, Action Action, int Zone, long Ended = 0);

/// <summary>One effect as the combining rule sees it: its default zone, and whether it is opaque.</summary>
public readonly record struct Weight(int Zone, bool Opaque);

/// <summary>What tightens from outside the rules: the store's word on this session now.</summary>
/// <param name="BudgetSpent">Nothing but reading is left.</param>
/// <param name="Floor">Not laxer than this.</param>
/// <param name="Budget">Where session and worktree stand with their budget; null where nothing is known of it.</param>
/// <param name="Completed">The sequences that this call completes; null for none.</param>
/// <param name="Why">Why there is a floor; null for none.</param>
/// <param name="Quiet">The soft rules that only log for this call (<see cref="Adaptation"/>), by number; null for none.</param>
/// <param name="Now">The moment, in milliseconds since 1970: exceptions end. 0: not known, none holds.</param>
public readonly record struct Standing(bool BudgetSpent, Outcome Floor, long Now = 0, BudgetUse? Budget = null, Completed[]? Completed = null, string? Why = null, int[]? Quiet = null)
{
    /// <summary>The standing of a call whose budget is known.</summary>
    public static Standing Of(BudgetUse budget, long now) => new(budget.Spent != Spent.Nothing, Outcome.Allow, now, budget);
}

/// <summary>
/// The combining rule. Pure. Its theorems stand in tests/Gate.Tests/Policy/CombineTests.cs: deny beats all; nothing known is not
/// allowed; a rule or an effect more never loosens unless it is an allow rule; the order of rules does not matter; zone 6 always denies.
/// </summary>
public static class Combine
{
    /// <summary>The last zone: always denied, whatever a rule says.</summary>
    public const int Never = 6;

    public static (Outcome Outcome, int Zone) Decide(ReadOnlySpan<Weight> effects, ReadOnlySpan<Match> matches, in Profile profile, in Standing standing)
    {
        // Nothing known is not "nothing happens".
        Outcome outcome = effects.Length == 0 ? Outcome.Ask : Outcome.Allow;
        int zone = 0;
        for (int i = 0; i < effects.Length; i++)
        {
            (Outcome one, int reach) = DecideEffect(i, effects[i], matches, profile);
            outcome = Stricter(outcome, one);
            zone = Math.Max(zone, reach);
        }

        // The standing only tightens: a spent budget stops everything but reading; a lesson or a sequence sets a floor.
        if (standing.BudgetSpent && (zone > 0 || effects.Length == 0))
            outcome = Outcome.Deny;
        return (Stricter(outcome, standing.Floor), zone);
    }

    private static (Outcome Outcome, int Zone) DecideEffect(int effect, Weight weight, ReadOnlySpan<Match> matches, in Profile profile)
    {
        bool deny = false, ask = false, allow = false;
        int zone = weight.Zone;
        foreach (Match match in matches)
        {
            if (match.Effect != effect)
                continue;
            deny |= match.Action == Action.Deny;
            ask |= match.Action == Action.Ask;
            allow |= match.Action == Action.Allow;
            zone = Math.Max(zone, match.Zone);
        }

        if (deny || zone >= Never)
            return (Outcome.Deny, zone);
        if (allow)
            return (Outcome.Allow, zone);
        Outcome threshold = zone <= profile.Auto ? Outcome.Allow : zone <= profile.Ask ? Outcome.Ask : Outcome.Deny;
        return (ask || weight.Opaque ? Stricter(threshold, Outcome.Ask) : threshold, zone);
    }

    public static Outcome Stricter(Outcome a, Outcome b) => a > b ? a : b;
}
