using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>The keys that a condition is filed under: none of them missing, and as few as can be.</summary>
public class ConditionCompilerTests
{
    public static TheoryData<string, string[]?> Keys => new()
    {
        { "{program: [git, rm, ls]}", ["p:git", "p:rm", "p:ls"] },
        { "{program: git, verb: run}", ["p:git"] },
        { "{verb: write, kind: path}", ["e:write path"] },
        { "{verb: [write, delete], kind: path, program: [a, b, c]}", ["e:write path", "e:delete path"] },
        { "{tool: [Read, Write]}", ["t:Read", "t:Write"] },
        { "{tool: 'mcp__*'}", null },
        { "{tool: [Read, 'mcp__?']}", null },
        { "{target: '**'}", null },
        { "{always: true}", null },
        { "{not: {program: git}}", null },
        { "{program: git, not: {program: git}}", ["p:git"] },
        { "{any: [{program: git}, {tool: Read}]}", ["p:git", "t:Read"] },
        { "{any: [{program: git}, {word: x}]}", null },
        { "{any: [{program: git}]}", ["p:git"] },
        { "{all: [{program: git}, {word: x}]}", ["p:git"] },
        { "{all: [{any: [{program: git}, {program: hg}]}, {tool: Bash}]}", ["t:Bash"] },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_condition_is_filed_under_what_must_be_there(string when, string[]? keys)
    {
        HashSet<ulong>? expected = keys is null ? null : [.. keys.Select(KeyOf)];
        Assert.Equal(expected, Policies.Condition(when).Keys);
    }

    [Fact]
    public void A_verb_alone_is_filed_under_all_kinds() => Assert.Equal(Names.KindCount, Policies.Condition("{verb: delete}").Keys!.Count);

    [Fact]
    public void A_rule_for_several_programs_is_found_under_each() => Policies.With(
        Policies.Whole(Policies.Pack(("r.one", "ask", "{program: [git, rm, ls]}"), ("r.two", "deny", "{program: rm}"))),
        bundle =>
        {
            RuleSet rules = new(bundle);
            int CountOf(string program) => rules.Find(RuleKey.OfProgram(Encoding.ASCII.GetBytes(program))).Count;
            Assert.Equal((1, 2, 1, 0), (CountOf("git"), CountOf("rm"), CountOf("ls"), CountOf("cat")));
            Assert.Equal(0, rules.Find(RuleKey.Any).Count);
        });

    [Fact]
    public void Keys_of_different_sorts_do_not_meet() =>
        Assert.Equal(3, new HashSet<ulong> { RuleKey.OfProgram("Read"u8), RuleKey.OfTool("Read"u8), RuleKey.OfEffect(Verb.Read, Kind.Path) }.Count);

    private static ulong KeyOf(string key) => key[0] switch
    {
        'p' => RuleKey.OfProgram(Encoding.ASCII.GetBytes(key[2..])),
        't' => RuleKey.OfTool(Encoding.ASCII.GetBytes(key[2..])),
        _ => RuleKey.OfEffect((Verb)System.Array.IndexOf(Names.AllVerbs(), key[2..].Split(' ')[0]), (Kind)System.Array.IndexOf(Names.AllKinds(), key.Split(' ')[1])),
    };
}
