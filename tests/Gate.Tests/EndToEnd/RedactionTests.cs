using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gate.Tests.Redaction;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Secrets in what tools print are replaced before the agent sees them, and nothing of a secret reaches the store.</summary>
[Trait("needs", "binary")]
public class RedactionTests
{
    private static JsonObject Came(JsonObject call, JsonNode response)
    {
        JsonObject came = call.DeepClone().AsObject();
        came["hook_event_name"] = "PostToolUse";
        came["tool_response"] = response;
        return came;
    }

    private static void AssertNotKept(GateScratch scratch, params string[] secrets)
    {
        foreach (string file in Directory.GetFiles(scratch.State, "store.db*"))
        {
            string all = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.DoesNotContain(secrets, secret => all.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Output_is_replaced_in_its_own_shape_and_counted()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject call = scratch.Bash("cat notes.txt", "call-1");
        scratch.Hook(call);
        GateAnswer answer = scratch.Hook(Came(call, new JsonObject { ["stdout"] = $"id {Secrets.AwsKey}\n{Secrets.PemKey}", ["stderr"] = "", ["interrupted"] = false }));
        JsonElement own = answer.Json.GetProperty("hookSpecificOutput");
        Assert.Equal("PostToolUse", own.GetProperty("hookEventName").GetString());
        JsonElement output = own.GetProperty("updatedToolOutput");
        Assert.Equal(["stdout", "stderr", "interrupted"], output.EnumerateObject().Select(property => property.Name));
        Assert.Matches(@"^id \[redacted key aws\.access-key #\w{6}\]\n\[redacted private-key pem\.private-key #\w{6}\]$", output.GetProperty("stdout").GetString()!);
        Assert.Contains("1 key, 1 private key", own.GetProperty("additionalContext").GetString()!, StringComparison.Ordinal);
        JsonElement counted = scratch.Rows()[^1].GetProperty("detail").GetProperty("redactions");
        Assert.Equal((1, 1), (counted.GetProperty("key").GetInt32(), counted.GetProperty("private-key").GetInt32()));
        AssertNotKept(scratch, Secrets.AwsKey, Secrets.PemKey[40..80]);
        scratch.AssertChain();
    }

    [Fact]
    public void A_failure_cannot_be_replaced_and_is_warned_of()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject came = scratch.Bash("false", "call-1");
        came["hook_event_name"] = "PostToolUseFailure";
        came["error"] = "Exit code 1\n" + Secrets.GithubToken;
        JsonElement own = scratch.Hook(came).Json.GetProperty("hookSpecificOutput");
        Assert.Equal("PostToolUseFailure", own.GetProperty("hookEventName").GetString());
        Assert.False(own.TryGetProperty("updatedToolOutput", out _));
        Assert.Contains("1 token", own.GetProperty("additionalContext").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain(Secrets.GithubToken, own.GetRawText(), StringComparison.Ordinal);
        AssertNotKept(scratch, Secrets.GithubToken);
    }

    [Fact]
    public void A_broken_store_does_not_let_a_secret_through()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject call = scratch.Bash("cat notes.txt", "call-1");
        scratch.Hook(call);
        File.Delete(scratch.Store);
        GateAnswer answer = scratch.Hook(Came(call, new JsonObject { ["stdout"] = Secrets.AwsKey }));
        Assert.Equal(0, answer.ExitCode);
        Assert.NotEmpty(answer.Errors);
        Assert.DoesNotContain(Secrets.AwsKey, answer.Output, StringComparison.Ordinal);
        Assert.Contains("[redacted key aws.access-key", answer.Json.GetProperty("hookSpecificOutput").GetProperty("updatedToolOutput").GetProperty("stdout").GetString()!, StringComparison.Ordinal);
    }

    /// <summary>Also where a word of the command has nothing before it that would tell what it is, as in the list of effects.</summary>
    [Fact]
    public void Recorded_commands_are_masked()
    {
        using GateScratch scratch = GateScratch.Wired();
        string[] commands =
        [
            $"export DB_PASSWORD={Secrets.Password} && make", $"curl -H 'Authorization: Bearer {Secrets.GithubToken}' https://api.example.org", $"mysql --password={Secrets.Password} -e 'SELECT 1'",
            $"psql postgres://app:{Secrets.Password}@db.example.org/app", $"echo {new string('x', 225)} {Secrets.AwsKey}", $"cat > k <<E\n{Secrets.PemKey}\nE\n", $"touch {Secrets.Password} && mysql --password {Secrets.Password}",
            "printf 'login me password acted' > f",
        ];
        foreach (string command in commands)
            scratch.Hook(scratch.Bash(command));
        scratch.Hook(scratch.Write("a.txt", Secrets.PemKey));
        Assert.Equal(commands.Length + 1, scratch.Rows().Count);
        AssertNotKept(scratch, Secrets.Password, Secrets.GithubToken, Secrets.AwsKey, Secrets.PemKey[40..70], Secrets.AwsKey[..12]);
        Assert.Contains("[redacted password variable.secret]", scratch.Rows()[0].GetProperty("preview").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_without_secrets_is_left_alone()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject call = scratch.Bash("git log", "call-1");
        GateAnswer answer = scratch.Hook(Came(call, new JsonObject { ["stdout"] = "commit 5d41402abc4b2a76b9719d911017c592aaaaaaaa\n", ["stderr"] = "" }));
        Assert.Equal("silent", answer.Decision);
        Assert.False(scratch.Rows()[^1].GetProperty("detail").TryGetProperty("redactions", out _));
    }

    [Fact]
    public void A_profile_may_leave_output_alone_but_not_the_record()
    {
        using GateScratch scratch = GateScratch.Bare();
        string rules = Path.Combine(scratch.Root, "rules");
        foreach (string file in Directory.GetFiles(Support.Sources.PathOf("rules"), "*.yaml", SearchOption.AllDirectories))
        {
            string target = Path.Combine(rules, Path.GetRelativePath(Support.Sources.PathOf("rules"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        File.AppendAllText(Path.Combine(rules, "profiles", "balanced.yaml"), "redaction: false\n");
        scratch.Must("init", "--rules", rules);
        JsonObject call = scratch.Bash($"echo {Secrets.AwsKey}", "call-1");
        scratch.Hook(call);
        Assert.Equal("silent", scratch.Hook(Came(call, new JsonObject { ["stdout"] = Secrets.AwsKey })).Decision);
        AssertNotKept(scratch, Secrets.AwsKey);
    }

    [Fact]
    public void The_verb_prints_the_text_redacted_or_what_was_found()
    {
        using GateScratch scratch = GateScratch.Bare();
        string text = $"one {Secrets.AwsKey}\ntwo\n", file = scratch.PathOf("a.txt");
        File.WriteAllText(file, text);
        Assert.Matches(@"^one \[redacted key aws\.access-key #\w{6}\]\ntwo\n$", scratch.Must("redact", file));
        Assert.Equal(scratch.Must("redact", file), scratch.Run(["redact", "-"], input => input.Write(System.Text.Encoding.UTF8.GetBytes(text))).Output);
        JsonElement found = JsonDocument.Parse(scratch.Must("redact", "--json", file)).RootElement.GetProperty("redactions")[0];
        Assert.Equal("{\"id\":\"aws.access-key\",\"kind\":\"key\",\"offset\":4,\"length\":20}", found.GetRawText());
        Assert.Equal(1, scratch.Gate("redact", scratch.PathOf("none")).ExitCode);
    }
}
