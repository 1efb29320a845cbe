using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Bundles;

public class BundleTests
{
    private static readonly byte[] s_small = SignedBundle.Write(SignedBundle.Model());

    [Fact]
    public void What_was_written_is_read()
    {
        PolicyModel model = SignedBundle.Model();
        string contents = SignedBundle.Open(s_small, SignedBundle.Trusted, out BundleFault fault, SignedBundle.Contents)!;
        Assert.Equal(BundleFault.None, fault);
        foreach (RuleModel rule in model.Rules)
            Assert.Contains($"{rule.Id} {rule.Title} ", contents, StringComparison.Ordinal);
        Assert.Equal(BundleFault.None, Opened(s_small, bundle => bundle.VerifyAll()));
        Assert.Equal(7UL, Opened(s_small, bundle => bundle.Revision));
        Assert.Equal(s_small.Length, Opened(s_small, bundle => bundle.Length));
    }

    [Fact]
    public void Sources_travel_along_when_asked_to() =>
        Assert.Equal(SignedBundle.Model().Sources.Select(source => source.Path), Opened(s_small, bundle => SourceReader.Texts(bundle)).Select(source => source.Path));

    [Fact]
    public void Two_builds_of_the_same_sources_are_the_same_bytes()
    {
        Assert.Equal(s_small, SignedBundle.Write(SignedBundle.Model()));
        Assert.Equal(Policies.Built(Policies.Shipped()), Policies.Built(Policies.Shipped()));
    }

    /// <summary>Refused when it is opened, found when all is verified, and never read as something else.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_flipped_bit_anywhere_is_found(int bit)
    {
        string contents = Opened(s_small, SignedBundle.Contents);
        List<int> missed = [], misread = [];
        for (int at = 0; at < s_small.Length; at++)
        {
            byte[] flipped = [.. s_small];
            flipped[at] ^= (byte)(1 << bit);
            string? found = SignedBundle.Open(flipped, SignedBundle.Trusted, out _, bundle => bundle.VerifyAll() == BundleFault.None ? "missed" : "found");
            if (found == "missed")
                missed.Add(at);
            string? read = SignedBundle.Open(flipped, SignedBundle.Trusted, out _, Lazily);
            if (read is not null && read != "damaged" && read != contents)
                misread.Add(at);
        }

        Assert.Empty(missed);
        Assert.Empty(misread);
    }

    [Fact]
    public void A_flipped_bit_in_a_bundle_of_many_chunks_is_found()
    {
        byte[] large = SignedBundle.Write(SignedBundle.Model(900));
        Assert.True(large.Length > BundleFormat.BlockSize * BundleFormat.Fan * 3);
        for (int at = 0; at < large.Length; at += 997)
        {
            byte[] flipped = [.. large];
            flipped[at] ^= 0x10;
            string? found = SignedBundle.Open(flipped, SignedBundle.Trusted, out _, bundle => bundle.VerifyAll() == BundleFault.None ? "missed" : "found");
            Assert.True(found is null or "found", $"offset {at}");
        }
    }

    [Fact]
    public void Truncated_at_any_length_is_refused()
    {
        for (int length = 0; length < s_small.Length; length++)
        {
            BundleFault fault = SignedBundle.FaultOf(s_small[..length], SignedBundle.Trusted);
            Assert.True(fault == BundleFault.Truncated, $"length {length}: {fault}");
        }
    }

