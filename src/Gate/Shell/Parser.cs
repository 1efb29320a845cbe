using System;
using Gate.Text;

namespace Gate.Shell;

// Reading guide: one class, split by area, because a shell's lexer and parser need each other (a word may hold a whole script,
// and whether `if` is a word depends on the tokens before it).
//   Parser.cs            state, failing, lists and pipelines
//   ParserCommands.cs    simple commands, redirections, functions, coprocesses
//   ParserCompound.cs    if, loops, case, groups
//   ParserConditions.cs  [[ … ]]
//   Lexer.cs             tokens                  LexerReserved.cs    the context that decides reserved words and assignments
//   LexerWords.cs        words                   LexerQuotes.cs      quotes and array literals
//   LexerExpansions.cs   `$(`, `$((`, `<(`, backquotes               LexerParameters.cs  `${ }`
//   LexerText.cs         text read within known bounds: arithmetic, here-document bodies, patterns
//   HereDocuments.cs     bodies of here-documents
// Functions are named after the grammar; Try… may find nothing, the others must find what they are named after.
// Nothing throws. The first failure is kept in _problem; from then on every token is Tok.Error, so that all loops end and each
// function returns what it has. Facts about what bash accepts are from parse.y of bash 5.2.15 and were checked with `bash -n`.
internal sealed partial class Parser
{
    private readonly SourceText _source;
    private readonly byte[] _s;
    private readonly bool _extendedGlobAlways;

    /// <summary>The next byte to read, and the end of what may be read now (a bound inside the text while an inner text is read).</summary>
    private int _pos, _end;

    /// <summary>Nesting now; starts at what the caller has already used up.</summary>
    private int _depth;
    private int _nodes;

    /// <summary>Bytes scanned ahead so far; see <see cref="ShellLimits.LookaheadPerByte"/>.</summary>
    private long _scanned;

    private bool _failed, _pastLimit;
    private Problem _problem;

    /// <summary>Children waiting for their parent, and flags that go with them: one growing array instead of a list per node.</summary>
    private Node[] _stack = new Node[32];
    private int _top;
    private bool[] _bits = new bool[8];
    private int _bitTop;

    /// <summary>The end of the last token taken.</summary>
    private int _takenEnd;

    internal Parser(SourceText source, int depth, int nodes, bool extendedGlob)
    {
        _source = source;
        _s = source.Bytes;
        _end = _s.Length;
        _depth = depth;
        _nodes = nodes;
        _extendedGlobAlways = extendedGlob;
        _extendedGlob = extendedGlob;
        _lex.Token = Tok.Newline;
    }

    internal Problem? Problem => _failed ? _problem : null;

    internal int Nodes => _nodes;

    // ---- failing -------------------------------------------------------------------------------------------------------

    private void Fail(int start, int end, string message)
    {
        if (_failed)
        {
            return;
        }

        _failed = true;
        _problem = new Problem(Span.Between(start, Math.Max(start, end)), message);
        _lex.Token = Tok.Error;
        _lex.Have = true;
    }

    private void FailExpected(string expected)
    {
        if (_failed)
        {
            return;
        }

        Tok token = Peek();
        string found = token is Tok.Word or Tok.AssignmentWord || token >= Tok.If ? Quote(_lex.Start, _lex.End) : Tokens.Name(token);
        Fail(_lex.Start, _lex.End, "Expected " + expected + ", found " + found + ".");
    }

    private string Quote(int start, int end)
    {
        int length = Math.Min(end - start, 40);
        return "`" + System.Text.Encoding.UTF8.GetString(_s, start, length) + (length < end - start ? "…'" : "'");
    }

    /// <summary>Goes one level down. Every Enter has its Leave, also after a failure.</summary>
    private bool Enter(int at)
    {
        if (++_depth > ShellLimits.Nesting)
        {
            Fail(at, at + 1, "Nested too deeply.");
            return false;
        }

        return true;
    }

    private void Leave() => _depth--;

    /// <summary>Counts bytes that will be read twice; false when it is too much, see <see cref="ShellLimits.LookaheadPerByte"/>.</summary>
    private bool Charge(int start, int bytes)
    {
        _scanned += bytes;
        if (_scanned <= (long)_s.Length * ShellLimits.LookaheadPerByte + ShellLimits.LookaheadFloor)
        {
            return true;
        }

        Fail(start, Math.Min(start + 2, _end), "Too many nested ambiguities.");
        _pastLimit = true;
        return false;
    }

    private T Made<T>(T node)
        where T : Node
    {
        if (++_nodes > ShellLimits.Nodes && !_pastLimit)
        {
            Fail(node.Span.Start, node.Span.End, "Too many words and commands in one text.");
            _pastLimit = true;
        }

        return node;
    }

    private void Push(Node node)
    {
        if (_top == _stack.Length)
        {
            Array.Resize(ref _stack, _top * 2);
        }

        _stack[_top++] = node;
    }

    /// <summary>The children pushed since <paramref name="mark"/>, which must all be of the type asked for.</summary>
    private T[] PopFrom<T>(int mark)
        where T : Node
    {
        int count = _top - mark;
        if (count == 0)
        {
            return [];
        }

        var result = new T[count];
        for (int i = 0; i < count; i++)
        {
            result[i] = (T)_stack[mark + i];
        }

        _top = mark;
        return result;
    }

