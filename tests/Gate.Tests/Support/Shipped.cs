using System;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Effects;
using Gate.Policy;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Support;

/// <summary>The rules of this repository, built once, asked in the imagined repository /home/dev/project.</summary>
internal static class Shipped
{
    private static readonly Lazy<(Bundle Bundle, Profile Profile)> s_balanced = new(() =>
    {
        PolicyModel model = Policies.Shipped();
        Profile profile = model.Profiles["balanced"];
        return (Policies.Kept(BundleWriter.Write(model, profile, 0, false, default, null)), profile);
    });

    /// <summary>What the balanced profile says to a shell command.</summary>
    public static Decision Decide(string command)
    {
        ByteBuilder json = new();
        json.Add("{\"command\":"u8).AddJson(command).Add("}"u8);
        return Decide("Bash", json.ToArray());
    }

    /// <summary>What the balanced profile says to a tool with this input (JSON).</summary>
    public static Decision Decide(string tool, byte[] input)
    {
        Decision? decision = RuleTester.Decide(tool, input, s_balanced.Value.Bundle, s_balanced.Value.Profile, out string? problem);
        Assert.True(decision is not null, problem);
        return decision;
    }

    /// <summary>Empty where the call itself is refused.</summary>
    public static Effect[] EffectsOf(string tool, byte[] input) => RuleTester.Decide(tool, input, s_balanced.Value.Bundle, s_balanced.Value.Profile, out _)?.Effects ?? [];

    /// <summary>Outcome, a rule that took part (empty: the zones alone decide the same), and a piece of one effect as <see cref="Show(Effect)"/> shows it.</summary>
    public static void Holds(string command, string outcome, string rule, string effect) => Holds(Decide(command), outcome, rule, effect);

    public static void Holds(Decision decision, string outcome, string rule, string effect)
    {
        string shown = Show(decision);
        Assert.True(outcome == PolicyNames.Of(decision.Outcome), shown);
        Assert.True(rule.Length == 0 ? OfZones(decision) == decision.Outcome : Array.Exists(decision.Parts, part => part.Rule == rule), shown);
        Assert.True(Array.Exists(decision.Effects, found => Show(found).Contains(effect, StringComparison.Ordinal)), shown);
    }

    // What the zones and what cannot be known come to, were there no rules.
    private static Outcome OfZones(Decision decision)
    {
        Weight[] weights = new Weight[decision.Effects.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = new Weight(decision.Zones[i], decision.Effects[i].Verb == Verb.Opaque);
        return Combine.Decide(weights, [], decision.Profile, default).Outcome;
    }

    public static string Show(Effect effect) => effect.ToString().Replace('\0', '…') + (effect.Why is null ? "" : $" ({effect.Why})");

    public static string Show(Decision decision) =>
        $"{PolicyNames.Of(decision.Outcome)} by [{string.Join(", ", Array.ConvertAll(decision.Parts, part => part.Rule))}] for [{string.Join("; ", Array.ConvertAll(decision.Effects, Show))}]";

    /// <summary>The words that the last program of which nothing is known gets, with a bar between two and … for what is not known.</summary>
    public static string LastWords(string command)
    {
        Effect[] effects = Decide(command).Effects;
        Effect last = Array.FindLast(effects, effect => effect.Verb == Verb.Opaque && effect.Program.Length > 0) ?? effects[^1];
        return string.Join('|', Array.ConvertAll(last.Words, word => Encoding.UTF8.GetString(word).Replace('\0', '…').Replace('\x1a', '…')));
    }
}
