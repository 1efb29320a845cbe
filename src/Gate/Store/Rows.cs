using System;
using Gate.Bundles;
using Gate.Effects;
using Gate.Hooks;
using Gate.Lessons;
using Gate.Native;
using Gate.Policy;
using Gate.Redaction;
using Gate.Requests;
using Gate.Text;

namespace Gate.Store;

/// <summary>Ledger rows of what happened. Bounded, and never the contents of files.</summary>
internal static class Rows
{
    /// <summary>Longest preview and longest list of effects in a row, in bytes.</summary>
    public const int MaximumPreview = 240, MaximumEffects = 400;

    // So much of a text is looked through for that many secrets that were found in the request.
    private const int MaximumMasked = 4096, MaximumRepeats = 64;

    public static LedgerRow OfDecision(Request request, Considered considered, Bundle bundle, RedactionTable formats, StoredStanding standing, long started, long now)
    {
        Decision decision = considered.Decision;
        ByteBuilder rules = new(128), tags = new(128);
        foreach (Part part in decision.Parts)
        {
            AddWord(rules, part.Rule);
            foreach (string tag in part.Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (rules.Length > 0 && !Contains(tags.Written, tag))
                    AddWord(tags, tag);
            }
        }

        LedgerRow row = New(request.Input, request.Surroundings, now);
        row.Request = request.Digest;
        Redactor secrets = new(formats) { KeepsFindings = true };
        ReadOnlySpan<byte> preview = PreviewOf(request);
        ReadOnlySpan<byte> masked = secrets.Whole(preview) ?? preview;
        row.Preview = Cut.To(Without(masked, preview, secrets.Findings), MaximumPreview).ToArray();
        ReadOnlySpan<byte> effects = Without(EffectsOf(decision), preview, secrets.Findings);
        row.Effects = Cut.To(secrets.Whole(effects) ?? effects, MaximumEffects).ToArray();
        row.Detail = DetailOf(request, considered, preview, secrets);
        row.Zone = decision.Zone;
        row.Outcome = System.Text.Encoding.ASCII.GetBytes(PolicyNames.Of(decision.Outcome));
        row.Rules = rules.ToArray();
        row.Tags = tags.ToArray();
        row.Bundle = bundle.Digest.ToArray();
        row.Standing = DigestOf(standing);
        row.Latency = Libc.SteadyMicroseconds() - started;
        return row;
    }

    // The act that a lesson would be about, and what lessons and soft rules did: so that a row can be learned from and played again.
    private static byte[] DetailOf(Request request, Considered considered, ReadOnlySpan<byte> preview, Redactor secrets)
    {
        int gravest = Gravity.Gravest(considered.Decision);
        if (gravest < 0)
            return [];
        Act act = Act.Of(considered.Decision, gravest, request.Surroundings);
        ReadOnlySpan<byte> target = Without(secrets.Whole(act.Object) ?? act.Object, preview, secrets.Findings), options = Without(secrets.Whole(act.Options) ?? act.Options, preview, secrets.Findings);
        ByteBuilder detail = ActJson.Add(new ByteBuilder(256).Add("{\"act\":"u8), act, target, options);
        for (int i = 0; i < considered.Draws.Length; i++)
        {
            Draw draw = considered.Draws[i];
            detail.Add(i == 0 ? ",\"draws\":["u8 : ","u8).Add("{\"rule\":"u8).AddJson(draw.Rule).Add(",\"needed\":"u8).Add(draw.Posterior.Needed).Add(",\"idle\":"u8).Add(draw.Posterior.Idle).Add(",\"draw\":"u8).Add(draw.Value)
                .Add(",\"threshold\":"u8).Add(draw.Threshold).Add(",\"intervenes\":"u8).Add(draw.Intervenes ? "true}"u8 : "false}"u8).Add(i == considered.Draws.Length - 1 ? "]"u8 : ""u8);
        }

        for (int i = 0; i < considered.Soft.Length; i++)
            detail.Add(i == 0 ? ",\"soft\":["u8 : ","u8).AddJson(considered.Soft[i]).Add(i == considered.Soft.Length - 1 ? "]"u8 : ""u8);
        for (int i = 0; i < considered.Learned.Length; i++)
        {
            Learned learned = considered.Learned[i];
            detail.Add(i == 0 ? ",\"lessons\":["u8 : ","u8).Add("{\"id\":"u8).Add(learned.Lesson.Id).Add(",\"action\":"u8).AddJson(PolicyNames.Of(learned.Action)).Add(i == considered.Learned.Length - 1 ? "}]"u8 : "}"u8);
        }

        return detail.Add((byte)'}').ToArray();
    }

