using System.Linq;
using Gate.Store;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Store;

public class LedgerMarkTests
{
    // Laid out by hand from the documentation of LedgerMark; the seals are those of another implementation of BLAKE2b
    // (Python: hashlib.blake2b(b"gate ledger mark 1\0" + bytes, digest_size=16, key=bytes(range(32)))).
    private const string Body = "010000000000000000010000000000000001000000000000" + "7ba8da769b010000" + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const string Seal = "786c5594682a730a40d3d152c561d552", RowSeal = "f68914ec85812f43fd4b573d7d912102";

    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], s_hash = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    /// <summary>A ledger outlives the program that wrote it: this encoding never changes under version 1.</summary>
    [Fact]
    public void Encoding_and_seal_are_the_golden_ones()
    {
        LedgerMark mark = LedgerMark.Of(MarkKind.Count, 256, 256, 1767225600123, s_hash, s_key);
        Assert.Equal(Body + Seal, Hex.Of(mark.Encode()));
        Assert.Equal(RowSeal, Hex.Of(LedgerMark.Of(MarkKind.Row, 256, 256, 1767225600123, s_hash, s_key).Seal));
        Assert.True(LedgerMark.Decode(mark.Encode()).IsGenuine(s_key));
    }

    [Fact]
    public void Every_byte_counts()
    {
        byte[] bytes = LedgerMark.Of(MarkKind.SessionEnd, 7, 3, 1, s_hash, s_key).Encode();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 1;
            Assert.False(LedgerMark.Decode(changed).IsGenuine(s_key), $"byte {i}");
        }

        Assert.False(LedgerMark.Decode(bytes).IsGenuine(default));
        Assert.False(LedgerMark.Decode(bytes).IsGenuine(s_hash.Reverse().ToArray()));
    }
}
