using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Gate.Cli;
using Xunit;
using static Gate.Tests.Cli.SettingsLayouts;

namespace Gate.Tests.Cli;

public class SettingsMergeTests
{
    private const string GateLine = """{"type":"command","command":"/opt/gate/gate","args":["hook","claude-code"],"timeout":10,"onFailure":"block"}""";

    [Fact]
    public void An_absent_file_becomes_a_clean_document()
    {
        SettingsEdit edit = SettingsText.Merge(null, HookWiring.ClaudeCode("/opt/gate/gate", "--x") with
        {
            Events = [new HookEvent("PreToolUse", "*", 10, Block: true, "gate"), new HookEvent("SessionStart", null, 7, Block: false)],
        });
        string expected =
            """
            {
              "hooks": {
                "PreToolUse": [
                  {
                    "matcher": "*",
                    "hooks": [
                      {
                        "type": "command",
                        "command": "/opt/gate/gate",
                        "args": ["hook", "claude-code", "--x"],
                        "timeout": 10,
                        "onFailure": "block",
                        "statusMessage": "gate"
                      }
                    ]
                  }
                ],
                "SessionStart": [
                  {
                    "hooks": [
                      {
                        "type": "command",
                        "command": "/opt/gate/gate",
                        "args": ["hook", "claude-code", "--x"],
                        "timeout": 7
                      }
                    ]
                  }
                ]
              }
            }

            """;
        Assert.Equal(expected, Decoded(edit.Bytes));
        Assert.True(edit.Changed);
        Assert.Empty(edit.Warnings);
    }

    [Theory]
    [MemberData(nameof(SettingsLayouts.Strict), MemberType = typeof(SettingsLayouts))]
    [MemberData(nameof(SettingsLayouts.Loose), MemberType = typeof(SettingsLayouts))]
    public void Every_wanted_handler_is_there_and_nothing_else_changed(string text)
    {
        string merged = Merge(text);
        using JsonDocument document = Parse(merged);
        foreach (HookEvent wanted in Wiring.Events)
        {
            JsonElement entry = document.RootElement.GetProperty("hooks").GetProperty(wanted.Event)[0];
            Assert.Equal(wanted.Matcher, entry.TryGetProperty("matcher", out JsonElement matcher) ? matcher.GetString() : null);
            JsonElement handler = Assert.Single(entry.GetProperty("hooks").EnumerateArray());
            Assert.Equal("/opt/gate/gate", handler.GetProperty("command").GetString());
            Assert.Equal(wanted.Timeout, handler.GetProperty("timeout").GetInt32());
            Assert.Equal(wanted.Block, handler.TryGetProperty("onFailure", out _));
        }

        Assert.True(IsSubsequence(text, merged), "a character of the original is lost or moved");
    }

    [Theory]
    [MemberData(nameof(SettingsLayouts.Strict), MemberType = typeof(SettingsLayouts))]
    [MemberData(nameof(SettingsLayouts.Loose), MemberType = typeof(SettingsLayouts))]
    public void Merging_again_changes_nothing(string text)
    {
        string merged = Merge(text);
        SettingsEdit again = SettingsText.Merge(Bytes(merged), Wiring);
        Assert.Equal(merged, Decoded(again.Bytes));
        Assert.False(again.Changed);
    }

    [Theory]
    [MemberData(nameof(SettingsLayouts.Strict), MemberType = typeof(SettingsLayouts))]
    public void Line_ends_and_indentation_follow_the_file(string text)
    {
        string merged = Merge(text);
        if (text.Contains('\n', StringComparison.Ordinal))
        {
            Assert.Equal(text.Contains("\r\n", StringComparison.Ordinal), merged.Contains("\r\n", StringComparison.Ordinal));
            Assert.Equal(text.Contains("\r\n", StringComparison.Ordinal), !merged.Replace("\r\n", "", StringComparison.Ordinal).Contains('\n', StringComparison.Ordinal));
        }

        Assert.Equal(text.Contains('\t', StringComparison.Ordinal), merged.Contains('\t', StringComparison.Ordinal));
        Assert.Equal(text.EndsWith('\n'), merged.EndsWith('\n'));
    }

