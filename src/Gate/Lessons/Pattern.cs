using System;
using Gate.Effects;
using Gate.Text;

namespace Gate.Lessons;

/// <summary>
/// What a lesson generalises to: an act on a rung of the ladder. It is filed under one key, so that a call finds its lessons by looking up the few keys of
/// its own acts, however many lessons there are; then the pattern is held against the act, because keys are only hashes.
/// </summary>
public sealed class Pattern
{
    /// <summary>So many folders, domains or beginnings of a name are looked up for one act.</summary>
    public const int MaximumLikes = 16;

    /// <summary>The most keys that one act is looked up under.</summary>
    public const int MaximumKeys = MaximumLikes + 4;

    public required Rung Rung { get; init; }

    /// <summary>The act that it was made of. On rung <see cref="Rung.Like"/> its object is what objects begin with (a folder with its slash), for hosts what they end with.</summary>
    public required Act Act { get; init; }

    /// <summary>On a rung of the ladder; null where the act has not what the rung asks for.</summary>
    public static Pattern? Of(Act act, Rung rung)
    {
        if (rung == Rung.Object && act.Object.Length == 0)
            return null;
        if (rung != Rung.Like)
            return new Pattern { Rung = rung, Act = act };
        ReadOnlySpan<byte> like = LikeOf(act);
        Act wider = With(act, like.ToArray());

        // What begins alike and is no host any more is done by somebody in particular, which the act is not.
        return like.Length == 0 || wider.AnyProgram != act.AnyProgram ? null : new Pattern { Rung = rung, Act = wider };
    }

    /// <summary>The rung that a lesson stands on where nobody chooses: the object where there is one, else the very call.</summary>
    public static Rung UsualRung(Act act) => act.Object.Length > 0 && !TakesMore(act) ? Rung.Object : Rung.Call;

    /// <summary>Whether it names nothing in particular: all of a program's calls, a kind of effect anywhere, a whole worktree or home.</summary>
    public bool IsSweeping => Rung is Rung.Act or Rung.Kind || (Act.Kind == Kind.Path && Act.Object is [(byte)'.' or (byte)'~'] or [(byte)'.' or (byte)'~', (byte)'/'] or [(byte)'/'])
        || (Rung == Rung.Call && Act.Object.Length == 0 && Act.Options.Length == 0 && Act.Subcommand.Length == 0);

    public long Key => Rung switch
    {
        Rung.Call => CallKey(Act), Rung.Object => ObjectKey(Act), Rung.Like => LikeKey(Act, Act.Object), Rung.Act => ActKey(Act), _ => KindKey(Act),
    };

    /// <summary>The keys of all patterns that could hold for an act, each once; returns how many.</summary>
    public static int Keys(Act act, Span<long> keys)
    {
        int count = 0;
        keys[count++] = CallKey(act);
        keys[count++] = ActKey(act);
        keys[count++] = KindKey(act);
        if (act.Object.Length == 0)
            return count;
        keys[count++] = ObjectKey(act);
        ReadOnlySpan<byte> rest = act.Object;
        for (int likes = 0; likes < MaximumLikes; likes++)
        {
            rest = Shorter(act.Kind, rest);
            if (rest.Length == 0)
                break;
            keys[count++] = LikeKey(act, rest);
        }

        return count;
    }

