using System;
using Gate.Text;

namespace Gate.Effects;

/// <summary>
/// One thing a call would do: a verb over a typed object. Closed sets: a rule file that names another verb, kind,
/// path class or attribute is an error at build. The numbers are the bundle's wire format: append, never reorder.
/// </summary>
public sealed class Effect
{
    public required Verb Verb { get; init; }

    public required Kind Kind { get; init; }

    /// <summary>What place a path is; <see cref="PathClass.None"/> for other kinds.</summary>
    public PathClass Class { get; init; }

    public Attributes Attributes { get; init; }

    /// <summary>The object by name: a resolved path, a host, a branch, a package, a tool; empty when it is not known.</summary>
    public byte[] Target { get; init; } = [];

    /// <summary>The program that would do it, without its folder; empty for tools that are not commands.</summary>
    public byte[] Program { get; init; } = [];

    /// <summary>The program's sub-command, words joined by one space (<c>stash drop</c>); empty when it has none.</summary>
    public byte[] Subcommand { get; init; } = [];

    /// <summary>The command's words after the program, as far as they are known; rules on plain words look here.</summary>
    public byte[][] Words { get; init; } = [];

    /// <summary>Those words that are neither options, their values nor the sub-command; empty where the program is not known or has none.</summary>
    public byte[][] Operands { get; init; } = [];

    /// <summary>The chain of wrappers it came through, outermost first (<c>sudo</c>, <c>timeout</c>, <c>bash</c>).</summary>
    public byte[][] Wrappers { get; init; } = [];

    /// <summary>Where in the request's text it stands; empty for tools without a text.</summary>
    public Span Span { get; init; }

    /// <summary>What is known of the variables that conditions ask for, where it happens; null: none is asked for.</summary>
    public EnvironmentFact[]? Environment { get; init; }

    /// <summary>Which of several clusters, accounts or workspaces it is done in; empty: none is chosen, a NUL in it: a run that is not known, null: the program knows none, or nobody asks.</summary>
    public byte[]? Context { get; init; }

    /// <summary>What a write puts there, as far as the call itself says it; null: it does not.</summary>
    public WrittenText? Written { get; set; }

    /// <summary>For opaque effects: one sentence on what could not be known.</summary>
    public string? Why { get; init; }

    public override string ToString() => $"{Names.Of(Verb)} {Names.Of(Kind)}{(Class == PathClass.None ? "" : " " + Names.Of(Class))}{(Target.Length == 0 ? "" : " " + System.Text.Encoding.UTF8.GetString(Target))}";
}

/// <summary>A variable of a program's environment. The value null: it is not set; a NUL in it: a run that is not known.</summary>
public sealed class EnvironmentFact(byte[] name, byte[]? value, bool certain)
{
    public byte[] Name { get; } = name;

    public byte[]? Value { get; } = value;

    /// <summary>False: it may also not be set.</summary>
    public bool Certain { get; } = certain;
}

/// <summary>What is done.</summary>
public enum Verb : byte
{
    None, Read, Write, Delete, ChangeMode, Fetch, Send, Listen, Run, Discard, Rewrite, Publish, Install, Create, Change, Destroy, Signal, Raise, Touch, Opaque,
}

/// <summary>What it is done to.</summary>
public enum Kind : byte
{
    None, Path, Host, Code, History, Package, Infrastructure, Data, Process, Privilege, System, Governance, Service, Memory,
}

/// <summary>What place a path is, once resolved.</summary>
public enum PathClass : byte
{
    None, Workspace, OtherWorktree, GitDirectory, Temporary, Home, StartUp, Secret, AgentConfiguration, Governance, Device, System, Outside, Unknown,
}

/// <summary>How it is done. A set: each bit has one name in rule files.</summary>
[Flags]
public enum Attributes : ulong
{
    None = 0,
    Recursive = 1UL << 0,
    Forced = 1UL << 1,
    /// <summary>The object is a workspace root, a home, or a file system's root itself.</summary>
    Root = 1UL << 2,
    /// <summary>A folder that a build makes again: node_modules, dist, target …</summary>
    Regenerable = 1UL << 3,
    /// <summary>The object is a pattern or only partly known.</summary>
    Pattern = 1UL << 4,
    Remote = 1UL << 5,
    /// <summary>A branch that others build on: main, master, release …</summary>
    Protected = 1UL << 6,
    /// <summary>Forced, but refused by the remote when somebody else pushed in between.</summary>
    Lease = 1UL << 7,
    /// <summary>Everything of its kind, without a name: all stashes, all containers.</summary>
    All = 1UL << 8,
    /// <summary>The code or the data carries a secret.</summary>
    SecretData = 1UL << 9,
    /// <summary>The code's text is known and was looked into.</summary>
    Known = 1UL << 10,
    /// <summary>What is run belongs to the project: its tests, its build, its scripts.</summary>
    Project = 1UL << 11,
    /// <summary>The code came from the network.</summary>
    FromNetwork = 1UL << 12,
    /// <summary>Checks or confirmations are switched off: --no-verify, -auto-approve.</summary>
    Unattended = 1UL << 13,
    /// <summary>The exact version is pinned by a lock file.</summary>
    Locked = 1UL << 14,
    /// <summary>Carries look-alike, invisible or control characters.</summary>
    Disguised = 1UL << 15,
    /// <summary>A program or a script: something made to be run.</summary>
    Executable = 1UL << 16,
    /// <summary>The code was encoded or encrypted and is decoded only when it runs.</summary>
    Decoded = 1UL << 17,
    /// <summary>The data are a person's own, in bulk.</summary>
    Personal = 1UL << 18,
    /// <summary>What was there is lost: emptied, or replaced by something from elsewhere.</summary>
    Overwritten = 1UL << 19,
    /// <summary>The object gives data without end.</summary>
    Endless = 1UL << 20,
    /// <summary>It runs to make a part of the command itself: <c>$(…)</c>, backquotes, <c>&lt;(…)</c>, <c>${!x}</c>.</summary>
    Substituted = 1UL << 21,
}
