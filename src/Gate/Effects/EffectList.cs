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
        IsFull &= kept > Maximum;
    }

    /// <summary>Whatever else is found is not noted.</summary>
    public bool IsFull { get; private set; }

    private void AddLimit(Gate.Text.Span span)
    {
        IsFull = true;
        if (Count == _effects.Length)
            Array.Resize(ref _effects, Count * 2);
        _effects[Count++] = new Effect { Verb = Verb.Opaque, Kind = Kind.None, Span = span, Why = $"the call has more than {Maximum} effects" };
    }

    /// <summary>The same effects, and in front of them those of the other list that are not among them.</summary>
    public EffectList Behind(EffectList other)
    {
        EffectList both = new();
        foreach (Effect effect in other.All)
        {
            if (!Has(effect))
                both.Add(effect);
        }

        // What was found first is never lost to the limit.
        both._effects = [.. both.All, .. All];
        both.Count = both._effects.Length;
        return both;
    }

    private bool Has(Effect effect)
    {
        for (int i = 0; i < Count; i++)
        {
            Effect one = _effects[i];
            bool same = one.Verb == effect.Verb && one.Kind == effect.Kind && one.Class == effect.Class && one.Attributes == effect.Attributes && one.Why == effect.Why && one.Words.Length == effect.Words.Length
                && one.Target.AsSpan().SequenceEqual(effect.Target) && one.Program.AsSpan().SequenceEqual(effect.Program) && one.Subcommand.AsSpan().SequenceEqual(effect.Subcommand) && one.Wrappers.Length == effect.Wrappers.Length;
            for (int word = 0; same && word < one.Words.Length; word++)
                same = one.Words[word].AsSpan().SequenceEqual(effect.Words[word]);
            if (same)
                return true;
        }

        return false;
    }

    public void Add(Effect effect)
    {
        if (IsFull)
            return;
        if (Count == Maximum)
        {
            AddLimit(effect.Span);
            return;
        }

        if (Count == _effects.Length)
            Array.Resize(ref _effects, Count * 2);
        _effects[Count++] = effect;
    }
}
