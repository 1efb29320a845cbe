using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Commands that change the shell itself or run text in it. Everything else, builtin or not, is knowledge.
internal sealed partial class Runner
{
    /// <summary>Null: not a builtin that is done here.</summary>
    private Flow? Builtin(byte[] name, ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Flow input, Span span)
    {
        switch (System.Text.Encoding.ASCII.GetString(name))
        {
            case "cd":
                ChangeDirectory(arguments, state);
                break;
            case "pushd":
            case "popd":
                Stacked(name[1] == 'u', arguments, state);
                break;
            case "export" or "declare" or "typeset" or "local" or "readonly":
                Declare(name, arguments, state, frame, span);
                break;
            case "unset":
                Unset(arguments, state, frame);
                break;
            case "read":
                Read(arguments, state, input);
                break;
            case "mapfile" or "readarray":
                int callback = IndexOf(arguments, "-C"u8);
                if (callback >= 0 && callback + 1 < arguments.Length)
                    _ = RunCode(Language.Shell, ToText(arguments.Slice(callback + 1, 1)), state.Fork(), frame, span, name, Flow.Nothing);
                ReadLines(arguments, state, input);
                break;
            case "printf" when arguments.Length > 2 && arguments[0].Text.AsSpan().SequenceEqual("-v"u8):
                Taint all = Taint.None;
                foreach (Value argument in arguments)
                    all |= argument.Taint;
                Flow? printed = Filters.Apply("printf"u8.ToArray(), [.. arguments[2..]], [], Flow.Nothing);
                Expand(state).Set(arguments[1].Text, printed?.Text is { } text ? new Value(text) { Taint = all } : Value.Unknown(all), append: false);
                break;
            case "set":
                SetOptions(arguments, state);
                break;
            case "shift":
                Shift(arguments, state);
                break;
            case "getopts":
                GetOptions(arguments, state);
                break;
            case "let":
                foreach (Value expression in arguments)
                    _ = Expand(state).Calculate(expression);
                break;
            case "test" or "[":
                for (int i = 0; i + 1 < arguments.Length; i++)
                {
                    if (arguments[i].Text is [(byte)'-', (byte)'v' or (byte)'R'])
                        Expand(state).Probe(arguments[i + 1]);
                }

                return null;
            case "compgen" or "complete":
                Complete(arguments, state, frame, span, name);
                return null;
            case "bind" when IndexOf(arguments, "-x"u8) is int keys && keys >= 0 && keys + 1 < arguments.Length:
                ReadOnlySpan<byte> binding = arguments[keys + 1].Text;
                _ = RunCode(Language.Shell, new Flow(binding[(binding.IndexOf((byte)':') + 1)..].Trim("\" "u8).ToArray(), arguments[keys + 1].Taint), state.Fork(), frame, span, name, Flow.Nothing);
                return null;
            case "shopt":
                for (int i = 1; i < arguments.Length; i++)
                {
                    if (arguments[i].Text.AsSpan().SequenceEqual("extglob"u8) && arguments[0].Text is [(byte)'-', (byte)'s'])
                        state.ExtendedGlob = true;
                }

                break;
            case "return":
                if (state.Function is { } function)
                {
                    function.Break(state);
                    state.Ended = true;
                }

                break;
            case "break" or "continue":
                LeaveRound(name[0] == 'b', arguments, state);
                break;
            case "eval":
                Flow evaluated = ToText(arguments.Length > 0 && arguments[0].Text.AsSpan().SequenceEqual("--"u8) ? arguments[1..] : arguments);
                state.MayHoldMore |= evaluated.Text is null || evaluated.Text.AsSpan().IndexOf(Value.Hole) >= 0;
                return RunCode(Language.Shell, evaluated, state, frame, span, name, input);
            case "source" or ".":
                state.MayHoldMore = true;
                return arguments.Length == 0 ? Flow.Nothing : Source(arguments, state, frame, input, span, name);
            case "exec":
            case "command":
            case "builtin":
                return Prefix(name, arguments, state, frame, input, span);
            case "trap":
                if (arguments.Length > 0 && arguments[0].Text.AsSpan().SequenceEqual("--"u8))
                    arguments = arguments[1..];
                Trap(arguments, state, frame, span, name);
                break;
            case "alias":
                foreach (Value alias in arguments)
                {
                    int equals = alias.Text.AsSpan().IndexOf((byte)'=');
                    if (equals > 0)
                        Define(new Definition(alias.Text[..equals], null, alias.Text[(equals + 1)..], frame.Source), state, frame, span);
                }

                break;
            case "hash" when IndexOf(arguments, "-p"u8) >= 0:
                Opaque(frame.SpanOf(span), "a program's name is made to stand for another program");
                break;
            case "unalias" or "wait" or "hash" or "ulimit" or "umask" or "times" or "fg" or "bg" or "disown" or "true" or "false" or ":":
                break;
            case "exit" or "logout":
                state.Ended = true;
                break;
            default:
                return null;
        }

        return Shown(name, arguments, state, frame, input, span);
    }

