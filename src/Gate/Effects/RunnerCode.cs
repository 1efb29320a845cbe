using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

// Code in any language: parsed where it is shell, scanned where that pays, opaque otherwise.
internal sealed partial class Runner
{
    private Flow RunShellText(Flow code, ShellState state, Frame frame, Span span, byte[] wrapper, Flow input)
    {
        // What stands around a piece that is not known is judged with a variable in its place. That does for a piece nobody changed or fetched, in a text whose
        // quotes can be told at sight; otherwise it could be any code.
        byte[] text = code.Text!;
        if (text.AsSpan().IndexOf(Value.Hole) >= 0)
        {
            if ((code.Taint & (Taint.Network | Taint.Decoded | Taint.Encoded | Taint.Outside)) != 0 || text.AsSpan().IndexOfAny("\\#`"u8) >= 0 || text.AsSpan().IndexOf("<<"u8) >= 0 || text.AsSpan().IndexOf("$'"u8) >= 0)
                Opaque(frame.SpanOf(span), "part of the code it runs is not known", (code.Taint & Taint.Network) != 0 ? Attributes.FromNetwork : Attributes.None);
            text = WithUnknown(text);
            state.Set(UnknownName.ToArray(), Value.Unknown(code.Taint, many: true));
        }

        if (!AffordsCode(text.Length))
            return Flow.Unknown();
        SourceText source = new(text);
        ParseResult parsed = ShellParser.Parse(source, frame.Depth * 4, state.ExtendedGlob);
        Frame inner = frame.Into(source, span, wrapper, (code.Taint & Taint.Network) != 0 ? Attributes.FromNetwork : Attributes.None);
        int before = effects.Count;
        Flow output = RunScript(parsed.Partial, state, inner, input);
        if (parsed.Error is Problem problem)
            Opaque(frame.SpanOf(span), "the code given to " + System.Text.Encoding.UTF8.GetString(wrapper) + " cannot be parsed: " + problem.Message);
        else if (effects.Count == before)
            Nothing(frame.SpanOf(span));
        return output;
    }

    private static ReadOnlySpan<byte> UnknownName => "GATE_UNKNOWN"u8;

    // A variable for each piece that is not known, also between single quotes.
    private static byte[] WithUnknown(byte[] text)
    {
        ByteBuilder filled = new(text.Length + 64);
        bool single = false, twice = false;
        foreach (byte b in text)
        {
            single ^= b == '\'' && !twice;
            twice ^= b == '"' && !single;
            _ = b != Value.Hole ? filled.Add(b) : single ? filled.Add("'\"${GATE_UNKNOWN}\"'"u8) : filled.Add("${GATE_UNKNOWN}"u8);
        }

        return filled.ToArray();
    }

