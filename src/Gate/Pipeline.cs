using System;
using Gate.Bundles;
using Gate.Effects;
using Gate.Hooks;
using Gate.Lessons;
using Gate.Native;
using Gate.Policy;
using Gate.Redaction;
using Gate.Requests;
using Gate.Responses;
using Gate.Store;
using Gate.Text;

namespace Gate;

/// <summary>
/// The one page that names every stage of a hook call. Each stage's product can only be made by it, so the order cannot be wrong:
/// input → surroundings → request → bundle → effects → standing → decision → ledger → answer.
/// </summary>
internal sealed class Pipeline(Places places, long started)
{
    /// <summary>More input than this is refused. The largest legal calls write files of some megabytes.</summary>
    public const int MaximumInput = 64 << 20;

    private GateStore? _store;

    /// <summary>The store this call used, for the work after the answer.</summary>
    public GateStore? Store => _store;

    public Answer Hook(byte[] bytes, int length)
    {
        HookInput? input = ClaudeCode.Read(bytes.AsMemory(0, length), out string? problem);
        if (input is null)
            return Refuse(new HookInput { Agent = Agent.ClaudeCode, EventName = "malformed"u8.ToArray() }, problem!);
        return input.Event switch
        {
            HookEvent.PreToolUse => Decide(input),
            HookEvent.PostToolUse or HookEvent.PostToolUseFailure => Complete(input),
            HookEvent.ConfigChange => Guard(input),
            HookEvent.SessionEnd => CheckpointLedger(),
            HookEvent.SessionStart or HookEvent.UserPromptSubmit => Listen(input),
            _ => Answer.Silent,
        };
    }

