using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Paths: where a written path leads, what place that is, and what is done to it.
internal sealed partial class Runner
{
    private byte[]? Entered(Value value, byte[]? directory) => AbsoluteOf(value, directory);

    private PathClass AddPath(Verb verb, Value value, Call call, Attributes attributes) => AddPath(verb, value, call.Frame, call.Span, call.State, attributes & ~Attributes.Remote, call.Program, call);

    // Only the names of files are asked for: what a pattern may stand for does not matter.
    private bool _looks;

    // What the last path that was noted is like.
    private Attributes _noted;

    // Emptying what is regenerable or no source or document by its name loses nothing; whole folders do.
    private Attributes Lost(Attributes attributes, byte[] path)
    {
        bool whole = (attributes & (Attributes.Recursive | Attributes.Root)) != 0;
        if ((attributes & (Attributes.Overwritten | Attributes.Root)) != Attributes.Overwritten || ((attributes & Attributes.Regenerable) == 0 && (whole || IsSource(path) || path is [.., (byte)'/', (byte)'*'] or [.., Value.Hole, Value.Hole])))
            return attributes;
        return attributes & ~Attributes.Overwritten;
    }

    private bool IsSource(byte[] path)
    {
        _ = paths.LanguageOf(path, out bool source);
        return source;
    }

    /// <summary>Notes what is done to a path and returns what place it is.</summary>
    private PathClass AddPath(Verb verb, Value value, Frame frame, Span span, Expansion.ShellState state, Attributes attributes, byte[] program, Call? call = null)
    {
        if (++_paths > MaximumPaths)
            Stop(frame.SpanOf(span), "the call names more paths than can be looked at");
        if (effects.IsFull)
            return PathClass.Unknown;
        byte[]? directory = call is null ? state.Directory : call.Directory;
        PathClass place;
        byte[] resolved = [];
        string? why = null;
        byte[]? mounted = frame.Mounts.Length > 0 ? Mounted(value, directory, frame, verb) : null;
        if (mounted is not null)
            value = new Value(mounted) { Pattern = value.Pattern, Many = value.Many, Taint = value.Taint };
        if (frame.Elsewhere && mounted is null)
        {
            // Another machine's or a container's: only what every system has is known of it. A container is made again; what it must not lose is mounted.
            place = PathClass.Outside;
            resolved = value.Text;
            bool machine = (frame.Attributes & Attributes.Remote) != 0;
            if (machine && resolved.Length > 0 && resolved.AsSpan().IndexOf(Value.Hole) < 0 && OfEveryMachine(paths.Classify(paths.Absolute(resolved, "/"u8), out _, out _), verb) is { } known)
                place = known;
            if (machine && resolved is [(byte)'/'] or [(byte)'/', (byte)'*'] or [(byte)'~'] or [(byte)'~', (byte)'/'])
                attributes |= Attributes.Root;
            else if (!machine && place == PathClass.Outside)
                attributes &= ~Attributes.Recursive;
            attributes |= Attributes.Remote;
        }
        else
        {
            (place, resolved, Attributes more, why) = Locate(value, directory, verb == Verb.Read, verb != Verb.Delete || value.Text is [.., (byte)'/']);
            attributes |= more;
            if (verb == Verb.Delete && value.Text.AsSpan().EndsWith(Some) && place == PathClass.Workspace)
                (place, why) = (PathClass.Unknown, "which of the files this is is not known");
            if (verb != Verb.Read)
                attributes = Lost(attributes, resolved);
        }

        _noted = attributes;

        Add(frame, span, new Effect
        {
            Verb = verb, Kind = Kind.Path, Class = place, Attributes = attributes, Target = resolved, Program = program, Subcommand = call?.Subcommand ?? [], Words = call?.Words ?? [], Why = why,
            Written = verb == Verb.Write ? call?.Writes : null,
        });
        return place;
    }

    // Devices, secrets and what runs at every start are what they are on every machine.
    private static PathClass? OfEveryMachine(PathClass place, Verb verb) => place switch
    {
        PathClass.Device => place,
        PathClass.Secret or PathClass.StartUp or PathClass.AgentConfiguration when verb is Verb.Read or Verb.Write or Verb.Delete => place,
        PathClass.System when verb is Verb.Delete => place,
        _ => null,
    };

    /// <summary>Stands behind a folder for all that lies in it, where a pattern would not do: in what find prints.</summary>
    private static ReadOnlySpan<byte> Everything => [Value.Hole, Value.Hole];

    /// <summary>The same for some of it, that only a run would know: changing them is one thing, deleting them another.</summary>
    private static ReadOnlySpan<byte> Some => [Value.Hole, Value.Hole, Value.Hole];

