using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Text;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>Reads contexts.yaml: how programs that work on one of several clusters, accounts or workspaces find out which. See <see cref="ContextTable"/>.</summary>
internal static class ContextLoader
{
    public const string File = "contexts.yaml";

    /// <summary>Families have a bit each; a family's lists have 64 texts of 100 bytes at most.</summary>
    public const int MaximumFamilies = 32, MaximumTexts = 64, MaximumLength = 100;

    private static readonly (ContextTable.Part Part, string Key, bool One)[] s_keys =
    [
        (ContextTable.Part.Programs, "programs", false), (ContextTable.Part.Options, "options", false), (ContextTable.Part.FileOptions, "file-options", false),
        (ContextTable.Part.OtherOptions, "other-options", false), (ContextTable.Part.Variable, "variable", true), (ContextTable.Part.FilesVariable, "files-variable", true),
        (ContextTable.Part.File, "file", true), (ContextTable.Part.Key, "key", true), (ContextTable.Part.Switches, "switches", false), (ContextTable.Part.Unsure, "unsure", false),
    ];

    public static void Load(SourceFile file, PolicyModel model, Problems problems)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        List<byte> section = [0];
        HashSet<string> programs = [];
        foreach (YamlNode item in map.List("contexts"))
        {
            StrictMap family = new(item, file.Path, problems);
            List<byte> lists = [];
            foreach ((_, string key, bool one) in s_keys)
                AddList(lists, family, key, one, programs, model.Knowledge);
            family.Close();
            if (!family.Has("programs"))
                family.Wrong(item, "the key 'programs' is missing");
            if (++section[0] > MaximumFamilies)
                family.Wrong(item, $"there may be {MaximumFamilies} families at most");
            section.Add((byte)lists.Count);
            section.Add((byte)(lists.Count >> 8));
            section.AddRange(lists);
        }

        map.Close();
        model.Contexts = [.. section];
    }

    private static void AddList(List<byte> lists, StrictMap family, string key, bool one, HashSet<string> programs, KnowledgeCompiler? knowledge)
    {
        List<(string Value, YamlNode Node)> texts = family.Texts(key);
        if (texts.Count > (one ? 1 : MaximumTexts))
            family.Wrong(family.NodeOf(key), one ? $"'{key}' is one text" : $"'{key}' may hold {MaximumTexts} texts at most");
        lists.Add((byte)texts.Count);
        foreach ((string value, YamlNode node) in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            if (bytes.Length is 0 or > MaximumLength)
                family.Wrong(node, $"a text of '{key}' must be 1 to {MaximumLength} bytes long");
            if (key == "programs" && !programs.Add(value))
                family.Wrong(node, $"'{value}' stands in two families");
            if (key is "programs" or "switches" or "unsure" && !IsMarked(knowledge, value.Split(' ')[0]))
                family.Wrong(node, $"nothing in commands/ says of '{value.Split(' ')[0]}' that it has 'context: true'");
            lists.Add((byte)bytes.Length);
            lists.AddRange(bytes);
        }
    }

    // commands/ is read before this file.
    private static bool IsMarked(KnowledgeCompiler? knowledge, string program)
    {
        (byte[] name, int at) = knowledge?.Programs.Find(known => Encoding.UTF8.GetString(known.Name) == program) ?? default;
        return name is not null && ((SpecificationFlags)knowledge!.Bytes.Written[at + 1] & SpecificationFlags.Context) != 0;
    }
}
