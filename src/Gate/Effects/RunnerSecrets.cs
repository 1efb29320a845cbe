using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Shell;
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

    // The command that runs is one that lists variables, and the next shows only some of them that are no secrets.
    private bool _filtered;

    // env | grep '^(PATH|HOME)=', env | sort | cut -d= -f1, env | wc -l: of a list of variables only those that the pattern names, the names alone, or how many. A word in the midst
    // of a name counts where rules/commands calls it plain ("plain-name JAVA_HOME"): other names with it in them may be secrets.
    private bool ShowsPlainNames(ReadOnlySpan<Command> stages, SourceText source, ShellState state)
    {
        if (stages.Length < 2 || state.HasDefinitions || !IsBare(stages[0]) || ((SimpleCommand)stages[0]).Words is not [var lister] || Plain(source.Slice(lister.Span)).Length == 0)
            return false;
        int at = 1;
        while (at < stages.Length - 1 && IsBare(stages[at]) && ((SimpleCommand)stages[at]).Words is [var only] && source.Slice(only.Span).SequenceEqual("sort"u8))
            at++;
        if (!IsBare(stages[at]))
            return false;
        Word[] words = ((SimpleCommand)stages[at]).Words;
        ReadOnlySpan<byte> program = words.Length > 0 ? source.Slice(words[0].Span) : default;
        if (program.SequenceEqual("cut"u8))
            return words.Length == 3 && Plain(source.Slice(words[1].Span)) is [(byte)'-', (byte)'d', (byte)'='] or [(byte)'-', (byte)'d', _, (byte)'=', _] && source.Slice(words[2].Span).SequenceEqual("-f1"u8);
        if (program.SequenceEqual("wc"u8))
            return words.Length == 1 || (words.Length == 2 && source.Slice(words[1].Span).SequenceEqual("-l"u8));
        if (!program.SequenceEqual("grep"u8) && !program.SequenceEqual("egrep"u8))
            return false;
        ReadOnlySpan<byte> pattern = default;
        for (int i = 1; i < words.Length; i++)
        {
            ReadOnlySpan<byte> word = Plain(source.Slice(words[i].Span));
            bool option = word is [(byte)'-', ..];
            if ((option && word[1..].IndexOfAnyExcept("Eiaws"u8) >= 0) || (!option && (pattern.Length > 0 || word.Length == 0)))
                return false;
            pattern = option ? pattern : word;
        }

        return pattern.Length > 0 && IsPlainPattern(pattern);
    }

    private static bool IsBare(Command command) => command is SimpleCommand { Assignments: [], Redirects: [] };

    // A word as it stands, or what stands between its quotes.
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> word) => word.IndexOfAny("$`"u8) >= 0 ? default : word is [(byte)'\'' or (byte)'"', .. var inner, (byte)'\'' or (byte)'"'] ? inner : word;

    private bool IsPlainPattern(ReadOnlySpan<byte> pattern)
    {
        bool start = pattern is [(byte)'^', ..], end = pattern is [.., (byte)'='];
        ReadOnlySpan<byte> rest = pattern[(start ? 1 : 0)..^(end ? 1 : 0)];
        if (rest is [(byte)'(', .. var inner, (byte)')'])
            rest = inner;
        else if (rest.IndexOf((byte)'|') >= 0)
        {
            (start, end) = (false, false);
            rest = pattern;
        }

        while (true)
        {
            int next = rest.IndexOf((byte)'|');
            if (!IsPlainName((next < 0 ? rest : rest[..next]).TrimEnd((byte)'\\'), start, end))
                return false;
            if (next < 0)
                return true;
            rest = rest[(next + 1)..];
        }
    }

    private bool IsPlainName(ReadOnlySpan<byte> name, bool start, bool end)
    {
        (start, end) = (start || name is [(byte)'^', ..], end || name is [.., (byte)'=']);
        name = name.Trim("^="u8);
        if (name.Length is < 2 or > MaximumName || name.IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"u8) >= 0)
            return false;
        byte[] upper = name.ToArray();
        for (int i = 0; i < upper.Length; i++)
            upper[i] = upper[i] is >= (byte)'a' and <= (byte)'z' ? (byte)(upper[i] - 32) : upper[i];
        return (start && end && !IsSecretName(upper)) || knowledge.Find([.. "plain-name "u8, .. upper]) is not null;
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
