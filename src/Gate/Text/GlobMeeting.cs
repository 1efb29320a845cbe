using System;

namespace Gate.Text;

/// <summary>
/// Whether a file name pattern, as a shell expands it, points at what a known glob names: part by part, where a part with a star or a
/// question mark counts only for what is written before its first one. So <c>.c*/settings.json</c> meets <c>**/.claude/**</c>, and <c>*.json</c> meets nothing.
/// </summary>
public static class GlobMeeting
{
    public static bool Meets(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> known)
    {
        bool anywhere = known.StartsWith("**/"u8), deep = known.EndsWith("/**"u8);
        if (anywhere)
            known = known[3..];
        if (deep)
            known = known[..^3];

        // A known glob with a star in it is met by its name alone, which the ordinary match finds.
        if (known.IndexOf((byte)'*') >= 0)
            return false;
        while (true)
        {
            if (Begins(pattern, known, deep))
                return true;
            int slash = pattern.IndexOf((byte)'/');
            if (!anywhere || slash < 0)
                return false;
            pattern = pattern[(slash + 1)..];
        }
    }

    // All parts of the known path, each met by a part of the pattern; below a folder more may follow.
    private static bool Begins(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> known, bool deep)
    {
        while (true)
        {
            int slash = known.IndexOf((byte)'/'), end = pattern.IndexOf((byte)'/');
            if (!Part(end < 0 ? pattern : pattern[..end], slash < 0 ? known : known[..slash], end >= 0))
                return false;
            if (slash < 0)
                return end < 0 || deep;
            if (end < 0)
                return false;
            known = known[(slash + 1)..];
            pattern = pattern[(end + 1)..];
        }
    }

    private static bool Part(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> name, bool folder)
    {
        int wild = pattern.IndexOfAny("*?["u8);
        if (wild < 0)
            return pattern.SequenceEqual(name);

        // Enough must be written to point there: two letters, or a dot where more follows.
        if (wild == 0 || wild > name.Length || !pattern[..wild].SequenceEqual(name[..wild]) || (!folder && wild < 3 && name[0] == '.' && wild != 1) || (wild < 2 && (name[0] != '.' || pattern[^1] is not ((byte)'*' or (byte)'?' or (byte)']') || pattern.IndexOfAnyExcept(".*?[]abcdefghijklmnopqrstuvwxyz0123456789-!^"u8) >= 0)))
            return false;
        ReadOnlySpan<byte> tail = pattern[(pattern.LastIndexOfAny("*?]"u8) + 1)..];
        return name.EndsWith(tail) && wild + tail.Length <= name.Length;
    }
}
