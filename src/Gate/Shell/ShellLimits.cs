namespace Gate.Shell;

/// <summary>The bounds of the front end. Going past one is a <see cref="Gate.Text.Problem"/>, never a crash. Each has a test.</summary>
public static class ShellLimits
{
    /// <summary>Longest text, in bytes. The longest scripts found on a Linux system (configure scripts) have 2 MB.</summary>
    public const int InputBytes = 4 << 20;

    /// <summary>
    /// Deepest nesting of compound commands, substitutions and quotes taken together, inner texts of backquotes included.
    /// Each level costs a few stack frames; a thread with 1 MB of stack bears this many, and scripts met in the wild stay below 30.
    /// </summary>
    public const int Nesting = 200;

    /// <summary>Most nodes in a tree, inner trees included: about 50 MB. The largest script met in the wild has half as many.</summary>
    public const int Nodes = 1 << 19;

    /// <summary>Most here-documents that one line may open; bash has the same bound (HEREDOC_MAX).</summary>
    public const int HereDocumentsPerLine = 16;

    /// <summary>
    /// Bytes that may be read twice (to tell <c>((</c> from <c>( (</c>, or as bodies of here-documents), per byte of text, and the allowance for short texts.
    /// Honest scripts need less than 3 per byte; without the bound nested ambiguities would be quadratic.
    /// </summary>
    public const int LookaheadPerByte = 16, LookaheadFloor = 1 << 16;
}
