using System.Text;
using Gate.Lessons;
using Xunit;

namespace Gate.Tests.Lessons;

public class ThumbWordsTests
{
    [Theory]
    [InlineData("👎", "")]
    [InlineData("  👎  ", "")]
    [InlineData("👎 not the production database", "not the production database")]
    [InlineData("👎🏽 no", "no")]
    [InlineData("👎: no", "no")]
    [InlineData("thumbs down", "")]
    [InlineData("Thumbs Down.", "")]
    [InlineData("THUMBS-DOWN: never there", "never there")]
    [InlineData("thumbs down - never there", "never there")]
    [InlineData("thumbs down\nnever there", "never there")]
    [InlineData("don't do that again", "")]
    [InlineData("Don’t do that again!", "")]
    [InlineData("Do not do that again, it took an hour", "it took an hour")]
    [InlineData("never do that again — really", "really")]
    [InlineData("/thumbs-down", "")]
    [InlineData("/thumbs-down it broke", "it broke")]
    public void Explicit_ones_are_heard(string prompt, string sentence)
    {
        Assert.True(ThumbWords.Read(Encoding.UTF8.GetBytes(prompt), out System.ReadOnlySpan<byte> found));
        Assert.Equal(sentence, Encoding.UTF8.GetString(found));
    }

    [Theory]
    [InlineData("")]
    [InlineData("thumbs down icon is too small")]
    [InlineData("thumbs downs are counted twice")]
    [InlineData("add a 👎 button")]
    [InlineData("👎icon.svg is missing")]
    [InlineData("don't do that again and again in a loop")]
    [InlineData("please don't do that again")]
    [InlineData("/thumbs-downvote x")]
    [InlineData("/thumbs-up")]
    [InlineData("the user said: thumbs down")]
    [InlineData("👍")]
    public void Nothing_is_guessed(string prompt) => Assert.False(ThumbWords.Read(Encoding.UTF8.GetBytes(prompt), out _));

    [Fact]
    public void Broken_text_is_no_thumb() => Assert.False(ThumbWords.Read([0xF0, 0x9F, 0x91], out _));
}
