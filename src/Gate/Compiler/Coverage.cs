using System;
using System.Collections.Generic;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>
/// <c>coverage.yaml</c>: the features that earlier systems have, each with the rules, profiles or parts of the program that stand for it here, or with
/// what is missing; and the table made of it, rules/COVERAGE.md. A rule, profile or part that does not exist, and a feature without anything, are errors.
/// </summary>
public sealed class Coverage
{
    /// <summary>Its place below the rules folder.</summary>
    public const string File = "coverage.yaml";

    private readonly PolicyModel _model;
    private readonly List<string> _ids = [], _used = [];

    private Coverage(PolicyModel model) => _model = model;

    /// <summary>A part of the program that covers features, with the files (paths from the repository's root) that hold it and its tests.</summary>
    public sealed record Part(string Id, string Title, string[] Files);

    /// <summary>In the order of the file.</summary>
    public List<Part> Parts { get; } = [];

    /// <summary>The whole page.</summary>
    public string Page { get; private set; } = "";

    /// <summary>Reads and checks; null, with the problem noted, when there is no such file or it is no YAML.</summary>
    public static Coverage? Of(PolicyModel model, Problems problems)
    {
        SourceFile? file = model.Sources.Find(source => source.Path == File);
        if (file is null)
            problems.Add(new SourceProblem(File, 0, 0, "there is no such file"));
        if (file is null || StrictMap.Load(file, problems) is not { } map)
            return null;
        Coverage coverage = new(model);
        StringBuilder page = new("# What covers what\n\nMade by `gate rules coverage` from [coverage.yaml](coverage.yaml) and the rules; a test compares the two.\n");
        foreach (YamlNode item in map.List("parts"))
            coverage.AddPart(new StrictMap(item, File, problems));
        foreach (YamlNode item in map.List("sections"))
            coverage.AddSection(new StrictMap(item, File, problems), page);
        map.Close();
        coverage.AddParts(page, map);
        coverage.AddTags(page);
        coverage.Page = page.ToString();
        return coverage;
    }

    private void AddPart(StrictMap map)
    {
        Part part = new(Id(map), map.Text("title"), [.. map.Texts("files").ConvertAll(file => file.Value)]);
        if (part.Files.Length == 0)
            map.Wrong(map.Node, "a part needs 'files'");
        Parts.Add(part);
        map.Close();
    }

    private void AddSection(StrictMap map, StringBuilder page)
    {
        page.Append("\n## ").Append(map.Text("title")).Append("\n\n| feature | what it is | covered by |\n|---|---|---|\n");
        foreach (YamlNode item in map.List("features"))
            AddFeature(new StrictMap(item, File, map.Problems), page);
        map.Close();
    }

    private void AddFeature(StrictMap map, StringBuilder page)
    {
        List<string> covers = [];
        string id = Id(map), title = map.Text("title"), later = map.Text("later", "");
        foreach ((string pattern, YamlNode node) in map.Texts("rules"))
        {
            List<RuleModel> rules = _model.Rules.FindAll(rule => OutcomeChange.Fits(pattern, rule.Id));
            foreach (ProfileModel profile in _model.ProfileDetails.Values)
                rules.AddRange(profile.Rules.FindAll(rule => OutcomeChange.Fits(pattern, rule.Id)));
            if (rules.Count == 0)
                map.Wrong(node, $"there is no rule '{pattern}'{(pattern.Contains('*', StringComparison.Ordinal) ? "" : Nearest.Hint(pattern, _model.Rules.ConvertAll(rule => rule.Id)))}");
            covers.Add($"`{pattern}`{(rules.Count > 1 ? $" ({rules.Count} rules)" : "")}");
        }

        foreach ((string name, YamlNode node) in map.Texts("profiles"))
        {
            if (!_model.Profiles.ContainsKey(name))
                map.Wrong(node, $"there is no profile '{name}'{Nearest.Hint(name, _model.Profiles.Keys)}");
            covers.Add($"profile `{name}`");
        }

        foreach ((string name, YamlNode node) in map.Texts("parts"))
        {
            if (Parts.Find(part => part.Id == name) is null)
                map.Wrong(node, $"there is no part '{name}'{Nearest.Hint(name, Parts.ConvertAll(part => part.Id))}");
            _used.Add(name);
            covers.Add($"[{name}](#parts-of-the-program)");
        }

        if (later.Length > 0)
            covers.Add("*later:* " + later);
        if (covers.Count == 0)
            map.Wrong(map.Node, $"nothing covers '{id}': name 'rules', 'profiles' or 'parts', or say under 'later' what is missing");
        map.Close();
        page.Append($"| {id} | {Cell(title)} | {Cell(string.Join(", ", covers))} |\n");
    }

    private void AddParts(StringBuilder page, StrictMap map)
    {
        page.Append("\n## Parts of the program\n\n| part | what it does | files |\n|---|---|---|\n");
        foreach (Part part in Parts)
        {
            if (!_used.Contains(part.Id))
                map.Wrong(map.NodeOf("parts"), $"no feature names the part '{part.Id}'");
            page.Append($"| {part.Id} | {Cell(part.Title)} | {string.Join(", ", Array.ConvertAll(part.Files, file => $"[{file[(file.LastIndexOf('/') + 1)..]}](../{file})"))} |\n");
        }
    }

    // Every id of compliance.yaml with the rules that carry it, and how many rules there are.
    private void AddTags(StringBuilder page)
    {
        page.Append($"\n## Compliance\n\nThe {_model.Rules.Count} rules of the packs, by the ids they carry (`gate rules list --tag ID`).\n\n| id | title | rules |\n|---|---|---|\n");
        foreach ((string tag, string title) in _model.Tags)
        {
            List<string> rules = _model.Rules.FindAll(rule => Array.IndexOf(rule.Tags, tag) >= 0).ConvertAll(rule => rule.Id);
            page.Append($"| {tag} | {Cell(title)} | {string.Join(", ", rules)} |\n");
        }
    }

    // An id stands once in the file.
    private string Id(StrictMap map)
    {
        string id = map.Text("id");
        if (_ids.Contains(id))
            map.Wrong(map.NodeOf("id"), $"the id '{id}' stands twice");
        _ids.Add(id);
        return id;
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
