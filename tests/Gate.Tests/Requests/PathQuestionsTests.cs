using System;
using System.Collections.Generic;
using System.Diagnostics;
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
        File.CreateSymbolicLink(_scratch.PathOf("real/dangling"), "../later/file");
        File.WriteAllText(_scratch.PathOf("real/plain"), "");
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("real/sub", "real/sub")]
    [InlineData("link/sub", "real/sub")]
    [InlineData("link/new/file", "real/new/file")]
    [InlineData("link/sub/../x", "real/x")]
    [InlineData("real/plain/x", "real/plain/x")]
    [InlineData("real/dangling", "later/file")]
    [InlineData("link/dangling", "later/file")]
    [InlineData("link/dangling/x", "later/file/x")]
    [InlineData("none/../x", "x")]
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

    /// <summary>The C library's own answer, wherever it has one; one asker for all, so that what it remembers must be right too.</summary>
    [Fact]
    public void What_exists_is_where_the_system_says()
    {
        Random random = new(7);
        List<string> made = [_scratch.PathOf("real"), _scratch.PathOf("link"), "/tmp", "..", "../real", "sub", "."];
        for (int i = 0; i < 120; i++)
        {
            string path = Path.Combine(_scratch.PathOf("real"), random.Next(2) == 0 ? "sub" : ".", $"n{i}");
            if (random.Next(3) == 0)
                Directory.CreateDirectory(path);
            else
                File.CreateSymbolicLink(path, made[random.Next(made.Count)]);
            made.Add(path);
        }

        RealPaths asker = new();
        int compared = 0;
        for (int i = 0; i < 3000; i++)
        {
            string path = made[random.Next(made.Count)];
            for (int part = random.Next(5); part > 0; part--)
                path += "/" + (random.Next(3) == 0 ? ".." : $"n{random.Next(120)}");
            if (!path.StartsWith('/') || Gate.Native.Files.RealPath(Encoding.UTF8.GetBytes(path)) is not { } real)
                continue;
            Assert.Equal(Encoding.UTF8.GetString(real), Encoding.UTF8.GetString(asker.Resolve(Encoding.UTF8.GetBytes(path))));
            compared++;
        }

        Assert.InRange(compared, 300, 3000);
    }

    /// <summary>Only a plain file that says how long it is: nothing that a reader would wait for, or that has no end.</summary>
    [Fact]
    public void Small_plain_files_are_read_and_nothing_else()
    {
        _scratch.Write("text", "ab");
        Assert.Equal("ab", Text("text", 2, isThere: true));
        Assert.Null(Text("text", 1, isThere: true));
        Assert.Equal("", Text("real/plain", 1, isThere: true));
        Assert.Equal("", Text("link/plain", 1, isThere: true));
        Assert.Null(Text("none", 9, isThere: false));
        Assert.Null(Text("real", 9, isThere: true));
        Assert.Null(Text("loop", 9, isThere: false));
        Assert.Null(Text("/proc/self/status", 9999, isThere: true));
        Assert.Null(Text("/dev/zero", 9999, isThere: true));
        Assert.Null(Text(new string('x', 5000), 9, isThere: false));
        using Process maker = Process.Start("mkfifo", _scratch.PathOf("pipe"));
        maker.WaitForExit();
        Assert.Null(Text("pipe", 9, isThere: true));
    }

    private string? Text(string path, int limit, bool isThere)
    {
        byte[]? text = new RealPaths().TextOf(Encoding.UTF8.GetBytes(path[0] == '/' ? path : _scratch.PathOf(path)), limit, out bool there);
        Assert.Equal(isThere, there);
        return text is null ? null : Encoding.UTF8.GetString(text);
    }

    private static string Resolve(string path) => Encoding.UTF8.GetString(new RealPaths().Resolve(Encoding.UTF8.GetBytes(path)));

    private static string Normal(string path) => Path.GetFullPath(path);
}
