using System;
using System.Text;
using Gate.Bundles;
using Gate.Requests;
using Gate.Store;

namespace Gate.Cli;

/// <summary>What the verbs stand on: the folders, this worktree, the bundle in force.</summary>
internal static class Workplace
{
    public static Places? TryPlaces() => HookArguments.PlacesOf(null, null, null);

    public static Places Places() => TryPlaces() ?? throw new CliException("HOME is not set to an absolute path, so the store cannot be found.");

    public static Surroundings Here(Places places) => Surroundings.Of(Encoding.UTF8.GetBytes(Environment.CurrentDirectory), places.Home);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>The store, which must be there already unless <paramref name="create"/>.</summary>
    public static GateStore Store(Places places, bool create = false)
    {
        if (create)
            System.IO.Directory.CreateDirectory(Text(places.State), System.IO.UnixFileMode.UserRead | System.IO.UnixFileMode.UserWrite | System.IO.UnixFileMode.UserExecute);
        else if (!System.IO.File.Exists(Text(places.Store)))
            throw new CliException($"There is no store yet at {Text(places.Store)}. Run 'gate init --agent claude-code' in a worktree first.");
        GateStore store = GateStore.Open(places.Store, create);
        if (create)
            System.IO.File.SetUnixFileMode(Text(places.Store), System.IO.UnixFileMode.UserRead | System.IO.UnixFileMode.UserWrite);
        return store;
    }

    /// <summary>The bundle that judges this worktree, and where it comes from.</summary>
    public static Bundle Bundle(Places places, Surroundings here, out string source)
    {
        foreach (byte[] candidate in (byte[][])[here.Repository, []])
        {
            byte[] path = places.BundleOf(candidate);
            Bundle? bundle = BundleFile.Open(path, places.Trust, out BundleFault fault);
            source = Text(path);
            if (bundle is not null)
                return bundle;
            if (fault != BundleFault.Missing)
                throw new CliException(BundleFaults.Sentence(fault));
        }

        source = "built-in";
        return BundleFile.OpenBuiltIn(out BundleFault missing) ?? throw new CliException(
            missing == BundleFault.Missing ? "This gate has no rules of its own; it was not made by install/build." : BundleFaults.Sentence(missing));
    }
}
