using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using Gate.Native;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate ledger verify</c> and <c>gate ledger anchor</c>: the proof, and a piece of it to keep elsewhere.</summary>
internal static class LedgerVerify
{
    /// <summary>How often the marks of the newest rows are looked for, and how long between, in milliseconds.</summary>
    private const int MarkAttempts = 10, MarkWait = 30;

    /// <summary>So many rows at the end may stand without a mark: processes that were killed between row and mark, all at once. The ledger is whole, and the rows are named.</summary>
    public const int MaximumUnmarked = 64;

    public static Command Verify()
    {
        Option<string?> kept = new("--anchor") { Description = "What 'gate ledger anchor' printed some time ago: NUMBER:HASH." }, file = new("--file") { Description = "An archive instead of the ledger." };
        Option<bool> json = new("--json") { Description = "One JSON object." };
        Command command = new("verify", "Check the whole chain against its checkpoints and its anchor. Exit code 1 names the first bad row and what was done.") { kept, file, json };
        command.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            string? archive = parsed.GetValue(file);
            if (archive is not null && !File.Exists(archive))
                throw new CliException($"There is no file '{archive}'.");
            LedgerMark? elsewhere = Kept(parsed.GetValue(kept));
            if (archive is null)
            {
                using GateStore store = Workplace.Store(places);
                return Check(store, places, anchored: true, elsewhere, parsed.GetValue(json));
            }

            try
            {
                using GateStore store = GateStore.Open(Encoding.UTF8.GetBytes(Path.GetFullPath(archive)), create: false);
                return Check(store, places, anchored: false, elsewhere, parsed.GetValue(json));
            }
            catch (StoreException e)
            {
                throw new CliException($"{archive} cannot be read as an archive of the ledger: {e.Message}.", e);
            }
        });
        return command;
    }

    public static Command Anchor()
    {
        Command command = new("anchor", "Print the newest row's number and hash. Kept elsewhere, it proves the ledger up to that row: 'gate ledger verify --anchor'.");
        command.SetAction(_ =>
        {
            using GateStore store = Workplace.Store(Workplace.Places());
            LedgerRow? newest = null;
            store.Read(Math.Max(1, store.LastSequence()), row =>
            {
                newest = row;
                return true;
            });
            if (newest is null)
                throw new CliException("The ledger is empty; there is nothing to anchor yet.");
            Terminal.Line($"{newest.Sequence}:{Hex.Of(newest.Hash)}");
            return 0;
        });
        return command;
    }

    private static int Check(GateStore store, Places places, bool anchored, LedgerMark? elsewhere, bool json)
    {
        // One state of the database from the first checkpoint to the last row; it begins at the first read, after the anchor's.
        store.Database.Execute("BEGIN\0"u8);
        LedgerMarks marks = LedgerMarks.Of(store, places.State, anchored, elsewhere);
        Stopwatch watch = Stopwatch.StartNew();
        bool terminal = !Console.IsErrorRedirected;
        LedgerDamage? damage = LedgerChain.Verify(store, marks, terminal ? rows => Console.Error.Write($"\r{rows} rows ") : null, out long count);
        if (terminal)
            Console.Error.Write("\r                    \r");
        long unmarked = damage is null && anchored ? Unmarked(store, places, elsewhere) : 0;
        string named = unmarked == 0 ? "" : Unanchored(store.LastSequence() - unmarked + 1, store.LastSequence());
        if (unmarked > MaximumUnmarked)
            damage = new LedgerDamage(DamageKind.Unanchored, store.LastSequence() - unmarked + 1, named);
        if (json)
        {
            ByteBuilder text = new(256);
            text.Add("{\"whole\":"u8).Add(damage is null ? "true"u8 : "false"u8).Add(",\"rows\":"u8).Add(count).Add(",\"archived\":"u8).Add(marks.Base?.Sequence ?? 0)
                .Add(",\"checkpoints\":"u8).Add(marks.Checkpoints).Add(",\"anchored\":"u8).Add(marks.Anchored).Add(",\"unanchored\":"u8).Add(unmarked);
            if (damage is not null)
                text.Add(",\"damage\":"u8).AddJson(damage.Name).Add(",\"row\":"u8).Add(damage.Sequence).Add(",\"problem\":"u8).AddJson(damage.Sentence);
            Terminal.Raw(text.Add("}\n"u8).Written);
            return damage is null ? 0 : CommandLine.Failed;
        }

        if (damage is not null)
            throw new CliException($"{damage.Name}: {damage.Sentence}{(damage.Kind == DamageKind.Unanchored ? "" : " Once it is known why, 'gate ledger archive --before now --damaged' puts the old rows away and begins anew.")}");
        Terminal.Line($"{Terminal.Good("whole")}  {count} rows{(marks.Base is { } archived ? $" (after {archived.Sequence} archived)" : "")}, {marks.Checkpoints} checkpoint{(marks.Checkpoints == 1 ? "" : "s")}, anchored up to row {marks.Anchored}, in {watch.ElapsedMilliseconds} ms");
        if (named.Length > 0)
            Terminal.Line(Terminal.Doubtful("unanchored  ") + named);
        return 0;
    }

    // How many rows at the end no mark knows. The marks are read once more, after the rows: a call that runs beside this leaves its own in a moment.
    private static long Unmarked(GateStore store, Places places, LedgerMark? elsewhere)
    {
        long last = store.LastSequence(), known = 0;
        for (int attempt = 0; attempt < MarkAttempts && known < last; attempt++)
        {
            if (attempt > 0)
                Thread.Sleep(MarkWait);
            known = LedgerMarks.Of(store, places.State, anchored: true, elsewhere).Newest;
        }

        return Math.Max(0, last - known);
    }

    private static string Unanchored(long first, long last) =>
        $"{(first == last ? $"Row {first} stands" : $"Rows {first} to {last} stand")} at the end without a mark in the anchor (ledger.anchor): the process that wrote it was killed before it left one, the disk was full, or somebody else appended it. 'gate ledger show {first}' tells what it says; the mark of the next call covers it.";

    private static LedgerMark? Kept(string? text)
    {
        if (text is null)
            return null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        byte[] hash = new byte[Sodium.DigestBytes];
        if (colon < 0 || !long.TryParse(text[..colon], System.Globalization.CultureInfo.InvariantCulture, out long sequence) || !Hex.TryDecode(Encoding.UTF8.GetBytes(text[(colon + 1)..].Trim()), hash))
            throw new CliException($"--anchor '{text}' is not what 'gate ledger anchor' prints (NUMBER:HASH).");
        return LedgerMark.Of(MarkKind.Row, sequence, 0, 0, hash, default);
    }
}
