using System;
using System.Collections.Generic;
using Gate.Policy;

namespace Gate.Store;

/// <summary>A worktree or a session with what it counts.</summary>
public sealed class BudgetRow
{
    /// <summary>The worktree's path, or the session's id.</summary>
    public required byte[] Name { get; init; }

    /// <summary>The worktree that a session began in; a worktree's own path.</summary>
    public required byte[] Worktree { get; init; }

    /// <summary>All calls ever counted.</summary>
    public required long Actions { get; init; }

    /// <summary>First and last call, milliseconds since 1970.</summary>
    public required long Started { get; init; }

    public required long Last { get; init; }

    public required BudgetPeriod Period { get; init; }
}

/// <summary>Budgets as people see and change them. What a hook counts is in <see cref="Append"/>.</summary>
public sealed partial class GateStore
{
    /// <summary>The worktrees of a repository that were ever wired or used.</summary>
    public List<BudgetRow> ReadWorktrees(ReadOnlySpan<byte> repository)
    {
        using Statement statement = _database.Prepare("SELECT worktree,worktree,actions,started,last,used,since,extra,longer FROM worktrees WHERE repository=? ORDER BY worktree\0"u8);
        return RowsOf(statement.BindText(1, repository));
    }

    /// <summary>The sessions that began in a worktree and made a call since a moment, the latest first.</summary>
    public List<BudgetRow> ReadSessions(ReadOnlySpan<byte> worktree, long since)
    {
        using Statement statement = _database.Prepare("SELECT session,worktree,actions,started,last,used,since,extra,longer FROM sessions WHERE worktree=? AND last>=? ORDER BY last DESC\0"u8);
        return RowsOf(statement.BindText(1, worktree).Bind(2, since));
    }

    /// <summary>One session; null where it is not known.</summary>
    public BudgetRow? ReadSession(ReadOnlySpan<byte> session)
    {
        using Statement statement = _database.Prepare("SELECT session,worktree,actions,started,last,used,since,extra,longer FROM sessions WHERE session=?\0"u8);
        List<BudgetRow> rows = RowsOf(statement.BindText(1, session));
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>Gives a worktree a budget of its own, or with null the profile's; makes the worktree known. Counts go on.</summary>
    public void WriteBudget(ReadOnlySpan<byte> worktree, ReadOnlySpan<byte> repository, BudgetLimit? limit, long time)
    {
        using Statement statement = _database.Prepare("INSERT INTO worktrees VALUES(?1,?2,'',?3,?6,?6,0,'',0,0,0,0,?4,?5,'') ON CONFLICT DO UPDATE SET budget=?3,budget_actions=?4,budget_minutes=?5\0"u8);
        statement.BindText(1, worktree).BindText(2, repository).BindText(3, limit?.Name ?? "").Bind(4, limit?.Actions ?? 0).Bind(5, limit?.Minutes ?? 0).Bind(6, time);
        statement.Run();
    }

    /// <summary>The worktrees of a repository that have a budget by its name get what the name stands for now.</summary>
    public void RenewBudgets(ReadOnlySpan<byte> repository, BudgetLimit[] known)
    {
        foreach (BudgetLimit budget in known)
        {
            using Statement statement = _database.Prepare("UPDATE worktrees SET budget_actions=?3,budget_minutes=?4 WHERE repository=?1 AND budget=?2\0"u8);
            statement.BindText(1, repository).BindText(2, budget.Name).Bind(3, budget.Actions).Bind(4, budget.Minutes).Run();
        }
    }

    /// <summary>What a person says about a session that is known, from now on; see <see cref="PersonFacts"/>.</summary>
    public void WriteWordsOfSession(ReadOnlySpan<byte> session, ReadOnlySpan<byte> words) => WriteWords("UPDATE sessions SET words=?2 WHERE session=?1\0"u8, session, words);

    public void WriteWordsOfWorktree(ReadOnlySpan<byte> worktree, ReadOnlySpan<byte> words) => WriteWords("UPDATE worktrees SET words=?2 WHERE worktree=?1\0"u8, worktree, words);

    private void WriteWords(ReadOnlySpan<byte> sql, ReadOnlySpan<byte> name, ReadOnlySpan<byte> words)
    {
        using Statement statement = _database.Prepare(sql);
        statement.BindText(1, name).BindText(2, words).Run();
        if (_database.Changes == 0)
            throw new StoreException("the session or worktree is not known yet");
    }

    public void WritePeriodOfSession(ReadOnlySpan<byte> session, BudgetPeriod period) => WritePeriod("UPDATE sessions SET since=?2,used=?3,extra=?4,longer=?5 WHERE session=?1\0"u8, session, period);

    public void WritePeriodOfWorktree(ReadOnlySpan<byte> worktree, BudgetPeriod period) => WritePeriod("UPDATE worktrees SET since=?2,used=?3,extra=?4,longer=?5 WHERE worktree=?1\0"u8, worktree, period);

    private void WritePeriod(ReadOnlySpan<byte> sql, ReadOnlySpan<byte> name, BudgetPeriod period)
    {
        using Statement statement = _database.Prepare(sql);
        BindPeriod(statement.BindText(1, name), 2, period);
        statement.Run();
    }

    private static Statement BindPeriod(Statement statement, int index, BudgetPeriod period) =>
        statement.Bind(index, period.Since).Bind(index + 1, period.Used).Bind(index + 2, period.MoreActions).Bind(index + 3, period.MoreMinutes);

    // Columns: used, since, extra, longer.
    private static BudgetPeriod PeriodAt(Statement statement, int column) =>
        new(statement.Number(column), statement.Number(column + 1), statement.Number(column + 2), statement.Number(column + 3));

    private static List<BudgetRow> RowsOf(Statement statement)
    {
        List<BudgetRow> rows = [];
        while (statement.Step())
        {
            rows.Add(new()
            {
                Name = statement.Bytes(0), Worktree = statement.Bytes(1), Actions = statement.Number(2), Started = statement.Number(3), Last = statement.Number(4), Period = PeriodAt(statement, 5),
            });
        }

        return rows;
    }
}
