using System;
using Gate.Native;
using Gate.Text;

namespace Gate.Bundles;

/// <summary>
/// The keys whose signatures count. The file has one key a line: <c>trusted|revoked KEY-ID PUBLIC-KEY NAME</c>, hex,
/// fields apart by one space; <c>#</c> starts a comment. A line that cannot be read trusts nobody; to revoke, the id is enough.
/// </summary>
public sealed class Trust(byte[] file)
{
    /// <summary>The key with this id, if it is trusted. Which key signed is looked up among trusted keys only; the algorithm is never chosen by the file.</summary>
    public BundleFault Find(ReadOnlySpan<byte> keyId, out ReadOnlySpan<byte> key)
    {
        key = default;
        BundleFault fault = BundleFault.UnknownKey;
        Span<byte> id = stackalloc byte[BundleFormat.KeyIdSize];
        byte[] bytes = new byte[Sodium.PublicKeyBytes];
        ReadOnlySpan<byte> rest = file;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            bool revoked = line.StartsWith("revoked "u8);
            if (!revoked && !line.StartsWith("trusted "u8))
                continue;
            line = line[8..];
            if (line.Length < 32 || !Hex.TryDecode(line[..32], id) || !id.SequenceEqual(keyId))
                continue;

            // A revocation counts wherever it stands in the file, and whatever follows the id.
            if (revoked)
            {
                key = default;
                return BundleFault.RevokedKey;
            }

            if (line.Length < 33 + 64 || line[32] != (byte)' ' || (line.Length > 97 && line[97] is not ((byte)' ' or (byte)'\r')) || !Hex.TryDecode(line.Slice(33, 64), bytes))
                continue;
            if (!IdOf(bytes).AsSpan().SequenceEqual(keyId))
                continue;
            key = bytes.AsSpan().ToArray();
            fault = BundleFault.None;
        }

        return fault;
    }

    /// <summary>Trusts this one key and no other.</summary>
    public static Trust Only(ReadOnlySpan<byte> publicKey) => new(Line(publicKey, "only"));

    /// <summary>The line that trusts a key.</summary>
    public static byte[] Line(ReadOnlySpan<byte> publicKey, string name) => System.Text.Encoding.UTF8.GetBytes($"trusted {Hex.Of(IdOf(publicKey))} {Hex.Of(publicKey)} {name}\n");

    /// <summary>A key's id: the first 16 bytes of its BLAKE2b digest.</summary>
    public static byte[] IdOf(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> digest = stackalloc byte[Sodium.DigestBytes];
        Sodium.Blake2(publicKey, digest);
        return digest[..BundleFormat.KeyIdSize].ToArray();
    }
}
