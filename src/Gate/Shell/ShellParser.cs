using System;
using Gate.Text;

namespace Gate.Shell;

/// <summary>
/// What parsing gave. Exactly one of <see cref="Tree"/> and <see cref="Error"/> is set. <see cref="Partial"/> is always there: the
/// tree, or what was read before the error, with empty parts where it broke off.
/// </summary>
public sealed class ParseResult(SourceText source, Script partial, Problem? error)
{
    /// <summary>The text that all spans point into (except below backquotes, see <see cref="Backquote.Source"/>).</summary>
    public SourceText Source { get; } = source;

    public Script? Tree { get; } = error == null ? partial : null;

    public Script Partial { get; } = partial;

    public Problem? Error { get; } = error;
}

/// <summary>The Bash front end: text to tree. Accepts and refuses what <c>bash -n</c> 5.2 does. Never throws; time is linear in the text.</summary>
public static class ShellParser
{
    /// <summary>Parses a text: a script, the argument of <c>bash -c</c> or <c>eval</c>, a command line.</summary>
    /// <param name="source">The text, at most <see cref="ShellLimits.InputBytes"/> bytes of UTF-8 (bytes that are not are kept as they are).</param>
    /// <param name="depth">Levels of nesting already used up by the texts around this one; see <see cref="ShellLimits.Nesting"/>.</param>
    /// <param name="extendedGlob">
    /// Whether <c>!(a|b)</c> and friends are patterns everywhere, as after <c>shopt -s extglob</c> on an earlier line. Without it bash knows them
    /// only inside <c>[[ ]]</c>, and so does <c>bash -n</c>.
    /// </param>
    public static ParseResult Parse(SourceText source, int depth = 0, bool extendedGlob = false)
    {
        if (source.Length > ShellLimits.InputBytes)
        {
            return Refused(source, new Span(ShellLimits.InputBytes, 0), "The text is too long.");
        }

        int nul = source.Bytes.AsSpan().IndexOf((byte)0);
        if (nul >= 0)
        {
            return Refused(source, new Span(nul, 1), "A NUL byte cannot be part of a command.");
        }

        var parser = new Parser(source, Math.Max(0, depth), 0, extendedGlob);
        Script script = parser.ParseText();
        return new ParseResult(source, script, parser.Problem);
    }

    private static ParseResult Refused(SourceText source, Span span, string message) =>
        new(source, new Script(new Span(0, 0), []), new Problem(span, message));
}
