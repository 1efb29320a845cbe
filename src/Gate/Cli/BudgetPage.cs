using System;
using System.Collections.Generic;
using System.Globalization;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>The budgets of a repository's worktrees and of their sessions at one moment, for a person or as JSON.</summary>
internal sealed class BudgetPage
{
    private const int BarWidth = 20;

    private const long Minute = 60_000, Recent = 2 * 24 * 60 * Minute;

    private readonly long _now;
    private readonly byte[] _here;
    private readonly List<Line> _worktrees = [];

    public BudgetPage(GateStore store, Places places, Surroundings here, long now, bool all)
    {
        _now = now;
        _here = here.Worktree;
        Profile profile = ProfileOf(places, here);
        foreach (BudgetRow row in store.ReadWorktrees(here.Repository))
        {
            if (!here.InRepository && !row.Name.AsSpan().SequenceEqual(here.Worktree))
                continue;
            StoredStanding stored = store.ReadStanding(default, row.Name, here.Repository);
            BudgetLimit limit = stored.BudgetLimit(profile);
            Line worktree = new(row, limit, now, session: false);
            foreach (BudgetRow session in store.ReadSessions(row.Name, all ? long.MinValue : now - Recent))
                worktree.Sessions.Add(new Line(session, limit, now, session: true));
            _worktrees.Add(worktree);
        }
    }

    /// <summary>The profile in force; one without a budget where the bundle cannot be read: 'gate status' says why.</summary>
    public static Profile ProfileOf(Places places, Surroundings here)
    {
        try
        {
            return new Profile(Workplace.Bundle(places, here, out _));
        }
        catch (CliException)
        {
            return new Profile { Name = "", Budget = "" };
        }
    }

    public void Write(bool clear)
    {
        if (clear)
            Terminal.Line("\u001b[H\u001b[2J");
        if (_worktrees.Count == 0)
            Terminal.Line("No worktree of this repository is known yet.");
        foreach (Line worktree in _worktrees)
        {
            Terminal.Line($"{Terminal.Safe(worktree.Row.Name)}{(worktree.Row.Name.AsSpan().SequenceEqual(_here) ? "  (here)" : "")}  budget {BudgetVerb.Words(worktree.Limit)}");
            Write("worktree", worktree);
            foreach (Line session in worktree.Sessions)
                Write(Shown.Of(session.Row.Name, 12), session);
        }
    }

    private static void Write(string name, Line line)
    {
        string rate = line.Elapsed > Minute / 6 ? $"{line.Used * 60.0 * Minute / line.Elapsed,7:0} an hour" : "";
        if (line.Limit.IsNone)
        {
            Terminal.Line($"  {name,-12} {line.Row.Actions,6} actions");
            return;
        }

        string count = line.Actions > 0 ? $"{Bar(line.Used, line.Actions)} {line.Used,6}/{line.Actions} actions" : $"{line.Used,6} actions";
        string time = line.Minutes > 0 ? $"  {Bar(line.Elapsed, line.Minutes * Minute)} {Duration(Math.Max(0, (line.Minutes * Minute) - line.Elapsed))} left" : "";
        Terminal.Line($"  {name,-12} {count}{time}{rate}{(line.Spent ? "  " + Terminal.Bad("spent: gate budget extend") : "")}");
    }

    private static string Bar(long part, long whole)
    {
        int full = (int)Math.Clamp(part * BarWidth / Math.Max(1, whole), 0, BarWidth);
        string bar = new string('█', full) + new string('░', BarWidth - full);
        return part * 100 >= whole * BudgetUse.LastWarning ? Terminal.Bad(bar) : part * 100 >= whole * BudgetUse.FirstWarning ? Terminal.Doubtful(bar) : Terminal.Good(bar);
    }

    private static string Duration(long milliseconds)
    {
        long minutes = milliseconds / Minute;
        return minutes >= 60 ? $"{minutes / 60} h {minutes % 60:00} min" : $"{minutes} min";
    }

