using System.Collections.Generic;

namespace Gate.Cli;

/// <summary>
/// Takes Gate's handlers out of a settings tree, and what becomes empty only because of that. The exact reverse of what
/// <see cref="SettingsText.Merge"/> inserts: an empty container that was there before Gate is known by the blank line
/// (on one line: the space) that Merge leaves after its opening bracket.
/// </summary>
internal sealed class SettingsRemoval(SettingsTree tree, SettingsStyle style, SettingsSplices splices)
{
    public void Remove(HashSet<SettingsNode> handlers)
    {
        SettingsNode root = tree.Root!;
        int hooksAt = root.Items.FindIndex(static item => item.Name == "hooks");
        if (hooksAt < 0 || handlers.Count == 0)
        {
            return;
        }

        SettingsNode hooks = root.Items[hooksAt].Value;
        List<int> events = [];
        for (int i = 0; i < hooks.Items.Count; i++)
        {
            if (FromEvent(hooks.Items[i].Value, handlers))
            {
                events.Add(i);
            }
        }

        if (!Goes(hooks, events))
        {
            Take(hooks, events);
        }
        else if (!Goes(root, [hooksAt]))
        {
            Take(root, [hooksAt]);
        }
        else
        {
            int end = tree.End(root);
            splices.Delete(tree.Start(root), end + NewLineAt(end));
        }
    }

    /// <summary>Removes the handlers from one event; true when the event itself has to go.</summary>
    private bool FromEvent(SettingsNode entries, HashSet<SettingsNode> handlers)
    {
        List<int> emptied = [];
        for (int i = 0; i < entries.Items.Count; i++)
        {
            SettingsNode? list = entries.Items[i].Value.Get("hooks");
            List<int> ours = [];
            for (int k = 0; list is not null && k < list.Items.Count; k++)
            {
                if (handlers.Contains(list.Items[k].Value))
                {
                    ours.Add(k);
                }
            }

            if (ours.Count > 0 && ours.Count == list!.Items.Count)
            {
                emptied.Add(i);
            }
            else if (ours.Count > 0)
            {
                Take(list!, ours);
            }
        }

        if (Goes(entries, emptied))
        {
            return true;
        }

        Take(entries, emptied);
        return false;
    }

    /// <summary>Whether a container goes as a whole when these items go: all of them, and nothing else was ever in it.</summary>
    private bool Goes(SettingsNode container, List<int> items)
    {
        if (items.Count == 0 || items.Count < container.Items.Count)
        {
            return false;
        }

        int at = container.First;
        foreach (SettingsItem item in container.Items)
        {
            if (HasComment(at + 1, item.First))
            {
                return false;
            }

            at = item.Value.Last;
        }

        return !HasComment(at + 1, container.Last) && !WasEmptyBefore(container);
    }

    private bool HasComment(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (tree.Tokens[i].IsComment)
            {
                return true;
            }
        }

        return false;
    }

    private bool WasEmptyBefore(SettingsNode container)
    {
        int open = tree.End(container.First);
        int first = tree.Start(container.Items[0].First);
        return style.HasNewLine(open, first) ? BlankLineEnd(open, first) > 0 : first > open;
    }

    /// <summary>Where the line break before the first item begins when another stands right after the bracket; else -1.</summary>
    private int BlankLineEnd(int open, int first)
    {
        int at = first;
        while (at > open && tree.Bytes[at - 1] is (byte)' ' or (byte)'\t')
        {
            at--;
        }

        int width = style.NewLine.Length;
        return NewLineAt(open) == width && at - width >= open + width && NewLineAt(at - width) == width ? at - width : -1;
    }

    /// <summary>The length of the file's line end when one stands at the offset, else 0.</summary>
    private int NewLineAt(int offset)
    {
        for (int i = 0; i < style.NewLine.Length; i++)
        {
            if (offset + i >= tree.Bytes.Length || tree.Bytes[offset + i] != style.NewLine[i])
            {
                return 0;
            }
        }

        return style.NewLine.Length;
    }

    /// <summary>Deletes items with the commas and the white space that belong to them.</summary>
    private void Take(SettingsNode container, List<int> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        bool all = items.Count == container.Items.Count;
        int open = tree.End(container.First);
        int blank = all ? BlankLineEnd(open, tree.Start(container.Items[0].First)) : -1;
        Token before = tree.Tokens[container.Items[0].First - 1];
        if (before.Kind == TokenKind.LineComment && blank <= before.End)
        {
            // Not Gate's line break: it closes a comment somebody wrote in since.
            blank = -1;
        }

        for (int n = 0; n < items.Count; n++)
        {
            int i = items[n];
            SettingsItem item = container.Items[i];
            int end = tree.End(item.Value);
            bool endsRun = n + 1 == items.Count || items[n + 1] != i + 1;
            int comma = CommaAfter(container, i);
            if (comma == item.Value.Last + 1)
            {
                end = tree.End(comma);
            }
            else if (comma > 0)
            {
                splices.Delete(tree.Start(comma), tree.End(comma));
            }
            else if (endsRun && i - RunLength(items, n) >= 0)
            {
                int commaBefore = CommaAfter(container, i - RunLength(items, n));
                splices.Delete(tree.Start(commaBefore), tree.End(commaBefore));
            }

            splices.Delete(n == 0 && blank > 0 ? blank : StartOf(item.First, end), end);
        }

        if (blank > 0)
        {
            // The line end after the bracket and the one before the closing bracket came with Gate.
            int after = container.Items[^1].Value.Last + 1;
            splices.Delete(open, open + style.NewLine.Length);
            splices.Delete(tree.End(after - 1), tree.Tokens[after].Kind == TokenKind.Comma ? tree.End(after) : tree.Start(after));
        }
    }

    /// <summary>How many items up to and including the n-th stand in one row.</summary>
    private static int RunLength(List<int> items, int n)
    {
        int length = 1;
        while (n - length >= 0 && items[n - length] == items[n] - length)
        {
            length++;
        }

        return length;
    }

    /// <summary>The white space before an item goes too, except the line end that closes a line comment.</summary>
    private int StartOf(int first, int end)
    {
        Token before = tree.Tokens[first - 1];
        int next = end;
        while (next < tree.Bytes.Length && tree.Bytes[next] is (byte)' ' or (byte)'\t')
        {
            next++;
        }

        bool lineGoesOn = next < tree.Bytes.Length && tree.Bytes[next] is not ((byte)'\r' or (byte)'\n');
        if (before.Kind != TokenKind.LineComment || !lineGoesOn)
        {
            return before.End;
        }

        return before.End + (tree.Bytes[before.End] == '\r' ? 2 : 1);
    }

    private int CommaAfter(SettingsNode container, int item)
    {
        int at = container.Items[item].Value.Last + 1;
        while (tree.Tokens[at].IsComment)
        {
            at++;
        }

        return tree.Tokens[at].Kind == TokenKind.Comma ? at : -1;
    }
}
