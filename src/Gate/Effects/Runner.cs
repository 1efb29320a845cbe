using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Requests;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

// Reading guide: the Runner goes through a shell text as bash would, but instead of doing things it notes what would be done.
//   Runner.cs           compound commands, substitutions             RunnerFlow.cs      lists, pipelines, conditions, loops: which states can follow
//   RunnerDeclare.cs    declare, read, set: builtins that set variables    RunnerCommands.cs  one simple command: assignments, redirections, which program
//   RunnerBuiltins.cs   commands that change the shell itself        RunnerPrograms.cs  programs by what is known of them
//   RunnerOptions.cs    options by the program's style               RunnerRoles.cs     what each operand and value means
//   RunnerPaths.cs      paths      RunnerNetwork.cs  hosts, uploads  RunnerOutput.cs    its own effects, what it prints
//   RunnerFeeds.cs      words that xargs and parallel read           RunnerMounts.cs    folders that a container sees
//   RunnerGit.cs        values of git, make and socat                RunnerLines.cs     tables of jobs, batches, quoted commands
//   RunnerCode.cs       code in any language                         RunnerFiles.cs     files that the text itself makes
//   RunnerManifests.cs  project code it has just written             RunnerAmounts.cs   data without end
//   RunnerPatterns.cs   patterns in the place of a program's name
//   RunnerSecrets.cs    variables named as secrets                   RunnerEnvironment.cs  variables that rules ask for
//   RunnerContext.cs    which cluster or account a program works on
// Both branches of a condition count. What only a run would know stays unknown and is said so.

/// <summary>Finds the effects of a shell text. Work is bounded: past a limit one opaque effect says that not all was looked at.</summary>
internal sealed partial class Runner(Surroundings surroundings, Knowledge knowledge, PathTable paths, EffectList effects) : ISubstitutions
{
    /// <summary>Simple commands looked at in one request, repetitions of loops and functions included.</summary>
    public const int MaximumSteps = 5000;

    /// <summary>Code in code in code: bash -c in eval in a function … Deeper is opaque.</summary>
    public const int MaximumDepth = 24;

    /// <summary>Commands of every kind that are entered: groups, conditions and loops in loops as well.</summary>
    public const int MaximumVisits = 4 * MaximumSteps;

    /// <summary>Bytes that expansions may make in one request: texts that double with each step end here.</summary>
    public const int MaximumWork = 1 << 22;

    /// <summary>Commands that are looked at once more when one of these limits is reached: each where it stands, what repeats only a few times.</summary>
    public const int MaximumSurveyed = 1 << 13;

    /// <summary>Code in code that is still followed then.</summary>
    private const int MaximumSurveyDepth = 6;

    /// <summary>Rounds of a loop and calls of a function that are still followed then.</summary>
    private const int MaximumSurveyRounds = 8;

    /// <summary>Paths that are looked at in one request.</summary>
    public const int MaximumPaths = 1 << 12;

    internal int EffectCount => effects.Count;

    /// <summary>What is assumed this time of parameters that no text has set.</summary>
    public Guesses Assumes { get; init; }

    /// <summary>Assumptions that would have led another way.</summary>
    public Guesses Open { get; private set; }

    private int _steps, _visits, _work, _nested, _surveyed, _surveyWork, _paths;
    private bool _wornOut;
    private ShellState _state = new();
    private Frame _frame = new(new SourceText([]));
    private Span _span;
    private readonly List<(Flow Code, Frame Frame, Span Span)> _traps = [];
    private Flow _input = Flow.Terminal;