    /// <summary>A row about a call that came back. What was redacted in its output is counted by kind; null: nobody could look.</summary>
    public static LedgerRow OfCompletion(HookInput input, Surroundings surroundings, Redactor? redactor, long completes, long started)
    {
        LedgerRow row = New(input, surroundings, Libc.WallMilliseconds());
        row.Outcome = "observe"u8.ToArray();
        row.Completes = completes;
        bool failed = input.Event == HookEvent.PostToolUseFailure;
        ByteBuilder detail = new(160);
        detail.Add("{\"ran\":true,\"failed\":"u8).Add(failed ? "true"u8 : "false"u8);
        if (input.Duration >= 0)
            detail.Add(",\"duration\":"u8).Add(input.Duration);
        ReadOnlySpan<byte> output = failed ? input.Error : input.ToolOutput.Span;
        byte[] digest = new byte[Sodium.DigestBytes];
        Sodium.Blake2(output, digest);
        detail.Add(",\"size\":"u8).Add(output.Length).Add(",\"digest\":\""u8).AddHex(digest).Add((byte)'"');
        AddRedactions(detail, redactor);
        detail.Add((byte)'}');
        row.Detail = detail.ToArray();
        row.Latency = Libc.SteadyMicroseconds() - started;
        return row;
    }

    public static LedgerRow OfBroken(HookInput input, Surroundings surroundings, Outcome outcome, string problem, byte[] request, long started)
    {
        LedgerRow row = New(input, surroundings, Libc.WallMilliseconds());
        row.Outcome = System.Text.Encoding.ASCII.GetBytes(PolicyNames.Of(outcome));
        row.Request = request;
        row.Detail = new ByteBuilder(128).Add("{\"problem\":"u8).AddJson(problem).Add("}"u8).ToArray();
        row.Latency = Libc.SteadyMicroseconds() - started;
        return row;
    }

    /// <summary>What a person changed, as a JSON object.</summary>
    public static LedgerRow OfPerson(ReadOnlySpan<byte> what, byte[] detail, Surroundings surroundings) => new()
    {
        Time = Libc.WallMilliseconds(), Agent = "person"u8.ToArray(), Repository = surroundings.Repository, Worktree = surroundings.Worktree, Tool = "gate"u8.ToArray(), Event = what.ToArray(),
        Outcome = "observe"u8.ToArray(), Detail = detail,
    };

    /// <summary>The session's id as the store knows it: cut.</summary>
    public static ReadOnlySpan<byte> SessionOf(HookInput input) => Cut.To(input.Session, 200);

    private static LedgerRow New(HookInput input, Surroundings surroundings, long now) => new()
    {
        Time = now, Agent = "claude-code"u8.ToArray(), Session = SessionOf(input).ToArray(), Repository = surroundings.Repository,
        Worktree = surroundings.Worktree, Tool = Cut.To(input.Tool, 200).ToArray(), Event = Cut.To(input.EventName, 60).ToArray(), Call = Cut.To(input.CallId, 200).ToArray(),
    };

    private static void AddRedactions(ByteBuilder detail, Redactor? redactor)
    {
        if (redactor is null || (redactor.Count == 0 && !redactor.Withheld))
            return;
        detail.Add(",\"redactions\":{"u8);
        string separator = "";
        for (int kind = 0; kind < RedactionNames.KindCount; kind++)
        {
            int count = redactor.CountOf((SecretKind)kind);
            if (count == 0)
                continue;
            detail.Add(separator).AddJson(RedactionNames.Of((SecretKind)kind)).Add((byte)':').Add(count);
            separator = ",";
        }

        if (redactor.Withheld)
            detail.Add(separator).Add("\"rest\":1"u8);
        detail.Add((byte)'}');
    }

