using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Whatever arrives on standard input gets an answer that the agent honours.</summary>
[Trait("needs", "binary")]
public class HookInputTests
{
    private static readonly string Corpus = Path.Combine(ClientPrograms.Repository, "tests", "corpus", "hooks");

    // Every call in these is a Bash, Write or other tool call that no reading of the bytes makes legal.
    private static readonly string[] Malformed =
    [
        "bad-bad-escape", "bad-comments", "bad-cwd-empty", "bad-cwd-relative", "bad-deep-array-10k", "bad-deep-object-1000", "bad-deep-unclosed-100k",
        "bad-dup-command", "bad-dup-escaped-key", "bad-dup-tool_input", "bad-dup-tool_name", "bad-json5", "bad-nul-escape", "bad-raw-control-char", "bad-raw-tab",
        "bad-root-null", "bad-root-number", "bad-root-true", "bad-single-quotes", "bad-tool_name-empty", "bad-trailing-nul", "bad-truncated-half",
        "bad-truncated-last-brace", "bad-truncated-utf8", "bad-two-objects", "bad-type-command-array", "bad-type-command-number", "bad-type-event-number",
        "bad-type-session-object", "bad-type-tool_input-array", "bad-type-tool_input-null", "bad-type-tool_input-string", "bad-type-tool_name-null",
        "bad-type-tool_name-number", "bad-utf16be", "bad-utf16le-bom", "bad-whitespace", "bad-missing-hook_event_name", "bad-event-lower", "bad-event-unknown",
    ];

    public static TheoryData<string> Agents => ["amp", "bad", "cc", "codex", "copilot", "cursor", "droid", "gemini", "kiro", "qwen", "windsurf"];

    [Theory]
    [MemberData(nameof(Agents))]
    public void Every_payload_gets_a_defined_answer(string agent)
    {
        using GateScratch scratch = GateScratch.Wired();
        string[] files = Directory.GetFiles(Corpus, agent + "-*.json");
        Assert.NotEmpty(files);
        List<string> wrong = [];
        foreach (string file in files)
        {
            GateAnswer answer = scratch.Hook(File.ReadAllBytes(file));
            try
            {
                _ = answer.Decision;
            }
            catch (Exception problem)
            {
                wrong.Add($"{Path.GetFileName(file)}: {problem.Message}");
            }
        }

        Assert.Empty(wrong);
        _ = scratch.Rows();
        scratch.AssertChain();
    }

    [Fact]
    public void Malformed_calls_are_denied_three_times_over()
    {
        using GateScratch scratch = GateScratch.Wired();
        foreach (string name in Malformed)
        {
            GateAnswer answer = scratch.Hook(File.ReadAllBytes(Path.Combine(Corpus, name + ".json")));
            Assert.True(answer.ExitCode == 2 && answer.Decision == "deny", $"{name}: {answer}");
            Assert.True(answer.Errors.StartsWith("Gate denies this: ", StringComparison.Ordinal), $"{name}: {answer}");
        }

        Assert.Equal(Malformed.Length, scratch.Rows().Count(row => row.GetProperty("outcome").ValueEquals("deny")));
    }

    [Fact]
    public void Events_that_are_no_tool_call_are_passed_in_silence()
    {
        using GateScratch scratch = GateScratch.Wired();
        int seen = 0;
        foreach (string file in Directory.GetFiles(Corpus, "cc-*.json"))
        {
            byte[] bytes = File.ReadAllBytes(file);
            string name = JsonDocument.Parse(bytes).RootElement.GetProperty("hook_event_name").GetString()!;
            if (name is "PreToolUse" or "ConfigChange")
                continue;
            GateAnswer answer = scratch.Hook(bytes);
            Assert.True(answer.ExitCode == 0 && answer.Bytes.Length == 0 && answer.Errors.Length == 0, $"{Path.GetFileName(file)}: {answer}");
            seen++;
        }

        Assert.True(seen > 50, $"only {seen} payloads");
    }

