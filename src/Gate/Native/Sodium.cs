using System;
using System.Runtime.InteropServices;

namespace Gate.Native;

/// <summary>
/// libsodium, linked statically: Ed25519, SHA-256, BLAKE2b, Argon2id, XChaCha20-Poly1305. The BCL's cryptography loads
/// OpenSSL, which a static binary cannot. Only functions that need no <c>sodium_init</c> are on the hook path.
/// </summary>
internal static unsafe partial class Sodium
{
    public const int PublicKeyBytes = 32, SecretKeyBytes = 64, SeedBytes = 32, SignatureBytes = 64, DigestBytes = 32, SaltBytes = 16, NonceBytes = 24, TagBytes = 16;

    [LibraryImport("sodium")]
    private static partial int sodium_init();

    [LibraryImport("sodium")]
    private static partial int crypto_sign_verify_detached(byte* signature, byte* message, ulong length, byte* key);

    [LibraryImport("sodium")]
    private static partial int crypto_sign_detached(byte* signature, ulong* signatureLength, byte* message, ulong length, byte* secret);

    [LibraryImport("sodium")]
    private static partial int crypto_sign_seed_keypair(byte* key, byte* secret, byte* seed);

    [LibraryImport("sodium")]
    private static partial int crypto_hash_sha256(byte* digest, byte* message, ulong length);

    [LibraryImport("sodium")]
    private static partial int crypto_generichash(byte* digest, nuint digestLength, byte* message, ulong length, byte* key, nuint keyLength);

    [LibraryImport("sodium")]
    private static partial void randombytes_buf(byte* buffer, nuint size);

    [LibraryImport("sodium")]
    private static partial int crypto_pwhash(byte* result, ulong resultLength, byte* passphrase, ulong length, byte* salt, ulong operations, nuint memory, int algorithm);

    [LibraryImport("sodium")]
    private static partial int crypto_aead_xchacha20poly1305_ietf_encrypt(byte* cipher, ulong* cipherLength, byte* message, ulong length, byte* extra, ulong extraLength, byte* unused, byte* nonce, byte* key);

    [LibraryImport("sodium")]
    private static partial int crypto_aead_xchacha20poly1305_ietf_decrypt(byte* message, ulong* messageLength, byte* unused, byte* cipher, ulong length, byte* extra, ulong extraLength, byte* nonce, byte* key);

    /// <summary>Must run once before random bytes, key derivation or encryption; throws where the system has no entropy source.</summary>
    public static void Initialise()
    {
        if (sodium_init() < 0)
            throw new InvalidOperationException("libsodium could not start: no source of random bytes");
    }

    public static bool Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> key)
    {
        if (signature.Length != SignatureBytes || key.Length != PublicKeyBytes)
            return false;
        fixed (byte* s = signature, m = message, k = key)
            return crypto_sign_verify_detached(s, m, (ulong)message.Length, k) == 0;
    }

    public static byte[] Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretKeyBytes);
        byte[] signature = new byte[SignatureBytes];
        fixed (byte* s = signature, m = message, k = secret)
            _ = crypto_sign_detached(s, null, m, (ulong)message.Length, k);
        return signature;
    }

    /// <summary>The key pair of a 32-byte seed: (public key of 32 bytes, secret key of 64).</summary>
    public static (byte[] Public, byte[] Secret) KeyPair(ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedBytes);
        byte[] key = new byte[PublicKeyBytes], secret = new byte[SecretKeyBytes];
        fixed (byte* k = key, s = secret, e = seed)
            _ = crypto_sign_seed_keypair(k, s, e);
        return (key, secret);
    }

    public static void Sha256(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        fixed (byte* d = digest, m = message)
            _ = crypto_hash_sha256(d, m, (ulong)message.Length);
    }

    /// <summary>BLAKE2b-256: four times as fast as SHA-256 here, for digests that only Gate itself computes.</summary>
    public static void Blake2(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        fixed (byte* d = digest, m = message)
            _ = crypto_generichash(d, DigestBytes, m, (ulong)message.Length, null, 0);
    }

    /// <summary>Keyed BLAKE2b of as many bytes as <paramref name="digest"/> has (16 to 64); an empty key makes it a plain digest.</summary>
    public static void Blake2(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key, Span<byte> digest)
    {
        fixed (byte* d = digest, m = message, k = key)
            _ = crypto_generichash(d, (nuint)digest.Length, m, (ulong)message.Length, k, (nuint)key.Length);
    }

    public static byte[] Random(int count)
    {
        byte[] bytes = new byte[count];
        fixed (byte* b = bytes)
            randombytes_buf(b, (nuint)count);
        return bytes;
    }

    /// <summary>Argon2id. <paramref name="memory"/> in bytes; throws when the memory cannot be had.</summary>
    public static byte[] DeriveKey(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, ulong operations, long memory)
    {
        byte[] key = new byte[32];
        fixed (byte* k = key, p = passphrase, s = salt)
        {
            if (crypto_pwhash(k, 32, p, (ulong)passphrase.Length, s, operations, (nuint)memory, 2) != 0)
                throw new InvalidOperationException("not enough memory to derive a key from the passphrase");
        }

        return key;
    }

    public static byte[] Encrypt(ReadOnlySpan<byte> message, ReadOnlySpan<byte> extra, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        byte[] cipher = new byte[message.Length + TagBytes];
        fixed (byte* c = cipher, m = message, e = extra, n = nonce, k = key)
            _ = crypto_aead_xchacha20poly1305_ietf_encrypt(c, null, m, (ulong)message.Length, e, (ulong)extra.Length, null, n, k);
        return cipher;
    }

    /// <summary>The message, or null when the key or the data is not the right one.</summary>
    public static byte[]? Decrypt(ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> extra, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        if (cipher.Length < TagBytes)
            return null;
        byte[] message = new byte[cipher.Length - TagBytes];
        fixed (byte* m = message, c = cipher, e = extra, n = nonce, k = key)
            return crypto_aead_xchacha20poly1305_ietf_decrypt(m, null, null, c, (ulong)cipher.Length, e, (ulong)extra.Length, n, k) == 0 ? message : null;
    }
}
