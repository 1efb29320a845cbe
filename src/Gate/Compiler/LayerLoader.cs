using System;
using System.Collections.Generic;
using System.Globalization;
using Gate.Policy;
using YamlDotNet.RepresentationModel;
using Action = Gate.Policy.Action;

namespace Gate.Compiler;

/// <summary>Whose word it is, weakest first: each may tighten what stands before it; only those that a person signs may loosen, and only what they name.</summary>
public enum Layer
{
    /// <summary>The repository's own <c>.gate/policy.yaml</c>: tightens only.</summary>
    Project,
    Operator,
    Organisation,
}

/// <summary>A rule that is lifted for what a condition holds for, until a moment (milliseconds since 1970).</summary>
public sealed record ExceptionModel(string Rule, CompiledCondition When, long Until, string Reason);

/// <summary>
/// Reads a layer, <c>policy.yaml</c>: rules, other outcomes for rules that are there, thresholds, exceptions. The layers of the organisation and the
/// operator are signed with the bundle by the key that builds it; a project's needs no signature, so it can only tighten: what it tries to
/// loosen is an error that names the rule.
/// </summary>
public static class LayerLoader
{
    private static readonly string[] s_layers = ["project", "operator", "organisation"];

    /// <summary>The name under which a layer's file stands among a bundle's sources: <c>project:/path</c>.</summary>
    public static string SourceName(Layer layer, string path) => $"{s_layers[(int)layer]}:{path}";

    public static Layer? LayerOf(string source)
    {
        int colon = source.IndexOf(':', StringComparison.Ordinal), at = colon < 0 ? -1 : Array.IndexOf(s_layers, source[..colon]);
        return at < 0 ? null : (Layer)at;
    }

    public static void Add(PolicyModel model, SourceFile file, Layer layer, Problems problems)
    {
        model.Sources.Add(file);
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        string name = PolicyLoader.Bounded(map, "policy");
        bool tightens = layer == Layer.Project;
        List<RuleModel> own = PolicyLoader.LoadRules(map, name, model, []);
        model.LayerTools.AddRange(ToolLimits.Load(map, s_layers[(int)layer], name, own, tightens));
        own = own.ConvertAll(rule => rule with { OfProject = tightens });
        if (map.Has("levels"))
            AddLevels(model, Levels.Read(map, "levels", 0), tightens);
        else
            _ = map.Get("levels");
        foreach (RuleModel rule in own)
        {
            if (tightens && rule.Action == Action.Allow)
                problems.Add(new SourceProblem(file.Path, (int)rule.Line, 1, $"rule '{rule.Id}' would loosen: a project cannot allow what other rules ask or deny. Put it into the operator's policy, which a key signs"));
        }

        foreach (YamlNode item in map.List("outcomes"))
        {
            if (ProfileLoader.OutcomeOf(new StrictMap(item, file.Path, problems), model) is { } change)
                AddOutcome(model, change, item, map, tightens);
        }

        if (map.Get("thresholds") is { } thresholds)
            AddThresholds(model, new StrictMap(thresholds, file.Path, problems), tightens);
        foreach (YamlNode item in map.List("exceptions"))
        {
            if (tightens)
                map.Wrong(item, "a project cannot make exceptions: they loosen. Put it into the operator's policy, which a key signs");
            else
                AddException(model, new StrictMap(item, file.Path, problems));
        }

        BudgetLoader.AddLayer(map, model, tightens);
        map.Close();
        model.Rules.AddRange(own);
        if (!problems.Any)
            RuleChecks.Rules(model, own, model.Rules, problems);
        model.Rules.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
    }

    private static void AddOutcome(PolicyModel model, OutcomeChange change, YamlNode item, StrictMap map, bool tightens)
    {
        // Also against rules of levels that are off: a layer above may switch them on.
        foreach (Profile profile in model.Profiles.Values)
        {
            RuleModel? looser = tightens ? model.RulesOf(profile with { Levels = ~0 }).Find(rule => change.Covers(rule) && Strictness(change.Outcome) < Strictness(rule.Action)) : null;
            if (looser is null)
                continue;
            map.Wrong(item, $"'{looser.Id}' would loosen from {PolicyNames.Of(looser.Action)} to {PolicyNames.Of(change.Outcome)} (profile '{profile.Name}'): a project can only tighten");
            return;
        }

        model.LayerOutcomes.Add(change with { Tightens = tightens });
    }

    /// <summary>How strict an outcome of a rule is: allow, log, warn, ask, deny.</summary>
    public static int Strictness(Action action) => action switch { Action.Allow => 0, Action.Log => 1, Action.Warn => 2, Action.Ask => 3, _ => 4 };

    private static void AddThresholds(PolicyModel model, StrictMap map, bool tightens)
    {
        int auto = map.Number("auto", 0, 5, -1), ask = map.Number("ask", 0, 5, -1);
        map.Close();
        foreach (string name in new List<string>(model.Profiles.Keys))
        {
            // A project's numbers are upper bounds, so that one policy fits every profile.
            Profile profile = model.Profiles[name];
            model.Profiles[name] = profile with
            {
                Auto = auto < 0 ? profile.Auto : tightens ? Math.Min(auto, profile.Auto) : auto,
                Ask = ask < 0 ? profile.Ask : tightens ? Math.Min(ask, profile.Ask) : ask,
            };
        }
    }

    // A project's levels are on besides the profile's own.
    private static void AddLevels(PolicyModel model, int levels, bool tightens)
    {
        foreach (string name in new List<string>(model.Profiles.Keys))
        {
            Profile profile = model.Profiles[name];
            model.ProjectLevels[name] = tightens ? levels & ~profile.Levels : 0;
            model.Profiles[name] = profile with { Levels = tightens ? profile.Levels | levels : levels };
        }
    }

    private static void AddException(PolicyModel model, StrictMap map)
    {
        string rule = map.Text("rule"), until = map.Text("until"), reason = PolicyLoader.Bounded(map, "reason");
        YamlNode? when = map.Get("when");
        List<string> ids = [.. model.Rules.ConvertAll(known => known.Id), .. model.Sequences.ConvertAll(known => known.Id)];
        foreach (ProfileModel profile in model.ProfileDetails.Values)
            ids.AddRange(profile.Rules.ConvertAll(known => known.Id));
        if (rule.Length > 0 && !ids.Contains(rule))
            map.Wrong(map.NodeOf("rule"), $"no rule is called '{rule}'{Nearest.Hint(rule, ids)}");
        if (when is null)
            map.Wrong(map.Node, "an exception needs 'when': the scope it holds in; 'always: true' is everything");
        bool dated = DateTimeOffset.TryParseExact(until, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset end);
        if (!dated && until.Length > 0)
            map.Wrong(map.NodeOf("until"), "'until' must be a day (2027-01-31) or a moment (2027-01-31T12:00:00Z), UTC");
        if (when is not null)
            model.Exceptions.Add(new ExceptionModel(rule, ConditionCompiler.Compile(when, map.File, map.Problems), end.ToUnixTimeMilliseconds(), reason));
        map.Close();
    }
}
