using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>
/// The files that earlier commands of the same text have made, as far as the text says: what they hold, and what they stand for.
/// The newest entry counts. Bounded: past the limit nothing more is remembered.
/// </summary>
internal sealed class LineFiles
{
    public const int Maximum = 256;

    /// <summary>Bytes that are remembered of all of them; what is written past it is not known, and running it is no harmless script.</summary>
    public const int MaximumText = 1 << 22;

    private readonly List<LineFile> _files = [];
    private int _text;

    public int Count => _files.Count;

    public LineFile this[int index] => _files[index];

    /// <summary>A file is written; <paramref name="joins"/>: behind what it holds already.</summary>
    public void Write(byte[] path, Flow content, bool joins)
    {
        if (joins && Newest(path) is { } before)
            content = before.Content.Then(content);
        int length = content.Text?.Length ?? 0;
        if (length > MaximumText - _text)
            (content, length) = (Flow.Unknown(content.Taint | Taint.Decoded), 0);
        _text += length;
        Add(new LineFile(path, content));
    }

    /// <summary>Everything in a folder was unpacked or copied there from somewhere.</summary>
    public void Fill(byte[] folder, Taint taint) => Add(new LineFile(folder, Flow.Unknown(taint)) { Whole = true });

    /// <summary>A path now holds, or stands for, another one.</summary>
    public void Stand(byte[] path, byte[] source, Makes makes, Flow content) => Add(new LineFile(path, content) { Source = source, Makes = makes });

    private void Add(LineFile file)
    {
        if (_files.Count < Maximum)
            _files.Add(file);
    }

    private LineFile? Newest(ReadOnlySpan<byte> path)
    {
        for (int i = _files.Count - 1; i >= 0; i--)
        {
            if (path.SequenceEqual(_files[i].Path))
                return _files[i];
        }

        return null;
    }

    /// <summary>
    /// Where a path leads by the links and moves made in this text; the path itself where there are none. What was copied is another
    /// file, but reading it is reading the first one. A link that is the path's last part is followed only when <paramref name="last"/>.
    /// </summary>
    public byte[] Follow(byte[] path, bool reads, bool last)
    {
        // Each step goes on with older entries, so it ends.
        for (int i = _files.Count - 1; i >= 0; i--)
        {
            LineFile file = _files[i];
            bool same = path.AsSpan().SequenceEqual(file.Path);
            if (file.Source is null && same)
                return path;
            if (file.Source is null || (file.Makes == Makes.Copy && !reads) || (file.Makes == Makes.Link && same && !last) || !PathTable.IsUnder(path, file.Path))
                continue;
            path = [.. file.Source, .. path.AsSpan(file.Path.Length)];
        }

        return path;
    }

    /// <summary>What a path holds; null when no command of this text made it.</summary>
    public Flow? Content(byte[] path)
    {
        Taint below = Taint.None;
        for (int i = _files.Count - 1; i >= 0; i--)
        {
            LineFile file = _files[i];
            if (path.AsSpan().SequenceEqual(file.Path) && !(file.Whole && file.Content.Taint == Taint.None))
                return new Flow(file.Content.Text, file.Content.Taint | below);
            if (PathTable.IsUnder(path, file.Path) && file.Whole)
                return Flow.Unknown(file.Content.Taint | below);
            if (PathTable.IsUnder(path, file.Path) && file.Source is not null)
                (below, path) = (below | (file.Content.Taint & (Taint.Secret | Taint.Personal)), [.. file.Source, .. path.AsSpan(file.Path.Length)]);
            else if (PathTable.IsUnder(file.Path, path))
                below |= file.Content.Taint & (Taint.Secret | Taint.Personal);
        }

        return below == Taint.None ? null : Flow.Unknown(below);
    }
}

/// <summary>One of them.</summary>
internal sealed class LineFile(byte[] path, Flow content)
{
    public byte[] Path { get; } = path;

    public Flow Content { get; } = content;

    /// <summary>The path that it stands for; null where it is only a file with a content.</summary>
    public byte[]? Source { get; init; }

    public Makes Makes { get; init; }

    /// <summary>The content is that of every file below it.</summary>
    public bool Whole { get; init; }

    /// <summary>Was looked into already: once is enough.</summary>
    public bool Seen { get; set; }
}
