using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using Gate.Compiler;
using Gate.Requests;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate key create|show|trust|revoke</c>. To rotate: create the new key, build with it, revoke the old one; in between both count.</summary>
internal static class KeyVerb
{
    public static Command Create()
    {
        Command verb = new("key", "Keys that sign rule bundles.");
        verb.Subcommands.Add(CreateCommand());
        Command show = new("show", "Show the keys of this user: name, id, public key. Never the secret.");
        show.SetAction(_ => Show());
        verb.Subcommands.Add(show);
        verb.Subcommands.Add(TrustCommand());
        verb.Subcommands.Add(RevokeCommand());
        return verb;
    }

    private static Command TrustCommand()
    {
        Argument<string> publicKey = new("public-key") { Description = "64 hexadecimal digits, as 'gate key show' prints them on the machine that has the key." }, name = new("name") { Description = "What to call it." };
        Command trust = new("trust", "Trust somebody's public key: bundles that it signed count here.") { publicKey, name };
        trust.SetAction(parsed =>
        {
            byte[] key = PublicKey(parsed.GetValue(publicKey)!);
            string called = Named(parsed.GetValue(name)!);
            Places places = Workplace.Places();
            byte[] id = Bundles.Trust.IdOf(key);
            if (KeyStore.Entries(places).Exists(entry => entry.Revoked && entry.Id.AsSpan().SequenceEqual(id)))
                throw new CliException($"The key {Hex.Of(id)} was revoked, and a revoked key stays revoked. Make a new one with 'gate key create'.");
            KeyStore.Trust(places, key, called);
            Terminal.Line($"trusted  {Hex.Of(id)} {called}");
            return 0;
        });
        return trust;
    }

    public static byte[] PublicKey(string hex)
    {
        byte[] key = new byte[Native.Sodium.PublicKeyBytes], text = System.Text.Encoding.UTF8.GetBytes(hex.Trim().ToLowerInvariant());
        return text.Length == key.Length * 2 && Hex.TryDecode(text, key) ? key : throw new CliException("A public key has 64 hexadecimal digits. 'gate key show' prints it where the key is.");
    }

    private static Command RevokeCommand()
    {
        Argument<string> which = new("key") { Description = "The key's name, or its id." };
        Command revoke = new("revoke", "Trust a key no more, for good: what it signed is refused from now on.") { which };
        revoke.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            string wanted = parsed.GetValue(which)!;
            List<TrustEntry> found = KeyStore.Entries(places).FindAll(entry => !entry.Revoked && (entry.Name == wanted || Hex.Of(entry.Id).Equals(wanted, StringComparison.OrdinalIgnoreCase)));
            if (found.Count == 0)
                throw new CliException($"No trusted key is called '{wanted}'. 'gate key show' lists them.");
            foreach (TrustEntry entry in found)
            {
                KeyStore.Revoke(places, entry.Id, entry.Name);
                Terminal.Line($"revoked  {Hex.Of(entry.Id)} {entry.Name}");
            }

            Terminal.Line("Bundles that it signed are refused from now on. Where one is in force, sign anew: gate rules build");
            return 0;
        });
        return revoke;
    }

    private static string Named(string name) => name.Length is > 0 and <= 64 && IsName(name) ? name : throw new CliException("A key's name has 1 to 64 letters, digits, '-' or '_'.");

    private static Command CreateCommand()
    {
        Argument<string> name = new("name") { Description = "What to call it.", DefaultValueFactory = _ => "operator" };
        Option<bool> open = new("--no-passphrase") { Description = "Store the private key unencrypted. Anyone who can read the file can sign policy." };
        Command create = new("create", "Make a signing key and trust it.") { name, open };
        create.SetAction(parsed =>
        {
            string called = Named(parsed.GetValue(name)!);
            string? passphrase = null;
            if (!parsed.GetValue(open))
                passphrase = Terminal.NewPassphrase(called) ?? throw new CliException("There is no terminal to ask for a passphrase. Run this in a terminal, or choose --no-passphrase on purpose.");
            Places places = Workplace.Places();
            KeyFile key = KeyFile.Create(called, passphrase is null ? null : System.Text.Encoding.UTF8.GetBytes(passphrase));
            string path = KeyStore.Save(places, key);
            KeyStore.Trust(places, key.PublicKey, called);
            Terminal.Line($"key      {called} {(key.Encrypted ? "(encrypted)" : Terminal.Doubtful("(not encrypted)"))}");
            Terminal.Line($"id       {Hex.Of(key.Id)}");
            Terminal.Line($"private  {path}");
            Terminal.Line($"trusted  {Workplace.Text(places.Trust)}");
            return 0;
        });
        return create;
    }

    private static bool IsName(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        }

        return true;
    }

    private static int Show()
    {
        Places places = Workplace.Places();
        string folder = Workplace.Text(places.Keys);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.key") : [];
        if (files.Length == 0)
            Terminal.Line("There are no keys. 'gate key create' makes one; until then 'gate init' signs with a key it uses once and forgets.");
        foreach (string file in files)
        {
            KeyFile? key = KeyFile.Parse(File.ReadAllText(file));
            Terminal.Line(key is null ? $"{file}: not a key file of gate" : $"{key.Name,-16} {Hex.Of(key.Id)} {Hex.Of(key.PublicKey)} {(key.Encrypted ? "encrypted" : "not encrypted")}");
        }

        List<TrustEntry> entries = KeyStore.Entries(places);
        foreach (TrustEntry entry in entries)
        {
            bool revoked = entries.Exists(other => other.Revoked && other.Id.AsSpan().SequenceEqual(entry.Id));
            if (entry.Revoked || !revoked)
                Terminal.Line($"{(entry.Revoked ? Terminal.Bad("revoked") : Terminal.Good("trusted"))}          {Hex.Of(entry.Id)} {entry.Name}");
        }

        return 0;
    }
}
