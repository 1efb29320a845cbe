using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Bundles;
using Gate.Redaction;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Redaction;

/// <summary>The engine: where a secret begins and ends, which one wins, and that neither pieces nor hostile texts change that.</summary>
public class RedactorTests
{
    private static readonly string[] s_pieces =
    [
        Secrets.AwsKey, Secrets.GithubToken, Secrets.PemKey, Secrets.Password, "password=", "\"password\": \"", "export TOKEN=", "Authorization: Bearer ", "Cookie: sid=", "postgres://app:", "@db/x", "\"", "'", " ", "\n", "\\n",
        "[redacted ", "[redacted key aws.access-key #1a2b3c]", "[redacted password option.password]", "]", "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "-----", "AKIA", "ghp_", "eyJ", "eyJhbGciOiJIUzI1NiJ9.", "4539 1488 0343 6467",
        "DE89 3704 0044 0532 0130 00", "a", "Zz9", ".", "é", "\u001b[31m", "%3D", "--password ", "7", "12345678", "/", "=", ";", ":", "example", "0",
    ];

    private static string Text(Dice dice) => string.Concat(dice.Many(40, () => dice.Pick(s_pieces)).Select(piece => dice.Roll(5) == 0 ? piece[..Math.Min(piece.Length, dice.Roll(200))] : piece));

    [Fact]
    public void Any_pieces_give_what_the_whole_gives() => Holds.Always(dice =>
    {
        byte[] text = Encoding.UTF8.GetBytes(Text(dice));
        Redactor whole = new(Secrets.Shipped) { KeepsFindings = true }, pieces = new(Secrets.Shipped) { KeepsFindings = true };
        byte[] expected = whole.Whole(text) ?? text;
        for (int at = 0; at < text.Length;)
        {
            int length = Math.Min(text.Length - at, dice.Pick(1, 2, 3, 7, 64, 1000));
            pieces.Feed(text.AsSpan(at, length));
            at += length;
        }

        pieces.End();
        return expected.AsSpan().SequenceEqual(pieces.Output.Written) && whole.Findings.SequenceEqual(pieces.Findings);
    });

    [Fact]
    public void Redacting_again_changes_nothing() => Holds.Always(dice =>
    {
        string once = Secrets.Redacted(Text(dice));
        return Secrets.Redacted(once) == once;
    });

    [Fact]
    public void What_is_no_secret_stays_and_what_was_found_is_gone() => Holds.Always(dice =>
    {
        string text = Text(dice), output = Secrets.Redacted(text, out Redactor redactor);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int kept = bytes.Length;
        foreach (Finding finding in redactor.Findings)
            kept -= finding.Length;

        // Every byte outside of a finding is there again, in its order.
        List<byte> outside = [];
        long from = 0;
        foreach (Finding finding in redactor.Findings)
        {
            outside.AddRange(bytes.AsSpan((int)from, (int)(finding.Offset - from)));
            from = finding.Offset + finding.Length;
        }

        outside.AddRange(bytes.AsSpan((int)from));
        return outside.Count == kept && (redactor.Count > 0 || output == text) && IsInOrder([.. outside], Encoding.UTF8.GetBytes(output));
    });

    private static bool IsInOrder(byte[] part, byte[] whole)
    {
        int at = 0;
        foreach (byte b in whole)
            at += at < part.Length && part[at] == b ? 1 : 0;
        return at == part.Length;
    }

    [Fact]
    public void A_secret_across_any_border_is_found_whole()
    {
        byte[] text = Encoding.UTF8.GetBytes($"one {Secrets.GithubToken} two\n{Secrets.PemKey}\nthree");
        for (int border = 1; border < text.Length; border++)
        {
            Redactor redactor = new(Secrets.Shipped);
            redactor.Feed(text.AsSpan(0, border));
            redactor.Feed(text.AsSpan(border));
            redactor.End();
            Assert.Equal(2, redactor.Count);
            Assert.Equal((1, 1), (redactor.CountOf(SecretKind.Token), redactor.CountOf(SecretKind.PrivateKey)));
        }
    }

    [Fact]
    public void What_is_certain_comes_out_before_the_end_and_little_is_held()
    {
        Redactor redactor = new(Secrets.Shipped);
        byte[] piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a line of text, nothing in it\n", 3000)));
        for (int i = 0; i < 20; i++)
        {
            redactor.Output.Clear();
            redactor.Feed(piece);
            Assert.InRange(redactor.Output.Length, piece.Length - 100, piece.Length + 100);
        }
    }

    [Theory]
    [InlineData("x AKIA@ y", true)]
    [InlineData("xAKIA@", false)]
    [InlineData("AKIA@9", false)]
    [InlineData("\\nAKIA@", true)]
    [InlineData("a=1%3DAKIA@", true)]
    [InlineData("\u001b[01;31m\u001b[KAKIA@\u001b[m", true)]
    [InlineData("\\u001b[31mAKIA@", true)]
    [InlineData("comAKIA@", false)]
    [InlineData("[1]KAKIA@", false)]
    public void A_word_begins_after_what_is_no_part_of_it(string text, bool found) =>
        Assert.Equal(found, Secrets.Redacted(text.Replace("AKIA@", Secrets.AwsKey, StringComparison.Ordinal), out _).Contains("[redacted", StringComparison.Ordinal));

