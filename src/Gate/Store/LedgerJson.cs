using System;
using Gate.Text;

namespace Gate.Store;

/// <summary>A ledger row as one line of JSON. The names are part of the command line's contract.</summary>
public static class LedgerJson
{
    public static void Add(ByteBuilder text, LedgerRow row)
    {
        text.Add("{\"sequence\":"u8).Add(row.Sequence).Add(",\"time\":\""u8).Add(Time(row.Time)).Add("\""u8);
        Field(text, "agent", row.Agent);
        Field(text, "session", row.Session);
        Field(text, "repository", row.Repository);
        Field(text, "worktree", row.Worktree);
        Field(text, "tool", row.Tool);
        Field(text, "event", row.Event);
        Field(text, "call", row.Call);
        if (row.Completes > 0)
            text.Add(",\"completes\":"u8).Add(row.Completes);
        Field(text, "outcome", row.Outcome);
        text.Add(",\"zone\":"u8);
        if (row.Zone < 0)
            text.Add("null"u8);
        else
            text.Add(row.Zone);
        List(text, "rules", row.Rules);
        List(text, "tags", row.Tags);
        Field(text, "preview", row.Preview);
        Field(text, "effects", row.Effects);
        if (row.Detail.Length > 0)
            text.Add(",\"detail\":"u8).Add(row.Detail);
        HexField(text, "request", row.Request);
        HexField(text, "bundle", row.Bundle);
        HexField(text, "standing", row.Standing);
        text.Add(",\"latency\":"u8).Add(row.Latency);
        HexField(text, "previous", row.Previous);
        HexField(text, "hash", row.Hash);
        text.Add("}\n"u8);
    }

    /// <summary>A row's time in UTC; the bare number where a damaged row holds what is no time.</summary>
    public static string Time(long milliseconds) => milliseconds is < -62_135_596_800_000 or > 253_402_300_799_999
        ? milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    private static void Field(ByteBuilder text, string name, byte[] value) => text.Add(",\"").Add(name).Add("\":").AddJson(value);

    private static void HexField(ByteBuilder text, string name, byte[] value) => text.Add(",\"").Add(name).Add("\":\"").AddHex(value).Add("\"");

    private static void List(ByteBuilder text, string name, byte[] words)
    {
        text.Add(",\"").Add(name).Add("\":");
        AddWords(text, words);
    }

    /// <summary>Words with one space between as a JSON list.</summary>
    public static void AddWords(ByteBuilder text, byte[] words)
    {
        text.Add("["u8);
        ReadOnlySpan<byte> rest = words;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)' ');
            text.AddJson(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (rest.Length > 0)
                text.Add((byte)',');
        }

        text.Add("]");
    }
}
