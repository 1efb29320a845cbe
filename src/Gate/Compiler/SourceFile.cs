using System;
using System.Collections.Generic;

namespace Gate.Compiler;

/// <summary>A file of rules, knowledge, zones or profiles: its path below the rules folder, and its text.</summary>
public sealed record SourceFile(string Path, byte[] Text);

/// <summary>Something wrong in a source file. Line and column are 1-based; 0 where the whole file is meant.</summary>
public sealed record SourceProblem(string File, long Line, long Column, string Message, bool IsWarning = false)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {(IsWarning ? "warning: " : "")}{Message}";
}

/// <summary>Collects what is wrong, so that one build reports everything at once.</summary>
public sealed class Problems
{
    private readonly List<SourceProblem> _all = [];

    public IReadOnlyList<SourceProblem> All => _all;

    public bool Any => _all.Exists(problem => !problem.IsWarning);

    public void Add(string file, YamlDotNet.Core.Mark mark, string message, bool warning = false) =>
        _all.Add(new SourceProblem(file, mark.Line, mark.Column, message, warning));

    public void Add(SourceProblem problem) => _all.Add(problem);
}

/// <summary>Spelling help: the known word nearest to a mistyped one.</summary>
public static class Nearest
{
    /// <summary>A longer list of known words is not printed: it would hide the message.</summary>
    public const int MaximumListed = 60;

    /// <summary>"; did you mean 'x'?" when a known word is at most a third of its letters away, else the known words, or how many there are.</summary>
    public static string Hint(string word, IEnumerable<string> known)
    {
        string? best = null;
        int distance = int.MaxValue, count = 0;
        foreach (string candidate in known)
        {
            count++;
            int d = Distance(word, candidate);
            if (d < distance)
                (best, distance) = (candidate, d);
        }

        if (best is not null && distance <= Math.Max(2, word.Length / 3))
            return $"; did you mean '{best}'?";
        return count > MaximumListed ? $"; it is like none of the {count} that are known." : $"; known: {string.Join(", ", known)}";
    }

    // Edits to turn one word into the other (Levenshtein), two rows at a time.
    private static int Distance(string a, string b)
    {
        int[] previous = new int[b.Length + 1], current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
