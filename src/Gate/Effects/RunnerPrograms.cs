using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Programs by what is known of them: reading the words by the program's style, then acting on roles and effects.
// Top to bottom: Invoke picks function, builtin or program; NameOf finds which program a word names; Perform walks the words;
// options are read in RunnerOptions.cs, what the words mean is in RunnerRoles.cs.
internal sealed partial class Runner
{
    /// <summary>A word and what comes after it as arguments. External: another program starts it, so no alias or function of this shell counts.</summary>
    private Flow Invoke(ReadOnlySpan<Value> words, ShellState state, Frame frame, Flow input, Span span, bool external = false)
    {
        ShellState? outer = _started;
        _started = state;
        Flow output = InvokeIn(words, state, frame, input, span, external);
        _started = outer;
        return output;
    }

    private Flow InvokeIn(ReadOnlySpan<Value> words, ShellState state, Frame frame, Flow input, Span span, bool external)
    {
        if (frame.Depth > MaximumDepth)
        {
            Opaque(frame.SpanOf(span), $"code is nested more than {MaximumDepth} deep");
            return Flow.Unknown();
        }

        if (++_steps > MaximumSteps && IsWornOut(frame, span))
            return Flow.Unknown();

        Value first = words[0];
        if (first.HasHole || (first.Many && !first.Pattern))
        {
            Open |= Guesses.Empty;
            Note(frame, span, Verb.Opaque, "which program runs is not known", words, [], first.Taint);
            return Flow.Unknown(first.Taint | SecretsAmong(words[1..], state));
        }

        byte[] text = first.Text;
        if (!external && state.FindDefinition(text, alias: true) is { Alias: { } alias } && !IsInside(frame, text))
        {
            // A script expands no aliases, nor does the line that makes them: the program of that name may be what runs.
            ShellState expanded = state.Copy();
            Flow flow = RunShellText(new Flow([.. alias, (byte)' ', .. Joined(words[1..])], Taint.None), expanded, frame, span, text, input);
            if (knowledge.Find(text) is null && state.FindDefinition(text, alias: false) is null)
            {
                state.Become(expanded);
                return flow;
            }

            state.Join(expanded);
        }

        if (!external && state.FindDefinition(text, alias: false) is { Body: { } body } function)
        {
            if (!function.Uncertain || knowledge.Find(text) is null)
                return CallFunction(function, body, words[1..], state, frame, input, span);
            ShellState called = state.Copy();
            _ = CallFunction(function, body, words[1..], called, frame, input, span);
            state.Join(called);
        }

        if (Builtin(text, words[1..], state, frame, input, span) is { } done)
            return done;
        return RunProgram(first, words[1..], state, frame, input, span);
    }

    private static bool IsInside(Frame frame, byte[] name)
    {
        foreach (byte[] wrapper in frame.Wrappers)
        {
            if (wrapper.AsSpan().SequenceEqual(name))
                return true;
        }

        return false;
    }

    private Flow CallFunction(Definition function, Shell.Command body, ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Flow input, Span span)
    {
        // A function that starts itself without end floods the machine: :(){ :|:& };:
        if (frame.Depth > MaximumDepth - 2)
        {
            Add(frame, span, new Effect { Verb = Verb.Touch, Kind = Kind.System, Target = "endless recursion"u8.ToArray(), Program = function.Name });
            return Flow.Unknown();
        }

        if (_wornOut && ++function.Surveyed > MaximumSurveyRounds)
            return Flow.Unknown();
        (Value[]? outer, Leaving? around, bool inside, object? scope, Leaving? loop) = (state.Arguments, state.Function, state.InFunction, state.Scope, state.Loop);
        Leaving left = new();
        (state.Arguments, state.Function, state.InFunction) = (arguments.ToArray(), left, true);
        Frame inner = new(function.Source) { Within = frame.SpanOf(span), Wrappers = frame.Wrappers, Depth = frame.Depth + 1, Attributes = frame.Attributes, Elsewhere = frame.Elsewhere, Mounts = frame.Mounts };
        Flow output = RunCommand(body, state, inner, input);
        Returned(state, left);
        state.Restore(scope);
        (state.Arguments, state.Function, state.InFunction, state.Loop, state.Ended) = (outer, around, inside, loop, false);
        return output;
    }

