using System;
using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Lessons;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>A lesson as a rule in YAML.</summary>
internal static class LessonRule
{
    // Rules run their examples in an imagined repository.
    private const string ImaginedWorktree = "/home/dev/project", ImaginedHome = "/home/dev";

    /// <param name="id">The rule's.</param>
    /// <param name="lesson">What it says.</param>
    /// <param name="example">What it catches, as YAML.</param>
    public static string Yaml(string id, Lesson lesson, string example)
    {
        string title = lesson.Text.Length > 0 ? Shown.Of(lesson.Text, 200) : $"A thumbs-down: {lesson.Pattern.Words()}";
        Policy.Action action = lesson.Firm || lesson.Thumbs.Score >= Thumbs.Denies ? Policy.Action.Deny : lesson.First;
        StringBuilder text = new();
        text.Append($"- id: {id}\n  title: {Quoted(title)}\n  when: {When(lesson.Pattern)}\n  outcome: {PolicyNames.Of(action)}\n  severity: medium\n");
        text.Append($"  instead: {Quoted("Ask what to do instead.")}\n  catches:\n    - {example}\n  passes:\n    - {Quoted(example[0] == '"' ? "echo " + example : "git status")}\n");
        return text.ToString();
    }

    /// <summary>What the rule must catch, as YAML: the call that the lesson was made of, moved to where examples run; null where it is not whole.</summary>
    public static string? ExampleOf(Lesson lesson, LedgerRow? row, Surroundings here)
    {
        string text = Workplace.Text(lesson.Preview);
        if (text.Length == 0 || lesson.Preview.Length >= Rows.MaximumPreview || lesson.Preview.AsSpan().IndexOf(ActJson.Masked) >= 0)
            return null;
        text = text.Replace(Workplace.Text(here.Worktree), ImaginedWorktree, StringComparison.Ordinal).Replace(Workplace.Text(here.Home), ImaginedHome, StringComparison.Ordinal);
        string tool = row is null ? "Bash" : Workplace.Text(row.Tool);
        if (tool == "Bash")
            return Quoted(text);
        return tool is "Write" or "Edit" or "Read" ? $"{{tool: {tool}, input: {{file_path: {Quoted(text)}, content: x, old_string: x, new_string: y}}}}" : null;
    }

    private static string When(Pattern pattern)
    {
        Act act = pattern.Act;
        List<string> keys = [$"verb: {Names.Of(act.Verb)}", $"kind: {Names.Of(act.Kind)}"];
        bool program = pattern.Rung is Rung.Call or Rung.Act || (!act.AnyProgram && pattern.Rung != Rung.Kind);
        if (program && act.Program.Length > 0)
            keys.Add("program: " + Quoted(act.Program));
        if (act.Subcommand.Length > 0 && (pattern.Rung is Rung.Call or Rung.Act || (pattern.Rung is Rung.Object or Rung.Like && act.Doer.Length > act.Program.Length)))
            keys.Add("subcommand: " + Quoted(act.Subcommand));
        if (pattern.Rung == Rung.Kind && act.Class != PathClass.None)
            keys.Add("class: " + Names.Of(act.Class));
        List<string> grave = [];
        for (int bit = 0; bit < Names.AttributeCount; bit++)
        {
            if (((ulong)act.Attributes >> bit & 1) != 0)
                grave.Add(Names.OfAttribute(bit));
        }

        if (pattern.Rung != Rung.Object && grave.Count > 0)
            keys.Add($"attributes: [{string.Join(", ", grave)}]");
        List<string> all = [];
        if (pattern.Rung == Rung.Call)
        {
            foreach (string option in Workplace.Text(act.Options).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                all.Add($"{{option: {Quoted(option)}}}");
        }

        if (pattern.Rung is Rung.Call or Rung.Object or Rung.Like && act.Object.Length > 0)
            all.Add(ObjectOf(pattern));
        if (all.Count > 0)
            keys.Add($"all: [{string.Join(", ", all)}]");
        return "{" + string.Join(", ", keys) + "}";
    }

    private static string ObjectOf(Pattern pattern)
    {
        Act act = pattern.Act;
        string name = Workplace.Text(act.Object);
        bool like = pattern.Rung == Rung.Like;
        if (act.Kind == Kind.Path || (act.Kind == Kind.Code && IsPath(name)) || (act.Kind == Kind.History && IsPath(name)))
            return like ? $"{{under: {Quoted(name.TrimEnd('/'))}}}" : $"{{any: [{{target: {Quoted(Moved(name))}}}, {{target: {Quoted(Moved(name) + "/*")}}}]}}";
        if (act.Kind == Kind.Host)
            return $"{{target: {Quoted(like ? "**" + name : name)}}}";
        string end = like ? "**" : "";
        if (act.Kind == Kind.Infrastructure && IsPath(name) && !like)
            return $"{{word: [{Quoted(name)}, {Quoted(name[2..])}]}}";
        return act.Kind == Kind.Code ? string.Join(", ", Array.ConvertAll(name.Split(' '), word => $"{{word: {Quoted(word)}}}")) : $"{{any: [{{target: {Quoted(name + end)}}}, {{target: {Quoted("**/" + name + end)}}}, {{target: {Quoted(name + "@*")}}}]}}";
    }

    private static bool IsPath(string name) => name.StartsWith('/') || name.StartsWith("./", StringComparison.Ordinal) || name.StartsWith("~/", StringComparison.Ordinal);

    // The bundle knows no worktree: a path inside it is any worktree's.
    private static string Moved(string path) => path.StartsWith("./", StringComparison.Ordinal) ? "**/" + path[2..] : path.StartsWith("~/", StringComparison.Ordinal) ? "**/" + path[2..] : path;

    private static string Quoted(string text) => Workplace.Text(new ByteBuilder().AddJson(text).Written);

    private static string Quoted(byte[] text) => Quoted(Workplace.Text(text));
}
