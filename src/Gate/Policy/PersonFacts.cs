using System;
using Gate.Effects;
using Gate.Text;

namespace Gate.Policy;

/// <summary>
/// What a person said about a session or a worktree, as the store keeps it: lines <c>UNTIL WORD[ VALUE]</c>, until in milliseconds since 1970, 0 for
/// always. <c>local-only</c>: nothing leaves this machine or comes from outside. <c>scope GLOB</c>, once or more: what is changed lies there, or is asked;
/// globs are relative to the worktree. They only tighten; a line that nobody knows asks for everything that changes something. <c>fact NAME</c>: what rules ask for
/// by <c>session</c>; it changes nothing by itself.
/// </summary>
public static class PersonFacts
{
    public const string LocalOnly = "local-only", Scope = "scope", Fact = "fact";

    /// <summary>The name of a fact is no longer, in bytes.</summary>
    public const int MaximumName = 60;

    /// <summary>Not laxer than this for a call with these effects, and the sentence that says why; allow and null where nothing tightens.</summary>
    /// <param name="lines">Of the session, then of the worktree.</param>
    /// <param name="effects">Of the call.</param>
    /// <param name="worktree">Its root.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static (Outcome Floor, string? Why) Floor(ReadOnlySpan<byte> lines, ReadOnlySpan<Effect> effects, ReadOnlySpan<byte> worktree, long now)
    {
        bool scoped = false, local = false, unknown = false;
        for (ReadOnlySpan<byte> rest = lines; Next(ref rest, now, out ReadOnlySpan<byte> word, out _);)
        {
            local |= word.SequenceEqual("local-only"u8);
            scoped |= word.SequenceEqual("scope"u8);
            unknown |= word.Length > 0 && !word.SequenceEqual("local-only"u8) && !word.SequenceEqual("scope"u8) && !word.SequenceEqual("fact"u8);
        }

        (Outcome Floor, string? Why) floor = (Outcome.Allow, null);
        foreach (Effect effect in effects)
        {
            if (local && effect.Verb is Verb.Fetch or Verb.Send or Verb.Publish && !IsHere(effect.Target))
                return (Outcome.Deny, "a person set this session or worktree to local-only: nothing leaves the machine or comes from outside");
            bool changes = effect.Verb is Verb.Write or Verb.Delete or Verb.ChangeMode && effect.Kind == Kind.Path;
            if (unknown && changes)
                floor = (Outcome.Ask, "a person set something for this session that this gate does not know");
            if (scoped && changes && !InScope(lines, effect, worktree, now))
                floor = (Outcome.Ask, $"it changes {Shown.Of(effect.Target, Reasons.MaximumName)}, which is outside the scope that a person declared (gate session show)");
        }

        return floor;
    }

    /// <summary>Whether a person said this, and it holds now: the name of a fact, or <c>local-only</c> or <c>scope</c>.</summary>
    public static bool Says(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> name, long now)
    {
        while (Next(ref lines, now, out ReadOnlySpan<byte> word, out ReadOnlySpan<byte> value))
        {
            if (word.SequenceEqual("fact"u8) ? value.SequenceEqual(name) : word.SequenceEqual(name))
                return true;
        }

        return false;
    }

    /// <summary>Letters of a-z, digits and '-', begun by a letter.</summary>
    public static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaximumName && name[0] is >= 'a' and <= 'z' && name.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-") < 0;

    /// <summary>The next line that holds now. A line that cannot be read is a word that nobody knows.</summary>
    public static bool Next(ref ReadOnlySpan<byte> lines, long now, out ReadOnlySpan<byte> word, out ReadOnlySpan<byte> value)
    {
        while (lines.Length > 0)
        {
            int end = lines.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            if (line.Length == 0)
                continue;
            if (!System.Buffers.Text.Utf8Parser.TryParse(line, out long until, out int used) || used >= line.Length || line[used] != ' ')
            {
                (until, used) = (0, -1);
                line = "?"u8;
            }

            if (until != 0 && now >= until)
                continue;
            line = line[(used + 1)..];
            int space = line.IndexOf((byte)' ');
            word = space < 0 ? line : line[..space];
            value = space < 0 ? default : line[(space + 1)..];
            return true;
        }

        word = value = default;
        return false;
    }

    private static bool IsHere(ReadOnlySpan<byte> host) => host.SequenceEqual("localhost"u8) || host.SequenceEqual("127.0.0.1"u8) || host.SequenceEqual("::1"u8);

    private static bool InScope(ReadOnlySpan<byte> lines, Effect effect, ReadOnlySpan<byte> worktree, long now)
    {
        ReadOnlySpan<byte> path = effect.Target;
        if (!path.StartsWith(worktree) || path.Length <= worktree.Length + 1 || path[worktree.Length] != '/')
            return false;
        path = path[(worktree.Length + 1)..];
        while (Next(ref lines, now, out ReadOnlySpan<byte> word, out ReadOnlySpan<byte> value))
        {
            if (word.SequenceEqual("scope"u8) && Glob.Matches(value, path))
                return true;
        }

        return false;
    }
}