    public void Run(SourceText text)
    {
        ParseResult parsed = ShellParser.Parse(text);
        ShellState state = _state = new ShellState { Directory = surroundings.Directory, IsMain = true };
        _started = state;
        state.Inherited = Variables?.Set ?? state.Inherited;
        _frame = new Frame(text);
        LookForDisguise(text);
        Flow output = RunScript(parsed.Partial, state, _frame, Flow.Terminal);
        if ((output.Taint & Taint.Endless) != 0)
            NoteEndless(_frame, default, []);

        // What waits for the end sees what is set by then.
        for (int i = 0; i < _traps.Count; i++)
            _ = RunCode(Language.Shell, _traps[i].Code, state.Fork(), _traps[i].Frame, _traps[i].Span, "trap"u8.ToArray(), Flow.Nothing);
        if ((output.Taint & Taint.Named) != 0)
            Add(_frame, default, new Effect { Verb = Verb.Read, Kind = Kind.Data, Attributes = Attributes.SecretData });
        if (parsed.Error is Problem problem)
            Opaque(problem.Span, "the command cannot be parsed: " + problem.Message);
        else if (effects.Count == 0)
            Nothing(default);
    }

    private Flow RunScript(Script script, ShellState state, Frame frame, Flow input)
    {
        Flow output = Flow.Nothing;
        foreach (Statement statement in script.Statements)
        {
            if (state.Ended)
                break;
            output = output.Then(RunCommand(statement.Command, statement.Background ? state.Fork() : state, frame, input));
            state.HasJob |= statement.Background;
        }

        return output;
    }

    // Past a limit one effect says so, and what is still to come is gone through quickly: no loop round and round, nothing worked out at length.
    private bool IsWornOut(Frame frame, Span span)
    {
        if (effects.IsFull)
            return true;
        if (_steps <= MaximumSteps && ++_visits <= MaximumVisits && _work <= MaximumWork)
            return false;
        Survey(frame.SpanOf(span));
        if (frame.Depth > MaximumSurveyDepth)
            return true;
        if (++_surveyed > MaximumSurveyed)
            Stop(frame.SpanOf(span), "the call has more commands than can be looked at");
        return effects.IsFull;
    }

    private void Survey(Span span)
    {
        if (!_wornOut)
            Opaque(span, _work > MaximumWork ? $"the call's expansions make more than {MaximumWork} bytes" : $"the call has more than {MaximumSteps} steps");
        _wornOut = true;
    }

    // Nothing after this is looked at, so nothing of the call may run.
    internal void Stop(Span span, string why) => effects.Close(new Effect { Verb = Verb.Opaque, Kind = Kind.Code, Attributes = Attributes.Endless, Span = span, Why = why });

    // Code that is read again, as often as eval or a function's text brings it; past the limit only short pieces.
    private bool AffordsCode(int length)
    {
        if (_work <= MaximumWork - length)
        {
            _work += length;
            return true;
        }

        Survey(_frame.SpanOf(_span));
        return (_surveyWork += length) <= MaximumWork / 8;
    }

    bool ISubstitutions.Affords(int work)
    {
        _work = _work > MaximumWork || work > MaximumWork ? MaximumWork + 1 : _work + work;
        if (_work > MaximumWork)
            Survey(_frame.SpanOf(_span));
        return _work <= MaximumWork;
    }

    private Flow RunCommand(Command command, ShellState state, Frame frame, Flow input)
    {
        if (IsWornOut(frame, command.Span))
            return Flow.Unknown();

        // Substitutions in words call back; they must see this state.
        (ShellState outerState, Frame outerFrame, Span outerSpan, Flow outerInput, ShellState? outerStarted) = (_state, _frame, _span, _input, _started);
        (_state, _frame, _span, _input, _started) = (state, frame, command.Span, input, state);
        Flow flow = command is SimpleCommand simple ? RunSimple(simple, state, frame, input) : RunCompound(command, state, frame, input);
        (_state, _frame, _span, _input, _started) = (outerState, outerFrame, outerSpan, outerInput, outerStarted);
        return flow;
    }

