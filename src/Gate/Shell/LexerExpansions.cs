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
                    FailExpected("`)'");
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

    private Word NoWord(int at) => Made(new Word(new Span(at, 0), [], -1));
}
