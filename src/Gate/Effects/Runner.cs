using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Requests;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

// Reading guide: the Runner goes through a shell text as bash would, but instead of doing things it notes what would be done.
//   Runner.cs           compound commands, pipelines, state          RunnerCommands.cs  one simple command: assignments, redirections, which program
//   RunnerBuiltins.cs   commands that change the shell itself        RunnerPrograms.cs  programs by what is known of them
//   RunnerOptions.cs    options by the program's style               RunnerRoles.cs     what each operand and value means
//   RunnerPaths.cs      paths      RunnerNetwork.cs  hosts, uploads  RunnerOutput.cs    its own effects, what it prints
//   RunnerFeeds.cs      words that xargs and parallel read           RunnerMounts.cs    folders that a container sees
//   RunnerGit.cs        values of git, make and socat                RunnerLines.cs     tables of jobs, batches, quoted commands
//   RunnerCode.cs       code in any language                         RunnerFiles.cs     files that the text itself makes
//   RunnerManifests.cs  project code it has just written             RunnerAmounts.cs   data without end
//   RunnerSecrets.cs    variables named as secrets
// Both branches of a condition count. What only a run would know stays unknown and is said so.

/// <summary>Finds the effects of a shell text. Work is bounded: past a limit one opaque effect says that not all was looked at.</summary>
internal sealed partial class Runner(Surroundings surroundings, Knowledge knowledge, PathTable paths, EffectList effects) : ISubstitutions
{
    /// <summary>Simple commands looked at in one request, repetitions of loops and functions included.</summary>
    public const int MaximumSteps = 5000;

    /// <summary>Code in code in code: bash -c in eval in a function … Deeper is opaque.</summary>
    public const int MaximumDepth = 24;

    /// <summary>A loop over more words than this runs its body for the first ones and once for an unknown word.</summary>
    public const int MaximumLoopWords = 8;

    internal int EffectCount => effects.Count;

    private int _steps;
    private ShellState _state = new();
    private Frame _frame = new(new SourceText([]));

    public void Run(SourceText text)
    {
        ParseResult parsed = ShellParser.Parse(text);
        _state = new ShellState { Directory = surroundings.Directory };
        _frame = new Frame(text);
        LookForDisguise(text);
        Flow output = RunScript(parsed.Partial, _state, _frame, Flow.Terminal);
        if ((output.Taint & Taint.Endless) != 0)
            NoteEndless(_frame, default, []);
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
            output = output.Then(RunCommand(statement.Command, statement.Background ? state.Copy() : state, frame, input));
        }

