using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Effects;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Policy;

/// <summary>Conditions on the cluster, account or workspace that a program works on.</summary>
public class ContextTests
{
    private const string When = "{program: [kubectl, helm, docker, terraform, gcloud, aws], context: 'prod*'}";

    private static readonly Calls s_denies = Calls.WithRule("deny", When), s_allows = Calls.WithRule("allow", "{program: kubectl, context: 'stage*'}");

    private static readonly Calls s_prod = s_denies.On(Config("prod-eu")), s_stage = s_denies.On(Config("stage")), s_allowsStage = s_allows.On(Config("stage")), s_allowsProd = s_allows.On(Config("prod"));

    private static (string, string?) Config(string context) => ("/home/dev/.kube/config", $"apiVersion: v1\ncontexts:\n- context:\n    current-context: other\n  name: x\ncurrent-context: {context}\nkind: Config\n");

    /// <summary>A command, and whether it is caught where the file of the machine says prod-eu, and where it says stage.</summary>
    [Theory]
    [InlineData("kubectl apply -f x", true, false)]
    [InlineData("helm upgrade a b", true, false)]
    [InlineData("kubectl --context prod apply -f x", true, true)]
    [InlineData("kubectl apply -f x --context=prod", true, true)]
    [InlineData("kubectl --context stage apply -f x", false, false)]
    [InlineData("kubectl --context prod --context stage apply -f x", false, false)]
    [InlineData("helm --kube-context=stage upgrade a b", false, false)]
    [InlineData("kubectl --context $c apply -f x", true, true)]
    [InlineData("c=stage; kubectl --context $c apply -f x", false, false)]
    [InlineData("kubectl exec x -- ls --context stage", true, false)]
    [InlineData("kubectl --server https://10.0.0.1 apply -f x", true, true)]
    [InlineData("kubectl --cluster=c apply -f x", true, true)]
    [InlineData("kubectl config use-context prod; kubectl apply -f x", true, true)]
    [InlineData("kubectl config use-context stage && kubectl apply -f x", false, false)] // looked at below: the first call itself works on none
    [InlineData("kubectl config use-context $c && kubectl apply -f x", true, true)]
    [InlineData("kubectx prod && kubectl apply -f x", true, true)]
    [InlineData("(kubectl config use-context prod); kubectl apply -f x", true, true)]
    [InlineData("bash -c 'kubectl config use-context prod'; kubectl apply -f x", true, true)]
    [InlineData("kubectl config use-context stage; bash -c 'kubectl apply -f x'", false, false)]
    [InlineData("kubectl config use-context prod --help; kubectl apply -f x", true, false)]
    [InlineData("if a; then kubectl config use-context stage; fi; kubectl apply -f x", true, true)]
    [InlineData("kubectl config set current-context prod; kubectl apply -f x", true, true)]
    [InlineData("gcloud container clusters get-credentials main && kubectl apply -f x", true, true)]
    [InlineData("KUBECONFIG=/home/dev/other kubectl apply -f x", false, false)]
    [InlineData("KUBECONFIG=/home/dev/prod kubectl apply -f x", true, true)]
    [InlineData("export KUBECONFIG=/home/dev/prod; kubectl apply -f x", true, true)]
    [InlineData("export KUBECONFIG=/home/dev/empty:/home/dev/prod; kubectl apply -f x", true, true)]
    [InlineData("export KUBECONFIG=/home/dev/none:/home/dev/other:/home/dev/prod; kubectl apply -f x", false, false)]
    [InlineData("KUBECONFIG=prod kubectl apply -f x", false, false)] // a file of that name, here
    [InlineData("cd ~ && KUBECONFIG=prod kubectl apply -f x", true, true)]
    [InlineData("KUBECONFIG=$f kubectl apply -f x", true, true)]
    [InlineData("KUBECONFIG= kubectl apply -f x", true, false)]
    [InlineData("KUBECONFIG=/home/dev/closed kubectl apply -f x", true, true)]
    [InlineData("kubectl --kubeconfig /home/dev/prod apply -f x", true, true)]
    [InlineData("kubectl --kubeconfig=/home/dev/other apply -f x", false, false)]
    [InlineData("kubectl --kubeconfig ~/other config use-context stage; kubectl apply -f x", true, true)]
    [InlineData("printf 'current-context: prod\\n' > k; KUBECONFIG=k kubectl apply -f x", true, true)]
    [InlineData("printf 'current-context: stage\\n' > k; KUBECONFIG=k kubectl apply -f x", false, false)]
    [InlineData("sed s/a/b/ ~/other > k; KUBECONFIG=k kubectl apply -f x", true, true)]
    [InlineData("env -i kubectl apply -f x", true, false)]
    [InlineData("sudo kubectl apply -f x", true, false)]
    [InlineData("ssh host kubectl apply -f x", true, true)]
    [InlineData("ls; git status", false, false)]
    public void The_context_of_a_cluster_is_followed(string command, bool onProd, bool onStage)
    {
        (string, string?)[] more = [("/home/dev/prod", "current-context: prod"), ("/home/dev/other", "current-context: \"other\" # comment\n"), ("/home/dev/empty", "kind: Config\n"), ("/home/dev/closed", null)];
        foreach ((string path, string? text) in more)
            (s_prod.Files[path], s_stage.Files[path]) = (text, text);
        Assert.Equal(onProd, LastIsCaught(s_prod, command));
        Assert.Equal(onStage, LastIsCaught(s_stage, command));
    }

