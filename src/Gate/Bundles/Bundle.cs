using System;
using System.Buffers.Binary;
using Gate.Native;

namespace Gate.Bundles;

/// <summary>Why a bundle file is refused. Each has its own sentence in <see cref="BundleFaults"/>.</summary>
public enum BundleFault
{
    None, Missing, NotOwned, Truncated, NotABundle, ForeignByteOrder, FutureVersion, PastVersion, Malformed, Unsigned, UnknownKey, RevokedKey, BadSignature, Damaged, NotCurrent,
}

/// <summary>Thrown by a read that meets a block whose digest is wrong; the pipeline answers it like any broken bundle.</summary>
public sealed class BundleDamagedException : Exception
{
    public BundleDamagedException()
    {
    }

    public BundleDamagedException(string message)
        : base(message)
    {
    }

    public BundleDamagedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>
/// A verified bundle over memory that stays mapped. Every read goes through <see cref="At(int,int)"/>, which checks the digests
/// of the blocks it touches the first time it touches them.
/// </summary>
public sealed unsafe class Bundle
{
    private readonly byte* _base;
    private readonly int _length, _blocks, _data, _upper, _lower;
    private readonly ulong[] _checkedBlocks, _checkedChunks;

    private Bundle(byte* start, int length, int blocks, int data, int upper, int lower)
    {
        _base = start;
        _length = length;
        _blocks = blocks;
        _data = data;
        _upper = upper;
        _lower = lower;
        _checkedBlocks = new ulong[(blocks + 63) / 64];
        _checkedChunks = new ulong[(blocks / BundleFormat.Fan / 64) + 1];
    }

    /// <summary>Identifies the content: the root digest, 32 bytes.</summary>
    public ReadOnlySpan<byte> Digest => new(_base + BundleFormat.RootAt, BundleFormat.DigestSize);

    public ReadOnlySpan<byte> KeyId => new(_base + BundleFormat.KeyIdAt, BundleFormat.KeyIdSize);

    public ulong Revision => BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(_base + BundleFormat.RevisionAt, 8));

    public int Length => _length;

    /// <summary>
    /// Checks form, version and signature of the bytes at <paramref name="start"/>, which must stay valid for the bundle's life.
    /// With <paramref name="trust"/> null the bytes are the binary's own and carry no signature.
    /// </summary>
    public static Bundle? Open(byte* start, long length, Trust? trust, out BundleFault fault)
    {
        if (length < BundleFormat.SectionsAt)
        {
            fault = length >= 8 && !Bytes(start, 8).SequenceEqual(BundleFormat.Magic) ? BundleFault.NotABundle : BundleFault.Truncated;
            return null;
        }

        fault = CheckHeader(start, length);
        if (fault != BundleFault.None)
            return null;

        int blocks = (int)Word(start, BundleFormat.BlockCountAt), sections = (int)Word(start, BundleFormat.SectionCountAt), data = (int)Word(start, BundleFormat.DataAt);
        int upper = BundleFormat.SectionsAt + (sections * BundleFormat.SectionSize);
        int chunks = (blocks + BundleFormat.Fan - 1) / BundleFormat.Fan;
        int lower = upper + (chunks * BundleFormat.DigestSize);
        fault = CheckSignature(start, upper, trust);
        if (fault != BundleFault.None)
            return null;

        Span<byte> digest = stackalloc byte[BundleFormat.DigestSize];
        Sodium.Blake2(Bytes(start + upper, chunks * BundleFormat.DigestSize), digest);
        if (!digest.SequenceEqual(Bytes(start + BundleFormat.RootAt, BundleFormat.DigestSize)))
        {
            fault = BundleFault.Damaged;
            return null;
        }

        return new Bundle(start, (int)length, blocks, data, upper, lower);
    }

    private static BundleFault CheckHeader(byte* start, long length)
    {
        if (!Bytes(start, 8).SequenceEqual(BundleFormat.Magic))
            return BundleFault.NotABundle;
        if (Word(start, BundleFormat.EndianAt) != BundleFormat.EndianMark)
            return BundleFault.ForeignByteOrder;
        uint version = Word(start, BundleFormat.VersionAt);
        if (version != BundleFormat.Version)
            return version > BundleFormat.Version ? BundleFault.FutureVersion : BundleFault.PastVersion;
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(Bytes(start + BundleFormat.LengthAt, 8));
        if (claimed > (ulong)length)
            return BundleFault.Truncated;
        uint blocks = Word(start, BundleFormat.BlockCountAt), sections = Word(start, BundleFormat.SectionCountAt), data = Word(start, BundleFormat.DataAt);
        if (claimed != (ulong)length || Word(start, BundleFormat.BlockSizeAt) != BundleFormat.BlockSize || blocks == 0 || blocks > BundleFormat.MaximumBlocks
            || sections > BundleFormat.MaximumSections)
            return BundleFault.Malformed;

        // Everything that follows is derived from these three numbers; they must describe this very file.
        long chunks = (blocks + BundleFormat.Fan - 1) / BundleFormat.Fan;
        long tables = BundleFormat.SectionsAt + (sections * BundleFormat.SectionSize) + ((chunks + blocks) * BundleFormat.DigestSize);
        long expected = (tables + BundleFormat.BlockSize - 1) / BundleFormat.BlockSize * BundleFormat.BlockSize;
        if (data != expected || data + ((long)blocks * BundleFormat.BlockSize) != length)
            return BundleFault.Malformed;
        return BundleFault.None;
    }