    /// <summary>Whether it holds for an act.</summary>
    public bool Holds(Act act)
    {
        if (act.Zone == 0 || act.Verb != Act.Verb || act.Kind != Act.Kind)
            return false;
        bool program = act.Program.AsSpan().SequenceEqual(Act.Program);
        bool named = act.Doer.AsSpan().SequenceEqual(Act.Doer);
        switch (Rung)
        {
            case Rung.Call:
                return act.Caller.AsSpan().SequenceEqual(Act.Caller) && act.Object.AsSpan().SequenceEqual(Act.Object) && (Act.Attributes & ~act.Attributes) == 0 && HasWords(act.Options);
            case Rung.Object:
                return named && act.Object.AsSpan().SequenceEqual(Act.Object);
            case Rung.Like:
                return named && (Act.Attributes & ~act.Attributes & ~Attributes.Recursive) == 0 && act.Object.Length > Act.Object.Length
                    && (act.Kind == Kind.Host ? act.Object.AsSpan().EndsWith(Act.Object) : act.Object.AsSpan().StartsWith(Act.Object));
            case Rung.Act:
                return program && act.Subcommand.AsSpan().SequenceEqual(Act.Subcommand) && (Act.Attributes & ~act.Attributes) == 0;
            default:
                return act.Class == Act.Class && (Act.Attributes & ~act.Attributes) == 0;
        }
    }

    /// <summary>Whether another pattern stops the same, as far as what the store keeps of it goes.</summary>
    public bool IsSame(Pattern other)
    {
        Act a = Act, b = other.Act;
        bool same = Rung == other.Rung && a.Verb == b.Verb && a.Kind == b.Kind;
        bool options = Rung != Rung.Call || a.Options.AsSpan().SequenceEqual(b.Options), attributes = Rung == Rung.Object || a.Attributes == b.Attributes, place = Rung != Rung.Kind || a.Class == b.Class;
        bool program = Rung switch { Rung.Kind => true, Rung.Object or Rung.Like => a.Doer.AsSpan().SequenceEqual(b.Doer), Rung.Call => a.Caller.AsSpan().SequenceEqual(b.Caller), _ => a.Program.AsSpan().SequenceEqual(b.Program) };
        bool subcommand = Rung != Rung.Act || a.Subcommand.AsSpan().SequenceEqual(b.Subcommand), target = Rung is Rung.Act or Rung.Kind || a.Object.AsSpan().SequenceEqual(b.Object);
        return same && options && attributes && place && program && subcommand && target;
    }

    /// <summary>In words, for people: what it stops.</summary>
    public string Words()
    {
        string act = $"{Names.Of(Act.Verb)} {Names.Of(Act.Kind)}", what = Shown.Of(Act.Object, 120), graver = "", by = Act.Program.Length == 0 ? "" : " by " + Shown.Of(Act.Program, 60) + (Act.Subcommand.Length > 0 ? " " + Shown.Of(Act.Subcommand, 60) : "");
        for (int bit = 0; bit < Names.AttributeCount; bit++)
            graver += ((ulong)Act.Attributes >> bit & 1) != 0 ? (graver.Length > 0 ? ", " : "") + Names.OfAttribute(bit) : "";
        if (graver.Length > 0)
            graver = $" ({graver})";
        string program = Act.Doer.Length == 0 ? "" : " by " + Shown.Of(Act.Doer, 120);
        return Rung switch
        {
            Rung.Call => act + (what.Length > 0 ? " " + what : "") + by + (Act.Options.Length > 0 ? " with " + Shown.Of(Act.Options, 120) : "") + graver,
            Rung.Object => $"{act} {what}{program}",
            Rung.Like => $"{act} {(Act.Kind == Kind.Host ? "*" + what : what + "*")}{program}{graver}",
            Rung.Act => $"{act}{by}, whatever it is done to{graver}",
            _ => $"{act}{(Act.Class == PathClass.None ? "" : " in " + Names.Of(Act.Class))}, by any program{graver}",
        };
    }

    // A task or script that is told what to work on is another act with each: "deploy staging" is not "deploy prod".
    private static bool TakesMore(Act act)
    {
        if (act.Kind != Kind.Code)
            return false;
        ReadOnlySpan<byte> words = act.Options;
        while (words.Length > 0)
        {
            int end = words.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = end < 0 ? words : words[..end];
            if (word[0] != '-' && !word.SequenceEqual(act.Object))
                return true;
            words = end < 0 ? default : words[(end + 1)..];
        }

        return false;
    }

