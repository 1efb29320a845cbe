using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Gate.Cli;
using Xunit;
using static Gate.Tests.Cli.SettingsLayouts;

namespace Gate.Tests.Cli;

public class SettingsRemoveTests
{
    private const string Gate = """{"type":"command","command":"/x/gate","args":["hook","claude-code"]}""";

    private static readonly string[] Spaces = ["", "", " ", "  ", "\n", "\n  ", "\n\t", "\n\n", "\r\n", "\n    "];
    private static readonly string[] Comments = ["", "", "", "", "/* c */", "// c \n", " /* a\n b */ "];
    private static readonly string[] Scalars = ["1", "-2.5e3", "true", "null", "\"x\"", "\"/* no */ // \\\" ,}\"", "{}", "[]", "[ ]"];
    private static readonly string[] Events = ["PreToolUse", "Stop", "ConfigChange", "SessionEnd"];

    [Theory]
    [MemberData(nameof(SettingsLayouts.Strict), MemberType = typeof(SettingsLayouts))]
    [MemberData(nameof(SettingsLayouts.Loose), MemberType = typeof(SettingsLayouts))]
    public void Removing_gives_the_original_back_byte_for_byte(string text)
    {
        Assert.Equal(text, Remove(Merge(text)));
        Assert.Equal(text, Remove(text));
    }

    [Theory]
    [MemberData(nameof(SettingsLayouts.Strict), MemberType = typeof(SettingsLayouts))]
    public void Removing_after_a_change_of_path_gives_the_original_back(string text) =>
        Assert.Equal(text, Remove(Merge(Merge(text, HookWiring.ClaudeCode("/old/gate", "--a")))));

    [Theory]
    [MemberData(nameof(SettingsLayouts.Strict), MemberType = typeof(SettingsLayouts))]
    public void Every_removal_is_readable_and_holds_no_gate(string text)
    {
        // Cut our parts loose from the layout that Merge gave them, as a formatter would.
        string flat = Merge(text).TrimStart('\uFEFF');
        string formatted = System.Text.Json.Nodes.JsonNode.Parse(flat)!.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
        string rest = Remove(formatted);
        Assert.DoesNotContain("claude-code", rest, StringComparison.Ordinal);
        Assert.Equal(text.Contains("lint.sh", StringComparison.Ordinal), rest.Contains("lint.sh", StringComparison.Ordinal));
    }

    [Fact]
    public void A_member_added_after_ours_stays()
    {
        string merged = Merge("{\n  \"a\": 1\n}\n");
        string more = merged[..merged.LastIndexOf("\n}", StringComparison.Ordinal)] + ",\n  \"z\": 2\n}\n";
        Assert.Equal("{\n  \"a\": 1,\n  \"z\": 2\n}\n", Remove(more));
    }

    [Fact]
    public void A_handler_added_to_our_entry_stays_in_it()
    {
        string merged = Merge("""{"a":1}""");
        string more = merged.Replace("\"onFailure\":\"block\"}]}]", "\"onFailure\":\"block\"}," + OtherHandler + "]}]", StringComparison.Ordinal);
        string rest = Remove(more);
        Assert.Contains("\"PreToolUse\":[{\"matcher\":\"*\",\"hooks\":[" + OtherHandler + "]}]", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("claude-code", rest, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comment_somebody_wrote_among_ours_stays()
    {
        string merged = Merge("{\n  \"a\": 1\n}\n");
        string more = merged.Replace("    \"PreToolUse\"", "    // keep me\n    \"PreToolUse\"", StringComparison.Ordinal);
        string rest = Remove(more);
        Assert.Contains("// keep me\n", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("claude-code", rest, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_comment_before_ours_does_not_swallow_what_follows()
    {
        string entry = "{\"hooks\":[" + Gate + "]}";
        string others = "{\"hooks\":[" + OtherHandler + "]}";
        Assert.Equal(
            "{\"hooks\":{\"Stop\":[ // c\n" + others + "]}}",
            Remove("{\"hooks\":{\"Stop\":[ // c\n" + entry + "," + others + "]}}"));
        Assert.Equal("{\"hooks\":{\"Stop\":[ // c\r\n]}}", Remove("{\"hooks\":{\"Stop\":[ // c\r\n" + entry + "]}}"));
        Assert.Equal("{\"a\":1 // c\n}", Remove("{\"a\":1, // c\n\"hooks\":{\"Stop\":[" + entry + "]}}"));
    }

    [Fact]
    public void What_Gate_created_goes_whole()
    {
        Assert.Equal("", Remove(Merge("")));
        Assert.Equal("{}", Remove(Merge("{}")));
    }

    [Fact]
    public void Any_document_comes_back_byte_for_byte()
    {
        Gen<string> documents = Gen.Choose(0, int.MaxValue - 1).Select(static seed => new Writer(seed).Document());
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3000),
            Prop.ForAll(documents.ToArbitrary(), static text =>
            {
                string merged = Merge(text);
                Assert.Equal(merged, Merge(merged));
                Assert.Equal(text, Remove(merged));
            }));
    }

    /// <summary>Writes a random document with hooks of others in any layout: only the seed is FsCheck's, so that the shape can be free.</summary>
    private sealed class Writer(int seed)
    {
#pragma warning disable CA5394 // Test data, no secret.
        private readonly Random _random = new(seed);
        private readonly bool _lines = (seed & 1) == 0;
        private readonly bool _comments = (seed & 6) == 0;
        private readonly bool _trailing = (seed & 24) == 0;

        public string Document()
        {
            List<string> members = [];
            for (int i = _random.Next(4); i > 0; i--)
            {
                members.Add("\"k" + i + "\"" + Gap() + ":" + Gap() + Value(3));
            }

            if (_random.Next(3) > 0)
            {
                members.Insert(_random.Next(members.Count + 1), "\"hooks\":" + Gap() + Hooks());
            }

            return Gap() + Join('{', members, '}') + Gap();
        }

        private string Hooks()
        {
            List<string> members = [];
            foreach (string name in Events)
            {
                if (_random.Next(2) == 0)
                {
                    List<string> entries = [];
                    for (int i = _random.Next(3); i > 0; i--)
                    {
                        entries.Add(Join('{', ["\"hooks\":" + Gap() + Join('[', [OtherHandler], ']')], '}'));
                    }

                    members.Add("\"" + name + "\":" + Gap() + Join('[', entries, ']'));
                }
            }

            return Join('{', members, '}');
        }

        private string Value(int depth)
        {
            if (depth == 0 || _random.Next(3) > 0)
            {
                return Pick(Scalars);
            }

            List<string> items = [];
            for (int i = _random.Next(3); i > 0; i--)
            {
                items.Add(Value(depth - 1));
            }

            return Join('[', items, ']');
        }

        private string Join(char open, List<string> items, char close)
        {
            string text = open + Gap();
            for (int i = 0; i < items.Count; i++)
            {
                text += items[i] + Gap();
                text += i + 1 < items.Count || (_trailing && _random.Next(2) == 0) ? "," + Gap() : "";
            }

            return text + close;
        }

        private string Gap()
        {
            string space = Pick(Spaces);
            space = _lines || !space.Contains('\n', StringComparison.Ordinal) ? space : "";
            return space + (_comments ? Pick(Comments) : "") + (_random.Next(4) == 0 && _lines ? "\n" : "");
        }

        private string Pick(string[] from) => from[_random.Next(from.Length)];
#pragma warning restore CA5394
    }
}
