using System;
using System.Text;
using System.Text.Json;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Text;

public class JsonTextTests
{
    private static readonly string[] s_pieces = ["a", "\\n", "\\t", "\\b", "\\f", "\\r", "\\\\", "\\\"", "\\/", "\\u0041", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "\\uD83D\\uDE00", "\\u0000", "é", "€", "\U0001F600", " ", "u", "0041", "\\u005cu0041"];

    [Fact]
    public void Unescape_agrees_with_another_reader() => Holds.Always(dice =>
    {
        string body = string.Concat(dice.Many(30, () => dice.Pick(s_pieces)));
        return Encoding.UTF8.GetString(JsonText.Unescape(Encoding.UTF8.GetBytes(body))) == JsonSerializer.Deserialize<string>($"\"{body}\"");
    });

    [Theory]
    [InlineData("\\ud83d", "\uFFFD")]
    [InlineData("\\ude00", "\uFFFD")]
    [InlineData("\\ud83dx", "\uFFFDx")]
    [InlineData("\\ud83d\\ud83d\\ude00", "\uFFFD\U0001F600")]
    [InlineData("\\ude00\\ud83d", "\uFFFD\uFFFD")]
    [InlineData("\\ud83d\\u0041", "\uFFFDA")]
    public void A_lone_surrogate_becomes_the_replacement_character(string body, string text) =>
        Assert.Equal(text, Encoding.UTF8.GetString(JsonText.Unescape(Encoding.UTF8.GetBytes(body))));

    /// <summary>Bodies come from a reader that has checked their form; should one not have, nothing is read past the end.</summary>
    [Theory]
    [InlineData("\\")]
    [InlineData("\\u")]
    [InlineData("\\u12")]
    [InlineData("\\uZZZZ")]
    [InlineData("\\ud83d\\")]
    [InlineData("\\ud83d\\u")]
    [InlineData("\\ud83d\\ude0")]
    [InlineData("\\x41")]
    public void Broken_escapes_are_read_without_harm(string body) => Assert.NotEmpty(JsonText.Unescape(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Raw_bytes_that_are_no_text_stay_as_they_are() => Assert.Equal([0xFF, 0xC3, (byte)'\n', 0x80], JsonText.Unescape([0xFF, 0xC3, (byte)'\\', (byte)'n', 0x80]));

    /// <summary>What is written can always be read, and is the same text where it was one.</summary>
    [Fact]
    public void Written_strings_are_read_back() => Holds.Always(dice =>
    {
        byte[] bytes = dice.Many(40, () => (byte)dice.Roll(256));
        byte[] written = new ByteBuilder(1).AddJson(bytes).ToArray();
        string read = JsonSerializer.Deserialize<string>(written)!;
        bool plain = !written.AsSpan().ContainsAnyInRange((byte)0, (byte)0x1F) && !written.AsSpan().Contains((byte)0x7F);
        return plain && read == Encoding.UTF8.GetString(bytes) && Encoding.UTF8.GetString(JsonText.Unescape(written.AsSpan(1, written.Length - 2))) == read;
    });

    [Theory]
    [InlineData(0)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Numbers_are_written_whole(long number) => Assert.Equal(number.ToString(), Encoding.UTF8.GetString(new ByteBuilder(1).Add(number).Written));

    [Fact]
    public void Hexadecimal_goes_both_ways_and_takes_nothing_else()
    {
        byte[] bytes = new byte[4];
        Assert.True(Hex.TryDecode("00ff10a9"u8, bytes));
        Assert.Equal("00ff10a9", Hex.Of(bytes));
        foreach (string wrong in (string[])["00FF10A9", "00ff10a", "00ff10a9a", "00ff10ag", "0 ff10a9", ""])
            Assert.False(Hex.TryDecode(Encoding.ASCII.GetBytes(wrong), bytes), wrong);
    }
}
