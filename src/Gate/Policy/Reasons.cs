using System;
using System.Text;
using Gate.Effects;
using Gate.Text;

namespace Gate.Policy;

/// <summary>
/// The sentences that say why: all of them here. One line each, first what, then the rule's name, then what to do instead.
/// </summary>
public static class Reasons
{
    /// <summary>Names that the agent chose are cut to this many characters: they must not push the rest of the sentence out of sight.</summary>
    public const int MaximumName = 160;

    public static string Of(Decision decision)
    {
        if (StopsForBudget(decision))
            return $"Gate denies this: {(decision.Budget is { Spent: not Spent.Nothing } budget ? budget.Refusal : "the budget of this session or worktree is spent; reading still works. A person can extend it: gate budget extend")}.";
        if (decision.Why is not null && !IsDeniedByRule(decision))
            return $"Gate {Verb(decision.Outcome)}: {decision.Why}.";
        StringBuilder text = new();
        foreach (Part part in decision.Parts)
        {
            bool decides = (part.Action == Action.Deny && decision.Outcome == Outcome.Deny) || (part.Action == Action.Ask && decision.Outcome >= Outcome.Ask);
            if (!decides)
                continue;
            text.Append(text.Length == 0 ? $"Gate {Verb(decision.Outcome)}: " : " Also: ").Append(Sentence(part.Title)).Append(" [").Append(part.Rule).Append(']');
            if (part.Ended > 0)
                text.Append($" The exception for this ended on {DateTimeOffset.FromUnixTimeMilliseconds(part.Ended):yyyy-MM-dd}.");
            if (part.Instead.Length > 0)
                text.Append(' ').Append(Sentence(part.Instead));
        }

        if (text.Length > 0)
            return text.ToString();
        if (decision.Outcome == Outcome.Allow)
            return $"Gate: zone {decision.Zone} ({ZoneName(decision.Zone)}), within what '{decision.Profile.Name}' allows.";
        Effect? effect = decision.Furthest;
        string what = effect is null ? "nothing is known about what this would do" : effect.Verb == Effects.Verb.Opaque ? effect.Why ?? "part of it cannot be known" : Describe(effect);
        return $"Gate {Verb(decision.Outcome)}: {what} (zone {decision.Zone}, {ZoneName(decision.Zone)}; profile '{decision.Profile.Name}').";
    }

    /// <summary>What warns without changing the outcome, as context for the agent; empty where nothing does.</summary>
    public static string Warnings(Decision decision)
    {
        StringBuilder text = new();
        foreach (Part part in decision.Parts)
        {
            if (part.Action == Action.Warn)
                text.Append(text.Length == 0 ? "Gate: " : " ").Append(Sentence(part.Title)).Append(" [").Append(part.Rule).Append(']').Append(part.Instead.Length > 0 ? " " + Sentence(part.Instead) : "");
        }

        return text.ToString();
    }

    // A rule that denies says more than a budget that is spent.
    private static bool StopsForBudget(Decision decision) =>
        decision.BudgetSpent && decision.Outcome == Outcome.Deny && (decision.Zone > 0 || decision.Effects.Length == 0) && decision.Zone < Combine.Never && !IsDeniedByRule(decision);

    private static bool IsDeniedByRule(Decision decision)
    {
        foreach (Part part in decision.Parts)
        {
            if (part.Action == Action.Deny)
                return true;
        }

        return false;
    }

    private static string Verb(Outcome outcome) => outcome switch
    {
        Outcome.Allow => "allows this", Outcome.Ask => "asks", _ => "denies this",
    };

    public static string ZoneName(int zone) => zone switch
    {
        0 => "safe", 1 => "workspace", 2 => "build", 3 => "network", 4 => "external", 5 => "machine", _ => "never",
    };

    private static string Describe(Effect effect)
    {
        string target = effect.Target.Length > 0 ? " " + Shown.Of(effect.Target, MaximumName) : "";
        if (effect.Verb == Effects.Verb.Run)
            return effect.Program.Length > 0 ? $"it runs code through {Shown.Of(effect.Program, MaximumName)}, and what that does is not known" : "it runs code";
        return $"it would {Names.Of(effect.Verb)} {Names.Of(effect.Kind)}{target}";
    }

    private static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '!' or '?' ? text : text + ".";
}
