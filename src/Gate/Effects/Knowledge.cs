using System;
using System.Buffers.Binary;
using Gate.Bundles;
using Gate.Text;

namespace Gate.Effects;

/// <summary>An effect as a specification names it: the target is found at the call.</summary>
public readonly record struct EffectShape(Verb Verb, Kind Kind, bool ReadsSecret, Attributes Attributes);

/// <summary>A role in a list of operands.</summary>
public readonly record struct OperandRole(Role Role, Language Language, bool Repeats);

/// <summary>The program table of a bundle.</summary>
public sealed class Knowledge
{
    private readonly int _programs;

    public Knowledge(Bundle bundle)
    {
        Bundle = bundle;
        (_programs, _) = bundle.Find(Section.Programs);
    }

    internal Bundle Bundle { get; }

    /// <summary>Places in the table of names; some are empty.</summary>
    public int Count => _programs == 0 ? 0 : (int)Bundle.Word(_programs);

    /// <summary>The name at a place, 0 to <see cref="Count"/> - 1; empty where none stands.</summary>
    public ReadOnlySpan<byte> NameAt(int place) => Bundle.Text((int)Bundle.Word(_programs + 4 + (place * 16) + 12));

    /// <summary>What is known of a program; null when nothing is.</summary>
    public Specification? Find(ReadOnlySpan<byte> program)
    {
        if (_programs == 0 || program.Length is 0 or > 255)
            return null;
        ulong hash = Fnv.Hash(program);
        uint slots = Bundle.Word(_programs);
        for (ulong slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1))
        {
            int at = _programs + 4 + ((int)slot * 16);
            int specification = (int)Bundle.Word(at + 8);
            if (specification == 0)
                return null;
            if (Bundle.Long(at) == hash)
                return new Specification(Bundle, specification);
        }
    }
}

/// <summary>What one program, or one of its sub-commands, does with its words. A view over the bundle.</summary>
public sealed class Specification
{
    private const int HeaderSize = 24, EffectSize = 11, OperandSize = 3;

    private readonly Bundle _bundle;
    private readonly int _at;

    internal Specification(Bundle bundle, int at)
    {
        _bundle = bundle;
        _at = at;
        ReadOnlySpan<byte> header = bundle.At(at, HeaderSize);
        Style = (WordStyle)header[0];
        Flags = (SpecificationFlags)header[1];
        InputRole = (Role)header[2];
        InputLanguage = (Language)header[3];
        Output = (Output)header[4];
        EffectCount = header[5];
        OperandCount = header[6];
        Makes = (Makes)header[7];
        OptionCount = BinaryPrimitives.ReadUInt16LittleEndian(header[12..]);
        SubcommandCount = BinaryPrimitives.ReadUInt16LittleEndian(header[14..]);
    }

    public WordStyle Style { get; }

    public SpecificationFlags Flags { get; }

    public Role InputRole { get; }

    public Language InputLanguage { get; }

    public Output Output { get; }

    public Makes Makes { get; }

    public int EffectCount { get; }

    public int OperandCount { get; }

    public int OptionCount { get; }

    public int SubcommandCount { get; }

    public EffectShape Effect(int index) => EffectAt(_bundle.At(_at + HeaderSize + (index * EffectSize), EffectSize));

    public OperandRole Operand(int index) => OperandAt(_bundle.At(_at + HeaderSize + (EffectCount * EffectSize) + (index * OperandSize), OperandSize));

    /// <summary>What holds when there is no sub-command; null: nothing is done.</summary>
    public Specification? Default => (int)_bundle.Word(_at + 20) is int at && at != 0 ? new Specification(_bundle, at) : null;

    /// <summary>A sub-command by its word: the exact one, else the longest pattern that matches; a lone star matches everything.</summary>
    public Specification? Subcommand(ReadOnlySpan<byte> word)
    {
        int at = (int)_bundle.Word(_at + 16), longest = 0, found = 0;
        for (int i = 0; i < SubcommandCount; i++)
        {
            int length = _bundle.Byte(at);
            ReadOnlySpan<byte> name = _bundle.At(at + 1, length);
            if (name.SequenceEqual(word))
                return new Specification(_bundle, (int)_bundle.Word(at + 1 + length));
            if (length > longest && name.IndexOf((byte)'*') >= 0 && (length == 1 || Glob.Matches(name, word)))
                (longest, found) = (length, at + 1 + length);
            at += 5 + length;
        }

        return found == 0 ? null : new Specification(_bundle, (int)_bundle.Word(found));
    }

