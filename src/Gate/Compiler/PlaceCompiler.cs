using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Text;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>Turns <c>places.yaml</c> into the place table (Effects/PathTable) and its index (Effects/PlaceIndex).</summary>
public static class PlaceCompiler
{
    public static void Load(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        string[] classes = Names.AllPathClasses(), attributes = Names.AllAttributes();
        ByteBuilder table = new(), languages = new();
        foreach (YamlNode item in map.List("places"))
        {
            StrictMap entry = new(item, file.Path, problems);
            if (entry.Has("variables"))
            {
                AddEntry(languages, PathTable.VariableEntry, 0, Texts(entry, "variables", names: true), Texts(entry, "lead-to"));
                if (!entry.Has("lead-to"))
                    entry.Wrong(item, "the key 'lead-to' is missing");
                entry.Close();
                continue;
            }

            int place = entry.Choice("class", classes, 0), attribute = entry.Choice("attribute", attributes, -1), language = entry.Choice("language", KnowledgeNames.Languages, -1);
            if (place == 0 && attribute < 0 && language < 0)
                entry.Wrong(item, "an entry needs 'class', 'attribute', 'language' or 'variables'");
            AddEntry(language < 0 ? table : languages, (byte)(language < 0 ? place : PathTable.LanguageEntry + language), attribute < 0 ? 0 : 1UL << attribute, Texts(entry, "paths"), Texts(entry, "except"));
            if (!entry.Has("paths"))
                entry.Wrong(item, "the key 'paths' is missing");
            entry.Close();
        }

        map.Close();
        model.Places = table.Add(languages.Written).ToArray();
        model.PlaceIndex = IndexOf(model.Places);
    }

    private static void AddEntry(ByteBuilder table, byte kind, ulong attributes, byte[] paths, byte[] exceptions)
    {
        Span<byte> head = stackalloc byte[PathTable.EntryHead];
        head[0] = kind;
        BinaryPrimitives.WriteUInt64LittleEndian(head[1..], attributes);
        BinaryPrimitives.WriteUInt16LittleEndian(head[9..], (ushort)paths.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[11..], (ushort)exceptions.Length);
        table.Add(head).Add(paths).Add(exceptions);
    }

    // A list as it stands in the table; its length must fit two bytes.
    private static byte[] Texts(StrictMap entry, string key, bool names = false)
    {
        List<(string Value, YamlNode Node)> texts = entry.Texts(key);
        if (texts.Count > 255)
        {
            entry.Wrong(entry.NodeOf(key), $"'{key}' may hold 255 patterns at most");
            texts.Clear();
        }

        ByteBuilder list = new ByteBuilder().Add((byte)texts.Count);
        foreach ((string value, YamlNode node) in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            if (bytes.Length is 0 or > 255 || (!names && ((bytes[0] == '~' && !value.StartsWith("~/", StringComparison.Ordinal)) || (bytes[0] is not ((byte)'~' or (byte)'/' or (byte)'*')))))
            {
                entry.Wrong(node, "a path pattern has 1 to 255 bytes and begins with '/', '~/' or '*'");
                bytes = "/"u8.ToArray();
            }

            list.Add((byte)bytes.Length).Add(bytes);
        }

        return list.ToArray();
    }

    /// <summary>The index of a table, in the form that Effects/PlaceIndex reads.</summary>
    internal static byte[] IndexOf(ReadOnlySpan<byte> table)
    {
        KeyTableWriter keys = new();
        for (int at = 0; at < table.Length;)
        {
            bool variables = table[at] == PathTable.VariableEntry;
            int list = at + PathTable.EntryHead, next = list + 1;
            for (int i = 0; i < table[list]; i++)
            {
                ReadOnlySpan<byte> text = table.Slice(next + 1, table[next]);
                uint key = variables ? PlaceKeys.Variable(text) : PlaceKeys.Of(text);
                keys.Add(key, (uint)at);
                keys.Add(key, (uint)next);
                next += 1 + text.Length;
            }

            at = list + BinaryPrimitives.ReadUInt16LittleEndian(table[(at + 9)..]) + BinaryPrimitives.ReadUInt16LittleEndian(table[(at + 11)..]);
        }

        return keys.ToArray();
    }
}
