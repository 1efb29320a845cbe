namespace Gate.Policy;

/// <summary>What one counter of a budget holds: of a session, or of a worktree.</summary>
/// <param name="Used">Calls since the period began.</param>
/// <param name="Since">When it began, milliseconds since 1970; 0: no period runs.</param>
/// <param name="MoreActions">What a person gave beyond the limit, in calls; gone with the period.</param>
/// <param name="MoreMinutes">The same in minutes.</param>
public readonly record struct BudgetPeriod(long Used, long Since, long MoreActions, long MoreMinutes);

/// <summary>What stops a call, if anything.</summary>
public enum Spent : byte
{
    Nothing, SessionActions, SessionMinutes, WorktreeActions,
}
