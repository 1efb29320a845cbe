using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Text;
using Gate.Effects;
using Gate.Lessons;
using Gate.Native;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate lesson add</c>: a thumb about a call; shows what it generalises to and three near calls before it is stored.</summary>
internal static class LessonAdd
{
    public static Command Create()
    {
        Argument<string[]> text = new("text") { Description = "A sentence: what went wrong. The agent is told it with each call that the lesson stops.", Arity = ArgumentArity.ZeroOrMore };
        Option<bool> down = new("--down") { Description = "Thumbs-down (the default)." }, up = new("--up") { Description = "Thumbs-up: takes a thumbs-down back. For people." };
        Option<bool> deny = new("--deny") { Description = "Deny from now on, without fading." }, yes = new("--yes", "-y") { Description = "Store without asking." }, json = new("--json") { Description = "The lesson as one JSON object." };
        Option<long> id = new("--id") { Description = "About this row of the ledger; without it and --command, this worktree's last call that did more than read." };
        Option<string?> command = new("--command") { Description = "About this shell command." }, until = new("--for") { Description = "So long: 90m, 12h, 7d." };
        Option<string?> rung = new("--as") { Description = "How far it reaches, from narrow to broad: call, object, like, act, kind. The default: the object where there is one, else the call." };
        Option<string> scope = new("--scope") { Description = "repo: the worktrees of this repository; user: all repositories.", DefaultValueFactory = _ => "repo" };
        scope.AcceptOnlyFromAmong("repo", "user");
        rung.AcceptOnlyFromAmong(RungNames.All);
        Command verb = new("add", "Give a thumbs-down to a call: it, and what does the same, is stopped in every worktree from the next call on.") { text, down, up, deny, id, command, rung, scope, until, yes, json };
        verb.SetAction(parsed =>
        {
            if (parsed.GetValue(down) && parsed.GetValue(up))
                throw new CliException("--down and --up are each other's contrary; give one.");
            if (parsed.GetValue(up) && parsed.GetValue(deny))
                throw new CliException("--up takes a lesson back; it cannot deny.");
            if (parsed.GetValue(up))
                Person.RefuseAgents("gate lesson add --up");
            Places places = Workplace.Places();
            Surroundings here = Workplace.Here(places);
            using GateStore store = Workplace.Store(places);
            Subject subject = SubjectOf(store, here, parsed.GetValue(id), parsed.GetValue(command));
            Rung chosen = parsed.GetValue(rung) is { } name ? RungNames.Parse(name)!.Value : Pattern.UsualRung(subject.Act);
            Thumb thumb = new()
            {
                Pattern = Pattern.Of(subject.Act, chosen) ?? throw new CliException($"There is nothing that this call is done to, as far as it is known, so '{RungNames.Of(chosen)}' says nothing. Choose --as call, act or kind."),
                Repository = parsed.GetValue(scope) == "user" ? [] : subject.Repository, Up = parsed.GetValue(up), Deny = parsed.GetValue(deny), Without = subject.Without,
                Text = Feedback.Masked(Encoding.UTF8.GetBytes(string.Join(' ', parsed.GetValue(text) ?? []))), Preview = subject.Preview, Row = subject.Row, Expires = SessionVerb.Until(parsed.GetValue(until)), Origin = "terminal",
            };
            return Add(store, thumb, subject, here, parsed.GetValue(yes), parsed.GetValue(json));
        });
        return verb;
    }

    private static int Add(GateStore store, Thumb thumb, Subject subject, Surroundings here, bool yes, bool json)
    {
        long now = Libc.WallMilliseconds();
        Lesson lesson = store.LessonOf(thumb, now) ?? throw new CliException("There is no thumbs-down on this to take back. 'gate lesson list' shows what there is; --as chooses the rung.");
        if (!json)
            Preview(store, lesson, subject, here, now);
        if (!yes && !json && !Console.IsInputRedirected && !Agrees(lesson))
        {
            Terminal.Line("Nothing was stored.");
            return CommandLine.Failed;
        }

        store.Begin();
        try
        {
            lesson = store.LessonOf(thumb, now)!;
            store.WriteLesson(lesson);
            if (subject.Detail.Length > 0)
                store.AnswerSoftRules(subject.Repository, subject.Detail, needed: !thumb.Up);
            byte[] detail = new ByteBuilder().Add("{\"change\":"u8).AddJson(thumb.Up ? "thumbs-up" : "thumbs-down").Add(",\"lesson\":"u8).Add(lesson.Id).Add(",\"row\":"u8).Add(thumb.Row).Add(",\"pattern\":"u8).AddJson(lesson.Pattern.Words()).Add("}"u8).ToArray();
            store.Append(Rows.OfPerson("Lesson"u8, detail, here), countAction: false);
            store.Commit();
        }
        catch
        {
            store.Rollback();
            throw;
        }

        if (json)
            LessonPage.Line(lesson, now, json: true);
        else
            Terminal.Line($"Lesson {lesson.Id} is in force in every worktree{(lesson.Repository.Length == 0 ? " of every repository" : "")} from the next call on.");
        return 0;
    }

