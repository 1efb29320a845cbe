using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Text;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>Compiles rules/code/*.yaml: which calls of a language do what (see Effects/CallScan).</summary>
public static class CodeCompiler
{
    public static void Add(SourceFile file, ByteBuilder section, HashSet<int> pairs, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        int language = map.Choice("language", KnowledgeNames.Languages, 0);
        ByteBuilder table = new(4096);
        foreach (YamlNode item in map.List("calls"))
            AddCall(new StrictMap(item, file.Path, problems), table, pairs);
        foreach ((string module, YamlNode node) in map.Texts("imports"))
            AddEntry(map, node, "import " + module, 0, CallAction.Opaque, default, table);
        if (map.Flag("partial"))
            AddEntry(map, map.Node, "*", 0, CallAction.Partial, default, table);
        map.Close();
        byte[] names = NamesOf(table.Written);
        Span<byte> sizes = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(sizes, table.Length);
        BinaryPrimitives.WriteInt32LittleEndian(sizes[4..], names.Length);
        section.Add((byte)language).Add(sizes).Add(table.Written).Add(names);
    }

    // Where the entries of a name lie, in their order.
    private static byte[] NamesOf(ReadOnlySpan<byte> table)
    {
        KeyTableWriter keys = new();
        for (int at = 0; at < table.Length; at += 1 + table[at] + CallScan.EntrySize)
            keys.Add(CallScan.KeyOf(table.Slice(at + 1, table[at]), table[at + 1 + table[at]] != 0), (uint)at);
        return keys.ToArray();
    }

    private static void AddCall(StrictMap map, ByteBuilder table, HashSet<int> pairs)
    {
        List<(string Value, YamlNode Node)> names = map.Texts("name"), methods = map.Texts("method");
        bool argument = map.Flag("argument");
        if (names.Count + methods.Count == 0)
            map.Wrong(map.Node, "a call needs 'name' or 'method'");
        foreach ((string does, YamlNode node) in map.Texts("does"))
        {
            CallAction action = CallAction.Effect;
            EffectShape shape = default;
            string[] words = does.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (ActionOf(does) is { } known)
                action = known;
            else if (words.Length < 2)
                map.Wrong(node, "'does' is 'verb kind attribute…', 'run sh', 'run command', 'run arguments', 'run code', 'run sql', 'open', 'copy', 'move', 'socket', 'shell', 'fork', 'print', 'apply', 'content', 'plain' or 'opaque'");
            else
                shape = ShapeOf(map, node, words);
            if (action == CallAction.Effect)
                pairs.Add(RuleChecks.Pair(shape.Verb, shape.Kind));
            foreach ((string name, YamlNode place) in names)
                AddEntry(map, place, name, 0, action, shape, table);
            foreach ((string name, YamlNode place) in methods)
                AddEntry(map, place, name, (byte)(argument ? 2 : 1), action, shape, table);
        }

        map.Close();
    }

    private static CallAction? ActionOf(string does) => does switch
    {
        "run sh" => CallAction.RunShell,
        "run command" => CallAction.RunCommand,
        "run arguments" => CallAction.RunArguments,
        "run code" => CallAction.RunCode,
        "run sql" => CallAction.Sql,
        "open" => CallAction.Open,
        "opaque" => CallAction.Opaque,
        "copy" => CallAction.Copy,
        "move" => CallAction.Move,
        "socket" => CallAction.Socket,
        "shell" => CallAction.Shell,
        "fork" => CallAction.Fork,
        "print" => CallAction.Print,
        "apply" => CallAction.Apply,
        "content" => CallAction.Content,
        "plain" => CallAction.Plain,
        _ => null,
    };

    private static EffectShape ShapeOf(StrictMap map, YamlNode node, string[] words)
    {
        int verb = map.Known(node, words[0], "verb", Names.AllVerbs()) ?? 0, kind = map.Known(node, words[1], "kind", Names.AllKinds()) ?? 0;
        ulong bits = 0;
        foreach (string word in words.AsSpan(2))
            bits |= map.Known(node, word, "attribute", Names.AllAttributes()) is int at ? 1UL << at : 0;
        return new EffectShape((Verb)verb, (Kind)kind, false, (Attributes)bits);
    }

    private static void AddEntry(StrictMap map, YamlNode node, string name, byte on, CallAction action, EffectShape shape, ByteBuilder table)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name.Replace("::", ".", StringComparison.Ordinal).Replace("->", ".", StringComparison.Ordinal));
        if (bytes.Length is 0 or > 120)
        {
            map.Wrong(node, "a call's name has 1 to 120 letters");
            return;
        }

        Span<byte> bits = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bits, (ulong)shape.Attributes);
        table.Add((byte)bytes.Length).Add(bytes).Add([on, (byte)action, (byte)shape.Verb, (byte)shape.Kind]).Add(bits);
    }
}
