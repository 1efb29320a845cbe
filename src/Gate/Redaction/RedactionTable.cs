using System;
using System.Buffers.Binary;
using Gate.Bundles;

namespace Gate.Redaction;

/// <summary>
/// The formats of secrets in a bundle (Section.Redactions). Little-endian; offsets in bytes from the section's start.
/// <code>
///    0  flags                u8    bit 0: the output of tools is redacted
///    1  formats              u8
///    2  anchors              u16
///    4  offset of formats    u32
///    8  offset of words      u32
///   12  offset of sieves     u32
///   16  fold                 256   the byte that stands for each byte in an anchor: letters in lower case, every digit is '0'
///  272  bits                 1024  one for each hash of an anchor
/// 1296  loose bits           1024  the same of the anchors that may stand inside a word
/// 2320  anchors              4 each: three folded bytes, then the format's number; in the order of the bytes, highest first, then of formats
///       formats              44 each, in the order of the file: see below
///       words                u16 whole, u16 parts, then each as u8 length and lower-case text
///       sieves               see <see cref="Sieve"/>; the anchor that has one names it by 251 + its number, in place of its formats
///       automata, ids        u32 length, then the automaton; u8 length, then the id
/// </code>
/// A format: u32 automaton of what stands before the secret (0: nothing), u32 automaton of the secret, u32 id, u8 kind, u8 hint, u8 flags (bit 0: may stand
/// inside a word, bit 1: placeholders count as well, bit 2: something must follow), u8 number of checks, 4 × (u8 check, u8 value), then three classes of bytes as
/// u32 offsets of 32 bytes, one bit for each value: what may not stand before, what may not follow, what must follow (the end of the text: only where nothing must); and
/// what may stand at two further places of context or secret (<see cref="Probes"/>): most of what only begins like a format is told apart there.
/// An automaton has the layout of <see cref="Text.Automaton"/>, but is bound to its start and goes on after it accepts: the bitmap names the states that accept.
/// </summary>
public sealed class RedactionTable
{
    public const int FoldAt = 16, BitsAt = 272, BitsLength = 1024, LooseAt = BitsAt + BitsLength, AnchorsAt = LooseAt + BitsLength, AnchorSize = 4;

    public const int FormatSize = 44, KindAt = 12, ChecksAt = 16, ClassAt = 24, ProbesAt = 36, MaximumFormats = 250, FirstSieve = 251, MaximumSieves = 4, MaximumChecks = 4;

    /// <summary>So many bytes of a secret are looked through for placeholders.</summary>
    public const int MaximumPlaceholder = 256;

    /// <summary>Offsets from where a format begins.</summary>
    public static ReadOnlySpan<int> Probes => [3, 6];

    public const int LooseFlag = 1, PlaceholderFlag = 2, FollowedFlag = 4;

    private readonly Bundle _bundle;
    private readonly int _at, _formats, _words, _sieves;

    public RedactionTable(Bundle bundle)
    {
        _bundle = bundle;
        (_at, int length) = bundle.Find(Section.Redactions);
        if (length < AnchorsAt)
        {
            _at = 0;
            return;
        }

        ReadOnlySpan<byte> head = bundle.At(_at, FoldAt);
        CoversOutput = (head[0] & 1) != 0;
        FormatCount = head[1];
        AnchorCount = BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
        _formats = _at + BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        _words = _at + BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        _sieves = _at + BinaryPrimitives.ReadInt32LittleEndian(head[12..]);
    }

    /// <summary>The bundle knows formats.</summary>
    public bool IsThere => _at != 0;

    /// <summary>The profile wants the output of tools redacted; what is recorded always is.</summary>
    public bool CoversOutput { get; }

    public int FormatCount { get; }

    public int AnchorCount { get; }

    /// <summary>Everything up to the formats: fold, bits, loose bits and anchors are at their places in it.</summary>
    public ReadOnlySpan<byte> Beginnings => _bundle.At(_at, AnchorsAt + (AnchorCount * AnchorSize));

    public ReadOnlySpan<byte> SieveAt(int number)
    {
        int at = _sieves;
        while (true)
        {
            int length = Sieve.Length(_bundle.At(at, Sieve.HeadLength));
            if (number-- == 0)
                return _bundle.At(at, length);
            at += length;
        }
    }

    public ReadOnlySpan<byte> Format(int number) => _bundle.At(_formats + (number * FormatSize), FormatSize);

    /// <summary>Where the automaton lies that a format names by its offset, and its length.</summary>
    public (int At, int Length) AutomatonAt(int offset) => offset == 0 ? default : (_at + offset + 4, BinaryPrimitives.ReadInt32LittleEndian(_bundle.At(_at + offset, 4)));

    public ReadOnlySpan<byte> Automaton((int At, int Length) place) => _bundle.At(place.At, place.Length);

    public ReadOnlySpan<byte> Class(int offset) => _bundle.At(_at + offset, 32);

    public ReadOnlySpan<byte> Id(int number)
    {
        int at = _at + BinaryPrimitives.ReadInt32LittleEndian(Format(number)[8..]);
        return _bundle.At(at + 1, _bundle.Byte(at));
    }

    public SecretKind Kind(int number) => (SecretKind)Format(number)[KindAt];

    public SecretHint Hint(int number) => (SecretHint)Format(number)[KindAt + 1];

    /// <summary>Which of <see cref="BitsLength"/> × 8 bits an anchor of three folded bytes has.</summary>
    public static int Hash(uint anchor) => (int)((anchor * 0x9E3779B1u) >> 19);

    public static bool Has(ReadOnlySpan<byte> bits, int bit) => (bits[bit >> 3] >> (bit & 7) & 1) != 0;

    /// <summary>Whether a text is what people write where a secret would stand: one of the words, or a text with one of the parts in it.</summary>
    public bool IsPlaceholder(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaximumPlaceholder)
            text = text[..MaximumPlaceholder];
        int at = _words + 4, words = _bundle.Half(_words), parts = _bundle.Half(_words + 2);
        for (int i = 0; i < words + parts; i++)
        {
            ReadOnlySpan<byte> word = _bundle.At(at + 1, _bundle.Byte(at));
            at += 1 + word.Length;
            if (i < words ? text.Length == word.Length && StartsWith(text, word) : Contains(text, word))
                return true;
        }

        return false;
    }

    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        for (; text.Length >= lower.Length; text = text[1..])
        {
            if (StartsWith(text, lower))
                return true;
        }

        return false;
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        for (int i = 0; i < lower.Length; i++)
        {
            int c = text[i] is >= (byte)'A' and <= (byte)'Z' ? text[i] | 0x20 : text[i];
            if (c != lower[i])
                return false;
        }

        return true;
    }
}
