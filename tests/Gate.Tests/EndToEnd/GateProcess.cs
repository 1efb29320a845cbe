using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>What one run of the binary gave back.</summary>
internal sealed record GateAnswer(int ExitCode, byte[] Bytes, string Errors)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    /// <summary>What an agent would read: <c>silent</c>, <c>allow</c>, <c>ask</c> or <c>deny</c>. Fails where the answer is not one that every agent honours.</summary>
    public string Decision
    {
        get
        {
            Assert.True(ExitCode is 0 or 2, $"not an answer: {this}");
            if (Bytes.Length == 0)
            {
                Assert.True(ExitCode == 0, $"a refusal without a document: {this}");
                return "silent";
            }

            using JsonDocument document = JsonDocument.Parse(Bytes);
            JsonElement root = document.RootElement;
            Assert.Equal(JsonValueKind.Object, root.ValueKind);
            AssertNoNull(root);
            string decision = root.TryGetProperty("hookSpecificOutput", out JsonElement own) && own.TryGetProperty("permissionDecision", out JsonElement said)
                ? said.GetString()!
                : root.TryGetProperty("decision", out JsonElement block) ? block.GetString()! : "allow";
            Assert.Equal(decision is "deny" or "block", ExitCode == 2);
            Assert.Equal(ExitCode == 2, Errors.Length > 0 && !Errors.StartsWith("Gate lets", StringComparison.Ordinal));
            return decision;
        }
    }

    /// <summary>The reason in the document, where there is one.</summary>
    public string Reason
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(Bytes);
            JsonElement own = document.RootElement.GetProperty("hookSpecificOutput");
            return own.TryGetProperty("permissionDecisionReason", out JsonElement reason) ? reason.GetString()! : own.GetProperty("additionalContext").GetString()!;
        }
    }

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Errors}";

    private static void AssertNoNull(JsonElement element)
    {
        Assert.NotEqual(JsonValueKind.Null, element.ValueKind);
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (JsonProperty property in element.EnumerateObject())
            AssertNoNull(property.Value);
    }
}

/// <summary>Runs the published binary, or a shell around it, with exactly the environment that is given.</summary>
internal static class GateProcess
{
    /// <summary>No call of a test takes longer than this on a busy machine, unless the test says so.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="program">The program and its arguments.</param>
    /// <param name="feed">Writes standard input; what it leaves open is closed after it.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="environment">The whole environment.</param>
    /// <param name="limit">Past this the process is killed and the test fails.</param>
    /// <param name="deaf">Closes the reading end of standard output before anything is fed.</param>
    public static GateAnswer Run(IReadOnlyList<string> program, Action<Stream>? feed, string folder, IReadOnlyDictionary<string, string> environment, TimeSpan? limit = null, bool deaf = false)
    {
        ProcessStartInfo start = new(program[0])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        for (int i = 1; i < program.Count; i++)
            start.ArgumentList.Add(program[i]);
        start.Environment.Clear();
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        using MemoryStream output = new(), errors = new();
        if (deaf)
            process.StandardOutput.Close();

        // Threads of their own: tests that wait keep the pool's busy, and what is fed late looks like a slow gate.
        Thread[] pipes =
        [
            new(() => Feed(process.StandardInput, feed)), new(() => process.StandardError.BaseStream.CopyTo(errors)),
            new(() =>
            {
                if (!deaf)
                    process.StandardOutput.BaseStream.CopyTo(output);
            }),
        ];
        Array.ForEach(pipes, pipe => pipe.Start());
        if (!process.WaitForExit(limit ?? Limit))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            Assert.Fail($"{string.Join(' ', program)} did not end within {(limit ?? Limit).TotalSeconds} s");
        }

        Assert.True(Array.TrueForAll(pipes, pipe => pipe.Join(Limit)), $"{string.Join(' ', program)} ended and left its pipes open");
        return new GateAnswer(process.ExitCode, output.ToArray(), Encoding.UTF8.GetString(errors.ToArray()));
    }

    private static void Feed(StreamWriter input, Action<Stream>? feed)
    {
        try
        {
            feed?.Invoke(input.BaseStream);
            input.Close();
        }
        catch (IOException)
        {
            // The program ended or refused before it read everything; its answer says so.
        }
    }
}
