using System;
using Gate.Expansion;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

// One simple command: assignments, words, redirections; then function, builtin or program.
internal sealed partial class Runner
{
    private Flow RunSimple(SimpleCommand command, ShellState state, Frame frame, Flow input)
    {
        Span span = frame.SpanOf(command.Span);
        _steps++;
        if (frame.Depth > MaximumDepth)
        {
            Opaque(span, $"code is nested more than {MaximumDepth} deep");
            return Flow.Unknown();
        }

        bool declares = command.Words.Length > 1 && IsDeclaration(frame.Source.Slice(command.Words[0].Span));
        Value[] words = command.Words.Length == 0 ? [] : Expand(state).Words(declares ? command.Words[..1] : command.Words, frame.Source);
        OutputFile? redirected = command.Redirects.Length > 0 ? Redirections(command.Redirects, state, frame, ref input) : null;
        Flow output = Flow.Nothing;
        if (words.Length == 0)
        {
            // Only assignments or redirections: the files are noted already. $(<file) is what the file holds.
            Assign(command, state, frame, Traits.None, words);
            Nothing(span);
            if (command.Words.Length > 0)
                Opaque(span, "which program runs is not known");
            else if (command.Assignments.Length == 0 && Array.Exists(command.Redirects, redirect => redirect.Operator == RedirectOperator.Read))
                output = input;
        }
        else
        {
            // Assignments in front hold for this command only.
            Variable?[] before = Array.ConvertAll(command.Assignments, assignment => state.FindOwn(frame.Source.Joined(assignment.Name)));
            Assign(command, state, frame, Traits.Exported, words);
            Variable?[] during = Array.ConvertAll(command.Assignments, assignment => state.FindOwn(frame.Source.Joined(assignment.Name)));
            output = declares ? Declare(command, state, frame, words[0]) : Invoke(words, state, frame, input, command.Span);
            for (int i = command.Assignments.Length - 1; i >= 0; i--)
                TakeBack(state, frame.Source.Joined(command.Assignments[i].Name).ToArray(), before[i], during[i]);
            state.LastWord = declares ? null : words[^1].IsSeveral ? null : words[^1];
        }

        return Written(redirected, output, state, frame);
    }

    private static void TakeBack(ShellState state, byte[] name, Variable? before, Variable? during)
    {
        Variable? now = state.FindOwn(name);
        if (now is not null && !ReferenceEquals(now, during))
            state.Put(Variable.Unknown(name, now.Taint, Traits.None));
        else if (before is not null)
            state.Put(before);
        else
            state.Remove(name);
    }

    private void Assign(SimpleCommand command, ShellState state, Frame frame, Traits traits, ReadOnlySpan<Value> words)
    {
        foreach (Assignment assignment in command.Assignments)
        {
            byte[] name = frame.Source.Joined(assignment.Name).ToArray();
            Value? value = Expand(state).Assign(assignment, frame.Source);
            if (traits != Traits.None && state.FindOwn(name) is { } made)
                state.Put(made.With(traits));
            if (value is not null)
                Obeyed(name, value, state, frame, command.Span, words);
        }
    }

    // What is assigned may be obeyed by programs, or by the shell itself.
    private void Obeyed(byte[] name, Value value, ShellState state, Frame frame, Span span, ReadOnlySpan<Value> words = default)
    {
        if (name.AsSpan().SequenceEqual("PS4"u8))
            Expand(state).ShowPrompt(value);
        Environment(name, value, frame, span, words);
    }

