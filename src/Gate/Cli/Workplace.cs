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

    /// <summary>The bundle that judges this worktree, and where it comes from; throws the sentence that the hook would give.</summary>
    public static Bundle Bundle(Places places, Surroundings here, out string source)
    {
        // As in the hook: a bundle may be switched between the moment it is opened and the moment the store is asked.
        for (int attempt = 0; ; attempt++)
        {
            Bundle? bundle = BundleFile.InForce(places, here, out byte[] path, out BundleFault fault);
            source = path.Length == 0 ? "built-in" : Text(path);
            if (bundle is null)
            {
                throw new CliException(path.Length == 0 && fault == BundleFault.Missing
                    ? "This gate has no rules of its own; it was not made by install/build."
                    : BundleFaults.Sentence(fault));
            }

            if (IsCurrent(places, here, bundle))
                return bundle;
            if (attempt > 3)
                throw new CliException(BundleFaults.Sentence(BundleFault.NotCurrent));
        }
    }

    private static bool IsCurrent(Places places, Surroundings here, Bundle bundle)
    {
        if (!System.IO.File.Exists(Text(places.Store)))
            return true;
        using GateStore store = Store(places);
        (byte[] current, _) = store.ReadRepository(here.Repository);
        return current.Length == 0 || bundle.Digest.SequenceEqual(current);
    }
}
