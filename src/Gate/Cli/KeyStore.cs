using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Requests;
using Gate.Text;

namespace Gate.Cli;

/// <summary>Private keys under <c>CONFIG/keys/NAME.key</c>, trusted public ones in <c>CONFIG/trust</c>.</summary>
internal static class KeyStore
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite, PrivateFolder = Private | UnixFileMode.UserExecute;

    /// <summary>The named key, or the only one there is; null where there is none and none was named.</summary>
    public static KeyFile? Find(Places places, string? name)
    {
        string folder = Workplace.Text(places.Keys);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.key") : [];
        if (name is null && files.Length == 0)
            return null;
        if (name is null && files.Length > 1)
            throw new CliException($"There are {files.Length} keys in {folder}; name one with --key NAME.");
        string path = name is null ? files[0] : Path.Combine(folder, name + ".key");
        if (!File.Exists(path))
            throw new CliException($"There is no key '{name}' in {folder}. Make one with 'gate key create {name}'.");
        if ((File.GetUnixFileMode(path) & ~Private) != 0)
            throw new CliException($"The key file {path} may be read or written by others. Set it right with: chmod 600 {path}");
        return KeyFile.Parse(File.ReadAllText(path)) ?? throw new CliException($"The key file {path} is not one that gate wrote; it may be damaged.");
    }

    public static string Save(Places places, KeyFile key)
    {
        string folder = Workplace.Text(places.Keys), path = Path.Combine(folder, key.Name + ".key");
        Directory.CreateDirectory(folder, PrivateFolder);
        try
        {
            using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private });
            file.Write(Encoding.UTF8.GetBytes(key.Print()));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new CliException($"There is a key '{key.Name}' already: {path}. Choose another name; keys are never overwritten.");
        }

        return path;
    }

    /// <summary>Adds a public key to the trusted ones. A revoked key stays revoked.</summary>
    public static void Trust(Places places, byte[] publicKey, string name) => AddLine(places, Encoding.UTF8.GetString(Bundles.Trust.Line(publicKey, name)));

    /// <summary>What a key signed does not count any more, whatever else the file says of it.</summary>
    public static void Revoke(Places places, byte[] id, string name) => AddLine(places, $"revoked {Hex.Of(id)} {name}\n");

    /// <summary>The trusted and revoked keys, in the file's order.</summary>
    public static List<TrustEntry> Entries(Places places)
    {
        List<TrustEntry> entries = [];
        string path = Workplace.Text(places.Trust);
        Bundles.Trust file = new(File.Exists(path) ? File.ReadAllBytes(path) : []);
        int at = 0;
        while (file.Next(ref at, out TrustLine line))
        {
            byte[] id = new byte[BundleFormat.KeyIdSize];
            if (Hex.TryDecode(line.Id, id) && (line.Revoked || line.PublicKey() is not null))
                entries.Add(new TrustEntry(line.Revoked, id, Encoding.UTF8.GetString(line.Name)));
        }

        return entries;
    }

    // The whole file is written anew and switched by rename.
    private static void AddLine(Places places, string line)
    {
        string path = Workplace.Text(places.Trust);
        Directory.CreateDirectory(Workplace.Text(places.Configuration), PrivateFolder);
        string text = File.Exists(path) ? File.ReadAllText(path) : "# Keys whose signatures on rule bundles count. 'trusted KEY-ID PUBLIC-KEY NAME', 'revoked KEY-ID NAME'\n";
        if (text.Contains(line, StringComparison.Ordinal))
            return;
        string next = path + ".next";
        using (FileStream file = new(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private }))
            file.Write(Encoding.UTF8.GetBytes((text.EndsWith('\n') || text.Length == 0 ? text : text + "\n") + line));
        File.Move(next, path, overwrite: true);
    }
}

/// <summary>A line of the trust file.</summary>
internal sealed record TrustEntry(bool Revoked, byte[] Id, string Name);
