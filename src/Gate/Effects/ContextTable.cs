using System;
using Gate.Bundles;
using Gate.Requests;
using Gate.Text;

namespace Gate.Effects;

/// <summary>
/// How programs that work on one of several clusters, accounts or workspaces find out which (rules/contexts.yaml), in a bundle whose rules ask for it.
/// The section: u8 count, then each family as u16 length of what follows and one text list (u8 count, then u8 length and bytes each) for each of <see cref="Part"/>.
/// </summary>
internal sealed class ContextTable
{
    /// <summary>A file that names a context is read up to this size, in bytes; what a larger one says nobody knows.</summary>
    public const int MaximumFile = 1 << 20;

    private readonly Bundle _bundle;
    private readonly int _at;

    private ContextTable(Bundle bundle, int at, IPathQuestions questions) => (_bundle, _at, Questions) = (bundle, at, questions);

    /// <summary>The lists of a family, in their order.</summary>
    public enum Part
    {
        Programs, Options, FileOptions, OtherOptions, Variable, FilesVariable, File, Key, Switches, Unsure,
    }

    public const int PartCount = 10;

    public IPathQuestions Questions { get; }

    public static ContextTable? Of(Bundle bundle, IPathQuestions questions)
    {
        (int at, int length) = bundle.Find(Section.Contexts);
        return length == 0 ? null : new ContextTable(bundle, at, questions);
    }

    public int Count => _bundle.Byte(_at);

    /// <summary>The lists of a family, by its number.</summary>
    public ReadOnlySpan<byte> this[int family]
    {
        get
        {
            int at = _at + 1;
            for (; family > 0; family--)
                at += 2 + _bundle.Half(at);
            return _bundle.At(at + 2, _bundle.Half(at));
        }
    }

    public static ReadOnlySpan<byte> List(ReadOnlySpan<byte> family, Part part)
    {
        for (Part before = Part.Programs; before < part; before++)
        {
            int count = family[0];
            family = family[1..];
            for (; count > 0; count--)
                family = family[(1 + family[0])..];
        }

        return family;
    }

    /// <summary>The one text of a list; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Only(ReadOnlySpan<byte> family, Part part) => List(family, part) is var list && list[0] == 0 ? default : list.Slice(2, list[1]);

    public static bool Has(ReadOnlySpan<byte> list, ReadOnlySpan<byte> text)
    {
        int count = list[0];
        list = list[1..];
        for (; count > 0; count--)
        {
            if (text.SequenceEqual(list.Slice(1, list[0])))
                return true;
            list = list[(1 + list[0])..];
        }

        return false;
    }

    /// <summary>
    /// What a file says at a key of its top level (<c>key: value</c> or <c>"key": "value"</c>, one a line), or, without a key, all that it holds. Empty: nothing;
    /// null: it is there in a form that is not read.
    /// </summary>
    public static byte[]? ValueIn(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        if (key.Length == 0)
            return text.Trim(" \t\r\n"u8).ToArray();
        bool braces = text.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        for (ReadOnlySpan<byte> rest = text; rest.Length > 0;)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            line = braces ? line.TrimStart(" \t"u8) : line;
            bool quoted = line is [(byte)'"' or (byte)'\'', ..];
            line = quoted ? line[1..] : line;
            if (!line.StartsWith(key))
                continue;
            line = line[key.Length..];
            line = (quoted && line.Length > 0 ? line[1..] : line).TrimStart(" \t"u8);
            if (line is not [(byte)':', ..])
                continue;
            int comment = line.IndexOf(" #"u8);
            line = (comment < 0 ? line : line[..comment])[1..].Trim(" \t\r,"u8);
            bool same = line.Length > 1 && line[0] is (byte)'"' or (byte)'\'' && line[^1] == line[0];
            line = same ? line[1..^1] : line;
            return line is [(byte)'&' or (byte)'*' or (byte)'|' or (byte)'>' or (byte)'!', ..] || line.IndexOf((byte)'\\') >= 0 ? null : line.ToArray();
        }

        // All on one line, say.
        return text.IndexOf(key) >= 0 ? null : [];
    }
}
