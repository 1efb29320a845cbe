using System;
using System.Text;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>
/// A ledger row as a line of CSV (RFC 4180: CRLF, quotes where needed, quotes doubled). A text that a spreadsheet would take for a formula gets an
/// apostrophe before it: commands are written by whoever the ledger guards against.
/// </summary>
internal static class LedgerCsv
{
    public static void AddHeader(ByteBuilder text) =>
        text.Add("sequence,time,agent,session,repository,worktree,tool,event,call,completes,outcome,zone,rules,tags,preview,effects,detail,latency,request,bundle,standing,previous,hash\r\n"u8);

    public static void Add(ByteBuilder text, LedgerRow row)
    {
        text.Add(row.Sequence).Add((byte)',').Add(LedgerJson.Time(row.Time));
        foreach (byte[] field in (ReadOnlySpan<byte[]>)[row.Agent, row.Session, row.Repository, row.Worktree, row.Tool, row.Event, row.Call])
            AddText(text, field);
        text.Add((byte)',');
        if (row.Completes > 0)
            text.Add(row.Completes);
        AddText(text, row.Outcome);
        text.Add((byte)',');
        if (row.Zone >= 0)
            text.Add(row.Zone);
        foreach (byte[] field in (ReadOnlySpan<byte[]>)[row.Rules, row.Tags, row.Preview, row.Effects, row.Detail])
            AddText(text, field);
        text.Add((byte)',').Add(row.Latency);
        foreach (byte[] digest in (ReadOnlySpan<byte[]>)[row.Request, row.Bundle, row.Standing, row.Previous, row.Hash])
            text.Add((byte)',').AddHex(digest);
        text.Add("\r\n"u8);
    }

    private static void AddText(ByteBuilder text, ReadOnlySpan<byte> field)
    {
        text.Add((byte)',');
        bool formula = field.Length > 0 && field[0] is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@' or (byte)'\t' or (byte)'\r' or (byte)'\n';
        if (!formula && field.IndexOfAny(",\"\r\n"u8) < 0 && field.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0)
        {
            text.Add(field);
            return;
        }

        text.Add((byte)'"');
        if (formula)
            text.Add((byte)'\'');
        while (field.Length > 0)
        {
            // Broken UTF-8 becomes U+FFFD: what is written can always be read.
            _ = Rune.DecodeFromUtf8(field, out Rune rune, out int length);
            text.Add(rune.Value == '"' ? "\"\"" : rune.ToString());
            field = field[length..];
        }

        text.Add((byte)'"');
    }
}
