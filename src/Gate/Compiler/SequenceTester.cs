using System;
using System.Collections.Generic;
using Gate.Bundles;
using Gate.Effects;
using Gate.Policy;
using Gate.Requests;

namespace Gate.Compiler;

/// <summary>
/// Runs the examples of sequences: calls of one imagined session, a second apart. A call that is asked counts as approved, one that is denied as not run.
/// </summary>
public static class SequenceTester
{
    public sealed record Result(RuleModel Rule, Chain Chain, bool Passed, string Shown);

    public static List<Result> Run(PolicyModel model, Profile profile)
    {
        List<Result> results = [];
        List<RuleModel> rules = model.RulesOf(profile).FindAll(rule => rule.Sequence is not null);
        if (rules.Count == 0)
            return results;
        RuleTester.WithBundle(BundleWriter.Write(model, profile, 0, false, default, null), bundle =>
        {
            foreach (RuleModel rule in rules)
            {
                foreach (Chain chain in rule.Sequence!.Chains)
                    results.Add(Check(rule, chain, bundle, profile));
            }
        });
        return results;
    }

    private static Result Check(RuleModel rule, Chain chain, Bundle bundle, in Profile profile)
    {
        Sequences sequences = new(bundle);
        List<Fact> known = [];
        List<string> shown = [];
        byte[] before = [];
        long repeats = 0;
        bool caught = false;
        for (int i = 0; i < chain.Calls.Length; i++)
        {
            long now = 1_767_225_600_000 + (i * 1000L);
            Request? request = RuleTester.RequestOf(chain.Calls[i].Tool, chain.Calls[i].Input, out string? problem);
            if (request is null)
                return new Result(rule, chain, false, $"refused: {problem}");
            CallFacts facts = CallFactsOf.Request(request);
            ReadOnlySpan<Effect> effects = RuleTester.EffectsOf(request, facts, bundle, profile);
            repeats = request.Digest.AsSpan().SequenceEqual(before) ? repeats : 0;
            uint last = sequences.Last(effects, facts, repeats);
            Decision decision = Judge.Decide(effects, facts, bundle, profile, default(Standing) with { Now = now, Completed = sequences.Of(last, effects, facts, known.ToArray(), i + 1, now) });
            if (decision.Outcome != Outcome.Deny)
                known.AddRange(sequences.Leaves(sequences.First(effects, facts), effects, facts, i + 1, now));
            (before, repeats) = (request.Digest, repeats + 1);
            caught = Array.Exists(decision.Parts, part => part.Rule == rule.Id);
            shown.Add($"{PolicyNames.Of(decision.Outcome)} by [{string.Join(", ", Array.ConvertAll(decision.Parts, part => part.Rule))}]");
        }

        return new Result(rule, chain, caught == chain.Catches, string.Join("; ", shown));
    }
}
