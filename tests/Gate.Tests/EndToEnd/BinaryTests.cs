using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>The file itself, and where it starts: without a dynamic linker, an environment, or much room.</summary>
[Trait("needs", "binary")]
public class BinaryTests
{
    [Fact]
    public void Binary_needs_no_dynamic_linker_and_carries_its_rules()
    {
        ClientPrograms.NeedGate();
        byte[] bytes = File.ReadAllBytes(ClientPrograms.Gate);
        Assert.Equal([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1], bytes[..6]);
        long table = BitConverter.ToInt64(bytes, 32);
        int size = BitConverter.ToUInt16(bytes, 54), count = BitConverter.ToUInt16(bytes, 56);
        for (int i = 0; i < count; i++)
        {
            // 2: PT_DYNAMIC, 3: PT_INTERP.
            uint type = BitConverter.ToUInt32(bytes, (int)table + (i * size));
            Assert.NotInRange(type, 2u, 3u);
        }

        Assert.True(bytes.AsSpan(bytes.Length - 16).SequenceEqual("gate built-in 1\0"u8), "the rules at the end were stripped");
    }

    [Fact]
    public void Copy_without_its_rules_says_so_and_denies()
    {
        using GateScratch scratch = GateScratch.Bare();
        string copy = Path.Combine(scratch.Root, "stripped");
        byte[] bytes = File.ReadAllBytes(ClientPrograms.Gate);
        File.WriteAllBytes(copy, bytes[..^32]);
        scratch.Program("chmod", "+x", copy);
        GateAnswer hook = GateProcess.Run([copy, "hook", "claude-code"], input => input.Write(GateScratch.Bytes(scratch.Bash("ls"))), scratch.Work, scratch.Environment);
        Assert.Equal("deny", hook.Decision);
        Assert.Contains("bundle", hook.Errors, StringComparison.Ordinal);
        GateAnswer init = GateProcess.Run([copy, "init"], null, scratch.Work, scratch.Environment);
        Assert.Equal(1, init.ExitCode);
        Assert.Contains("install/build", init.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_rules_inside_the_binary_deny()
    {
        using GateScratch scratch = GateScratch.Bare();
        string copy = Path.Combine(scratch.Root, "damaged");
        byte[] bytes = File.ReadAllBytes(ClientPrograms.Gate);
        long offset = BitConverter.ToInt64(bytes, bytes.Length - 32), length = BitConverter.ToInt64(bytes, bytes.Length - 24);
        for (long at = offset + 1024; at < offset + length; at += 1024)
            bytes[at + 100] ^= 1;
        File.WriteAllBytes(copy, bytes);
        scratch.Program("chmod", "+x", copy);
        foreach (string command in new[] { "ls", "touch x", "git push -f" })
        {
            GateAnswer hook = GateProcess.Run([copy, "hook", "claude-code"], input => input.Write(GateScratch.Bytes(scratch.Bash(command))), scratch.Work, scratch.Environment);
            Assert.True(hook.Decision == "deny" && hook.Errors.Contains("changed after it was signed", StringComparison.Ordinal), $"{command}: {hook}");
        }
    }

    [Fact]
    public void Home_is_the_only_thing_it_needs_around_it()
    {
        using GateScratch scratch = GateScratch.Wired();
        byte[] payload = GateScratch.Bytes(scratch.Bash("git push --force"));
        Dictionary<string, string> home = new() { ["HOME"] = scratch.Home };
        GateAnswer bare = GateProcess.Run([ClientPrograms.Gate, "hook", "claude-code"], input => input.Write(payload), "/", home);
        Assert.Equal("deny", bare.Decision);
        GateAnswer none = GateProcess.Run(["/usr/bin/env", "-i", ClientPrograms.Gate, "hook", "claude-code", "--home", scratch.Home], input => input.Write(payload), "/", home);
        Assert.Equal("deny", none.Decision);
        Assert.Equal(2, scratch.Rows().Count);
        GateAnswer version = GateProcess.Run(["/usr/bin/env", "-i", ClientPrograms.Gate, "--version"], null, "/", home);
        Assert.Equal(0, version.ExitCode);
        Assert.Equal(0, GateProcess.Run([ClientPrograms.Gate, "status"], null, scratch.Work, home).ExitCode);
    }

    [Fact]
    public void Environment_takes_no_part_in_a_decision()
    {
        using GateScratch scratch = GateScratch.Wired();
        JsonObject push = scratch.Bash("git push --force");
        byte[] before = scratch.Hook(push).Bytes;
        string[] names =
        [
            "GATE_PROFILE", "GATE_DISABLE", "GATE_BUNDLE", "CLAUDE_PROJECT_DIR", "TMPDIR", "SQLITE_TMPDIR", "LD_PRELOAD", "LANG", "DOTNET_gcServer", "DOTNET_GCHeapHardLimit",
            "DOTNET_GCRegionSize", "DOTNET_DbgEnableMiniDump", "DOTNET_GCgen0size", "dotnet_GCHeapHardLimit", "COMPlus_GCHeapHardLimit",
        ];
        foreach (string name in names)
        {
            foreach (string value in new[] { "1", "ffffffffffffffff", "" })
            {
                scratch.Environment[name] = value;

                // Each time another session: the same call again and again would be told so.
                push["session_id"] = $"{name}={value}";
                GateAnswer answer = scratch.Hook(push);
                Assert.True(before.AsSpan().SequenceEqual(answer.Bytes), $"{name}={value}: {answer}");
                Assert.Equal(0, scratch.Gate("status").ExitCode);
                scratch.Environment.Remove(name);
            }
        }
    }

    /// <summary>The stack is found without asking the kernel; where there is little of it, deep input is refused or judged, never a crash.</summary>
    [Theory]
    [InlineData("ulimit -s 256", false)]
    [InlineData("ulimit -S -s 256", true)]
    [InlineData("ulimit -s 512", true)]
    [InlineData("ulimit -s 1024", true)]
    [InlineData("ulimit -s 8192", true)]
    [InlineData("ulimit -s unlimited", true)]
    [InlineData("ulimit -v 2000000", true)]
    [InlineData("ulimit -v 600000", true)]
    public void Small_limits_and_deep_input_get_an_answer(string limit, bool roomy)
    {
        using GateScratch scratch = GateScratch.Wired();
        string json = string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500);
        (string Name, byte[] Payload, string Decision)[] calls =
        [
            ("plain", GateScratch.Bytes(scratch.Bash("git status")), "allow"),
            ("denied", GateScratch.Bytes(scratch.Bash("git push --force")), "deny"),
            ("deep json", Encoding.UTF8.GetBytes(scratch.Call("mcp__a__b", new JsonObject { ["deep"] = "DEEP" }).ToJsonString().Replace("\"DEEP\"", json, StringComparison.Ordinal)), "ask"),
            .. Deep(scratch, 199),
        ];
        foreach ((string name, byte[] payload, string decision) in calls)
        {
            GateAnswer answer = scratch.Shell($"{limit}; exec \"$@\"", payload);
            string given = answer.Decision;
            // A function that is never called does nothing, however deep its body.
            bool defined = name.StartsWith("f()", StringComparison.Ordinal) && given == "allow";
            Assert.True(given == decision || defined || (decision.Length == 0 && given is "ask" or "deny") || (!roomy && given == "deny"), $"{limit}, {name}: {answer}");
        }

        scratch.AssertChain();
    }

    [Fact]
    public void Nesting_past_every_limit_is_never_allowed_and_never_a_crash()
    {
        using GateScratch scratch = GateScratch.Wired();
        foreach (int depth in new[] { 250, 2_000, 50_000 })
        {
            foreach ((string name, byte[] payload, _) in Deep(scratch, depth))
            {
                GateAnswer answer = scratch.Hook(payload);
                Assert.True(answer.Decision is "ask" or "deny", $"{depth} × {name}: {answer}");
            }
        }
    }

    // A command that is never allowed, at the bottom of every shape that can hold one.
    private static IEnumerable<(string Name, byte[] Payload, string Decision)> Deep(GateScratch scratch, int depth)
    {
        (string Open, string Close)[] shapes =
        [
            ("( ", ")"), ("$(", ")"), ("{ ", "; }"), ("if ", "; then true; fi"), ("\"$(", ")\""), ("echo <(", ")"), ("! ", ""), ("a | ", ""), ("a && ", ""), ("${a:-$(", ")}"),
            ("$(( $(", ") ))"), ("case x in x) ", ";; esac"), ("f() { ", "; }"), ("[[ $(", ") ]]"), ("while ", "; do true; done"), ("a[$(", ")]=x"), ("x=(", ")"), ("cat <<< $(", ")"),
        ];
        foreach ((string open, string close) in shapes)
        {
            string command = string.Concat(Enumerable.Repeat(open, depth)) + "rm -rf /" + string.Concat(Enumerable.Repeat(close, depth));
            yield return ($"{open} … {close}", GateScratch.Bytes(scratch.Bash(command)), "");
        }
    }
}
