using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Gate.Policy;
using Gate.Tests.Support;
using Xunit;
using Action = Gate.Policy.Action;

namespace Gate.Tests.Policy;

/// <summary>Thompson sampling on soft rules: exact, converging, and bounded whatever people answer.</summary>
public class PosteriorTests
{
    private static byte[] Request(int number)
    {
        byte[] request = new byte[32];
        BinaryPrimitives.WriteInt32LittleEndian(request, number);
        return request;
    }

    private static double Rate(Posterior posterior, Severity severity = Severity.Medium, int calls = 4000) =>
        Enumerable.Range(0, calls).Count(i => posterior.DrawFor(Request(i), "r.x", severity).Intervenes) / (double)calls;

    [Fact]
    public void Without_answers_a_rule_does_what_it_always_did() => Assert.Equal(1.0, Rate(default));

    [Fact]
    public void What_is_critical_never_adapts() => Assert.Equal(1.0, Rate(new Posterior(0, 100), Severity.Critical));

    /// <summary>A golden draw: another number here means that no ledger row can be played again.</summary>
    [Fact]
    public void Same_request_same_draw() => Assert.Equal(new Draw("packages.add", new Posterior(2, 9), 481986, 300000, true), new Posterior(2, 9).DrawFor(Request(7), "packages.add", Severity.Medium));

    [Fact]
    public void A_draw_asks_for_nothing_but_request_rule_and_answers() => Holds.Always(dice =>
    {
        Posterior posterior = new(dice.Roll(60), dice.Roll(60));
        byte[] request = Request(dice.Roll(256));
        return posterior.DrawFor(request, "r.x", Severity.Low) == posterior.DrawFor(request, "r.x", Severity.Low);
    });

    /// <summary>The draws are those of a Beta distribution: their mean and their spread.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 20)]
    [InlineData(30, 10)]
    public void Draws_are_spread_as_Beta(int needed, int idle)
    {
        Posterior posterior = new(needed, idle);
        double a = needed + Posterior.PriorNeeded, b = idle + Posterior.PriorIdle;
        double[] draws = [.. Enumerable.Range(0, 6000).Select(i => posterior.DrawFor(Request(i), "r.x", Severity.Medium).Value / 1e6)];
        double mean = draws.Average(), variance = draws.Average(x => (x - mean) * (x - mean));
        Assert.InRange(mean - (a / (a + b)), -0.01, 0.01);
        Assert.InRange(variance / (a * b / ((a + b) * (a + b) * (a + b + 1))), 0.9, 1.1);
    }

    [Fact]
    public void More_idle_answers_never_make_it_intervene_more_than_chance_allows()
    {
        double before = 1.0;
        foreach (int idle in (int[])[1, 5, 10, 20, 40, 80])
        {
            double rate = Rate(new Posterior(0, idle));
            Assert.True(rate <= before + 0.02, $"{idle}: {rate} after {before}");
            before = rate;
        }
    }

    /// <summary>Whatever people answer, in whatever order: never below the floor, and never more answers than count.</summary>
    [Fact]
    public void Adversarial_answers_are_bounded()
    {
        Posterior posterior = default;
        for (int i = 0; i < 10_000; i++)
        {
            posterior = posterior.Plus(0, 1);
            Assert.True(posterior.Needed + posterior.Idle <= Posterior.MaximumAnswers);
        }

        Assert.InRange(Rate(posterior), (Posterior.FloorOfThousand / 1000.0) - 0.02, (Posterior.FloorOfThousand / 1000.0) + 0.02);

        // And it comes back: refusals count as much as approvals did.
        for (int i = 0; i < 60; i++)
            posterior = posterior.Plus(1, 0);
        Assert.True(Rate(posterior) > 0.95);
    }

    [Theory]
    [InlineData(0.05, false)]
    [InlineData(0.8, true)]
    public void Converges_on_simulated_people(double needed, bool intervenes)
    {
        Random person = new(5);
        Posterior posterior = default;
        int late = 0;
        for (int call = 0; call < 2000; call++)
        {
            bool asked = posterior.DrawFor(Request(call), "r.x", Severity.Medium).Intervenes;
            if (asked)
                posterior = person.NextDouble() < needed ? posterior.Plus(1, 0) : posterior.Plus(0, 1);
            late += call >= 1500 && asked ? 1 : 0;
        }

        // Of the last 500 calls: nearly only the floor, or nearly all.
        Assert.True(intervenes ? late > 450 : late < 500 * 2 * Posterior.FloorOfThousand / 1000, $"{late} of 500, {posterior}");
    }

