using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;
using Action = Gate.Policy.Action;

namespace Gate.Tests.Structure;

/// <summary>Every member of a closed set has one name of its own, and rule files know all of them.</summary>
public class NameTests
{
    [Fact]
    public void Verbs_kinds_and_classes_have_names()
    {
        Total<Verb>(Names.AllVerbs(), Names.VerbCount, i => Names.Of((Verb)i));
        Total<Kind>(Names.AllKinds(), Names.KindCount, i => Names.Of((Kind)i));
        Total<PathClass>(Names.AllPathClasses(), Names.PathClassCount, i => Names.Of((PathClass)i));
        Assert.InRange(Names.VerbCount, 1, 32);
        Assert.InRange(Names.KindCount, 1, 32);
        Assert.InRange(Names.PathClassCount, 1, 32);
    }

    [Fact]
    public void Attributes_are_single_bits_without_gaps_and_have_names()
    {
        Attributes[] all = [.. Enum.GetValues<Attributes>().Where(attribute => attribute != Attributes.None)];
        Assert.Equal(Enumerable.Range(0, all.Length), all.Select(attribute => BitOperations.Log2((ulong)attribute)));
        Assert.All(all, attribute => Assert.Equal(1, BitOperations.PopCount((ulong)attribute)));
        Assert.Equal(Names.AttributeCount, all.Length);
        Assert.Equal(all.Select(attribute => Dashed(attribute.ToString())), Names.AllAttributes());
    }

    [Fact]
    public void Outcomes_actions_and_severities_have_names()
    {
        Total<Outcome>([.. Enum.GetValues<Outcome>().Select(PolicyNames.Of)], 3, i => PolicyNames.Of((Outcome)i));
        Total<Action>([.. Enum.GetValues<Action>().Select(PolicyNames.Of)], 5, i => PolicyNames.Of((Action)i));
        Total<Severity>([.. Enum.GetValues<Severity>().Select(PolicyNames.Of)], 4, i => PolicyNames.Of((Severity)i));
    }

    [Fact]
    public void Rule_files_mean_by_a_name_what_it_says()
    {
        foreach (Action action in Enum.GetValues<Action>())
        {
            foreach (Severity severity in Enum.GetValues<Severity>())
            {
                Gate.Compiler.RuleModel rule = Policies.Whole(Policies.File("packs/p.yaml", $"pack: p\nrules:\n- {{id: a.b, title: t, when: {{verb: run}}, outcome: {PolicyNames.Of(action)}, severity: {PolicyNames.Of(severity)}, catches: [a], passes: [b]}}\n")).Rules[0];
                Assert.Equal((action, severity), (rule.Action, rule.Severity));
            }
        }

        foreach (Outcome outcome in Enum.GetValues<Outcome>())
            Assert.Equal(outcome, Policies.Whole(Policies.File("profiles/a.yaml", $"profile: a\nunknown-tool: {PolicyNames.Of(outcome)}\n")).Profiles["a"].UnknownTool);
    }

    [Fact]
    public void Every_zone_has_a_name() => Assert.Equal(Combine.Never + 1, Enumerable.Range(0, Combine.Never + 1).Select(Reasons.ZoneName).Distinct().Count());

    // Numbers are a wire format: members stand in order from 0, and their names are their own in dashes.
    private static void Total<T>(IReadOnlyCollection<string> names, int count, Func<int, string> name)
        where T : struct, Enum
    {
        T[] all = Enum.GetValues<T>();
        Assert.Equal(count, all.Length);
        Assert.Equal(Enumerable.Range(0, count), all.Select(member => Convert.ToInt32(member)));
        Assert.Equal(all.Select(member => Dashed(member.ToString())), names);
        Assert.Equal(count, names.Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => name(count));
    }

    private static string Dashed(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
