using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Gate.Effects;
using Gate.Policy;
using YamlDotNet.RepresentationModel;
using Action = Gate.Policy.Action;

namespace Gate.Compiler;

/// <summary>
/// Reads a rules folder: <c>packs/*.yaml</c>, <c>profiles/*.yaml</c>, <c>zones.yaml</c>, <c>places.yaml</c>, <c>levels.yaml</c>, <c>contexts.yaml</c>, <c>redactions.yaml</c>, <c>budgets.yaml</c>, <c>compliance.yaml</c>, <c>commands/*.yaml</c>.
/// <c>coverage.yaml</c> is checked by <see cref="Coverage"/>, and travels along.
/// The grammar is in rules/README.md.
/// </summary>
public static class PolicyLoader
{
    /// <summary>Rule numbers have two bytes in the bundle; no text is longer, in bytes; no file is larger, so that a bundle fits its 32 MiB.</summary>
    public const int MaximumRules = ushort.MaxValue, MaximumText = 4000, MaximumSource = 4 << 20;

    internal static readonly string[] Actions = ["log", "warn", "allow", "ask", "deny"], Severities = ["low", "medium", "high", "critical"];

    public static PolicyModel Load(IEnumerable<SourceFile> files, Problems problems)
    {
        PolicyModel model = new() { Knowledge = new KnowledgeCompiler(problems) };
        List<SourceFile> packs = [], profiles = [], ordered = [.. files];
        ordered.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        SourceFile? levels = null, sequences = null;
        long size = 0;
        foreach (SourceFile file in ordered)
        {
            size += file.Text.Length;
            if (size > MaximumSource)
            {
                problems.Add(new SourceProblem(file.Path, 0, 0, $"the rules are larger than {MaximumSource >> 20} MiB with this file"));
                return model;
            }

            model.Sources.Add(file);
            if (file.Path == "compliance.yaml")
                LoadTags(file, model, problems);
            else if (file.Path == "levels.yaml")
                levels = file;
            else if (file.Path == "zones.yaml")
                LoadZones(file, model, problems);
            else if (file.Path == "places.yaml")
                PlaceCompiler.Load(file, model, problems);
            else if (file.Path == ContextLoader.File)
                ContextLoader.Load(file, model, problems);
            else if (file.Path == SequenceLoader.File)
                sequences = file;
            else if (file.Path == BudgetLoader.File)
                BudgetLoader.Load(file, model, problems);
            else if (file.Path == "redactions.yaml")
                RedactionLoader.Load(file, model.Redactions, problems);
            else if (file.Path.StartsWith("profiles/", StringComparison.Ordinal))
                profiles.Add(file);
            else if (file.Path.StartsWith("commands/", StringComparison.Ordinal))
                model.Knowledge.Add(file);
            else if (file.Path.StartsWith("code/", StringComparison.Ordinal))
                CodeCompiler.Add(file, model.Code, model.Knowledge.Pairs, problems);
            else if (file.Path.StartsWith("packs/", StringComparison.Ordinal))
                packs.Add(file);
            else if (file.Path != Coverage.File)
                problems.Add(new SourceProblem(file.Path, 0, 0, "this is no file that gate reads: there are packs/, profiles/, commands/, code/, zones.yaml, places.yaml, levels.yaml, contexts.yaml, redactions.yaml, sequences.yaml, budgets.yaml, compliance.yaml and coverage.yaml"));
        }

        // After the tags, which rules refer to.
        foreach (SourceFile pack in packs)
            LoadPack(pack, model, problems);
        model.Rules.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        if (sequences is not null)
            SequenceLoader.Load(sequences, model, problems);
        if (levels is not null)
            Levels.Assign(levels, model, problems);
        foreach (SourceFile profile in profiles)
            ProfileLoader.Load(profile, model, problems);
        if (model.Zones.Count == 0)
            problems.Add(new SourceProblem("zones.yaml", 0, 0, "there are no zones: every effect would count as zone 5"));
        if (model.Rules.Count > MaximumRules)
            problems.Add(new SourceProblem("packs/", 0, 0, $"there are {model.Rules.Count} rules; {MaximumRules} at most"));
        if (!problems.Any)
            RuleChecks.All(model, problems);
        return model;
    }

    /// <summary>The YAML files below a rules folder, by path.</summary>
    public static List<SourceFile> ReadFolder(string folder)
    {
        List<SourceFile> files = [];
        foreach (string path in Directory.GetFiles(folder, "*.yaml", SearchOption.AllDirectories))
            files.Add(new SourceFile(Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes(path)));
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    private static void LoadTags(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map || map.Node is not YamlMappingNode frameworks)
            return;
        foreach ((YamlNode framework, YamlNode ids) in frameworks.Children)
        {
            if (framework is not YamlScalarNode { Value: string prefix } || ids is not YamlMappingNode titles)
            {
                map.Wrong(ids, "a framework holds a mapping of ids to titles");
                continue;
            }

            foreach ((YamlNode id, YamlNode title) in titles.Children)
            {
                if (id is YamlScalarNode { Value: string key } && title is YamlScalarNode { Value: string text })
                    model.Tags[$"{prefix}:{key}"] = text;
                else
                    map.Wrong(title, "an id's title must be a text");
            }
        }
    }

