using System;
using Gate.Effects;
using Gate.Policy;
using Gate.Requests;
using Gate.Text;

namespace Gate.Lessons;

/// <summary>
/// An effect as lessons see it: what is the same in every worktree and however it was written. Paths inside the worktree begin with <c>./</c>, those in the
/// home with <c>~/</c>; what stands for a name in one spelling stands for it in all (<c>ns/prod</c> and <c>namespace prod</c> are both <c>prod</c>).
/// </summary>
public sealed class Act
{
    /// <summary>Attributes that make the same act a graver one; a lesson asks for those it was made of.</summary>
    public const Attributes Grave = Attributes.Recursive | Attributes.Forced | Attributes.Root | Attributes.Remote | Attributes.Protected | Attributes.All | Attributes.SecretData | Attributes.FromNetwork
        | Attributes.Unattended | Attributes.Personal | Attributes.Overwritten;

    /// <summary>Longer objects are none, and longer or more words are left out: nothing would be like them.</summary>
    public const int MaximumObject = 512, MaximumOptions = 16, MaximumWord = 80;

    public required Verb Verb { get; init; }

    public required Kind Kind { get; init; }

    public PathClass Class { get; init; }

    public Attributes Attributes { get; init; }

    /// <summary>The highest zone that it reaches, 0 to 6.</summary>
    public int Zone { get; init; }

    public byte[] Program { get; init; } = [];

    public byte[] Subcommand { get; init; } = [];

    /// <summary>What it is done to; empty where that is not known, or where there is nothing.</summary>
    public byte[] Object { get; init; } = [];

    /// <summary>The options by name and the operands, sorted, one space between: <c>--amend --no-edit</c>, <c>--no-ff develop</c>.</summary>
    public byte[] Options { get; init; } = [];

    /// <summary>Whether the same thing done by another program is the same act: deleting a file is, removing what a program calls "web" is not. A service with a dot in its name is a host.</summary>
    public bool AnyProgram => Kind is Kind.Path or Kind.Host or Kind.Package or Kind.Process || (Kind == Kind.Service && Object.AsSpan().IndexOf((byte)'.') > 0) || (Kind == Kind.Code && (Attributes & Attributes.FromNetwork) != 0) || (Kind == Kind.Code && Object is [(byte)'/', ..] or [(byte)'.' or (byte)'~', (byte)'/', ..]);

    /// <summary>
    /// Who does it, as far as that tells acts on an object apart: nobody in particular, or the program; where the verb is a broad one (to change a container is to
    /// stop it or to remove it), with the last word of the sub-command. A project's task is the same whichever way its runner is asked for it.
    /// </summary>
    public byte[] Doer => AnyProgram ? [] : Verb is Verb.Change or Verb.Create or Verb.Touch && Subcommand.Length > 0 ? [.. Program, (byte)' ', .. Subcommand.AsSpan(Subcommand.AsSpan().LastIndexOf((byte)' ') + 1)] : Program;

    /// <summary>Who makes this very call: program and sub-command; nobody in particular where the object is the script that runs.</summary>
    public byte[] Caller => Kind == Kind.Code && AnyProgram ? [] : [.. Program, (byte)' ', .. Subcommand];

    /// <summary>The act of an effect of a decision; only those above zone 0 are anything to learn about.</summary>
    public static Act Of(Decision decision, int number, Surroundings surroundings)
    {
        Effect effect = decision.Effects[number];
        return new()
        {
            Verb = effect.Verb, Kind = effect.Kind, Class = effect.Class, Attributes = effect.Attributes & Grave, Zone = decision.Zones[number], Program = ProgramOf(effect), Subcommand = Lower(effect.Subcommand),
            Object = ObjectOf(effect, decision.Effects, surroundings), Options = WordsOf(effect),
        };
    }

    private static byte[] ObjectOf(Effect effect, Effect[] effects, Surroundings surroundings)
    {
        ReadOnlySpan<byte> target = effect.Target;
        if (target.Length == 0)
            target = effect.Kind == Kind.Code ? CodeOf(effect, effects) : effect.Kind == Kind.Infrastructure ? FileOf(effect, effects) : default;
        else if (effect.Kind == Kind.Data && effect.Operands is [var subject] && effect.Words.Length == 0)
            target = subject;
        if (target.Length is 0 or > MaximumObject || target.IndexOf((byte)0) >= 0)
            return [];
        if (effect.Kind == Kind.Path || (effect.Kind is Kind.Code or Kind.History or Kind.Infrastructure && target[0] == '/'))
            return PathOf(target, surroundings);
        if (target.Length > 1)
            target = target.TrimEnd((byte)'/');
        if (effect.Kind == Kind.Package)
            return PackageOf(target, effect.Verb).ToArray();
        if (effect.Kind is Kind.Infrastructure or Kind.Service or Kind.Process)
        {
            int slash = target.LastIndexOf((byte)'/');
            return slash >= 0 && slash < target.Length - 1 ? target[(slash + 1)..].ToArray() : target.ToArray();
        }

        return effect.Kind == Kind.History && target.StartsWith("refs/heads/"u8) ? target[11..].ToArray() : target.ToArray();
    }

    // Code without a name of its own: where it came from, or the task that a runner of the project is asked for.
    private static ReadOnlySpan<byte> CodeOf(Effect effect, Effect[] effects)
    {
        if ((effect.Attributes & Attributes.FromNetwork) != 0)
        {
            foreach (Effect other in effects)
            {
                if (other is { Verb: Verb.Fetch, Kind: Kind.Host })
                    return other.Target;
            }
        }

        return (effect.Attributes & Attributes.Project) != 0 ? TaskOf(effect) : default;
    }

