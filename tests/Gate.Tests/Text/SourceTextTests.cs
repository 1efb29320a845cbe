using System.Text;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Text;

public class SourceTextTests
{
    [Theory]
    [InlineData("", 0, 1, 1)]
    [InlineData("ab\ncd", 1, 1, 2)]
    [InlineData("ab\ncd", 3, 2, 1)]
    [InlineData("ab\ncd", 5, 2, 3)]
    [InlineData("\n\n", 2, 3, 1)]
    public void Position_counts_lines_and_bytes_from_one(string text, int offset, int line, int column) =>
        Assert.Equal((line, column), new SourceText(Encoding.UTF8.GetBytes(text)).Position(offset));
}
