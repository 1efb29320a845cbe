using System;
using System.Collections.Generic;
using System.IO;

namespace Gate.Cli;

/// <summary>What happened, or would happen, to a settings file.</summary>
/// <param name="Path">The file that is edited: the target when the given path is a link.</param>
/// <param name="Changed">Whether the file changes.</param>
/// <param name="Diff">The change as a unified diff.</param>
/// <param name="Warnings">What the user should know.</param>
/// <param name="Problem">Why nothing was done, or null.</param>
public sealed record SettingsOutcome(string Path, bool Changed, string Diff, IReadOnlyList<SettingsProblem> Warnings, SettingsProblem? Problem)
{
    /// <summary>The backup that was made, or null.</summary>
    public string? Backup { get; init; }

    /// <summary>What to keep for the removal, or null after it.</summary>
    public SettingsRecord? Record { get; init; }

    /// <summary>The file is as it was before Gate, byte for byte.</summary>
    public bool Restored { get; init; }
}

/// <summary>Puts Gate into an agent's settings file and takes it out again.</summary>
public static class SettingsFile
{
    /// <summary>What <see cref="Install"/> would do; touches nothing.</summary>
    public static SettingsOutcome Plan(string path, HookWiring wiring) => Try(path, () =>
    {
        string target = SettingsDisk.Resolve(path);
        byte[]? bytes = SettingsDisk.Read(target);
        return Describe(target, bytes, SettingsText.Merge(bytes, wiring));
    });

    /// <summary>Writes Gate's handlers; the caller keeps the record of the outcome until the removal.</summary>
    /// <param name="path">The settings file; it and its directory need not exist.</param>
    /// <param name="wiring">What is wanted.</param>
    /// <param name="previous">The record of an earlier installation into this file, if there was one.</param>
    public static SettingsOutcome Install(string path, HookWiring wiring, SettingsRecord? previous = null) => Try(path, () =>
    {
        string target = SettingsDisk.Resolve(path);
        byte[]? bytes = SettingsDisk.Read(target);
        SettingsEdit edit = SettingsText.Merge(bytes, wiring);
        SettingsOutcome outcome = Describe(target, bytes, edit);
        if (edit.Problem is not null)
        {
            return outcome;
        }

        SettingsRecord? known = previous is not null && previous.Path == target ? previous : null;
        bool untouched = known is not null && Same(bytes, known.Written);
        byte[]? original = untouched ? known!.Original : WithoutGate(bytes, wiring);
        string directory = Path.GetDirectoryName(target)!;
        bool makes = !Directory.Exists(directory);
        string? backup = null;
        if (edit.Changed)
        {
            // What Gate wrote itself needs no backup: the original has one.
            backup = untouched || bytes is null ? null : SettingsDisk.Backup(target, bytes);
            SettingsDisk.Write(target, bytes, edit.Bytes);
        }

        bool created = makes || known is { CreatedDirectory: true };
        return outcome with { Backup = backup, Record = new SettingsRecord(target, original, edit.Bytes, created) };
    });

    /// <summary>
    /// Puts the original bytes back when the file still holds what Gate wrote; otherwise removes Gate's handlers only.
    /// </summary>
    /// <param name="path">The settings file.</param>
    /// <param name="agent">The agent's name, as in <c>gate hook AGENT</c>.</param>
    /// <param name="record">What <see cref="Install"/> gave, or null when it is lost.</param>
    /// <param name="command">The path Gate was wired with, where it is known.</param>
    public static SettingsOutcome Uninstall(string path, string agent, SettingsRecord? record, string? command = null) => Try(path, () =>
    {
        string target = SettingsDisk.Resolve(path);
        byte[]? bytes = SettingsDisk.Read(target);
        SettingsRecord? known = record is not null && record.Path == target ? record : null;
        bool untouched = known is not null && Same(bytes, known.Written);
        SettingsOutcome outcome = new(target, false, "", [], null);
        byte[]? rest = untouched ? known!.Original : bytes;
        if (bytes is not null && !untouched)
        {
            SettingsEdit edit = SettingsText.Remove(bytes, agent, command);
            if (edit.Problem is not null)
            {
                return Describe(target, bytes, edit);
            }

            bool createdByGate = known is { Original: null };
            rest = !edit.Changed ? bytes : edit.Bytes.Length > 0 ? edit.Bytes : createdByGate ? null : "{}\n"u8.ToArray();
            outcome = outcome with { Warnings = edit.Warnings };
        }

        if (!Same(bytes, rest))
        {
            outcome = outcome with { Changed = true, Diff = LineDiff.Unified(target, bytes, rest ?? []) };
            SettingsDisk.Replace(target, bytes, rest);
        }

        if (untouched)
        {
            SettingsDisk.DropBackup(target, rest);
        }

        if (known is { CreatedDirectory: true } && rest is null)
        {
            SettingsDisk.RemoveIfEmpty(Path.GetDirectoryName(target)!);
        }

        return outcome with { Restored = untouched };
    });

    private static SettingsOutcome Describe(string target, byte[]? bytes, SettingsEdit edit) =>
        new(target, edit.Changed, edit.Changed ? LineDiff.Unified(target, bytes, edit.Bytes) : "", edit.Warnings, edit.Problem);

    private static byte[]? WithoutGate(byte[]? bytes, HookWiring wiring)
    {
        if (bytes is null)
        {
            return null;
        }

        SettingsEdit edit = SettingsText.Remove(bytes, wiring.Agent, wiring.Command);
        return edit.Changed && edit.Bytes.Length == 0 ? null : edit.Bytes;
    }

    private static bool Same(byte[]? a, byte[]? b) => a is null ? b is null : b is not null && a.AsSpan().SequenceEqual(b);

    private static SettingsOutcome Try(string path, Func<SettingsOutcome> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new SettingsOutcome(path, false, "", [], new SettingsProblem(0, 0, $"{path}: {error.Message}; nothing was changed"));
        }
    }
}
