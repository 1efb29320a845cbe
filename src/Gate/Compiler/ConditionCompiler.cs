using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Policy;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>
/// A condition in its encoded form, with the keys of which at least one must be present for it to hold;
/// null keys: it may hold for anything. Automata are kept beside the code: where it names one, the bundle's writer puts the place it gave the table.
/// </summary>
public sealed record CompiledCondition(byte[] Code, HashSet<ulong>? Keys)
{
    public (int At, byte[] Table)[] Automata { get; init; } = [];
}

/// <summary>Turns a <c>when</c> mapping into the encoding that <see cref="Condition"/> evaluates.</summary>
public static partial class ConditionCompiler
{
    /// <summary>A condition's length has two bytes in the bundle.</summary>
    public const int MaximumLength = ushort.MaxValue;

    private static readonly string[] s_verbs = Names.AllVerbs(), s_kinds = Names.AllKinds(), s_classes = Names.AllPathClasses(), s_attributes = Names.AllAttributes();

    public static CompiledCondition Compile(YamlNode node, string file, Problems problems, int depth = 0)
    {
        if (depth > Condition.MaximumDepth)
        {
            problems.Add(file, node.Start, $"conditions may be nested {Condition.MaximumDepth} deep at most");
            return new([(byte)Test.Always], null);
        }

        StrictMap map = new(node, file, problems);
        List<CompiledCondition> parts = [];
        uint verbs = Mask(map, "verb", s_verbs), kinds = Mask(map, "kind", s_kinds);
        if (verbs != 0 || kinds != 0)
            parts.Add(EffectKeys(verbs, kinds));
        if (verbs != 0)
            parts.Add(Masked(Test.Verb, verbs));
        if (kinds != 0)
            parts.Add(Masked(Test.Kind, kinds));
        if (Mask(map, "class", s_classes) is var classes && classes != 0)
            parts.Add(Masked(Test.Class, classes));
        if (Bits(map, "attributes") is var all && all != 0)
            parts.Add(Wide(Test.Attributes, all));
        if (Bits(map, "any-attribute") is var some && some != 0)
            parts.Add(Wide(Test.AnyAttribute, some));
        AddTexts(parts, map, "program", Test.Program, text => RuleKey.OfProgram(text));
        AddTexts(parts, map, "subcommand", Test.Subcommand, null);
        AddTexts(parts, map, "word", Test.Word, null);
        AddTexts(parts, map, "option", Test.Option, null);
        AddTexts(parts, map, "wrapper", Test.Wrapper, null);
        AddTexts(parts, map, "target", Test.Target, null);
        AddTexts(parts, map, "tool", Test.Tool, text => RuleKey.OfTool(text));
        AddTexts(parts, map, "server", Test.Server, null);
        AddTexts(parts, map, "agent", Test.Agent, null);
        AddTexts(parts, map, "subagent", Test.Subagent, null);
        AddExpressions(parts, map, "target-matches", Test.TargetMatches);
        AddExpressions(parts, map, "word-matches", Test.WordMatches);
        AddExpressions(parts, map, "line-matches", Test.LineMatches);
        AddPrefixes(parts, map, "prefix");
        AddFolders(parts, map, "under", Test.Under);
        AddFolders(parts, map, "reaches", Test.Reaches);
        AddInput(parts, map, "input");
        AddVariables(parts, map, "environment");
        AddTexts(parts, map, "context", Test.Context, null);
        AddWritten(parts, map);
        AddFacts(parts, map, "session");
        if (Group(map, "all", Test.All, depth) is { } every)
            parts.Add(every);
        if (Group(map, "any", Test.Any, depth) is { } any)
            parts.Add(any);
        if (map.Get("not") is { } not)
        {
            CompiledCondition negated = Compile(not, file, problems, depth + 1);
            parts.Add(new([(byte)Test.Not, .. negated.Code], null) { Automata = Shifted(negated.Automata, 1) });
        }

        if (map.Has("always") && !map.Flag("always"))
            map.Wrong(map.NodeOf("always"), "'always' can only be true; a rule that never holds is better removed");
        else if (map.Get("always") is not null)
            parts.Add(new([(byte)Test.Always], null));
        map.Close();
        if (parts.Count == 0)
            map.Wrong(node, "a condition must ask for something; 'always: true' holds for everything");
        return Join(Test.All, parts, map, node);
    }

