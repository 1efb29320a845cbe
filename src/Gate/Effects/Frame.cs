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

    public Span SpanOf(Span own) => Within ?? own;

    public Frame Through(byte[] wrapper, Attributes attributes = Attributes.None, bool elsewhere = false) => new(Source)
    {
        Within = Within, Wrappers = wrapper.Length == 0 ? Wrappers : [.. Wrappers, wrapper], Depth = Depth + 1, Attributes = Attributes | attributes, Elsewhere = Elsewhere || elsewhere,
    };

    public Frame Into(SourceText source, Span span, byte[] wrapper, Attributes attributes = Attributes.None) => new(source)
    {
        Within = SpanOf(span), Wrappers = wrapper.Length == 0 ? Wrappers : [.. Wrappers, wrapper], Depth = Depth + 1, Attributes = Attributes | attributes, Elsewhere = Elsewhere,
    };

    /// <summary>The same level, for spans that point into another text (backquotes).</summary>
    public Frame Beside(SourceText source) => new(source) { Within = Within, Wrappers = Wrappers, Depth = Depth, Attributes = Attributes, Elsewhere = Elsewhere };
}