    public byte[] Json()
    {
        ByteBuilder text = new(1024);
        text.Add("{\"worktrees\":["u8);
        for (int i = 0; i < _worktrees.Count; i++)
        {
            Line worktree = _worktrees[i];
            text.Add(i > 0 ? ","u8 : ""u8).Add("{\"worktree\":"u8).AddJson(worktree.Row.Name).Add(",\"here\":"u8).Add(worktree.Row.Name.AsSpan().SequenceEqual(_here) ? "true"u8 : "false"u8)
                .Add(",\"budget\":"u8).AddJson(worktree.Limit.Name);
            worktree.AddTo(text);
            text.Add(",\"sessions\":["u8);
            for (int s = 0; s < worktree.Sessions.Count; s++)
            {
                text.Add(s > 0 ? ","u8 : ""u8).Add("{\"session\":"u8).AddJson(worktree.Sessions[s].Row.Name);
                worktree.Sessions[s].AddTo(text);
                text.Add("}"u8);
            }

            text.Add("]}"u8);
        }

        return text.Add("],\"time\":\""u8).Add(LedgerJson.Time(_now)).Add("\"}\n"u8).ToArray();
    }

    /// <summary>One worktree or one session.</summary>
    private sealed class Line
    {
        public Line(BudgetRow row, BudgetLimit limit, long now, bool session)
        {
            (Row, Limit) = (row, limit);
            BudgetUse use = new(limit, session ? row.Period : default, session ? default : row.Period, named: session, known: true, row.Last, now);
            BudgetPeriod period = session ? use.Session : use.Worktree;
            Used = limit.IsNone ? row.Actions : period.Used;
            Elapsed = limit.IsNone ? Math.Max(0, row.Last - row.Started) : use.Elapsed(period);
            Actions = limit.Actions == 0 ? 0 : limit.Actions + period.MoreActions;
            Minutes = limit.Minutes == 0 ? 0 : limit.Minutes + period.MoreMinutes;
            Spent = use.Spent != Policy.Spent.Nothing;
        }

        public BudgetRow Row { get; }

        public BudgetLimit Limit { get; }

        public List<Line> Sessions { get; } = [];

        /// <summary>Calls of this period; without a budget, all.</summary>
        public long Used { get; }

        /// <summary>Milliseconds of this period.</summary>
        public long Elapsed { get; }

        /// <summary>The limits with what was given beyond them; 0: none.</summary>
        public long Actions { get; }

        public long Minutes { get; }

        public bool Spent { get; }

        /// <summary>Members of a JSON object: times in minutes, the rate in actions an hour; null where there is no limit.</summary>
        public void AddTo(ByteBuilder text)
        {
            text.Add(",\"used\":"u8).Add(Used).Add(",\"limit\":"u8);
            Number(text, Actions);
            text.Add(",\"actions\":"u8).Add(Row.Actions).Add(",\"minutes\":"u8).Add(Elapsed / Minute).Add(",\"minutesLimit\":"u8);
            Number(text, Minutes);
            text.Add(",\"minutesLeft\":"u8);
            if (Minutes > 0)
                text.Add(Math.Max(0, ((Minutes * Minute) - Elapsed) / Minute));
            else
                text.Add("null"u8);
            double rate = Elapsed > 0 ? Used * 60.0 * Minute / Elapsed : 0;
            text.Add(",\"rate\":"u8).Add(rate.ToString("0.#", CultureInfo.InvariantCulture)).Add(",\"last\":\""u8).Add(LedgerJson.Time(Row.Last)).Add("\",\"spent\":"u8).Add(Spent ? "true"u8 : "false"u8);
        }

        private static void Number(ByteBuilder text, long number)
        {
            if (number > 0)
                text.Add(number);
            else
                text.Add("null"u8);
        }
    }
}
