using System;
using System.Collections.Generic;
using Gate.Lessons;
using Gate.Native;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>Calls that failed lately and that no lesson is about. Only shown: a failure is no thumbs-down, and nothing is made of it by itself.</summary>
internal static class LessonCandidates
{
    private const long Lately = 14L * 24 * 3600 * 1000;

    private const int Most = 20;

    private sealed class Candidate(LedgerRow row, Act act)
    {
        public LedgerRow Row { get; } = row;

        public Act Act { get; } = act;

        public int Times { get; set; }
    }

    public static int Write(GateStore store, Surroundings here, bool json)
    {
        List<Candidate> candidates = Of(store, here);
        foreach (Candidate one in candidates)
        {
            if (json)
            {
                Terminal.Raw(new ByteBuilder(512).Add("{\"row\":"u8).Add(one.Row.Sequence).Add(",\"times\":"u8).Add(one.Times).Add(",\"preview\":"u8).AddJson(one.Row.Preview).Add(",\"pattern\":"u8)
                    .AddJson(Pattern.Of(one.Act, Pattern.UsualRung(one.Act))!.Words()).Add("}\n"u8).Written);
            }
            else
            {
                Terminal.Line($"{one.Row.Sequence,6}  failed {one.Times} times  {Terminal.Safe(one.Row.Preview)}");
            }
        }

        if (!json)
            Terminal.Line(candidates.Count == 0 ? "No call failed lately that no lesson is about." : "Make a lesson of one: gate lesson add --id ROW 'what went wrong'");
        return 0;
    }

    private static List<Candidate> Of(GateStore store, Surroundings here)
    {
        List<Candidate> candidates = [];
        long now = Libc.WallMilliseconds();
        using Statement failed = store.Select("completes>0 AND time>=?1 AND (CASE repository WHEN '' THEN worktree ELSE repository END)=?2 AND instr(detail,'\"failed\":true')>0"u8);
        failed.Bind(1, now - Lately).BindText(2, here.Project);
        while (failed.Step())
        {
            if (store.ReadRow(GateStore.RowOf(failed).Completes) is not { } row || ActJson.Read(row.Detail) is not { } act || IsLearned(store, act, here, now))
                continue;
            Candidate? known = candidates.Find(one => one.Row.Preview.AsSpan().SequenceEqual(row.Preview));
            if (known is null)
                candidates.Add(known = new Candidate(row, act));
            known.Times++;
        }

        candidates.Sort((a, b) => a.Times != b.Times ? b.Times.CompareTo(a.Times) : b.Row.Sequence.CompareTo(a.Row.Sequence));
        if (candidates.Count > Most)
            candidates.RemoveRange(Most, candidates.Count - Most);
        return candidates;
    }

    private static bool IsLearned(GateStore store, Act act, Surroundings here, long now)
    {
        Span<long> keys = stackalloc long[Pattern.MaximumKeys];
        foreach (long key in keys[..Pattern.Keys(act, keys)])
        {
            foreach (Lesson lesson in store.LessonsUnder(key, here.Project))
            {
                if (lesson.ActionAt(now) != Policy.Action.Log && lesson.Pattern.Holds(act))
                    return true;
            }
        }

        return false;
    }
}
