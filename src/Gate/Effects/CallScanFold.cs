using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Gate.Expansion;

namespace Gate.Effects;

// Reading guide: Expression (sums, choices, comparisons) over Term (products, formats) over Factor over Chain (a primary with its members, calls and indexes);
// Arguments reads what stands between brackets, Bare what follows a call without them.
// Expressions, as far as they are constant. A place is passed along by reference; each function leaves it behind what it read.
internal sealed partial class CallScan
{
    private const int MaximumNesting = 60;

    /// <summary>Lists that are joined grow to this; longer ones are not known.</summary>
    private const int MaximumItems = 4096;

    private int _nesting;

    private int Skip(int i)
    {
        while (_inside > 0 && i < _tokens.Count && _tokens[i].Kind == CodeTokenKind.Line)
            i++;
        return i;
    }

    // Sums, choices, comparisons.
    private CodeValue Expression(ref int i)
    {
        if (_nesting > MaximumNesting || _budget <= 0)
            return CodeValue.Unknown();
        _nesting++;
        CodeValue left = Term(ref i);
        while (_budget > 0)
        {
            int at = Skip(i);
            if (Is(at, "+"u8) || (Is(at, "."u8) && _language is Language.Perl or Language.Php) || (Is(at, ".."u8) && _language == Language.Lua) || (Is(at, "<<"u8) && _language == Language.Ruby))
            {
                i = at + 1;
                left = Sum(left, Term(ref i));
            }
            else if (Is(at, "^"u8) || Is(at, "-"u8) || Is(at, "&"u8) || Is(at, "|"u8) || Is(at, ">>"u8))
            {
                byte mark = _tokens[at].Value[0];
                i = at + 1;
                left = Computed(left, mark, Term(ref i));
            }
            else if (Is(at, "||"u8) || Is(at, "??"u8) || IsWord(at, "or"u8) || Is(at, "//"u8))
            {
                i = at + 1;
                CodeValue right = Expression(ref i);
                left = left.Text is not null || left.Items is not null ? left : right.With(left.Taint);
            }
            else if (Is(at, "?"u8))
            {
                i = at + 1;
                CodeValue one = Expression(ref i);
                at = Skip(i);
                if (!Is(at, ":"u8))
                    break;
                i = at + 1;
                CodeValue other = Expression(ref i);
                left = one.Text is not null && !other.IsKnown ? one.With(other.Taint) : CodeValue.Unknown(one.Taint | other.Taint);
            }
            else if (IsWord(at, "if"u8) && _language == Language.Python)
            {
                i = at + 1;
                _ = Expression(ref i);
                if (!IsWord(i, "else"u8))
                    break;
                i++;
                CodeValue other = Expression(ref i);
                left = left.Text is not null && other.Text is null ? left : CodeValue.Unknown(left.Taint | other.Taint);
            }
            else if (Is(at, "=="u8) || Is(at, "!="u8) || Is(at, "&&"u8) || IsWord(at, "and"u8) || Is(at, "<"u8) || Is(at, ">"u8) || Is(at, "<="u8) || Is(at, ">="u8))
            {
                i = at + 1;
                left = CodeValue.Unknown(left.Taint | Term(ref i).Taint);
            }
            else
            {
                break;
            }
        }

        _nesting--;
        return left;
    }

    private CodeValue Term(ref int i)
    {
        CodeValue left = Factor(ref i);
        while (_budget-- > 0)
        {
            int at = Skip(i);
            if (Is(at, "*"u8) || (IsWord(at, "x"u8) && _language == Language.Perl))
            {
                i = at + 1;
                CodeValue right = Factor(ref i);
                left = right.Number is { } count && left.Number is null ? CodeFunctions.Repeat(left, count) : left.Number is { } times && right.Number is null ? CodeFunctions.Repeat(right, times) : Computed(left, (byte)'*', right);
            }
            else if (Is(at, "%"u8) && left.Text is not null)
            {
                i = at + 1;
                CodeValue right = Factor(ref i);
                left = CodeFunctions.Percent(left, right.Items ?? [right]);
            }
            else if (Is(at, "/"u8) && _language == Language.Python && left.Number is null)
            {
                i = at + 1;
                left = CodeFunctions.Joined(CodeValue.List([left, Factor(ref i)]));
            }
            else if (Is(at, "/"u8) || Is(at, "%"u8))
            {
                i = at + 1;
                left = Computed(left, _tokens[at].Value[0], Factor(ref i));
            }
            else
            {
                return left;
            }
        }

        return left;
    }

