using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Gate.Bundles;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>What a call in a scanned language does with its first argument. Numbers are the bundle's wire format: append, never reorder.</summary>
public enum CallAction : byte
{
    Effect, RunShell, RunCommand, Open, Opaque,
}

/// <summary>
/// One-liners in Python, Node, Perl, Ruby and PHP, scanned for calls that delete, write, spawn or send. Not a parser: comments and strings are
/// told from code, names are put together across dots, and a call counts when its name, or its last part together with its module's
/// name anywhere in the text, is in the table (section Code: u8 language, u16 entries, then u8 length, name, u8 method, u8 action, u8 verb, u8 kind, u64 attributes).
/// </summary>
internal sealed class CallScan
{
    private readonly byte[] _text;
    private readonly Language _language;
    private readonly ReadOnlyMemory<byte> _table;
    private readonly Runner _runner;
    private readonly Frame _frame;
    private readonly Span _span;
    private readonly byte[] _program;
    private readonly ShellState _state;

    private CallScan(Language language, byte[] text, byte[] table, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        (_language, _text, _table, _runner, _frame, _span, _program, _state) = (language, text, table, runner, frame, span, program, state);
    }

    public static void Find(Language language, byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state, Knowledge knowledge)
    {
        if (TableOf(knowledge.Bundle, language) is not { } table)
        {
            runner.NoteOpaque("code in this language is not looked into", frame, span, program);
            return;
        }

        if (text.AsSpan().IndexOf(Value.Hole) >= 0)
            runner.NoteOpaque("part of the code is not known", frame, span, program);
        new CallScan(language, text, table, runner, frame, span, program, state).Scan();
    }

    private static byte[]? TableOf(Bundle bundle, Language language)
    {
        (int at, int length) = bundle.Find(Section.Code);
        int end = at + length;
        while (at < end)
        {
            int size = (int)bundle.Word(at + 1);
            if (bundle.Byte(at) == (byte)language)
                return bundle.At(at + 5, size).ToArray();
            at += 5 + size;
        }

        return null;
    }

    private bool HashComments => _language is Language.Python or Language.Perl or Language.Ruby or Language.Php;

    private bool SlashComments => _language is Language.Node or Language.Php;

    private bool RunsBackquotes => _language is Language.Perl or Language.Ruby or Language.Php;

    private void Scan()
    {
        int before = _runner.EffectCount, i = 0;
        while (i < _text.Length)
        {
            byte c = _text[i];
            if ((c == '#' && HashComments && (i == 0 || _text[i - 1] is (byte)' ' or (byte)'\n' or (byte)';')) || (SlashComments && c == '/' && At(i + 1) == '/' && (i == 0 || _text[i - 1] != ':')))
                i = LineEnd(i);
            else if (SlashComments && c == '/' && At(i + 1) == '*')
                i = _text.AsSpan(i + 2).IndexOf("*/"u8) is int end && end >= 0 ? i + end + 4 : _text.Length;
            else if (c == '`' && RunsBackquotes)
                i = Backquoted(i);
            else if (c is (byte)'"' or (byte)'\'' or (byte)'`')
                i = SkipString(i);
            else if (IsNameStart(c))
                i = Name(i);
            else
                i++;
        }

        if (_runner.EffectCount == before)
            _runner.NoteScanned(new Effect { Verb = Verb.Run, Kind = Kind.Code, Attributes = Attributes.Known, Program = _program }, _frame, _span);
    }

    private byte At(int i) => i < _text.Length ? _text[i] : (byte)0;

    private int LineEnd(int i) => _text.AsSpan(i).IndexOf((byte)'\n') is int end && end >= 0 ? i + end : _text.Length;

    private static bool IsNameStart(byte c) => c == '_' || c == '$' || c == '%' || char.IsAsciiLetter((char)c);

    private static bool IsNamePart(byte c) => c == '_' || char.IsAsciiLetterOrDigit((char)c);

    private int Backquoted(int i)
    {
        int end = _text.AsSpan(i + 1).IndexOf((byte)'`');
        ReadOnlySpan<byte> code = end < 0 ? _text.AsSpan(i + 1) : _text.AsSpan(i + 1, end);
        if (code.IndexOf("#{"u8) >= 0 || code.IndexOf((byte)'$') >= 0)
            _runner.NoteOpaque("the code runs a command that is not known", _frame, _span, _program);
        else
            _runner.RunShell(code, _frame, _span, _program, _state);
        return end < 0 ? _text.Length : i + end + 2;
    }

