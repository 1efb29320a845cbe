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

/// <summary><c>gate rules build|test</c>; the verbs that only look are in RulesLook.cs.</summary>
internal static class RulesVerb
{
    public static Command Create()
    {
        Command verb = new("rules", "Build, test, verify, list, show and compare the rules.");
        verb.Subcommands.Add(Build());
        verb.Subcommands.Add(Test());
        verb.Subcommands.Add(RulesLook.Verify());
        verb.Subcommands.Add(RulesLook.List());
        verb.Subcommands.Add(RulesShow.Show());
        verb.Subcommands.Add(RulesShow.Diff());
        verb.Subcommands.Add(Rollback());
        verb.Subcommands.Add(Schema());
        verb.Subcommands.Add(RulesCoverage.Create());
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
            // What travels in the binary is the same everywhere.
            PolicyModel model = PolicyInstaller.Load(parsed.GetValue(rules), layers: !parsed.GetValue(builtIn));
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
        Option<string?> rules = RulesOption(), junit = new("--junit") { Description = "Also write a JUnit report to this file." };
        Command command = new("test", "Run every example of every rule, profile and program.") { rules, junit };
        command.SetAction(parsed =>
        {
            PolicyModel model = PolicyInstaller.Load(parsed.GetValue(rules), runExamples: false, layers: parsed.GetValue(rules) is null);
            List<ExampleOutcome> all = ExampleRun.All(model);
            int failed = 0;
            foreach (ExampleOutcome outcome in all)
            {
                if (outcome.Passed)
                    continue;
                failed++;
                Terminal.Line($"{Terminal.Bad("FAIL")} {outcome.File}:{outcome.Line} {outcome.Subject} {outcome.Expected}: {outcome.Call}");
                Terminal.Line($"     got {outcome.Got}");
            }

            if (parsed.GetValue(junit) is string path)
                File.WriteAllText(path, ExampleRun.JUnit(all));
            Terminal.Line($"{all.Count - failed} examples passed, {failed} failed, of {model.Rules.Count} rules and {model.Knowledge?.Programs.Count ?? 0} programs");
            return failed == 0 ? 0 : CommandLine.Failed;
        });
        return command;
    }

    private static Command Schema()
    {
        Argument<string> kind = new("kind") { Description = "pack, profile or policy." };
        Command command = new("schema", "Print the JSON Schema of packs, profiles or policy.yaml, for editors.") { kind };
        command.SetAction(parsed =>
        {
            string wanted = parsed.GetValue(kind)!;
            if (Array.IndexOf(RulesSchema.Kinds, wanted) < 0)
                throw new CliException($"There are schemas of: {string.Join(", ", RulesSchema.Kinds)}.");
            Terminal.Raw(Encoding.UTF8.GetBytes(RulesSchema.Of(wanted)));
            return 0;
        });
        return command;
    }

    private static Command Rollback()
    {
        Command command = new("rollback", "Put the bundle that was in force before back in force, for this repository.");
        command.SetAction(_ =>
        {
            Places places = Workplace.Places();
            using GateStore store = Workplace.Store(places);
            string path = PolicyInstaller.Rollback(places, Workplace.Here(places).Repository, store, out byte[] digest);
            Terminal.Line($"in force  {path}");
            Terminal.Line($"digest    {Hex.Of(digest)}");
            return 0;
        });
        return command;
    }
}
