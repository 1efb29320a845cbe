using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Native;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate session list|show|set</c>: the sessions of this repository, and what a person says about them.</summary>
internal static class SessionVerb
{
    private const long Recent = 7 * 24 * 3600 * 1000L;

    /// <summary>More than so many bytes are not said about one session or worktree: each of its calls reads them.</summary>
    public const int MaximumWords = 2000;

    public static Command Create()
    {
        Command verb = new("session", "The sessions of this repository, and what a person says about them.");
        verb.Subcommands.Add(List());
        verb.Subcommands.Add(Show());
        verb.Subcommands.Add(Set());
        return verb;
    }

    private static Command List()
    {
        Option<bool> json = new("--json") { Description = "JSON Lines." }, all = new("--all") { Description = "Sessions of any age; without it, those of the last seven days." };
        Command command = new("list", "List sessions, the latest first, by worktree.") { json, all };
        command.SetAction(parsed =>
        {
            Surroundings here = Workplace.Here(Workplace.Places());
            using GateStore store = Workplace.Store(Workplace.Places());
            long now = Libc.WallMilliseconds();
            foreach (BudgetRow worktree in store.ReadWorktrees(here.Repository))
            {
                foreach (BudgetRow session in store.ReadSessions(worktree.Name, parsed.GetValue(all) ? long.MinValue : now - Recent))
                    Write(store, here, session, now, parsed.GetValue(json));
            }

            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        Argument<string?> id = new("id") { Description = "A session's id; without it, this worktree.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = new("--json") { Description = "One JSON object." };
        Command command = new("show", "Show one session, or this worktree, and what a person said about it.") { id, json };
        command.SetAction(parsed =>
        {
            Surroundings here = Workplace.Here(Workplace.Places());
            using GateStore store = Workplace.Store(Workplace.Places());
            BudgetRow row = parsed.GetValue(id) is { } one
                ? store.ReadSession(Encoding.UTF8.GetBytes(one)) ?? throw new CliException($"There is no session '{one}'. 'gate session list --all' shows them.")
                : store.ReadWorktrees(here.Repository).Find(worktree => worktree.Name.AsSpan().SequenceEqual(here.Worktree)) ?? throw new CliException("This worktree is not known yet. Run 'gate init' here.");
            Write(store, here, row, Libc.WallMilliseconds(), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        Argument<string> word = new("what") { Description = "local-only: nothing leaves this machine or comes from outside · scope GLOB…: what is changed lies there, or is asked · what the rules in force ask for by 'session', with --for: threads-checked." };
        Argument<string[]> globs = new("globs") { Description = "For scope: relative to the worktree; '*' stops at a slash, '**' does not.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> session = new("--session") { Description = "Only this session; without it, all sessions of this worktree." }, until = new("--for") { Description = "So long: 90m, 12h, 7d; without it, local-only and scope hold until they are taken back." };
        Option<bool> off = new("--off") { Description = "Take it back." };
        Command command = new("set", "Say something about this worktree or a session. For people.") { word, globs, session, until, off };
        command.SetAction(parsed =>
        {
            Person.Require("gate session set");
            string what = parsed.GetValue(word)!;
            if (what is not (PersonFacts.LocalOnly or PersonFacts.Scope) && !parsed.GetValue(off))
                NeedFact(what, parsed.GetValue(until));
            string[] values = what == PersonFacts.Scope ? parsed.GetValue(globs) ?? [] : [""];
            if (what == PersonFacts.Scope && values.Length == 0 && !parsed.GetValue(off))
                throw new CliException("A scope needs globs: gate session set scope 'src/**' 'tests/**'");
            if (Array.Exists(values, value => value.AsSpan().ContainsAny('\n', '\r')))
                throw new CliException("A glob has no line ends.");
            return Change(parsed.GetValue(session), what, values, Until(parsed.GetValue(until)), parsed.GetValue(off));
        });
        return command;
    }

    // What no rule asks for would be said in vain, and what only a moment can tell does not hold for ever.
    private static void NeedFact(string name, string? until)
    {
        Places places = Workplace.Places();
        Bundle bundle = Workplace.Bundle(places, Workplace.Here(places), out _);
        List<string> known = [PersonFacts.LocalOnly, PersonFacts.Scope];
        (int at, int length) = bundle.Find(Section.SessionFacts);
        for (int i = length > 0 ? bundle.Byte(at++) : 0; i > 0; i--)
        {
            known.Add(Workplace.Text(bundle.ShortText(at)));
            at += 1 + bundle.Byte(at);
        }

        if (!known.Contains(name))
            throw new CliException($"No rule here asks whether a person said '{name}'{Nearest.Hint(name, known)} There are {string.Join(", ", known)}.");
        if (until is null)
            throw new CliException($"Say for how long: gate session set {name} --for 30m");
    }

    private static int Change(string? session, string what, string[] values, long until, bool off) => Person.Change("SessionChange"u8, what, (store, here, now) =>
    {
        byte[] name = session is null ? [] : Encoding.UTF8.GetBytes(session);
        if (session is not null && store.ReadSession(name) is null)
            throw new CliException($"There is no session '{session}'. 'gate session list --all' shows them.");
        StoredStanding stored = store.ReadStanding(name, here.Worktree, here.Repository);
        bool fact = what is not (PersonFacts.LocalOnly or PersonFacts.Scope);
        ByteBuilder words = new();
        foreach ((string word, string value, long end) in WordsOf(session is null ? stored.WorktreeWords : stored.SessionWords, now))
        {
            if ((word == PersonFacts.Fact ? value : word) != what)
                AddLine(words, word, value, end);
        }

        foreach (string value in off ? [] : values)
            AddLine(words, fact ? PersonFacts.Fact : what, fact ? what : value, until);
        if (words.Length > MaximumWords)
            throw new CliException($"That is more than {MaximumWords} bytes; use fewer or shorter globs.");
        if (session is null)
            store.WriteWordsOfWorktree(here.Worktree, words.Written);
        else
            store.WriteWordsOfSession(name, words.Written);
        return $"{(session is null ? "this worktree" : "session " + session)}: {what}{(off ? " taken back" : what == PersonFacts.Scope ? " " + string.Join(' ', values) : "")}{(off || until == 0 ? "" : ", until " + LedgerTime.Shown(until, "MM-dd HH:mm"))}";
    });

    private static void AddLine(ByteBuilder words, string word, string value, long until)
    {
        words.Add(until).Add((byte)' ').Add(word);
        if (value.Length > 0)
            words.Add((byte)' ').Add(value);
        words.Add((byte)'\n');
    }

    private static List<(string Word, string Value, long Until)> WordsOf(byte[] lines, long now)
    {
        List<(string, string, long)> words = [];
        foreach (string line in Workplace.Text(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(' ', 3);
            long until = long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long end) ? end : 0;
            if (parts.Length > 1 && (until == 0 || now < until))
                words.Add((parts[1], parts.Length > 2 ? parts[2] : "", until));
        }

        return words;
    }

    /// <summary>The moment at which a time from now (90m, 12h, 7d) is over; 0 for null.</summary>
    public static long Until(string? text)
    {
        if (text is null)
            return 0;
        long minutes = text.Length == 0 ? 0 : text[^1] switch { 'm' => 1, 'h' => 60, 'd' => 1440, _ => 0 };
        return minutes > 0 && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count is > 0 and < 1_000_000
            ? Libc.WallMilliseconds() + (count * minutes * 60_000)
            : throw new CliException($"--for '{text}' is no time. Give 90m, 12h or 7d.");
    }

    private static void Write(GateStore store, Surroundings here, BudgetRow row, long now, bool json)
    {
        bool worktree = row.Name.AsSpan().SequenceEqual(row.Worktree);
        StoredStanding stored = store.ReadStanding(worktree ? default : row.Name, row.Worktree, here.Repository);
        List<(string Word, string Value, long Until)> words = WordsOf([.. worktree ? [] : stored.SessionWords, (byte)'\n', .. stored.WorktreeWords], now).ConvertAll(said => said.Word == PersonFacts.Fact ? (said.Value, "", said.Until) : said);
        if (!json)
        {
            Terminal.Line($"{(worktree ? "worktree" : Terminal.Safe(row.Name))}  {Terminal.Safe(row.Worktree)}  {row.Actions} actions, {LedgerTime.Shown(row.Started, "MM-dd HH:mm")} to {LedgerTime.Shown(row.Last, "MM-dd HH:mm")}");
            foreach ((string word, string value, long until) in words)
                Terminal.Line($"  {word}{(value.Length > 0 ? " " + Terminal.Safe(Encoding.UTF8.GetBytes(value)) : "")}{(until > 0 ? ", until " + LedgerTime.Shown(until, "MM-dd HH:mm") : "")}");
            return;
        }

        ByteBuilder text = new(512);
        text.Add("{\"session\":"u8);
        if (worktree)
            text.Add("null"u8);
        else
            text.AddJson(row.Name);
        text.Add(",\"worktree\":"u8).AddJson(row.Worktree).Add(",\"actions\":"u8).Add(row.Actions).Add(",\"started\":\""u8).Add(LedgerJson.Time(row.Started)).Add("\",\"last\":\""u8).Add(LedgerJson.Time(row.Last)).Add("\",\"facts\":["u8);
        for (int i = 0; i < words.Count; i++)
        {
            text.Add(i > 0 ? ","u8 : ""u8).Add("{\"fact\":"u8).AddJson(words[i].Word).Add(",\"value\":"u8).AddJson(words[i].Value).Add(",\"until\":"u8);
            if (words[i].Until > 0)
                text.AddJson(LedgerJson.Time(words[i].Until));
            else
                text.Add("null"u8);
            text.Add("}"u8);
        }

        Terminal.Raw(text.Add("]}\n"u8).Written);
    }
}
