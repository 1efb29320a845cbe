using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Gate.Bundles;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>Collects keys with their values, and lays them out as <see cref="KeyTable"/> reads them. The same input gives the same bytes.</summary>
internal sealed class KeyTableWriter
{
    private readonly SortedDictionary<uint, List<uint>> _lists = [];

    /// <summary>Adds a value under a key, behind those that are there.</summary>
    public void Add(uint key, uint value)
    {
        if (!_lists.TryGetValue(key, out List<uint>? list))
            _lists[key] = list = [];
        list.Add(value);
    }

    public byte[] ToArray()
    {
        int slots = 4;
        while (slots < _lists.Count * 2)
            slots *= 2;
        byte[] head = new byte[KeyTable.FilterSize + 4 + (slots * 8)];
        Put(head, KeyTable.FilterSize, (uint)slots);
        ByteBuilder lists = new(4096);
        foreach ((uint key, List<uint> values) in _lists)
        {
            (int first, int second) = KeyTable.Bits(key);
            head[first >> 3] |= (byte)(1 << (first & 7));
            head[second >> 3] |= (byte)(1 << (second & 7));
            uint slot = key & (uint)(slots - 1);
            while (BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(SlotAt(slot))) != 0)
                slot = (slot + 1) & (uint)(slots - 1);
            Put(head, SlotAt(slot), key);
            Put(head, SlotAt(slot) + 4, (uint)(head.Length + lists.Length));
            byte[] list = new byte[4 + (values.Count * 4)];
            Put(list, 0, (uint)values.Count);
            for (int i = 0; i < values.Count; i++)
                Put(list, 4 + (i * 4), values[i]);
            lists.Add(list);
        }

        return [.. head, .. lists.Written];
    }

    private static int SlotAt(uint slot) => KeyTable.FilterSize + 4 + ((int)slot * 8);

    private static void Put(byte[] bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
}
