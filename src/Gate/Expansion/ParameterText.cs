using System;
using System.Collections.Generic;
using System.Text;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

/// <summary>What the operators of <c>${…}</c> do with a known text. Null: not worked out.</summary>
internal static class ParameterText
{
    public static byte[]? Apply(ParameterOperator op, byte[] text, byte[] pattern, byte[] second, bool hasSecond)
    {
        switch (op)
        {
            case ParameterOperator.RemoveShortestPrefix:
                for (int n = 0; n <= text.Length; n++)
                {
                    if (Matches(pattern, text.AsSpan(0, n)))
                        return text[n..];
                }

                return text;
            case ParameterOperator.RemoveLongestPrefix:
                for (int n = text.Length; n >= 0; n--)
                {
                    if (Matches(pattern, text.AsSpan(0, n)))
                        return text[n..];
                }

                return text;
            case ParameterOperator.RemoveShortestSuffix:
                for (int n = text.Length; n >= 0; n--)
                {
                    if (Matches(pattern, text.AsSpan(n)))
                        return text[..n];
                }

                return text;
            case ParameterOperator.RemoveLongestSuffix:
                for (int n = 0; n <= text.Length; n++)
                {
                    if (Matches(pattern, text.AsSpan(n)))
                        return text[..n];
                }

                return text;
            case ParameterOperator.Replace:
            case ParameterOperator.ReplaceAll:
                return Replace(text, pattern, second, op == ParameterOperator.ReplaceAll);
            case ParameterOperator.Substring:
                return Substring(text, pattern, second, hasSecond);
            case ParameterOperator.UpperAll:
            case ParameterOperator.LowerAll:
                return pattern.Length > 0 ? null : Case(text, op == ParameterOperator.UpperAll, text.Length);
            case ParameterOperator.UpperFirst:
            case ParameterOperator.LowerFirst:
                return pattern.Length > 0 ? null : Case(text, op == ParameterOperator.UpperFirst, 1);
            case ParameterOperator.Transform:
                return pattern is [(byte)'Q' or (byte)'P' or (byte)'A'] ? (pattern[0] == 'P' && text.AsSpan().IndexOfAny("\\$`"u8) < 0) ? text : null
                    : pattern is [(byte)'E'] ? AnsiQuote.Decode(text) : pattern is [(byte)'L'] ? Case(text, false, text.Length) : pattern is [(byte)'U'] ? Case(text, true, text.Length) : null;
            default:
                return null;
        }
    }

    // Here a star crosses slashes: "**" in the terms of Glob.
    private static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        if (pattern.IndexOfAny("*?["u8) < 0)
            return pattern.SequenceEqual(text);
        if (pattern.IndexOf((byte)'[') >= 0)
            return false;
        List<byte> deep = [];
        foreach (byte b in pattern)
        {
            deep.Add(b);
            if (b == '*')
                deep.Add(b);
        }

        return Text.Glob.Matches(deep.ToArray(), text);
    }

    private static byte[]? Replace(byte[] text, byte[] pattern, byte[] with, bool all)
    {
        if (pattern.Length == 0)
            return text;
        if (pattern.AsSpan().IndexOfAny("*?["u8) >= 0)
            return null;
        bool start = pattern[0] == '#', end = pattern[0] == '%';
        ReadOnlySpan<byte> literal = start || end ? pattern.AsSpan(1) : pattern;
        if (start)
            return text.AsSpan().StartsWith(literal) ? [.. with, .. text.AsSpan(literal.Length)] : text;
        if (end)
            return text.AsSpan().EndsWith(literal) ? [.. text.AsSpan(0, text.Length - literal.Length), .. with] : text;
        List<byte> result = [];
        ReadOnlySpan<byte> rest = text;
        while (true)
        {
            int at = rest.IndexOf(literal);
            if (at < 0)
                break;
            result.AddRange(rest[..at]);
            result.AddRange(with);
            rest = rest[(at + literal.Length)..];
            if (!all)
                break;
        }

        result.AddRange(rest);
        return [.. result];
    }

    private static byte[]? Substring(byte[] text, byte[] offset, byte[] length, bool hasLength)
    {
        if (!SmallArithmetic.TryEvaluate(offset, out long from))
            return null;
        if (from < 0)
            from += text.Length;
        if (from < 0 || from > text.Length)
            return [];
        long to = text.Length;
        if (hasLength)
        {
            if (!SmallArithmetic.TryEvaluate(length, out long count))
                return null;
            to = count < 0 ? text.Length + count : Math.Min(text.Length, from + count);
        }

        return to <= from ? [] : text[(int)from..(int)to];
    }

    private static byte[] Case(byte[] text, bool upper, int count)
    {
        byte[] result = (byte[])text.Clone();
        for (int i = 0; i < Math.Min(count, result.Length); i++)
            result[i] = (byte)(upper ? char.ToUpperInvariant((char)result[i]) : char.ToLowerInvariant((char)result[i]));
        return result;
    }
}

/// <summary>Whole-number expressions of digits, + - * / % and parentheses: what offsets and counters are made of.</summary>
internal static class SmallArithmetic
{
    /// <summary>Deeper nesting is not worked out.</summary>
    private const int MaximumDepth = 16;

    public static bool TryEvaluate(ReadOnlySpan<byte> text, out long value)
    {
        int at = 0;
        value = 0;
        return Sum(text, ref at, 0, ref value) && Skip(text, ref at) == text.Length;
    }

    private static int Skip(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t')
            at++;
        return at;
    }

    private static bool Sum(ReadOnlySpan<byte> text, ref int at, int depth, ref long value)
    {
        if (!Product(text, ref at, depth, ref value))
            return false;
        while (Skip(text, ref at) < text.Length && text[at] is (byte)'+' or (byte)'-')
        {
            bool minus = text[at++] == '-';
            long right = 0;
            if (!Product(text, ref at, depth, ref right))
                return false;
            value = unchecked(minus ? value - right : value + right);
        }

        return true;
    }

    private static bool Product(ReadOnlySpan<byte> text, ref int at, int depth, ref long value)
    {
        if (!Atom(text, ref at, depth, ref value))
            return false;
        while (Skip(text, ref at) < text.Length && text[at] is (byte)'*' or (byte)'/' or (byte)'%')
        {
            byte op = text[at++];
            long right = 0;
            if (!Atom(text, ref at, depth, ref right) || (op != '*' && right is 0 or -1))
                return false;
            value = unchecked(op == '*' ? value * right : op == '/' ? value / right : value % right);
        }

        return true;
    }

    private static bool Atom(ReadOnlySpan<byte> text, ref int at, int depth, ref long value)
    {
        if (depth > MaximumDepth || Skip(text, ref at) == text.Length)
            return false;
        if (text[at] == '-')
        {
            at++;
            bool ok = Atom(text, ref at, depth + 1, ref value);
            value = unchecked(-value);
            return ok;
        }

        if (text[at] == '(')
        {
            at++;
            return Sum(text, ref at, depth + 1, ref value) && Skip(text, ref at) < text.Length && text[at++] == ')';
        }

        if (!System.Buffers.Text.Utf8Parser.TryParse(text[at..], out value, out int used) || used == 0 || text[at] is (byte)'+')
            return false;
        at += used;
        return true;
    }
}
