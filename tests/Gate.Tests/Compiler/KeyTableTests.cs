using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Gate.Compiler;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>rules/README.md names every key that the loader knows, and no other, each with its type and with what counts without it.</summary>
public class KeyTableTests
{
    // A key that is far from all others: the loader then lists those that it knows.
    private const string Far = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

    private static readonly string[] s_lines = File.ReadAllLines(Sources.PathOf("rules", "README.md"));

    private static string Rule(string more) => $"rules:\n- {{id: a.b, title: x, when: {{program: git}}, outcome: ask, catches: [git], passes: [ls]{more}}}\n";

    /// <summary>A file in which the mapping of a place holds the far key.</summary>
    private static (string Path, string Text) Example(string where) => where switch
    {
        "pack" => ("packs/a.yaml", $"pack: a\n{Far}: 1\n"),
        "rule" => ("packs/a.yaml", $"pack: a\n{Rule($", {Far}: 1")}"),
        "profile" => ("profiles/a.yaml", $"profile: a\n{Far}: 1\n"),
        "budget" => ("profiles/a.yaml", $"profile: a\nbudget: {{name: x, {Far}: 1}}\n"),
        "outcome" => ("profiles/a.yaml", $"profile: a\noutcomes: [{{rules: ['*'], outcome: log, {Far}: 1}}]\n"),
        "tool" => ("profiles/a.yaml", $"profile: a\ntools: [{{name: x, tools: Bash, roots: /a, {Far}: 1}}]\n"),
        "input" => ("packs/a.yaml", $"pack: a\nrules:\n- {{id: a.b, title: x, when: {{input: {{denied: x, {Far}: 1}}}}, outcome: ask, catches: [git], passes: [ls]}}\n"),
        "policy" => ("operator:/a", $"policy: a\n{Far}: 1\n"),
        "thresholds" => ("operator:/a", $"policy: a\nthresholds: {{{Far}: 1}}\n"),
        "exception" => ("operator:/a", $"policy: a\nexceptions: [{{rule: a.b, when: {{always: true}}, until: 2099-01-01, reason: x, {Far}: 1}}]\n"),
        "zone" => ("zones.yaml", $"zones: [{{zone: 0, when: {{always: true}}, {Far}: 1}}]\n"),
        "place" => ("places.yaml", $"places: [{{class: home, paths: [/a], {Far}: 1}}, {{variables: [A], lead-to: [/a], {Far}: 1}}]\n"),
        "levels" => ("levels.yaml", $"levels: [{{level: none, rules: ['*'], {Far}: 1}}]\n"),
        "redactions" => ("redactions.yaml", $"{Far}: 1\n"),
        "redaction" => ("redactions.yaml", $"redactions: [{{id: a.b, title: x, kind: token, pattern: 'abcd[0-9]+', {Far}: 1}}]\n"),
        "sequence" => ("sequences.yaml", $"sequences: [{{id: a.b, {Far}: 1}}]\n"),
        "context" => ("contexts.yaml", $"contexts: [{{{Far}: 1}}]\n"),
        "command" => ("commands/a.yaml", $"commands: [{{name: a, {Far}: 1}}]\n"),
        "option" => ("commands/a.yaml", $"commands: [{{name: a, options: {{-a: {{{Far}: 1}}}}}}]\n"),
        "code" => ("code/a.yaml", $"language: lua\n{Far}: 1\n"),
        "call" => ("code/a.yaml", $"language: lua\ncalls: [{{name: a, {Far}: 1}}]\n"),
        _ => throw new ArgumentOutOfRangeException(nameof(where)),
    };

    public static TheoryData<string> Places => [.. Table().Select(row => row.Where).Distinct()];

