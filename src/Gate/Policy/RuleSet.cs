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
    /// The record: u32 id, u32 title, u32 instead, u32 tags (places of texts), u32 condition, u16 its length, u8 action, u8 severity,
    /// u8 zone (255: none), u8 soft, u16 first exception (counted from 1; 0: none), u32 pack, u32 source line.
    /// </summary>
    public const int Size = 36;

    public string Id => set.Text(offset);

    public string Title => set.Text(offset + 4);

    public string Instead => set.Text(offset + 8);

    /// <summary>Compliance tags, one space between.</summary>
    public string Tags => set.Text(offset + 12);

    public ReadOnlySpan<byte> Condition => set.Bundle.At((int)set.Bundle.Word(offset + 16), set.Bundle.Half(offset + 20));

    public Action Action => (Action)set.Bundle.Byte(offset + 22);

    public Severity Severity => (Severity)set.Bundle.Byte(offset + 23);

    /// <summary>The zone this rule gives to what it matches; -1 for none.</summary>
    public int Zone => set.Bundle.Byte(offset + 24) is byte zone && zone == 255 ? -1 : zone;

    public bool Soft => set.Bundle.Byte(offset + 25) != 0;

    public int FirstException => set.Bundle.Half(offset + 26);

    public string Pack => set.Text(offset + 28);
}

/// <summary>The rules of a bundle, found by what a call holds: the cost of a call does not grow with the number of rules.</summary>
public sealed class RuleSet
{
    private readonly int _rules, _index;

    public RuleSet(Bundle bundle)
    {
        Bundle = bundle;
        (_rules, int length) = bundle.Find(Section.Rules);
        Count = length / Rule.Size;
        (_index, _) = bundle.Find(Section.RuleIndex);
    }

    public Bundle Bundle { get; }

    public int Count { get; }

    public Rule this[int number] => new(this, _rules + (number * Rule.Size));

    internal string Text(int place) => Encoding.UTF8.GetString(Bundle.Text((int)Bundle.Word(place)));

    /// <summary>Rules that no key names: every effect is held against them. (offset, count) of u16 numbers.</summary>
    public (int Offset, int Count) Unkeyed => ((int)Bundle.Word(_index + 4), (int)Bundle.Word(_index + 8));

    /// <summary>The rules under a key. The index: u32 slots (a power of two), u32 and u32 unkeyed, then slots of u64 hash, u32 offset, u32 count.</summary>
    public (int Offset, int Count) Find(ulong key)
    {
        uint slots = Bundle.Word(_index);
        for (ulong slot = key & (slots - 1); ; slot = (slot + 1) & (slots - 1))
        {
            int at = _index + 12 + ((int)slot * 16);
            int count = (int)Bundle.Word(at + 12);
            if (count == 0)
                return (0, 0);
            if (Bundle.Long(at) == key)
                return ((int)Bundle.Word(at + 8), count);
        }
    }

    public int NumberAt(int offset, int index) => Bundle.Half(offset + (index * 2));
}

/// <summary>What a rule is filed under: FNV-1a of a letter and a text. Program, tool, or verb with kind.</summary>
public static class RuleKey
{
    public static ulong OfProgram(ReadOnlySpan<byte> program) => Hash((byte)'p', program);

    public static ulong OfTool(ReadOnlySpan<byte> tool) => Hash((byte)'t', tool);

    public static ulong OfEffect(Verb verb, Kind kind) => Hash((byte)'e', [(byte)verb, (byte)kind]);

    public static ulong Hash(byte letter, ReadOnlySpan<byte> text) => Fnv.Hash(text, Fnv.Hash([letter]));
}
