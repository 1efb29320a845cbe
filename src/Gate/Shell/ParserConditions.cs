using System;
using Gate.Text;

namespace Gate.Shell;

// [[ … ]]: or, and, term. Inside, tokens come straight from Lex(): no reserved words, and `<`, `>`, `(` are operators of the
// condition. _condition is the token in hand, read but not yet used. See Parser.cs for the map.
internal sealed partial class Parser
{
    private Tok _condition;

    private Condition ParseCondition(int start)
    {
        Take();
        _lex.Before = _lex.Last;
        _lex.Last = _lex.Token;
        _lex.Flags |= LexFlags.Condition;
        Node expression = ParseConditionOr();
        if (_condition != Tok.ConditionEnd)
        {
            FailInCondition(_condition, "`]]'");
        }

        _lex.Flags &= ~LexFlags.Condition;
        if (!_failed)
        {
            _lex.Last = Tok.ConditionStart;
            _lex.Token = Tok.ConditionEnd;
            _takenEnd = _lex.End;
        }

        return new Condition(Whole(start, out Redirect[] redirects), expression, redirects);
    }

    private Node ParseConditionOr()
    {
        Node first = ParseConditionAnd();
        if (_condition != Tok.Or)
        {
            return first;
        }

        int mark = _top;
        Push(first);
        while (_condition == Tok.Or)
        {
            Push(ParseConditionAnd());
        }

        Node[] terms = PopFrom<Node>(mark);
        return Made(new ConditionLogic(Span.Between(terms[0].Span.Start, Math.Max(terms[0].Span.Start, terms[^1].Span.End)), true, terms));
    }

    private Node ParseConditionAnd()
    {
        Node first = ParseConditionTerm();
        if (_condition != Tok.And)
        {
            return first;
        }

        int mark = _top;
        Push(first);
        while (_condition == Tok.And)
        {
            Push(ParseConditionTerm());
        }

        Node[] terms = PopFrom<Node>(mark);
        return Made(new ConditionLogic(Span.Between(terms[0].Span.Start, Math.Max(terms[0].Span.Start, terms[^1].Span.End)), false, terms));
    }

    private Node ParseConditionTerm()
    {
        Tok token = NextConditionToken();
        int start = _lex.Start, nots = 0;
        while (token == Tok.Bang || (token == Tok.Word && IsText("!"u8)))
        {
            nots++;
            token = NextConditionToken();
        }

        Node term;
        if (token == Tok.Open)
        {
            term = ParseConditionParentheses();
        }
        else if (token == Tok.Word)
        {
            term = IsUnaryOperator(_s.AsSpan(_lex.Start, _lex.End - _lex.Start)) ? ParseConditionUnary() : ParseConditionWord();
        }
        else
        {
            FailInCondition(token, "a word");
            term = Nothing();
        }

        return nots == 0 ? term : Made(new ConditionNot(Span.Between(start, Math.Max(start, term.Span.End)), nots, term));
    }

    private ConditionParentheses ParseConditionParentheses()
    {
        int start = _lex.Start;
        Node inner = Enter(start) ? ParseConditionOr() : Nothing();
        Leave();
        if (_condition != Tok.Close)
        {
            FailInCondition(_condition, "`)'");
        }

        int end = _lex.End;
        NextConditionToken();
        return Made(new ConditionParentheses(Span.Between(start, Math.Max(start, end)), inner));
    }

    private Node ParseConditionUnary()
    {
        Span op = Span.Between(_lex.Start, _lex.End);
        Tok token = Lex();
        if (token != Tok.Word)
        {
            FailInCondition(token, "a word after the operator");
            return Nothing();
        }

        Word operand = _lex.Word!;
        NextConditionToken();
        return Made(new ConditionUnary(Span.Between(op.Start, operand.Span.End), op, operand));
    }

    private Node ParseConditionWord()
    {
        Word left = _lex.Word!;
        Tok token = Lex();
        switch (token)
        {
            case Tok.ConditionEnd or Tok.And or Tok.Or or Tok.Close:
                _condition = token;
                return Made(new ConditionWord(left.Span, left));
            case Tok.Less or Tok.Greater:
                break;
            case Tok.Word when IsText("=~"u8):
                _lex.Flags |= LexFlags.Regexp;
                break;
            case Tok.Word when IsText("="u8) || IsText("=="u8) || IsText("!="u8):
                _extendedGlob = true;
                break;
            case Tok.Word when IsBinaryOperator(_s.AsSpan(_lex.Start, _lex.End - _lex.Start)):
                break;
            default:
                FailInCondition(token, "an operator");
                return Nothing();
        }

        Span op = Span.Between(_lex.Start, _lex.End);
        token = Lex();
        _extendedGlob = _extendedGlobAlways;
        _lex.Flags &= ~LexFlags.Regexp;
        if (token != Tok.Word)
        {
            FailInCondition(token, "a word after the operator");
            return Nothing();
        }

        Word right = _lex.Word!;
        NextConditionToken();
        return Made(new ConditionBinary(Span.Between(left.Span.Start, right.Span.End), left, op, right));
    }

    private Tok NextConditionToken()
    {
        do
        {
            _condition = Lex();
        }
        while (_condition == Tok.Newline);
        return _condition;
    }

    private void FailInCondition(Tok token, string expected)
    {
        string found = token is Tok.Word or Tok.AssignmentWord ? Quote(_lex.Start, _lex.End) : Tokens.Name(token);
        Fail(_lex.Start, _lex.End, "Expected " + expected + " in a condition, found " + found + ".");
        _condition = Tok.Error;
    }

    private bool IsText(ReadOnlySpan<byte> text) => _s.AsSpan(_lex.Start, _lex.End - _lex.Start).SequenceEqual(text);

    private static bool IsUnaryOperator(ReadOnlySpan<byte> word) =>
        word.Length == 2 && word[0] == (byte)'-' && "abcdefghknoprstuvwxzGLNORS"u8.IndexOf(word[1]) >= 0;

    private static bool IsBinaryOperator(ReadOnlySpan<byte> word) =>
        word.Length == 3 && word[0] == (byte)'-' && "nt ot ef eq ne lt le gt ge"u8.IndexOf(word[1..]) is >= 0 and var at && at % 3 == 0;
}
