using System;

namespace Gate.Redaction;

/// <summary>What a secret is. Its name stands in what replaces it. Numbers are the bundle's.</summary>
public enum SecretKind : byte
{
    Key, Token, PrivateKey, Password, Personal,
}

/// <summary>What a replacement tells of the secret itself, so that the same one can be recognised.</summary>
public enum SecretHint : byte
{
    /// <summary>Nothing: any hint helps to guess a short secret.</summary>
    None,
    /// <summary>24 bits of a digest. Of a secret with a hundred bits or more they give nothing away.</summary>
    Digest,
    /// <summary>The last four characters, as on a receipt.</summary>
    LastFour,
}

/// <summary>What must hold for the text of a secret besides its pattern. Numbers are the bundle's.</summary>
public enum SecretCheck : byte
{
    /// <summary>Entropy over its bytes, in tenths of a bit for each, at least.</summary>
    Entropy,
    /// <summary>A letter and a digit.</summary>
    Mixed,
    /// <summary>The digits' Luhn sum.</summary>
    Luhn,
    /// <summary>ISO 7064 mod 97-10, as in an IBAN.</summary>
    Iban,
    /// <summary>Three base64url parts (or five, encrypted); the first decodes to a JSON object with "alg".</summary>
    Jwt,
    /// <summary>The last six characters are the CRC-32 of those after the prefix, in base 62. It proves a token; its absence proves nothing.</summary>
    Crc62,
    /// <summary>An area, group and serial number that are given out.</summary>
    UsSocial,
    /// <summary>Both check digits, modulo 11.</summary>
    Cpf,
    /// <summary>ISO 7064 mod 11-2 over 18 characters.</summary>
    ChinaId,
    /// <summary>The last two of 15 digits are 97 less the rest modulo 97.</summary>
    Nir,
    /// <summary>Neither digits alone, nor a hexadecimal digest or UUID, nor a path, nor words joined as in a name.</summary>
    Opaque,
    /// <summary>It is not one of a row of numbers: <see cref="NumberRow"/>.</summary>
    Lone,
}

public static class RedactionNames
{
    public const int KindCount = 5, HintCount = 3, CheckCount = 12;

    public static string Of(SecretKind kind) => kind switch
    {
        SecretKind.Key => "key", SecretKind.Token => "token", SecretKind.PrivateKey => "private-key", SecretKind.Password => "password", SecretKind.Personal => "personal",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string[] AllKinds() => ["key", "token", "private-key", "password", "personal"];

    public static string Of(SecretHint hint) => hint switch
    {
        SecretHint.None => "none", SecretHint.Digest => "digest", SecretHint.LastFour => "last-four",
        _ => throw new ArgumentOutOfRangeException(nameof(hint)),
    };

    public static string Of(SecretCheck check) => check switch
    {
        SecretCheck.Entropy => "entropy", SecretCheck.Mixed => "mixed", SecretCheck.Luhn => "luhn", SecretCheck.Iban => "iban", SecretCheck.Jwt => "jwt",
        SecretCheck.Crc62 => "crc62", SecretCheck.UsSocial => "us-social", SecretCheck.Cpf => "cpf", SecretCheck.ChinaId => "china-id", SecretCheck.Nir => "nir",
        SecretCheck.Opaque => "opaque", SecretCheck.Lone => "lone",
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    };
}
