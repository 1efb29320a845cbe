using System;
using System.Collections.Generic;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>
/// Guard levels: what a rule guards against. A profile says which are on; the rules of one that is off are not in force. <c>levels.yaml</c> says by their
/// ids which rules belong to a level; a rule may say so itself.
/// </summary>
internal static class Levels
{
    public const int Irreversible = 1, Dangerous = 2, Injection = 3, Exfiltration = 4, Personal = 5;

    /// <summary>By their numbers; 0 is no level: such a rule is always in force.</summary>
    public static readonly string[] Names = ["none", "irreversible", "dangerous", "injection", "exfiltration", "personal"];

    /// <summary>On where a profile says nothing: all but injection, because what is substituted is judged by what it does.</summary>
    public const int Default = (1 << Irreversible) | (1 << Dangerous) | (1 << Exfiltration) | (1 << Personal);

    /// <summary>A list of levels as bits; <paramref name="otherwise"/> where there is none.</summary>
    public static int Read(StrictMap map, string key, int otherwise)
    {
        if (!map.Has(key))
        {
            _ = map.Get(key);
            return otherwise;
        }

        int levels = 0;
        foreach ((string level, YamlNode node) in map.Texts(key))
            levels |= map.Known(node, level, "level", Names[1..]) is int at ? 1 << (at + 1) : 0;
        return levels;
    }

    public static string Show(int levels)
    {
        List<string> names = [];
        for (int level = 1; level < Names.Length; level++)
        {
            if ((levels >> level & 1) != 0)
                names.Add(Names[level]);
        }

        return names.Count == 0 ? "none" : string.Join(", ", names);
    }

    /// <summary>Gives the rules of packs their levels, after all packs were read: the first entry that covers a rule counts.</summary>
    public static void Assign(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        List<(List<string> Patterns, int Level)> entries = [];
        foreach (YamlNode item in map.List("levels"))
        {
            StrictMap entry = new(item, file.Path, problems);
            int level = entry.Choice("level", Names, -1);
            List<string> patterns = ProfileLoader.Patterns(entry, model);
            entry.Close();
            if (level < 0 || patterns.Count == 0)
                entry.Wrong(item, "an entry needs 'level' and 'rules'");
            entries.Add((patterns, Math.Max(level, 0)));
        }

        map.Close();
        for (int i = 0; i < model.Rules.Count; i++)
        {
            RuleModel rule = model.Rules[i];
            int found = rule.Level >= 0 ? -1 : entries.FindIndex(entry => entry.Patterns.Exists(pattern => OutcomeChange.Fits(pattern, rule.Id)));
            if (found >= 0)
                model.Rules[i] = rule with { Level = entries[found].Level };
        }
    }
}
