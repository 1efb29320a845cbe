using System;
using System.Globalization;
using System.IO;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Policy of a project and of an operator on top of the shipped one: tightening is free, loosening is named and ends.</summary>
[Trait("needs", "binary")]
public class LayerTests
{
    private const string Rule = "rules:\n- id: acme.no-touch\n  title: This touches what acme keeps\n  when: {program: touch, target: '**/kept'}\n  outcome: deny\n  instead: Leave it.\n  catches: [touch kept]\n  passes: [touch other]\n";

    private static string Project(GateScratch scratch, string text)
    {
        Directory.CreateDirectory(scratch.PathOf(".gate"));
        File.WriteAllText(scratch.PathOf(".gate/policy.yaml"), text);
        return text;
    }

    private static void Operator(GateScratch scratch, string text) => File.WriteAllText(Path.Combine(scratch.Configuration, "policy.yaml"), text);

    private static string Decision(GateScratch scratch, string command) => scratch.Hook(scratch.Bash(command)).Decision;

    [Fact]
    public void A_project_tightens_from_the_next_build_on()
    {
        using GateScratch scratch = GateScratch.Wired();
        Project(scratch, "policy: acme\n" + Rule.Replace("program: touch, target: '**/kept'", "verb: write, kind: path, target: '**/kept'", StringComparison.Ordinal) + "outcomes:\n- {rules: [git.push-protected], outcome: deny}\nthresholds: {auto: 1}\n");
        Assert.Equal("allow", Decision(scratch, "touch kept"));
        Assert.Contains("is not what the bundle was built from", scratch.Gate("status").Output, StringComparison.Ordinal);

        scratch.Must("rules", "build");
        Assert.DoesNotContain("is not what the bundle was built from", scratch.Must("status"), StringComparison.Ordinal);
        Assert.Equal("deny", Decision(scratch, "touch kept"));
        Assert.Equal("allow", Decision(scratch, "touch other"));
        Assert.Equal("deny", Decision(scratch, "git push origin main"));
        Assert.Equal("ask", Decision(scratch, "npm test"));

        File.AppendAllText(scratch.PathOf(".gate/policy.yaml"), "# changed\n");
        Assert.Contains("policy.yaml", scratch.Gate("status", "--json").Json.GetProperty("stale")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outcomes:\n- {rules: [git.force-push], outcome: ask}\n", "'git.force-push' would loosen from deny to ask")]
    [InlineData("outcomes:\n- {rules: ['git.*'], outcome: warn}\n", "would loosen from")]
    [InlineData("exceptions:\n- {rule: git.force-push, when: {always: true}, until: 2099-01-01, reason: x}\n", "a project cannot make exceptions")]
    [InlineData("rules:\n- {id: a.b, title: x, when: {program: git}, outcome: allow, catches: [git push], passes: [ls]}\n", "a project cannot allow")]
    [InlineData("outcomes:\n- {rules: [git.forced-push], outcome: deny}\n", "did you mean 'git.force-push'")]
    [InlineData("threshold: {auto: 1}\n", "did you mean 'thresholds'")]
    public void What_a_project_would_loosen_is_an_error_that_names_it(string text, string message)
    {
        using GateScratch scratch = GateScratch.Wired();
        Project(scratch, "policy: acme\n" + text);
        GateAnswer answer = scratch.Gate("rules", "build");
        Assert.True(answer.ExitCode == 1 && answer.Errors.Contains(message, StringComparison.Ordinal) && answer.Errors.Contains(".gate/policy.yaml:", StringComparison.Ordinal), $"{answer}");
        Assert.Equal("deny", Decision(scratch, "git push --force"));
    }

    [Fact]
    public void An_upper_bound_never_loosens_a_tighter_profile()
    {
        using GateScratch scratch = GateScratch.Wired("--profile", "strict");
        Project(scratch, "policy: acme\nthresholds: {auto: 5, ask: 5}\n");
        scratch.Must("rules", "build");
        Assert.Equal("ask", Decision(scratch, "touch x"));
    }

    [Fact]
    public void An_operators_exception_lifts_one_rule_in_its_scope_until_its_day()
    {
        using GateScratch scratch = GateScratch.Wired();
        string day = DateTime.UtcNow.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string exception = "policy: operator\nexceptions:\n- {rule: git.clean, when: {subcommand: clean}, until: @, reason: The cache is cleaned here.}\n";
        Assert.Equal("deny", Decision(scratch, "git clean -fd"));

        Operator(scratch, exception.Replace("@", day, StringComparison.Ordinal));
        scratch.Must("rules", "build");
        Assert.Equal("ask", Decision(scratch, "git clean -fd"));
        Assert.Equal("deny", Decision(scratch, "git reset --hard"));
        Assert.Equal("deny", Decision(scratch, "git clean -fd; git reset --hard"));

        Operator(scratch, exception.Replace("@", "2026-01-05", StringComparison.Ordinal));
        scratch.Must("rules", "build");
        GateAnswer ended = scratch.Hook(scratch.Bash("git clean -fd"));
        Assert.Equal("deny", ended.Decision);
        Assert.Contains("The exception for this ended on 2026-01-05.", ended.Reason, StringComparison.Ordinal);
        scratch.AssertChain();
    }

    [Fact]
    public void An_exception_does_not_open_the_last_zone()
    {
        using GateScratch scratch = GateScratch.Wired();
        Operator(scratch, "policy: operator\nexceptions:\n- {rule: governance.hook-settings, when: {always: true}, until: 2099-01-01, reason: x}\n");
        scratch.Must("rules", "build");
        Assert.Equal("deny", Decision(scratch, "rm .claude/settings.json"));
    }

    [Theory]
    [InlineData("{rule: git.discrad, when: {always: true}, until: 2099-01-01, reason: x}", "did you mean 'git.discard'")]
    [InlineData("{rule: git.discard, until: 2099-01-01, reason: x}", "needs 'when'")]
    [InlineData("{rule: git.discard, when: {always: true}, until: tomorrow, reason: x}", "2027-01-31")]
    [InlineData("{rule: git.discard, when: {always: true}, reason: x}", "'until' is missing")]
    [InlineData("{rule: git.discard, when: {always: true}, until: 2099-01-01}", "'reason' is missing")]
    public void An_exception_names_rule_scope_end_and_reason(string exception, string message)
    {
        using GateScratch scratch = GateScratch.Wired();
        Operator(scratch, $"policy: operator\nexceptions:\n- {exception}\n");
        GateAnswer answer = scratch.Gate("rules", "build");
        Assert.True(answer.ExitCode == 1 && answer.Errors.Contains(message, StringComparison.Ordinal), $"{answer}");
    }

    [Fact]
    public void An_operators_policy_that_others_may_write_is_refused()
    {
        using GateScratch scratch = GateScratch.Wired();
        Operator(scratch, "policy: operator\n");
        scratch.Program("chmod", "g+w", Path.Combine(scratch.Configuration, "policy.yaml"));
        Assert.Contains("chmod go-w", scratch.Gate("rules", "build").Errors, StringComparison.Ordinal);
    }
}
