using System;
using Gate.Native;

namespace Gate.Requests;

/// <summary>Where a call stands on this machine. All paths absolute, without a trailing slash, links followed where they exist.</summary>
public sealed class Surroundings
{
    /// <summary>The effective directory.</summary>
    public required byte[] Directory { get; init; }

    /// <summary>The root of the worktree the directory lies in; the directory itself outside any repository.</summary>
    public required byte[] Worktree { get; init; }

    /// <summary>The worktree's own git directory; empty outside a repository.</summary>
    public required byte[] GitDirectory { get; init; }

    /// <summary>The git directory that all worktrees of the repository share: the repository's identity; empty outside one.</summary>
    public required byte[] Repository { get; init; }

    /// <summary>The user's home; empty when it is not known.</summary>
    public required byte[] Home { get; init; }

    public bool InRepository => Repository.Length > 0;

    /// <summary>What lessons and answers belong to: the repository, or outside one the folder.</summary>
    public byte[] Project => InRepository ? Repository : Worktree;

    /// <summary>Folders above this are not searched for a repository.</summary>
    public const int MaximumDepth = 128;

    /// <summary>Looks around from a directory: climbs to the nearest <c>.git</c>, follows a worktree's link file to the shared repository.</summary>
    public static Surroundings Of(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> home)
    {
        byte[] here = Files.RealPath(directory) ?? Trim(directory).ToArray();

        // Paths are held against the home after their links were followed; so must the home be.
        home = home.Length == 0 ? home : Files.RealPath(home) ?? home;
        ReadOnlySpan<byte> folder = here;
        Span<byte> candidate = stackalloc byte[here.Length + 5];
        for (int depth = 0; depth < MaximumDepth; depth++)
        {
            ReadOnlySpan<byte> git = Join(folder, "/.git"u8, candidate);
            if (Files.TryStatus(git, out Libc.Status status))
            {
                if (status.IsDirectory && IsGitDirectory(git))
                    return Found(here, folder, git.ToArray(), git.ToArray(), home);
                if (status.IsRegular && ReadLinkFile(git, folder) is byte[] own)
                    return Found(here, folder, own, SharedOf(own), home);
            }

            int slash = folder.LastIndexOf((byte)'/');
            if (slash < 0 || folder.Length <= 1)
                break;
            folder = slash == 0 ? folder[..1] : folder[..slash];
        }

        return new Surroundings { Directory = here, Worktree = here, GitDirectory = [], Repository = [], Home = home.ToArray() };
    }

    private static Surroundings Found(byte[] here, ReadOnlySpan<byte> worktree, byte[] own, byte[] shared, ReadOnlySpan<byte> home) =>
        new() { Directory = here, Worktree = worktree.ToArray(), GitDirectory = own, Repository = shared, Home = home.ToArray() };

    // A linked worktree has a file: "gitdir: PATH", relative to the folder it stands in when not absolute.
    private static byte[]? ReadLinkFile(ReadOnlySpan<byte> file, ReadOnlySpan<byte> folder)
    {
        ReadOnlySpan<byte> text = Files.Read(file, 8192);
        if (!text.StartsWith("gitdir: "u8))
            return null;
        text = text[8..].TrimEnd("\r\n"u8);
        byte[] path = text.Length > 0 && text[0] == '/' ? text.ToArray() : [.. folder, (byte)'/', .. text];
        return Files.RealPath(path) is byte[] own && IsGitDirectory(own) ? own : null;
    }

    // Like git, which climbs on past a .git without a HEAD: an empty folder of that name must not hide the repository around it.
    private static bool IsGitDirectory(ReadOnlySpan<byte> path) => Files.TryStatus([.. path, .. "/HEAD"u8], out _);

    // Git writes the shared directory's place into the worktree's own: "commondir", usually "../..".
    private static byte[] SharedOf(byte[] own)
    {
        byte[]? text = Files.Read([.. own, .. "/commondir"u8], 4096);
        if (text is null)
            return own;
        ReadOnlySpan<byte> path = text.AsSpan().TrimEnd("\r\n"u8);
        return Files.RealPath(path.Length > 0 && path[0] == '/' ? path : [.. own, (byte)'/', .. path]) ?? own;
    }

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> rest, Span<byte> target)
    {
        if (folder.Length == 1)
            folder = default;
        folder.CopyTo(target);
        rest.CopyTo(target[folder.Length..]);
        return target[..(folder.Length + rest.Length)];
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> path)
    {
        while (path.Length > 1 && path[^1] == '/')
            path = path[..^1];
        return path;
    }
}
