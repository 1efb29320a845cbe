using System.Text;
using Gate.Store;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Store;

/// <summary>Damage done behind the triggers' back. What a chain alone cannot find: rows cut off at the end, and a last row written anew with its hash.</summary>
public class LedgerChainTests
{
    [Fact]
    public void A_ledger_that_nobody_touched_is_whole()
    {
        using StoreScratch scratch = new();
        scratch.Fill(12);
        Assert.Null(scratch.Verify(out long count));
        Assert.Equal(12, count);
    }

    [Fact]
    public void An_empty_ledger_is_whole()
    {
        using StoreScratch scratch = new();
        scratch.Fill(0);
        Assert.Null(scratch.Verify(out long count));
        Assert.Equal(0, count);
    }

    [Theory]
    [InlineData("time=time+1")]
    [InlineData("agent='codex'")]
    [InlineData("session='s-2'")]
    [InlineData("repository=''")]
    [InlineData("worktree='/r2'")]
    [InlineData("tool='Read'")]
    [InlineData("event='PostToolUse'")]
    [InlineData("call=call||' '")]
    [InlineData("completes=0")]
    [InlineData("request=x'00'")]
    [InlineData("preview='git status'")]
    [InlineData("effects=''")]
    [InlineData("zone=0")]
    [InlineData("outcome='allow'")]
    [InlineData("rules=''")]
    [InlineData("tags=''")]
    [InlineData("bundle=x''")]
    [InlineData("standing=x''")]
    [InlineData("detail=''")]
    [InlineData("latency=0")]
    [InlineData("hash=zeroblob(32)")]
    [InlineData("hash=x''")]
    public void A_changed_row_is_found(string change)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind($"UPDATE ledger SET {change} WHERE sequence=5");
        Assert.Equal("Row 5 was changed after it was written.", scratch.Verify(out long count));
        Assert.Equal(4, count);
    }

    [Theory]
    [InlineData(1, "Row 1 is missing: after 0 comes 2.")]
    [InlineData(5, "Row 5 is missing: after 4 comes 6.")]
    [InlineData(8, "Row 8 is missing: after 7 comes 9.")]
    public void A_removed_row_is_found(int row, string problem)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind($"DELETE FROM ledger WHERE sequence={row}");
        Assert.Equal(problem, scratch.Verify());
    }

    [Fact]
    public void Rows_cut_out_of_the_middle_are_found()
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind("DELETE FROM ledger WHERE sequence BETWEEN 3 AND 6");
        Assert.Equal("Row 3 is missing: after 2 comes 7.", scratch.Verify());
    }

    [Fact]
    public void Rows_cut_out_and_the_rest_moved_up_are_found()
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind("DELETE FROM ledger WHERE sequence BETWEEN 3 AND 6", "UPDATE ledger SET sequence=sequence-4 WHERE sequence>6");
        Assert.Equal("Row 3 does not follow the row before it: one of the two was replaced.", scratch.Verify());
    }

    [Fact]
    public void Two_rows_that_changed_places_are_found()
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind("UPDATE ledger SET sequence=100 WHERE sequence=4", "UPDATE ledger SET sequence=4 WHERE sequence=5", "UPDATE ledger SET sequence=5 WHERE sequence=100");
        Assert.Equal("Row 4 does not follow the row before it: one of the two was replaced.", scratch.Verify());
    }

    [Theory]
    [InlineData(0, "Row 0 was put in before the first row.")]
    [InlineData(-5, "Row -5 was put in before the first row.")]
    [InlineData(10, "Row 10 does not follow the row before it: one of the two was replaced.")]
    [InlineData(20, "Row 10 is missing: after 9 comes 20.")]
    public void An_inserted_row_is_found(int sequence, string problem)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind("CREATE TEMP TABLE t AS SELECT * FROM ledger WHERE sequence=3", $"UPDATE t SET sequence={sequence}", "INSERT INTO ledger SELECT * FROM t");
        Assert.Equal(problem, scratch.Verify());
    }

    /// <summary>Changing a row and its hash breaks the link of the next one.</summary>
    [Fact]
    public void A_row_written_anew_with_its_hash_is_found()
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        LedgerRow row = scratch.Rows()[4];
        row.Outcome = "allow"u8.ToArray();
        byte[] hash = new byte[32];
        row.ComputeHash(hash);
        scratch.Behind($"UPDATE ledger SET outcome='allow',hash=x'{Hex.Of(hash)}' WHERE sequence=5");
        Assert.Equal("Row 6 does not follow the row before it: one of the two was replaced.", scratch.Verify());
    }

    [Fact]
    public void Progress_is_told()
    {
        using StoreScratch scratch = new();
        scratch.Fill(1);
        scratch.Behind("PRAGMA user_version=1");
        using GateStore store = scratch.Open(create: false);
        store.Begin();
        for (int i = 2; i <= 50_000; i++)
            store.Append(new LedgerRow { Session = Encoding.ASCII.GetBytes("s") }, false);
        store.Commit();
        long told = 0;
        Assert.Null(LedgerChain.Verify(store, rows => told = rows, out long count));
        Assert.Equal((50_000, 50_000), (told, count));
    }
}
