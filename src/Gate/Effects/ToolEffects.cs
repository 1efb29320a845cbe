using System;
using Gate.Hooks;
using Gate.Requests;

namespace Gate.Effects;

/// <summary>What the agents' own tools do: files, web, sub-agents. Everything else is opaque, by its name.</summary>
internal static class ToolEffects
{
    public static void Find(Request request, PathTable paths, EffectList effects)
    {
        ReadOnlySpan<byte> tool = request.Tool;
        if (tool.SequenceEqual("Read"u8) || tool.SequenceEqual("NotebookRead"u8))
            AddPath(request, paths, effects, Verb.Read, tool[0] == 'R' ? "file_path"u8 : "notebook_path"u8, optional: false);
        else if (tool.SequenceEqual("Glob"u8) || tool.SequenceEqual("Grep"u8) || tool.SequenceEqual("LS"u8))
            AddPath(request, paths, effects, Verb.Read, "path"u8, optional: true);
        else if (tool.SequenceEqual("Write"u8) || tool.SequenceEqual("Edit"u8) || tool.SequenceEqual("MultiEdit"u8))
            AddPath(request, paths, effects, Verb.Write, "file_path"u8, optional: false);
        else if (tool.SequenceEqual("NotebookEdit"u8))
            AddPath(request, paths, effects, Verb.Write, "notebook_path"u8, optional: false);
        else if (tool.SequenceEqual("WebFetch"u8))
            effects.Add(new Effect { Verb = Verb.Fetch, Kind = Kind.Host, Target = HostOf(JsonFields.Text(request.Input.ToolInput.Span, "url"u8, out _, out _)) });
        else if (tool.SequenceEqual("WebSearch"u8))
            effects.Add(new Effect { Verb = Verb.Read, Kind = Kind.Service, Target = "web-search"u8.ToArray() });
        else if (IsHarmless(tool))
            effects.Add(new Effect { Verb = Verb.Read, Kind = Kind.Memory, Target = tool.ToArray() });
        else
            effects.Add(new Effect { Verb = Verb.Opaque, Kind = Kind.Service, Target = tool.ToArray(), Why = "what this tool does is not known" });
    }

    // Tools that change nothing outside the conversation: plans, lists, questions, sub-agents whose own calls are judged.
    private static bool IsHarmless(ReadOnlySpan<byte> tool)
    {
        ReadOnlySpan<byte> all = " Agent Task TodoWrite TaskCreate TaskGet TaskList TaskUpdate TaskStop TaskOutput AskUserQuestion EnterPlanMode ExitPlanMode ToolSearch Skill SlashCommand BashOutput KillShell KillBash LSP ListAgents ReportFindings CronList ScheduleWakeup ReadNotifications SubagentHandback "u8;
        int at = tool.Length == 0 || tool.IndexOf((byte)' ') >= 0 ? -1 : all.IndexOf(tool);
        return at > 0 && all[at - 1] == ' ' && all[at + tool.Length] == ' ';
    }

    private static void AddPath(Request request, PathTable paths, EffectList effects, Verb verb, ReadOnlySpan<byte> field, bool optional)
    {
        byte[] written = JsonFields.Text(request.Input.ToolInput.Span, field, out bool found, out bool wrong);
        if (wrong || written.AsSpan().IndexOf((byte)0) >= 0 || (!found && !optional))
        {
            effects.Add(new Effect { Verb = verb, Kind = Kind.Path, Class = PathClass.Unknown, Why = "the tool's path is missing or not a text" });
            return;
        }

        byte[] absolute = paths.Absolute(found ? written : default, request.Surroundings.Directory);
        PathClass place = paths.Classify(absolute, out byte[] resolved, out Attributes attributes);
        effects.Add(new Effect { Verb = verb, Kind = Kind.Path, Class = place, Attributes = attributes, Target = resolved });
    }

    /// <summary>The host of a URL, lower case, without user, port and path; empty when there is none.</summary>
    public static byte[] HostOf(ReadOnlySpan<byte> url)
    {
        int scheme = url.IndexOf("://"u8);
        ReadOnlySpan<byte> rest = scheme < 0 ? url : url[(scheme + 3)..];
        int end = rest.IndexOfAny("/?#\\"u8);
        rest = end < 0 ? rest : rest[..end];
        rest = rest[(rest.LastIndexOf((byte)'@') + 1)..];
        int port = rest.Length > 0 && rest[0] == '[' ? rest.IndexOf((byte)']') + 1 : rest.IndexOf((byte)':');
        byte[] host = (port <= 0 ? rest : rest[..port]).ToArray();
        for (int i = 0; i < host.Length; i++)
            host[i] = host[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(host[i] + 32) : host[i];
        return host;
    }
}
