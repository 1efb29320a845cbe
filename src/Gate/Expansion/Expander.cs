using System;
using System.Collections.Generic;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

/// <summary>Runs the commands inside words: substitutions. Implemented where effects are found.</summary>
public interface ISubstitutions
{
    /// <summary>What a <c>$(…)</c> would print, as far as it can be known.</summary>
    Flow Substitute(Script script, SourceText source);

    /// <summary>A <c>&lt;(…)</c> or <c>&gt;(…)</c>: what reading it would give.</summary>
    Flow Process(Script script, SourceText source, bool output);

    /// <summary>What is known of a variable that this text did not set, by its name.</summary>
    Taint TaintOf(ReadOnlySpan<byte> name);
}

/// <summary>Words to values: quotes, parameters, arithmetic, substitutions, splitting, braces, tilde, patterns.</summary>
public sealed partial class Expander(ShellState state, byte[] home, ISubstitutions substitutions)
{
    /// <summary>Texts longer than this are not computed on.</summary>
    public const int MaximumText = 1 << 16;

    /// <summary>Unquoted results are split here.</summary>
    private static ReadOnlySpan<byte> DefaultSeparators => " \t\n"u8;

    /// <summary>All words of a command, expanded to the values that the program would get.</summary>
    public Value[] Words(Word[] words, SourceText source)
    {
        List<Value> values = new(words.Length);
        foreach (Word word in words)
            Add(values, word, source);
        return [.. values];
    }

    /// <summary>One word as one value: no splitting, no patterns (assignments, here-strings, case subjects).</summary>
    public Value One(Word word, SourceText source)
    {
        List<Field> fields = [new Field()];
        Parts(word.Parts, source, fields, quoted: true, word.Span);
        Field all = fields[0];
        for (int i = 1; i < fields.Count; i++)
        {
            all.Add(" "u8, Field.Plain);
            all.AddMarked(fields[i].Text, fields[i].Marks);
            all.Taint |= fields[i].Taint;
        }

        Tilde(all);
        Value value = all.ToValue();
        return new Value(value.Text) { Taint = all.Taint, Content = all.Content, Pattern = value.Pattern };
    }

    /// <summary>The elements of <c>name=( … )</c>.</summary>
    public Value[] Array(ArrayLiteral array, SourceText source)
    {
        List<Value> values = [];
        foreach (Word element in array.Elements)
            Add(values, element, source);
        return [.. values];
    }

    private void Add(List<Value> values, Word word, SourceText source)
    {
        // Most words are one literal: no fields needed.
        if (word.Parts.Length == 1 && word.Parts[0].Kind == NodeKind.Literal)
        {
            ReadOnlySpan<byte> text = source.Slice(word.Parts[0].Span);
            if (text.IndexOfAny("{~"u8) < 0)
            {
                values.Add(Value.Of(text));
                return;
            }
        }

        List<Field> fields = [new Field()];
        Parts(word.Parts, source, fields, quoted: false, word.Span);
        foreach (Field field in fields)
        {
            if (field.Length == 0 && !field.Quoted)
                continue;
            List<Field>? expanded = field.Marks.IndexOf(Field.Brace) >= 0 ? Braces.Expand(field) : [field];
            if (expanded is null)
            {
                values.Add(Value.Unknown(field.Taint, many: true));
                continue;
            }

            foreach (Field one in expanded)
            {
                Tilde(one);
                values.Add(one.ToValue());
            }
        }
    }

