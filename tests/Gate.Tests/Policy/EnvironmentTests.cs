using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Policy;

/// <summary>Conditions on the environment that a command is started with, followed through a line as the shell follows it.</summary>
public class EnvironmentTests
{
    private const string When = "{program: kubectl, environment: {KUBE: 'prod*'}}";

    private static readonly Calls s_denies = Calls.WithRule("deny", When), s_allows = Calls.WithRule("allow", "{program: kubectl, environment: {KUBE: 'stage*'}}"),
        s_unless = Calls.WithRule("deny", "{program: kubectl, not: {environment: {KUBE: 'stage*'}}}");

    /// <summary>What a rule that denies says, what the environment has (empty: nothing).</summary>
    [Theory]
    [InlineData("kubectl apply -f x", "", false)]
    [InlineData("kubectl apply -f x", "prod-eu", true)]
    [InlineData("kubectl apply -f x", "stage", false)]
    [InlineData("KUBE=prod kubectl apply -f x", "", true)]
    [InlineData("KUBE=stage kubectl apply -f x", "prod", false)]
    [InlineData("KUBE=stage kubectl apply -f x; kubectl apply -f x", "prod", true)]
    [InlineData("export KUBE=prod; kubectl apply -f x", "", true)]
    [InlineData("export KUBE=prod && kubectl apply -f x", "stage", true)]
    [InlineData("export KUBE=stage && kubectl apply -f x", "prod", false)]
    [InlineData("export KUBE=stage; kubectl apply -f x", "prod", false)]
    [InlineData("declare -x KUBE=prod; kubectl apply -f x", "", true)]
    [InlineData("KUBE=prod; export KUBE; kubectl apply -f x", "", true)]
    [InlineData("set -a; KUBE=prod; kubectl apply -f x", "", true)]
    [InlineData("KUBE=stage; kubectl apply -f x", "prod", false)] // what the environment has stays exported
    [InlineData("KUBE=prod; kubectl apply -f x", "stage", true)]
    [InlineData("KUBE=prod; kubectl apply -f x", "", true)] // perhaps exported where the shell starts
    [InlineData("unset KUBE; kubectl apply -f x", "prod", false)]
    [InlineData("unset KUBE && kubectl apply -f x", "prod", false)]
    [InlineData("unset OTHER; kubectl apply -f x", "prod", true)]
    [InlineData("env -i kubectl apply -f x", "prod", false)]
    [InlineData("env - kubectl apply -f x", "prod", false)]
    [InlineData("env -i KUBE=prod kubectl apply -f x", "", true)]
    [InlineData("env -u KUBE kubectl apply -f x", "prod", false)]
    [InlineData("env --unset=KUBE kubectl apply -f x", "prod", false)]
    [InlineData("env -u OTHER kubectl apply -f x", "prod", true)]
    [InlineData("env -u \"$x\" kubectl apply -f x", "prod", true)]
    [InlineData("env KUBE=prod kubectl apply -f x", "", true)]
    [InlineData("env KUBE=stage kubectl apply -f x", "prod", false)]
    [InlineData("env -i -S 'kubectl apply -f x'", "prod", false)]
    [InlineData("exec -c kubectl apply -f x", "prod", false)]
    [InlineData("(export KUBE=prod); kubectl apply -f x", "", false)]
    [InlineData("(export KUBE=prod; kubectl apply -f x)", "", true)]
    [InlineData("(unset KUBE); kubectl apply -f x", "prod", true)]
    [InlineData("bash -c 'kubectl apply -f x'", "prod", true)]
    [InlineData("KUBE=prod bash -c 'kubectl apply -f x'", "", true)]
    [InlineData("KUBE=stage bash -c 'kubectl apply -f x'", "prod", false)]
    [InlineData("KUBE=stage; bash -c 'kubectl apply -f x'", "prod", false)]
    [InlineData("unset KUBE; bash -c 'kubectl apply -f x'", "prod", false)]
    [InlineData("env -i bash -c 'kubectl apply -f x'", "prod", false)]
    [InlineData("export KUBE=$(cat name); kubectl apply -f x", "", true)]
    [InlineData("read KUBE < name; export KUBE; kubectl apply -f x", "", true)]
    [InlineData("export KUBE=prod-$n; kubectl apply -f x", "", true)]
    [InlineData("if test -f a; then export KUBE=stage; fi; kubectl apply -f x", "prod", true)]
    [InlineData("if test -f a; then export KUBE=stage; else export KUBE=dev; fi; kubectl apply -f x", "prod", true)]
    [InlineData("p() { KUBE=prod kubectl apply -f x; }; p", "", true)]
    [InlineData("KUBE=prod; export -n KUBE; kubectl apply -f x", "", true)]
    [InlineData("timeout 5 env KUBE=prod kubectl apply -f x", "", true)]
    [InlineData("KUBE=prod xargs kubectl apply -f < names", "", true)]
    [InlineData("docker exec c kubectl apply -f x", "stage", true)] // so has a container
    [InlineData("ssh host kubectl apply -f x", "stage", true)] // another machine has an environment of its own
    [InlineData("KUBE=prod ls", "prod", false)]
    public void A_rule_that_denies_holds_where_the_value_fits_or_may_fit(string command, string inherited, bool denied)
    {
        Decision decision = inherited.Length == 0 ? s_denies.Bash(command) : s_denies.Bash(command, ("KUBE", inherited));
        Assert.Equal(denied ? "r.one" : "", Calls.RulesOf(decision));
    }

