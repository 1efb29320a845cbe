using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Redaction;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>Lays formats out as the section that <see cref="RedactionTable"/> reads.</summary>
internal static class RedactionWriter
{
    public static byte[] Write(RedactionModel model, bool coversOutput)
    {
        List<uint> anchors = [];
        byte[] bits = new byte[RedactionTable.BitsLength], loose = new byte[RedactionTable.BitsLength];
        SortedDictionary<uint, List<int>> beginnings = [];
        for (int i = 0; i < model.Formats.Count; i++)
        {
            foreach (uint anchor in model.Formats[i].Anchors)
            {
                if (!beginnings.TryGetValue(anchor, out List<int>? formatsThere))
                    beginnings[anchor] = formatsThere = [];
                formatsThere.Add(i);
                Set(bits, anchor);
                if ((model.Formats[i].Flags & RedactionTable.LooseFlag) != 0)
                    Set(loose, anchor);
            }
        }

        List<byte[]> sieves = [];
        foreach ((uint anchor, List<int> there) in beginnings)
        {
            if (sieves.Count < RedactionTable.MaximumSieves && RedactionSieve.Of(model.Formats, there) is { } sieve)
            {
                anchors.Add((anchor << 8) | (uint)(RedactionTable.FirstSieve + sieves.Count));
                sieves.Add(sieve);
            }
            else
            {
                foreach (int format in there)
                    anchors.Add((anchor << 8) | (uint)format);
            }
        }

        // A mark begins like this; what stands in one is passed over.
        Set(bits, ((uint)'[' << 16) | ('r' << 8) | 'e');
        Set(loose, ((uint)'[' << 16) | ('r' << 8) | 'e');
        byte[] words = Words(model);
        int formatsAt = RedactionTable.AnchorsAt + (anchors.Count * RedactionTable.AnchorSize), wordsAt = formatsAt + (model.Formats.Count * RedactionTable.FormatSize);
        int sievesAt = wordsAt + words.Length, poolAt = sievesAt;
        foreach (byte[] sieve in sieves)
            poolAt += sieve.Length;
        ByteBuilder formats = new(4096), pool = new(1 << 16);
        Dictionary<string, int> known = [];
        foreach (FormatModel format in model.Formats)
        {
            Word(formats, format.Context is null ? 0 : Pooled(Sized(format.Context)));
            Word(formats, Pooled(Sized(format.Secret)));
            byte[] id = Encoding.ASCII.GetBytes(format.Id);
            Word(formats, Pooled([(byte)id.Length, .. id]));
            formats.Add([(byte)format.Kind, (byte)format.Hint, (byte)format.Flags, (byte)format.Checks.Length]);
            for (int i = 0; i < RedactionTable.MaximumChecks; i++)
                formats.Add(i < format.Checks.Length ? [(byte)format.Checks[i].Check, (byte)format.Checks[i].Value] : [0, 0]);
            Word(formats, Pooled(format.NotBefore));
            Word(formats, Pooled(format.NotAfter));
            Word(formats, Pooled(format.After));
            foreach (byte[] probe in format.Probes)
                Word(formats, Pooled(probe));
        }

        ByteBuilder section = new(pool.Length + poolAt);
        section.Add([(byte)(coversOutput ? 1 : 0), (byte)model.Formats.Count]);
        Span<byte> half = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(half, checked((ushort)anchors.Count));
        section.Add(half);
        Word(section, formatsAt);
        Word(section, wordsAt);
        Word(section, sievesAt);
        for (int b = 0; b < 256; b++)
            section.Add(BoundRegex.Fold((byte)b));
        section.Add(bits).Add(loose);
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint anchor in anchors)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, anchor);
            section.Add(bytes);
        }

        section.Add(formats.Written).Add(words);
        foreach (byte[] sieve in sieves)
            section.Add(sieve);
        return section.Add(pool.Written).ToArray();

        int Pooled(byte[] content)
        {
            string key = Convert.ToHexString(content);
            if (!known.TryGetValue(key, out int at))
            {
                known[key] = at = poolAt + pool.Length;
                pool.Add(content);
            }

            return at;
        }
    }

    private static void Set(byte[] bits, uint anchor)
    {
        int bit = RedactionTable.Hash(anchor);
        bits[bit >> 3] |= (byte)(1 << (bit & 7));
    }

    private static byte[] Sized(byte[] table)
    {
        byte[] sized = new byte[4 + table.Length];
        BinaryPrimitives.WriteInt32LittleEndian(sized, table.Length);
        table.CopyTo(sized, 4);
        return sized;
    }

    private static byte[] Words(RedactionModel model)
    {
        ByteBuilder words = new(1024);
        Span<byte> half = stackalloc byte[2];
        foreach (int count in (ReadOnlySpan<int>)[model.PlaceholderWords.Count, model.PlaceholderParts.Count])
        {
            BinaryPrimitives.WriteUInt16LittleEndian(half, checked((ushort)count));
            words.Add(half);
        }

        foreach (List<string> list in (ReadOnlySpan<List<string>>)[model.PlaceholderWords, model.PlaceholderParts])
        {
            foreach (string word in list)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(word);
                words.Add((byte)bytes.Length).Add(bytes);
            }
        }

        return words.ToArray();
    }

    private static void Word(ByteBuilder builder, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        builder.Add(bytes);
    }
}
