using System;
using System.Collections.Generic;
using Gate.Effects;
using Gate.Policy;
using YamlDotNet.RepresentationModel;
using Action = Gate.Policy.Action;

namespace Gate.Compiler;

/// <summary>Reads <c>sequences.yaml</c>. The grammar is in rules/README.md.</summary>
internal static class SequenceLoader
{
    public const string File = "sequences.yaml";

    /// <summary>A sequence looks back so far at most, in calls and in seconds; an example has no more calls.</summary>
    public const int MaximumCalls = 100, MaximumSeconds = 3600;

    // A sequence only tightens.
    private static readonly string[] s_outcomes = ["log", "warn", "ask", "deny"], s_verbs = Names.AllVerbs();

    public static void Load(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        foreach (YamlNode item in map.List("sequences"))
        {
            RuleModel rule = Of(new StrictMap(item, file.Path, problems), model);
            if (model.Rules.Exists(other => other.Id == rule.Id) || model.Sequences.Exists(other => other.Id == rule.Id))
                map.Wrong(item, $"the id '{rule.Id}' is taken");
            model.Sequences.Add(rule);
        }

        map.Close();
        if (model.Sequences.Count > Policy.Sequences.Maximum)
            map.Wrong(map.Node, $"there are {model.Sequences.Count} sequences; {Policy.Sequences.Maximum} at most");
        model.Sequences.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
    }

    private static RuleModel Of(StrictMap map, PolicyModel model)
    {
        string id = PolicyLoader.Bounded(map, "id");
        if (id.Length > 0 && !PolicyLoader.IsId(id))
            map.Wrong(map.NodeOf("id"), "an id is two or more words of a-z, 0-9 and '-', joined by '.': 'sequence.secret-then-send'");
        bool repeats = map.Flag("repeats");
        CompiledCondition? first = Step(map, "first", out uint firstVerbs), last = Step(map, "then", out uint lastVerbs);
        if (last is null || first is null != repeats)
            map.Wrong(map.Node, "a sequence needs 'then', and either 'first' or 'repeats: true'");
        int action = map.Choice("outcome", s_outcomes, -1);
        if (action < 0)
            map.Wrong(map.NodeOf("outcome"), "the key 'outcome' is missing or wrong");
        int same = map.Choice("same", ["path"], -1), times = map.Number("times", 1, MaximumCalls, 1), calls = map.Number("calls", 1, MaximumCalls, 20), seconds = map.Number("seconds", 1, MaximumSeconds, 120);
        if (times > calls && !repeats)
            map.Wrong(map.NodeOf("times"), "'times' is more than the calls that are looked at");
        List<string> tags = [];
        foreach ((string tag, YamlNode node) in map.Texts("tags"))
        {
            if (model.Tags.ContainsKey(tag))
                tags.Add(tag);
            else
                map.Wrong(node, $"'{tag}' is not in compliance.yaml{Nearest.Hint(tag, model.Tags.Keys)}");
        }

        List<Chain> chains = [];
        Chains(map, "catches", true, chains);
        Chains(map, "passes", false, chains);
        if (!chains.Exists(chain => chain.Catches) || !chains.Exists(chain => !chain.Catches))
            map.Wrong(map.Node, $"sequence '{id}' needs at least one example under 'catches' and one near miss under 'passes'");
        RuleModel rule = new()
        {
            Id = id, Title = PolicyLoader.Bounded(map, "title"), Pack = "sequences", Instead = PolicyLoader.Bounded(map, "instead", ""),
            Action = action switch { 0 => Action.Log, 1 => Action.Warn, 2 => Action.Ask, _ => Action.Deny }, Severity = (Severity)map.Choice("severity", PolicyLoader.Severities, (int)Severity.Medium),
            Zone = -1, Soft = false, Tags = [.. tags], When = last ?? new([(byte)Test.Always], null), Examples = [], File = map.File, Line = map.Node.Start.Line,
            Sequence = new SequenceModel(first, firstVerbs, lastVerbs, times, same == 0, calls, seconds, [.. chains]),
        };
        map.Close();
        return rule;
    }

    // The verbs stand in the bundle beside the condition: most calls are passed over by them alone.
    private static CompiledCondition? Step(StrictMap map, string key, out uint verbs)
    {
        verbs = 0;
        if (map.Get(key) is not { } node)
            return null;
        if (node is YamlMappingNode step && step.Children.TryGetValue(new YamlScalarNode("verb"), out YamlNode? named))
        {
            foreach (YamlNode verb in named is YamlSequenceNode list ? list.Children : [named])
                verbs |= verb is YamlScalarNode { Value: string word } && Array.IndexOf(s_verbs, word) is >= 0 and int at ? 1U << at : 0;
        }
        else if (node is YamlMappingNode all && all.Children.ContainsKey(new YamlScalarNode("always")))
        {
            verbs = uint.MaxValue;
        }
        else
        {
            map.Wrong(node, $"'{key}' must name its verbs: verb: [read]");
        }

        return ConditionCompiler.Compile(node, map.File, map.Problems);
    }

    // A list of lists of calls; {call: C, times: N} stands for N of them.
    private static void Chains(StrictMap map, string key, bool catches, List<Chain> chains)
    {
        foreach (YamlNode item in map.List(key))
        {
            List<ExampleCall> calls = [];
            if (item is not YamlSequenceNode list || list.Children.Count == 0)
            {
                map.Wrong(item, $"an example under '{key}' is a list of calls");
                continue;
            }

            List<string> shown = [];
            foreach (YamlNode one in list.Children)
            {
                StrictMap? repeated = one is YamlMappingNode mapping && mapping.Children.ContainsKey(new YamlScalarNode("call")) ? new StrictMap(one, map.File, map.Problems) : null;
                int times = repeated?.Number("times", 1, MaximumCalls, 1) ?? 1;
                ExampleCall call = ExampleLoader.CallOf(map, repeated?.Get("call") ?? one);
                repeated?.Close();
                shown.Add(times > 1 ? $"{call.Shown} ({times} times)" : call.Shown);
                for (int i = 0; i < times; i++)
                    calls.Add(call);
            }

            chains.Add(new Chain(catches, [.. calls], string.Join("; then ", shown), map.File, item.Start.Line));
        }
    }
}