    /// <summary>Joins conditions; for <see cref="Test.Any"/> the keys add up, for <see cref="Test.All"/> the fewest are enough.</summary>
    private static CompiledCondition Join(Test group, List<CompiledCondition> parts, StrictMap map, YamlNode node)
    {
        HashSet<ulong>? keys = group == Test.Any ? [] : null;
        List<byte> code = [(byte)group, 0];
        List<(int, byte[])> automata = [];
        int count = 0;
        bool fits = parts.Count <= 255;
        Span<byte> length = stackalloc byte[2];
        foreach (CompiledCondition part in parts)
        {
            if (group == Test.Any)
                keys = keys is null || part.Keys is null ? null : [.. keys, .. part.Keys];
            else if (part.Keys is not null && (keys is null || part.Keys.Count < keys.Count))
                keys = part.Keys;
            fits &= part.Code.Length <= MaximumLength && code.Count <= MaximumLength;
            if (part.Code.Length == 0 || !fits)
                continue;
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)part.Code.Length);
            code.AddRange(length);
            automata.AddRange(Shifted(part.Automata, code.Count));
            code.AddRange(part.Code);
            count++;
        }

        if (!fits || code.Count > MaximumLength)
        {
            map.Wrong(node, $"the condition is too long: more than {MaximumLength} bytes when compiled, or more than 255 parts");
            return new([(byte)Test.Always], null);
        }

        code[1] = (byte)count;

        // One part stands for itself.
        return count == 1
            ? new(code.GetRange(4, code.Count - 4).ToArray(), keys) { Automata = Shifted([.. automata], -4) }
            : new([.. code], keys) { Automata = [.. automata] };
    }

    /// <summary>The same condition, but for calls of some tools (globs). Where that would be too long, it stays as it is: stricter.</summary>
    public static CompiledCondition Except(CompiledCondition condition, string[] tools)
    {
        List<byte> not = [(byte)Test.Not, (byte)Test.Tool, (byte)tools.Length];
        foreach (string tool in tools)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(tool);
            not.Add((byte)bytes.Length);
            not.AddRange(bytes);
        }

        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)condition.Code.Length);
        List<byte> code = [(byte)Test.All, 2, .. length, .. condition.Code];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)not.Count);
        code.AddRange(length);
        code.AddRange(not);
        return code.Count > MaximumLength ? condition : new([.. code], condition.Keys) { Automata = Shifted(condition.Automata, 4) };
    }

    private static (int At, byte[] Table)[] Shifted((int At, byte[] Table)[] automata, int by) => Array.ConvertAll(automata, automaton => (automaton.At + by, automaton.Table));

    private static CompiledCondition? Group(StrictMap map, string key, Test test, int depth)
    {
        if (!map.Has(key))
        {
            _ = map.Get(key);
            return null;
        }

        List<CompiledCondition> parts = [];
        foreach (YamlNode item in map.List(key))
            parts.Add(Compile(item, map.File, map.Problems, depth + 1));
        if (parts.Count is 0 or > 255)
            map.Wrong(map.NodeOf(key), $"'{key}' must hold 1 to 255 conditions");
        return Join(test, parts, map, map.NodeOf(key));
    }

    // Carries keys only: verb and kind together name the effect that must be there.
    private static CompiledCondition EffectKeys(uint verbs, uint kinds)
    {
        HashSet<ulong> keys = [];
        for (int verb = 0; verb < Names.VerbCount; verb++)
        {
            for (int kind = 0; kind < Names.KindCount; kind++)
            {
                if ((verbs == 0 || (verbs >> verb & 1) != 0) && (kinds == 0 || (kinds >> kind & 1) != 0))
                    keys.Add(RuleKey.OfEffect((Verb)verb, (Kind)kind));
            }
        }

        return new([], keys);
    }

    private static CompiledCondition Masked(Test test, uint mask)
    {
        byte[] code = new byte[5];
        code[0] = (byte)test;
        BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(1), mask);
        return new(code, null);
    }

    private static CompiledCondition Wide(Test test, ulong bits)
    {
        byte[] code = new byte[9];
        code[0] = (byte)test;
        BinaryPrimitives.WriteUInt64LittleEndian(code.AsSpan(1), bits);
        return new(code, null);
    }

    private static void AddTexts(List<CompiledCondition> parts, StrictMap map, string key, Test test, Func<byte[], ulong>? keyOf)
    {
        List<(string Value, YamlNode Node)> texts = map.Texts(key);
        if (texts.Count == 0)
        {
            if (map.Has(key))
                map.Wrong(map.NodeOf(key), $"'{key}' must not be empty");
            return;
        }

        if (texts.Count > 255)
        {
            map.Wrong(map.NodeOf(key), $"'{key}' may hold 255 texts at most");
            return;
        }

        HashSet<ulong>? keys = keyOf is null ? null : [];
        List<byte> code = [(byte)test, (byte)texts.Count];
        foreach ((string value, YamlNode node) in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            if (bytes.Length is 0 or > 255)
            {
                map.Wrong(node, $"a text of '{key}' must be 1 to 255 bytes long");
                continue;
            }

            code.Add((byte)bytes.Length);
            code.AddRange(bytes);

            // A pattern has no key of its own: the rule is then held against every call.
            keys = keys is null || value.Contains('*', StringComparison.Ordinal) || value.Contains('?', StringComparison.Ordinal) ? null : [.. keys, keyOf!(bytes)];
        }

        parts.Add(new([.. code], keys));
    }

    // Regular expressions, as automata.
    private static void AddExpressions(List<CompiledCondition> parts, StrictMap map, string key, Test test)
    {
        List<byte> code = [(byte)test, 0];
        List<(int, byte[])> automata = [];
        foreach ((string value, YamlNode node) in Words(map, key))
        {
            if (RegexCompiler.Compile(value, out RegexFault? fault) is not { } table)
            {
                map.Wrong(node, $"the regular expression is wrong at character {fault!.At + 1}: {fault.Message}");
                continue;
            }

            if (table.Length > MaximumLength || code[1] == 255)
            {
                map.Wrong(node, $"'{key}' is too large: an expression may compile to {MaximumLength} bytes, a list hold 255");
                continue;
            }

            automata.Add((code.Count, table));
            code.AddRange([0, 0, 0, 0]);
            code[1]++;
        }

        if (code[1] > 0)
            parts.Add(new([.. code], null) { Automata = [.. automata] });
    }

    private static uint Mask(StrictMap map, string key, string[] known)
    {
        uint mask = 0;
        foreach ((string value, YamlNode node) in Words(map, key))
            mask |= map.Known(node, value, key, known) is int at ? 1u << at : 0;
        return mask;
    }

    // An empty list would drop the question in silence.
    private static List<(string Value, YamlNode Node)> Words(StrictMap map, string key)
    {
        List<(string, YamlNode)> words = map.Texts(key);
        if (words.Count == 0 && map.Has(key))
            map.Wrong(map.NodeOf(key), $"'{key}' must not be empty");
        return words;
    }

    private static ulong Bits(StrictMap map, string key)
    {
        ulong bits = 0;
        foreach ((string value, YamlNode node) in Words(map, key))
            bits |= map.Known(node, value, "attribute", s_attributes) is int at ? 1UL << at : 0;
        return bits;
    }
}