    private static CodeValue Sum(CodeValue left, CodeValue right)
    {
        if (left.Number is { } a && right.Number is { } b)
            return new CodeValue { Number = unchecked(a + b) };
        if ((left.Items?.Count ?? 0) + (right.Items?.Count ?? 0) > MaximumItems)
            return CodeValue.Unknown(left.Taint | right.Taint);
        if (left.Items is not null && left.Keys is null && (right.Items is not null || right.Text is null))
            return CodeValue.List([.. left.Items, .. right.Items ?? [right]]);
        return left.Items is null && right.Items is { } items && left.Text is null ? CodeValue.List([left, .. items]) : CodeFunctions.Join([], [left, right]);
    }

    private static CodeValue Computed(CodeValue left, byte mark, CodeValue right)
    {
        Taint taint = left.Taint | right.Taint;
        if (left.Number is not { } a || right.Number is not { } b)
            return left.Name is not null && mark == '|' ? new CodeValue { Name = left.Name + "|" + right.Name, Taint = taint } : CodeValue.Unknown(taint);
        return new CodeValue { Number = mark switch { (byte)'-' => unchecked(a - b), (byte)'*' => unchecked(a * b), (byte)'^' => a ^ b, (byte)'&' => a & b, (byte)'|' => a | b, (byte)'>' => b is >= 0 and < 64 ? a >> (int)b : 0, (byte)'/' => b == 0 ? 0 : a / b, _ => b == 0 || (a == long.MinValue && b == -1) ? 0 : a % b }, Taint = taint };
    }

    private CodeValue Factor(ref int i)
    {
        i = Skip(i);
        _budget--;
        for (int n = 0; n < 8 && (IsWord(i, "new"u8) || IsWord(i, "await"u8) || IsWord(i, "yield"u8) || IsWord(i, "not"u8) || IsWord(i, "my"u8) || IsWord(i, "async"u8) || IsWord(i, "return"u8) || IsWord(i, "typeof"u8) || Is(i, "!"u8) || Is(i, "\\"u8) || Is(i, "+"u8) || (Is(i, "&"u8) && _language is Language.Perl or Language.Ruby or Language.Php) || Is(i, "@"u8) || Is(i, "$"u8)); n++)
            i = Skip(i + 1);
        if (Is(i, "-"u8))
        {
            i++;
            CodeValue value = Factor(ref i);
            return value.Number is { } number ? new CodeValue { Number = -number } : CodeValue.Unknown(value.Taint);
        }

        return Chain(ref i, effects: false);
    }

    private CodeValue Primary(ref int i)
    {
        CodeToken token = _tokens[i];
        switch (token.Kind)
        {
            case CodeTokenKind.Number:
                i++;
                return new CodeValue { Number = NumberOf(token.Value) };
            case CodeTokenKind.Text:
                CodeValue text = TextOf(token);
                i++;
                while (_tokens[Skip(i)].Kind == CodeTokenKind.Text && _language is Language.Python or Language.Ruby)
                {
                    i = Skip(i);
                    text = CodeFunctions.Join([], [text, TextOf(_tokens[i++])]);
                }

                return text;
            case CodeTokenKind.Command:
                i++;
                return CodeValue.Unknown(TextOf(token).Taint);
            case CodeTokenKind.Name when token.Value.AsSpan().SequenceEqual("lambda"u8) && _language == Language.Python:
                return Lambda(ref i);
            case CodeTokenKind.Name when Is(i + 1, "=>"u8) && _language is Language.Node:
                i += 2;
                return Function([NameAt(i - 2)], ref i);
            case CodeTokenKind.Name when token.Value.AsSpan().SequenceEqual("function"u8):
                i++;
                if (i < _tokens.Count && _tokens[i].Kind == CodeTokenKind.Name)
                    i++;
                if (!Is(i, "("u8))
                    return CodeValue.Unknown();
                List<string> parameters = ParametersAt(ref i);
                return Function(parameters, ref i);
            case CodeTokenKind.Name:
                i++;
                return Resolve(NameAt(i - 1));
            case CodeTokenKind.Mark when token.Value[0] is (byte)'(' or (byte)'[' or (byte)'{':
                byte open = token.Value[0];
                if (open == '(' && ArrowAfter(i) && _language == Language.Node)
                {
                    List<string> names = ParametersAt(ref i);
                    i++;
                    return Function(names, ref i);
                }

                CodeValue list = Arguments(ref i);
                return open == '(' && list.Items is { Count: 1 } one && list.Keys?[0] is null && !Is(i - 2, ","u8) ? one[0] : list;
            default:
                return CodeValue.Unknown();
        }
    }

