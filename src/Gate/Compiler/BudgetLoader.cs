using System;
using System.Collections.Generic;
using Gate.Policy;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>Reads the budgets that have a name: <c>budgets.yaml</c>, and the key <c>budgets</c> of layers, which gives known names other numbers.</summary>
internal static class BudgetLoader
{
    public const string File = "budgets.yaml";

    public static void Load(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        foreach (YamlNode item in map.List("budgets"))
        {
            StrictMap entry = new(item, file.Path, problems);
            if (Of(entry) is not { } budget)
                continue;
            if (!PersonFacts.IsName(budget.Name) || budget.Name is BudgetLimit.None or BudgetLimit.Custom or "profile")
                entry.Wrong(item, $"'{budget.Name}' is no name of a budget: a-z, 0-9 and '-', and none of none, custom, profile");
            else if (model.Budgets.Exists(other => other.Name == budget.Name))
                entry.Wrong(item, $"there is another budget '{budget.Name}'");
            else if (model.Budgets.Count == BudgetLimit.MaximumKnown)
                entry.Wrong(item, $"there are more than {BudgetLimit.MaximumKnown} budgets");
            else
                model.Budgets.Add(budget);
        }

        map.Close();
    }

    public static void AddLayer(StrictMap map, PolicyModel model, bool tightens)
    {
        foreach (YamlNode item in map.List("budgets"))
        {
            StrictMap entry = new(item, map.File, map.Problems);
            if (Of(entry) is not { } budget)
                continue;
            List<BudgetLimit> known = model.Budgets.Count > 0 ? model.Budgets : [.. BudgetLimit.Shipped];
            int at = known.FindIndex(other => other.Name == budget.Name);
            if (at < 0)
            {
                entry.Wrong(entry.NodeOf("name"), $"no budget is called '{budget.Name}'{Nearest.Hint(budget.Name, known.ConvertAll(other => other.Name))}");
                continue;
            }

            if (tightens && (IsMore(budget.Actions, known[at].Actions) || IsMore(budget.Minutes, known[at].Minutes)))
            {
                entry.Wrong(item, $"budget '{budget.Name}' would loosen from {known[at].Actions} actions and {known[at].Minutes} minutes: a project can only tighten");
                continue;
            }

            known[at] = budget;
            if (model.Budgets.Count == 0)
                model.Budgets.AddRange(known);
            foreach (string name in new List<string>(model.Profiles.Keys))
                SetProfile(model, name, budget, tightens);
        }
    }

    // A profile that has this budget has it with the same numbers; in a project, with the smaller ones.
    private static void SetProfile(PolicyModel model, string name, BudgetLimit budget, bool tightens)
    {
        Profile profile = model.Profiles[name];
        if (profile.Budget != budget.Name)
            return;
        model.Profiles[name] = profile with
        {
            BudgetActions = tightens && IsMore(budget.Actions, profile.BudgetActions) ? profile.BudgetActions : (int)budget.Actions,
            BudgetMinutes = tightens && IsMore(budget.Minutes, profile.BudgetMinutes) ? profile.BudgetMinutes : (int)budget.Minutes,
        };
    }

    // 0 is no limit.
    private static bool IsMore(long one, long other) => other != 0 && (one == 0 || one > other);

    private static BudgetLimit? Of(StrictMap entry)
    {
        string name = entry.Text("name");
        int actions = entry.Number("actions", 0, (int)BudgetLimit.Maximum, -1), minutes = entry.Number("minutes", 0, (int)BudgetLimit.Maximum, -1);
        entry.Close();
        if (actions >= 0 && minutes >= 0)
            return name.Length > 0 ? new BudgetLimit(name, actions, minutes) : null;
        entry.Wrong(entry.Node, "a budget has 'name', 'actions' and 'minutes'; 0 is no limit");
        return null;
    }
}
