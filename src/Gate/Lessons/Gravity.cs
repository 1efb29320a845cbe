using System;
using Gate.Effects;
using Gate.Policy;

namespace Gate.Lessons;

/// <summary>Which effect of a decision a lesson is about.</summary>
public static class Gravity
{
    /// <summary>
    /// The one that reaches furthest; among equals the one that is hardest to undo; then the last, because a thing's kind stands before its name. That a program
    /// starts at all and with whose rights says nothing where there is anything else. -1 where everything only reads.
    /// </summary>
    public static int Gravest(Decision decision)
    {
        int gravest = -1;
        for (int i = 0; i < decision.Effects.Length; i++)
        {
            if (decision.Zones[i] > 0 && (gravest < 0 || WeightOf(decision, i) >= WeightOf(decision, gravest)))
                gravest = i;
        }

        return gravest;
    }

    private static int WeightOf(Decision decision, int number)
    {
        Effect effect = decision.Effects[number];
        bool bare = effect.Kind == Kind.Privilege || (effect is { Verb: Verb.Run, Kind: Kind.Code } && (effect.Attributes & Attributes.Known) != 0);
        int weight = IsMoved(decision, number) ? 1 : effect.Verb switch
        {
            Verb.Destroy => 12, Verb.Delete => 11, Verb.Discard => 10, Verb.Rewrite => 9, Verb.Publish => 8, Verb.Send => 7, Verb.Raise => 6, Verb.Change => 5, Verb.Signal => 4, Verb.Install => 3, Verb.Opaque => 0, Verb.Run => 1,
            _ => 2,
        };
        return (bare ? 0 : 1024) + (decision.Zones[number] * 32) + (weight * 2) + (effect.Target.Length > 0 ? 1 : 0);
    }

    // What is taken away here and written there, in a place like it, is not lost: it is what stood there that may be.
    private static bool IsMoved(Decision decision, int number)
    {
        Effect effect = decision.Effects[number];
        if (effect is not { Verb: Verb.Delete, Kind: Kind.Path })
            return false;
        for (int i = number + 1; i < decision.Effects.Length; i++)
        {
            Effect other = decision.Effects[i];
            if (other is { Verb: Verb.Write, Kind: Kind.Path } && other.Class == effect.Class && other.Span == effect.Span && other.Program.AsSpan().SequenceEqual(effect.Program))
                return true;
        }

        return false;
    }
}
