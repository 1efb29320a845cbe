using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Text;
using YamlDotNet.RepresentationModel;

namespace Gate.Compiler;

/// <summary>A call in an example: the tool, its input as JSON, and how it is shown to people.</summary>
public sealed record ExampleCall(string Tool, byte[] Input, string Shown)
{
    /// <summary>What a person said of the session, as <see cref="Gate.Policy.PersonFacts"/> has it.</summary>
    public byte[] Said { get; init; } = [];
}

/// <summary>An example of a program or tool: a call, and effects that must be among those found.</summary>
public sealed record KnowledgeExample(ExampleCall Call, string[] Does, string File, long Line);

/// <summary>
/// Compiles rules/commands/*.yaml into the layout of Effects/KnowledgeFormat.cs. Offsets inside are relative to the section; <see cref="References"/> are
/// the places of those that the bundle writer must move.
/// <para>Longer than other files because one format is written here from top to bottom: entries (AddProgram), specifications with what they
/// share (WriteSpecification, Shared), sub-commands, options, then the small texts inside them (effects, operands, roles).</para>
/// </summary>
public sealed class KnowledgeCompiler(Problems problems)
{
    private static readonly string[] s_verbs = Names.AllVerbs(), s_kinds = Names.AllKinds(), s_attributes = Names.AllAttributes();
    private static readonly string[] s_styles = KnowledgeNames.Styles, s_roles = KnowledgeNames.Roles, s_outputs = KnowledgeNames.Outputs, s_makings = KnowledgeNames.Makings, s_languages = KnowledgeNames.Languages;

    private readonly Dictionary<string, string> _taken = [];
    private readonly Dictionary<string, int> _shared = [];

    // Place 0 stands for "none".
    public ByteBuilder Bytes { get; } = new ByteBuilder(1 << 16).Add((byte)0).Add((byte)0).Add((byte)0).Add((byte)0);

    public List<int> References { get; } = [];

    /// <summary>Program names with the places of their specifications.</summary>
    public List<(byte[] Name, int At)> Programs { get; } = [];

    /// <summary>Verbs with kinds that programs and calls of scanned languages make: see <see cref="RuleChecks.Pair"/>.</summary>
    public HashSet<int> Pairs { get; } = [];

    public List<KnowledgeExample> Examples { get; } = [];

    public void Add(SourceFile file)
    {
        if (StrictMap.Load(file, problems) is not { } map)
            return;
        foreach (YamlNode item in map.List("commands"))
            AddProgram(new StrictMap(item, file.Path, problems));
        map.Close();
    }

    private void AddProgram(StrictMap map)
    {
        List<(string Value, YamlNode Node)> names = map.Texts("name");
        if (names.Count == 0)
            map.Wrong(map.Node, "the key 'name' is missing");
        foreach (YamlNode item in map.List("examples"))
        {
            StrictMap example = new(item, map.File, problems);
            List<string> does = [];
            foreach ((string effect, YamlNode node) in example.Texts("does"))
            {
                does.Add(effect);
                CheckExpectation(example, node, effect);
            }

            if (example.Get("run") is { } run)
                Examples.Add(new KnowledgeExample(ExampleLoader.CallOf(example, run), [.. does], map.File, item.Start.Line));
            else
                example.Wrong(item, "the key 'run' is missing");
            example.Close();
        }

        int at = WriteSpecification(map, 0);
        foreach ((string name, YamlNode node) in names)
        {
            if (!_taken.TryAdd(name, $"{map.File}:{map.Node.Start.Line}"))
                map.Wrong(node, $"'{name}' is described already at {_taken[name]}");
            else
                Programs.Add((Encoding.UTF8.GetBytes(name), at));
        }
    }

