using System;
using Gate.Native;
using Gate.Text;

namespace Gate.Requests;

/// <summary>
/// Where Gate keeps its own things: <c>STATE/store.db</c>, <c>STATE/bundles/</c>, <c>STATE/repositories/ID/</c>; <c>CONFIG/trust</c>, <c>CONFIG/keys/</c>.
/// The hook takes both folders from its arguments, which <c>gate init</c> pinned; without them, from HOME.
/// </summary>
public sealed class Places
{
    public required byte[] Home { get; init; }

    public required byte[] State { get; init; }

    public required byte[] Configuration { get; init; }

    public byte[] Store => [.. State, .. "/store.db"u8];

    public byte[] Bundles => [.. State, .. "/bundles"u8];

    public byte[] Repositories => [.. State, .. "/repositories"u8];

    public byte[] Trust => [.. Configuration, .. "/trust"u8];

    public byte[] Keys => [.. Configuration, .. "/keys"u8];

    /// <summary>The link to the bundle in force for a repository; <c>none</c> stands for folders outside any repository.</summary>
    public byte[] BundleOf(ReadOnlySpan<byte> repository) => [.. FolderOf(repository), .. "/bundle"u8];

    /// <summary>What Gate keeps for one repository; its name is the start of a digest of the repository's path.</summary>
    public byte[] FolderOf(ReadOnlySpan<byte> repository)
    {
        if (repository.Length == 0)
            return [.. Repositories, .. "/none"u8];
        Span<byte> digest = stackalloc byte[Sodium.DigestBytes];
        Sodium.Blake2(repository, digest);
        Span<byte> name = stackalloc byte[32];
        Hex.Encode(digest[..16], name);
        return [.. Repositories, (byte)'/', .. name];
    }

    /// <summary>The places under a home, by the XDG rules without their variables: the hook takes nothing that steers policy from the environment.</summary>
    public static Places Under(ReadOnlySpan<byte> home) =>
        new() { Home = home.ToArray(), State = [.. home, .. "/.local/state/gate"u8], Configuration = [.. home, .. "/.config/gate"u8] };
}
