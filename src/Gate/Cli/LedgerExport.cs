using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using Gate.Compiler;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate ledger export</c>: rows for other programs, as JSON Lines, CSV or OCSF-shaped JSON.</summary>
internal static class LedgerExport
{
    /// <summary>Bytes that are gathered before they are written.</summary>
    private const int Portion = 64 << 10;

    public static Command Create()
    {
        Option<string> format = new("--format") { Description = "jsonl, csv or ocsf (one OCSF API Activity event a line).", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl", "csv", "ocsf");
        Option<string?> file = new("--out") { Description = "A file instead of standard output; made anew, readable by you alone." };
        FilterOptions filter = new();
        Command command = new("export", "Write rows out for other programs.") { format, file };
        filter.AddTo(command);
        command.SetAction(parsed =>
        {
            LedgerFilter wanted = filter.Of(parsed);
            using GateStore store = Workplace.Store(Workplace.Places());
            using Stream output = parsed.GetValue(file) is { } path
                ? new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })
                : Console.OpenStandardOutput();
            string chosen = parsed.GetValue(format)!;
            ByteBuilder text = new(Portion * 2);
            if (chosen == "csv")
                LedgerCsv.AddHeader(text);
            long rows = 0;
            wanted.Read(store, row =>
            {
                rows++;
                if (chosen == "csv")
                    LedgerCsv.Add(text, row);
                else if (chosen == "ocsf")
                    LedgerOcsf.Add(text, row);
                else
                    LedgerJson.Add(text, row);
                if (text.Length >= Portion)
                {
                    output.Write(text.Written);
                    text.Clear();
                }

                return true;
            });
            output.Write(text.Written);
            filter.ExplainNone(parsed, rows);
            return 0;
        });
        return command;
    }

    /// <summary>The options that choose rows, the same for every verb that reads many.</summary>
    internal sealed class FilterOptions
    {
        private readonly Option<string?> _since = new("--since") { Description = "Rows of this time and later: a date, a date and time, or an age (90m, 12h, 7d, 4w)." }, _until = new("--until") { Description = "Rows before this time." };
        private readonly Option<string?> _session = new("--session") { Description = "Rows of this session." }, _worktree = new("--worktree") { Description = "Rows of this worktree; a path." };
        private readonly Option<string?> _outcome = new("--outcome") { Description = "allow, ask, deny or observe." }, _tag = new("--tag") { Description = "Rows with this compliance tag." }, _rule = new("--rule") { Description = "Rows that this rule took part in." };

        public FilterOptions() => _outcome.AcceptOnlyFromAmong("allow", "ask", "deny", "observe");

        public void AddTo(Command command)
        {
            foreach (Option option in (ReadOnlySpan<Option>)[_since, _until, _session, _worktree, _outcome, _tag, _rule])
                command.Options.Add(option);
        }

        /// <summary>Says on standard error that no row was chosen, and what was meant where a tag or rule is not known here.</summary>
        public void ExplainNone(ParseResult parsed, long rows)
        {
            if (rows > 0)
                return;
            string hint = "";
            if (parsed.GetValue(_tag) is { } tag)
                hint = HintOf("tag", tag, rule => rule.Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            else if (parsed.GetValue(_rule) is { } id)
                hint = HintOf("rule", id, rule => [rule.Id]);
            Terminal.Error($"No row of the ledger is chosen by these options.{hint}");
        }

        // Rows of rules that are gone are still there, so another word than those of today is no error.
        private static string HintOf(string what, string word, Func<Rule, string[]> words)
        {
            List<string> known = [];
            try
            {
                Places places = Workplace.Places();
                RuleSet rules = new(Workplace.Bundle(places, Workplace.Here(places), out _));
                for (int i = 0; i < rules.Count; i++)
                    known.AddRange(words(rules[i]));
            }
            catch (CliException)
            {
                return "";
            }

            if (known.Contains(word))
                return "";
            string? same = known.Find(one => string.Equals(one, word, StringComparison.OrdinalIgnoreCase));
            return $" No rule in force here has the {what} '{word}'{(same is null ? Nearest.Hint(word, new HashSet<string>(known)) : $"; did you mean '{same}'?")}";
        }

        public LedgerFilter Of(ParseResult parsed) => new()
        {
            Since = parsed.GetValue(_since) is { } since ? LedgerTime.Parse(since, "--since") : long.MinValue,
            Until = parsed.GetValue(_until) is { } until ? LedgerTime.Parse(until, "--until") : long.MaxValue,
            Session = parsed.GetValue(_session), Outcome = parsed.GetValue(_outcome), Tag = parsed.GetValue(_tag), Rule = parsed.GetValue(_rule),
            Worktree = parsed.GetValue(_worktree) is { } worktree ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(worktree)) : null,
        };
    }
}
