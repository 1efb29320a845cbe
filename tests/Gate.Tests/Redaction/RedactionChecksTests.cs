using System.Linq;
using System.Text;
using Gate.Redaction;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Redaction;

public class RedactionChecksTests
{
    [Theory]
    [InlineData(SecretCheck.Luhn, 0, "4539 1488 0343 6467", true)]
    [InlineData(SecretCheck.Luhn, 0, "4539148803436468", false)]
    [InlineData(SecretCheck.Luhn, 0, "0", false)]
    [InlineData(SecretCheck.Luhn, 0, "00000000000000000000000000000000000000000000000000", false)]
    [InlineData(SecretCheck.Iban, 0, "GB82 WEST 1234 5698 7654 32", true)]
    [InlineData(SecretCheck.Iban, 0, "GB82 WEST 1234 5698 7654 33", false)]
    [InlineData(SecretCheck.Iban, 0, "GB82", false)]
    [InlineData(SecretCheck.UsSocial, 0, "536-90-4399", true)]
    [InlineData(SecretCheck.UsSocial, 0, "666-90-4399", false)]
    [InlineData(SecretCheck.UsSocial, 0, "900-90-4399", false)]
    [InlineData(SecretCheck.UsSocial, 0, "536-00-4399", false)]
    [InlineData(SecretCheck.UsSocial, 0, "078-05-1120", false)]
    [InlineData(SecretCheck.Cpf, 0, "529.982.247-25", true)]
    [InlineData(SecretCheck.Cpf, 0, "529.982.247-24", false)]
    [InlineData(SecretCheck.Cpf, 0, "222.222.222-22", false)]
    [InlineData(SecretCheck.ChinaId, 0, "11010519491231002X", true)]
    [InlineData(SecretCheck.ChinaId, 0, "110105194912310021", false)]
    [InlineData(SecretCheck.Nir, 0, "184127645108946", true)]
    [InlineData(SecretCheck.Nir, 0, "184127645108947", false)]
    [InlineData(SecretCheck.Mixed, 0, "abc1", true)]
    [InlineData(SecretCheck.Mixed, 0, "abc", false)]
    [InlineData(SecretCheck.Mixed, 0, "123", false)]
    [InlineData(SecretCheck.Opaque, 0, "Zk4mP9qLx2", true)]
    [InlineData(SecretCheck.Opaque, 0, "12345678", false)]
    [InlineData(SecretCheck.Opaque, 0, "d41d8cd98f00b204e9800998ecf8427e", false)]
    [InlineData(SecretCheck.Opaque, 0, "6f1c2f0e-8a4b-4c39-9d57-2e0b7a61c5d4", false)]
    [InlineData(SecretCheck.Opaque, 0, "/run/secrets/key1", false)]
    [InlineData(SecretCheck.Opaque, 0, "https://a.example/1a", false)]
    [InlineData(SecretCheck.Opaque, 0, "access_token_v2", false)]
    [InlineData(SecretCheck.Opaque, 0, "DB_PASS_1", false)]
    [InlineData(SecretCheck.Opaque, 0, "blue-horse-4271", true)]
    [InlineData(SecretCheck.Entropy, 10, "abab", true)]
    [InlineData(SecretCheck.Entropy, 11, "abab", false)]
    [InlineData(SecretCheck.Entropy, 1, "", false)]
    [InlineData(SecretCheck.Jwt, 0, "eyJhbGciOiJub25lIn0.e30.", true)]
    [InlineData(SecretCheck.Jwt, 0, "eyJ0eXAiOiJKV1QifQ.e30.x", false)]
    [InlineData(SecretCheck.Jwt, 0, "eyJhbGciOiJub25lIn.e30.x", false)]
    [InlineData(SecretCheck.Jwt, 0, "nodots", false)]
    public void Check_digits_and_shapes(SecretCheck check, int value, string text, bool holds) => Assert.Equal(holds, RedactionChecks.Holds(check, value, Encoding.UTF8.GetBytes(text)));

    /// <summary>CRC-32 of "123456789" is CBF43926 hexadecimal, 3421780262, in base 62 3jZRIY.</summary>
    [Fact]
    public void The_checksum_of_a_token_is_its_crc_in_base_62()
    {
        uint crc = 0xCBF43926;
        string digits = "";
        for (int i = 0; i < 6; i++, crc /= 62)
            digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[(int)(crc % 62)] + digits;
        Assert.True(RedactionChecks.Holds(SecretCheck.Crc62, 4, Encoding.ASCII.GetBytes("ghp_123456789" + digits)));
        Assert.False(RedactionChecks.Holds(SecretCheck.Crc62, 4, Encoding.ASCII.GetBytes("ghp_123456788" + digits)));
        Assert.False(RedactionChecks.Holds(SecretCheck.Crc62, 4, "ghp_123"u8));
    }

    /// <summary>A checksum that holds outweighs what looks like a placeholder; one that does not hold is no acquittal.</summary>
    [Fact]
    public void A_checksum_proves_a_token_and_its_absence_proves_nothing()
    {
        Assert.Contains("[redacted token github.token", Secrets.Redacted(Secrets.GithubToken), System.StringComparison.Ordinal);
        string poor = "ghp_" + new string('a', 30), sum = Enumerable.Range(0, 1).Select(_ => Sum(new string('a', 30))).Single();
        Assert.Contains("[redacted token github.token", Secrets.Redacted(poor + sum), System.StringComparison.Ordinal);
        Assert.Equal(poor + "aaaaaa", Secrets.Redacted(poor + "aaaaaa"));
    }

    private static string Sum(string body)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in Encoding.ASCII.GetBytes(body))
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        crc = ~crc;
        string digits = "";
        for (int i = 0; i < 6; i++, crc /= 62)
            digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[(int)(crc % 62)] + digits;
        return digits;
    }

    [Fact]
    public void No_check_throws_on_any_bytes() => Holds.Always(dice =>
    {
        byte[] text = dice.Many(200, () => (byte)dice.Roll(256));
        for (int check = 0; check < RedactionNames.CheckCount; check++)
            _ = RedactionChecks.Holds((SecretCheck)check, dice.Roll(60), text);
        return true;
    });
}
