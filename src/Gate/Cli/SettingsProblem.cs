using System.Collections.Generic;

namespace Gate.Cli;

/// <summary>What is wrong with a settings file, where (1-based; line 0 when it is about no place in the text), and what to do.</summary>
public readonly record struct SettingsProblem(int Line, int Column, string Message)
{
    /// <summary>As a compiler would say it: <c>3:5: message</c>.</summary>
    public override string ToString() => Line == 0 ? Message : $"{Line}:{Column}: {Message}";
}

/// <summary>The outcome of an edit of a settings text. With a problem, the bytes are the original ones.</summary>
/// <param name="Bytes">The new bytes; empty when nothing is left of the document.</param>
/// <param name="Changed">Whether the bytes differ from the original.</param>
/// <param name="Warnings">What the user should know although the edit was made; the places are in the new bytes.</param>
/// <param name="Problem">Why the edit was refused, or null.</param>
public sealed record SettingsEdit(byte[] Bytes, bool Changed, IReadOnlyList<SettingsProblem> Warnings, SettingsProblem? Problem);
