using System;
using System.Collections.Generic;
using System.Text;

namespace Gate.Cli;

/// <summary>How a settings text is laid out, and Gate's parts written in the same manner.</summary>
internal sealed class SettingsStyle
{
    private readonly byte[] _bytes;
    private readonly string _unit;
    private readonly string _space;

    public SettingsStyle(SettingsTree tree)
    {
        _bytes = tree.Bytes;
        int line = _bytes.AsSpan().IndexOf((byte)'\n');
        NewLine = line > 0 && _bytes[line - 1] == '\r' ? "\r\n" : "\n";
        SettingsNode? root = tree.Root;
        bool filled = root is { Items.Count: > 0 };
        OneLine = filled && !HasNewLine(tree.Start(root!), tree.End(root!));
        string unit = filled && HasNewLine(tree.Start(root!), tree.Start(root!.Items[0].First)) ? IndentAt(tree.Start(root.Items[0].First)) : "";
        string outer = filled ? IndentAt(tree.Start(root!)) : "";
        unit = unit.StartsWith(outer, StringComparison.Ordinal) ? unit[outer.Length..] : unit;
        _unit = unit.Length > 0 ? unit : "  ";
        int colon = tree.Tokens.FindIndex(static token => token.Kind == TokenKind.Colon);
        _space = !OneLine || (colon >= 0 && _bytes[tree.End(colon)] == ' ') ? " " : "";
    }

    /// <summary>The line end of the file: that of its first line.</summary>
    public string NewLine { get; }

    /// <summary>The whole document stands on one line.</summary>
    public bool OneLine { get; }

    /// <summary>What stands after a comma or a colon on the same line.</summary>
    public string Space => _space;

    public bool HasNewLine(int start, int end) => _bytes.AsSpan(start, end - start).Contains((byte)'\n');

    /// <summary>The white space that begins the line of an offset.</summary>
    public string IndentAt(int offset)
    {
        int start = _bytes.AsSpan(0, offset).LastIndexOf((byte)'\n') + 1;
        int end = start;
        while (end < offset && _bytes[end] is (byte)' ' or (byte)'\t')
        {
            end++;
        }

        return Encoding.UTF8.GetString(_bytes, start, end - start);
    }

    public string Deeper(string indent) => indent + _unit;

    /// <summary>The document of a file that has none yet.</summary>
    public string Document(HookWiring wiring) => Object("", lines: true, [("hooks", Hooks("  ", true, wiring))]) + NewLine;

    /// <summary>The value of <c>hooks</c>; with <paramref name="lines"/> over several lines, whose first begins with <paramref name="indent"/>.</summary>
    public string Hooks(string indent, bool lines, HookWiring wiring)
    {
        List<(string, string)> members = [];
        foreach (HookEvent wanted in wiring.Events)
        {
            members.Add((wanted.Event, Event(Deeper(indent), lines, wiring, wanted)));
        }

        return Object(indent, lines, members);
    }

    /// <summary>The array of one event with Gate's entry only.</summary>
    public string Event(string indent, bool lines, HookWiring wiring, HookEvent wanted) =>
        Array(indent, lines, Entry(Deeper(indent), lines, wiring, wanted));

    /// <summary>Gate's own entry in the array of an event.</summary>
    public string Entry(string indent, bool lines, HookWiring wiring, HookEvent wanted)
    {
        string inner = Deeper(indent);
        List<(string, string)> members = [];
        if (wanted.Matcher is not null)
        {
            members.Add(("matcher", Quote(wanted.Matcher)));
        }

        members.Add(("hooks", Array(inner, lines, Handler(Deeper(inner), lines, wiring, wanted))));
        return Object(indent, lines, members);
    }

    /// <summary>Gate's handler.</summary>
    public string Handler(string indent, bool lines, HookWiring wiring, HookEvent wanted)
    {
        List<(string, string)> members =
        [
            ("type", Quote("command")),
            ("command", Quote(wiring.Command)),
            ("args", Texts(wiring.Args())),
            ("timeout", wanted.Timeout.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ];
        if (wanted.Block)
        {
            members.Add(("onFailure", Quote("block")));
        }

        if (wanted.StatusMessage is not null)
        {
            members.Add(("statusMessage", Quote(wanted.StatusMessage)));
        }

        return Object(indent, lines, members);
    }

    public static string Quote(string text)
    {
        StringBuilder result = new("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
            {
                result.Append('\\').Append(c);
            }
            else if (c < 0x20)
            {
                result.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                result.Append(c);
            }
        }

        return result.Append('"').ToString();
    }

    private string Texts(string[] texts)
    {
        StringBuilder result = new("[");
        for (int i = 0; i < texts.Length; i++)
        {
            result.Append(i > 0 ? "," + _space : "").Append(Quote(texts[i]));
        }

        return result.Append(']').ToString();
    }

    private string Array(string indent, bool lines, string element) =>
        lines ? $"[{NewLine}{Deeper(indent)}{element}{NewLine}{indent}]" : $"[{element}]";

    private string Object(string indent, bool lines, List<(string Name, string Value)> members)
    {
        StringBuilder result = new("{");
        for (int i = 0; i < members.Count; i++)
        {
            result.Append(i == 0 ? "" : lines ? "," : "," + _space);
            result.Append(lines ? NewLine + Deeper(indent) : "");
            result.Append(Quote(members[i].Name)).Append(':').Append(_space).Append(members[i].Value);
        }

        return result.Append(lines ? NewLine + indent : "").Append('}').ToString();
    }
}
