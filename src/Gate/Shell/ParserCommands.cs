using System;
using Gate.Text;

namespace Gate.Shell;

// Simple commands, redirections, functions and coprocesses. See Parser.cs for the map.
internal sealed partial class Parser
{
    private Command ParseCommand()
    {
        switch (Peek())
        {
            case Tok.Word or Tok.AssignmentWord or Tok.Number or Tok.VariableDescriptor:
                return ParseSimpleCommand(mayBeFunction: true);
            case Tok.Function:
                return ParseFunctionKeyword();
            case Tok.Coproc:
                return ParseCoprocess();
            default:
                return IsRedirect(_lex.Token) ? ParseSimpleCommand(mayBeFunction: true) : ParseCompoundCommand();
        }
    }

    private Command ParseSimpleCommand(bool mayBeFunction, bool hasWord = false)
    {
        int start = _lex.Start, assignments = 0, words = 0, redirects = 0, mark = _top;
        while (true)
        {
            Tok token = Peek();
            if (token is Tok.Word or Tok.AssignmentWord)
            {
                Word word = _lex.Word!;
                Take();
                if (mayBeFunction && token == Tok.Word && _top == mark && Peek() == Tok.Open)
                {
                    return ParseFunctionBody(start, word, keyword: false);
                }

                _lex.Flags &= ~LexFlags.OnlyRedirects;
                if (token == Tok.AssignmentWord && words == 0 && !hasWord)
                {
                    assignments++;
                    Push(MakeAssignment(word));
                }
                else
                {
                    words++;
                    Push(word);
                }
            }
            else if (TryParseRedirect() is { } redirect)
            {
                // bash reads assignments after redirections, but looks at this flag only when nothing else came first.
                if (_top == mark)
                {
                    _lex.Flags |= LexFlags.OnlyRedirects;
                }

                redirects++;
                Push(redirect);
            }
            else
            {
                return MakeSimpleCommand(start, mark, assignments, words, redirects);
            }
        }
    }

    private SimpleCommand MakeSimpleCommand(int start, int mark, int assignments, int words, int redirects)
    {
        var a = assignments == 0 ? [] : new Assignment[assignments];
        var w = words == 0 ? [] : new Word[words];
        var r = redirects == 0 ? [] : new Redirect[redirects];
        int i = 0, j = 0, k = 0;
        for (int n = mark; n < _top; n++)
        {
            switch (_stack[n])
            {
                case Word word:
                    w[j++] = word;
                    break;
                case Assignment assignment:
                    a[i++] = assignment;
                    break;
                default:
                    r[k++] = (Redirect)_stack[n];
                    break;
            }
        }

        _top = mark;
        return Made(new SimpleCommand(Span.Between(start, Math.Max(start, _takenEnd)), a, w, r));
    }

    /// <summary>Splits a word that the lexer found to be <c>name[sub]+=value</c>.</summary>
    private Assignment MakeAssignment(Word word)
    {
        // Parts up to the one that ends right behind the `=`: literal name (with `=` or `+=`), or name, subscript, `=` or `+=`.
        int first = 0;
        Subscript? subscript = null;
        while (first < word.Parts.Length && word.Parts[first].Span.Start <= word.EqualsAt)
        {
            subscript = word.Parts[first++] as Subscript ?? subscript;
        }

        var value = new Part[word.Parts.Length - first];
        Array.Copy(word.Parts, first, value, 0, value.Length);
        bool append = word.EqualsAt > word.Span.Start && _s[word.EqualsAt - 1] == (byte)'+';
        int nameEnd = subscript?.Span.Start ?? (append ? word.EqualsAt - 1 : word.EqualsAt);
        return Made(new Assignment(
            word.Span, Span.Between(word.Span.Start, nameEnd), subscript, append,
            Made(new Word(Span.Between(word.EqualsAt + 1, word.Span.End), value, -1))));
    }

    // ---- redirections --------------------------------------------------------------------------------------------------

    private static bool IsRedirect(Tok token) => token is >= Tok.Less and <= Tok.DoubleLessDash;

    private Redirect[] ParseRedirects()
    {
        int mark = _top;
        while (TryParseRedirect() is { } redirect)
        {
            Push(redirect);
        }

        return PopFrom<Redirect>(mark);
    }

