using System;
using System.Collections.Generic;
using Gate.Policy;
using YamlDotNet.RepresentationModel;
using Action = Gate.Policy.Action;

namespace Gate.Compiler;

/// <summary>What an entry of <c>tools</c> opens for tools (globs over their names): levels, as bits.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Tools">The tools' names.</param>
/// <param name="Opens">Levels whose rules do not hold for them.</param>
/// <param name="Shown">The entry in one line.</param>
public sealed record ToolModel(string Name, string[] Tools, int Opens, string Shown);

/// <summary>
/// Reads <c>tools</c>: folders, hosts, arguments and words that a tool is held to. Each limit becomes a rule, <c>PREFIX.NAME.LIMIT</c>, whose condition
/// holds where the limit is broken: so limits are indexed, combined, listed and excepted like every rule, and cost nothing where there are none.
/// </summary>
internal static class ToolLimits
{
    public static readonly string[] Keys = ["name", "tools", "outcome", "roots", "denied-paths", "allowed-domains", "arguments", "allow-prefixes", "deny-patterns", "allow-dangerous", "allow-injection"];

    private static readonly string[] s_outcomes = ["deny", "ask"];

    /// <summary>The entries under <c>tools</c>. Their rules are added; where a layer may only tighten, opening something is an error.</summary>
    public static List<ToolModel> Load(StrictMap map, string prefix, string pack, List<RuleModel> rules, bool tightens = false)
    {
        List<ToolModel> models = [];
        foreach (YamlNode item in map.List("tools"))
        {
            StrictMap entry = new(item, map.File, map.Problems);
            string name = PolicyLoader.Bounded(entry, "name");
            if (!PolicyLoader.IsWord(name))
                entry.Wrong(entry.NodeOf("name"), "a name is made of a-z, 0-9 and '-'");
            if (models.Exists(other => other.Name == name))
                entry.Wrong(entry.NodeOf("name"), $"there is another entry '{name}'");
            string[] tools = [.. entry.Texts("tools").ConvertAll(text => text.Value)];
            if (tools.Length == 0)
                entry.Wrong(item, "an entry needs 'tools': the names of the tools that it holds for");
            else
                _ = ConditionCompiler.Compile(Map("tool", entry.NodeOf("tools")), map.File, map.Problems);
            int before = rules.Count;
            AddRules(entry, $"{prefix}.{name}", pack, string.Join(", ", tools), rules);
            int opens = Opens(entry, tightens);
            entry.Close();
            if (rules.Count == before && opens == 0)
                entry.Wrong(item, "an entry needs a limit or a switch besides its name and tools");
            if (rules.Count > before && rules.FindIndex(rule => rule.Id == rules[before].Id) < before)
                entry.Wrong(item, $"the id '{rules[before].Id}' is taken");
            models.Add(new ToolModel(name, tools, opens, Shown(entry)));
        }

        return models;
    }

    private static int Opens(StrictMap entry, bool tightens)
    {
        bool dangerous = entry.Flag("allow-dangerous"), injection = entry.Flag("allow-injection");
        if (tightens && (dangerous || injection))
            entry.Wrong(entry.NodeOf(dangerous ? "allow-dangerous" : "allow-injection"), "a project cannot open a level: that loosens. Put it into the operator's policy, which a key signs");
        return (dangerous ? 1 << Levels.Dangerous : 0) | (injection ? 1 << Levels.Injection : 0);
    }

    private static void AddRules(StrictMap entry, string prefix, string pack, string tools, List<RuleModel> rules)
    {
        Action outcome = entry.Choice("outcome", s_outcomes, 0) == 0 ? Action.Deny : Action.Ask;
        YamlNode tool = entry.NodeOf("tools");
        void Add(string key, string title, Func<YamlNode, YamlNode> when)
        {
            if (entry.Get(key) is not { } limit)
                return;
            YamlMappingNode condition = (YamlMappingNode)when(limit);
            condition.Add("tool", tool);
            rules.Add(new RuleModel
            {
                Id = $"{prefix}.{key}", Title = Cut(title + List(limit)), Pack = pack, Instead = "", Action = outcome, Severity = Severity.High, Zone = -1, Soft = false, Tags = [],
                When = ConditionCompiler.Compile(condition, entry.File, entry.Problems), Examples = [], File = entry.File, Line = limit.Start.Line,
            });
        }

        Add("roots", $"{tools} may not leave ", folders => Map("kind", "path", "not", Map("under", folders)));
        Add("denied-paths", $"{tools} may not reach ", folders => Map("kind", "path", "reaches", folders));
        Add("allowed-domains", $"{tools} may talk only to ", hosts => Map("verb", new YamlSequenceNode("fetch", "send"), "kind", "host", "not", Map("target", hosts)));
        Add("arguments", $"The input of {tools} must keep to ", bounds => Map("not", Map("input", bounds)));
        Add("allow-prefixes", $"{tools} may run only ", prefixes => Map("not", Map("any", new YamlSequenceNode(Map("prefix", prefixes), Map("verb", "read", "kind", "memory")))));
        Add("deny-patterns", $"{tools} may not run or touch what matches ", patterns => Map("any", new YamlSequenceNode(Map("line-matches", patterns), Map("target-matches", patterns))));
    }

    private static YamlMappingNode Map(params YamlNode[] keysAndValues) => new(keysAndValues);

    private static string List(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode list => string.Join(", ", new List<YamlNode>(list.Children).ConvertAll(List)),
        YamlMappingNode map => string.Join("; ", new List<KeyValuePair<YamlNode, YamlNode>>(map.Children).ConvertAll(pair => $"{List(pair.Key)}: {List(pair.Value)}")),
        _ => "",
    };

    private static string Shown(StrictMap entry)
    {
        List<string> parts = [];
        foreach (string key in Keys)
        {
            if (key is not ("name" or "tools") && entry.Has(key))
                parts.Add($"{key} {List(entry.NodeOf(key))}");
        }

        return Cut($"{List(entry.NodeOf("tools"))}: {string.Join("; ", parts)}");
    }

    private static string Cut(string text) => text.Length <= PolicyLoader.MaximumText / 8 ? text : text[..(PolicyLoader.MaximumText / 8)] + "…";
}
