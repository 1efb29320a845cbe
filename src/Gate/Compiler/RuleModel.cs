using System.Collections.Generic;
using Gate.Policy;

namespace Gate.Compiler;

/// <summary>A rule as checked from its source.</summary>
public sealed record RuleModel
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Pack { get; init; }

    public required string Instead { get; init; }

    public required Action Action { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>The zone it gives to what it matches; -1 for none.</summary>
    public required int Zone { get; init; }

    public required bool Soft { get; init; }

    public required string[] Tags { get; init; }

    public required CompiledCondition When { get; init; }

    /// <summary>The guard level it belongs to (see <see cref="Levels"/>); 0: none, -1: not said.</summary>
    public int Level { get; init; } = -1;

    public required Example[] Examples { get; init; }

    /// <summary>It is a project's own, which no key signs.</summary>
    public bool OfProject { get; init; }

    /// <summary>What makes it a sequence; null for a rule about one call.</summary>
    public SequenceModel? Sequence { get; init; }

    public required string File { get; init; }

    public required long Line { get; init; }
}

/// <summary>
/// A call that a rule must catch, or a near miss that it must not. The input is a tool's JSON object; said is what a person said of the session, as
/// <see cref="PersonFacts"/> has it.
/// </summary>
public sealed record Example(bool Catches, string Tool, byte[] Input, string Shown, byte[] Said, string File, long Line);

/// <summary>Another outcome for the rules whose ids fit one of the patterns (<c>*</c>: any run), of these severities (bits; 0: all).</summary>
public sealed record OutcomeChange(string[] Patterns, int Severities, Action Outcome)
{
    /// <summary>It holds only where it is stricter than what is there, whatever rules come later: a project's.</summary>
    public bool Tightens { get; init; }

    /// <summary>Only rules that have one of these outcomes so far (bits; 0: all).</summary>
    public int From { get; init; }

    public bool Covers(RuleModel rule) => (From == 0 || (From >> (int)rule.Action & 1) != 0) && (Severities == 0 || (Severities >> (int)rule.Severity & 1) != 0) && System.Array.Exists(Patterns, pattern => Fits(pattern, rule.Id));

    public static bool Fits(string pattern, string id) => Gate.Text.Glob.Matches(System.Text.Encoding.UTF8.GetBytes(pattern), System.Text.Encoding.UTF8.GetBytes(id));
}

/// <summary>A profile as checked from its source.</summary>
public sealed class ProfileModel
{
    public required string Title { get; init; }

    public required Profile Switches { get; init; }

    /// <summary>Sequences are in force.</summary>
    public required bool Sequences { get; init; }

    /// <summary>The output of tools is redacted.</summary>
    public required bool Redaction { get; init; }

    /// <summary>The first that covers a rule counts.</summary>
    public List<OutcomeChange> Outcomes { get; } = [];

    /// <summary>Rules that are in force in this profile only.</summary>
    public List<RuleModel> Rules { get; } = [];

    /// <summary>What single tools are held to; the limits are among the rules.</summary>
    public List<ToolModel> Tools { get; } = [];
}

/// <summary>A zone with the condition that puts an effect there.</summary>
public sealed record ZoneModel(int Zone, CompiledCondition When)
{
    public string File { get; init; } = "";

    public long Line { get; init; }
}

/// <summary>Everything a bundle is made of.</summary>
public sealed class PolicyModel
{
    /// <summary>In the order of their ids.</summary>
    public List<RuleModel> Rules { get; } = [];

    /// <summary>Rules about what an earlier call and this one do together, in the order of their ids.</summary>
    public List<RuleModel> Sequences { get; } = [];

    public List<ZoneModel> Zones { get; } = [];

    /// <summary>The encoded place table.</summary>
    public byte[] Places { get; set; } = [];

    /// <summary>The index of the place table; without places one that finds nothing.</summary>
    public byte[] PlaceIndex { get; set; } = PlaceCompiler.IndexOf([]);

    /// <summary>Which calls of scanned languages do what, encoded.</summary>
    public Gate.Text.ByteBuilder Code { get; } = new();

    /// <summary>How programs find out which cluster or account they work on, encoded; empty: of none is known how.</summary>
    public byte[] Contexts { get; set; } = [];

    /// <summary>What secrets look like.</summary>
    public RedactionModel Redactions { get; } = new();

    /// <summary>What is known of programs.</summary>
    public KnowledgeCompiler? Knowledge { get; set; }

    public Dictionary<string, Profile> Profiles { get; } = [];

    public Dictionary<string, ProfileModel> ProfileDetails { get; } = [];

    /// <summary>What layers change, in their order; the last that covers a rule counts.</summary>
    public List<OutcomeChange> LayerOutcomes { get; } = [];

    /// <summary>Budgets that have a name; none: those of <see cref="BudgetLimit.Shipped"/>.</summary>
    public List<BudgetLimit> Budgets { get; } = [];

    public List<ExceptionModel> Exceptions { get; } = [];

    /// <summary>For each profile the levels that only a project switches on, as bits.</summary>
    public Dictionary<string, int> ProjectLevels { get; } = [];

    /// <summary>The rules that are in force with a profile, each with its outcome there, in the order of their ids.</summary>
    public List<RuleModel> RulesOf(Profile profile)
    {
        ProfileModel? details = ProfileDetails.GetValueOrDefault(profile.Name);
        List<RuleModel> rules = [.. Rules, .. details is { Sequences: false } ? [] : Sequences];
        rules = rules.ConvertAll(rule => details?.Outcomes.Find(change => change.Covers(rule)) is { } change ? rule with { Action = change.Outcome } : rule);
        rules.AddRange(details?.Rules ?? []);
        rules.RemoveAll(rule => rule.Level > 0 && (profile.Levels >> rule.Level & 1) == 0);
        foreach (ToolModel tool in ToolsOf(profile))
            rules = rules.ConvertAll(rule => rule.Level > 0 && (tool.Opens >> rule.Level & 1) != 0 ? rule with { When = ConditionCompiler.Except(rule.When, tool.Tools) } : rule);
        foreach (OutcomeChange change in LayerOutcomes)
            rules = rules.ConvertAll(rule => change.Covers(rule) && !(change.Tightens && LayerLoader.Strictness(change.Outcome) < LayerLoader.Strictness(rule.Action)) ? rule with { Action = change.Outcome } : rule);

        // What a project adds or switches on must not allow anything, whatever a layer above makes of it.
        int projects = ProjectLevels.GetValueOrDefault(profile.Name);
        rules.RemoveAll(rule => rule.Action == Action.Allow && (rule.OfProject || (rule.Level > 0 && (projects >> rule.Level & 1) != 0)));
        rules.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return rules;
    }

    /// <summary>What single tools are held to with a profile: by itself, then by layers.</summary>
    public List<ToolModel> ToolsOf(Profile profile) => [.. ProfileDetails.GetValueOrDefault(profile.Name)?.Tools ?? [], .. LayerTools];

    public List<ToolModel> LayerTools { get; } = [];

    /// <summary>Compliance ids with their titles.</summary>
    public Dictionary<string, string> Tags { get; } = [];

    public List<SourceFile> Sources { get; } = [];
}
