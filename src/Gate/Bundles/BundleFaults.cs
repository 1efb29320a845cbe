using System;

namespace Gate.Bundles;

/// <summary>Every reason to refuse a bundle, as one sentence with what to do next.</summary>
public static class BundleFaults
{
    public static string Sentence(BundleFault fault) => fault switch
    {
        BundleFault.None => "The rule bundle is whole.",
        BundleFault.Missing => "The rule bundle of this repository is gone. Run 'gate init' in a terminal to write it again.",
        BundleFault.NotOwned => "The rule bundle belongs to another user or may be written by others. Run 'gate init' in a terminal to write it again.",
        BundleFault.Truncated => "The rule bundle is cut short. Run 'gate init' in a terminal to write it again.",
        BundleFault.NotABundle => "The rule bundle file is not a rule bundle. Run 'gate init' in a terminal to write it again.",
        BundleFault.ForeignByteOrder => "The rule bundle was written for another byte order. Build it on this machine: 'gate rules build'.",
        BundleFault.FutureVersion => "The rule bundle has a newer format than this gate knows. Update gate, or run 'gate rules build' with this one.",
        BundleFault.PastVersion => "The rule bundle has an older format than this gate reads. Run 'gate rules build'.",
        BundleFault.Malformed => "The rule bundle's header does not describe the file. Run 'gate init' in a terminal to write it again.",
        BundleFault.Unsigned => "The rule bundle is not signed. Run 'gate rules build' with a key ('gate key create').",
        BundleFault.UnknownKey => "The rule bundle is signed by a key that is not trusted here. Check 'gate key show', then 'gate rules build' with a trusted key.",
        BundleFault.RevokedKey => "The rule bundle is signed by a key that was revoked. Run 'gate rules build' with a current key.",
        BundleFault.BadSignature => "The rule bundle's signature does not fit its content. Run 'gate init' in a terminal to write it again.",
        BundleFault.Damaged => "The rule bundle was changed after it was signed. Run 'gate init' in a terminal to write it again.",
        BundleFault.NotCurrent => "The rule bundle is not the one this repository was set to. Run 'gate rules build' in a terminal to set it again.",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
