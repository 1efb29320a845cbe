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

    /// <summary>Longer objects and lists of options are no objects: nothing would be like them.</summary>
    public const int MaximumObject = 512, MaximumOptions = 16;

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

    /// <summary>The options by name, sorted, one space between: <c>--amend --no-edit</c>.</summary>
    public byte[] Options { get; init; } = [];

    /// <summary>Whether the same thing done by another program is the same act: deleting a file is, removing what a program calls "web" is not.</summary>
    public bool AnyProgram => Kind is Kind.Path or Kind.Host or Kind.Package || (Kind == Kind.Code && Object is [(byte)'/', ..] or [(byte)'.' or (byte)'~', (byte)'/', ..]);

    /// <summary>
    /// Who does it, as far as that tells acts on an object apart: nobody in particular, or the program; where the verb is a broad one (to change a container is to
    /// stop it or to remove it), with the last word of the sub-command.
    /// </summary>
    public byte[] Doer => AnyProgram ? [] : Verb is Verb.Change or Verb.Create or Verb.Touch or Verb.Run && Subcommand.Length > 0 ? [.. Program, (byte)' ', .. Subcommand.AsSpan(Subcommand.AsSpan().LastIndexOf((byte)' ') + 1)] : Program;

    /// <summary>The act of an effect; only those above zone 0 are anything to learn about.</summary>
    public static Act Of(Effect effect, int zone, Surroundings surroundings) => new()
    {
        Verb = effect.Verb, Kind = effect.Kind, Class = effect.Class, Attributes = effect.Attributes & Grave, Zone = zone, Program = effect.Program, Subcommand = effect.Subcommand,
        Object = ObjectOf(effect, surroundings), Options = OptionsOf(effect),
    };

    /// <summary>
    /// Which effect of a decision a lesson is about: the one that reaches furthest; among equals the one that is hardest to undo; then the last, because a
    /// thing's kind stands before its name. -1 where everything only reads.
    /// </summary>
    public static int Gravest(Decision decision)
    {
        int gravest = -1;
        for (int i = 0; i < decision.Effects.Length; i++)
        {
            if (decision.Zones[i] > 0 && (gravest < 0 || WeightOf(decision, i) >= WeightOf(decision, gravest)))
                gravest = i;
        }

        return gravest;
    }

    private static int WeightOf(Decision decision, int effect) => (decision.Zones[effect] * 32) + (decision.Effects[effect].Verb switch
    {
        Verb.Destroy => 12, Verb.Delete => 11, Verb.Discard => 10, Verb.Rewrite => 9, Verb.Publish => 8, Verb.Send => 7, Verb.Raise => 6, Verb.Change => 5, Verb.Signal => 4, Verb.Install => 3, Verb.Opaque => 0, Verb.Run => 1,
        _ => 2,
    } * 2) + (effect < decision.Effects.Length && decision.Effects[effect].Target.Length > 0 ? 1 : 0);

    private static byte[] ObjectOf(Effect effect, Surroundings surroundings)
    {
        ReadOnlySpan<byte> target = effect.Target;
        if (effect.Kind == Kind.Code && target.Length == 0)
            target = (effect.Attributes & Attributes.Known) != 0 && (effect.Attributes & Attributes.Project) == 0 ? default : TaskOf(effect);
        if (target.Length is 0 or > MaximumObject || target.IndexOf((byte)0) >= 0)
            return [];
        if (effect.Kind == Kind.Path || (effect.Kind == Kind.Code && target[0] == '/'))
            return PathOf(target, surroundings);
        if (effect.Kind == Kind.Package)
            return PackageOf(target).ToArray();
        if (effect.Kind is Kind.Infrastructure or Kind.Service or Kind.Process)
        {
            int slash = target.LastIndexOf((byte)'/');
            return slash >= 0 && slash < target.Length - 1 ? target[(slash + 1)..].ToArray() : target.ToArray();
        }

        return effect.Kind == Kind.History && target.StartsWith("refs/heads/"u8) ? target[11..].ToArray() : target.ToArray();
    }

    // What a runner is asked for: the first word after the sub-command that is no option.
    private static ReadOnlySpan<byte> TaskOf(Effect effect)
    {
        ReadOnlySpan<byte> rest = effect.Subcommand;
        foreach (byte[] word in effect.Words)
        {
            if (word.Length == 0 || word[0] == '-')
                continue;
            if (rest.Length == 0)
                return word;
            int end = rest.IndexOf((byte)' ');
            if (word.AsSpan().SequenceEqual(end < 0 ? rest : rest[..end]))
                rest = end < 0 ? default : rest[(end + 1)..];
        }

        return default;
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

    // Without its version: left-pad@1.3, requests==2.31.
    private static ReadOnlySpan<byte> PackageOf(ReadOnlySpan<byte> package)
    {
        int end = package[1..].IndexOfAny("@=<>~!;[ "u8);
        return end < 0 ? package : package[..(end + 1)];
    }

    private static byte[] OptionsOf(Effect effect)
    {
        byte[][] options = new byte[MaximumOptions][];
        int count = 0;
        foreach (byte[] word in effect.Words)
        {
            if (word.AsSpan().SequenceEqual("--"u8))
                break;
            if (word.Length < 2 || word[0] != '-' || word.AsSpan().IndexOfAny((byte)0, (byte)' ') >= 0)
                continue;
            int equals = word.AsSpan().IndexOf((byte)'=');
            ReadOnlySpan<byte> name = equals < 0 ? word : word.AsSpan(0, equals);
            int at = 0;
            while (at < count && options[at].AsSpan().SequenceCompareTo(name) < 0)
                at++;
            if (at < count && options[at].AsSpan().SequenceEqual(name))
                continue;
            if (count == MaximumOptions)
                break;
            Array.Copy(options, at, options, at + 1, count - at);
            options[at] = name.ToArray();
            count++;
        }

        ByteBuilder text = new(64);
        for (int i = 0; i < count; i++)
            text.Add(i > 0 ? " "u8 : ""u8).Add(options[i]);
        return text.ToArray();
    }
}
