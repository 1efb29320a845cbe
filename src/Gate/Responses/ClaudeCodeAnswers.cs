using System;
using Gate.Policy;
using Gate.Text;

namespace Gate.Responses;

/// <summary>
/// Decisions in Claude Code's wire format. A deny is said three times (document, stderr, exit code 2), because each agent and
/// release honours at least one of them; no field is ever null, and no key is written that another agent's strict reader refuses.
/// </summary>
public static class ClaudeCodeAnswers
{
    /// <summary>Reasons are cut to this many bytes: agents move longer ones into a file.</summary>
    public const int MaximumReason = 4000;

    public static Answer PreToolUse(Outcome outcome, bool grant, ReadOnlySpan<byte> reason, ReadOnlySpan<byte> context)
    {
        reason = Cut.To(reason, MaximumReason);
        ByteBuilder text = new(reason.Length + context.Length + 320);
        switch (outcome)
        {
            case Outcome.Allow when !grant && context.Length == 0:
                return Answer.Silent;
            case Outcome.Allow:
                text.Add("{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\""u8);
                if (grant)
                    text.Add(",\"permissionDecision\":\"allow\",\"permissionDecisionReason\":"u8).AddJson(reason);
                if (context.Length > 0)
                    text.Add(",\"additionalContext\":"u8).AddJson(context);
                return new Answer { Output = text.Add("}}\n"u8).ToArray() };
            case Outcome.Ask:
                text.Add("{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"ask\",\"permissionDecisionReason\":"u8).AddJson(reason);
                if (context.Length > 0)
                    text.Add(",\"additionalContext\":"u8).AddJson(context);
                return new Answer { Output = text.Add("}}\n"u8).ToArray() };
            default:
                text.Add("{\"decision\":\"block\",\"reason\":"u8).AddJson(reason);
                text.Add(",\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\"permissionDecisionReason\":"u8).AddJson(reason);
                return new Answer { Output = text.Add("}}\n"u8).ToArray(), Error = [.. reason, (byte)'\n'], ExitCode = 2 };
        }
    }

    /// <summary>
    /// After a call: another output in place of the tool's, of the same shape (the agent drops one of another shape), and a word about it. An empty
    /// output: the word alone, which is all that the agent takes after a failure.
    /// </summary>
    public static Answer PostToolUse(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> output, ReadOnlySpan<byte> context)
    {
        context = Cut.To(context, MaximumReason);
        ByteBuilder text = new(output.Length + context.Length + 256);
        text.Add("{\"hookSpecificOutput\":{\"hookEventName\":"u8).AddJson(eventName).Add(",\"additionalContext\":"u8).AddJson(context);
        if (output.Length > 0)
            text.Add(",\"updatedToolOutput\":"u8).Add(output);
        return new Answer { Output = text.Add("}}\n"u8).ToArray() };
    }

    /// <summary>A word for the agent at a moment that is no call (the start of a session, a prompt), and one that the person alone is shown; the latter may be empty.</summary>
    public static Answer Context(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> context, ReadOnlySpan<byte> shown)
    {
        ByteBuilder text = new(context.Length + shown.Length + 256);
        text.Add((byte)'{');
        if (shown.Length > 0)
            text.Add("\"systemMessage\":"u8).AddJson(Cut.To(shown, MaximumReason)).Add((byte)',');
        text.Add("\"hookSpecificOutput\":{\"hookEventName\":"u8).AddJson(eventName).Add(",\"additionalContext\":"u8).AddJson(Cut.To(context, MaximumReason));
        return new Answer { Output = text.Add("}}\n"u8).ToArray() };
    }

    /// <summary>Blocks an event other than a tool call (a settings change): document, stderr and exit code 2.</summary>
    public static Answer Block(ReadOnlySpan<byte> reason)
    {
        reason = Cut.To(reason, MaximumReason);
        ByteBuilder text = new(reason.Length + 64);
        text.Add("{\"decision\":\"block\",\"reason\":"u8).AddJson(reason).Add("}\n"u8);
        return new Answer { Output = text.ToArray(), Error = [.. reason, (byte)'\n'], ExitCode = 2 };
    }
}
