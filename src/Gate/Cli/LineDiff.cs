using System;
using System.Collections.Generic;
using System.Text;

namespace Gate.Cli;

/// <summary>A unified diff of two texts, line by line, for people to read before they say yes.</summary>
public static class LineDiff
{
    /// <summary>Above this many pairs of lines the middle is shown as replaced whole.</summary>
    public const int MaxPairs = 4_000_000;

    private const int Context = 3;

    /// <summary>The diff, or an empty text when both are equal.</summary>
    public static string Unified(string name, byte[]? before, byte[] after)
    {
        if (before.AsSpan().SequenceEqual(after))
        {
            return "";
        }

        List<(char Mark, string Text)> rows = Rows(Lines(before ?? []), Lines(after));
        StringBuilder result = new();
        result.Append("--- ").Append(before is null ? "/dev/null" : name).Append("\n+++ ").Append(name).Append('\n');
        int old = 1, now = 1;
        for (int i = 0; i < rows.Count;)
        {
            int next = rows.FindIndex(i, static row => row.Mark != ' ');
            if (next < 0)
            {
                break;
            }

            int start = Math.Max(i, next - Context);
            old += start - i;
            now += start - i;
            i = Hunk(rows, start, ref old, ref now, result);
        }

        return result.ToString();
    }

    /// <summary>Writes one hunk and returns the row after it.</summary>
    private static int Hunk(List<(char Mark, string Text)> rows, int start, ref int old, ref int now, StringBuilder result)
    {
        int end = start, lastChange = start;
        while (end < rows.Count && end - lastChange <= (2 * Context) + 1)
        {
            lastChange = rows[end].Mark != ' ' ? end : lastChange;
            end++;
        }

        end = Math.Min(end, lastChange + Context + 1);
        int removed = 0, added = 0;
        StringBuilder body = new();
        for (int i = start; i < end; i++)
        {
            removed += rows[i].Mark != '+' ? 1 : 0;
            added += rows[i].Mark != '-' ? 1 : 0;
            body.Append(rows[i].Mark).Append(rows[i].Text.TrimEnd('\n', '\r')).Append('\n');
            body.Append(rows[i].Text.EndsWith('\n') ? "" : "\\ No newline at end of file\n");
        }

        // An empty side is counted from the line before it, as diff does.
        result.Append("@@ -").Append(removed == 0 ? old - 1 : old).Append(',').Append(removed);
        result.Append(" +").Append(added == 0 ? now - 1 : now).Append(',').Append(added).Append(" @@\n").Append(body);
        old += removed;
        now += added;
        return end;
    }

    private static List<string> Lines(byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        List<string> lines = [];
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start) + 1;
            end = end == 0 ? text.Length : end;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    private static List<(char Mark, string Text)> Rows(List<string> before, List<string> after)
    {
        int head = 0, tail = 0, shorter = Math.Min(before.Count, after.Count);
        while (head < shorter && before[head] == after[head])
        {
            head++;
        }

        while (tail < shorter - head && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        List<(char, string)> rows = [];
        Add(rows, ' ', before, 0, head);
        Middle(rows, before.GetRange(head, before.Count - head - tail), after.GetRange(head, after.Count - head - tail));
        Add(rows, ' ', before, before.Count - tail, before.Count);
        return rows;
    }

    private static void Add(List<(char, string)> rows, char mark, List<string> lines, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            rows.Add((mark, lines[i]));
        }
    }

    /// <summary>The longest common run of lines, by the table everybody learns.</summary>
    private static void Middle(List<(char, string)> rows, List<string> a, List<string> b)
    {
        if ((long)a.Count * b.Count > MaxPairs)
        {
            Add(rows, '-', a, 0, a.Count);
            Add(rows, '+', b, 0, b.Count);
            return;
        }

        int width = b.Count + 1;
        int[] longest = new int[(a.Count + 1) * width];
        for (int i = a.Count - 1; i >= 0; i--)
        {
            for (int k = b.Count - 1; k >= 0; k--)
            {
                longest[(i * width) + k] = a[i] == b[k]
                    ? longest[((i + 1) * width) + k + 1] + 1
                    : Math.Max(longest[((i + 1) * width) + k], longest[(i * width) + k + 1]);
            }
        }

        int x = 0, y = 0;
        while (x < a.Count || y < b.Count)
        {
            if (x < a.Count && y < b.Count && a[x] == b[y])
            {
                rows.Add((' ', a[x++]));
                y++;
            }
            else if (y == b.Count || (x < a.Count && longest[((x + 1) * width) + y] >= longest[(x * width) + y + 1]))
            {
                rows.Add(('-', a[x++]));
            }
            else
            {
                rows.Add(('+', b[y++]));
            }
        }
    }
}
