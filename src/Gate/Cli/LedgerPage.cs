using System;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>One row of the ledger for a person.</summary>
internal static class LedgerPage
{
    public static void Write(LedgerRow row, LedgerRow? completion)
    {
        Line("row", row.Sequence.ToString());
        Line("time", LedgerTime.Shown(row.Time, "yyyy-MM-dd HH:mm:ss.fff zzz"));
        Line("outcome", $"{Terminal.Outcome(Workplace.Text(row.Outcome))}{(row.Zone < 0 ? "" : $", zone {row.Zone} ({Policy.Reasons.ZoneName((int)row.Zone)})")}");
        Text("what", row.Preview);
        Text("effects", row.Effects);
        Text("rules", row.Rules);
        Text("tags", row.Tags);
        Text("detail", row.Detail);
        Line("event", $"{Terminal.Safe(row.Event)} {Terminal.Safe(row.Tool)}{(row.Completes > 0 ? $", completes row {row.Completes}" : "")}");
        Text("call", row.Call);
        Line("session", $"{Terminal.Safe(row.Session)} ({Terminal.Safe(row.Agent)})");
        Text("worktree", row.Worktree);
        Text("repository", row.Repository);
        Line("latency", $"{row.Latency} µs");
        Digest("request", row.Request);
        Digest("bundle", row.Bundle);
        Digest("standing", row.Standing);
        Digest("follows", row.Previous);
        Digest("hash", row.Hash);
        if (completion is not null)
            Line("came back", $"row {completion.Sequence}, {LedgerTime.Shown(completion.Time, "HH:mm:ss.fff")}: {Terminal.Safe(completion.Detail)}");
        else if (row.Outcome.AsSpan().SequenceEqual("allow"u8) || row.Outcome.AsSpan().SequenceEqual("ask"u8))
            Line("came back", Terminal.Doubtful("not (yet): refused by a person, still running, or the agent ended"));
    }

    private static void Text(string name, byte[] text)
    {
        if (text.Length > 0)
            Line(name, Terminal.Safe(text));
    }

    private static void Digest(string name, byte[] digest)
    {
        if (digest.Length > 0)
            Line(name, Terminal.Faint(Hex.Of(digest)));
    }

    private static void Line(string name, string text) => Terminal.Line($"{name,-10} {text}");
}