    private Flow RunProgram(Value program, ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Flow input, Span span)
    {
        byte[] name = NameOf(program, state, frame, span, arguments, out bool foreign);
        Specification? specification = foreign ? null : knowledge.Find(name);
        if (specification is null && !foreign && knowledge.Find(WithoutVersion(name)) is { } plain)
            (specification, name) = (plain, WithoutVersion(name).ToArray());
        if (foreign && program.Pattern && program.Text.AsSpan().IndexOf((byte)'/') >= 0)
            GuessPrograms(name, arguments, state, frame, input, span);
        if (specification is null && !foreign && InOwnEnvironment(name, frame, out byte[] bare))
            (specification, name) = (knowledge.Find(bare), bare);
        if (name.Length == 0 || foreign)
            return Flow.Unknown(specification is null && program.Pattern ? SecretsAmong(arguments, state) : Taint.None);
        Call call = new(name, frame, span, input, state) { Words = TextsOf(arguments), Taint = input.Taint };
        if (specification is null)
        {
            // A rule may still know it by its words. Started by what starts the project's own programs, it is one of them; asked only for its version
            // or its help, whatever it is says just that.
            bool own = !program.Pattern && input.Taint == Taint.None
                && ((frame.Wrappers is [.., var starter] && knowledge.Find([.. "project-runner "u8, .. starter]) is not null)
                    || (call.Words is [var word] && knowledge.Find([.. "any-program "u8, .. word]) is not null));
            Add(frame, span, new Effect
            {
                Verb = own ? Verb.Run : Verb.Opaque, Attributes = own ? Attributes.Project : Attributes.None, Kind = Kind.Code, Program = name, Subcommand = FirstPlain(call.Words), Words = call.Words, Why = $"nothing is known about the program '{System.Text.Encoding.UTF8.GetString(name)}'",
            });
            call.Taint |= SecretsAmong(arguments, state);
            foreach (Value argument in arguments)
                call.Taint |= argument.Taint;
            RunEmbedded(call, arguments);
            return Flow.Unknown(call.Taint);
        }

        return Perform(call, specification, arguments);
    }

    // hatch run ENVIRONMENT:PROGRAM
    private bool InOwnEnvironment(byte[] name, Frame frame, out byte[] bare)
    {
        bare = name[(name.AsSpan().LastIndexOf((byte)':') + 1)..];
        return bare.Length > 0 && bare.Length < name.Length && frame.Wrappers is [.., var starter] && knowledge.Find([.. "project-runner "u8, .. starter]) is not null && knowledge.Find(bare) is not null;
    }

    // A program that nobody knows may print what it is given to read.
    private Taint SecretsAmong(ReadOnlySpan<Value> arguments, ShellState state)
    {
        for (int i = 0; i < arguments.Length && i < 16; i++)
        {
            if (arguments[i] is { IsKnown: true, Text: [not (byte)'-', ..] } && AbsoluteOf(arguments[i], state.Directory) is { } path && paths.Classify(path, out _, out _) == PathClass.Secret)
                return Taint.Secret;
        }

        return Taint.None;
    }

    // npx eslint@9: a package runner is told which version of a program to take.
    private static ReadOnlySpan<byte> WithoutVersion(byte[] name)
    {
        int at = name.AsSpan().LastIndexOf((byte)'@');
        return at > 0 ? name.AsSpan(0, at) : default;
    }

