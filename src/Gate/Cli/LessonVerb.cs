using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Text;
using Gate.Lessons;
using Gate.Native;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate lesson add|list|show|search|remove|promote|export</c>: what people gave a thumbs-down to.</summary>
internal static class LessonVerb
{
    private const int MostFound = 20;

    public static Command Create()
    {
        Command verb = new("lesson", "What people gave a thumbs-down to: it holds in every worktree from the next call on.");
        verb.Subcommands.Add(LessonAdd.Create());
        verb.Subcommands.Add(List());
        verb.Subcommands.Add(Show());
        verb.Subcommands.Add(Search());
        verb.Subcommands.Add(Remove());
        verb.Subcommands.Add(LessonPromote.Create());
        verb.Subcommands.Add(LessonExport.Create());
        return verb;
    }

    private static Command List()
    {
        Option<bool> json = new("--json") { Description = "JSON Lines." }, all = new("--all") { Description = "Of all repositories." };
        Option<bool> candidates = new("--candidates") { Description = "Instead, calls that failed lately and that no lesson is about: for a person to look through." };
        Command command = new("list", "List the lessons that concern this repository.") { json, all, candidates };
        command.SetAction(parsed =>
        {
            Surroundings here = Workplace.Here(Workplace.Places());
            using GateStore store = Workplace.Store(Workplace.Places());
            if (parsed.GetValue(candidates))
                return LessonCandidates.Write(store, here, parsed.GetValue(json));
            List<Lesson> lessons = store.ReadLessons(parsed.GetValue(all) ? default : here.Project);
            lessons.Sort((a, b) => a.Id.CompareTo(b.Id));
            if (lessons.Count == 0 && !parsed.GetValue(json))
                Terminal.Line("There are no lessons here yet. 'gate lesson add' makes one of this worktree's last call.");
            foreach (Lesson lesson in lessons)
                LessonPage.Line(lesson, Libc.WallMilliseconds(), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        Argument<long> id = new("id") { Description = "The lesson's number." };
        Option<bool> json = new("--json") { Description = "One JSON object." };
        Command command = new("show", "Show one lesson whole: what it stops, how weighty it is, what came of it.") { id, json };
        command.SetAction(parsed =>
        {
            using GateStore store = Workplace.Store(Workplace.Places());
            Lesson lesson = Known(store, parsed.GetValue(id));
            if (parsed.GetValue(json))
                LessonPage.Line(lesson, Libc.WallMilliseconds(), json: true);
            else
                LessonPage.Write(lesson, Libc.WallMilliseconds());
            return 0;
        });
        return command;
    }

    private static Command Search()
    {
        Argument<string[]> words = new("words") { Description = "Words of the person's sentence, the call, or what it stops.", Arity = ArgumentArity.OneOrMore };
        Option<bool> json = new("--json") { Description = "JSON Lines." }, all = new("--all") { Description = "In all repositories." };
        Command command = new("search", "Find lessons by their words, the best first.") { words, json, all };
        command.SetAction(parsed =>
        {
            Surroundings here = Workplace.Here(Workplace.Places());
            using GateStore store = Workplace.Store(Workplace.Places());
            using LessonIndex index = LessonIndex.Open(store);
            byte[] text = Encoding.UTF8.GetBytes(string.Join(' ', parsed.GetValue(words)!)), repository = parsed.GetValue(all) ? [] : here.Project;

            // All the words, or else any of them.
            List<long> found = index.Search(text, repository, all: true, MostFound);
            if (found.Count == 0)
                found = index.Search(text, repository, all: false, MostFound);
            int shown = 0;
            foreach (long id in found)
            {
                if (store.ReadLesson(id) is not { } lesson)
                    continue;
                LessonPage.Line(lesson, Libc.WallMilliseconds(), parsed.GetValue(json));
                shown++;
            }

            if (shown == 0 && !parsed.GetValue(json))
                Terminal.Line("No lesson has these words. 'gate lesson list' shows all.");
            return 0;
        });
        return command;
    }

    private static Command Remove()
    {
        Argument<long> id = new("id") { Description = "The lesson's number." };
        Command command = new("remove", "Take a lesson back. For people.") { id };
        command.SetAction(parsed =>
        {
            Person.RefuseAgents("gate lesson remove");
            long number = parsed.GetValue(id);
            return Person.Change("Lesson"u8, $"lesson {number} removed", (store, _, _) =>
            {
                Lesson lesson = Known(store, number);
                store.RemoveLesson(number);
                return $"lesson {number} is gone: {lesson.Pattern.Words()}";
            });
        });
        return command;
    }

    public static Lesson Known(GateStore store, long id) => store.ReadLesson(id) ?? throw new CliException($"There is no lesson {id}. 'gate lesson list --all' shows them.");
}
