using System;
using System.Collections.Generic;
using System.Text;
using Gate.Redaction;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>Reads <c>redactions.yaml</c>. The grammar is in rules/README.md, Redactions.</summary>
internal static class RedactionLoader
{
    /// <summary>A part of a placeholder is that long at least: a shorter one stands in real secrets by chance.</summary>
    public const int ShortestPart = 6;

    private static readonly string[] s_kinds = NamesOf(RedactionNames.KindCount, i => RedactionNames.Of((SecretKind)i)), s_hints = NamesOf(RedactionNames.HintCount, i => RedactionNames.Of((SecretHint)i)),
        s_checks = NamesOf(RedactionNames.CheckCount, i => RedactionNames.Of((SecretCheck)i));

    private static string[] NamesOf(int count, Func<int, string> name)
    {
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
            names[i] = name(i);
        return names;
    }

    public static void Load(SourceFile file, RedactionModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        AddWords(map, "placeholders", 1, model.PlaceholderWords);
        AddWords(map, "placeholder-parts", ShortestPart, model.PlaceholderParts);
        foreach (YamlNode item in map.List("redactions"))
            LoadFormat(new StrictMap(item, file.Path, problems), model);
        map.Close();
        if (model.Formats.Count > RedactionTable.MaximumFormats)
            map.Wrong(map.Node, $"there are {model.Formats.Count} formats; {RedactionTable.MaximumFormats} at most");
    }

    private static void AddWords(StrictMap map, string key, int shortest, List<string> words)
    {
        foreach ((string word, YamlNode node) in map.Texts(key))
        {
            if (word.Length < shortest || Encoding.UTF8.GetByteCount(word) > 255 || word.AsSpan().IndexOfAnyInRange('A', 'Z') >= 0)
                map.Wrong(node, $"a word under '{key}' is in lower case and has {shortest} to 255 bytes");
            else
                words.Add(word);
        }
    }

    private static void LoadFormat(StrictMap map, RedactionModel model)
    {
        string id = map.Text("id");
        if (!PolicyLoader.IsId(id) || id.Length > 60)
            map.Wrong(map.NodeOf("id"), "an id is two or more words of a-z, 0-9 and '-', joined by '.', of 60 characters at most: 'github.token'");
        if (model.Formats.Exists(other => other.Id == id))
            map.Wrong(map.NodeOf("id"), $"there is another format '{id}'");
        _ = map.Text("title");
        _ = map.Text("source", "");
        int kind = map.Choice("kind", s_kinds, -1);
        if (kind < 0)
            map.Wrong(map.NodeOf("kind"), "the key 'kind' is missing or wrong");
        int hint = map.Choice("hint", s_hints, (int)(kind is (int)SecretKind.Password or (int)SecretKind.Personal ? SecretHint.None : SecretHint.Digest));
        bool hasContext = map.Get("context") is not null, loose = map.Flag("inside-words"), followed = map.Has("after");
        (byte[] Table, SortedSet<uint> Anchors, byte[][] Probes)? context = hasContext ? Automaton(map, "context", anchored: true) : null, secret = Automaton(map, "pattern", anchored: !hasContext);
        FormatModel format = new()
        {
            Id = id, Kind = (SecretKind)Math.Max(kind, 0), Hint = (SecretHint)hint, Context = context?.Table, Secret = secret?.Table ?? [],
            Anchors = (hasContext ? context : secret)?.Anchors ?? [], Probes = (hasContext ? context : secret)?.Probes ?? [new byte[32], new byte[32]],
            Flags = (loose ? RedactionTable.LooseFlag : 0) | (map.Flag("placeholders-too") ? RedactionTable.PlaceholderFlag : 0) | (followed ? RedactionTable.FollowedFlag : 0),
            Checks = Checks(map), NotBefore = Class(map, "not-before", loose ? "" : "\\w"), NotAfter = Class(map, "not-after", "\\w"), After = Class(map, "after", ""),
        };
        if (followed && map.Has("not-after"))
            map.Wrong(map.NodeOf("not-after"), "either 'after' or 'not-after'");
        LoadExamples(map, "matches", id, true, model);
        LoadExamples(map, "passes", id, false, model);
        map.Close();
        model.Formats.Add(format);
    }

