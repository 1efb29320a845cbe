using System.Text;
using Gate.Redaction;
using Xunit;

namespace Gate.Tests.Redaction;

public class NumberRowTests
{
    /// <summary>The number stands between '&lt;' and '&gt;'.</summary>
    [Theory]
    [InlineData("<4539 1488 0343 6467>", true)]
    [InlineData("card <4539 1488 0343 6467> x", true)]
    [InlineData("1 <4539 1488 0343 6467> 123", true)]
    [InlineData("<4539 1488 0343 6467> 12/27", true)]
    [InlineData("face <4539 1488 0343 6467> dead", true)]
    [InlineData("<4539 1488 0343 6467>\n5425 2334 3010 9903", true)]
    [InlineData("2024-<4539 1488 0343 6467>", true)]
    [InlineData("<4539 1488 0343 6467> 1234", false)]
    [InlineData("<4539 1488 0343 6467> 20731\n", false)]
    [InlineData("1234 <4539 1488 0343 6467>", false)]
    [InlineData("4B1D <4539 1488 0343 6467>", false)]
    [InlineData("z4B1D <4539 1488 0343 6467>", true)]
    [InlineData("<4539-1488-0343-6467>-1234", false)]
    [InlineData("<3714 496353 98431> 1234", true)]
    [InlineData("<3714 496353 98431> 12345", false)]
    [InlineData("<4539148803436467>", true)]
    [InlineData("1234567890123456 <4539148803436467>", true)]
    [InlineData("1234567890123456,<4539148803436467>\n1234567890123456", true)]
    [InlineData("1234567890123456\n<4539148803436467>\n1234567890123456", false)]
    [InlineData("1234567890123456\n<4539148803436467>\n4539286924997510", true)]
    [InlineData("\"1234567890123456\", <4539148803436467>, \"1234567890123456\"", true)]
    [InlineData("[\"1234567890123456\",\"<4539148803436467>\",\"1234567890123456\"]", false)]
    [InlineData("x1234567890123456 <4539148803436467> 1234567890123456", true)]
    [InlineData("1234567890123456 <4539148803436467> 12345678901234567", true)]
    public void A_number_of_a_row_is_not_lone(string text, bool lone)
    {
        int from = text.IndexOf('<'), to = text.IndexOf('>');
        Assert.Equal(lone, NumberRow.IsLone(Encoding.ASCII.GetBytes(text[..from]), Encoding.ASCII.GetBytes(text[(from + 1)..to]), Encoding.ASCII.GetBytes(text[(to + 1)..])));
    }
}
