using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Gate.Effects;
using Gate.Policy;
using Action = Gate.Policy.Action;

namespace Gate.Compiler;

/// <summary>
/// Warnings about conditions that are in order by themselves and yet cannot be meant: one that holds for nothing, one for effects that nothing known makes,
/// one behind another that decides alone. What is said here is so; not all that is so is found.
/// </summary>
internal static class RuleChecks
{
    /// <summary>Variables that the conditions of one policy may ask for.</summary>
    public const int MaximumVariables = 64;

    /// <summary>Things that conditions may ask whether a person said them.</summary>
    public const int MaximumFacts = 64;

    /// <summary>What programs do beside what knowledge says of them: by their words, the code they are given, the files they work on.</summary>
    private static readonly (Verb Verb, Kind Kind)[] s_ofGate =
    [
        (Verb.Read, Kind.Path), (Verb.Write, Kind.Path), (Verb.Delete, Kind.Path), (Verb.ChangeMode, Kind.Path), (Verb.Fetch, Kind.Host), (Verb.Send, Kind.Host), (Verb.Listen, Kind.Host),
        (Verb.Run, Kind.Code), (Verb.Opaque, Kind.Code), (Verb.Opaque, Kind.None), (Verb.Opaque, Kind.Service), (Verb.Change, Kind.Service), (Verb.Read, Kind.Memory), (Verb.Read, Kind.Data),
        (Verb.Change, Kind.Data), (Verb.Destroy, Kind.Data), (Verb.Touch, Kind.System), (Verb.Publish, Kind.History), (Verb.Rewrite, Kind.History), (Verb.Discard, Kind.History), (Verb.Change, Kind.History),
        (Verb.Install, Kind.Package),
    ];

    public static int Pair(Verb verb, Kind kind) => ((int)verb << 8) | (int)kind;

    /// <summary>Whether some call has an effect of this verb and kind, by what is known of programs.</summary>
    public static bool Occurs(PolicyModel model, Verb verb, Kind kind) => model.Knowledge?.Pairs.Contains(Pair(verb, kind)) == true || Array.IndexOf(s_ofGate, (verb, kind)) >= 0;

    /// <summary>Checks the zones and all rules of packs and profiles.</summary>
    public static void All(PolicyModel model, Problems problems)
    {
        Dictionary<string, int> automata = [];
        List<ConditionTree> zones = model.Zones.ConvertAll(zone => ConditionTree.Of(zone.When, automata));
        for (int i = 0; i < zones.Count; i++)
        {
            CheckReach(model, zones[i], "this entry", model.Zones[i].File, model.Zones[i].Line, problems);
            int first = zones.FindIndex(zone => Implication.Holds(zones[i], zone));
            if (first < i)
                Warn(problems, model.Zones[i].File, model.Zones[i].Line, $"this entry never counts: the one in line {model.Zones[first].Line} holds whenever it would");
            foreach (ConditionTree part in zones[i].All())
            {
                if (part.Test is Test.Environment or Test.Context)
                    problems.Add(new SourceProblem(model.Zones[i].File, model.Zones[i].Line, 1, "a zone cannot ask for the environment or the context: where it is not known, neither answer would be the stricter one"));
                if (part.Test == Test.Session)
                    problems.Add(new SourceProblem(model.Zones[i].File, model.Zones[i].Line, 1, "a zone cannot ask for what a person said of the session: where that is not known, neither answer would be the stricter one"));
            }
        }

        List<RuleModel> rules = [.. model.Rules];
        foreach (ProfileModel profile in model.ProfileDetails.Values)
            rules.AddRange(profile.Rules);
        Rules(model, rules, model.Rules, problems);
    }

    /// <summary>Checks some rules against all that stand with them.</summary>
    public static void Rules(PolicyModel model, List<RuleModel> rules, List<RuleModel> among, Problems problems)
    {
        Dictionary<string, int> automata = [];
        HashSet<string> variables = [], facts = [];

        // By a program that they ask for; under "" those for any. Only the ones for a rule's own programs, or for any, can hold whenever it does.
        Dictionary<string, List<(RuleModel Rule, ConditionTree Tree)>> denies = new() { [""] = [] };
        foreach (RuleModel rule in among)
        {
            if (rule.Action != Action.Deny)
                continue;
            ConditionTree tree = ConditionTree.Of(rule.When, automata);
            foreach (string program in ConditionReach.Of(tree).Programs ?? [""])
            {
                if (!denies.TryGetValue(program, out List<(RuleModel, ConditionTree)>? list))
                    denies[program] = list = [];
                list.Add((rule, tree));
            }
        }

        foreach (RuleModel rule in rules)
        {
            ConditionTree tree = ConditionTree.Of(rule.When, automata);
            CheckReach(model, tree, $"rule '{rule.Id}'", rule.File, rule.Line, problems);
            foreach (ConditionTree part in tree.All())
            {
                if (part.Test == Test.Environment && variables.Add(Convert.ToHexString(part.Variable)) && variables.Count == MaximumVariables + 1)
                    problems.Add(new SourceProblem(rule.File, rule.Line, 1, $"the rules ask for more than {MaximumVariables} variables of the environment"));
                foreach (byte[] fact in part.Test == Test.Session ? part.Texts() : [])
                {
                    if (facts.Add(Convert.ToHexString(fact)) && facts.Count == MaximumFacts + 1)
                        problems.Add(new SourceProblem(rule.File, rule.Line, 1, $"the rules ask for more than {MaximumFacts} things that a person may say of a session"));
                }
            }

            if (model.Contexts.Length == 0 && Array.Exists([.. tree.All()], part => part.Test == Test.Context))
                problems.Add(new SourceProblem(rule.File, rule.Line, 1, $"rule '{rule.Id}' asks for a context, and there is no contexts.yaml that says what one is"));

            // A rule that asks or allows behind one that denies decides nothing; what warns and logs still does.
            if (rule.Action is not (Action.Ask or Action.Allow))
                continue;
            List<(RuleModel Rule, ConditionTree Tree)> candidates = [.. denies[""]];
            foreach (string program in ConditionReach.Of(tree).Programs ?? [])
            {
                candidates.AddRange(denies.GetValueOrDefault(program) ?? []);
                break;
            }

            foreach ((RuleModel deny, ConditionTree before) in candidates)
            {
                if ((deny.Level <= 0 || deny.Level == rule.Level) && Implication.Holds(tree, before))
                    Warn(problems, rule.File, rule.Line, $"rule '{rule.Id}' decides nothing: '{deny.Id}' ({deny.File}:{deny.Line}) denies whatever it matches");
            }
        }

        CheckTwins(rules, automata, problems);
    }

