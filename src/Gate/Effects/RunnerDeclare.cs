using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

// Builtins that set variables: declare and its kin, read, mapfile, set, getopts.
internal sealed partial class Runner
{
    private static bool IsDeclaration(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("export"u8) || word.SequenceEqual("declare"u8) || word.SequenceEqual("typeset"u8) || word.SequenceEqual("local"u8) || word.SequenceEqual("readonly"u8);

    // Written out as a command, its arguments are assignments: nothing is split in them, and they may hold arrays.
    private Flow Declare(SimpleCommand command, ShellState state, Frame frame, Value name)
    {
        Declaration declaration = new(name.Text, state.InFunction);
        List<Value> words = [];
        for (int i = 1; i < command.Words.Length; i++)
        {
            Word word = command.Words[i];
            if (word.EqualsAt < 0 || HasBraces(word, frame.Source))
            {
                foreach (Value value in Expand(state).Words([word], frame.Source))
                {
                    words.Add(value);
                    Declare(declaration, value, state, frame, command.Span);
                }

                continue;
            }

            words.Add(Value.Of(frame.Source.Slice(word.Span)));
            List<Part> parts = [];
            foreach (Part part in word.Parts)
            {
                if (part.Span.Start > word.EqualsAt)
                    parts.Add(part);
            }

            ReadOnlySpan<byte> written = frame.Source.Joined(Span.Between(word.Span.Start, word.EqualsAt));
            bool append = written.EndsWith("+"u8);
            byte[] target = (append ? written[..^1] : written).ToArray();
            if (parts is [ArrayLiteral array])
            {
                if (!Expander.IsName(target))
                    continue;
                Prepare(declaration, target, state, Traits.Array);
                Expand(state).SetArray(state.Target(target), array, frame.Source, append);
                continue;
            }

            Value assigned = Expand(state).Assigned(new Word(Span.Between(word.EqualsAt + 1, word.Span.End), [.. parts], -1), frame.Source);
            Declare(declaration, target, assigned, append, state, frame, command.Span);
        }

        return Shown(name.Text, words.ToArray(), state, frame, Flow.Nothing, command.Span);
    }

    // declare x={a,b} is declare x=a x=b.
    private static bool HasBraces(Word word, SourceText source)
    {
        foreach (Part part in word.Parts)
        {
            if (part.Kind == NodeKind.ArrayLiteral)
                return false;
        }

        foreach (Part part in word.Parts)
        {
            if (part.Kind == NodeKind.Literal && source.Slice(part.Span).IndexOf((byte)'{') >= 0)
                return true;
        }

        return false;
    }

    // The same where the words come out of variables or behind "builtin".
    private void Declare(byte[] name, ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Span span)
    {
        Declaration declaration = new(name, state.InFunction);
        foreach (Value argument in arguments)
            Declare(declaration, argument, state, frame, span);
    }

    private void Declare(Declaration declaration, Value argument, ShellState state, Frame frame, Span span)
    {
        ReadOnlySpan<byte> text = argument.Text;
        if (text.Length > 1 && text[0] is (byte)'-' or (byte)'+')
        {
            declaration.Option(text);
            return;
        }

        int equals = text.IndexOf((byte)'=');
        if (equals > 0)
        {
            bool append = text[equals - 1] == '+';
            byte[] name = text[..(append ? equals - 1 : equals)].ToArray();
            Declare(declaration, name, new Value(text[(equals + 1)..].ToArray()) { Taint = argument.Taint, Pattern = argument.Pattern }, append, state, frame, span);
        }
        else if (declaration.Functions)
        {
            if ((declaration.Traits & Traits.Exported) != 0 && state.FindDefinition(text, alias: false) is { } function)
                _ = state.Define(new Definition(function.Name, function.Body, null, function.Source) { Exported = true, Uncertain = function.Uncertain });
        }
        else if (Expander.IsName(text))
        {
            Prepare(declaration, argument.Text, state, Traits.None);
        }
        else if (text.IndexOf((byte)'[') > 0)
        {
            Expand(state).Probe(argument);
        }
    }

    private void Declare(Declaration declaration, byte[] target, Value value, bool append, ShellState state, Frame frame, Span span)
    {
        int open = target.AsSpan().IndexOf((byte)'[');
        byte[] name = open > 0 ? target[..open] : target;
        if (!Expander.IsName(name))
            return;
        Prepare(declaration, name, state, open > 0 ? Traits.Array : Traits.None);
        if ((declaration.Traits & Traits.Reference) != 0)
            state.Put(new Variable(name, [value], Traits.Reference));
        else if (open < 0 && (declaration.Traits & (Traits.Array | Traits.Associative)) != 0 && value.Text is [(byte)'(', .., (byte)')'])
            AssignWritten(name, value, state);
        else
            Expand(state).Set(target, value, append);
        if (declaration.Traits != Traits.None && state.FindOwn(name) is { } made)
            state.Put(made.With(declaration.Traits & ~Traits.Reference));
        Obeyed(name, value, state, frame, span);
    }

    // declare -a x='(…)': the text is read as an array.
    private void AssignWritten(byte[] name, Value value, ShellState state)
    {
        SourceText source = new([.. name, (byte)'=', .. value.Text]);
        if (ShellParser.Parse(source).Tree?.Statements is [{ Command: SimpleCommand { Words: [], Assignments: [{ Value.Parts: [ArrayLiteral array] }] } }])
            Expand(state).SetArray(name, array, source, append: false);
        else
            state.Put(Variable.Unknown(name, value.Taint, Traits.Array));
    }

    private void Prepare(Declaration declaration, byte[] name, ShellState state, Traits more)
    {
        if (declaration.IsLocal)
            state.Hide(name);
        Traits traits = declaration.Traits | more;
        if ((traits & Traits.Associative) != 0)
            traits &= ~Traits.Array;
        if (state.FindOwn(name) is { } before && before.Has(Traits.Associative))
            traits &= ~Traits.Array;
        Expand(state).Declare((declaration.Traits & Traits.Reference) != 0 ? name : state.Target(name), traits & ~Traits.Reference);
        if (declaration.IsLocal && state.FindOwn(name) is null)
            state.Put(new Variable(name, []));
        if (declaration.Drops != Traits.None && state.FindOwn(name) is { } kept)
            state.Put(new Variable(name, kept.Values, kept.Traits & ~declaration.Drops, kept.Keys));
    }

    /// <summary>What one call of declare, export … says of the names that follow its options.</summary>
    private sealed class Declaration(byte[] command, bool inFunction)
    {
        public Traits Traits { get; private set; } = command.AsSpan().SequenceEqual("export"u8) ? Traits.Exported : Traits.None;

        /// <summary>Traits taken away: declare +x.</summary>
        public Traits Drops { get; private set; }

        /// <summary>Names are functions.</summary>
        public bool Functions { get; private set; }

        public bool IsLocal { get; private set; } = inFunction && !command.AsSpan().SequenceEqual("export"u8) && !command.AsSpan().SequenceEqual("readonly"u8);

        public void Option(ReadOnlySpan<byte> text)
        {
            foreach (byte letter in text[1..])
            {
                Traits trait = letter switch
                {
                    (byte)'a' => Traits.Array, (byte)'A' => Traits.Associative, (byte)'i' => Traits.Integer, (byte)'n' => command[0] == 'e' ? Traits.None : Traits.Reference,
                    (byte)'x' => Traits.Exported, (byte)'u' => Traits.Upper, (byte)'l' => Traits.Lower, _ => Traits.None,
                };
                if (text[0] == '+')
                    Drops |= trait;
                else
                    Traits |= trait;
                Functions |= letter is (byte)'f' or (byte)'F' or (byte)'p';
                IsLocal &= letter is not (byte)'g';
                if (letter == 'n' && command[0] == 'e')
                    (Drops, Traits) = (Drops | Traits.Exported, Traits & ~Traits.Exported);
            }
        }
    }

    // ---- read, mapfile -------------------------------------------------------------------------------------------------

    private void Read(ReadOnlySpan<Value> arguments, ShellState state, Flow input)
    {
        bool raw = false, whole = true;
        byte end = (byte)'\n';
        bool toEnd = false;
        Value? array = null;
        List<Value> names = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> text = arguments[i].Text;
            if (names.Count > 0 || text.Length < 2 || text[0] != '-')
            {
                names.Add(arguments[i]);
                continue;
            }

            for (int at = 1; at < text.Length; at++)
            {
                raw |= text[at] == 'r';
                if ("adinNptu"u8.IndexOf(text[at]) < 0)
                    continue;
                byte letter = text[at];
                Value? value = at + 1 < text.Length ? new Value(text[(at + 1)..].ToArray()) : i + 1 < arguments.Length ? arguments[++i] : null;
                if (letter == 'a')
                    array = value;
                if (letter == 'u' && value is not null)
                    input = OpenedAs(value.Text);
                if (letter == 'd' && value is not null)
                    (toEnd, end, whole) = (value.Text.Length == 0, value.Text.Length > 0 ? value.Text[0] : end, whole && (value.Text.Length == 0 || value.IsKnown));
                whole &= letter is not ((byte)'n' or (byte)'N' or (byte)'u' or (byte)'i');
                break;
            }
        }

        Expander expander = Expand(state);
        byte[]? known = whole ? input.Text : null;
        if (known is not null && !toEnd && known.AsSpan().IndexOf(end) is int stop && stop >= 0)
            known = known[..stop];
        Value[]? fields = known is null || (!raw && known.AsSpan().IndexOf((byte)'\\') >= 0) ? null : expander.ReadFields(known, input.Taint, array is null ? Math.Max(1, names.Count) : int.MaxValue, trim: names.Count > 0 || array is not null);
        if (array is not null)
        {
            expander.SetElements(array.Text, fields ?? [Value.Unknown(input.Taint, many: true)]);
            return;
        }

        if (names.Count == 0)
            names.Add(Value.Of("REPLY"u8));
        for (int i = 0; i < names.Count; i++)
            expander.Set(names[i].Text, fields is null ? Value.Unknown(input.Taint) : i < fields.Length ? fields[i] : Value.Of([]), append: false);
    }

