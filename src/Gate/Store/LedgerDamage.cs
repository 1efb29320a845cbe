namespace Gate.Store;

/// <summary>What was done to a ledger. The names are part of the command line's contract.</summary>
public enum DamageKind
{
    /// <summary>A row or checkpoint is not as it was written.</summary>
    Changed,

    /// <summary>Rows in the middle or at the beginning are gone.</summary>
    Removed,

    /// <summary>A row stands where none was written.</summary>
    Inserted,

    /// <summary>Rows stand in another order.</summary>
    Reordered,

    /// <summary>Rows at the end are gone: the ledger was cut, or an older copy put in its place.</summary>
    Truncated,

    /// <summary>The ledger was put back to an older state and went on differently, or was written anew from some row on.</summary>
    Forked,

    /// <summary>The anchor is gone, so what was cut off at the end cannot be known; or it does not know the last rows, so who wrote them cannot.</summary>
    Unanchored,
}

/// <summary>The first bad row of a ledger.</summary>
public sealed class LedgerDamage(DamageKind kind, long sequence, string sentence)
{
    public DamageKind Kind => kind;

    /// <summary>The first row that is bad or missing.</summary>
    public long Sequence => sequence;

    /// <summary>One sentence for a person.</summary>
    public string Sentence => sentence;

    /// <summary>The kind as people and machines read it.</summary>
    public string Name => kind switch
    {
        DamageKind.Changed => "changed",
        DamageKind.Removed => "removed",
        DamageKind.Inserted => "inserted",
        DamageKind.Reordered => "reordered",
        DamageKind.Truncated => "truncated",
        DamageKind.Forked => "forked",
        _ => "unanchored",
    };
}
