using System;
using System.Collections.Generic;
using System.Linq;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>Budgets with a name: from budgets.yaml, through layers, into the bundle.</summary>
public class BudgetLoaderTests
{
    private const string Good = "budgets:\n- {name: strict, actions: 50, minutes: 0}\n- {name: wide, actions: 900, minutes: 90}\n";

    private static (string, long, long)[] Shown(IEnumerable<BudgetLimit> budgets) => [.. budgets.Select(budget => (budget.Name, budget.Actions, budget.Minutes))];

    [Fact]
    public void The_shipped_ones_are_those_that_stand_in_where_rules_have_none()
    {
        Assert.Equal(Shown(BudgetLimit.Shipped), Shown(Policies.Shipped().Budgets));
        Assert.Equal(Shown(BudgetLimit.Shipped), Shown(BudgetLimit.Known(Policies.Bare)));
    }

    [Fact]
    public void A_bundle_holds_them()
    {
        Bundle bundle = Policies.Kept(Policies.Built(Policies.Whole(Policies.File("budgets.yaml", Good))));
        BudgetLimit[] known = BudgetLimit.Known(bundle);
        Assert.Equal([("strict", 50, 0), ("wide", 900, 90)], Shown(known));
        Assert.Equal(90, BudgetLimit.Parse("wide", known)!.Minutes);
        Assert.Null(BudgetLimit.Parse("guided", known));
        Assert.True(BudgetLimit.Parse("none", known)!.IsNone);
    }

    [Theory]
    [InlineData("name: strict", "name: none", "is no name of a budget")]
    [InlineData("name: strict", "name: Strict", "is no name of a budget")]
    [InlineData("name: strict", "name: wide", "another budget 'wide'")]
    [InlineData("minutes: 0", "minute: 0", "did you mean 'minutes'")]
    [InlineData("actions: 50, ", "", "'name', 'actions' and 'minutes'")]
    [InlineData("actions: 50", "actions: -1", "from 0 to")]
    public void What_is_wrong_is_said(string good, string bad, string message)
    {
        Policies.Load(out List<string> problems, Policies.File("budgets.yaml", Good.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Contains(problems, problem => problem.StartsWith("budgets.yaml:", StringComparison.Ordinal) && problem.Contains(message, StringComparison.Ordinal));
    }

    /// <summary>A project only lowers, and no limit is more than any; who signs may raise.</summary>
    [Theory]
    [InlineData("wide", 900, 90, true)]
    [InlineData("wide", 10, 5, true)]
    [InlineData("wide", 901, 5, false)]
    [InlineData("wide", 10, 91, false)]
    [InlineData("wide", 0, 5, false)]
    [InlineData("strict", 50, 10, true)]
    [InlineData("strict", 60, 0, false)]
    public void A_project_only_lowers(string name, int actions, int minutes, bool allowed)
    {
        string layer = $"policy: x\nbudgets:\n- {{name: {name}, actions: {actions}, minutes: {minutes}}}\n";
        foreach (Layer who in Enum.GetValues<Layer>())
        {
            PolicyModel model = Policies.Whole(Policies.File("budgets.yaml", Good));
            Problems problems = new();
            LayerLoader.Add(model, Policies.File(LayerLoader.SourceName(who, "/x"), layer), who, problems);
            bool taken = Shown(model.Budgets).Contains((name, actions, minutes));
            Assert.Equal(allowed || who != Layer.Project, taken);
            Assert.Equal(!taken, problems.All.Any(problem => problem.ToString().Contains("can only tighten", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_profile_with_that_budget_follows_and_an_unknown_name_is_an_error()
    {
        PolicyModel model = Policies.Whole(Policies.File("profiles/a.yaml", "profile: a\nbudget: {name: guided, actions: 100, minutes: 700}\n"));
        Problems problems = new();
        LayerLoader.Add(model, Policies.File("project:/x", "policy: x\nbudgets:\n- {name: guided, actions: 200, minutes: 60}\n- {name: guide, actions: 1, minutes: 1}\n"), Layer.Project, problems);
        Assert.Equal((100, 60), (model.Profiles["a"].BudgetActions, model.Profiles["a"].BudgetMinutes));
        Assert.Contains("did you mean 'guided'", Assert.Single(problems.All).ToString(), StringComparison.Ordinal);
    }
}
