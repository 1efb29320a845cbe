using System;
using System.Collections.Generic;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

// Reading guide: words to values.
//   Expander.cs            the parts of a word, braces, tilde, splitting      ExpanderParameters.cs  ${…} and its operators
//   ExpanderLookup.cs      what a name stands for                             ExpanderAssign.cs      assignments, arrays, subscripts
//   ExpanderArithmetic.cs  $((…)), and text that is expanded once more        ShellPattern.cs, ParameterText.cs, ArithmeticReader.cs: on plain bytes

/// <summary>Runs the commands inside words: substitutions. Implemented where effects are found.</summary>
public interface ISubstitutions
{
    /// <summary>What a <c>$(…)</c> would print, as far as it can be known.</summary>
    Flow Substitute(Script script, SourceText source);

    /// <summary>A <c>&lt;(…)</c> or <c>&gt;(…)</c>: what reading it would give.</summary>
    Flow Process(Script script, SourceText source, bool output);

    /// <summary>A text that is not known is evaluated in a place where it may hold substitutions.</summary>
    void Evaluated(Taint taint);

    /// <summary>A variable is asked for by a name that is worked out: <c>${!x}</c>.</summary>
    void Indirect();

    /// <summary>Whether what no text has set is taken to be unset this time, so that <c>${x:-y}</c> is y.</summary>
    bool TakesDefault();

    /// <summary>Pays for bytes that an expansion makes. False: so much was made already that the rest is not worked out.</summary>
    bool Affords(int work);

    /// <summary>What no text has set is empty this time.</summary>
    bool TakesEmpty { get; }

    /// <summary>What a variable holds that no text has set, where that is the same wherever it is set at all; null: not known.</summary>
    byte[]? Preset(ReadOnlySpan<byte> name);

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

    /// <summary>The word is no assignment.</summary>
    private const int NoEquals = int.MaxValue;

    /// <summary>How a piece of a word is read.</summary>
    [Flags]
    private enum Mode : byte
    {
        /// <summary>An ordinary word: results are split, patterns are live.</summary>
        Word = 0,
        /// <summary>Results stay whole.</summary>
        Whole = 1,
        /// <summary>Patterns are live although nothing is split.</summary>
        Pattern = 2,
        /// <summary>A tilde at the start is a home.</summary>
        Tilde = 4,
        /// <summary>So is one after a colon.</summary>
        Colon = 8,
        /// <summary>Written blanks split as well: the word of an unquoted <c>${x:-…}</c>.</summary>
        Literals = 16,
    }

    /// <summary>All words of a command, expanded to the values that the program would get.</summary>
    public Value[] Words(Word[] words, SourceText source)
    {
        List<Value> values = new(words.Length);
        foreach (Word word in words)
            Add(values, word, source);
        return [.. values];
    }

    /// <summary>One word as one value: no splitting, no patterns (redirections, here-strings, case subjects).</summary>
    public Value One(Word word, SourceText source) => Joined(Fields(word, source, Mode.Whole | Mode.Tilde));

    /// <summary>The right side of an assignment.</summary>
    public Value Assigned(Word word, SourceText source) => Joined(Fields(word, source, Mode.Whole | Mode.Tilde | Mode.Colon));

    /// <summary>Text that no tilde means anything in: here-documents, arithmetic, subscripts.</summary>
    public Value Text(Word word, SourceText source) => Joined(Fields(word, source, Mode.Whole));

    /// <summary>A pattern of <c>case</c> or <c>[[ == ]]</c> against a text; null where it is not known.</summary>
    public bool? Matches(Word pattern, Value text, SourceText source)
    {
        ShellPattern made = Pattern(pattern, source);
        bool? matches = text.IsKnown ? made.Matches(text.Text) : null;
        return substitutions.Affords(made.Steps) ? matches : null;
    }

    private ShellPattern Pattern(Word word, SourceText source, int skip = 0)
    {
        Field field = All(Fields(word, source, Mode.Whole | Mode.Pattern | Mode.Tilde));
        return new ShellPattern(field.Text[skip..].ToArray(), field.Marks[skip..].ToArray());
    }

    private List<Field> Fields(Word word, SourceText source, Mode mode)
    {
        List<Field> fields = [new Field()];
        Parts(word.Parts, source, fields, mode, word.Span.Start, NoEquals);
        return fields;
    }

    private static Field All(List<Field> fields)
    {
        Field all = fields[0];
        for (int i = 1; i < fields.Count; i++)
        {
            all.Add(" "u8, Field.Plain);
            all.AddMarked(fields[i].Text, fields[i].Marks);
            all.Taint |= fields[i].Taint;
        }

        return all;
    }

