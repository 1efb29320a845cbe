using System;
using System.Collections.Generic;

namespace Gate.Cli;

/// <summary>One event Gate listens to: what stands in the settings file for it.</summary>
/// <param name="Event">The agent's name of the event.</param>
/// <param name="Matcher">The matcher of the entry, or null where the event takes none.</param>
/// <param name="Timeout">Seconds until the agent gives up on the hook.</param>
/// <param name="Block">Whether a hook that fails counts as a block (<c>onFailure</c>).</param>
/// <param name="StatusMessage">What the agent shows while the hook runs, or null.</param>
public sealed record HookEvent(string Event, string? Matcher, int Timeout, bool Block, string? StatusMessage = null);

/// <summary>The handlers Gate wants in an agent's settings file.</summary>
/// <param name="Agent">The agent's name, as in <c>gate hook AGENT</c>.</param>
/// <param name="Command">Absolute path of the binary: a bare name would let PATH decide what guards the agent.</param>
/// <param name="ExtraArgs">What follows <c>hook AGENT</c> in every handler.</param>
/// <param name="Events">The events, in the order they are written.</param>
public sealed record HookWiring(string Agent, string Command, IReadOnlyList<string> ExtraArgs, IReadOnlyList<HookEvent> Events)
{
    /// <summary>The agent name of Claude Code.</summary>
    public const string ClaudeCodeAgent = "claude-code";

    /// <summary>
    /// What Gate registers with Claude Code. A failing hook blocks wherever a block means something; at the start and the
    /// end of a session it means nothing. Never here: WorktreeCreate (a handler there replaces the creation of the
    /// worktree) and Stop, SubagentStop, TaskCompleted, TeammateIdle (a block there keeps the agent going).
    /// SessionEnd has its own number because all handlers of that event share the largest one, at most a minute.
    /// </summary>
    private static readonly HookEvent[] ClaudeCodeEvents =
    [
        new("PreToolUse", "*", 10, Block: true),
        new("PostToolUse", "*", 10, Block: true),
        new("PostToolUseFailure", "*", 10, Block: true),
        new("SessionStart", null, 10, Block: false),
        new("SessionEnd", null, 5, Block: false),
        new("UserPromptSubmit", null, 10, Block: false),
        new("ConfigChange", null, 10, Block: true),
    ];

    /// <summary>The wiring for Claude Code.</summary>
    public static HookWiring ClaudeCode(string path, params string[] extraArgs) =>
        new(ClaudeCodeAgent, path, extraArgs, ClaudeCodeEvents);

    /// <summary>The arguments of every handler: the verb, the agent, then the rest.</summary>
    public string[] Args()
    {
        string[] args = new string[2 + ExtraArgs.Count];
        args[0] = "hook";
        args[1] = Agent;
        for (int i = 0; i < ExtraArgs.Count; i++)
        {
            args[i + 2] = ExtraArgs[i];
        }

        return args;
    }

    /// <summary>The wanted event of that name, or null.</summary>
    public HookEvent? Find(string name)
    {
        foreach (HookEvent wanted in Events)
        {
            if (string.Equals(wanted.Event, name, StringComparison.Ordinal))
            {
                return wanted;
            }
        }

        return null;
    }
}
