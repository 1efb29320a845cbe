using System;
using Gate.Hooks;
using Gate.Native;
using Gate.Text;

namespace Gate.Requests;

/// <summary>One tool call, agent-neutral: what policy judges and the ledger names by its digest.</summary>
public sealed class Request
{
    public required HookInput Input { get; init; }

    public required Surroundings Surroundings { get; init; }

    /// <summary>The shell text of a command tool; null for other tools.</summary>
    public SourceText? Command { get; init; }

    /// <summary>BLAKE2b over agent, tool, directory and the input as it came: the same call in the same place has the same digest.</summary>
    public required byte[] Digest { get; init; }

    public ReadOnlySpan<byte> Tool => Input.Tool;

    /// <summary>
    /// The request of a tool event, or null with the reason: a command tool whose command is missing, given twice, not a string,
    /// or holds a NUL cannot be judged.
    /// </summary>
    public static Request? Of(HookInput input, Surroundings surroundings, out string? problem)
    {
        problem = null;
        SourceText? command = null;
        if (IsCommandTool(input.Tool))
        {
            byte[] text = JsonFields.Text(input.ToolInput.Span, "command"u8, out bool found, out bool wrong);
            if (wrong)
                problem = "the command is given twice or is not a text";
            else if (!found && !input.Tool.AsSpan().SequenceEqual("Monitor"u8))
                problem = "the tool's input has no 'command'";
            else if (text.AsSpan().IndexOf((byte)0) >= 0)
                problem = "the command holds a NUL character";
            if (problem is not null)
                return null;
            command = found ? new SourceText(text) : null;
        }

        return new Request { Input = input, Surroundings = surroundings, Command = command, Digest = DigestOf(input, surroundings) };
    }

    /// <summary>Tools whose input is a shell text.</summary>
    private static bool IsCommandTool(ReadOnlySpan<byte> tool) => tool.SequenceEqual("Bash"u8) || tool.SequenceEqual("Monitor"u8);

    private static byte[] DigestOf(HookInput input, Surroundings surroundings)
    {
        ByteBuilder text = new(512 + input.ToolInput.Length);
        text.Add("gate request 1\0"u8).Add((byte)input.Agent).Add((byte)0).Add(input.Tool).Add((byte)0).Add(surroundings.Directory).Add((byte)0).Add(input.ToolInput.Span);
        byte[] digest = new byte[Sodium.DigestBytes];
        Sodium.Blake2(text.Written, digest);
        return digest;
    }
}
