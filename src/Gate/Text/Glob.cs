using System;

namespace Gate.Text;

/// <summary>
/// Globs over whole texts: <c>?</c> one byte that is no slash, <c>*</c> any run without a slash, <c>**</c> any run. Everything else stands
/// for itself. Greedy, and bounded by (length of the text) × (length of the pattern): a star backtracks only to the latest star, which is
/// exact because only a written slash and <c>**</c> cross a slash; a <c>**</c> passes over starts that cannot end otherwise than the last one.
/// </summary>
public static class Glob
{
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        // What stands behind the last star must end the text: most patterns of a list fail here, at the first byte.
        while (pattern.Length > 0 && pattern[^1] != '*')
        {
            if (text.Length == 0 || (pattern[^1] == '?' ? text[^1] == '/' : text[^1] != pattern[^1]))
                return false;
            pattern = pattern[..^1];
            text = text[..^1];
        }

        if (pattern.Length == 0)
            return text.Length == 0;
        int p = 0, t = 0, starPattern = -1, starText = 0, deepPattern = -1, deepText = 0, firstStar = -1;
        while (t < text.Length || p < pattern.Length)
        {
            if (p < pattern.Length)
            {
                byte c = pattern[p];
                if (c == '*' && p + 1 < pattern.Length && pattern[p + 1] == '*')
                {
                    deepPattern = p += 2;
                    deepText = t;
                    starPattern = firstStar = -1;
                    continue;
                }

                if (c == '*')
                {
                    starPattern = ++p;
                    starText = t;
                    firstStar = firstStar < 0 ? t : firstStar;
                    continue;
                }

                if (t < text.Length && (c == text[t] || (c == '?' && text[t] != '/')))
                {
                    p++;
                    t++;
                    continue;
                }
            }

            if (starPattern >= 0 && starText < text.Length && text[starText] != '/')
            {
                p = starPattern;
                t = ++starText;
                continue;
            }

            if (deepPattern >= 0 && deepText < text.Length)
            {
                // The first star after it could reach up to the next slash and found nothing: nor will it from a later start before that slash.
                int slash = firstStar < 0 ? 0 : text[firstStar..].IndexOf((byte)'/');
                if (slash < 0)
                    return false;
                p = deepPattern;
                t = deepText += slash + 1;
                starPattern = firstStar = -1;
                continue;
            }

            return false;
        }

        return true;
    }
}
