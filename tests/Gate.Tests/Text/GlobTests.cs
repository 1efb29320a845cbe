using System;
using System.Diagnostics;
using System.Text;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Text;

public class GlobTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "abc", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("?", "a", true)]
    [InlineData("?", "", false)]
    [InlineData("?", "/", false)]
    [InlineData("*?*b", "x/yb", false)]
    [InlineData("**/.env", "/a/b/.env", true)]
    [InlineData("**/.env", ".env", false)]
    [InlineData("**/.env", "/a/b/x.env", false)]
    [InlineData("**/.env.*", "/a/.env.local", true)]
    [InlineData("**/.env.*", "/a/.env.d/x", false)]
    [InlineData("/etc/*/x", "/etc/a/b/x", false)]
    [InlineData("/etc/**/x", "/etc/a/b/x", true)]
    [InlineData("**/a*b/c*d", "/x/ab/ab/cd", true)]
    [InlineData("***", "a/b", true)]
    [InlineData("[a]", "[a]", true)]
    [InlineData("[a]", "a", false)]
    [InlineData("a\\*", "a*", false)]
    [InlineData("**/*.pem", "/home/dev/.ssh/x.pem", true)]
    public void Examples(string pattern, string text, bool matches) => Assert.Equal(matches, Glob.Matches(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Agrees_with_the_definition() => Holds.Always(
        dice =>
        {
            byte[] pattern = dice.Many(12, () => dice.Pick("*ab/?*"u8.ToArray())), text = dice.Many(14, () => dice.Pick("ab/"u8.ToArray()));
            return Glob.Matches(pattern, text) == Defined(pattern, text);
        },
        30_000);

    [Fact]
    public void What_a_pattern_was_made_to_match_it_matches() => Holds.Always(dice =>
    {
        StringBuilder pattern = new(), text = new();
        for (int i = dice.Roll(30); i > 0; i--)
        {
            string literal = dice.Pick("a", "b", "/", "ab", "/.env", "x"), run = dice.Pick("", "a", "bb", "abab");
            (string p, string t) = dice.Roll(4) switch { 0 => ("*", run), 1 => ("**", dice.Pick("", "/", "a/b", "//")), 2 => ("?", "a"), _ => (literal, literal) };
            pattern.Append(p);
            text.Append(t);
        }

        // Two stars that met became one "**", which matches all the more.
        return Glob.Matches(Encoding.UTF8.GetBytes(pattern.ToString()), Encoding.UTF8.GetBytes(text.ToString()));
    });

    /// <summary>A text of 100 kB, chosen to make the stars run: seconds or hours when each start is tried with each run.</summary>
    [Theory]
    [InlineData("**a*a*a*a*a*a*a*b", "a")]
    [InlineData("**a*b", "a")]
    [InlineData("a*a*a*a*a*a*b", "a")]
    [InlineData("**a**a**a**a**b", "a")]
    [InlineData("**/*a*a*a*b", "/aaaa")]
    [InlineData("**a*a/*a*a/*b", "aa/aa/")]
    [InlineData("*?*?*?*?*?*b", "a")]
    [InlineData("**?*?*?*?*b", "ab/")]
    [InlineData("**aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "a")]
    [InlineData("*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "a")]
    public void Hostile_texts_cost_little(string pattern, string piece)
    {
        byte[] hostile = Encoding.UTF8.GetBytes(string.Concat(System.Linq.Enumerable.Repeat(piece, 100_000 / piece.Length)) + "c");
        byte[] code = Encoding.UTF8.GetBytes(pattern);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.False(Glob.Matches(code, hostile));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{pattern} took {watch.Elapsed}");
    }

    // The definition, slow on purpose: every star tries every run.
    private static bool Defined(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        if (pattern.Length == 0)
            return text.Length == 0;
        if (pattern[0] == '*')
        {
            bool deep = pattern.Length > 1 && pattern[1] == '*';
            for (int run = 0; run <= text.Length; run++)
            {
                if (Defined(pattern[(deep ? 2 : 1)..], text[run..]))
                    return true;
                if (run < text.Length && text[run] == '/' && !deep)
                    return false;
            }

            return false;
        }

        return text.Length > 0 && (pattern[0] == text[0] || (pattern[0] == '?' && text[0] != '/')) && Defined(pattern[1..], text[1..]);
    }
}
