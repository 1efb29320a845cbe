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
            case "pushd":
                ChangeDirectory(arguments, state);
                break;
            case "popd":
                state.Directory = state.PreviousDirectory;
                break;
            case "export" or "declare" or "typeset" or "local" or "readonly":
                Declare(arguments, state, frame, span);
                break;
            case "unset":
                foreach (Value variable in arguments)
                    state.Set(variable.Text, [], isArray: false);
                break;
            case "read" or "mapfile" or "readarray":
                int callback = name[0] == 'm' ? IndexOf(arguments, "-C"u8) : -1;
                if (callback >= 0 && callback + 1 < arguments.Length)
                    _ = RunCode(Language.Shell, ToText(arguments.Slice(callback + 1, 1)), state.Copy(), frame, span, name, Flow.Nothing);
                ReadVariables(arguments, state, input);
                break;
            case "printf" when arguments.Length > 2 && arguments[0].Text.AsSpan().SequenceEqual("-v"u8):
                Flow? printed = Filters.Apply("printf"u8.ToArray(), [.. arguments[2..]], [], Flow.Nothing);
                state.Set(arguments[1].Text, printed?.Text is { } text ? Value.Of(text) : Value.Unknown());
                break;
            case "set":
                int dashes = IndexOf(arguments, "--"u8);
                if (dashes >= 0)
                    state.Arguments = arguments[(dashes + 1)..].ToArray();
                break;
            case "shift":
                if (state.Arguments is { Length: > 0 })
                    state.Arguments = state.Arguments[1..];
                break;
            case "eval":
                return RunCode(Language.Shell, ToText(arguments), state, frame, span, name, input);
            case "source" or ".":
                return arguments.Length == 0 ? Flow.Nothing : Source(arguments, state, frame, input, span, name);
            case "exec":
            case "command":
            case "builtin":
                return Prefix(name, arguments, state, frame, input, span);
            case "trap":
                if (arguments.Length > 0 && arguments[0].Text.AsSpan().SequenceEqual("--"u8))
                    arguments = arguments[1..];
                if (arguments.Length > 1 && !arguments[0].Text.AsSpan().StartsWith("-"u8) && arguments[0].Text.Length > 0)
                    _ = RunCode(Language.Shell, ToText(arguments[..1]), state.Copy(), frame, span, name, Flow.Nothing);
                break;
            case "alias":
                foreach (Value alias in arguments)
                {
                    int equals = alias.Text.AsSpan().IndexOf((byte)'=');
                    if (equals > 0)
                        state.Define(new Definition(alias.Text[..equals], null, alias.Text[(equals + 1)..], frame.Source));
                }

                break;
            case "hash" when IndexOf(arguments, "-p"u8) >= 0:
                Opaque(frame.SpanOf(span), "a program's name is made to stand for another program");
                break;
            case "unalias" or "let" or "return" or "break" or "continue" or "wait" or "hash" or "getopts" or "shopt" or "ulimit" or "umask" or "times" or "jobs" or "fg" or "bg" or "disown" or "true" or "false" or ":":
                break;
            case "exit" or "logout":
                state.Ended = true;
                break;
            default:
                return null;
        }

        // What such a command shows or gives away besides is knowledge: "builtin:NAME".
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
            if (argument.Text.Length < 2 || argument.Text[0] != '-')
                target ??= argument;
        }

        byte[]? before = state.Directory;
        if (target is null)
            state.Directory = surroundings.Home.Length > 0 ? surroundings.Home : null;
        else if (target.Text is [(byte)'-'])
            state.Directory = state.PreviousDirectory;
        else
            state.Directory = target.Pattern || target.Many ? null : AbsoluteOf(target, state.Directory);
        state.PreviousDirectory = before;
    }

    private void Declare(ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Span span)
    {
        bool reference = false;
        foreach (Value argument in arguments)
        {
            ReadOnlySpan<byte> text = argument.Text;
            if (text.Length > 1 && text[0] == '-')
            {
                reference |= text.IndexOf((byte)'n') > 0;
                continue;
            }

            int equals = text.IndexOf((byte)'=');
            if (equals <= 0)
                continue;
            bool append = text[equals - 1] == '+';
            byte[] name = text[..(append ? equals - 1 : equals)].ToArray();
            Value value = new(text[(equals + 1)..].ToArray()) { Taint = argument.Taint, Pattern = argument.Pattern };

            // A name reference stands for the variable it names; what it will hold is then anybody's.
            if (reference)
                value = state.Find(value.Text) is { Values: [var named] } ? named : Value.Unknown(argument.Taint);
            else if (append && state.Find(name) is { Values: [var old] })
                value = new Value([.. old.Text, .. value.Text]) { Taint = old.Taint | value.Taint };
            state.Set(name, value);
            Environment(name, value, frame, span);
        }
    }

    private static void ReadVariables(ReadOnlySpan<Value> arguments, ShellState state, Flow input)
    {
        ReadOnlySpan<byte> line = input.Text;
        int newline = line.IndexOf((byte)'\n');
        line = newline < 0 ? line : line[..newline];
        for (int i = 0; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> name = arguments[i].Text;
            if (name.Length > 0 && name[0] == '-')
            {
                // Options of read that take a value: -d -n -N -p -t -u -i -a.
                if (name.Length == 2 && "dnNptui"u8.IndexOf(name[1]) >= 0)
                    i++;
                continue;
            }

            if (input.Text is null)
            {
                state.Set(name.ToArray(), Value.Unknown(input.Taint));
                continue;
            }

            line = line.Trim((byte)' ');
            int space = i == arguments.Length - 1 ? -1 : line.IndexOfAny(" \t"u8);
            state.Set(name.ToArray(), new Value((space < 0 ? line : line[..space]).ToArray()) { Taint = input.Taint });
            line = space < 0 ? default : line[(space + 1)..];
        }
    }

    private Flow Source(ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Flow input, Span span, byte[] name)
    {
        Value file = arguments[0];
        Call call = new(name, frame, span, input, state);
        PathClass place = AddPath(Verb.Read, file, call, Attributes.None);
        Flow content = file.Text.AsSpan().SequenceEqual("/dev/stdin"u8) ? input : ContentOf(file, place, state);
        if (content.Text is not null || (content.Taint & (Taint.Network | Taint.Decoded)) != 0)
            return RunCode(Language.Shell, content, state, frame, span, name, input);
        NoteScript(call, file, place, content.Taint);
        return Flow.Unknown();
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

            i += name[0] == 'e' && option.SequenceEqual("-a"u8) ? 2 : 1;
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
