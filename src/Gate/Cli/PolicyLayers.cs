using System;
using System.Collections.Generic;
using System.IO;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Native;
using Gate.Requests;

namespace Gate.Cli;

/// <summary>The layers' files on this machine, and whether what is in force was built from them.</summary>
internal static class PolicyLayers
{
    /// <summary>The organisation's policy: root's own, for everybody on this machine.</summary>
    public const string Organisation = "/etc/gate/policy.yaml";

    /// <summary>The layers that are there, weakest first. A file that others may write does not count as its owner's word.</summary>
    public static List<(Layer Layer, string Path)> Files()
    {
        List<(Layer, string)> files = [];
        if (Workplace.TryPlaces() is not { } places)
            return files;
        Surroundings here = Workplace.Here(places);
        foreach ((Layer layer, string path) in ((Layer, string)[])[
            (Layer.Project, Path.Combine(Workplace.Text(here.Worktree), ".gate", "policy.yaml")),
            (Layer.Operator, Path.Combine(Workplace.Text(places.Configuration), "policy.yaml")),
            (Layer.Organisation, Organisation)])
        {
            if (!File.Exists(path))
                continue;
            if (layer != Layer.Project && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
                throw new CliException($"The policy {path} may be written by others. Set it right with: chmod go-w {path}");
            files.Add((layer, path));
        }

        return files;
    }

    /// <summary>The layers that changed, came or went since a bundle was built; empty: it is up to date.</summary>
    public static List<string> Stale(Bundle bundle)
    {
        Dictionary<string, byte[]> built = [];
        foreach ((string path, byte[] digest, _) in SourceReader.Read(bundle))
        {
            if (LayerLoader.LayerOf(path) is not null)
                built[path] = digest;
        }

        List<string> stale = [];
        byte[] now = new byte[BundleFormat.DigestSize];
        foreach ((Layer layer, string path) in Files())
        {
            Sodium.Blake2(File.ReadAllBytes(path), now);
            if (!built.Remove(LayerLoader.SourceName(layer, path), out byte[]? then) || !now.AsSpan().SequenceEqual(then))
                stale.Add(path);
        }

        // A layer of another worktree of this repository is no sign of age; one that is gone is.
        foreach (string name in built.Keys)
        {
            string path = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (!File.Exists(path))
                stale.Add(path);
        }

        return stale;
    }
}
