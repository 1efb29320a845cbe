using System;
using Gate.Text;

namespace Gate.Shell;

// Texts whose end is found by counting only (arithmetic, patterns in parentheses) or line by line (here-documents). First the end
// is looked for exactly as bash does it, then the parts are read within that bound. What does not read well inside becomes an
// Unread part: bash looks at these texts only when it runs. See Parser.cs for the map.
internal sealed partial class Parser
{
    private enum TextRules : byte { Arithmetic, DoubleQuotes, Pattern }

    /// <summary>
    /// Walks from the current position to the <paramref name="close"/> that matches one <paramref name="open"/> already read, and returns its
    /// offset, or -1 after failing. Quotes are skipped as wholes; <c>$( )</c> only where <paramref name="expansions"/>, because bash does
    /// not look for them in patterns. What is parsed on the way is remembered. <paramref name="inner"/>: where the first nested
    /// pair that was closed last ended.
    /// </summary>
    private int ScanMatched(byte open, byte close, bool expansions, int start, out int inner)
    {
        bool may = Enter(start);
        int end = may ? ScanMatchedInside(open, close, expansions, start, out inner) : (inner = -1);
        Leave();
        return end;
    }

    private int ScanMatchedInside(byte open, byte close, bool expansions, int start, out int inner)
    {
        int depth = 1, from = _pos;
        bool dollar = false;
        inner = -1;
        while (_pos < _end && !_failed)
        {
            byte c = _s[_pos];
            bool wasDollar = dollar;
            dollar = false;
            if (c == close)
            {
                depth--;
                if (depth == 0)
                {
                    int end = _pos++;
                    return Charge(start, end - from) ? end : -1;
                }

                if (depth == 1 && inner == -1)
                {
                    inner = _pos;
                }

                _pos++;
                continue;
            }

            switch (c)
            {
                case (byte)'\\':
                    bool line = _pos + 1 < _end && _s[_pos + 1] == (byte)'\n';
                    dollar = line && wasDollar;
                    _pos += 2;
                    break;
                case (byte)'\'':
                    if (wasDollar)
                    {
                        ReadAnsiQuoted(_pos - 1, _pos);
                    }
                    else
                    {
                        ReadSingleQuoted();
                    }

                    break;
                case (byte)'"':
                    Remember(ReadDoubleQuoted(_pos));
                    break;
                case (byte)'`':
                    Remember(ReadBackquote(inDoubleQuotes: false));
                    break;
                case (byte)'(' when expansions && wasDollar:
                    Remember(ReadDollarParenthesis(_s[_pos - 1] == (byte)'$' ? _pos - 1 : _pos, _pos));
                    break;
                default:
                    depth += c == open ? 1 : 0;
                    dollar = c == (byte)'$' && !wasDollar;
                    _pos++;
                    break;
            }
        }

        Fail(start, start + 1, close == (byte)']' ? "No matching `]'." : "No matching `)'.");
        _pos = _end;
        return -1;
    }

    // ---- parts parsed while looking ahead ------------------------------------------------------------------------------

    private int[]? _rememberedAt;
    private Part[] _remembered = [];
    private int _rememberedCount;

    /// <summary>Keeps a part parsed while looking ahead, so that the second reading of the same bytes takes it as it is.</summary>
    private void Remember(Part part)
    {
        if (_failed || part.Kind == NodeKind.SingleQuoted)
        {
            return;
        }

        if (_rememberedAt == null || _rememberedCount * 2 >= _rememberedAt.Length)
        {
            int[]? keys = _rememberedAt;
            Part[] parts = _remembered;
            _rememberedAt = new int[keys == null ? 16 : keys.Length * 2];
            _remembered = new Part[_rememberedAt.Length];
            _rememberedCount = 0;
            for (int i = 0; keys != null && i < keys.Length; i++)
            {
                if (keys[i] != 0)
                {
                    Remember(parts[i]);
                }
            }
        }

        // Open addressing; the key is the offset plus one, so that 0 means empty. 0x9E37… spreads the bits (Knuth's multiplier).
        int mask = _rememberedAt!.Length - 1, slot = (int)((uint)(part.Span.Start + 1) * 0x9E3779B9u >> 8) & mask;
        while (_rememberedAt[slot] != 0)
        {
            if (_rememberedAt[slot] == part.Span.Start + 1)
            {
                return;
            }

            slot = (slot + 1) & mask;
        }

        _rememberedAt[slot] = part.Span.Start + 1;
        _remembered[slot] = part;
        _rememberedCount++;
    }

