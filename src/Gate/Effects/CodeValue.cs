using System;
using System.Collections.Generic;
using Gate.Expansion;

namespace Gate.Effects;

/// <summary>What an expression of scanned code is known to be: a text (NUL: a run that is not known), a list, a name that stands for a function or module, or nothing.</summary>
internal sealed class CodeValue
{
    public byte[]? Text { get; init; }

    /// <summary>The items of a list, tuple, dictionary or object.</summary>
    public List<CodeValue>? Items { get; init; }

    /// <summary>Beside <see cref="Items"/>: the key or keyword of each, null where it has none.</summary>
    public List<string?>? Keys { get; init; }

    /// <summary>Dotted, with aliases resolved: os.system. Of what a call returned: the name of what was called.</summary>
    public string? Name { get; init; }

    public long? Number { get; init; }

    /// <summary>What stands before the last dot of the name.</summary>
    public CodeValue? Receiver { get; init; }

    /// <summary>A function written on the spot: its parameters, and the token where its body begins.</summary>
    public List<string>? Parameters { get; init; }

    public int Body { get; init; }

    public Taint Taint { get; init; }

    /// <summary>The text is a pattern over file names.</summary>
    public bool Pattern { get; init; }

    /// <summary>Ran through a call or an index: no longer the function of that name.</summary>
    public bool Called { get; init; }

    public static CodeValue Unknown(Taint taint = Taint.None) => new() { Taint = taint };

    public static CodeValue Of(byte[] text, Taint taint = Taint.None) => new() { Text = text, Taint = taint };

    public static CodeValue Of(string text) => new() { Text = System.Text.Encoding.UTF8.GetBytes(text) };

    public static CodeValue List(List<CodeValue> items, List<string?>? keys = null)
    {
        Taint taint = Taint.None;
        foreach (CodeValue item in items)
            taint |= item.Taint;
        return new CodeValue { Items = items, Keys = keys, Taint = taint };
    }

    /// <summary>The text, one unknown run where there is none.</summary>
    public byte[] Bytes => Text ?? (Number is { } number ? System.Text.Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)) : [Value.Hole]);

    /// <summary>A text without unknown runs.</summary>
    public bool IsKnown => Text is not null && Text.AsSpan().IndexOf(Value.Hole) < 0;

    public bool Is(ReadOnlySpan<byte> text) => Text is not null && Text.AsSpan().SequenceEqual(text);

    public CodeValue With(Taint taint) => (Taint | taint) == Taint ? this : new() { Text = Text, Items = Items, Keys = Keys, Name = Name, Number = Number, Receiver = Receiver, Parameters = Parameters, Body = Body, Pattern = Pattern, Called = Called, Taint = Taint | taint };

    /// <summary>The item under a key or keyword.</summary>
    public CodeValue? Keyed(string key)
    {
        for (int i = 0; Items is not null && Keys is not null && i < Math.Min(Items.Count, Keys.Count); i++)
        {
            if (Keys[i] == key)
                return Items[i];
        }

        return null;
    }

    /// <summary>Items without a keyword, in order.</summary>
    public CodeValue? At(int index)
    {
        for (int i = 0; Items is not null && i < Items.Count; i++)
        {
            if (Keys?[i] is null && index-- == 0)
                return Items[i];
        }

        return null;
    }
}