    private static void Preview(GateStore store, Lesson lesson, Subject subject, Surroundings here, long now)
    {
        string action = LessonPage.ActionOf(lesson, now);
        List<string> others = [];
        foreach (string name in RungNames.All)
        {
            Rung rung = RungNames.Parse(name)!.Value;
            if (rung != lesson.Pattern.Rung && Pattern.Of(subject.Act, rung) is { } other && !others.Exists(line => line.EndsWith(other.Words(), StringComparison.Ordinal)))
                others.Add($"--as {name,-7} {other.Words()}");
        }

        Terminal.Line($"about    {(subject.Row > 0 ? $"row {subject.Row}: " : "")}{Terminal.Safe(subject.Preview)}");
        Terminal.Line($"lesson   {Terminal.Outcome(action)}: {lesson.Pattern.Words()}{(lesson.Id > 0 ? $"   (lesson {lesson.Id} again, weight {LessonPage.Thousandths(lesson.Thumbs.At(now))} thumbs)" : "")}");
        if (lesson.Pattern.IsSweeping && lesson.Pattern.Act.Zone <= Lesson.MaximumOrdinary)
            Terminal.Line("         It names nothing in particular, so it asks at most: to deny all of it would trap every session.");
        if (subject.Without == Outcome.Deny)
            Terminal.Line("         The rules deny it already; the lesson holds should they ever not.");
        foreach (string other in others)
            Terminal.Line(Terminal.Faint("         or " + other));
        Terminal.Line("near     what near calls would get");
        foreach (string near in NearCalls.Of(store, subject.Act, subject.Tool == "Bash" ? Workplace.Text(subject.Preview) : null, here))
        {
            Decision decision = Rehearsal.Of(near, lesson).Decision;
            Terminal.Line($"         {Terminal.Outcome(PolicyNames.Of(decision.Outcome), 5)}  {Terminal.Safe(Encoding.UTF8.GetBytes(near))}");
        }
    }

    private static bool Agrees(Lesson lesson)
    {
        Console.Error.Write(lesson.Id > 0 ? "Change it? [y/N] " : "Store it? [y/N] ");
        return Console.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>What a thumb is about.</summary>
    private sealed record Subject(Act Act, Outcome Without, byte[] Preview, byte[] Repository, byte[] Detail, long Row, string Tool);

    private static Subject SubjectOf(GateStore store, Surroundings here, long id, string? command)
    {
        if (command is not null)
        {
            if (id != 0)
                throw new CliException("--id and --command both say what it is about; give one.");
            Rehearsal rehearsal = Rehearsal.Of(command);
            int gravest = Gravity.Gravest(rehearsal.Rules);
            if (gravest < 0)
                throw new CliException("That only reads, and what only reads is never stopped by a lesson: a wrong one could trap every session.");
            Act act = Act.Of(rehearsal.Rules, gravest, here);
            return new Subject(act, rehearsal.Rules.Outcome, Feedback.Masked(Encoding.UTF8.GetBytes(command)), here.Project, [], 0, "Bash");
        }

        LedgerRow? row = id != 0 ? store.ReadRow(id) ?? throw new CliException($"There is no row {id}. 'gate ledger tail' shows the newest.") : null;
        if (row is not null && row.Completes > 0)
            row = store.ReadRow(row.Completes) ?? row;
        if (row is null)
            store.ReadDecisionsBack(default, here.Worktree, one => (row = ActJson.Read(one.Detail) is null ? null : one) is null);
        if (row is null)
            throw new CliException("This worktree has no call in the ledger that did more than read. Name one: --id N ('gate ledger tail'), or --command 'COMMAND'.");
        Act found = ActJson.Read(row.Detail) ?? throw new CliException($"Row {row.Sequence} only read, or is no call. What only reads is never stopped by a lesson. Name another: --id N, or --command 'COMMAND'.");
        Outcome without = row.Outcome.AsSpan().SequenceEqual("deny"u8) ? Outcome.Deny : row.Outcome.AsSpan().SequenceEqual("ask"u8) ? Outcome.Ask : Outcome.Allow;
        return new Subject(found, without, row.Preview, row.Project, row.Detail, row.Sequence, Workplace.Text(row.Tool));
    }
}