    private bool ArrowAfter(int i)
    {
        int depth = 0, at = i;
        for (; at < _tokens.Count && at < i + 40; at++)
        {
            depth += Is(at, "("u8) ? 1 : Is(at, ")"u8) ? -1 : 0;
            if (depth == 0)
                return Is(at + 1, "=>"u8);
        }

        return false;
    }

    private CodeValue Lambda(ref int i)
    {
        List<string> names = [];
        for (i++; i < _tokens.Count && !Is(i, ":"u8) && names.Count < 16; i++)
        {
            if (_tokens[i].Kind == CodeTokenKind.Name)
                names.Add(NameAt(i));
        }

        i++;
        return Function(names, ref i);
    }

    // The body is read over here; the walk looks at what it calls, Apply at what it gives back.
    private CodeValue Function(List<string> names, ref int i)
    {
        int body = i;
        if (!Is(i, "{"u8))
            _ = Expression(ref i);
        else
            SkipGroup(ref i);
        return new CodeValue { Parameters = names, Body = body };
    }

    private void SkipGroup(ref int i)
    {
        int depth = 0;
        for (; i < _tokens.Count; i++)
        {
            depth += Is(i, "{"u8) || Is(i, "("u8) || Is(i, "["u8) ? 1 : Is(i, "}"u8) || Is(i, ")"u8) || Is(i, "]"u8) ? -1 : 0;
            _budget--;
            if (depth <= 0)
                break;
        }

        i++;
    }

