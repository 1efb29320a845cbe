using System;
using Gate.Text;

namespace Gate.Shell;

// Compound commands. See Parser.cs for the map. Each function starts on its first token and ends behind its redirections.
internal sealed partial class Parser
{
    private Command ParseCompoundCommand()
    {
        Tok token = Peek();
        int start = _lex.Start;
        if (!Enter(start))
        {
            Leave();
            return Nothing();
        }

        Command result;
        switch (token)
        {
            case Tok.Open:
                Take();
                result = ParseSubshellRest(start);
                break;
            case Tok.OpenBrace:
                Take();
                Script body = ParseBody();
                Expect(Tok.CloseBrace, "`}'");
                result = new Group(Whole(start, out Redirect[] after), body, after);
                break;
            case Tok.If:
                result = ParseIf(start);
                break;
            case Tok.While or Tok.Until:
                result = ParseLoop(start);
                break;
            case Tok.For or Tok.Select:
                result = ParseFor(start);
                break;
            case Tok.Case:
                result = ParseCase(start);
                break;
            case Tok.Arithmetic:
                Take();
                Word expression = ReadArithmetic(_arithmeticStart, _arithmeticEnd);
                result = new ArithmeticCommand(Whole(start, out Redirect[] behind), expression, behind);
                break;
            case Tok.ConditionStart:
                result = ParseCondition(start);
                break;
            default:
                FailExpected("a command");
                result = Nothing();
                break;
        }

        Leave();
        return Made(result);
    }

    private Span Since(int start) => Span.Between(start, Math.Max(start, _takenEnd));

    /// <summary>The span of a compound command, whose redirections end it.</summary>
    private Span Whole(int start, out Redirect[] redirects)
    {
        redirects = ParseRedirects();
        return Since(start);
    }

    private Subshell ParseSubshellRest(int start)
    {
        Script body = ParseBody();
        Expect(Tok.Close, "`)'");
        return new Subshell(Whole(start, out Redirect[] redirects), body, redirects);
    }

    private If ParseIf(int start)
    {
        int mark = _top;
        Script? otherwise = null;
        Tok token;
        do
        {
            int clause = _lex.Start;
            Take();
            Script condition = ParseBody();
            Expect(Tok.Then, "`then'");
            Script body = _failed ? Empty() : ParseBody();
            Push(Made(new IfClause(Since(clause), condition, body)));
            token = Peek();
        }
        while (token == Tok.Elif);
        if (token == Tok.Else)
        {
            Take();
            otherwise = ParseBody();
        }

        Expect(Tok.Fi, "`fi'");
        return new If(Whole(start, out Redirect[] redirects), PopFrom<IfClause>(mark), otherwise, redirects);
    }

    private Loop ParseLoop(int start)
    {
        bool until = _lex.Token == Tok.Until;
        Take();
        Script condition = ParseBody();
        Expect(Tok.Do, "`do'");
        Script body = _failed ? Empty() : ParseBody();
        Expect(Tok.Done, "`done'");
        return new Loop(Whole(start, out Redirect[] redirects), until, condition, body, redirects);
    }

    private Command ParseFor(int start)
    {
        bool select = _lex.Token == Tok.Select;
        Take();
        if (Peek() == Tok.ArithmeticFor)
        {
            return ParseArithmeticFor(start);
        }

        if (_lex.Token != Tok.Word)
        {
            FailExpected("the name of a variable");
            return Nothing();
        }

        Word name = _lex.Word!;
        Word[]? words = null;
        Take();
        if (Peek() == Tok.Semicolon)
        {
            Take();
            SkipNewlines();
        }
        else
        {
            SkipNewlines();
            if (Peek() == Tok.In)
            {
                Take();
                words = ParseForWords();
            }
        }

        Script body = ParseForBody();
        return new For(Whole(start, out Redirect[] redirects), select, name, words, body, redirects);
    }

    private Word[] ParseForWords()
    {
        int mark = _top;
        while (Peek() == Tok.Word)
        {
            Push(_lex.Word!);
            Take();
        }

        if (Peek() is Tok.Semicolon or Tok.Newline)
        {
            Take();
            SkipNewlines();
        }
        else
        {
            FailExpected("`;' or a new line");
        }

        return PopFrom<Word>(mark);
    }

    private ArithmeticFor ParseArithmeticFor(int start)
    {
        int from = _arithmeticStart, to = _arithmeticEnd;
        Take();
        Word[] expressions = ReadTexts(TextRules.Arithmetic, from, to, (byte)';');
        if (expressions.Length != 3)
        {
            Fail(from, to, expressions.Length < 3 ? "An arithmetic `for' needs three expressions." : "An arithmetic `for' has three expressions at most.");
        }

        if (Peek() is Tok.Semicolon or Tok.Newline)
        {
            Take();
            SkipNewlines();
        }

        Script body = ParseForBody();
        return new ArithmeticFor(Whole(start, out Redirect[] redirects), expressions, body, redirects);
    }

    private Script ParseForBody()
    {
        Tok token = Peek();
        if (token is not (Tok.Do or Tok.OpenBrace))
        {
            FailExpected("`do'");
            return Empty();
        }

        Take();
        Script body = ParseBody();
        Expect(token == Tok.Do ? Tok.Done : Tok.CloseBrace, token == Tok.Do ? "`done'" : "`}'");
        return body;
    }

    private Command ParseCase(int start)
    {
        Take();
        if (Peek() != Tok.Word)
        {
            FailExpected("a word after `case'");
            return Nothing();
        }

        Word subject = _lex.Word!;
        int mark = _top;
        Take();
        SkipNewlines();
        Expect(Tok.In, "`in'");
        SkipNewlines();
        while (!_failed && Peek() != Tok.Esac)
        {
            Push(ParseCaseClause());
        }

        Expect(Tok.Esac, "`esac'");
        return new Case(Whole(start, out Redirect[] redirects), subject, PopFrom<CaseClause>(mark), redirects);
    }

    private CaseClause ParseCaseClause()
    {
        int start = _lex.Start, mark = _top;
        if (Peek() == Tok.Open)
        {
            Take();
        }

        while (true)
        {
            if (Peek() != Tok.Word)
            {
                FailExpected("a pattern");
                break;
            }

            Push(_lex.Word!);
            Take();
            if (Peek() != Tok.Pipe)
            {
                break;
            }

            Take();
        }

        Word[] patterns = PopFrom<Word>(mark);
        Expect(Tok.Close, "`)' after the pattern");
        Script body = ParseBody(mayBeEmpty: true);
        var terminator = CaseTerminator.Break;
        switch (Peek())
        {
            case Tok.DoubleSemicolon or Tok.SemicolonAmpersand or Tok.DoubleSemicolonAmpersand:
                terminator = _lex.Token == Tok.DoubleSemicolon ? CaseTerminator.Break
                    : _lex.Token == Tok.SemicolonAmpersand ? CaseTerminator.FallThrough : CaseTerminator.TestNext;
                Take();
                break;
            case Tok.Esac:
                break;
            default:
                FailExpected("`;;' or `esac'");
                break;
        }

        int end = _takenEnd;
        SkipNewlines();
        return Made(new CaseClause(Span.Between(start, Math.Max(start, end)), patterns, body, terminator));
    }

    private Script Empty() => Made(new Script(new Span(_takenEnd, 0), []));
}
