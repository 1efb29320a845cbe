using System;
using System.Collections.Generic;
using Gate.Shell;

namespace Gate.Expansion;

/// <summary>What the operators of <c>${…}</c> do with a known text. Null: not worked out.</summary>
internal static class ParameterText
{
    /// <summary><c># ## % %%</c>: the text without the piece that matches.</summary>
    public static byte[]? Remove(ParameterOperator op, byte[] text, ShellPattern pattern)
    {
        bool prefix = op is ParameterOperator.RemoveShortestPrefix or ParameterOperator.RemoveLongestPrefix;
        bool shortest = op is ParameterOperator.RemoveShortestPrefix or ParameterOperator.RemoveShortestSuffix;
        for (int i = 0; i <= text.Length; i++)
        {
            int length = shortest ? i : text.Length - i;
            switch (pattern.Matches(prefix ? text.AsSpan(0, length) : text.AsSpan(text.Length - length)))
            {
                case null:
                    return null;
                case true:
                    return prefix ? text[length..] : text[..(text.Length - length)];
            }
        }

        return text;
    }

    /// <summary><c>/ //</c>, with <paramref name="anchor"/> 0, '#' or '%'. The longest match counts.</summary>
    public static byte[]? Replace(byte[] text, ShellPattern pattern, byte anchor, byte[] with, bool all)
    {
        List<byte> result = [];
        int at = 0, longest = pattern.Longest;
        bool replaced = false;
        while (at <= text.Length)
        {
            int length = -1;
            if (!(replaced && !all) && (anchor != '#' || at == 0))
            {
                for (int n = anchor == '%' ? text.Length - at : Math.Min(text.Length - at, longest); n >= 0 && length < 0; n--)
                {
                    if (anchor == '%' && at + n != text.Length)
                        break;
                    if (pattern.Matches(text.AsSpan(at, n)) is not { } matches)
                        return null;
                    length = matches ? n : -1;
                }
            }

            if (length > 0 || (length == 0 && anchor != 0))
            {
                result.AddRange(with);
                if (result.Count > Expander.MaximumText)
                    return null;
                replaced = true;
                at += length;
                if (length == 0)
                    anchor = (byte)'#';
                if (length > 0)
                    continue;
            }

            if (at < text.Length)
                result.Add(text[at]);
            at++;
        }

        return result.Count > Expander.MaximumText ? null : [.. result];
    }

    /// <summary><c>^ ^^ , ,, ~ ~~</c>, without or with a pattern for single characters.</summary>
    public static byte[]? Case(ParameterOperator op, byte[] text, ShellPattern? pattern)
    {
        if (text.AsSpan().IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0)
            return null;
        byte[] result = (byte[])text.Clone();
        bool first = op is ParameterOperator.UpperFirst or ParameterOperator.LowerFirst or ParameterOperator.ToggleFirst;
        for (int i = 0; i < (first ? Math.Min(1, result.Length) : result.Length); i++)
        {
            if (pattern is not null)
            {
                if (pattern.Matches(result.AsSpan(i, 1)) is not { } matches)
                    return null;
                if (!matches)
                    continue;
            }

            char c = (char)result[i];
            bool up = op is ParameterOperator.UpperFirst or ParameterOperator.UpperAll || (op is ParameterOperator.ToggleFirst or ParameterOperator.ToggleAll && char.IsAsciiLetterLower(c));
            result[i] = (byte)(up ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
        }

        return result;
    }

    /// <summary>A piece of a text that may have holes: known where the piece lies before the first of them.</summary>
    public static byte[]? Substring(byte[] text, long from, long? length)
    {
        int known = text.AsSpan().IndexOfAny(Value.Hole, Value.Number);
        if (text.AsSpan(0, known < 0 ? text.Length : known).IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0)
            return null;
        if (known >= 0)
            return from >= 0 && length is >= 0 && length < text.Length && from + length <= known ? text[(int)from..(int)(from + length)] : null;
        if (from < 0)
            from += text.Length;
        if (from < 0 || from > text.Length)
            return [];
        long to = length is not { } count ? text.Length : count < 0 ? text.Length + count : Math.Min(text.Length, from + Math.Min(count, text.Length));
        return to < from ? length < 0 ? null : [] : text[(int)from..(int)to];
    }

    /// <summary><c>@Q</c>: quoted so that a shell reads it back.</summary>
    public static byte[]? Quoted(byte[] text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) >= 0)
            return null;
        List<byte> result = [(byte)'\''];
        foreach (byte b in text)
        {
            if (b == '\'')
                result.AddRange("'\\''"u8);
            else
                result.Add(b);
        }

        result.Add((byte)'\'');
        return [.. result];
    }
}
