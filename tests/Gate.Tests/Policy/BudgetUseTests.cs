using System.Collections.Generic;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Policy;

/// <summary>Budgets without a store: what one call after the other gets.</summary>
public class BudgetUseTests
{
    private const long Minute = 60_000, Start = 1_767_225_600_000;

    /// <summary>A worktree with sessions, as the store would keep them.</summary>
    private sealed class Worktree(BudgetLimit limit)
    {
        private readonly Dictionary<string, (BudgetPeriod Period, long Last)> _sessions = [];
        private BudgetPeriod _worktree;

        public BudgetUse Call(string session, long now)
        {
            bool known = _sessions.TryGetValue(session, out (BudgetPeriod Period, long Last) stored);
            BudgetUse use = new(limit, stored.Period, _worktree, session.Length > 0, known, stored.Last, now);
            _sessions[session] = (use.Counted(use.Session), now);
            _worktree = use.Counted(use.Worktree);
            return use;
        }

        public Spent Calls(string session, int count, long now)
        {
            Spent spent = Spent.Nothing;
            for (int i = 0; i < count; i++)
                spent = Call(session, now).Spent;
            return spent;
        }
    }

    [Theory]
    [InlineData("strict", 500, 150)]
    [InlineData("guided", 2000, 600)]
    [InlineData("autonomous", 5000, 1200)]
    [InlineData("none", 0, 0)]
    [InlineData("300/60", 300, 60)]
    [InlineData("0/60", 0, 60)]
    [InlineData("0/0", 0, 0)]
    public void Budgets_have_names_or_numbers(string text, long actions, long minutes)
    {
        BudgetLimit limit = BudgetLimit.Parse(text, BudgetLimit.Shipped)!;
        Assert.Equal((actions, minutes, actions + minutes == 0), (limit.Actions, limit.Minutes, limit.IsNone));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lax")]
    [InlineData("300")]
    [InlineData("-1/5")]
    [InlineData("5/")]
    [InlineData("1/2/3")]
    [InlineData("1000000001/1")]
    public void Anything_else_is_no_budget(string text) => Assert.Null(BudgetLimit.Parse(text, BudgetLimit.Shipped));

    [Fact]
    public void The_call_after_the_last_one_is_refused_and_a_new_session_is_not()
    {
        Worktree tree = new(new("custom", 10, 60));
        Assert.Equal(Spent.Nothing, tree.Calls("a", 10, Start));
        Assert.Equal(Spent.SessionActions, tree.Calls("a", 1, Start));
        Assert.Equal(Spent.Nothing, tree.Calls("b", 9, Start));
        Assert.Equal(Spent.SessionActions, tree.Calls("a", 1, Start + Minute));
    }

    [Fact]
    public void Sessions_that_run_at_once_share_the_worktrees()
    {
        Worktree tree = new(new("custom", 10, 60));
        tree.Calls("a", 1, Start);
        tree.Calls("b", 1, Start);
        Assert.Equal(Spent.Nothing, tree.Calls("a", 4, Start));
        Assert.Equal(Spent.Nothing, tree.Calls("b", 4, Start));
        Assert.Equal(Spent.WorktreeActions, tree.Call("a", Start).Spent);
        Assert.Equal(Spent.WorktreeActions, tree.Call("b", Start).Spent);
        Assert.Equal(Spent.WorktreeActions, tree.Call("a", Start + (60 * Minute) - 1).Spent);
        Assert.Equal(Spent.Nothing, tree.Call("b", Start + (60 * Minute)).Spent);
    }

    [Fact]
    public void Minutes_end_a_session_that_goes_on_and_not_one_that_rested()
    {
        Worktree tree = new(new("custom", 0, 60));
        Assert.Equal(Spent.Nothing, tree.Call("a", Start).Spent);
        Assert.Equal(Spent.Nothing, tree.Call("a", Start + (60 * Minute) - 1).Spent);
        Assert.Equal(Spent.SessionMinutes, tree.Call("a", Start + (60 * Minute)).Spent);
        Assert.Equal(Spent.SessionMinutes, tree.Call("a", Start + (119 * Minute)).Spent);
        Assert.Equal(Spent.Nothing, tree.Call("a", Start + (179 * Minute)).Spent);
    }

    [Fact]
    public void A_resumed_session_continues_its_own()
    {
        Worktree tree = new(new("custom", 10, 60));
        tree.Calls("a", 7, Start);
        tree.Calls("b", 1, Start + Minute);
        Assert.Equal(7, tree.Call("a", Start + (59 * Minute)).Session.Used);
    }

    /// <summary>Neither does a clock that was a year ahead lock anybody out for a year.</summary>
    [Fact]
    public void A_clock_that_goes_back_keeps_the_count_and_ends_no_later()
    {
        Worktree tree = new(new("custom", 10, 60));
        long ahead = Start + (365L * 24 * 60 * Minute);
        tree.Calls("a", 4, ahead);
        BudgetUse back = tree.Call("a", Start);
        Assert.Equal((4, Start, 4, Start), (back.Session.Used, back.Session.Since, back.Worktree.Used, back.Worktree.Since));
        Assert.Equal(Spent.Nothing, tree.Calls("a", 5, Start));
        Assert.Equal(Spent.SessionActions, tree.Call("a", Start).Spent);
        Assert.NotEqual(Spent.WorktreeActions, tree.Call("a", Start + (60 * Minute)).Spent);
    }

    [Fact]
    public void Marks_are_told_once_each()
    {
        Worktree tree = new(new("custom", 100, 0));
        List<int> told = [];
        for (int i = 1; i <= 110; i++)
        {
            if (tree.Call("a", Start).Warning.Length > 0)
                told.Add(i);
        }

        Assert.Equal([80, 95], told);
        tree = new(new("custom", 0, 100));
        told.Clear();
        for (int i = 1; i <= 110; i++)
        {
            if (tree.Call("a", Start + (i * Minute)).Warning.Length > 0)
                told.Add(i);
        }

        Assert.Equal([81, 96], told);
    }

    [Fact]
    public void Calls_without_a_session_are_held_to_the_worktrees()
    {
        Worktree tree = new(new("custom", 5, 60));
        Assert.Equal(Spent.Nothing, tree.Calls("", 5, Start));
        Assert.Equal(Spent.WorktreeActions, tree.Calls("", 1, Start));
    }

    [Fact]
    public void Without_a_limit_no_period_runs()
    {
        Worktree tree = new(new("none", 0, 0));
        tree.Calls("a", 50, Start);
        BudgetUse use = tree.Call("a", Start);
        Assert.Equal((default, default, Spent.Nothing, ""), (use.Counted(use.Session), use.Counted(use.Worktree), use.Spent, use.Warning));
    }

    /// <summary>Never a call more than the limit between two moments at which a period may begin.</summary>
    [Fact]
    public void Nothing_is_allowed_past_the_limit() => Holds.Always(dice =>
    {
        int limit = 1 + dice.Roll(12);
        Worktree tree = new(new("custom", limit, 60));
        long now = Start;
        Dictionary<string, int> allowed = [];
        for (int i = 0; i < 60; i++)
        {
            string session = dice.Pick("a", "b");
            now += dice.Roll(3) == 0 ? -dice.Roll(5000) : dice.Roll(5000);
            if (tree.Call(session, now).Spent == Spent.Nothing)
                allowed[session] = allowed.GetValueOrDefault(session) + 1;
        }

        return allowed.GetValueOrDefault("a") <= limit && allowed.GetValueOrDefault("b") <= limit && allowed.GetValueOrDefault("a") + allowed.GetValueOrDefault("b") <= 2 * limit;
    });
}
