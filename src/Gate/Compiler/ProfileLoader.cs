using System.Collections.Generic;
using System.IO;
using Gate.Policy;
using Gate.Text;
using YamlDotNet.RepresentationModel;
using Action = Gate.Policy.Action;

namespace Gate.Compiler;

/// <summary>Reads <c>profiles/NAME.yaml</c>: thresholds, other outcomes for rules of the packs, rules of its own.</summary>
internal static class ProfileLoader
{
    private static readonly string[] s_outcomes = ["allow", "ask", "deny"];

    public static void Load(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        string name = PolicyLoader.Bounded(map, "profile");
        StrictMap? budget = map.Get("budget") is { } node ? new StrictMap(node, file.Path, problems) : null;
        ProfileModel details = new()
        {
            Title = PolicyLoader.Bounded(map, "title", ""),
            Sequences = map.Flag("sequences") || !map.Has("sequences"),
            Redaction = map.Flag("redaction") || !map.Has("redaction"),
            Switches = new Profile
            {
                Name = name,
                Levels = Levels.Read(map, "levels", Levels.Default),
                Auto = map.Number("auto", 0, 5, 0),
                Ask = map.Number("ask", 0, 5, 5),
                Grant = map.Choice("on-allow", ["pass", "grant"], 0) == 1,
                UnknownTool = (Outcome)map.Choice("unknown-tool", s_outcomes, (int)Outcome.Ask),
                Budget = budget is null ? "" : PolicyLoader.Bounded(budget, "name"),
                BudgetActions = budget?.Number("actions", 0, int.MaxValue, 0) ?? 0,
                BudgetMinutes = budget?.Number("minutes", 0, int.MaxValue, 0) ?? 0,
            },
        };
        budget?.Close();
        foreach (YamlNode item in map.List("outcomes"))
        {
            if (OutcomeOf(new StrictMap(item, file.Path, problems), model) is not { } change)
                continue;
            if (!model.Sequences.Exists(change.Covers) && !model.Rules.Exists(rule => change.Covers(rule) && !details.Outcomes.Exists(before => before.Covers(rule))))
                map.Warn(item, "this entry never counts: the entries before it cover all its rules, or none has such a severity");
            details.Outcomes.Add(change);
        }

        details.Rules.AddRange(PolicyLoader.LoadRules(map, name, model, OwnRules(model)));
        details.Tools.AddRange(ToolLimits.Load(map, "tools", name, details.Rules));
        map.Close();
        if (Path.GetFileNameWithoutExtension(file.Path) != name)
            map.Wrong(map.NodeOf("profile"), "a profile's name must be its file's name");
        if (!model.Profiles.TryAdd(name, details.Switches) || !model.ProfileDetails.TryAdd(name, details))
            map.Wrong(map.NodeOf("profile"), $"there is another profile '{name}'");
    }

    private static List<RuleModel> OwnRules(PolicyModel model)
    {
        List<RuleModel> rules = [];
        foreach (ProfileModel other in model.ProfileDetails.Values)
            rules.AddRange(other.Rules);
        return rules;
    }

    /// <summary>Patterns under <c>rules</c>; one that fits no rule of the packs is an error.</summary>
    public static List<string> Patterns(StrictMap map, PolicyModel model)
    {
        List<string> patterns = [];
        foreach ((string pattern, YamlNode node) in map.Texts("rules"))
        {
            if (!model.Rules.Exists(rule => OutcomeChange.Fits(pattern, rule.Id)) && !model.Sequences.Exists(rule => OutcomeChange.Fits(pattern, rule.Id)))
                map.Wrong(node, $"no rule is called '{pattern}'{Nearest.Hint(pattern, model.Rules.ConvertAll(rule => rule.Id))}");
            patterns.Add(pattern);
        }

        return patterns;
    }

    /// <summary><c>{rules: [git.*], severity: [low, medium], outcome: ask}</c>; null where it is wrong.</summary>
    public static OutcomeChange? OutcomeOf(StrictMap map, PolicyModel model)
    {
        List<string> patterns = Patterns(map, model);
        int severities = 0;
        foreach ((string severity, YamlNode node) in map.Texts("severity"))
            severities |= map.Known(node, severity, "severity", PolicyLoader.Severities) is int at ? 1 << at : 0;
        int from = 0, action = map.Choice("outcome", PolicyLoader.Actions, -1);
        foreach ((string outcome, YamlNode node) in map.Texts("from"))
            from |= map.Known(node, outcome, "outcome", PolicyLoader.Actions) is int at ? 1 << at : 0;
        map.Close();
        if (action >= 0 && patterns.Count > 0)
            return new OutcomeChange([.. patterns], severities, (Action)action) { From = from };
        map.Wrong(map.Node, "an entry of 'outcomes' needs 'rules' and 'outcome'");
        return null;
    }
}
