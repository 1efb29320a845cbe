using System;
using FsCheck;
using FsCheck.Fluent;

namespace Gate.Tests.Support;

/// <summary>Properties: what must hold for whatever the dice say.</summary>
internal static class Holds
{
    /// <param name="property">What must hold.</param>
    /// <param name="times">How often it is tried.</param>
    /// <param name="bytes">How often the dice can be rolled, at most.</param>
    public static void Always(Func<Dice, bool> property, int times = 2000, int bytes = 120) =>
        Prop.ForAll<byte[]>(rolls => property(new Dice(rolls ?? []))).Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithStartSize(Math.Max(1, bytes - 120)).WithEndSize(bytes).WithQuietOnSuccess(true));
}