    private void Parts(Part[] parts, SourceText source, List<Field> fields, bool quoted, Span word)
    {
        foreach (Part part in parts)
        {
            Field field = fields[^1];
            ReadOnlySpan<byte> text = source.Slice(part.Span);
            switch (part.Kind)
            {
                case NodeKind.Literal:
                    Literal(field, text, quoted, part.Span.Start == word.Start);
                    break;
                case NodeKind.Escape:
                    field.Add(text[1..], Field.Plain);
                    field.Quoted = true;
                    break;
                case NodeKind.Continuation:
                    break;
                case NodeKind.SingleQuoted:
                    field.Add(text[1..^1], Field.Plain);
                    field.Quoted = true;
                    break;
                case NodeKind.AnsiQuoted:
                    field.Add(AnsiQuote.Decode(text[2..^1]), Field.Plain);
                    field.Quoted = true;
                    break;
                case NodeKind.DoubleQuoted:
                    field.Quoted = true;
                    Parts(((DoubleQuoted)part).Parts, source, fields, quoted: true, default);
                    break;
                case NodeKind.Glob:
                    field.Add(text, quoted ? Field.Plain : Field.Glob);
                    break;
                case NodeKind.ExtendedGlob:
                    field.Add("*"u8, Field.Glob);
                    field.AddHole();
                    break;
                case NodeKind.Parameter:
                    ParameterPart((Parameter)part, source, fields, quoted);
                    break;
                case NodeKind.CommandSubstitution:
                    Insert(substitutions.Substitute(((CommandSubstitution)part).Body, source), fields, quoted);
                    break;
                case NodeKind.Backquote:
                    Insert(substitutions.Substitute(((Backquote)part).Body, ((Backquote)part).Source), fields, quoted);
                    break;
                case NodeKind.ProcessSubstitution:
                    ProcessSubstitution process = (ProcessSubstitution)part;
                    field.Content = substitutions.Process(process.Body, source, process.Output);
                    field.Taint |= field.Content.Taint;
                    field.Add("/dev/fd/63"u8, Field.Plain);
                    break;
                case NodeKind.Arithmetic:
                    ArithmeticPart((Arithmetic)part, source, field);
                    break;
                case NodeKind.Subscript:
                    field.Add(text, Field.Plain);
                    break;
                default:
                    field.AddHole();
                    break;
            }
        }
    }

    // A literal may hold braces and tildes that are live; file name patterns are parts of their own.
    private static void Literal(Field field, ReadOnlySpan<byte> text, bool quoted, bool first)
    {
        if (quoted || text.IndexOfAny("{},~"u8) < 0)
        {
            field.Add(text, Field.Plain);
            return;
        }

        for (int i = 0; i < text.Length; i++)
        {
            byte mark = text[i] is (byte)'{' or (byte)'}' or (byte)',' ? Field.Brace : text[i] == '~' && ((first && i == 0) || (i > 0 && text[i - 1] is (byte)'=' or (byte)':')) ? Field.Tilde : Field.Plain;
            field.Add(text.Slice(i, 1), mark);
        }
    }

    private void Tilde(Field field)
    {
        if (field.Length == 0 || field.Text[0] != '~' || (field.Marks[0] & Field.Tilde) == 0)
            return;
        ReadOnlySpan<byte> rest = field.Text[1..];
        int slash = rest.IndexOf((byte)'/');
        ReadOnlySpan<byte> user = slash < 0 ? rest : rest[..slash];
        ReadOnlySpan<byte> target = user.Length == 0 ? home : user.SequenceEqual("+"u8) ? state.Directory : user.SequenceEqual("-"u8) ? state.PreviousDirectory : user.SequenceEqual("root"u8) ? "/root"u8 : default;
        if (target.Length == 0)
            target = (byte[])[.. "/home/"u8, .. user];
        byte[] text = [.. target, .. rest[user.Length..]];
        byte[] marks = [.. new byte[target.Length], .. field.Marks[(1 + user.Length)..]];
        field.Clear();
        field.AddMarked(text, marks);
    }

    /// <summary>Puts what a substitution printed into the fields: trailing newlines go, unquoted text is split.</summary>
    private void Insert(Flow flow, List<Field> fields, bool quoted)
    {
        if (flow.Text is null)
        {
            fields[^1].AddHole();
            fields[^1].Many |= !quoted;
            fields[^1].Taint |= flow.Taint;
            return;
        }

        Insert(flow.Text.AsSpan().TrimEnd((byte)'\n'), flow.Taint, fields, quoted);
    }

    private void Insert(ReadOnlySpan<byte> text, Taint taint, List<Field> fields, bool quoted)
    {
        fields[^1].Taint |= taint;
        if (quoted)
        {
            fields[^1].Add(text, Field.Plain);
            return;
        }

        ReadOnlySpan<byte> separators = state.Find("IFS"u8) is { Values: [{ IsKnown: true } own] } ? own.Text : DefaultSeparators;
        bool pending = false;
        foreach (byte b in text)
        {
            if (separators.IndexOf(b) >= 0)
            {
                pending |= fields[^1].Length > 0 || fields[^1].Quoted || DefaultSeparators.IndexOf(b) < 0;
                continue;
            }

            if (pending)
                fields.Add(new Field { Taint = taint });
            pending = false;
            fields[^1].Add([b], b is (byte)'*' or (byte)'?' or (byte)'[' ? Field.Glob : Field.Plain);
            if (b == Value.Hole)
                fields[^1].Many = true;
        }

        // What follows a trailing separator is a word of its own.
        if (pending)
            fields.Add(new Field { Taint = taint });
    }
}
