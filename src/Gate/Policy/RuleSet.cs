using System;
using System.Text;
using Gate.Bundles;
using Gate.Effects;
using Gate.Text;

namespace Gate.Policy;

/// <summary>A rule as it stands in a bundle: numbers and places; its texts are read only when it took part in a decision.</summary>
public readonly struct Rule(RuleSet set, int offset)
{
    /// <summary>
    /// The record: u32 id, u32 title, u32 instead, u32 tags, u32 pack (places of texts), u32 source line, u8 action, u8 severity, u8 zone (255: none),
    /// u8 soft, u16 first exception (counted from 1; 0: none).
    /// </summary>
    public const int Size = 30;

    public string Id => set.Text(offset);

    public string Title => set.Text(offset + 4);

    public string Instead => set.Text(offset + 8);

    /// <summary>Compliance tags, one space between.</summary>
    public string Tags => set.Text(offset + 12);

    public string Pack => set.Text(offset + 16);

    public Action Action => (Action)set.Bundle.Byte(offset + 24);

    public Severity Severity => (Severity)set.Bundle.Byte(offset + 25);

    /// <summary>The zone this rule gives to what it matches; -1 for none.</summary>
    public int Zone => set.Bundle.Byte(offset + 26) is byte zone && zone == 255 ? -1 : zone;

    public bool Soft => set.Bundle.Byte(offset + 27) != 0;

    public int FirstException => set.Bundle.Half(offset + 28);
}

/// <summary>The rules of a bundle, found by what a call holds: the cost of a call does not grow with the number of rules.</summary>
public sealed class RuleSet
{
    private readonly int _rules, _conditions;
    private readonly KeyTable _index;

    public RuleSet(Bundle bundle)
    {
        Bundle = bundle;
        (_rules, int length) = bundle.Find(Section.Rules);
        Count = length / Rule.Size;
        (_conditions, _) = bundle.Find(Section.Conditions);
        (int index, int indexed) = bundle.Find(Section.RuleIndex);
        if (indexed == 0)
            throw new BundleDamagedException("the bundle has no index of rules");
        _index = new KeyTable(bundle, index);
    }

    public Bundle Bundle { get; }

    public int Count { get; }

    public Rule this[int number] => new(this, _rules + (number * Rule.Size));

    internal string Text(int place) => Encoding.UTF8.GetString(Bundle.Text((int)Bundle.Word(place)));

    /// <summary>The rules under a key, as a list for <see cref="NumberAt"/> and <see cref="ConditionAt"/>: its place and how many rules it holds. Two keys that fall together only lead to conditions that do not hold.</summary>
    public (int Place, int Count) Find(ulong key)
    {
        (int place, int count) = _index.Find(KeyTable.Fold(key));
        return (place, count / 2);
    }

    public int NumberAt(int place, int index) => (int)Bundle.Word(place + (index * 8));

    /// <summary>The condition of a listed rule: in its section, u16 length, then the code.</summary>
    public ReadOnlySpan<byte> ConditionAt(int place, int index)
    {
        int at = _conditions + (int)Bundle.Word(place + (index * 8) + 4);
        return Bundle.At(at + 2, Bundle.Half(at));
    }
}

/// <summary>What a rule is filed under: FNV-1a of a letter and a text. Program, tool, or verb with kind.</summary>
public static class RuleKey
{
    /// <summary>Rules that no key names: every effect is held against them.</summary>
    public static ulong Any => Hash((byte)'*', default);

    public static ulong OfProgram(ReadOnlySpan<byte> program) => Hash((byte)'p', program);

    public static ulong OfTool(ReadOnlySpan<byte> tool) => Hash((byte)'t', tool);

    public static ulong OfEffect(Verb verb, Kind kind) => Hash((byte)'e', [(byte)verb, (byte)kind]);

    public static ulong Hash(byte letter, ReadOnlySpan<byte> text) => Fnv.Hash(text, Fnv.Hash([letter]));
}
