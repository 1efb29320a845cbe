using System;
using Gate.Expansion;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

// Lists, pipelines, conditions and loops: everything in them is looked at, and what follows sees only what holds whichever way it went.
internal sealed partial class Runner
{
    /// <summary>A loop that goes round more often than this runs its body for the first rounds and then for what is not known.</summary>
    public const int MaximumRounds = 32;

    // What follows the first operand may or may not run: an exit, a definition or a value from there is not certain afterwards. Within the
    // list each && builds on what stands before it, and a folder changed to is taken to be there: that is what && is written for.
    private Flow RunList(AndOr list, ShellState state, Frame frame, Flow input)
    {
        Flow output = RunCommand(list.Operands[0], state, frame, input);
        int i = 1;
        while (i < list.Operands.Length && !list.Or[i - 1] && Succeeds(list.Operands[i - 1]) && !state.Ended)
            output = output.Then(RunCommand(list.Operands[i++], state, frame, input));
        if (i == list.Operands.Length || state.Ended)
            return output;
        ShellState branch = state.Copy();
        for (; i < list.Operands.Length; i++)
        {
            if (list.Or[i - 1])
                output = output.Then(Perhaps(list.Operands[i], branch, frame, input));
            else if (!branch.Ended)
                output = output.Then(RunCommand(list.Operands[i], branch, frame, input));
        }

        if (branch.Ended)
            return output;
        state.Join(branch);
        (state.Directory, state.PreviousDirectory, state.LastWord) = (branch.Directory, branch.PreviousDirectory, branch.LastWord);
        return output;
    }

    // A plain assignment or a definition cannot fail, so what && puts behind it does run.
    private static bool Succeeds(Command command)
    {
        if (command is Function)
            return true;
        if (command is not SimpleCommand { Words.Length: 0, Redirects.Length: 0 } simple)
            return false;
        foreach (Assignment assignment in simple.Assignments)
        {
            if (assignment.Subscript is not null || !IsPlain(assignment.Value.Parts))
                return false;
        }

        return simple.Assignments.Length > 0;
    }

