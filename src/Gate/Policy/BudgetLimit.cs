using System;
using System.Globalization;

namespace Gate.Policy;

/// <summary>How much a session may do, and all sessions of a worktree together within as long.</summary>
/// <param name="name">A named budget, <c>custom</c>, or <c>none</c>.</param>
/// <param name="actions">Tool calls; 0: no limit.</param>
/// <param name="minutes">From the first call of a period; 0: no limit.</param>
public sealed class BudgetLimit(string name, long actions, long minutes)
{
    /// <summary>A limit is not larger than this: sums of limits and extensions, in milliseconds, stay within 64 bits.</summary>
    public const long Maximum = 1_000_000_000;

    public string Name => name;

    public long Actions => actions;

    public long Minutes => minutes;

    public bool IsNone => actions == 0 && minutes == 0;

    /// <summary>The budgets that have a name: <c>strict</c>, <c>guided</c>, <c>autonomous</c>, <c>none</c>; or <c>ACTIONS/MINUTES</c>, 0 for no limit. Null for anything else.</summary>
    public static BudgetLimit? Parse(string text)
    {
        switch (text)
        {
            case "strict": return new("strict", 500, 150);
            case "guided": return new("guided", 2000, 600);
            case "autonomous": return new("autonomous", 5000, 1200);
            case "none": return new("none", 0, 0);
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && Number(text.AsSpan(0, slash), out long actions) && Number(text.AsSpan(slash + 1), out long minutes) ? new(actions + minutes == 0 ? "none" : "custom", actions, minutes) : null;
    }

    private static bool Number(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= Maximum;
}
