using System;
using System.Text;
using System.Text.RegularExpressions;
using Gate.Compiler;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>Regular expressions against the framework's own linear engine, on generated expressions and texts; what is refused, and how.</summary>
public class RegexCompilerTests
{
    private sealed record Case(string Pattern, string Text)
    {
        public static Case Of(Dice dice)
        {
            StringBuilder pattern = new(dice.Roll(4) == 0 ? "(?i)" : "");
            Choice(dice, pattern, 0);

            // The framework folds the letters of a range beyond ASCII too.
            if (pattern.ToString().StartsWith("(?i)", StringComparison.Ordinal))
                pattern.Replace("é-€", "x-z");
            return new Case(pattern.ToString(), string.Concat(dice.Many(12, () => Character(dice))));
        }

        private static string Character(Dice dice) => dice.Pick("a", "b", "A", "B", "0", "_", "-", "\n", "é", "€", "ß", " ", "ab");

        private static void Choice(Dice dice, StringBuilder pattern, int depth)
        {
            int branches = 1 + (dice.Roll(3) == 2 ? 1 : 0);
            for (int i = 0; i < branches; i++)
            {
                pattern.Append(i > 0 ? "|" : "");
                int items = dice.Roll(4);
                for (int item = 0; item < items; item++)
                    Item(dice, pattern, depth);
            }
        }

