using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Gate.Lessons;
using Gate.Policy;
using Gate.Requests;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Lessons;

/// <summary>
/// What a thumbs-down reaches where nobody chooses a rung: the tables in <c>tests/corpus/lessons</c>. <c>down</c> is what a person regrets, <c>held</c> does the same, <c>free</c> is near and
/// something else; <c>miss</c> does the same and is known to slip through, <c>over</c> is near and known to be stopped: whoever mends one says so there.
/// </summary>
public sealed class GeneralisationTests
{
    private static readonly Surroundings s_here = new()
    {
        Directory = "/home/dev/project"u8.ToArray(), Worktree = "/home/dev/project"u8.ToArray(), GitDirectory = "/home/dev/project/.git"u8.ToArray(), Repository = "/home/dev/project/.git"u8.ToArray(), Home = "/home/dev"u8.ToArray(),
    };

    private sealed record Line(string Word, string Call, string Where);

    public static TheoryData<string> Files()
    {
        TheoryData<string> files = [];
        foreach (string path in Directory.GetFiles(Sources.PathOf("tests", "corpus", "lessons"), "*.txt"))
            files.Add(Path.GetFileName(path));
        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_lesson_holds_for_rewrites_and_for_nothing_near(string file)
    {
        List<string> wrong = [];
        Pattern? pattern = null;
        string lesson = "";
        foreach (Line line in LinesOf(file))
        {
            Decision decision = DecisionOn(line.Call);
            if (line.Word == "down")
            {
                int gravest = Gravity.Gravest(decision);
                Act? act = gravest < 0 ? null : Act.Of(decision, gravest, s_here);
                pattern = act is null ? null : Pattern.Of(act, Pattern.UsualRung(act));
                lesson = $"{line.Call}  =>  {(pattern is null ? "only reads" : $"{pattern.Rung}: {pattern.Words()}")}";
                if (pattern is null)
                    wrong.Add($"{line.Where}: nothing to learn: {lesson}");
            }
            else if (pattern is not null && Stops(pattern, decision) != (line.Word is "held" or "over"))
                wrong.Add($"{line.Where}: {line.Word} {line.Call}\n    {lesson}\n    {Shown(decision)}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {file}\n" + string.Join('\n', wrong));
    }

    [Fact]
    public void The_tables_say_enough()
    {
        int downs = 0;
        foreach (ITheoryDataRow row in Files())
        {
            int held = 5, free = 5;
            string lesson = "";
            foreach (Line line in LinesOf((string)row.GetData()[0]!))
            {
                if (line.Word == "down")
                {
                    Assert.True(held >= 5 && free >= 5, $"{lesson}: {held} rewrites, {free} near misses");
                    (held, free, lesson, downs) = (0, 0, line.Call, downs + 1);
                }

                held += line.Word is "held" or "miss" ? 1 : 0;
                free += line.Word == "free" ? 1 : 0;
            }

            Assert.True(held >= 5 && free >= 5, $"{lesson}: {held} rewrites, {free} near misses");
        }

        Assert.InRange(downs, 60, 1000);
    }

    // As the hook does it: by the keys of its acts, so that a pattern that holds but is filed under another key counts as an escape.
    private static bool Stops(Pattern pattern, Decision decision)
    {
        Lesson lesson = new() { Id = 1, Pattern = pattern, First = Gate.Policy.Action.Ask, Thumbs = new Thumbs(Thumbs.Thumb, 0) };
        return Recollection.Of(decision, s_here, key => key == pattern.Key ? [lesson] : [], 0).Length > 0;
    }

    private static Decision DecisionOn(string call)
    {
        int brace = call.IndexOf(" {", StringComparison.Ordinal);
        return brace > 0 && char.IsAsciiLetter(call[0]) && call.EndsWith('}') && call.AsSpan(0, brace).IndexOf(' ') < 0 ? Shipped.Decide(call[..brace], Encoding.UTF8.GetBytes(call[(brace + 1)..])) : Shipped.Decide(call.Replace("\\n", "\n", StringComparison.Ordinal));
    }

    private static string Shown(Decision decision)
    {
        string text = "";
        for (int i = 0; i < decision.Effects.Length; i++)
            text += $"{(i > 0 ? "; " : "")}{decision.Zones[i]} {Shipped.Show(decision.Effects[i])} [{Encoding.UTF8.GetString(decision.Effects[i].Program)}|{Encoding.UTF8.GetString(decision.Effects[i].Subcommand)}] {decision.Effects[i].Attributes}";
        return text;
    }

    private static IEnumerable<Line> LinesOf(string file)
    {
        string[] lines = File.ReadAllLines(Sources.PathOf("tests", "corpus", "lessons", file));
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
                continue;
            int blank = lines[i].IndexOf(' ', StringComparison.Ordinal);
            string word = blank < 0 ? lines[i] : lines[i][..blank];
            Assert.True(word is "down" or "held" or "free" or "miss" or "over", $"{file}({i + 1}): {word}");
            yield return new Line(word, lines[i][(blank + 1)..], $"{file}({i + 1})");
        }
    }
}
