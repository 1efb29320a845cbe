using System;
using Gate.Text;

namespace Gate.Shell;

// Which words are reserved, and where an assignment may stand: the questions that only the tokens before can answer. The lists are
// those of reserved_word_acceptable, special_case_tokens and time_command_acceptable in parse.y of bash 5.2.15.
// See Parser.cs for the map.
internal sealed partial class Parser
{
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
