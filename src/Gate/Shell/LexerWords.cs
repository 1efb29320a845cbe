using System;
using Gate.Text;

namespace Gate.Shell;

// Words: runs of literal bytes, quotes, expansions, patterns, array literals; then the question which token the word is.
// While a word is read its parts lie on the node stack. See Parser.cs for the map.
internal sealed partial class Parser
{
    private void Flush(int from, int to)
    {
        if (to > from)
        {
            Push(Made(new Literal(Span.Between(from, to))));
        }
    }

    /// <summary>Adds a part that ends at the current position, with the literal bytes before it; the next literal starts here.</summary>
    private void PushPart(ref int literal, int start, Part part)
    {
        Flush(literal, start);
        Push(part);
        literal = _pos;
    }

    private static bool IsName(byte c, bool first) =>
        c is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_' || (!first && c is >= (byte)'0' and <= (byte)'9');

    /// <summary>Whether the bytes are a name; continuation lines in it do not count.</summary>
    private bool IsIdentifier(int start, int end)
    {
        bool first = true;
        for (int i = start; i < end; i++)
        {
            if (_s[i] == (byte)'\\' && i + 1 < end && _s[i + 1] == (byte)'\n')
            {
                i++;
                continue;
            }

            if (!IsName(_s[i], first))
            {
                return false;
            }

            first = false;
        }

        return !first;
    }

    private Tok LexWord()
    {
        int start = _pos, literal = _pos, mark = _top, equals = -1, subscriptEnd = -1;
        bool continued = false, noName = false;
        int nameFrom = start; // where the literal must begin for all before it to be a name or continuation lines
        while (_pos < _end)
        {
            byte c = _s[_pos];
            int at = _pos;
            switch (c)
            {
                case (byte)'\\':
                    if (at + 1 >= _end)
                    {
                        _pos++;
                        break;
                    }

                    _pos += 2;
                    continued |= _s[at + 1] == (byte)'\n';
                    bool still = literal == nameFrom;
                    PushPart(ref literal, at, Made<Part>(_s[at + 1] == (byte)'\n' ? new Continuation(new Span(at, 2)) : new Escape(new Span(at, 2))));
                    nameFrom = still && _s[at + 1] == (byte)'\n' ? literal : nameFrom;
                    break;
                case (byte)'\'':
                    PushPart(ref literal, at, ReadSingleQuoted());
                    break;
                case (byte)'"':
                    PushPart(ref literal, at, ReadDoubleQuoted(at));
                    break;
                case (byte)'`':
                    PushPart(ref literal, at, ReadBackquote(inDoubleQuotes: false));
                    break;
                case (byte)'$':
                    if (TryReadDollar(DollarRules.Word) is { } expansion)
                    {
                        PushPart(ref literal, at, expansion);
                    }
                    else
                    {
                        _pos = Math.Max(_pos, at + 1);
                    }

                    break;
                case (byte)'<' or (byte)'>':
                    int next = at + 1;
                    if (ByteAt(ref next) != (byte)'(')
                    {
                        goto done;
                    }

                    PushPart(ref literal, at, ReadProcessSubstitution(at, next));
                    break;
                case (byte)'(' or (byte)'|' when (_lex.Flags & LexFlags.Regexp) != 0:
                    _pos++;
                    if (c == (byte)'(')
                    {
                        PushPart(ref literal, at, ReadExtendedGlob(at, 0));
                    }

                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'(' or (byte)')' or (byte)'|' or (byte)'&' or (byte)';':
                    goto done;
                case (byte)'*' or (byte)'?' or (byte)'@' or (byte)'!' or (byte)'+':
                    int open = at + 1;
                    if (_extendedGlob && ByteAt(ref open) == (byte)'(')
                    {
                        _pos = open + 1;
                        PushPart(ref literal, at, ReadExtendedGlob(at, c));
                    }
                    else
                    {
                        _pos = at + 1;
                        if (c is (byte)'*' or (byte)'?')
                        {
                            PushPart(ref literal, at, Made(new Glob(new Span(at, 1))));
                        }
                    }

                    break;
                case (byte)'[':
                    bool subscript = at == start ? (_lex.Flags & LexFlags.ArrayLiteral) != 0
                        : !noName && literal == nameFrom && subscriptEnd < 0 && AssignmentAcceptable() && IsIdentifier(start, at);
                    if (subscript)
                    {
                        PushPart(ref literal, at, ReadSubscript(at, inBraces: false));
                        subscriptEnd = _pos;
                        break;
                    }

                    noName |= literal == nameFrom && !IsIdentifier(start, at);
                    _pos = at + 1;
                    if (_pos < _end && !IsBreak(_s[_pos]))
                    {
                        PushPart(ref literal, at, Made(new Glob(new Span(at, 1))));
                    }

                    break;
                case (byte)'=':
                    _pos = at + 1;
                    if (equals < 0 && !noName && IsAssignmentTo(start, at, literal == nameFrom, subscriptEnd))
                    {
                        equals = at;
                        Flush(literal, _pos);
                        literal = _pos;
                        int paren = _pos;
                        if (ByteAt(ref paren) == (byte)'(' && ((_lex.Flags & LexFlags.AssignmentBuiltin) != 0 || AssignmentAcceptable())
                            && ((_lex.Flags & LexFlags.ArrayLiteral) == 0 || subscriptEnd >= 0))
                        {
                            _pos = paren + 1;
                            PushPart(ref literal, paren, ReadArrayLiteral(paren));
                        }
                    }
                    else
                    {
                        noName |= equals < 0;
                    }

                    break;
                default:
                    _pos = SkipOrdinary(at + 1);
                    break;
            }

            if (_failed)
            {
                break;
            }
        }

    done:
        return ClassifyWord(start, literal, mark, equals, subscriptEnd, continued);
    }

