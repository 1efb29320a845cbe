using System;
using System.Text;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Policy;

/// <summary>What a person said of a session, as conditions see it.</summary>
public class SessionFactTests
{
    private static readonly Effect s_push = new() { Verb = Verb.Publish, Kind = Kind.History };

    private static bool Holds(string when, byte[]? said, bool doubt) =>
        Condition.Holds(Policies.Condition(when).Code, s_push, new CallFacts { Said = said, Now = 1000 }, Policies.Bare, doubt);

    /// <summary>Before the store was read: what tightens holds, what loosens does not, whichever way it asks.</summary>
    [Theory]
    [InlineData("{session: a}")]
    [InlineData("{not: {session: a}}")]
    [InlineData("{verb: publish, not: {not: {session: a}}}")]
    public void What_is_not_known_yet_is_taken_the_stricter_way(string when)
    {
        Assert.True(Holds(when, null, doubt: true));
        Assert.False(Holds(when, null, doubt: false));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("0 fact a", true)]
    [InlineData("1001 fact a", true)]
    [InlineData("1000 fact a", false)]
    [InlineData("0 fact b\n0 fact a\n", true)]
    [InlineData("0 fact a b", false)]
    [InlineData("0 scope a", false)]
    [InlineData("0 fact", false)]
    [InlineData("fact a", false)]
    public void A_fact_holds_until_its_end(string said, bool holds)
    {
        Assert.Equal(holds, Holds("{session: a}", Encoding.ASCII.GetBytes(said), doubt: false));
        Assert.Equal(!holds, Holds("{not: {session: a}}", Encoding.ASCII.GetBytes(said), doubt: false));
    }

    [Fact]
    public void A_fact_alone_tightens_nothing() =>
        Assert.Equal((Outcome.Allow, null), PersonFacts.Floor("0 fact a"u8, [new Effect { Verb = Verb.Write, Kind = Kind.Path, Target = "/x"u8.ToArray() }], "/w"u8, 1000));

    [Theory]
    [InlineData("{session: Threads}", "a-z, 0-9 and '-'")]
    [InlineData("{session: fact}", "a-z, 0-9 and '-'")]
    [InlineData("{session: []}", "must not be empty")]
    public void A_name_is_checked(string when, string problem)
    {
        Policies.Load(out System.Collections.Generic.List<string> problems, Policies.File("packs/a.yaml", $"pack: a\nrules:\n- {{id: a.b, title: x, when: {when}, outcome: ask, catches: [git push], passes: [ls]}}\n"));
        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_zone_cannot_ask()
    {
        Policies.Load(out System.Collections.Generic.List<string> problems, Policies.File("zones.yaml", "zones:\n- {zone: 1, when: {session: a}}\n"));
        Assert.Contains(problems, problem => problem.Contains("a zone cannot ask for what a person said", StringComparison.Ordinal));
    }
}