        private static void Item(Dice dice, StringBuilder pattern, int depth)
        {
            int kind = dice.Roll(depth < 3 ? 8 : 6);
            if (kind == 5)
            {
                pattern.Append(dice.Pick("^", "$"));
                return;
            }

            if (kind >= 6)
            {
                pattern.Append(dice.Pick("(", "(?:"));
                Choice(dice, pattern, depth + 1);
                pattern.Append(')');
            }
            else if (kind == 4)
            {
                pattern.Append(dice.Pick("[a-b]", "[^a]", "[0-9_é]", "[^\\w]", "[]a]", "[a\\-]", "[^é-€]", "[\\d-]", "[^\\n-b]"));
            }
            else if (kind == 3)
            {
                pattern.Append(dice.Pick(".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\n", "\\-", "\\x61", "\\u00e9"));
            }
            else
            {
                pattern.Append(Regex.Escape(Character(dice)));
            }

            pattern.Append(dice.Pick("", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"));
        }
    }

    [Fact]
    public void A_match_is_what_the_frameworks_engine_calls_a_match() => Holds.Always(dice =>
    {
        Case @case = Case.Of(dice);
        // Ours: ASCII letters only in \d \w \s, $ only at the very end.
        Regex framework = new(Framework(@case.Pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        byte[]? table = RegexCompiler.Compile(@case.Pattern, out RegexFault? fault);
        if (fault?.Message.Contains("too large", StringComparison.Ordinal) == true)
            return true;
        Assert.True(table is not null, $"{@case.Pattern}: {fault?.Message}");
        Assert.True(framework.IsMatch(@case.Text) == Automaton.Matches(new TableInArray(table), Encoding.UTF8.GetBytes(@case.Text)), $"/{@case.Pattern}/ on {@case.Text}");
        Assert.Equal(table.Length, Automaton.LengthOf(table));
        Assert.True(framework.IsMatch(@case.Text) == Automaton.MatchesIn(table, Encoding.UTF8.GetBytes(@case.Text)), $"/{@case.Pattern}/ on {@case.Text}, table as a whole");
        return true;
    }, times: 10_000);

    // Groups that capture: the framework (10.0) makes (?:a+|)+ into a+, which no longer matches the empty text.
    private static string Framework(string pattern)
    {
        pattern = pattern.Replace("(?:", "(", StringComparison.Ordinal);
        StringBuilder text = new();
        bool inside = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                string both = pattern.Substring(i++, 2);
                (string plain, string inClass) = both switch
                {
                    "\\d" => ("[0-9]", "0-9"), "\\D" => ("[^0-9]", "\\x00-/:-\uFFFF"), "\\w" => ("[0-9A-Za-z_]", "0-9A-Za-z_"), "\\W" => ("[^0-9A-Za-z_]", "\\x00-/:-@\\[-^`{-\uFFFF"),
                    "\\s" => ("[\\t-\\r ]", "\\t-\\r "), "\\S" => ("[^\\t-\\r ]", "\\x00-\\x08\\x0e-\\x1f!-\uFFFF"), _ => (both, both),
                };
                text.Append(inside ? inClass : plain);
                continue;
            }

            if (pattern[i] == '[' && !inside)
            {
                inside = true;
                text.Append('[');
                if (pattern[i + 1] == '^')
                    text.Append(pattern[++i]);
                if (pattern[i + 1] == ']')
                {
                    text.Append("\\]");
                    i++;
                }

                continue;
            }

            inside &= pattern[i] != ']';
            text.Append(pattern[i] == '$' && !inside ? "\\z" : pattern[i].ToString());
        }

        return text.ToString();
    }

    [Theory]
    [InlineData("a", "xax", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", true)]
    [InlineData("^$", "", true)]
    [InlineData("^$", "x", false)]
    [InlineData("^a", "ba", false)]
    [InlineData("a$", "a\n", false)]
    [InlineData("^(a|bc)+$", "abcbca", true)]
    [InlineData("^(a|bc)+$", "abcb", false)]
    [InlineData("^.$", "\U0001F600", true)]
    [InlineData("^[\u0400-\U0001F64F]{2}$", "ж\U0001F600", true)]
    [InlineData("^[^a]$", "\U0001F600", true)]
    [InlineData("[^\\x00-\uD7FF\uE000-\U0010FFFF]", "anything é \U0001F600", false)]
    [InlineData("AKIA[0-9A-Z]{16}", "key=AKIAIOSFODNN7EXAMPLE;", true)]
    [InlineData("(?i)select", "SeLeCt", true)]
    [InlineData("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void It_matches(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Automaton.Matches(new TableInArray(RegexCompiler.Compile(pattern, out _)!), Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { 0xFF }, true)]
    [InlineData(new byte[] { 0xC3, (byte)'a' }, false)]
    [InlineData(new byte[] { 0xE2, 0x82 }, true)]
    [InlineData(new byte[] { 0xC3, 0xA9 }, false)]
    public void Bytes_that_are_no_text_count_as_the_replacement_character(byte[] text, bool matches)
    {
        byte[] table = RegexCompiler.Compile("^\\uFFFD$", out _)!;
        Assert.Equal(matches, Automaton.Matches(new TableInArray(table), text));
        Assert.Equal(matches, Automaton.MatchesIn(table, text));
    }

    [Theory]
    [InlineData("(a", 0, "without its ')'")]
    [InlineData("a)", 1, "without its '('")]
    [InlineData("[a", 0, "without its ']'")]
    [InlineData("*a", 0, "repeats nothing")]
    [InlineData("a**", 2, "repetition of a repetition")]
    [InlineData("a{2", 1, "begins a repetition")]
    [InlineData("a{3,2}", 1, "begins a repetition")]
    [InlineData("a{1001}", 1, "up to 1000")]
    [InlineData("(a)\\1", 3, "back-references")]
    [InlineData("(?=a)", 0, "look-around")]
    [InlineData("(?<!a)", 0, "look-around")]
    [InlineData("a(?i)b", 1, "in front of everything")]
    [InlineData("\\bword", 0, "word boundaries")]
    [InlineData("\\q", 0, "not known")]
    [InlineData("a\\", 1, "escapes nothing")]
    [InlineData("\\x4", 0, "hexadecimal")]
    [InlineData("[b-a]", 2, "smaller one first")]
    [InlineData("[a-z-[aeiou]]", 4, "taking a class away")]
    [InlineData("^*", 0, "anchor")]
    [InlineData("(.*a.{12}){2}", 0, "too large")]
    [InlineData("((a{1000}){1000}){1000}", 0, "too large")]
    public void What_an_automaton_cannot_do_is_refused_with_the_place(string pattern, int at, string message)
    {
        Assert.Null(RegexCompiler.Compile(pattern, out RegexFault? fault));
        Assert.Equal(at, fault!.At);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_may_be_nested_64_deep()
    {
        Assert.NotNull(RegexCompiler.Compile(new string('(', 64) + "a" + new string(')', 64), out _));
        Assert.Null(RegexCompiler.Compile(new string('(', 65) + "a" + new string(')', 65), out RegexFault? fault));
        Assert.Contains("64 deep", fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_can_ask_by_expression()
    {
        const string When = "{target-matches: ['^release-[0-9]+$', prod]}", Word = "{not: {all: [{verb: publish}, {not: {word-matches: '^--x=a'}}]}}";
        Gate.Effects.Effect To(string target) => new() { Verb = Gate.Effects.Verb.Publish, Kind = Gate.Effects.Kind.History, Target = Encoding.UTF8.GetBytes(target), Words = [Encoding.UTF8.GetBytes("--x=" + target)] };
        Assert.True(Policies.Holds(When, To("release-12"), new Gate.Policy.CallFacts()));
        Assert.True(Policies.Holds(When, To("my-prod-2"), new Gate.Policy.CallFacts()));
        Assert.False(Policies.Holds(When, To("release-x"), new Gate.Policy.CallFacts()));
        Assert.True(Policies.Holds(Word, To("ab"), new Gate.Policy.CallFacts()));
        Assert.False(Policies.Holds(Word, To("b"), new Gate.Policy.CallFacts()));
    }

    [Fact]
    public void Equal_expressions_share_a_table()
    {
        static int Length(string one, string two) => Policies.Built(Policies.Whole(Policies.Pack(("r.a", "ask", $"{{target-matches: '{one}'}}"), ("r.b", "ask", $"{{target-matches: '{two}'}}")))).Length;
        const string Large = "(abc|def|ghi|jkl){12}";
        Assert.True(Length(Large, Large) + 2048 < Length(Large, "x" + Large));
    }
}