    private static Value Joined(List<Field> fields)
    {
        Field all = All(fields);
        return new Value(all.Text.ToArray()) { Taint = all.Taint, Content = all.Content, Pattern = all.IsPattern };
    }

    private void Add(List<Value> values, Word word, SourceText source)
    {
        // Most words are one literal: no fields needed.
        bool braces = false;
        foreach (Part part in word.Parts)
            braces |= part.Kind == NodeKind.Literal && source.Slice(part.Span).IndexOf((byte)'{') >= 0;
        if (!braces && word.Parts.Length == 1 && word.Parts[0].Kind == NodeKind.Literal)
        {
            ReadOnlySpan<byte> text = source.Slice(word.Parts[0].Span);
            if (text.IndexOf((byte)'~') < 0)
            {
                values.Add(Value.Of(text));
                return;
            }
        }

        if (braces && Alternatives(values, word, source))
            return;
        List<Field> fields = [new Field()];
        Parts(word.Parts, source, fields, Mode.Word, word.Span.Start, word.EqualsAt < 0 ? NoEquals : word.EqualsAt);
        Finish(values, fields);
    }

    private static void Finish(List<Value> values, List<Field> fields)
    {
        foreach (Field field in fields)
        {
            if (field.HasBegun)
                values.Add(field.ToValue());
        }
    }

    // Braces first: each alternative is then a word of its own, whose parts are expanded anew. False: there is nothing to expand.
    private bool Alternatives(List<Value> values, Word word, SourceText source)
    {
        Field flat = new();
        for (int i = 0; i < word.Parts.Length; i++)
        {
            if (word.Parts[i].Kind != NodeKind.Literal)
            {
                Braces.AddPart(flat, i);
                continue;
            }

            foreach (byte b in source.Slice(word.Parts[i].Span))
                flat.Add([b], b is (byte)'{' or (byte)'}' or (byte)',' ? Field.Brace : Field.Plain);
        }

        List<Field>? alternatives = word.Parts.Length < 1000 ? Braces.Expand(flat) : null;
        if (alternatives is null)
        {
            // Too many to look at one by one; what the word runs, it runs.
            Field once = All(Fields(word, source, Mode.Whole));
            values.Add(Value.Unknown(once.Taint, many: true));
            return true;
        }

        if (alternatives.Count == 1 && alternatives[0].Length == flat.Length && alternatives[0].Text.SequenceEqual(flat.Text))
            return false;
        foreach (Field alternative in alternatives)
        {
            List<Field> fields = [new Field()];
            ReadOnlySpan<byte> text = alternative.Text, marks = alternative.Marks;
            int glued = 0;
            for (int i = 0; i < text.Length;)
            {
                int run = i;
                while (run < text.Length && (marks[run] & Field.Later) == 0)
                    run++;
                if (run > i)
                {
                    Literal(fields, text[(i + glued)..run], Mode.Word, i == 0, run == text.Length, NoEquals);
                    (i, glued) = (run, 0);
                    continue;
                }

                int index = (text[i + 1] << 8) | text[i + 2];
                if (index >= Braces.UnknownNumber)
                {
                    fields[^1].Add([index == Braces.UnknownNumber ? Value.Number : Value.Hole], Field.Plain);
                    fields[^1].Many = true;
                }
                else if (word.Parts[index] is Parameter { Braced: false } parameter && IsName(source.Slice(parameter.Name)))
                {
                    // {$x,b}c is $xc and bc: what follows a name without braces belongs to it.
                    while (i + 3 + glued < text.Length && (marks[i + 3 + glued] & Field.Later) == 0 && (text[i + 3 + glued] == '_' || char.IsAsciiLetterOrDigit((char)text[i + 3 + glued])))
                        glued++;
                    Emit(Lookup([.. source.Slice(parameter.Name), .. text.Slice(i + 3, glued)]), fields, Mode.Word);
                }
                else
                {
                    Parts(word.Parts[index..(index + 1)], source, fields, Mode.Word, -1, NoEquals);
                }

                i += 3;
            }

            Finish(values, fields);
        }

        return true;
    }

