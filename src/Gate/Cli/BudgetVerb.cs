using System;
using System.CommandLine;
using System.Text;
using System.Threading;
using Gate.Native;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;

namespace Gate.Cli;

/// <summary><c>gate budget [show|set|extend|reset]</c>: what sessions and worktrees of this repository used; people change it.</summary>
internal static class BudgetVerb
{
    /// <summary>How often a watched budget is drawn anew, in milliseconds.</summary>
    private const int WatchEvery = 1000;

    public static Command Create()
    {
        Command verb = new("budget", "What sessions and worktrees may do and have done.");
        Show(verb);
        Command show = new("show", "The same as 'gate budget'.");
        Show(show);
        verb.Subcommands.Add(show);
        verb.Subcommands.Add(Set());
        verb.Subcommands.Add(Extend());
        verb.Subcommands.Add(Reset());
        return verb;
    }

    private static void Show(Command command)
    {
        Option<bool> json = new("--json") { Description = "One JSON object." }, watch = new("--watch") { Description = "Draw it anew every second, until interrupted." };
        Option<bool> all = new("--all") { Description = "Sessions of any age; without it, those of the last two days." };
        command.Options.Add(json);
        command.Options.Add(watch);
        command.Options.Add(all);
        command.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            Surroundings here = Workplace.Here(places);
            using GateStore store = Workplace.Store(places);
            while (true)
            {
                BudgetPage page = new(store, places, here, Libc.WallMilliseconds(), parsed.GetValue(all));
                if (parsed.GetValue(json))
                    Terminal.Raw(page.Json());
                else
                    page.Write(clear: parsed.GetValue(watch) && !Console.IsOutputRedirected);
                if (!parsed.GetValue(watch))
                    return 0;
                Thread.Sleep(WatchEvery);
            }
        });
    }

    private static Command Set()
    {
        Argument<string> budget = new("budget") { Description = "strict, guided, autonomous (how much is in budgets.yaml of the rules), ACTIONS/MINUTES (0: no limit), none, or profile: what the profile says." };
        Command command = new("set", "Give this worktree a budget. For people.") { budget };
        command.SetAction(parsed =>
        {
            string text = parsed.GetValue(budget)!;
            Person.Require("gate budget set");
            BudgetLimit? limit = text == "profile" ? null : Of(text, BudgetLimit.Known(Workplace.Bundle(Workplace.Places(), Workplace.Here(Workplace.Places()), out _)), ", and profile");
            return Person.Change("BudgetChange"u8, "set", (store, here, now) =>
            {
                store.WriteBudget(here.Worktree, here.Repository, limit, now);
                return limit is null ? "this worktree has its profile's budget" : $"this worktree has the budget {Words(limit)}";
            });
        });
        return command;
    }

    private static Command Extend()
    {
        Option<long> actions = new("--actions") { Description = "So many actions more, from here on; without both options, a quarter of the budget.", DefaultValueFactory = _ => -1 };
        Option<long> minutes = new("--minutes") { Description = "So many minutes more, from now on.", DefaultValueFactory = _ => -1 };
        Option<string?> session = new("--session") { Description = "Only this session, and its worktree with it; without it, all sessions of this worktree." };
        Command command = new("extend", "Give the sessions of this worktree more. For people.") { actions, minutes, session };
        command.SetAction(parsed =>
        {
            Person.Require("gate budget extend");
            long more = parsed.GetValue(actions), longer = parsed.GetValue(minutes);
            if (more is < -1 or > BudgetLimit.Maximum || longer is < -1 or > BudgetLimit.Maximum)
                throw new CliException($"--actions and --minutes are numbers up to {BudgetLimit.Maximum}.");
            return Person.Change("BudgetChange"u8, "extend", (store, here, now) =>
            {
                BudgetLimit limit = Limit(store, here);
                if (limit.IsNone)
                    throw new CliException("This worktree has no budget that could be extended. 'gate budget set guided' gives it one.");
                bool quarter = more < 0 && longer < 0;
                long addActions = quarter ? (limit.Actions + 3) / 4 : Math.Max(0, more), addMinutes = quarter ? (limit.Minutes + 3) / 4 : Math.Max(0, longer);
                foreach (BudgetRow row in Sessions(store, here, parsed.GetValue(session)))
                    store.WritePeriodOfSession(row.Name, Extended(limit, row.Period, addActions, addMinutes, now));
                StoredStanding stored = store.ReadStanding(default, here.Worktree, here.Repository);
                store.WritePeriodOfWorktree(here.Worktree, Extended(limit, stored.WorktreePeriod, addActions, 0, now));
                return $"{addActions} actions and {addMinutes} minutes more";
            });
        });
        return command;
    }

    private static Command Reset()
    {
        Option<string?> session = new("--session") { Description = "Only this session; without it, all sessions of this worktree, and the worktree." };
        Command command = new("reset", "Let counting begin anew in this worktree. For people.") { session };
        command.SetAction(parsed =>
        {
            Person.Require("gate budget reset");
            return Person.Change("BudgetChange"u8, "reset", (store, here, now) =>
            {
                foreach (BudgetRow row in Sessions(store, here, parsed.GetValue(session)))
                    store.WritePeriodOfSession(row.Name, default);
                if (parsed.GetValue(session) is null)
                    store.WritePeriodOfWorktree(here.Worktree, default);
                return parsed.GetValue(session) is { } one ? $"session {one} begins anew" : "this worktree and its sessions begin anew";
            });
        });
        return command;
    }

    /// <summary>The budget that a person named; throws what there is instead.</summary>
    public static BudgetLimit Of(string text, BudgetLimit[] known, string more = "") => BudgetLimit.Parse(text, known)
        ?? throw new CliException($"'{text}' is no budget. There are {string.Join(", ", System.Array.ConvertAll(known, Words))}, none, ACTIONS/MINUTES such as 300/60{more}.");

    /// <summary>From where the count stands now, so that what is overdrawn does not eat it up.</summary>
    private static BudgetPeriod Extended(BudgetLimit limit, BudgetPeriod period, long actions, long minutes, long now)
    {
        long gone = period.Since == 0 ? 0 : Math.Max(0, now - period.Since) / 60_000;
        long moreActions = limit.Actions == 0 ? 0 : Math.Max(period.MoreActions, period.Used - limit.Actions) + actions, moreMinutes = limit.Minutes == 0 ? 0 : Math.Max(period.MoreMinutes, gone - limit.Minutes) + minutes;
        return period with { Since = period.Since == 0 ? now : period.Since, MoreActions = Math.Min(moreActions, BudgetLimit.Maximum), MoreMinutes = minutes == 0 ? period.MoreMinutes : Math.Min(moreMinutes, BudgetLimit.Maximum) };
    }

    private static System.Collections.Generic.List<BudgetRow> Sessions(GateStore store, Surroundings here, string? one)
    {
        if (one is null)
            return store.ReadSessions(here.Worktree, long.MinValue);
        return [store.ReadSession(Encoding.UTF8.GetBytes(one)) ?? throw new CliException($"There is no session '{one}'. 'gate budget --all' shows them.")];
    }

    private static BudgetLimit Limit(GateStore store, Surroundings here) =>
        store.ReadStanding(default, here.Worktree, here.Repository).BudgetLimit(BudgetPage.ProfileOf(Workplace.Places(), here));

    public static string Words(BudgetLimit limit) =>
        limit.IsNone ? "none" : $"{limit.Name} ({(limit.Actions > 0 ? $"{limit.Actions} actions" : "any number of actions")}, {(limit.Minutes > 0 ? $"{limit.Minutes} minutes" : "any time")})";
}
