using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using Gate.Policy;
using Gate.Responses;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Responses;

public class ClaudeCodeAnswersTests
{
    public static TheoryData<Outcome, bool, string, string, string, string, int> Golden => new()
    {
        { Outcome.Allow, true, "fine", "", "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"allow\",\"permissionDecisionReason\":\"fine\"}}\n", "", 0 },
        { Outcome.Allow, true, "fine", "note", "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"allow\",\"permissionDecisionReason\":\"fine\",\"additionalContext\":\"note\"}}\n", "", 0 },
        { Outcome.Allow, false, "fine", "note", "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"additionalContext\":\"note\"}}\n", "", 0 },
        { Outcome.Allow, false, "fine", "", "", "", 0 },
        { Outcome.Ask, true, "sure?", "", "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"ask\",\"permissionDecisionReason\":\"sure?\"}}\n", "", 0 },
        { Outcome.Ask, false, "sure?", "note", "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"ask\",\"permissionDecisionReason\":\"sure?\",\"additionalContext\":\"note\"}}\n", "", 0 },
        { Outcome.Deny, true, "no: \"x\"", "", "{\"decision\":\"block\",\"reason\":\"no: \\\"x\\\"\",\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"no: \\\"x\\\"\"}}\n", "no: \"x\"\n", 2 },
        { Outcome.Deny, false, "no", "note", "{\"decision\":\"block\",\"reason\":\"no\",\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\"permissionDecisionReason\":\"no\"}}\n", "no\n", 2 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Documents_are_the_golden_ones(Outcome outcome, bool grant, string reason, string context, string output, string error, int code)
    {
        Answer answer = ClaudeCodeAnswers.PreToolUse(outcome, grant, Encoding.UTF8.GetBytes(reason), Encoding.UTF8.GetBytes(context));
        Assert.Equal((output, error, code), (Text(answer.Output), Text(answer.Error), answer.ExitCode));
    }

    [Fact]
    public void A_block_is_said_three_times()
    {
        Answer answer = ClaudeCodeAnswers.Block("not so"u8);
        Assert.Equal(("{\"decision\":\"block\",\"reason\":\"not so\"}\n", "not so\n", 2), (Text(answer.Output), Text(answer.Error), answer.ExitCode));
    }

    [Fact]
    public void No_opinion_is_nothing_at_all() => Assert.Equal((0, 0, 0), (Answer.Silent.Output.Length, Answer.Silent.Error.Length, Answer.Silent.ExitCode));

    [Fact]
    public void Whatever_the_reason_there_is_one_object_without_nulls_that_says_the_outcome() => Holds.Always(dice =>
    {
        byte[] Some() => dice.Flip() ? dice.Many(60, () => (byte)dice.Roll(256)) : Encoding.UTF8.GetBytes(string.Concat(dice.Many(30, () => dice.Pick("\"", "\\", "\n", "\r", "\t", "\0", "\u001b[31m", "\u007f", "\u0085", "\u2028", "😀", "}", "{", "null", "\\u0000"))));
        Outcome outcome = (Outcome)dice.Roll(3);
        byte[] reason = Some(), context = Some();
        Answer answer = ClaudeCodeAnswers.PreToolUse(outcome, dice.Flip(), reason, context);
        if (answer.Output.Length == 0)
            return outcome == Outcome.Allow && answer is { ExitCode: 0, Error.Length: 0 };
        using JsonDocument document = JsonDocument.Parse(answer.Output);
        JsonElement specific = document.RootElement.GetProperty("hookSpecificOutput");
        bool said = !specific.TryGetProperty("permissionDecision", out JsonElement decision) ? outcome == Outcome.Allow : decision.GetString() == PolicyNames.Of(outcome);
        bool whole = !specific.TryGetProperty("permissionDecisionReason", out JsonElement why) || why.GetString() == Encoding.UTF8.GetString(reason);
        bool line = answer.Output.AsSpan().IndexOf((byte)'\n') == answer.Output.Length - 1;
        return said && whole && line && NoNulls(document.RootElement) && answer.ExitCode == (outcome == Outcome.Deny ? 2 : 0) && (outcome == Outcome.Deny) == (answer.Error.Length > 0);
    });

    /// <summary>A character that would stand across the limit is left out as a whole.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("😀")]
    public void A_megabyte_of_reason_is_cut_between_characters(string character)
    {
        foreach (string before in (string[])["", "x", "xx", "xxx"])
        {
            byte[] reason = Encoding.UTF8.GetBytes(before + string.Concat(Enumerable.Repeat(character, (1 << 20) / Encoding.UTF8.GetByteCount(character))));
            foreach (Answer answer in (Answer[])[ClaudeCodeAnswers.PreToolUse(Outcome.Deny, false, reason, default), ClaudeCodeAnswers.Block(reason)])
            {
                string said = new UTF8Encoding(false, true).GetString(answer.Error).TrimEnd('\n');
                Assert.InRange(Encoding.UTF8.GetByteCount(said), ClaudeCodeAnswers.MaximumReason - 3, ClaudeCodeAnswers.MaximumReason);
                using JsonDocument document = JsonDocument.Parse(answer.Output);
                Assert.Equal(said, document.RootElement.GetProperty("reason").GetString());
                Assert.DoesNotContain('\uFFFD', said);
            }
        }
    }

    private static bool NoNulls(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(property => NoNulls(property.Value)) && element.EnumerateObject().Select(property => property.Name).Distinct().Count() == element.EnumerateObject().Count(),
        JsonValueKind.Array => element.EnumerateArray().All(NoNulls),
        JsonValueKind.Null => false,
        _ => true,
    };

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