    // A path is judged by where it stands and by where links and moves of this text make it lead: the place that reaches further counts.
    private PathClass ClassifyFollowed(byte[] absolute, bool reads, bool last, out byte[] resolved, out Attributes attributes)
    {
        PathClass place = paths.Classify(absolute, out resolved, out attributes);
        if (_files.Count == 0)
            return place;
        byte[] followed = _files.Follow(absolute, reads, last);
        if (followed.AsSpan().SequenceEqual(absolute))
            return place;
        PathClass other = paths.Classify(followed, out byte[] real, out Attributes more);
        bool root = (more & Attributes.Root) != 0;
        if (!root && (PathTable.Reach(other) <= PathTable.Reach(PathClass.OtherWorktree) || PathTable.Reach(other) <= PathTable.Reach(place)))
            return place;
        (resolved, attributes) = (real, more);
        return other;
    }

    private static PathClass Special(PathClass named, PathClass around) => named is PathClass.Secret or PathClass.AgentConfiguration or PathClass.Governance or PathClass.StartUp ? named : around;

    // A path with an unknown end is as special as the folder it surely lies in; with an unknown start it can be anywhere.
    private (PathClass Place, byte[] Path, Attributes Attributes, string? Why) Locate(Value value, byte[]? directory, bool reads, bool last = true)
    {
        byte[] text = value.Text;
        int stop = text.AsSpan().IndexOf(Value.Hole);
        int glob = value.Pattern ? text.AsSpan().IndexOfAny("*?["u8) : -1;
        if (glob >= 0 && (stop < 0 || glob < stop))
            stop = glob;
        if (value.Many && stop < 0)
            stop = text.Length;
        if (stop < 0)
        {
            if (AbsoluteOf(value, directory) is not { } absolute)
                return (PathClass.Unknown, text, Attributes.None, "which folder this is in is not known");
            PathClass place = ClassifyFollowed(absolute, reads, last, out byte[] resolved, out Attributes attributes);
            return (place, resolved, attributes, null);
        }

        bool pattern = glob == stop;
        int slash = text.AsSpan(0, stop).LastIndexOf((byte)'/');
        if (!pattern && stop == 0)
        {
            // Anywhere, but its end may say that it is something special wherever it is.
            int end = text.AsSpan().LastIndexOf(Value.Hole) + 1;
            PathClass named = end < text.Length && text[end] == '/' ? paths.Classify([.. "/"u8, .. text.AsSpan(end)], out _, out _) : PathClass.Unknown;
            return (Special(named, PathClass.Unknown), text, Attributes.Pattern, "which path this is is not known");
        }

        Value folder = new(slash < 0 ? "."u8.ToArray() : slash == 0 ? "/"u8.ToArray() : text[..slash]);
        if (AbsoluteOf(folder, directory) is not { } within)
            return (PathClass.Unknown, text, Attributes.Pattern, "which folder this is in is not known");
        PathClass around = ClassifyFollowed(within, reads, last: true, out byte[] real, out Attributes outer);
        byte[] shown = [.. real, (byte)'/', .. text.AsSpan(slash + 1)];
        Attributes marks = (outer & Attributes.Regenerable) | Attributes.Pattern;

        // Everything in a folder is as good as the folder: rm -rf /* , rm -rf ~/*, find ~ | xargs rm.
        bool everything = text.AsSpan(slash + 1).SequenceEqual(Everything);
        if (everything || (pattern && text.AsSpan(slash + 1).IndexOfAnyExcept("*?.["u8) < 0))
            marks |= outer;
        else if (pattern)
        {
            byte[] whole = [.. real.Length > 1 ? real : [], (byte)'/', .. text.AsSpan(slash + 1)];
            around = Special(paths.Classify(whole, out _, out Attributes named), around);
            if (!_looks && paths.MayBe(whole) is PathClass.Secret or PathClass.AgentConfiguration or PathClass.Governance && Special(around, PathClass.None) == PathClass.None)
                around = paths.MayBe(whole);
            marks |= named & Attributes.Regenerable;
        }

        // A name whose end is known tells what it is all the same: $X.pem, below whatever folder.
        if (!pattern && text.AsSpan(slash + 1) is var tail && tail.IndexOfAnyExcept(Value.Hole, (byte)'/') >= 0)
        {
            byte[] likely = [.. real, (byte)'/', .. tail];
            likely.AsSpan().Replace(Value.Hole, (byte)'*');
            around = Special(paths.Classify(likely, out _, out _), around);
        }

        return (around, shown, marks, null);
    }
}