    public static TheoryData<string, BundleFault> Refusals => new()
    {
        { "wrong key", BundleFault.BadSignature }, { "unsigned", BundleFault.Unsigned }, { "revoked key", BundleFault.RevokedKey }, { "unknown key", BundleFault.UnknownKey },
        { "future version", BundleFault.FutureVersion }, { "past version", BundleFault.PastVersion }, { "foreign byte order", BundleFault.ForeignByteOrder },
        { "not a bundle", BundleFault.NotABundle }, { "a short text", BundleFault.NotABundle }, { "grown file", BundleFault.Malformed }, { "other block size", BundleFault.Malformed },
        { "no blocks", BundleFault.Malformed }, { "too many sections", BundleFault.Malformed }, { "signed as the binary's own", BundleFault.Malformed }, { "empty", BundleFault.Truncated },
        { "changed revision", BundleFault.BadSignature }, { "swapped signature", BundleFault.BadSignature }, { "changed root", BundleFault.BadSignature }, { "changed upper table", BundleFault.Damaged },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Each_wrong_file_is_refused_for_what_it_is(string what, BundleFault expected)
    {
        Trust? trust = SignedBundle.Trusted;
        byte[] bytes = [.. s_small];
        switch (what)
        {
            case "wrong key": Trust.IdOf(SignedBundle.OtherKey).CopyTo(bytes, BundleFormat.KeyIdAt); trust = SignedBundle.Trusting(SignedBundle.Line("trusted", SignedBundle.OtherKey)); break;
            case "unsigned": bytes = Policies.Built(SignedBundle.Model()); break;
            case "revoked key": trust = SignedBundle.Trusting(SignedBundle.Line("trusted", SignedBundle.Key), SignedBundle.Line("revoked", SignedBundle.Key)); break;
            case "unknown key": trust = SignedBundle.Trusting(SignedBundle.Line("trusted", SignedBundle.OtherKey)); break;
            case "future version": Put(bytes, BundleFormat.VersionAt, BundleFormat.Version + 1); break;
            case "past version": Put(bytes, BundleFormat.VersionAt, 0); break;
            case "foreign byte order": BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(BundleFormat.EndianAt), BundleFormat.EndianMark); break;
            case "not a bundle": bytes[0] = (byte)'g'; break;
            case "a short text": bytes = "#!/bin/sh\nexit 0\n"u8.ToArray(); break;
            case "grown file": bytes = [.. bytes, .. new byte[BundleFormat.BlockSize]]; break;
            case "other block size": Put(bytes, BundleFormat.BlockSizeAt, 512); break;
            case "no blocks": Put(bytes, BundleFormat.BlockCountAt, 0); break;
            case "too many sections": Put(bytes, BundleFormat.SectionCountAt, uint.MaxValue); break;
            case "signed as the binary's own": trust = null; break;
            case "empty": bytes = []; break;
            case "swapped signature": SignedBundle.Write(SignedBundle.Model(4)).AsSpan(BundleFormat.SignatureAt, BundleFormat.SignatureSize).CopyTo(bytes.AsSpan(BundleFormat.SignatureAt)); break;
            case "changed revision": bytes[BundleFormat.RevisionAt]++; break;
            case "changed root": bytes[BundleFormat.RootAt]++; break;
            case "changed upper table": bytes[BundleFormat.SectionsAt + ((int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(BundleFormat.SectionCountAt)) * BundleFormat.SectionSize)]++; break;
        }

        Assert.Equal(expected, SignedBundle.FaultOf(bytes, trust));
    }

    [Fact]
    public void Each_fault_has_a_sentence_of_its_own_that_says_what_to_do()
    {
        BundleFault[] all = Enum.GetValues<BundleFault>();
        Assert.Equal(all.Length, all.Select(BundleFaults.Sentence).Distinct().Count());
        Assert.All(all.Except([BundleFault.None]), fault => Assert.Contains("gate ", BundleFaults.Sentence(fault), StringComparison.Ordinal));
    }

    [Fact]
    public void The_binarys_own_bundle_carries_no_signature_and_no_key() =>
        Assert.Equal(BundleFault.None, SignedBundle.FaultOf(Policies.Built(SignedBundle.Model()), null));

    [Fact]
    public void Signed_by_another_key_under_this_keys_name_is_refused()
    {
        byte[] bytes = SignedBundle.WriteWithOther(SignedBundle.Model());
        Trust.IdOf(SignedBundle.Key).CopyTo(bytes, BundleFormat.KeyIdAt);
        Assert.Equal(BundleFault.BadSignature, SignedBundle.FaultOf(bytes, SignedBundle.Trusted));
        Assert.Equal(BundleFault.None, SignedBundle.FaultOf(SignedBundle.WriteWithOther(SignedBundle.Model()), SignedBundle.Trusting(SignedBundle.Line("trusted", SignedBundle.OtherKey))));
    }

    [Fact]
    public void A_damaged_block_is_found_when_read_even_after_another_was_read()
    {
        byte[] bytes = [.. SignedBundle.Write(SignedBundle.Model(40))];
        bytes[^1] ^= 1;
        string? result = SignedBundle.Open(bytes, SignedBundle.Trusted, out BundleFault fault, bundle =>
        {
            int first = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(BundleFormat.DataAt));
            Assert.Equal(bytes.AsSpan(first, 16).ToArray(), bundle.At(first, 16).ToArray());
            Assert.Throws<BundleDamagedException>(() => bundle.At(bytes.Length - 4, 4).Length);
            Assert.Throws<BundleDamagedException>(() => bundle.At(bytes.Length - 4, 4).Length);
            Assert.Throws<BundleDamagedException>(() => bundle.At(first, bytes.Length - first).Length);
            Assert.Equal(16, bundle.At(first, 16).Length);
            return "read";
        });
        Assert.Equal(("read", BundleFault.None), (result, fault));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(-1, 4)]
    [InlineData(int.MaxValue, 4)]
    [InlineData(2048, -1)]
    [InlineData(2048, int.MaxValue)]
    public void No_read_leaves_the_file(int offset, int length) => Opened(s_small, bundle =>
    {
        Assert.Throws<BundleDamagedException>(() => bundle.At(offset, length).Length);
        return "";
    });

    private static string Lazily(Bundle bundle)
    {
        try
        {
            return SignedBundle.Contents(bundle);
        }
        catch (BundleDamagedException)
        {
            return "damaged";
        }
    }

    private static T Opened<T>(byte[] bytes, Func<Bundle, T> use) => SignedBundle.Open(bytes, SignedBundle.Trusted, out _, bundle => new Box<T>(use(bundle)))!.Value;

    private sealed record Box<T>(T Value);

    private static void Put(byte[] bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
}
