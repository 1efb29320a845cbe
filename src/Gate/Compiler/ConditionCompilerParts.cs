using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Expansion;
using Gate.Policy;
using Gate.Redaction;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

// The keys of a condition that hold more than words of an effect: prefixes, folders, bounds of an input, variables. See Policy/ConditionParts.
public static partial class ConditionCompiler
{
    // Words as the shell would read them, so nothing that the shell would read otherwise.
    private static void AddPrefixes(List<CompiledCondition> parts, StrictMap map, string key)
    {
        List<byte> code = [(byte)Test.Prefix, 0];
        HashSet<ulong> keys = [];
        foreach ((string value, YamlNode node) in Words(map, key))
        {
            if (value.IndexOfAny(s_special) >= 0)
                map.Wrong(node, $"a prefix holds plain words, none of {new string(s_special)}");
            string[] words = value.Split(' ', System.StringSplitOptions.RemoveEmptyEntries);
            if (AddText(code, map, node, key, string.Join(' ', words)))
                keys.Add(RuleKey.OfProgram(Encoding.UTF8.GetBytes(words[0])));
        }

        if (code[1] > 0)
            parts.Add(new([.. code], keys));
    }

    private static readonly char[] s_special = [.. "|&;<>()$`\\\"'*?[]#~{}!\t\n"];

    private static void AddFolders(List<CompiledCondition> parts, StrictMap map, string key, Test test)
    {
        List<byte> code = [(byte)test, 0];
        foreach ((string value, YamlNode node) in Words(map, key))
        {
            string text = value.Length > 1 ? value.TrimEnd('/') : value;
            byte from = text is "~" || text.StartsWith("~/", System.StringComparison.Ordinal) ? Condition.FromHome : text is "." || text.StartsWith("./", System.StringComparison.Ordinal) ? Condition.FromWorktree : Condition.FromRoot;
            if (from == Condition.FromRoot && !text.StartsWith('/') && !text.StartsWith("**/", System.StringComparison.Ordinal) && value != "/")
                map.Wrong(node, $"'{value}' must begin with '/', '~', '.' (the worktree) or '**/'");
            byte[] bytes = Encoding.UTF8.GetBytes(from == Condition.FromRoot ? value == "/" ? "" : text : text[1..]);
            if (bytes.Length > 255 || code[1] == 255)
            {
                map.Wrong(node, $"'{key}' may hold 255 folders of 255 bytes");
                continue;
            }

            code.Add(from);
            code.Add((byte)bytes.Length);
            code.AddRange(bytes);
            code[1]++;
        }

        if (code[1] > 0)
            parts.Add(new([.. code], null));
    }

    // {NAME: glob or list}: each a test of its own.
    private static void AddVariables(List<CompiledCondition> parts, StrictMap map, string key)
    {
        if (map.Get(key) is not { } node)
            return;
        StrictMap variables = new(node, map.File, map.Problems);
        if (node is not YamlMappingNode { Children: var children })
            return;
        foreach ((YamlNode name, _) in children)
        {
            if (name is not YamlScalarNode { Value: string text })
                continue;
            if (!Expander.IsName(Encoding.UTF8.GetBytes(text)) || text.Length > 255)
                map.Wrong(name, $"'{text}' is no name of a variable");
            List<byte> code = [(byte)Test.Environment];
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            code.Add((byte)bytes.Length);
            code.AddRange(bytes);
            int count = code.Count;
            code.Add(0);
            foreach ((string value, YamlNode at) in Words(variables, text))
                _ = AddText(code, map, at, key, value, count, least: 0);
            parts.Add(new([.. code], null));
        }

        if (children.Count == 0)
            map.Wrong(node, $"'{key}' must not be empty");
    }

    // Only writes of files say what they write.
    private static void AddWritten(List<CompiledCondition> parts, StrictMap map)
    {
        int before = parts.Count;
        if (map.Has("written-size"))
        {
            byte[] code = new byte[5];
            code[0] = (byte)Test.WrittenSize;
            BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(1), map.Number("written-size", 1, int.MaxValue, 1));
            parts.Add(new(code, null));
        }
        else
        {
            _ = map.Get("written-size");
        }

        if (Mask(map, "written-secret", RedactionNames.AllKinds()) is var kinds && kinds != 0)
            parts.Add(new([(byte)Test.WrittenSecret, (byte)kinds], null));
        AddExpressions(parts, map, "written-matches", Test.WrittenMatches);
        if (parts.Count > before)
            parts.Add(EffectKeys(1u << (int)Verb.Write, 1u << (int)Kind.Path));
    }

    private static void AddFacts(List<CompiledCondition> parts, StrictMap map, string key)
    {
        List<byte> code = [(byte)Test.Session, 0];
        foreach ((string value, YamlNode node) in Words(map, key))
        {
            if (!PersonFacts.IsName(value) || value == PersonFacts.Fact)
                map.Wrong(node, $"what a person says of a session is named by a-z, 0-9 and '-', in {PersonFacts.MaximumName} characters at most: 'threads-checked'");
            else
                _ = AddText(code, map, node, key, value);
        }

        if (code[1] > 0)
            parts.Add(new([.. code], null));
    }

    private static void AddInput(List<CompiledCondition> parts, StrictMap map, string key)
    {
        if (map.Get(key) is not { } node)
            return;
        StrictMap bounds = new(node, map.File, map.Problems);
        List<byte> code = [(byte)Test.Input, (byte)(bounds.Has("allowed") ? 1 : 0)];
        foreach (string list in (string[])["required", "allowed", "denied"])
            AddFields(code, bounds, list);
        AddKinds(code, bounds);
        if (bounds.Count == 0)
            map.Wrong(node, $"'{key}' must not be empty");
        bounds.Close();
        parts.Add(new([.. code], null));
    }

    private static void AddFields(List<byte> code, StrictMap bounds, string key)
    {
        int count = code.Count;
        code.Add(0);
        HashSet<string> seen = [];
        foreach ((string value, YamlNode node) in bounds.Texts(key))
        {
            if (!seen.Add(value))
                bounds.Wrong(node, $"'{value}' stands twice in '{key}'");
            else if (code[count] == Condition.MaximumFields)
                bounds.Wrong(node, $"'{key}' may hold {Condition.MaximumFields} fields at most");
            else
                _ = AddText(code, bounds, node, key, value, count);
        }
    }

    private static void AddKinds(List<byte> code, StrictMap bounds)
    {
        int count = code.Count;
        code.Add(0);
        if (bounds.Get("kinds") is not { } node)
            return;
        StrictMap kinds = new(node, bounds.File, bounds.Problems);
        if (node is not YamlMappingNode { Children: var children })
            return;
        foreach ((YamlNode name, _) in children)
        {
            if (name is not YamlScalarNode { Value: string text })
                continue;
            uint mask = Mask(kinds, text, Condition.ValueKinds);
            if (code[count] < Condition.MaximumFields && AddText(code, bounds, name, "kinds", text, count))
                code.Add((byte)mask);
            else
                bounds.Wrong(name, $"'kinds' may hold {Condition.MaximumFields} fields at most");
        }
    }

    // One more text of a list whose count stands at a place.
    private static bool AddText(List<byte> code, StrictMap map, YamlNode node, string key, string value, int count = 1, int least = 1)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        if (bytes.Length < least || bytes.Length > 255 || code[count] == 255)
        {
            map.Wrong(node, $"'{key}' may hold 255 texts of {least} to 255 bytes");
            return false;
        }

        code.Add((byte)bytes.Length);
        code.AddRange(bytes);
        code[count]++;
        return true;
    }
}
