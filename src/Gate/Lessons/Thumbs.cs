using System;

namespace Gate.Lessons;

/// <summary>
/// What people's thumbs weigh together: thousandths of a thumb, down counts up. It fades: half is gone after <see cref="HalfLife"/>, in a straight line from one halving to the
/// next, so that it is exact on every machine.
/// </summary>
/// <param name="Score">As it was then.</param>
/// <param name="Since">When it was last changed, in milliseconds since 1970.</param>
public readonly record struct Thumbs(long Score, long Since)
{
    public const long Thumb = 1000;

    /// <summary>From here on a lesson denies; below <see cref="Least"/> it is forgotten, though still shown.</summary>
    public const long Denies = 1500, Least = 250;

    /// <summary>A call that was asked because of a lesson and let go takes this off it.</summary>
    public const long Approval = 500;

    /// <summary>More than this nobody can pile up: five thumbs.</summary>
    public const long Maximum = 5 * Thumb;

    /// <summary>Ninety days, in milliseconds.</summary>
    public const long HalfLife = 90L * 24 * 3600 * 1000;

    /// <summary>What is left of it; a clock that went back makes nothing weightier.</summary>
    public long At(long now)
    {
        long age = Math.Max(0, now - Since), halvings = age / HalfLife;
        if (halvings >= 62)
            return 0;
        long score = Score >> (int)halvings;

        // Hours, so that nothing overflows.
        long hours = age % HalfLife / 3_600_000, whole = HalfLife / 3_600_000;
        return score - (score * hours / (2 * whole));
    }

    /// <summary>With so many thousandths more, from now on.</summary>
    public Thumbs Plus(long thousandths, long now) => new(Math.Clamp(At(now) + thousandths, 0, Maximum), now);
}
