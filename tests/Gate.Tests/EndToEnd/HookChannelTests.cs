using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>The descriptors an agent may give a hook: sockets, files, pipes that nobody reads.</summary>
[Trait("needs", "binary")]
public partial class HookChannelTests
{
    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    /// <summary>As the client does it: one socket for each of the three descriptors, blocking, and no name under /dev that opens.</summary>
    [Fact]
    public void Sockets_are_read_to_their_end_and_answered()
    {
        using GateScratch scratch = GateScratch.Wired();
        (int Near, int Far) input = Pair(), output = Pair(), errors = Pair();
        ProcessStartInfo start = new("bash", ["-c", $"exec \"$@\" <&{input.Far} >&{output.Far} 2>&{errors.Far} {input.Near}>&-", "bash", ClientPrograms.Gate, "hook", "claude-code"]) { WorkingDirectory = scratch.Work };
        start.Environment["HOME"] = scratch.Home;
        using Process process = Process.Start(start)!;
        using (Socket feed = new(new SafeSocketHandle(input.Near, ownsHandle: true)))
        {
            feed.Send(GateScratch.Bytes(scratch.Bash("git push --force origin main")));
            feed.Shutdown(SocketShutdown.Send);
            Assert.True(process.WaitForExit(GateProcess.Limit));
        }

        _ = close(input.Far);
        _ = close(output.Far);
        _ = close(errors.Far);
        GateAnswer answer = new(process.ExitCode, Drain(output.Near), Encoding.UTF8.GetString(Drain(errors.Near)));
        Assert.Equal("deny", answer.Decision);
    }

    [Fact]
    public void Files_serve_as_input_and_output()
    {
        using GateScratch scratch = GateScratch.Wired();
        string input = Path.Combine(scratch.Root, "input"), output = Path.Combine(scratch.Root, "output");
        File.WriteAllBytes(input, GateScratch.Bytes(scratch.Bash("git push --force origin main")));

        GateAnswer answer = scratch.Shell($"exec \"$@\" <{input} >{output}", []);

        Assert.Equal("deny", new GateAnswer(answer.ExitCode, File.ReadAllBytes(output), answer.Errors).Decision);
    }

    [Theory]
    [InlineData("git push --force origin main")]
    [InlineData("git status")]
    public void Answer_that_nobody_reads_blocks(string command)
    {
        using GateScratch scratch = GateScratch.Wired();
        byte[] payload = GateScratch.Bytes(scratch.Bash(command));

        Assert.Equal(2, scratch.Hook(payload, deaf: true).ExitCode);
        Assert.Equal(2, scratch.Shell("exec \"$@\" >&-", payload).ExitCode);
        Assert.Equal(2, scratch.Shell("exec \"$@\" >/dev/full", payload).ExitCode);
        Assert.Equal(2, scratch.Shell("exec \"$@\" >&- 2>&-", payload).ExitCode);
        Assert.Equal(2, scratch.Shell("trap '' PIPE; exec \"$@\" >/dev/full 2>&1", payload).ExitCode);
    }

    [Fact]
    public void Closed_standard_descriptors_are_never_taken_for_the_store()
    {
        using GateScratch scratch = GateScratch.Wired();
        byte[] payload = GateScratch.Bytes(scratch.Bash("git status"));
        foreach (string script in new[] { "exec \"$@\" >&-", "exec \"$@\" 2>&-", "exec \"$@\" >&- 2>&-", "exec \"$@\" <&- >&- 2>&-", "exec \"$@\" <&- 2>&-" })
            _ = scratch.Shell(script, payload);

        scratch.AssertChain();
        Assert.Equal("allow", scratch.Hook(payload).Decision);
        Assert.Equal(0, scratch.Gate("rules", "verify").ExitCode);
    }

    [Fact]
    public void Input_that_never_ends_is_left_to_the_agents_own_limit()
    {
        using GateScratch scratch = GateScratch.Wired();
        using Process process = Process.Start(new ProcessStartInfo(ClientPrograms.Gate, ["hook", "claude-code"]) { RedirectStandardInput = true, WorkingDirectory = scratch.Work, Environment = { ["HOME"] = scratch.Home } })!;
        Assert.False(process.WaitForExit(700));
        TimeSpan spent = process.TotalProcessorTime;
        process.Kill();
        process.WaitForExit();
        Assert.True(spent < TimeSpan.FromMilliseconds(200), $"burned {spent} while waiting");
    }

    private static unsafe (int Near, int Far) Pair()
    {
        int* pair = stackalloc int[2];
        Assert.Equal(0, socketpair(1, 1, 0, pair));
        return (pair[0], pair[1]);
    }

    // The process has ended: what it wrote is all there is.
    private static byte[] Drain(int descriptor)
    {
        using Socket socket = new(new SafeSocketHandle(descriptor, ownsHandle: true)) { ReceiveTimeout = 2000 };
        byte[] buffer = new byte[65536];
        int length = socket.Available == 0 ? 0 : socket.Receive(buffer);
        return buffer[..length];
    }
}
