using System;
using System.Text;
using Gate.Bundles;
using Gate.Effects;
using Gate.Hooks;
using Gate.Lessons;
using Gate.Native;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>What a call here and now would get, without recording it: the same stages as the hook's, up to the decision.</summary>
internal sealed class Rehearsal
{
    public required Request Request { get; init; }

    public required Decision Decision { get; init; }

    /// <summary>What the rules alone say: without lessons and answers.</summary>
    public required Decision Rules { get; init; }

    public required Bundle Bundle { get; init; }

    /// <param name="command">A shell command.</param>
    /// <param name="trial">A lesson that is not in the store, or not as it is there: what it would do.</param>
    public static Rehearsal Of(string command, Lesson? trial = null) => Of("Bash"u8, new ByteBuilder().Add("{\"command\":"u8).AddJson(command).Add("}"u8).ToArray(), trial);

    /// <param name="tool">The tool's name.</param>
    /// <param name="input">Its input, a JSON object.</param>
    /// <param name="trial">A lesson that is not in the store, or not as it is there.</param>
    public static Rehearsal Of(ReadOnlySpan<byte> tool, byte[] input, Lesson? trial = null)
    {
        Places places = Workplace.Places();
        Surroundings here = Workplace.Here(places);
        HookInput hook = new() { Agent = Agent.ClaudeCode, Event = Hooks.HookEvent.PreToolUse, EventName = "PreToolUse"u8.ToArray(), Tool = tool.ToArray(), ToolInput = input, Directory = here.Directory };
        Request request = Request.Of(hook, here, out string? problem) ?? throw new CliException(problem!);
        Bundle bundle = Workplace.Bundle(places, here, out _);
        CallFacts facts = CallFactsOf.Request(request);
        Profile profile = new(bundle);
        Effect[] effects = Finder.Find(request, bundle, new RealPaths(), Judge.Denies(facts, bundle, profile)).ToArray();
        using GateStore? store = System.IO.File.Exists(Workplace.Text(places.Store)) ? Workplace.Store(places) : null;
        long now = facts.Now = Libc.WallMilliseconds();

        // What a person said of the worktree: a rehearsal is of no session.
        facts.Said = store?.ReadStanding(default, here.Worktree, here.Repository).Said ?? [];
        (Outcome floor, string? why) = PersonFacts.Floor(facts.Said, effects, here.Worktree, now);
        Standing standing = new Standing(BudgetSpent: false, floor, now) with { Why = why };
        Decision rules = Judge.Decide(effects, facts, bundle, profile, standing);
        Considered considered = Considered.Of(rules, quiet => Judge.Decide(effects, facts, bundle, profile, standing with { Quiet = quiet }), request, rule => store?.ReadPosterior(here.Project, rule) ?? default,
            key => With(store?.LessonsUnder(key, here.Project) ?? [], key, trial), now);
        return new Rehearsal { Request = request, Rules = rules, Decision = considered.Decision, Bundle = bundle };
    }

    private static Lesson[] With(Lesson[] lessons, long key, Lesson? trial)
    {
        if (trial is null || trial.Pattern.Key != key)
            return lessons;
        return [.. Array.FindAll(lessons, lesson => lesson.Id != trial.Id), trial];
    }

    public int ExitCode => Decision.Outcome switch
    {
        Outcome.Allow => 0, Outcome.Deny => CommandLine.Denied, _ => CommandLine.Asked,
    };

    /// <summary>One JSON object: outcome, zone, reason, rules, tags, effects with their spans.</summary>
    public byte[] Json()
    {
        ByteBuilder text = new(1024);
        text.Add("{\"outcome\":"u8).AddJson(PolicyNames.Of(Decision.Outcome)).Add(",\"zone\":"u8).Add(Decision.Zone).Add(",\"profile\":"u8).AddJson(Decision.Profile.Name)
            .Add(",\"reason\":"u8).AddJson(Reasons.Of(Decision)).Add(",\"rules\":["u8);
        for (int i = 0; i < Decision.Parts.Length; i++)
        {
            Part part = Decision.Parts[i];
            text.Add(i > 0 ? ","u8 : ""u8).Add("{\"id\":"u8).AddJson(part.Rule).Add(",\"outcome\":"u8).AddJson(PolicyNames.Of(part.Action)).Add(",\"severity\":"u8)
                .AddJson(PolicyNames.Of(part.Severity)).Add(",\"title\":"u8).AddJson(part.Title).Add(",\"instead\":"u8).AddJson(part.Instead).Add(",\"tags\":["u8);
            string[] tags = part.Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int t = 0; t < tags.Length; t++)
                text.Add(t > 0 ? ","u8 : ""u8).AddJson(tags[t]);
            text.Add("],\"effect\":"u8).Add(part.Effect).Add("}"u8);
        }

        text.Add("],\"effects\":["u8);
        for (int i = 0; i < Decision.Effects.Length; i++)
            AddEffect(text.Add(i > 0 ? ","u8 : ""u8), Decision.Effects[i], Decision.Zones[i]);
        return text.Add("],\"bundle\":\""u8).AddHex(Bundle.Digest).Add("\"}\n"u8).ToArray();
    }

    private static void AddEffect(ByteBuilder text, Effect effect, int zone)
    {
        text.Add("{\"verb\":"u8).AddJson(Names.Of(effect.Verb)).Add(",\"kind\":"u8).AddJson(Names.Of(effect.Kind));
        if (effect.Class != PathClass.None)
            text.Add(",\"class\":"u8).AddJson(Names.Of(effect.Class));
        if (effect.Target.Length > 0)
            text.Add(",\"target\":"u8).AddJson(effect.Target);
        if (effect.Program.Length > 0)
            text.Add(",\"program\":"u8).AddJson(effect.Program);
        if (effect.Subcommand.Length > 0)
            text.Add(",\"subcommand\":"u8).AddJson(effect.Subcommand);
        text.Add(",\"attributes\":["u8);
        bool first = true;
        for (int bit = 0; bit < Names.AttributeCount; bit++)
        {
            if (((ulong)effect.Attributes >> bit & 1) == 0)
                continue;
            text.Add(first ? ""u8 : ","u8).AddJson(Names.OfAttribute(bit));
            first = false;
        }

        text.Add("],\"wrappers\":["u8);
        for (int i = 0; i < effect.Wrappers.Length; i++)
            text.Add(i > 0 ? ","u8 : ""u8).AddJson(effect.Wrappers[i]);
        text.Add("],\"span\":["u8).Add(effect.Span.Start).Add(","u8).Add(effect.Span.End).Add("],\"zone\":"u8).Add(zone);
        if (effect.Why is not null)
            text.Add(",\"why\":"u8).AddJson(effect.Why);
        text.Add("}"u8);
    }
}
