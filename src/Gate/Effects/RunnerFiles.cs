using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Files that the text itself makes and then uses: their content, what they stand for, what is lost when they are written over.
internal sealed partial class Runner
{
    private readonly LineFiles _files = new();

    private void Remember(byte[] path, Flow content, bool joins = false) => _files.Write(path, content, joins);

    /// <summary>What is known of a file's content: written in this very text, or only what kind of place it is in.</summary>
    private Flow ContentOf(Value path, PathClass place, ShellState state)
    {
        if (path.Content is not null)
            return path.Content;
        if (path.Text.AsSpan().SequenceEqual("/dev/null"u8))
            return Flow.Nothing;
        int shelf = path.Text.AsSpan().StartsWith("/dev/fd/"u8) ? 8 : path.Text.AsSpan().StartsWith("/proc/self/fd/"u8) ? 14 : 0;
        if (shelf > 0 && path.Text.AsSpan(shelf) is { Length: > 0 } descriptor && !descriptor.SequenceEqual("0"u8))
            return OpenedAs(descriptor);
        if (AbsoluteOf(path, state.Directory) is { } absolute && _files.Content(absolute) is { } made)
            return place == PathClass.Secret ? new Flow(made.Text, made.Taint | Taint.Secret) : made;
        if ((_noted & Attributes.Endless) != 0 && place == PathClass.Workspace)
            return Flow.Unknown(Taint.Endless);
        bool elsewhere = place is PathClass.Temporary or PathClass.Outside or PathClass.Home or PathClass.Unknown;
        return Flow.Unknown(place == PathClass.Secret ? Taint.Secret : elsewhere ? Taint.Outside : Taint.None);
    }

    /// <summary>A file that a redirection sends the output to; the path is null where it is not known.</summary>
    private sealed class OutputFile(Value written, byte[]? path, bool appends, Span span)
    {
        public Value Written { get; } = written;

        public byte[]? Path { get; } = path;

        public bool Appends { get; } = appends;

        public Span Span { get; } = span;
    }

    private Flow Written(OutputFile? target, Flow output, ShellState state, Frame frame)
    {
        if (target is null)
            return output;
        if (target.Path is not null)
            Write(target.Path, target.Written, output, target.Appends, state, frame, target.Span, "bash"u8.ToArray(), null);

        // The terminal and the shell's own outputs show what is written there.
        bool shown = target.Path is { } path && (path.AsSpan().SequenceEqual("/dev/tty"u8) || path.AsSpan().SequenceEqual("/dev/stdout"u8) || path.AsSpan().SequenceEqual("/dev/stderr"u8));
        return shown ? Flow.Unknown(output.Taint & Taint.Named) : Flow.Nothing;
    }

    // Emptying what a person wrote is a loss, filling a disk without end another.
    private void Write(byte[] path, Value written, Flow content, bool joins, ShellState state, Frame frame, Span span, byte[] program, Call? call)
    {
        bool zeros = call is not null && (call.Zeros || (call.Taint & Taint.Endless) != 0);
        if ((content.Text is [] || zeros) && (!joins || call is not null) && _files.Content(path) is null)
            _ = AddPath(Verb.Write, written, frame, span, state, Attributes.Overwritten, program, call);
        if ((content.Taint & Taint.Endless) != 0 && !path.AsSpan().StartsWith("/dev/"u8))
            NoteEndless(frame, span, program);
        if (content.Text is { Length: > 0 } text && !effects.Fill(path, text) && paths.Classify(path, out byte[] resolved, out _) != PathClass.None)
            _ = effects.Fill(resolved, text);
        Remember(path, content, joins);
    }

    // What the files a program wrote hold afterwards.
    private void NoteWritten(Call call, Specification current, Flow output)
    {
        NoteFetched(call);
        if (current.Makes != Makes.None)
        {
            MakeFiles(call, current.Makes, output);
            return;
        }

        Taint taint = call.Taint | (current.Output == Output.Decoded ? Taint.Decoded : 0) | (call.Hosts.Count > 0 || current.Output == Output.Network ? Taint.Network : 0);
        foreach ((byte[] path, Value value) in call.Written)
        {
            // What a program makes of foreign data is its own work, unless it only hands them on.
            Flow content = call.Hosts.Count == 0 && current.Output == Output.Input ? output : Flow.Unknown(taint & ~(Taint.Outside | Taint.Endless));
            Write(path, value, content, joins: true, call.State, call.Frame, call.Span, call.Program, call);
        }
    }

    // What is fetched into a folder keeps its name; what is unpacked loses the ending that says how it was packed.
    private void NoteFetched(Call call)
    {
        foreach (byte[] address in call.Addresses)
        {
            ReadOnlySpan<byte> name = address.AsSpan(address.AsSpan().LastIndexOfAny("/:"u8) + 1);
            foreach ((byte[] path, _) in call.Written)
            {
                if (name.Length > 0 && name.IndexOf(Value.Hole) < 0)
                    Remember(PathTable.Normalise([.. path, (byte)'/', .. name]), Flow.Unknown(Taint.Network | (call.Taint & Taint.Secret)));
            }
        }

        foreach (Value source in call.Sources)
        {
            int dot = source.Text.AsSpan().LastIndexOf((byte)'.');
            bool packed = dot > 0 && source.Text.AsSpan(dot) is [_, (byte)'g', (byte)'z'] or [_, (byte)'x', (byte)'z'] or [_, (byte)'b', (byte)'z', (byte)'2'] or [_, (byte)'z', (byte)'s', (byte)'t'];
            if (packed && AbsoluteOf(source, call.Directory) is { } path && _files.Content(path) is { } content)
                Remember(path[..path.AsSpan().LastIndexOf((byte)'.')], Flow.Unknown(content.Taint | Taint.Decoded));
        }
    }