    // By the last call of the line, which is what the rows are about.
    private static bool LastIsCaught(Calls calls, string command)
    {
        Decision decision = calls.Bash(command);
        Effect last = decision.Effects.LastOrDefault(effect => effect.Program.Length > 0 && Encoding.UTF8.GetString(effect.Program) is "kubectl" or "helm") ?? decision.Effects[^1];
        return Policies.Holds(When, last, new CallFacts());
    }

    [Theory]
    [InlineData("docker ps", "", true)]
    [InlineData("DOCKER_CONTEXT=dev docker ps", "", false)]
    [InlineData("docker --context dev ps", "", false)]
    [InlineData("docker -H tcp://1.2.3.4 ps", "", true)]
    [InlineData("docker context use dev && docker ps", "", false)]
    [InlineData("terraform apply", "", true)]
    [InlineData("cd sub && terraform apply", "", false)]
    [InlineData("terraform -chdir=sub apply", "", true)]
    [InlineData("terraform workspace select dev && terraform apply", "", false)]
    [InlineData("TF_WORKSPACE=dev terraform apply", "", false)]
    [InlineData("terraform apply", "TF_WORKSPACE=dev", false)]
    [InlineData("gcloud compute instances list", "", true)]
    [InlineData("gcloud --configuration=dev compute instances list", "", false)]
    [InlineData("aws s3 ls", "", false)]
    [InlineData("aws s3 ls", "AWS_PROFILE=prod", true)]
    [InlineData("aws --profile dev s3 ls", "AWS_PROFILE=prod", false)]
    [InlineData("unset AWS_PROFILE; aws s3 ls", "AWS_PROFILE=prod", false)]
    public void Other_programs_have_contexts_too(string command, string environment, bool caught)
    {
        Calls calls = s_denies.On(
            ("/home/dev/.docker/config.json", "{\n\t\"auths\": {},\n\t\"currentContext\": \"prod\"\n}"), ("/home/dev/project/.terraform/environment", "prod\n"), ("/home/dev/.config/gcloud/active_config", "prod"));
        (string, string)[] set = environment.Length == 0 ? [] : [(environment.Split('=')[0], environment.Split('=')[1])];
        Decision decision = calls.Bash(command, set);
        Assert.Equal(caught, Policies.Holds(When, decision.Effects[^1], new CallFacts()));
    }

    [Fact]
    public void What_loosens_wants_to_be_certain()
    {
        Assert.Contains("r.one", Calls.RulesOf(s_allowsStage.Bash("kubectl apply -f x")));
        Assert.DoesNotContain("r.one", Calls.RulesOf(s_allowsProd.Bash("kubectl apply -f x")));
        Assert.DoesNotContain("r.one", Calls.RulesOf(s_allowsStage.Bash("kubectl --context $c apply -f x")));
        Assert.DoesNotContain("r.one", Calls.RulesOf(s_allowsStage.Bash("aws eks update-kubeconfig --name x; kubectl apply -f x")));
        Assert.DoesNotContain("r.one", Calls.RulesOf(s_allowsProd.Bash("a && kubectl config use-context stage; kubectl apply -f x")));
    }

    [Theory]
    [InlineData("current-context: a", "a")]
    [InlineData("x: 1\ncurrent-context:   'a b'  \n", "a b")]
    [InlineData("current-context: \"a\"\r\n", "a")]
    [InlineData("\"current-context\": a", "a")]
    [InlineData("current-context: a # b", "a")]
    [InlineData("current-context: \"\"", "")]
    [InlineData("current-context:", "")]
    [InlineData("current-contexts: a", null)]
    [InlineData("  current-context: a", null)] // inside of something else, or not: not read
    [InlineData("{\n  \"current-context\": \"a\",\n}", "a")]
    [InlineData("{\"current-context\": \"a\"}", null)]
    [InlineData("current-context: &x a", null)]
    [InlineData("current-context: \"a\\u0062\"", null)]
    [InlineData("kind: Config", "")]
    [InlineData("", "")]
    public void A_file_says_it_at_a_key(string text, string? value) =>
        Assert.Equal(value, ContextTable.ValueIn(Encoding.UTF8.GetBytes(text), "current-context"u8) is { } found ? Encoding.UTF8.GetString(found) : null);

    [Fact]
    public void Nobody_asks_where_no_rule_asks()
    {
        Calls calls = Calls.WithRule("deny", "{program: kubectl, word: x}");
        Assert.All(calls.Bash("kubectl --context prod apply -f x").Effects, effect => Assert.Null(effect.Context));
        Assert.All(s_prod.Bash("git status; ls").Effects, effect => Assert.Null(effect.Context));
    }
}