    private static void CheckReach(PolicyModel model, ConditionTree tree, string what, string file, long line, Problems problems)
    {
        ConditionReach reach = ConditionReach.Of(tree);
        if (reach.IsEmpty)
        {
            Warn(problems, file, line, $"{what} can never hold: its parts contradict each other");
            return;
        }

        // Without knowledge nothing is known of what programs do.
        if (model.Knowledge is null or { Programs.Count: 0 })
            return;
        for (int pair = 0; pair < Names.VerbCount * Names.KindCount; pair++)
        {
            (int verb, int kind) = (pair / Names.KindCount, pair % Names.KindCount);
            if ((reach.Verbs >> verb & 1) != 0 && (reach.Kinds >> kind & 1) != 0 && Occurs(model, (Verb)verb, (Kind)kind))
                return;
        }

        Warn(problems, file, line, $"{what} is about effects that cannot occur: no program and no tool that is known does that to that kind of thing");
    }

    private static void CheckTwins(List<RuleModel> rules, Dictionary<string, int> automata, Problems problems)
    {
        Dictionary<string, RuleModel> seen = [];
        foreach (RuleModel rule in rules)
        {
            string key = $"{rule.Action} {rule.Level} {rule.Pack} {Text(ConditionTree.Of(rule.When, automata))}";
            if (!seen.TryAdd(key, rule))
                Warn(problems, rule.File, rule.Line, $"rule '{rule.Id}' has the same condition and outcome as '{seen[key].Id}' ({seen[key].File}:{seen[key].Line})");
        }
    }

    private static string Text(ConditionTree tree) => $"{(int)tree.Test}({(tree.Children.Length == 0 ? Convert.ToHexString(tree.Rest) : string.Join(',', Array.ConvertAll(tree.Children, Text)))})";

    private static void Warn(Problems problems, string file, long line, string message) => problems.Add(new SourceProblem(file, line, 1, message, IsWarning: true));
}

/// <summary>Whether one condition holds whenever another does, as far as their parts show it.</summary>
internal static class Implication
{
    public static bool Holds(ConditionTree when, ConditionTree then)
    {
        if (then.Test == Test.Always || ReferenceEquals(when, then))
            return true;
        if (when.Test == Test.Any)
            return Array.TrueForAll(when.Children, child => Holds(child, then));
        if (then.Test == Test.All)
            return Array.TrueForAll(then.Children, child => Holds(when, child));
        if (then.Test == Test.Any && Array.Exists(then.Children, child => Holds(when, child)))
            return true;
        if (when.Test == Test.All)
            return Array.Exists(when.Children, child => Holds(child, then));
        if (when.Test != then.Test)
            return false;
        return when.Test switch
        {
            Test.Not => Holds(then.Children[0], when.Children[0]),
            Test.Verb or Test.Kind or Test.Class => (BinaryPrimitives.ReadUInt32LittleEndian(when.Rest) & ~BinaryPrimitives.ReadUInt32LittleEndian(then.Rest)) == 0,
            Test.Attributes => (BinaryPrimitives.ReadUInt64LittleEndian(then.Rest) & ~BinaryPrimitives.ReadUInt64LittleEndian(when.Rest)) == 0,
            Test.AnyAttribute => (BinaryPrimitives.ReadUInt64LittleEndian(when.Rest) & ~BinaryPrimitives.ReadUInt64LittleEndian(then.Rest)) == 0,
            Test.Program or Test.Subcommand or Test.Word or Test.Option or Test.Wrapper or Test.Target or Test.Tool or Test.Server or Test.Agent or Test.Subagent or Test.Prefix or Test.Context or Test.Session => Among(when.Texts(), then.Texts()),
            Test.TargetMatches or Test.WordMatches or Test.LineMatches or Test.WrittenMatches => NumbersAmong(when.Rest, then.Rest),
            _ => when.Rest.AsSpan().SequenceEqual(then.Rest),
        };
    }

    private static bool Among(List<byte[]> few, List<byte[]> many) => few.TrueForAll(text => many.Exists(other => other.AsSpan().SequenceEqual(text)));

    // Lists of automata: u8 count, then a number of four bytes each.
    private static bool NumbersAmong(byte[] few, byte[] many)
    {
        for (int i = 1; i < few.Length; i += 4)
        {
            bool found = false;
            for (int j = 1; j < many.Length; j += 4)
                found |= few.AsSpan(i, 4).SequenceEqual(many.AsSpan(j, 4));
            if (!found)
                return false;
        }

        return true;
    }
}
