namespace Gate.Store;

/// <summary>What the store says about a session now.</summary>
public sealed class StoredStanding
{
    public long SessionActions { get; set; }

    /// <summary>Milliseconds since 1970; 0 for a session not seen before.</summary>
    public long SessionStarted { get; set; }

    public long WorktreeActions { get; set; }

    public byte[] Budget { get; set; } = [];

    public byte[] Profile { get; set; } = [];

    /// <summary>Digest of the bundle in force for the repository; empty where none was ever set.</summary>
    public byte[] Bundle { get; set; } = [];
}
