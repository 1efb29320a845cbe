using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Native;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary>Builds a repository's bundle from the shipped sources (or a folder), signs it, and puts it in force.</summary>
internal static class PolicyInstaller
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite, PrivateFolder = Private | UnixFileMode.UserExecute;

    /// <summary>Sources of a folder, or those inside the binary.</summary>
    public static List<SourceFile> Sources(string? folder)
    {
        if (folder is not null)
            return Directory.Exists(folder) ? PolicyLoader.ReadFolder(folder) : throw new CliException($"There is no folder '{folder}'. Name one with packs/, profiles/, places.yaml, zones.yaml and compliance.yaml.");
        Bundle builtIn = BundleFile.OpenBuiltIn(out _) ?? throw new CliException("This gate has no rules of its own (it was not made by install/build). Name a folder: --rules DIR.");
        return SourceReader.Texts(builtIn);
    }

    /// <summary>The checked policy; prints what is wrong and throws when it cannot be used.</summary>
    public static PolicyModel Load(string? folder, bool runExamples = true, bool layers = true)
    {
        Problems problems = new();
        PolicyModel model = PolicyLoader.Load(Sources(folder), problems);
        foreach ((Layer layer, string path) in layers ? PolicyLayers.Files() : [])
            LayerLoader.Add(model, new SourceFile(LayerLoader.SourceName(layer, path), File.ReadAllBytes(path)), layer, problems);
        foreach (SourceProblem problem in problems.All)
            Terminal.Error(problem.ToString());
        if (problems.Any)
            throw new CliException("The rules have errors; nothing was built.");
        if (!runExamples)
            return model;
        List<ExampleOutcome> failed = ExampleRun.All(model).FindAll(outcome => !outcome.Passed);
        foreach (ExampleOutcome outcome in failed)
            Terminal.Error($"{outcome.File}:{outcome.Line}:1: {outcome.Subject} {outcome.Expected}: {outcome.Call} (got {outcome.Got})");
        if (failed.Count > 0)
            throw new CliException("Examples failed; nothing was built.");
        return model;
    }

    public static Profile ProfileOf(PolicyModel model, string name) => model.Profiles.TryGetValue(name, out Profile profile)
        ? profile
        : throw new CliException($"There is no profile '{name}'{Nearest.Hint(name, model.Profiles.Keys)}.");

    /// <summary>
    /// Puts a bundle in force for a repository (empty: the user's default): a file named by its content, then one link switched by
    /// rename and the store's word for it, inside the store's transaction.
    /// </summary>
    public static (string Path, byte[] Digest) Install(Places places, byte[] repository, PolicyModel model, Profile profile, GateStore store, string? keyName)
    {
        store.Begin();
        try
        {
            (byte[] current, long revision) = store.ReadRepository(repository);
            (byte[] keyId, BundleWriter.Signer signer) = SignerOf(places, keyName);
            byte[] bytes = BundleWriter.Write(model, profile, (ulong)revision + 1, false, keyId, signer);
            byte[] digest = bytes.AsSpan(BundleFormat.RootAt, BundleFormat.DigestSize).ToArray();

            string bundles = Workplace.Text(places.Bundles), folder = Workplace.Text(places.FolderOf(repository));
            Directory.CreateDirectory(bundles, PrivateFolder);
            Directory.CreateDirectory(folder, PrivateFolder);

            // The revision is inside, so the name must tell bundles of the same content apart.
            string path = Path.Combine(bundles, $"{Hex.Of(digest.AsSpan(0, 16))}-{revision + 1}.bundle");
            WriteNew(path, bytes);
            Switch(places, repository, path);
            store.WriteRepository(repository, digest, revision + 1, current, Libc.WallMilliseconds());
            store.RenewBudgets(repository, model.Budgets.Count > 0 ? [.. model.Budgets] : BudgetLimit.Shipped);
            store.Commit();
            return (path, digest);
        }
        catch
        {
            store.Rollback();
            throw;
        }
    }

    /// <summary>Puts the bundle that was in force before this one back in force. It must be there, whole, and signed by a key that still counts.</summary>
    public static string Rollback(Places places, byte[] repository, GateStore store, out byte[] digest)
    {
        store.Begin();
        try
        {
            (byte[] current, long revision) = store.ReadRepository(repository);
            digest = store.ReadPreviousBundle(repository);
            if (digest.Length == 0)
                throw new CliException("No other bundle was in force here before; there is nothing to go back to.");
            string[] files = Directory.GetFiles(Workplace.Text(places.Bundles), $"{Hex.Of(digest.AsSpan(0, 16))}-*.bundle");
            BundleFault fault = BundleFault.Missing;
            foreach (string path in files)
            {
                Bundle? bundle = BundleFile.Open(Encoding.UTF8.GetBytes(path), places.Trust, out fault);
                if (bundle is null || !bundle.Digest.SequenceEqual(digest) || (fault = bundle.VerifyAll()) != BundleFault.None)
                    continue;
                Switch(places, repository, path);
                store.WriteRepository(repository, digest, revision + 1, current, Libc.WallMilliseconds());
                store.RenewBudgets(repository, BudgetLimit.Known(bundle));
                store.Commit();
                return path;
            }

            throw new CliException($"The bundle that was in force before cannot be used: {BundleFaults.Sentence(fault)}");
        }
        catch
        {
            store.Rollback();
            throw;
        }
    }

    // One link, switched by rename.
    private static void Switch(Places places, byte[] repository, string path)
    {
        string link = Workplace.Text(places.BundleOf(repository)), next = link + ".next";
        File.Delete(next);
        File.CreateSymbolicLink(next, path);
        if (Directory.Exists(link) && new DirectoryInfo(link).LinkTarget is null)
            Directory.Delete(link, recursive: true);
        File.Move(next, link, overwrite: true);
    }

    /// <summary>A signed bundle that is only written out, for another machine.</summary>
    public static byte[] Signed(Places places, PolicyModel model, Profile profile, string? keyName)
    {
        (byte[] keyId, BundleWriter.Signer signer) = SignerOf(places, keyName);
        return BundleWriter.Write(model, profile, 0, false, keyId, signer);
    }

    private static void WriteNew(string path, byte[] bytes)
    {
        string temporary = path + ".next";
        using (FileStream file = new(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private }))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    // Without a key of the person's own, one is made for this one signature and forgotten: what it signed stays
    // provable, nothing else can be signed with it, and no unencrypted key lies about.
    private static (byte[] KeyId, BundleWriter.Signer Signer) SignerOf(Places places, string? keyName)
    {
        Sodium.Initialise();
        KeyFile? key = KeyStore.Find(places, keyName);
        if (key is null)
        {
            (byte[] publicKey, byte[] once) = Sodium.KeyPair(Sodium.Random(Sodium.SeedBytes));
            KeyStore.Trust(places, publicKey, "used-once-by-init");
            return (Bundles.Trust.IdOf(publicKey), message => Sodium.Sign(message, once));
        }

        string? passphrase = key.Encrypted ? Terminal.Passphrase($"Passphrase for key '{key.Name}': ") : null;
        if (key.Encrypted && passphrase is null)
            throw new CliException($"The key '{key.Name}' is encrypted and there is no terminal to ask for its passphrase. Run this in a terminal.");
        byte[] secret = key.Open(passphrase is null ? null : Encoding.UTF8.GetBytes(passphrase)) ?? throw new CliException("The passphrase is wrong, or the key file was changed.");
        return (key.Id, message => Sodium.Sign(message, secret));
    }
}
