using System;
using System.CommandLine;
using System.Text;
using Gate.Effects;
using Gate.Policy;
using Gate.Shell;
using Command = System.CommandLine.Command;

namespace Gate.Cli;

/// <summary><c>gate explain 'COMMAND' [--json]</c>: the tree, the effects with their spans, the rules, the decision.</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        Argument<string> command = new("command") { Description = "A shell command, as one word." };
        Option<bool> json = new("--json") { Description = "One JSON object." };
        Command verb = new("explain", "Show how Gate understands a command: syntax tree, effects, rules, decision.") { command, json };
        verb.SetAction(parsed =>
        {
            Rehearsal rehearsal = Rehearsal.Of(parsed.GetValue(command)!);
            if (parsed.GetValue(json))
            {
                Terminal.Raw(rehearsal.Json());
                return 0;
            }

            (byte[] tree, _) = ParseReport.Render(rehearsal.Request.Command!, json: false);
            Terminal.Line(Terminal.Faint("tree"));
            Terminal.SafeLines(tree);
            Terminal.Line(Terminal.Faint("effects"));
            Decision decision = rehearsal.Decision;
            for (int i = 0; i < decision.Effects.Length; i++)
                Show(rehearsal.Request.Command!.Bytes, decision.Effects[i], decision.Zones[i]);
            Terminal.Line(Terminal.Faint("rules"));
            foreach (Policy.Part part in decision.Parts)
                Terminal.Line($"  {Terminal.Outcome(PolicyNames.Of(part.Action))} {part.Rule}: {part.Title}");
            if (decision.Parts.Length == 0)
                Terminal.Line("  none matched; the zone decides");
            Terminal.Line(Terminal.Faint("decision"));
            Terminal.Line($"  {Terminal.Outcome(PolicyNames.Of(decision.Outcome))}  {Reasons.Of(decision)}");
            return 0;
        });
        return verb;
    }

    private static void Show(byte[] text, Effect effect, int zone)
    {
        string chain = effect.Wrappers.Length == 0 ? "" : $"  via {string.Join(" → ", Array.ConvertAll(effect.Wrappers, wrapper => Terminal.Safe(wrapper)))}";
        string program = effect.Program.Length == 0 ? "" : " " + Terminal.Safe(effect.Program);
        Terminal.Line($"  {Terminal.Safe(Encoding.UTF8.GetBytes(effect.ToString()))}{program}  zone {zone} {Reasons.ZoneName(zone)}{chain}{(effect.Why is null ? "" : "  (" + Terminal.Safe(Encoding.UTF8.GetBytes(effect.Why)) + ")")}");
        if (effect.Span.Length == 0 || effect.Span.End > text.Length)
            return;

        // The line the span begins on, with the span underlined.
        int start = effect.Span.Start == 0 ? 0 : text.AsSpan(0, effect.Span.Start).LastIndexOf((byte)'\n') + 1;
        int length = text.AsSpan(start).IndexOf((byte)'\n');
        int end = length < 0 ? text.Length : start + length;
        string before = Terminal.Safe(text.AsSpan(start, effect.Span.Start - start)), under = Terminal.Safe(text.AsSpan(effect.Span.Start, Math.Min(effect.Span.End, end) - effect.Span.Start));
        Terminal.Line("    " + Terminal.Safe(text.AsSpan(start, end - start)));
        Terminal.Line("    " + new string(' ', before.Length) + Terminal.Doubtful(new string('^', Math.Max(1, under.Length))));
    }
}