    /// <summary>The part that was already read from this offset; the position moves behind it.</summary>
    private Part? Remembered(int start)
    {
        if (_rememberedAt == null)
        {
            return null;
        }

        int mask = _rememberedAt.Length - 1, slot = (int)((uint)(start + 1) * 0x9E3779B9u >> 8) & mask;
        while (_rememberedAt[slot] != 0)
        {
            if (_rememberedAt[slot] == start + 1)
            {
                if (_remembered[slot].Span.End > _end)
                {
                    return null;
                }

                _pos = _remembered[slot].Span.End;
                return _remembered[slot];
            }

            slot = (slot + 1) & mask;
        }

        return null;
    }

    // ---- reading within bounds -----------------------------------------------------------------------------------------

    /// <summary>An arithmetic expression, with its expansions as parts.</summary>
    private Word ReadArithmetic(int start, int end) => ReadTexts(TextRules.Arithmetic, start, end, 0)[0];

    /// <summary>The words between two offsets, cut at a byte where it is neither quoted nor in nested parentheses of a pattern.</summary>
    private Word[] ReadTexts(TextRules rules, int start, int end, byte cut)
    {
        int position = _pos, mark = _top, from = start, at = start;
        while (true)
        {
            int words = _top;
            at = PushTexts(rules, at, end, cut);
            Push(Made(new Word(Span.Between(from, at), PopFrom<Part>(words), -1)));
            if (at >= end)
            {
                break;
            }

            from = ++at;
        }

        _pos = position;
        return PopFrom<Word>(mark);
    }

    /// <summary>Pushes the parts of a text, up to its end or a cut, and returns that offset. The current position is kept.</summary>
    private int PushTexts(TextRules rules, int start, int end, byte cut = 0)
    {
        if (_failed)
        {
            return end;
        }

        LexState saved = _lex;
        int taken = _takenEnd, pending = _pendingCount;
        int position = _pos, oldEnd = _end, literal = start, depth = 0;
        _pos = start;
        _end = end;
        int good = start, goodTop = _top;
        if (!Enter(start))
        {
            _pos = end;
        }

        while (_pos < _end && !_failed)
        {
            byte c = _s[_pos];
            if (c == cut && cut != 0 && depth == 0)
            {
                break;
            }

            good = literal;
            goodTop = _top;
            switch (rules)
            {
                case TextRules.DoubleQuotes when c == (byte)'"':
                    _pos++;
                    break;
                case TextRules.DoubleQuotes:
                    ReadInsideDoubleQuotes(c, ref literal);
                    break;
                default:
                    ReadInsideText(rules, c, ref literal, ref depth);
                    break;
            }
        }

        Leave();
        if (Forgive() is { } problem)
        {
            _lex = saved;
            _takenEnd = taken;
            _pendingCount = pending;
            _top = goodTop;
            _pos = end;
            Push(Made(new Unread(Span.Between(good, end), problem)));
        }
        else
        {
            Flush(literal, Math.Min(_pos, end));
        }

        int stopped = Math.Min(_pos, end);
        _pos = position;
        _end = oldEnd;
        return stopped;
    }

    private void ReadInsideText(TextRules rules, byte c, ref int literal, ref int depth)
    {
        int at = _pos;
        switch (c)
        {
            case (byte)'(' or (byte)')':
                depth += rules != TextRules.Pattern ? 0 : c == (byte)'(' ? 1 : -1;
                _pos++;
                break;
            case (byte)'<' or (byte)'>' when rules == TextRules.Arithmetic:
                _pos++;
                break;
            case (byte)'*' or (byte)'?' or (byte)'[' when rules == TextRules.Arithmetic:
                _pos++;
                break;
            case (byte)'*' or (byte)'?' or (byte)'@' or (byte)'!' or (byte)'+' when rules == TextRules.Pattern:
                int open = at + 1;
                _pos++;
                if (ByteAt(ref open) == (byte)'(')
                {
                    _pos = open + 1;
                    PushPart(ref literal, at, ReadExtendedGlob(at, c));
                }
                else if (c is (byte)'*' or (byte)'?')
                {
                    PushPart(ref literal, at, Made(new Glob(new Span(at, 1))));
                }

                break;
            default:
                ReadInsideGroup(c, ref literal, quoted: false);
                break;
        }
    }

    /// <summary>A pattern in parentheses, read with the current position behind the opening one.</summary>
    private ExtendedGlob ReadExtendedGlob(int start, byte op)
    {
        int from = _pos;
        if (!Enter(start))
        {
            Leave();
            return Made(new ExtendedGlob(Span.Between(start, _pos), op, []));
        }

        int close = ScanMatched((byte)'(', (byte)')', expansions: false, start, out _);
        Word[] alternatives = close < 0 ? [] : ReadTexts(TextRules.Pattern, from, close, (byte)'|');
        Leave();
        return Made(new ExtendedGlob(Span.Between(start, _pos), op, alternatives));
    }
}
