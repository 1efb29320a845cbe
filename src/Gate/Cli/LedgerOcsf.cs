using System;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>
/// A ledger row as one OCSF event: API Activity (class 6003, category 6) with the security control profile, schema 1.3. What OCSF has no place
/// for stands under <c>unmapped</c>, the row's hash included, so that an event can be traced to the chain.
/// </summary>
internal static class LedgerOcsf
{
    private const long Class = 6003, Activity = 99;

    public static void Add(ByteBuilder text, LedgerRow row)
    {
        (int action, string named, int disposition, string disposed, int severity, string severe) = Workplace.Text(row.Outcome) switch
        {
            "allow" => (1, "Allowed", 1, "Allowed", 1, "Informational"),
            "deny" => (2, "Denied", 2, "Blocked", 4, "High"),
            "ask" => (99, "Asked", 99, "Asked", 3, "Medium"),
            _ => (3, "Observed", 17, "Logged", 1, "Informational"),
        };
        text.Add("{\"class_uid\":"u8).Add(Class).Add(",\"class_name\":\"API Activity\",\"category_uid\":6,\"category_name\":\"Application Activity\",\"activity_id\":"u8).Add(Activity)
            .Add(",\"activity_name\":"u8).AddJson(row.Event).Add(",\"type_uid\":"u8).Add((Class * 100) + Activity).Add(",\"time\":"u8).Add(row.Time)
            .Add(",\"severity_id\":"u8).Add(severity).Add(",\"severity\":\""u8).Add(severe).Add("\",\"action_id\":"u8).Add(action).Add(",\"action\":\""u8).Add(named)
            .Add("\",\"disposition_id\":"u8).Add(disposition).Add(",\"disposition\":\""u8).Add(disposed);
        text.Add("\",\"metadata\":{\"version\":\"1.3.0\",\"profiles\":[\"security_control\"],\"product\":{\"name\":\"Gate\"},\"uid\":\""u8).AddHex(row.Hash).Add("\",\"sequence\":"u8).Add(row.Sequence)
            .Add(",\"labels\":"u8);
        LedgerJson.AddWords(text, row.Tags);
        text.Add("},\"actor\":{\"app_name\":"u8).AddJson(row.Agent).Add(",\"session\":{\"uid\":"u8).AddJson(row.Session).Add("}},\"api\":{\"operation\":"u8).AddJson(row.Tool)
            .Add(",\"request\":{\"uid\":"u8).AddJson(row.Call).Add("}},\"resources\":[{\"type\":\"worktree\",\"name\":"u8).AddJson(row.Worktree).Add("}],\"message\":"u8).AddJson(row.Preview);
        if (row.Rules.Length > 0)
        {
            int end = row.Rules.AsSpan().IndexOf((byte)' ');
            text.Add(",\"firewall_rule\":{\"uid\":"u8).AddJson(end < 0 ? row.Rules : row.Rules.AsSpan(0, end)).Add("}"u8);
        }

        text.Add(",\"unmapped\":{\"rules\":"u8);
        LedgerJson.AddWords(text, row.Rules);
        text.Add(",\"effects\":"u8).AddJson(row.Effects).Add(",\"zone\":"u8);
        if (row.Zone < 0)
            text.Add("null"u8);
        else
            text.Add(row.Zone);
        text.Add(",\"repository\":"u8).AddJson(row.Repository).Add(",\"completes\":"u8).Add(row.Completes).Add(",\"detail\":"u8).AddJson(row.Detail)
            .Add(",\"latency\":"u8).Add(row.Latency).Add(",\"bundle\":\""u8).AddHex(row.Bundle).Add("\",\"previous\":\""u8).AddHex(row.Previous).Add("\"}}\n"u8);
    }
}