    private static (byte[] Table, SortedSet<uint> Anchors, byte[][] Probes)? Automaton(StrictMap map, string key, bool anchored)
    {
        string pattern = map.Text(key);
        if (BoundRegex.Compile(pattern, anchored, out RegexFault? fault) is { } found)
            return found;
        if (pattern.Length > 0)
            map.Wrong(map.NodeOf(key), $"'{key}': {fault!.Message} (character {fault.At + 1})");
        return null;
    }

    private static byte[] Class(StrictMap map, string key, string otherwise)
    {
        byte[] bits = new byte[32];
        string text = map.Text(key, otherwise);
        if (text.Length == 0)
            return bits;
        if (RegexParser.Parse($"[{text}]", out RegexFault? fault) is not RegexSequence { Items: [RegexSet set] })
        {
            map.Wrong(map.NodeOf(key), $"'{key}' is what stands between the brackets of a class: '\\w.-' ({fault?.Message ?? "it is more than one class"})");
            return bits;
        }

        foreach ((int from, int to) in set.Ranges)
        {
            for (int b = from; b <= (to > 0x7F ? 0xFF : to) && b < 256; b++)
                bits[b >> 3] |= (byte)(1 << (b & 7));
        }

        return bits;
    }

    // "luhn", or {entropy: 30}.
    private static (SecretCheck, int)[] Checks(StrictMap map)
    {
        List<(SecretCheck, int)> checks = [];
        foreach (YamlNode item in map.List("checks"))
        {
            string name = item is YamlScalarNode { Value: string word } ? word : "";
            int value = 0;
            if (item is YamlMappingNode { Children: { Count: 1 } children })
            {
                foreach ((YamlNode key, YamlNode number) in children)
                {
                    name = (key as YamlScalarNode)?.Value ?? "";
                    if (!int.TryParse((number as YamlScalarNode)?.Value, out value) || value is < 0 or > 255)
                        map.Wrong(number, "a check's value is a whole number from 0 to 255");
                }
            }

            if (map.Known(item, name, "check", s_checks) is int at)
                checks.Add(((SecretCheck)at, value));
        }

        if (checks.Count > RedactionTable.MaximumChecks)
            map.Wrong(map.NodeOf("checks"), $"a format has {RedactionTable.MaximumChecks} checks at most");
        return [.. checks];
    }

    // A text; a list of texts, which are joined (so that a file of examples holds no key that scanners would report); or {in: …, out: …}.
    private static void LoadExamples(StrictMap map, string key, string id, bool matches, RedactionModel model)
    {
        int before = model.Examples.Count;
        foreach (YamlNode item in map.List(key))
        {
            if (item is YamlMappingNode)
            {
                StrictMap pair = new(item, map.File, map.Problems);
                string text = Joined(pair, pair.Get("in")), output = Joined(pair, pair.Get("out"));
                pair.Close();
                model.Examples.Add(new RedactionExample(id, matches, text, output, map.File, item.Start.Line));
            }
            else
            {
                model.Examples.Add(new RedactionExample(id, matches, Joined(map, item), null, map.File, item.Start.Line));
            }
        }

        if (model.Examples.Count == before)
            map.Wrong(map.Node, $"format '{id}' needs at least one example under '{key}'");
    }

    private static string Joined(StrictMap map, YamlNode? node)
    {
        if (node is YamlScalarNode { Value: string text })
            return text;
        StringBuilder joined = new();
        foreach (YamlNode part in node is YamlSequenceNode list ? list.Children : [])
            joined.Append(part is YamlScalarNode { Value: string value } ? value : "");
        if (joined.Length == 0)
            map.Wrong(node ?? map.Node, "an example is a text, a list of texts that are joined, or {in: …, out: …}");
        return joined.ToString();
    }
}