    // mapfile -t a: each line an element. What other options leave out or change is not worked out.
    private void ReadLines(ReadOnlySpan<Value> arguments, ShellState state, Flow input)
    {
        bool strips = false, plain = true;
        Value? name = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> text = arguments[i].Text;
            if (text.Length < 2 || text[0] != '-')
            {
                name ??= arguments[i];
                continue;
            }

            strips |= text.SequenceEqual("-t"u8);
            plain &= text.SequenceEqual("-t"u8) || text.SequenceEqual("-C"u8) || text.SequenceEqual("-c"u8);
            if (text.SequenceEqual("-u"u8) && i + 1 < arguments.Length)
                input = OpenedAs(arguments[i + 1].Text);
            if (text.Length == 2 && "dnOsuCc"u8.IndexOf(text[1]) >= 0)
                i++;
        }

        List<Value> lines = [];
        ReadOnlySpan<byte> rest = input.Text;
        while (rest.Length > 0 && lines.Count < Variable.MaximumElements)
        {
            int newline = rest.IndexOf((byte)'\n');
            lines.Add(new Value((newline < 0 ? rest : strips ? rest[..newline] : rest[..(newline + 1)]).ToArray()) { Taint = input.Taint });
            rest = newline < 0 ? default : rest[(newline + 1)..];
        }

