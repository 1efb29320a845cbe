using System;
using System.IO;
using System.Text;
using Gate.Native;
using Gate.Store;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Store;

/// <summary>Damage done behind the triggers' back: which row is named, and what is said was done to it.</summary>
public class LedgerChainTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(600)]
    public void A_ledger_that_nobody_touched_is_whole(int rows)
    {
        using StoreScratch scratch = new();
        scratch.Fill(rows);
        Assert.Null(scratch.Verify(out long count));
        Assert.Equal(rows, count);
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
    [InlineData("previous=zeroblob(32)")]
    [InlineData("hash=zeroblob(32)")]
    [InlineData("hash=x''")]
    public void A_changed_row_is_found(string change)
    {
        foreach (int row in (int[])[1, 5, 9])
        {
            using StoreScratch scratch = new();
            scratch.Fill(9);
            if (row == 1 && change.StartsWith("previous", StringComparison.Ordinal))
                continue;
            scratch.Behind($"UPDATE ledger SET {change} WHERE sequence={row}");
            Assert.Equal($"changed {row}", scratch.Verify(out long count));
            Assert.Equal(row - 1, count);
        }
    }

    /// <summary>With its hash: in the middle the next row does not follow it; at the end the anchor knows what stood there.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    public void A_row_written_anew_with_its_hash_is_changed(int number)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        Rewrite(scratch, scratch.Rows()[number - 1]);
        Assert.Equal($"changed {number}", scratch.Verify());
    }

    [Theory]
    [InlineData("sequence=1", "removed 1")]
    [InlineData("sequence=5", "removed 5")]
    [InlineData("sequence=8", "removed 8")]
    [InlineData("sequence BETWEEN 3 AND 6", "removed 3")]
    [InlineData("sequence<=4", "removed 1")]
    public void Removed_rows_are_found(string where, string problem)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind($"DELETE FROM ledger WHERE {where}");
        Assert.Equal(problem, scratch.Verify());
    }

    [Theory]
    [InlineData(3, 6)]
    [InlineData(1, 2)]
    public void Rows_cut_out_and_the_rest_moved_up_are_removed(int first, int last)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind($"DELETE FROM ledger WHERE sequence BETWEEN {first} AND {last}", $"UPDATE ledger SET sequence=sequence-{last - first + 1} WHERE sequence>{last}");
        Assert.Equal($"removed {first}", scratch.Verify());
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(1, 2)]
    [InlineData(8, 9)]
    [InlineData(2, 7)]
    public void Rows_that_changed_places_are_reordered(int one, int other)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind($"UPDATE ledger SET sequence=100 WHERE sequence={one}", $"UPDATE ledger SET sequence={one} WHERE sequence={other}", $"UPDATE ledger SET sequence={other} WHERE sequence=100");
        Assert.Equal($"reordered {one}", scratch.Verify());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    public void A_row_that_was_moved_to_the_end_is_reordered(int number)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind($"UPDATE ledger SET sequence=20 WHERE sequence={number}");
        Assert.Equal($"reordered {number}", scratch.Verify());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(10)]
    [InlineData(20)]
    public void A_copied_row_is_inserted(int sequence)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        scratch.Behind("CREATE TEMP TABLE t AS SELECT * FROM ledger WHERE sequence=3", $"UPDATE t SET sequence={sequence}", "INSERT INTO ledger SELECT * FROM t");
        Assert.Equal($"inserted {sequence}", scratch.Verify());
    }

    /// <summary>The rows after it were numbered anew. Forged: with the right link and its own hash; or just copied.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(9, true)]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(9, false)]
    public void A_row_put_in_between_is_inserted(int sequence, bool forged)
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        LedgerRow row = StoreScratch.Row(77);
        row.Sequence = sequence;
        row.Previous = sequence == 1 ? new byte[32] : scratch.Rows()[sequence - 2].Hash;
        row.Hash = HashOf(row);
        scratch.Behind(
            "CREATE TEMP TABLE t AS SELECT * FROM ledger WHERE sequence=3", $"UPDATE ledger SET sequence=sequence+1000 WHERE sequence>={sequence}", "UPDATE ledger SET sequence=sequence-999 WHERE sequence>1000",
            forged ? $"UPDATE t SET sequence={sequence},time={row.Time},call='{Encoding.UTF8.GetString(row.Call)}',completes={row.Completes},request=x'{Hex.Of(row.Request)}',previous=x'{Hex.Of(row.Previous)}',hash=x'{Hex.Of(row.Hash)}'" : $"UPDATE t SET sequence={sequence},preview='something else'",
            "INSERT INTO ledger SELECT * FROM t");
        Assert.Equal($"inserted {sequence}", scratch.Verify());
    }

    [Theory]
    [InlineData(9, 8)]
    [InlineData(9, 1)]
    [InlineData(9, 0)]
    [InlineData(700, 699)]
    [InlineData(700, 3)]
    public void A_ledger_cut_at_its_end_is_truncated(int rows, int left)
    {
        using StoreScratch scratch = new();
        scratch.Fill(rows);
        scratch.Behind($"DELETE FROM ledger WHERE sequence>{left}");
        Assert.Equal($"truncated {left + 1}", scratch.Verify());

        // Its checkpoints with it: the anchor is outside.
        scratch.Behind($"DELETE FROM checkpoints WHERE sequence>{left}");
        Assert.Equal($"truncated {left + 1}", scratch.Verify());
        Assert.Contains($"row {rows} was written", scratch.Damage(out _)!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 8)]
    [InlineData(5, 300)]
    [InlineData(250, 900)]
    public void An_older_copy_is_truncated_and_forked_once_it_goes_on(int before, int after)
    {
        using StoreScratch scratch = new();
        scratch.Fill(before);
        byte[] copy = scratch.Copy();
        scratch.Fill(after - before);
        Assert.Null(scratch.Verify());
        scratch.PutBack(copy);
        Assert.Equal($"truncated {before + 1}", scratch.Verify());

        using (GateStore store = scratch.Open(create: false))
            StoreScratch.Append(store, StoreScratch.Row(1000));
        bool anchored = after - before <= LedgerAnchor.Slots;
        Assert.Equal(anchored ? "forked" : "truncated", scratch.Damage(out _)!.Name);

        // However far it goes on: what the anchor knew is not overwritten.
        for (int i = 0; i < 3; i++)
        {
            scratch.Fill(after);
            LedgerDamage damage = scratch.Damage(out _)!;
            Assert.Equal("forked", damage.Name);
            Assert.True(damage.Sequence > before, $"row {damage.Sequence}");
        }
    }

    /// <summary>Every row with a hash and a link of its own: the chain is whole, but it is another chain.</summary>
    [Fact]
    public void A_ledger_written_anew_as_a_whole_is_forked()
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        WriteAnewFrom(scratch, 4);
        Assert.Equal("forked 4", scratch.Verify());
        Assert.Contains("after row 3", scratch.Damage(out _)!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_that_was_kept_elsewhere_is_believed()
    {
        using StoreScratch scratch = new();
        scratch.Fill(9);
        LedgerRow fifth = scratch.Rows()[4];
        LedgerMark kept = LedgerMark.Of(MarkKind.Row, 5, 0, 0, fifth.Hash, default);
        Assert.Null(scratch.Damage(out _, kept));
        WriteAnewFrom(scratch, 2);
        File.Delete(scratch.Beside("ledger.anchor"));
        scratch.Open().Dispose();
        Assert.Null(scratch.Verify());
        Assert.Equal(("forked", 5), (scratch.Damage(out _, kept)!.Name, scratch.Damage(out _, kept)!.Sequence));
    }

    [Theory]
    [InlineData("UPDATE checkpoints SET hash=zeroblob(32) WHERE sequence=256", "changed 256")]
    [InlineData("UPDATE checkpoints SET rows=1 WHERE sequence=256", "changed 256")]
    [InlineData("UPDATE checkpoints SET time=1 WHERE sequence=512", "changed 512")]
    [InlineData("UPDATE checkpoints SET seal=x''", "changed 256")]
    [InlineData("UPDATE checkpoints SET kind=3 WHERE sequence=512", "changed 512")]
    [InlineData("DELETE FROM checkpoints WHERE sequence=512", "removed 512")]
    [InlineData("DELETE FROM checkpoints", "removed 256")]
    public void Changed_checkpoints_are_found(string change, string problem)
    {
        using StoreScratch scratch = new();
        scratch.Fill(600);
        scratch.Behind(change);
        Assert.Equal(problem, scratch.Verify());
    }

    /// <summary>A checkpoint that would pass for that of an archive needs the key.</summary>
    [Fact]
    public void Removing_rows_and_calling_them_archived_is_found()
    {
        using StoreScratch scratch = new();
        scratch.Fill(600);
        scratch.Behind("UPDATE checkpoints SET kind=3 WHERE sequence=256", "DELETE FROM ledger WHERE sequence<=256");
        Assert.Equal("removed 1", scratch.Verify());
    }

    [Fact]
    public void Anchor_and_key_are_watched_themselves()
    {
        using StoreScratch scratch = new();
        scratch.Fill(300);
        byte[] anchor = File.ReadAllBytes(scratch.Beside("ledger.anchor")), key = File.ReadAllBytes(scratch.Beside("ledger.key"));

        File.Delete(scratch.Beside("ledger.anchor"));
        Assert.Equal("unanchored 300", scratch.Verify());
        scratch.Fill(1);
        File.Delete(scratch.Beside("ledger.anchor"));
        Assert.Equal("unanchored 301", scratch.Verify());

        byte[] changed = [.. anchor];
        changed[(299 % LedgerAnchor.Slots * LedgerMark.Size) + 40] ^= 1;
        File.WriteAllBytes(scratch.Beside("ledger.anchor"), changed);
        Assert.Equal("changed 299", scratch.Verify());

        File.WriteAllBytes(scratch.Beside("ledger.anchor"), anchor);
        Assert.Null(scratch.Verify());
        key[0] ^= 1;
        File.WriteAllBytes(scratch.Beside("ledger.key"), key);
        Assert.Equal("changed 256", scratch.Verify());
        File.Delete(scratch.Beside("ledger.key"));
        Assert.Equal("changed 256", scratch.Verify());
    }

    [Fact]
    public void A_new_ledger_keeps_the_anchor_of_the_one_before_under_another_name()
    {
        using StoreScratch scratch = new();
        scratch.Fill(5);
        foreach (string extra in (string[])["", "-wal", "-shm"])
            File.Delete(scratch.PathText + extra);
        scratch.Fill(2);
        Assert.Null(scratch.Verify());
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(scratch.PathText)!, "ledger.anchor*").Length);
    }

    [Fact]
    public void Progress_is_told()
    {
        using StoreScratch scratch = new();
        using GateStore store = scratch.Open();
        store.Begin();
        for (int i = 1; i <= 50_000; i++)
            store.Append(new LedgerRow { Session = "s"u8.ToArray() }, false);
        store.Commit();
        long told = 0;
        Assert.Null(LedgerChain.Verify(store, LedgerMarks.Of(store, store.Folder), rows => told = rows, out long count));
        Assert.Equal((50_000, 50_000), (told, count));
        Assert.Equal(50_000 / LedgerMark.Every, store.ReadCheckpoints().Count);
    }

    private static void Rewrite(StoreScratch scratch, LedgerRow row)
    {
        row.Outcome = "allow"u8.ToArray();
        row.Hash = HashOf(row);
        scratch.Behind($"UPDATE ledger SET outcome='allow',previous=x'{Hex.Of(row.Previous)}',hash=x'{Hex.Of(row.Hash)}' WHERE sequence={row.Sequence}");
    }

    private static void WriteAnewFrom(StoreScratch scratch, int first)
    {
        byte[] previous = scratch.Rows()[first - 2].Hash;
        foreach (LedgerRow row in scratch.Rows().FindAll(row => row.Sequence >= first))
        {
            row.Previous = previous;
            Rewrite(scratch, row);
            previous = row.Hash;
        }
    }

    private static byte[] HashOf(LedgerRow row)
    {
        byte[] hash = new byte[Sodium.DigestBytes];
        row.ComputeHash(hash);
        return hash;
    }
}
