using System;

namespace Gate.Expansion;

/// <summary>A number of an expression: known, or one that only a run would know.</summary>
internal readonly record struct Number(long Value, bool IsKnown)
{
    public static Number Unknown => default;

    public static Number Of(long value) => new(value, true);

    public static Number Of(bool value) => new(value ? 1 : 0, true);
}

/// <summary>The variables that an expression reads and sets.</summary>
internal interface INumbers
{
    /// <summary>The value of a variable or of an element; <paramref name="subscript"/> is null without brackets.</summary>
    Number Get(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subscript, bool hasSubscript, int depth);

    /// <summary>Sets one; where <paramref name="perhaps"/>, it may as well stay what it was.</summary>
    void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subscript, bool hasSubscript, Number value, bool perhaps);
}

/// <summary>
/// Bash's arithmetic on a text whose <c>$</c>-expansions are done. Operators by precedence climbing. What is skipped by <c>&amp;&amp; || ?:</c> sets nothing;
/// where only a run would know whether it is skipped, what it sets is not known afterwards. Nothing throws; a mistake makes all of it unknown.
/// </summary>
internal ref struct ArithmeticReader(ReadOnlySpan<byte> text, INumbers variables, int depth)
{
    /// <summary>Variables that hold expressions, and parentheses, go this deep.</summary>
    public const int MaximumDepth = 48;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private int _nesting = depth;
    private bool _failed;

    // 0: evaluated, 1: perhaps, 2: skipped.
    private int _mode;

    /// <summary>The value of the whole text. An empty one is 0.</summary>
    public Number Evaluate()
    {
        if (Peek() == 0 && _at >= _text.Length)
            return Number.Of(0);
        Number value = Comma();
        return _failed || _at < _text.Length ? Number.Unknown : value;
    }

    private byte Peek(int ahead = 0)
    {
        if (ahead == 0)
        {
            while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
                _at++;
        }

        return _at + ahead < _text.Length ? _text[_at + ahead] : (byte)0;
    }

    private Number Fail()
    {
        _failed = true;
        _at = _text.Length;
        return Number.Unknown;
    }

    private Number Comma()
    {
        Number value = Conditional();
        while (!_failed && Peek() == ',')
        {
            _at++;
            value = Conditional();
        }

        return value;
    }

    private Number Conditional()
    {
        if (++_nesting > MaximumDepth)
            return Fail();
        Number value = Binary(1);
        if (!_failed && Peek() == '?')
        {
            _at++;
            int before = _mode;
            _mode = Math.Max(before, !value.IsKnown ? 1 : value.Value != 0 ? 0 : 2);
            Number yes = Comma();
            if (Peek() != ':')
                return Fail();
            _at++;
            _mode = Math.Max(before, !value.IsKnown ? 1 : value.Value != 0 ? 2 : 0);
            Number no = Conditional();
            _mode = before;
            value = value.IsKnown ? value.Value != 0 ? yes : no : yes.IsKnown && no.IsKnown && yes.Value == no.Value ? yes : Number.Unknown;
        }

        _nesting--;
        return value;
    }

    // The operator at the current position: its level and length, or level 0.
    private int Operator(out int length)
    {
        byte a = Peek(), b = Peek(1), c = Peek(2);
        length = 1;
        switch (a)
        {
            case (byte)'|' when b == '|': length = 2; return 1;
            case (byte)'&' when b == '&': length = 2; return 2;
            case (byte)'|' when b != '=': return 3;
            case (byte)'^' when b != '=': return 4;
            case (byte)'&' when b != '=': return 5;
            case (byte)'=' when b == '=': case (byte)'!' when b == '=': length = 2; return 6;
            case (byte)'<' when b == '<': case (byte)'>' when b == '>': length = 2; return c == '=' ? 0 : 8;
            case (byte)'<': case (byte)'>': length = b == '=' ? 2 : 1; return 7;
            case (byte)'+' when b != '=': case (byte)'-' when b != '=': return 9;
            case (byte)'*' when b == '*': length = 2; return 11;
            case (byte)'*' when b != '=': case (byte)'/' when b != '=': case (byte)'%' when b != '=': return 10;
            default: return 0;
        }
    }

    private Number Binary(int least)
    {
        Number left = Unary();
        while (!_failed)
        {
            int level = Operator(out int length);
            if (level < least || level == 0)
                return left;
            byte op = _text[_at], second = length == 2 ? _text[_at + 1] : (byte)0;
            _at += length;
            int before = _mode;
            if (level is 1 or 2)
                _mode = Math.Max(before, !left.IsKnown ? 1 : (left.Value != 0) == (level == 1) ? 2 : 0);
            if (++_nesting > MaximumDepth)
                return Fail();
            Number right = Binary(level == 11 ? level : level + 1);
            _nesting--;
            _mode = before;
            left = Combined(op, second, left, right);
        }

        return left;
    }

    private Number Combined(byte op, byte second, Number left, Number right)
    {
        if (second == '|' && op == '|')
            return (left.IsKnown && left.Value != 0) || (right.IsKnown && right.Value != 0) ? Number.Of(1) : left.IsKnown && right.IsKnown ? Number.Of(0) : Number.Unknown;
        if (second == '&' && op == '&')
            return (left.IsKnown && left.Value == 0) || (right.IsKnown && right.Value == 0) ? Number.Of(0) : left.IsKnown && right.IsKnown ? Number.Of(1) : Number.Unknown;
        if (!left.IsKnown || !right.IsKnown)
            return Number.Unknown;
        (long a, long b) = (left.Value, right.Value);
        unchecked
        {
            switch (op)
            {
                case (byte)'+': return Number.Of(a + b);
                case (byte)'-': return Number.Of(a - b);
                case (byte)'*' when second == '*': return Power(a, b);
                case (byte)'*': return Number.Of(a * b);
                case (byte)'/' or (byte)'%':
                    if (b == 0)
                        return _mode == 2 ? Number.Unknown : Fail();
                    return b == -1 ? Number.Of(op == '/' ? -a : 0) : Number.Of(op == '/' ? a / b : a % b);
                case (byte)'<' when second == '<': return Number.Of(a << (int)(b & 63));
                case (byte)'>' when second == '>': return Number.Of(a >> (int)(b & 63));
                case (byte)'<': return Number.Of(second == '=' ? a <= b : a < b);
                case (byte)'>': return Number.Of(second == '=' ? a >= b : a > b);
                case (byte)'=': return Number.Of(a == b);
                case (byte)'!': return Number.Of(a != b);
                case (byte)'&': return Number.Of(a & b);
                case (byte)'|': return Number.Of(a | b);
                case (byte)'^': return Number.Of(a ^ b);
                default: return Fail();
            }
        }
    }

    private Number Power(long a, long b)
    {
        if (b < 0)
            return _mode == 2 ? Number.Unknown : Fail();
        long result = 1;
        for (; b > 0; b >>= 1)
        {
            if ((b & 1) != 0)
                result = unchecked(result * a);
            a = unchecked(a * a);
        }

        return Number.Of(result);
    }

    private Number Unary()
    {
        byte c = Peek();
        if (c is (byte)'+' or (byte)'-' && Peek(1) == c)
        {
            // ++x, but - -5 and --5 are two signs.
            int at = _at + 2;
            while (at < _text.Length && _text[at] is (byte)' ' or (byte)'\t')
                at++;
            if (at < _text.Length && IsName(_text[at], first: true))
            {
                _at = at;
                ReadName(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> subscript, out bool has);
                Number changed = Combined((byte)(c == '+' ? '+' : '-'), 0, Read(name, subscript, has), Number.Of(1));
                Write(name, subscript, has, changed);
                return changed;
            }
        }

        if (c is (byte)'+' or (byte)'-' or (byte)'~' || (c == '!' && Peek(1) != '='))
        {
            _at++;
            if (++_nesting > MaximumDepth)
                return Fail();
            Number value = Unary();
            _nesting--;
            return !value.IsKnown ? value : c == '+' ? value : c == '-' ? Number.Of(unchecked(-value.Value)) : c == '~' ? Number.Of(~value.Value) : Number.Of(value.Value == 0);
        }

        return Primary();
    }

    private Number Primary()
    {
        byte c = Peek();
        if (c == '(')
        {
            _at++;
            if (++_nesting > MaximumDepth)
                return Fail();
            Number inner = Comma();
            _nesting--;
            if (Peek() != ')')
                return Fail();
            _at++;
            return inner;
        }

        if (c is Value.Hole or Value.Number && _at < _text.Length)
        {
            // What is not known may be any piece of an expression; it is taken for a number with what touches it.
            while (_at < _text.Length && (_text[_at] is Value.Hole or Value.Number || IsName(_text[_at], first: false)))
                _at++;
            return Number.Unknown;
        }

        if (char.IsAsciiDigit((char)c))
            return Literal();
        return IsName(c, first: true) ? Variable() : Fail();
    }

    private Number Literal()
    {
        int start = _at;
        while (_at < _text.Length && (IsName(_text[_at], first: false) || _text[_at] is (byte)'#' or (byte)'@' or Value.Hole or Value.Number))
            _at++;
        ReadOnlySpan<byte> digits = _text[start.._at];
        if (digits.IndexOfAny(Value.Hole, Value.Number) >= 0)
            return Number.Unknown;
        long radix = 10;
        int hash = digits.IndexOf((byte)'#');
        if (hash > 0)
        {
            radix = 0;
            foreach (byte b in digits[..hash])
                radix = char.IsAsciiDigit((char)b) && radix < 100 ? radix * 10 + b - '0' : 1000;
            if (radix is < 2 or > 64)
                return Fail();
            digits = digits[(hash + 1)..];
            if (digits.Length == 0)
                return Fail();
        }
        else if (digits.Length > 1 && digits[0] == '0')
        {
            bool hex = digits[1] is (byte)'x' or (byte)'X';
            radix = hex ? 16 : 8;
            digits = digits[(hex ? 2 : 1)..];
        }

        long value = 0;
        foreach (byte b in digits)
        {
            int digit = b is >= (byte)'0' and <= (byte)'9' ? b - '0' : b is >= (byte)'a' and <= (byte)'z' ? b - 'a' + 10 : b is >= (byte)'A' and <= (byte)'Z' ? b - 'A' + (radix <= 36 ? 10 : 36) : b == '@' ? 62 : b == '_' ? 63 : 99;
            if (digit >= radix)
                return Fail();
            value = unchecked(value * radix + digit);
        }

        return Number.Of(value);
    }

    private Number Variable()
    {
        ReadName(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> subscript, out bool has);
        if (_failed)
            return Number.Unknown;
        byte c = Peek(), next = Peek(1);
        if (c is (byte)'+' or (byte)'-' && next == c)
        {
            _at += 2;
            Number before = Read(name, subscript, has);
            Write(name, subscript, has, Combined(c, 0, before, Number.Of(1)));
            return before;
        }

        bool plain = c == '=' && next != '=';
        bool one = next == '=' && "+-*/%&|^"u8.IndexOf(c) >= 0 && c != 0;
        bool two = c is (byte)'<' or (byte)'>' && next == c && Peek(2) == '=';
        if (!plain && !one && !two)
            return Read(name, subscript, has);
        _at += plain ? 1 : one ? 2 : 3;
        Number old = plain ? Number.Unknown : Read(name, subscript, has), right = Conditional();
        Number value = plain ? right : Combined(c, two ? c : (byte)0, old, right);
        Write(name, subscript, has, value);
        return value;
    }

    private Number Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subscript, bool has) => _mode == 2 || _failed ? Number.Unknown : variables.Get(name, subscript, has, _nesting);

    private void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subscript, bool has, Number value)
    {
        if (_mode < 2 && !_failed)
            variables.Set(name, subscript, has, value, perhaps: _mode == 1);
    }

    private void ReadName(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> subscript, out bool has)
    {
        int start = _at;
        while (_at < _text.Length && IsName(_text[_at], first: false))
            _at++;
        name = _text[start.._at];
        subscript = default;
        has = _at < _text.Length && _text[_at] == '[';
        if (!has)
            return;
        int open = _at, nested = 0;
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == '[')
                nested++;
            else if (_text[_at] == ']' && --nested == 0)
                break;
        }

        if (_at >= _text.Length)
        {
            _ = Fail();
            return;
        }

        subscript = _text[(open + 1).._at];
        _at++;
    }

    private static bool IsName(byte b, bool first) => b == '_' || char.IsAsciiLetter((char)b) || (!first && char.IsAsciiDigit((char)b));
}
