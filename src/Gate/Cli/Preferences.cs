using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Gate.Bundles;
using Gate.Lessons;
using Gate.Policy;
using Gate.Store;

namespace Gate.Cli;

/// <summary>What a person preferred over what, in a context.</summary>
internal sealed class Preference
{
    public required string Repository { get; init; }

    public required string Prompt { get; init; }

    /// <summary>Null: nobody put it down.</summary>
    public string? Rejected { get; init; }

    /// <summary>Null: nothing better is known.</summary>
    public string? Chosen { get; init; }

    /// <summary>Where the chosen one is from: <c>later-call</c>, <c>approved</c>, <c>thumbs-up</c>; <c>instead</c> (the rule's words), <c>note</c> (the person's).</summary>
    public required string Origin { get; init; }

    public bool IsRealCall => Origin is "later-call" or "approved" or "thumbs-up";

    public required string Tool { get; init; }

    public long Lesson { get; init; }

    public long Row { get; init; }

    public long Time { get; init; }
}

/// <summary>Gathers preferences from lessons and from the ledger around them.</summary>
internal sealed class Preferences(GateStore store)
{
    /// <summary>Calls of the session that are told before, and that are looked through after.</summary>
    private const int Before = 5, After = 60;

    public List<Preference> All { get; } = [];

    /// <summary>The rows that a lesson's thumbs are about.</summary>
    public void Add(Lesson lesson)
    {
        HashSet<long> rows = [];
        foreach (string line in Workplace.Text(lesson.History).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            if (words.Length != 4 || !long.TryParse(words[2], System.Globalization.CultureInfo.InvariantCulture, out long sequence) || !rows.Add(sequence))
                continue;
            LedgerRow? row = sequence > 0 ? store.ReadRow(sequence) : null;
            if (words[1] == "up" && row is not null)
                All.Add(Of(row, lesson.Id, rejected: null, CallOf(row), "thumbs-up"));
            else if (words[1] == "down")
                AddDown(lesson, row);
        }
    }

    /// <summary>Calls that a person was asked about and let go.</summary>
    public void AddAnswered(byte[] repository)
    {
        List<long> approved = [];
        using (Statement statement = store.Select("completes IN (SELECT sequence FROM ledger WHERE outcome='ask') AND ((CASE repository WHEN '' THEN worktree ELSE repository END)=?1 OR ?1='')"u8))
        {
            statement.BindText(1, repository);
            while (statement.Step())
                approved.Add(GateStore.RowOf(statement).Completes);
        }

        foreach (long sequence in approved)
        {
            if (store.ReadRow(sequence) is { } row && row.Preview.Length > 0)
                All.Add(Of(row, 0, rejected: null, CallOf(row), "approved"));
        }
    }

    /// <summary>A repository's name: the folder that its git folder is in.</summary>
    public static string NameOf(string repository)
    {
        string path = repository.TrimEnd('/');
        string name = Path.GetFileName(path) == ".git" ? Path.GetFileName(Path.GetDirectoryName(path) ?? "") : Path.GetFileName(path);
        StringBuilder safe = new();
        foreach (char c in name)
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-');
        return safe.Length == 0 ? "none" : safe.ToString();
    }

    private void AddDown(Lesson lesson, LedgerRow? row)
    {
        string note = lesson.Text.Length > 0 ? Masked(Workplace.Text(lesson.Text)) : "";
        if (row is null)
        {
            if (lesson.Preview.Length == 0)
                return;
            All.Add(new Preference
            {
                Repository = Workplace.Text(lesson.Repository), Prompt = Prompt(Workplace.Text(lesson.Repository), "Bash", []), Rejected = Call("Bash", Workplace.Text(lesson.Preview)), Chosen = note.Length > 0 ? Declined(note) : null,
                Origin = "note", Tool = "Bash", Lesson = lesson.Id, Row = 0, Time = lesson.Created,
            });
            return;
        }

        (string? chosen, string origin) = (Better(row), "later-call");
        if (chosen is null && note.Length > 0)
            (chosen, origin) = (Declined(note), "note");
        if (chosen is null && Instead(row) is { } instead)
            (chosen, origin) = (Declined(instead), "instead");
        All.Add(Of(row, lesson.Id, CallOf(row), chosen, origin));
    }

