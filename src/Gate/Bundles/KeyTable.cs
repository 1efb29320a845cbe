using System;
using Gate.Text;

namespace Gate.Bundles;

/// <summary>
/// A hash table in a bundle whose misses cost nothing: a filter of <see cref="FilterSize"/> bytes, in which two bits stand for each key; u32 slots
/// (a power of two); slots of u32 key (0: empty) and u32 place of a list, from the table's start; lists of u32 count and that many u32 values.
/// A key is a hash: what is found must be compared with what was looked for.
/// </summary>
public readonly struct KeyTable(Bundle bundle, int at)
{
    public const int FilterSize = 1024;

    /// <summary>The key of a text of some kind; never 0.</summary>
    public static uint Key(byte kind, ReadOnlySpan<byte> text) => Fold(Fnv.Hash(text, Fnv.Hash([kind])));

    public static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32)) | 1;

    /// <summary>The two bits of a key in the filter.</summary>
    public static (int First, int Second) Bits(uint key) => ((int)(key % (FilterSize * 8)), (int)((key >> 16) * 31 % (FilterSize * 8)));

    /// <summary>The list under a key: the place of its first value in the bundle, and how many there are.</summary>
    public (int Place, int Count) Find(uint key)
    {
        (int first, int second) = Bits(key);
        if (!IsSet(first) || !IsSet(second))
            return (0, 0);
        int slots = (int)bundle.Word(at + FilterSize);
        for (uint slot = key & (uint)(slots - 1); ; slot = (slot + 1) & (uint)(slots - 1))
        {
            int place = at + FilterSize + 4 + ((int)slot * 8);
            uint standing = bundle.Word(place);
            if (standing == 0)
                return (0, 0);
            if (standing != key)
                continue;
            int list = at + (int)bundle.Word(place + 4);
            return (list + 4, (int)bundle.Word(list));
        }
    }

    private bool IsSet(int bit) => (bundle.Byte(at + (bit >> 3)) >> (bit & 7) & 1) != 0;
}