    /// <summary>Variables that other programs obey: pagers, preloads, paths. What each means is knowledge under <c>env:NAME</c>.</summary>
    private void Environment(byte[] name, Value value, Frame frame, Span span, ReadOnlySpan<Value> words = default)
    {
        byte[] program = [.. "env:"u8, .. name];
        Specification? found = knowledge.Find(program);

        // What only one sub-command obeys is known by its name too: HUSKY=0 git commit.
        if (found is null && words.Length > 1 && words[0].IsKnown && words[1].IsKnown)
        {
            byte[] narrow = [.. program, (byte)' ', .. words[0].Text, (byte)' ', .. words[1].Text];
            if ((found = knowledge.Find(narrow)) is not null)
                program = narrow;
        }

        // Numbered and per-target variables share an entry: GIT_CONFIG_VALUE_* for GIT_CONFIG_VALUE_0, CARGO_TARGET_*_RUNNER.
        int last = name.AsSpan().LastIndexOf((byte)'_');
        if (found is null && last > 0 && last + 1 < name.Length && char.IsAsciiDigit((char)name[last + 1]))
            found = knowledge.Find([.. "env:"u8, .. name.AsSpan(0, last + 1), (byte)'*']);
        else if (found is null && name.AsSpan().StartsWith("CARGO_TARGET_"u8))
            found = knowledge.Find([.. "env:CARGO_TARGET_*"u8, .. name.AsSpan(last)]);
        if (found is not { } specification)
            return;
        Call call = new(program, frame, span, Flow.Nothing, _state);

        // Some hold options of a program: those are read one by one.
        if (specification.OptionCount > 0)
            Perform(call, specification, SplitWords(value));
        else
            Perform(call, specification, [value]);
    }

    private static Value[] SplitWords(Value value)
    {
        System.Collections.Generic.List<Value> words = [];
        ReadOnlySpan<byte> rest = value.Text;
        while (rest.Length > 0)
        {
            int space = 0, depth = 0;
            for (; space < rest.Length && (rest[space] != ' ' || depth > 0); space++)
                depth += rest[space] == '(' ? 1 : rest[space] == ')' ? -1 : 0;
            space = space < rest.Length ? space : -1;

            // Quotes around a whole word keep it together: GOFLAGS="'-toolexec=a b'".
            int close = rest[0] is (byte)'\'' or (byte)'"' ? rest[1..].IndexOf(rest[0]) : -1;
            if (close >= 0 && (close + 2 == rest.Length || rest[close + 2] == ' '))
                space = close + 2 < rest.Length ? close + 2 : -1;
            ReadOnlySpan<byte> word = close >= 0 && (space == close + 2 || close + 2 == rest.Length) ? rest.Slice(1, close) : space < 0 ? rest : rest[..space];
            rest = space < 0 ? default : rest[(space + 1)..];
            if (word.Length > 0)
                words.Add(new Value(word.ToArray()) { Taint = value.Taint });
        }

        return [.. words];
    }

    /// <summary>Opens the files of redirections. Returns where standard output goes when it does not go on, and changes the input.</summary>
    private OutputFile? Redirections(Redirect[] redirects, ShellState state, Frame frame, ref Flow input)
    {
        OutputFile? target = null;
        foreach (Redirect redirect in redirects)
        {
            Span span = redirect.Span;
            if (effects.IsFull)
                break;
            switch (redirect.Operator)
            {
                case RedirectOperator.HereString:
                    Value text = Expand(state).One(redirect.Target, frame.Source);
                    Opened(redirect, new Flow(text.HasHole ? null : [.. text.Text, (byte)'\n'], text.Taint), state, frame, ref input);
                    continue;
                case RedirectOperator.HereDocument:
                case RedirectOperator.HereDocumentTabs:
                    Opened(redirect, HereDocumentText(redirect, state, frame), state, frame, ref input);
                    continue;
                case RedirectOperator.DuplicateIn:
                case RedirectOperator.DuplicateOut:
                    ReadOnlySpan<byte> digits = frame.Source.Slice(redirect.Target.Span);
                    if (digits is [(byte)'$', ..] && Expand(state).One(redirect.Target, frame.Source) is { IsNumber: true } number)
                        digits = number.Text;
                    if (digits.IndexOfAnyExcept("0123456789-"u8) >= 0)
                        break;
                    if (redirect.Operator == RedirectOperator.DuplicateIn && redirect.Descriptor is -1 or 0 && digits is [>= (byte)'3', ..] or [>= (byte)'1', >= (byte)'0', ..])
                        input = OpenedAs(digits.TrimEnd((byte)'-'));
                    continue;
            }

            Value path = Expand(state).One(redirect.Target, frame.Source);
            if (Array.Exists(redirect.Target.Parts, part => part.Kind == NodeKind.Glob))
                path = new Value(path.Text) { Taint = path.Taint, Content = path.Content, Pattern = true };
            bool reads = redirect.Operator is RedirectOperator.Read or RedirectOperator.DuplicateIn;
            if (path.Text.AsSpan().StartsWith("/dev/tcp/"u8) || path.Text.AsSpan().StartsWith("/dev/udp/"u8))
            {
                ReadOnlySpan<byte> host = path.Text.AsSpan(9);
                int slash = host.IndexOf((byte)'/');
                Add(frame, span, new Effect { Verb = Verb.Send, Kind = Kind.Host, Target = (slash < 0 ? host : host[..slash]).ToArray(), Program = "bash"u8.ToArray() });
                input = Flow.Unknown(Taint.Network);
                continue;
            }

            PathClass place = AddPath(reads ? Verb.Read : Verb.Write, path, frame, span, state, Attributes.None, "bash"u8.ToArray());
            if (reads)
                Opened(redirect, path.Content ?? ContentOf(path, place, state), state, frame, ref input);
            else if (redirect.Descriptor is -1 or 1)
                target = new OutputFile(path, AbsoluteOf(path, state.Directory), redirect.Operator is RedirectOperator.Append or RedirectOperator.AppendBoth, redirect.Span);
            if (redirect.Operator == RedirectOperator.ReadWrite)
                _ = AddPath(Verb.Read, path, frame, span, state, Attributes.None, "bash"u8.ToArray());
        }

        return target;
    }

