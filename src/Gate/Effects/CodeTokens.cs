using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>Kinds of tokens in scanned code.</summary>
internal enum CodeTokenKind : byte
{
    Name, Text, Number, Mark, Command, Line, Pattern, End,
}

/// <summary>One token; <c>Value</c> is the name, the decoded text, or the mark.</summary>
internal readonly record struct CodeToken(CodeTokenKind Kind, int Start, int End, byte[] Value, CodePiece[]? Pieces = null);

/// <summary>Tokens that may be asked for anywhere: behind the last one and before the first there is nothing but the end.</summary>
internal sealed class CodeTokenList(List<CodeToken> tokens)
{
    public int Count => tokens.Count;

    public CodeToken this[int i] => (uint)i < (uint)tokens.Count ? tokens[i] : new CodeToken(CodeTokenKind.End, 0, 0, " "u8.ToArray());
}

/// <summary>An expression inside a text, and the literal that stands before it.</summary>
internal readonly record struct CodePiece(byte[] Before, int Start, int End);

/// <summary>
/// Code of many languages as tokens: names, texts (decoded, with the places of what is interpolated), numbers, marks, back quotes and line ends. Comments and
/// regular expressions are left out. What a language does not have costs nothing: the languages share one reader that knows what differs.
/// </summary>
internal ref struct CodeTokens(Language language, byte[] text, int start, int end)
{
    /// <summary>More tokens than this are not looked at.</summary>
    public const int Maximum = 60000;

    private readonly List<CodeToken> _tokens = [];
    private int _i = start;

    public static List<CodeToken> Read(Language language, byte[] text, int start, int end) => new CodeTokens(language, text, start, Math.Min(end, text.Length)).Read();

    private readonly bool Sigils => language is Language.Perl or Language.Php;

    private readonly byte At(int i) => i < end ? text[i] : (byte)0;

    private readonly bool Starts(ReadOnlySpan<byte> word) => _i < end && text.AsSpan(_i, end - _i).StartsWith(word);

    private List<CodeToken> Read()
    {
        while (_i < end && _tokens.Count < Maximum)
        {
            byte c = text[_i];
            if (c == '\n')
                Add(CodeTokenKind.Line, _i, ++_i);
            else if (c is (byte)' ' or (byte)'\t' or (byte)'\r' || (c == '\\' && At(_i + 1) == '\n'))
                _i += c == '\\' ? 2 : 1;
            else if (IsComment(c))
                SkipComment();
            else if (IsNameStart(c, At(_i + 1)))
                Name();
            else if (char.IsAsciiDigit((char)c))
                Number();
            else if (c is (byte)'"' or (byte)'\'')
                Quoted(_i, c);
            else if (c == '`')
                BackQuote();
            else if (c == '/' && language is Language.Node or Language.Perl or Language.Ruby && StartsOperand())
                Regex(_i, (byte)'/', 1);
            else if (c == '[' && language == Language.Lua && At(_i + 1) == '[')
                Until(_i + 2, "]]"u8);
            else if (c == '<' && StartsDocument(out int name, out int length))
                Document(name, length);
            else if (c == '%' && language == Language.Ruby && StartsOperand() && (At(_i + 1) is (byte)'q' or (byte)'Q' or (byte)'w' or (byte)'W' or (byte)'x' or (byte)'i' or (byte)'r' && !IsNamePart(At(_i + 2)) || At(_i + 1) is (byte)'(' or (byte)'{' or (byte)'['))
                Delimited(IsNamePart(At(_i + 1)) ? At(_i + 1) : (byte)'Q', _i + (IsNamePart(At(_i + 1)) ? 2 : 1));
            else if (c == ':' && language == Language.Ruby && IsNamePart(At(_i + 1)) && (_i == 0 || text[_i - 1] is not ((byte)':' or (byte)')') && !IsNamePart(text[_i - 1])))
                Symbol();
            else
                Mark();
        }

        Add(CodeTokenKind.End, end, end);
        return _tokens;
    }

    private readonly void Add(CodeTokenKind kind, int from, int to, CodePiece[]? pieces = null) => _tokens.Add(new CodeToken(kind, from, to, from < to ? text[from..Math.Min(to, end)] : [], pieces));

    private readonly bool IsComment(byte c) => language switch
    {
        Language.Node => (c == '/' && At(_i + 1) is (byte)'/' or (byte)'*') || (c == '#' && At(_i + 1) == '!' && _i == 0),
        Language.Php => c == '#' && At(_i + 1) != '[' || (c == '/' && At(_i + 1) is (byte)'/' or (byte)'*'),
        Language.Lua => c == '-' && At(_i + 1) == '-',
        Language.Python or Language.Ruby or Language.Other => c == '#',
        Language.Perl => c == '#' && (_i == 0 || text[_i - 1] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)';' or (byte)'}' or (byte)'{' or (byte)')'),
        _ => false,
    };

    private void SkipComment()
    {
        if (At(_i + 1) == '*')
        {
            int close = text.AsSpan(_i + 2, end - _i - 2).IndexOf("*/"u8);
            _i = close < 0 ? end : _i + close + 4;
            return;
        }

        int line = text.AsSpan(_i, end - _i).IndexOf((byte)'\n');
        _i = line < 0 ? end : _i + line;
    }

    public static bool IsNamePart(byte c) => c == '_' || char.IsAsciiLetterOrDigit((char)c);

    private readonly bool IsNameStart(byte c, byte next) => c == '_' || char.IsAsciiLetter((char)c) || (c == '$' && language == Language.Node) || (c is (byte)'$' or (byte)'@' && (IsNamePart(next) || (next is (byte)'{' or (byte)'$' or (byte)'!' or (byte)'@' or (byte)'&' && Sigils)) && language != Language.Python)
        || (c == '%' && language == Language.Perl && (char.IsAsciiLetter((char)next) || next == '$') && StartsOperand());

    // An operand may stand here: what comes before is no operand.
    private readonly bool StartsOperand()
    {
        if (_tokens.Count == 0)
            return true;
        CodeToken last = _tokens[^1];
        return last.Kind switch
        {
            CodeTokenKind.Mark => last.Value[0] is not ((byte)')' or (byte)']' or (byte)'}'),
            CodeTokenKind.Line => true,
            CodeTokenKind.Name => last.Value[0] is not ((byte)'$' or (byte)'@') && (language is Language.Perl or Language.Ruby && At(_i - 1) == ' ' && At(_i + 1) != ' ' || last.Value.AsSpan() is var word && (word.SequenceEqual("return"u8) || word.SequenceEqual("and"u8) || word.SequenceEqual("or"u8) || word.SequenceEqual("if"u8) || word.SequenceEqual("unless"u8) || word.SequenceEqual("typeof"u8))),
            _ => false,
        };
    }

    private void Name()
    {
        int from = _i;
        if (text[_i] is (byte)'$' or (byte)'@' or (byte)'%')
        {
            _i++;
            while (At(_i) is (byte)'$' or (byte)'@')
                _i++;
            if (Sigils && At(_i) is (byte)'{' or (byte)'!' or (byte)'&' && _i == from + 1)
            {
                // ${name} and @{…}: the name where it is plain, else the expression within is read as it stands.
                int close = _i + 1;
                while (IsNamePart(At(close)))
                    close++;
                if (At(_i) == '{' && At(close) == '}' && close > _i + 1)
                {
                    _tokens.Add(new CodeToken(CodeTokenKind.Name, from, close + 1, [text[from], .. text.AsSpan(_i + 1, close - _i - 1)]));
                    _i = close + 1;
                    return;
                }

                Add(CodeTokenKind.Mark, from, _i);
                return;
            }
        }

        while (IsNamePart(At(_i)) || (At(_i) == '$' && language == Language.Node))
            _i++;
        if ((language == Language.Ruby && At(_i) is (byte)'?' or (byte)'!' && At(_i + 1) != '=') || (language == Language.Other && At(_i) == '!' && At(_i + 1) == '('))
            _i++;
        ReadOnlySpan<byte> word = text.AsSpan(from, _i - from);
        bool member = _tokens.Count > 0 && _tokens[^1].Kind == CodeTokenKind.Mark && _tokens[^1].Value.AsSpan() is { } before && (before.SequenceEqual("."u8) && language != Language.Perl || before.SequenceEqual("->"u8));
        if (language == Language.Python && word.Length <= 2 && At(_i) is (byte)'"' or (byte)'\'' && word.IndexOfAnyExcept("rRbBuUfF"u8) < 0)
            Quoted(_i, At(_i), raw: word.IndexOfAny("rR"u8) >= 0, formatted: word.IndexOfAny("fF"u8) >= 0);
        else if (language == Language.Perl && !member && IsQuoteWord(word) && StartsQuote())
            Delimited(word[0] == 'q' ? word.Length == 1 ? (byte)'q' : word[1] == 'q' ? (byte)'Q' : word[1] : word[0], _i);
        else
            Add(CodeTokenKind.Name, from, _i);
    }

    private static bool IsQuoteWord(ReadOnlySpan<byte> word) => word.SequenceEqual("q"u8) || word.SequenceEqual("qq"u8) || word.SequenceEqual("qw"u8) || word.SequenceEqual("qx"u8) || word.SequenceEqual("qr"u8) || word.SequenceEqual("m"u8) || word.SequenceEqual("s"u8) || word.SequenceEqual("y"u8) || word.SequenceEqual("tr"u8);

    private readonly bool StartsQuote()
    {
        int at = _i;
        while (At(at) == ' ')
            at++;
        byte c = At(at);
        return c is not (0 or (byte)'=' or (byte)',' or (byte)';' or (byte)')' or (byte)' ' or (byte)'\n') && !IsNamePart(c) && (at == _i || c != '#') && !(c == '}' && at == _i) && !(c == '-' && At(at + 1) == '>');
    }

    private void Number()
    {
        int from = _i;
        while (IsNamePart(At(_i)) || (At(_i) == '.' && char.IsAsciiDigit((char)At(_i + 1)) && language != Language.Perl))
            _i++;
        Add(CodeTokenKind.Number, from, _i);
    }

    private void Symbol()
    {
        int from = ++_i;
        while (IsNamePart(At(_i)))
            _i++;
        Add(CodeTokenKind.Text, from, _i);
    }

    private void Mark()
    {
        ReadOnlySpan<byte> marks = "=> -> :: ?. ?? == != <= >= =~ !~ && || ++ -- += -= .= *= ** << >> .. := |> "u8;
        int length = 1;
        for (int at = 0; at < marks.Length && At(_i + 1) != 0; at += 3)
        {
            if (marks[at] == text[_i] && marks[at + 1] == At(_i + 1) && !(marks[at] == '.' && marks[at + 1] == '=' && !Sigils))
                length = 2;
        }

        Add(CodeTokenKind.Mark, _i, _i + length);
        _i += length;
    }

    private void Quoted(int open, byte quote, bool raw = false, bool formatted = false)
    {
        bool triple = language is Language.Python or Language.Other && At(open + 1) == quote && At(open + 2) == quote;
        int from = open + (triple ? 3 : 1), i = from;
        while (i < end && !(text[i] == quote && (!triple || (At(i + 1) == quote && At(i + 2) == quote))))
            i += text[i] == '\\' ? 2 : 1;
        i = Math.Min(i, end);
        _i = Math.Min(i + (triple ? 3 : 1), end);
        bool plain = quote == '\'' && language is Language.Perl or Language.Ruby or Language.Php;
        Text(CodeTokenKind.Text, open, from, i, plain || raw, formatted || (quote == '"' && language is Language.Perl or Language.Ruby or Language.Php));
    }

    private void BackQuote()
    {
        int open = _i, i = _i + 1;
        while (i < end && text[i] != '`')
            i += text[i] == '\\' ? 2 : 1;
        i = Math.Min(i, end);
        _i = Math.Min(i + 1, end);
        Text(language == Language.Node ? CodeTokenKind.Text : CodeTokenKind.Command, open, open + 1, i, false, true);
    }

    private void Until(int from, ReadOnlySpan<byte> closer)
    {
        int close = text.AsSpan(from, end - from).IndexOf(closer);
        int stop = close < 0 ? end : from + close;
        _tokens.Add(new CodeToken(CodeTokenKind.Text, _i, stop, text[from..stop]));
        _i = Math.Min(stop + closer.Length, end);
    }

    // Perl's q qq qw qx qr m s tr y and Ruby's %q %w %x, with any delimiter.
    private void Delimited(byte kind, int at)
    {
        while (At(at) == ' ')
            at++;
        byte open = At(at);
        int from = at + 1, close = Closing(from, open);
        _i = Math.Min(close + 1, end);
        if (kind is (byte)'w' or (byte)'W' or (byte)'i')
        {
            // A list of words is written as one: [ "a", "b" ].
            Add(CodeTokenKind.Mark, 0, 0);
            _tokens[^1] = new CodeToken(CodeTokenKind.Mark, at, at, [(byte)'[']);
            for (int i = from; i < close; i++)
            {
                int word = i;
                while (i < close && text[i] is not ((byte)' ' or (byte)'\n' or (byte)'\t'))
                    i++;
                if (i > word)
                {
                    _tokens.Add(new CodeToken(CodeTokenKind.Text, word, i, text[word..i]));
                    _tokens.Add(new CodeToken(CodeTokenKind.Mark, i, i, [(byte)',']));
                }
            }

            _tokens.Add(new CodeToken(CodeTokenKind.Mark, close, close, [(byte)']']));
        }
        else if (kind is (byte)'q' or (byte)'Q' or (byte)'x')
        {
            Text(kind == 'x' ? CodeTokenKind.Command : CodeTokenKind.Text, at, from, close, kind == 'q', kind != 'q');
        }
        else if (kind is (byte)'s' or (byte)'t' or (byte)'y')
        {
            int second = open is (byte)'{' or (byte)'(' or (byte)'[' or (byte)'<' ? NextOpen(_i) : close;
            int stop = Closing(second + 1, At(second));
            Flags(stop, kind == 's' ? second + 1 : stop, stop);
        }
        else
        {
            Flags(close, close, close);
        }
    }

    private readonly int NextOpen(int at)
    {
        while (At(at) is (byte)' ' or (byte)'\n')
            at++;
        return at;
    }

    // The flags behind a pattern; with 'e' the replacement is code.
    private void Flags(int close, int from, int to)
    {
        _i = Math.Min(close + 1, end);
        int flags = _i;
        while (char.IsAsciiLetter((char)At(_i)))
            _i++;
        bool code = from < to && text.AsSpan(flags, _i - flags).IndexOf((byte)'e') >= 0;
        _tokens.Add(new CodeToken(CodeTokenKind.Pattern, close, _i, [], code ? [new CodePiece([], from, to)] : null));
    }

    private readonly int Closing(int from, byte open)
    {
        byte closer = open switch { (byte)'{' => (byte)'}', (byte)'(' => (byte)')', (byte)'[' => (byte)']', (byte)'<' => (byte)'>', _ => open };
        int depth = 1, i = from;
        for (; i < end; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == closer && --depth == 0)
                break;
            else if (text[i] == open && closer != open)
                depth++;
        }

        return Math.Min(i, end);
    }

    private void Regex(int open, byte delimiter, int length)
    {
        int i = open + length;
        bool bracket = false;
        while (i < end && (text[i] != delimiter || bracket) && text[i] != '\n')
        {
            bracket = text[i] == '[' || (bracket && text[i] != ']');
            i += text[i] == '\\' ? 2 : 1;
        }

        Flags(Math.Min(i, end), 0, 0);
    }

    private readonly bool StartsDocument(out int name, out int length)
    {
        (name, length) = (_i + 2, 0);
        if (language is not (Language.Perl or Language.Ruby or Language.Php) || At(_i + 1) != '<')
            return false;
        while (At(name) is (byte)'<' or (byte)'~' or (byte)'-' or (byte)'"' or (byte)'\'')
            name++;
        while (char.IsAsciiLetterUpper((char)At(name + length)) || At(name + length) == '_')
            length++;
        return length > 1;
    }

    // A here-document: its text stands at once for the word that names it, and is not read again.
    private void Document(int name, int length)
    {
        bool plain = At(name - 1) == '\'';
        int line = text.AsSpan(name, end - name).IndexOf((byte)'\n');
        int from = line < 0 ? end : name + line + 1, stop = from;
        while (stop < end)
        {
            int next = text.AsSpan(stop, end - stop).IndexOf((byte)'\n');
            ReadOnlySpan<byte> row = text.AsSpan(stop, next < 0 ? end - stop : next).Trim(" \t;)"u8);
            if (row.SequenceEqual(text.AsSpan(name, length)))
                break;
            stop = next < 0 ? end : stop + next + 1;
        }

        Text(CodeTokenKind.Text, _i, from, Math.Min(stop, end), plain, !plain);
        _i = name + length + (At(name + length) is (byte)'"' or (byte)'\'' ? 1 : 0);
        if (from < end)
        {
            // What follows on the line, then what follows the document.
            _tokens.AddRange(Read(language, text, _i, from));
            _tokens.RemoveAt(_tokens.Count - 1);
            int after = text.AsSpan(stop, end - stop).IndexOf((byte)'\n');
            _i = after < 0 ? end : stop + after;
        }
    }

    // A text's body, decoded; what is interpolated becomes an unknown run and a piece.
    private readonly void Text(CodeTokenKind kind, int at, int from, int to, bool raw, bool interpolates)
    {
        ByteBuilder all = new(to - from + 8);
        List<CodePiece>? pieces = null;
        int last = 0;
        for (int i = from; i < to; i++)
        {
            byte c = text[i];
            if (c == '\\' && i + 1 < to && (!raw || text[i + 1] is (byte)'\\' or (byte)'\'') && !(raw && language == Language.Python))
            {
                i = CodeEscape.Decode(text, i + 1, to, raw, all);
            }
            else if (interpolates && Interpolated(i, to, out int inner, out int stop, out int next))
            {
                (pieces ??= []).Add(new CodePiece(all.Written[last..].ToArray(), inner, stop));
                _ = all.Add(Value.Hole);
                last = all.Length;
                i = next - 1;
            }
            else if (interpolates && language == Language.Python && c is (byte)'{' or (byte)'}')
            {
                _ = all.Add(c);
                i++;
            }
            else
            {
                _ = all.Add(c);
            }
        }

        if (pieces is not null)
            pieces.Add(new CodePiece(all.Written[last..].ToArray(), to, to));
        _tokens.Add(new CodeToken(kind, at, to, all.ToArray(), pieces?.ToArray()));
    }

    // #{…} in Ruby, ${…} in JavaScript, {…} in Python's f-strings, $name ${…} @{[…]} in Perl and PHP.
    private readonly bool Interpolated(int i, int to, out int inner, out int stop, out int next)
    {
        (inner, stop, next) = (0, 0, 0);
        byte c = text[i], after = i + 1 < to ? text[i + 1] : (byte)0;
        bool braces = (c == '#' && after == '{' && language == Language.Ruby) || (c == '$' && after == '{' && language == Language.Node) || (c == '{' && after == '$' && language == Language.Php) || (c == '{' && after != '{' && language == Language.Python) || (c is (byte)'$' or (byte)'@' && after == '{' && Sigils);
        if (braces)
        {
            inner = i + (c == '{' ? 1 : 2);
            stop = Math.Min(Closing(inner, (byte)'{'), to);
            next = stop + 1;
            if (Sigils && c != '{' && language == Language.Perl && text[inner] == '\\')
                inner++;
            return true;
        }

        if (!Sigils || c is not ((byte)'$' or (byte)'@') || !(IsNamePart(after) || after == '_') || (c == '@' && language == Language.Php))
            return false;
        (inner, stop) = (i, i + 1);
        while (stop < to && IsNamePart(text[stop]))
            stop++;
        if (stop < to && (text[stop] == '[' || (text[stop] == '{' && language == Language.Perl)))
            stop = Math.Min(Closing(stop + 1, text[stop]) + 1, to);
        next = stop;
        return true;
    }
}
