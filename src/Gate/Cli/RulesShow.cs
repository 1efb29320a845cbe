using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Policy;
using Gate.Redaction;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate rules show [ID] [--profile P]</c>, <c>gate rules diff A B</c>: what holds in effect, not what files say.</summary>
internal static class RulesShow
{
    public static Command Show()
    {
        Argument<string?> id = new("id") { Description = "A rule: its texts, and its examples judged by the bundle in force here.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> profile = new("--profile") { Description = "The effective table of this profile instead of the one in force." }, rules = new("--rules") { Description = "A folder of rules; without it, those inside this binary." };
        Command command = new("show", "Show one rule, or the effective table of a profile.") { id, profile, rules };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(id) is string wanted)
                return ShowRule(wanted);
            if (parsed.GetValue(profile) is string name)
            {
                PolicyModel model = PolicyInstaller.Load(parsed.GetValue(rules), runExamples: false);
                Profile chosen = PolicyInstaller.ProfileOf(model, name);
                Table(chosen, model.ProfileDetails[name].Title, Lines(model.ToolsOf(chosen)), model.Redactions.Formats.Count, model.ProfileDetails[name].Redaction, model.RulesOf(chosen).ConvertAll(rule => (rule.Action, rule.Severity, rule.Id, rule.Title)));
                return 0;
            }

            Places places = Workplace.Places();
            Bundle bundle = Workplace.Bundle(places, Workplace.Here(places), out _);
            RuleSet set = new(bundle);
            List<(Policy.Action, Severity, string, string)> all = [];
            for (int i = 0; i < set.Count; i++)
                all.Add((set[i].Action, set[i].Severity, set[i].Id, set[i].Title));
            RedactionTable formats = new(bundle);
            Table(new Profile(bundle), "", Profile.ToolsIn(bundle), formats.FormatCount, formats.CoversOutput, all);
            return 0;
        });
        return command;
    }

    private static void Table(Profile profile, string title, string tools, int formats, bool redaction, List<(Policy.Action Action, Severity Severity, string Id, string Title)> rules)
    {
        Terminal.Line($"profile   {profile.Name}{(title.Length > 0 ? ": " + title : "")}");
        for (int zone = 0; zone <= Combine.Never; zone++)
            Terminal.Line($"zone {zone}    {Terminal.Outcome(OutcomeOf(zone, profile), 5)}  {Reasons.ZoneName(zone)}");
        Terminal.Line($"on-allow  {(profile.Grant ? "grant: the agent's own prompt is skipped" : "pass: the agent's own prompts go on")}");
        Terminal.Line($"unknown   {PolicyNames.Of(profile.UnknownTool)} for tools that nothing is known of");
        Terminal.Line($"levels    {Levels.Show(profile.Levels)}");
        foreach (string tool in tools.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Terminal.Line($"tools     {Terminal.Safe(Encoding.UTF8.GetBytes(tool))}");
        Terminal.Line($"redaction {(redaction ? "on" : "of what is recorded only")}: {formats} formats of secrets");
        Terminal.Line($"budget    {(profile.BudgetActions == 0 && profile.BudgetMinutes == 0 ? "none" : $"{profile.Budget}: {profile.BudgetActions} actions, {profile.BudgetMinutes} minutes")}");
        foreach ((Policy.Action action, Severity severity, string id, string text) in rules)
            Terminal.Line($"{Terminal.Outcome(PolicyNames.Of(action), 5)} {PolicyNames.Of(severity),-8} {id,-36} {text}");
    }

    private static string Lines(List<ToolModel> tools) => string.Join('\n', tools.ConvertAll(tool => $"{tool.Name}: {tool.Shown}"));

    // A zone that no rule speaks of.
    private static string OutcomeOf(int zone, Profile profile) =>
        PolicyNames.Of(zone == Combine.Never ? Outcome.Deny : zone <= profile.Auto ? Outcome.Allow : zone <= profile.Ask ? Outcome.Ask : Outcome.Deny);

    private static int ShowRule(string id)
    {
        Places places = Workplace.Places();
        Bundle bundle = Workplace.Bundle(places, Workplace.Here(places), out string source);
        RuleSet rules = new(bundle);
        List<string> ids = [];
        for (int i = 0; i < rules.Count; i++)
        {
            Rule rule = rules[i];
            ids.Add(rule.Id);
            if (rule.Id != id)
                continue;
            Terminal.Line($"{rule.Id}: {rule.Title}");
            Terminal.Line($"outcome   {Terminal.Outcome(PolicyNames.Of(rule.Action))}, severity {PolicyNames.Of(rule.Severity)}{(rule.Zone < 0 ? "" : $", zone {rule.Zone}")}{(rule.Soft ? ", soft" : "")}");
            Terminal.Line($"pack      {rule.Pack}, from {source}");
            Terminal.Line($"tags      {(rule.Tags.Length == 0 ? "none" : rule.Tags)}");
            if (rule.Instead.Length > 0)
                Terminal.Line($"instead   {rule.Instead}");
            if (rule.Soft)
                ShowPosterior(places, rule);
            bool good = true;
            foreach (Example example in ExampleReader.Of(bundle, rules.Count, i))
            {
                Decision? decision = RuleTester.Decide(example.Tool, example.Input, bundle, new Profile(bundle), out string? problem, example.Said);
                bool matched = decision is not null && Array.Exists(decision.Parts, part => part.Rule == id), right = matched == example.Catches;
                good &= right;
                Terminal.Line($"{(example.Catches ? "catches" : "passes ")}   {(right ? Terminal.Good("yes") : Terminal.Bad("NO "))}  {Terminal.Outcome(decision is null ? "refused" : PolicyNames.Of(decision.Outcome), 7)} {Terminal.Safe(Encoding.UTF8.GetBytes(decision is null ? $"{example.Shown} ({problem})" : example.Shown))}");
            }

            return good ? 0 : CommandLine.Failed;
        }

        throw new CliException($"No rule here is called '{id}'{Nearest.Hint(id, ids)} 'gate rules list' shows them all.");
    }

    // What people answered, and what follows from it, in words.
    private static void ShowPosterior(Places places, Rule rule)
    {
        Posterior known = default;
        if (System.IO.File.Exists(Workplace.Text(places.Store)))
        {
            using GateStore store = Workplace.Store(places);
            known = store.ReadPosterior(Workplace.Here(places).Project, rule.Id);
        }

        int threshold = Posterior.ThresholdOf(rule.Severity);
        string words = threshold == 0 ? "a critical rule never adapts" : known.IsPrior ? "nobody has answered yet, so it always intervenes"
            : $"intervenes in about {known.InterventionsOfThousand(threshold) / 10} of 100 calls that it matches; without any answer in all of them, and never in fewer than {Posterior.FloorOfThousand / 10}";
        Terminal.Line($"answers   {known.Needed} needed, {known.Idle} idle in this repository: right in {known.Mean / 10}.{known.Mean % 10} % as far as is known, asked for is {threshold / 10} %");
        Terminal.Line($"          {words}");
    }

    public static Command Diff()
    {
        Argument<string> first = new("a") { Description = "A profile." }, second = new("b") { Description = "Another profile." };
        Option<string?> rules = new("--rules") { Description = "A folder of rules; without it, those inside this binary." };
        Command command = new("diff", "What another profile changes: zones, rules, and every example of every rule that would get another outcome.") { first, second, rules };
        command.SetAction(parsed =>
        {
            PolicyModel model = PolicyInstaller.Load(parsed.GetValue(rules), runExamples: false);
            Profile a = PolicyInstaller.ProfileOf(model, parsed.GetValue(first)!), b = PolicyInstaller.ProfileOf(model, parsed.GetValue(second)!);
            int differences = 0;
            void Differ(string what, string left, string right)
            {
                if (left == right)
                    return;
                differences++;
                Terminal.Line($"{what,-40} {Terminal.Outcome(left, 5)} -> {Terminal.Outcome(right)}");
            }

            for (int zone = 0; zone <= Combine.Never; zone++)
                Differ($"zone {zone} ({Reasons.ZoneName(zone)})", OutcomeOf(zone, a), OutcomeOf(zone, b));
            Differ("on-allow", a.Grant ? "grant" : "pass", b.Grant ? "grant" : "pass");
            Differ("unknown tools", PolicyNames.Of(a.UnknownTool), PolicyNames.Of(b.UnknownTool));
            Differ("levels", Levels.Show(a.Levels), Levels.Show(b.Levels));
            SortedSet<string> tools = new([.. model.ToolsOf(a).ConvertAll(tool => tool.Name), .. model.ToolsOf(b).ConvertAll(tool => tool.Name)], StringComparer.Ordinal);
            foreach (string tool in tools)
                Differ($"tools {tool}", model.ToolsOf(a).Find(one => one.Name == tool)?.Shown ?? "none", model.ToolsOf(b).Find(one => one.Name == tool)?.Shown ?? "none");
            Differ("budget", $"{a.BudgetActions}/{a.BudgetMinutes}", $"{b.BudgetActions}/{b.BudgetMinutes}");
            Dictionary<string, RuleModel> left = [], right = [];
            model.RulesOf(a).ForEach(rule => left[rule.Id] = rule);
            model.RulesOf(b).ForEach(rule => right[rule.Id] = rule);
            SortedSet<string> ids = new([.. left.Keys, .. right.Keys], StringComparer.Ordinal);
            foreach (string id in ids)
                Differ(id, left.TryGetValue(id, out RuleModel? one) ? PolicyNames.Of(one.Action) : "none", right.TryGetValue(id, out RuleModel? other) ? PolicyNames.Of(other.Action) : "none");
            differences += Examples(model, a, b);
            if (differences == 0)
                Terminal.Line("no difference");
            return 0;
        });
        return command;
    }

    private static int Examples(PolicyModel model, Profile a, Profile b)
    {
        List<RuleModel> all = model.RulesOf(a);
        List<Outcome?> before = Outcomes(model, all, a), after = Outcomes(model, all, b);
        int at = 0, differences = 0;
        foreach (RuleModel rule in all)
        {
            foreach (Example example in rule.Examples)
            {
                (Outcome? left, Outcome? right) = (before[at], after[at]);
                at++;
                if (left == right)
                    continue;
                differences++;
                Terminal.Line($"{Terminal.Outcome(left is null ? "refused" : PolicyNames.Of(left.Value), 5)} -> {Terminal.Outcome(right is null ? "refused" : PolicyNames.Of(right.Value), 5)}  {Terminal.Safe(Encoding.UTF8.GetBytes(example.Shown))}");
            }
        }

        return differences;
    }

    private static List<Outcome?> Outcomes(PolicyModel model, List<RuleModel> rules, Profile profile)
    {
        List<Outcome?> outcomes = [];
        RuleTester.WithBundle(BundleWriter.Write(model, profile, 0, false, default, null), bundle =>
        {
            foreach (RuleModel rule in rules)
            {
                foreach (Example example in rule.Examples)
                    outcomes.Add(RuleTester.Decide(example.Tool, example.Input, bundle, profile, out _, example.Said)?.Outcome);
            }
        });
        return outcomes;
    }
}
