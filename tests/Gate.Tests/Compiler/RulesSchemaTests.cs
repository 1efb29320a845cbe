using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Gate.Compiler;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>The schemas for editors say what the loader does: the same keys, the same words.</summary>
public class RulesSchemaTests
{
    [Theory]
    [InlineData("pack", "", "packs/a.yaml", "pack: a\nrules: []\n@\n")]
    [InlineData("pack", "$defs/rule", "packs/a.yaml", "pack: a\nrules:\n- id: a.b\n  title: x\n  when: {program: git}\n  outcome: ask\n  catches: [git]\n  passes: [ls]\n  @\n")]
    [InlineData("pack", "$defs/condition", "packs/a.yaml", "pack: a\nrules:\n- id: a.b\n  title: x\n  when: {program: git, @}\n  outcome: ask\n  catches: [git]\n  passes: [ls]\n")]
    [InlineData("profile", "", "profiles/a.yaml", "profile: a\n@\n")]
    [InlineData("profile", "properties/budget", "profiles/a.yaml", "profile: a\nbudget: {name: x, @}\n")]
    [InlineData("profile", "properties/outcomes/items", "profiles/a.yaml", "profile: a\noutcomes: [{rules: ['*'], outcome: log, @}]\n")]
    [InlineData("pack", "$defs/condition/properties/input", "packs/a.yaml", "pack: a\nrules:\n- id: a.b\n  title: x\n  when: {input: {denied: x, @}}\n  outcome: ask\n  catches: [git]\n  passes: [ls]\n")]
    [InlineData("profile", "properties/tools/items", "profiles/a.yaml", "profile: a\ntools: [{name: x, tools: Bash, roots: /a, @}]\n")]
    [InlineData("profile", "properties/tools/items/properties/arguments", "profiles/a.yaml", "profile: a\ntools: [{name: x, tools: Bash, arguments: {denied: x, @}}]\n")]
    [InlineData("policy", "", "project:/a", "policy: a\n@\n")]
    [InlineData("policy", "properties/thresholds", "project:/a", "policy: a\nthresholds: {auto: 1, @}\n")]
    [InlineData("policy", "properties/exceptions/items", "operator:/a", "policy: a\nexceptions: [{rule: a.b, when: {always: true}, until: 2099-01-01, reason: x, @}]\n")]
    public void The_schema_has_the_keys_that_the_loader_knows(string kind, string place, string path, string text)
    {
        // The loader itself lists what it knows when a key is far from all of them.
        Problems problems = new();
        SourceFile file = Policies.File(path, text.Replace("@", "qqqqqqqqqqqqqqqqqqqqqq: x", StringComparison.Ordinal));
        if (kind == "policy")
            LayerLoader.Add(new PolicyModel(), file, LayerLoader.LayerOf(path)!.Value, problems);
        else
            PolicyLoader.Load([file], problems);
        string message = problems.All.Select(problem => problem.ToString()).Single(line => line.Contains("unknown key 'qqqq", StringComparison.Ordinal));
        string[] known = message[(message.IndexOf("known: ", StringComparison.Ordinal) + 7)..].Split(", ");
        JsonNode schema = place.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(JsonNode.Parse(RulesSchema.Of(kind))!, (node, name) => node[name]!);
        Assert.Equal(known.Order(StringComparer.Ordinal), schema["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
    }

    [Fact]
    public void Every_word_that_the_schema_allows_the_loader_takes()
    {
        JsonObject condition = JsonNode.Parse(RulesSchema.Of("pack"))!["$defs"]!["condition"]!["properties"]!.AsObject();
        foreach (string key in (string[])["verb", "kind", "class", "attributes", "any-attribute"])
        {
            List<string> words = [.. condition[key]!["anyOf"]![0]!["enum"]!.AsArray().Select(word => word!.GetValue<string>())];
            Assert.NotEmpty(words);
            Assert.NotEmpty(Policies.Condition($"{{{key}: [{string.Join(", ", words)}]}}").Code);
        }
    }
}
