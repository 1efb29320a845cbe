using System;
using System.Linq;
using System.Text;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Text;

public class CutTests
{
    [Fact]
    public void Cuts_between_characters_and_as_late_as_it_can() => Holds.Always(dice =>
    {
        string text = string.Concat(dice.Many(40, () => dice.Pick("a", "é", "€", "\U0001F600")));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int most = dice.Roll(60);
        byte[] cut = Cut.To(bytes, most).ToArray();
        string whole = new UTF8Encoding(false, true).GetString(cut);
        return cut.Length <= most && text.StartsWith(whole, StringComparison.Ordinal) && (cut.Length == bytes.Length || cut.Length > most - 4);
    });

    [Fact]
    public void Bytes_that_are_no_text_are_cut_anywhere() =>
        Assert.Equal(100, Cut.To(Enumerable.Repeat((byte)0x80, 1000).ToArray(), 100).Length);
}
