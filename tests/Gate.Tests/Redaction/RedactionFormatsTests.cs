using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Gate.Compiler;
using Gate.Policy;
using Gate.Redaction;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Redaction;

/// <summary>redactions.yaml: that it is read strictly, that its examples hold, and that ordinary files stay as they are.</summary>
public class RedactionFormatsTests
{
    public const string Good = "redactions:\n- {id: a.b, title: x, kind: key, pattern: 'abc[0-9]{4}', matches: [abc1234], passes: [abc]}\n";

    [Fact]
    public void There_are_many_formats_of_every_kind_each_with_examples()
    {
        Assert.True(Secrets.Formats.Count >= 75);
        Assert.Equal(Enum.GetValues<SecretKind>(), Secrets.Formats.Select(format => format.Kind).Distinct().Order());
        foreach (FormatModel format in Secrets.Formats)
        {
            Assert.Contains(Secrets.Examples, example => example.Id == format.Id && example.Matches);
            Assert.Contains(Secrets.Examples, example => example.Id == format.Id && !example.Matches);
        }
    }

    [Fact]
    public void The_examples_hold()
    {
        PolicyModel model = Policies.Shipped();
        Assert.Empty(RedactionTester.Run(model, model.Profiles["balanced"]).Where(result => !result.Passed).Select(result => $"{result.Example.Line} {result.Example.Id}: {result.Example.Text} gave {result.Shown}"));
    }

    [Fact]
    public void An_example_that_does_not_hold_fails()
    {
        List<RedactionTester.Result> results = Run(Good.Replace("passes: [abc]", "passes: [abc, abc9999]", StringComparison.Ordinal).Replace("matches: [abc1234]", "matches: [abc1234, xbc1234, {in: abc1234, out: abc1234}, {in: [a, bc1234], out: '[redacted key a.b]'}]", StringComparison.Ordinal));
        Assert.Equal([true, false, false, true, true, false], results.Select(result => result.Passed));
        Assert.False(RedactionTester.Run(Policies.Shipped(), Policies.Balanced).Count == 0);
    }

    private static List<RedactionTester.Result> Run(string text) => RedactionTester.Run(Policies.Whole(Policies.File("redactions.yaml", text)), Policies.Balanced);

    [Theory]
    [InlineData("id: a.b", "id: ab", "an id is two or more words")]
    [InlineData("kind: key", "kind: kay", "did you mean 'key'")]
    [InlineData("kind: key, ", "", "the key 'kind' is missing")]
    [InlineData("title: x, ", "", "'title' is missing")]
    [InlineData("kind: key", "kind: key, chekcs: [luhn]", "did you mean 'checks'")]
    [InlineData("kind: key", "kind: key, checks: [luna]", "did you mean 'luhn'")]
    [InlineData("kind: key", "kind: key, checks: [luhn, iban, jwt, cpf, nir]", "4 checks at most")]
    [InlineData("kind: key", "kind: key, checks: [{entropy: 300}]", "from 0 to 255")]
    [InlineData("'abc[0-9]{4}'", "'[a-z]{10}'", "ways to begin")]
    [InlineData("'abc[0-9]{4}'", "'ab?'", "three bytes at least")]
    [InlineData("'abc[0-9]{4}'", "'(abc)*'", "the empty text matches")]
    [InlineData("'abc[0-9]{4}'", "'abc$'", "'^' and '$' are not possible")]
    [InlineData("'abc[0-9]{4}'", "'abc(?=x)'", "look-around")]
    [InlineData("'abc[0-9]{4}'", "'abc[0-9]{1000}[0-9]{1000}[0-9]{1000}'", "too large")]
    [InlineData("kind: key", "kind: key, not-after: 'a][b'", "between the brackets of a class")]
    [InlineData("kind: key", "kind: key, not-after: a, after: b", "either 'after' or 'not-after'")]
    [InlineData("matches: [abc1234]", "matches: []", "at least one example under 'matches'")]
    [InlineData("passes: [abc]", "passes: [[]]", "an example is a text")]
    [InlineData("redactions:", "placeholder-parts: [short]\nredactions:", "6 to 255 bytes")]
    [InlineData("redactions:", "placeholders: [Upper]\nredactions:", "lower case")]
    [InlineData("redactions:", "redaction: []\nredactions:", "unknown key 'redaction'")]
    public void What_is_wrong_is_said(string good, string bad, string message)
    {
        Policies.Load(out List<string> problems, Policies.File("redactions.yaml", Good.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Contains(problems, problem => problem.StartsWith("redactions.yaml:", StringComparison.Ordinal) && problem.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_id_stands_once() =>
        Assert.Contains("another format 'a.b'", Problem(Good + Good[(Good.IndexOf('\n', StringComparison.Ordinal) + 1)..]), StringComparison.Ordinal);

    private static string Problem(string text)
    {
        Policies.Load(out List<string> problems, Policies.File("redactions.yaml", text));
        return Assert.Single(problems);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("redaction: true\n", true)]
    [InlineData("redaction: false\n", false)]
    public void A_profile_switches_the_output_and_never_the_record(string line, bool covered)
    {
        PolicyModel model = Policies.Whole(Policies.File("redactions.yaml", Good), Policies.File("profiles/a.yaml", "profile: a\n" + line));
        RedactionTable table = new(Policies.Kept(BundleWriter.Write(model, model.Profiles["a"], 0, false, default, null)));
        Assert.True(table.IsThere);
        Assert.Equal(covered, table.CoversOutput);
        Assert.Equal("[redacted key a.b]", Secrets.With(table, "abc1234"));
    }

    [Fact]
    public void Every_shipped_profile_redacts()
    {
        PolicyModel model = Policies.Shipped();
        Assert.All(model.ProfileDetails.Values, profile => Assert.True(profile.Redaction));
    }

    /// <summary>Sources, rules, lock files and test data of this repository: nothing in them is a secret but examples of redaction and of commands that show one.</summary>
    [Fact]
    public void Ordinary_files_stay_as_they_are()
    {
        List<string> changed = [];
        int files = 0;
        foreach (string path in Sources.Files("."))
        {
            if (path.StartsWith('.') || path.Contains("/.", StringComparison.Ordinal) || path.Contains("/obj/", StringComparison.Ordinal) || path.Contains("/bin/", StringComparison.Ordinal) || path.Contains("artifacts/", StringComparison.Ordinal)
                || path.EndsWith("rules/redactions.yaml", StringComparison.Ordinal) || path.Contains("tests/Gate.Tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
                continue;
            byte[] text = File.ReadAllBytes(Sources.PathOf(path));
            if (text.Length > 4 << 20)
                continue;
            files++;
            Redactor redactor = new(Secrets.Shipped) { KeepsFindings = true };
            if (redactor.Whole(text) is null)
                continue;
            foreach (Finding finding in redactor.Findings)
                changed.Add($"{path}: {Encoding.ASCII.GetString(Secrets.Shipped.Id(finding.Format))}: {Encoding.UTF8.GetString(text.AsSpan((int)finding.Offset, finding.Length))}");
        }

        Assert.True(files > 100);
        Assert.Empty(changed);
    }
}
