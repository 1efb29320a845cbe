namespace Gate.Bundles;

/// <summary>
/// The bundle file, which is read by memory map and never parsed. Little-endian; offsets in bytes from the file's start.
/// <code>
///   0  magic "GATEBNDL"        8
///   8  format version          u32   2
///  12  endianness mark         u32   0x01020304
///  16  file length             u64
///  24  revision                u64   grows with each build of a repository's policy
///  32  block size              u32   1024
///  36  block count             u32
///  40  data offset             u32   first byte of block 0; a multiple of the block size
///  44  section count           u32
///  48  key id                  16    first bytes of BLAKE2b(public key); zero in the built-in bundle
///  64  root digest             32    BLAKE2b of the upper digest table
///  96  signature               64    Ed25519 over "gate bundle 1\0" + bytes 0..95 + the section table
/// 160  section table           12 each: tag u32, offset u32, length u32; ordered by tag
///      upper digest table      32 each: BLAKE2b of 32 digests of the lower table
///      lower digest table      32 each: BLAKE2b of one block (the last one padded with zeros)
///      blocks
/// </code>
/// The digests form a tree, so a call verifies what it reads and nothing else: the cost of a start does not grow with
/// the rules, and no unverified byte can reach a decision. <see cref="Bundle.VerifyAll"/> checks the rest.
/// </summary>
public static class BundleFormat
{
    public const uint Version = 2, EndianMark = 0x01020304;
    public const int BlockSize = 1024, DigestSize = 32, Fan = 32, KeyIdSize = 16, SignatureSize = 64;

    public const int VersionAt = 8, EndianAt = 12, LengthAt = 16, RevisionAt = 24, BlockSizeAt = 32, BlockCountAt = 36, DataAt = 40, SectionCountAt = 44,
        KeyIdAt = 48, RootAt = 64, SignatureAt = 96, SectionsAt = 160, SectionSize = 12, SignedHeader = 96;

    /// <summary>No bundle is larger: 32 768 blocks, 32 MiB.</summary>
    public const int MaximumBlocks = 32 * 1024, MaximumSections = 32;

    public static System.ReadOnlySpan<byte> Magic => "GATEBNDL"u8;

    /// <summary>Separates a bundle's signature from any other use of the same key.</summary>
    public static System.ReadOnlySpan<byte> Domain => "gate bundle 1\0"u8;
}

/// <summary>The sections. Numbers are the wire format: append, never reorder.</summary>
public enum Section : uint
{
    /// <summary>One fixed record: the effective profile.</summary>
    Profile = 1,
    /// <summary>Zone conditions, first match wins.</summary>
    Zones = 2,
    /// <summary>Fixed records, one for each rule.</summary>
    Rules = 3,
    /// <summary>A KeyTable: key → the rules that may match when the key is present, each with the place of its condition.</summary>
    RuleIndex = 4,
    /// <summary>Encoded conditions and the strings they hold.</summary>
    Conditions = 5,
    /// <summary>Strings for answers: titles, what to do instead, tags.</summary>
    Texts = 6,
    /// <summary>Hash table: program name → what it does with its arguments.</summary>
    Programs = 7,
    /// <summary>Encoded program knowledge.</summary>
    Knowledge = 8,
    /// <summary>Source files and their digests.</summary>
    Sources = 9,
    /// <summary>Rule examples, for `gate rules test` and `show`.</summary>
    Examples = 10,
    /// <summary>What place a path is: see Effects/PathTable.</summary>
    Places = 11,
    /// <summary>Which calls of scanned languages do what: see Effects/CallScan.</summary>
    Code = 12,
    /// <summary>Fixed records, ordered by rule: what lifts a rule until when. See Policy/Exceptions.</summary>
    Exceptions = 13,
    /// <summary>Tables that regular expressions were compiled to: see Text/Automaton.</summary>
    Automata = 14,
    /// <summary>Hash table: part of a path → the patterns of the place table that need it: see Effects/PlaceIndex.</summary>
    PlaceIndex = 15,
    /// <summary>Names of the variables that conditions ask for: a text list. See Effects/RunnerEnvironment.</summary>
    Variables = 16,
    /// <summary>What an earlier call and this one must not do together: see Policy/Sequences.</summary>
    Sequences = 17,
    /// <summary>What secrets look like: see Redaction/RedactionTable.</summary>
    Redactions = 20,
    /// <summary>Names of what a person may say about a session, because conditions ask for it: a text list.</summary>
    SessionFacts = 23,
    /// <summary>How programs find out which cluster or account they work on: see Effects/ContextTable.</summary>
    Contexts = 24,
    /// <summary>Budgets that have a name: see Policy/BudgetLimit.</summary>
    Budgets = 25,
}