    [Theory]
    [MemberData(nameof(Places))]
    public void The_table_has_the_keys_that_the_loader_knows(string where)
    {
        (string path, string text) = Example(where);
        List<string> known = [];
        foreach (string message in Problems(path, text))
        {
            int at = message.IndexOf("known: ", StringComparison.Ordinal);
            if (at >= 0 && message.Contains(Far, StringComparison.Ordinal))
                known.AddRange(message[(at + 7)..].Split(", "));
        }

        Assert.NotEmpty(known);
        Assert.Equal(known.Distinct().Order(StringComparer.Ordinal), Table().Where(row => row.Where == where).Select(row => row.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_has_a_type_and_says_what_counts_without_it() => Assert.All(Table(), row => Assert.True(row.Type.Length > 0 && row.Without.Length > 0, $"{row.Where} {row.Key}"));

    /// <summary>The files that gate reads, and conditions, have their rows.</summary>
    [Fact]
    public void Nothing_is_left_out()
    {
        string[] files = ["pack", "rule", "profile", "budget", "outcome", "tool", "input", "policy", "thresholds", "exception", "zone", "place", "levels", "redactions", "redaction", "sequence", "context", "command", "option", "code", "call"];
        Assert.Equal(files.Order(StringComparer.Ordinal), Table().Select(row => row.Where).Distinct().Order(StringComparer.Ordinal));
        string folders = Problems("x.yaml", "").Single(message => message.Contains("this is no file that gate reads", StringComparison.Ordinal));
        Assert.All(Directory.GetFileSystemEntries(Sources.PathOf("rules")).Select(Path.GetFileName), name => Assert.True(name!.EndsWith(".md", StringComparison.Ordinal) || folders.Contains(name, StringComparison.Ordinal), name));
        Assert.All(Directory.GetFileSystemEntries(Sources.PathOf("rules")).Select(Path.GetFileName), name => Assert.True(name!.EndsWith(".md", StringComparison.Ordinal) || Array.Exists(s_lines[..20], line => line.Contains(name, StringComparison.Ordinal)), name));
    }

    [Fact]
    public void The_table_of_conditions_has_the_keys_of_the_schema()
    {
        int from = Array.IndexOf(s_lines, "| key | holds when |") + 2, to = Array.FindIndex(s_lines, from, line => line.Length == 0);
        List<string> keys = [];
        foreach (string line in s_lines[from..to])
        {
            string[] cells = CellsOf(line);
            Assert.True(cells.Length == 2 && cells[1].Length > 0, line);
            keys.AddRange(Words(cells[0]).Select(word => word.Split(':')[0]));
        }

        // The schema's keys are the loader's: RulesSchemaTests.
        Assert.Equal(JsonNode.Parse(RulesSchema.Of("pack"))!["$defs"]!["condition"]!["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    /// <summary>Keys of conditions that are no list of texts are named with what they are.</summary>
    [Fact]
    public void Types_of_conditions_are_named()
    {
        int from = Array.IndexOf(s_lines, "## Every key");
        string paragraph = string.Join(' ', s_lines[(from + 2)..Array.FindIndex(s_lines, from + 2, line => line.Length == 0)]);
        foreach ((string key, JsonNode? schema) in JsonNode.Parse(RulesSchema.Of("pack"))!["$defs"]!["condition"]!["properties"]!.AsObject())
            Assert.Equal(schema!["anyOf"] is null, paragraph.Contains($"`{key}`", StringComparison.Ordinal));
    }

    private static List<(string Where, string Key, string Type, string Without)> Table()
    {
        int from = Array.IndexOf(s_lines, "| where | key | type | without it |") + 2;
        List<(string, string, string, string)> rows = [];
        string where = "";
        foreach (string line in s_lines[from..].TakeWhile(line => line.StartsWith('|')))
        {
            string[] cells = CellsOf(line);
            Assert.True(cells.Length == 4, line);
            where = cells[0].Length > 0 ? cells[0] : where;
            rows.AddRange(Words(cells[1]).Select(key => (where, key, cells[2], cells[3])));
        }

        return rows;
    }

    private static string[] CellsOf(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];

    private static IEnumerable<string> Words(string cell) => cell.Split('`').Where((_, i) => i % 2 == 1);

    private static List<string> Problems(string path, string text)
    {
        Problems problems = new();
        SourceFile file = Policies.File(path, text);
        if (LayerLoader.LayerOf(path) is { } layer)
            LayerLoader.Add(new PolicyModel(), file, layer, problems);
        else
            PolicyLoader.Load([file], problems);
        return [.. problems.All.Select(problem => problem.ToString())];
    }
}
