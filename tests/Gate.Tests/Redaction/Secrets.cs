using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Redaction;
using Gate.Tests.Support;

namespace Gate.Tests.Redaction;

/// <summary>The shipped formats, and texts that are put together so that no scanner takes them for live keys.</summary>
internal static class Secrets
{
    private static readonly PolicyModel s_model = Policies.Shipped();

    public static readonly RedactionTable Shipped = new(Policies.Kept(BundleWriter.Write(s_model, s_model.Profiles["balanced"], 0, false, default, null)));

    public static IReadOnlyList<RedactionExample> Examples => s_model.Redactions.Examples;

    public static IReadOnlyList<FormatModel> Formats => s_model.Redactions.Formats;

    public const string AwsKey = "AKIA" + "QW7KMZ3JXTPL2VRC", Password = "Zk4mP9" + "qLx2";

    public static readonly string GithubToken = "ghp_" + string.Concat(Enumerable.Range(0, 36).Select(i => "aZ3kQ9xB7m"[(i * 7) % 10]));

    public static readonly string PemKey = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + string.Concat(Enumerable.Range(0, 640).Select(i => (i % 65 == 64 ? "\n" : "" + "MIIEvgIBADANBgkqhkiG9w0BAQEFAASC+/xyzQWERTYuiopLKJHG"[i * 11 % 52]))) + "\n-----END RSA " + "PRIVATE KEY-----";

    public static string Redacted(string text, out Redactor redactor)
    {
        redactor = new Redactor(Shipped) { KeepsFindings = true };
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(redactor.Whole(bytes) ?? bytes);
    }

    public static string Redacted(string text) => Redacted(text, out _);

    /// <summary>The table of a policy whose redactions.yaml is this text.</summary>
    public static RedactionTable Table(string redactions)
    {
        PolicyModel model = Policies.Whole(Policies.File("redactions.yaml", redactions));
        return new RedactionTable(Policies.Kept(Policies.Built(model)));
    }

    public static string With(RedactionTable table, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(new Redactor(table).Whole(bytes) ?? bytes);
    }
}
