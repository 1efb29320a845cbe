using System;
using Gate.Text;

namespace Gate.Shell;

// Everything that begins with `$`, with `<(` or `>(`, or with a backquote. Bash finds the end of `$(` by parsing, of `${` by
// matching braces and quotes, of `$((` and `$[` by counting parentheses and quotes only; where the end lies is taken from the
// same rules, because it decides what the rest of the line means. See Parser.cs for the map.
internal sealed partial class Parser
{
    /// <summary>Where a <c>$</c> stands: quotes behind it are special only in <see cref="Word"/>.</summary>
    private enum DollarRules : byte { Word, DoubleQuotes }

    /// <summary>Whether the text read now is inside <c>$( )</c>, where its parenthesis may end a here-document.</summary>
    private bool _inSubstitution;

    /// <summary>Start of the text of the <c>((</c> just read.</summary>
    private int _arithmeticStart;

    /// <summary>The expansion at the current <c>$</c>, or null when the <c>$</c> stands for itself.</summary>
    private Part? TryReadDollar(DollarRules rules)
    {
        int start = _pos, at = start + 1;
        byte c = ByteAt(ref at);
        switch (c)
        {
            case (byte)'(':
                return ReadDollarParenthesis(start, at);
            case (byte)'{':
                return ReadParameter(start, at, rules == DollarRules.DoubleQuotes);
            case (byte)'[':
                _pos = at + 1;
                int close = ScanMatched((byte)'[', (byte)']', expansions: true, start, out _);
                Word expression = close < 0 ? NoWord(at + 1) : ReadArithmetic(at + 1, close);
                _pos = close < 0 ? _end : close + 1;
                return Made(new Arithmetic(Span.Between(start, _pos), true, expression));
            case (byte)'\'' when rules == DollarRules.Word:
                return ReadAnsiQuoted(start, at);
            case (byte)'"' when rules == DollarRules.Word:
                _pos = at;
                return ReadDoubleQuoted(start);
            case (byte)'@' or (byte)'*' or (byte)'?' or (byte)'!' when _extendedGlob && at + 1 < _end && _s[at + 1] == (byte)'(' && rules == DollarRules.Word:
                return null;
            case (byte)'@' or (byte)'*' or (byte)'#' or (byte)'?' or (byte)'-' or (byte)'$' or (byte)'!' or (>= (byte)'0' and <= (byte)'9'):
                _pos = at + 1;
                return Made(new Parameter(Span.Between(start, _pos), false, new Span(at, 1)));
            default:
                return at < _end && IsName(c, true) ? ReadPlainParameter(start, at) : null;
        }
    }

    private Parameter ReadPlainParameter(int start, int name)
    {
        int at = name;
        while (at < _end && IsName(_s[at], false))
        {
            at++;
        }

        // A name broken over lines: the bytes of the name are not in one span, so the parameter is not known.
        int whole = at;
        while (whole > name && whole + 1 < _end && _s[whole] == (byte)'\\' && _s[whole + 1] == (byte)'\n')
        {
            whole += 2;
            while (whole < _end && IsName(_s[whole], false))
            {
                whole++;
            }
        }

        _pos = whole;
        return Made(new Parameter(Span.Between(start, _pos), false, Span.Between(name, at)) { Malformed = whole > at });
    }

    // ---- $( … ), $(( … )), <( … ) --------------------------------------------------------------------------------------

    private Part ReadDollarParenthesis(int start, int open)
    {
        if (Remembered(start) is { } known)
        {
            return known;
        }

        int second = open + 1;
        if (ByteAt(ref second) != (byte)'(')
        {
            Script body = ReadSubstitution(start, open);
            return Made(new CommandSubstitution(Span.Between(start, _pos), body));
        }

        // Bash takes `$((` for arithmetic and matches parentheses; if the inner one does not end next to the outer, it was a command.
        _pos = open + 1;
        int close = ScanMatched((byte)'(', (byte)')', expansions: true, start, out int inner);
        if (close < 0)
        {
            return Made(new Arithmetic(Span.Between(start, _end), false, NoWord(start)));
        }

        if (inner == close - 1)
        {
            Word expression = ReadArithmetic(second + 1, inner);
            _pos = close + 1;
            return Made(new Arithmetic(Span.Between(start, _pos), false, expression));
        }

        Script script = ReadScriptWithin(open + 1, close, out Problem? problem);
        _pos = close + 1;
        return Made(new CommandSubstitution(Span.Between(start, _pos), script) { Problem = problem });
    }

