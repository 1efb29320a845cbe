using System.Linq;
using System.Text;
using Gate.Bundles;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Bundles;

public class TrustTests
{
    private static readonly string s_good = SignedBundle.Line("trusted", SignedBundle.Key), s_revoked = SignedBundle.Line("revoked", SignedBundle.Key);

    private static readonly string s_id = Hex.Of(Trust.IdOf(SignedBundle.Key)), s_key = Hex.Of(SignedBundle.Key);

    public static TheoryData<string, BundleFault> Files => new()
    {
        { "", BundleFault.UnknownKey },
        { s_good, BundleFault.None },
        { s_good + "\n", BundleFault.None },
        { s_good + "\r\n", BundleFault.None },
        { $"trusted {s_id} {s_key}", BundleFault.None },
        { $"trusted {s_id} {s_key}\r\n", BundleFault.None },
        { "# " + s_good, BundleFault.UnknownKey },
        { " " + s_good, BundleFault.UnknownKey },
        { "Trusted" + s_good[7..], BundleFault.UnknownKey },
        { s_good.ToUpperInvariant(), BundleFault.UnknownKey },
        { $"trusted {s_id}", BundleFault.UnknownKey },
        { $"trusted {s_id} {s_key[..62]}", BundleFault.UnknownKey },
        { $"trusted {s_id} {s_key}ff name", BundleFault.UnknownKey },
        { $"trusted {s_id}  {s_key}", BundleFault.UnknownKey },
        { $"trusted {s_id} {Hex.Of(SignedBundle.OtherKey)} liar", BundleFault.UnknownKey },
        { $"{s_good}\ntrusted {s_id} {Hex.Of(SignedBundle.OtherKey)} liar", BundleFault.None },
        { $"junk\n\n\0\xff\ntrusted\ntrusted \nrevoked\nrevoked \n{s_good}\njunk", BundleFault.None },
        { $"{SignedBundle.Line("revoked", SignedBundle.OtherKey)}\n{s_good}", BundleFault.None },
        { $"{s_good}\n{s_revoked}", BundleFault.RevokedKey },
        { $"{s_revoked}\n{s_good}", BundleFault.RevokedKey },
        { $"{s_good}\njunk\n{s_good}\nrevoked {s_id}", BundleFault.RevokedKey },
        { $"revoked {s_id} not-a-key\n{s_good}", BundleFault.RevokedKey },
        { s_revoked, BundleFault.RevokedKey },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Only_a_whole_line_trusts_and_a_revocation_wins_wherever_it_stands(string file, BundleFault expected)
    {
        Trust trust = new(Encoding.Latin1.GetBytes(file));
        Assert.Equal(expected, trust.Find(Trust.IdOf(SignedBundle.Key), out System.ReadOnlySpan<byte> key));
        Assert.Equal(expected == BundleFault.None ? SignedBundle.Key : [], key.ToArray());
    }

    [Fact]
    public void One_key_among_many_is_found()
    {
        string[] others = [.. Enumerable.Range(0, 500).Select(i => $"trusted {i:x32} {i:x64} n{i}")];
        Trust trust = new(Encoding.ASCII.GetBytes(string.Join('\n', [.. others, s_good, .. others])));
        Assert.Equal(BundleFault.None, trust.Find(Trust.IdOf(SignedBundle.Key), out _));
        Assert.Equal(BundleFault.UnknownKey, trust.Find(Trust.IdOf(SignedBundle.OtherKey), out _));
    }
}