    // A password that was found where its name stood may stand elsewhere without it: as a word of the command, in the list of effects. Texts are masked
    // before they are cut: half a key has no form that anyone would know.
    private static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> text, ReadOnlySpan<byte> source, ReadOnlySpan<Finding> findings)
    {
        text = Cut.To(text, MaximumMasked);
        foreach (Finding finding in findings[..Math.Min(findings.Length, MaximumRepeats)])
        {
            ReadOnlySpan<byte> secret = source.Slice((int)finding.Offset, finding.Length), mark = "[redacted]"u8;
            for (int from = 0, found; (found = text[from..].IndexOf(secret)) >= 0; from += found + mark.Length)
                text = (byte[])[.. text[..(from + found)], .. mark, .. text[(from + found + secret.Length)..]];
        }

        return text;
    }

    // A command's text; for other tools what they act on, never what they carry.
    private static ReadOnlySpan<byte> PreviewOf(Request request)
    {
        if (request.Command is not null)
            return request.Command.Bytes;
        ReadOnlySpan<byte> input = request.Input.ToolInput.Span;
        foreach (string field in (ReadOnlySpan<string>)["file_path", "notebook_path", "path", "url", "query", "description"])
        {
            byte[] value = JsonFields.Text(input, System.Text.Encoding.ASCII.GetBytes(field), out bool found, out _);
            if (found)
                return value;
        }

        return default;
    }

    private static ReadOnlySpan<byte> EffectsOf(Decision decision)
    {
        ByteBuilder text = new(256);
        foreach (Effect effect in decision.Effects)
        {
            if (text.Length > MaximumEffects)
                break;
            if (text.Length > 0)
                text.Add("; "u8);
            text.Add(Names.Of(effect.Verb)).Add((byte)' ').Add(Names.Of(effect.Kind));
            if (effect.Class != PathClass.None)
                text.Add((byte)' ').Add(Names.Of(effect.Class));
            if (effect.Program.Length > 0)
                text.Add((byte)' ').Add(effect.Program);
            if (effect.Target.Length > 0)
                text.Add((byte)' ').Add(effect.Target);
        }

        return text.Written;
    }

    private static byte[] DigestOf(StoredStanding standing)
    {
        ByteBuilder text = new(64);
        text.Add("gate standing 2\0"u8).Add(standing.SessionActions).Add((byte)' ').Add(standing.SessionStarted).Add((byte)' ').Add(standing.WorktreeActions).Add((byte)' ').Add(standing.Budget)
            .Add((byte)' ').Add(standing.BudgetActions).Add((byte)' ').Add(standing.BudgetMinutes).Add((byte)' ').Add(standing.SessionLast);
        text.Add((byte)' ').Add(standing.LastCall).Add((byte)' ').Add(standing.Repeats).Add((byte)' ').Add(standing.SessionWords).Add((byte)0).Add(standing.WorktreeWords).Add((byte)0);
        AddPeriod(text, standing.SessionPeriod);
        AddPeriod(text, standing.WorktreePeriod);
        byte[] digest = new byte[Sodium.DigestBytes];
        Sodium.Blake2(text.Written, digest);
        return digest;
    }

    private static void AddPeriod(ByteBuilder text, BudgetPeriod period) =>
        text.Add((byte)' ').Add(period.Used).Add((byte)' ').Add(period.Since).Add((byte)' ').Add(period.MoreActions).Add((byte)' ').Add(period.MoreMinutes);

    private static void AddWord(ByteBuilder list, string word)
    {
        if (list.Length > 0)
            list.Add((byte)' ');
        list.Add(word);
    }

    private static bool Contains(ReadOnlySpan<byte> list, string word)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(word);
        for (int at = list.IndexOf(bytes); at >= 0;)
        {
            bool whole = (at == 0 || list[at - 1] == ' ') && (at + bytes.Length == list.Length || list[at + bytes.Length] == ' ');
            if (whole)
                return true;
            int next = list[(at + 1)..].IndexOf(bytes);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }
}
