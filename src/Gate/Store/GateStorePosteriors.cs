using System;
using Gate.Policy;
using Gate.Text;

namespace Gate.Store;

/// <summary>What people's answers say about soft rules, by repository.</summary>
public sealed partial class GateStore
{
    public Posterior ReadPosterior(ReadOnlySpan<byte> repository, string rule)
    {
        using Statement statement = _database.Prepare("SELECT needed,idle FROM posteriors WHERE key=?\0"u8);
        statement.Bind(1, KeyOf(repository, rule));
        return statement.Step() ? new Posterior(statement.Number(0), statement.Number(1)) : default;
    }

    /// <summary>Adds answers to what is known of a rule.</summary>
    public void AddAnswers(ReadOnlySpan<byte> repository, string rule, long needed, long idle)
    {
        Posterior sum = ReadPosterior(repository, rule).Plus(needed, idle);
        using Statement insert = _database.Prepare("INSERT OR REPLACE INTO posteriors VALUES(?,?,?,?,?)\0"u8);
        insert.Bind(1, KeyOf(repository, rule)).BindText(2, repository).BindText(3, rule).Bind(4, sum.Needed).Bind(5, sum.Idle).Run();
    }

    /// <summary>What a repository's rule is filed under.</summary>
    public static long KeyOf(ReadOnlySpan<byte> repository, string rule) => (long)Fnv.Hash(System.Text.Encoding.UTF8.GetBytes(rule), Fnv.Hash(repository));
}