    private Answer Decide(HookInput input)
    {
        Surroundings surroundings = SurroundingsOf(input);
        Request? request = Request.Of(input, surroundings, out string? problem);
        if (request is null)
            return Refuse(input, problem!);

        // A bundle may be switched between the moment it is opened and the moment the store says which one is in force. It is switched
        // with the store's lock held, so the second attempt opens it under that lock.
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Bundle? bundle = BundleFile.InForce(places, surroundings, out _, out BundleFault fault);
                if (bundle is null)
                    return Broken(request, BundleFaults.Sentence(fault));
                Answer? answer = Judged(request, bundle, locked: attempt > 0);
                if (answer is not null)
                    return answer;
                if (attempt > 0)
                    return Broken(request, BundleFaults.Sentence(BundleFault.NotCurrent));
            }
            catch (BundleDamagedException)
            {
                return Broken(request, BundleFaults.Sentence(BundleFault.Damaged));
            }
            catch (StoreException e)
            {
                return Broken(request, StoreFaults.Sentence(e, places));
            }
        }
    }

    // Null: the store names another bundle than the one opened; the store stays locked.
    private Answer? Judged(Request request, Bundle bundle, bool locked)
    {
        Surroundings surroundings = request.Surroundings;
        ReadOnlySpan<byte> session = Rows.SessionOf(request.Input);
        CallFacts facts = CallFactsOf.Request(request);
        Profile profile = new(bundle);
        Effect[] effects = Finder.Find(request, bundle, new RealPaths(), Judge.Denies(facts, bundle, profile)).ToArray();

        GateStore store = OpenStore();
        if (!locked)
            store.Begin();
        StoredStanding stored = store.ReadStanding(session, surroundings.Worktree, surroundings.Repository);
        if (stored.Bundle.Length > 0 && !bundle.Digest.SequenceEqual(stored.Bundle))
            return null;

        long now = facts.Now = Libc.WallMilliseconds();
        byte[] said = facts.Said = stored.Said;
        BudgetUse budget = stored.BudgetUse(profile, named: request.Input.Session.Length > 0, now);
        SequenceSteps steps = new(new Sequences(bundle), effects, facts, session, stored, request.Digest, now);
        (Outcome floor, string? why) = said.Length == 0 ? (Outcome.Allow, null) : PersonFacts.Floor(said, effects, surroundings.Worktree, now);
        Standing standing = Standing.Of(budget, now) with { Completed = steps.Completed(store), Floor = floor, Why = why };
        Considered considered = Considered.Of(Judge.Decide(effects, facts, bundle, profile, standing), quiet => Judge.Decide(effects, facts, bundle, profile, standing with { Quiet = quiet }), request,
            rule => store.ReadPosterior(surroundings.Project, rule), stored.AnyLesson ? key => store.LessonsUnder(key, surroundings.Project) : null, now);
        LedgerRow row = Rows.OfDecision(request, considered, bundle, FormatsOf(bundle), stored, started, now);
        Record(store, request, considered, row, budget, steps);
        return Said(considered, profile, budget.Warning, told: standing.Completed is { Length: > 0 } || considered.Learned.Length > 0);
    }

    private static void Record(GateStore store, Request request, Considered considered, LedgerRow row, BudgetUse budget, SequenceSteps steps)
    {
        Outcome outcome = considered.Decision.Outcome;
        store.Append(row, countAction: true, budget);
        store.CountFired(considered.Learned, row.Time);
        PendingMarks marks = steps.Leave(store, outcome, row.Sequence) ? PendingMarks.Facts : PendingMarks.None;
        if (outcome == Outcome.Ask && Feedback.AsksPerson(request.Input))
            marks |= PendingMarks.Asked;
        if (outcome != Outcome.Deny && request.Input.CallId.Length > 0)
            store.AddPending(request.Input.CallId, row.Sequence, row.Time, marks);
        store.Commit();
    }

    // A denied call's agent gets the reason alone, so warnings stand in it.
    private static Answer Said(Considered considered, in Profile profile, string warning, bool told)
    {
        Decision decision = considered.Decision;
        string reason = Reasons.Of(decision), context = told ? Reasons.Warnings(decision) : "";
        if (context.Length > 0)
            warning = warning.Length > 0 ? warning + " " + context : context;
        if (warning.Length > 0 && decision.Outcome == Outcome.Deny)
            reason += " " + warning;
        return ClaudeCodeAnswers.PreToolUse(decision.Outcome, profile.Grant, System.Text.Encoding.UTF8.GetBytes(reason), System.Text.Encoding.UTF8.GetBytes(warning));
    }

    private Answer Complete(HookInput input)
    {
        Surroundings surroundings = SurroundingsOf(input);
        byte[]? output = Redacted(input, surroundings, out Redactor? redactor);
        Answer answer = redactor is { Count: > 0 } or { Withheld: true } ? ClaudeCodeAnswers.PostToolUse(input.EventName, output, OutputRedaction.Context(redactor, output is not null)) : Answer.Silent;
        try
        {
            GateStore store = OpenStore();
            store.Begin();
            long decision = store.TakePending(input.CallId, out PendingMarks marks);
            LedgerRow row = Rows.OfCompletion(input, surroundings, redactor, decision, started);
            store.Append(row, countAction: false);
            if ((marks & PendingMarks.Asked) != 0)
                new Feedback(store).Approved(decision, refusedBefore: (marks & PendingMarks.Refused) != 0);
            store.Commit();
            return answer;
        }
        catch (StoreException e)
        {
            // The tool has run; all that is left is to say that its end is not recorded. Secrets are replaced all the same, which takes exit code 0.
            return new Answer { Output = answer.Output, Error = System.Text.Encoding.UTF8.GetBytes(StoreFaults.Sentence(e, places) + "\n"), ExitCode = answer.Output.Length > 0 ? 0 : 1 };
        }
    }

    // What the person types: a thumb, or words that lessons may be about. Nothing here can stop a prompt.
    private Answer Listen(HookInput input)
    {
        if (!Files.TryStatus(places.Store, out _))
            return Answer.Silent;
        try
        {
            (string agent, string person) = new Feedback(OpenStore()).Heard(input, SurroundingsOf(input));
            return agent.Length == 0 ? Answer.Silent : ClaudeCodeAnswers.Context(input.EventName, System.Text.Encoding.UTF8.GetBytes(agent), System.Text.Encoding.UTF8.GetBytes(person));
        }
        catch (StoreException e)
        {
            return new Answer { Error = System.Text.Encoding.UTF8.GetBytes(StoreFaults.Sentence(e, places) + "\n"), ExitCode = 1 };
        }
#pragma warning disable CA1031 // A defect here must not cost a person the prompt, which the last line of Program.cs would refuse.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new Answer { Error = System.Text.Encoding.UTF8.GetBytes($"a defect in gate itself ({e.GetType().Name}: {e.Message}); the prompt goes on\n"), ExitCode = 1 };
        }
    }

    // What a session did is sealed at its end. Where there is no store yet there is nothing to seal.
    private Answer CheckpointLedger()
    {
        if (!Files.TryStatus(places.Store, out _))
            return Answer.Silent;
        try
        {
            GateStore store = OpenStore();
            store.Begin();
            store.AddCheckpoint(MarkKind.SessionEnd);
            store.ForgetFacts(Libc.WallMilliseconds());
            store.Commit();
            return Answer.Silent;
        }
        catch (StoreException e)
        {
            return new Answer { Error = System.Text.Encoding.UTF8.GetBytes(StoreFaults.Sentence(e, places) + "\n"), ExitCode = 1 };
        }
    }

    // The output with its secrets replaced; null where there are none, or where the agent lets nobody replace them: an error's text. Judged by the
    // binary's own formats where the bundle in force is broken.
    private byte[]? Redacted(HookInput input, Surroundings surroundings, out Redactor? redactor)
    {
        Bundle? bundle = BundleFile.InForce(places, surroundings, out _, out _);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            bundle ??= BundleFile.OpenBuiltIn(out _);
            if (bundle is null)
                break;
            try
            {
                RedactionTable table = FormatsOf(bundle);
                redactor = table.CoversOutput ? new Redactor(table) : null;
                if (redactor is null)
                    return null;
                if (input.Event == HookEvent.PostToolUse)
                    return input.ToolOutput.IsEmpty ? null : OutputRedaction.Of(input.ToolOutput.Span, redactor);
                _ = redactor.Whole(input.Error);
                return null;
            }
            catch (BundleDamagedException)
            {
                bundle = null;
            }
        }

        redactor = null;
        return null;
    }

    // A bundle that was built before there were formats, or of rules without any, is helped out with the binary's own.
    private static RedactionTable FormatsOf(Bundle bundle)
    {
        RedactionTable own = new(bundle);
        return !own.IsThere && BundleFile.OpenBuiltIn(out _) is { } builtIn ? new RedactionTable(builtIn) : own;
    }

    // A settings change that would switch the hooks off is not applied to the running session.
    private static Answer Guard(HookInput input)
    {
        string? reason = SettingsGuard.WhyBlocked(Files.Read(input.File, SettingsGuard.MaximumSize), input.File);
        return reason is null ? Answer.Silent : ClaudeCodeAnswers.Block(System.Text.Encoding.UTF8.GetBytes(reason));
    }

    /// <summary>
    /// The safe answer when a part of Gate is broken: what only reads inside the workspace goes on, everything else is denied
    /// with the mend. Judged by the binary's own bundle, which a broken file cannot touch.
    /// </summary>
    private Answer Broken(Request request, string sentence)
    {
        _store?.Rollback();
        Decision? decision = null;
        try
        {
            if (BundleFile.OpenBuiltIn(out _) is { } bundle)
                decision = Judge.Decide(Finder.Find(request, bundle, new RealPaths()), CallFactsOf.Request(request), bundle, new Profile(bundle), new Standing(BudgetSpent: true, Outcome.Allow));
        }
        catch (BundleDamagedException)
        {
            decision = null;
        }

        Outcome outcome = decision?.Outcome == Outcome.Allow ? Outcome.Allow : Outcome.Deny;
        string text = $"Gate {(outcome == Outcome.Allow ? "lets plain reading go on, though it" : "denies this, because it")} is not whole: {sentence}";
        TryRecord(Rows.OfBroken(request.Input, request.Surroundings, outcome, sentence, request.Digest, started));
        return ClaudeCodeAnswers.PreToolUse(outcome, grant: false, System.Text.Encoding.UTF8.GetBytes(text), outcome == Outcome.Allow ? System.Text.Encoding.UTF8.GetBytes(text) : default);
    }

    /// <summary>Input that cannot be understood is denied, and recorded as far as it is known.</summary>
    public Answer Refuse(HookInput input, string problem)
    {
        TryRecord(Rows.OfBroken(input, SurroundingsOf(input), Outcome.Deny, problem, [], started));
        return ClaudeCodeAnswers.PreToolUse(Outcome.Deny, grant: false, System.Text.Encoding.UTF8.GetBytes($"Gate denies this: {problem}. Nothing was run; try the call again in its plain form."), default);
    }

    private void TryRecord(LedgerRow row)
    {
        try
        {
            GateStore store = OpenStore();
            store.Begin();
            store.Append(row, countAction: false);
            store.Commit();
        }
        catch (StoreException)
        {
            // The answer is a refusal either way, or a plain read that the missing row is reported with.
        }
    }

    // After 'gate init' a missing store is damage, not a first run.
    private GateStore OpenStore()
    {
        if (_store is not null)
            return _store;
        if (Database.WaitUntil == 0)
            Database.WaitUntil = Libc.SteadyMicroseconds() + (Database.BusyMilliseconds * 1000L);
        bool first = !Files.TryStatus(places.Repositories, out _);
        if (first)
            Files.MakeFolders(places.State);
        return _store = GateStore.Open(places.Store, create: first);
    }

    private unsafe Surroundings SurroundingsOf(HookInput input)
    {
        ReadOnlySpan<byte> directory = input.Directory;
        if (directory.Length == 0)
        {
            // Older payloads leave it out; the agent starts its hooks in the session's directory.
            byte* buffer = stackalloc byte[4097];
            byte* current = Libc.CurrentDirectory(buffer, 4097);
            directory = current is null ? "/"u8 : System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(current);
        }

        return Surroundings.Of(directory, places.Home);
    }
}