    private static bool IsPlain(Part[] parts)
    {
        foreach (Part part in parts)
        {
            bool plain = part.Kind is NodeKind.Literal or NodeKind.Escape or NodeKind.SingleQuoted or NodeKind.AnsiQuoted or NodeKind.Continuation or NodeKind.Glob || part is Parameter { Operator: ParameterOperator.None } || (part is DoubleQuoted inner && IsPlain(inner.Parts));
            if (!plain)
                return false;
        }

        return true;
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

    private Flow RunPipeline(Shell.Pipeline pipeline, ShellState state, Frame frame, Flow input)
    {
        Flow flow = input;
        bool several = pipeline.Commands.Length > 1;
        for (int i = 0; i < pipeline.Commands.Length; i++)
        {
            _filtered = several && ShowsPlainNames(pipeline.Commands.AsSpan(i), frame.Source, state);
            flow = RunCommand(pipeline.Commands[i], several ? state.Fork() : state, frame, flow);
            if (_filtered)
                flow = Flow.Unknown(flow.Taint & ~(Taint.Secret | Taint.Named));
            _filtered = false;
        }

        return pipeline.Commands.Length == 0 ? Flow.Nothing : flow;
    }

    // Exactly one of the branches runs, or none without an else.
    private Flow RunIf(If choice, ShellState state, Frame frame, Flow input)
    {
        Flow output = Flow.Nothing;
        ShellState? after = null;
        foreach (IfClause clause in choice.Clauses)
        {
            output = output.Then(RunScript(clause.Condition, state, frame, input));
            output = output.Then(Branch(clause.Body, state, frame, input, ref after));
        }

        if (choice.Otherwise is not null)
            output = output.Then(Branch(choice.Otherwise, state, frame, input, ref after));
        else
            Merge(ref after, state);
        Follow(state, after);
        return Flow.Unknown(output.Taint);
    }

    private Flow Branch(Script body, ShellState state, Frame frame, Flow input, ref ShellState? after)
    {
        ShellState branch = state.Copy();
        Flow flow = RunScript(body, branch, frame, input);
        Merge(ref after, branch);
        return flow;
    }

    private static void Merge(ref ShellState? after, ShellState branch)
    {
        if (branch.Ended)
            return;
        if (after is null)
            after = branch.Copy();
        else
            after.Join(branch);
    }

    // Where every way ended, nothing follows.
    private static void Follow(ShellState state, ShellState? after)
    {
        if (after is null)
            state.Ended = true;
        else
            state.Become(after);
    }

    // A subject that is known chooses its clause; the others are looked at all the same.
    private Flow RunCase(Case choice, ShellState state, Frame frame, Flow input)
    {
        Value subject = Expand(state).One(choice.Subject, frame.Source);
        Flow output = Flow.Nothing;
        ShellState? after = null;
        bool decided = false, plain = true;
        foreach (CaseClause clause in choice.Clauses)
            plain &= clause.Terminator == CaseTerminator.Break;
        foreach (CaseClause clause in choice.Clauses)
        {
            bool? matches = false;
            foreach (Word pattern in clause.Patterns)
            {
                bool? one = Expand(state).Matches(pattern, subject, frame.Source);
                matches = one == true || matches == true ? true : one is null ? null : matches;
            }

            if (!plain)
            {
                // Clauses that run on into the next: each builds on those before it, or not.
                ShellState? either = null;
                output = output.Then(Branch(clause.Body, state, frame, input, ref either));
                if (either is not null)
                    state.Join(either);
                continue;
            }

            ShellState branch = state.Copy();
            output = output.Then(RunScript(clause.Body, branch, frame, input));
            if (!decided && matches != false)
                Merge(ref after, branch);
            decided |= matches == true;
        }

        if (plain && !decided)
            Merge(ref after, state);
        if (plain)
            Follow(state, after);
        Nothing(frame.SpanOf(choice.Span));
        return Flow.Unknown(output.Taint);
    }

    // ---- loops ---------------------------------------------------------------------------------------------------------

    /// <summary>One round that surely runs, unless an earlier one left the loop. False: no more rounds.</summary>
    private bool Round(Script body, ShellState state, Frame frame, Flow input, ref Flow output)
    {
        output = output.Then(RunScript(body, state, frame, input));
        Leaving loop = state.Loop!;
        if (loop.Continued is { } continued)
        {
            loop.Continued = null;
            if (state.Ended)
                state.Become(continued);
            else
                state.Join(continued);
        }

        // Past a limit a loop in a loop goes round once, one that stands for itself a few times.
        return !state.Ended && !(_wornOut && (loop.Outer is not null || ++loop.Surveyed >= MaximumSurveyRounds));
    }

    // Rounds that nobody can count: the body once, and once more where it changed what it began with.
    private Flow Rounds(Script? condition, Script body, ShellState state, Frame frame, Flow input, Action<ShellState>? step = null)
    {
        Flow output = Flow.Nothing;
        for (int round = 0; round < 2; round++)
        {
            ShellState before = state.Copy();
            if (condition is not null)
                output = output.Then(RunScript(condition, state, frame, input));
            ShellState branch = state.Copy();
            if (Round(body, branch, frame, input, ref output))
            {
                step?.Invoke(branch);
                state.Join(branch);
            }

            if (_wornOut || before.Holds(state))
                break;
        }

        return Flow.Unknown(output.Taint);
    }

    private static void EnterLoop(ShellState state) => state.Loop = new Leaving { Outer = state.Loop };

    private static void LeaveLoop(ShellState state)
    {
        Leaving loop = state.Loop!;
        if (loop.Broken is { } broken)
        {
            if (state.Ended)
                state.Become(broken);
            else
                state.Join(broken);
        }

        state.Loop = loop.Outer;
    }

    // while read x over a text that is known goes through it line by line.
    private Flow RunLoop(Loop loop, ShellState state, Frame frame, Flow input)
    {
        Flow output = Flow.Nothing;
        if (IsBusy(loop, frame))
            NoteEndless(frame, loop.Span, []);
        EnterLoop(state);
        byte[]? text = input.Text;
        bool reads = !loop.Until && Reads(loop.Condition, frame.Source), goes = true;
        if (reads && text is not null)
        {
            for (int round = 0; goes && text.Length > 0 && round < MaximumRounds; round++)
            {
                output = output.Then(RunScript(loop.Condition, state, frame, new Flow(text, input.Taint)));
                int newline = text.AsSpan().IndexOf((byte)'\n');
                text = newline < 0 ? [] : text[(newline + 1)..];
                goes = Round(loop.Body, state, frame, new Flow(text, input.Taint), ref output);
            }

            // The read that finds nothing more empties what it sets.
            if (goes && text.Length == 0)
                output = output.Then(RunScript(loop.Condition, state, frame, new Flow([], input.Taint)));

            // A body that reads lines itself sees others than these.
            if (goes && (text.Length > 0 || frame.Source.Slice(loop.Body.Span).IndexOf("read "u8) >= 0))
                output = output.Then(Rounds(loop.Condition, loop.Body, state, frame, Flow.Unknown(input.Taint)));
        }
        else
        {
            output = Rounds(loop.Condition, loop.Body, state, frame, reads ? Flow.Unknown(input.Taint) : input);
        }

        LeaveLoop(state);
        return reads ? output : Flow.Unknown(output.Taint);
    }

    // read, or "read || [ -n … ]", of whole lines from standard input.
    private static bool Reads(Script condition, SourceText source)
    {
        Command? command = condition.Statements is [var only] ? only.Command : null;
        if (command is AndOr { Operands: [var first, ..], Or: [true, ..] })
            command = first;
        if (command is not SimpleCommand { Words: [var name, ..] } simple || !source.Slice(name.Span).SequenceEqual("read"u8))
            return false;
        foreach (Word word in simple.Words)
        {
            ReadOnlySpan<byte> text = source.Slice(word.Span);
            if (text is [(byte)'-', ..] && text.IndexOfAny("dnNu"u8) > 0)
                return false;
        }

        return true;
    }

    private Flow RunFor(For loop, ShellState state, Frame frame, Flow input)
    {
        byte[] name = frame.Source.Slice(loop.Name.Span).ToArray();
        Value[] values = loop.Words is null ? state.Arguments ?? [Value.Unknown(many: true)] : Expand(state).Words(loop.Words, frame.Source);
        Flow output = Flow.Nothing;
        EnterLoop(state);
        int count = Math.Min(values.Length, MaximumRounds);
        bool goes = true, certain = !loop.Select, numbers = true;
        Taint rest = Taint.None;
        for (int i = 0; goes && i < count; i++)
        {
            // The variable holds one word at a time, whatever it was taken from.
            // Of everything in a folder that is named from the root it may be any.
            bool any = values[i].Pattern && values[i].Text is [(byte)'/', .., (byte)'/', (byte)'*'];
            state.Set(name, new Value(any ? [.. values[i].Text.AsSpan(0, values[i].Text.Length - 1), .. Everything] : values[i].Text) { Pattern = values[i].Pattern, Taint = values[i].Taint });
            if (certain && !values[i].IsSeveral)
                goes = Round(loop.Body, state, frame, input, ref output);
            else
                output = output.Then(Rounds(null, loop.Body, state, frame, input));
        }

        for (int i = count; i < values.Length; i++)
        {
            rest |= values[i].Taint;
            numbers &= values[i].IsNumber;
        }

        if (goes && values.Length > count)
        {
            Value any = numbers ? Value.UnknownNumber(rest) : Value.Unknown(rest);
            state.Set(name, any);
            output = Flow.Unknown(output.Then(Rounds(null, loop.Body, state, frame, input)).Taint);
            state.Set(name, any);
        }

        LeaveLoop(state);
        if (values.Length == 0)
            Nothing(frame.SpanOf(loop.Span));
        return output;
    }

    private Flow RunArithmeticFor(ArithmeticFor loop, ShellState state, Frame frame, Flow input)
    {
        Flow output = Flow.Nothing;
        if (loop.Expressions.Length < 3)
        {
            // A text that cannot be parsed; what its body says counts all the same.
            EnterLoop(state);
            output = Rounds(null, loop.Body, state, frame, input);
            LeaveLoop(state);
            return output;
        }

        Word test = loop.Expressions[1], step = loop.Expressions[2];
        _ = Calculate(loop.Expressions[0], state, frame);
        EnterLoop(state);
        bool goes = true, certain = true;
        for (int round = 0; goes && certain; round++)
        {
            long? more = test.Parts.Length == 0 ? 1 : Calculate(test, state, frame);
            if (more == 0)
                break;
            certain = more is not null && round < MaximumRounds;
            if (certain && (goes = Round(loop.Body, state, frame, input, ref output)))
                _ = Calculate(step, state, frame);
        }

        if (!certain)
            output = output.Then(Rounds(null, loop.Body, state, frame, input, after => _ = Calculate(step, after, frame)));
        LeaveLoop(state);
        return output;
    }

    private long? Calculate(Word expression, ShellState state, Frame frame)
    {
        Expander expander = Expand(state);
        return expander.Calculate(expander.Text(expression, frame.Source));
    }

    // ---- [[ ]] ---------------------------------------------------------------------------------------------------------

    // What it says does not matter here, only what its words run: comparisons of numbers evaluate them.
    private void Test(Node node, ShellState state, Frame frame)
    {
        Expander expander = Expand(state);
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
                Value operand = expander.One(unary.Operand, frame.Source);
                if (frame.Source.Slice(unary.Operator) is [(byte)'-', (byte)'v' or (byte)'R'])
                    expander.Probe(operand);
                break;
            case ConditionBinary binary:
                Value left = expander.One(binary.Left, frame.Source), right = expander.One(binary.Right, frame.Source);
                ReadOnlySpan<byte> op = frame.Source.Slice(binary.Operator);
                if (op is [(byte)'-', (byte)'e' or (byte)'n' or (byte)'l' or (byte)'g', (byte)'q' or (byte)'e' or (byte)'t'])
                {
                    _ = expander.Calculate(left);
                    _ = expander.Calculate(right);
                }
                else if (op.SequenceEqual("=~"u8))
                {
                    state.Put(Variable.Unknown("BASH_REMATCH"u8.ToArray(), left.Taint, Traits.Array));
                }

                break;
            case ConditionWord word:
                _ = expander.One(word.Word, frame.Source);
                break;
        }
    }
}
