using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Effects;
using Gate.Policy;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Gate.Tests.Support;

/// <summary>Small policies made of YAML texts, through the real compiler and the real bundle.</summary>
internal static class Policies
{
    /// <summary>Reading is zone 0, everything else 1.</summary>
    public const string Zones = "zones:\n- {zone: 0, when: {verb: read}}\n- {zone: 1, when: {always: true}}\n";

    public const string Compliance = "NIST:\n  CM-3: Configuration Change Control\n  AU-9: Protection of Audit Information\n";

    private static readonly System.Collections.Concurrent.ConcurrentBag<byte[]> s_kept = [];

    public static readonly Profile Balanced = new() { Name = "balanced", Auto = 2, Ask = 5, Grant = true, Budget = "" };

    public static SourceFile File(string path, string text) => new(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Loads files beside <see cref="Zones"/> and <see cref="Compliance"/>; a file given replaces the one of the same path.</summary>
    public static PolicyModel Load(out List<string> problems, params SourceFile[] files)
    {
        List<SourceFile> all = [.. files];
        foreach (SourceFile standard in (SourceFile[])[File("zones.yaml", Zones), File("compliance.yaml", Compliance)])
        {
            if (!all.Exists(file => file.Path == standard.Path))
                all.Add(standard);
        }

        Problems found = new();
        PolicyModel model = PolicyLoader.Load(all, found);
        problems = [];
        foreach (SourceProblem problem in found.All)
        {
            if (!problem.IsWarning)
                problems.Add(problem.ToString());
        }

        return model;
    }

    public static PolicyModel Whole(params SourceFile[] files)
    {
        PolicyModel model = Load(out List<string> problems, files);
        Assert.Empty(problems);
        return model;
    }

    /// <summary>A pack of rules, each as (id, outcome, condition), with examples that only have the right form.</summary>
    public static SourceFile Pack(params (string Id, string Outcome, string When)[] rules)
    {
        StringBuilder text = new("pack: p\nrules:\n");
        foreach ((string id, string outcome, string when) in rules)
            text.Append($"- {{id: {id}, title: The rule {id}, when: {when}, outcome: {outcome}, catches: [a], passes: [b]}}\n");
        return File("packs/p.yaml", text.ToString());
    }

    public static CompiledCondition Condition(string when)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(when));
        Problems problems = new();
        CompiledCondition condition = ConditionCompiler.Compile(stream.Documents[0].RootNode, "when.yaml", problems);
        Assert.Empty(problems.All);
        return condition;
    }

    /// <summary>A bundle without rules: for conditions that hold no regular expression.</summary>
    public static readonly Bundle Bare = Kept(Built(Whole()));

    /// <summary>Whether a condition holds once it is in a bundle, with its automata.</summary>
    public static bool Holds(string when, Effect effect, CallFacts facts)
    {
        PolicyModel model = Whole();
        model.Zones.Insert(0, new ZoneModel(6, Condition(when)));
        bool holds = false;
        With(model, bundle =>
        {
            (int at, int length) = bundle.Find(Section.Zones);
            holds = Judge.ZoneOf(bundle.At(at, length), effect, facts, bundle) == 6;
        });
        return holds;
    }

    public static byte[] Built(PolicyModel model) => BundleWriter.Write(model, Balanced, 0, false, default, null);

    public static void With(PolicyModel model, Action<Bundle> use) => RuleTester.WithBundle(Built(model), use);

    /// <summary>A bundle that stays where it is for as long as the tests run.</summary>
    public static unsafe Bundle Kept(byte[] bytes)
    {
        byte[] room = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(room, 0);
        s_kept.Add(room);
        fixed (byte* start = room)
            return Bundle.Open(start, room.Length, null, out _)!;
    }

    /// <summary>The rules of this repository.</summary>
    public static PolicyModel Shipped() => PolicyLoader.Load(PolicyLoader.ReadFolder(Sources.PathOf("rules")), new Problems());
}
