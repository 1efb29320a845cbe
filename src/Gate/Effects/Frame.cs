using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>Where the text being run stands: its source, how it was reached, and what holds for everything in it.</summary>
internal sealed class Frame(SourceText source)
{
    public SourceText Source { get; } = source;

    /// <summary>In a text inside the text (bash -c, eval, a here-document): the span of the command that brought it, in the request's own text.</summary>
    public Span? Within { get; init; }

    /// <summary>Programs it came through, outermost first.</summary>
    public byte[][] Wrappers { get; init; } = [];

    public int Depth { get; init; }

    /// <summary>Attributes that every effect in here has: remote, from-network.</summary>
    public Attributes Attributes { get; init; }

    /// <summary>Runs in a container or on another machine: paths are not this machine's.</summary>
    public bool Elsewhere { get; init; }

    /// <summary>Folders of this machine that a container sees, and where it sees them.</summary>
    public (byte[] Here, byte[] There)[] Mounts { get; init; } = [];

    public Span SpanOf(Span own) => Within ?? own;

    public Frame Through(byte[] wrapper, Attributes attributes = Attributes.None, bool elsewhere = false) => new(Source)
    {
        Within = Within, Wrappers = wrapper.Length == 0 ? Wrappers : [.. Wrappers, wrapper], Depth = Depth + 1, Attributes = Attributes | attributes, Elsewhere = Elsewhere || elsewhere, Mounts = Mounts,
    };

    public Frame Into(SourceText source, Span span, byte[] wrapper, Attributes attributes = Attributes.None) => new(source)
    {
        Within = SpanOf(span), Wrappers = wrapper.Length == 0 ? Wrappers : [.. Wrappers, wrapper], Depth = Depth + 1, Attributes = Attributes | attributes, Elsewhere = Elsewhere, Mounts = Mounts,
    };

    /// <summary>The same level, with folders of this machine that the container sees.</summary>
    public Frame With((byte[] Here, byte[] There)[] mounts) => new(Source) { Within = Within, Wrappers = Wrappers, Depth = Depth, Attributes = Attributes, Elsewhere = Elsewhere, Mounts = mounts };

    /// <summary>The same level, for spans that point into another text (backquotes).</summary>
    public Frame Beside(SourceText source, Attributes attributes) => new(source) { Within = Within, Wrappers = Wrappers, Depth = Depth, Attributes = Attributes | attributes, Elsewhere = Elsewhere, Mounts = Mounts };
}
