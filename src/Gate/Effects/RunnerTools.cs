using System;
using System.Collections.Generic;
using System.Text.Json;
using Gate.Expansion;
using Gate.Hooks;
using Gate.Text;

namespace Gate.Effects;

// Tools that are not commands: known by "tool:NAME", their input's fields as options. A tool of an MCP server is a sub-command, by its own
// name, of "tool:mcp__SERVER" or else of "tool:mcp", which goes by how such tools are usually called.
internal sealed partial class Runner
{
    /// <summary>Notes what a tool would do. A tool that nothing is known of is opaque, by its name.</summary>
    public void RunTool(byte[] tool, ReadOnlyMemory<byte> input)
    {
        _started = _state = new ShellState { Directory = surroundings.Directory };
        Specification? specification = knowledge.Find([.. "tool:"u8, .. tool]);
        byte[] program = tool, subcommand = [];
        if (specification is null && ServerTool(tool, out byte[] server) is { } own)
        {
            (program, subcommand) = (server, own);
            specification = (KnownServer(server) ?? knowledge.Find("tool:mcp"u8))?.Subcommand(own);
        }

        if (specification is null)
        {
            effects.Add(new Effect { Verb = Verb.Opaque, Kind = Kind.Service, Target = tool, Why = "what this tool does is not known", Environment = FactsFor(_frame) });
            return;
        }

        Call call = new(program, _frame, default, Flow.Nothing, _state) { Subcommand = subcommand };
        List<(OptionEntry Option, Value Value)> values = [];
        OptionEntry overriding = default;
        ReadFields(call, specification, input, values, ref overriding);
        _ = Act(call, [specification], specification, values, call.Operands, overriding);
    }

    // mcp__SERVER__TOOL; null for other names.
    private static byte[]? ServerTool(byte[] tool, out byte[] server)
    {
        server = [];
        if (!tool.AsSpan().StartsWith("mcp__"u8))
            return null;
        int end = tool.AsSpan(5).IndexOf("__"u8);
        if (end <= 0 || end + 7 >= tool.Length)
            return null;
        server = Lower(tool.AsSpan(5, end));
        return tool[(end + 7)..];
    }

    // A server that came with a plugin or as a connector has that in front of its name: plugin_PLUGIN_SERVER, claude_ai_SERVER.
    private Specification? KnownServer(ReadOnlySpan<byte> server)
    {
        if (knowledge.Find([.. "tool:mcp__"u8, .. server]) is { } known)
            return known;
        bool prefixed = server.StartsWith("plugin_"u8) || server.StartsWith("claude_ai_"u8);
        int last = server.LastIndexOf((byte)'_');
        return prefixed && last + 1 < server.Length ? knowledge.Find([.. "tool:mcp__"u8, .. server[(last + 1)..]]) : null;
    }

    // A text counts under the nearest field around it that is known; a field that must be there and is not leaves its value unknown.
    private static void ReadFields(Call call, Specification specification, ReadOnlyMemory<byte> input, List<(OptionEntry, Value)> values, ref OptionEntry overriding)
    {
        Utf8JsonReader reader = new(input.Span, new JsonReaderOptions { MaxDepth = ClaudeCode.MaximumDepth });
        OptionEntry[] around = new OptionEntry[8];
        List<int> seen = [];
        while (reader.Read())
        {
            int depth = reader.CurrentDepth;
            if (depth + 1 >= around.Length)
                Array.Resize(ref around, depth * 2);
            if (reader.TokenType == JsonTokenType.PropertyName)
                around[depth] = specification.FindOption(JsonFields.Name(reader), prefix: false) is { IsKnown: true } named ? named : around[depth - 1];
            else if (reader.TokenType == JsonTokenType.StartArray)
                around[depth + 1] = around[depth];
            else if (around[depth] is { IsKnown: true, Role: Role.Content } && reader.TokenType == JsonTokenType.String)
                (call.Writes ??= new WrittenText(json: true)).Add(input.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length));
            else if (around[depth] is { IsKnown: true } option)
                TakeField(call, option, reader, seen, values, ref overriding);
        }

        for (int i = 0; i < specification.OptionCount; i++)
        {
            OptionEntry required = specification.Option(i);
            if (required.Has(OptionFlags.Value) && !seen.Contains(required.Place))
                Take(call, required, Value.Unknown(), values, ref overriding);
        }
    }

    private static void TakeField(Call call, OptionEntry option, in Utf8JsonReader reader, List<int> seen, List<(OptionEntry, Value)> values, ref OptionEntry overriding)
    {
        bool takes = option.Has(OptionFlags.Value) || option.Has(OptionFlags.Optional);
        if (reader.TokenType == JsonTokenType.String)
        {
            // No path, host or command holds a NUL: what a program would make of it nobody knows.
            byte[] text = JsonText.Unescape(reader.ValueSpan);
            seen.Add(option.Place);
            Take(call, option, text.AsSpan().IndexOf((byte)0) < 0 ? new Value(text) : Value.Unknown(), values, ref overriding);
        }
        else if (reader.TokenType == JsonTokenType.True && !takes)
        {
            Take(call, option, Value.Of([]), values, ref overriding);
        }
    }
}