    private Part ReadProcessSubstitution(int start, int open)
    {
        if (Remembered(start) is { } known)
        {
            return known;
        }

        bool output = _s[start] == (byte)'>';
        int second = open + 1;
        if (ByteAt(ref second) != (byte)'(')
        {
            Script body = ReadSubstitution(start, open);
            return Made(new ProcessSubstitution(Span.Between(start, _pos), output, body));
        }

        _pos = open + 1;
        int close = ScanMatched((byte)'(', (byte)')', expansions: true, start, out _);
        if (close < 0)
        {
            return Made(new ProcessSubstitution(Span.Between(start, _end), output, Empty()));
        }

        Script script = ReadScriptWithin(open + 1, close, out Problem? problem);
        _pos = close + 1;
        return Made(new ProcessSubstitution(Span.Between(start, _pos), output, script) { Problem = problem });
    }

    /// <summary>The script behind an opening parenthesis, up to the one that closes it.</summary>
    private Script ReadSubstitution(int start, int open)
    {
        LexState saved = _lex;
        int taken = _takenEnd, pendingBase = _pendingBase;
        bool inside = _inSubstitution;
        _lex = default;
        _lex.Last = Tok.Newline;
        _lex.Token = Tok.SubstitutionStart;
        _pendingBase = _pendingCount;
        _inSubstitution = true;
        _pos = open + 1;
        Script body;
        if (Enter(start))
        {
            _takenEnd = _pos;
            body = ParseBody(mayBeEmpty: true);
            if (!_failed && Peek() != Tok.Close)
            {
                if (_lex.Token == Tok.EndOfText)
                {
                    Fail(start, open + 1, "No matching `)'.");
                }
                else
                {
                    FailUnexpected("`)'");
                }
            }

            if (_pendingCount > _pendingBase)
            {
                GatherHereDocumentsOfNextLine();
            }
        }
        else
        {
            body = Empty();
        }

        Leave();
        _inSubstitution = inside;
        _pendingBase = pendingBase;
        if (!_failed)
        {
            _lex = saved;
            _takenEnd = taken;
        }

        return body;
    }

    /// <summary>
    /// A script in a known piece of this text that bash parses only when it runs: what is wrong with it is reported beside it.
    /// </summary>
    private Script ReadScriptWithin(int start, int end, out Problem? problem)
    {
        LexState saved = _lex;
        int taken = _takenEnd, pendingBase = _pendingBase, oldEnd = _end;
        bool inside = _inSubstitution;
        _lex = default;
        _lex.Token = Tok.Newline;
        _pendingBase = _pendingCount;
        _inSubstitution = false;
        _pos = _takenEnd = start;
        _end = end;
        Script body = Enter(start) ? ParseText() : Empty();
        Leave();
        problem = Forgive();
        _pendingCount = _pendingBase;
        _pendingBase = pendingBase;
        _end = oldEnd;
        _inSubstitution = inside;
        _takenEnd = taken;
        if (!_failed)
        {
            _lex = saved;
        }

        return body;
    }

    /// <summary>Takes back a failure in a text that may fail, unless a limit of the whole text was passed.</summary>
    private Problem? Forgive()
    {
        if (!_failed || _pastLimit)
        {
            return null;
        }

        _failed = false;
        return _problem;
    }

    // ---- backquotes ----------------------------------------------------------------------------------------------------