    [Fact]
    public void Empty_and_closed_input_are_denied()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Equal("deny", scratch.Hook(Array.Empty<byte>()).Decision);
        Assert.Equal("deny", scratch.Shell("exec \"$@\" <&-", []).Decision);
        Assert.Equal("deny", scratch.Shell("exec \"$@\" </", []).Decision);
        Assert.Equal("deny", scratch.Shell("exec \"$@\" </dev/null", []).Decision);
    }

    [Fact]
    public void Input_that_stalls_is_waited_for_and_its_end_decides()
    {
        using GateScratch scratch = GateScratch.Wired();
        byte[] payload = GateScratch.Bytes(scratch.Bash("git status"));

        GateAnswer whole = scratch.Run(["hook", "claude-code"], input => Dribble(input, payload, payload.Length));
        GateAnswer half = scratch.Run(["hook", "claude-code"], input => Dribble(input, payload, payload.Length / 2));

        Assert.Equal("allow", whole.Decision);
        Assert.Equal("deny", half.Decision);
    }

    private static void Dribble(Stream input, byte[] payload, int length)
    {
        for (int at = 0; at < length; at += 40)
        {
            input.Write(payload, at, Math.Min(40, length - at));
            input.Flush();
            System.Threading.Thread.Sleep(30);
        }

        System.Threading.Thread.Sleep(400);
    }

    /// <summary>30 MB makes the collector run, though the hook has no finalizer thread; the last two are past what is taken.</summary>
    [Theory]
    [InlineData(1, "allow")]
    [InlineData(10, "allow")]
    [InlineData(30, "allow")]
    [InlineData(60, "allow")]
    [InlineData(70, "deny")]
    [InlineData(300, "deny")]
    public void Large_write_is_judged_or_refused(int megabytes, string decision)
    {
        using GateScratch scratch = GateScratch.Wired();
        byte[] line = [.. Enumerable.Repeat((byte)'x', (1 << 20) - 2), (byte)'\\', (byte)'n'];
        byte[] payload = GateScratch.Bytes(scratch.Write("large.txt", "CONTENT"));
        int at = payload.AsSpan().IndexOf("CONTENT"u8);

        GateAnswer answer = scratch.Run(["hook", "claude-code"], input =>
        {
            input.Write(payload, 0, at);
            for (int i = 0; i < megabytes; i++)
                input.Write(line);
            input.Write(payload.AsSpan(at + 7));
        });

        Assert.Equal(decision, answer.Decision);
        Assert.DoesNotContain("defect", answer.Errors, StringComparison.Ordinal);
        if (megabytes > 64)
            Assert.Contains("larger than 64 MiB", answer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":", "1", "}")]
    [InlineData("[", "", "]")]
    public void Depth_is_bounded_on_either_side_of_the_limit(string open, string middle, string close)
    {
        using GateScratch scratch = GateScratch.Wired();
        foreach ((int depth, string decision) in new[] { (400, "ask"), (500, "ask"), (600, "deny"), (100_000, "deny") })
        {
            string text = string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));
            string payload = scratch.Call("mcp__server__tool", new JsonObject { ["deep"] = "DEEP" }).ToJsonString().Replace("\"DEEP\"", text, StringComparison.Ordinal);
            GateAnswer answer = scratch.Hook(Encoding.UTF8.GetBytes(payload));
            Assert.True(decision == answer.Decision, $"{depth} levels: {answer}");
        }
    }

    [Fact]
    public void Other_spellings_of_the_same_json_are_the_same_call()
    {
        using GateScratch scratch = GateScratch.Wired();
        foreach (string command in new[] { "ls", "git push --force origin main", "git push origin main" })
        {
            JsonObject plain = scratch.Bash(command);
            GateAnswer expected = scratch.Hook(plain);
            string text = plain.ToJsonString();
            string escaped = text.Replace("\"command\"", "\"\\u0063ommand\"", StringComparison.Ordinal).Replace("\"Bash\"", "\"\\u0042as\\u0068\"", StringComparison.Ordinal)
                .Replace("\"tool_name\"", "\"tool\\u005fname\"", StringComparison.Ordinal).Replace("\"git", "\"\\u0067it", StringComparison.Ordinal);
            byte[][] spellings =
            [
                [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
                Encoding.UTF8.GetBytes(plain.ToJsonString(new JsonSerializerOptions { WriteIndented = true })),
                Encoding.UTF8.GetBytes("\r\n\t " + text + " \r\n\n"),
                Encoding.UTF8.GetBytes(escaped),
                Encoding.UTF8.GetBytes(new JsonObject(plain.Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))).ToJsonString()),
            ];
            foreach (byte[] spelling in spellings)
            {
                GateAnswer answer = scratch.Hook(spelling);
                Assert.True(answer.Bytes.AsSpan().SequenceEqual(expected.Bytes) && answer.ExitCode == expected.ExitCode, $"{Encoding.UTF8.GetString(spelling)}: {answer}");
            }
        }
    }
}
