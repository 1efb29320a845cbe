using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gate.Store;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>What people and other programs see of the ledger.</summary>
[Trait("needs", "binary")]
public class LedgerVerbTests
{
    [Fact]
    public void Show_names_the_row_and_what_came_of_it()
    {
        using GateScratch scratch = Some();
        string shown = scratch.Must("ledger", "show", "1");
        Assert.Contains("came back  row 2", shown, StringComparison.Ordinal);
        Assert.Contains("git status", shown, StringComparison.Ordinal);
        Assert.Contains("not (yet)", scratch.Must("ledger", "show", "call-ask"), StringComparison.Ordinal);
        JsonElement[] rows = Lines(scratch.Must("ledger", "show", "call-1", "--json"));
        Assert.Equal([1L, 2], rows.Select(row => row.GetProperty("sequence").GetInt64()));
        foreach (string id in (string[])["99", "call-none", "0", "-1"])
        {
            GateAnswer answer = scratch.Gate("ledger", "show", "--", id);
            Assert.True(answer.ExitCode == 1 && answer.Errors.Contains("gate ledger tail", StringComparison.Ordinal), $"{answer}");
        }
    }

    [Fact]
    public void A_followed_ledger_shows_rows_as_they_come()
    {
        using GateScratch scratch = Some();
        ProcessStartInfo start = new(ClientPrograms.Gate, ["ledger", "tail", "-f", "-n", "1", "--json"]) { WorkingDirectory = scratch.Work, RedirectStandardOutput = true };
        start.Environment["HOME"] = scratch.Home;
        using Process tail = Process.Start(start)!;
        try
        {
            Assert.Equal(6, Sequence(tail));
            scratch.Hook(scratch.Bash("git log"));
            Assert.Equal(7, Sequence(tail));
            scratch.Hook(scratch.Bash("git diff"));
            Assert.Equal(8, Sequence(tail));
        }
        finally
        {
            tail.Kill();
        }

        scratch.AssertChain();
    }

    [Theory]
    [InlineData("", 1, 2, 3, 4, 5, 6)]
    [InlineData("--outcome deny", 3)]
    [InlineData("--outcome ask", 4, 5)]
    [InlineData("--tag NIST:CM")]
    [InlineData("--rule git.force-push", 3)]
    [InlineData("--rule git.force")]
    [InlineData("--session session-2", 6)]
    [InlineData("--session session-1 --outcome allow", 1)]
    [InlineData("--worktree .", 1, 2, 3, 4, 5, 6)]
    [InlineData("--worktree /elsewhere")]
    [InlineData("--since 1h", 1, 2, 3, 4, 5, 6)]
    [InlineData("--until 1h")]
    [InlineData("--since 2020-01-01 --until 2021-01-01T12:00")]
    public void Export_takes_what_the_filters_name(string options, params int[] sequences)
    {
        using GateScratch scratch = Some();
        string output = scratch.Must(["ledger", "export", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(sequences, Lines(output).Select(row => row.GetProperty("sequence").GetInt32()));
    }

    /// <summary>A tag is a whole word; which rows have it is the shipped rules' matter.</summary>
    [Fact]
    public void Export_takes_the_rows_with_a_tag()
    {
        using GateScratch scratch = Some();
        JsonElement[] all = Lines(scratch.Must("ledger", "export")), tagged = Lines(scratch.Must("ledger", "export", "--tag", "NIST:CM-3"));
        Assert.Contains(3, tagged.Select(row => Int(row, "sequence")));
        Assert.Equal(all.Where(row => row.GetProperty("tags").EnumerateArray().Any(tag => tag.GetString() == "NIST:CM-3")).Select(row => Int(row, "sequence")), tagged.Select(row => Int(row, "sequence")));
        Assert.True(tagged.Length < all.Length);
    }

    /// <summary>An empty answer says that it is one, and which word was meant.</summary>
    [Theory]
    [InlineData("--tag", "nist:cm-3", "did you mean 'NIST:CM-3'?")]
    [InlineData("--rule", "git.pusj", "did you mean 'git.push'?")]
    [InlineData("--session", "another", "No row of the ledger is chosen by these options.")]
    public void An_export_without_rows_says_so(string option, string word, string hint)
    {
        using GateScratch scratch = Some();
        foreach (string verb in (string[])["export", "summary"])
        {
            GateAnswer none = scratch.Gate("ledger", verb, option, word);
            Assert.True(none.ExitCode == 0 && none.Errors.Contains(hint, StringComparison.Ordinal), $"{none}");
        }

        Assert.Equal("", scratch.Gate("ledger", "export", "--tag", "NIST:CM-3").Errors);
    }

    [Fact]
    public void Export_is_what_tail_shows_and_a_file_is_private()
    {
        using GateScratch scratch = Some();
        Assert.Equal(scratch.Must("ledger", "tail", "-n", "99", "--json"), scratch.Must("ledger", "export"));
        string file = Path.Combine(scratch.Root, "out.jsonl");
        Assert.Equal("", scratch.Must("ledger", "export", "--out", file));
        Assert.Equal(6, File.ReadAllLines(file).Length);
        Assert.Equal("600", scratch.Program("stat", "-c", "%a", file).Trim());
        Assert.Contains("is no time", scratch.Gate("ledger", "export", "--since", "yesterdayish").Errors, StringComparison.Ordinal);
        Assert.Equal(1, scratch.Gate("ledger", "export", "--format", "xml").ExitCode);
    }

    /// <summary>Read back by RFC 4180, every field is there; none begins as a formula does.</summary>
    [Fact]
    public void Csv_is_read_back_whole_and_holds_no_formula()
    {
        using GateScratch scratch = Some();
        string[] odd = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\ttab", "a,b", "say \"x\"", "two\nlines", "a\r\nb", "ä€😀", ""];
        using (GateStore store = GateStore.Open(Encoding.UTF8.GetBytes(scratch.Store), create: false))
        {
            store.Begin();
            foreach (string text in odd)
                store.Append(new LedgerRow { Preview = Encoding.UTF8.GetBytes(text), Session = Encoding.UTF8.GetBytes(text), Outcome = "allow"u8.ToArray() }, countAction: false);
            store.Append(new LedgerRow { Preview = [0xFF, (byte)'x'], Time = long.MaxValue }, countAction: false);
            store.Commit();
        }

        List<List<string>> table = Csv(scratch.Must("ledger", "export", "--format", "csv"));
        Assert.Equal(1 + 6 + odd.Length + 1, table.Count);
        Assert.All(table, line => Assert.Equal(table[0].Count, line.Count));
        int preview = table[0].IndexOf("preview"), session = table[0].IndexOf("session");
        for (int i = 0; i < odd.Length; i++)
        {
            string expected = odd[i].Length > 0 && "=+-@\t\r\n".Contains(odd[i][0], StringComparison.Ordinal) ? "'" + odd[i] : odd[i];
            Assert.Equal((expected, expected), (table[7 + i][preview], table[7 + i][session]));
        }

        Assert.Equal("\uFFFDx", table[^1][preview]);
        Assert.Equal(long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture), table[^1][table[0].IndexOf("time")]);
    }

