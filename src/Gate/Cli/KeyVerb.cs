using System;
using System.CommandLine;
using System.IO;
using Gate.Compiler;
using Gate.Requests;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate key create NAME</c>, <c>gate key show</c>.</summary>
internal static class KeyVerb
{
    public static Command Create()
    {
        Command verb = new("key", "Keys that sign rule bundles.");
        verb.Subcommands.Add(CreateCommand());
        Command show = new("show", "Show the keys of this user: name, id, public key. Never the secret.");
        show.SetAction(_ => Show());
        verb.Subcommands.Add(show);
        return verb;
    }

    private static Command CreateCommand()
    {
        Argument<string> name = new("name") { Description = "What to call it.", DefaultValueFactory = _ => "operator" };
        Option<bool> open = new("--no-passphrase") { Description = "Store the private key unencrypted. Anyone who can read the file can sign policy." };
        Command create = new("create", "Make a signing key and trust it.") { name, open };
        create.SetAction(parsed =>
        {
            string called = parsed.GetValue(name)!;
            if (called.Length is 0 or > 64 || !IsName(called))
                throw new CliException("A key's name has 1 to 64 letters, digits, '-' or '_'.");
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

        return 0;
    }
}
