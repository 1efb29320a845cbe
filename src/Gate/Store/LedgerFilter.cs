using System;
using System.Collections.Generic;

namespace Gate.Store;

/// <summary>Which rows are wanted; what is null or zero does not matter. All conditions hold together.</summary>
public sealed class LedgerFilter
{
    /// <summary>Milliseconds since 1970; rows of this moment and later.</summary>
    public long Since { get; init; } = long.MinValue;

    /// <summary>Milliseconds since 1970; rows before this moment.</summary>
    public long Until { get; init; } = long.MaxValue;

    public string? Session { get; init; }

    public string? Worktree { get; init; }

    public string? Outcome { get; init; }

    public string? Tag { get; init; }

    public string? Rule { get; init; }

    /// <summary>The rows, oldest first; the callback ends the walk by returning false.</summary>
    public void Read(GateStore store, Func<LedgerRow, bool> row)
    {
        string where = "time>=?1 AND (time<?2 OR ?2=9223372036854775807)";
        List<string> values = [];
        Add(Session, "session={0}");
        Add(Worktree, "worktree={0}");
        Add(Outcome, "outcome={0}");
        Add(Tag, "instr(' '||tags||' ',' '||{0}||' ')>0");
        Add(Rule, "instr(' '||rules||' ',' '||{0}||' ')>0");
        using Statement statement = store.Select(System.Text.Encoding.UTF8.GetBytes(where));
        statement.Bind(1, Since).Bind(2, Until);
        for (int i = 0; i < values.Count; i++)
            statement.BindText(i + 3, values[i]);
        while (statement.Step() && row(GateStore.RowOf(statement)))
        {
        }

        void Add(string? value, string condition)
        {
            if (value is null)
                return;
            values.Add(value);
            where += " AND " + condition.Replace("{0}", "?" + (values.Count + 2).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
    }
}
