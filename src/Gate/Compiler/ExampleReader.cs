using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using Gate.Bundles;
using Gate.Policy;

namespace Gate.Compiler;

/// <summary>Reads the examples of a rule back from a bundle (<see cref="BundleWriter"/> says how they lie there).</summary>
internal static class ExampleReader
{
    public static List<Example> Of(Bundle bundle, int rules, int rule)
    {
        List<Example> examples = [];
        (int section, int length) = bundle.Find(Section.Examples);
        if (section == 0 || length < rules * 4)
            return examples;
        int at = (int)bundle.Word(section + (rule * 4)), count = bundle.Half(at);
        at += 2;
        for (int i = 0; i < count; i++)
        {
            bool catches = bundle.Byte(at) != 0;
            string tool = Encoding.UTF8.GetString(bundle.At(at + 3, bundle.Half(at + 1)));
            at += 3 + bundle.Half(at + 1);
            byte[] input = bundle.At(at + 4, (int)bundle.Word(at)).ToArray();
            at += 4 + input.Length;
            byte[] said = bundle.At(at + 2, bundle.Half(at)).ToArray();
            at += 2 + said.Length;
            examples.Add(new Example(catches, tool, input, Shown(tool, input) + Shown(said), said, "", 0));
        }

        return examples;
    }

    // "0 fact NAME" a line.
    private static string Shown(ReadOnlySpan<byte> said)
    {
        string shown = "";
        while (PersonFacts.Next(ref said, 0, out ReadOnlySpan<byte> word, out ReadOnlySpan<byte> value))
            shown += $" [{Encoding.UTF8.GetString(value.Length > 0 ? value : word)}]";
        return shown;
    }

    private static string Shown(string tool, byte[] input)
    {
        if (tool == "Bash")
        {
            using JsonDocument document = JsonDocument.Parse(input);
            if (document.RootElement.TryGetProperty("command", out JsonElement command) && command.ValueKind == JsonValueKind.String)
                return command.GetString()!;
        }

        return $"{tool} {Encoding.UTF8.GetString(input)}";
    }
}