    // cp, mv, ln and the like: each operand under the written path, or in it.
    private void MakeFiles(Call call, Makes makes, Flow output)
    {
        foreach ((byte[] path, Value value) in call.Written)
        {
            // ln -s TARGET: a link of the same name, here.
            if (call.Sources.Count == 0 && makes == Makes.Link && call.Directory is { } here)
                _files.Stand(paths.Absolute(NameOf(path), here), path, makes, Flow.Unknown());
            if (call.Sources.Count == 0 && makes == Makes.Copy)
                Write(path, value, call.Output ?? (call.Piped ? output : Flow.Unknown()), joins: false, call.State, call.Frame, call.Span, call.Program, call);
            for (int i = 0; i < call.Sources.Count && i < 16; i++)
                MakeFile(call, makes, path, value, call.Sources[i]);
        }
    }

    private void MakeFile(Call call, Makes makes, byte[] path, Value value, Value source)
    {
        // A symbolic link's text is read from where the link stands.
        bool symbolic = makes == Makes.Link && call.Symbolic;
        byte[]? directory = symbolic ? path.AsSpan(0, Math.Max(1, path.AsSpan().LastIndexOf((byte)'/'))).ToArray() : call.Directory;
        bool into = value.Text is [.., (byte)'/'] or [(byte)'.'] or [.., (byte)'/', (byte)'.'] or [.., (byte)'.', (byte)'.'] || call.Sources.Count > 1 || value.Many;
        (PathClass place, _, _noted, _) = Locate(source, directory, reads: true);
        _noted |= call.Sets & Attributes.Recursive;
        Taint bulk = makes == Makes.Link ? Taint.None : BulkOf(place, source);
        bool over = into || source.Pattern || source.Text is [.., (byte)'/', (byte)'.'] or [.., (byte)'/'] || IsSource(path);
        if (over && makes == Makes.Copy && (call.Sets & (Attributes.Recursive | Attributes.Forced)) != 0 && place is PathClass.Home or PathClass.Outside or PathClass.System)
            _ = AddPath(Verb.Write, value, call, call.Sets | Attributes.Overwritten);
        if (AbsoluteOf(source, directory) is not { } from || source.Pattern || source.Many)
        {
            Taint taint = bulk | (ContentOf(source, place, call.State).Taint & ~Taint.Endless);
            if (taint != Taint.None)
                _files.Fill(path, taint);
            return;
        }

        Flow content = ContentOf(new Value(from), place, call.State);
        content = bulk == Taint.None ? content : new Flow(content.Text, content.Taint | bulk);
        if ((content.Taint & Taint.Endless) != 0 || content.Text is [])
            Write(path, value, content, joins: false, call.State, call.Frame, call.Span, call.Program, call);
        if (source.Text is [.., (byte)'/', (byte)'.'] or [(byte)'.'])
        {
            // cp -a FOLDER/. HERE: what is in it, not the folder.
            if (content.Taint != Taint.None)
                _files.Fill(path, content.Taint);
            return;
        }

        if (!into)
            _files.Stand(path, from, makes, content);
        byte[] inside = PathTable.Normalise([.. path, (byte)'/', .. NameOf(from)]);
        if (!inside.AsSpan().SequenceEqual(from))
            _files.Stand(inside, from, makes, content);
    }

    // A file outside the workspace that this text made itself, or copied from the workspace.
    private bool IsOurs(byte[] path)
    {
        if (_files.Count == 0)
            return false;
        byte[] followed = _files.Follow(path, reads: true, last: true);
        return !followed.AsSpan().SequenceEqual(path) ? paths.Classify(followed, out _, out _) == PathClass.Workspace : _files.Content(path) is { } content && (content.Taint & Taint.Outside) == 0;
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> path) => path[(path.LastIndexOf((byte)'/') + 1)..];

    // An effect "write path" without an operand: files named by the address they come from, or all that an archive holds.
    private void NoteUnnamed(Call call)
    {
        byte[]? folder = call.Directory;
        foreach ((byte[] path, _) in call.Written)
            folder = path;
        if (folder is null)
            return;
        Taint taint = call.Taint & (Taint.Secret | Taint.Decoded | Taint.Network | Taint.Outside);
        foreach (byte[] address in call.Addresses)
        {
            ReadOnlySpan<byte> name = address;
            int end = name.IndexOfAny("?#"u8);
            name = NameOf((end < 0 ? name : name[..end]).TrimEnd((byte)'/'));
            if (name.Length > 0 && name.IndexOf(Value.Hole) < 0)
                Remember(PathTable.Normalise([.. folder, (byte)'/', .. name]), Flow.Unknown(Taint.Network | taint));
        }

        // Unpacked: nobody has seen what is in there, but it is asked about, not refused.
        if (call.Addresses.Count == 0 && taint != Taint.None)
            _files.Fill(folder, Taint.Outside | (taint & Taint.Secret));
        else if (call.Addresses.Count == 0)
            NoteUnpacked(call, folder);
    }

    // An archive that lies here already: what is in the folder that bears its name, nobody has seen either.
    private void NoteUnpacked(Call call, byte[] folder)
    {
        foreach (byte[] word in call.Words)
        {
            ReadOnlySpan<byte> name = NameOf(word);
            foreach (string ending in (ReadOnlySpan<string>)[".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst", ".tar", ".zip", ".7z"])
            {
                if (name.Length > ending.Length && name.IndexOf(Value.Hole) < 0 && System.Text.Ascii.EqualsIgnoreCase(name[^ending.Length..], ending))
                {
                    _files.Fill(PathTable.Normalise([.. folder, (byte)'/', .. name[..^ending.Length]]), Taint.Outside);
                    break;
                }
            }
        }
    }
}