    private Redirect? TryParseRedirect()
    {
        Tok token = Peek();
        int start = _lex.Start, descriptor = -1;
        Span? variable = null;
        if (token == Tok.Number)
        {
            descriptor = _lex.Value;
            Take();
        }
        else if (token == Tok.VariableDescriptor)
        {
            variable = Span.Between(_lex.Start + 1, _lex.End - 1);
            Take();
        }

        Tok op = Peek();
        if (!IsRedirect(op) || (op is Tok.AmpersandGreater or Tok.AmpersandDoubleGreater && start != _lex.Start))
        {
            if (start != _lex.Start)
            {
                FailExpected("a redirection");
            }

            return null;
        }

        Take();
        Word target;
        Tok found = Peek();
        if (found == Tok.Word)
        {
            target = _lex.Word!;
        }
        else if (found is Tok.Number or Tok.Dash && op is Tok.LessAmpersand or Tok.GreaterAmpersand)
        {
            Span span = Span.Between(_lex.Start, _lex.End);
            target = Made(new Word(span, [Made(new Literal(span))], -1));
        }
        else
        {
            FailExpected("a word after the redirection operator");
            return null;
        }

        Take();
        Redirect redirect = Made(new Redirect(Span.Between(start, target.Span.End), Operator(op), descriptor, variable, target));
        if (op is Tok.DoubleLess or Tok.DoubleLessDash)
        {
            AwaitHereDocument(redirect);
        }

        return redirect;
    }

    private static RedirectOperator Operator(Tok token) => token switch
    {
        Tok.Less => RedirectOperator.Read,
        Tok.Greater => RedirectOperator.Write,
        Tok.DoubleGreater => RedirectOperator.Append,
        Tok.GreaterPipe => RedirectOperator.Clobber,
        Tok.LessGreater => RedirectOperator.ReadWrite,
        Tok.LessAmpersand => RedirectOperator.DuplicateIn,
        Tok.GreaterAmpersand => RedirectOperator.DuplicateOut,
        Tok.AmpersandGreater => RedirectOperator.WriteBoth,
        Tok.AmpersandDoubleGreater => RedirectOperator.AppendBoth,
        Tok.TripleLess => RedirectOperator.HereString,
        Tok.DoubleLess => RedirectOperator.HereDocument,
        _ => RedirectOperator.HereDocumentTabs,
    };

    // ---- functions and coprocesses -------------------------------------------------------------------------------------

    private Command ParseFunctionKeyword()
    {
        int start = _lex.Start;
        Take();
        if (Peek() != Tok.Word)
        {
            FailExpected("the name of the function");
            return Nothing();
        }

        Word name = _lex.Word!;
        Take();
        if (Peek() == Tok.Open)
        {
            // `function f ()` or `function f ( body )`: only the next token tells.
            int open = _lex.Start;
            Take();
            if (Peek() != Tok.Close)
            {
                Command body = Enter(open) ? ParseSubshellRest(open) : Nothing();
                Leave();
                return Made(new Function(Span.Between(start, Math.Max(start, _takenEnd)), name, true, body));
            }

            return ParseFunctionRest(start, name, keyword: true);
        }

        SkipNewlines();
        Command compound = ParseCompoundCommand();
        return Made(new Function(Span.Between(start, Math.Max(start, _takenEnd)), name, true, compound));
    }

    private Function ParseFunctionBody(int start, Word name, bool keyword)
    {
        Take();
        return ParseFunctionRest(start, name, keyword);
    }

    private Function ParseFunctionRest(int start, Word name, bool keyword)
    {
        Expect(Tok.Close, "`)'");
        SkipNewlines();
        Command body = ParseCompoundCommand();
        return Made(new Function(Span.Between(start, Math.Max(start, _takenEnd)), name, keyword, body));
    }

    private Coprocess ParseCoprocess()
    {
        int start = _lex.Start;
        Take();
        Word? name = null;
        Command command;
        if (Peek() is Tok.Word)
        {
            // A word is the name when a compound command follows, else the first word of a simple command.
            Word word = _lex.Word!;
            int mark = _top;
            Take();
            if (Peek() is Tok.Open or Tok.OpenBrace or Tok.If or Tok.Case or Tok.For or Tok.Select or Tok.While or Tok.Until or Tok.Arithmetic or Tok.ConditionStart)
            {
                name = word;
                command = ParseCompoundCommand();
            }
            else
            {
                _lex.Flags &= ~LexFlags.OnlyRedirects;
                Push(word);
                // coproc dd if=x: the lexer takes such words for assignments here, as bash's does, and they are arguments.
                SimpleCommand rest = (SimpleCommand)ParseSimpleCommand(mayBeFunction: false, hasWord: true);
                _top = mark;
                var words = new Word[rest.Words.Length + 1];
                words[0] = word;
                Array.Copy(rest.Words, 0, words, 1, rest.Words.Length);
                command = new SimpleCommand(Span.Between(word.Span.Start, Math.Max(word.Span.End, _takenEnd)), [], words, rest.Redirects);
            }
        }
        else if (Peek() is Tok.AssignmentWord or Tok.Number or Tok.VariableDescriptor || IsRedirect(_lex.Token))
        {
            command = ParseSimpleCommand(mayBeFunction: false);
        }
        else
        {
            command = ParseCompoundCommand();
        }

        return Made(new Coprocess(Span.Between(start, Math.Max(start, _takenEnd)), name, command));
    }

    /// <summary>Stands in for a command that could not be read; only ever in a tree beside an error.</summary>
    private SimpleCommand Nothing() => new(new Span(_takenEnd, 0), [], [], []);
}
