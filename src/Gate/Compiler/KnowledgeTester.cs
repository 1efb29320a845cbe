using System;
using System.Collections.Generic;
using System.Text;
using Gate.Bundles;
using Gate.Effects;
using Gate.Policy;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>Runs the examples of program knowledge: the effects named must be among those found, in the same imagined repository as rules' examples.</summary>
public static class KnowledgeTester
{
    public sealed record Result(KnowledgeExample Example, bool Passed, string Shown);

    public static List<Result> Run(PolicyModel model, Profile profile)
    {
        List<Result> results = [];
        if (model.Knowledge is not { } knowledge)
            return results;
        RuleTester.WithBundle(BundleWriter.Write(model, profile, 0, false, default, null), bundle =>
        {
            foreach (KnowledgeExample example in knowledge.Examples)
                results.Add(Check(example, bundle, profile));
        });
        return results;
    }

    private static Result Check(KnowledgeExample example, Bundle bundle, in Profile profile)
    {
        Decision? decision = RuleTester.Decide(example.Call.Tool, example.Call.Input, bundle, profile, out string? problem);
        if (decision is null)
            return new Result(example, false, $"refused: {problem}");
        StringBuilder shown = new();
        foreach (Effect effect in decision.Effects)
            shown.Append(shown.Length > 0 ? "; " : "").Append(Describe(effect));
        bool passed = Array.TrueForAll(example.Does, wanted => Holds(wanted, decision.Effects));
        return new Result(example, passed, shown.ToString());
    }

    private static bool Holds(string wanted, Effect[] effects)
    {
        if (wanted == "nothing")
            return Array.TrueForAll(effects, IsNothing);
        if (wanted == "opaque")
            return Array.Exists(effects, effect => effect.Verb == Verb.Opaque);
        return Array.Exists(effects, effect => Fits(wanted, effect));
    }

    private static bool IsNothing(Effect effect) => (effect.Verb == Verb.Run && (effect.Attributes & ~Attributes.Substituted) == Attributes.Known) || (effect.Verb == Verb.Read && effect.Kind == Kind.Memory);

    private static bool Fits(string wanted, Effect effect)
    {
        int target = wanted.IndexOf(" =", StringComparison.Ordinal);
        if (target >= 0)
        {
            // A relative path stands for the one in the imagined worktree.
            string actual = Encoding.UTF8.GetString(effect.Target), named = wanted[(target + 2)..];
            if (actual != named && actual != "/home/dev/project/" + named)
                return false;
        }

        string[] words = (target < 0 ? wanted : wanted[..target]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool secret = words is ["read", "secret", ..];
        if (words[0] != Names.Of(effect.Verb) || (secret ? effect.Kind != Kind.Data || (effect.Attributes & Attributes.SecretData) == 0 : words[1] != Names.Of(effect.Kind)))
            return false;
        foreach (string word in words.AsSpan(2))
        {
            int bit = Array.IndexOf(Names.AllAttributes(), word);
            bool holds = (bit >= 0 && ((ulong)effect.Attributes >> bit & 1) != 0) || word == Names.Of(effect.Class);
            if (!holds)
                return false;
        }

        return true;
    }

    private static string Describe(Effect effect)
    {
        StringBuilder text = new(effect.ToString());
        for (int bit = 0; bit < Names.AttributeCount; bit++)
        {
            if (((ulong)effect.Attributes >> bit & 1) != 0)
                text.Append(' ').Append(Names.OfAttribute(bit));
        }

        return effect.Why is null ? text.ToString() : text.Append(" (").Append(effect.Why).Append(')').ToString();
    }
}
