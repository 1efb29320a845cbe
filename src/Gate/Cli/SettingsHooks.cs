using System;
using System.Collections.Generic;

namespace Gate.Cli;

/// <summary>One handler of Gate in a settings text: where it stands, and whether its entry lets it see all that is wanted.</summary>
internal readonly record struct GateHandler(string Event, SettingsNode Entry, SettingsNode Handler);

/// <summary>What a settings tree says about hooks: its shape, Gate's handlers in it, and what the user should know.</summary>
internal static class SettingsHooks
{
    /// <summary>Why Gate cannot edit this document, or null.</summary>
    public static (int Offset, string Message)? Refusal(SettingsTree tree)
    {
        if (tree.Error is not null)
        {
            return tree.Error;
        }

        if (tree.Root is { IsObject: false } other)
        {
            return (tree.Start(other), "the settings must be an object; begin the file with { and end it with }");
        }

        SettingsNode? hooks = tree.Root?.Get("hooks");
        if (hooks is { IsObject: false })
        {
            return (tree.Start(hooks), "\"hooks\" must be an object; make it { } or remove it");
        }

        foreach (SettingsItem item in hooks?.Items ?? [])
        {
            if (!item.Value.IsArray)
            {
                return (tree.Start(item.Value), $"\"hooks\".\"{item.Name}\" must be an array; make it [ ] or remove it");
            }
        }

        return null;
    }

    /// <summary>
    /// All handlers of Gate for an agent, whatever path they name: a program called gate, run with <c>hook AGENT</c>;
    /// or the very path <paramref name="command"/>.
    /// </summary>
    public static List<GateHandler> Find(SettingsTree tree, string agent, string? command)
    {
        List<GateHandler> found = [];
        foreach (SettingsItem member in tree.Root?.Get("hooks")?.Items ?? [])
        {
            foreach (SettingsItem entry in member.Value.Items)
            {
                SettingsNode? handlers = entry.Value.Get("hooks");
                foreach (SettingsItem handler in handlers is { IsArray: true } ? handlers.Items : [])
                {
                    if (IsGate(tree, handler.Value, agent, command))
                    {
                        found.Add(new GateHandler(member.Name, entry.Value, handler.Value));
                    }
                }
            }
        }

        return found;
    }

    /// <summary>The matcher of the entry lets through what the wanted one does: all spellings of "everything" are one.</summary>
    public static bool MatcherFits(SettingsTree tree, SettingsNode entry, HookEvent wanted)
    {
        SettingsNode? node = entry.Get("matcher");
        string? matcher = tree.Text(node);
        if (node is not null && matcher is null)
        {
            return false;
        }

        return string.Equals(Plain(matcher), Plain(wanted.Matcher), StringComparison.Ordinal);

        static string Plain(string? text) => text is null or "*" ? "" : text;
    }

    /// <summary>The handler says exactly what is wanted: another key (a filter, async) could switch it off in part.</summary>
    public static bool IsRight(SettingsTree tree, SettingsNode handler, HookWiring wiring, HookEvent wanted)
    {
        int keys = 4 + (wanted.Block ? 1 : 0) + (wanted.StatusMessage is null ? 0 : 1);
        return handler.Items.Count == keys
            && tree.Text(handler.Get("type")) == "command"
            && tree.Text(handler.Get("command")) == wiring.Command
            && SameTexts(tree, handler.Get("args"), wiring.Args())
            && tree.Number(handler.Get("timeout")) == wanted.Timeout
            && (!wanted.Block || tree.Text(handler.Get("onFailure")) == "block")
            && (wanted.StatusMessage is null || tree.Text(handler.Get("statusMessage")) == wanted.StatusMessage);
    }

    /// <summary>What would make the agent ignore these settings, or Gate in them.</summary>
    public static void Warn(SettingsTree tree, Action<int, string> warn)
    {
        if (tree.FirstComment >= 0)
        {
            warn(tree.FirstComment, "Claude Code reads strict JSON and ignores a settings file with comments; remove them, or Gate is off");
        }

        if (tree.FirstTrailingComma >= 0)
        {
            warn(tree.FirstTrailingComma, "Claude Code reads strict JSON and ignores a settings file with a comma before } or ]; remove it, or Gate is off");
        }

        SettingsNode? off = tree.Root?.Get("disableAllHooks");
        if (off?.Kind == TokenKind.True)
        {
            warn(tree.Start(off), "\"disableAllHooks\": true switches every hook off, Gate too; remove it");
        }

        foreach (SettingsItem entry in tree.Root?.Get("hooks")?.Get("PreToolUse")?.Items ?? [])
        {
            if (Malformed(tree, entry.Value) is (SettingsNode node, string message))
            {
                warn(tree.Start(node), message + "; Claude Code ignores the whole file for one such PreToolUse entry: mend or remove it, or Gate is off");
            }
        }
    }

    private static bool IsGate(SettingsTree tree, SettingsNode handler, string agent, string? command)
    {
        SettingsNode? args = handler.Get("args");
        string? path = tree.Text(handler.Get("command"));
        if (path is null || tree.Text(handler.Get("type")) != "command" || args is not { IsArray: true, Items.Count: >= 2 })
        {
            return false;
        }

        bool named = path[(path.LastIndexOf('/') + 1)..] == "gate" || path == command;
        return named && tree.Text(args.Items[0].Value) == "hook" && tree.Text(args.Items[1].Value) == agent;
    }

    private static bool SameTexts(SettingsTree tree, SettingsNode? array, string[] texts)
    {
        bool same = array is { IsArray: true } && array.Items.Count == texts.Length;
        for (int i = 0; same && i < texts.Length; i++)
        {
            same = tree.Text(array!.Items[i].Value) == texts[i];
        }

        return same;
    }

    private static (SettingsNode Node, string Message)? Malformed(SettingsTree tree, SettingsNode entry)
    {
        SettingsNode? handlers = entry.Get("hooks");
        if (handlers is not { IsArray: true })
        {
            return (entry, "this entry has no \"hooks\" array");
        }

        SettingsNode? matcher = entry.Get("matcher");
        if (matcher is not null && tree.Text(matcher) is null)
        {
            return (matcher, "this \"matcher\" is not a text");
        }

        foreach (SettingsItem item in handlers.Items)
        {
            string? type = tree.Text(item.Value.Get("type"));
            string? needs = type switch
            {
                "command" => "command", "http" => "url", "mcp_tool" => "tool", "prompt" or "agent" => "prompt", _ => null,
            };
            if (needs is null)
            {
                return (item.Value, "this handler has no known \"type\"");
            }

            if (tree.Text(item.Value.Get(needs)) is null)
            {
                return (item.Value, $"this handler has no \"{needs}\"");
            }

            SettingsNode? timeout = item.Value.Get("timeout");
            if (timeout is not null && tree.Number(timeout) is not > 0)
            {
                return (timeout, "this \"timeout\" is not a number above zero");
            }
        }

        return null;
    }
}
