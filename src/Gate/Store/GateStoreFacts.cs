using System;
using Gate.Policy;
using Gate.Text;

namespace Gate.Store;

/// <summary>What sessions did that sequences ask for; see <see cref="Sequences"/>.</summary>
public sealed partial class GateStore
{
    /// <summary>A session keeps at most so many facts; past it the oldest go.</summary>
    public const int MaximumFacts = 512;

    /// <summary>Facts older than this, in milliseconds, are of no use to any sequence.</summary>
    public const long FactsLast = 24 * 3600 * 1000L;

    /// <summary>A call as a number, from the digest of its request: the same call has the same one.</summary>
    public static long CallOf(ReadOnlySpan<byte> request) => (long)Fnv.Hash(request);

    /// <summary>The facts of calls from number <paramref name="from"/> on that ran, by call.</summary>
    public Fact[] ReadFacts(ReadOnlySpan<byte> session, long from)
    {
        using Statement statement = _database.Prepare("SELECT action,key,object,time FROM facts WHERE session=? AND action>=? AND ran=1 ORDER BY action\0"u8);
        statement.BindText(1, session).Bind(2, from);
        Fact[] facts = new Fact[16];
        int count = 0;
        while (statement.Step())
        {
            if (count == facts.Length)
                Array.Resize(ref facts, count * 2);
            facts[count++] = new Fact(statement.Number(0), statement.Number(1), statement.Number(2), statement.Number(3));
        }

        return facts.AsSpan(0, count).ToArray();
    }

    /// <summary>Keeps what a call left, and forgets what no sequence can ask for any more.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="facts">All of one call.</param>
    /// <param name="row">The ledger's row of the decision.</param>
    /// <param name="ran">The call was let go; else it counts when it comes back.</param>
    /// <param name="keep">Calls before this number are out of reach.</param>
    public void AddFacts(ReadOnlySpan<byte> session, ReadOnlySpan<Fact> facts, long row, bool ran, long keep)
    {
        using (Statement delete = _database.Prepare("DELETE FROM facts WHERE session=?1 AND (action<?2 OR action<(SELECT action FROM facts WHERE session=?1 ORDER BY action DESC LIMIT 1 OFFSET ?3))\0"u8))
            delete.BindText(1, session).Bind(2, keep).Bind(3, MaximumFacts).Run();
        using Statement insert = _database.Prepare("INSERT OR REPLACE INTO facts VALUES(?,?,?,?,?,?,?)\0"u8);
        foreach (Fact fact in facts)
            insert.BindText(1, session).Bind(2, fact.Action).Bind(3, fact.Key).Bind(4, fact.Object).Bind(5, fact.Time).Bind(6, row).Bind(7, ran ? 1 : 0).Run();
    }

    /// <summary>Forgets what all sessions left long ago.</summary>
    public void ForgetFacts(long now)
    {
        using Statement delete = _database.Prepare("DELETE FROM facts WHERE time<?\0"u8);
        delete.Bind(1, now - FactsLast).Run();
    }

    private void ConfirmFacts(long row)
    {
        using Statement update = _database.Prepare("UPDATE facts SET ran=1 WHERE session=(SELECT session FROM ledger WHERE sequence=?1) AND row=?1\0"u8);
        update.Bind(1, row).Run();
    }
}