    private int SkipString(int i)
    {
        byte quote = _text[i];
        bool triple = _language == Language.Python && At(i + 1) == quote && At(i + 2) == quote;
        i += triple ? 3 : 1;
        while (i < _text.Length && !(_text[i] == quote && (!triple || (At(i + 1) == quote && At(i + 2) == quote))))
            i += _text[i] == '\\' ? 2 : 1;
        return i + (triple ? 3 : 1);
    }

    // A dotted name and, when an argument follows, the call.
    private int Name(int i)
    {
        int start = i;
        bool after = start > 0 && _text[start - 1] is (byte)'.' or (byte)'>' or (byte)':';
        if (_text[i] is (byte)'$' or (byte)'%')
            i++;
        while (i < _text.Length)
        {
            if (IsNamePart(_text[i]))
                i++;
            else if (_text[i] == '.' && IsNamePart(At(i + 1)) && _language != Language.Perl && _language != Language.Php)
                i++;
            else if ((_text[i] == ':' && At(i + 1) == ':') || (_text[i] == '-' && At(i + 1) == '>' && IsNamePart(At(i + 2))))
                i += 2;
            else if (_text[i] == '?' && At(i + 1) == '.' && IsNamePart(At(i + 2)))
                i += 2;
            else
                break;
        }

        ReadOnlySpan<byte> name = _text.AsSpan(start, i - start);
        int next = i;
        while (next < _text.Length && _text[next] is (byte)' ' or (byte)'\t')
            next++;
        bool parenthesis = At(next) == '(';
        bool bare = !parenthesis && _language is Language.Perl or Language.Ruby && next > i && (At(next) is (byte)'"' or (byte)'\'' or (byte)'$' or (byte)'@' or (byte)'%' || IsNamePart(At(next)) || At(next) is (byte)'<' or (byte)'[');
        bool import = name.SequenceEqual("import"u8) || name.SequenceEqual("from"u8) || name.SequenceEqual("use"u8);
        if (import && _language is Language.Python or Language.Perl)
            Import(next);
        else if (parenthesis || bare || name.SequenceEqual("fork"u8) || name.SequenceEqual("qx"u8) || name.SequenceEqual("%x"u8))
            Call(name, after, parenthesis && name[0] is not ((byte)'q' or (byte)'%') ? next + 1 : next);
        return Math.Max(i, start + 1);
    }

    private void Import(int at)
    {
        int end = at;
        while (end < _text.Length && (IsNamePart(_text[end]) || _text[end] is (byte)'.' or (byte)':'))
            end++;
        byte[] name = [.. "import "u8, .. _text.AsSpan(at, end - at)];
        if (Lookup(name, exactOnly: true, after: false, out CallAction action, out _, out _) && action == CallAction.Opaque)
            _runner.NoteOpaque($"the code uses {System.Text.Encoding.UTF8.GetString(name.AsSpan(7))}, which can do anything", _frame, _span, _program);
    }

    private void Call(ReadOnlySpan<byte> name, bool after, int argument)
    {
        if (name.SequenceEqual("qx"u8) || name.SequenceEqual("%x"u8))
        {
            byte open = At(argument), closer = open switch { (byte)'{' => (byte)'}', (byte)'(' => (byte)')', (byte)'[' => (byte)']', (byte)'<' => (byte)'>', _ => open };
            int start = Math.Min(argument + 1, _text.Length), close = _text.AsSpan(start).IndexOf(closer);
            ReadOnlySpan<byte> code = close < 0 ? _text.AsSpan(start) : _text.AsSpan(start, close);
            if (code.IndexOfAny("$@"u8) >= 0 || code.IndexOf("#{"u8) >= 0)
                _runner.NoteOpaque("the code runs a command that is not known", _frame, _span, _program);
            else
                _runner.RunShell(code, _frame, _span, _program, _state);
            return;
        }

        if (!Lookup(name, exactOnly: false, after, out CallAction action, out EffectShape shape, out bool method))
            return;
        byte[]? literal = method && shape.Kind == Kind.Path ? null : Literal(argument, out _);
        switch (action)
        {
            case CallAction.Opaque:
                _runner.NoteOpaque($"the code calls {System.Text.Encoding.UTF8.GetString(name)}, which can do anything", _frame, _span, _program);
                break;
            case CallAction.RunShell:
                if (literal is null)
                    RunList(argument);
                else
                    RunLiterals(argument, literal);
                break;
            case CallAction.RunCommand:
                if (literal is not null && (_language != Language.Python || _text.AsSpan().IndexOf("shell=True"u8) >= 0))
                    RunLiterals(argument, literal);
                else if (literal is not null)
                    _runner.RunWords([literal], _frame, _span, _program, _state);
                else
                    RunList(argument);
                break;
            case CallAction.Open:
                bool writes = Mode(argument);
                _runner.NotePath(writes ? Verb.Write : Verb.Read, literal, Attributes.None, _frame, _span, _program, _state, writes ? TextWritten(argument) : null);
                break;
            default:
                if (shape.Kind == Kind.Path)
                    _runner.NotePath(shape.Verb, method ? ObjectOf(argument) ?? literal : literal, shape.Attributes, _frame, _span, _program, _state, shape.Verb == Verb.Write ? TextWritten(argument) : null);
                else if (shape is { Verb: Verb.Create, Kind: Kind.Process } && Repeats())
                    _runner.NoteScanned(new Effect { Verb = Verb.Touch, Kind = Kind.System, Target = "endless recursion"u8.ToArray(), Program = _program }, _frame, _span);
                else
                    _runner.NoteScanned(new Effect { Verb = shape.Verb, Kind = shape.Kind, Attributes = shape.Attributes, Program = _program, Target = shape.Kind == Kind.Host && literal is not null ? HostName.Of(literal) : [] }, _frame, _span);
                break;
        }
    }

