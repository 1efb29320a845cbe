using Gate.Policy;

namespace Gate.Store;

/// <summary>What the store says about a session now.</summary>
public sealed class StoredStanding
{
    public long SessionActions { get; set; }

    /// <summary>Milliseconds since 1970; 0 for a session not seen before.</summary>
    public long SessionStarted { get; set; }

    /// <summary>When it made its last call, milliseconds since 1970.</summary>
    public long SessionLast { get; set; }

    /// <summary>The session's last call (<see cref="GateStore.CallOf"/>), and how often it made it in a row.</summary>
    public long LastCall { get; set; }

    public long Repeats { get; set; }

    /// <summary>What a person said about the session and about the worktree: <see cref="PersonFacts"/>.</summary>
    public byte[] SessionWords { get; set; } = [];

    public byte[] WorktreeWords { get; set; } = [];

    /// <summary>Both; empty where nothing was said.</summary>
    public byte[] Said => SessionWords.Length + WorktreeWords.Length == 0 ? [] : [.. SessionWords, (byte)'\n', .. WorktreeWords];

    public BudgetPeriod SessionPeriod { get; set; }

    /// <summary>There is a lesson, of whatever repository.</summary>
    public bool AnyLesson { get; set; }

    public long WorktreeActions { get; set; }

    public BudgetPeriod WorktreePeriod { get; set; }

    /// <summary>The name of the worktree's own budget; empty where the profile's counts.</summary>
    public byte[] Budget { get; set; } = [];

    /// <summary>What it holds; 0: no limit.</summary>
    public long BudgetActions { get; set; }

    public long BudgetMinutes { get; set; }

    public byte[] Profile { get; set; } = [];

    /// <summary>Digest of the bundle in force for the repository; empty where none was ever set.</summary>
    public byte[] Bundle { get; set; } = [];

    /// <summary>Where the session and its worktree stand with their budget at this moment.</summary>
    /// <param name="profile">The profile in force: its budget counts where the worktree has none of its own.</param>
    /// <param name="named">The call names its session.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public BudgetUse BudgetUse(in Profile profile, bool named, long now) =>
        new(BudgetLimit(profile), SessionPeriod, WorktreePeriod, named, known: SessionActions > 0, SessionLast, now);

    public BudgetLimit BudgetLimit(in Profile profile) => Budget.Length > 0
        ? new BudgetLimit(System.Text.Encoding.UTF8.GetString(Budget), BudgetActions, BudgetMinutes)
        : new BudgetLimit(profile.Budget.Length > 0 ? profile.Budget : "none", profile.BudgetActions, profile.BudgetMinutes);
}
