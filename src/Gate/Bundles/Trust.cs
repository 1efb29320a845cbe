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
        int at = 0;
        while (Next(ref at, out TrustLine line))
        {
            if (!line.HasId(keyId))
                continue;

            // A revocation counts wherever it stands in the file, and whatever follows the id.
            if (line.Revoked)
            {
                key = default;
                return BundleFault.RevokedKey;
            }

            if (line.PublicKey() is not { } found)
                continue;
            key = found;
            fault = BundleFault.None;
        }

        return fault;
    }

    /// <summary>The next line that begins as one that trusts or revokes; false at the end of the file.</summary>
    public bool Next(ref int at, out TrustLine line)
    {
        while (at < file.Length)
        {
            ReadOnlySpan<byte> rest = file.AsSpan(at);
            int end = rest.IndexOf((byte)'\n');
            rest = end < 0 ? rest : rest[..end];
            at += rest.Length + 1;
            line = new TrustLine(rest);
            if (line.Id.Length > 0)
                return true;
        }

        line = default;
        return false;
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

/// <summary>A line of the trust file, its fields as they stand there.</summary>
public readonly ref struct TrustLine
{
    private readonly ReadOnlySpan<byte> _rest;

    public TrustLine(ReadOnlySpan<byte> line)
    {
        Revoked = line.StartsWith("revoked "u8);
        if ((!Revoked && !line.StartsWith("trusted "u8)) || line.Length < 8 + (BundleFormat.KeyIdSize * 2))
            return;
        Id = line.Slice(8, BundleFormat.KeyIdSize * 2);
        _rest = line[(8 + Id.Length)..];
    }

    public bool Revoked { get; }

    /// <summary>Hexadecimal, unless somebody wrote something else there; empty: the line says nothing of a key.</summary>
    public ReadOnlySpan<byte> Id { get; }

    /// <summary>The last field, behind what there is of a key.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            ReadOnlySpan<byte> name = _rest.TrimEnd("\r "u8), key = Revoked ? default : KeyField;
            name = name[Math.Min(name.Length, key.Length > 0 ? 1 + key.Length : 0)..].TrimStart((byte)' ');
            return name[(name.LastIndexOf((byte)' ') + 1)..];
        }
    }

    private ReadOnlySpan<byte> KeyField => _rest.Length < 65 || _rest[0] != ' ' || (_rest.Length > 65 && _rest[65] is not ((byte)' ' or (byte)'\r')) ? default : _rest.Slice(1, 64);

    public bool HasId(ReadOnlySpan<byte> keyId)
    {
        Span<byte> id = stackalloc byte[BundleFormat.KeyIdSize];
        return Id.Length > 0 && Hex.TryDecode(Id, id) && id.SequenceEqual(keyId);
    }

    /// <summary>The key that the line trusts; null where it is not whole or not the one that its id says.</summary>
    public byte[]? PublicKey()
    {
        byte[] key = new byte[Sodium.PublicKeyBytes];
        return Hex.TryDecode(KeyField, key) && HasId(Trust.IdOf(key)) ? key : null;
    }
}
