using System;
using FsCheck;
using FsCheck.Fluent;

namespace Gate.Tests.Support;

/// <summary>Properties: what must hold for whatever the dice say.</summary>
internal static class Holds
{
    public static void Always(Func<Dice, bool> property, int times = 2000) =>
        Prop.ForAll<byte[]>(bytes => property(new Dice(bytes ?? []))).Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithStartSize(1).WithEndSize(120).WithQuietOnSuccess(true));
}
