using System;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Native;
using Xunit;

namespace Gate.Tests.Compiler;

public class KeyFileTests
{
    private static readonly byte[] s_passphrase = "correct horse"u8.ToArray();

    // Each derivation costs 64 MiB and a good part of a second, so one key serves all tests.
    private static readonly Lazy<KeyFile> s_encrypted = new(() => KeyFile.Create("laptop", s_passphrase));

    [Fact]
    public void Encrypted_key_comes_back_with_its_passphrase_and_with_no_other()
    {
        KeyFile key = KeyFile.Parse(s_encrypted.Value.Print())!;
        Assert.Equal(("laptop", true), (key.Name, key.Encrypted));
        byte[] secret = key.Open(s_passphrase)!;
        Assert.True(Sodium.Verify(Sodium.Sign("text"u8, secret), "text"u8, key.PublicKey));
        Assert.Null(key.Open("Correct horse"u8.ToArray()));
        Assert.Null(key.Open(null));
        Assert.Equal(Trust.IdOf(key.PublicKey), key.Id);
    }

    [Fact]
    public void Unencrypted_key_comes_back_and_holds_no_secret_twice()
    {
        KeyFile key = KeyFile.Parse(KeyFile.Create("ci", null).Print())!;
        Assert.False(key.Encrypted);
        byte[] secret = key.Open(null)!;
        Assert.True(Sodium.Verify(Sodium.Sign("text"u8, secret), "text"u8, key.PublicKey));
        Assert.Contains("encryption none\n", key.Print(), StringComparison.Ordinal);
        Assert.NotEqual(KeyFile.Create("ci", null).PublicKey, key.PublicKey);
    }

    /// <summary>The name is a label outside the secret; every other byte matters.</summary>
    [Fact]
    public void Any_changed_byte_of_an_unencrypted_file_is_refused()
    {
        string text = KeyFile.Create("n", null).Print();
        for (int i = 0; i < text.Length; i++)
        {
            foreach (char other in "0f \nx")
            {
                if (other == text[i] || (text[i] == 'n' && text[i - 1] == ' ' && text[i + 1] == '\n' && other != '\n'))
                    continue;
                string changed = text[..i] + other + text[(i + 1)..];
                Assert.True(KeyFile.Parse(changed)?.Open(null) is null, $"byte {i}, '{text[i]}' → '{other}'");
            }
        }
    }

    [Fact]
    public void Any_added_or_missing_byte_is_refused()
    {
        string text = s_encrypted.Value.Print();
        Assert.Null(KeyFile.Parse(text + "\n"));
        Assert.Null(KeyFile.Parse(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Null(KeyFile.Parse("\uFEFF" + text));
        int name = text.IndexOf("laptop", StringComparison.Ordinal);
        for (int i = 0; i < text.Length; i++)
        {
            if (i < name || i >= name + "laptop".Length)
                Assert.True(KeyFile.Parse(text.Remove(i, 1)) is null, $"without byte {i}");
        }
    }

    /// <summary>One change in each field; in the form alone for the others, which need no derivation.</summary>
    [Theory]
    [InlineData("public ", false)]
    [InlineData("secret ", false)]
    [InlineData("argon2id 3 67108864 ", false)]
    [InlineData("gate key ", true)]
    [InlineData("argon2id ", true)]
    [InlineData("argon2id 3 ", true)]
    [InlineData("encryption ", true)]
    public void A_changed_field_of_an_encrypted_file_is_refused(string before, bool byForm)
    {
        string text = s_encrypted.Value.Print();
        int at = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        KeyFile? changed = KeyFile.Parse(text[..at] + (text[at] == '0' ? '1' : '0') + text[(at + 1)..]);
        Assert.Equal(byForm, changed is null);
        Assert.Null(changed?.Open(s_passphrase));
    }

    [Fact]
    public void A_key_with_another_keys_public_part_is_refused()
    {
        string text = KeyFile.Create("n", null).Print(), other = KeyFile.Create("n", null).Print();
        string[] lines = text.Split('\n');
        lines[2] = other.Split('\n')[2];
        Assert.Null(KeyFile.Parse(string.Join('\n', lines))!.Open(null));
    }

    [Fact]
    public void What_is_printed_is_text_for_people() =>
        Assert.Equal(Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(s_encrypted.Value.Print())), s_encrypted.Value.Print());
}
