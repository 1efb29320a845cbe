using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>What other programs may rely on: the JSON that verbs print, and that a bundle goes from machine to machine by its key.</summary>
[Trait("needs", "binary")]
public class VerbOutputTests
{
    [Theory]
    [InlineData("ls", "allow", 0)]
    [InlineData("git push --force origin main", "deny", 2)]
    [InlineData("git push origin main", "ask", 3)]
    [InlineData("if true", "ask", 3)]
    [InlineData("echo \"\u001b[31m\" \u202e '\"' \\ é", "ask", 3)]
    public void Check_and_explain_give_one_object(string command, string outcome, int code)
    {
        using GateScratch scratch = GateScratch.Wired();
        GateAnswer check = scratch.Gate("check", "--json", "--", command), explain = scratch.Gate("explain", "--json", "--", command);
        Assert.Equal(code, check.ExitCode);
        Assert.Equal(0, explain.ExitCode);
        foreach (JsonElement root in new[] { check.Json, explain.Json })
        {
            Assert.Equal(outcome, root.GetProperty("outcome").GetString());
            Assert.InRange(root.GetProperty("zone").GetInt32(), 0, 6);
            Assert.Equal("balanced", root.GetProperty("profile").GetString());
            Assert.NotEmpty(root.GetProperty("reason").GetString()!);
            Assert.Equal(64, root.GetProperty("bundle").GetString()!.Length);
            foreach (JsonElement rule in root.GetProperty("rules").EnumerateArray())
                Assert.Contains('.', rule.GetProperty("id").GetString()!);
            foreach (JsonElement effect in root.GetProperty("effects").EnumerateArray())
            {
                int[] span = [.. effect.GetProperty("span").EnumerateArray().Select(number => number.GetInt32())];
                Assert.True(span[0] <= span[1] && effect.GetProperty("verb").GetString()!.Length > 0 && effect.GetProperty("kind").GetString()!.Length > 0);
            }
        }

        Assert.Empty(scratch.Rows());
    }

    [Fact]
    public void Ledger_rows_have_the_fields_that_are_promised()
    {
        using GateScratch scratch = GateScratch.Wired();
        scratch.Hook(scratch.Bash("git push --force origin main"));
        scratch.Hook("{}"u8.ToArray());
        foreach (JsonElement row in scratch.Rows())
        {
            foreach (string field in new[] { "sequence", "time", "session", "worktree", "tool", "outcome", "rules", "tags", "zone", "hash" })
                Assert.True(row.TryGetProperty(field, out _), field);
            Assert.True(DateTimeOffset.UtcNow - row.GetProperty("time").GetDateTimeOffset() < TimeSpan.FromMinutes(5));
        }

        JsonElement denied = scratch.Rows()[0];
        Assert.Equal("git.force-push", denied.GetProperty("rules").EnumerateArray().First().GetString());
        Assert.NotEmpty(denied.GetProperty("tags").EnumerateArray());
        Assert.Equal(2, scratch.Gate("ledger", "tail", "--json", "-n", "2").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Status_names_what_is_in_force()
    {
        using GateScratch scratch = GateScratch.Wired("--profile", "strict", "--budget", "guided");
        JsonElement status = scratch.Gate("status", "--json").Json;
        Assert.Equal(scratch.BundleLink, status.GetProperty("bundle").GetProperty("path").GetString());
        Assert.Equal(64, status.GetProperty("bundle").GetProperty("digest").GetString()!.Length);
        Assert.Equal(scratch.Store, status.GetProperty("store").GetProperty("path").GetString());
        Assert.Equal("strict", status.GetProperty("profile").GetString());
        Assert.Equal("guided", status.GetProperty("budget").GetString());
        Assert.Equal("local", status.GetProperty("evaluator").GetString());
        Assert.True(status.GetProperty("wired").GetBoolean());
    }

    [Fact]
    public void Rules_are_listed_as_one_array()
    {
        using GateScratch scratch = GateScratch.Bare();
        JsonElement all = scratch.Gate("rules", "list", "--json").Json, tagged = scratch.Gate("rules", "list", "--json", "--tag", "SOC2:CC8.1").Json;
        Assert.True(all.GetArrayLength() > tagged.GetArrayLength() && tagged.GetArrayLength() > 0);
        foreach (JsonElement rule in all.EnumerateArray())
        {
            foreach (string field in new[] { "id", "pack", "title", "outcome", "severity", "soft", "instead", "tags" })
                Assert.True(rule.TryGetProperty(field, out _), field);
        }

        Assert.Equal(0, scratch.Gate("rules", "list", "--json", "--tag", "NO:SUCH").Json.GetArrayLength());
    }

    [Fact]
    public void Bundle_is_trusted_where_its_key_is()
    {
        using GateScratch mine = GateScratch.Bare(), theirs = GateScratch.Bare();
        mine.Must("key", "create", "team", "--no-passphrase");
        mine.Must("rules", "build", "--key", "team", "--out", "team.bundle");
        string bundle = mine.PathOf("team.bundle"), trust = Path.Combine(theirs.Configuration, "trust");

        Assert.Contains("not trusted", theirs.Gate("rules", "verify", bundle).Errors, StringComparison.Ordinal);
        Directory.CreateDirectory(theirs.Configuration);
        File.Copy(Path.Combine(mine.Configuration, "trust"), trust);
        Assert.Contains("whole", theirs.Must("rules", "verify", bundle), StringComparison.Ordinal);
        File.AppendAllText(trust, File.ReadAllText(trust).Replace("trusted ", "revoked ", StringComparison.Ordinal));
        Assert.Contains("revoked", theirs.Gate("rules", "verify", bundle).Errors, StringComparison.Ordinal);

        Assert.DoesNotContain(Directory.GetFiles(mine.Home, "*", SearchOption.AllDirectories), file => file.EndsWith(".next", StringComparison.Ordinal));
    }

    [Fact]
    public void Init_signs_with_the_only_key_there_is()
    {
        using GateScratch scratch = GateScratch.Bare();
        scratch.Must("key", "create", "--no-passphrase");
        scratch.Must("init");
        string id = scratch.Must("key", "show").Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.Contains(id, scratch.Must("rules", "verify"), StringComparison.Ordinal);
        Assert.Equal("deny", scratch.Hook(scratch.Bash("git push --force")).Decision);
    }
}