    // system("rm", "-rf", "x") is a command's words; system("rm -rf x") a shell text; spawn("rm", ["-rf"]) words too.
    private void RunLiterals(int argument, byte[] first)
    {
        _ = Literal(argument, out int end);
        if (At(end) != ',')
        {
            _runner.RunShell(first, _frame, _span, _program, _state);
            return;
        }

        List<byte[]> words = [first];
        int at = end + 1;
        while (at < _text.Length && words.Count < 64)
        {
            while (at < _text.Length && _text[at] is (byte)' ' or (byte)'[' or (byte)'\n')
                at++;
            if (Literal(at, out int next) is not { } word)
                break;
            words.Add(word);
            at = next + (At(next) == ',' ? 1 : 0);
            if (At(next) != ',')
                break;
        }

        if (words.Count == 1)
            _runner.RunShell(first, _frame, _span, _program, _state);
        else
            _runner.RunWords([.. words], _frame, _span, _program, _state);
    }

    private void RunList(int argument)
    {
        while (At(argument) == ' ')
            argument++;
        List<byte[]> words = [];
        int at = argument + 1;
        bool list = At(argument) is (byte)'[' or (byte)'(';
        while (list && at < _text.Length && words.Count < 64)
        {
            while (at < _text.Length && _text[at] is (byte)' ' or (byte)'\n')
                at++;
            if (Literal(at, out int next) is not { } word)
                break;
            words.Add(word);
            at = next;
            if (At(at) != ',')
                break;
            at++;
        }

        if (words.Count > 0 && At(at) is (byte)']' or (byte)')')
            _runner.RunWords([.. words], _frame, _span, _program, _state);
        else
            _runner.NoteOpaque("the code runs a command that is not known", _frame, _span, _program);
    }

    // A literal string argument, alone between the commas; the place after it and its blanks.
    private byte[]? Literal(int i, out int end)
    {
        while (i < _text.Length && _text[i] is (byte)' ' or (byte)'\n')
            i++;
        if (_language == Language.Python && At(i) is (byte)'r' or (byte)'b' or (byte)'u' && At(i + 1) is (byte)'"' or (byte)'\'')
            i++;
        end = i;
        byte quote = At(i);
        if (quote is not ((byte)'"' or (byte)'\'' or (byte)'`'))
            return null;
        int close = SkipString(i);
        byte[] body = _text[(i + 1)..Math.Max(i + 1, Math.Min(close - 1, _text.Length))];
        end = close;
        while (end < _text.Length && _text[end] is (byte)' ' or (byte)'\n')
            end++;
        bool interpolated = (quote != '\'' && (body.AsSpan().IndexOf("#{"u8) >= 0 || body.AsSpan().IndexOf("${"u8) >= 0)) || (quote == '"' && _language is Language.Perl or Language.Php && body.AsSpan().IndexOf((byte)'$') >= 0);
        bool alone = At(end) is (byte)',' or (byte)')' or (byte)']' or (byte)';' or (byte)'}' or 0;
        return interpolated || !alone ? null : Shell.AnsiQuote.Decode(body);
    }