    // Text that was only cut or changed is hidden where a piece of it stands for a whole statement. Between known code it is a value, as any that is not known.
    private static bool IsHidden(Language language, Flow code)
    {
        if ((code.Taint & (Taint.Network | Taint.Encoded)) != 0)
            return true;
        if ((code.Taint & Taint.Decoded) == 0)
            return false;
        bool readable = language is Language.Shell or Language.Python or Language.Node or Language.Perl or Language.Ruby or Language.Php or Language.Lua or Language.Sql or Language.Awk or Language.Sed;
        ReadOnlySpan<byte> rest = code.Text;
        while (readable && rest.Length > 0)
        {
            int end = rest.IndexOfAny(";\n{}&|"u8);
            ReadOnlySpan<byte> statement = (end < 0 ? rest : rest[..end]).Trim(" \t\"'"u8);
            readable = statement.Length == 0 || statement.IndexOfAnyExcept(Value.Hole) >= 0;
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return !readable;
    }

    /// <summary>Code as text, as far as it is known. What is not known is an opaque effect with the reason.</summary>
    private Flow RunCode(Language language, Flow code, ShellState state, Frame frame, Span span, byte[] wrapper, Flow input)
    {
        if (frame.Depth > MaximumDepth)
        {
            Opaque(frame.SpanOf(span), $"code is nested more than {MaximumDepth} deep");
            return Flow.Unknown();
        }

        if (code.Text is null || (code.Text.AsSpan().IndexOf(Value.Hole) >= 0 && IsHidden(language, code)))
        {
            string from = (code.Taint & Taint.Network) != 0 ? "it runs code that comes from the network" : (code.Taint & Taint.Decoded) != 0 ? "it runs code that was decoded or decrypted" : "it runs code that is not known";
            Note(frame, span, Verb.Opaque, from, [], wrapper, code.Taint);
            return Flow.Unknown(code.Taint);
        }

        if (code.Text.Length == 0)
        {
            Nothing(frame.SpanOf(span));
            return Flow.Nothing;
        }

        switch (language)
        {
            case Language.Shell:
                return RunShellText(code, state, frame, span, wrapper, input);
            case Language.Sql:
                SqlScan.Find(code.Text, this, frame, span, wrapper, state);
                return Flow.Unknown(code.Taint);
            case Language.Awk:
                ScriptScan.Awk(code.Text, this, frame, span, wrapper, state);
                return Flow.Unknown(code.Taint);
            case Language.Sed:
                ScriptScan.Sed(code.Text, this, frame, span, wrapper, state);
                return Flow.Unknown(code.Taint);
            case Language.Vim:
                VimScan.Find(code.Text, this, frame, span, wrapper, state);
                return Flow.Unknown();
            case Language.Make:
                MakeScan.Find(code.Text, this, frame, span, wrapper, state);
                return Flow.Unknown();
            case Language.PowerShell:
                PowerShellScan.Find(code.Text, this, frame, span, wrapper, state);
                return Flow.Unknown(code.Taint);
            case Language.Cron:
                return RunTable(code, state, frame, span, wrapper);
            case Language.Batch:
                return RunBatch(code, state, frame, span, wrapper);
            default:
                CallScan.Find(language, code, this, frame, span, wrapper, state, knowledge);
                return Flow.Unknown(code.Taint);
        }
    }

    /// <summary>A file that an interpreter runs: known text is looked into, the project's own is project code, anything else is opaque.</summary>
    private void RunScriptFile(Call call, Language language, Value file)
    {
        if (file.Text is [(byte)'-'] || file.Text.AsSpan().SequenceEqual("/dev/stdin"u8))
        {
            call.TookInput = true;
            call.Output = RunCode(language, call.Input, call.State.Child(file, call.CodeArguments), call.Frame, call.Span, call.Program, Flow.Nothing);
            call.Taint |= language == Language.Batch ? call.Output.Taint : Taint.None;
            return;
        }

        // Code in the word itself, or fetched by it (https://…, git+ssh://…): no path holds an address.
        bool local = file.Text.AsSpan().StartsWith("data:"u8) || file.Text.AsSpan().StartsWith("file:"u8), remote = !local && file.Text.AsSpan().IndexOf("://"u8) > 0;
        if (remote || local)
        {
            Note(call.Frame, call.Span, Verb.Opaque, remote ? "it runs code that comes from the network" : "it runs code from an address", [file], call.Program, remote ? Taint.Network : Taint.None);
            return;
        }

        PathClass place = file.Content is null ? AddPath(Verb.Read, file, call, Attributes.None) : PathClass.None;
        Flow content = ContentOf(file, place, call.State);
        call.Output = Flow.Unknown();
        if (content.Text is not null || (content.Taint & (Taint.Network | Taint.Decoded)) != 0 || file.Content is not null)
        {
            call.Output = RunCode(language, content, call.State.Child(file, call.CodeArguments), call.Frame, call.Span, call.Program, call.Input);

            // Statements that are known are judged one by one, not as a file that nobody has seen.
            int unseen = language == Language.Sql && content.Text is not null && content.Text.AsSpan().IndexOf(Value.Hole) < 0 ? call.Effects.Count - 1 : -1;
            while (unseen >= 0 && call.Effects[unseen] is not { Verb: Verb.Change, Kind: Kind.Data })
                unseen--;
            if (unseen >= 0)
                call.Effects.RemoveAt(unseen);
        }
        else
            NoteScript(call, file, place, content.Taint);
        LookIntoWritten(call.Frame, call.Span, call.State, call.Program);
    }

    private void NoteScript(Call call, Value file, PathClass place, Taint taint)
    {
        bool here = place is PathClass.Workspace or PathClass.OtherWorktree, made = place == PathClass.Temporary && AbsoluteOf(file, call.State.Directory) is { } path && IsOurs(path);
        if (here && (taint & Taint.Outside) != 0)
            Note(call.Frame, call.Span, Verb.Opaque, "it runs a script that was copied from outside the workspace", [file], call.Program, file.Taint);
        else if (((here || made) && !call.Frame.Elsewhere) || IsFamiliar(call, file, place))
            Add(call.Frame, call.Span, new Effect { Verb = Verb.Run, Kind = Kind.Code, Attributes = Attributes.Project, Program = call.Program, Words = call.Words, Target = AbsoluteOf(file, call.Directory) ?? file.Text });
        else
            Note(call.Frame, call.Span, Verb.Opaque, "it runs a script from outside the workspace", [file], call.Program, file.Taint);
    }

    // sh -c CODE NAME ARGUMENTS: the words behind the code are $0, $1 …. Where an option gives the code (su -c CODE), the first operand is not one of them.
    private static ShellState StateFor(Call call, bool isOption) =>
        isOption ? call.State.Child(null, call.Operands.Count > 1 ? [.. call.Operands.GetRange(1, call.Operands.Count - 1)] : [])
            : call.State.Child(call.CodeArguments is [var zero, ..] ? zero : null, call.CodeArguments is [_, .. var given] ? given : []);

    // python -m NAME: described as the program "python -m NAME".
    private void RunModule(Call call, Value module)
    {
        byte[] name = [.. "python -m "u8, .. module.Text];
        call.TookInput = true;
        if (module.HasHole || knowledge.Find(name) is not { } specification)
        {
            Add(call.Frame, call.Span, new Effect { Verb = Verb.Run, Kind = Kind.Code, Attributes = WorksOutside(call) ? Attributes.None : Attributes.Project, Program = call.Program, Words = call.Words, Target = module.Text });
            return;
        }

        Value[] rest = After(call, module);
        call.Output = Perform(new Call(name, call.Frame, call.Span, call.Input, call.State) { Words = TextsOf(rest) }, specification, rest);
    }

    // A project's own settings (source .env), and what installers tell everybody to source (~/.nvm/nvm.sh).
    private bool IsFamiliar(Call call, Value file, PathClass place)
    {
        if (call.Frame.Elsewhere || AbsoluteOf(file, call.Directory) is not { } path)
            return false;
        _ = paths.Classify(path, out _, out Attributes marks);
        return (marks & Attributes.Known) != 0 || (place == PathClass.Secret && PathTable.IsUnder(path, surroundings.Worktree));
    }

    private static Value[] After(Call call, Value word)
    {
        int at = Array.FindIndex(call.Words, other => other.AsSpan().SequenceEqual(word.Text));
        return at < 0 ? [] : Array.ConvertAll(call.Words[(at + 1)..], other => new Value(other));
    }

    // For the scanners of other languages: shell text, a command's words, an effect, a path.

    internal void RunShell(ReadOnlySpan<byte> code, Frame frame, Span span, byte[] wrapper, ShellState state, byte[]? input = null) =>
        RunCode(Language.Shell, new Flow(code.ToArray(), Taint.None), state.Child(null, []), frame, span, wrapper, new Flow(input, Taint.None));

    internal void RunWords(byte[][] words, Frame frame, Span span, byte[] wrapper, ShellState state) => Invoke(Array.ConvertAll(words, word => new Value(word)), state.Fork(), frame.Through(wrapper), Flow.Unknown(), span, external: true);

    /// <summary>A way out of a program that does something else: whatever it runs, a person should see it.</summary>
    internal void NoteEscape(Frame frame, Span span, byte[] program) => Add(frame, span, new Effect { Verb = Verb.Run, Kind = Kind.Code, Attributes = Attributes.Executable, Program = program });

    internal void NoteScanned(Effect effect, Frame frame, Span span) => Add(frame, span, effect);

    /// <summary>A path that scanned code names; <paramref name="content"/>: what it writes there, where that is a plain text.</summary>
    internal PathClass NotePath(Verb verb, byte[]? path, Attributes attributes, Frame frame, Span span, byte[] program, ShellState state, bool pattern = false, byte[]? content = null)
    {
        if (path is not null && content is not null)
            NoteContent(path, content, Taint.None, state);
        return AddPath(verb, path is null ? Value.Unknown() : new Value(path) { Pattern = pattern }, frame, span, state, attributes, program);
    }

    /// <summary>Names that the call of an interpreter gives its code a value for: awk -v NAME=VALUE.</summary>
    internal List<(byte[] Name, byte[] Value)> Given { get; } = [];

    private void Give(Call call)
    {
        Given.Clear();
        foreach (byte[] word in call.Words)
        {
            ReadOnlySpan<byte> text = word.AsSpan(word.AsSpan().StartsWith("-v"u8) ? 2 : word.AsSpan().StartsWith("--assign="u8) ? 9 : 0);
            int equals = text.IndexOf((byte)'=');
            if (equals > 0 && IsName(text[..equals]) && text.IndexOf(Value.Hole) < 0)
                Given.Add((text[..equals].ToArray(), text[(equals + 1)..].ToArray()));
        }
    }

    /// <summary>What a program started here finds in its environment; null where that is not known.</summary>
    internal byte[]? InEnvironment(ReadOnlySpan<byte> name, ShellState state) =>
        state.Find(name) is { } set ? set.Values is [{ IsKnown: true } only] ? only.Text : null : name.SequenceEqual("HOME"u8) && surroundings.Home.Length > 0 ? surroundings.Home : null;

    /// <summary>Code that other code runs, in any language.</summary>
    internal void RunOther(Language language, byte[]? code, Taint taint, Frame frame, Span span, byte[] program, ShellState state) =>
        RunCode(language, new Flow(code, taint), state.Child(null, []), frame.Through([]), span, program, Flow.Unknown());

    /// <summary>What place a path is, without anything being done to it.</summary>
    internal PathClass PlaceOf(byte[] path, ShellState state) => AbsoluteOf(new Value(path), state.Directory) is { } absolute ? paths.Classify(absolute, out _, out _) : PathClass.Unknown;

    /// <summary>Code wrote this file: what follows in the same line may run it. Several writes, and what was there before, stand one behind the other.</summary>
    internal void NoteContent(byte[] path, byte[]? content, Taint taint, ShellState state)
    {
        if (AbsoluteOf(new Value(path), state.Directory) is { } absolute)
            Remember(absolute, new Flow(content, taint), joins: true);
    }

    internal void NoteOpaque(string why, Frame frame, Span span, byte[] program, Attributes attributes = Attributes.None) => Note(frame, span, Verb.Opaque, why, [], program, Taint.None, attributes);
}
