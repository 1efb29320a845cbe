using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Text;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate ledger summary</c>: what was decided by rule, worktree and day, and what was asked most, so that a person can tune the rules.</summary>
internal static class LedgerSummary
{
    public static Command Create()
    {
        Option<int> top = new("--top") { Description = "How many lines of each list.", DefaultValueFactory = _ => 10 };
        Option<bool> json = new("--json") { Description = "One JSON object, all lines." };
        LedgerExport.FilterOptions filter = new();
        Command command = new("summary", "Count decisions by rule, worktree and day, and show what was asked most.") { top, json };
        filter.AddTo(command);
        command.SetAction(parsed =>
        {
            LedgerFilter wanted = filter.Of(parsed);
            using GateStore store = Workplace.Store(Workplace.Places());
            Tally[] lists = [new("rules"), new("worktrees"), new("days"), new("asked"), new("denied")];
            Count all = new("all");
            wanted.Read(store, row =>
            {
                Add(lists, all, row);
                return true;
            });
            if (parsed.GetValue(json))
                Terminal.Raw(Json(lists, all));
            else
                Show(lists, all, Math.Max(0, parsed.GetValue(top)));
            filter.ExplainNone(parsed, all.Total);
            return 0;
        });
        return command;
    }

    private static void Add(Tally[] lists, Count all, LedgerRow row)
    {
        string outcome = Workplace.Text(row.Outcome);
        all.Add(outcome);
        if (outcome is not ("allow" or "ask" or "deny"))
            return;

        // The strictest stands first: it is the one that decided. Others, which only logged perhaps, are not what a person would tune.
        string[] rules = Workplace.Text(row.Rules).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < (outcome == "allow" ? rules.Length : Math.Min(1, rules.Length)); i++)
            lists[0].Of(rules[i]).Add(outcome);
        lists[1].Of(Workplace.Text(row.Worktree)).Add(outcome);
        lists[2].Of(LedgerTime.Shown(row.Time, "yyyy-MM-dd")).Add(outcome);
        string what = row.Preview.Length > 0 ? $"{Workplace.Text(row.Tool)}: {Workplace.Text(row.Preview)}" : Workplace.Text(row.Tool);
        if (outcome != "allow")
            lists[outcome == "ask" ? 3 : 4].Of(what).Add(outcome);
    }

    private static void Show(Tally[] lists, Count all, int top)
    {
        Terminal.Line($"{all.Total} rows: {all.Allowed} allowed, {all.Asked} asked, {all.Denied} denied, {all.Observed} came back");
        foreach (Tally list in lists)
        {
            List<Count> counts = list.Sorted();
            if (counts.Count == 0 || top == 0)
                continue;
            Terminal.Line();
            Terminal.Line($"{list.Name switch { "rules" => "by the rule that decided", "worktrees" => "by worktree", "days" => "by day", "asked" => "asked most", _ => "denied most" },-44}{"allow",9}{"ask",9}{"deny",9}");
            for (int i = 0; i < Math.Min(top, counts.Count); i++)
            {
                string name = Shown.Of(Encoding.UTF8.GetBytes(counts[i].Name), 42);
                Terminal.Line($"{name,-44}{counts[i].Allowed,9}{counts[i].Asked,9}{counts[i].Denied,9}");
            }

            if (counts.Count > top)
                Terminal.Line(Terminal.Faint($"… and {counts.Count - top} more (--top)"));
        }
    }

    private static byte[] Json(Tally[] lists, Count all)
    {
        ByteBuilder text = new(4096);
        text.Add("{\"rows\":"u8).Add(all.Total).Add(",\"allow\":"u8).Add(all.Allowed).Add(",\"ask\":"u8).Add(all.Asked).Add(",\"deny\":"u8).Add(all.Denied).Add(",\"observe\":"u8).Add(all.Observed);
        foreach (Tally list in lists)
        {
            text.Add(",\"").Add(list.Name).Add("\":[");
            List<Count> counts = list.Sorted();
            for (int i = 0; i < counts.Count; i++)
            {
                text.Add(i > 0 ? ","u8 : ""u8).Add("{\"name\":"u8).AddJson(counts[i].Name).Add(",\"allow\":"u8).Add(counts[i].Allowed)
                    .Add(",\"ask\":"u8).Add(counts[i].Asked).Add(",\"deny\":"u8).Add(counts[i].Denied).Add("}"u8);
            }

            text.Add("]");
        }

        return text.Add("}\n"u8).ToArray();
    }

    private sealed class Tally(string name)
    {
        private readonly Dictionary<string, Count> _counts = [];

        public string Name => name;

        public Count Of(string what)
        {
            if (!_counts.TryGetValue(what, out Count? count))
                _counts[what] = count = new Count(what);
            return count;
        }

        /// <summary>What stopped the agent most comes first; days in their order.</summary>
        public List<Count> Sorted()
        {
            List<Count> counts = [.. _counts.Values];
            counts.Sort((a, b) => name == "days" ? string.CompareOrdinal(a.Name, b.Name) : a.Stopped != b.Stopped ? b.Stopped.CompareTo(a.Stopped) : a.Total != b.Total ? b.Total.CompareTo(a.Total) : string.CompareOrdinal(a.Name, b.Name));
            return counts;
        }
    }

    private sealed class Count(string name)
    {
        public string Name => name;

        public long Allowed { get; private set; }

        public long Asked { get; private set; }

        public long Denied { get; private set; }

        public long Observed { get; private set; }

        public long Total => Allowed + Asked + Denied + Observed;

        public long Stopped => Asked + Denied;

        public void Add(string outcome)
        {
            switch (outcome)
            {
                case "allow": Allowed++; break;
                case "ask": Asked++; break;
                case "deny": Denied++; break;
                default: Observed++; break;
            }
        }
    }
}
