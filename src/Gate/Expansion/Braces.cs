using System;
using System.Collections.Generic;

namespace Gate.Expansion;

/// <summary>
/// Brace expansion: <c>a{b,c}d</c>, <c>{1..5}</c>, nested. It comes before all else, so it works on the word as written: bytes of literals are live, and any
/// other part of the word is three bytes that lead back to it (see <see cref="AddPart"/>).
/// </summary>
internal static class Braces
{
    /// <summary>More words than this from one word become one unknown word.</summary>
    public const int MaximumWords = 64;

    /// <summary>A number of a range, or a letter, that is not looked at one by one.</summary>
    public const int UnknownNumber = 0xFFFE, UnknownText = 0xFFFF;

    /// <summary>Puts a part that is expanded later into a flattened word.</summary>
    public static void AddPart(Field field, int index) => field.Add([0, (byte)(index >> 8), (byte)index], Field.Later);

    /// <summary>Null when there would be too many.</summary>
    public static List<Field>? Expand(Field field)
    {
        List<Field> done = [];
        List<Field> open = [field];
        while (open.Count > 0)
        {
            if (open.Count + done.Count > MaximumWords)
                return null;
            Field next = open[^1];
            open.RemoveAt(open.Count - 1);
            if (!ExpandFirst(next, open))
                done.Add(next);
        }

        return done;
    }

    // Replaces the first brace expression by its alternatives, last one pushed first so that the order stays.
    private static bool ExpandFirst(Field field, List<Field> open)
    {
        ReadOnlySpan<byte> text = field.Text, marks = field.Marks;
        for (int start = 0; start < text.Length; start++)
        {
            if (!Is(text, marks, start, '{'))
                continue;
            int end = Close(text, marks, start, out List<int> commas);
            if (end < 0)
                continue;
            if (commas.Count > 0)
            {
                commas.Add(end);
                for (int i = commas.Count - 1; i >= 0; i--)
                    open.Add(Join(field, start, i == 0 ? start + 1 : commas[i - 1] + 1, commas[i], end));
                return true;
            }

            if (Range(field, start, end, open))
                return true;
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> marks, int i, char c) => text[i] == c && (marks[i] & Field.Brace) != 0;

    private static int Close(ReadOnlySpan<byte> text, ReadOnlySpan<byte> marks, int start, out List<int> commas)
    {
        commas = [];
        int depth = 0;
        for (int i = start; i < text.Length; i++)
        {
            if (Is(text, marks, i, '{'))
                depth++;
            else if (Is(text, marks, i, ',') && depth == 1)
                commas.Add(i);
            else if (Is(text, marks, i, '}') && --depth == 0)
                return i;
        }

        return -1;
    }

    private static Field Join(Field field, int start, int from, int to, int end)
    {
        Field joined = field.Slice(0, start);
        joined.AddMarked(field.Text[from..to], field.Marks[from..to]);
        joined.AddMarked(field.Text[(end + 1)..], field.Marks[(end + 1)..]);
        return joined;
    }

    // {first..last} and {first..last..step}, numbers or letters.
    private static bool Range(Field field, int start, int end, List<Field> open)
    {
        ReadOnlySpan<byte> inside = field.Text[(start + 1)..end];
        int dots = inside.IndexOf(".."u8);
        if (dots <= 0 || field.Marks[(start + 1)..end].IndexOf(Field.Later) >= 0)
            return false;
        ReadOnlySpan<byte> left = inside[..dots], right = inside[(dots + 2)..];
        int second = right.IndexOf(".."u8), step = 1;
        if (second >= 0)
        {
            if (!Number(right[(second + 2)..], out step))
                return false;
            right = right[..second];
        }

        bool letters = left.Length == 1 && right.Length == 1 && char.IsAsciiLetter((char)left[0]) && char.IsAsciiLetter((char)right[0]);
        if (!letters && !(Number(left, out _) && Number(right, out _)))
            return false;
        _ = Number(left, out int first);
        _ = Number(right, out int last);
        if (letters)
            (first, last) = (left[0], right[0]);
        step = Math.Max(1, Math.Abs(step));
        int count = Math.Abs(last - first) / step + 1;
        bool mixed = letters && char.IsAsciiLetterUpper((char)left[0]) != char.IsAsciiLetterUpper((char)right[0]);
        if (count > MaximumWords || mixed)
        {
            Field unknown = field.Slice(0, start);
            AddPart(unknown, letters || first < 0 || last < 0 ? UnknownText : UnknownNumber);
            unknown.AddMarked(field.Text[(end + 1)..], field.Marks[(end + 1)..]);
            unknown.Many = true;
            open.Add(unknown);
            return true;
        }

        int width = !letters && (IsPadded(left) || IsPadded(right)) ? Math.Max(left.Length, right.Length) : 0;
        for (int i = count - 1; i >= 0; i--)
        {
            int item = first <= last ? first + i * step : first - i * step;
            Field made = field.Slice(0, start);
            made.Add(letters ? [(byte)item] : System.Text.Encoding.ASCII.GetBytes(item < 0 ? "-" + (-item).ToString().PadLeft(Math.Max(0, width - 1), '0') : item.ToString().PadLeft(width, '0')), Field.Plain);
            made.AddMarked(field.Text[(end + 1)..], field.Marks[(end + 1)..]);
            open.Add(made);
        }

        return true;
    }

    private static bool IsPadded(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> digits = text[0] == '-' ? text[1..] : text;
        return digits.Length > 1 && digits[0] == '0';
    }

    private static bool Number(ReadOnlySpan<byte> text, out int value) => System.Buffers.Text.Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && text.Length < 8;
}
