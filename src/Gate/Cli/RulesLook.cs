using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text;
using Gate.Bundles;
using Gate.Policy;
using Gate.Requests;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate rules verify|list</c>.</summary>
internal static class RulesLook
{
    public static Command Verify()
    {
        Argument<string?> file = new("file") { Description = "A bundle file; without it, the one in force here.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> key = new("--key") { Description = "The public key that must have signed FILE, 64 hexadecimal digits; without it, the keys trusted here." };
        Command command = new("verify", "Check a bundle whole: signature, every byte, every offset.") { file, key };
        command.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            Bundle bundle;
            string source;
            if (parsed.GetValue(file) is string path)
            {
                Trust trust = parsed.GetValue(key) is string hex ? Trust.Only(KeyVerb.PublicKey(hex)) : new Trust(File.Exists(Workplace.Text(places.Trust)) ? File.ReadAllBytes(Workplace.Text(places.Trust)) : []);
                bundle = BundleFile.Open(Encoding.UTF8.GetBytes(Path.GetFullPath(path)), trust, out BundleFault fault) ?? throw new CliException($"{path}: {BundleFaults.Sentence(fault)}");
                source = path;
            }
            else
            {
                bundle = Workplace.Bundle(places, Workplace.Here(places), out source);
            }

            BundleFault whole = bundle.VerifyAll();
            if (whole != BundleFault.None)
                throw new CliException($"{source}: {BundleFaults.Sentence(whole)}");
            Terminal.Line($"{Terminal.Good("whole")}   {source}");
            Terminal.Line($"digest  {Hex.Of(bundle.Digest)}");
            Terminal.Line($"signed  {(bundle.KeyId.ContainsAnyExcept((byte)0) ? Hex.Of(bundle.KeyId) : "no (inside the binary)")}");
            Terminal.Line($"rules   {new RuleSet(bundle).Count}, profile {new Profile(bundle).Name}, revision {bundle.Revision}");
            return 0;
        });
        return command;
    }

    public static Command List()
    {
        Option<string?> tag = new("--tag") { Description = "Only rules with this compliance tag." };
        Option<bool> json = new("--json") { Description = "One JSON array." };
        Command command = new("list", "List the rules in force here.") { tag, json };
        command.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            RuleSet rules = new(Workplace.Bundle(places, Workplace.Here(places), out _));
            string? wanted = parsed.GetValue(tag);
            List<Rule> chosen = [];
            for (int i = 0; i < rules.Count; i++)
            {
                if (wanted is null || Array.IndexOf(rules[i].Tags.Split(' '), wanted) >= 0)
                    chosen.Add(rules[i]);
            }

            if (parsed.GetValue(json))
                Terminal.Raw(Json(chosen));
            else
                chosen.ForEach(rule => Terminal.Line($"{Terminal.Outcome(PolicyNames.Of(rule.Action), 5)} {PolicyNames.Of(rule.Severity),-8} {rule.Id,-36} {rule.Title}"));
            return 0;
        });
        return command;
    }

    private static byte[] Json(List<Rule> rules)
    {
        ByteBuilder text = new(4096);
        text.Add("["u8);
        for (int i = 0; i < rules.Count; i++)
        {
            Rule rule = rules[i];
            text.Add(i > 0 ? ",\n"u8 : "\n"u8).Add("{\"id\":"u8).AddJson(rule.Id).Add(",\"pack\":"u8).AddJson(rule.Pack).Add(",\"title\":"u8).AddJson(rule.Title)
                .Add(",\"outcome\":"u8).AddJson(PolicyNames.Of(rule.Action)).Add(",\"severity\":"u8).AddJson(PolicyNames.Of(rule.Severity)).Add(",\"soft\":"u8)
                .Add(rule.Soft ? "true"u8 : "false"u8).Add(",\"instead\":"u8).AddJson(rule.Instead).Add(",\"tags\":["u8);
            string[] tags = rule.Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int t = 0; t < tags.Length; t++)
                text.Add(t > 0 ? ","u8 : ""u8).AddJson(tags[t]);
            text.Add("]}"u8);
        }

        return text.Add("\n]\n"u8).ToArray();
    }
}
