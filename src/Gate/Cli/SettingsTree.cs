using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Gate.Cli;

/// <summary>A member of an object or an element of an array: from its first token (the key of a member) to its last.</summary>
internal readonly record struct SettingsItem(string Name, int First, SettingsNode Value);

/// <summary>A JSON value and the tokens it spans.</summary>
internal sealed class SettingsNode
{
    public required TokenKind Kind { get; init; }

    public required int First { get; init; }

    public int Last { get; set; }

    public List<SettingsItem> Items { get; } = [];

    public bool IsObject => Kind == TokenKind.OpenObject;

    public bool IsArray => Kind == TokenKind.OpenArray;

    public SettingsNode? Get(string name)
    {
        foreach (SettingsItem item in Items)
        {
            if (IsObject && string.Equals(item.Name, name, StringComparison.Ordinal))
            {
                return item.Value;
            }
        }

        return null;
    }
}

/// <summary>
/// The tree of a settings text. Tolerates comments and trailing commas, remembers where the first of them is, and keeps
/// every position, so that edits can be splices.
/// </summary>
internal sealed class SettingsTree
{
    /// <summary>Deeper nesting than this is refused; real settings stay below ten.</summary>
    public const int MaxDepth = 100;

    private int _at;
    private int _depth;

    private SettingsTree(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    public List<Token> Tokens { get; private set; } = [];

    /// <summary>The document's value; null when the text holds none (empty, white space, comments) or is malformed.</summary>
    public SettingsNode? Root { get; private set; }

    public (int Offset, string Message)? Error { get; private set; }

    /// <summary>Offset of the first comment, or -1.</summary>
    public int FirstComment { get; private set; } = -1;

    /// <summary>Offset of the first trailing comma, or -1.</summary>
    public int FirstTrailingComma { get; private set; } = -1;

    public static SettingsTree Read(byte[] bytes)
    {
        SettingsTree tree = new(bytes);
        SettingsTokens tokens = new(bytes);
        tree.Tokens = tokens.Read();
        tree.Error = tokens.Error;
        if (tree.Error is null)
        {
            tree.Parse();
        }

        return tree;
    }

    public int Start(int token) => Tokens[token].Start;

    public int End(int token) => Tokens[token].End;

    public int Start(SettingsNode node) => Start(node.First);

    public int End(SettingsNode node) => End(node.Last);

    /// <summary>The text of a string value; null when the node is absent or something else.</summary>
    public string? Text(SettingsNode? node) => node?.Kind == TokenKind.String ? Decode(Tokens[node.First]) : null;

    /// <summary>The value of a number; null when the node is absent or something else.</summary>
    public double? Number(SettingsNode? node) =>
        node?.Kind == TokenKind.Number
        && double.TryParse(Bytes.AsSpan(Start(node), End(node) - Start(node)), CultureInfo.InvariantCulture, out double value)
            ? value : null;

    private void Parse()
    {
        if (Peek() == TokenKind.End)
        {
            return;
        }

        SettingsNode? root = Value();
        if (root is not null && Peek() != TokenKind.End)
        {
            Fail("more text after the end of the document; keep one { } in the file");
        }

        Root = Error is null ? root : null;
    }

    private TokenKind Peek()
    {
        for (; Tokens[_at].IsComment; _at++)
        {
            FirstComment = FirstComment < 0 ? Start(_at) : FirstComment;
        }

        return Tokens[_at].Kind;
    }

    private SettingsNode? Fail(string message)
    {
        Error ??= (Start(_at), message);
        return null;
    }

    private SettingsNode? Value()
    {
        TokenKind kind = Peek();
        SettingsNode node = new() { Kind = kind, First = _at, Last = _at };
        if (kind is TokenKind.OpenObject or TokenKind.OpenArray)
        {
            return Container(node);
        }

        if (kind is not (TokenKind.String or TokenKind.Number or TokenKind.True or TokenKind.False or TokenKind.Null))
        {
            return Fail(kind == TokenKind.End ? "the text ends in the middle; close every { and [" : "a value is missing here");
        }

        _at++;
        return node;
    }

    private SettingsNode? Container(SettingsNode node)
    {
        if (++_depth > MaxDepth)
        {
            return Fail($"nested more than {MaxDepth} deep; Gate does not edit such a file");
        }

        TokenKind close = node.IsObject ? TokenKind.CloseObject : TokenKind.CloseArray;
        HashSet<string> names = [];
        _at++;
        while (Peek() != close)
        {
            int first = _at;
            string? name = node.IsObject ? Key(names) : "";
            SettingsNode? value = name is null ? null : Value();
            if (value is null)
            {
                return null;
            }

            node.Items.Add(new SettingsItem(name!, first, value));
            if (Peek() == TokenKind.Comma)
            {
                int comma = Start(_at++);
                FirstTrailingComma = Peek() == close && FirstTrailingComma < 0 ? comma : FirstTrailingComma;
            }
            else if (Peek() != close)
            {
                return Fail(Peek() == TokenKind.End ? "the text ends in the middle; close every { and [" : "a comma is missing before this");
            }
        }

        _depth--;
        node.Last = _at++;
        return node;
    }

    private string? Key(HashSet<string> names)
    {
        if (Peek() != TokenKind.String)
        {
            Fail(Peek() == TokenKind.End ? "the text ends in the middle; close every { and [" : "a name in double quotes is missing here");
            return null;
        }

        string name = Decode(Tokens[_at]);
        if (!names.Add(name))
        {
            Fail($"\"{name}\" stands twice in the same object; keep one of the two");
            return null;
        }

        _at++;
        if (Peek() != TokenKind.Colon)
        {
            Fail("a colon is missing before this");
            return null;
        }

        _at++;
        return name;
    }

    private string Decode(Token token)
    {
        ReadOnlySpan<byte> text = Bytes.AsSpan(token.Start + 1, token.End - token.Start - 2);
        StringBuilder result = new();
        for (int i = 0; i < text.Length;)
        {
            int plain = text[i..].IndexOf((byte)'\\');
            int end = plain < 0 ? text.Length : i + plain;
            result.Append(Encoding.UTF8.GetString(text[i..end]));
            if (end == text.Length)
            {
                break;
            }

            byte escape = text[end + 1];
            result.Append(escape switch
            {
                (byte)'b' => '\b', (byte)'f' => '\f', (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t',
                (byte)'u' => (char)ushort.Parse(text.Slice(end + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                _ => (char)escape,
            });
            i = end + (escape == 'u' ? 6 : 2);
        }

        return result.ToString();
    }
}