    // The operands say what the call is about. Without any its options do, unless they said so already: what they make of the act is in its attributes,
    // and what is published is published.
    private bool HasWords(ReadOnlySpan<byte> words)
    {
        ReadOnlySpan<byte> wanted = Act.Options;
        bool plain = IsPlain(wanted);
        if (!plain && (Act.Attributes != Attributes.None || Act.Verb == Verb.Publish))
            return true;
        while (wanted.Length > 0)
        {
            int end = wanted.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = end < 0 ? wanted : wanted[..end];
            if (plain == (word[0] != '-') && !HasWord(words, word))
                return false;
            wanted = end < 0 ? default : wanted[(end + 1)..];
        }

        return true;
    }

    // Whether a word of them is no option. They are sorted, but signs stand before the dash as well.
    private static bool IsPlain(ReadOnlySpan<byte> words)
    {
        bool start = true;
        foreach (byte c in words)
        {
            if (start && c != '-')
                return true;
            start = c == ' ';
        }

        return false;
    }

    private static bool HasWord(ReadOnlySpan<byte> words, ReadOnlySpan<byte> word)
    {
        while (words.Length > 0)
        {
            int end = words.IndexOf((byte)' ');
            if ((end < 0 ? words : words[..end]).SequenceEqual(word))
                return true;
            words = end < 0 ? default : words[(end + 1)..];
        }

        return false;
    }

    // The folder of a path, the last two labels of a host, what stands before a name's last separator.
    private static ReadOnlySpan<byte> LikeOf(Act act)
    {
        if (act.Kind != Kind.Host)
            return Shorter(act.Kind, act.Object);
        ReadOnlySpan<byte> like = default;
        for (ReadOnlySpan<byte> rest = Shorter(Kind.Host, act.Object); rest.Length > 0; rest = Shorter(Kind.Host, rest))
            like = rest;
        return like;
    }

    // The next shorter thing that the object is like: "./a/b" is in "./a/", that in "./"; "x.y.com" ends with ".y.com", which is as short as it gets.
    private static ReadOnlySpan<byte> Shorter(Kind kind, ReadOnlySpan<byte> name)
    {
        if (kind == Kind.Host)
        {
            int dot = name.Length > 1 ? name[1..].IndexOf((byte)'.') + 1 : 0;
            return dot > 0 && name[(dot + 1)..].IndexOf((byte)'.') >= 0 ? name[dot..] : default;
        }

        if (name.Length < 2)
            return default;
        int at = kind is Kind.Path or Kind.Code ? name[..^1].LastIndexOf((byte)'/') : name[..^1].LastIndexOfAny("/-_:."u8);
        return at < 0 ? default : name[..(at + 1)];
    }

    private static long CallKey(Act act) => KeyOf('c', act, [.. act.Caller, 0, .. act.Object]);

    private static long ObjectKey(Act act) => KeyOf('o', act, [.. act.Doer, 0, .. act.Object]);

    private static long LikeKey(Act act, ReadOnlySpan<byte> like) => KeyOf('l', act, [.. act.Doer, 0, .. like]);

    private static long ActKey(Act act) => KeyOf('a', act, [.. act.Program, 0, .. act.Subcommand]);

    private static long KindKey(Act act) => KeyOf('k', act, [(byte)act.Class]);

    // Verb and kind stand in front, so that the keys of one act lie together in the store's index: a call touches a page or two of it, not one for each key.
    private static long KeyOf(char rung, Act act, ReadOnlySpan<byte> text) =>
        ((((long)act.Verb * Names.KindCount) + (long)act.Kind) << 52) | (long)(Fnv.Hash(text, Fnv.Hash([(byte)rung])) & 0xF_FFFF_FFFF_FFFF);

    private static Act With(Act act, byte[] like) => new()
    {
        Verb = act.Verb, Kind = act.Kind, Class = act.Class, Attributes = act.Attributes, Zone = act.Zone, Program = act.Program, Subcommand = act.Subcommand, Options = act.Options, Object = like,
    };
}
