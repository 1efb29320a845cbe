using System;
using System.CommandLine;
using System.Threading;
using Gate.Native;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate ledger tail|show|verify|export|summary|archive|anchor</c>; the first two are here.</summary>
internal static class LedgerVerb
{
    /// <summary>How often a followed ledger is looked at, in milliseconds.</summary>
    private const int FollowEvery = 200;

    public static Command Create()
    {
        Command verb = new("ledger", "What was decided, and the proof that nothing was changed since.");
        verb.Subcommands.Add(Tail());
        verb.Subcommands.Add(Show());
        verb.Subcommands.Add(LedgerVerify.Verify());
        verb.Subcommands.Add(LedgerExport.Create());
        verb.Subcommands.Add(LedgerSummary.Create());
        verb.Subcommands.Add(LedgerArchive.Create());
        verb.Subcommands.Add(LedgerVerify.Anchor());
        return verb;
    }

    private static Command Tail()
    {
        Option<int> count = new("-n", "--lines") { Description = "How many rows.", DefaultValueFactory = _ => 20 };
        Option<bool> follow = new("-f", "--follow") { Description = "Go on with new rows as they come, until interrupted." }, json = new("--json") { Description = "JSON Lines." };
        Command command = new("tail", "Show the newest rows.") { count, follow, json };
        command.SetAction(parsed =>
        {
            using GateStore store = Workplace.Store(Workplace.Places());
            long next = Math.Max(1, store.LastSequence() - Math.Max(0, parsed.GetValue(count)) + 1);
            ByteBuilder text = new(4096);
            while (true)
            {
                text.Clear();
                store.Read(next, row =>
                {
                    if (parsed.GetValue(json))
                        LedgerJson.Add(text, row);
                    else
                        Terminal.Line(Line(row));
                    next = row.Sequence + 1;
                    return true;
                });
                Terminal.Raw(text.Written);
                if (!parsed.GetValue(follow))
                    return 0;
                Thread.Sleep(FollowEvery);
            }
        });
        return command;
    }

    private static Command Show()
    {
        Argument<string> id = new("id") { Description = "A row's number, or the agent's id of a call." };
        Option<bool> json = new("--json") { Description = "JSON Lines: the row, then the one that completes it." };
        Command command = new("show", "Show one row whole, and what came of it.") { id, json };
        command.SetAction(parsed =>
        {
            using GateStore store = Workplace.Store(Workplace.Places());
            string wanted = parsed.GetValue(id)!;
            bool number = long.TryParse(wanted, System.Globalization.CultureInfo.InvariantCulture, out long sequence);
            LedgerRow row = (number ? First(store, "sequence=?1"u8, sequence, "") : First(store, "call=?2 AND completes=0 AND ?1=0"u8, 0, wanted))
                ?? throw new CliException(number ? $"There is no row {sequence}. 'gate ledger tail' shows the newest; older ones may be in an archive." : $"There is no call '{wanted}'. 'gate ledger tail --json' shows the ids of calls.");
            LedgerRow? completion = First(store, "sequence>?1 AND completes=?1 AND ?2=''"u8, row.Sequence, "");
            if (parsed.GetValue(json))
            {
                ByteBuilder text = new(2048);
                LedgerJson.Add(text, row);
                if (completion is not null)
                    LedgerJson.Add(text, completion);
                Terminal.Raw(text.Written);
                return 0;
            }

            LedgerPage.Write(row, completion);
            return 0;
        });
        return command;
    }

    private static LedgerRow? First(GateStore store, ReadOnlySpan<byte> where, long number, string text)
    {
        using Statement statement = store.Select(where);
        statement.Bind(1, number);
        if (where.IndexOf("?2"u8) >= 0)
            statement.BindText(2, text);
        return statement.Step() ? GateStore.RowOf(statement) : null;
    }

    private static string Line(LedgerRow row)
    {
        string outcome = Workplace.Text(row.Outcome);
        string what = row.Preview.Length > 0 ? Terminal.Safe(row.Preview) : Terminal.Safe(row.Detail);
        string rules = row.Rules.Length > 0 ? "  [" + Workplace.Text(row.Rules) + "]" : "";
        string time = LedgerTime.Shown(row.Time, "MM-dd HH:mm:ss");
        return $"{row.Sequence,6}  {time}  {Terminal.Outcome(outcome)}{new string(' ', Math.Max(0, 7 - outcome.Length))}  {(row.Zone < 0 ? "-" : row.Zone.ToString())}  {Terminal.Safe(row.Tool),-10} {what}{Terminal.Faint(rules)}";
    }
}
