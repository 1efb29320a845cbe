using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>
/// A YAML mapping read strictly: every key must be asked for, every value must have the asked shape. What is wrong goes
/// to <see cref="Problems"/> with its place; reading goes on with a default, so that one build reports all.
/// </summary>
public sealed class StrictMap
{
    /// <summary>Mappings and lists in each other deeper than this are refused.</summary>
    public const int MaximumDepth = 64;

    /// <summary>More values than this are refused, with aliases counted as often as they stand.</summary>
    public const int MaximumNodes = 500_000;

    private readonly string _file;
    private readonly Problems _problems;
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _entries = [];
    private readonly List<string> _asked = [];

    public StrictMap(YamlNode node, string file, Problems problems)
    {
        Node = node;
        _file = file;
        _problems = problems;
        if (node is not YamlMappingNode map)
        {
            Wrong(node, "a mapping (key: value) is wanted here");
            return;
        }

        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            if (key is YamlScalarNode { Value: string name })
                _entries[name] = (key, value);
            else
                Wrong(key, "a key must be a plain word");
        }
    }

    public YamlNode Node { get; }

    public string File => _file;

    public Problems Problems => _problems;

    public int Count => _entries.Count;

    /// <summary>The single document of a file, or null with the problem noted.</summary>
    public static StrictMap? Load(SourceFile file, Problems problems)
    {
        Parser? parser = null;
        try
        {
            string text = new UTF8Encoding(false, true).GetString(file.Text);
            if (!IsPlain(parser = new Parser(new StringReader(text)), file.Path, problems))
                return null;
            YamlStream stream = [];
            stream.Load(parser = new Parser(new StringReader(text)));
            if (stream.Documents.Count == 1)
                return new StrictMap(stream.Documents[0].RootNode, file.Path, problems);
            problems.Add(new SourceProblem(file.Path, 1, 1, "the file must hold exactly one document"));
        }
        catch (YamlException e)
        {
            problems.Add(file.Path, e.Start, e.InnerException?.Message ?? e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException and not DecoderFallbackException)
        {
            // YamlDotNet 16.3 throws these for some typos: an opening bracket before a key, a key that is left out.
            problems.Add(file.Path, parser?.Current?.End ?? Mark.Empty, "the YAML makes no sense up to here; look for a missing key, or a bracket or quote that is not closed");
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new SourceProblem(file.Path, 1, 1, "the file is not UTF-8"));
        }

        return null;
    }

    // The tree is built and read by recursion, so its depth is checked before; and aliases can make a small file endless.
    private static bool IsPlain(Parser parser, string file, Problems problems)
    {
        Dictionary<string, (int Size, int Height)> named = [];
        Stack<(string Name, int Size, int Height)> open = new([("", 0, 0)]);
        while (parser.MoveNext())
        {
            ParsingEvent now = parser.Current!;
            (string Name, int Size, int Height) node = (now is NodeEvent { Anchor.IsEmpty: false } anchored ? anchored.Anchor.Value : "", 1, 1);
            if (now is MappingStart or SequenceStart)
            {
                open.Push(node);
                if (open.Count > MaximumDepth)
                    return Refuse($"the file is nested more than {MaximumDepth} deep");
                continue;
            }

            if (now is AnchorAlias alias)
            {
                foreach ((string name, _, _) in open)
                {
                    if (name == alias.Value.Value)
                        return Refuse($"'*{name}' stands inside what it names");
                }

                if (!named.TryGetValue(alias.Value.Value, out (int Size, int Height) known))
                    return Refuse($"there is no '&{alias.Value.Value}' above");
                (node.Size, node.Height) = known;
            }
            else if (now is MappingEnd or SequenceEnd)
            {
                node = open.Pop();
            }
            else if (now is not Scalar)
            {
                continue;
            }

            if (node.Name.Length > 0)
                named[node.Name] = (node.Size, node.Height);
            (string outer, int size, int height) = open.Pop();
            open.Push((outer, size + node.Size, Math.Max(height, node.Height + 1)));
            if (size + node.Size > MaximumNodes)
                return Refuse($"the file has more than {MaximumNodes} values once its aliases are written out");
            if (open.Count + node.Height > MaximumDepth)
                return Refuse($"the file is nested more than {MaximumDepth} deep");
        }

        return true;

        bool Refuse(string message)
        {
            problems.Add(file, parser.Current!.Start, message);
            return false;
        }
    }

    public bool Has(string key) => _entries.ContainsKey(key);

    public YamlNode? Get(string key)
    {
        _asked.Add(key);
        return _entries.TryGetValue(key, out (YamlNode Key, YamlNode Value) entry) ? entry.Value : null;
    }

    public YamlNode NodeOf(string key) => _entries.TryGetValue(key, out (YamlNode Key, YamlNode Value) entry) ? entry.Value : Node;

    public string Text(string key, string? otherwise = null)
    {
        YamlNode? node = Get(key);
        if (node is YamlScalarNode { Value: string value })
            return value;
        if (node is not null)
            Wrong(node, $"'{key}' must be a text");
        else if (otherwise is null)
            Wrong(Node, $"the key '{key}' is missing");
        return otherwise ?? "";
    }

    public int Number(string key, int least, int most, int otherwise)
    {
        YamlNode? node = Get(key);
        if (node is null)
            return otherwise;
        if (node is YamlScalarNode { Value: string value } && int.TryParse(value, out int number) && number >= least && number <= most)
            return number;
        Wrong(node, $"'{key}' must be a whole number from {least} to {most}");
        return otherwise;
    }

    public bool Flag(string key)
    {
        YamlNode? node = Get(key);
        if (node is null)
            return false;
        if (node is YamlScalarNode { Value: "true" or "false" } scalar)
            return scalar.Value == "true";
        Wrong(node, $"'{key}' must be true or false");
        return false;
    }

    /// <summary>One word of a closed set, by its number.</summary>
    public int Choice(string key, string[] known, int otherwise)
    {
        YamlNode? node = Get(key);
        if (node is null)
            return otherwise;
        return node is YamlScalarNode { Value: string value } ? Known(node, value, key, known) ?? otherwise : Refuse(node, $"'{key}' must be one of: {string.Join(", ", known)}", otherwise);
    }

    /// <summary>A text or a list of texts; empty where the key is absent.</summary>
    public List<(string Value, YamlNode Node)> Texts(string key)
    {
        List<(string, YamlNode)> texts = [];
        YamlNode? node = Get(key);
        if (node is YamlScalarNode { Value: string single })
            texts.Add((single, node));
        else if (node is YamlSequenceNode list)
        {
            foreach (YamlNode item in list.Children)
            {
                if (item is YamlScalarNode { Value: string value })
                    texts.Add((value, item));
                else
                    Wrong(item, $"'{key}' must hold texts");
            }
        }
        else if (node is not null)
        {
            Wrong(node, $"'{key}' must be a text or a list of texts");
        }

        return texts;
    }

    /// <summary>The items of a list; empty where the key is absent.</summary>
    public IEnumerable<YamlNode> List(string key)
    {
        YamlNode? node = Get(key);
        if (node is YamlSequenceNode list)
            return list.Children;
        if (node is not null)
            Wrong(node, $"'{key}' must be a list");
        return [];
    }

    /// <summary>The number of a word in a closed set; notes a problem with the nearest known word.</summary>
    public int? Known(YamlNode node, string value, string what, string[] known)
    {
        int at = Array.IndexOf(known, value);
        if (at >= 0)
            return at;
        Wrong(node, $"'{value}' is not a known {what}{Nearest.Hint(value, known)}");
        return null;
    }

    /// <summary>Call last: every key that nobody asked for is an error.</summary>
    public void Close()
    {
        foreach ((string name, (YamlNode key, _)) in _entries)
        {
            if (!_asked.Contains(name))
                Wrong(key, $"unknown key '{name}'{Nearest.Hint(name, _asked)}");
        }
    }

    public void Wrong(YamlNode node, string message) => _problems.Add(_file, node.Start, message);

    public void Warn(YamlNode node, string message) => _problems.Add(_file, node.Start, message, warning: true);

    private int Refuse(YamlNode node, string message, int value)
    {
        Wrong(node, message);
        return value;
    }
}
