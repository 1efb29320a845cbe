using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Gate.Bundles;
using Gate.Native;

namespace Gate.Compiler;

// The sections side by side, the places between them, header, digests and signature.
public sealed partial class BundleWriter
{
    private byte[] Assemble(ulong revision, ReadOnlySpan<byte> keyId, Signer? sign)
    {
        List<Section> order = [.. _sections.Keys];
        order.Sort();
        Dictionary<Section, int> places = [];
        int dataLength = 0;
        foreach (Section section in order)
        {
            places[section] = dataLength;
            dataLength += (_sections[section].Length + 7) / 8 * 8;
        }

        int blocks = Math.Max(1, (dataLength + BundleFormat.BlockSize - 1) / BundleFormat.BlockSize);
        if (blocks > BundleFormat.MaximumBlocks)
            throw new InvalidOperationException("the bundle would be larger than 32 MiB");
        int chunks = (blocks + BundleFormat.Fan - 1) / BundleFormat.Fan;
        int upper = BundleFormat.SectionsAt + (order.Count * BundleFormat.SectionSize), lower = upper + (chunks * BundleFormat.DigestSize);
        int data = (lower + (blocks * BundleFormat.DigestSize) + BundleFormat.BlockSize - 1) / BundleFormat.BlockSize * BundleFormat.BlockSize;
        byte[] file = new byte[data + (blocks * BundleFormat.BlockSize)];

        foreach (Section section in order)
            _sections[section].Written.CopyTo(file.AsSpan(data + places[section]));
        foreach ((Section section, int at, Section target) in _references)
        {
            Span<byte> place = file.AsSpan(data + places[section] + at, 4);
            BinaryPrimitives.WriteUInt32LittleEndian(place, BinaryPrimitives.ReadUInt32LittleEndian(place) + (uint)(data + places[target]));
        }

        BundleFormat.Magic.CopyTo(file);
        Put(file, BundleFormat.VersionAt, BundleFormat.Version);
        Put(file, BundleFormat.EndianAt, BundleFormat.EndianMark);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(BundleFormat.LengthAt), (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(BundleFormat.RevisionAt), revision);
        Put(file, BundleFormat.BlockSizeAt, BundleFormat.BlockSize);
        Put(file, BundleFormat.BlockCountAt, (uint)blocks);
        Put(file, BundleFormat.DataAt, (uint)data);
        Put(file, BundleFormat.SectionCountAt, (uint)order.Count);
        keyId.CopyTo(file.AsSpan(BundleFormat.KeyIdAt));
        for (int i = 0; i < order.Count; i++)
        {
            int at = BundleFormat.SectionsAt + (i * BundleFormat.SectionSize);
            Put(file, at, (uint)order[i]);
            Put(file, at + 4, (uint)(data + places[order[i]]));
            Put(file, at + 8, (uint)_sections[order[i]].Length);
        }

        Digest(file, data, blocks, BundleFormat.BlockSize, lower);
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int count = Math.Min(BundleFormat.Fan, blocks - (chunk * BundleFormat.Fan));
            Sodium.Blake2(file.AsSpan(lower + (chunk * BundleFormat.Fan * BundleFormat.DigestSize), count * BundleFormat.DigestSize), file.AsSpan(upper + (chunk * BundleFormat.DigestSize)));
        }

        Sodium.Blake2(file.AsSpan(upper, chunks * BundleFormat.DigestSize), file.AsSpan(BundleFormat.RootAt));
        if (sign is not null)
        {
            byte[] message = new byte[Bundle.SignedLength(upper)];
            Bundle.SignedMessage(file.AsSpan(0, upper), message);
            sign(message).CopyTo(file.AsSpan(BundleFormat.SignatureAt));
        }

        return file;
    }

    private static void Digest(byte[] file, int from, int count, int size, int to)
    {
        for (int i = 0; i < count; i++)
            Sodium.Blake2(file.AsSpan(from + (i * size), size), file.AsSpan(to + (i * BundleFormat.DigestSize)));
    }

    private static void Put(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
}