    [Fact]
    public void Ocsf_events_say_what_was_decided()
    {
        using GateScratch scratch = Some();
        JsonElement[] events = Lines(scratch.Must("ledger", "export", "--format", "ocsf"));
        Assert.Equal(6, events.Length);
        foreach (JsonElement @event in events)
        {
            Assert.Equal((6003, 6, 600399), (@event.GetProperty("class_uid").GetInt32(), @event.GetProperty("category_uid").GetInt32(), @event.GetProperty("type_uid").GetInt32()));
            Assert.Equal(99, @event.GetProperty("activity_id").GetInt32());
            Assert.InRange(@event.GetProperty("time").GetInt64(), 1_700_000_000_000, 5_000_000_000_000);
            Assert.Equal(64, @event.GetProperty("metadata").GetProperty("uid").GetString()!.Length);
        }

        Assert.Equal(["Allowed", "Logged", "Blocked", "Asked", "Asked", "Allowed"], events.Select(@event => @event.GetProperty("disposition").GetString()));
        Assert.Equal("git.force-push", events[2].GetProperty("firewall_rule").GetProperty("uid").GetString());
        Assert.Contains("NIST:CM-3", events[2].GetProperty("metadata").GetProperty("labels").EnumerateArray().Select(tag => tag.GetString()));
    }