    private static long? NumberOf(byte[] text)
    {
        string number = Encoding.ASCII.GetString(text).Replace("_", "", StringComparison.Ordinal);
        if (number.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(number.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) ? hex : null;
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
    }

    /// <summary>A text with what is interpolated worked out.</summary>
    private CodeValue TextOf(CodeToken token)
    {
        if (token.Pieces is not { } pieces || token.Kind == CodeTokenKind.Pattern || _depth > 4)
            return CodeValue.Of(token.Value, _taint != Taint.None && token.Value.AsSpan().IndexOf(Value.Hole) >= 0 ? _taint : Taint.None);
        List<CodeValue> parts = [];
        foreach (CodePiece piece in pieces)
        {
            parts.Add(CodeValue.Of(piece.Before, _taint));
            if (piece.Start >= piece.End)
                continue;
            CodeTokenList outer = _tokens;
            (_tokens, _depth) = (new CodeTokenList(CodeTokens.Read(_language, _text, piece.Start, piece.End)), _depth + 1);
            int i = 0;
            CodeValue value = Expression(ref i);
            bool whole = i >= _tokens.Count - 1;
            (_tokens, _depth) = (outer, _depth - 1);
            parts.Add(value.Items is { } items && whole ? CodeFunctions.Join(" "u8, items) : whole ? value : CodeValue.Unknown(value.Taint));
        }

        return CodeFunctions.Join([], parts);
    }

    // What stands between brackets: items, some with a key or keyword. Ends behind the closing bracket.
    private CodeValue Arguments(ref int i)
    {
        List<CodeValue> items = [];
        List<string?> keys = [];
        if (_nesting > MaximumNesting || _budget <= 0)
        {
            i++;
            return CodeValue.List(items, keys);
        }

        bool spreads = !Is(i, "("u8);
        i++;
        _inside++;
        _nesting++;
        while (i < _tokens.Count && _budget-- > 0)
        {
            i = Skip(i);
            if (IsCloser(i))
                break;
            if (Is(i, ","u8) || Is(i, ";"u8))
            {
                i++;
                continue;
            }

            int before = i;
            Item(ref i, items, keys, spreads);
            if (i == before)
                i++;
        }

        if (i < _tokens.Count && _tokens[i].Kind != CodeTokenKind.End)
            i++;
        _nesting--;
        _inside--;
        return CodeValue.List(items, keys);
    }

    private bool IsCloser(int i) => i >= _tokens.Count || _tokens[i].Kind == CodeTokenKind.End || Is(i, ")"u8) || Is(i, "]"u8) || Is(i, "}"u8);

    private void Item(ref int i, List<CodeValue> items, List<string?> keys, bool spreads)
    {
        bool spread = Is(i, "*"u8) || Is(i, "**"u8);
        i += spread ? 1 : 0;
        if (Is(i, ".."u8) && Is(i + 1, "."u8))
            (spread, i) = (true, i + 2);
        string? key = null;
        if (_tokens[i].Kind is CodeTokenKind.Name or CodeTokenKind.Text && (Is(i + 1, "="u8) || Is(i + 1, "=>"u8) || Is(i + 1, ":"u8)) && !(Is(i + 1, "=>"u8) && _language == Language.Node))
        {
            key = Encoding.UTF8.GetString(_tokens[i].Value);
            i += 2;
        }

        int start = i;
        CodeValue value = Expression(ref i);
        int at = Skip(i);
        if (IsWord(at, "for"u8) && _language == Language.Python)
            (value, spread) = (Comprehension(ref i, start), spreads);
        else if (!Is(at, ","u8) && !IsCloser(at) && !Is(at, ";"u8))
            value = CodeValue.Unknown(value.Taint | Rest(ref i));
        else
            i = at;
        if (spread && value.Items is { } parts && items.Count + parts.Count < 5000)
        {
            for (int n = 0; n < parts.Count; n++)
            {
                items.Add(parts[n]);
                keys.Add(value.Keys?[n]);
            }

            return;
        }

        items.Add(value);
        keys.Add(key);
    }

    // x for a in b: x is worked out once for each item.
    private CodeValue Comprehension(ref int i, int start)
    {
        int at = Skip(i) + 1;
        List<string> names = [];
        for (; at < _tokens.Count && !IsWord(at, "in"u8) && names.Count < 8; at++)
        {
            if (_tokens[at].Kind == CodeTokenKind.Name)
                names.Add(NameAt(at));
        }

        at++;
        CodeValue over = Expression(ref at);
        bool filtered = !IsCloser(Skip(at));
        i = at;
        _ = Rest(ref i);
        List<CodeValue>? source = over.Items ?? (over.IsKnown && !over.Pattern ? CodeFunctions.Split(over, CodeValue.Of([])).Items : null);
        if (names.Count != 1 || source is null || filtered || source.Count > 4096)
        {
            Bind(names, over);
            return CodeValue.Unknown(over.Taint);
        }

        // The variable lives only in here.
        List<CodeValue> results = [];
        bool hides = _names.TryGetValue(names[0], out CodeValue? hidden);
        foreach (CodeValue item in source)
        {
            _names[names[0]] = item;
            int again = start;
            results.Add(Expression(ref again));
            if (_budget <= 0)
                break;
        }

        if (hides && hidden!.Number is null)
            _names[names[0]] = hidden;
        else
            _ = _names.Remove(names[0]);
        return CodeValue.List(results);
    }

    // Reads over the rest of an item; what it names may be secret.
    private Taint Rest(ref int i)
    {
        Taint taint = Taint.None;
        int depth = 0;
        for (; i < _tokens.Count && _tokens[i].Kind != CodeTokenKind.End; i++)
        {
            _budget--;
            if (depth == 0 && (IsCloser(i) || Is(i, ","u8)))
                break;
            depth += Is(i, "("u8) || Is(i, "["u8) || Is(i, "{"u8) ? 1 : IsCloser(i) ? -1 : 0;
            if (_tokens[i].Kind == CodeTokenKind.Name && !IsMember(i) && !Is(i + 1, "["u8))
                taint |= Resolve(NameAt(i)).Taint;
        }

        return taint;
    }

    // A primary and everything behind it: members, calls, indexes. With effects, each call on the way is performed once.
    private CodeValue Chain(ref int i, bool effects)
    {
        int first = i;
        CodeValue value = Primary(ref i);
        if (i == first)
            return value;
        for (int step = 0; step < 200 && _budget-- > 0; step++)
        {
            int at = _tokens[i].Kind == CodeTokenKind.Line ? Member(i) : Skip(i);
            if (at + 1 < _tokens.Count && _tokens[at].Kind == CodeTokenKind.Mark && IsDot(_tokens[at].Value) && (_tokens[at + 1].Kind == CodeTokenKind.Name || Is(at + 1, "("u8)))
            {
                bool named = _tokens[at + 1].Kind == CodeTokenKind.Name;
                value = named ? Member(value, NameAt(at + 1)) : value;
                i = named ? at + 2 : at + 1;
            }
            else if (Is(i, "("u8))
            {
                int open = _tokens[i].Start;
                Callback(value, i);
                CodeValue arguments = Arguments(ref i);
                value = Call(value, arguments, effects && _done.Add(open));
            }
            else if ((Is(i, "["u8) && (_language == Language.Python || _tokens[i].Start == _tokens[i - 1].End || Is(i - 1, "->"u8))) || (Is(i, "{"u8) && _language == Language.Perl && value.Name is [(char)'$', ..] && _tokens[i].Start == _tokens[i - 1].End) || (Is(i, "{"u8) && _language == Language.Perl && Is(i - 1, "->"u8)))
            {
                value = Index(value, ref i);
            }
            else if (Is(i, "->"u8) && (Is(i + 1, "["u8) || Is(i + 1, "{"u8)))
            {
                i++;
                value = Index(value, ref i);
            }
            else if (_tokens[i - 1].Kind == CodeTokenKind.Name && _tokens[i].Kind == CodeTokenKind.Text && _language is Language.Node or Language.Lua && !IsKeyword(i - 1))
            {
                // A tagged template; Lua's f"x".
                CodeValue text = TextOf(_tokens[i]);
                value = Call(value, CodeValue.List([text]), effects && _done.Add(_tokens[i].Start));
                i++;
            }
            else if (value.Name is not null && !value.Called && _tokens[i - 1].Kind == CodeTokenKind.Name && StartsBare(i))
            {
                int place = _tokens[i].Start;
                CodeValue arguments = Bare(ref i);
                value = Call(value, arguments, effects && _done.Add(~place));
                break;
            }
            else
            {
                break;
            }
        }

        if (_language == Language.Ruby && (Is(i, "{"u8) || IsWord(i, "do"u8)) && Is(i + 1, "|"u8))
            Callback(value, i);
        if (value is { Name: { } name, Called: false } && _language is Language.Ruby or Language.Perl or Language.Lua or Language.Other && name.Length > 0 && name[0] is not ('$' or '@' or '%') && !IsAssignment(i, out _))
            return Call(value, CodeValue.List([]), effects && _tokens[i - 1].Kind == CodeTokenKind.Name && _done.Add(~_tokens[i - 1].Start), bare: true);
        return value;
    }

    // A chain goes on in the next line where that begins with a dot.
    private int Member(int i)
    {
        int at = i;
        while (at < _tokens.Count && _tokens[at].Kind == CodeTokenKind.Line)
            at++;
        return at < _tokens.Count && _tokens[at].Kind == CodeTokenKind.Mark && IsDot(_tokens[at].Value) && _tokens[at].Value[0] != ':' ? at : Skip(i);
    }

    private bool StartsBare(int i)
    {
        if (_language is not (Language.Perl or Language.Ruby or Language.Php or Language.Other) || _tokens[i - 1].Value[0] is (byte)'$' or (byte)'@' or (byte)'%' || IsKeyword(i - 1))
            return false;
        CodeToken next = _tokens[i];
        return next.Kind switch
        {
            CodeTokenKind.Text => true,
            CodeTokenKind.Command or CodeTokenKind.Number => next.Start > _tokens[i - 1].End,
            CodeTokenKind.Name => (!IsKeyword(i) || IsWord(i, "my"u8) || IsWord(i, "our"u8) || IsWord(i, "local"u8)) && next.Start > _tokens[i - 1].End && !IsAssignment(i + 1, out _),
            CodeTokenKind.Mark => (next.Start > _tokens[i - 1].End && next.Value[0] is (byte)'[' or (byte)'\\' && next.Value.Length == 1) || (next.Value is [(byte)'@'] or [(byte)'$'] or [(byte)'*'] && _language == Language.Perl) || (next.Value is [(byte)'{'] && _language == Language.Ruby && Is(i + 2, "=>"u8)) || (next.Value is [(byte)'{'] && _language == Language.Perl && (IsWord(i - 1, "exec"u8) || IsWord(i - 1, "system"u8))),
            _ => false,
        };
    }

    // Arguments without parentheses, up to the end of the statement.
    private CodeValue Bare(ref int i)
    {
        List<CodeValue> items = [];
        List<string?> keys = [];
        (int inside, _inside) = (_inside, 0);
        while (i < _tokens.Count && _budget-- > 0 && items.Count < 64)
        {
            int before = i;
            string? key = null;
            if (_tokens[i].Kind is CodeTokenKind.Name or CodeTokenKind.Text && (Is(i + 1, "=>"u8) || (Is(i + 1, ":"u8) && _language == Language.Ruby)))
            {
                key = NameAt(i);
                i += 2;
            }

            CodeValue value = Expression(ref i);
            items.Add(value);
            keys.Add(key);
            if (Is(i, ","u8))
            {
                i++;
                while (i < _tokens.Count && _tokens[i].Kind == CodeTokenKind.Line)
                    i++;
            }
            else if (i == before || _tokens[i].Kind is CodeTokenKind.Line or CodeTokenKind.End or CodeTokenKind.Mark || IsKeyword(i) || !(_language == Language.Perl && items.Count == 1))
            {
                break;
            }
        }

        _inside = inside;
        return CodeValue.List(items, keys);
    }
}