    /// <summary>
    /// The program's name. A path in a system folder or in a project's tool folder stands for its name; any other file is the project's own
    /// code (in the workspace), text written in this very line, or nobody knows what: then its effects are noted here and <paramref name="foreign"/> is set.
    /// </summary>
    private byte[] NameOf(Value program, ShellState state, Frame frame, Span span, ReadOnlySpan<Value> arguments, out bool foreign)
    {
        foreign = false;
        byte[] text = program.Pattern ? WithoutBrackets(program.Text) : program.Text;
        int slash = text.AsSpan().LastIndexOf((byte)'/');
        byte[] name = text[(slash + 1)..];
        if (name.Length == 0 || (program.Pattern && name is not [(byte)'['] && name.AsSpan().IndexOfAny("*?["u8) >= 0) || name.AsSpan().IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0)
        {
            Note(frame, span, Verb.Opaque, "which program runs is not known", [program, .. arguments], [], Taint.None, Attributes.Disguised);
            foreign = true;
            return name;
        }

        if (slash < 0 && _files.Count > 0 && MadeOnPath(name, state) is { } own)
        {
            foreign = true;
            RunMade(own, program, arguments, state, frame, span, name);
            return name;
        }

        if (slash < 0 || program.Pattern || IsToolFolder(text.AsSpan(0, slash + 1)))
            return name;
        byte[]? path = AbsoluteOf(program, state.Directory);
        Flow content = path is null ? Flow.Unknown() : ContentOf(program, PathClass.None, state);
        Attributes marks = Attributes.None;
        PathClass place = path is null || frame.Elsewhere ? PathClass.Unknown : paths.Classify(path, out _, out marks);
        if (place is PathClass.System)
            return name;

        // Where a person's own tools are installed, a known name is that program, as it is when the shell finds it there.
        if ((marks & Attributes.Known) != 0 && content.Text is null && content.Taint == Taint.None && knowledge.Find(name) is not null)
            return name;
        foreign = true;
        if (content.Text is not null || (content.Taint & (Taint.Network | Taint.Decoded)) != 0)
        {
            RunMade(content, program, arguments, state, frame, span, name);
            return name;
        }

        // A program that a compiler of this very text has made, wherever it lies.
        bool made = place == PathClass.Temporary && IsOurs(path!);
        if ((place is PathClass.Workspace or PathClass.OtherWorktree && (content.Taint & Taint.Outside) == 0) || made)
        {
            foreign = knowledge.Find([.. "./"u8, .. name]) is null;
            if (foreign)
                Add(frame, span, new Effect { Verb = Verb.Run, Kind = Kind.Code, Attributes = Attributes.Project, Program = name, Target = path!, Words = TextsOf(arguments) });
            if (foreign)
                LookIntoWritten(frame, span, state, name);
            return foreign ? name : [.. "./"u8, .. name];
        }

        Add(frame, span, new Effect
        {
            Verb = Verb.Opaque, Kind = Kind.Code, Program = name, Target = path ?? program.Text, Words = TextsOf([program, .. arguments]), Why = "it runs a program from outside the workspace and the system",
        });
        return name;
    }

    // A bracket around one character stands for it: /bin/r[m].
    private static byte[] WithoutBrackets(byte[] text)
    {
        ByteBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool single = text[i] == '[' && i + 2 < text.Length && text[i + 2] == ']' && text[i + 1] is not ((byte)'!' or (byte)'^');
            plain.Add(text[single ? i + 1 : i]);
            i += single ? 2 : 0;
        }