    private Part ReadBackquote(bool inDoubleQuotes)
    {
        int start = _pos;
        if (Remembered(start) is { } known)
        {
            return known;
        }

        int at = start + 1;
        bool escaped = false;
        while (true)
        {
            int step = at >= _end ? -1 : _s.AsSpan(at, _end - at).IndexOfAny((byte)'`', (byte)'\\');
            if (step < 0 || (_s[at + step] == (byte)'\\' && at + step + 1 >= _end))
            {
                Fail(start, start + 1, "No matching backquote.");
                _pos = _end;
                return Made(new Backquote(Span.Between(start, _end), _source, inDoubleQuotes, Empty(), null));
            }

            at += step;
            if (_s[at] == (byte)'`')
            {
                break;
            }

            escaped |= Backquote.Unescapes(_s[at + 1], inDoubleQuotes);
            at += 2;
        }

        Span span = Span.Between(start, at + 1);
        SourceText source = _source;
        Script body;
        Problem? problem;
        if (!escaped)
        {
            body = ReadScriptWithin(start + 1, at, out problem);
        }
        else
        {
            source = new SourceText(Unescape(start + 1, at, inDoubleQuotes));
            var inner = new Parser(source, _depth, _nodes, _extendedGlobAlways);
            body = inner.Enter(0) ? inner.ParseText() : Empty();
            problem = inner.Problem;
            _nodes = inner.Nodes;
        }

        _pos = span.End;
        return Made(new Backquote(span, source, inDoubleQuotes, body, problem));
    }

    private byte[] Unescape(int start, int end, bool inDoubleQuotes)
    {
        var clean = new byte[end - start];
        int count = 0;
        for (int at = start; at < end; at++)
        {
            if (_s[at] == (byte)'\\' && at + 1 < end && Backquote.Unescapes(_s[at + 1], inDoubleQuotes))
            {
                at++;
            }

            clean[count++] = _s[at];
        }

        Array.Resize(ref clean, count);
        return clean;
    }

    // ---- ${ … } --------------------------------------------------------------------------------------------------------

    private Part ReadParameter(int start, int brace, bool inDoubleQuotes)
    {
        if (Remembered(start) is { } known)
        {
            return known;
        }

        _pos = brace + 1;
        if (!Enter(start))
        {
            _pos = _end;
        }

        bool length = false, indirect = false;
        if (_pos + 1 < _end && _s[_pos] is (byte)'#' or (byte)'!' && TakesPrefix(_pos + 1, _s[_pos] == (byte)'#'))
        {
            length = _s[_pos] == (byte)'#';
            indirect = !length;
            _pos++;
        }

        int name = _pos;
        _pos = EndOfParameterName(name);
        var parameter = new Parameter(default, true, Span.Between(name, _pos)) { Length = length, Indirect = indirect };
        if (_pos == name)
        {
            _pos = brace + 1;
            parameter.Malformed = true;
        }
        else
        {
            if (_pos < _end && _s[_pos] == (byte)'[')
            {
                parameter.Subscript = ReadSubscript(_pos, inBraces: true);
                parameter.Malformed = parameter.Subscript.Index.Span.End == parameter.Subscript.Span.End;
            }

            ReadParameterOperator(parameter, inDoubleQuotes);
        }

        if (parameter.Malformed)
        {
            parameter.Argument = ReadBraceText(DollarRules.Word, 0);
        }

        if (_pos >= _end)
        {
            Fail(start, brace + 1, "No matching `}'.");
        }
        else
        {
            _pos++;
        }

        Leave();
        return Made(new Parameter(Span.Between(start, _pos), true, parameter.Name)
        {
            Length = length, Indirect = indirect, Malformed = parameter.Malformed, Subscript = parameter.Subscript,
            Operator = parameter.Operator, Argument = parameter.Argument, Second = parameter.Second,
        });
    }

    /// <summary>Whether what follows makes <c>#</c> or <c>!</c> a prefix and not the parameter itself.</summary>
    private bool TakesPrefix(int at, bool length)
    {
        byte c = _s[at];
        if (IsName(c, false))
        {
            return true;
        }

        bool special = c is (byte)'@' or (byte)'*' or (byte)'#' or (byte)'?' or (byte)'!' or (byte)'$' || (c == (byte)'-' && length);
        return special && ((c is (byte)'@' or (byte)'*' && length) || (at + 1 < _end && _s[at + 1] == (byte)'}'));
    }

