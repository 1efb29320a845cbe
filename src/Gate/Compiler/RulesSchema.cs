using System;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gate.Effects;
using Gate.Policy;
using Gate.Redaction;

namespace Gate.Compiler;

/// <summary>
/// JSON Schemas (draft 2020-12) of rule packs, profiles and layers (policy.yaml), for editors: made from the same tables that the loader reads with, so that a new verb
/// or attribute is in them at once. What needs more than a look at one file (tags, ids that are taken, examples) only the loader can say.
/// </summary>
public static class RulesSchema
{
    public static string[] Kinds => ["pack", "profile", "policy"];

    /// <summary>The schema of one kind of file, indented, with a newline at its end.</summary>
    public static string Of(string kind)
    {
        JsonObject schema = kind switch { "pack" => Pack(), "profile" => Profile(), _ => Policy() };
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema["$defs"] = new JsonObject { ["condition"] = Condition(), ["rule"] = Rule() };
        return Indented(schema);
    }

    private static JsonObject Pack() => Closed(["pack", "rules"], ("pack", Text("The pack's name.")), ("title", Text("What it is about.")), ("rules", List(Reference("rule"))));

    private static JsonObject Profile() => Closed(
        ["profile"],
        ("profile", Text("The file's name without its end.")),
        ("title", Text("What it is for.")),
        ("auto", Number(0, 5, "Zones up to this are allowed.")),
        ("ask", Number(0, 5, "Zones up to this are asked, above denied.")),
        ("on-allow", Words("grant", "pass")),
        ("unknown-tool", Words("allow", "ask", "deny")),
        ("redaction", new JsonObject { ["type"] = "boolean" }),
        ("budget", Closed(["name"], ("name", Text("")), ("actions", Number(0, int.MaxValue, "")), ("minutes", Number(0, int.MaxValue, "")))),
        ("levels", OneOrMore(Levels.Names[1..])),
        ("tools", List(Tools())),
        ("sequences", new JsonObject { ["type"] = "boolean" }),
        ("outcomes", List(Outcomes())),
        ("rules", List(Reference("rule"))));

    private static JsonObject Policy() => Closed(
        ["policy"],
        ("policy", Text("The policy's name.")),
        ("rules", List(Reference("rule"))),
        ("levels", OneOrMore(Levels.Names[1..])),
        ("tools", List(Tools())),
        ("outcomes", List(Outcomes())),
        ("budgets", List(Closed(["name", "actions", "minutes"], ("name", Text("A name of budgets.yaml.")), ("actions", Number(0, (int)BudgetLimit.Maximum, "0: no limit.")), ("minutes", Number(0, (int)BudgetLimit.Maximum, "0: no limit."))))),
        ("thresholds", Closed([], ("auto", Number(0, 5, "")), ("ask", Number(0, 5, "")))),
        ("exceptions", List(Closed(["rule", "when", "until", "reason"], ("rule", Text("A rule's id.")), ("when", Reference("condition")), ("until", Text("A day or a moment, UTC.")), ("reason", Text(""))))));

    private static JsonObject Outcomes() => Closed(["rules", "outcome"], ("rules", Texts("Ids of rules; * is any run.")), ("severity", OneOrMore(PolicyLoader.Severities)), ("from", OneOrMore(PolicyLoader.Actions)), ("outcome", Words(PolicyLoader.Actions)));

    private static JsonObject Tools() => Closed(
        ["name", "tools"],
        ("name", new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z0-9-]+$" }),
        ("tools", Texts("Globs over the names of tools.")),
        ("outcome", Words("deny", "ask")),
        ("roots", Texts("Folders that paths must lie in.")),
        ("denied-paths", Texts("Folders and files that must not be reached.")),
        ("allowed-domains", Texts("Hosts that may be fetched from and sent to.")),
        ("arguments", Input()),
        ("allow-prefixes", Texts("Words that every command must begin with.")),
        ("deny-patterns", Texts("Regular expressions over commands and what they act on.")),
        ("allow-dangerous", new JsonObject { ["type"] = "boolean" }),
        ("allow-injection", new JsonObject { ["type"] = "boolean" }));