    // What a builtin shows or gives away besides is knowledge: "builtin:NAME".
    private Flow Shown(byte[] name, ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Flow input, Span span)
    {
        if (knowledge.Find([.. "builtin:"u8, .. name]) is { } known)
            return Perform(new Call(name, frame, span, input, state) { Words = TextsOf(arguments) }, known, arguments);
        Nothing(frame.SpanOf(span));
        return Flow.Nothing;
    }

    private static int IndexOf(ReadOnlySpan<Value> values, ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (text.SequenceEqual(values[i].Text))
                return i;
        }

        return -1;
    }

    private static Flow ToText(ReadOnlySpan<Value> values)
    {
        Taint taint = Taint.None;
        bool known = true;
        foreach (Value value in values)
        {
            taint |= value.Taint;
            known &= !(value.HasHole && value.Text.Length == 1);
        }

        return known ? new Flow(Joined(values), taint) : Flow.Unknown(taint);
    }

    private void ChangeDirectory(ReadOnlySpan<Value> arguments, ShellState state)
    {
        Value? target = null;
        foreach (Value argument in arguments)
        {
            if (target is null && (argument.Text.Length < 2 || argument.Text[0] != '-'))
                target = argument;
        }

        byte[]? before = state.Directory;
        if (target is null)
            state.Directory = state.Find("HOME"u8) is { } home ? home.Scalar() is [{ IsKnown: true } own] ? AbsoluteOf(own, before) : null : surroundings.Home.Length > 0 ? surroundings.Home : null;
        else if (target.Text is [(byte)'-'])
            state.Directory = state.PreviousDirectory;
        else if (target.Text is [not (byte)'/' and not (byte)'.', ..] && state.Find("CDPATH"u8) is { Values.Length: > 0 })
            state.Directory = null;
        else if (target.Text.Length > 0)
            state.Directory = target.IsSeveral ? null : AbsoluteOf(target, before);
        state.PreviousDirectory = before;

        // The shell sets both anew, whatever they held.
        state.Remove("PWD"u8);
        state.Remove("OLDPWD"u8);
    }

    // pushd and popd: folders kept on a stack. What a numbered entry leads to is not worked out.
    private void Stacked(bool pushes, ReadOnlySpan<Value> arguments, ShellState state)
    {
        byte[]?[] stack = state.Stack;
        byte[]? here = state.Directory;
        bool plain = arguments.Length == 0 || (arguments.Length == 1 && arguments[0].Text is not [(byte)'+' or (byte)'-', _, ..]);
        if (!plain)
        {
            (state.Directory, state.PreviousDirectory, state.Stack) = (null, here, [null]);
        }
        else if (pushes && arguments.Length == 1)
        {
            ChangeDirectory(arguments, state);
            if (stack.Length < 64)
                state.Stack = [here, .. stack];
        }
        else if (stack.Length > 0)
        {
            (state.Directory, state.PreviousDirectory) = (stack[0], here);
            state.Stack = pushes ? [here, .. stack[1..]] : stack[1..];
        }

        state.Remove("PWD"u8);
        state.Remove("OLDPWD"u8);
    }

    private void Unset(ReadOnlySpan<Value> arguments, ShellState state, Frame frame)
    {
        bool functions = false, variables = false;
        foreach (Value argument in arguments)
        {
            if (argument.Text is [(byte)'-', _, ..])
            {
                functions |= argument.Text.AsSpan().IndexOf((byte)'f') > 0;
                variables |= argument.Text.AsSpan().IndexOf((byte)'v') > 0;
                if (argument.Text.AsSpan().IndexOf((byte)'n') > 0)
                    return;
                continue;
            }

            // Without an option, a function goes where there is no variable of that name.
            bool function = state.FindDefinition(argument.Text, alias: false) is not null && !variables && (functions || state.FindOwn(argument.Text) is null);
            if (function)
                _ = state.Define(new Definition(argument.Text, null, null, frame.Source));
            else if (!functions && !argument.HasHole)
                Expand(state).Unset(argument.Text);
        }
    }

    private static void LeaveRound(bool breaks, ReadOnlySpan<Value> arguments, ShellState state)
    {
        int levels = 1;
        if (arguments.Length > 0 && arguments[0].IsKnown)
            _ = System.Buffers.Text.Utf8Parser.TryParse(arguments[0].Text, out levels, out _);
        Leaving? loop = state.Loop;
        for (int i = 1; i < levels && loop?.Outer is not null; i++)
            loop = loop.Outer;

        // Outside of a loop it only complains.
        if (loop is null)
            return;
        if (breaks)
            loop.Break(state);
        else
            loop.Continue(state);
        state.Ended = true;
    }

    // What waits for the end of the request's own shell runs then; elsewhere, and what may run at any moment, is looked at now.
    private void Trap(ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Span span, byte[] name)
    {
        if (arguments.Length < 2 || arguments[0].Text.AsSpan().StartsWith("-"u8) || arguments[0].Text.Length == 0)
            return;
        Flow code = ToText(arguments[..1]);
        bool any = !state.IsMain || _traps.Count >= 16;
        foreach (Value signal in arguments[1..])
            any |= signal.HasHole || signal.Text.AsSpan().SequenceEqual("DEBUG"u8) || signal.Text.AsSpan().SequenceEqual("ERR"u8) || signal.Text.AsSpan().SequenceEqual("RETURN"u8);
        if (any)
            _ = RunCode(Language.Shell, code, state.Fork(), frame, span, name, Flow.Nothing);
        if (state.IsMain && _traps.Count < 16)
            _traps.Add((code, frame, span));
    }

    // Completions: commands and words that are expanded when they are asked for.
    private void Complete(ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Span span, byte[] name)
    {
        for (int i = 0; i + 1 < arguments.Length; i++)
        {
            if (arguments[i].Text is [(byte)'-', (byte)'C' or (byte)'F'])
                _ = RunCode(Language.Shell, ToText(arguments.Slice(i + 1, 1)), state.Fork(), frame, span, name, Flow.Nothing);
            else if (arguments[i].Text is [(byte)'-', (byte)'W'])
                _ = Expand(state).ExpandAgain(arguments[i + 1].Text, arguments[i + 1].Taint);
        }
    }

    private Flow Source(ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Flow input, Span span, byte[] name)
    {
        Value file = arguments[0];
        Call call = new(name, frame, span, input, state);
        PathClass place = AddPath(Verb.Read, file, call, Attributes.None);
        Flow content = file.Text.AsSpan().SequenceEqual("/dev/stdin"u8) ? input : ContentOf(file, place, state);
        if (content.Text is not null || (content.Taint & (Taint.Network | Taint.Decoded)) != 0)
        {
            // It may return, and have arguments of its own.
            (Leaving? outer, Value[]? before) = (state.Function, state.Arguments);
            Leaving left = state.Function = new Leaving();
            if (arguments.Length > 1)
                state.Arguments = arguments[1..].ToArray();
            Flow output = RunCode(Language.Shell, content, state, frame, span, name, input);
            Returned(state, left);
            state.Function = outer;
            if (arguments.Length > 1)
                state.Arguments = before;
            return output;
        }

        NoteScript(call, file, place, content.Taint);
        return Flow.Unknown();
    }

    private static void Returned(ShellState state, Leaving left)
    {
        if (left.Broken is not { } returned)
            return;
        if (state.Ended)
            state.Become(returned);
        else
            state.Join(returned);
    }

    // exec ends the shell; "command -v x" only asks.
    private Flow Prefix(byte[] name, ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Flow input, Span span)
    {
        int i = 0;
        while (i < arguments.Length && arguments[i].Text.Length > 1 && arguments[i].Text[0] == '-')
        {
            ReadOnlySpan<byte> option = arguments[i].Text;
            if (name[0] == 'c' && option.IndexOfAny("vV"u8) > 0)
            {
                Nothing(frame.SpanOf(span));
                return option.IndexOf((byte)'v') > 0 && arguments[(i + 1)..] is [{ IsKnown: true } sought] && Filters.Found(sought.Text) is { } found ? found : Flow.Unknown();
            }

            if (name[0] == 'e' && option.IndexOf((byte)'c') > 0)
                Clear(state, all: true, [], inside: false);
            i += name[0] == 'e' && option[^1] == 'a' ? 2 : 1;
        }

        if (i >= arguments.Length)
        {
            Nothing(frame.SpanOf(span));
            return Flow.Nothing;
        }

        // These three pass functions and aliases by.
        Frame inner = frame.Through(name);
        Value target = arguments[i];
        Flow flow = target.HasHole || target.Many ? Invoke(arguments[i..], state, inner, input, span)
            : Builtin(target.Text, arguments[(i + 1)..], state, inner, input, span) ?? RunProgram(target, arguments[(i + 1)..], state, inner, input, span);
        state.Ended |= name[0] == 'e';
        return flow;
    }
}
