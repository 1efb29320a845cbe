using System;
using System.CommandLine;
using System.IO;
using Gate.Requests;

namespace Gate.Cli;

/// <summary><c>gate uninstall [--purge]</c>: takes the hooks of this worktree out again; the ledger stays unless purged.</summary>
internal static class UninstallVerb
{
    public static Command Create()
    {
        Option<string> scope = new("--scope") { Description = "Which settings file: project, local, user.", DefaultValueFactory = _ => "project" };
        Option<bool> purge = new("--purge") { Description = "Also delete the store with its ledger, the bundles and the trusted keys of this user. Private keys stay." };
        scope.AcceptOnlyFromAmong("project", "local", "user");
        Command verb = new("uninstall", "Take Gate's hooks out of this worktree's settings.") { scope, purge };
        verb.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            Surroundings here = Workplace.Here(places);
            string settings = WiringFile.SettingsPath(places, here, parsed.GetValue(scope)!);
            SlashCommand.Remove(settings);
            SettingsOutcome done = SettingsFile.Uninstall(settings, "claude-code", WiringFile.Read(places, settings), Environment.ProcessPath);
            if (done.Problem is { } problem)
                throw new CliException($"{settings}:{problem}");
            WiringFile.Write(places, settings, null);
            Terminal.Line(done.Changed ? $"hooks     {settings}  {(done.Restored ? "restored as it was before" : "Gate's hooks removed, the rest kept")}" : $"hooks     {settings}  had none of Gate's");
            if (parsed.GetValue(purge))
                Purge(places);
            else
                Terminal.Line($"kept      {Workplace.Text(places.State)} (the ledger and bundles; --purge deletes them)");
            return 0;
        });
        return verb;
    }

    private static void Purge(Places places)
    {
        string state = Workplace.Text(places.State), trust = Workplace.Text(places.Trust);
        if (Directory.Exists(state))
            Directory.Delete(state, recursive: true);
        File.Delete(trust);
        Terminal.Line($"deleted   {state}");
        Terminal.Line($"deleted   {trust}");
    }
}