        return plain.ToArray();
    }

    // PATH=$PWD/bin:$PATH: a program of that name that this text has put there itself.
    private Flow? MadeOnPath(byte[] name, ShellState state)
    {
        if (state.Find("PATH"u8) is not { Values: [var folders] })
            return null;
        ReadOnlySpan<byte> rest = folders.Text;
        while (rest.Length > 0)
        {
            int colon = rest.IndexOf((byte)':');
            ReadOnlySpan<byte> folder = colon < 0 ? rest : rest[..colon];
            rest = colon < 0 ? default : rest[(colon + 1)..];
            if (folder.Length > 0 && folder.IndexOf(Value.Hole) < 0 && AbsoluteOf(new Value([.. folder, (byte)'/', .. name]), state.Directory) is { } path && _files.Content(path) is { } made && (made.Text is not null || made.Taint != Taint.None))
                return made;
        }

        return null;
    }

    // A program that is found inside itself so often floods the machine (each start counts twice: as a program and as its text).
    private const int MaximumSelves = 6;

    // A file that this text made is started: its first line says by what.
    private void RunMade(Flow content, Value program, ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Span span, byte[] name)
    {
        int levels = 0;
        foreach (byte[] wrapper in frame.Wrappers)
            levels += wrapper.AsSpan().SequenceEqual(name) ? 1 : 0;
        if (levels >= MaximumSelves)
        {
            Add(frame, span, new Effect { Verb = Verb.Touch, Kind = Kind.System, Target = "endless recursion"u8.ToArray(), Program = name });
            return;
        }

        ReadOnlySpan<byte> first = content.Text;
        int end = first.IndexOf((byte)'\n');
        first = first.StartsWith("#!"u8) ? (end < 0 ? first : first[..end])[2..].Trim((byte)' ') : default;
        if (first.StartsWith("/usr/bin/env"u8))
            first = first[12..].TrimStart("- S"u8);
        int space = first.IndexOf((byte)' ');
        first = NameOf(space < 0 ? first : first[..space]);
        Language language = first.Length > 0 && knowledge.Find(first) is { InputRole: Role.Code } interpreter ? interpreter.InputLanguage : Language.Shell;
        RunCode(language, content, state.Child(program, arguments.ToArray()), frame.Through(name), span, name, Flow.Unknown());
    }

    // Folders where a project or a system keeps programs under their usual names.
    private static bool IsToolFolder(ReadOnlySpan<byte> folder)
    {
        foreach (string known in (ReadOnlySpan<string>)["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/", "/opt/homebrew/bin/", "node_modules/.bin/", "venv/bin/", ".venv/bin/", "env/bin/", "vendor/bin/"])
        {
            byte[] bytes = System.Text.Encoding.ASCII.GetBytes(known);
            if (folder.SequenceEqual(bytes) || (known[0] != '/' && folder.EndsWith(bytes) && (folder.Length == bytes.Length || folder[folder.Length - bytes.Length - 1] == '/')))
                return true;
        }

        return false;
    }

    /// <summary>Reads the words by the specification and notes every effect. Returns what the program would print.</summary>
    private Flow PerformIn(Call call, Specification specification, ReadOnlySpan<Value> arguments)
    {
        List<Specification> chain = [specification];
        List<Value> operands = call.Operands;
        if (specification.Style == WordStyle.Single)
            (call.NamePattern, call.PathPattern) = (NameIn(arguments), PathIn(arguments));
        else
            call.LooksFor = specification is { OperandCount: > 1 } && specification.Operand(0).Role == Role.Text && specification.Operand(1).Role is Role.Read or Role.Look;
        List<(OptionEntry Option, Value Value)> values = [];
        OptionEntry overriding = default;
        Specification current = specification;
        bool ended = false, chose = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            Value word = arguments[i];
            if (word.Text is [(byte)'-'] && !ended && current.Style == WordStyle.First && operands.Count == 0 && FindOption(chain, word.Text, false) is { IsKnown: true } dash)
            {
                Take(call, dash, Value.Of([]), values, ref overriding);
                continue;
            }

            bool option = !ended && current.Style != WordStyle.Plain && word.Text.Length > 1 && (word.Text[0] == '-' || (current.Style == WordStyle.Assign && word.Text.AsSpan().IndexOf((byte)'=') > 0));
            if (option && word.Text.AsSpan().SequenceEqual("--"u8) && current.Style != WordStyle.Single)
            {
                if (FindOption(chain, "--"u8, false) is { IsKnown: true } dashes)
                    Take(call, dashes, Value.Of([]), values, ref overriding);
                ended = true;
                continue;
            }

            if (option)
            {
                ReadOption(call, chain, arguments, ref i, values, ref overriding, specification.Flags);
                continue;
            }

            if ((specification.Flags & SpecificationFlags.TarStyle) != 0 && i == 0 && word.IsKnown && word.Text.Length < 12)
            {
                ReadCluster(call, chain, word.Text, 0, arguments, ref i, values, ref overriding, tarStyle: true);
                continue;
            }

            // + options: bash +x, date +FORMAT, vim +cmd. Only those that are known count.
            if (!ended && word.Text.Length > 1 && word.Text[0] == '+' && FindOption(chain, word.Text.AsSpan(0, 1), false) is { IsKnown: true } plus)
            {
                Take(call, plus, new Value(word.Text[1..]) { Taint = word.Taint }, values, ref overriding);
                continue;
            }

            bool rest = overriding.OperandCount > 0 && overriding.Operand(0).Role is Role.Command or Role.Line;
            if (current.SubcommandCount > 0 && operands.Count == 0 && !rest && word.Text is [(byte)'+', ..])
                continue;
            if (current.SubcommandCount > 0 && operands.Count == 0 && !rest)
            {
                Specification? next = word.IsKnown ? current.Subcommand(word.Text) : null;
                if (next is null && (current.Default is not { OperandCount: > 0 } || chose is false && current.Default is null))
                {
                    // A program of that name after the dash: git cliff is git-cliff, cargo deny is cargo-deny.
                    if (i == 0 && word.IsKnown && knowledge.Find([.. call.Program, (byte)'-', .. word.Text]) is { } extension)
                        return Perform(new Call([.. call.Program, (byte)'-', .. word.Text], call.Frame, call.Span, call.Input, call.State) { Words = TextsOf(arguments[1..]), Taint = call.Taint }, extension, arguments[1..]);
                    call.Words = TextsOf(arguments);

                    // Asked only for help, it says just that, whatever it is.
                    bool help = i == 0 && arguments.Length == 2 && word.IsKnown && knowledge.Find([.. "any-program "u8, .. arguments[1].Text]) is not null;
                    Note(call.Frame, call.Span, help ? Verb.Run : Verb.Opaque, "this sub-command is not known", arguments, call.Program, Taint.None, help ? Attributes.Project : Attributes.None);

                    // What the options before it do, they do all the same: git -c alias.x='!…' x.
                    foreach ((OptionEntry given, Value value) in values)
                        Apply(call, new OperandRole(given.Role, given.Language, false), value, isOption: true);
                    RunEmbedded(call, arguments[i..]);
                    return Flow.Unknown(call.Taint);
                }

                if (next is not null)
                {
                    if (call.Subcommand.Length > 0 && next.OperandCount > 0 && next.Operand(0).Role == Role.Pathspec)
                        call.PathWord = word;
                    call.Subcommand = call.Subcommand.Length == 0 ? word.Text : [.. call.Subcommand, (byte)' ', .. word.Text];
                    chain.Add(next);
                    current = next;
                    chose = true;
                    continue;
                }
            }

            // From a wrapper's command on, every word belongs to it.
            Role role = RoleAt(current, overriding, operands, word);
            if (role is Role.Command or Role.Line && word.Text.AsSpan().SequenceEqual("--"u8))
                continue;
            if (role is Role.Command or Role.Line && word.Text is [(byte)'-', _, ..] && FindOption(chain, word.Text, true).IsKnown)
            {
                ReadOption(call, chain, arguments, ref i, values, ref overriding, specification.Flags);
                continue;
            }

            operands.Add(word);
            if (role is Role.Command or Role.Line)
            {
                for (int next = i + 1; next < arguments.Length; next++)
                    operands.Add(arguments[next]);
                break;
            }

            if (current.Style == WordStyle.First)
                ended = true;
        }

        if ((current.SubcommandCount > 0 || operands.Count == 0) && current.Default is { } otherwise)
        {
            chain.Add(otherwise);
            current = otherwise;
        }

        if (call.PathWord is { } path)
            operands.Insert(0, path);
        call.HasOperands = operands.Count > 0 && !overriding.IsKnown;
        return Act(call, chain, current, values, operands, overriding);
    }

    // NAME=VALUE words before a command are assignments; the first other word begins the command.
    private static Role RoleAt(Specification specification, OptionEntry overriding, List<Value> operands, Value word)
    {
        Specification from = specification.SubcommandCount > 0 && specification.Default is { } otherwise ? otherwise : specification;
        int count = overriding.IsKnown ? overriding.OperandCount : from.OperandCount, position = operands.Count;
        OperandRole last = default;
        for (int i = 0; i < count; i++)
        {
            OperandRole role = overriding.IsKnown ? overriding.Operand(i) : from.Operand(i);
            if (role is { Repeats: true, Role: Role.Assignment })
            {
                if (word.Text.AsSpan().IndexOf((byte)'=') is int equals && equals > 0 && IsName(word.Text.AsSpan(0, equals)))
                    return Role.Assignment;
                int assigned = 0;
                while (assigned < operands.Count && operands[assigned].Text.AsSpan().IndexOf((byte)'=') > 0)
                    assigned++;
                position -= assigned - i;
                last = role;
                continue;
            }

            if (i >= position || role.Repeats)
                return role.Role;
            last = role;
        }

        return last.Repeats ? last.Role : Role.Text;
    }

    private static byte[] FirstPlain(byte[][] words) => Array.Find(words, word => word.Length > 0 && word[0] != '-') ?? [];

    private static byte[][] TextsOf(ReadOnlySpan<Value> values)
    {
        byte[][] texts = new byte[values.Length][];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = values[i].Text;
        return texts;
    }

    private static byte[] Joined(ReadOnlySpan<Value> values)
    {
        ByteBuilder text = new(64);
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
                text.Add((byte)' ');
            text.Add(values[i].Text);
        }

        return text.ToArray();
    }

    private void Note(Frame frame, Span span, Verb verb, string why, ReadOnlySpan<Value> words, byte[] program, Taint taint, Attributes attributes = Attributes.None)
    {
        attributes |= (taint & Taint.Network) != 0 ? Attributes.FromNetwork : 0;
        attributes |= (taint & Taint.Decoded) != 0 ? Attributes.Decoded : 0;
        Add(frame, span, new Effect { Verb = verb, Kind = Kind.Code, Attributes = attributes, Program = program, Words = TextsOf(words), Why = why });
    }
}
