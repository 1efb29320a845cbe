using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Bundles;
using Gate.Effects;
using Gate.Native;
using Gate.Policy;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>Lays a checked policy out as a bundle file (see <see cref="BundleFormat"/>). The same input gives the same bytes.</summary>
public sealed partial class BundleWriter
{
    private readonly Dictionary<Section, ByteBuilder> _sections = [];

    // u32 places inside sections that point into another section; filled in when the layout is known.
    private readonly List<(Section Section, int At, Section Target)> _references = [];
    private readonly Dictionary<string, int> _texts = [];
    private readonly SortedSet<string> _variables = new(StringComparer.Ordinal), _facts = new(StringComparer.Ordinal);
    private bool _asksContext;
    private readonly Dictionary<string, int> _firstException = [], _automata = [];

    /// <summary>Signs the header; gets the bytes to sign and returns 64 bytes. Null leaves the bundle unsigned, as the binary's own is.</summary>
    public delegate byte[] Signer(byte[] message);

    public static byte[] Write(PolicyModel model, Profile profile, ulong revision, bool withSources, ReadOnlySpan<byte> keyId, Signer? sign)
    {
        BundleWriter writer = new();
        writer.WriteProfile(profile, model.ToolsOf(profile));
        writer.WriteZones(model);
        writer.Of(Section.Places).Add(model.Places);
        writer.Of(Section.PlaceIndex).Add(model.PlaceIndex);
        writer.Of(Section.Code).Add(model.Code.Written);
        writer.WriteKnowledge(model.Knowledge);
        List<RuleModel> rules = model.RulesOf(profile);
        writer.WriteExceptions(model, rules);
        writer.WriteRules(rules);
        writer.WriteSequences(rules);
        writer.WriteNames(Section.Variables, writer._variables);
        writer.WriteNames(Section.SessionFacts, writer._facts);
        if (writer._asksContext)
            writer.Of(Section.Contexts).Add(model.Contexts);
        writer.WriteExamples(rules);
        writer.WriteBudgets(model.Budgets);
        if (model.Redactions.Formats.Count > 0)
            writer.Of(Section.Redactions).Add(RedactionWriter.Write(model.Redactions, model.ProfileDetails.GetValueOrDefault(profile.Name)?.Redaction ?? true));
        writer.WriteSources(model, withSources);
        return writer.Assemble(revision, keyId, sign);
    }

    private ByteBuilder Of(Section section)
    {
        if (!_sections.TryGetValue(section, out ByteBuilder? builder))
            _sections[section] = builder = new ByteBuilder(4096);
        return builder;
    }

    private static void Word(ByteBuilder builder, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        builder.Add(bytes);
    }

