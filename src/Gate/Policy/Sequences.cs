using System;
using Gate.Bundles;
using Gate.Effects;
using Gate.Text;

namespace Gate.Policy;

/// <summary>That a session made a first step: in which call, of which sequence, with what, when.</summary>
/// <param name="Action">The call's number in its session, from 1.</param>
/// <param name="Key">The sequence's key.</param>
/// <param name="Object">A hash of the path; 0 where the sequence asks for none, or the path is not known.</param>
/// <param name="Time">Milliseconds since 1970.</param>
public readonly record struct Fact(long Action, long Key, long Object, long Time);

/// <summary>A sequence that a call would complete.</summary>
/// <param name="Rule">Its number among the rules.</param>
/// <param name="Effect">The effect that is its last step.</param>
public readonly record struct Completed(int Rule, int Effect);

/// <summary>
/// The sequences of a bundle: a first step in an earlier call, then a last step in this one. A sequence is a rule with its outcome; it only tightens.
/// The section: u32 count, u32 the most calls that any looks back; then for each u16 rule, u16 times, u8 same (1: path), u8 repeats, u16 zero, u32 key, u32 calls,
/// u32 seconds, u32 verbs of the first step, u32 verbs of the last (bits), u32 places of both conditions: u16 length, then the code.
/// </summary>
public sealed class Sequences
{
    /// <summary>More sequences than this are refused at build: a call's steps are bits of one number.</summary>
    public const int Maximum = 32;

    /// <summary>So many paths of one call are remembered for one sequence; past it any path counts.</summary>
    public const int MaximumObjects = 16;

    public const int Size = 36, Head = 8;

    private readonly Bundle _bundle;
    private readonly int _at;

    public Sequences(Bundle bundle)
    {
        _bundle = bundle;
        (_at, _) = bundle.Find(Section.Sequences);
        Count = _at == 0 ? 0 : (int)bundle.Word(_at);
    }

    public int Count { get; }

    /// <summary>Facts of calls further back are of no use to any sequence.</summary>
    public long MaximumCalls => Count == 0 ? 0 : _bundle.Word(_at + 4);

    /// <summary>The key of a sequence: the same in every bundle.</summary>
    public static long KeyOf(ReadOnlySpan<byte> id) => KeyTable.Fold(Fnv.Hash(id));

    /// <summary>Which sequences have their first step among the effects, as bits.</summary>
    public uint First(ReadOnlySpan<Effect> effects, CallFacts facts) => Steps(effects, facts, 20, 28, repeats: -1);

    /// <summary>Which have their last one there. Those that wait for a call to be repeated only count from their number of repetitions on.</summary>
    /// <param name="effects">Of this call.</param>
    /// <param name="facts">About this call.</param>
    /// <param name="repeats">How often the session made this very call just before.</param>
    public uint Last(ReadOnlySpan<Effect> effects, CallFacts facts, long repeats) => Steps(effects, facts, 24, 32, repeats);

    /// <summary>What this call completes, given the facts of the calls before it.</summary>
    /// <param name="last">What <see cref="Last"/> said.</param>
    /// <param name="effects">Of this call.</param>
    /// <param name="facts">About this call.</param>
    /// <param name="known">Facts of this session, of calls that ran.</param>
    /// <param name="action">This call's number in its session.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public Completed[] Of(uint last, ReadOnlySpan<Effect> effects, CallFacts facts, ReadOnlySpan<Fact> known, long action, long now)
    {
        Completed[] completed = [];
        for (int i = 0; i < Count; i++)
        {
            if ((last >> i & 1) == 0)
                continue;
            int record = RecordOf(i);
            for (int e = 0; e < effects.Length; e++)
            {
                if (!Holds(record + 32, effects[e], facts) || (!Repeats(record) && !Preceded(record, effects[e], known, action, now)))
                    continue;
                completed = [.. completed, new Completed(_bundle.Half(record), e)];
                break;
            }
        }

        return completed;
    }

    /// <summary>The facts that this call would leave.</summary>
    public Fact[] Leaves(uint first, ReadOnlySpan<Effect> effects, CallFacts facts, long action, long now)
    {
        Fact[] left = [];
        for (int i = 0; i < Count; i++)
        {
            if ((first >> i & 1) == 0)
                continue;
            int record = RecordOf(i), objects = 0;
            bool paths = _bundle.Byte(record + 4) != 0;
            foreach (Effect effect in effects)
            {
                if (!Holds(record + 28, effect, facts))
                    continue;
                bool known = paths && objects < MaximumObjects;
                left = [.. left, new Fact(action, _bundle.Word(record + 8), known ? ObjectOf(effect) : 0, now)];
                objects++;
                if (!known)
                    break;
            }
        }

        return left;
    }

    private static long ObjectOf(Effect effect) => effect.Target.Length == 0 ? 0 : (long)(Fnv.Hash(effect.Target) | 1);

    // Strictly before: in an earlier call. A clock that went back makes no fact old; the number of calls bounds it all the same.
    private bool Preceded(int record, Effect effect, ReadOnlySpan<Fact> known, long action, long now)
    {
        long key = _bundle.Word(record + 8), calls = _bundle.Word(record + 12), milliseconds = _bundle.Word(record + 16) * 1000L, wanted = ObjectOf(effect);
        bool paths = _bundle.Byte(record + 4) != 0;
        if (paths && wanted == 0)
            return false;
        int times = _bundle.Half(record + 2), found = 0;
        long counted = -1;
        foreach (Fact fact in known)
        {
            if (fact.Key != key || fact.Action >= action || action - fact.Action > calls || now - fact.Time > milliseconds || fact.Action == counted || (paths && fact.Object != 0 && fact.Object != wanted))
                continue;
            counted = fact.Action;
            found++;
        }

        return found >= times;
    }

    private uint Steps(ReadOnlySpan<Effect> effects, CallFacts facts, int verbsAt, int conditionAt, long repeats)
    {
        uint steps = 0;
        for (int i = 0; i < Count; i++)
        {
            int record = RecordOf(i);
            if (Repeats(record) && repeats < _bundle.Half(record + 2))
                continue;
            uint verbs = _bundle.Word(record + verbsAt);
            foreach (Effect effect in effects)
            {
                if ((verbs >> (int)effect.Verb & 1) == 0 || !Holds(record + conditionAt, effect, facts))
                    continue;
                steps |= 1U << i;
                break;
            }
        }

        return steps;
    }

    private bool Repeats(int record) => _bundle.Byte(record + 5) != 0;

    private int RecordOf(int number) => _at + Head + (number * Size);

    private bool Holds(int reference, Effect effect, CallFacts facts)
    {
        int place = (int)_bundle.Word(reference);
        return place != 0 && Condition.Holds(_bundle.At(place + 2, _bundle.Half(place)), effect, facts, _bundle);
    }
}
