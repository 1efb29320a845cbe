using System;

namespace Gate.Expansion;

/// <summary>Where a text comes from, as far as it matters for what is done with it.</summary>
[Flags]
public enum Taint : byte
{
    None = 0,
    /// <summary>Holds or may hold a secret.</summary>
    Secret = 1,
    /// <summary>Came from the network.</summary>
    Network = 2,
    /// <summary>Was decoded or decrypted: what it says was hidden.</summary>
    Decoded = 4,
    /// <summary>Copied or unpacked from a place outside the workspace: nobody who looks after the project has seen it.</summary>
    Outside = 8,
    /// <summary>Many files of a person at once: a folder of the home, a picture of the screen, the clipboard.</summary>
    Personal = 16,
    /// <summary>Has no end: what keeps it fills the memory or the disk.</summary>
    Endless = 32,
    /// <summary>Was encoded as a whole, not only cut or changed: nobody could read it.</summary>
    Encoded = 64,
    /// <summary>Holds a variable of the environment whose name says that it is a secret. A program may be given one as an option; who prints or sends it shows it.</summary>
    Named = 128,
}

/// <summary>
/// What a word can be. <see cref="Text"/> is its bytes, where a NUL stands for a run that is not known (no word of a shell can hold one).
/// </summary>
public sealed class Value(byte[] text)
{
    /// <summary>Stands in <see cref="Text"/> for a run of any bytes.</summary>
    public const byte Hole = 0;

    /// <summary>
    /// Stands in <see cref="Text"/> for a run of digits that is not known: it cannot be empty, an option or lead to another folder. The control character
    /// SUB; where a command writes that one itself, its text counts as not known as well.
    /// </summary>
    public const byte Number = 0x1A;

    public byte[] Text { get; } = text;

    /// <summary>Live <c>*</c>, <c>?</c> or <c>[</c>: it stands for the file names that match.</summary>
    public bool Pattern { get; init; }

    /// <summary>May be any number of words: an unquoted unknown, <c>"$@"</c>, a pattern.</summary>
    public bool Many { get; init; }

    public Taint Taint { get; init; }

    /// <summary>Written by the shell's own file functions: a <c>&lt;(…)</c> whose content is known.</summary>
    public Flow? Content { get; init; }

    public bool IsKnown => !Pattern && !Many && Text.AsSpan().IndexOfAny(Hole, Number) < 0;

    public bool HasHole => Text.AsSpan().IndexOf(Hole) >= 0;

    /// <summary>Digits, known or not.</summary>
    public bool IsNumber => Text.Length > 0 && !Pattern && !Many && Text.AsSpan().IndexOfAnyExcept("0123456789\u001a"u8) < 0;

    /// <summary>May be more than one word, or none.</summary>
    public bool IsSeveral => Many || Pattern;

    public static Value Of(ReadOnlySpan<byte> text) => new(text.ToArray());

    public static Value Unknown(Taint taint = Taint.None, bool many = false) => new([Hole]) { Taint = taint, Many = many };

    public static Value UnknownNumber(Taint taint = Taint.None) => new([Number]) { Taint = taint };

    public override string ToString() => System.Text.Encoding.UTF8.GetString(Text).Replace('\0', '…').Replace('\u001a', '…');
}

/// <summary>What flows through a pipe, or what a file made in the same line holds.</summary>
public sealed class Flow(byte[]? text, Taint taint)
{
    /// <summary>The bytes, or null where only a run would know.</summary>
    public byte[]? Text { get; } = text;

    public Taint Taint { get; } = taint;

    /// <summary>Nobody piped or redirected anything: the input that the whole text was started with.</summary>
    public bool IsTerminal { get; private init; }

    public static Flow Terminal => new(null, Taint.None) { IsTerminal = true };

    public static Flow Nothing => new([], Taint.None);

    public static Flow Unknown(Taint taint = Taint.None) => new(null, taint);

    /// <summary>One after the other.</summary>
    public Flow Then(Flow next)
    {
        // What is not known is not noted twice: commands without end would make a text that grows with each.
        byte[]? text = next.Text is { Length: 0 } || (next.Text is null && Text is null or [.., Value.Hole]) ? Text : Text is { Length: 0 } ? next.Text : [.. Text ?? [Value.Hole], .. next.Text ?? [Value.Hole]];
        return ReferenceEquals(text, Text) && (next.Taint & ~Taint) == 0 && !IsTerminal ? this : new(text, Taint | next.Taint);
    }
}
