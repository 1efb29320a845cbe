using System.Linq;
using Gate.Cli;
using Xunit;
using static Gate.Tests.Cli.SettingsLayouts;

namespace Gate.Tests.Cli;

public class LineDiffTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a\n", "a\n", "")]
    [InlineData("a\nb\nc\n", "a\nX\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+X\n c\n")]
    [InlineData("a", "a\n", "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n")]
    [InlineData("a\r\n", "a\r\nb\r\n", "@@ -1,1 +1,2 @@\n a\n+b\n")]
    [InlineData("", "a\n", "@@ -0,0 +1,1 @@\n+a\n")]
    [InlineData("a\n", "", "@@ -1,1 +0,0 @@\n-a\n")]
    public void A_change_is_shown_as_diff_shows_it(string before, string after, string hunks) =>
        Assert.Equal(hunks.Length == 0 ? "" : "--- f\n+++ f\n" + hunks, LineDiff.Unified("f", Bytes(before), Bytes(after)));

    [Fact]
    public void Distant_changes_are_two_hunks_with_three_lines_around_them()
    {
        string[] lines = [.. Enumerable.Range(1, 20).Select(static n => n + "\n")];
        string before = string.Concat(lines);
        lines[4] = "five\n";
        lines[15] = "sixteen\nmore\n";
        Assert.Equal(
            "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -13,7 +13,8 @@\n 13\n 14\n 15\n-16\n+sixteen\n+more\n 17\n 18\n 19\n",
            LineDiff.Unified("f", Bytes(before), Bytes(string.Concat(lines))));
    }

    [Fact]
    public void Near_changes_are_one_hunk() =>
        Assert.Equal(
            "--- f\n+++ f\n@@ -1,8 +1,6 @@\n-1\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n",
            LineDiff.Unified("f", Bytes("1\n2\n3\n4\n5\n6\n7\n8\n"), Bytes("2\n3\n4\n5\n6\n7\n")));

    [Fact]
    public void A_large_middle_is_replaced_whole()
    {
        string before = string.Concat(Enumerable.Range(0, 3000).Select(static n => $"a{n}\n"));
        string after = string.Concat(Enumerable.Range(0, 3000).Select(static n => $"b{n}\n"));
        Assert.StartsWith("--- f\n+++ f\n@@ -1,3000 +1,3000 @@\n-a0\n", LineDiff.Unified("f", Bytes(before), Bytes(after)), System.StringComparison.Ordinal);
    }
}
