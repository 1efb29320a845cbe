using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gate.Tests.EndToEnd;

/// <summary>One tool call the stand-in model makes. The test picks the id, so it can ask for the result by it.</summary>
internal sealed record ClientCall(string Id, string Tool, JsonObject Input)
{
    public static ClientCall Bash(string id, string command) =>
        new(id, "Bash", new JsonObject { ["command"] = command, ["description"] = "scripted" });

    public static ClientCall Write(string id, string path, string content) =>
        new(id, "Write", new JsonObject { ["file_path"] = path, ["content"] = content });
}

/// <summary>One assistant turn: its calls go out together, after <see cref="Before"/> and <see cref="Wait"/>.</summary>
internal sealed record ClientTurn(params ClientCall[] Calls)
{
    public Action? Before { get; init; }

    public TimeSpan Wait { get; init; }
}

/// <summary>What the client told the model about one call.</summary>
internal sealed record ClientResult(bool IsError, string Text);

/// <summary>Reads the client's request bodies and writes the model's answers to them.</summary>
internal static class ClientScript
{
    /// <summary>Side requests (titles, topics, counting) carry no tools; only the conversation itself follows the script.</summary>
    public static bool IsConversation(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("tools", out JsonElement tools)
        && tools.EnumerateArray().Any(tool => tool.TryGetProperty("name", out JsonElement name) && name.ValueEquals("Bash"));

    /// <summary>
    /// The turn this request asks for: the first one with an unanswered call. Read off the request and not counted,
    /// so that a repeated request gets the same turn again. Null once everything is answered.
    /// </summary>
    public static ClientTurn? Next(IEnumerable<ClientTurn> turns, JsonElement body)
    {
        Dictionary<string, ClientResult> known = Results(body);
        return turns.FirstOrDefault(turn => turn.Calls.Any(call => !known.ContainsKey(call.Id)));
    }

    public static Dictionary<string, ClientResult> Results(JsonElement body)
    {
        var results = new Dictionary<string, ClientResult>(StringComparer.Ordinal);
        if (!body.TryGetProperty("messages", out JsonElement messages))
        {
            return results;
        }
        foreach (JsonElement message in messages.EnumerateArray())
        {
            JsonElement content = message.GetProperty("content");
            if (content.ValueKind != JsonValueKind.Array)
            {
                continue;
            }
            foreach (JsonElement block in content.EnumerateArray())
            {
                if (block.GetProperty("type").ValueEquals("tool_result"))
                {
                    bool error = block.TryGetProperty("is_error", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
                    results[block.GetProperty("tool_use_id").GetString()!] = new ClientResult(error, Text(block));
                }
            }
        }
        return results;
    }

    /// <summary>The whole message, for a request that did not ask for a stream.</summary>
    public static string Message(ClientTurn? turn)
    {
        JsonObject message = Envelope();
        message["content"] = new JsonArray([.. Blocks(turn)]);
        message["stop_reason"] = StopReason(turn);
        return message.ToJsonString();
    }

    /// <summary>The same message as the event stream of the messages API.</summary>
    public static string Stream(ClientTurn? turn)
    {
        var text = new StringBuilder();
        Event(text, "message_start", new JsonObject { ["message"] = Envelope() });
        int index = 0;
        foreach (JsonObject block in Blocks(turn))
        {
            (JsonObject start, JsonObject delta) = Split(block);
            Event(text, "content_block_start", new JsonObject { ["index"] = index, ["content_block"] = start });
            Event(text, "content_block_delta", new JsonObject { ["index"] = index, ["delta"] = delta });
            Event(text, "content_block_stop", new JsonObject { ["index"] = index });
            index++;
        }
        Event(text, "message_delta", new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = StopReason(turn), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = 7 },
        });
        Event(text, "message_stop", []);
        return text.ToString();
    }

    private static string StopReason(ClientTurn? turn) => turn is null ? "end_turn" : "tool_use";

    private static IEnumerable<JsonObject> Blocks(ClientTurn? turn) => turn is null
        ? [new JsonObject { ["type"] = "text", ["text"] = "The script is over." }]
        : turn.Calls.Select(call => new JsonObject
        {
            ["type"] = "tool_use",
            ["id"] = call.Id,
            ["name"] = call.Tool,
            ["input"] = call.Input.DeepClone(),
        });

    /// <summary>A streamed block opens empty; its text or input follows as a delta.</summary>
    private static (JsonObject Start, JsonObject Delta) Split(JsonObject block)
    {
        if (block["type"]!.GetValue<string>() == "text")
        {
            string text = block["text"]!.GetValue<string>();
            block["text"] = "";
            return (block, new JsonObject { ["type"] = "text_delta", ["text"] = text });
        }
        string input = block["input"]!.ToJsonString();
        block["input"] = new JsonObject();
        return (block, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = input });
    }

    private static JsonObject Envelope() => new()
    {
        ["id"] = "msg_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = "stand-in",
        ["content"] = new JsonArray(),
        ["stop_reason"] = null,
        ["stop_sequence"] = null,
        ["usage"] = new JsonObject { ["input_tokens"] = 11, ["output_tokens"] = 1 },
    };

    private static void Event(StringBuilder text, string type, JsonObject data)
    {
        data["type"] = type;
        text.Append("event: ").Append(type).Append("\ndata: ").Append(data.ToJsonString()).Append("\n\n");
    }

    private static string Text(JsonElement result)
    {
        if (!result.TryGetProperty("content", out JsonElement content))
        {
            return "";
        }
        return content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("text", out JsonElement text) ? text.GetString() : ""));
    }
}
