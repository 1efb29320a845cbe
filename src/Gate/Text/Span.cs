namespace Gate.Text;

/// <summary>A range of bytes in a <see cref="SourceText"/>: start (0-based) and length, in bytes of UTF-8.</summary>
public readonly record struct Span(int Start, int Length)
{
    /// <summary>The first byte after the span.</summary>
    public int End => Start + Length;

    /// <summary>The span from <paramref name="start"/> up to but not including <paramref name="end"/>.</summary>
    public static Span Between(int start, int end) => new(start, end - start);
}
