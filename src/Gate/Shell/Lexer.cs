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

    // ---- which words are reserved --------------------------------------------------------------------------------------

    private bool ReservedWordAcceptable()
    {
        switch (_lex.Last)
        {
            case Tok.Newline or Tok.Semicolon or Tok.Open or Tok.Close or Tok.Pipe or Tok.Ampersand or Tok.OpenBrace or Tok.CloseBrace or Tok.And
                or Tok.Arithmetic or Tok.Bang or Tok.PipeErrors or Tok.ConditionEnd or Tok.Do or Tok.Done or Tok.Elif or Tok.Else or Tok.Esac
                or Tok.Fi or Tok.If or Tok.Or or Tok.DoubleSemicolon or Tok.SemicolonAmpersand or Tok.DoubleSemicolonAmpersand or Tok.Then
                or Tok.Time or Tok.TimePosix or Tok.TimeDashes or Tok.Coproc or Tok.Until or Tok.While or Tok.Start or Tok.SubstitutionStart:
                return true;
            default:
                return _lex.Last == Tok.Word && _lex.Before is Tok.Coproc or Tok.Function;
        }
    }

    private bool CommandPosition() =>
        _lex.Last == Tok.AssignmentWord
        || ((_lex.Flags & LexFlags.OnlyRedirects) != 0 && !(IsRedirect(_lex.Last) && _lex.Last != Tok.AmpersandDoubleGreater))
        || (_lex.Last is not (Tok.DoubleSemicolon or Tok.SemicolonAmpersand or Tok.DoubleSemicolonAmpersand) && ReservedWordAcceptable());

    private bool AssignmentAcceptable() => (_lex.Flags & LexFlags.CasePattern) == 0 && CommandPosition();

    private bool TimeAcceptable() => _lex.Last switch
    {
        Tok.Start or Tok.Semicolon or Tok.Newline => _lex.Before != Tok.Pipe,
        Tok.And or Tok.Or or Tok.Ampersand or Tok.While or Tok.Do or Tok.Until or Tok.If or Tok.Then or Tok.Elif or Tok.Else or Tok.OpenBrace
            or Tok.Open or Tok.Close or Tok.Bang or Tok.Time or Tok.TimePosix or Tok.TimeDashes => true,
        _ => false,
    };

    /// <summary>Words that are special in one place only, before reserved words in general (special_case_tokens in bash).</summary>
    private Tok SpecialWord(ReadOnlySpan<byte> word)
    {
        bool isIn = word.SequenceEqual("in"u8), isDo = word.SequenceEqual("do"u8), isOpen = word.Length == 1 && word[0] == (byte)'{';
        if (isIn && ((_lex.Last == Tok.Word && _lex.Before is Tok.For or Tok.Case or Tok.Select)
            || (_lex.ExpectingIn > 0 && _lex.Last is Tok.Word or Tok.Newline)))
        {
            bool direct = _lex.Last == Tok.Word && _lex.Before is Tok.For or Tok.Case or Tok.Select;
            if (direct ? _lex.Before == Tok.Case : (_lex.Flags & LexFlags.CaseStatement) != 0)
            {
                _lex.Flags |= LexFlags.CasePattern;
                _lex.Esacs++;
            }

            _lex.ExpectingIn = Math.Max(0, _lex.ExpectingIn - 1);
            return Tok.In;
        }

        if (isDo && ((_lex.ExpectingIn > 0 && _lex.Last is Tok.Newline or Tok.Semicolon)
            || (_lex.Last == Tok.Word && _lex.Before is Tok.For or Tok.Select)))
        {
            _lex.ExpectingIn = Math.Max(0, _lex.ExpectingIn - 1);
            return Tok.Do;
        }

        if (_lex.Esacs > 0 && _lex.Last == Tok.In && word.SequenceEqual("esac"u8))
        {
            _lex.Esacs--;
            _lex.Flags &= ~LexFlags.CasePattern;
            return Tok.Esac;
        }

        if ((_lex.Flags & LexFlags.AllowBrace) != 0)
        {
            _lex.Flags &= ~LexFlags.AllowBrace;
            if (isOpen)
            {
                _openBraces++;
                return Tok.OpenBrace;
            }
        }

        if (_lex.Last == Tok.ArithmeticFor && isDo)
        {
            return Tok.Do;
        }

        if (_lex.Last == Tok.ArithmeticFor && isOpen)
        {
            _openBraces++;
            return Tok.OpenBrace;
        }

        if (_openBraces > 0 && word.Length == 1 && word[0] == (byte)'}' && ReservedWordAcceptable())
        {
            _openBraces--;
            return Tok.CloseBrace;
        }

        if (word.Length == 2 && word[0] == (byte)'-' && _lex.Last is Tok.Time or Tok.TimePosix)
        {
            if (word[1] == (byte)'p' && _lex.Last == Tok.Time)
            {
                return Tok.TimePosix;
            }

            if (word[1] == (byte)'-')
            {
                return Tok.TimeDashes;
            }
        }

        return (_lex.Flags & LexFlags.Condition) != 0 && word.SequenceEqual("]]"u8) ? Tok.ConditionEnd : Tok.Word;
    }

    /// <summary>The reserved word, if it is taken for one here, with what follows from it for the words to come.</summary>
    private Tok ReservedWord(ReadOnlySpan<byte> word)
    {
        Tok token = Tokens.Reserved(word);
        if (token == Tok.Word || !ReservedWordAcceptable())
        {
            return Tok.Word;
        }

        if ((_lex.Flags & LexFlags.CasePattern) != 0 && (token != Tok.Esac || _lex.Last is Tok.Pipe or Tok.Open))
        {
            return Tok.Word;
        }

        switch (token)
        {
            case Tok.Time when !TimeAcceptable():
                return Tok.Word;
            case Tok.Esac:
                _lex.Flags &= ~(LexFlags.CasePattern | LexFlags.CaseStatement);
                _lex.Esacs--;
                break;
            case Tok.Case:
                _lex.Flags |= LexFlags.CaseStatement;
                break;
            case Tok.OpenBrace:
                _openBraces++;
                break;
            case Tok.CloseBrace when _openBraces > 0:
                _openBraces--;
                break;
        }

        return token;
    }
}
