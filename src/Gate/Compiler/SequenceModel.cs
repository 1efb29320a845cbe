namespace Gate.Compiler;

/// <summary>What makes a rule a sequence; its <see cref="RuleModel.When"/> is the last step.</summary>
/// <param name="First">The first step; null where the same call is to be repeated.</param>
/// <param name="FirstVerbs">The verbs it may have, as bits.</param>
/// <param name="LastVerbs">The verbs of the last step.</param>
/// <param name="Times">How many earlier calls made the first step; or how often the same call was made before.</param>
/// <param name="SamePath">Both steps are about the same path.</param>
/// <param name="Calls">How many calls lie between at most, and this one.</param>
/// <param name="Seconds">How much time.</param>
/// <param name="Chains">Examples.</param>
public sealed record SequenceModel(CompiledCondition? First, uint FirstVerbs, uint LastVerbs, int Times, bool SamePath, int Calls, int Seconds, Chain[] Chains);

/// <summary>Calls of one session, one after the other: the sequence catches the last one, or must not.</summary>
public sealed record Chain(bool Catches, ExampleCall[] Calls, string Shown, string File, long Line);
