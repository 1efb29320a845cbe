using System;
using System.Collections.Generic;

namespace Gate.Store;

/// <summary>Everything that is known of a ledger beside its rows: checkpoints in the database, the anchor, marks that were kept elsewhere.</summary>
public sealed class LedgerMarks
{
    private readonly List<LedgerMark> _anchored = [], _checkpoints = [];
    private LedgerDamage? _false;
    private bool _anchorMissing;

    private LedgerMarks()
    {
    }

    /// <summary>Genuine marks above the archived rows, by sequence.</summary>
    public List<LedgerMark> Rows { get; } = [];

    /// <summary>The checkpoint that stands for archived rows, null where none were.</summary>
    public LedgerMark? Base { get; private set; }

    /// <summary>The newest row that the anchor knows, 0 where it knows none.</summary>
    public long Anchored { get; private set; }

    /// <summary>The newest row that any mark knows, archived ones among them; 0 where none does.</summary>
    public long Newest => Rows.Count > 0 ? Rows[^1].Sequence : Base?.Sequence ?? 0;

    public int Checkpoints => _checkpoints.Count;

    /// <summary>Reads the marks of a store. Read them before the rows.</summary>
    /// <param name="store">The ledger.</param>
    /// <param name="keyFolder">Where the key is; an archive's is the store's it came from.</param>
    /// <param name="anchored">False for an archive, which has no anchor of its own.</param>
    /// <param name="kept">A mark from elsewhere, or null.</param>
    public static LedgerMarks Of(GateStore store, ReadOnlySpan<byte> keyFolder, bool anchored = true, LedgerMark? kept = null)
    {
        LedgerMarks marks = new();
        byte[] key = LedgerAnchor.Key(keyFolder);

        // A writer may be in the middle of a slot; a second look sees it whole.
        List<LedgerMark>? found = anchored ? LedgerAnchor.Read(store.Folder) : [];
        if (found is not null && found.Exists(mark => !mark.IsGenuine(key)))
            found = LedgerAnchor.Read(store.Folder);
        marks._anchorMissing = found is null;
        foreach (LedgerMark mark in store.ReadCheckpoints())
        {
            if (!mark.IsGenuine(key))
                marks._false ??= new(DamageKind.Changed, mark.Sequence, $"The checkpoint of row {mark.Sequence} was changed, or ledger.key is not the key it was made with.");
            else if (mark.Kind == MarkKind.Archive)
                marks.Base = mark;
            else
                marks._checkpoints.Add(mark);
        }

        foreach (LedgerMark mark in found ?? [])
        {
            if (mark.IsGenuine(key))
                marks._anchored.Add(mark);
            else
                marks._false ??= new(DamageKind.Changed, mark.Sequence, $"The anchor (ledger.anchor) was changed where it tells of row {mark.Sequence}.");
        }

        long from = marks.Base?.Sequence ?? 0;
        foreach (LedgerMark mark in (ReadOnlySpan<LedgerMark>)[.. marks._anchored, .. marks._checkpoints])
        {
            marks.Anchored = Math.Max(marks.Anchored, mark.Sequence);
            if (mark.Sequence > from)
                marks.Rows.Add(mark);
        }

        if (kept is not null && kept.Sequence > from)
            marks.Rows.Add(kept);
        marks.Rows.Sort((one, other) => one.Sequence.CompareTo(other.Sequence));
        return marks;
    }

    /// <summary>What is wrong with the marks themselves, where the chain is whole.</summary>
    internal LedgerDamage? Trouble(long last, long rows)
    {
        if (_false is not null)
            return _false;
        if (_anchorMissing && rows > 0)
            return new(DamageKind.Unanchored, last, "The anchor (ledger.anchor, beside the store) is missing, so it cannot be known whether rows were cut off at the end. 'gate init' makes a new one.");
        int at = 0;
        foreach (LedgerMark mark in Rows)
        {
            // Both lists are in order.
            while (at < _checkpoints.Count && _checkpoints[at].Sequence < mark.Sequence)
                at++;
            if (mark.Kind is MarkKind.Count or MarkKind.SessionEnd && (at == _checkpoints.Count || _checkpoints[at].Sequence != mark.Sequence))
                return new(DamageKind.Removed, mark.Sequence, $"The checkpoint of row {mark.Sequence} is gone from the store; the anchor still has it.");
        }

        return null;
    }
}
