using System;
using Gate.Policy;
using Gate.Requests;

namespace Gate.Lessons;

/// <summary>A decision with what people's answers and thumbs did to it.</summary>
public sealed class Considered
{
    public required Decision Decision { get; init; }

    /// <summary>The soft rules that alone made the question, by id: an answer to it is an answer about them.</summary>
    public required string[] Soft { get; init; }

    /// <summary>Their draws, where people answered before.</summary>
    public required Draw[] Draws { get; init; }

    /// <summary>The lessons that took part, strictest first.</summary>
    public required Learned[] Learned { get; init; }

    /// <summary>From the rules' decision: soft rules draw, then lessons tighten. Only asks where there is something to ask.</summary>
    /// <param name="decision">With every rule in force.</param>
    /// <param name="again">The decision with these soft rules quiet.</param>
    /// <param name="request">What is decided.</param>
    /// <param name="posteriorOf">What is known of a soft rule in this repository.</param>
    /// <param name="lookUp">The lessons under a key for this repository; null: there are none at all.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static Considered Of(Decision decision, Func<int[], Decision> again, Request request, Func<string, Posterior> posteriorOf, Func<long, Lesson[]>? lookUp, long now)
    {
        (string[] soft, Draw[] draws) = ([], []);
        if (Adaptation.Softness(decision, out int[] numbers) && again(numbers) is { Outcome: Outcome.Allow })
        {
            (soft, draws, int[] quiet) = Adaptation.Of(decision, request.Digest, posteriorOf);
            if (quiet.Length > 0)
                decision = again(quiet);
        }

        Learned[] learned = lookUp is null ? [] : Recollection.Of(decision, request.Surroundings, lookUp, now);
        return new Considered { Decision = Recollection.Tightened(decision, learned), Soft = soft, Draws = draws, Learned = learned };
    }
}
