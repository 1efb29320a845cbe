using System;
using System.Buffers.Binary;
using Gate.Bundles;
using Gate.Effects;

namespace Gate.Policy;

/// <summary>Holds effects against a bundle's rules and combines what matched. Pure: same effects, bundle and standing, same decision.</summary>
public static class Judge
{
    /// <summary>Whether an effect on its own is denied, for who notes effects: a long call keeps those whatever else it leaves out.</summary>
    public static Func<Effect, bool> Denies(CallFacts facts, Bundle bundle, Profile profile) => effect => Decide(new ReadOnlySpan<Effect>(in effect), facts, bundle, profile, default).Outcome == Outcome.Deny;

    public static Decision Decide(ReadOnlySpan<Effect> effects, CallFacts facts, Bundle bundle, in Profile profile, in Standing standing)
    {
        RuleSet rules = new(bundle);
        (int zonesAt, int zonesLength) = bundle.Find(Section.Zones);
        ReadOnlySpan<byte> zoneTable = bundle.At(zonesAt, zonesLength);
        Weight[] weights = new Weight[effects.Length];
        int[] zones = new int[effects.Length];
        Match[] matches = new Match[8];
        int count = 0;
        Standing tightened = standing;
        for (int i = 0; i < effects.Length; i++)
        {
            Effect effect = effects[i];
            zones[i] = ZoneOf(zoneTable, effect, facts, bundle);
            weights[i] = new Weight(zones[i], effect.Verb == Verb.Opaque);
            int before = count;
            Collect(rules, rules.Find(RuleKey.Any), effect, i, facts, standing.Now, ref matches, ref count);
            Collect(rules, rules.Find(RuleKey.OfEffect(effect.Verb, effect.Kind)), effect, i, facts, standing.Now, ref matches, ref count);
            if (effect.Program.Length > 0)
                Collect(rules, rules.Find(RuleKey.OfProgram(effect.Program)), effect, i, facts, standing.Now, ref matches, ref count);
            Collect(rules, rules.Find(RuleKey.OfTool(facts.Tool)), effect, i, facts, standing.Now, ref matches, ref count);
            bool allowed = false;
            for (int m = before; m < count; m++)
            {
                zones[i] = Math.Max(zones[i], matches[m].Zone);
                allowed |= matches[m].Action == Action.Allow;
            }

            // A tool that no rule allows: not laxer than the profile's word for it. A rule that asks lifts no deny.
            if (effect is { Verb: Verb.Opaque, Kind: Kind.Service } && !allowed)
                tightened = standing with { Floor = Combine.Stricter(standing.Floor, profile.UnknownTool) };
        }

        foreach (Completed sequence in standing.Completed ?? [])
        {
            Rule rule = rules[sequence.Rule];
            if (rule.Action != Action.Allow)
                Note(rules, sequence.Rule, rule, effects[sequence.Effect], sequence.Effect, facts, standing.Now, ref matches, ref count);
        }

        foreach (int quiet in standing.Quiet ?? [])
            Quieten(matches.AsSpan(0, count), quiet);

        ReadOnlySpan<Match> matched = matches.AsSpan(0, count);
        (Outcome outcome, int zone) = Combine.Decide(weights, matched, profile, tightened);
        return new Decision
        {
            Outcome = outcome, Zone = zone, Parts = PartsOf(rules, matched), Effects = effects.ToArray(), Zones = zones, Profile = profile, BudgetSpent = standing.BudgetSpent, Budget = standing.Budget, Why = standing.Floor > Outcome.Allow && outcome == standing.Floor ? standing.Why : null,
        };
    }

    /// <summary>The zone table: entries of u8 zone, u16 length, condition; the first that holds counts. None: 5, as far as a machine goes.</summary>
    public static int ZoneOf(ReadOnlySpan<byte> table, Effect effect, CallFacts facts, Bundle bundle)
    {
        while (table.Length > 0)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(table[1..]);
            if (Condition.Holds(table.Slice(3, length), effect, facts, bundle))
                return table[0];
            table = table[(3 + length)..];
        }

        return 5;
    }

    private static void Collect(RuleSet rules, (int Place, int Count) list, Effect effect, int number, CallFacts facts, long now, ref Match[] matches, ref int count)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (!Condition.Holds(rules.ConditionAt(list.Place, i), effect, facts, rules.Bundle))
                continue;
            int rule = rules.NumberAt(list.Place, i);
            if (IsKnown(matches.AsSpan(0, count), rule, number))
                continue;
            Rule candidate = rules[rule];

            // What loosens holds only where it is certain.
            if (candidate.Action == Action.Allow && !Condition.Holds(rules.ConditionAt(list.Place, i), effect, facts, rules.Bundle, doubt: false))
                continue;
            Note(rules, rule, candidate, effect, number, facts, now, ref matches, ref count);
        }
    }

    private static void Note(RuleSet rules, int rule, in Rule candidate, Effect effect, int number, CallFacts facts, long now, ref Match[] matches, ref int count)
    {
        if (count == matches.Length)
            Array.Resize(ref matches, count * 2);
        long ended = 0;
        bool lifted = candidate.FirstException > 0 && Exceptions.Lift(rules, rule, candidate.FirstException, effect, facts, now, out ended);
        matches[count++] = lifted ? new Match(rule, number, Action.Log, -1) : new Match(rule, number, candidate.Action, candidate.Zone, ended);
    }

    // A soft rule that this call's draw keeps quiet.
    private static void Quieten(Span<Match> matches, int rule)
    {
        foreach (ref Match match in matches)
        {
            if (match.Rule == rule && match.Action == Action.Ask)
                match = match with { Action = Action.Log };
        }
    }

    private static bool IsKnown(ReadOnlySpan<Match> matches, int rule, int effect)
    {
        foreach (Match match in matches)
        {
            if (match.Rule == rule && match.Effect == effect)
                return true;
        }

        return false;
    }

    // Strictest first, then by rule number, which is the order of the ids; a rule that matched several effects stands once.
    private static Part[] PartsOf(RuleSet rules, ReadOnlySpan<Match> matches)
    {
        Match[] ordered = new Match[matches.Length];
        int count = 0;
        for (Action action = Action.Deny; ; action--)
        {
            int start = count;
            foreach (Match match in matches)
            {
                if (match.Action != action)
                    continue;
                int at = start;
                while (at < count && ordered[at].Rule < match.Rule)
                    at++;
                if (at < count && ordered[at].Rule == match.Rule)
                    continue;
                Array.Copy(ordered, at, ordered, at + 1, count - at);
                ordered[at] = match;
                count++;
            }

            if (action == Action.Log)
                break;
        }

        Part[] parts = new Part[count];
        for (int i = 0; i < count; i++)
        {
            Rule rule = rules[ordered[i].Rule];
            parts[i] = new Part
            {
                Rule = rule.Id, Title = rule.Title, Instead = rule.Instead, Tags = rule.Tags, Action = ordered[i].Action, Ended = ordered[i].Ended, Severity = rule.Severity, Effect = ordered[i].Effect, Soft = rule.Soft, Number = ordered[i].Rule,
            };
        }

        return parts;
    }
}
