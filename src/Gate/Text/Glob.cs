using System;

namespace Gate.Text;

/// <summary>
/// Globs over whole texts: <c>?</c> one byte, <c>*</c> any run without a slash, <c>**</c> any run. Everything else stands for itself.
/// Linear in practice and bounded: each star backtracks only to the latest star (the greedy algorithm).
/// </summary>
public static class Glob
{
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0, t = 0, starPattern = -1, starText = 0, deepPattern = -1, deepText = 0;
        while (t < text.Length || p < pattern.Length)
        {
            if (p < pattern.Length)
            {
                byte c = pattern[p];
                if (c == '*' && p + 1 < pattern.Length && pattern[p + 1] == '*')
                {
                    deepPattern = p += 2;
                    deepText = t;
                    starPattern = -1;
                    continue;
                }

                if (c == '*')
                {
                    starPattern = ++p;
                    starText = t;
                    continue;
                }

                if (t < text.Length && (c == text[t] || c == '?'))
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
                p = deepPattern;
                t = ++deepText;
                starPattern = -1;
                continue;
            }

            return false;
        }

        return true;
    }
}
