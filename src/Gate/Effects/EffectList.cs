using System;

namespace Gate.Effects;

/// <summary>
/// A growing list of effects, bounded: past the limit one opaque effect says that not all is noted, and only what is denied still counts.
/// </summary>
/// <param name="denied">Whether an effect on its own is denied; null: nothing is noted past the limit.</param>
public sealed class EffectList(Func<Effect, bool>? denied = null)
{
    /// <summary>More effects than any honest call has; a call that has more is not allowed by default.</summary>
    public const int Maximum = 512;

    /// <summary>Effects past the limit that are noted because they are denied; after so many the answer stands.</summary>
    public const int MaximumDenied = 16;

    // Short lists show everything, long ones do not repeat what stands among the last few.
    private const int Long = 64, Last = 8;

    /// <summary>Whether an effect on its own is denied; null: nobody says.</summary>
    public Func<Effect, bool>? Denied => denied;

    private Effect[] _effects = new Effect[8];
    private int _denied;
    private bool _crowded;

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
        _crowded &= kept > Maximum;
        IsFull &= _crowded;
    }

    /// <summary>Whatever else is found is not noted: there is no need to look on.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Notes one last effect: nothing after it is looked at.</summary>
    public void Close(Effect effect)
    {
        if (IsFull)
            return;
        Append(effect);
        IsFull = true;
        _crowded = true;
    }

    private void Append(Effect effect)
    {
        if (Count == _effects.Length)
            Array.Resize(ref _effects, Count * 2);
        _effects[Count++] = effect;
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

    /// <summary>Notes what the newest write to a path puts there; false where there is none.</summary>
    public bool Fill(ReadOnlySpan<byte> path, byte[] text)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if (_effects[i] is not { Verb: Verb.Write, Kind: Kind.Path } effect || !path.SequenceEqual(effect.Target))
                continue;
            (effect.Written ??= new WrittenText(json: false)).Add(text);
            return true;
        }

        return false;
    }

    private bool Has(Effect effect)
    {
        return Has(effect, 0);
    }

    private bool Has(Effect effect, int from)
    {
        for (int i = from; i < Count; i++)
        {
            Effect one = _effects[i];
            bool same = one.Verb == effect.Verb && one.Kind == effect.Kind && one.Class == effect.Class && one.Attributes == effect.Attributes && one.Why == effect.Why && one.Words.Length == effect.Words.Length
                && one.Target.AsSpan().SequenceEqual(effect.Target) && one.Program.AsSpan().SequenceEqual(effect.Program) && one.Subcommand.AsSpan().SequenceEqual(effect.Subcommand) && one.Wrappers.Length == effect.Wrappers.Length;
            for (int word = 0; same && !ReferenceEquals(one.Words, effect.Words) && word < one.Words.Length; word++)
                same = one.Words[word].AsSpan().SequenceEqual(effect.Words[word]);
            if (same)
                return true;
        }

        return false;
    }

    public void Add(Effect effect)
    {
        if (IsFull || (Count >= Long && Has(effect, Count - Last)))
            return;
        if (Count < Maximum)
        {
            Append(effect);
            return;
        }

        if (!_crowded)
            Append(new Effect { Verb = Verb.Opaque, Kind = Kind.None, Span = effect.Span, Why = $"the call has more than {Maximum} effects" });
        _crowded = true;
        if (denied?.Invoke(effect) == true)
        {
            Append(effect);
            IsFull = ++_denied == MaximumDenied;
        }
    }
}