    private void Parts(Part[] parts, SourceText source, List<Field> fields, Mode mode, int start, int equals)
    {
        Part? last = null;
        foreach (Part part in parts)
        {
            Field field = fields[^1];
            ReadOnlySpan<byte> text = source.Slice(part.Span);

            // rm$IFS$9-rf: an argument that nothing has set ends the name IFS, and is nothing besides.
            bool ends = last is not null && state.Arguments is null && text is [(byte)'$', >= (byte)'1' and <= (byte)'9'] && source.Slice(last.Span).SequenceEqual("$IFS"u8);
            last = part;
            if (ends)
                continue;
            bool live = mode == Mode.Word || (mode & (Mode.Pattern | Mode.Literals)) != 0;
            switch (part.Kind)
            {
                case NodeKind.Literal:
                    Literal(fields, text, mode, part.Span.Start == start, ReferenceEquals(part, parts[^1]), equals == NoEquals ? NoEquals : equals - part.Span.Start);
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
                    // "$@" without arguments is no word at all, "" is one.
                    _vanished = false;
                    Part[] inner = ((DoubleQuoted)part).Parts;
                    int before = field.Length, count = fields.Count;
                    Parts(inner, source, fields, Mode.Whole, -1, NoEquals);
                    if (!(_vanished && fields.Count == count && field.Length == before))
                        (field.Quoted, fields[^1].Quoted) = (true, true);
                    break;
                case NodeKind.Glob:
                    field.Add(text, live ? Field.Glob : Field.Plain);
                    break;
                case NodeKind.ExtendedGlob:
                    Group(fields, (ExtendedGlob)part, text, source, mode);
                    break;
                case NodeKind.Parameter:
                    ParameterPart((Parameter)part, source, fields, mode);
                    break;
                case NodeKind.CommandSubstitution:
                    Insert(substitutions.Substitute(((CommandSubstitution)part).Body, source), fields, mode);
                    break;
                case NodeKind.Backquote:
                    Insert(substitutions.Substitute(((Backquote)part).Body, ((Backquote)part).Source), fields, mode);
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

    /// <summary>The last double quotes held a list without elements.</summary>
    private bool _vanished;

    // In a pattern it is one; among file names it stands for whichever there are.
    private void Group(List<Field> fields, ExtendedGlob group, ReadOnlySpan<byte> text, SourceText source, Mode mode)
    {
        Field field = fields[^1];
        if ((mode & Mode.Pattern) == 0 || group.Operator == 0)
        {
            foreach (Word alternative in group.Alternatives)
                _ = Fields(alternative, source, Mode.Whole);
            if (mode == Mode.Word)
                field.Add("*"u8, Field.Glob);
            field.AddHole();
            return;
        }

        field.Add([group.Operator, (byte)'('], Field.Glob);
        for (int i = 0; i < group.Alternatives.Length; i++)
        {
            if (i > 0)
                fields[^1].Add("|"u8, Field.Glob);
            Parts(group.Alternatives[i].Parts, source, fields, mode & ~Mode.Tilde, -1, NoEquals);
        }

        fields[^1].Add(")"u8, Field.Glob);
    }

    // Braces were looked at before. File name patterns are parts of their own.
    private void Literal(List<Field> fields, ReadOnlySpan<byte> text, Mode mode, bool first, bool last, int equals)
    {
        bool live = mode == Mode.Word || (mode & (Mode.Tilde | Mode.Pattern | Mode.Literals)) != 0;

        // In ${x#@(a|b)} the group is plain text to the parser.
        if ((mode & Mode.Pattern) != 0 && text.IndexOf((byte)'(') > 0 && "@!+"u8.IndexOf(text[text.IndexOf((byte)'(') - 1]) >= 0)
        {
            fields[^1].AddHole();
            return;
        }

        int from = 0;
        for (int i = 0; live && i < text.Length; i++)
        {
            if (text[i] != '~')
                continue;

            // An assignment among the arguments has homes as well: right behind its "=" and behind colons.
            bool inside = mode == Mode.Word && equals != NoEquals && ((i == 0 ? -1 : i - 1) == equals || (i > 0 && i > equals && text[i - 1] == ':'));
            bool colon = (mode & Mode.Colon) != 0;
            if (!((i == 0 && first) || inside || (colon && i > 0 && text[i - 1] == ':')))
                continue;

            // ~, ~+, ~-, ~user: up to a slash, a colon of an assignment, or the end of the word. Anything else in the name takes its meaning away.
            int length = inside || colon ? text[(i + 1)..].IndexOfAny("/:"u8) : text[(i + 1)..].IndexOf((byte)'/');
            if (length < 0 && !last)
                continue;
            ReadOnlySpan<byte> user = length < 0 ? text[(i + 1)..] : text.Slice(i + 1, length);
            if (user.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-"u8) >= 0)
                continue;
            Written(fields, text[from..i], mode);
            if (Home(user) is { } folder)
                fields[^1].Add(folder, Field.Plain);
            else
                fields[^1].AddHole();
            from = i + 1 + user.Length;
            i = from - 1;
        }

        Written(fields, text[from..], mode);
    }

    private void Written(List<Field> fields, ReadOnlySpan<byte> text, Mode mode)
    {
        if ((mode & Mode.Literals) != 0)
            Split(text, Taint.None, fields);
        else
            fields[^1].Add(text, Field.Plain);
    }

    private byte[]? Home(ReadOnlySpan<byte> user)
    {
        if (user.Length == 0)
            return state.Find("HOME"u8) is { Values.Length: > 0 } set ? set.Scalar() is [{ IsKnown: true } own] ? own.Text : null : home.Length > 0 ? home : null;
        if (user.SequenceEqual("+"u8))
            return state.Directory;
        if (user.SequenceEqual("-"u8))
            return state.PreviousDirectory;
        if (user.IndexOfAnyExcept("0123456789+-"u8) < 0)
            return null;
        return user.SequenceEqual("root"u8) ? "/root"u8.ToArray() : [.. "/home/"u8, .. user];
    }

    /// <summary>Puts what a substitution printed into the fields: trailing newlines go, unquoted text is split.</summary>
    private void Insert(Flow flow, List<Field> fields, Mode mode)
    {
        if (flow.Text is null || !substitutions.Affords(flow.Text.Length))
            InsertUnknown(fields, flow.Taint, mode);
        else
            Insert(flow.Text.AsSpan().TrimEnd((byte)'\n'), flow.Taint, fields, mode);
    }

    private static bool Splits(Mode mode) => (mode & Mode.Whole) == 0;

    private static void InsertUnknown(List<Field> fields, Taint taint, Mode mode)
    {
        fields[^1].AddHole();
        fields[^1].Many |= Splits(mode);
        fields[^1].Taint |= taint;
    }

    private void Insert(ReadOnlySpan<byte> text, Taint taint, List<Field> fields, Mode mode, bool isPattern = false)
    {
        fields[^1].Taint |= taint;
        if (Splits(mode))
        {
            Split(text, taint, fields);
            return;
        }

        if ((mode & Mode.Pattern) == 0)
        {
            Put(fields[^1], text, isPattern);
            return;
        }

        // In a pattern, a backslash that came out of a variable quotes and a parenthesis may group.
        if (text.IndexOfAny("\\("u8) >= 0)
            fields[^1].AddHole();
        else
            Put(fields[^1], text, isPattern: true);
    }

    private static void Put(Field field, ReadOnlySpan<byte> text, bool isPattern)
    {
        if (!isPattern || text.IndexOfAny("*?["u8) < 0)
        {
            field.Add(text, Field.Plain);
            return;
        }

        foreach (byte b in text)
            field.Add([b], b is (byte)'*' or (byte)'?' or (byte)'[' or (byte)']' ? Field.Glob : Field.Plain);
    }

    /// <summary>The bytes words are split at; null where they are not known.</summary>
    private byte[]? Separators()
    {
        if (state.Find("IFS"u8) is not { } own)
            return DefaultSeparators.ToArray();
        return own.Scalar() switch { [] => DefaultSeparators.ToArray(), [{ IsKnown: true } known] => known.Text, _ => null };
    }

    // Blanks among the separators count as one and vanish at both ends; each other separator ends a word, even an empty one.
    private void Split(ReadOnlySpan<byte> text, Taint taint, List<Field> fields)
    {
        if (Separators() is not { } separators)
        {
            InsertUnknown(fields, taint, Mode.Word);
            return;
        }

        bool afterBlank = false;
        foreach (byte b in text)
        {
            if (separators.AsSpan().IndexOf(b) < 0)
            {
                afterBlank = false;
                fields[^1].Add([b], b is (byte)'*' or (byte)'?' or (byte)'[' ? Field.Glob : Field.Plain);
                fields[^1].Many |= b == Value.Hole;
                continue;
            }

            if (DefaultSeparators.IndexOf(b) >= 0)
            {
                if (!fields[^1].HasBegun)
                    continue;
                fields.Add(new Field { Taint = taint });
                afterBlank = true;
            }
            else if (afterBlank)
            {
                afterBlank = false;
            }
            else
            {
                fields[^1].Quoted = true;
                fields.Add(new Field { Taint = taint });
            }
        }

        if (fields.Count > MaximumFields)
        {
            fields.RemoveRange(1, fields.Count - 1);
            fields[0].Clear();
            InsertUnknown(fields, taint, Mode.Word);
        }
    }

    /// <summary>A text that falls into more words than this is not known.</summary>
    private const int MaximumFields = 4096;
}
