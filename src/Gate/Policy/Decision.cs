using System;
using Gate.Effects;

namespace Gate.Policy;

/// <summary>A rule that took part, with what the agent and the person are told about it.</summary>
public sealed class Part
{
    public required string Rule { get; init; }

    public required string Title { get; init; }

    public required string Instead { get; init; }

    public required string Tags { get; init; }

    public required Action Action { get; init; }

    /// <summary>The rule adapts to people's answers (<see cref="Posterior"/>).</summary>
    public bool Soft { get; init; }

    /// <summary>The rule's number in its bundle; -1 for what is no rule.</summary>
    public int Number { get; init; } = -1;

    public required Severity Severity { get; init; }

    /// <summary>When an exception ended that would have lifted it, in milliseconds since 1970; 0: none.</summary>
    public long Ended { get; init; }

    /// <summary>Number of the effect that triggered it.</summary>
    public required int Effect { get; init; }
}

/// <summary>Outcome, and everything that led to it. Made only by <see cref="Judge"/>.</summary>
public sealed class Decision
{
    internal Decision()
    {
    }

    public required Outcome Outcome { get; init; }

    /// <summary>The highest zone any effect reaches, 0 to 6.</summary>
    public required int Zone { get; init; }

    /// <summary>The rules that took part: strictest first, then by id; each rule once.</summary>
    public required Part[] Parts { get; init; }

    /// <summary>The effects judged, each with its zone.</summary>
    public required Effect[] Effects { get; init; }

    public required int[] Zones { get; init; }

    public required Profile Profile { get; init; }

    public bool BudgetSpent { get; init; }

    /// <summary>What a person said that made the outcome; null where it is not that.</summary>
    public string? Why { get; init; }

    /// <summary>Where session and worktree stand with their budget; null where it is not known.</summary>
    public BudgetUse? Budget { get; init; }

    /// <summary>The same decision with more that took part: it is as strict as the strictest of them at least.</summary>
    public Decision With(ReadOnlySpan<Part> more)
    {
        Outcome outcome = Outcome;
        Part[] parts = [.. Parts, .. more];
        foreach (Part part in more)
            outcome = Combine.Stricter(outcome, part.Action switch { Action.Deny => Outcome.Deny, Action.Ask => Outcome.Ask, _ => Outcome.Allow });

        // Few: a stable sort by hand, strictest first.
        for (int i = 1; i < parts.Length; i++)
        {
            for (int j = i; j > 0 && parts[j].Action > parts[j - 1].Action; j--)
                (parts[j], parts[j - 1]) = (parts[j - 1], parts[j]);
        }

        return new Decision
        {
            Outcome = outcome, Zone = Zone, Parts = parts, Effects = Effects, Zones = Zones, Profile = Profile, BudgetSpent = BudgetSpent, Why = outcome == Outcome ? Why : null, Budget = Budget,
        };
    }

    /// <summary>The effect that reaches furthest, for sentences; null when there is none.</summary>
    public Effect? Furthest
    {
        get
        {
            int at = -1;
            for (int i = 0; i < Zones.Length; i++)
            {
                if (at < 0 || Zones[i] > Zones[at])
                    at = i;
            }

            return at < 0 ? null : Effects[at];
        }
    }
}
