using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Gate.Hooks;
using Gate.Requests;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Hooks;

public class ClaudeCodeTests
{
    private static readonly string s_corpus = Sources.PathOf("tests", "corpus", "hooks");

    // File and expectation, from the index beside the files.
    private static readonly Dictionary<string, string> s_index = File.ReadLines(Path.Combine(s_corpus, "INDEX.txt")).Where(line => !line.StartsWith('#')).Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    public static TheoryData<string> Files => [.. s_index.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void The_index_names_every_file_of_this_agent_and_of_none() =>
        Assert.Equal(Directory.GetFiles(s_corpus, "*.json").Select(Path.GetFileName).Where(name => name!.StartsWith("cc-", StringComparison.Ordinal) || name.StartsWith("bad-", StringComparison.Ordinal)).Order(StringComparer.Ordinal), s_index.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_becomes_what_the_index_says(string file)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(s_corpus, file));
        HookInput? input = ClaudeCode.Read(bytes, out string? problem);
        string made = input is null ? "refused " + problem : Text(input.EventName) + (input.Tool.Length > 0 ? " " + Text(input.Tool) : "");
        if (input?.Event == HookEvent.PreToolUse && Request.Of(input, s_here, out string? why) is null)
            made = "no request: " + why;
        Assert.Equal(s_index[file], made);
        Assert.Equal(input is null, problem is not null);
    }

    /// <summary>The fields against another reader of JSON.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Fields_are_those_of_the_file(string file)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(s_corpus, file));
        if (!file.StartsWith("cc-", StringComparison.Ordinal) || s_index[file].StartsWith("refused", StringComparison.Ordinal))
            return;
        HookInput input = ClaudeCode.Read(bytes, out _)!;
        using JsonDocument document = JsonDocument.Parse(bytes);
        JsonElement root = document.RootElement;
        foreach ((string name, byte[] value) in ((string, byte[])[])[
            ("session_id", input.Session), ("cwd", input.Directory), ("permission_mode", input.Mode), ("agent_id", input.SubagentId), ("agent_type", input.SubagentType), ("tool_name", input.Tool),
            ("tool_use_id", input.CallId), ("error", input.Error), ("file_path", input.File), ("source", input.Source), ("hook_event_name", input.EventName)])
        {
            Assert.Equal(root.TryGetProperty(name, out JsonElement field) ? field.GetString() : "", Text(value));
        }