    /// <summary>What a person loses by needless questions and by misses, call by call: less in the second half than in the first, and less in all than a rule that never adapts.</summary>
    [Fact]
    public void Regret_falls()
    {
        const double Question = 0.3, Miss = 0.7, Needed = 0.05;
        List<double> regret = [];
        for (int run = 0; run < 20; run++)
        {
            Random person = new(run);
            Posterior posterior = default;
            for (int call = 0; call < 600; call++)
            {
                bool wrong = person.NextDouble() < Needed, asked = posterior.DrawFor(Request((run * 1000) + call), "r.x", Severity.Medium).Intervenes;
                double cost = asked ? (wrong ? 0 : Question) : (wrong ? Miss : 0), best = wrong && Needed > Question ? 0 : (wrong ? Miss : 0);
                regret.Add(Math.Max(0, cost - best));
                if (asked)
                    posterior = wrong ? posterior.Plus(1, 0) : posterior.Plus(0, 1);
            }
        }

        double first = regret.Where((_, i) => i % 600 < 300).Sum(), second = regret.Where((_, i) => i % 600 >= 300).Sum(), always = 20 * 600 * (1 - Needed) * Question;
        Assert.True(second < first * 0.5, $"{first} then {second}");
        Assert.True(first + second < always * 0.5, $"{first + second} of {always}");
    }

    [Fact]
    public void Only_soft_rules_that_alone_ask_fall_quiet()
    {
        const string Soft = "outcome: ask, soft: true";
        SourceFileOf(out var model, $"- {{id: r.soft, title: s, when: {{program: git}}, {Soft}, catches: [a], passes: [b]}}\n- {{id: r.hard, title: h, when: {{program: rm}}, outcome: ask, catches: [a], passes: [b]}}\n- {{id: r.no, title: n, when: {{verb: write}}, outcome: deny, catches: [a], passes: [b]}}\n");
        Policies.With(model, bundle =>
        {
            Gate.Effects.Effect git = Of("git", Gate.Effects.Verb.Run), rm = Of("rm", Gate.Effects.Verb.Run), write = Of("git", Gate.Effects.Verb.Write);
            Posterior idle = new(0, 100);
            int quiet = Enumerable.Range(0, 300).Count(i => OutcomeOf([git], i) == Outcome.Allow);
            Assert.InRange(quiet, 240, 299);
            Assert.DoesNotContain(Enumerable.Range(0, 300), i => OutcomeOf([git, rm], i) != Outcome.Ask);
            Assert.DoesNotContain(Enumerable.Range(0, 300), i => OutcomeOf([git, write], i) != Outcome.Deny);

            Outcome OutcomeOf(Gate.Effects.Effect[] effects, int number)
            {
                Decision Again(int[] rules) => Judge.Decide(effects, Generated.Facts, bundle, Policies.Balanced, default(Standing) with { Quiet = rules });
                Gate.Requests.Request request = Gate.Compiler.RuleTester.RequestOf("Bash", System.Text.Encoding.UTF8.GetBytes($"{{\"command\":\"x {number}\"}}"), out _)!;
                Gate.Lessons.Considered considered = Gate.Lessons.Considered.Of(Again([]), Again, request, _ => idle, null, 0);
                Assert.Equal(considered.Decision.Outcome == Outcome.Allow, considered.Draws.Length == 1 && !considered.Draws[0].Intervenes);
                return considered.Decision.Outcome;
            }
        });
    }

    private static Gate.Effects.Effect Of(string program, Gate.Effects.Verb verb) => new() { Verb = verb, Kind = Gate.Effects.Kind.Code, Program = System.Text.Encoding.UTF8.GetBytes(program) };

    private static void SourceFileOf(out Gate.Compiler.PolicyModel model, string rules) => model = Policies.Whole(Policies.File("packs/p.yaml", "pack: p\nrules:\n" + rules));
}
