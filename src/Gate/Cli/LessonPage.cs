using System;
using Gate.Lessons;
using Gate.Policy;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>A lesson for a person, as one line or a page, and as JSON.</summary>
internal static class LessonPage
{
    public static string ActionOf(Lesson lesson, long now) => lesson.ActionAt(now) == Policy.Action.Log ? lesson.Expires > 0 && now >= lesson.Expires ? "ended" : "faded" : PolicyNames.Of(lesson.ActionAt(now));

    public static void Line(Lesson lesson, long now, bool json)
    {
        if (json)
        {
            Terminal.Raw(Json(new ByteBuilder(512), lesson, now).Add((byte)'\n').Written);
            return;
        }

        string action = ActionOf(lesson, now), note = lesson.Text.Length > 0 ? $"  \"{Shown.Of(lesson.Text, 80)}\"" : "";
        Terminal.Line($"{lesson.Id,5}  {Terminal.Outcome(action, 5)}  {lesson.Pattern.Words()}{Terminal.Faint(note)}{(lesson.IsFlagged ? "  " + Terminal.Doubtful($"fires where people let it go ({lesson.Approved} times)") : "")}");
    }

    public static void Write(Lesson lesson, long now)
    {
        Field("lesson", lesson.Id.ToString());
        Field("now", $"{Terminal.Outcome(ActionOf(lesson, now))}{(lesson.Firm ? ", firm: a person said deny" : $", weight {Thousandths(lesson.Thumbs.At(now))} thumbs")}");
        Field("stops", lesson.Pattern.Words());
        Field("rung", RungNames.Of(lesson.Pattern.Rung) + (lesson.Pattern.IsSweeping && lesson.Pattern.Act.Zone <= Lesson.MaximumOrdinary ? "; it names nothing in particular, so it asks at most" : ""));
        Field("in", lesson.Repository.Length == 0 ? "all repositories of this user" : Terminal.Safe(lesson.Repository));
        if (lesson.Text.Length > 0)
            Field("note", $"\"{Terminal.Safe(lesson.Text)}\"");
        if (lesson.Preview.Length > 0)
            Field("made of", $"{(lesson.Row > 0 ? $"row {lesson.Row}: " : "")}{Terminal.Safe(lesson.Preview)}");
        Field("since", LedgerTime.Shown(lesson.Created, "yyyy-MM-dd HH:mm"));
        if (lesson.Expires > 0)
            Field("until", LedgerTime.Shown(lesson.Expires, "yyyy-MM-dd HH:mm"));
        else if (!lesson.Firm && lesson.ActionAt(now) != Policy.Action.Log)
            Field("fades", $"forgotten in {Days(lesson, now)} days without another thumbs-down");
        Field("fired", $"{lesson.Fired} times{(lesson.LastFired > 0 ? ", last " + LedgerTime.Shown(lesson.LastFired, "yyyy-MM-dd HH:mm") : "")}");
        Field("let go", $"{lesson.Approved} times since the last thumbs-down{(lesson.IsFlagged ? Terminal.Doubtful("; it fires where it should not: gate lesson remove " + lesson.Id) : "")}");
        foreach (string line in Workplace.Text(lesson.History).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            if (words.Length == 4 && long.TryParse(words[0], System.Globalization.CultureInfo.InvariantCulture, out long time))
                Field("thumb", $"{LedgerTime.Shown(time, "yyyy-MM-dd HH:mm")} {words[1]}{(words[2] == "0" ? "" : ", row " + words[2])}, from the {words[3]}");
        }
    }

    public static ByteBuilder Json(ByteBuilder text, Lesson lesson, long now)
    {
        Act act = lesson.Pattern.Act;
        text.Add("{\"id\":"u8).Add(lesson.Id).Add(",\"action\":"u8).AddJson(ActionOf(lesson, now)).Add(",\"rung\":"u8).AddJson(RungNames.Of(lesson.Pattern.Rung)).Add(",\"pattern\":"u8).AddJson(lesson.Pattern.Words())
            .Add(",\"act\":"u8);
        ActJson.Add(text, act, act.Object, act.Options);
        text.Add(",\"repository\":"u8).AddJson(lesson.Repository).Add(",\"scope\":"u8).AddJson(lesson.Repository.Length == 0 ? "user" : "repo").Add(",\"weight\":"u8).Add(lesson.Thumbs.At(now)).Add(",\"first\":"u8)
            .AddJson(PolicyNames.Of(lesson.First)).Add(",\"firm\":"u8).Add(lesson.Firm ? "true"u8 : "false"u8).Add(",\"expires\":"u8);
        Time(text, lesson.Expires);
        text.Add(",\"fired\":"u8).Add(lesson.Fired).Add(",\"approved\":"u8).Add(lesson.Approved).Add(",\"flagged\":"u8).Add(lesson.IsFlagged ? "true"u8 : "false"u8).Add(",\"text\":"u8).AddJson(lesson.Text)
            .Add(",\"preview\":"u8).AddJson(lesson.Preview).Add(",\"row\":"u8).Add(lesson.Row).Add(",\"created\":"u8);
        Time(text, lesson.Created);
        return text.Add((byte)'}');
    }

    private static void Time(ByteBuilder text, long time)
    {
        if (time > 0)
            text.AddJson(LedgerJson.Time(time));
        else
            text.Add("null"u8);
    }

    public static string Thousandths(long value) => $"{value / 1000}.{value % 1000 / 100}";

    private static long Days(Lesson lesson, long now)
    {
        const long Day = 24 * 3600 * 1000L;
        long days = 0;
        while (days < 3650 && lesson.Thumbs.At(now + (days * Day)) >= Thumbs.Least)
            days++;
        return days;
    }

    private static void Field(string name, string text) => Terminal.Line($"{name,-8} {text}");
}
