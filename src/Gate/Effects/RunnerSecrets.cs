using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Variables of the environment whose names say that they are secrets: programs are given them as options all day (--token "$TOKEN", a
// header), which is what they are for. Printed or sent as a text of its own such a value is shown.
internal sealed partial class Runner
{
    /// <summary>Longer names are not looked up.</summary>
    private const int MaximumName = 100;

    Taint ISubstitutions.TaintOf(ReadOnlySpan<byte> name) => IsSecretName(name) ? Taint.Named : Taint.None;

    // rules/commands lists how such names end, as programs "secret-name *_TOKEN": the whole name or what stands behind one of its underscores.
    private bool IsSecretName(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 2 or > MaximumName)
            return false;
        ReadOnlySpan<byte> lead = "secret-name "u8;
        Span<byte> key = stackalloc byte[12 + MaximumName];
        lead.CopyTo(key);
        for (int from = 0; from < name.Length;)
        {
            name[from..].CopyTo(key[lead.Length..]);
            if (knowledge.Find(key[..(lead.Length + name.Length - from)]) is not null)
                return true;
            int next = name[from..].IndexOf((byte)'_');
            if (next < 0)
                return false;
            from += next + 1;
        }

        return false;
    }

    /// <summary>Where a text is shown to others, a named secret is one.</summary>
    private static Taint Shown(Taint taint) => (taint & Taint.Named) != 0 ? taint | Taint.Secret : taint;

    private static Taint Sent(Flow flow) => flow.Text is null ? Shown(flow.Taint) : Sent(new Value(flow.Text) { Taint = flow.Taint });

    // https://user:$TOKEN@host and password=$PASSWORD hand a secret over where it is asked for; in any other place it is carried off.
    private static Taint Sent(Value value)
    {
        if ((value.Taint & Taint.Named) == 0)
            return value.Taint;
        ReadOnlySpan<byte> rest = value.Text;
        int scheme = rest.IndexOf("://"u8);
        for (int hole = rest.IndexOf(Value.Hole); hole >= 0; hole = rest.IndexOf(Value.Hole))
        {
            bool user = scheme >= 0 && rest[(hole + 1)..].IndexOf((byte)'@') is int at && at >= 0 && rest.Slice(hole + 1, at).IndexOfAny("/?"u8) < 0;
            if (!user && !IsAskedFor(rest[..hole]))
                return Shown(value.Taint);
            rest = rest[(hole + 1)..];
        }

        return value.Taint;
    }

    // "password": "…, api_key=…, token: …
    private static bool IsAskedFor(ReadOnlySpan<byte> before)
    {
        ReadOnlySpan<byte> name = before.TrimEnd(" :='\"\\+"u8);
        if (name.Length == before.Length)
            return false;
        int from = name.LastIndexOfAny(" ,&?{'\"-"u8);
        name = name[(from + 1)..];
        foreach (string known in (ReadOnlySpan<string>)["token", "secret", "password", "passwd", "passphrase", "pass", "pwd", "key", "apikey", "appid", "auth", "credential", "jwt", "pat"])
        {
            if (name.Length >= known.Length && System.Text.Ascii.EqualsIgnoreCase(name[^known.Length..], known))
                return true;
        }

        return false;
    }

    private static bool SendsInput(List<Specification> chain)
    {
        for (int i = chain.Count - 1; i >= 0; i--)
        {
            if (chain[i].InputRole != Role.Text)
                return chain[i].InputRole == Role.Send;
        }

        return false;
    }
}