    private static void CheckExpectation(StrictMap map, YamlNode node, string effect)
    {
        string[] words = effect.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (effect == "nothing" || effect == "opaque" || (words.Length > 0 && words[0] == "read" && words.Length > 1 && words[1] == "secret"))
            return;
        if (words.Length < 2 || Array.IndexOf(s_verbs, words[0]) < 0 || Array.IndexOf(s_kinds, words[1]) < 0)
            map.Wrong(node, $"'{effect}' must begin with a verb and a kind, or be 'nothing' or 'opaque'");
    }

    private sealed class Draft
    {
        public List<byte[]> Options { get; } = [];

        public List<(string Name, int At)> Subcommands { get; } = [];

        /// <summary>An option is named with a value: --network=host.</summary>
        public bool ByValue { get; set; }
    }

    // Children first, so that their places are known.
    private int WriteSpecification(StrictMap map, int depth)
    {
        Draft draft = new();
        int style = map.Choice("style", s_styles, 0);
        SpecificationFlags flags = (map.Flag("strict") ? SpecificationFlags.Strict : 0) | (map.Flag("input-when-bare") ? SpecificationFlags.InputWhenBare : 0)
            | (map.Flag("tar-style") ? SpecificationFlags.TarStyle : 0) | (map.Flag("inside") ? SpecificationFlags.Inside : 0) | (map.Flag("feeds") ? SpecificationFlags.Feeds : 0)
            | (map.Flag("fresh") ? SpecificationFlags.Fresh : 0) | (map.Flag("context") ? SpecificationFlags.Context : 0);
        (Role role, Language language) input = (Role.Text, Language.None);
        if (map.Get("input") is YamlScalarNode { Value: string inputText } inputNode)
            input = RoleOf(map, inputNode, inputText, out _);
        int output = map.Choice("output", s_outputs, 0), makes = map.Choice("makes", s_makings, 0);
        byte[] effects = Effects(map, "effects", out int effectCount), operands = Operands(map, "operands", out int operandCount);
        if (map.Get("options") is { } given)
            ReadOptions(new StrictMap(given, map.File, problems), draft);
        if (draft.ByValue && (WordStyle)style != WordStyle.Assign)
            flags |= SpecificationFlags.ByValue;
        if (map.Get("subcommands") is { } subcommands)
            ReadSubcommands(new StrictMap(subcommands, map.File, problems), draft, depth);
        int otherwise = map.Get("default") is { } fallback ? WriteSpecification(new StrictMap(fallback, map.File, problems), depth + 1) : 0;
        map.Close();

        // Many programs and sub-commands are alike: what is the same stands once.
        ByteBuilder options = new(256), table = new(256);
        foreach (byte[] option in draft.Options)
            options.Add(option);
        foreach ((string name, int at) in draft.Subcommands)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            table.Add((byte)bytes.Length).Add(bytes);
            Number(table, at);
        }