    // A process that makes itself again without a condition floods the machine.
    private bool Repeats()
    {
        ReadOnlySpan<byte> text = _text;
        return text.IndexOf("while True"u8) >= 0 || text.IndexOf("while 1"u8) >= 0 || text.IndexOf("while(1"u8) >= 0 || text.IndexOf("while (1"u8) >= 0 || text.IndexOf("while fork"u8) >= 0 || text.IndexOf("while(true"u8) >= 0 || text.IndexOf("while (true"u8) >= 0
            || text.IndexOf("while true"u8) >= 0 || text.IndexOf("for(;;"u8) >= 0 || text.IndexOf("for (;;"u8) >= 0 || text.IndexOf("loop"u8) >= 0 || text.IndexOf("iter(int"u8) >= 0 || text.IndexOf("count("u8) >= 0;
    }

    // The first longer text behind the file's own name: what is written, where it is a literal.
    private byte[]? TextWritten(int argument)
    {
        int last = Math.Min(_text.Length, argument + 4096);
        for (int i = argument; i < last; i++)
        {
            if (_text[i] is not ((byte)'"' or (byte)'\'' or (byte)'`'))
                continue;
            int close = SkipString(i);
            if (close - i > 8 && Literal(i, out _) is { } text && text.AsSpan().IndexOfAny(" \n"u8) >= 0)
                return text;
            i = close - 1;
        }

        return null;
    }

    // Path("x").write_text(…): the literal that the object was made of.
    private byte[]? ObjectOf(int argument)
    {
        int dot = _text.AsSpan(0, Math.Min(argument, _text.Length)).LastIndexOf(")."u8);
        if (_language != Language.Python || dot < 2 || argument - dot > 24 || _text[dot - 1] is not ((byte)'"' or (byte)'\''))
            return null;
        int open = _text.AsSpan(0, dot - 1).LastIndexOf(_text[dot - 1]);
        return open < 0 ? null : _text[(open + 1)..(dot - 1)];
    }

    // open(x, "w"): any of w a x + > in a literal second argument.
    private bool Mode(int argument)
    {
        int depth = 0;
        for (int i = argument; i < _text.Length; i++)
        {
            byte c = _text[i];
            if (c is (byte)'"' or (byte)'\'')
            {
                int end = SkipString(i);
                ReadOnlySpan<byte> body = _text.AsSpan(i + 1, Math.Max(0, Math.Min(end - 1, _text.Length) - i - 1));
                if (i > argument && body.Length is > 0 and <= 6 && body.IndexOfAny("wax+>"u8) >= 0)
                    return true;
                if (body.Length > 0 && body[0] == '>')
                    return true;
                i = end - 1;
            }
            else if (c == '(')
            {
                depth++;
            }
            else if (c is (byte)')' or (byte)';' or (byte)'\n' && --depth < 0)
            {
                return false;
            }
        }

        return false;
    }

    private bool Lookup(ReadOnlySpan<byte> name, bool exactOnly, bool after, out CallAction action, out EffectShape shape, out bool method)
    {
        ReadOnlySpan<byte> rest = _table.Span;
        ReadOnlySpan<byte> last = LastPart(name);
        (action, shape, method) = (default, default, false);
        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> candidate = rest.Slice(1, rest[0]);
            ReadOnlySpan<byte> entry = rest[(1 + candidate.Length)..];
            rest = entry[12..];
            bool isMethod = entry[0] != 0;
            bool fits = candidate.SequenceEqual(name);
            if (!fits && !exactOnly && LastPart(candidate).SequenceEqual(last))
            {
                ReadOnlySpan<byte> module = candidate[..Math.Max(0, candidate.Length - last.Length)].TrimEnd(".:->"u8);
                fits = isMethod ? after || last.Length < name.Length : module.Length > 0 && _text.AsSpan().IndexOf(FirstPart(module)) >= 0;
            }

            if (!fits)
                continue;
            (method, action) = (isMethod, (CallAction)entry[1]);
            shape = new EffectShape((Verb)entry[2], (Kind)entry[3], false, (Attributes)BinaryPrimitives.ReadUInt64LittleEndian(entry[4..]));
            return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> LastPart(ReadOnlySpan<byte> name)
    {
        int at = name.LastIndexOfAny(".:>"u8);
        return name[(at + 1)..];
    }

    private static ReadOnlySpan<byte> FirstPart(ReadOnlySpan<byte> name)
    {
        int at = name.IndexOfAny(".:-"u8);
        return at < 0 ? name : name[..at];
    }
}