    /// <summary>Past the bytes that mean nothing in a word.</summary>
    private int SkipOrdinary(int at)
    {
        while (at < _end)
        {
            byte c = _s[at];
            if (c is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)',' and <= (byte)':') or (byte)'_' or >= 0x7f)
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    /// <summary>Whether the bytes before the `=` at <paramref name="at"/> are a name, perhaps with a subscript, perhaps with `+`.</summary>
    private bool IsAssignmentTo(int start, int at, bool onlyLiteral, int subscriptEnd)
    {
        int nameEnd = at > start && _s[at - 1] == (byte)'+' ? at - 1 : at;
        return subscriptEnd >= 0 ? nameEnd == subscriptEnd : onlyLiteral && IsIdentifier(start, nameEnd);
    }

    private Tok ClassifyWord(int start, int literal, int mark, int equals, int subscriptEnd, bool continued)
    {
        int end = _pos;
        _lex.Start = start;
        _lex.End = end;
        if (_failed)
        {
            _top = mark;
            return Tok.Error;
        }

        // Only literal bytes: numbers and reserved words. A continuation line inside one is dropped before comparing.
        bool plain = _top == mark || continued;
        ReadOnlySpan<byte> text = continued ? WithoutContinuations(start, end) : _s.AsSpan(start, end - start);
        byte following = end < _end ? _s[end] : (byte)0;
        if (plain && text.Length is > 0 and <= 12 && text[0] is >= (byte)'0' and <= (byte)'9'
            && (following is (byte)'<' or (byte)'>' || _lex.Last is Tok.LessAmpersand or Tok.GreaterAmpersand) && TryNumber(text))
        {
            _top = mark;
            return Tok.Number;
        }

        if (text.Length is > 0 and <= 8 && (plain || text[0] == (byte)'['))
        {
            Tok special = SpecialWord(text);
            if (special == Tok.Word)
            {
                special = ReservedWord(text);
            }

            if (special != Tok.Word)
            {
                _top = mark;
                return special;
            }
        }
        else
        {
            _lex.Flags &= ~LexFlags.AllowBrace;
        }

        Flush(literal, end);
        _lex.Word = Made(new Word(Span.Between(start, end), PopFrom<Part>(mark), equals));
        bool inArray = (_lex.Flags & LexFlags.ArrayLiteral) != 0;
        bool assignment = equals >= 0 && (inArray ? subscriptEnd >= 0 : AssignmentAcceptable());
        if (!assignment && plain && text.Length <= 8 && IsAssignmentBuiltin(text) && CommandPosition())
        {
            _lex.Flags |= LexFlags.AssignmentBuiltin;
        }

        if (following is (byte)'<' or (byte)'>' && text.Length > 2 && text[0] == (byte)'{' && text[^1] == (byte)'}' && IsVariable(start + 1, end - 1))
        {
            return Tok.VariableDescriptor;
        }

        if (_lex.Last == Tok.Function)
        {
            _lex.Flags |= LexFlags.AllowBrace;
        }
        else if (_lex.Last is Tok.Case or Tok.Select or Tok.For)
        {
            _lex.ExpectingIn++;
        }

        return assignment ? Tok.AssignmentWord : Tok.Word;
    }

    private static bool IsAssignmentBuiltin(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("export"u8) || text.SequenceEqual("local"u8) || text.SequenceEqual("declare"u8) || text.SequenceEqual("alias"u8)
        || text.SequenceEqual("readonly"u8) || text.SequenceEqual("typeset"u8) || text.SequenceEqual("eval"u8) || text.SequenceEqual("let"u8);

    /// <summary>A name, or a name with a subscript that has something in it.</summary>
    private bool IsVariable(int start, int end)
    {
        int open = _s.AsSpan(start, end - start).IndexOf((byte)'[');
        return open < 0 ? IsIdentifier(start, end) : _s[end - 1] == (byte)']' && start + open + 2 < end && IsIdentifier(start, start + open);
    }

    private ReadOnlySpan<byte> WithoutContinuations(int start, int end)
    {
        var clean = new byte[end - start];
        int count = 0;
        for (int at = start; at < end; at++)
        {
            if (_s[at] == (byte)'\\' && at + 1 < end)
            {
                if (_s[at + 1] == (byte)'\n')
                {
                    at++;
                    continue;
                }

                clean[count++] = _s[at++];
            }

            clean[count++] = _s[at];
        }

        return clean.AsSpan(0, count);
    }

    /// <summary>A descriptor: all digits, and small enough for an int; else it is a word like any other.</summary>
    private bool TryNumber(ReadOnlySpan<byte> text)
    {
        long value = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = value * 10 + (digit - '0');
        }

        _lex.Value = (int)value;
        return value <= int.MaxValue;
    }
}