    /// <summary>The option of exactly this name, or, for a long name, the shortest that begins with it. Default when there is none.</summary>
    public OptionEntry FindOption(ReadOnlySpan<byte> name, bool prefix)
    {
        int at = (int)_bundle.Word(_at + 8);
        OptionEntry found = default;
        int shortest = int.MaxValue;
        for (int i = 0; i < OptionCount; i++)
        {
            int length = _bundle.Half(at);
            ReadOnlySpan<byte> entry = _bundle.At(at, length);
            int names = entry[2], next = 3;
            for (int n = 0; n < names; n++)
            {
                ReadOnlySpan<byte> candidate = entry.Slice(next + 1, entry[next]);
                next += 1 + candidate.Length;
                if (candidate.SequenceEqual(name))
                    return new OptionEntry(_bundle, at, EndOfNames(entry));
                if (prefix && name.Length > 3 && candidate.StartsWith(name) && candidate.Length < shortest)
                {
                    shortest = candidate.Length;
                    found = new OptionEntry(_bundle, at, EndOfNames(entry));
                }
            }

            at += length;
        }

        return found;
    }

    /// <summary>An option by its place in the list: 0 to <see cref="OptionCount"/> - 1.</summary>
    public OptionEntry Option(int index)
    {
        int at = (int)_bundle.Word(_at + 8);
        for (int i = 0; i < index; i++)
            at += _bundle.Half(at);
        return new OptionEntry(_bundle, at, EndOfNames(_bundle.At(at, _bundle.Half(at))));
    }

    private static int EndOfNames(ReadOnlySpan<byte> entry)
    {
        int next = 3;
        for (int n = 0; n < entry[2]; n++)
            next += 1 + entry[next];
        return next;
    }

    internal static EffectShape EffectAt(ReadOnlySpan<byte> bytes) =>
        new((Verb)bytes[0], (Kind)bytes[1], bytes[2] != 0, (Attributes)BinaryPrimitives.ReadUInt64LittleEndian(bytes[3..]));

    internal static OperandRole OperandAt(ReadOnlySpan<byte> bytes) => new((Role)bytes[0], (Language)bytes[1], bytes[2] != 0);
}

/// <summary>What an option does. A view over the bundle; default: not known.</summary>
public readonly struct OptionEntry
{
    private readonly Bundle? _bundle;
    private readonly int _effects, _operands, _second;

    internal OptionEntry(Bundle bundle, int at, int names)
    {
        _bundle = bundle;
        Place = at;
        at += names;
        Flags = (OptionFlags)bundle.Half(at);
        at += 2;
        if ((Flags & (OptionFlags.Value | OptionFlags.Optional)) != 0)
        {
            Role = (Role)bundle.Byte(at);
            Language = (Language)bundle.Byte(at + 1);
            at += 2;
        }

        if ((Flags & OptionFlags.Sets) != 0)
        {
            Sets = (Attributes)bundle.Long(at);
            at += 8;
        }

        if ((Flags & OptionFlags.Effects) != 0)
        {
            _effects = at;
            at += 1 + (bundle.Byte(at) * 11);
        }

        if ((Flags & OptionFlags.Turns) != 0)
            Turns = (Verb)bundle.Byte(at++);
        if ((Flags & OptionFlags.Prints) != 0)
            Prints = (Output)bundle.Byte(at++);
        if ((Flags & OptionFlags.Operands) != 0)
        {
            _operands = at;
            at += 1 + (bundle.Byte(at) * 3);
        }

        if ((Flags & OptionFlags.Second) != 0)
            _second = at;
    }

    public bool IsKnown => _bundle is not null;

    /// <summary>Where its entry stands: the same for all its names.</summary>
    public int Place { get; }

    public OptionFlags Flags { get; }

    public bool Has(OptionFlags flag) => (Flags & flag) != 0;

    public Role Role { get; private init; }

    public Language Language { get; private init; }

    /// <summary>The same option with the role of the second of its two values, and nothing else that it does.</summary>
    public OptionEntry Second => this with { Role = (Role)_bundle!.Byte(_second), Language = (Language)_bundle.Byte(_second + 1) };

    public Attributes Sets { get; }

    public Verb Turns { get; }

    public Output Prints { get; }

    public int EffectCount => _effects == 0 ? 0 : _bundle!.Byte(_effects);

    public EffectShape Effect(int index) => Specification.EffectAt(_bundle!.At(_effects + 1 + (index * 11), 11));

    public int OperandCount => _operands == 0 ? 0 : _bundle!.Byte(_operands);

    public OperandRole Operand(int index) => Specification.OperandAt(_bundle!.At(_operands + 1 + (index * 3), 3));
}
