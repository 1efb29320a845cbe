using System;
using System.Text.Json;
using Gate.Text;

namespace Gate.Hooks;

/// <summary>
/// Claude Code's hook input: one JSON object on stdin. Unknown fields are passed over (minor releases add some); a known field of
/// the wrong type, a known field given twice, or anything that is not one JSON object is a problem, never a guess.
/// </summary>
public static class ClaudeCode
{
    /// <summary>Deeper JSON is refused. Legal MCP arguments reach a hundred levels.</summary>
    public const int MaximumDepth = 512;

    /// <summary>No system takes a longer path.</summary>
    public const int MaximumDirectory = 4096;

    /// <summary>The input, or null with the reason.</summary>
    public static HookInput? Read(ReadOnlyMemory<byte> bytes, out string? problem)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        try
        {
            HookInput input = new() { Agent = Agent.ClaudeCode };
            problem = ReadObject(bytes, input);
            return problem is null ? input : null;
        }
        catch (JsonException)
        {
            problem = bytes.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? "the hook input is empty" : "the hook input is not one JSON object";
            return null;
        }
    }

    private static string? ReadObject(ReadOnlyMemory<byte> bytes, HookInput input)
    {
        Utf8JsonReader reader = new(bytes.Span, new JsonReaderOptions { MaxDepth = MaximumDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return "the hook input is not a JSON object";
        int seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Field field = FieldOf(JsonFields.Name(reader));
            if (field != Field.Unknown && (seen & (1 << (int)field)) != 0)
                return $"the hook input names the field '{NameOf(field)}' twice";
            seen |= 1 << (int)field;
            reader.Read();
            if (field == Field.Unknown)
            {
                reader.Skip();
                continue;
            }

            if (!Take(ref reader, bytes, input, field))
                return $"the hook input's field '{NameOf(field)}' has the wrong type";
        }

        if (reader.Read())
            return "the hook input is more than one JSON value";
        return Check(input, seen);
    }

    private static string? Check(HookInput input, int seen)
    {
        if ((seen & (1 << (int)Field.Event)) == 0)
            return "the hook input has no 'hook_event_name'";
        input.Event = EventOf(input.EventName);
        if (input.Event == HookEvent.Other && !IsKnownElsewhere(input.EventName))
            return "the hook input's event is not one that this gate knows";
        bool tool = input.Event is HookEvent.PreToolUse or HookEvent.PostToolUse or HookEvent.PostToolUseFailure;
        if (tool && input.Tool.Length == 0)
            return "the hook input has no 'tool_name'";
        if (tool && input.ToolInput.IsEmpty)
            return "the hook input has no 'tool_input'";
        if ((seen & (1 << (int)Field.Directory)) != 0 && (input.Directory.Length == 0 || input.Directory[0] != '/' || input.Directory.AsSpan().IndexOf((byte)0) >= 0))
            return "the hook input's 'cwd' is not an absolute path";
        if (input.Directory.Length > MaximumDirectory)
            return "the hook input's 'cwd' is too long";
        return null;
    }

    private static bool Take(ref Utf8JsonReader reader, ReadOnlyMemory<byte> bytes, HookInput input, Field field)
    {
        switch (field)
        {
            case Field.ToolInput:
                input.ToolInput = JsonFields.Raw(ref reader, bytes, out JsonTokenType kind);
                return kind == JsonTokenType.StartObject;
            case Field.ToolOutput:
                input.ToolOutput = JsonFields.Raw(ref reader, bytes, out _);
                return true;
            case Field.Duration:
                if (reader.TokenType != JsonTokenType.Number)
                    return false;
                input.Duration = reader.TryGetInt64(out long value) ? Math.Max(value, -1) : -1;
                return true;
        }

        if (reader.TokenType != JsonTokenType.String)
            return false;
        byte[] text = JsonText.Unescape(reader.ValueSpan);
        switch (field)
        {
            case Field.Session: input.Session = text; break;
            case Field.Directory: input.Directory = text; break;
            case Field.Mode: input.Mode = text; break;
            case Field.SubagentId: input.SubagentId = text; break;
            case Field.SubagentType: input.SubagentType = text; break;
            case Field.Event: input.EventName = text; break;
            case Field.Tool: input.Tool = text; break;
            case Field.CallId: input.CallId = text; break;
            case Field.Error: input.Error = text; break;
            case Field.File: input.File = text; break;
            case Field.Source: input.Source = text; break;
            case Field.Prompt: input.Prompt = text; break;
        }

        return true;
    }

    private enum Field
    {
        Unknown, Session, Directory, Mode, SubagentId, SubagentType, Event, Tool, ToolInput, ToolOutput, CallId, Duration, Error, File, Source, Prompt,
    }

    private static Field FieldOf(ReadOnlySpan<byte> name)
    {
        for (Field field = Field.Session; field <= Field.Prompt; field++)
        {
            if (name.SequenceEqual(Utf8NameOf(field)))
                return field;
        }

        return Field.Unknown;
    }

    private static string NameOf(Field field) => System.Text.Encoding.UTF8.GetString(Utf8NameOf(field));

    private static ReadOnlySpan<byte> Utf8NameOf(Field field) => field switch
    {
        Field.Session => "session_id"u8, Field.Directory => "cwd"u8, Field.Mode => "permission_mode"u8, Field.SubagentId => "agent_id"u8,
        Field.SubagentType => "agent_type"u8, Field.Event => "hook_event_name"u8, Field.Tool => "tool_name"u8, Field.ToolInput => "tool_input"u8,
        Field.ToolOutput => "tool_response"u8, Field.CallId => "tool_use_id"u8, Field.Duration => "duration_ms"u8, Field.Error => "error"u8,
        Field.File => "file_path"u8, Field.Source => "source"u8, Field.Prompt => "prompt"u8,
        _ => default,
    };

    private static HookEvent EventOf(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("PreToolUse"u8)) return HookEvent.PreToolUse;
        if (name.SequenceEqual("PostToolUse"u8)) return HookEvent.PostToolUse;
        if (name.SequenceEqual("PostToolUseFailure"u8)) return HookEvent.PostToolUseFailure;
        if (name.SequenceEqual("SessionStart"u8)) return HookEvent.SessionStart;
        if (name.SequenceEqual("SessionEnd"u8)) return HookEvent.SessionEnd;
        if (name.SequenceEqual("UserPromptSubmit"u8)) return HookEvent.UserPromptSubmit;
        if (name.SequenceEqual("ConfigChange"u8)) return HookEvent.ConfigChange;
        return HookEvent.Other;
    }

    // An event that no release is known to send is a mistake or a trick; events that exist but need no answer are let pass.
    private static bool IsKnownElsewhere(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> all = " Setup InstructionsLoaded UserPromptExpansion PermissionRequest PermissionDenied PostToolBatch Notification SubagentStart SubagentStop Stop StopFailure PreCompact PostCompact PreModelSwitch PostModelSwitch CwdChanged FileChanged DirectoryAdded WorktreeCreate WorktreeRemove TaskCreated TaskCompleted TeammateIdle Elicitation ElicitationResult MessageDisplay "u8;
        if (name.Length == 0 || name.IndexOf((byte)' ') >= 0)
            return false;

        // Whole words only: "Stop" is also the end of "SubagentStop".
        for (int at = 0, found; (found = all[at..].IndexOf(name)) >= 0; at += found + 1)
        {
            if (all[at + found - 1] == ' ' && all[at + found + name.Length] == ' ')
                return true;
        }

        return false;
    }
}
