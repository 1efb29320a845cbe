using System;

namespace Gate.Hooks;

/// <summary>The agents whose wire format Gate speaks.</summary>
public enum Agent : byte
{
    Unknown, ClaudeCode,
}

/// <summary>The moments of a session, agent-neutral. <see cref="Other"/>: accepted and answered with no opinion.</summary>
public enum HookEvent : byte
{
    Other, PreToolUse, PostToolUse, PostToolUseFailure, SessionStart, SessionEnd, UserPromptSubmit, ConfigChange,
}

/// <summary>
/// What an agent said, taken apart but not yet understood. Texts are unescaped UTF-8; JSON values are the raw bytes
/// as they came. Absent fields are empty.
/// </summary>
public sealed class HookInput
{
    public Agent Agent { get; init; }

    public HookEvent Event { get; set; }

    /// <summary>The event's name as the agent wrote it.</summary>
    public byte[] EventName { get; set; } = [];

    public byte[] Session { get; set; } = [];

    public byte[] Directory { get; set; } = [];

    public byte[] Mode { get; set; } = [];

    /// <summary>Set inside a sub-agent only.</summary>
    public byte[] SubagentId { get; set; } = [];

    public byte[] SubagentType { get; set; } = [];

    public byte[] Tool { get; set; } = [];

    /// <summary>Joins PreToolUse and PostToolUse of one call.</summary>
    public byte[] CallId { get; set; } = [];

    /// <summary>The tool's input: one JSON object.</summary>
    public ReadOnlyMemory<byte> ToolInput { get; set; }

    /// <summary>The tool's output: any JSON value.</summary>
    public ReadOnlyMemory<byte> ToolOutput { get; set; }

    /// <summary>How long the tool ran, in milliseconds; -1 when not said.</summary>
    public long Duration { get; set; } = -1;

    /// <summary>Why a tool failed (PostToolUseFailure).</summary>
    public byte[] Error { get; set; } = [];

    /// <summary>The settings file that changed (ConfigChange).</summary>
    public byte[] File { get; set; } = [];

    public byte[] Source { get; set; } = [];

    /// <summary>What the person typed (UserPromptSubmit); a slash command as it was typed, before it is expanded.</summary>
    public byte[] Prompt { get; set; } = [];
}
