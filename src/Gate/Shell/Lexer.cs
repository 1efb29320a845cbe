using System;
using Gate.Text;

namespace Gate.Shell;

// Tokens. What a word means depends on what came before it, so the lexer keeps the same context bash keeps: the last two tokens
// and a few flags (names of bash's own in comments). Tokens are read only when the parser asks, because reading one too early
// would see the wrong context. See Parser.cs for the map.
internal sealed partial class Parser
{
    [Flags]
    private enum LexFlags : ushort
    {
        None = 0,

        /// <summary>In the patterns of a case clause: only `esac` is reserved (PST_CASEPAT).</summary>
        CasePattern = 1,

        /// <summary>Between `case` and its `in` (PST_CASESTMT).</summary>
        CaseStatement = 2,

        /// <summary>A `{` may open a function body (PST_ALLOWOPNBRC).</summary>
        AllowBrace = 4,

        /// <summary>The next word is a regular expression (PST_REGEXP).</summary>
        Regexp = 8,

        /// <summary>Inside an array literal (PST_COMPASSIGN).</summary>
        ArrayLiteral = 16,

        /// <summary>The command is declare, export … whose arguments may be array assignments (PST_ASSIGNOK).</summary>
        AssignmentBuiltin = 32,

        /// <summary>The simple command has only redirections so far, so an assignment may follow (PST_REDIRLIST).</summary>
        OnlyRedirects = 64,

        /// <summary>Inside [[ … ]] (PST_CONDEXPR).</summary>
        Condition = 128,
    }

    private struct LexState
    {
        internal Tok Token, Last, Before;
        internal bool Have;
        internal LexFlags Flags;
        internal int Start, End, Value, Esacs, ExpectingIn;
        internal Word? Word;
    }

    private LexState _lex;

    /// <summary>Whether <c>@(…)</c> and friends are patterns here: always, or on the right of <c>==</c> inside <c>[[ ]]</c>.</summary>
    private bool _extendedGlob;
    private int _openBraces;

    /// <summary>Where the text of the <c>((</c> just read ends: the offset of the closing <c>))</c>.</summary>
    private int _arithmeticEnd;

    /// <summary>The next token, read if need be.</summary>
    private Tok Peek()
    {
        if (!_lex.Have)
        {
            _lex.Before = _lex.Last;
            _lex.Last = _lex.Token;
            Tok token = Lex();
            if (!_failed)
            {
                _lex.Token = token;
                _lex.Have = true;
            }
        }

        return _lex.Token;
    }

    private void Take()
    {
        if (!_failed)
        {
            _lex.Have = false;
            _takenEnd = _lex.End;
        }
    }

    private Tok Lex()
    {
        if (_failed)
        {
            return Tok.Error;
        }

        int at = _pos;
        while (at < _end)
        {
            byte b = _s[at];
            if (b is (byte)' ' or (byte)'\t')
            {
                at++;
            }
            else if (b == (byte)'\\' && at + 1 < _end && _s[at + 1] == (byte)'\n')
            {
                at += 2;
            }
            else
            {
                break;
            }
        }

        _pos = at;
        _lex.Start = at;
        if (at >= _end)
        {
            return Operator(at, Tok.EndOfText);
        }

        byte c = _s[at];
        if (c == (byte)'#')
        {
            int newline = _s.AsSpan(at, _end - at).IndexOf((byte)'\n');
            if (newline < 0)
            {
                _pos = _end;
                _lex.Start = _end;
                return Newline();
            }

            _pos = at += newline;
            _lex.Start = at;
            c = (byte)'\n';
        }

        if (c == (byte)'\n')
        {
            _pos = BehindNewline(at);
            return Newline();
        }

        if ((_lex.Flags & LexFlags.Regexp) == 0 && IsMeta(c))
        {
            Tok token = LexOperator(c);
            if (token != Tok.Start)
            {
                return token;
            }
        }

        if (c == (byte)'-' && _lex.Last is Tok.LessAmpersand or Tok.GreaterAmpersand)
        {
            return Operator(at + 1, Tok.Dash);
        }

        return LexWord();
    }

    private Tok Newline()
    {
        if (_pendingCount > _pendingBase)
        {
            GatherHereDocuments();
            if (_failed)
            {
                return Tok.Error;
            }
        }

        _lex.Flags &= ~LexFlags.AssignmentBuiltin;
        _lex.End = _pos;
        return Tok.Newline;
    }

    private Tok Operator(int end, Tok token)
    {
        _pos = end;
        _lex.End = end;
        return token;
    }

    private static bool IsMeta(byte c) => c is (byte)'(' or (byte)')' or (byte)'<' or (byte)'>' or (byte)';' or (byte)'&' or (byte)'|';