        int optionsAt = Shared("options", options, () => Bytes.Add(options.Written));
        int subcommandsAt = Shared("table", table, () =>
        {
            foreach ((string name, int at) in draft.Subcommands)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(name);
                Bytes.Add((byte)bytes.Length).Add(bytes);
                Place(at);
            }
        });
        byte[] header = [(byte)style, (byte)flags, (byte)input.role, (byte)input.language, (byte)output, (byte)effectCount, (byte)operandCount, (byte)makes];
        ByteBuilder whole = new ByteBuilder(128).Add(header).Add(effects).Add(operands);
        Number(whole, optionsAt);
        Number(whole, draft.Options.Count);
        Number(whole, subcommandsAt);
        Number(whole, draft.Subcommands.Count);
        Number(whole, otherwise);
        return Shared("specification", whole, () =>
        {
            Bytes.Add(header);
            Place(optionsAt);
            Half(draft.Options.Count);
            Half(draft.Subcommands.Count);
            Place(subcommandsAt);
            Place(otherwise);
            Bytes.Add(effects).Add(operands);
        });
    }

    private int Shared(string kind, ByteBuilder content, System.Action write)
    {
        string key = kind + Convert.ToBase64String(content.Written);
        if (!_shared.TryGetValue(key, out int at))
        {
            _shared[key] = at = Bytes.Length;
            write();
        }

        return at;
    }

    private static void Number(ByteBuilder builder, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        builder.Add(bytes);
    }

    private void ReadSubcommands(StrictMap map, Draft draft, int depth)
    {
        if (depth > 6)
        {
            map.Wrong(map.Node, "sub-commands may be nested 6 deep at most");
            return;
        }

        // "stash drop" is "drop" below "stash".
        SortedDictionary<string, (YamlNode? Own, List<(string Tail, YamlNode Node)> Below)> tree = new(StringComparer.Ordinal);
        if (map.Node is not YamlMappingNode node)
            return;
        foreach ((YamlNode key, YamlNode value) in node.Children)
        {
            string keyText = ((YamlScalarNode)key).Value ?? "";
            foreach (string full in keyText.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                int space = full.IndexOf(' ', StringComparison.Ordinal);
                string head = space < 0 ? full : full[..space];
                if (head.Length is 0 or > 100)
                    map.Wrong(key, "a sub-command has 1 to 100 letters");
                if (!tree.TryGetValue(head, out (YamlNode? Own, List<(string, YamlNode)> Below) entry))
                    entry = (null, []);
                if (space < 0 && entry.Own is not null)
                    map.Wrong(key, $"the sub-command '{head}' stands twice");
                if (space < 0)
                    entry.Own = value;
                else
                    entry.Below.Add((full[(space + 1)..], value));
                tree[head] = entry;
            }
        }

        // What holds below "*" holds below every named sibling that has sub-commands too, unless it says otherwise.
        List<(string Tail, YamlNode Node)> general = tree.TryGetValue("*", out (YamlNode? Own, List<(string, YamlNode)> Below) star) ? star.Below : [];
        foreach ((string head, (YamlNode? own, List<(string Tail, YamlNode Node)> below)) in tree)
        {
            YamlMappingNode? named = own is YamlMappingNode { } ownMap && ownMap.Children.TryGetValue("subcommands", out YamlNode? inside) ? inside as YamlMappingNode : null;
            if (head != "*" && (below.Count > 0 || named is not null))
                below.AddRange(general.FindAll(item => !below.Exists(mine => mine.Tail == item.Tail) && named?.Children.ContainsKey(item.Tail) != true));
            // A word that only its followers are known of, without one of them: nobody knows what that does.
            YamlNode child = own ?? (head == "*" ? new YamlMappingNode("default", new YamlMappingNode("effects", new YamlSequenceNode(new YamlScalarNode("run code")))) : new YamlMappingNode());
            if (below.Count > 0)
                child = WithSubcommands(map, child, below);
            draft.Subcommands.Add((head, WriteSpecification(new StrictMap(child, map.File, problems), depth + 1)));
        }
    }

    private static YamlMappingNode WithSubcommands(StrictMap where, YamlNode own, List<(string Tail, YamlNode Node)> below)
    {
        YamlMappingNode merged = new(), subcommands = new();
        if (own is YamlMappingNode map)
        {
            foreach ((YamlNode key, YamlNode value) in map.Children)
            {
                if (key is YamlScalarNode { Value: "subcommands" } && value is YamlMappingNode already)
                {
                    foreach ((YamlNode name, YamlNode inner) in already.Children)
                        subcommands.Add(name, inner);
                }
                else
                {
                    merged.Add(key, value);
                }
            }
        }

        foreach ((string rest, YamlNode node) in below)
        {
            if (subcommands.Children.ContainsKey(rest))
                where.Wrong(node, $"the sub-command '{rest}' stands twice");
            else
                subcommands.Add(rest, node);
        }

        // What stands at the word itself, without a further one, is its default.
        bool alone = merged.Children.ContainsKey("operands") || merged.Children.ContainsKey("effects");
        if (alone && !merged.Children.ContainsKey("default"))
        {
            YamlMappingNode otherwise = new();
            foreach (string key in (string[])["operands", "effects"])
            {
                if (merged.Children.TryGetValue(key, out YamlNode? value))
                {
                    otherwise.Add(key, value);
                    merged.Children.Remove(key);
                }
            }

            merged.Add("default", otherwise);
        }

        merged.Add("subcommands", subcommands);
        return merged;
    }

    private void ReadOptions(StrictMap map, Draft draft)
    {
        if (map.Node is not YamlMappingNode node)
            return;
        foreach ((YamlNode key, YamlNode value) in node.Children)
        {
            ByteBuilder entry = new(64);
            string[] names = ((key as YamlScalarNode)?.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            entry.Add((byte)0).Add((byte)0).Add((byte)names.Length);
            foreach (string name in names)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(name);
                if (bytes.Length is 0 or > 100)
                    map.Wrong(key, "an option has 1 to 100 letters");
                draft.ByValue |= name.IndexOf('=', StringComparison.Ordinal) is int equals && equals > 0 && equals < name.Length - 1;
                entry.Add((byte)Math.Min(bytes.Length, 255)).Add(bytes);
            }

            WriteOption(map, value, entry);
            byte[] written = entry.ToArray();
            BinaryPrimitives.WriteUInt16LittleEndian(written, (ushort)written.Length);
            draft.Options.Add(written);
        }
    }

    private void WriteOption(StrictMap map, YamlNode value, ByteBuilder entry)
    {
        OptionFlags flags = OptionFlags.None;
        ulong sets = 0;
        (Role Role, Language Language) role = default, second = default;
        byte[] effects = [], operands = [];
        int effectCount = 0, operandCount = 0, turns = 0, prints = 0;
        if (value is YamlScalarNode { Value: string } or YamlSequenceNode)
        {
            sets = Bits(map, value);
        }
        else
        {
            StrictMap option = new(value, map.File, problems);
            if (option.Get("value") is YamlScalarNode { Value: string wanted } valueNode)
            {
                flags |= OptionFlags.Value;
                role = RoleOf(option, valueNode, wanted, out _);
            }

            if (option.Get("optional") is YamlScalarNode { Value: string perhaps } optionalNode)
            {
                flags |= OptionFlags.Optional;
                role = RoleOf(option, optionalNode, perhaps, out _);
            }

            if (option.Get("sets") is { } bits)
                sets = Bits(option, bits);
            effects = Effects(option, "effects", out effectCount);
            if (option.Get("turns") is YamlScalarNode { Value: string turned } turnsNode)
                turns = option.Known(turnsNode, turned, "verb", s_verbs) ?? 0;
            prints = option.Choice("prints", s_outputs, 0);
            if (option.Get("second") is YamlScalarNode { Value: string also } secondNode)
            {
                flags |= OptionFlags.Second;
                second = RoleOf(option, secondNode, also, out _);
                if ((flags & OptionFlags.Value) == 0)
                    option.Wrong(secondNode, "'second' is for options that have a 'value'");
            }

            bool overrides = option.Has("operands");
            operands = Operands(option, "operands", out operandCount);
            flags |= (option.Flag("drops") ? OptionFlags.Drops : 0) | (option.Flag("only") ? OptionFlags.Only : 0) | (option.Flag("insists") ? OptionFlags.Insists : 0) | (option.Flag("before") ? OptionFlags.Before : 0) | (option.Flag("clears") ? OptionFlags.Clears : 0) | (overrides ? OptionFlags.Operands : 0);
            option.Close();
        }

        flags |= (sets != 0 ? OptionFlags.Sets : 0) | (effectCount > 0 ? OptionFlags.Effects : 0) | (turns != 0 ? OptionFlags.Turns : 0) | (prints != 0 ? OptionFlags.Prints : 0);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)flags);
        entry.Add(number[..2]);
        if ((flags & (OptionFlags.Value | OptionFlags.Optional)) != 0)
            entry.Add((byte)role.Role).Add((byte)role.Language);
        if (sets != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, sets);
            entry.Add(number);
        }

        if (effectCount > 0)
            entry.Add((byte)effectCount).Add(effects);
        if (turns != 0)
            entry.Add((byte)turns);
        if (prints != 0)
            entry.Add((byte)prints);
        if ((flags & OptionFlags.Operands) != 0)
            entry.Add((byte)operandCount).Add(operands);
        if ((flags & OptionFlags.Second) != 0)
            entry.Add((byte)second.Role).Add((byte)second.Language);
    }

    private static ulong Bits(StrictMap map, YamlNode node)
    {
        ulong bits = 0;
        foreach (YamlNode item in node is YamlSequenceNode list ? list.Children : [node])
        {
            if (item is YamlScalarNode { Value: string word })
                bits |= map.Known(item, word, "attribute", s_attributes) is int at ? 1UL << at : 0;
            else
                map.Wrong(item, "an attribute is a word");
        }

        return bits;
    }

    // "verb kind attribute…"; "read secret" is reading data with the mark that it is secret.
    private byte[] Effects(StrictMap map, string key, out int count)
    {
        ByteBuilder bytes = new(32);
        count = 0;
        Span<byte> number = stackalloc byte[8];
        foreach ((string text, YamlNode node) in map.Texts(key))
        {
            string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2)
            {
                map.Wrong(node, "an effect is 'verb kind attribute…'");
                continue;
            }

            bool secret = words[0] == "read" && words[1] == "secret";
            int verb = map.Known(node, words[0], "verb", s_verbs) ?? 0, kind = secret ? (int)Kind.Data : map.Known(node, words[1], "kind", s_kinds) ?? 0;
            ulong bits = secret ? (ulong)Attributes.SecretData : 0;
            foreach (string word in words.AsSpan(2))
                bits |= map.Known(node, word, "attribute", s_attributes) is int at ? 1UL << at : 0;
            BinaryPrimitives.WriteUInt64LittleEndian(number, bits);
            bytes.Add((byte)verb).Add((byte)kind).Add((byte)(secret ? 1 : 0)).Add(number);
            Pairs.Add(RuleChecks.Pair((Verb)verb, (Kind)kind));
            count++;
        }

        if (count > 255)
            map.Wrong(map.Node, $"'{key}' may hold 255 items at most");
        return bytes.ToArray();
    }

    private static byte[] Operands(StrictMap map, string key, out int count)
    {
        ByteBuilder bytes = new(16);
        count = 0;
        foreach ((string text, YamlNode node) in map.Texts(key))
        {
            (Role role, Language language) = RoleOf(map, node, text, out bool repeats);
            bytes.Add((byte)role).Add((byte)language).Add((byte)(repeats ? 1 : 0));
            count++;
        }

        return bytes.ToArray();
    }

    private static (Role Role, Language Language) RoleOf(StrictMap map, YamlNode node, string text, out bool repeats)
    {
        repeats = text.EndsWith("...", StringComparison.Ordinal);
        if (repeats)
            text = text[..^3];
        text = text.TrimEnd('?', ' ');
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            map.Wrong(node, "a role is missing");
            return default;
        }

        Role role = (Role)(map.Known(node, words[0], "role", s_roles) ?? 0);
        Language language = words.Length > 1 ? (Language)(map.Known(node, words[1], "language", s_languages) ?? 0) : Language.None;
        if (words.Length > 2 || (role is Role.Code or Role.Script) != (words.Length == 2))
            map.Wrong(node, "'code' and 'script' take a language, other roles stand alone");
        return (role, language);
    }

    private void Place(int at)
    {
        if (at != 0)
            References.Add(Bytes.Length);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, at);
        Bytes.Add(bytes);
    }

    private void Half(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)value));
        Bytes.Add(bytes);
    }
}
