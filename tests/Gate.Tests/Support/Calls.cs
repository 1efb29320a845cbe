using System;
using System.Collections.Generic;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Effects;
using Gate.Hooks;
using Gate.Policy;
using Gate.Requests;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Support;

/// <summary>Calls in the imagined repository, judged by the shipped knowledge and rules of a test's own, with an environment of a test's own.</summary>
internal sealed class Calls
{
    private static readonly Lazy<List<SourceFile>> s_shipped = new(() => PolicyLoader.ReadFolder(Sources.PathOf("rules")).FindAll(file => !file.Path.StartsWith("profiles/", StringComparison.Ordinal) && !file.Path.StartsWith("packs/", StringComparison.Ordinal) && file.Path != "levels.yaml"));

    private readonly Bundle _bundle;

    private Calls(PolicyModel model, Profile profile)
    {
        (Model, Profile) = (model, profile);
        _bundle = Policies.Kept(BundleWriter.Write(model, profile, 0, false, default, null));
    }

    public PolicyModel Model { get; }

    public Profile Profile { get; }

    /// <summary>Files that are there, by absolute path; null: there, but not to be read.</summary>
    public Dictionary<string, string?> Files { get; init; } = [];

    /// <summary>The shipped knowledge, zones and places with these packs and profiles; judged with the profile of this name.</summary>
    public static Calls With(string profile, params SourceFile[] files)
    {
        Problems problems = new();
        PolicyModel model = PolicyLoader.Load([.. s_shipped.Value, .. files], problems);
        Assert.Empty(problems.All);
        return new Calls(model, model.Profiles[profile]);
    }

    /// <summary>One rule with this outcome and condition, in a profile that asks for everything but looking.</summary>
    public static Calls WithRule(string outcome, string when) => With(
        "plain", Policies.File("profiles/plain.yaml", "profile: plain\nauto: 0\nask: 5\n"), Policies.Pack(("r.one", outcome, when)));

    /// <summary>The same policy with other files on the machine.</summary>
    public Calls On(params (string Path, string? Text)[] files)
    {
        Calls calls = new(Model, Profile);
        foreach ((string path, string? text) in files)
            calls.Files[path] = text;
        return calls;
    }

    /// <summary>A profile that allows all but zone 6, with these lines besides.</summary>
    public static Calls WithProfile(string lines, params SourceFile[] packs) => With("open", [Policies.File("profiles/open.yaml", $"profile: open\nauto: 5\nask: 5\n{lines}"), .. packs]);

    public Decision Bash(string command, params (string Name, string Value)[] environment)
    {
        ByteBuilder json = new();
        json.Add("{\"command\":"u8).AddJson(command).Add("}"u8);
        return Tool("Bash", Encoding.UTF8.GetString(json.Written), environment);
    }

    public Decision Tool(string tool, string input, params (string Name, string Value)[] environment)
    {
        byte[] home = "/home/dev"u8.ToArray(), worktree = "/home/dev/project"u8.ToArray(), git = "/home/dev/project/.git"u8.ToArray();
        Surroundings surroundings = new() { Directory = worktree, Worktree = worktree, GitDirectory = git, Repository = git, Home = home };
        HookInput hook = new() { Agent = Agent.ClaudeCode, Event = HookEvent.PreToolUse, Tool = Encoding.UTF8.GetBytes(tool), ToolInput = Encoding.UTF8.GetBytes(input) };
        Request request = Request.Of(hook, surroundings, out string? problem) ?? throw new InvalidOperationException(problem);
        return Judge.Decide(Finder.Find(request, _bundle, new Answers(environment, Files)), CallFactsOf.Request(request), _bundle, Profile, default);
    }

    /// <summary>The rules that took part, strictest first.</summary>
    public static string RulesOf(Decision decision) => string.Join(' ', Array.ConvertAll(decision.Parts, part => part.Rule));

    private sealed class Answers((string Name, string Value)[] environment, Dictionary<string, string?> files) : IPathQuestions
    {
        public byte[]? TextOf(byte[] path, int limit, out bool isThere)
        {
            isThere = files.TryGetValue(Encoding.UTF8.GetString(path), out string? text);
            return text is null ? null : Encoding.UTF8.GetBytes(text);
        }

        public byte[] Resolve(byte[] path) => path;

        public byte[]? Variable(byte[] name)
        {
            int at = Array.FindIndex(environment, one => one.Name == Encoding.UTF8.GetString(name));
            return at < 0 ? null : Encoding.UTF8.GetBytes(environment[at].Value);
        }
    }
}
