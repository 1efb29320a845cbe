using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Gate.Bundles;
using Gate.Effects;
using Gate.Hooks;
using Gate.Policy;
using Gate.Requests;

namespace Gate.Compiler;

/// <summary>
/// Runs the examples of rules: the real parser, effects and combining rule, in an imagined repository at
/// <c>/home/dev/project</c>. An expectation names the rule: "denied by something else" does not count.
/// </summary>
public static class RuleTester
{
    private sealed class NoLinks : IPathQuestions
    {
        public byte[] Resolve(byte[] path) => path;
    }

    public sealed record Result(RuleModel Rule, Example Example, bool Passed, string Shown);

    public static List<Result> Run(PolicyModel model, Profile profile)
    {
        byte[] bytes = BundleWriter.Write(model, profile, 0, false, default, null);
        List<Result> results = [];
        WithBundle(bytes, bundle =>
        {
            foreach (RuleModel rule in model.RulesOf(profile))
            {
                foreach (Example example in rule.Examples)
                    results.Add(Check(rule, example, bundle, profile));
            }
        });
        return results;
    }

    /// <summary>Opens bundle bytes that stay in place while <paramref name="use"/> runs.</summary>
    public static unsafe void WithBundle(byte[] bytes, System.Action<Bundle> use)
    {
        fixed (byte* start = bytes)
        {
            Bundle bundle = Bundle.Open(start, bytes.Length, null, out BundleFault fault) ?? throw new InvalidOperationException(BundleFaults.Sentence(fault));
            use(bundle);
        }
    }

    /// <summary>The decision for one call in the imagined repository; null when the call itself is refused, with the reason.</summary>
    public static Decision? Decide(string tool, byte[] input, Bundle bundle, in Profile profile, out string? problem, byte[]? said = null)
    {
        Request? request = RequestOf(tool, input, out problem);
        if (request is null)
            return null;
        CallFacts facts = CallFactsOf.Request(request);
        facts.Said = said ?? [];
        return Judge.Decide(EffectsOf(request, facts, bundle, profile), facts, bundle, profile, default);
    }

    internal static ReadOnlySpan<Effect> EffectsOf(Request request, CallFacts facts, Bundle bundle, in Profile profile) => Finder.Find(request, bundle, new NoLinks(), Judge.Denies(facts, bundle, profile));

    internal static Request? RequestOf(string tool, byte[] input, out string? problem)
    {
        byte[] home = "/home/dev"u8.ToArray(), worktree = "/home/dev/project"u8.ToArray(), git = "/home/dev/project/.git"u8.ToArray();
        Surroundings surroundings = new() { Directory = worktree, Worktree = worktree, GitDirectory = git, Repository = git, Home = home };
        HookInput hook = new() { Agent = Agent.ClaudeCode, Event = HookEvent.PreToolUse, Tool = Encoding.UTF8.GetBytes(tool), ToolInput = input };
        return Request.Of(hook, surroundings, out problem);
    }

    private static Result Check(RuleModel rule, Example example, Bundle bundle, in Profile profile)
    {
        Decision? decision = Decide(example.Tool, example.Input, bundle, profile, out string? problem, example.Said);
        bool matched = decision is not null && Array.Exists(decision.Parts, part => part.Rule == rule.Id);
        string shown = decision is null ? $"refused: {problem}" : $"{PolicyNames.Of(decision.Outcome)} by [{string.Join(", ", Array.ConvertAll(decision.Parts, part => part.Rule))}]";
        return new Result(rule, example, matched == example.Catches, shown);
    }
}
