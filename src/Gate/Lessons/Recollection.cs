using System;
using Gate.Policy;
using Action = Gate.Policy.Action;
using Gate.Requests;

namespace Gate.Lessons;

/// <summary>Which lessons hold for a decision, and what it becomes. Pure but for the look-up, which somebody else does.</summary>
public static class Recollection
{
    /// <summary>The lessons that hold, each once, strictest first; an effect of zone 0 is never learned about.</summary>
    /// <param name="decision">Without lessons.</param>
    /// <param name="surroundings">Where the call is made.</param>
    /// <param name="lookUp">The lessons under a key that are in force for this repository.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static Learned[] Of(Decision decision, Surroundings surroundings, Func<long, Lesson[]> lookUp, long now)
    {
        Learned[] learned = [];
        Span<long> keys = stackalloc long[Pattern.MaximumKeys];
        long[] asked = new long[32];
        int count = 0;
        for (int i = 0; i < decision.Effects.Length; i++)
        {
            if (decision.Zones[i] == 0)
                continue;
            Act act = Act.Of(decision, i, surroundings);
            int known = Pattern.Keys(act, keys);
            for (int k = 0; k < known; k++)
            {
                // A key that found nothing for one effect finds nothing for the next.
                if (asked.AsSpan(0, count).IndexOf(keys[k]) >= 0)
                    continue;
                Lesson[] lessons = lookUp(keys[k]);
                if (lessons.Length == 0)
                {
                    if (count == asked.Length)
                        Array.Resize(ref asked, count * 2);
                    asked[count++] = keys[k];
                }

                foreach (Lesson lesson in lessons)
                {
                    Action action = lesson.ActionAt(now);
                    if (action != Action.Log && lesson.Pattern.Holds(act) && !Has(learned, lesson.Id))
                        learned = Insert(learned, new Learned(lesson, i, action));
                }
            }
        }

        return learned;
    }

    /// <summary>The decision with them: never laxer.</summary>
    public static Decision Tightened(Decision decision, ReadOnlySpan<Learned> learned)
    {
        Part[] parts = new Part[learned.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            Lesson lesson = learned[i].Lesson;
            parts[i] = new Part
            {
                Rule = $"lesson.{lesson.Id}", Title = TitleOf(lesson), Instead = "", Tags = "", Action = learned[i].Action, Severity = Severity.Medium, Effect = learned[i].Effect,
            };
        }

        return parts.Length == 0 ? decision : decision.With(parts);
    }

    private static string TitleOf(Lesson lesson) => lesson.Text.Length > 0
        ? $"a thumbs-down in this repository on {lesson.Pattern.Words()}: \"{Text.Shown.Of(lesson.Text, Lesson.MaximumText)}\""
        : $"a thumbs-down in this repository on {lesson.Pattern.Words()}";

    private static bool Has(Learned[] learned, long id)
    {
        foreach (Learned one in learned)
        {
            if (one.Lesson.Id == id)
                return true;
        }

        return false;
    }

    private static Learned[] Insert(Learned[] learned, Learned one)
    {
        int at = 0;
        while (at < learned.Length && (learned[at].Action > one.Action || (learned[at].Action == one.Action && learned[at].Lesson.Id < one.Lesson.Id)))
            at++;
        return [.. learned[..at], one, .. learned[at..]];
    }
}
