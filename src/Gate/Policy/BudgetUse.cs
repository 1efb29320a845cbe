using System;

namespace Gate.Policy;

/// <summary>
/// Where a session and its worktree stand with their budget at one call. Pure: what the store holds and the moment go in, what it must hold after
/// the call comes out. Nobody is locked out by an old count: a session has its own; one that was idle for as long as the budget is long begins anew, and
/// so does a worktree's period when it is over, or when it is spent and a session comes that was never seen before.
/// <para>The clock may go back: a period that would begin in the future begins now, with its count.</para>
/// </summary>
public sealed class BudgetUse
{
    /// <summary>The agent is told when so much of a budget is used, in percent; once each.</summary>
    public const int FirstWarning = 80, LastWarning = 95;

    private const long Minute = 60_000;

    private readonly bool _named;
    private readonly long _now, _last;

    /// <summary>Takes both periods to <paramref name="now"/>.</summary>
    /// <param name="limit">What is in force.</param>
    /// <param name="session">As stored.</param>
    /// <param name="worktree">As stored.</param>
    /// <param name="named">The call names its session; what all nameless ones share is not a session.</param>
    /// <param name="known">The session made a call before.</param>
    /// <param name="last">When the session made its last call, milliseconds since 1970.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public BudgetUse(BudgetLimit limit, BudgetPeriod session, BudgetPeriod worktree, bool named, bool known, long last, long now)
    {
        Limit = limit;
        (_named, _now, _last) = (named, now, Math.Min(last, now));
        if (limit.IsNone)
            return;
        bool idle = limit.Minutes > 0 && now - last >= limit.Minutes * Minute;
        Session = Going(session, ended: !known || idle);
        bool over = limit.Minutes > 0 && now - worktree.Since >= (limit.Minutes + worktree.MoreMinutes) * Minute;
        Worktree = Going(worktree, ended: over || (named && !known && IsSpent(worktree)));
        Spent = !named || limit.Actions == 0 || Session.Used < limit.Actions + Session.MoreActions ? Spent.Nothing : Spent.SessionActions;
        if (Spent == Spent.Nothing && named && limit.Minutes > 0 && Elapsed(Session) >= (limit.Minutes + Session.MoreMinutes) * Minute)
            Spent = Spent.SessionMinutes;
        if (Spent == Spent.Nothing && IsSpent(Worktree))
            Spent = Spent.WorktreeActions;
    }

    public BudgetLimit Limit { get; }

    /// <summary>The periods before the call.</summary>
    public BudgetPeriod Session { get; }

    public BudgetPeriod Worktree { get; }

    /// <summary>What is used up already, before this call.</summary>
    public Spent Spent { get; }

    /// <summary>A period with one call more: what is stored. Without a limit no period runs.</summary>
    public BudgetPeriod Counted(BudgetPeriod period) => period with { Used = period.Used + (Limit.IsNone ? 0 : 1) };

    /// <summary>How long a period has run, in milliseconds.</summary>
    public long Elapsed(BudgetPeriod period) => period.Since == 0 ? 0 : Math.Max(0, _now - period.Since);

    /// <summary>One line why a spent budget stops a call; empty while it is not spent.</summary>
    public string Refusal => Spent switch
    {
        Spent.SessionActions => $"this session's budget of {Limit.Actions + Session.MoreActions} actions is spent{Rest}",
        Spent.SessionMinutes => $"this session's budget of {Limit.Minutes + Session.MoreMinutes} minutes is spent{Rest}",
        Spent.WorktreeActions => $"the budget of {Limit.Actions + Worktree.MoreActions} actions that the sessions of this worktree share is spent{Rest}",
        _ => "",
    };

    private static string Rest => "; reading still works. A person can extend it, in a terminal of their own in this worktree: gate budget extend";

    /// <summary>What the agent is told with this call because it reaches a mark; empty for most calls.</summary>
    public string Warning
    {
        get
        {
            if (Limit.IsNone || Spent != Spent.Nothing)
                return "";
            long session = Limit.Actions + Session.MoreActions, worktree = Limit.Actions + Worktree.MoreActions, minutes = Limit.Minutes + Session.MoreMinutes;
            if (_named && Limit.Actions > 0 && Reaches(Session.Used, Session.Used + 1, session))
                return $"Gate: {Session.Used + 1} of the {session} actions of this session's budget are used{Advice}";
            long before = Session.Since == 0 ? 0 : Math.Max(0, _last - Session.Since);
            if (_named && Limit.Minutes > 0 && Reaches(before, Elapsed(Session), minutes * Minute))
                return $"Gate: {Elapsed(Session) / Minute} of the {minutes} minutes of this session's budget are over{Advice}";
            if (Limit.Actions > 0 && Reaches(Worktree.Used, Worktree.Used + 1, worktree))
                return $"Gate: {Worktree.Used + 1} of the {worktree} actions that the sessions of this worktree share are used{Advice}";
            return "";
        }
    }

    private static string Advice => ". When it is spent only reading works: finish what matters most, and tell the person, who can extend it with 'gate budget extend'.";

    private static bool Reaches(long before, long after, long limit) => Reaches(before, after, limit, FirstWarning) || Reaches(before, after, limit, LastWarning);

    private static bool Reaches(long before, long after, long limit, int percent) => before * 100 < limit * percent && after * 100 >= limit * percent;

    private bool IsSpent(BudgetPeriod worktree) => Limit.Actions > 0 && worktree.Used >= Limit.Actions + worktree.MoreActions;

    private BudgetPeriod Going(BudgetPeriod period, bool ended) =>
        ended || period.Since == 0 ? new BudgetPeriod(0, _now, 0, 0) : period with { Since = Math.Min(period.Since, _now) };
}
