using System;
using System.Collections.Generic;
using Gate.Policy;

namespace Gate.Store;

/// <summary>What people's answers say about soft rules, by repository.</summary>
public sealed partial class GateStore
{
    public Posterior ReadPosterior(ReadOnlySpan<byte> repository, string rule)
    {
        using Statement statement = _database.Prepare("SELECT needed,idle FROM posteriors WHERE repository=? AND rule=?\0"u8);
        statement.BindText(1, repository).BindText(2, rule);
        return statement.Step() ? new Posterior(statement.Number(0), statement.Number(1)) : default;
    }

    /// <summary>Adds answers to what is known of a rule.</summary>
    public void AddAnswers(ReadOnlySpan<byte> repository, string rule, long needed, long idle)
    {
        Posterior sum = ReadPosterior(repository, rule).Plus(needed, idle);
        using Statement insert = _database.Prepare("INSERT OR REPLACE INTO posteriors VALUES(?,?,?,?)\0"u8);
        insert.BindText(1, repository).BindText(2, rule).Bind(3, sum.Needed).Bind(4, sum.Idle).Run();
    }

    /// <summary>All that is known in a repository, by rule.</summary>
    public List<(string Rule, Posterior Posterior)> ReadPosteriors(ReadOnlySpan<byte> repository)
    {
        using Statement statement = _database.Prepare("SELECT rule,needed,idle FROM posteriors WHERE repository=? ORDER BY rule\0"u8);
        statement.BindText(1, repository);
        List<(string, Posterior)> known = [];
        while (statement.Step())
            known.Add((statement.Text(0), new Posterior(statement.Number(1), statement.Number(2))));
        return known;
    }
}
