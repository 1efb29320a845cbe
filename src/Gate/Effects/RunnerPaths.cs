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

    /// <summary>Notes what is done to a path and returns what place it is.</summary>
    private PathClass AddPath(Verb verb, Value value, Frame frame, Span span, Expansion.ShellState state, Attributes attributes, byte[] program, Call? call = null)
    {
        byte[]? directory = call is null ? state.Directory : call.Directory;
        PathClass place;
        byte[] resolved = [];
        string? why = null;
        byte[]? mounted = frame.Mounts.Length > 0 ? Mounted(value, directory, frame, verb) : null;
        if (mounted is not null)
            value = new Value(mounted) { Pattern = value.Pattern, Many = value.Many, Taint = value.Taint };
        if (frame.Elsewhere && mounted is null)
        {
            // Another machine's or a container's: only what every system has is known of it.
            place = PathClass.Outside;
            resolved = value.Text;
            bool machine = (frame.Attributes & Attributes.Remote) != 0;
            if (machine && resolved is [(byte)'/', ..] && resolved.AsSpan().IndexOf(Value.Hole) < 0 && OfEveryMachine(paths.Classify(resolved, out _, out _), verb) is { } known)
                place = known;
            if (machine && resolved is [(byte)'/'] or [(byte)'/', (byte)'*'] or [(byte)'~'] or [(byte)'~', (byte)'/'])
                attributes |= Attributes.Root;
            attributes |= Attributes.Remote;
        }
        else
        {
            (place, resolved, Attributes more, why) = Locate(value, directory);
            attributes |= more;

            // Deleting what a program listed can be deleting everything: that all of it lies here is no comfort.
            if (verb == Verb.Delete && (value.Taint & Taint.Listed) != 0 && value.Text is [.., (byte)'/', Value.Hole])
                (place, why) = (place == PathClass.Workspace ? PathClass.Unknown : place, "which files this deletes is not known");
        }

        Add(frame, span, new Effect
        {
            Verb = verb, Kind = Kind.Path, Class = place, Attributes = attributes, Target = resolved, Program = program, Subcommand = call?.Subcommand ?? [], Words = call?.Words ?? [], Why = why,
        });
        return place;
    }

    // Devices, secrets and what runs at every start are what they are on every machine.
    private static PathClass? OfEveryMachine(PathClass place, Verb verb) => place switch
    {
        PathClass.Device => place,
        PathClass.Secret or PathClass.StartUp when verb is Verb.Read or Verb.Write => place,
        PathClass.System when verb is Verb.Delete => place,
        _ => null,
    };

    private static PathClass Special(PathClass named, PathClass around) => named is PathClass.Secret or PathClass.AgentConfiguration or PathClass.Governance or PathClass.StartUp ? named : around;

    // A path with an unknown end is as special as the folder it surely lies in; with an unknown start it can be anywhere.
    private (PathClass Place, byte[] Path, Attributes Attributes, string? Why) Locate(Value value, byte[]? directory)
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
            PathClass place = paths.Classify(absolute, out byte[] resolved, out Attributes attributes);
            return (place, resolved, attributes, null);
        }

        bool pattern = glob == stop;
        int slash = text.AsSpan(0, stop).LastIndexOf((byte)'/');
        if (!pattern && stop == 0)
            return (PathClass.Unknown, text, Attributes.Pattern, "which path this is is not known");
        Value folder = new(slash < 0 ? "."u8.ToArray() : slash == 0 ? "/"u8.ToArray() : text[..slash]);
        if (AbsoluteOf(folder, directory) is not { } within)
            return (PathClass.Unknown, text, Attributes.Pattern, "which folder this is in is not known");
        PathClass around = paths.Classify(within, out byte[] real, out Attributes outer);
        byte[] shown = [.. real, (byte)'/', .. text.AsSpan(slash + 1)];
        Attributes marks = (outer & Attributes.Regenerable) | Attributes.Pattern;

        // Everything in a folder is as good as the folder: rm -rf /* , rm -rf ~/*.
        if (pattern && text.AsSpan(slash + 1).IndexOfAnyExcept("*?.["u8) < 0)
            marks |= outer;
        else if (pattern)
        {
            around = Special(paths.Classify([.. real, (byte)'/', .. text.AsSpan(slash + 1)], out _, out Attributes named), around);
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
