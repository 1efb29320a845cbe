using System;
using System.CommandLine;
using System.IO;
using System.Text;
using Gate.Compiler;
using Gate.Native;
using Gate.Policy;
using Gate.Requests;
using Gate.Store;

namespace Gate.Cli;

/// <summary><c>gate init</c>: builds and signs this repository's bundle, wires the agent's hooks of this worktree, records both. Again = repair or change.</summary>
internal static class InitVerb
{
    public static Command Create()
    {
        Option<string> agent = new("--agent") { Description = "The agent to wire.", DefaultValueFactory = _ => "claude-code" };
        Option<string> profile = new("--profile") { Description = "How strict: balanced, strict, read-only … (see 'gate rules list').", DefaultValueFactory = _ => "" };
        Option<string> budget = new("--budget") { Description = "The budget of a session: strict, guided, autonomous, ACTIONS/MINUTES, none; without it, what was set before, or the profile's.", DefaultValueFactory = _ => "" };
        Option<string> scope = new("--scope") { Description = "Where the hooks go: project (.claude/settings.json), local (.claude/settings.local.json), user (~/.claude/settings.json).", DefaultValueFactory = _ => "project" };
        Option<string?> rules = new("--rules") { Description = "A folder of rules; without it, those inside this binary." }, key = new("--key") { Description = "The key that signs." };
        Option<bool> dry = new("--dry-run") { Description = "Only show what would be written." };
        scope.AcceptOnlyFromAmong("project", "local", "user");
        agent.AcceptOnlyFromAmong("claude-code");
        Command verb = new("init", "Wire Gate into an agent in this worktree.") { agent, profile, budget, scope, rules, key, dry };
        verb.SetAction(parsed =>
        {
            Places places = Workplace.Places();
            Surroundings here = Workplace.Here(places);
            string settings = WiringFile.SettingsPath(places, here, parsed.GetValue(scope)!);
            string? binary = Environment.ProcessPath;
            if (binary is null)
                throw new CliException("The path of this binary is not known; /proc must be mounted.");
            HookWiring wiring = HookWiring.ClaudeCode(binary, PinnedArguments(places));
            return parsed.GetValue(dry)
                ? Plan(settings, wiring)
                : Run(places, here, settings, wiring, parsed.GetValue(profile)!, parsed.GetValue(budget)!, parsed.GetValue(rules), parsed.GetValue(key));
        });
        return verb;
    }

    // The hook must find the same store whatever the agent's environment says.
    private static string[] PinnedArguments(Places places)
    {
        Places standard = Requests.Places.Under(places.Home);
        bool usual = standard.State.AsSpan().SequenceEqual(places.State) && standard.Configuration.AsSpan().SequenceEqual(places.Configuration);
        return usual
            ? ["--home", Workplace.Text(places.Home)]
            : ["--home", Workplace.Text(places.Home), "--state", Workplace.Text(places.State), "--config", Workplace.Text(places.Configuration)];
    }

    private static int Plan(string settings, HookWiring wiring)
    {
        SettingsOutcome plan = SettingsFile.Plan(settings, wiring);
        Report(plan);
        Terminal.Line(plan.Changed ? plan.Diff.TrimEnd() : $"{settings} is already right; nothing would change.");
        Terminal.Line($"The slash command would be at {SlashCommand.PathBeside(settings)}.");
        Terminal.Line("Dry run: nothing was written.");
        return 0;
    }

    private static int Run(Places places, Surroundings here, string settings, HookWiring wiring, string profile, string budget, string? rules, string? key)
    {
        // First everything that can be refused, then what is seen from outside: the hooks come last, when all they need is in place.
        PolicyModel model = PolicyInstaller.Load(rules);
        SettingsOutcome plan = SettingsFile.Plan(settings, wiring);
        Report(plan);
        BudgetLimit? limit = budget.Length == 0 ? null : BudgetVerb.Of(budget, model.Budgets.Count > 0 ? [.. model.Budgets] : BudgetLimit.Shipped);
        using GateStore store = Workplace.Store(places, create: true);
        (string Profile, string Budget, long Actions, string Settings)? before = store.ReadWorktree(here.Worktree);
        profile = profile.Length > 0 ? profile : before?.Profile is { Length: > 0 } kept ? kept : "balanced";
        budget = limit?.Name ?? before?.Budget ?? "";
        Profile chosen = PolicyInstaller.ProfileOf(model, profile);
        (string bundle, _) = PolicyInstaller.Install(places, here.Repository, model, chosen, store, key);

        SettingsOutcome done = SettingsFile.Install(settings, wiring, WiringFile.Read(places, settings));
        if (done.Problem is { } problem)
            throw new CliException($"{settings}:{problem}");
        WiringFile.Write(places, settings, done.Record);
        bool command = SlashCommand.Write(settings);
        store.Begin();
        store.WriteWorktree(here.Worktree, here.Repository, profile, budget, settings, Libc.WallMilliseconds());
        if (limit is not null)
            store.WriteBudget(here.Worktree, here.Repository, limit, Libc.WallMilliseconds());
        limit = store.ReadStanding(default, here.Worktree, here.Repository).BudgetLimit(chosen);
        store.Commit();

        Terminal.Line($"worktree  {Workplace.Text(here.Worktree)}{(here.InRepository ? "" : "  (not in a git repository)")}");
        Terminal.Line($"rules     {model.Rules.Count}, profile {profile}, budget {BudgetVerb.Words(limit)}");
        Terminal.Line($"bundle    {bundle}");
        Terminal.Line($"store     {Workplace.Text(places.Store)}");
        Terminal.Line($"hooks     {settings}  {(done.Changed ? "written" : "already right")}");
        Terminal.Line($"command   {SlashCommand.PathBeside(settings)}  {(command ? "written" : "already there")}");
        if (done.Backup is not null)
            Terminal.Line($"backup    {done.Backup}");
        Terminal.Line("Restart running agent sessions of this worktree, or let them pick the change up. 'gate status' shows what is in force.");
        return 0;
    }

    private static void Report(SettingsOutcome outcome)
    {
        if (outcome.Problem is { } problem)
            throw new CliException($"{outcome.Path}:{problem}");
        foreach (SettingsProblem warning in outcome.Warnings)
            Terminal.Error($"{outcome.Path}:{warning}");
    }
}