    private static bool IsBreak(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\n' || IsMeta(c);

    /// <summary>The byte at an offset, behind any continuation lines; 0 at the end. Moves the offset to it.</summary>
    private byte ByteAt(ref int at)
    {
        while (at + 1 < _end && _s[at] == (byte)'\\' && _s[at + 1] == (byte)'\n')
        {
            at += 2;
        }

        return at < _end ? _s[at] : (byte)0;
    }

    /// <summary>An operator, or <see cref="Tok.Start"/> when <c>&lt;(</c> or <c>&gt;(</c> starts a word.</summary>
    private Tok LexOperator(byte c)
    {
        _lex.Flags &= ~LexFlags.AssignmentBuiltin;
        int second = _pos + 1, one = _pos + 1;
        byte next = ByteAt(ref second);
        int two = second + 1;
        switch (c)
        {
            case (byte)'<':
                if (next == (byte)'(')
                {
                    return Tok.Start;
                }

                if (next == (byte)'<')
                {
                    int third = two;
                    byte after = ByteAt(ref third);
                    return after == (byte)'-' ? Operator(third + 1, Tok.DoubleLessDash)
                        : after == (byte)'<' ? Operator(third + 1, Tok.TripleLess) : Operator(two, Tok.DoubleLess);
                }

                return next == (byte)'&' ? Operator(two, Tok.LessAmpersand) : next == (byte)'>' ? Operator(two, Tok.LessGreater) : Operator(one, Tok.Less);
            case (byte)'>':
                if (next == (byte)'(')
                {
                    return Tok.Start;
                }

                return next == (byte)'>' ? Operator(two, Tok.DoubleGreater) : next == (byte)'&' ? Operator(two, Tok.GreaterAmpersand)
                    : next == (byte)'|' ? Operator(two, Tok.GreaterPipe) : Operator(one, Tok.Greater);
            case (byte)'&':
                if (next == (byte)'>')
                {
                    int third = two;
                    return ByteAt(ref third) == (byte)'>' ? Operator(third + 1, Tok.AmpersandDoubleGreater) : Operator(two, Tok.AmpersandGreater);
                }

                return next == (byte)'&' ? Operator(two, Tok.And) : Operator(one, Tok.Ampersand);
            case (byte)'|':
                return next == (byte)'|' ? Operator(two, Tok.Or) : next == (byte)'&' ? Operator(two, Tok.PipeErrors) : Operator(one, Tok.Pipe);
            case (byte)';':
                if (next == (byte)';')
                {
                    _lex.Flags |= LexFlags.CasePattern;
                    int third = two;
                    return ByteAt(ref third) == (byte)'&' ? Operator(third + 1, Tok.DoubleSemicolonAmpersand) : Operator(two, Tok.DoubleSemicolon);
                }

                if (next == (byte)'&')
                {
                    _lex.Flags |= LexFlags.CasePattern;
                    return Operator(two, Tok.SemicolonAmpersand);
                }

                return Operator(one, Tok.Semicolon);
            case (byte)'(':
                return next == (byte)'(' ? LexDoubleOpen(one, two) : Operator(one, Tok.Open);
            default:
                if (_lex.Last == Tok.Open && _lex.Before == Tok.Word)
                {
                    _lex.Flags |= LexFlags.AllowBrace;
                }

                _lex.Flags &= ~LexFlags.CasePattern;
                return Operator(one, Tok.Close);
        }
    }

    /// <summary>
    /// <c>((</c>: arithmetic where the parenthesis that matches the second one is followed by another, else two subshells. Bash reads
    /// ahead to find out and starts again; here what was parsed while reading ahead is remembered, and the bytes are counted.
    /// </summary>
    private Tok LexDoubleOpen(int one, int two)
    {
        if (_lex.Last != Tok.For && !ReservedWordAcceptable())
        {
            return Operator(one, Tok.Open);
        }

        int start = _lex.Start;
        _pos = two;
        int close = ScanMatched((byte)'(', (byte)')', expansions: true, start, out _);
        if (close < 0)
        {
            return Tok.Error;
        }

        if (close + 1 < _end && _s[close + 1] == (byte)')')
        {
            _arithmeticEnd = close;
            _arithmeticStart = two;
            return Operator(close + 2, _lex.Last == Tok.For ? Tok.ArithmeticFor : Tok.Arithmetic);
        }

        if (_lex.Last == Tok.For)
        {
            Fail(start, two, "No `))' ends the arithmetic `for'.");
            return Tok.Error;
        }

        return Operator(one, Tok.Open);
    }
}