    private static void Half(ByteBuilder builder, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)value));
        builder.Add(bytes);
    }

    private static void Long(ByteBuilder builder, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        builder.Add(bytes);
    }

    private void Reference(Section section, Section target, int offsetInTarget)
    {
        ByteBuilder builder = Of(section);
        _references.Add((section, builder.Length, target));
        Word(builder, (uint)offsetInTarget);
    }

    // Texts are shared; place 0 of the section is the empty text.
    private void TextReference(Section section, string text)
    {
        ByteBuilder texts = Of(Section.Texts);
        if (!_texts.TryGetValue(text, out int at))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            _texts[text] = at = texts.Length;
            Half(texts, bytes.Length);
            texts.Add(bytes);
        }

        Reference(section, Section.Texts, at);
    }

    // The names that conditions ask for, in their order.
    private void WriteNames(Section section, SortedSet<string> all)
    {
        if (all.Count == 0)
            return;
        ByteBuilder names = Of(section).Add(checked((byte)all.Count));
        foreach (string name in all)
            names.Add((byte)name.Length).Add(Encoding.ASCII.GetBytes(name));
    }

    private void WriteBudgets(List<BudgetLimit> budgets)
    {
        if (budgets.Count == 0)
            return;
        ByteBuilder section = Of(Section.Budgets).Add(checked((byte)budgets.Count));
        foreach (BudgetLimit budget in budgets)
        {
            section.Add(checked((byte)budget.Name.Length)).Add(Encoding.ASCII.GetBytes(budget.Name));
            Word(section, (uint)budget.Actions);
            Word(section, (uint)budget.Minutes);
        }
    }

    // Tables of automata lie apart, each once: a condition that needs none is read without them.
    private void Add(Section section, CompiledCondition condition)
    {
        ByteBuilder tables = Of(Section.Automata);
        int start = Of(section).Length;
        byte[] code = [.. condition.Code];
        foreach ((int at, byte[] table) in condition.Automata)
        {
            string key = Convert.ToHexString(table);
            if (!_automata.TryGetValue(key, out int place))
            {
                _automata[key] = place = tables.Length;
                tables.Add(table);
            }

            Put(code, at, (uint)place);
            _references.Add((section, start + at, Section.Automata));
        }

        Of(section).Add(code);
        if (condition.Code.AsSpan().IndexOfAny((byte)Test.Environment, (byte)Test.Context, (byte)Test.Session) < 0)
            return;
        foreach (ConditionTree part in ConditionTree.Of(condition, []).All())
        {
            _asksContext |= part.Test == Test.Context;
            if (part.Test == Test.Environment)
                _variables.Add(Encoding.ASCII.GetString(part.Variable));
            if (part.Test == Test.Session)
                _facts.UnionWith(part.Texts().ConvertAll(Encoding.ASCII.GetString));
        }
    }

    private void WriteProfile(in Profile profile, List<ToolModel> tools)
    {
        TextReference(Section.Profile, profile.Name);
        Of(Section.Profile).Add([(byte)profile.Auto, (byte)profile.Ask, (byte)(profile.Grant ? 1 : 0), (byte)profile.UnknownTool]);
        TextReference(Section.Profile, profile.Budget);
        Word(Of(Section.Profile), (uint)profile.BudgetActions);
        Word(Of(Section.Profile), (uint)profile.BudgetMinutes);
        Word(Of(Section.Profile), (uint)profile.Levels);
        byte[] shown = Encoding.UTF8.GetBytes(string.Join('\n', tools.ConvertAll(tool => $"{tool.Name}: {tool.Shown}")));
        TextReference(Section.Profile, Encoding.UTF8.GetString(Cut.To(shown, PolicyLoader.MaximumText * 8)));
    }

    private void WriteZones(PolicyModel model)
    {
        foreach (ZoneModel zone in model.Zones)
        {
            ByteBuilder builder = Of(Section.Zones).Add((byte)zone.Zone);
            Half(builder, zone.When.Code.Length);
            Add(Section.Zones, zone.When);
        }
    }

    // By rule, so that a rule names its first one; before the rules, which do. See Policy/Exceptions.cs.
    private void WriteExceptions(PolicyModel model, List<RuleModel> rules)
    {
        int next = 1;
        for (int i = 0; i < rules.Count; i++)
        {
            foreach (ExceptionModel exception in model.Exceptions.FindAll(exception => exception.Rule == rules[i].Id))
            {
                _firstException.TryAdd(rules[i].Id, next++);
                ByteBuilder record = Of(Section.Exceptions);
                Half(record, i);
                Half(record, exception.When.Code.Length);
                Reference(Section.Exceptions, Section.Conditions, Of(Section.Conditions).Length);
                Add(Section.Conditions, exception.When);
                Long(record, (ulong)exception.Until);
                TextReference(Section.Exceptions, exception.Reason);
            }
        }
    }

    private void WriteRules(List<RuleModel> rules)
    {
        Dictionary<uint, List<int>> keyed = [];
        for (int i = 0; i < rules.Count; i++)
        {
            RuleModel rule = rules[i];
            TextReference(Section.Rules, rule.Id);
            TextReference(Section.Rules, rule.Title);
            TextReference(Section.Rules, rule.Instead);
            TextReference(Section.Rules, string.Join(' ', rule.Tags));
            TextReference(Section.Rules, rule.Pack);
            ByteBuilder record = Of(Section.Rules);
            Word(record, (uint)rule.Line);
            record.Add([(byte)rule.Action, (byte)rule.Severity, (byte)(rule.Zone < 0 ? 255 : rule.Zone), (byte)(rule.Soft ? 1 : 0)]);
            Half(record, _firstException.GetValueOrDefault(rule.Id));
            if (rule.Sequence is not null)
                continue;
            foreach (ulong key in rule.When.Keys ?? [RuleKey.Any])
            {
                uint folded = KeyTable.Fold(key);
                if (!keyed.TryGetValue(folded, out List<int>? list))
                    keyed[folded] = list = [];
                list.Add(i);
            }
        }

        _ = Of(Section.Rules);
        WriteIndex(rules, keyed);
    }

    // Records, then the conditions of both steps. See Policy/Sequences.cs.
    private void WriteSequences(List<RuleModel> rules)
    {
        List<int> numbers = [];
        for (int i = 0; i < rules.Count; i++)
        {
            if (rules[i].Sequence is not null)
                numbers.Add(i);
        }

        if (numbers.Count == 0)
            return;
        int conditions = Sequences.Head + (numbers.Count * Sequences.Size);
        List<CompiledCondition> steps = [];
        ByteBuilder section = Of(Section.Sequences);
        Word(section, (uint)numbers.Count);
        int most = 0;
        foreach (int number in numbers)
            most = Math.Max(most, rules[number].Sequence!.Calls);
        Word(section, (uint)most);
        foreach (int number in numbers)
        {
            SequenceModel sequence = rules[number].Sequence!;
            Half(section, number);
            Half(section, sequence.Times);
            section.Add([(byte)(sequence.SamePath ? 1 : 0), (byte)(sequence.First is null ? 1 : 0), 0, 0]);
            Word(section, (uint)Sequences.KeyOf(Encoding.UTF8.GetBytes(rules[number].Id)));
            Word(section, (uint)sequence.Calls);
            Word(section, (uint)sequence.Seconds);
            Word(section, sequence.FirstVerbs);
            Word(section, sequence.LastVerbs);
            foreach (CompiledCondition? step in (ReadOnlySpan<CompiledCondition?>)[sequence.First, rules[number].When])
            {
                if (step is null)
                {
                    Word(section, 0);
                    continue;
                }

                Reference(Section.Sequences, Section.Sequences, conditions);
                steps.Add(step);
                conditions += 2 + step.Code.Length;
            }
        }

        foreach (CompiledCondition step in steps)
        {
            Half(section, step.Code.Length);
            Add(Section.Sequences, step);
        }
    }

    // The conditions of rules that are looked at together lie together: those of the longest list first.
    private void WriteIndex(List<RuleModel> rules, Dictionary<uint, List<int>> keyed)
    {
        List<uint> keys = [.. keyed.Keys];
        keys.Sort((a, b) => keyed[a].Count != keyed[b].Count ? keyed[b].Count.CompareTo(keyed[a].Count) : a.CompareTo(b));
        int[] places = new int[rules.Count];
        Array.Fill(places, -1);
        KeyTableWriter index = new();
        ByteBuilder conditions = Of(Section.Conditions);
        foreach (uint key in keys)
        {
            foreach (int rule in keyed[key])
            {
                if (places[rule] < 0)
                {
                    places[rule] = conditions.Length;
                    Half(conditions, rules[rule].When.Code.Length);
                    Add(Section.Conditions, rules[rule].When);
                }

                index.Add(key, (uint)rule);
                index.Add(key, (uint)places[rule]);
            }
        }

        _ = Of(Section.RuleIndex).Add(index.ToArray());
    }

    // For each rule a u32 place; there: u16 count, then each example as u8 catches, u16 length and tool, u32 length and input, u16 length and what a person said.
    private void WriteExamples(List<RuleModel> rules)
    {
        ByteBuilder bodies = new(4096);
        foreach (RuleModel rule in rules)
        {
            Reference(Section.Examples, Section.Examples, (rules.Count * 4) + bodies.Length);
            Half(bodies, rule.Examples.Length);
            foreach (Example example in rule.Examples)
            {
                byte[] tool = Encoding.UTF8.GetBytes(example.Tool);
                bodies.Add((byte)(example.Catches ? 1 : 0));
                Half(bodies, tool.Length);
                bodies.Add(tool);
                Word(bodies, (uint)example.Input.Length);
                bodies.Add(example.Input);
                Half(bodies, example.Said.Length);
                bodies.Add(example.Said);
            }
        }

        _ = Of(Section.Examples).Add(bodies.Written);
    }

    private void WriteKnowledge(KnowledgeCompiler? knowledge)
    {
        if (knowledge is null || knowledge.Programs.Count == 0)
            return;
        ByteBuilder bytes = Of(Section.Knowledge).Add(knowledge.Bytes.Written);
        foreach (int at in knowledge.References)
            _references.Add((Section.Knowledge, at, Section.Knowledge));

        int slots = 4;
        while (slots < knowledge.Programs.Count * 2)
            slots *= 2;
        (byte[] Name, int At)?[] table = new (byte[] Name, int At)?[slots];
        foreach ((byte[] Name, int At) program in knowledge.Programs)
        {
            int slot = (int)(Fnv.Hash(program.Name) & (ulong)(slots - 1));
            while (table[slot] is not null)
                slot = (slot + 1) & (slots - 1);
            table[slot] = program;
        }

        ByteBuilder programs = Of(Section.Programs);
        Word(programs, (uint)slots);
        foreach ((byte[] Name, int At)? program in table)
        {
            Long(programs, program is null ? 0 : Fnv.Hash(program.Value.Name));
            if (program is null)
            {
                Long(programs, 0);
                continue;
            }

            Reference(Section.Programs, Section.Knowledge, program.Value.At);
            TextReference(Section.Programs, Encoding.UTF8.GetString(program.Value.Name));
        }
    }

    // Sources: u32 count, then for each: text path, 32 bytes digest, u32 length, and the bytes when they travel along.
    private void WriteSources(PolicyModel model, bool withTexts)
    {
        ByteBuilder sources = Of(Section.Sources);
        Word(sources, (uint)model.Sources.Count);
        byte[] digest = new byte[BundleFormat.DigestSize];
        foreach (SourceFile source in model.Sources)
        {
            byte[] path = Encoding.UTF8.GetBytes(source.Path);
            Half(sources, path.Length);
            sources.Add(path);
            Sodium.Blake2(source.Text, digest);
            sources.Add(digest);
            Word(sources, withTexts ? (uint)source.Text.Length : 0);
            if (withTexts)
                sources.Add(source.Text);
        }
    }
}
