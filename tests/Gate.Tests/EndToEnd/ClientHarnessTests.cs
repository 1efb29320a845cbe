using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>The harness itself, without the client: what it promises about an unruly one.</summary>
[Collection(ClientCollection.Name)]
public class ClientHarnessTests
{
    private const string Asking = """{"tools":[{"name":"Bash"}],"messages":[{"role":"user","content":"go"}]}""";

    private static readonly ClientTurn[] Turns = [new(ClientCall.Bash("toolu_only", "true"))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_repeated_gets_the_same_turn_and_an_answered_one_the_end()
    {
        await using var api = new ClientApi(Turns, TimeSpan.FromSeconds(20));
        const string answered = """
            {"tools":[{"name":"Bash"}],"messages":[{"role":"user","content":[
                {"type":"tool_result","tool_use_id":"toolu_only","is_error":true,"content":"no"}]}]}
            """;

        Assert.Equal("tool_use", await StopReasonAsync(api, Asking));
        Assert.Equal("tool_use", await StopReasonAsync(api, Asking));
        Assert.Equal("end_turn", await StopReasonAsync(api, answered));
        Assert.Equal(new ClientResult(true, "no"), api.Results()["toolu_only"]);
        Assert.Equal(3, api.Conversation.Count);
    }

    [Fact]
    public async Task Side_requests_are_answered_and_are_no_part_of_the_conversation()
    {
        await using var api = new ClientApi(Turns, TimeSpan.FromSeconds(20));
        using var http = new HttpClient { BaseAddress = api.Address };

        Assert.Equal("end_turn", await StopReasonAsync(api, """{"messages":[{"role":"user","content":"a title, please"}]}"""));
        using var nothing = new StringContent("{}");
        using HttpResponseMessage count = await http.PostAsync(new Uri("/v1/messages/count_tokens", UriKind.Relative), nothing, Token);
        using HttpResponseMessage other = await http.GetAsync(new Uri("/anything", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.OK, count.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Empty(api.Conversation);
    }

    [Fact]
    public async Task Other_hosts_are_refused_and_named()
    {
        await using var api = new ClientApi(Turns, TimeSpan.FromSeconds(20));
        using var handler = new HttpClientHandler { Proxy = new WebProxy(api.Address) };
        using var http = new HttpClient(handler);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("https://example.invalid/"), Token));

        Assert.Equal(["CONNECT example.invalid:443"], api.Elsewhere);
    }

    [Fact]
    public async Task Program_past_its_limit_is_killed_with_its_children()
    {
        string pids = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var clock = Stopwatch.StartNew();

        ProgramOutcome outcome = await ClientRun.RunAsync(
            "sh", ["-c", $"sleep 60 & echo $! > {pids}; wait"], Path.GetTempPath(), Path.GetTempPath(), TimeSpan.FromSeconds(2));

        Assert.Equal(ProgramOutcome.Killed, outcome.ExitCode);
        int child = int.Parse(await File.ReadAllTextAsync(pids, Token));
        File.Delete(pids);
        // The signal is sent; on a busy machine the child dies a moment later.
        while (IsRunning(child) && clock.Elapsed < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(20, Token);
        }
        Assert.False(IsRunning(child));
    }

    /// <summary>A zombie is dead: it only waits for whoever inherited it.</summary>
    private static bool IsRunning(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/status").Contains("State:\tZ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<string?> StopReasonAsync(ClientApi api, string body)
    {
        using var http = new HttpClient { BaseAddress = api.Address };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri("/v1/messages?beta=true", UriKind.Relative), content, Token);
        using JsonDocument message = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        return message.RootElement.GetProperty("stop_reason").GetString();
    }
}