    private static BundleFault CheckSignature(byte* start, int sectionsEnd, Trust? trust)
    {
        ReadOnlySpan<byte> keyId = Bytes(start + BundleFormat.KeyIdAt, BundleFormat.KeyIdSize), signature = Bytes(start + BundleFormat.SignatureAt, BundleFormat.SignatureSize);
        if (trust is null)
            return keyId.ContainsAnyExcept((byte)0) ? BundleFault.Malformed : BundleFault.None;
        if (!signature.ContainsAnyExcept((byte)0))
            return BundleFault.Unsigned;
        BundleFault found = trust.Find(keyId, out ReadOnlySpan<byte> key);
        if (found != BundleFault.None)
            return found;

        Span<byte> message = stackalloc byte[SignedLength(sectionsEnd)];
        SignedMessage(Bytes(start, sectionsEnd), message);
        return Sodium.Verify(signature, message, key) ? BundleFault.None : BundleFault.BadSignature;
    }

    /// <summary>Length of what is signed, when the section table ends at <paramref name="sectionsEnd"/>.</summary>
    public static int SignedLength(int sectionsEnd) => BundleFormat.Domain.Length + BundleFormat.SignedHeader + (sectionsEnd - BundleFormat.SectionsAt);

    /// <summary>Writes what is signed: the domain, the header up to the signature, the section table.</summary>
    public static void SignedMessage(ReadOnlySpan<byte> header, Span<byte> message)
    {
        BundleFormat.Domain.CopyTo(message);
        header[..BundleFormat.SignedHeader].CopyTo(message[BundleFormat.Domain.Length..]);
        header[BundleFormat.SectionsAt..].CopyTo(message[(BundleFormat.Domain.Length + BundleFormat.SignedHeader)..]);
    }

    /// <summary>A section's place, or (0, 0) when the bundle has none. The table is covered by the signature.</summary>
    public (int Offset, int Length) Find(Section section)
    {
        int count = (int)Word(_base, BundleFormat.SectionCountAt);
        for (int i = 0; i < count; i++)
        {
            int at = BundleFormat.SectionsAt + (i * BundleFormat.SectionSize);
            if (Word(_base, at) == (uint)section)
            {
                uint offset = Word(_base, at + 4), length = Word(_base, at + 8);
                if (offset < _data || offset + (ulong)length > (ulong)_length)
                    throw new BundleDamagedException("a section lies outside the file");
                return ((int)offset, (int)length);
            }
        }

        return (0, 0);
    }

    /// <summary>The verified bytes at an absolute offset. Throws <see cref="BundleDamagedException"/> when they are not what was signed.</summary>
    public ReadOnlySpan<byte> At(int offset, int length)
    {
        if (offset < _data || length < 0 || (long)offset + length > _length)
            throw new BundleDamagedException("an offset points outside the file");
        if (length > 0)
        {
            int last = (offset + length - 1 - _data) / BundleFormat.BlockSize;
            for (int block = (offset - _data) / BundleFormat.BlockSize; block <= last; block++)
            {
                if ((_checkedBlocks[block >> 6] >> (block & 63) & 1) == 0)
                    Check(block);
            }
        }

        return new ReadOnlySpan<byte>(_base + offset, length);
    }

    public uint Word(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, 4));

    public ulong Long(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(At(offset, 8));

    public int Half(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, 2));

    public byte Byte(int offset) => At(offset, 1)[0];

    /// <summary>A string: u16 length, then UTF-8.</summary>
    public ReadOnlySpan<byte> Text(int offset) => offset == 0 ? default : At(offset + 2, Half(offset));

    /// <summary>A string: u8 length, then bytes.</summary>
    public ReadOnlySpan<byte> ShortText(int offset) => At(offset + 1, Byte(offset));

    /// <summary>Checks every byte that <see cref="Open"/> did not: each block, and the padding before the first, which nothing reads.</summary>
    public BundleFault VerifyAll()
    {
        int tables = _lower + (_blocks * BundleFormat.DigestSize);
        if (Bytes(_base + tables, _data - tables).ContainsAnyExcept((byte)0))
            return BundleFault.Damaged;
        try
        {
            for (int block = 0; block < _blocks; block++)
                Check(block);
            return BundleFault.None;
        }
        catch (BundleDamagedException)
        {
            return BundleFault.Damaged;
        }
    }

    private void Check(int block)
    {
        Span<byte> digest = stackalloc byte[BundleFormat.DigestSize];
        int chunk = block / BundleFormat.Fan;
        if ((_checkedChunks[chunk >> 6] >> (chunk & 63) & 1) == 0)
        {
            int count = Math.Min(BundleFormat.Fan, _blocks - (chunk * BundleFormat.Fan));
            Sodium.Blake2(Bytes(_base + _lower + (chunk * BundleFormat.Fan * BundleFormat.DigestSize), count * BundleFormat.DigestSize), digest);
            if (!digest.SequenceEqual(Bytes(_base + _upper + (chunk * BundleFormat.DigestSize), BundleFormat.DigestSize)))
                throw new BundleDamagedException($"digest chunk {chunk} of the bundle was changed");
            _checkedChunks[chunk >> 6] |= 1UL << (chunk & 63);
        }

        Sodium.Blake2(Bytes(_base + _data + (block * BundleFormat.BlockSize), BundleFormat.BlockSize), digest);
        if (!digest.SequenceEqual(Bytes(_base + _lower + (block * BundleFormat.DigestSize), BundleFormat.DigestSize)))
            throw new BundleDamagedException($"block {block} of the bundle was changed");
        _checkedBlocks[block >> 6] |= 1UL << (block & 63);
    }

    private static ReadOnlySpan<byte> Bytes(byte* start, int length) => new(start, length);

    private static uint Word(byte* start, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(start + offset, 4));
}