        Assert.Equal(root.TryGetProperty("tool_input", out JsonElement tool) ? tool.GetRawText() : "", Text(input.ToolInput.ToArray()));
        Assert.Equal(root.TryGetProperty("tool_response", out JsonElement output) ? output.GetRawText() : "", Text(input.ToolOutput.ToArray()));
        Assert.Equal(root.TryGetProperty("duration_ms", out JsonElement duration) ? duration.GetInt64() : -1, input.Duration);
        HookEvent expected = Enum.TryParse(root.GetProperty("hook_event_name").GetString(), out HookEvent known) ? known : HookEvent.Other;
        Assert.Equal((Agent.ClaudeCode, expected), (input.Agent, input.Event));
    }

    [Theory]
    [InlineData("session_id")]
    [InlineData("cwd")]
    [InlineData("permission_mode")]
    [InlineData("agent_id")]
    [InlineData("agent_type")]
    [InlineData("hook_event_name")]
    [InlineData("tool_name")]
    [InlineData("tool_input")]
    [InlineData("tool_response")]
    [InlineData("tool_use_id")]
    [InlineData("duration_ms")]
    [InlineData("error")]
    [InlineData("file_path")]
    [InlineData("source")]
    public void A_known_field_given_twice_or_with_another_type_is_refused(string field)
    {
        string value = field switch { "tool_input" or "tool_response" => "{}", "duration_ms" => "1", "cwd" => "\"/\"", "hook_event_name" => "\"PreToolUse\"", _ => "\"x\"" };
        Assert.Equal($"the hook input names the field '{field}' twice", ProblemOf($"{{\"{field}\":{value},\"{field}\":{value}}}"));
        Assert.Equal($"the hook input names the field '{field}' twice", ProblemOf($"{{\"{field}\":{value},\"\\u{(int)field[0]:x4}{field[1..]}\":{value}}}"));
        if (field == "tool_response")
            return;
        foreach (string wrong in (string[])["null", "true", "[]", field == "tool_input" ? "\"{}\"" : "{}", field == "duration_ms" ? "\"1\"" : "1"])
            Assert.Equal($"the hook input's field '{field}' has the wrong type", ProblemOf($"{{\"{field}\":{wrong}}}"));
    }

    [Fact]
    public void Unknown_fields_are_passed_over_even_twice() =>
        Assert.Null(ProblemOf(Call("{\"command\":\"ls\"}")[..^1] + ",\"new\":{\"tool_name\":1},\"new\":[[]],\"tool_Name\":null}"));

    [Theory]
    [InlineData(500, true)]
    [InlineData(520, false)]
    [InlineData(200_000, false)]
    public void Nesting_is_bounded(int depth, bool read)
    {
        string deep = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));
        Assert.Equal(read, ProblemOf(Call($"{{\"x\":{deep}}}", "mcp__a__b")) is null);
        Assert.Equal(read, ProblemOf(Call("{\"command\":\"ls\"}")[..^1] + $",\"other\":{deep}}}") is null);
    }

    [Fact]
    public void Ten_megabytes_are_read()
    {
        string content = new('é', 5 << 20);
        HookInput input = ClaudeCode.Read(Encoding.UTF8.GetBytes(Call($"{{\"file_path\":\"/a\",\"content\":\"{content}\"}}", "Write")), out string? problem)!;
        Assert.Null(problem);
        Assert.Equal(10 << 20, JsonFields.Text(input.ToolInput.Span, "content"u8, out _, out _).Length);
    }

    [Theory]
    [InlineData("\uFEFF{0}", true)]
    [InlineData("\uFEFF\uFEFF{0}", false)]
    [InlineData("  {0}\n\n", true)]
    [InlineData("{0}\n{0}", false)]
    [InlineData("{0},", false)]
    [InlineData("[{0}]", false)]
    public void One_object_and_nothing_else(string around, bool read) =>
        Assert.Equal(read, ProblemOf(around.Replace("{0}", Call("{\"command\":\"ls\"}"), StringComparison.Ordinal)) is null);

    [Theory]
    [InlineData("Stop", true)]
    [InlineData("SubagentStop", true)]
    [InlineData("Setup", true)]
    [InlineData("MessageDisplay", true)]
    [InlineData("top", false)]
    [InlineData("Stop SubagentStop", false)]
    [InlineData("Sto", false)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    public void Only_whole_names_of_events_are_known(string name, bool known) =>
        Assert.Equal(known, ProblemOf($"{{\"hook_event_name\":\"{name}\"}}") is null);

    [Theory]
    [InlineData("/a\\u0000b")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("~")]
    [InlineData("C:\\\\x")]
    public void A_directory_that_is_no_absolute_path_is_refused(string directory) =>
        Assert.Equal("the hook input's 'cwd' is not an absolute path", ProblemOf(Call("{\"command\":\"ls\"}")[..^1] + $",\"cwd\":\"{directory}\"}}"));

    [Fact]
    public void A_directory_longer_than_any_path_is_refused() =>
        Assert.Equal("the hook input's 'cwd' is too long", ProblemOf(Call("{\"command\":\"ls\"}")[..^1] + $",\"cwd\":\"/{new string('a', ClaudeCode.MaximumDirectory)}\"}}"));

    /// <summary>Whatever bytes come, there is an input or a sentence, and no exception.</summary>
    [Fact]
    public void Changed_bytes_never_crash()
    {
        byte[][] seeds = [.. Directory.GetFiles(s_corpus, "*.json").Select(File.ReadAllBytes).Where(bytes => bytes.Length < 2000)];
        Holds.Always(
            dice =>
            {
                List<byte> bytes = [.. seeds[(dice.Roll(256) * 3 + dice.Roll(3)) % seeds.Length]];
                for (int i = dice.Roll(4); i >= 0 && bytes.Count > 0; i--)
                {
                    int at = ((dice.Roll(256) << 8) | dice.Roll(256)) % bytes.Count;
                    switch (dice.Roll(3))
                    {
                        case 0: bytes[at] = (byte)dice.Roll(256); break;
                        case 1: bytes.RemoveAt(at); break;
                        default: bytes.InsertRange(at, dice.Pick("\""u8.ToArray(), "{"u8.ToArray(), "\\ud800"u8.ToArray(), "\0"u8.ToArray(), ",\"cwd\":1"u8.ToArray())); break;
                    }
                }

                HookInput? input = ClaudeCode.Read(bytes.ToArray(), out string? problem);
                if (input?.Event == HookEvent.PreToolUse)
                    _ = Request.Of(input, s_here, out _);
                return input is null == problem is { Length: > 0 };
            },
            5000);
    }

    private static readonly Surroundings s_here = new() { Directory = "/w"u8.ToArray(), Worktree = "/w"u8.ToArray(), GitDirectory = [], Repository = [], Home = "/h"u8.ToArray() };

    private static string Call(string input, string tool = "Bash") => $"{{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"{tool}\",\"tool_input\":{input}}}";

    private static string? ProblemOf(string json)
    {
        _ = ClaudeCode.Read(Encoding.UTF8.GetBytes(json), out string? problem);
        return problem;
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
