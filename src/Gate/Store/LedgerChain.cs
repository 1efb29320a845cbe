using System;
using System.Collections.Generic;
using Gate.Native;
using Gate.Text;

namespace Gate.Store;

/// <summary>
/// Checks a ledger in one pass: numbers without gaps, each row's hash, each link to the row before, and whether the chain is the one that the
/// marks (checkpoints, anchor) tell of. A chain alone cannot show that rows were cut off at its end, nor that it was written anew as a whole; the marks do.
/// </summary>
public sealed class LedgerChain
{
    private readonly GateStore _store;
    private readonly LedgerMarks _marks;
    private readonly ByteBuilder _text = new(4096);
    private readonly byte[] _computed = new byte[Sodium.DigestBytes];
    private LedgerDamage? _damage, _fork;
    private byte[] _previous = new byte[Sodium.DigestBytes], _beforePrevious = [];
    private long _last, _agreed;
    private int _nextMark;
    private bool _known;

    private LedgerChain(GateStore store, LedgerMarks marks)
    {
        _store = store;
        _marks = marks;
    }

    /// <summary>Null when the ledger is whole, else the first bad row and what was done to it.</summary>
    /// <param name="store">Opened; writers may go on beside it.</param>
    /// <param name="marks">Read before this call, so that writers beside it cannot be ahead of the rows.</param>
    /// <param name="progress">Told the number of rows now and then.</param>
    /// <param name="count">How many rows are good from the first one on.</param>
    public static LedgerDamage? Verify(GateStore store, LedgerMarks marks, Action<long>? progress, out long count)
    {
        LedgerChain chain = new(store, marks);
        long rows = 0;
        if (marks.Base is { } archived)
            (chain._last, chain._previous, chain._agreed) = (archived.Sequence, archived.Hash, archived.Sequence);
        store.Read(long.MinValue, row =>
        {
            chain.Take(row);
            if (chain._damage is not null)
                return false;
            rows++;
            if (rows % 50_000 == 0)
                progress?.Invoke(rows);
            return true;
        });
        count = rows;
        return chain._damage ?? chain.AtEnd(rows);
    }

    private void Take(LedgerRow row)
    {
        bool follows = row.Sequence == _last + 1 && row.Previous.AsSpan().SequenceEqual(_previous);
        _text.Clear();
        row.Canonical(_text);
        Sodium.Sha256(_text.Written, _computed);
        if (!follows || !row.Hash.AsSpan().SequenceEqual(_computed))
        {
            _damage = LedgerDiagnosis.Of(_store, row, _last, _previous, _beforePrevious, _agreed == _last);
            return;
        }

        // The chain goes on from a row that is not the one that was marked: the marks tell of another chain.
        if (_fork is not null)
        {
            _damage = _fork;
            return;
        }

        (_beforePrevious, _previous, _last) = (_previous, row.Hash, row.Sequence);
        bool marked = false;
        _known = false;
        for (; _nextMark < _marks.Rows.Count && _marks.Rows[_nextMark].Sequence <= row.Sequence; _nextMark++)
        {
            LedgerMark mark = _marks.Rows[_nextMark];
            if (mark.Sequence < row.Sequence)
                continue;
            marked = true;
            if (mark.Hash.AsSpan().SequenceEqual(row.Hash))
                _known = true;
            else
                _fork ??= Forked(row.Sequence);
        }

        if (marked && _fork is null)
            _agreed = row.Sequence;
    }

    private LedgerDamage? AtEnd(long rows)
    {
        long newest = _marks.Rows.Count > 0 ? _marks.Rows[^1].Sequence : 0;
        if (_fork is not null)
        {
            // The last row, and no mark knows it as it is: nobody went on with it.
            return _agreed == _last - 1 && newest == _last && !_known
                ? new(DamageKind.Changed, _last, $"Row {_last} was changed after it was written, and its hash with it.")
                : _fork;
        }

        if (newest > _last)
            return new(DamageKind.Truncated, _last + 1, $"The ledger was cut after row {_last}: row {newest} was written, and is gone.");
        return _marks.Trouble(_last, rows);
    }

    private LedgerDamage Forked(long sequence)
    {
        string since = _agreed == 0 ? "from the beginning" : $"after row {_agreed}";
        return new(DamageKind.Forked, sequence, $"The ledger forks {since}: row {sequence} is not the one that was written first. It was put back to an older state and went on differently, or was written anew.");
    }
}