    private Flow RunCompound(Command command, ShellState state, Frame frame, Flow input)
    {
        OutputFile? redirected = command.Redirects.Length > 0 ? Redirections(command.Redirects, state, frame, ref input) : null;
        Flow output;
        switch (command)
        {
            case AndOr list:
                output = RunList(list, state, frame, input);
                break;
            case Shell.Pipeline pipeline:
                output = RunPipeline(pipeline, state, frame, input);
                break;
            case Subshell subshell:
                output = RunScript(subshell.Body, state.Fork(), frame, input);
                break;
            case Group group:
                output = RunScript(group.Body, state, frame, input);
                break;
            case If choice:
                output = RunIf(choice, state, frame, input);
                break;
            case Loop loop:
                output = RunLoop(loop, state, frame, input);
                break;
            case For loop:
                output = RunFor(loop, state, frame, input);
                break;
            case ArithmeticFor loop:
                output = RunArithmeticFor(loop, state, frame, input);
                break;
            case Case choice:
                output = RunCase(choice, state, frame, input);
                break;
            case ArithmeticCommand arithmetic:
                _ = Calculate(arithmetic.Expression, state, frame);
                Nothing(frame.SpanOf(command.Span));
                output = Flow.Nothing;
                break;
            case Condition condition:
                Test(condition.Expression, state, frame);
                Nothing(frame.SpanOf(command.Span));
                output = Flow.Nothing;
                break;
            case Function function:
                Define(new Definition(frame.Source.Slice(function.Name.Span).ToArray(), function.Body, null, frame.Source), state, frame, command.Span);
                Nothing(frame.SpanOf(command.Span));
                output = Flow.Nothing;
                break;
            case Coprocess coprocess:
                output = RunCommand(coprocess.Command, state.Fork(), frame, input);
                break;
            default:
                Opaque(frame.SpanOf(command.Span), "this kind of command is not known");
                output = Flow.Unknown();
                break;
        }

        return Written(redirected, output, state, frame);
    }

    // One more than can be kept in mind is looked at where it stands.
    private void Define(Definition definition, ShellState state, Frame frame, Span span)
    {
        if (state.Define(definition))
            return;
        Opaque(frame.SpanOf(span), $"the call defines more than {ShellState.MaximumDefinitions} functions");
        if (definition.Body is { } body)
            _ = RunCommand(body, state.Fork(), frame, Flow.Unknown());
        else
            _ = RunShellText(new Flow(definition.Alias, Taint.None), state.Fork(), frame, span, definition.Name, Flow.Unknown());
    }

    private Expander Expand(ShellState state) => new(state, surroundings.Home, this);

    Flow ISubstitutions.Substitute(Script script, SourceText source)
    {
        Flow output = Nested(script, source, Flow.Terminal);
        if ((output.Taint & Taint.Endless) != 0)
            NoteEndless(_frame, default, []);
        return (output.Taint & Taint.Endless) == 0 ? output : new Flow(output.Text, output.Taint & ~Taint.Endless);
    }

    byte[]? ISubstitutions.Preset(ReadOnlySpan<byte> name) => paths.LeadsTo(name);

    Flow ISubstitutions.Process(Script script, SourceText source, bool output)
    {
        // What is written to >(…) only a run would tell; that it is what the command itself reads, as tee does it, is looked at as well.
        if (output && !_input.IsTerminal && _input.Text is { Length: > 0 })
            _ = Nested(script, source, _input);
        return Nested(script, source, output ? Flow.Unknown(_input.Taint) : Flow.Terminal);
    }

    /// <summary>Substitutions in substitutions, also those that a text brings which is expanded once more and holds itself.</summary>
    public const int MaximumNested = 32;

    private Flow Nested(Script script, SourceText source, Flow input)
    {
        if (_nested >= MaximumNested)
        {
            Opaque(_frame.SpanOf(_span), $"code is nested more than {MaximumNested} deep");
            return Flow.Unknown();
        }

        _nested++;
        Flow output = RunScript(script, _state.Fork(), FrameOf(source), input);
        _nested--;
        return output;
    }

    void ISubstitutions.Evaluated(Taint taint)
    {
        if (taint != Taint.None)
            Note(_frame, _span, Verb.Opaque, "text that is not known is expanded once more, which can run commands", [], [], Taint.None);
    }

    // A name that is worked out: what it stands for is known or said to be unknown; that it was made shows.
    void ISubstitutions.Indirect() => effects.Add(new Effect { Verb = Verb.Read, Kind = Kind.Memory, Attributes = Attributes.Substituted, Span = _frame.SpanOf(_span), Environment = FactsFor(_frame) });

