using System;
using System.Collections.Generic;
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
        string source = Workplace.Text(places.BundleOf(here.Repository)), profile = "";
        bool wired = false;
        long rows = 0, rules = 0;
        List<string> stale = [];
        string budget = "none";
        (long All, long Flagged) lessons = (0, 0);
        Profile judged = new() { Name = "", Budget = "" };
        try
        {
            bundle = Workplace.Bundle(places, here, out source);
            BundleFault whole = bundle.VerifyAll();
            if (whole != BundleFault.None)
                throw new CliException(BundleFaults.Sentence(whole));
            judged = new Profile(bundle);
            profile = judged.Name;
            rules = new RuleSet(bundle).Count;
            stale = PolicyLayers.Stale(bundle);
        }
        catch (CliException e)
        {
            trouble = e.Message;
        }
        catch (StoreException e)
        {
            trouble = StoreFaults.Sentence(e, places);
        }

        try
        {
            bool known = Directory.Exists(Workplace.Text(places.Repositories)) || File.Exists(Workplace.Text(places.Store));
            if (known)
            {
                using GateStore store = GateStore.Open(places.Store, create: false);
                (string Profile, string Budget, long Actions, string Settings)? worktree = store.ReadWorktree(here.Worktree);
                wired = worktree?.Settings is { Length: > 0 } settings && File.Exists(settings) && File.ReadAllText(settings).Contains("claude-code", System.StringComparison.Ordinal);
                budget = store.ReadStanding(default, here.Worktree, here.Repository).BudgetLimit(judged).Name;
                rows = store.LastSequence();
                lessons = store.CountLessons(here.Project);
            }
        }
        catch (StoreException e)
        {
            trouble ??= StoreFaults.Sentence(e, places);
        }

        string digest = bundle is null ? "" : Hex.Of(bundle.Digest);
        if (json)
        {
            ByteBuilder text = new(512);
            text.Add("{\"worktree\":"u8).AddJson(here.Worktree).Add(",\"repository\":"u8).AddJson(here.Repository).Add(",\"wired\":"u8).Add(wired ? "true"u8 : "false"u8)
                .Add(",\"bundle\":{\"path\":"u8).AddJson(source).Add(",\"digest\":"u8).AddJson(digest).Add("},\"store\":{\"path\":"u8).AddJson(places.Store).Add(",\"rows\":"u8).Add(rows)
                .Add("},\"profile\":"u8).AddJson(profile).Add(",\"budget\":"u8).AddJson(budget).Add(",\"evaluator\":\"local\",\"lessons\":{\"all\":"u8).Add(lessons.All).Add(",\"flagged\":"u8).Add(lessons.Flagged).Add("},\"stale\":["u8);
            for (int i = 0; i < stale.Count; i++)
                text.Add(i > 0 ? ","u8 : ""u8).AddJson(stale[i]);
            text.Add("],\"trouble\":"u8);
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
            Terminal.Line($"rules     {(rules == 0 ? "-" : rules.ToString())}, profile {(profile.Length == 0 ? "-" : profile)}, budget {budget}");
            Terminal.Line($"bundle    {source}");
            Terminal.Line($"store     {Workplace.Text(places.Store)}, {rows} rows");
            if (lessons.All > 0)
                Terminal.Line($"lessons   {lessons.All}{(lessons.Flagged > 0 ? ", " + Terminal.Doubtful($"{lessons.Flagged} fire where people let it go; 'gate lesson list' names them") : "")}");
            foreach (string path in stale)
                Terminal.Line($"{Terminal.Doubtful("stale")}     {path} is not what the bundle was built from; put it in force with 'gate rules build'");
            if (trouble is not null)
                Terminal.Line(Terminal.Bad("trouble   ") + trouble);
        }

        return trouble is null ? 0 : CommandLine.Failed;
    }
}