    // What descriptors above the usual ones read from: exec 3< FILE.
    private (byte[] Descriptor, Flow Content)[] _opened = [];

    private Flow OpenedAs(ReadOnlySpan<byte> descriptor)
    {
        foreach ((byte[] number, Flow content) in _opened)
        {
            if (descriptor.SequenceEqual(number))
                return content;
        }

        return Flow.Unknown();
    }

    // Standard input, or a descriptor for later. One that is opened again may be either then.
    private void Opened(Redirect redirect, Flow content, ShellState state, Frame frame, ref Flow input)
    {
        if (redirect.Variable is null && redirect.Descriptor is -1 or 0)
        {
            input = content;
            return;
        }

        // {name}< FILE: a fresh number, which the variable then holds. Bash gives those from 10 on.
        byte[] descriptor = System.Text.Encoding.ASCII.GetBytes((redirect.Variable is null ? redirect.Descriptor : 10 + _opened.Length).ToString());
        if (redirect.Variable is Span name)
            state.Set(frame.Source.Joined(name).ToArray(), Value.Of(descriptor));
        int at = Array.FindIndex(_opened, one => one.Descriptor.AsSpan().SequenceEqual(descriptor));
        if (at >= 0)
            _opened[at].Content = Flow.Unknown(content.Taint | _opened[at].Content.Taint);
        else if (_opened.Length < 16)
            _opened = [.. _opened, (descriptor, content)];
    }

    private byte[]? AbsoluteOf(Value path, byte[]? directory) => path.HasHole || (directory is null && path.Text is not [(byte)'/', ..]) ? null : paths.Absolute(path.Text, directory ?? "/"u8);

    private Flow HereDocumentText(Redirect redirect, ShellState state, Frame frame)
    {
        if (redirect.Document is not { } document)
            return Flow.Unknown();
        byte[] text;
        Taint taint = Taint.None;
        if (document.Quoted)
        {
            text = frame.Source.Slice(document.Body.Span).ToArray();
        }
        else
        {
            Value value = Expand(state).One(document.Body, frame.Source);
            (text, taint) = (value.Text, value.Taint);
        }

        if (redirect.Operator == RedirectOperator.HereDocumentTabs)
            text = WithoutTabs(text);

        // A hole in a document is a piece that is not known, not a document that is not known: what stands around it still counts.
        return new Flow(text, taint);
    }

    private static byte[] WithoutTabs(byte[] text)
    {
        ByteBuilder result = new(text.Length);
        bool start = true;
        foreach (byte b in text)
        {
            if (start && b == '\t')
                continue;
            start = b == '\n';
            result.Add(b);
        }

        return result.ToArray();
    }
}
