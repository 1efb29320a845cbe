using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using Gate.Native;
using Gate.Store;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Store;

public class LedgerRowTests
{
    // Laid out by hand from the documentation of LedgerRow, not by Gate: prefix, fields in order, previous hash.
    private const string GoldenBytes = "67617465206c656467657220726f772031002a000000000000007ba8da769b0100000b000000636c617564652d636f646503000000732d31070000002f722f2e"
        + "676974050000002f722fc3a404000000426173680a000000507265546f6f6c55736507000000746f6f6c755f3107000000000000000300000001020308000000"
        + "67697420707573680c00000072756e20636f646520676974ffffffffffffffff0400000064656e790e0000006769742e666f7263652d70757368090000004e49"
        + "53543a434d2d3302000000aabb00000000020000007b7ddc05000000000000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    // sha256sum of those bytes.
    private const string GoldenHash = "21f263d3e645787eb545a272b3fc617bbd01f6eedbff6879b72306b99c73a0e4";

    private static LedgerRow Golden() => new()
    {
        Sequence = 42, Time = 1767225600123, Agent = "claude-code"u8.ToArray(), Session = "s-1"u8.ToArray(), Repository = "/r/.git"u8.ToArray(), Worktree = "/r/ä"u8.ToArray(), Tool = "Bash"u8.ToArray(),
        Event = "PreToolUse"u8.ToArray(), Call = "toolu_1"u8.ToArray(), Completes = 7, Request = [1, 2, 3], Preview = "git push"u8.ToArray(), Effects = "run code git"u8.ToArray(), Zone = -1,
        Outcome = "deny"u8.ToArray(), Rules = "git.force-push"u8.ToArray(), Tags = "NIST:CM-3"u8.ToArray(), Bundle = [0xAA, 0xBB], Standing = [], Detail = "{}"u8.ToArray(), Latency = 1500,
        Previous = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
    };

    /// <summary>A ledger outlives the program that wrote it: this encoding never changes under version 1.</summary>
    [Fact]
    public void Encoding_and_hash_are_the_golden_ones()
    {
        ByteBuilder text = new();
        Golden().Canonical(text);
        Assert.Equal(GoldenBytes, Hex.Of(text.Written));
        Assert.Equal(GoldenHash, HashOf(Golden()));
    }

    [Fact]
    public void Every_field_is_in_the_hash()
    {
        foreach (PropertyInfo property in typeof(LedgerRow).GetProperties().Where(property => property.Name is not (nameof(LedgerRow.Hash) or nameof(LedgerRow.Project))))
        {
            LedgerRow row = Golden();
            property.SetValue(row, property.GetValue(row) is byte[] bytes ? (byte[])[.. bytes, 0] : (long)property.GetValue(row)! + 1);
            Assert.True(HashOf(row) != GoldenHash, property.Name);
        }
    }

    /// <summary>No byte can move from one field to the next without the hash knowing.</summary>
    [Fact]
    public void Different_rows_have_different_encodings() => Holds.Always(dice =>
    {
        LedgerRow One() => new() { Agent = Some(dice), Session = Some(dice), Repository = Some(dice), Preview = Some(dice), Effects = Some(dice), Detail = Some(dice), Completes = dice.Roll(3) };
        LedgerRow a = One(), b = One();
        bool same = a.Completes == b.Completes && typeof(LedgerRow).GetProperties().Select(property => (property.GetValue(a) as byte[], property.GetValue(b) as byte[])).All(pair => pair.Item1 is null || pair.Item1.AsSpan().SequenceEqual(pair.Item2));
        return same == (HashOf(a) == HashOf(b));
    });

    private static byte[] Some(Dice dice) => dice.Pick<byte[]>([], [0], [1, 0, 0, 0], [(byte)'a'], "aa"u8.ToArray());

    private static string HashOf(LedgerRow row)
    {
        byte[] hash = new byte[Sodium.DigestBytes];
        row.ComputeHash(hash);
        return Hex.Of(hash);
    }
}
