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
