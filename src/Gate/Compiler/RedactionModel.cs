using System.Collections.Generic;
using Gate.Redaction;

namespace Gate.Compiler;

/// <summary>A format of secrets, as checked from its source.</summary>
public sealed class FormatModel
{
    public required string Id { get; init; }

    public required SecretKind Kind { get; init; }

    public required SecretHint Hint { get; init; }

    /// <summary>The automaton of what stands before the secret and is kept; null: nothing must.</summary>
    public required byte[]? Context { get; init; }

    public required byte[] Secret { get; init; }

    /// <summary>Three folded bytes each: every match begins with one of them.</summary>
    public required SortedSet<uint> Anchors { get; init; }

    /// <summary>One bit for each byte value that may stand at the places <see cref="RedactionTable.Probes"/> of context or secret.</summary>
    public required byte[][] Probes { get; init; }

    public required int Flags { get; init; }

    public required (SecretCheck Check, int Value)[] Checks { get; init; }

    /// <summary>One bit for each byte value: what may not stand before, what may not follow, what must follow.</summary>
    public required byte[] NotBefore { get; init; }

    public required byte[] NotAfter { get; init; }

    public required byte[] After { get; init; }
}

/// <summary>A text with or without a secret of a format. Null output: only whether something is found counts.</summary>
public sealed record RedactionExample(string Id, bool Matches, string Text, string? Output, string File, long Line);

/// <summary>What <c>redactions.yaml</c> says.</summary>
public sealed class RedactionModel
{
    public List<FormatModel> Formats { get; } = [];

    /// <summary>Lower case: texts that stand where a secret would, whole or in part.</summary>
    public List<string> PlaceholderWords { get; } = [];

    public List<string> PlaceholderParts { get; } = [];

    public List<RedactionExample> Examples { get; } = [];
}
