using System;
using Gate.Hooks;
using Gate.Native;
using Gate.Requests;
using Gate.Responses;

namespace Gate;

/// <summary>Picks hook or command line, and turns the outcome into output and an exit code.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length > 0 && arguments[0] == "hook")
        {
            RunHook(arguments);
            return 2;
        }

        return Cli.CommandLine.Run(arguments);
    }

    /// <summary>Ends the process itself: no finalizers, no flushing, nothing after the answer but the store's housekeeping.</summary>
    private static void RunHook(string[] arguments)
    {
        long started = Libc.SteadyMicroseconds();
        Pipeline? pipeline = null;
        Answer answer;
        try
        {
            answer = Answered(arguments, started, out pipeline);
        }
#pragma warning disable CA1031 // The last line of defence: a defect of Gate becomes a refusal, never a crash that lets the call run.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            answer = ClaudeCodeAnswers.PreToolUse(Policy.Outcome.Deny, false, System.Text.Encoding.UTF8.GetBytes($"Gate denies this: a defect in gate itself ({defect.GetType().Name}: {defect.Message}). Please report it; a person can run the command in a terminal."), default);
        }

        bool written = Files.WriteAll(1, answer.Output);
        written &= Files.WriteAll(2, answer.Error);
        try
        {
            pipeline?.Store?.Database.CheckpointIfLong();
        }
#pragma warning disable CA1031 // The answer is out; a failed checkpoint is the next call's to try again.
        catch (Exception)
#pragma warning restore CA1031
        {
            written &= true;
        }

        Libc.Exit(written ? answer.ExitCode : 2);
    }

    private static Answer Answered(string[] arguments, long started, out Pipeline? pipeline)
    {
        pipeline = null;
        string? problem = HookArguments.Read(arguments, out Places? places);
        if (problem is not null)
            return ClaudeCodeAnswers.PreToolUse(Policy.Outcome.Deny, false, System.Text.Encoding.UTF8.GetBytes($"Gate denies this: {problem}"), default);
        byte[]? input = Files.ReadAll(0, Pipeline.MaximumInput, 16384, out int length);
        pipeline = new Pipeline(places!, started);
        return input is null
            ? pipeline.Refuse(new HookInput { Agent = Agent.ClaudeCode, EventName = "unreadable"u8.ToArray() }, length > Pipeline.MaximumInput ? $"the hook input is larger than {Pipeline.MaximumInput >> 20} MiB" : "the hook input cannot be read")
            : pipeline.Hook(input, length);
    }
}