    private void PushBit(bool bit)
    {
        if (_bitTop == _bits.Length)
        {
            Array.Resize(ref _bits, _bitTop * 2);
        }

        _bits[_bitTop++] = bit;
    }

    private bool[] PopBits(int mark)
    {
        bool[] result = _bits.AsSpan(mark, _bitTop - mark).ToArray();
        _bitTop = mark;
        return result;
    }

    // ---- lists ---------------------------------------------------------------------------------------------------------

    /// <summary>The whole text up to its end (or the bound): lines of statements.</summary>
    internal Script ParseText()
    {
        int start = _pos, mark = _top;
        while (!_failed)
        {
            Tok token = Peek();
            if (token == Tok.Newline)
            {
                Take();
                continue;
            }

            if (token == Tok.EndOfText)
            {
                break;
            }

            ParseStatements(inside: false);
            if (Peek() is not (Tok.Newline or Tok.EndOfText))
            {
                FailExpected("the end of the command");
            }
        }

        GatherHereDocuments();
        return Made(new Script(Span.Between(start, Math.Max(start, _end)), PopFrom<Statement>(mark)));
    }

    /// <summary>The body of something: at least one statement (unless it may be empty), newlines as good as semicolons.</summary>
    private Script ParseBody(bool mayBeEmpty = false)
    {
        int start = _takenEnd, mark = _top;
        SkipNewlines();
        if (!mayBeEmpty || StartsCommand(Peek()))
        {
            ParseStatements(inside: true);
        }

        return Made(new Script(Span.Between(start, Math.Max(start, _takenEnd)), PopFrom<Statement>(mark)));
    }

    private void ParseStatements(bool inside)
    {
        do
        {
            Peek();
            int start = _lex.Start;
            Command command = ParseAndOr();
            Tok token = Peek();
            Push(Made(new Statement(Span.Between(start, Math.Max(start, _takenEnd)), command, token == Tok.Ampersand)));
            if (token is Tok.Ampersand or Tok.Semicolon)
            {
                Take();
            }
            else if (!inside || token != Tok.Newline)
            {
                return;
            }

            if (inside)
            {
                SkipNewlines();
            }
        }
        while (StartsCommand(Peek()));
    }

    private Command ParseAndOr()
    {
        int start = _lex.Start;
        Command first = ParsePipeline();
        if (Peek() is not (Tok.And or Tok.Or))
        {
            return first;
        }

        int mark = _top, bits = _bitTop;
        Push(first);
        while (Peek() is Tok.And or Tok.Or)
        {
            PushBit(_lex.Token == Tok.Or);
            Take();
            SkipNewlines();
            Push(ParsePipeline());
        }

        return Made(new AndOr(Span.Between(start, Math.Max(start, _takenEnd)), PopFrom<Command>(mark), PopBits(bits)));
    }

    private Command ParsePipeline()
    {
        Peek();
        int start = _lex.Start;
        PipelinePrefix[] prefixes = ParsePipelinePrefixes();
        if (prefixes.Length > 0 && Peek() is Tok.Newline or Tok.Semicolon or Tok.EndOfText)
        {
            return Made(new Pipeline(Span.Between(start, _takenEnd), prefixes, [], []));
        }

        Command first = ParseCommand();
        if (prefixes.Length == 0 && Peek() is not (Tok.Pipe or Tok.PipeErrors))
        {
            return first;
        }

        int mark = _top, bits = _bitTop;
        Push(first);
        while (Peek() is Tok.Pipe or Tok.PipeErrors)
        {
            PushBit(_lex.Token == Tok.PipeErrors);
            Take();
            SkipNewlines();
            Push(ParseCommand());
        }

        return Made(new Pipeline(Span.Between(start, Math.Max(start, _takenEnd)), prefixes, PopFrom<Command>(mark), PopBits(bits)));
    }

    private PipelinePrefix[] ParsePipelinePrefixes()
    {
        PipelinePrefix[] prefixes = [];
        int count = 0;
        while (Peek() is Tok.Bang or Tok.Time)
        {
            PipelinePrefix prefix = _lex.Token == Tok.Bang ? PipelinePrefix.Not : PipelinePrefix.Time;
            Take();
            if (prefix == PipelinePrefix.Time)
            {
                if (Peek() == Tok.TimePosix)
                {
                    prefix = PipelinePrefix.TimePosix;
                    Take();
                }

                if (Peek() == Tok.TimeDashes)
                {
                    Take();
                }
            }

            if (count == prefixes.Length)
            {
                Array.Resize(ref prefixes, Math.Max(1, count * 2));
            }

            prefixes[count++] = prefix;
        }

        if (count < prefixes.Length)
        {
            Array.Resize(ref prefixes, count);
        }

        return prefixes;
    }

    private void SkipNewlines()
    {
        while (Peek() == Tok.Newline)
        {
            Take();
        }
    }

    private static bool StartsCommand(Tok token) => token switch
    {
        Tok.Word or Tok.AssignmentWord or Tok.VariableDescriptor or Tok.Number or Tok.Arithmetic or Tok.Open or Tok.OpenBrace or Tok.If
            or Tok.Case or Tok.For or Tok.Select or Tok.While or Tok.Until or Tok.Function or Tok.Coproc or Tok.Bang or Tok.ConditionStart
            or Tok.Time => true,
        _ => IsRedirect(token),
    };

    private void Expect(Tok token, string name)
    {
        if (Peek() == token)
        {
            Take();
        }
        else
        {
            FailExpected(name);
        }
    }
}
