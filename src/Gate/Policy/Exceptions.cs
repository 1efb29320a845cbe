using Gate.Bundles;
using Gate.Effects;

namespace Gate.Policy;

/// <summary>
/// What lifts a rule for some effects until a moment; signed with the bundle. The records: u16 rule, u16 length of the condition, u32 condition,
/// u64 the moment it ends (milliseconds since 1970), u32 the reason. A rule names its first one, counted from 1; those of one rule follow each other.
/// </summary>
internal static class Exceptions
{
    public const int Size = 20;

    /// <summary>Whether one holds for this effect now; <paramref name="ended"/> is when the last one that would have held ended, else 0.</summary>
    public static bool Lift(RuleSet rules, int rule, int first, Effect effect, CallFacts facts, long now, out long ended)
    {
        ended = 0;
        Bundle bundle = rules.Bundle;
        (int section, int length) = bundle.Find(Section.Exceptions);
        for (int at = section + ((first - 1) * Size); first > 0 && at < section + length && bundle.Half(at) == rule; at += Size)
        {
            if (!Condition.Holds(bundle.At((int)bundle.Word(at + 4), bundle.Half(at + 2)), effect, facts, bundle, doubt: false))
                continue;
            long until = (long)bundle.Long(at + 8);
            if (now > 0 && now < until)
                return true;
            ended = long.Max(ended, until);
        }

        return false;
    }
}