    bool ISubstitutions.TakesDefault()
    {
        Open |= Guesses.Defaults;
        return (Assumes & Guesses.Defaults) != 0;
    }

    bool ISubstitutions.TakesEmpty => (Assumes & Guesses.Empty) != 0;

    // Text of its own has no place in the request's: what it does is shown at the command that brought it.
    private Frame FrameOf(SourceText source) => ReferenceEquals(source, _frame.Source) || _frame.Within is not null ? _frame.Beside(source, Attributes.Substituted) : _frame.Into(source, _span, [], Attributes.Substituted);

    /// <summary>Invisible and direction-changing characters make a reader see another command than the shell does.</summary>
    private void LookForDisguise(SourceText text)
    {
        ReadOnlySpan<byte> bytes = text.Bytes;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            bool control = (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) || b == 0x7F;
            // U+200B–200C, 200E–200F, 202A–202E, 2060, 2066–2069, FEFF; not 200D, which joins emoji.
            bool mark = b == 0xE2 && i + 2 < bytes.Length && ((bytes[i + 1] == 0x80 && bytes[i + 2] is 0x8B or 0x8C or 0x8E or 0x8F or (>= 0xAA and <= 0xAE)) || (bytes[i + 1] == 0x81 && bytes[i + 2] is 0xA0 or (>= 0xA6 and <= 0xA9)));
            bool joiner = b == 0xEF && i + 2 < bytes.Length && bytes[i + 1] == 0xBB && bytes[i + 2] == 0xBF;
            if (control || mark || joiner)
            {
                effects.Add(new Effect { Verb = Verb.Opaque, Kind = Kind.Code, Attributes = Attributes.Disguised, Span = new Span(i, control ? 1 : 3), Why = "the command holds invisible or control characters" });
                return;
            }
        }
    }

    /// <summary>The first effect of a program has all its words; of more than this many the others have the first ones and the options.</summary>
    public const int MaximumWords = 128;

    private byte[][] _manyWords = [], _fewerWords = [];

    // Rules look at the words of every effect: with a thousand operands that would be a million words.
    private byte[][] Fewer(byte[][] words)
    {
        if (words.Length <= MaximumWords)
            return words;
        if (ReferenceEquals(words, _manyWords))
            return _fewerWords;
        (byte[][] fewer, int count) = (new byte[MaximumWords][], 0);
        for (int i = 0; i < words.Length && count < MaximumWords; i++)
        {
            if (i < MaximumWords / 2 || words[i] is [(byte)'-', ..])
                fewer[count++] = words[i];
        }

        (_manyWords, _fewerWords) = (words, fewer[..count]);
        return words;
    }

    private void Add(Frame frame, Span span, Effect effect)
    {
        effects.Add(new Effect
        {
            Verb = effect.Verb, Kind = effect.Kind, Class = effect.Class, Attributes = effect.Attributes | frame.Attributes, Target = effect.Target, Program = effect.Program,
            Subcommand = effect.Subcommand, Words = Fewer(effect.Words), Operands = effect.Operands, Wrappers = frame.Wrappers, Span = frame.SpanOf(span), Why = effect.Why,
            Written = effect.Written, Context = _context, Environment = FactsFor(frame),
        });
    }

    // An effect all the same: a call without any would count as unknown.
    private void Nothing(Span span) => effects.Add(new Effect { Verb = Verb.Read, Kind = Kind.Memory, Span = span, Environment = FactsFor(_frame) });

    private void Opaque(Span span, string why, Attributes attributes = Attributes.None) =>
        effects.Add(new Effect { Verb = Verb.Opaque, Kind = Kind.Code, Attributes = attributes, Span = span, Why = why, Environment = FactsFor(_frame) });
}

/// <summary>What may be assumed of a parameter that no text has set.</summary>
[System.Flags]
internal enum Guesses : byte
{
    None = 0,
    /// <summary>Its default counts.</summary>
    Defaults = 1,
    /// <summary>It is empty: <c>r$x"m"</c> is rm.</summary>
    Empty = 2,
}
