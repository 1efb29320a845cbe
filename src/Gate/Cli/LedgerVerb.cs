using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using Gate.Native;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate ledger tail|verify</c>.</summary>
internal static class LedgerVerb
{
    public static Command Create()
    {
        Command verb = new("ledger", "What was decided, and the proof that nothing was changed since.");
        verb.Subcommands.Add(Tail());
        verb.Subcommands.Add(Verify());
        return verb;
    }

    private static Command Tail()
    {
        Option<int> count = new("-n", "--lines") { Description = "How many rows.", DefaultValueFactory = _ => 20 };
        Option<bool> json = new("--json") { Description = "JSON Lines." };
        Command command = new("tail", "Show the newest rows.") { count, json };
        command.SetAction(parsed =>
        {
            using GateStore store = Workplace.Store(Workplace.Places());
            int rows = Math.Max(0, parsed.GetValue(count));
            ByteBuilder text = new(4096);
            store.Read(Math.Max(1, store.LastSequence() - rows + 1), row =>
            {
                if (parsed.GetValue(json))
                    LedgerJson.Add(text, row);
                else
                    Terminal.Line(Line(row));
                return true;
            });
            Terminal.Raw(text.Written);
            return 0;
        });
        return command;
    }

    private static string Line(LedgerRow row)
    {
        string outcome = Workplace.Text(row.Outcome);
        string what = row.Preview.Length > 0 ? Terminal.Safe(row.Preview) : Terminal.Safe(row.Detail);
        string rules = row.Rules.Length > 0 ? "  [" + Workplace.Text(row.Rules) + "]" : "";
        string time = DateTimeOffset.FromUnixTimeMilliseconds(row.Time).ToLocalTime().ToString("MM-dd HH:mm:ss");
        return $"{row.Sequence,6}  {time}  {Terminal.Outcome(outcome)}{new string(' ', Math.Max(0, 7 - outcome.Length))}  {(row.Zone < 0 ? "-" : row.Zone.ToString())}  {Terminal.Safe(row.Tool),-10} {what}{Terminal.Faint(rules)}";
    }

    private static Command Verify()
    {
        Command command = new("verify", "Check the whole chain. Exit code 1 names the first bad row.");
        command.SetAction(_ =>
        {
            using GateStore store = Workplace.Store(Workplace.Places());
            Stopwatch watch = Stopwatch.StartNew();
            string? problem = LedgerChain.Verify(store, progress: Console.IsErrorRedirected ? null : rows => Console.Error.Write($"\r{rows} rows "), out long count);
            if (!Console.IsErrorRedirected)
                Console.Error.Write("\r                    \r");
            if (problem is not null)
                throw new CliException(problem);
            Terminal.Line($"{Terminal.Good("whole")}  {count} rows, in {watch.ElapsedMilliseconds} ms");
            return 0;
        });
        return command;
    }
}