        bool known = plain && input.Text is { } all && all.AsSpan().IndexOf(Value.Hole) < 0 && rest.Length == 0;
        Expand(state).SetElements(name?.Text ?? "MAPFILE"u8.ToArray(), known ? [.. lines] : [Value.Unknown(input.Taint, many: true)]);
    }

    // ---- set, shift, getopts -------------------------------------------------------------------------------------------

    private static void SetOptions(ReadOnlySpan<Value> arguments, ShellState state)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> text = arguments[i].Text;
            if (text.SequenceEqual("--"u8) || (text.SequenceEqual("-"u8) && i + 1 < arguments.Length))
            {
                state.Arguments = arguments[(i + 1)..].ToArray();
                return;
            }

            bool option = text.Length > 1 && text[0] is (byte)'-' or (byte)'+';
            if (arguments[i].IsSeveral && (text.Length == 0 || text[0] == Value.Hole))
            {
                state.Arguments = null;
                return;
            }

            if (!option)
            {
                if (text.Length > 1 || (text.Length == 1 && text[0] != '-'))
                    state.Arguments = arguments[i..].ToArray();
                return;
            }

            bool named = text[^1] == 'o' && i + 1 < arguments.Length;
            if (text.IndexOf((byte)'a') > 0 || (named && arguments[i + 1].Text.AsSpan().SequenceEqual("allexport"u8)))
                state.ExportsAll = text[0] == '-';
            i += named ? 1 : 0;
        }
    }

    private static void Shift(ReadOnlySpan<Value> arguments, ShellState state)
    {
        if (state.Arguments is not { } words)
            return;
        int count = 1;
        if (arguments.Length > 0 && !(arguments[0].IsKnown && System.Buffers.Text.Utf8Parser.TryParse(arguments[0].Text, out count, out int used) && used == arguments[0].Text.Length))
            count = -1;
        bool known = count >= 0;
        for (int i = 0; known && i < Math.Min(count, words.Length); i++)
            known = !words[i].IsSeveral;
        state.Arguments = !known ? null : count <= words.Length ? words[count..] : words;
    }

    private void GetOptions(ReadOnlySpan<Value> arguments, ShellState state)
    {
        if (arguments.Length > 1)
            Expand(state).Set(arguments[1].Text, Value.Unknown(), append: false);
        state.Set("OPTARG"u8.ToArray(), Value.Unknown(many: true));
        state.Set("OPTIND"u8.ToArray(), Value.UnknownNumber());
    }
}
