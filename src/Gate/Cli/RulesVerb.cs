using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate rules build|test|verify|list</c>.</summary>
internal static class RulesVerb
{
    public static Command Create()
    {
        Command verb = new("rules", "Build, test, verify and list the rules.");
        verb.Subcommands.Add(Build());
        verb.Subcommands.Add(Test());
        verb.Subcommands.Add(Verify());
        verb.Subcommands.Add(List());
        return verb;
    }

    private static Option<string?> RulesOption() => new("--rules") { Description = "A folder of rules; without it, those inside this binary." };

    private static Command Build()
    {
        Option<string?> rules = RulesOption(), output = new("--out") { Description = "Write the bundle there instead of putting it in force." }, key = new("--key") { Description = "The key that signs." };
        Option<string> profile = new("--profile") { Description = "The profile.", DefaultValueFactory = _ => "" };
        Option<bool> builtIn = new("--built-in") { Description = "For install/build: an unsigned bundle that carries its sources.", Hidden = true };
        Command command = new("build", "Check the rules, run their examples, and put them in force for this repository.") { rules, output, profile, key, builtIn };
        command.SetAction(parsed =>
        {
            PolicyModel model = PolicyInstaller.Load(parsed.GetValue(rules));
            string name = parsed.GetValue(profile)!;
            if (parsed.GetValue(output) is string path)
            {
                Profile chosen = PolicyInstaller.ProfileOf(model, name.Length == 0 ? "balanced" : name);
                byte[] bytes = parsed.GetValue(builtIn) ? BundleWriter.Write(model, chosen, 0, true, default, null) : PolicyInstaller.Signed(Workplace.Places(), model, chosen, parsed.GetValue(key));
                File.WriteAllBytes(path, bytes);
                Terminal.Line($"{path}: {model.Rules.Count} rules, {bytes.Length} bytes, digest {Hex.Of(bytes.AsSpan(BundleFormat.RootAt, BundleFormat.DigestSize))}");
                return 0;
            }

            Places places = Workplace.Places();
            Surroundings here = Workplace.Here(places);
            using GateStore store = Workplace.Store(places, create: true);
            if (name.Length == 0)
                name = store.ReadWorktree(here.Worktree)?.Profile is { Length: > 0 } wired ? wired : "balanced";
            (string file, byte[] digest) = PolicyInstaller.Install(places, here.Repository, model, PolicyInstaller.ProfileOf(model, name), store, parsed.GetValue(key));
            Terminal.Line($"in force  {model.Rules.Count} rules, profile {name}");
            Terminal.Line($"bundle    {file}");
            Terminal.Line($"digest    {Hex.Of(digest)}");
            return 0;
        });
        return command;
    }

    private static Command Test()
    {
        Option<string?> rules = RulesOption();
        Command command = new("test", "Run every example of every rule.") { rules };
        command.SetAction(parsed =>
        {
            PolicyModel model = PolicyInstaller.Load(parsed.GetValue(rules), runExamples: false);
            int passed = 0, failed = 0;
            foreach (RuleTester.Result result in RuleTester.Run(model, PolicyInstaller.ProfileOf(model, "balanced")))
            {
                if (result.Passed)
                {
                    passed++;
                    continue;
                }

                failed++;
                Terminal.Line($"{Terminal.Bad("FAIL")} {result.Example.File}:{result.Example.Line} {result.Rule.Id} {(result.Example.Catches ? "must catch" : "must not catch")}: {result.Example.Shown}");
                Terminal.Line($"     got {result.Shown}");
            }

            foreach (KnowledgeTester.Result result in KnowledgeTester.Run(model, PolicyInstaller.ProfileOf(model, "balanced")))
            {
                if (result.Passed)
                {
                    passed++;
                    continue;
                }

                failed++;
                Terminal.Line($"{Terminal.Bad("FAIL")} {result.Example.File}:{result.Example.Line} must do [{string.Join("; ", result.Example.Does)}]: {result.Example.Call.Shown}");
                Terminal.Line($"     got [{result.Shown}]");
            }

            Terminal.Line($"{passed} examples passed, {failed} failed, of {model.Rules.Count} rules and {model.Knowledge?.Programs.Count ?? 0} programs");
            return failed == 0 ? 0 : CommandLine.Failed;
        });
        return command;
    }

    private static Command Verify()
    {
        Argument<string?> file = new("file") { Description = "A bundle file; without it, the one in force here.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("verify", "Check a bundle whole: signature, every byte, every offset.") { file };
        command.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            Bundle bundle;
            string source;
            if (parsed.GetValue(file) is string path)
            {
                bundle = BundleFile.Open(Encoding.UTF8.GetBytes(Path.GetFullPath(path)), places.Trust, out BundleFault fault) ?? throw new CliException($"{path}: {BundleFaults.Sentence(fault)}");
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

    private static Command List()
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
                chosen.ForEach(rule => Terminal.Line($"{Pad(PolicyNames.Of(rule.Action), 5)} {PolicyNames.Of(rule.Severity),-8} {rule.Id,-36} {rule.Title}"));
            return 0;
        });
        return command;
    }

    private static string Pad(string outcome, int width) => Terminal.Outcome(outcome) + new string(' ', Math.Max(0, width - outcome.Length));

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