    [Fact]
    public void The_same_secret_has_the_same_mark_and_another_one_another()
    {
        string one = Secrets.Redacted(Secrets.AwsKey), again = Secrets.Redacted($"({Secrets.AwsKey})"), other = Secrets.Redacted("AKIA" + "ZX5KMZ3JXTPL2VRC");
        Assert.Matches(@"^\[redacted key aws\.access-key #[0-9a-f]{6}\]$", one);
        Assert.Equal($"({one})", again);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Of_two_the_one_that_begins_first_wins_then_the_longer_then_the_first_in_the_file()
    {
        RedactionTable table = Secrets.Table("""
            redactions:
            - {id: a.first, title: x, kind: key, pattern: 'abc[0-9]{2}', not-after: '', matches: [abc12], passes: [x]}
            - {id: a.second, title: x, kind: key, pattern: 'abc[0-9]{2}', not-after: '', matches: [abc12], passes: [x]}
            - {id: a.longer, title: x, kind: key, pattern: 'abc[0-9]{3}', not-after: '', matches: [abc123], passes: [x]}
            - {id: a.later, title: x, kind: key, context: 'x=abc', pattern: '[0-9]+z', not-after: '', matches: [x=abc12z], passes: [x]}
            - {id: a.within, title: x, kind: key, pattern: 'bcd[0-9]', inside-words: true, not-after: '', matches: [bcd1], passes: [x]}
            """);
        Assert.Equal("[redacted key a.first]", Secrets.With(table, "abc12"));
        Assert.Equal("[redacted key a.longer]", Secrets.With(table, "abc123"));
        Assert.Equal("x=[redacted key a.longer]z", Secrets.With(table, "x=abc123z"));
        Assert.Equal("a[redacted key a.within]", Secrets.With(table, "abcd1"));
    }

    [Fact]
    public void An_end_that_fails_a_check_gives_way_to_an_earlier_one() =>
        Assert.Equal("[redacted personal iban.number …0 00] AND 1", Secrets.Redacted("DE89 3704 0044 0532 0130 00 AND 1"));

    [Fact]
    public void A_mark_that_no_format_wrote_hides_nothing()
    {
        Assert.Contains("aws.access-key #", Secrets.Redacted($"[redacted {Secrets.AwsKey}]"), StringComparison.Ordinal);
        Assert.DoesNotContain(Secrets.AwsKey, Secrets.Redacted($"[redacted key aws.access-key {Secrets.AwsKey}]"), StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_limit_no_part_of_a_secret_is_in_what_comes_out()
    {
        string text = new string('.', 200) + " " + Secrets.PemKey + " " + Secrets.AwsKey;
        for (int limit = 1; limit < 300; limit++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            ReadOnlySpan<byte> shown = new Redactor(Secrets.Shipped).Whole(bytes, limit) ?? bytes;
            string cut = Encoding.UTF8.GetString(shown[..Math.Min(shown.Length, limit)]);
            Assert.DoesNotContain("BEGIN", cut, StringComparison.Ordinal);
        }
    }

    /// <summary>Texts full of beginnings. The work is counted, not timed: past the allowance the rest is withheld, which is an answer too.</summary>
    [Theory]
    [InlineData("eyJ")]
    [InlineData("eyJ.")]
    [InlineData(".eyJhbGciOiJIUzI1NiJ9")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIE")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----")]
    [InlineData("Cookie: a=example ")]
    [InlineData("://a:")]
    [InlineData("password=")]
    [InlineData("4444 ")]
    [InlineData("DE00 ")]
    [InlineData("AA:7291830465:AA")]
    [InlineData("[redacted ")]
    [InlineData("login x password ")]
    [InlineData("sk-proj-a ")]
    public void Hostile_texts_end(string piece)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, (2 << 20) / piece.Length)));
        Redactor redactor = new(Secrets.Shipped);
        byte[] output = redactor.Whole(text) ?? text;
        Assert.True(output.Length <= text.Length * 3);
    }

    [Fact]
    public void A_text_made_to_waste_work_loses_its_rest()
    {
        RedactionTable table = Secrets.Table("redactions:\n- {id: a.b, title: x, kind: key, pattern: 'aaa[a ]*b', not-after: '', inside-words: true, matches: [aaab], passes: [x]}\n");
        byte[] text = Encoding.UTF8.GetBytes(new string('a', 200_000) + " sits here");
        Redactor redactor = new(table);
        string output = Encoding.UTF8.GetString(redactor.Whole(text)!);
        Assert.True(redactor.Withheld);
        Assert.EndsWith("[redacted rest]", output, StringComparison.Ordinal);
        Assert.DoesNotContain("sits", output, StringComparison.Ordinal);
        Assert.Equal("[redacted rest]", Encoding.UTF8.GetString(redactor.Whole(new byte[Redactor.ShortText + 1])!));
        Assert.Null(redactor.Whole("text"u8));
        Assert.Equal("[redacted key a.b]", Encoding.UTF8.GetString(redactor.Whole("aaab"u8)!));
    }

    [Fact]
    public void A_bundle_without_formats_changes_nothing()
    {
        RedactionTable none = new(Policies.Bare);
        Assert.False(none.IsThere);
        Assert.False(none.CoversOutput);
        Assert.Equal(Secrets.PemKey, Secrets.With(none, Secrets.PemKey));
        Redactor redactor = new(none);
        redactor.Feed("AKIA"u8);
        redactor.End();
        Assert.Equal("AKIA", Encoding.UTF8.GetString(redactor.Output.Written));
    }

    /// <summary>Bytes that are not UTF-8 are bytes: a password in an old encoding is a password.</summary>
    [Fact]
    public void Bytes_that_are_no_text_are_redacted_too()
    {
        byte[] text = [.. "export DB_PASSWORD=Zk4m"u8, 0xE4, 0xFF, .. "P9qLx2 rest"u8];
        Assert.Equal("export DB_PASSWORD=[redacted password variable.secret] rest", Encoding.UTF8.GetString(new Redactor(Secrets.Shipped).Whole(text)!));
    }
}