    private static void LoadZones(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        foreach (YamlNode item in map.List("zones"))
        {
            StrictMap entry = new(item, file.Path, problems);
            int zone = entry.Number("zone", 0, Combine.Never, -1);
            _ = entry.Text("title", "");
            YamlNode? when = entry.Get("when");
            entry.Close();
            if (zone < 0 || when is null)
                entry.Wrong(item, "an entry needs 'zone' and 'when'");
            else
                model.Zones.Add(new ZoneModel(zone, ConditionCompiler.Compile(when, file.Path, problems)) { File = file.Path, Line = item.Start.Line });
        }

        map.Close();
    }

    private static void LoadPack(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        string pack = Bounded(map, "pack");
        _ = map.Text("title", "");
        model.Rules.AddRange(LoadRules(map, pack, model, []));
        map.Close();
    }

    /// <summary>The rules under <c>rules</c>; an id may stand once, here and among those that are known already.</summary>
    internal static List<RuleModel> LoadRules(StrictMap map, string pack, PolicyModel model, List<RuleModel> known)
    {
        List<RuleModel> rules = [];
        foreach (YamlNode item in map.List("rules"))
        {
            RuleModel rule = LoadRule(new StrictMap(item, map.File, map.Problems), pack, model);
            if ((model.Rules.Find(other => other.Id == rule.Id) ?? rules.Find(other => other.Id == rule.Id) ?? known.Find(other => other.Id == rule.Id)) is { } twin)
                map.Wrong(item, $"the id '{rule.Id}' is taken by {twin.File}:{twin.Line}");
            rules.Add(rule);
        }

        return rules;
    }

    private static RuleModel LoadRule(StrictMap map, string pack, PolicyModel model)
    {
        string id = Bounded(map, "id");
        if (id.Length > 0 && !IsId(id))
            map.Wrong(map.NodeOf("id"), "an id is two or more words of a-z, 0-9 and '-', joined by '.': 'git.force-push'");
        List<string> tags = [];
        foreach ((string tag, YamlNode node) in map.Texts("tags"))
        {
            if (model.Tags.ContainsKey(tag))
                tags.Add(tag);
            else
                map.Wrong(node, $"'{tag}' is not in compliance.yaml{Nearest.Hint(tag, model.Tags.Keys)}");
        }

        if (Encoding.UTF8.GetByteCount(string.Join(' ', tags)) > MaximumText)
            map.Wrong(map.NodeOf("tags"), $"the tags may have {MaximumText} bytes at most, all together");
        YamlNode? when = map.Get("when");
        CompiledCondition condition = when is null ? new([(byte)Test.Always], null) : ConditionCompiler.Compile(when, map.File, map.Problems);
        if (when is null)
            map.Wrong(map.Node, "the key 'when' is missing");
        int action = map.Choice("outcome", Actions, -1);
        if (action < 0)
            map.Wrong(map.NodeOf("outcome"), "the key 'outcome' is missing or wrong");
        List<Example> examples = [];
        ExampleLoader.Load(map, "catches", true, examples);
        ExampleLoader.Load(map, "passes", false, examples);
        if (!examples.Exists(example => example.Catches))
            map.Wrong(map.Node, $"rule '{id}' needs at least one example under 'catches'");
        if (!examples.Exists(example => !example.Catches))
            map.Wrong(map.Node, $"rule '{id}' needs at least one near miss under 'passes'");
        RuleModel rule = new()
        {
            Id = id, Title = Bounded(map, "title"), Pack = pack, Instead = Bounded(map, "instead", ""), Action = (Action)Math.Max(action, 0),
            Severity = (Severity)map.Choice("severity", Severities, (int)Severity.Medium), Zone = map.Number("zone", 0, Combine.Never, -1),
            Soft = map.Flag("soft"), Level = map.Choice("level", Levels.Names, -1), Tags = [.. tags], When = condition, Examples = [.. examples], File = map.File, Line = map.Node.Start.Line,
        };
        map.Close();
        return rule;
    }

    internal static string Bounded(StrictMap map, string key, string? otherwise = null)
    {
        string text = map.Text(key, otherwise);
        if (Encoding.UTF8.GetByteCount(text) <= MaximumText)
            return text;
        map.Wrong(map.NodeOf(key), $"'{key}' may have {MaximumText} bytes at most");
        return "";
    }

    internal static bool IsWord(string text) => text.Length > 0 && !text.Contains('.', StringComparison.Ordinal) && IsId(text + ".x");

    internal static bool IsId(string id)
    {
        bool dot = false;
        for (int i = 0; i < id.Length; i++)
        {
            bool word = char.IsAsciiLetterLower(id[i]) || char.IsAsciiDigit(id[i]) || id[i] == '-';
            if (!word && (id[i] != '.' || i == 0 || i == id.Length - 1 || id[i - 1] == '.'))
                return false;
            dot |= id[i] == '.';
        }

        return dot;
    }
}