        return output;
    }

    private Flow RunCommand(Command command, ShellState state, Frame frame, Flow input)
    {
        // Substitutions in words call back; they must see this state.
        (ShellState outerState, Frame outerFrame) = (_state, _frame);
        (_state, _frame) = (state, frame);
        Flow flow = command is SimpleCommand simple ? RunSimple(simple, state, frame, input) : RunCompound(command, state, frame, input);
        (_state, _frame) = (outerState, outerFrame);
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
                output = RunScript(subshell.Body, state.Copy(), frame, input);
                break;
            case Group group:
                output = RunScript(group.Body, state, frame, input);
                break;
            case If choice:
                output = RunIf(choice, state, frame, input);
                break;
            case Loop loop:
                output = RunScript(loop.Condition, state, frame, input);
                if (IsBusy(loop, frame))
                    NoteEndless(frame, loop.Span, []);
                output = output.Then(Branch(loop.Body, state, frame, input));
                output = Flow.Unknown(output.Taint);
                break;
            case For loop:
                output = RunFor(loop, state, frame, input);
                break;
            case ArithmeticFor loop:
                foreach (Word expression in loop.Expressions)
                    _ = Expand(state).One(expression, frame.Source);
                output = Flow.Unknown(Branch(loop.Body, state, frame, input).Taint);
                break;
            case Case choice:
                output = RunCase(choice, state, frame, input);
                break;
            case ArithmeticCommand arithmetic:
                _ = Expand(state).One(arithmetic.Expression, frame.Source);
                Nothing(frame.SpanOf(command.Span));
                output = Flow.Nothing;
                break;
            case Condition condition:
                Test(condition.Expression, state, frame);
                Nothing(frame.SpanOf(command.Span));
                output = Flow.Nothing;
                break;
            case Function function:
                state.Define(new Definition(frame.Source.Slice(function.Name.Span).ToArray(), function.Body, null, frame.Source));
                Nothing(frame.SpanOf(command.Span));
                output = Flow.Nothing;
                break;
            case Coprocess coprocess:
                output = RunCommand(coprocess.Command, state.Copy(), frame, input);
                break;
            default:
                Opaque(frame.SpanOf(command.Span), "this kind of command is not known");
                output = Flow.Unknown();
                break;
        }

        return Written(redirected, output, state, frame);
    }

    // What follows the first operand may or may not run: an exit, a definition or a value from there is not certain afterwards. Within the
    // list each && builds on what stands before it, and a folder changed to is taken to be there: that is what && is written for.
    private Flow RunList(AndOr list, ShellState state, Frame frame, Flow input)
    {
        Flow output = RunCommand(list.Operands[0], state, frame, input);
        ShellState branch = state.Copy();
        for (int i = 1; i < list.Operands.Length; i++)
            output = output.Then(list.Or[i - 1] ? Perhaps(list.Operands[i], branch, frame, input) : RunCommand(list.Operands[i], branch, frame, input));
        state.Join(branch);
        (state.Directory, state.PreviousDirectory) = (branch.Directory, branch.PreviousDirectory);
        return output;
    }

    // What follows || may or may not run.
    private Flow Perhaps(Command command, ShellState state, Frame frame, Flow input)
    {
        ShellState branch = state.Copy();
        Flow flow = RunCommand(command, branch, frame, input);
        if (!branch.Ended)
            state.Join(branch);
        return flow;
    }

    private Flow Branch(Script body, ShellState state, Frame frame, Flow input)
    {
        ShellState branch = state.Copy();
        Flow flow = RunScript(body, branch, frame, input);
        if (!branch.Ended)
            state.Join(branch);
        return flow;
    }

    private Flow RunPipeline(Shell.Pipeline pipeline, ShellState state, Frame frame, Flow input)
    {
        Flow flow = input;
        bool several = pipeline.Commands.Length > 1;
        foreach (Command command in pipeline.Commands)
            flow = RunCommand(command, several ? state.Copy() : state, frame, flow);
        return pipeline.Commands.Length == 0 ? Flow.Nothing : flow;
    }

    private Flow RunIf(If choice, ShellState state, Frame frame, Flow input)
    {
        Flow output = Flow.Nothing;
        foreach (IfClause clause in choice.Clauses)
        {
            output = output.Then(RunScript(clause.Condition, state, frame, input));
            output = output.Then(Branch(clause.Body, state, frame, input));
        }

        if (choice.Otherwise is not null)
            output = output.Then(Branch(choice.Otherwise, state, frame, input));
        return Flow.Unknown(output.Taint);
    }

    private Flow RunFor(For loop, ShellState state, Frame frame, Flow input)
    {
        byte[] name = frame.Source.Slice(loop.Name.Span).ToArray();
        Value[] values = loop.Words is null ? state.Arguments ?? [Value.Unknown(many: true)] : Expand(state).Words(loop.Words, frame.Source);
        Flow output = Flow.Nothing;
        int count = Math.Min(values.Length, MaximumLoopWords);
        for (int i = 0; i < count; i++)
        {
            // The variable holds one word at a time, whatever it was taken from.
            // Of everything in a folder that is named from the root it may be any.
            bool any = values[i].Pattern && values[i].Text is [(byte)'/', .., (byte)'/', (byte)'*'];
            state.Set(name, new Value(any ? [.. values[i].Text.AsSpan(0, values[i].Text.Length - 1), .. Everything] : values[i].Text) { Pattern = values[i].Pattern, Taint = values[i].Taint });
            output = output.Then(RunScript(loop.Body, state, frame, input));
        }

        if (values.Length > MaximumLoopWords)
        {
            state.Set(name, Value.Unknown());
            output = Flow.Unknown(output.Then(RunScript(loop.Body, state, frame, input)).Taint);
        }

        if (values.Length == 0)
            Nothing(frame.SpanOf(loop.Span));
        return output;
    }

    private Flow RunCase(Case choice, ShellState state, Frame frame, Flow input)
    {
        _ = Expand(state).One(choice.Subject, frame.Source);
        Flow output = Flow.Nothing;
        foreach (CaseClause clause in choice.Clauses)
        {
            foreach (Word pattern in clause.Patterns)
                _ = Expand(state).One(pattern, frame.Source);
            output = output.Then(Branch(clause.Body, state, frame, input));
        }

        Nothing(frame.SpanOf(choice.Span));
        return Flow.Unknown(output.Taint);
    }

    // Only the substitutions inside matter.
    private void Test(Node node, ShellState state, Frame frame)
    {
        switch (node)
        {
            case ConditionLogic logic:
                foreach (Node term in logic.Terms)
                    Test(term, state, frame);
                break;
            case ConditionNot not:
                Test(not.Term, state, frame);
                break;
            case ConditionParentheses inner:
                Test(inner.Expression, state, frame);
                break;
            case ConditionUnary unary:
                _ = Expand(state).One(unary.Operand, frame.Source);
                break;
            case ConditionBinary binary:
                _ = Expand(state).One(binary.Left, frame.Source);
                _ = Expand(state).One(binary.Right, frame.Source);
                break;
            case ConditionWord word:
                _ = Expand(state).One(word.Word, frame.Source);
                break;
        }
    }

    private Expander Expand(ShellState state) => new(state, surroundings.Home, this);

    Flow ISubstitutions.Substitute(Script script, SourceText source)
    {
        Flow output = RunScript(script, _state.Copy(), _frame.Beside(source), Flow.Terminal);
        if ((output.Taint & Taint.Endless) != 0)
            NoteEndless(_frame, default, []);
        return (output.Taint & Taint.Endless) == 0 ? output : new Flow(output.Text, output.Taint & ~Taint.Endless);
    }

    Flow ISubstitutions.Process(Script script, SourceText source, bool output) => RunScript(script, _state.Copy(), _frame.Beside(source), output ? Flow.Unknown() : Flow.Terminal);

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

    private void Add(Frame frame, Span span, Effect effect)
    {
        effects.Add(new Effect
        {
            Verb = effect.Verb, Kind = effect.Kind, Class = effect.Class, Attributes = effect.Attributes | frame.Attributes, Target = effect.Target, Program = effect.Program,
            Subcommand = effect.Subcommand, Words = effect.Words, Wrappers = frame.Wrappers, Span = frame.SpanOf(span), Why = effect.Why,
        });
    }

    // An effect all the same: a call without any would count as unknown.
    private void Nothing(Span span) => effects.Add(new Effect { Verb = Verb.Read, Kind = Kind.Memory, Span = span });

    private void Opaque(Span span, string why, Attributes attributes = Attributes.None) =>
        effects.Add(new Effect { Verb = Verb.Opaque, Kind = Kind.Code, Attributes = attributes, Span = span, Why = why });
}
