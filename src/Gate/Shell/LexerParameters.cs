using System;
using Gate.Text;

namespace Gate.Shell;

// ${ … }: prefix, name, subscript, operator, words. Bash looks only for the brace that ends it, matching quotes and substitutions on
// the way, and finds out while it runs whether the inside makes sense; so the end is exact here and the rest is lenient.
// See Parser.cs for the map.
internal sealed partial class Parser
{
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
}
