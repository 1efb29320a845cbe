using System;
using System.IO;
using System.Text;
using Gate.Requests;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Requests;

public sealed class PathQuestionsTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public PathQuestionsTests()
    {
        Directory.CreateDirectory(_scratch.PathOf("real/sub"));
        Directory.CreateSymbolicLink(_scratch.PathOf("link"), _scratch.PathOf("real"));
        Directory.CreateSymbolicLink(_scratch.PathOf("slash"), "/");
        File.CreateSymbolicLink(_scratch.PathOf("loop"), _scratch.PathOf("loop"));
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("real/sub", "real/sub")]
    [InlineData("link/sub", "real/sub")]
    [InlineData("link/new/file", "real/new/file")]
    [InlineData("link/sub/../x", "real/x")]
    [InlineData("loop", "loop")]
    [InlineData("loop/x", "loop/x")]
    public void Links_are_followed_and_what_is_not_there_keeps_its_name(string path, string resolved) =>
        Assert.Equal(_scratch.PathOf(resolved), Normal(Resolve(_scratch.PathOf(path))));

    [Theory]
    [InlineData("/proc/self/root/etc/nothing-here", "/etc/nothing-here")]
    [InlineData("/", "/")]
    [InlineData("/nothing-here", "/nothing-here")]
    public void Roads_to_the_root_end_there(string path, string resolved) => Assert.Equal(resolved, Resolve(path));

    [Fact]
    public void A_link_to_the_root_is_followed() => Assert.Equal("/nothing/here", Resolve(_scratch.PathOf("slash/nothing/here")));

    [Fact]
    public void Very_long_paths_do_no_harm()
    {
        string path = "/" + string.Join('/', System.Linq.Enumerable.Repeat("x", 3000));
        Assert.Equal(path, Resolve(path));
    }

    private static string Resolve(string path) => Encoding.UTF8.GetString(new RealPaths().Resolve(Encoding.UTF8.GetBytes(path)));

    private static string Normal(string path) => Path.GetFullPath(path);
}
