using System;
using System.Collections.Generic;
using Gate.Bundles;
using Gate.Hooks;
using Gate.Lessons;
using Gate.Native;
using Gate.Policy;
using Gate.Redaction;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate;

/// <summary>What people answer and type, on its way into the store: approvals, refusals, thumbs; and on its way back: the lessons that a prompt is about.</summary>
internal sealed class Feedback(GateStore store)
{
    /// <summary>An ask that did not come back counts as refused only if it is this young, in milliseconds.</summary>
    private const long RefusedWithin = 24 * 3600 * 1000L;

    /// <summary>So far back in the session a thumbs-down looks for something that was not only reading.</summary>
    private const int MaximumBack = 20;

    /// <summary>Lessons told at the start of a session, and with a prompt.</summary>
    private const int AtStart = 5, AtPrompt = 3;

    // A prompt's start says what it is about; a pasted file after it would only make it slow.
    private const int MaximumPrompt = 4000, MaximumIndexed = 2000;

    /// <summary>Whether an ask reaches a person: some modes answer it themselves.</summary>
    public static bool AsksPerson(HookInput input) => !input.Mode.AsSpan().SequenceEqual("bypassPermissions"u8) && !input.Mode.AsSpan().SequenceEqual("dontAsk"u8) && !input.Mode.AsSpan().SequenceEqual("auto"u8);

    /// <summary>A call that was asked about came back: a person let it go. What asked without need is weakened. In the row's transaction.</summary>
    public void Approved(long decision, bool refusedBefore)
    {
        if (store.ReadRow(decision) is not { } row)
            return;
        store.WeakenLessons(row.Rules, Libc.WallMilliseconds());
        if (refusedBefore)
            store.TurnAnswers(row.Project, row.Detail);
        else
            store.AnswerSoftRules(row.Project, row.Detail, needed: false);
    }

    /// <summary>Takes in what a person typed, and says what the agent should know, and what the person: each empty for nothing.</summary>
    public (string Agent, string Person) Heard(HookInput input, Surroundings surroundings)
    {
        ReadOnlySpan<byte> session = Rows.SessionOf(input);
        long now = Libc.WallMilliseconds();
        if (input.Event == HookEvent.SessionStart)
            return (Recall.Words(InForce(store.ReadWeightiestLessons(surroundings.Project, AtStart * 4), now), AtStart, now), "");

        bool thumb = ThumbWords.Read(input.Prompt, out ReadOnlySpan<byte> sentence);
        (string, string) answer = ("", "");
        store.Begin();
        foreach (LedgerRow row in store.TakeRefused(session, now - RefusedWithin))
            store.AnswerSoftRules(row.Project, row.Detail, needed: true);
        if (thumb)
            answer = ThumbsDown(session, sentence, surroundings, now);
        store.Commit();
        return thumb || !store.HasLessons() ? answer : (Recalled(session, input.Prompt, surroundings, now), "");
    }

    private (string Agent, string Person) ThumbsDown(ReadOnlySpan<byte> session, ReadOnlySpan<byte> sentence, Surroundings surroundings, long now)
    {
        LedgerRow? about = null;
        Act? act = null;
        int back = 0;
        store.ReadDecisionsBack(session, surroundings.Worktree, row =>
        {
            if (!row.Outcome.AsSpan().SequenceEqual("deny"u8) && ActJson.Read(row.Detail) is { } found)
                (about, act) = (row, found);
            return act is null && ++back < MaximumBack;
        });
        if (about is null || act is null)
        {
            const string Nothing = "Gate heard the thumbs-down, but this session has done nothing lately that was more than reading, so there is nothing to learn from. A person can name a call: gate lesson add --command 'COMMAND'.";
            return (Nothing, Nothing);
        }


        Outcome without = about.Outcome.AsSpan().SequenceEqual("ask"u8) ? Outcome.Ask : Outcome.Allow;
        Thumb thumb = new()
        {
            Pattern = Pattern.Of(act, Pattern.UsualRung(act))!, Repository = about.Project, Without = without, Text = Masked(sentence), Preview = about.Preview, Row = about.Sequence, Origin = "prompt",
        };
        Lesson lesson = store.LessonOf(thumb, now)!;
        store.WriteLesson(lesson);
        store.AnswerSoftRules(about.Project, about.Detail, needed: true);
        store.Append(Rows.OfPerson("Lesson"u8, new ByteBuilder().Add("{\"change\":\"thumbs-down\",\"lesson\":"u8).Add(lesson.Id).Add(",\"row\":"u8).Add(about.Sequence).Add(",\"origin\":\"prompt\"}"u8).ToArray(), surroundings), countAction: false);
        string call = Shown.Of(about.Preview, 160), learned = $"Lesson {lesson.Id} holds from now on in every worktree: {PolicyNames.Of(lesson.ActionAt(now))} {lesson.Pattern.Words()}.";
        return ($"Gate: the person gave a thumbs-down to `{call}`. {learned} Do not do it again in another way; ask what to do instead.",
            $"Gate: thumbs-down to `{call}`. {learned} Not what you meant? In a terminal: gate lesson remove {lesson.Id}, and gate lesson add --id ROW for another call.");
    }

    private string Recalled(ReadOnlySpan<byte> session, byte[] prompt, Surroundings surroundings, long now)
    {
        using LessonIndex index = LessonIndex.Open(store, MaximumIndexed);
        List<Lesson> lessons = [];
        foreach (long id in index.Search(Cut.To(prompt, MaximumPrompt), surroundings.Project, all: false, AtPrompt * 4))
        {
            if (lessons.Count < AtPrompt && store.ReadLesson(id) is { } lesson && lesson.ActionAt(now) != Policy.Action.Log && index.Recall(session, id, now))
                lessons.Add(lesson);
        }

        return Recall.Words(lessons, AtPrompt, now);
    }

    private static List<Lesson> InForce(List<Lesson> lessons, long now)
    {
        lessons.RemoveAll(lesson => lesson.ActionAt(now) == Policy.Action.Log);
        return lessons;
    }

    /// <summary>A person's sentence without secrets; where nobody can look for them, none of it.</summary>
    public static byte[] Masked(ReadOnlySpan<byte> sentence)
    {
        if (sentence.Length == 0)
            return [];
        if (BundleFile.OpenBuiltIn(out _) is not { } bundle)
            return [];
        RedactionTable formats = new(bundle);
        return formats.IsThere ? new Redactor(formats).Whole(sentence) ?? sentence.ToArray() : [];
    }
}
