using System;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Native;
using Gate.Policy;
using Gate.Tests.Support;
using Gate.Text;

namespace Gate.Tests.Bundles;

/// <summary>A small signed bundle, its key, and everything that can be read from it.</summary>
internal static class SignedBundle
{
    private static readonly (byte[] Public, byte[] Secret) s_key = Sodium.KeyPair(new byte[Sodium.SeedBytes]), s_other = Sodium.KeyPair(Encoding.ASCII.GetBytes("another seed of 32 bytes, no more"[..32]));

    public static byte[] Key => s_key.Public;

    public static byte[] OtherKey => s_other.Public;

    public static PolicyModel Model(int rules = 3)
    {
        (string, string, string)[] pack = new (string, string, string)[rules];
        for (int i = 0; i < rules; i++)
            pack[i] = ($"r.n{i:d4}", "ask", $"{{program: program-{i}, word: [{string.Join(", ", new string('w', 60), $"v{i}")}]}}");
        return Policies.Whole(Policies.Pack(pack));
    }

    public static byte[] Write(PolicyModel model, ulong revision = 7) =>
        BundleWriter.Write(model, Policies.Balanced, revision, true, Trust.IdOf(Key), message => Sodium.Sign(message, s_key.Secret));

    public static byte[] WriteWithOther(PolicyModel model) =>
        BundleWriter.Write(model, Policies.Balanced, 7, true, Trust.IdOf(OtherKey), message => Sodium.Sign(message, s_other.Secret));

    public static Trust Trusting(params string[] lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    public static string Line(string word, byte[] key, string name = "name") => $"{word} {Hex.Of(Trust.IdOf(key))} {Hex.Of(key)} {name}";

    public static Trust Trusted => Trusting(Line("trusted", Key));

    /// <summary>Opens bytes in memory that stays where it is; what is made of the bundle is this method's result, null when it was refused.</summary>
    public static unsafe T? Open<T>(byte[] bytes, Trust? trust, out BundleFault fault, Func<Bundle, T> use)
        where T : class
    {
        // One byte more than there are: an empty array has no address.
        byte[] room = [.. bytes, 0];
        fixed (byte* start = room)
        {
            Bundle? bundle = Bundle.Open(start, bytes.Length, trust, out fault);
            return bundle is null ? null : use(bundle);
        }
    }

    public static BundleFault FaultOf(byte[] bytes, Trust? trust)
    {
        _ = Open(bytes, trust, out BundleFault fault, _ => "");
        return fault;
    }

    /// <summary>Everything that Gate ever reads from a bundle, as one text.</summary>
    public static string Contents(Bundle bundle)
    {
        StringBuilder text = new();
        Profile profile = new(bundle);
        text.Append($"{Hex.Of(bundle.Digest)} {Hex.Of(bundle.KeyId)} {bundle.Revision} {profile.Name} {profile.Auto} {profile.Ask} {profile.Grant} {profile.UnknownTool} {profile.Budget} {profile.BudgetActions} {profile.BudgetMinutes}\n");
        RuleSet rules = new(bundle);
        for (int i = 0; i < rules.Count; i++)
        {
            Rule rule = rules[i];
            text.Append($"{rule.Id} {rule.Title} {rule.Instead} {rule.Tags} {rule.Action} {rule.Severity} {rule.Zone} {rule.Soft} {rule.Pack}\n");
            (int at, int count) = rules.Find(RuleKey.OfProgram(Encoding.ASCII.GetBytes($"program-{i}")));
            text.Append($"{count} {(count > 0 ? $"{rules.NumberAt(at, 0)} {Hex.Of(rules.ConditionAt(at, 0))}" : "-")} {rules.Find(RuleKey.Any)}\n");
        }

        foreach (Section section in Enum.GetValues<Section>())
        {
            (int at, int length) = bundle.Find(section);
            text.Append($"{section} {at} {(length == 0 ? "" : Hex.Of(bundle.At(at, length)))}\n");
        }

        foreach ((string path, byte[] digest, byte[]? source) in SourceReader.Read(bundle))
            text.Append($"{path} {Hex.Of(digest)} {Hex.Of(source)}\n");
        return text.ToString();
    }
}
