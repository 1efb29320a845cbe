using System;
using System.Collections.Generic;
using System.Text;

namespace Gate.Cli;

/// <summary>
/// Puts new items into the containers of a settings tree in the layout found there. Every insertion begins right after
/// something that is not white space, so that <see cref="SettingsRemoval"/> can find its edges again.
/// </summary>
internal sealed class SettingsInsertion(SettingsTree tree, SettingsStyle style, SettingsSplices splices)
{
    /// <summary>Puts an entry first in an array: it is the first thing a reader of the event sees.</summary>
    public void Prepend(SettingsNode array, Func<string, bool, string> render)
    {
        if (array.Items.Count == 0)
        {
            Fill(array, [render]);
            return;
        }

        int open = tree.End(array.First);
        int first = tree.Start(array.Items[0].First);
        if (style.HasNewLine(open, first))
        {
            string indent = style.IndentAt(first);
            splices.Insert(AfterComments(array.First), style.NewLine + indent + render(indent, true) + ",");
            return;
        }

        // On one line the space between bracket and entry is repeated: [ a ] becomes [ new, a ].
        int comment = tree.Tokens[array.First + 1].IsComment ? tree.Start(array.First + 1) : first;
        splices.Insert(open, Encoding.UTF8.GetString(tree.Bytes, open, comment - open) + render("", false) + ",");
    }

    /// <summary>Puts members last in an object.</summary>
    public void Append(SettingsNode container, List<(string Name, Func<string, bool, string> Render)> members)
    {
        List<Func<string, bool, string>> items = [];
        foreach ((string name, Func<string, bool, string> render) in members)
        {
            items.Add((indent, lines) => SettingsStyle.Quote(name) + ":" + style.Space + render(indent, lines));
        }

        if (container.Items.Count == 0)
        {
            Fill(container, items);
            return;
        }

        SettingsItem last = container.Items[^1];
        bool lines = style.HasNewLine(tree.End(last.First - 1), tree.Start(last.First))
            || (tree.Tokens[last.First - 1].IsComment && style.HasNewLine(tree.Start(last.First - 1), tree.Start(last.First)));
        int comma = last.Value.Last + 1;
        while (tree.Tokens[comma].IsComment)
        {
            comma++;
        }

        bool trailing = tree.Tokens[comma].Kind == TokenKind.Comma;
        int anchor = trailing ? comma : last.Value.Last;
        if (!trailing)
        {
            splices.Insert(tree.End(last.Value), ",");
        }

        string indent = lines ? style.IndentAt(tree.Start(last.First)) : "";
        splices.Insert(lines ? AfterComments(anchor) : tree.End(anchor), Join(items, indent, lines) + (trailing ? "," : ""));
    }

    /// <summary>Fills an empty container. The blank line or space it leaves says that the container was there before.</summary>
    private void Fill(SettingsNode container, List<Func<string, bool, string>> items)
    {
        int open = tree.End(container.First);
        int close = tree.Start(container.Last);
        if (style.OneLine && !style.HasNewLine(open, close))
        {
            string joined = Join(items, "", false);
            splices.Insert(open, " " + (style.Space.Length > 0 ? joined[1..] : joined));
            return;
        }

        string outer = style.IndentAt(tree.Start(container.First));
        splices.Insert(open, style.NewLine);
        splices.Insert(close, Join(items, style.Deeper(outer), true) + style.NewLine + outer);
    }

    /// <summary>The items with commas between them, each with the white space before it.</summary>
    private string Join(List<Func<string, bool, string>> items, string indent, bool lines)
    {
        StringBuilder result = new();
        for (int i = 0; i < items.Count; i++)
        {
            result.Append(i > 0 ? "," : "");
            result.Append(lines ? style.NewLine + indent : style.Space);
            result.Append(items[i](indent, lines));
        }

        return result.ToString();
    }

    /// <summary>The end of a token and of the comments that begin on its line: they belong to what stands before them.</summary>
    private int AfterComments(int token)
    {
        while (tree.Tokens[token + 1].IsComment && !style.HasNewLine(tree.End(token), tree.Start(token + 1)))
        {
            token++;
        }

        return tree.End(token);
    }
}