    private int EndOfParameterName(int at)
    {
        if (at >= _end)
        {
            return at;
        }

        byte c = _s[at];
        if (IsName(c, true))
        {
            while (at < _end && IsName(_s[at], false))
            {
                at++;
            }

            return at;
        }

        if (c is >= (byte)'0' and <= (byte)'9')
        {
            while (at < _end && _s[at] is >= (byte)'0' and <= (byte)'9')
            {
                at++;
            }

            return at;
        }

        bool opens = c == (byte)'$' && at + 1 < _end && _s[at + 1] is (byte)'(' or (byte)'{' or (byte)'[' or (byte)'\'' or (byte)'"';
        return c is (byte)'@' or (byte)'*' or (byte)'#' or (byte)'?' or (byte)'-' or (byte)'$' or (byte)'!' && !opens ? at + 1 : at;
    }

    private void ReadParameterOperator(Parameter parameter, bool inDoubleQuotes)
    {
        if (_pos >= _end || _s[_pos] == (byte)'}')
        {
            return;
        }

        byte c = _s[_pos], next = _pos + 1 < _end ? _s[_pos + 1] : (byte)0;
        bool twice = next == c;
        ParameterOperator op;
        int length = 1;
        switch (c)
        {
            case (byte)':' when next is (byte)'-' or (byte)'=' or (byte)'?' or (byte)'+':
                op = DefaultOperator(next) + 1;
                length = 2;
                break;
            case (byte)'-' or (byte)'=' or (byte)'?' or (byte)'+':
                op = DefaultOperator(c);
                break;
            case (byte)':':
                op = ParameterOperator.Substring;
                break;
            case (byte)'#':
                op = twice ? ParameterOperator.RemoveLongestPrefix : ParameterOperator.RemoveShortestPrefix;
                break;
            case (byte)'%':
                op = twice ? ParameterOperator.RemoveLongestSuffix : ParameterOperator.RemoveShortestSuffix;
                break;
            case (byte)'/':
                op = twice ? ParameterOperator.ReplaceAll : ParameterOperator.Replace;
                break;
            case (byte)'^':
                op = twice ? ParameterOperator.UpperAll : ParameterOperator.UpperFirst;
                break;
            case (byte)',':
                op = twice ? ParameterOperator.LowerAll : ParameterOperator.LowerFirst;
                break;
            case (byte)'~':
                op = twice ? ParameterOperator.ToggleAll : ParameterOperator.ToggleFirst;
                break;
            case (byte)'@' or (byte)'*' when parameter.Indirect && next == (byte)'}' && parameter.Subscript == null:
                op = ParameterOperator.NamesWithPrefix;
                break;
            case (byte)'@':
                op = ParameterOperator.Transform;
                break;
            default:
                parameter.Malformed = true;
                return;
        }

        bool pattern = op is >= ParameterOperator.RemoveShortestPrefix and <= ParameterOperator.ReplaceAll or (>= ParameterOperator.UpperFirst and <= ParameterOperator.ToggleAll);
        if (pattern && twice)
        {
            length = 2;
        }

        _pos += length;
        parameter.Operator = op;
        if (op == ParameterOperator.NamesWithPrefix)
        {
            return;
        }

        DollarRules rules = inDoubleQuotes && !pattern ? DollarRules.DoubleQuotes : DollarRules.Word;
        byte stop = op is ParameterOperator.Replace or ParameterOperator.ReplaceAll ? (byte)'/' : op == ParameterOperator.Substring ? (byte)':' : (byte)0;
        parameter.Argument = ReadBraceText(rules, stop);
        if (stop != 0 && _pos < _end && _s[_pos] == stop)
        {
            _pos++;
            parameter.Second = ReadBraceText(rules, 0);
        }
    }

    private static ParameterOperator DefaultOperator(byte c) => c switch
    {
        (byte)'-' => ParameterOperator.Default,
        (byte)'=' => ParameterOperator.Assign,
        (byte)'?' => ParameterOperator.Error,
        _ => ParameterOperator.Alternative,
    };

