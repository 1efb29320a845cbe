using System;
using Gate.Text;

namespace Gate.Policy;

/// <summary>
/// What people's answers say about a soft rule in a repository: how often its intervention was needed, and how often it was idle. With the prior that is a
/// Beta distribution of "its intervention is right"; without any answer the rule does what it always did.
/// </summary>
/// <param name="Needed">Refusals and thumbs-down.</param>
/// <param name="Idle">Approvals and thumbs-up.</param>
public readonly record struct Posterior(long Needed, long Idle)
{
    /// <summary>The prior, in answers: a rule is taken to be right.</summary>
    public const int PriorNeeded = 8, PriorIdle = 1;

    /// <summary>So many answers count; past it both counts are halved, so that what was long ago fades and nobody can pile up evidence.</summary>
    public const int MaximumAnswers = 120;

    /// <summary>Whatever the answers were, so many calls of a thousand are asked about all the same: else a rule that fell silent could never be heard again.</summary>
    public const int FloorOfThousand = 100;

    public bool IsPrior => Needed == 0 && Idle == 0;

    public Posterior Plus(long needed, long idle)
    {
        Posterior sum = new(Math.Max(0, Needed + needed), Math.Max(0, Idle + idle));
        return sum.Needed + sum.Idle > MaximumAnswers ? new(sum.Needed / 2, sum.Idle / 2) : sum;
    }

    /// <summary>The mean, in thousandths.</summary>
    public long Mean => 1000 * (Needed + PriorNeeded) / (Needed + Idle + PriorNeeded + PriorIdle);

    /// <summary>
    /// What a question costs against what a miss costs, in thousandths: a rule intervenes where its draw is not below it. What is critical never adapts: 0.
    /// </summary>
    public static int ThresholdOf(Severity severity) => severity switch { Severity.Low => 500, Severity.Medium => 300, Severity.High => 150, _ => 0 };

    /// <summary>
    /// A draw for one call. Its numbers come from the request, the rule and the answers alone, and are whole: the same again on every machine.
    /// </summary>
    /// <param name="request">The digest of the request.</param>
    /// <param name="rule">The rule's id.</param>
    /// <param name="severity">Of the rule.</param>
    public Draw DrawFor(ReadOnlySpan<byte> request, string rule, Severity severity) => DrawFor(request, rule, ThresholdOf(severity) * 1000);

    private Draw DrawFor(ReadOnlySpan<byte> request, string rule, int threshold)
    {
        if (IsPrior || threshold == 0)
            return new Draw(rule, this, 1_000_000, threshold, Intervenes: true);
        ulong state = Fnv.Hash(System.Text.Encoding.UTF8.GetBytes(rule), Fnv.Hash(request)) + ((ulong)Needed * 0x9E3779B97F4A7C15) + ((ulong)Idle * 0xC2B2AE3D27D4EB4F);

        // Beta(a, b) with whole a and b is the a-th smallest of a + b - 1 uniform numbers.
        int a = (int)Needed + PriorNeeded, n = a + (int)Idle + PriorIdle - 1;
        uint[] uniform = new uint[n];
        for (int i = 0; i < n; i++)
        {
            uint drawn = (uint)(Next(ref state) >> 32);
            int at = i;
            for (; at > 0 && uniform[at - 1] > drawn; at--)
                uniform[at] = uniform[at - 1];
            uniform[at] = drawn;
        }

        int draw = (int)((ulong)uniform[a - 1] * 1_000_000 >> 32);
        bool floor = Next(ref state) % 1000 < FloorOfThousand;
        return new Draw(rule, this, draw, threshold, floor || draw >= threshold);
    }

    /// <summary>In so many of a thousand calls that a rule matches it intervenes, the floor counted in. Of a thousand draws: for people, not for decisions.</summary>
    /// <param name="threshold">Thousandths.</param>
    public int InterventionsOfThousand(int threshold)
    {
        if (IsPrior || threshold == 0)
            return 1000;
        int count = 0;
        Span<byte> request = stackalloc byte[4];
        for (int i = 0; i < 1000; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(request, i);
            count += DrawFor(request, "", threshold * 1000).Intervenes ? 1 : 0;
        }

        return count;
    }

    // SplitMix64.
    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>A draw that was made for a call, as the ledger keeps it.</summary>
/// <param name="Rule">The soft rule.</param>
/// <param name="Posterior">What was known of it.</param>
/// <param name="Value">Millionths: how right its intervention is taken to be for this call.</param>
/// <param name="Threshold">Millionths: below it the rule only logs, unless the floor holds.</param>
/// <param name="Intervenes">What it did.</param>
public readonly record struct Draw(string Rule, Posterior Posterior, int Value, int Threshold, bool Intervenes);
