using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text;
using Gate.Compiler;
using Gate.Lessons;
using Gate.Requests;
using Gate.Store;
using YamlDotNet.RepresentationModel;

namespace Gate.Cli;

/// <summary><c>gate lesson promote</c>: writes a lesson as a rule with examples into a policy or pack, and proves it there; a rule does not fade.</summary>
internal static class LessonPromote
{
    public static Command Create()
    {
        Argument<long> id = new("id") { Description = "The lesson's number." };
        Option<string?> pack = new("--pack") { Description = "The file; without it, this repository's .gate/policy.yaml." }, rules = new("--rules") { Description = "The folder of rules that the pack is in." };
        Option<string?> name = new("--as") { Description = "The rule's id; without it, lessons.N." }, example = new("--example") { Description = "A command that it catches; without it, the one that the lesson was made of." };
        Command command = new("promote", "Write a lesson as a rule with examples, and prove it.") { id, pack, rules, name, example };
        command.SetAction(parsed =>
        {
            Surroundings here = Workplace.Here(Workplace.Places());
            using GateStore store = Workplace.Store(Workplace.Places());
            Lesson lesson = LessonVerb.Known(store, parsed.GetValue(id));
            string rule = parsed.GetValue(name) ?? $"lessons.{lesson.Id}";
            string path = parsed.GetValue(pack) is { } file ? Path.GetFullPath(file) : Path.Combine(Workplace.Text(here.Worktree), ".gate", "policy.yaml");
            string caught = parsed.GetValue(example) is { } given ? Quoted(given) : LessonRule.ExampleOf(lesson, lesson.Row > 0 ? store.ReadRow(lesson.Row) : null, here)
                ?? throw new CliException("The call that this lesson was made of is not whole in the ledger. Give a command that the rule must catch: --example 'COMMAND'.");
            Write(path, rule, lesson, caught, parsed.GetValue(rules));
            Terminal.Line($"rule      {rule}, in {path}");
            Terminal.Line($"proved    it catches {caught}");
            Terminal.Line("Put it in force with 'gate rules build'. The lesson stays until 'gate lesson remove " + lesson.Id + "'.");
            return 0;
        });
        return command;
    }

    private static string Quoted(string text) => Workplace.Text(new Text.ByteBuilder().AddJson(text).Written);

    // The file as it was comes back where the rule cannot be proved.
    private static void Write(string path, string rule, Lesson lesson, string example, string? rules)
    {
        byte[]? before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        string text = Inserted(path, before is null ? null : Encoding.UTF8.GetString(before), LessonRule.Yaml(rule, lesson, example));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        try
        {
            PolicyModel model = PolicyInstaller.Load(rules);
            if (!model.Rules.Exists(one => one.Id == rule))
                throw new CliException($"{path} is no part of the policy of this repository, so the rule would never hold. Leave out --pack, or name the folder of rules that it is in: --rules DIR.");
        }
        catch
        {
            if (before is null)
                File.Delete(path);
            else
                File.WriteAllBytes(path, before);
            throw;
        }
    }

    // Before the first rule, in its column; a file that has none gets a list at its end.
    private static string Inserted(string path, string? text, string rule)
    {
        if (text is null)
            return $"policy: {(Path.GetFileName(path) == "policy.yaml" ? "project" : Path.GetFileNameWithoutExtension(path))}\nrules:\n{Indented(rule, 2)}";
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw new CliException($"{path}:{e.Start.Line}:{e.Start.Column}: {e.Message}");
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
            throw new CliException($"{path} is no policy and no pack: it must be one mapping with 'rules'.");
        if (!root.Children.TryGetValue(new YamlScalarNode("rules"), out YamlNode? list))
            return text + (text.EndsWith('\n') ? "" : "\n") + "rules:\n" + Indented(rule, 2);
        if (list is not YamlSequenceNode { Children.Count: > 0, Style: not YamlDotNet.Core.Events.SequenceStyle.Flow } sequence)
            throw new CliException($"{path}:{list.Start.Line}: 'rules' must be a list with a rule on a line of its own ('- id: …'); write it so, or leave 'rules' out.");
        List<string> lines = [.. text.Split('\n')];
        int at = (int)sequence.Children[0].Start.Line - 1;
        lines.Insert(at, Indented(rule, lines[at].Length - lines[at].TrimStart().Length).TrimEnd('\n'));
        return string.Join('\n', lines);
    }

    private static string Indented(string rule, int width)
    {
        StringBuilder text = new();
        foreach (string line in rule.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            text.Append(' ', width).Append(line).Append('\n');
        return text.ToString();
    }
}
