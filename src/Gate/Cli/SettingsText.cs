using System;
using System.Collections.Generic;
using System.Text;
using Gate.Text;

namespace Gate.Cli;

/// <summary>
/// Edits the text of an agent's settings file: puts Gate's handlers in, takes them out. Splices only, so that order,
/// comments, indentation and line ends of everything else stay byte for byte. Pure; never throws for what it is given.
/// </summary>
public static class SettingsText
{
    /// <summary>
    /// Inserts or repairs Gate's handlers. Identical bytes when they are right already. A handler of Gate that stands under
    /// too narrow a matcher, twice, or under an event that is not wanted is removed first.
    /// </summary>
    /// <param name="original">The file's bytes; null or empty when there is none.</param>
    /// <param name="wiring">What is wanted.</param>
    public static SettingsEdit Merge(byte[]? original, HookWiring wiring)
    {
        byte[] bytes = original ?? [];
        if (!wiring.Command.StartsWith('/'))
        {
            return Refuse(bytes, null, 0, $"'{wiring.Command}' is not an absolute path; the agent needs one to run Gate");
        }

        SettingsTree tree = SettingsTree.Read(bytes);
        if (SettingsHooks.Refusal(tree) is (int offset, string message))
        {
            return Refuse(bytes, tree, offset, message);
        }

        SettingsTree edited = Insert(Clean(tree, wiring), wiring);
        if (SettingsHooks.Refusal(edited) is not null || !ReferenceEquals(Insert(Clean(edited, wiring), wiring), edited))
        {
            return Refuse(bytes, null, 0, "the layout of this file defeats Gate; add the hooks by hand");
        }

        return Done(bytes, edited);
    }

    /// <summary>
    /// Removes Gate's handlers for an agent, and entries, events, <c>hooks</c> and the document where they become empty only
    /// because of that. Empty bytes mean that nothing is left.
    /// </summary>
    /// <param name="original">The file's bytes.</param>
    /// <param name="agent">The agent's name, as in <c>gate hook AGENT</c>.</param>
    /// <param name="command">The path Gate was wired with, where it is known and may not be called gate.</param>
    public static SettingsEdit Remove(byte[] original, string agent, string? command = null)
    {
        SettingsTree tree = SettingsTree.Read(original);
        if (SettingsHooks.Refusal(tree) is (int offset, string message))
        {
            return Refuse(original, tree, offset, message);
        }

        HashSet<SettingsNode> ours = [];
        foreach (GateHandler found in SettingsHooks.Find(tree, agent, command))
        {
            ours.Add(found.Handler);
        }

        SettingsTree edited = Without(tree, ours);
        if (SettingsHooks.Refusal(edited) is not null || SettingsHooks.Find(edited, agent, command).Count > 0)
        {
            return Refuse(original, null, 0, "the layout of this file defeats Gate; remove its hooks by hand");
        }

        return Done(original, edited);
    }

    private static SettingsEdit Done(byte[] original, SettingsTree edited)
    {
        SourceText text = new(edited.Bytes);
        List<SettingsProblem> warnings = [];
        SettingsHooks.Warn(edited, (offset, message) =>
        {
            (int line, int column) = text.Position(offset);
            warnings.Add(new SettingsProblem(line, column, message));
        });
        return new SettingsEdit(edited.Bytes, !original.AsSpan().SequenceEqual(edited.Bytes), warnings, null);
    }

    private static SettingsEdit Refuse(byte[] original, SettingsTree? tree, int offset, string message)
    {
        (int line, int column) = tree is null ? (0, 0) : new SourceText(original).Position(offset);
        return new SettingsEdit(original, false, [], new SettingsProblem(line, column, message));
    }

    /// <summary>Without the handlers of Gate that cannot stay where they are. The same tree when there are none.</summary>
    private static SettingsTree Clean(SettingsTree tree, HookWiring wiring)
    {
        HashSet<SettingsNode> wrong = [];
        HashSet<string> seen = [];
        foreach (GateHandler found in SettingsHooks.Find(tree, wiring.Agent, wiring.Command))
        {
            HookEvent? wanted = wiring.Find(found.Event);
            if (wanted is null || !SettingsHooks.MatcherFits(tree, found.Entry, wanted) || !seen.Add(found.Event))
            {
                wrong.Add(found.Handler);
            }
        }

        return Without(tree, wrong);
    }

    private static SettingsTree Without(SettingsTree tree, HashSet<SettingsNode> handlers)
    {
        if (handlers.Count == 0)
        {
            return tree;
        }

        SettingsSplices splices = new();
        new SettingsRemoval(tree, new SettingsStyle(tree), splices).Remove(handlers);
        return SettingsTree.Read(splices.Apply(tree.Bytes));
    }

    /// <summary>With every wanted handler in place. The same tree when they all are.</summary>
    private static SettingsTree Insert(SettingsTree tree, HookWiring wiring)
    {
        SettingsSplices splices = new();
        SettingsStyle style = new(tree);
        SettingsInsertion insertion = new(tree, style, splices);
        SettingsNode? hooks = tree.Root?.Get("hooks");
        if (tree.Root is null)
        {
            // First in the file, before comments: a comment could have no line end to begin after.
            int mark = tree.Bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0;
            splices.Insert(mark, style.Document(wiring));
        }
        else if (hooks is null)
        {
            insertion.Append(tree.Root, [("hooks", (indent, lines) => style.Hooks(indent, lines, wiring))]);
        }
        else
        {
            InsertEvents(tree, hooks, wiring, style, insertion, splices);
        }

        return splices.Count == 0 ? tree : SettingsTree.Read(splices.Apply(tree.Bytes));
    }

    private static void InsertEvents(
        SettingsTree tree, SettingsNode hooks, HookWiring wiring, SettingsStyle style, SettingsInsertion insertion, SettingsSplices splices)
    {
        Dictionary<string, SettingsNode> present = [];
        foreach (GateHandler found in SettingsHooks.Find(tree, wiring.Agent, wiring.Command))
        {
            present.TryAdd(found.Event, found.Handler);
        }

        List<(string, Func<string, bool, string>)> missing = [];
        foreach (HookEvent wanted in wiring.Events)
        {
            SettingsNode? entries = hooks.Get(wanted.Event);
            if (present.TryGetValue(wanted.Event, out SettingsNode? handler))
            {
                if (!SettingsHooks.IsRight(tree, handler, wiring, wanted))
                {
                    int start = tree.Start(handler), end = tree.End(handler);
                    splices.Replace(start, end, style.Handler(style.IndentAt(start), style.HasNewLine(start, end), wiring, wanted));
                }
            }
            else if (entries is null)
            {
                missing.Add((wanted.Event, (indent, lines) => style.Event(indent, lines, wiring, wanted)));
            }
            else
            {
                insertion.Prepend(entries, (indent, lines) => style.Entry(indent, lines, wiring, wanted));
            }
        }

        if (missing.Count > 0)
        {
            insertion.Append(hooks, missing);
        }
    }
}
