using System;
using System.Text;
using System.Text.Json.Nodes;
using Gate.Redaction;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Redaction;

/// <summary>The output of tools: texts at any depth, and everything else byte for byte.</summary>
public class OutputRedactionTests
{
    private static string? Of(string json, Redactor? redactor = null) =>
        OutputRedaction.Of(Encoding.UTF8.GetBytes(json), redactor ?? new Redactor(Secrets.Shipped)) is { } output ? Encoding.UTF8.GetString(output) : null;

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"par\"")]
    [InlineData("{\"stdout\":\"par\",\"stderr\":\"\",\"interrupted\":false,\"isImage\":false}")]
    [InlineData("[ {\"type\" : \"text\", \"text\": \"a\\u00e9\\n\"} ]")]
    public void Nothing_to_redact_is_nothing_to_replace(string json) => Assert.Null(Of(json));

    [Fact]
    public void Only_the_text_with_the_secret_changes()
    {
        string before = "{\"stdout\":\"x\\u0020", after = "\\ty\", \"stderr\" : \"\\u00e9\",\"interrupted\":false, \"n\":1.50e3}";
        Assert.Equal("{\"stdout\":\"x [redacted key aws.access-key #HASH]\\u0009y\", \"stderr\" : \"\\u00e9\",\"interrupted\":false, \"n\":1.50e3}",
            System.Text.RegularExpressions.Regex.Replace(Of(before + Secrets.AwsKey + after)!, "#[0-9a-f]{6}", "#HASH"));
    }

    [Fact]
    public void A_key_over_several_lines_is_one_text()
    {
        Redactor redactor = new(Secrets.Shipped);
        JsonNode json = new JsonObject { ["type"] = "text", ["file"] = new JsonObject { ["filePath"] = "/k", ["content"] = $"a\n{Secrets.PemKey}\nb \"{Secrets.Password}\"" } };
        JsonNode output = JsonNode.Parse(Of(json.ToJsonString(), redactor)!)!;
        Assert.Matches(@"^a\n\[redacted private-key pem\.private-key #[0-9a-f]{6}\]\nb ""Zk4mP9qLx2""$", output["file"]!["content"]!.GetValue<string>());
        Assert.Equal("/k", output["file"]!["filePath"]!.GetValue<string>());
        Assert.Equal(1, redactor.CountOf(SecretKind.PrivateKey));
    }

    /// <summary>Whatever goes in, what comes out is JSON of the same shape.</summary>
    [Fact]
    public void The_shape_stays() => Holds.Always(dice =>
    {
        JsonNode? json = Node(dice, 3);
        string? output = Of(json?.ToJsonString() ?? "null");
        return output is null || SameShape(json, JsonNode.Parse(output));
    }, 500);

    private static JsonNode? Node(Dice dice, int depth) => dice.Roll(depth > 0 ? 6 : 4) switch
    {
        0 => null,
        1 => dice.Roll(100),
        2 => dice.Flip(),
        3 => dice.Pick(Secrets.AwsKey, "a \"" + Secrets.GithubToken + "\" é\u0001", "x", "password=" + Secrets.Password, Secrets.PemKey),
        4 => new JsonArray(dice.Many(4, () => Node(dice, depth - 1))),
        _ => new JsonObject { ["a"] = Node(dice, depth - 1), [Secrets.AwsKey] = Node(dice, depth - 1) },
    };

    private static bool SameShape(JsonNode? a, JsonNode? b)
    {
        if (a is JsonObject objectA)
        {
            foreach ((string name, JsonNode? value) in objectA)
            {
                if (!SameShape(value, b![name]))
                    return false;
            }

            return b!.AsObject().Count == objectA.Count;
        }

        if (a is not JsonArray arrayA)
            return a?.GetValueKind() == b?.GetValueKind();
        for (int i = 0; i < arrayA.Count; i++)
        {
            if (!SameShape(arrayA[i], b![i]))
                return false;
        }

        return b!.AsArray().Count == arrayA.Count;
    }

    [Fact]
    public void The_agent_is_told_what_was_taken_and_nothing_of_it()
    {
        Redactor redactor = new(Secrets.Shipped);
        Assert.NotNull(Of($"[\"{Secrets.AwsKey} {Secrets.GithubToken} {Secrets.GithubToken}\"]", redactor));
        string told = Encoding.UTF8.GetString(OutputRedaction.Context(redactor, replaced: true));
        Assert.Contains("(1 key, 2 tokens)", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Secrets.AwsKey[4..], told, StringComparison.Ordinal);
        Assert.Contains("cannot take them out", Encoding.UTF8.GetString(OutputRedaction.Context(redactor, replaced: false)), StringComparison.Ordinal);
    }
}
