using System;
using System.Text;
using Gate.Bundles;
using Gate.Native;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>
/// A private signing key at rest. Text, so that it can be looked at and copied without harm to its form:
/// <code>
/// gate key 1
/// name NAME
/// public HEX32
/// encryption argon2id 3 67108864 HEX16 HEX24      operations, memory in bytes, salt, nonce; or: encryption none
/// secret HEX                                      XChaCha20-Poly1305 of the 32-byte seed, or the seed itself
/// </code>
/// The public part is authenticated together with the secret, so neither can be swapped.
/// </summary>
public sealed class KeyFile
{
    /// <summary>Argon2id at libsodium's interactive limits raised to three passes: 64 MiB and a fraction of a second for each guess.</summary>
    public const ulong Operations = 3;

    public const long Memory = 64 << 20;

    public required string Name { get; init; }

    public required byte[] PublicKey { get; init; }

    public required bool Encrypted { get; init; }

    private byte[] Secret { get; init; } = [];

    private byte[] Salt { get; init; } = [];

    private byte[] Nonce { get; init; } = [];

    public byte[] Id => Trust.IdOf(PublicKey);

    /// <summary>A new key; without a passphrase the seed is stored as it is.</summary>
    public static KeyFile Create(string name, byte[]? passphrase)
    {
        Sodium.Initialise();
        byte[] seed = Sodium.Random(Sodium.SeedBytes);
        (byte[] publicKey, _) = Sodium.KeyPair(seed);
        if (passphrase is null)
            return new KeyFile { Name = name, PublicKey = publicKey, Encrypted = false, Secret = seed };
        byte[] salt = Sodium.Random(Sodium.SaltBytes), nonce = Sodium.Random(Sodium.NonceBytes);
        byte[] key = Sodium.DeriveKey(passphrase, salt, Operations, Memory);
        return new KeyFile { Name = name, PublicKey = publicKey, Encrypted = true, Secret = Sodium.Encrypt(seed, publicKey, nonce, key), Salt = salt, Nonce = nonce };
    }

    /// <summary>The 64-byte secret that signs, or null when the passphrase is wrong or the file was changed.</summary>
    public byte[]? Open(byte[]? passphrase)
    {
        byte[]? seed = Secret;
        if (Encrypted)
        {
            if (passphrase is null)
                return null;
            Sodium.Initialise();
            seed = Sodium.Decrypt(Secret, PublicKey, Nonce, Sodium.DeriveKey(passphrase, Salt, Operations, Memory));
        }

        if (seed is not { Length: Sodium.SeedBytes })
            return null;
        (byte[] publicKey, byte[] secret) = Sodium.KeyPair(seed);
        return publicKey.AsSpan().SequenceEqual(PublicKey) ? secret : null;
    }

    public string Print()
    {
        string encryption = Encrypted ? $"argon2id {Operations} {Memory} {Hex.Of(Salt)} {Hex.Of(Nonce)}" : "none";
        return $"gate key 1\nname {Name}\npublic {Hex.Of(PublicKey)}\nencryption {encryption}\nsecret {Hex.Of(Secret)}\n";
    }

    /// <summary>Reads what <see cref="Print"/> wrote, exactly: anything else is null.</summary>
    public static KeyFile? Parse(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length != 6 || lines[0] != "gate key 1" || lines[5].Length != 0)
            return null;
        string name = Field(lines[1], "name "), publicHex = Field(lines[2], "public "), encryption = Field(lines[3], "encryption "), secretHex = Field(lines[4], "secret ");
        byte[]? publicKey = Decode(publicHex), secret = Decode(secretHex);
        if (publicKey is not { Length: Sodium.PublicKeyBytes } || secret is null)
            return null;
        KeyFile? file = null;
        if (encryption == "none")
        {
            file = new KeyFile { Name = name, PublicKey = publicKey, Encrypted = false, Secret = secret };
        }
        else if (encryption.Split(' ') is ["argon2id", _, _, string saltHex, string nonceHex] && Decode(saltHex) is { Length: Sodium.SaltBytes } salt && Decode(nonceHex) is { Length: Sodium.NonceBytes } nonce)
        {
            file = new KeyFile { Name = name, PublicKey = publicKey, Encrypted = true, Secret = secret, Salt = salt, Nonce = nonce };
        }

        // Strict: a file that would print otherwise is not one of ours.
        return file is not null && file.Print() == text ? file : null;
    }

    private static string Field(string line, string prefix) => line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..] : "";

    private static byte[]? Decode(string hex)
    {
        byte[] bytes = new byte[hex.Length / 2];
        return Hex.TryDecode(Encoding.ASCII.GetBytes(hex), bytes) ? bytes : null;
    }
}
