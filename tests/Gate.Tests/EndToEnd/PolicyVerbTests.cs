using System;
using System.IO;
using System.Xml.Linq;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>What a person does with policy: look at rules and profiles, go back, and decide whose signatures count.</summary>
[Trait("needs", "binary")]
public class PolicyVerbTests
{
    [Fact]
    public void A_rule_is_shown_with_its_examples_judged_by_what_is_in_force()
    {
        using GateScratch scratch = GateScratch.Wired();
        string shown = scratch.Must("rules", "show", "git.force-push");
        Assert.Contains("outcome   deny, severity critical", shown, StringComparison.Ordinal);
        Assert.Contains("catches   yes  deny    git push -f", shown, StringComparison.Ordinal);
        Assert.Contains("passes    yes  allow   git commit -m", shown, StringComparison.Ordinal);

        GateAnswer wrong = scratch.Gate("rules", "show", "git.force-pus");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("did you mean 'git.force-push'?", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_are_listed_by_tag_and_each_that_is_listed_can_be_shown()
    {
        using GateScratch scratch = GateScratch.Wired();
        using System.Text.Json.JsonDocument listed = System.Text.Json.JsonDocument.Parse(scratch.Must("rules", "list", "--tag", "CWE:78", "--json"));
        Assert.NotEqual(0, listed.RootElement.GetArrayLength());
        foreach (System.Text.Json.JsonElement rule in listed.RootElement.EnumerateArray())
        {
            Assert.Contains("CWE:78", System.Linq.Enumerable.Select(rule.GetProperty("tags").EnumerateArray(), tag => tag.GetString()));
            string shown = scratch.Must("rules", "show", rule.GetProperty("id").GetString()!);
            Assert.Contains($"outcome   {rule.GetProperty("outcome").GetString()}, severity {rule.GetProperty("severity").GetString()}", shown, StringComparison.Ordinal);
            Assert.Contains("\ncatches   yes  ", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("\ncatches   no ", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("\npasses    no ", shown, StringComparison.Ordinal);
        }

        Assert.Equal("[\n]\n", scratch.Must("rules", "list", "--tag", "CWE:79", "--json"));
        Assert.Contains("catches   yes  deny    mcp__postgres__query {\"sql\":\"drop table users\"}", scratch.Must("rules", "show", "mcp.sql-destroy"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_coverage_page_comes_out_of_the_binary()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.StartsWith("# What covers what\n", scratch.Must("rules", "coverage"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_is_shown_and_compared_in_effect()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Contains("zone 2    allow  build", scratch.Must("rules", "show"), StringComparison.Ordinal);
        Assert.Contains("zone 2    ask    build", scratch.Must("rules", "show", "--profile", "enterprise"), StringComparison.Ordinal);
        Assert.Equal("no difference", scratch.Must("rules", "diff", "balanced", "balanced").Trim());
        string diff = scratch.Must("rules", "diff", "balanced", "sandbox");
        Assert.Contains("zone 3 (network)", diff, StringComparison.Ordinal);
        Assert.Contains("deny  -> allow  rm -rf /etc", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("git push -f\n", diff, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("balanced", "npm test", "allow")]
    [InlineData("balanced", "rm -rf ~", "deny")]
    [InlineData("standard", "npm test", "ask")]
    [InlineData("standard", "touch x", "silent")]
    [InlineData("permissive", "curl https://host.test/x -o x", "allow")]
    [InlineData("permissive", "git push --force", "deny")]
    [InlineData("paranoid", "cat README.md", "silent")]
    [InlineData("paranoid", "touch x", "deny")]
    [InlineData("paranoid", "cat /etc/hosts", "deny")]
    [InlineData("coding", "cat .env", "deny")]
    [InlineData("coding", "npm test", "allow")]
    [InlineData("enterprise", "npm test", "ask")]
    [InlineData("enterprise", "git status", "silent")]
    [InlineData("enterprise", "curl https://host.test/x", "deny")]
    [InlineData("sandbox", "git reset --hard", "allow")]
    [InlineData("sandbox", "rm -rf ~", "deny")]
    [InlineData("sandbox", "rm .claude/settings.json", "deny")]
    public void Each_profile_decides_as_it_says(string profile, string command, string outcome)
    {
        using GateScratch scratch = GateScratch.Wired("--profile", profile);
        Assert.Equal(outcome, scratch.Hook(scratch.Bash(command)).Decision);
    }

    [Fact]
    public void Rollback_puts_the_bundle_before_back_in_force()
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Contains("nothing to go back to", scratch.Gate("rules", "rollback").Errors, StringComparison.Ordinal);
        scratch.Must("rules", "build", "--profile", "strict");
        Assert.Equal("ask", scratch.Hook(scratch.Bash("touch x")).Decision);
        scratch.Must("rules", "rollback");
        Assert.Equal("allow", scratch.Hook(scratch.Bash("touch x")).Decision);
        scratch.Must("rules", "rollback");
        Assert.Equal("ask", scratch.Hook(scratch.Bash("touch x")).Decision);
        Assert.Equal(0, scratch.Gate("status").ExitCode);
    }

    [Fact]
    public void A_key_is_rotated_with_an_overlap_and_a_revoked_one_stays_revoked()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Must("key", "create", "old", "--no-passphrase");
        scratch.Must("key", "create", "new", "--no-passphrase");
        scratch.Must("rules", "build", "--key", "old", "--profile", "strict");
        Assert.Equal("ask", scratch.Hook(scratch.Bash("touch x")).Decision);

        GateAnswer unknown = scratch.Gate("key", "revoke", "odl");
        Assert.True(unknown.ExitCode == 1 && unknown.Errors.Contains("gate key show", StringComparison.Ordinal), $"{unknown}");
        scratch.Must("key", "revoke", "old");
        GateAnswer refused = scratch.Hook(scratch.Bash("touch x"));
        Assert.Equal("deny", refused.Decision);
        Assert.Contains("revoked", refused.Reason, StringComparison.Ordinal);

        scratch.Must("rules", "build", "--key", "new", "--profile", "balanced");
        Assert.Equal("allow", scratch.Hook(scratch.Bash("touch x")).Decision);
        Assert.Equal(1, scratch.Gate("rules", "rollback").ExitCode);
        Assert.Equal("allow", scratch.Hook(scratch.Bash("touch x")).Decision);

        string trusted = Array.Find(File.ReadAllLines(Path.Combine(scratch.Configuration, "trust")), line => line.EndsWith(" old", StringComparison.Ordinal))!;
        GateAnswer again = scratch.Gate("key", "trust", trusted.Split(' ')[2], "again");
        Assert.True(again.ExitCode == 1 && again.Errors.Contains("stays revoked", StringComparison.Ordinal), $"{again}");
    }

    [Fact]
    public void A_bundle_is_verified_on_another_machine_with_nothing_but_the_public_key()
    {
        using GateScratch here = GateScratch.Wired(), there = GateScratch.Wired();
        here.Must("key", "create", "operator", "--no-passphrase");
        string bundle = here.PathOf("policy.bundle"), publicKey = here.Must("key", "show").Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        here.Must("rules", "build", "--key", "operator", "--out", bundle);

        Assert.Equal(1, there.Gate("rules", "verify", bundle).ExitCode);
        Assert.StartsWith("whole", there.Must("rules", "verify", bundle, "--key", publicKey), StringComparison.Ordinal);
        Assert.Equal(1, there.Gate("rules", "verify", bundle, "--key", publicKey[..63] + (publicKey[63] == '0' ? '1' : '0')).ExitCode);
        Assert.Contains("64 hexadecimal digits", there.Gate("rules", "verify", bundle, "--key", "abc").Errors, StringComparison.Ordinal);
        there.Must("key", "trust", publicKey, "operator");
        Assert.StartsWith("whole", there.Must("rules", "verify", bundle), StringComparison.Ordinal);
    }

    [Fact]
    public void The_examples_report_is_one_that_build_servers_read()
    {
        using GateScratch scratch = GateScratch.Wired();
        string report = scratch.PathOf("report.xml");
        scratch.Must("rules", "test", "--junit", report);
        XElement suite = XElement.Parse(File.ReadAllText(report));
        Assert.Equal("0", suite.Attribute("failures")!.Value);
        Assert.Equal(suite.Attribute("tests")!.Value, $"{System.Linq.Enumerable.Count(suite.Elements("testcase"))}");
    }

    [Theory]
    [InlineData("gate key trust 00 x")]
    [InlineData("gate key revoke old")]
    [InlineData("gate rules rollback")]
    [InlineData("gate rules build --profile sandbox")]
    public void An_agent_may_do_none_of_it(string command)
    {
        using GateScratch scratch = GateScratch.Wired();
        Assert.Equal("deny", scratch.Hook(scratch.Bash(command)).Decision);
    }
}
