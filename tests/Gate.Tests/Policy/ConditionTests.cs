using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Policy;

public class ConditionTests
{
    private static readonly Dictionary<string, Effect> s_effects = new()
    {
        ["push"] = new Effect
        {
            Verb = Verb.Run, Kind = Kind.Code, Program = Bytes("git"), Subcommand = Bytes("push"), Words = [Bytes("push"), Bytes("-fu"), Bytes("--set=x"), Bytes("origin"), Bytes("-")],
            Wrappers = [Bytes("sudo"), Bytes("timeout")], Attributes = Attributes.Known | Attributes.Forced,
        },
        ["stash"] = new Effect { Verb = Verb.Run, Kind = Kind.Code, Program = Bytes("git"), Subcommand = Bytes("stash drop"), Words = [Bytes("stash"), Bytes("drop")] },
        ["write"] = new Effect { Verb = Verb.Write, Kind = Kind.Path, Class = PathClass.Workspace, Target = Bytes("/home/dev/project/dist/a.js"), Attributes = Attributes.Regenerable },
        ["written"] = new Effect { Verb = Verb.Write, Kind = Kind.Path, Class = PathClass.Workspace, Target = Bytes("/home/dev/project/a.js"), Written = Written("debugger;") },
        ["cluster"] = new Effect { Verb = Verb.Change, Kind = Kind.Infrastructure, Program = Bytes("kubectl"), Context = Bytes("prod-eu") },
        ["some cluster"] = new Effect { Verb = Verb.Change, Kind = Kind.Infrastructure, Program = Bytes("kubectl"), Context = [0] },
        ["bare"] = new Effect { Verb = Verb.Opaque, Kind = Kind.None },
        ["kube"] = new Effect
        {
            Verb = Verb.Run, Kind = Kind.Code, Program = Bytes("kubectl"), Words = [Bytes("apply")],
            Environment = [new(Bytes("CONTEXT"), Bytes("prod-eu"), true), new(Bytes("NONE"), null, true), new(Bytes("HOLE"), [0], true)],
        },
    };

    private static readonly CallFacts s_facts = new()
    {
        Tool = Bytes("mcp__files__write"), Server = Bytes("files"), Agent = Bytes("claude-code"), Subagent = Bytes("explorer"),
        Home = Bytes("/home/dev"), Worktree = Bytes("/home/dev/project"), Input = Bytes("{\"path\":\"a\",\"body\":[1],\"mode\":7}"), Said = Bytes("0 fact threads-checked\n500 fact over\n\n0 local-only\n"), Now = 500,
    };

