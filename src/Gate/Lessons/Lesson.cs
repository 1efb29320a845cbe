using Gate.Policy;

namespace Gate.Lessons;

/// <summary>A thumbs-down and what it generalises to. It only ever tightens.</summary>
public sealed class Lesson
{
    /// <summary>A sentence longer than this is cut: it is told to the agent with every call that the lesson stops.</summary>
    public const int MaximumText = 400;

    /// <summary>So many approved calls in a row flag a lesson: it fires where it should not.</summary>
    public const int FlaggedAfter = 2;

    public long Id { get; set; }

    /// <summary>Empty: for all repositories of this user.</summary>
    public byte[] Repository { get; init; } = [];

    public required Pattern Pattern { get; init; }

    /// <summary>What one thumb makes it do: warn, ask or deny.</summary>
    public required Action First { get; set; }

    public Thumbs Thumbs { get; set; }

    /// <summary>A person said deny: it does so until its end, however old it is.</summary>
    public bool Firm { get; set; }

    /// <summary>Milliseconds since 1970; 0: it fades, but has no end.</summary>
    public long Expires { get; set; }

    /// <summary>The person's sentence; redacted.</summary>
    public byte[] Text { get; set; } = [];

    /// <summary>The call that it was made of, as the ledger shows it: redacted and cut.</summary>
    public byte[] Preview { get; set; } = [];

    /// <summary>The row of the ledger that it was made of; 0: of a command that was given.</summary>
    public long Row { get; set; }

    public long Created { get; set; }

    /// <summary>How often it took part in a decision, when last, and how many calls that it asked about were let go since the last thumbs-down.</summary>
    public long Fired { get; set; }

    public long LastFired { get; set; }

    public long Approved { get; set; }

    /// <summary>A counter that grows with every change of any lesson: what an index knows up to.</summary>
    public long Change { get; set; }

    /// <summary>What came of people's thumbs, a line each: time, up or down, row of the ledger, where from.</summary>
    public byte[] History { get; set; } = [];

    public bool IsFlagged => Approved >= FlaggedAfter;

    /// <summary>What it does now; log: nothing any more.</summary>
    public Action ActionAt(long now)
    {
        if (Expires > 0 && now >= Expires)
            return Action.Log;
        long weight = Thumbs.At(now);
        if (!Firm && weight < Thumbs.Least)
            return Action.Log;
        Action action = Firm || weight >= Thumbs.Denies ? Action.Deny : First;

        // What names nothing in particular and stays in the workspace is ordinary work: stopping it all would trap every session.
        return action == Action.Deny && Pattern.IsSweeping && Pattern.Act.Zone <= MaximumOrdinary ? Action.Ask : action;
    }

    /// <summary>Up to here effects are ordinary work: workspace and build.</summary>
    public const int MaximumOrdinary = 2;

    /// <summary>What one thumb makes of an act: what is lost or seen outside is asked about, the rest the agent is told.</summary>
    public static Action FirstOf(Act act, Outcome without)
    {
        if (without >= Outcome.Ask)
            return Action.Deny;
        bool light = act.Zone <= 1 && act.Verb is Effects.Verb.Write or Effects.Verb.Create or Effects.Verb.ChangeMode && (act.Attributes & (Effects.Attributes.Overwritten | Effects.Attributes.Recursive)) == 0;
        return light ? Action.Warn : Action.Ask;
    }
}

/// <summary>A lesson that holds for an effect of a call.</summary>
/// <param name="Lesson">The lesson.</param>
/// <param name="Effect">Number of the effect.</param>
/// <param name="Action">What it does now.</param>
public readonly record struct Learned(Lesson Lesson, int Effect, Action Action);
