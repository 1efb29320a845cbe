using System;
using System.Collections.Generic;
using System.Text;
using Gate.Effects;
using Gate.Policy;

namespace Gate.Tests.Support;

/// <summary>Conditions and effects made by dice, over so few words that they often meet.</summary>
internal static class Generated
{
    public static readonly CallFacts Facts = new() { Tool = Encoding.UTF8.GetBytes("Bash") };

    /// <summary>A condition as YAML, with conditions in conditions up to a depth.</summary>
    public static string When(Dice dice, int depth)
    {
        List<string> parts = [];
        void Maybe(Func<string> part)
        {
            if (dice.Roll(3) == 1)
                parts.Add(part());
        }

        Maybe(() => $"verb: {dice.Pick("run", "read", "[run, write]", "[read, write]")}");
        Maybe(() => $"kind: {dice.Pick("code", "path", "[code, path]")}");
        Maybe(() => $"program: {dice.Pick("git", "rm", "[git, rm]")}");
        Maybe(() => $"class: {dice.Pick("workspace", "none", "[workspace, home]")}");
        Maybe(() => $"attributes: {dice.Pick("forced", "root", "[forced, root]")}");
        Maybe(() => $"any-attribute: {dice.Pick("forced", "root", "[forced, root]")}");
        Maybe(() => $"tool: {dice.Pick("Bash", "Write", "[Bash, Write]")}");
        if (depth > 0)
        {
            Maybe(() => $"not: {When(dice, depth - 1)}");
            Maybe(() => $"any: [{When(dice, depth - 1)}, {When(dice, depth - 1)}]");
            Maybe(() => $"all: [{When(dice, depth - 1)}, {When(dice, depth - 1)}]");
        }

        return parts.Count == 0 ? "{always: true}" : $"{{{string.Join(", ", parts)}}}";
    }

    public static Effect Effect(Dice dice) => new()
    {
        Verb = dice.Pick(Verb.Run, Verb.Read, Verb.Write), Kind = dice.Pick(Kind.Code, Kind.Path), Program = Encoding.UTF8.GetBytes(dice.Pick("", "git", "rm")),
        Class = dice.Pick(PathClass.None, PathClass.Workspace, PathClass.Home), Attributes = dice.Pick(Attributes.None, Attributes.Forced, Attributes.Root, Attributes.Forced | Attributes.Root),
    };
}
