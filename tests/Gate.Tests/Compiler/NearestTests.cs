using System;
using System.Linq;
using Gate.Compiler;
using Xunit;

namespace Gate.Tests.Compiler;

public class NearestTests
{
    [Theory]
    [InlineData("outcme", "; did you mean 'outcome'?")]
    [InlineData("zzzzzz", "; known: title, outcome")]
    public void A_near_word_is_named_else_all_of_a_short_list(string word, string hint) => Assert.Equal(hint, Nearest.Hint(word, ["title", "outcome"]));

    [Fact]
    public void A_long_list_is_only_counted()
    {
        string[] known = [.. Enumerable.Range(0, Nearest.MaximumListed).Select(i => $"word-{i}")];
        Assert.Contains("known: word-0, ", Nearest.Hint("zzzzzzzzzz", known), StringComparison.Ordinal);
        Assert.Equal($"; it is like none of the {Nearest.MaximumListed + 1} that are known.", Nearest.Hint("zzzzzzzzzz", [.. known, "more"]));
    }
}
