using System;
using System.Text;
using Gate.Cli;
using Xunit;
using static Gate.Tests.Cli.SettingsLayouts;

namespace Gate.Tests.Cli;

public class SettingsRefusalTests
{
    [Theory]
    [InlineData("{\n  \"a\": \n}", 3, 1, "a value is missing")]
    [InlineData("{\n  \"a\": 1", 2, 9, "close every")]
    [InlineData("{\"a\" 1}", 1, 6, "colon")]
    [InlineData("{\"a\": 1 \"b\": 2}", 1, 9, "comma")]
    [InlineData("{a: 1}", 1, 2, "double quotes")]
    [InlineData("{'a': 1}", 1, 2, "double quotes")]
    [InlineData("{,}", 1, 2, "a name in double quotes is missing")]
    [InlineData("{\"a\": [1,,2]}", 1, 10, "a value is missing")]
    [InlineData("{\"a\": 01}", 1, 7, "not a JSON value")]
    [InlineData("{\"a\": 1.}", 1, 7, "not a JSON value")]
    [InlineData("{\"a\": nul}", 1, 7, "double quotes")]
    [InlineData("{\"a\": \"x\n\"}", 1, 7, "closed on its line")]
    [InlineData("{\"a\": \"\\x\"}", 1, 9, "escape")]
    [InlineData("{\"a\": \"\\u12g4\"}", 1, 8, "escape")]
    [InlineData("{} {}", 1, 4, "more text")]
    [InlineData("{ /* ", 1, 3, "never ends")]
    [InlineData("{ / }", 1, 3, "slash")]
    [InlineData("{\r}", 1, 2, "carriage return")]
    [InlineData("[]", 1, 1, "must be an object")]
    [InlineData("null", 1, 1, "must be an object")]
    [InlineData("{\"hooks\": []}", 1, 11, "\"hooks\" must be an object")]
    [InlineData("{\"hooks\": null}", 1, 11, "\"hooks\" must be an object")]
    [InlineData("{\n\"hooks\": {\"PreToolUse\": {}}}", 2, 25, "\"PreToolUse\" must be an array")]
    [InlineData("{\"hooks\": {\"Stop\": \"x\"}}", 1, 20, "\"Stop\" must be an array")]
    [InlineData("{\"hooks\": {}, \"hooks\": {}}", 1, 15, "stands twice")]
    [InlineData("{\"hooks\": {}, \"h\\u006foks\": {}}", 1, 15, "stands twice")]
    [InlineData("{\"a\": [{\"b\": 1,\n\"b\": 2}]}", 2, 1, "stands twice")]
    public void A_file_Gate_cannot_edit_is_refused_with_the_place(string text, int line, int column, string message)
    {
        foreach (SettingsEdit edit in new[] { SettingsText.Merge(Bytes(text), Wiring), SettingsText.Remove(Bytes(text), "claude-code") })
        {
            Assert.Contains(message, edit.Problem!.Value.Message, StringComparison.Ordinal);
            Assert.Equal((line, column), (edit.Problem.Value.Line, edit.Problem.Value.Column));
            Assert.StartsWith($"{line}:{column}: ", edit.Problem.Value.ToString(), StringComparison.Ordinal);
            Assert.Equal(text, Decoded(edit.Bytes));
            Assert.False(edit.Changed);
        }
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        string Deep(int depth) => "{\"a\":" + new string('[', depth) + new string(']', depth) + "}";
        Assert.Null(SettingsText.Merge(Bytes(Deep(99)), Wiring).Problem);
        Assert.Contains("nested", SettingsText.Merge(Bytes(Deep(100)), Wiring).Problem!.Value.Message, StringComparison.Ordinal);
        Assert.NotNull(SettingsText.Merge(Bytes(new string('[', 900_000)), Wiring).Problem);
    }

    [Fact]
    public void Only_UTF_8_is_edited()
    {
        Assert.Contains("UTF-16", SettingsText.Merge(Encoding.Unicode.GetPreamble(), Wiring).Problem!.Value.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", SettingsText.Merge([(byte)'"', 0xC3, (byte)'"'], Wiring).Problem!.Value.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_path_is_refused() =>
        Assert.Contains("absolute", SettingsText.Merge(null, HookWiring.ClaudeCode("gate")).Problem!.Value.ToString(), StringComparison.Ordinal);

    [Fact]
    public void No_cut_and_no_changed_byte_makes_it_throw()
    {
        byte[] whole = Bytes(Merge(CommentedHooks));
        for (int i = 0; i < whole.Length; i++)
        {
            Both(whole[..i]);
            foreach (byte b in "\"{}[],:/\n\r\\\0x"u8)
            {
                byte[] changed = (byte[])whole.Clone();
                changed[i] = b;
                Both(changed);
            }
        }

        static void Both(byte[] bytes)
        {
            Assert.NotNull(SettingsText.Merge(bytes, Wiring));
            Assert.NotNull(SettingsText.Remove(bytes, "claude-code"));
        }
    }

    [Theory]
    [InlineData("{\n  \"disableAllHooks\": true\n}", 2, 22, "switches every hook off")]
    [InlineData("{\n  // c\n  \"a\": 1\n}", 2, 3, "ignores a settings file with comments")]
    [InlineData("{\n  \"a\": [\n1,]\n}", 3, 2, "comma before }")]
    [InlineData("{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"x\"}]}}", 0, 0, "no \"hooks\" array")]
    [InlineData("{\"hooks\":{\"PreToolUse\":[7]}}", 0, 0, "no \"hooks\" array")]
    [InlineData("{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":\"x\"}]}]}}", 0, 0, "no known \"type\"")]
    [InlineData("{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"type\":\"command\"}]}]}}", 0, 0, "no \"command\"")]
    [InlineData("{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"x\",\"timeout\":0}]}]}}", 0, 0, "above zero")]
    [InlineData("{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"x\",\"timeout\":\"9\"}]}]}}", 0, 0, "above zero")]
    public void What_would_switch_Gate_off_is_a_warning(string text, int line, int column, string message)
    {
        SettingsEdit edit = SettingsText.Merge(Bytes(text), Wiring);
        Assert.Null(edit.Problem);
        SettingsProblem warning = Assert.Single(edit.Warnings);
        Assert.Contains(message, warning.Message, StringComparison.Ordinal);
        if (line > 0)
        {
            Assert.Equal((line, column), (warning.Line, warning.Column));
        }
    }

    [Theory]
    [InlineData("{\"disableAllHooks\": false}")]
    [InlineData("{\"x\": {\"disableAllHooks\": true}}")]
    [InlineData("{\"hooks\":{\"Stop\":[7],\"PreToolUse\":[{\"matcher\":\"\",\"hooks\":[{\"type\":\"http\",\"url\":\"u\",\"timeout\":0.5}]}]}}")]
    public void What_does_not_is_none(string text) => Assert.Empty(SettingsText.Merge(Bytes(text), Wiring).Warnings);
}
