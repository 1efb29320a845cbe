using System.Collections.Generic;
using System.Text;
using Gate.Policy;
using Gate.Text;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>Reads the calls in examples: a shell command, or <c>{tool: NAME, input: {…}}</c> for any other tool; <c>{call: COMMAND, session: FACT}</c> where a person said something.</summary>
internal static class ExampleLoader
{
    public static void Load(StrictMap map, string key, bool catches, List<Example> examples)
    {
        foreach (YamlNode item in map.List(key))
        {
            ExampleCall call = CallOf(map, item);
            examples.Add(new Example(catches, call.Tool, call.Input, call.Shown, call.Said, map.File, item.Start.Line));
        }
    }

    public static ExampleCall CallOf(StrictMap owner, YamlNode item)
    {
        ByteBuilder json = new();
        if (item is YamlScalarNode { Value: string command })
            return Shell(command, [], "");
        StrictMap call = new(item, owner.File, owner.Problems);
        (byte[] said, string shown) = SaidOf(call);
        if (call.Has("call"))
        {
            ExampleCall shell = Shell(call.Text("call"), said, shown);
            call.Close();
            return shell;
        }

        string tool = call.Text("tool");
        YamlNode? input = call.Get("input");
        call.Close();
        if (input is YamlMappingNode)
            WriteJson(input, json, call);
        else if (input is not null)
            call.Wrong(input, "'input' must be a mapping: the tool's JSON object");
        if (json.Length == 0)
            json.Add("{}"u8);
        return new ExampleCall(tool, json.ToArray(), $"{tool} {Encoding.UTF8.GetString(json.Written)}{shown}") { Said = said };
    }

    private static ExampleCall Shell(string command, byte[] said, string shown) =>
        new("Bash", new ByteBuilder().Add("{\"command\":"u8).AddJson(command).Add("}"u8).ToArray(), command + shown) { Said = said };

    private static (byte[] Said, string Shown) SaidOf(StrictMap call)
    {
        ByteBuilder said = new();
        string shown = "";
        foreach ((string value, YamlNode node) in call.Texts("session"))
        {
            if (!PersonFacts.IsName(value))
                call.Wrong(node, $"'{value}' is no name of what a person says of a session");
            said.Add("0 "u8).Add(value is PersonFacts.LocalOnly or PersonFacts.Scope ? "" : PersonFacts.Fact + " ").Add(value).Add((byte)'\n');
            shown += $" [{value}]";
        }

        return (said.ToArray(), shown);
    }

    private static void WriteJson(YamlNode node, ByteBuilder text, StrictMap owner)
    {
        switch (node)
        {
            case YamlMappingNode map:
                text.Add((byte)'{');
                bool first = true;
                foreach ((YamlNode key, YamlNode value) in map.Children)
                {
                    if (!first)
                        text.Add((byte)',');
                    first = false;
                    if (key is not YamlScalarNode)
                        owner.Wrong(key, "a key must be a plain word");
                    text.AddJson((key as YamlScalarNode)?.Value ?? "").Add((byte)':');
                    WriteJson(value, text, owner);
                }

                text.Add((byte)'}');
                break;
            case YamlSequenceNode list:
                text.Add((byte)'[');
                for (int i = 0; i < list.Children.Count; i++)
                {
                    if (i > 0)
                        text.Add((byte)',');
                    WriteJson(list.Children[i], text, owner);
                }

                text.Add((byte)']');
                break;
            case YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" or "null" } word:
                text.Add(word.Value!);
                break;
            case YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: string number } when long.TryParse(number, out long value):
                text.Add(value);
                break;
            case YamlScalarNode scalar:
                text.AddJson(scalar.Value ?? "");
                break;
        }
    }
}
