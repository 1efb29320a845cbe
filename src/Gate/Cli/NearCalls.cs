using System;
using System.Collections.Generic;
using Gate.Lessons;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>Calls that are near to one: so that a person sees what a lesson would do to them. Real ones of this repository first.</summary>
internal static class NearCalls
{
    public const int Count = 3;

    private const int MaximumRows = 2000;

    /// <param name="store">Whose ledger is looked through.</param>
    /// <param name="act">What the lesson is about.</param>
    /// <param name="command">The command that it was made of; null where that was no command.</param>
    /// <param name="here">This worktree.</param>
    public static List<string> Of(GateStore store, Act act, string? command, Surroundings here)
    {
        List<(int Nearness, string Text)> found = [];
        int rows = 0;
        store.ReadDecisionsBack(default, here.Worktree, row =>
        {
            string text = Workplace.Text(row.Preview);
            bool whole = row.Preview.Length < Rows.MaximumPreview && row.Tool.AsSpan().SequenceEqual("Bash"u8) && row.Preview.AsSpan().IndexOf(ActJson.Masked) < 0;
            if (whole && text != command && ActJson.Read(row.Detail) is { } other && Nearness(act, other) is > 0 and int nearness && !found.Exists(one => one.Text == text))
                found.Add((nearness, text));
            return ++rows < MaximumRows;
        });
        found.Sort((a, b) => b.Nearness != a.Nearness ? b.Nearness.CompareTo(a.Nearness) : string.CompareOrdinal(a.Text, b.Text));
        List<string> near = [];
        if (command is not null)
            near.Add($"bash -c {Quoted(command)}");
        foreach ((_, string text) in found)
        {
            if (near.Count < Count)
                near.Add(text);
        }

        if (command is not null && near.Count < Count && Elsewhere(act, command) is { } elsewhere)
            near.Add(elsewhere);
        if (command is not null && near.Count < Count)
            near.Add($"echo {Quoted(command)}");
        return near;
    }

    private static int Nearness(Act act, Act other)
    {
        int same = act.Verb == other.Verb && act.Kind == other.Kind ? 3 : 0;
        if (act.Object.Length > 0 && act.Object.AsSpan().SequenceEqual(other.Object))
            same += 3;
        if (act.Program.AsSpan().SequenceEqual(other.Program))
            same += act.Subcommand.AsSpan().SequenceEqual(other.Subcommand) ? 3 : 1;
        return same;
    }

    // The same with another object; null where the object does not stand in the text.
    private static string? Elsewhere(Act act, string command)
    {
        string name = Workplace.Text(act.Object);
        name = name[(name.LastIndexOf('/') + 1)..];
        int at = name.Length == 0 ? -1 : command.LastIndexOf(name, StringComparison.Ordinal);
        return at < 0 ? null : command[..at] + "other" + command[(at + name.Length)..];
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
