using System;
using Gate.Effects;
using Gate.Policy;
using Gate.Store;

namespace Gate;

/// <summary>The steps of sequences that one call makes: what it completes, and what it leaves for later calls of its session.</summary>
internal sealed class SequenceSteps
{
    private readonly Sequences _sequences;
    private readonly Effect[] _effects;
    private readonly CallFacts _facts;
    private readonly byte[] _session;
    private readonly long _action, _now;
    private readonly uint _first, _last;

    public SequenceSteps(Sequences sequences, Effect[] effects, CallFacts facts, ReadOnlySpan<byte> session, StoredStanding stored, ReadOnlySpan<byte> request, long now)
    {
        (_sequences, _effects, _facts, _session, _now) = (sequences, effects, facts, session.ToArray(), now);
        _action = stored.SessionActions + 1;
        _last = sequences.Last(effects, facts, stored.LastCall == GateStore.CallOf(request) ? stored.Repeats : 0);
        _first = sequences.First(effects, facts);
    }

    private long Oldest => _action - _sequences.MaximumCalls;

    /// <summary>What the call completes, given what its session did before; null where it has no last step at all.</summary>
    public Completed[]? Completed(GateStore store) => _last == 0 ? null : _sequences.Of(_last, _effects, _facts, store.ReadFacts(_session, Oldest), _action, _now);

    /// <summary>Keeps the first steps of a call that was not denied; true where they count only when it comes back.</summary>
    public bool Leave(GateStore store, Outcome outcome, long row)
    {
        if (_first == 0 || outcome == Outcome.Deny)
            return false;
        bool asked = outcome == Outcome.Ask;
        store.AddFacts(_session, _sequences.Leaves(_first, _effects, _facts, _action, _now), row, ran: !asked, Oldest);
        return asked;
    }
}