    // What is changed by a file is known by the file: kubectl apply -f FILE.
    private static ReadOnlySpan<byte> FileOf(Effect effect, Effect[] effects)
    {
        ReadOnlySpan<byte> file = default;
        foreach (Effect other in effects)
        {
            if (other is { Verb: Verb.Read, Kind: Kind.Path } && (other.Attributes & Attributes.Root) == 0 && other.Span == effect.Span && other.Program.AsSpan().SequenceEqual(effect.Program))
                file = other.Target;
        }

        return file;
    }

    // The sub-command, or behind a plain "run" the first operand: "npm run deploy", "yarn deploy" and "make deploy" are all asked for "deploy".
    private static ReadOnlySpan<byte> TaskOf(Effect effect)
    {
        ReadOnlySpan<byte> task = effect.Subcommand;
        if (task.StartsWith("run"u8))
            task = task.IndexOf((byte)' ') is > 0 and int blank ? task[(blank + 1)..] : default;
        if (task.Length > 0)
            return task;
        foreach (byte[] operand in effect.Operands)
        {
            if (operand.Length > 0 && operand.AsSpan().IndexOf((byte)'=') < 0)
                return operand;
        }

        return default;
    }

    // A program that is a module of an interpreter is the module: "python -m twine" is twine.
    private static byte[] ProgramOf(Effect effect)
    {
        int module = effect.Program.AsSpan().IndexOf(" -m "u8);
        return module < 0 ? effect.Program : effect.Program[(module + 4)..];
    }

    private static byte[] Folded(byte[] text)
    {
        byte[] lower = [.. text];
        for (int i = 0; i < lower.Length; i++)
            lower[i] = lower[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(lower[i] | 0x20) : lower[i];
        return lower;
    }

    private static byte[] Lower(byte[] text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is >= (byte)'A' and <= (byte)'Z')
                return Folded(text);
        }

        return text;
    }

    private static byte[] PathOf(ReadOnlySpan<byte> path, Surroundings surroundings)
    {
        // Everything in a folder is the folder.
        while (path.EndsWith("/*"u8) || path.EndsWith("/**"u8) || path.EndsWith("/."u8))
            path = path[..path.LastIndexOf((byte)'/')];
        if (IsUnder(path, surroundings.Worktree, out ReadOnlySpan<byte> rest))
            return [(byte)'.', .. rest];
        return IsUnder(path, surroundings.Home, out rest) ? [(byte)'~', .. rest] : path.Length == 0 ? "/"u8.ToArray() : path.ToArray();
    }

    private static bool IsUnder(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> rest)
    {
        bool under = folder.Length > 1 && path.StartsWith(folder) && (path.Length == folder.Length || path[folder.Length] == '/');
        rest = under ? path[folder.Length..] : default;
        return under;
    }

    // Without its version: left-pad@1.3, requests==2.31; an image that is published, without its tag.
    private static ReadOnlySpan<byte> PackageOf(ReadOnlySpan<byte> package, Verb verb)
    {
        int tag = verb == Verb.Publish ? package.LastIndexOf((byte)':') : -1;
        if (tag > 0 && package[tag..].IndexOf((byte)'/') < 0)
            package = package[..tag];
        int end = package[1..].IndexOfAny("@=<>~!;[ "u8);
        return end < 0 ? package : package[..(end + 1)];
    }

    private static byte[] WordsOf(Effect effect)
    {
        byte[][] words = new byte[MaximumOptions][];
        int count = 0;

        // Of a program that nothing is known of, every word that is no option is an operand.
        ReadOnlySpan<byte> first = effect.Subcommand;
        bool unknown = effect.Verb == Verb.Opaque;
        foreach (byte[] operand in unknown ? effect.Words : effect.Operands)
        {
            if (unknown && operand.AsSpan().SequenceEqual(first))
                first = default;
            else if (operand is [not (byte)'-', ..])
                Insert(words, ref count, PlainOf(operand));
        }

        foreach (byte[] word in effect.Words)
        {
            if (word.AsSpan().SequenceEqual("--"u8))
                break;
            if (word.Length < 2 || word[0] != '-')
                continue;
            int equals = word.AsSpan().IndexOf((byte)'=');
            Insert(words, ref count, equals < 0 ? word : word.AsSpan(0, equals));
        }

        ByteBuilder text = new(64);
        for (int i = 0; i < count; i++)
            text.Add(i > 0 ? " "u8 : ""u8).Add(words[i]);
        return text.ToArray();
    }

    private static ReadOnlySpan<byte> PlainOf(ReadOnlySpan<byte> word)
    {
        word = word.StartsWith("./"u8) && word.Length > 2 ? word[2..] : word;
        return word.Length > 1 ? word.TrimEnd((byte)'/') : word;
    }

    private static void Insert(byte[][] words, ref int count, ReadOnlySpan<byte> word)
    {
        if (word.Length is 0 or > MaximumWord || word.IndexOfAny((byte)0, (byte)' ', (byte)'\n') >= 0)
            return;
        int at = 0;
        while (at < count && words[at].AsSpan().SequenceCompareTo(word) < 0)
            at++;
        if (count == words.Length || (at < count && words[at].AsSpan().SequenceEqual(word)))
            return;
        Array.Copy(words, at, words, at + 1, count - at);
        words[at] = word.ToArray();
        count++;
    }
}