    /// <summary>A rule that allows holds only where the value is known to fit.</summary>
    [Theory]
    [InlineData("kubectl apply -f x", "stage", true)]
    [InlineData("kubectl apply -f x", "prod", false)]
    [InlineData("kubectl apply -f x", "", false)]
    [InlineData("KUBE=stage kubectl apply -f x", "prod", true)]
    [InlineData("KUBE=stage-$n kubectl apply -f x", "", false)]
    [InlineData("KUBE=$n kubectl apply -f x", "stage", false)]
    [InlineData("KUBE=stage; kubectl apply -f x", "", false)]
    [InlineData("KUBE=stage; kubectl apply -f x", "prod", true)]
    [InlineData("unset KUBE; KUBE=stage; kubectl apply -f x", "prod", false)]
    [InlineData("unset KUBE; kubectl apply -f x", "stage", false)]
    [InlineData("env -i kubectl apply -f x", "stage", false)]
    [InlineData("if test -f a; then export KUBE=prod; fi; kubectl apply -f x", "stage", false)]
    [InlineData("eval \"$x\"; kubectl apply -f x", "stage", false)]
    [InlineData("source ./env.sh; kubectl apply -f x", "stage", false)]
    [InlineData("docker exec c kubectl apply -f x", "stage", false)]
    [InlineData("ssh host kubectl apply -f x", "stage", false)]
    public void A_rule_that_allows_holds_only_where_the_value_is_known(string command, string inherited, bool lifted)
    {
        Decision decision = inherited.Length == 0 ? s_allows.Bash(command) : s_allows.Bash(command, ("KUBE", inherited));
        Assert.Equal(lifted, Calls.RulesOf(decision) == "r.one");
    }

    [Theory]
    [InlineData("kubectl apply -f x", "stage", false)]
    [InlineData("kubectl apply -f x", "", true)]
    [InlineData("KUBE=$n kubectl apply -f x", "stage", true)]
    [InlineData("KUBE=stage kubectl apply -f x", "", false)]
    public void Turned_round_doubt_still_tightens(string command, string inherited, bool denied)
    {
        Decision decision = inherited.Length == 0 ? s_unless.Bash(command) : s_unless.Bash(command, ("KUBE", inherited));
        Assert.Equal(denied ? Outcome.Deny : Outcome.Ask, decision.Outcome);
    }

    [Fact]
    public void Where_no_rule_asks_nothing_is_noted() => Assert.All(Shipped.Decide("KUBE=prod kubectl get pods").Effects, effect => Assert.Null(effect.Environment));
}
