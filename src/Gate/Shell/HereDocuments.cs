using System;
using Gate.Text;

namespace Gate.Shell;

// Here-documents. A redirection waits until its line ends; then the bodies follow one after the other. Two oddities of bash are kept:
// inside `$( )` the delimiter also counts when the closing parenthesis follows it on its line, and a substitution that closes
// before its line ends takes its bodies from the lines behind that line, which are then skipped. See Parser.cs for the map.
internal sealed partial class Parser
{
    private Redirect[] _pending = [];
    private int _pendingCount, _pendingBase;

    /// <summary>A newline whose following lines were already taken as bodies, and where the text goes on.</summary>
    private int _jumpFrom = -1, _jumpTo;

    /// <summary>The last end of line looked for, and from where: many substitutions on one line ask for the same one.</summary>
    private int _lineFrom = int.MaxValue, _lineEnd = -1;

    private int BehindNewline(int newline) => newline == _jumpFrom ? _jumpTo : newline + 1;

    private void AwaitHereDocument(Redirect redirect)
    {
        if (_pendingCount - _pendingBase >= ShellLimits.HereDocumentsPerLine)
        {
            Fail(redirect.Span.Start, redirect.Span.End, "Too many here-documents on one line.");
            return;
        }

        if (_pendingCount == _pending.Length)
        {
            Array.Resize(ref _pending, Math.Max(4, _pendingCount * 2));
        }

        _pending[_pendingCount++] = redirect;
    }

    /// <summary>Reads the bodies that are waited for, from the current position on.</summary>
    private void GatherHereDocuments()
    {
        for (int i = _pendingBase; i < _pendingCount && !_failed; i++)
        {
            ReadHereDocument(_pending[i]);
        }

        _pendingCount = _pendingBase;
    }

    private void GatherHereDocumentsOfNextLine()
    {
        int position = _pos;
        if (position < _lineFrom || position > _lineEnd)
        {
            int length = _s.AsSpan(position, _end - position).IndexOf((byte)'\n');
            _lineFrom = position;
            _lineEnd = length < 0 ? _end : position + length;
        }

        int newline = _lineEnd;
        _pos = newline >= _end ? _end : BehindNewline(newline);
        GatherHereDocuments();
        if (newline < _end)
        {
            _jumpFrom = newline;
            _jumpTo = _pos;
        }

        _pos = position;
    }

    private void ReadHereDocument(Redirect redirect)
    {
        byte[] delimiter = Delimiter(redirect.Target, out bool quoted);
        bool tabs = redirect.Operator == RedirectOperator.HereDocumentTabs, found = false;
        int start = Math.Min(_pos, _end), line = start, bodyEnd = _end, after = _end;
        while (line < _end)
        {
            int lineEnd = EndOfLine(line, !quoted, out bool joined);
            int rest = MatchDelimiter(line, lineEnd, delimiter, tabs, joined);
            if (rest >= 0 && (rest == lineEnd || (_inSubstitution && _s.AsSpan(rest, lineEnd - rest).IndexOf((byte)')') >= 0)))
            {
                found = true;
                bodyEnd = line;
                after = rest < lineEnd ? rest : Math.Min(lineEnd + 1, _end);
                break;
            }

            line = lineEnd + 1;
        }

        Span span = Span.Between(start, bodyEnd);
        int mark = _top;
        if (quoted || !Charge(start, bodyEnd - start))
        {
            Flush(start, bodyEnd);
        }
        else
        {
            LexState saved = _lex;
            int taken = _takenEnd, pendingBase = _pendingBase;
            _pendingBase = _pendingCount;
            PushTexts(TextRules.DoubleQuotes, start, bodyEnd);
            _pendingBase = pendingBase;
            _takenEnd = taken;
            if (!_failed)
            {
                _lex = saved;
            }
        }

        _pos = after;
        Word body = Made(new Word(span, PopFrom<Part>(mark), -1));
        redirect.Document = Made(new HereDocument(span, delimiter, quoted, found, body));
    }

    /// <summary>The end of a line, which goes on over a quoted newline where backslashes count.</summary>
    private int EndOfLine(int line, bool joins, out bool joined)
    {
        joined = false;
        int at = line;
        while (true)
        {
            int length = _s.AsSpan(at, _end - at).IndexOf((byte)'\n');
            int end = length < 0 ? _end : at + length, slashes = 0;
            while (joins && end - slashes > at && _s[end - slashes - 1] == (byte)'\\')
            {
                slashes++;
            }

            if ((slashes & 1) == 0 || end >= _end)
            {
                return end;
            }

            joined = true;
            at = end + 1;
        }
    }

    /// <summary>The offset behind the delimiter at the start of a line, or -1.</summary>
    private int MatchDelimiter(int line, int lineEnd, byte[] delimiter, bool tabs, bool joined)
    {
        int at = line;
        if (!joined)
        {
            int plain = _s.AsSpan(line, lineEnd - line).StartsWith(delimiter) ? line + delimiter.Length : -1;
            if (!tabs || plain == lineEnd)
            {
                return plain;
            }

            while (at < lineEnd && _s[at] == (byte)'\t')
            {
                at++;
            }

            return _s.AsSpan(at, lineEnd - at).StartsWith(delimiter) ? at + delimiter.Length : -1;
        }

        // Continuation lines in between do not count.
        bool leading = tabs;
        foreach (byte wanted in delimiter)
        {
            while (ByteAt(ref at) == (byte)'\t' && leading && wanted != (byte)'\t')
            {
                at++;
            }

            leading = false;
            if (at >= lineEnd || _s[at] != wanted)
            {
                return -1;
            }

            at++;
        }

        ByteAt(ref at);
        return Math.Min(at, lineEnd);
    }

    /// <summary>The delimiter after quote removal, and whether there was a quote.</summary>
    private byte[] Delimiter(Word word, out bool quoted)
    {
        var text = new byte[word.Span.Length * 2];
        int count = 0;
        quoted = false;
        foreach (Part part in word.Parts)
        {
            quoted |= part.Kind is NodeKind.Escape or NodeKind.SingleQuoted or NodeKind.AnsiQuoted or NodeKind.DoubleQuoted;
        }

        AddDelimiter(word.Parts, text, ref count);
        Array.Resize(ref text, count);
        return text;
    }

    private void AddDelimiter(Part[] parts, byte[] text, ref int count)
    {
        foreach (Part part in parts)
        {
            Span span = part.Span;
            switch (part.Kind)
            {
                case NodeKind.Continuation:
                    continue;
                case NodeKind.Escape:
                    span = new Span(span.Start + 1, 1);
                    break;
                case NodeKind.SingleQuoted:
                    span = new Span(span.Start + 1, span.Length - 2);
                    break;
                case NodeKind.AnsiQuoted:
                    byte[] decoded = AnsiQuote.Decode(_source.Slice(new Span(span.Start + 2, span.Length - 3)));
                    decoded.CopyTo(text, count);
                    count += decoded.Length;
                    continue;
                case NodeKind.DoubleQuoted:
                    AddDelimiter(((DoubleQuoted)part).Parts, text, ref count);
                    continue;
            }

            _source.Slice(span).CopyTo(text.AsSpan(count));
            count += span.Length;
        }
    }
}