    public static TheoryData<Test, string, string, bool> Rows => new()
    {
        { Test.Verb, "push", "{verb: run}", true },
        { Test.Verb, "push", "{verb: [read, write]}", false },
        { Test.Verb, "bare", "{verb: opaque}", true },
        { Test.TargetMatches, "write", "{target-matches: ['^/x', '[.]js$']}", true },
        { Test.TargetMatches, "write", "{target-matches: '^dist'}", false },
        { Test.WordMatches, "push", "{word-matches: '^--set=.'}", true },
        { Test.WordMatches, "push", "{word-matches: '^git$'}", false },
        { Test.LineMatches, "push", "{line-matches: '^git push -fu .* origin'}", true },
        { Test.LineMatches, "push", "{line-matches: '^push'}", false },
        { Test.Prefix, "push", "{prefix: [git pull, git  push]}", true },
        { Test.Prefix, "push", "{prefix: git pus}", false },
        { Test.Prefix, "push", "{prefix: git push -fu --set=x origin - more}", false },
        { Test.Under, "write", "{under: [/srv, '.']}", true },
        { Test.Under, "write", "{under: './src'}", false },
        { Test.Reaches, "write", "{reaches: '**/dist'}", true },
        { Test.Reaches, "write", "{reaches: '**/src'}", false },
        { Test.Input, "write", "{input: {required: [path, body], allowed: [path, body, mode], denied: force, kinds: {path: text, mode: [number, text]}}}", true },
        { Test.Input, "write", "{input: {required: [path, content]}}", false },
        { Test.Environment, "kube", "{environment: {CONTEXT: [dev, 'prod-*']}}", true },
        { Test.Environment, "kube", "{environment: {CONTEXT: 'dev-*'}}", false },
        { Test.Environment, "kube", "{environment: {NONE: '**'}}", false },
        { Test.Environment, "kube", "{environment: {CONTEXT: 'prod-*', NONE: '**'}}", false },
        { Test.Environment, "kube", "{environment: {HOLE: x}}", true },
        { Test.Not, "kube", "{not: {environment: {HOLE: x}}}", true },
        { Test.Session, "bare", "{session: threads-checked}", true },
        { Test.Session, "bare", "{session: [other, local-only]}", true },
        { Test.Session, "bare", "{session: over}", false },
        { Test.Session, "bare", "{session: [threads, checked]}", false },
        { Test.Session, "bare", "{not: {session: threads-checked}}", false },
        { Test.Kind, "write", "{kind: [host, path]}", true },
        { Test.Kind, "write", "{kind: host}", false },
        { Test.Class, "write", "{class: workspace}", true },
        { Test.Class, "write", "{class: [unknown, outside]}", false },
        { Test.Class, "push", "{class: none}", true },
        { Test.Attributes, "push", "{attributes: [known, forced]}", true },
        { Test.Attributes, "push", "{attributes: [known, recursive]}", false },
        { Test.AnyAttribute, "push", "{any-attribute: [recursive, forced]}", true },
        { Test.AnyAttribute, "bare", "{any-attribute: [recursive, forced]}", false },
        { Test.Program, "push", "{program: [hg, git]}", true },
        { Test.Program, "push", "{program: gi}", false },
        { Test.Program, "push", "{program: git*}", false },
        { Test.Program, "write", "{program: git}", false },
        { Test.Subcommand, "stash", "{subcommand: stash}", true },
        { Test.Subcommand, "stash", "{subcommand: stash drop}", true },
        { Test.Subcommand, "stash", "{subcommand: sta}", false },
        { Test.Subcommand, "stash", "{subcommand: stash drop all}", false },
        { Test.Subcommand, "bare", "{subcommand: stash}", false },
        { Test.Word, "push", "{word: [upstream, origin]}", true },
        { Test.Word, "push", "{word: orig}", false },
        { Test.Word, "push", "{word: -f}", false },
        { Test.Option, "push", "{option: -f}", true },
        { Test.Option, "push", "{option: -u}", true },
        { Test.Option, "push", "{option: --set}", true },
        { Test.Option, "push", "{option: --se}", false },
        { Test.Option, "push", "{option: -s}", false },
        { Test.Option, "push", "{option: -x}", false },
        { Test.Option, "push", "{option: '-'}", true },
        { Test.Wrapper, "push", "{wrapper: timeout}", true },
        { Test.Wrapper, "stash", "{wrapper: timeout}", false },
        { Test.Target, "write", "{target: '**/dist/**'}", true },
        { Test.Target, "write", "{target: /home/*}", false },
        { Test.Target, "bare", "{target: '**'}", true },
        { Test.Target, "bare", "{target: '**/x'}", false },
        { Test.Tool, "write", "{tool: mcp__*__write}", true },
        { Test.Tool, "write", "{tool: Write}", false },
        { Test.Server, "write", "{server: files}", true },
        { Test.Server, "write", "{server: file}", false },
        { Test.Agent, "write", "{agent: claude-*}", true },
        { Test.Agent, "write", "{agent: codex}", false },
        { Test.Subagent, "write", "{subagent: explorer}", true },
        { Test.Subagent, "write", "{subagent: planner}", false },
        { Test.Context, "cluster", "{context: [stage, 'prod*']}", true },
        { Test.Context, "cluster", "{context: prod}", false },
        { Test.Context, "some cluster", "{context: prod}", true },
        { Test.Context, "bare", "{context: '*'}", false },
        { Test.WrittenMatches, "written", "{written-matches: [x, 'bug+er']}", true },
        { Test.WrittenMatches, "written", "{written-matches: ^bug}", false },
        { Test.WrittenMatches, "write", "{written-matches: ''}", false },
        { Test.WrittenSize, "written", "{written-size: 9}", true },
        { Test.WrittenSize, "written", "{written-size: 10}", false },
        { Test.WrittenSize, "write", "{written-size: 1}", false },
        { Test.WrittenSecret, "written", "{written-secret: [key, token]}", true }, // without formats nobody knows
        { Test.WrittenSecret, "write", "{written-secret: [key, token]}", false },
        { Test.Always, "bare", "{always: true}", true },
        { Test.Not, "push", "{not: {program: git}}", false },
        { Test.Not, "push", "{not: {program: hg}}", true },
        { Test.Not, "push", "{not: {all: [{program: git}, {subcommand: pull}]}}", true },
        { Test.All, "push", "{program: git, subcommand: push, option: -f}", true },
        { Test.All, "push", "{program: git, subcommand: pull}", false },
        { Test.All, "push", "{all: [{program: git}, {verb: run}]}", true },
        { Test.Any, "push", "{any: [{program: hg}, {verb: run}]}", true },
        { Test.Any, "push", "{any: [{program: hg}, {verb: read}]}", false },
        { Test.Any, "push", "{any: [{all: [{program: git}, {not: {word: main}}]}, {verb: read}]}", true },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds_where_it_should(Test part, string effect, string when, bool holds)
    {
        byte[] code = Policies.Condition(when).Code;
        Assert.Contains((byte)part, code);
        Assert.Equal(holds, Policies.Holds(when, s_effects[effect], s_facts));
    }

    [Fact]
    public void Every_part_has_a_row_that_holds_and_one_that_does_not()
    {
        foreach (Test part in Enum.GetValues<Test>())
        {
            bool[] answers = [.. Rows.Select(row => row.Data).Where(row => row.Item1 == part).Select(row => row.Item4)];
            Assert.Contains(true, answers);
            Assert.True(part == Test.Always || answers.Contains(false), part.ToString());
        }
    }

    [Fact]
    public void An_unknown_part_is_an_error_and_not_false() =>
        Assert.Throws<InvalidOperationException>(() => Condition.Holds([(byte)(Enum.GetValues<Test>().Length)], s_effects["bare"], s_facts, Policies.Bare));

    [Fact]
    public void Longest_texts_and_lists_hold()
    {
        string name = new('x', 255);
        string list = string.Join(", ", Enumerable.Range(0, 254).Select(i => $"{new string('y', 200)}{i}").Append(name));
        Effect effect = new() { Verb = Verb.Run, Kind = Kind.Code, Program = Bytes(name) };
        Assert.True(Condition.Holds(Policies.Condition($"{{program: [{list}]}}").Code, effect, s_facts, Policies.Bare));
    }

    [Fact]
    public void Deepest_nesting_holds()
    {
        string when = string.Concat(Enumerable.Repeat("{not: ", Condition.MaximumDepth)) + "{verb: run}" + new string('}', Condition.MaximumDepth);
        Assert.True(Condition.Holds(Policies.Condition(when).Code, s_effects["push"], s_facts, Policies.Bare));
    }

    private static WrittenText Written(string text)
    {
        WrittenText written = new(json: false);
        written.Add(Bytes(text));
        return written;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
