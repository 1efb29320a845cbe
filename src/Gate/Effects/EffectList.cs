using System;

namespace Gate.Effects;

/// <summary>A growing list of effects, bounded: past the limit one opaque effect says that not all was looked at.</summary>
public sealed class EffectList
{
    /// <summary>More effects than any honest call has; a call that has more is not allowed by default.</summary>
    public const int Maximum = 512;

    private Effect[] _effects = new Effect[8];

    public int Count { get; private set; }

    public ReadOnlySpan<Effect> All => _effects.AsSpan(0, Count);

    /// <summary>Drops what was added from a place on, but for what counts.</summary>
    public void Keep(int from, Func<Effect, bool> counts)
    {
        int kept = Math.Min(from, Count);
        for (int i = kept; i < Count; i++)
        {
            if (counts(_effects[i]))
                _effects[kept++] = _effects[i];
        }

        Count = kept;
    }

    public void Add(Effect effect)
    {
        if (Count > Maximum)
            return;
        if (Count == Maximum)
            effect = new Effect { Verb = Verb.Opaque, Kind = Kind.None, Span = effect.Span, Why = $"the call has more than {Maximum} effects" };
        if (Count == _effects.Length)
            Array.Resize(ref _effects, Count * 2);
        _effects[Count++] = effect;
    }
}
