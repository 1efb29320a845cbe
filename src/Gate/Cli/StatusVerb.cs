using System;
using System.CommandLine;
using System.IO;
using System.Text;
using Gate.Bundles;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;
using Gate.Text;

namespace Gate.Cli;

/// <summary><c>gate status [--json]</c>: what is in force in this worktree.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "One JSON object." };
        Command verb = new("status", "Show what is in force here.") { json };
        verb.SetAction(parsed => Show(parsed.GetValue(json)));
        return verb;
    }

    private static int Show(bool json)
    {
        Places places = Workplace.Places();
        Surroundings here = Workplace.Here(places);
        string? trouble = null;
        Bundle? bundle = null;
        string source = Workplace.Text(places.BundleOf(here.Repository));
        try
        {
            bundle = Workplace.Bundle(places, here, out source);
            BundleFault whole = bundle.VerifyAll();
            if (whole != BundleFault.None)
                trouble = BundleFaults.Sentence(whole);
        }
        catch (CliException e)
        {
            trouble = e.Message;
        }

        bool wired = false;
        long rows = 0;
        string budget = "none";
        if (File.Exists(Workplace.Text(places.Store)))
        {
            using GateStore store = Workplace.Store(places);
            (string Profile, string Budget, long Actions, string Settings)? worktree = store.ReadWorktree(here.Worktree);
            wired = worktree?.Settings is { Length: > 0 } settings && File.Exists(settings) && File.ReadAllText(settings).Contains("claude-code", System.StringComparison.Ordinal);
            budget = worktree?.Budget is { Length: > 0 } named ? named : "none";
            rows = store.LastSequence();
            (byte[] current, _) = store.ReadRepository(here.Repository);
            if (bundle is not null && current.Length > 0 && !bundle.Digest.SequenceEqual(current))
                trouble ??= BundleFaults.Sentence(BundleFault.NotCurrent);
        }

        string profile = bundle is null ? "" : new Profile(bundle).Name;
        string digest = bundle is null ? "" : Hex.Of(bundle.Digest);
        if (json)
        {
            ByteBuilder text = new(512);
            text.Add("{\"worktree\":"u8).AddJson(here.Worktree).Add(",\"repository\":"u8).AddJson(here.Repository).Add(",\"wired\":"u8).Add(wired ? "true"u8 : "false"u8)
                .Add(",\"bundle\":{\"path\":"u8).AddJson(source).Add(",\"digest\":"u8).AddJson(digest).Add("},\"store\":{\"path\":"u8).AddJson(places.Store).Add(",\"rows\":"u8).Add(rows)
                .Add("},\"profile\":"u8).AddJson(profile).Add(",\"budget\":"u8).AddJson(budget).Add(",\"evaluator\":\"local\",\"trouble\":"u8);
            if (trouble is null)
                text.Add("null"u8);
            else
                text.AddJson(trouble);
            Terminal.Raw(text.Add("}\n"u8).Written);
        }
        else
        {
            Terminal.Line($"worktree  {Workplace.Text(here.Worktree)}");
            Terminal.Line($"hooks     {(wired ? Terminal.Good("wired") : Terminal.Doubtful("not wired; run 'gate init --agent claude-code' here"))}");
            Terminal.Line($"rules     {(bundle is null ? "-" : new RuleSet(bundle).Count.ToString())}, profile {profile}, budget {budget}");
            Terminal.Line($"bundle    {source}");
            Terminal.Line($"store     {Workplace.Text(places.Store)}, {rows} rows");
            if (trouble is not null)
                Terminal.Line(Terminal.Bad("trouble   ") + trouble);
        }

        return trouble is null ? 0 : CommandLine.Failed;
    }
}
