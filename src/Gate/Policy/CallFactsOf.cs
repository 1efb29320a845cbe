using System;
using Gate.Requests;

namespace Gate.Policy;

/// <summary>What conditions may ask about a request besides its effects.</summary>
public static class CallFactsOf
{
    public static CallFacts Request(Request request) => new()
    {
        Tool = request.Input.Tool, Server = ServerOf(request.Input.Tool), Agent = "claude-code"u8.ToArray(), Subagent = request.Input.SubagentType,
        Input = request.Input.ToolInput, Home = request.Surroundings.Home, Worktree = request.Surroundings.Worktree,
    };

    // mcp__SERVER__TOOL; a server's name may hold single underscores.
    private static byte[] ServerOf(ReadOnlySpan<byte> tool)
    {
        if (!tool.StartsWith("mcp__"u8))
            return [];
        ReadOnlySpan<byte> rest = tool[5..];
        int end = rest.IndexOf("__"u8);
        return (end < 0 ? rest : rest[..end]).ToArray();
    }
}