    [Fact]
    public void Summary_counts_by_rule_worktree_and_day_and_what_was_asked_most()
    {
        using GateScratch scratch = Some();
        JsonElement all = JsonDocument.Parse(scratch.Must("ledger", "summary", "--json")).RootElement;
        Assert.Equal((6, 2, 2, 1, 1), (Int(all, "rows"), Int(all, "allow"), Int(all, "ask"), Int(all, "deny"), Int(all, "observe")));
        JsonElement asked = all.GetProperty("asked")[0], rule = all.GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == "git.force-push");
        Assert.Equal(("Bash: git push", 2), (asked.GetProperty("name").GetString(), Int(asked, "ask")));
        Assert.Equal(1, Int(rule, "deny"));
        Assert.DoesNotContain(all.GetProperty("rules").EnumerateArray(), one => one.GetProperty("name").GetString() == "forge.before-review");
        Assert.Equal(5, all.GetProperty("worktrees").EnumerateArray().Sum(tree => Int(tree, "allow") + Int(tree, "ask") + Int(tree, "deny")));
        Assert.True(all.GetProperty("days").GetArrayLength() is 1 or 2);
        Assert.Equal(1, Int(JsonDocument.Parse(scratch.Must("ledger", "summary", "--json", "--session", "session-2")).RootElement, "rows"));
        string shown = scratch.Must("ledger", "summary");
        Assert.Contains("asked most", shown, StringComparison.Ordinal);
        Assert.Contains("6 rows: 2 allowed, 2 asked, 1 denied, 1 came back", shown, StringComparison.Ordinal);
    }

    /// <summary>A row at the end that the anchor does not know may be anybody's: its link is right, but it left no mark. The next call's mark covers it.</summary>
    [Fact]
    public void A_row_at_the_end_without_a_mark_is_named()
    {
        using GateScratch scratch = GateScratch.Wired();
        for (int i = 0; i < 3; i++)
            scratch.Hook(scratch.Bash("git status"));
        scratch.AssertChain();
        string anchor = Path.Combine(scratch.State, "ledger.anchor");
        byte[] marks = File.ReadAllBytes(anchor);
        marks.AsSpan(3 * LedgerMark.Size, LedgerMark.Size).Clear();
        File.WriteAllBytes(anchor, marks);

        // Killing a process between row and mark leaves the same, so it is no damage; it is named.
        Assert.Contains("Row 3 stands at the end without a mark", scratch.Must("ledger", "verify"), StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(scratch.Must("ledger", "verify", "--json")).RootElement;
        Assert.Equal((true, 1), (json.GetProperty("whole").GetBoolean(), json.GetProperty("unanchored").GetInt32()));
        scratch.Hook(scratch.Bash("git status"));
        scratch.AssertChain();
    }

    [Fact]
    public void Archived_rows_verify_where_they_went_and_the_rest_where_it_is()
    {
        using GateScratch scratch = Some();
        string anchor = scratch.Must("ledger", "anchor").Trim();
        string file = Path.Combine(scratch.Root, "old.db"), second = Path.Combine(scratch.Root, "older.db");
        Assert.Contains("Nothing to archive", scratch.Must("ledger", "archive", "--before", "2020-01-01"), StringComparison.Ordinal);
        Assert.Contains("rows 1 to 5", scratch.Must("ledger", "archive", "--before", "now", "--out", file), StringComparison.Ordinal);
        Assert.Contains("1 rows (after 5 archived)", scratch.Must("ledger", "verify"), StringComparison.Ordinal);
        Assert.StartsWith("whole  5 rows", scratch.Must("ledger", "verify", "--file", file), StringComparison.Ordinal);
        Assert.Equal("600", scratch.Program("stat", "-c", "%a", file).Trim());
        Assert.Equal(0, scratch.Gate("ledger", "verify", "--anchor", anchor).ExitCode);

        // The chain goes on, and is archived again.
        for (int i = 0; i < 300; i++)
            scratch.Hook(scratch.Bash("git status"));
        scratch.AssertChain();
        Assert.Contains("rows 6 to 305", scratch.Must("ledger", "archive", "--before", "now", "--out", second, "--compact"), StringComparison.Ordinal);
        Assert.Contains("300 rows (after 5 archived), 1 checkpoint", scratch.Must("ledger", "verify", "--file", second), StringComparison.Ordinal);
        StoreTroubleTests.AssertWhole(scratch, 2);
        Assert.NotEqual(0, GateProcess.Run(["sqlite3", scratch.Store, "DELETE FROM ledger"], null, scratch.Work, scratch.Environment).ExitCode);

        scratch.Program("sqlite3", second, "DROP TRIGGER ledger_no_update; UPDATE ledger SET preview='x' WHERE sequence=100");
        Assert.Contains("changed: Row 100", scratch.Gate("ledger", "verify", "--file", second).Errors, StringComparison.Ordinal);
        Assert.Contains("cannot be read as an archive", scratch.Gate("ledger", "verify", "--file", scratch.Settings).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_ledger_is_archived_only_when_that_is_said()
    {
        using GateScratch scratch = Some();
        scratch.Program("sqlite3", scratch.Store, "DROP TRIGGER ledger_no_update; UPDATE ledger SET preview='ls' WHERE sequence=3");
        JsonElement found = JsonDocument.Parse(scratch.Gate("ledger", "verify", "--json").Output).RootElement;
        Assert.Equal((false, "changed", 3), (found.GetProperty("whole").GetBoolean(), found.GetProperty("damage").GetString(), Int(found, "row")));
        Assert.Contains("would hide that", scratch.Gate("ledger", "archive", "--before", "now").Errors, StringComparison.Ordinal);
        scratch.Must("ledger", "archive", "--before", "now", "--damaged");
        scratch.AssertChain();
        StoreTroubleTests.AssertWhole(scratch, 2);
        string archive = Directory.GetFiles(Path.Combine(scratch.State, "archive")).Single();
        Assert.Contains("changed: Row 3", scratch.Gate("ledger", "verify", "--file", archive).Errors, StringComparison.Ordinal);
    }

    /// <summary>The file put back to an older valid state, by the real binary's own marks.</summary>
    [Fact]
    public void A_store_put_back_is_truncated_and_an_anchor_kept_elsewhere_knows_it_too()
    {
        using GateScratch scratch = Some();
        scratch.Program("sqlite3", scratch.Store, "PRAGMA wal_checkpoint(TRUNCATE)");
        byte[] copy = File.ReadAllBytes(scratch.Store), anchor = File.ReadAllBytes(Path.Combine(scratch.State, "ledger.anchor"));
        for (int i = 0; i < 4; i++)
            scratch.Hook(scratch.Bash("git status"));
        string kept = scratch.Must("ledger", "anchor").Trim();
        foreach (string extra in (string[])["-wal", "-shm"])
            File.Delete(scratch.Store + extra);
        File.WriteAllBytes(scratch.Store, copy);
        Assert.Contains("truncated: The ledger was cut after row 6: row 10 was written", scratch.Gate("ledger", "verify").Errors, StringComparison.Ordinal);

        // The whole folder put back.
        File.WriteAllBytes(Path.Combine(scratch.State, "ledger.anchor"), anchor);
        scratch.AssertChain();
        Assert.Contains("truncated", scratch.Gate("ledger", "verify", "--anchor", kept).Errors, StringComparison.Ordinal);
        Assert.Contains("NUMBER:HASH", scratch.Gate("ledger", "verify", "--anchor", "7").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_session_makes_a_checkpoint()
    {
        using GateScratch scratch = Some();
        JsonObject end = new() { ["session_id"] = "session-1", ["cwd"] = scratch.Work, ["hook_event_name"] = "SessionEnd", ["reason"] = "other" };
        for (int i = 0; i < 2; i++)
            Assert.Equal("silent", scratch.Hook(end).Decision);
        Assert.Equal(6, scratch.Count("SELECT sequence FROM checkpoints WHERE kind=2"));
        Assert.Contains("1 checkpoint,", scratch.Must("ledger", "verify"), StringComparison.Ordinal);

        using GateScratch bare = GateScratch.Bare();
        Assert.Equal("silent", bare.Hook(end).Decision);
        Assert.False(File.Exists(bare.Store));
    }

    // 1 allowed, 2 its completion, 3 denied, 4 and 5 asked, 6 of another session.
    private static GateScratch Some()
    {
        GateScratch scratch = GateScratch.Wired();
        JsonObject call = scratch.Bash("git status", "call-1");
        Assert.Equal("allow", scratch.Hook(call).Decision);
        JsonObject came = call.DeepClone().AsObject();
        came["hook_event_name"] = "PostToolUse";
        came["tool_response"] = new JsonObject { ["stdout"] = "" };
        scratch.Hook(came);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push --force")).Decision);
        Assert.Equal("ask", scratch.Hook(scratch.Bash("git push", "call-ask")).Decision);
        Assert.Equal("ask", scratch.Hook(scratch.Bash("git push")).Decision);
        JsonObject other = scratch.Bash("git log");
        other["session_id"] = "session-2";
        Assert.Equal("allow", scratch.Hook(other).Decision);
        return scratch;
    }

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static JsonElement[] Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static long Sequence(Process tail) => JsonDocument.Parse(tail.StandardOutput.ReadLineAsync(new System.Threading.CancellationTokenSource(GateProcess.Limit).Token).AsTask().GetAwaiter().GetResult()!).RootElement.GetProperty("sequence").GetInt64();

    // RFC 4180, read strictly.
    private static List<List<string>> Csv(string text)
    {
        List<List<string>> table = [[]];
        int at = 0;
        while (at < text.Length)
        {
            StringBuilder field = new();
            if (text[at] == '"')
            {
                for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'); at++)
                {
                    field.Append(text[at]);
                    at += text[at] == '"' ? 1 : 0;
                }

                at++;
            }
            else
            {
                for (; text[at] is not (',' or '\r'); at++)
                    field.Append(text[at] is '"' or '\n' ? throw new InvalidDataException($"a bare {(int)text[at]}") : text[at]);
            }

            table[^1].Add(field.ToString());
            if (text[at] == ',')
            {
                at++;
                continue;
            }

            Assert.Equal("\r\n", text.Substring(at, 2));
            at += 2;
            if (at < text.Length)
                table.Add([]);
        }

        return table;
    }
}
