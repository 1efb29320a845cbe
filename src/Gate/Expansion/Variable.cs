using System;
using System.Buffers.Text;
using System.Text;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

/// <summary>What declare and export say of a variable.</summary>
[Flags]
public enum Traits : byte
{
    None = 0,
    Array = 1,
    /// <summary>Keys are texts (declare -A).</summary>
    Associative = 2,
    /// <summary>What is assigned is arithmetic (declare -i).</summary>
    Integer = 4,
    /// <summary>Stands for the variable it names (declare -n).</summary>
    Reference = 8,
    /// <summary>Programs see it.</summary>
    Exported = 16,
    Upper = 32,
    Lower = 64,
}

/// <summary>A shell variable: one value, or the elements of an array in bash's order. No values: it was unset in this text.</summary>
public sealed class Variable(byte[] name, Value[] values, Traits traits = Traits.None, byte[][]? keys = null)
{
    /// <summary>An array with more elements than this is not known any more.</summary>
    public const int MaximumElements = 256;

    public byte[] Name { get; } = name;

    public Value[] Values { get; } = values;

    public Traits Traits { get; } = traits;

    /// <summary>The key of each element; null where they are 0, 1, 2 ….</summary>
    public byte[][]? Keys { get; } = keys;

    /// <summary>Where nothing is known because the assignment may not have been reached: what it would have set.</summary>
    public Value[]? Perhaps { get; init; }

    public bool IsArray => (Traits & (Traits.Array | Traits.Associative)) != 0;

    public bool Has(Traits trait) => (Traits & trait) != 0;

    /// <summary>Nothing is known of it, not even how many elements it has.</summary>
    public bool IsUnknown => Values is [{ Many: true, HasHole: true }] && IsArray;

    public Taint Taint
    {
        get
        {
            Taint taint = Taint.None;
            foreach (Value value in Values)
                taint |= value.Taint;
            return taint;
        }
    }

    public static Variable Unknown(byte[] name, Taint taint, Traits traits) => new(name, [Value.Unknown(taint, many: true)], traits);

    public Variable With(Traits more) => new(Name, Values, Traits | more, Keys);

    public byte[] KeyAt(int index) => Keys is null ? Encoding.ASCII.GetBytes(index.ToString()) : Keys[index];

    /// <summary>Where the element with this key stands, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> key)
    {
        if (Keys is null)
            return Utf8Parser.TryParse(key, out int at, out int used) && used == key.Length && at >= 0 && at < Values.Length ? at : -1;
        for (int i = 0; i < Keys.Length; i++)
        {
            if (key.SequenceEqual(Keys[i]))
                return i;
        }

        return -1;
    }

    /// <summary>What the name alone stands for: a scalar, or the element 0 of an array. Null: not known.</summary>
    public Value[]? Scalar()
    {
        if (!IsArray)
            return Values;
        if (IsUnknown)
            return null;
        int at = IndexOf("0"u8);
        return at < 0 ? [] : [Values[at]];
    }

    /// <summary>The same with one element set. Associative arrays keep the order in which bash would list them.</summary>
    public Variable WithElement(byte[] key, Value value)
    {
        Traits traits = Has(Traits.Associative) ? Traits : Traits | Traits.Array;
        if (IsUnknown)
            return this;
        int at = IndexOf(key);
        if (at >= 0)
        {
            Value[] changed = (Value[])Values.Clone();
            changed[at] = value;
            return new Variable(Name, changed, traits, Keys);
        }

        if (Values.Length >= MaximumElements)
            return Unknown(Name, Taint | value.Taint, traits);
        int place = 0;
        while (place < Values.Length && Before(KeyAt(place), key))
            place++;
        Value[] values = new Value[Values.Length + 1];
        byte[][] keys = new byte[values.Length][];
        bool plain = !Has(Traits.Associative);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i == place ? value : Values[i < place ? i : i - 1];
            keys[i] = i == place ? key : KeyAt(i < place ? i : i - 1);
            plain &= keys[i].AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(i.ToString()));
        }

        return new Variable(Name, values, traits, plain ? null : keys);
    }

    /// <summary>The same without one element.</summary>
    public Variable Without(ReadOnlySpan<byte> key)
    {
        int at = IndexOf(key);
        if (at < 0 || IsUnknown)
            return this;
        Value[] values = new Value[Values.Length - 1];
        byte[][] keys = new byte[values.Length][];
        for (int i = 0; i < values.Length; i++)
            (values[i], keys[i]) = (Values[i < at ? i : i + 1], KeyAt(i < at ? i : i + 1));
        return new Variable(Name, values, Traits, keys);
    }

    // Indexed: by number. Associative: by bucket of bash's hash table, the newest of a bucket first.
    private bool Before(ReadOnlySpan<byte> old, ReadOnlySpan<byte> added)
    {
        if (Has(Traits.Associative))
            return Bucket(old) < Bucket(added);
        _ = Utf8Parser.TryParse(old, out long a, out _);
        _ = Utf8Parser.TryParse(added, out long b, out _);
        return a < b;
    }

    // FNV-1 over 1024 buckets, as bash hashes keys.
    private static uint Bucket(ReadOnlySpan<byte> key)
    {
        uint hash = 2166136261;
        foreach (byte b in key)
            hash = unchecked(hash * 16777619) ^ b;
        return hash & 1023;
    }
}

/// <summary>A function or an alias, with the text its body points into.</summary>
public sealed class Definition(byte[] name, Command? body, byte[]? alias, SourceText source)
{
    public byte[] Name { get; } = name;

    /// <summary>Null together with <see cref="Alias"/>: it was taken away again.</summary>
    public Command? Body { get; } = body;

    public byte[]? Alias { get; } = alias;

    public SourceText Source { get; } = source;

    /// <summary>Shells started from this one know it too (export -f).</summary>
    public bool Exported { get; init; }

    /// <summary>It was defined where only a run would know whether one gets there.</summary>
    public bool Uncertain { get; init; }

    /// <summary>Calls that were gone through past the limits.</summary>
    public int Surveyed { get; set; }
}