    [Fact]
    public void Tabs_are_followed_at_every_depth() =>
        Assert.Contains("\n\t\"hooks\": {\n\t\t\"PreToolUse\": [\n\t\t\t{\n\t\t\t\t\"matcher\": \"*\"", Merge("{\n\t\"a\": 1\n}\n"), StringComparison.Ordinal);

    [Fact]
    public void Minified_stays_minified() =>
        Assert.StartsWith(
            """{"a":1,"hooks":{"PreToolUse":[{"matcher":"*","hooks":[""" + GateLine + "]}],", Merge("""{"a":1}"""), StringComparison.Ordinal);

    [Fact]
    public void Our_entry_comes_first_and_others_keep_theirs()
    {
        string merged = Merge("{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"*\",\"hooks\":[" + OtherHandler + "]}]}}");
        Assert.Contains("[{\"matcher\":\"*\",\"hooks\":[" + GateLine + "]},{\"matcher\":\"*\",\"hooks\":[" + OtherHandler + "]}]", merged, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comment_stays_on_its_line()
    {
        string merged = Merge("{\n  \"a\": 1 // one\n}\n");
        Assert.StartsWith("{\n  \"a\": 1, // one\n  \"hooks\": {\n", merged, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/old/place/gate", "\"hook\",\"claude-code\"", 10)]
    [InlineData("/opt/gate/gate", "\"hook\",\"claude-code\"", 60)]
    [InlineData("/opt/gate/gate", "\"hook\",\"claude-code\",\"--old\"", 10)]
    [InlineData("gate", "\"hook\",\"claude-code\"", 10)]
    public void An_outdated_handler_is_replaced_in_place(string path, string args, int timeout)
    {
        string good = Merge("""{"a":1}""");
        string old = "{\"type\":\"command\",\"command\":\"" + path + "\",\"args\":[" + args + "],\"timeout\":" + timeout + ",\"onFailure\":\"block\"}";
        int at = good.IndexOf(GateLine, StringComparison.Ordinal);
        string outdated = good[..at] + old + good[(at + GateLine.Length)..];
        Assert.NotEqual(good, outdated);
        Assert.Equal(good, Merge(outdated));
    }

    [Theory]
    [InlineData("\"async\":true")]
    [InlineData("\"if\":\"Bash(git *)\"")]
    public void A_handler_with_a_key_that_weakens_it_is_replaced(string extra)
    {
        string good = Merge("""{"a":1}""");
        string weak = good.Replace("\"timeout\":10", extra + ",\"timeout\":10", StringComparison.Ordinal);
        Assert.Equal(good, Merge(weak));
    }

    [Fact]
    public void An_outdated_handler_keeps_its_indentation()
    {
        string good = Merge("{\n    \"a\": 1\n}\n");
        Assert.Equal(good, Merge(good.Replace("/opt/gate/gate", "/old/gate", StringComparison.Ordinal)));
    }

    [Fact]
    public void Order_and_layout_of_a_right_handler_do_not_matter()
    {
        string other = """{ "onFailure": "block", "timeout": 1e1, "args": ["hook", "cl\u0061ude-code"], "command": "/opt/gate/gate", "type": "command" }""";
        string text = Merge("""{"a":1}""").Replace(GateLine, other, StringComparison.Ordinal);
        Assert.Equal(text, Merge(text));
    }

    [Fact]
    public void Duplicates_are_reduced_to_one()
    {
        string good = Merge("""{"a":1}""");
        Assert.Equal(good, Merge(good.Replace(GateLine, GateLine + "," + GateLine, StringComparison.Ordinal)));
        string entry = "{\"matcher\":\"*\",\"hooks\":[" + GateLine + "]}";
        Assert.Equal(good, Merge(good.Replace(entry, entry + "," + entry, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_handler_under_a_narrow_matcher_gets_an_entry_of_its_own()
    {
        string text = "{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"Bash\",\"hooks\":[" + OtherHandler + "," + GateLine + "]}]}}";
        string merged = Merge(text);
        Assert.Contains("[{\"matcher\":\"*\",\"hooks\":[" + GateLine + "]},{\"matcher\":\"Bash\",\"hooks\":[" + OtherHandler + "]}]", merged, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_under_an_event_that_is_not_wanted_goes()
    {
        string merged = Merge("{\"hooks\":{\"WorktreeCreate\":[{\"hooks\":[" + GateLine + "]}],\"Stop\":[{\"hooks\":[" + OtherHandler + "]}]}}");
        Assert.DoesNotContain("WorktreeCreate", merged, StringComparison.Ordinal);
        Assert.StartsWith("{\"hooks\":{\"Stop\":[{\"hooks\":[" + OtherHandler + "]}],\"PreToolUse\"", merged, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"command","command":"/x/gatekeeper","args":["hook","claude-code"]}""")]
    [InlineData("""{"type":"command","command":"/x/gate","args":["hook","codex"]}""")]
    [InlineData("""{"type":"command","command":"/x/gate","args":["status","claude-code"]}""")]
    [InlineData("""{"type":"command","command":"/x/gate hook claude-code"}""")]
    [InlineData("""{"type":"prompt","prompt":"p","command":"/x/gate","args":["hook","claude-code"]}""")]
    [InlineData("""{"type":"command","command":"/x/gate","args":"hook claude-code"}""")]
    [InlineData("7")]
    public void What_is_not_ours_stays(string handler)
    {
        string text = "{\"hooks\":{\"PreToolUse\":[{\"hooks\":[" + handler + "]}]}}";
        Assert.Contains("{\"hooks\":[" + handler + "]}]", Merge(text), StringComparison.Ordinal);
        Assert.Equal(text, Remove(Merge(text)));
        Assert.Equal(text, Remove(text));
    }

    [Fact]
    public void A_binary_of_another_name_is_known_by_its_path()
    {
        HookWiring wiring = HookWiring.ClaudeCode("/opt/gate-2.1/gate-linux");
        string merged = Merge("{}", wiring);
        Assert.Equal(merged, Merge(merged, wiring));
        Assert.Equal(merged, Decoded(SettingsText.Remove(Bytes(merged), "claude-code").Bytes));
        Assert.Equal("{}", Decoded(SettingsText.Remove(Bytes(merged), "claude-code", "/opt/gate-2.1/gate-linux").Bytes));
    }

    [Fact]
    public void A_path_is_written_as_a_JSON_text()
    {
        HookWiring wiring = HookWiring.ClaudeCode("/o\"p\\t/\u0001é/gate");
        using JsonDocument document = Parse(Merge("", wiring));
        Assert.Equal(wiring.Command, document.RootElement.GetProperty("hooks").GetProperty("PreToolUse")[0].GetProperty("hooks")[0].GetProperty("command").GetString());
    }

    [Fact]
    public void Claude_Code_gets_the_documented_events()
    {
        Assert.Equal(
            ["PreToolUse", "PostToolUse", "PostToolUseFailure", "SessionStart", "SessionEnd", "UserPromptSubmit", "ConfigChange"],
            Wiring.Events.Select(static e => e.Event));
        Assert.All(Wiring.Events, static e => Assert.InRange(e.Timeout, 1, 10));
        Assert.True(Wiring.Find("PreToolUse")!.Block);
        Assert.True(Wiring.Find("ConfigChange")!.Block);
        Assert.Null(Wiring.Find("WorktreeCreate"));
    }

    private static JsonDocument Parse(string text) =>
        JsonDocument.Parse(text.TrimStart('\uFEFF'), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });

    private static bool IsSubsequence(string part, string whole)
    {
        int at = 0;
        foreach (char c in whole)
        {
            at += at < part.Length && part[at] == c ? 1 : 0;
        }

        return at == part.Length;
    }
}
