using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Gate.Tests.EndToEnd;

/// <summary>
/// A stand-in for the model API on the loopback interface: it follows a script of tool calls and keeps what the client sends.
/// It is the client's HTTP proxy as well and refuses as such, so a call to any other host is seen and goes nowhere.
/// </summary>
internal sealed class ClientApi : IAsyncDisposable
{
    private const int MostRequests = 100;
    private const int MostHeaderBytes = 64 * 1024;
    private const int MostBodyBytes = 16 * 1024 * 1024;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly IReadOnlyList<ClientTurn> turns;
    private readonly ConcurrentQueue<JsonElement> conversation = new();
    private readonly ConcurrentQueue<string> log = new();
    private readonly ConcurrentQueue<string> elsewhere = new();
    private readonly CancellationTokenSource stop;
    private readonly Task accepting;

    public ClientApi(IReadOnlyList<ClientTurn> turns, TimeSpan limit)
    {
        this.turns = turns;
        stop = new CancellationTokenSource(limit);
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>The bodies of the conversation's requests, in order.</summary>
    public IReadOnlyList<JsonElement> Conversation => [.. conversation];

    /// <summary>Other hosts the client wanted to reach.</summary>
    public IReadOnlyList<string> Elsewhere => [.. elsewhere];

    /// <summary>One line per request, and what went wrong with it; for the message of a failed test.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>What the client told the model about each call, from its last request.</summary>
    public Dictionary<string, ClientResult> Results() => conversation.IsEmpty ? [] : ClientScript.Results(conversation.Last());

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (open.Count < MostRequests)
            {
                open.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
            log.Enqueue($"stopped listening after {MostRequests} requests");
            listener.Stop();
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed or out of time: the normal end.
        }
        await Task.WhenAll(open);
    }

    /// <summary>One connection is one request; the answer closes it. Slower than keeping it open, and nothing to get wrong.</summary>
    private async Task ServeAsync(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                NetworkStream stream = connection.GetStream();
                (string method, string target, byte[] body) = await ReadAsync(stream);
                log.Enqueue($"{method} {target} {body.Length}");
                await AnswerAsync(stream, method, target, body);
            }
            catch (Exception problem)
            {
                // The client hung up, or sent what this does not understand: the test reads about it.
                log.Enqueue($"  {problem.GetType().Name}: {problem.Message}");
            }
        }
    }

    private async Task<(string Method, string Target, byte[] Body)> ReadAsync(NetworkStream stream)
    {
        byte[] header = new byte[MostHeaderBytes];
        int filled = 0;
        int end;
        while ((end = header.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int read = await stream.ReadAsync(header.AsMemory(filled), stop.Token);
            filled += read > 0 ? read : throw new InvalidDataException("the request ended in its header");
        }
        string[] lines = Encoding.ASCII.GetString(header, 0, end).Split("\r\n");
        string[] first = lines[0].Split(' ');
        const string lengthName = "content-length:";
        string? length = lines.FirstOrDefault(line => line.StartsWith(lengthName, StringComparison.OrdinalIgnoreCase));
        int size = length is null ? 0 : int.Parse(length.AsSpan(lengthName.Length));
        if (size > MostBodyBytes)
        {
            throw new InvalidDataException($"a body of {size} bytes");
        }
        byte[] body = new byte[size];
        int already = Math.Min(filled - (end + 4), size);
        header.AsSpan(end + 4, already).CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(already), stop.Token);
        return (first[0], first[1], body);
    }

    private async Task AnswerAsync(NetworkStream stream, string method, string target, byte[] body)
    {
        if (method == "CONNECT" || target.StartsWith("http", StringComparison.Ordinal))
        {
            elsewhere.Enqueue($"{method} {target}");
            await SendAsync(stream, "403 Forbidden", "text/plain", "");
            return;
        }
        string path = target.Split('?')[0];
        if (method == "POST" && path == "/v1/messages")
        {
            await SpeakAsync(stream, JsonDocument.Parse(body).RootElement.Clone());
            return;
        }
        bool counting = path.EndsWith("/count_tokens", StringComparison.Ordinal);
        await SendAsync(stream, "200 OK", "application/json", method == "HEAD" ? "" : counting ? """{"input_tokens":11}""" : "{}");
    }

    private async Task SpeakAsync(NetworkStream stream, JsonElement request)
    {
        ClientTurn? turn = null;
        if (ClientScript.IsConversation(request))
        {
            conversation.Enqueue(request);
            turn = ClientScript.Next(turns, request);
            turn?.Before?.Invoke();
            await Task.Delay(turn?.Wait ?? TimeSpan.Zero, stop.Token);
        }
        bool streamed = request.TryGetProperty("stream", out JsonElement wish) && wish.ValueKind == JsonValueKind.True;
        await (streamed
            ? SendAsync(stream, "200 OK", "text/event-stream", ClientScript.Stream(turn))
            : SendAsync(stream, "200 OK", "application/json", ClientScript.Message(turn)));
    }

    private async Task SendAsync(NetworkStream stream, string status, string type, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        string header = $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(header), stop.Token);
        await stream.WriteAsync(body, stop.Token);
    }
}