    /// <summary>
    /// Text inside <c>${ }</c> up to the brace that ends it (or a stop byte), neither taken. Quotes pair up even inside double quotes,
    /// but there a pair of single quotes does not quote: <c>"${x:-'$(date)'}"</c> runs date.
    /// </summary>
    private Word ReadBraceText(DollarRules rules, byte stop)
    {
        int start = _pos, literal = _pos, mark = _top;
        bool quoted = rules == DollarRules.DoubleQuotes;
        while (_pos < _end && !_failed)
        {
            int at = _pos;
            byte c = _s[at];
            if (c == (byte)'}' || (c == stop && stop != 0))
            {
                break;
            }

            if (c == (byte)'\'' && quoted)
            {
                int end = at + 1 + Math.Max(-1, _s.AsSpan(at + 1, _end - at - 1).IndexOf((byte)'\''));
                if (end == at)
                {
                    Fail(at, at + 1, "No matching quote `''.");
                    _pos = _end;
                    break;
                }

                Flush(literal, at + 1);
                PushTexts(TextRules.DoubleQuotes, at + 1, end);
                literal = end;
                _pos = end + 1;
                continue;
            }

            ReadInsideGroup(c, ref literal, quoted);
        }

        Flush(literal, _pos);
        return Made(new Word(Span.Between(start, _pos), PopFrom<Part>(mark), -1));
    }

    /// <summary>One byte inside <c>${ }</c> or <c>[ ]</c>: a part, or a step on.</summary>
    private void ReadInsideGroup(byte c, ref int literal, bool quoted)
    {
        int at = _pos;
        switch (c)
        {
            case (byte)'\\':
                bool last = at + 1 >= _end;
                byte next = last ? (byte)0 : _s[at + 1];
                _pos = last ? _end : at + 2;
                if (next == (byte)'\n')
                {
                    PushPart(ref literal, at, Made(new Continuation(new Span(at, 2))));
                }
                else if (!last && (!quoted || next is (byte)'$' or (byte)'`' or (byte)'"' or (byte)'\\' or (byte)'}'))
                {
                    PushPart(ref literal, at, Made(new Escape(new Span(at, 2))));
                }

                break;
            case (byte)'\'':
                PushPart(ref literal, at, ReadSingleQuoted());
                break;
            case (byte)'"':
                PushPart(ref literal, at, ReadDoubleQuoted(at));
                break;
            case (byte)'`':
                PushPart(ref literal, at, ReadBackquote(quoted));
                break;
            case (byte)'$':
                if (TryReadDollar(quoted ? DollarRules.DoubleQuotes : DollarRules.Word) is { } expansion)
                {
                    PushPart(ref literal, at, expansion);
                }
                else
                {
                    _pos = Math.Max(_pos, at + 1);
                }

                break;
            case (byte)'<' or (byte)'>':
                int open = at + 1;
                if (ByteAt(ref open) == (byte)'(' && !(at > 0 && _s[at - 1] is (byte)'<' or (byte)'>'))
                {
                    PushPart(ref literal, at, ReadProcessSubstitution(at, open));
                    break;
                }

                _pos++;
                break;
            case (byte)'*' or (byte)'?' or (byte)'[' when !quoted:
                _pos++;
                PushPart(ref literal, at, Made(new Glob(new Span(at, 1))));
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

    /// <summary><c>[ … ]</c> from its bracket on. Inside <c>${ }</c> it ends at the brace at the latest.</summary>
    private Subscript ReadSubscript(int start, bool inBraces)
    {
        _pos = start + 1;
        int literal = _pos, mark = _top, depth = 1;
        if (!Enter(start))
        {
            _pos = _end;
        }

        while (_pos < _end && !_failed)
        {
            byte c = _s[_pos];
            if (c == (byte)']' && --depth == 0)
            {
                break;
            }

            if (inBraces && c == (byte)'}')
            {
                break;
            }

            if (c == (byte)'[' || c == (byte)']' || c is (byte)'*' or (byte)'?')
            {
                depth += c == (byte)'[' ? 1 : 0;
                _pos++;
                continue;
            }

            ReadInsideGroup(c, ref literal, quoted: false);
        }

        int end = _pos;
        Flush(literal, end);
        Word index = Made(new Word(Span.Between(start + 1, Math.Max(start + 1, end)), PopFrom<Part>(mark), -1));
        if (end < _end && _s[end] == (byte)']')
        {
            _pos++;
        }
        else if (!inBraces)
        {
            Fail(start, start + 1, "No matching `]'.");
        }

        Leave();
        return Made(new Subscript(Span.Between(start, _pos), index));
    }

    private Word NoWord(int at) => Made(new Word(new Span(at, 0), [], -1));
}
