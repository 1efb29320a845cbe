using System;
using System.Globalization;
using System.Text;
using Gate.Bundles;

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

    /// <summary>A bundle names no more.</summary>
    public const int MaximumKnown = 32;

    public const string None = "none", Custom = "custom";

    /// <summary>The budgets that have a name where the rules give none.</summary>
    public static BudgetLimit[] Shipped => [new("strict", 500, 150), new("guided", 2000, 600), new("autonomous", 5000, 1200)];

    /// <summary>The budgets that a bundle names. The section: u8 count, then each as u8 length, name, u32 actions, u32 minutes.</summary>
    public static BudgetLimit[] Known(Bundle bundle)
    {
        (int at, int length) = bundle.Find(Section.Budgets);
        if (length == 0)
            return Shipped;
        BudgetLimit[] known = new BudgetLimit[bundle.Byte(at++)];
        for (int i = 0; i < known.Length; i++)
        {
            ReadOnlySpan<byte> name = bundle.ShortText(at);
            at += 1 + name.Length;
            known[i] = new BudgetLimit(Encoding.UTF8.GetString(name), bundle.Word(at), bundle.Word(at + 4));
            at += 8;
        }

        return known;
    }

    /// <summary>One of the <paramref name="known"/> by its name, <c>none</c>, or <c>ACTIONS/MINUTES</c>, 0 for no limit. Null for anything else.</summary>
    public static BudgetLimit? Parse(string text, BudgetLimit[] known)
    {
        if (text == None)
            return new(None, 0, 0);
        foreach (BudgetLimit one in known)
        {
            if (one.Name == text)
                return one;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && Number(text.AsSpan(0, slash), out long actions) && Number(text.AsSpan(slash + 1), out long minutes) ? new(actions + minutes == 0 ? None : Custom, actions, minutes) : null;
    }

    private static bool Number(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= Maximum;
}
