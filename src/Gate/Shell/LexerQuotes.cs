using System;
using Gate.Text;

namespace Gate.Shell;

// '…', $'…', "…" and the array literals behind name=. See Parser.cs for the map.
internal sealed partial class Parser
{
    private SingleQuoted ReadSingleQuoted()
    {
        int start = _pos;
        int length = _s.AsSpan(start + 1, _end - start - 1).IndexOf((byte)'\'');
        if (length < 0)
        {
            Fail(start, start + 1, "No matching quote `''.");
            _pos = _end;
            return Made(new SingleQuoted(Span.Between(start, _end)));
        }

        _pos = start + length + 2;
        return Made(new SingleQuoted(Span.Between(start, _pos)));
    }

    /// <summary><c>$'…'</c>, where <paramref name="quote"/> is the offset of the quote.</summary>
    private AnsiQuoted ReadAnsiQuoted(int start, int quote)
    {
        int at = quote + 1;
        while (true)
        {
            int step = at >= _end ? -1 : _s.AsSpan(at, _end - at).IndexOfAny((byte)'\'', (byte)'\\');
            if (step < 0 || (_s[at + step] == (byte)'\\' && at + step + 1 >= _end))
            {
                Fail(start, quote + 1, "No matching quote `''.");
                _pos = _end;
                break;
            }

            at += step + 1;
            if (_s[at - 1] == (byte)'\'')
            {
                _pos = at;
                break;
            }

            at++;
        }

        return Made(new AnsiQuoted(Span.Between(start, _pos)));
    }

    /// <summary><c>"…"</c> at the current position; <paramref name="start"/> lies before it for <c>$"…"</c>.</summary>
    private Part ReadDoubleQuoted(int start)
    {
        if (Remembered(start) is { } known)
        {
            return known;
        }

        int quote = _pos, mark = _top;
        _pos++;
        int literal = _pos;
        if (!Enter(quote))
        {
            _pos = _end;
        }

        while (true)
        {
            int step = _pos >= _end ? -1 : _s.AsSpan(_pos, _end - _pos).IndexOfAny("\"\\$`\n"u8);
            if (step < 0)
            {
                Fail(quote, quote + 1, "No matching quote `\"'.");
                _pos = _end;
                Flush(literal, _pos);
                break;
            }

            int at = _pos += step;
            byte c = _s[at];
            if (c == (byte)'"')
            {
                Flush(literal, at);
                _pos++;
                break;
            }

            ReadInsideDoubleQuotes(c, ref literal);
            if (_failed)
            {
                break;
            }
        }

        Leave();
        return Made(new DoubleQuoted(Span.Between(start, _pos), start != quote, PopFrom<Part>(mark)));
    }

    /// <summary>One special byte of a text in double quotes (or of a here-document): a part, or a step on.</summary>
    private void ReadInsideDoubleQuotes(byte c, ref int literal)
    {
        int at = _pos;
        switch (c)
        {
            case (byte)'\\':
                byte next = at + 1 < _end ? _s[at + 1] : (byte)0;
                _pos = Math.Min(at + 2, _end);
                if (next == (byte)'\n')
                {
                    PushPart(ref literal, at, Made(new Continuation(new Span(at, 2))));
                }
                else if (next is (byte)'$' or (byte)'`' or (byte)'"' or (byte)'\\')
                {
                    PushPart(ref literal, at, Made(new Escape(new Span(at, 2))));
                }

                break;
            case (byte)'`':
                PushPart(ref literal, at, ReadBackquote(inDoubleQuotes: true));
                break;
            case (byte)'$':
                if (TryReadDollar(DollarRules.DoubleQuotes) is { } expansion)
                {
                    PushPart(ref literal, at, expansion);
                }
                else
                {
                    _pos = Math.Max(_pos, at + 1);
                }

                break;
            case (byte)'\n' when at == _jumpFrom:
                Flush(literal, at + 1);
                _pos = literal = _jumpTo;
                break;
            default:
                _pos++;
                break;
        }
    }

    // ---- arrays --------------------------------------------------------------------------------------------------------

    /// <summary>The <c>( … )</c> behind <c>name=</c>, read with the current position behind the parenthesis.</summary>
    private ArrayLiteral ReadArrayLiteral(int start)
    {
        int mark = _top;
        LexState saved = _lex;
        _lex.Last = Tok.Word;
        _lex.Flags = (_lex.Flags & ~(LexFlags.Condition | LexFlags.Regexp)) | LexFlags.ArrayLiteral;
        _lex.Esacs = 0;
        _lex.ExpectingIn = 0;
        if (Enter(start))
        {
            while (true)
            {
                Tok token = Lex();
                if (token is Tok.Word or Tok.AssignmentWord)
                {
                    Push(_lex.Word!);
                }
                else if (token != Tok.Newline)
                {
                    if (token == Tok.EndOfText)
                    {
                        Fail(start, start + 1, "No matching `)' for the array.");
                    }
                    else if (token != Tok.Close)
                    {
                        Fail(_lex.Start, _lex.End, "An array cannot hold " + Tokens.Name(token) + ".");
                    }

                    break;
                }
            }
        }

        Leave();
        if (!_failed)
        {
            _lex = saved;
        }

        return Made(new ArrayLiteral(Span.Between(start, _pos), PopFrom<Word>(mark)));
    }
}