    private static string Declined(string why) => $"I will not run that. {why}";

    // The session's next call of the same sort that was let go and did not fail.
    private string? Better(LedgerRow rejected)
    {
        if (ActJson.Read(rejected.Detail) is not { } act)
            return null;
        List<LedgerRow> rows = [];
        using (Statement statement = store.Select("sequence>?1 AND sequence<=?1+2000 AND session=?2 AND repository=?3"u8))
        {
            statement.Bind(1, rejected.Sequence).BindText(2, rejected.Session).BindText(3, rejected.Repository);
            while (rows.Count < After && statement.Step())
                rows.Add(GateStore.RowOf(statement));
        }

        foreach (LedgerRow row in rows)
        {
            bool ran = rows.Exists(other => other.Completes == row.Sequence && other.Detail.AsSpan().IndexOf("\"failed\":false"u8) >= 0);
            bool other = ran && row.Preview.Length > 0 && !row.Preview.AsSpan().SequenceEqual(rejected.Preview);
            if (other && ActJson.Read(row.Detail) is { } next && (next.Program.AsSpan().SequenceEqual(act.Program) || (next.Verb == act.Verb && next.Kind == act.Kind)))
                return CallOf(row);
        }

        return null;
    }

    private string? Instead(LedgerRow row)
    {
        _instead ??= Read();
        foreach (string id in Workplace.Text(row.Rules).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (_instead.TryGetValue(id, out string? instead) && instead.Length > 0)
                return instead;
        }

        return null;
    }

    private Dictionary<string, string>? _instead;

    private static Dictionary<string, string> Read()
    {
        Dictionary<string, string> all = [];
        if (BundleFile.OpenBuiltIn(out _) is not { } bundle)
            return all;
        RuleSet rules = new(bundle);
        for (int i = 0; i < rules.Count; i++)
            all[rules[i].Id] = rules[i].Instead;
        return all;
    }

    private Preference Of(LedgerRow row, long lesson, string? rejected, string? chosen, string origin)
    {
        string repository = Workplace.Text(row.Project), tool = Workplace.Text(row.Tool);
        return new Preference
        {
            Repository = repository, Prompt = Prompt(repository, tool, Earlier(row)), Rejected = rejected, Chosen = chosen, Origin = origin, Tool = tool, Lesson = lesson, Row = row.Sequence, Time = row.Time,
        };
    }

    private List<string> Earlier(LedgerRow row)
    {
        List<string> calls = [];
        using Statement statement = store.Select("sequence<?1 AND sequence>=?1-400 AND session=?2 AND repository=?3 AND event='PreToolUse' AND outcome<>'deny'"u8);
        statement.Bind(1, row.Sequence).BindText(2, row.Session).BindText(3, row.Repository);
        while (statement.Step())
            calls.Add(CallOf(GateStore.RowOf(statement)));
        if (calls.Count > Before)
            calls.RemoveRange(0, calls.Count - Before);
        return calls;
    }

    private static string Prompt(string repository, string tool, List<string> earlier)
    {
        StringBuilder text = new();
        text.Append($"You are a coding agent in the repository '{NameOf(repository)}'.");
        if (earlier.Count > 0)
            text.Append(" Your last calls were:\n").AppendJoin('\n', earlier).Append('\n');
        return text.Append(earlier.Count > 0 ? "" : " ").Append($"Give your next call of the tool {tool}.").ToString();
    }

    private static string CallOf(LedgerRow row) => Call(Workplace.Text(row.Tool), Workplace.Text(row.Preview));

    private static string Call(string tool, string text) => $"{tool}: {Masked(text)}";

    private static string Masked(string text) => Workplace.Text(Feedback.Masked(Encoding.UTF8.GetBytes(text)));
}
