using System;

namespace Gate.Policy;

/// <summary>Soft rules on the way to a decision. Hard rules never adapt, a deny never does, and zones hold whatever a rule does.</summary>
public static class Adaptation
{
    /// <summary>Whether soft rules ask in a decision that asks; their numbers.</summary>
    public static bool Softness(Decision decision, out int[] numbers)
    {
        numbers = [];
        foreach (Part part in decision.Parts)
        {
            if (IsSoft(decision, part))
                numbers = [.. numbers, part.Number];
        }

        return numbers.Length > 0;
    }

    /// <summary>The soft rules that ask, by id; their draws; and the numbers of those that only log for this call.</summary>
    /// <param name="decision">Made with every rule in force; without these rules it would be an allow.</param>
    /// <param name="request">The digest of the request.</param>
    /// <param name="posteriorOf">What is known of a rule in this repository, by its id.</param>
    public static (string[] Soft, Draw[] Draws, int[] Quiet) Of(Decision decision, ReadOnlySpan<byte> request, Func<string, Posterior> posteriorOf)
    {
        (string[] soft, Draw[] draws, int[] quiet) = ([], [], []);
        foreach (Part part in decision.Parts)
        {
            if (!IsSoft(decision, part))
                continue;
            soft = [.. soft, part.Rule];
            Posterior posterior = posteriorOf(part.Rule);
            if (posterior.IsPrior)
                continue;
            Draw draw = posterior.DrawFor(request, part.Rule, part.Severity);
            draws = [.. draws, draw];
            if (!draw.Intervenes)
                quiet = [.. quiet, part.Number];
        }

        return (soft, draws, quiet);
    }

    private static bool IsSoft(Decision decision, Part part) => decision.Outcome == Outcome.Ask && part is { Soft: true, Action: Action.Ask, Number: >= 0 };
}
