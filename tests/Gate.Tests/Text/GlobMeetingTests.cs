using System.Text;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Text;

/// <summary>Patterns of a shell that point at a known path.</summary>
public class GlobMeetingTests
{
    [Theory]
    [InlineData(".c*/settings.json", "**/.claude/**", true)]
    [InlineData("home/x/.cl?ude/a", "**/.claude/**", true)]
    [InlineData(".s*/id*", ".ssh/**", true)]
    [InlineData("id_*", "**/id_rsa", true)]
    [InlineData(".env*", "**/.env", true)]
    [InlineData("*", "**/.env", false)]
    [InlineData(".*rc", "**/.netrc", false)]
    [InlineData("*.json", "**/credentials.json", false)]
    [InlineData("c*", "**/credentials.json", false)]
    [InlineData(".c*", "**/.claude/**", false)]
    [InlineData(".g*/x", "**/.claude/**", false)]
    [InlineData("a*", "**/*.pem", false)]
    public void Meets(string pattern, string known, bool meets) => Assert.Equal(meets, GlobMeeting.Meets(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(known)));
}
