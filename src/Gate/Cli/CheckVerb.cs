using System.CommandLine;
using Gate.Policy;

namespace Gate.Cli;

/// <summary><c>gate check 'COMMAND' [--json]</c>: what a command would get; never recorded. Exit 0 allow, 2 deny, 3 ask.</summary>
internal static class CheckVerb
{
    public static Command Create()
    {
        Argument<string> command = new("command") { Description = "A shell command, as one word." };
        Option<bool> json = new("--json") { Description = "One JSON object." };
        Command verb = new("check", "Say what a command would get here, without running or recording it. Exit code 0 allow, 2 deny, 3 ask.") { command, json };
        verb.SetAction(parsed =>
        {
            Rehearsal rehearsal = Rehearsal.Of(parsed.GetValue(command)!);
            if (parsed.GetValue(json))
                Terminal.Raw(rehearsal.Json());
            else
                Terminal.Line($"{Terminal.Outcome(PolicyNames.Of(rehearsal.Decision.Outcome))}  {Reasons.Of(rehearsal.Decision)}");
            return rehearsal.ExitCode;
        });
        return verb;
    }
}