    private static JsonObject Input() => Closed(
        [],
        ("required", Texts("Fields that must be there.")),
        ("allowed", Texts("All fields that may be there.")),
        ("denied", Texts("Fields that must not be there.")),
        ("kinds", new JsonObject { ["type"] = "object", ["additionalProperties"] = OneOrMore(Gate.Policy.Condition.ValueKinds) }));

    private static JsonObject Rule() => Closed(
        ["id", "title", "when", "outcome", "catches", "passes"],
        ("id", new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z0-9-]+(\\.[a-z0-9-]+)+$" }),
        ("title", Text("One sentence: what this does.")),
        ("when", Reference("condition")),
        ("outcome", Words(PolicyLoader.Actions)),
        ("severity", Words(PolicyLoader.Severities)),
        ("zone", Number(0, Combine.Never, "Raises the zone of what it matches.")),
        ("level", Words(Levels.Names)),
        ("soft", new JsonObject { ["type"] = "boolean" }),
        ("tags", Texts("Ids of compliance.yaml.")),
        ("instead", Text("What to do instead.")),
        ("catches", Examples()),
        ("passes", Examples()));

    private static JsonObject Condition()
    {
        JsonObject condition = Closed(
            [],
            ("verb", OneOrMore(Names.AllVerbs())),
            ("kind", OneOrMore(Names.AllKinds())),
            ("class", OneOrMore(Names.AllPathClasses())),
            ("attributes", OneOrMore(Names.AllAttributes())),
            ("any-attribute", OneOrMore(Names.AllAttributes())));
        JsonObject properties = condition["properties"]!.AsObject();
        foreach (string key in (ReadOnlySpan<string>)["program", "subcommand", "word", "option", "wrapper", "target", "tool", "server", "agent", "subagent", "target-matches", "word-matches", "line-matches", "prefix", "under", "reaches", "context", "session", "written-matches"])
            properties[key] = Texts("");
        properties["input"] = Input();
        properties["environment"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Texts("Globs over the value.") };
        properties["written-size"] = Number(1, int.MaxValue, "So many bytes are written, or more.");
        properties["written-secret"] = OneOrMore(RedactionNames.AllKinds());
        properties["all"] = List(Reference("condition"));
        properties["any"] = List(Reference("condition"));
        properties["not"] = Reference("condition");
        properties["always"] = new JsonObject { ["const"] = true };
        condition["minProperties"] = 1;
        return condition;
    }

    private static JsonObject Examples()
    {
        JsonObject call = Closed(["tool"], ("tool", Text("The tool's name.")), ("input", new JsonObject { ["type"] = "object" }), ("session", Texts("What a person said of the session.")));
        JsonObject command = Closed(["call"], ("call", Text("A shell command.")), ("session", Texts("What a person said of the session.")));
        JsonObject examples = List(new JsonObject { ["anyOf"] = new JsonArray(Text("A shell command."), call, command) });
        examples["minItems"] = 1;
        return examples;
    }

    private static JsonObject Closed(string[] required, params ReadOnlySpan<(string Name, JsonObject Schema)> properties)
    {
        JsonObject all = [];
        foreach ((string name, JsonObject schema) in properties)
            all[name] = schema;
        JsonObject closed = new() { ["type"] = "object", ["properties"] = all, ["additionalProperties"] = false };
        if (required.Length > 0)
            closed["required"] = Array(required);
        return closed;
    }

    private static JsonObject Text(string description) => description.Length == 0 ? new JsonObject { ["type"] = "string" } : new JsonObject { ["type"] = "string", ["description"] = description };

    private static JsonObject Number(int least, int most, string description) => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most, ["description"] = description };

    private static JsonObject Words(params string[] words) => new() { ["enum"] = Array(words) };

    private static JsonObject OneOrMore(string[] words) => new() { ["anyOf"] = new JsonArray(Words(words), List(Words(words))) };

    private static JsonObject Texts(string description) => new() { ["anyOf"] = new JsonArray(Text(description), List(Text(""))) };

    private static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Reference(string name) => new() { ["$ref"] = "#/$defs/" + name };

    private static JsonArray Array(string[] words)
    {
        JsonArray array = [];
        foreach (string word in words)
            array.Add((JsonNode)word);
        return array;
    }

    private static string Indented(JsonObject schema)
    {
        using System.IO.MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Indented = true }))
            schema.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }
}
