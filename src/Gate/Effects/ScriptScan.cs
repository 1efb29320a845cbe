using System;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>Small languages inside options: what of awk, sed and vim leaves the text they work on.</summary>
internal static class ScriptScan
{
    /// <summary>awk: system(), pipes into and out of commands, files written.</summary>
    public static void Awk(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        int i = 0, depth = 0;
        byte[]? lastString = null;
        bool printing = false;
        while (i < text.Length)
        {
            byte c = text[i];
            if (c == '#')
            {
                int end = text.AsSpan(i).IndexOf((byte)'\n');
                i = end < 0 ? text.Length : i + end;
            }
            else if (c == '"')
            {
                int start = ++i;
                while (i < text.Length && text[i] != '"')
                    i += text[i] == '\\' ? 2 : 1;
                lastString = text[start..Math.Min(i, text.Length)];
                i++;
            }
            else if (c == '/' && StartsRegex(text, i))
            {
                for (i++; i < text.Length && text[i] != '/' && text[i] != '\n'; i++)
                    i += text[i] == '\\' ? 1 : 0;
                i++;
            }
            else if (char.IsAsciiLetter((char)c))
            {
                int start = i;
                while (i < text.Length && (char.IsAsciiLetterOrDigit((char)text[i]) || text[i] == '_'))
                    i++;
                ReadOnlySpan<byte> word = text.AsSpan(start, i - start);
                printing |= word.SequenceEqual("print"u8) || word.SequenceEqual("printf"u8);
                if (word.SequenceEqual("system"u8))
                {
                    byte[]? command = LiteralAfter(text, i);
                    if (command is null)
                        runner.NoteOpaque("awk runs a command that is not known", frame, span, program);
                    else
                        runner.RunShell(command, frame, span, program, state);
                }
                else if (word.SequenceEqual("getline"u8) && start > 0 && text.AsSpan(0, start).TrimEnd(" \t"u8) is { Length: > 0 } before && before[^1] == '|')
                {
                    if (lastString is null)
                        runner.NoteOpaque("awk runs a command that is not known", frame, span, program);
                    else
                        runner.RunShell(lastString, frame, span, program, state);
                }
            }
            else if (printing && depth == 0 && c == '>' )
            {
                i += i + 1 < text.Length && text[i + 1] == '>' ? 2 : 1;
                byte[]? file = LiteralAt(text, i);
                if (file is not null)
                    runner.NotePath(Verb.Write, file, Attributes.None, frame, span, program, state, lastString is null ? null : Shell.AnsiQuote.Decode(lastString));
                else if (i < text.Length && !IsComparison(text, i))
                    runner.NotePath(Verb.Write, null, Attributes.None, frame, span, program, state);
            }
            else if (printing && c == '|' && !(i + 1 < text.Length && text[i + 1] == '|') && !(i > 0 && text[i - 1] == '|'))
            {
                i += i + 1 < text.Length && text[i + 1] == '&' ? 2 : 1;
                if (LiteralAt(text, i) is { } command)
                    runner.RunShell(command, frame, span, program, state, lastString);
                else
                    runner.NoteOpaque("awk pipes into a command that is not known", frame, span, program);
            }
            else
            {
                depth += c is (byte)'(' ? 1 : c is (byte)')' ? -1 : 0;
                if (c is (byte)';' or (byte)'\n' or (byte)'}' or (byte)'{')
                    (printing, depth) = (false, 0);
                i++;
            }
        }
    }

    private static bool IsComparison(byte[] text, int i) => text[i] == '=' || char.IsAsciiDigit((char)text[i]);

    private static bool StartsRegex(byte[] text, int i)
    {
        ReadOnlySpan<byte> before = text.AsSpan(0, i).TrimEnd(" \t"u8);
        return before.Length == 0 || "(,~!{;&|\n}"u8.IndexOf(before[^1]) >= 0;
    }

    private static byte[]? LiteralAt(byte[] text, int i)
    {
        while (i < text.Length && text[i] is (byte)' ' or (byte)'\t')
            i++;
        if (i >= text.Length || text[i] != '"')
            return null;
        int end = text.AsSpan(i + 1).IndexOf((byte)'"');
        return end < 0 ? null : text[(i + 1)..(i + 1 + end)];
    }

    // The only argument of a call, when it is one literal string.
    private static byte[]? LiteralAfter(byte[] text, int i)
    {
        while (i < text.Length && text[i] is (byte)' ' or (byte)'(')
            i++;
        if (LiteralAt(text, i) is not { } literal)
            return null;
        int after = i + literal.Length + 2;
        while (after < text.Length && text[after] == ' ')
            after++;
        return after < text.Length && text[after] == ')' ? literal : null;
    }

    /// <summary>sed: <c>e</c> runs, <c>w</c> and <c>W</c> write, <c>r</c> and <c>R</c> read; the same as flags of <c>s///</c>.</summary>
    public static void Sed(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        int i = 0;
        while (i < text.Length)
        {
            SkipAddress(text, ref i);
            if (i >= text.Length)
                break;
            byte command = text[i++];
            switch (command)
            {
                case (byte)'s':
                    Substitute(text, ref i, runner, frame, span, program, state);
                    break;
                case (byte)'y':
                    if (i < text.Length)
                    {
                        byte delimiter = text[i++];
                        SkipTo(text, ref i, delimiter);
                        SkipTo(text, ref i, delimiter);
                    }

                    break;
                case (byte)'e':
                    ReadOnlySpan<byte> line = Line(text, ref i);
                    if (line.Length == 0)
                        runner.NoteOpaque("sed runs its text as a command", frame, span, program);
                    else
                        runner.RunShell(line, frame, span, program, state);
                    break;
                case (byte)'w' or (byte)'W':
                    runner.NotePath(Verb.Write, Line(text, ref i).ToArray(), Attributes.None, frame, span, program, state);
                    break;
                case (byte)'r' or (byte)'R':
                    runner.NotePath(Verb.Read, Line(text, ref i).ToArray(), Attributes.None, frame, span, program, state);
                    break;
                case (byte)'a' or (byte)'i' or (byte)'c' or (byte)':' or (byte)'b' or (byte)'t' or (byte)'T' or (byte)'#':
                    if (command is (byte)'b' or (byte)'t' or (byte)'T')
                        SkipLabel(text, ref i);
                    else
                        _ = Line(text, ref i);
                    break;
            }
        }
    }

    private static void SkipLabel(byte[] text, ref int i)
    {
        while (i < text.Length && text[i] is not ((byte)';' or (byte)'\n' or (byte)'}'))
            i++;
    }

    private static void SkipAddress(byte[] text, ref int i)
    {
        while (i < text.Length)
        {
            byte c = text[i];
            if (c == '/' || (c == '\\' && i + 1 < text.Length))
            {
                byte delimiter = c == '/' ? c : text[i + 1];
                i += c == '/' ? 1 : 2;
                SkipTo(text, ref i, delimiter);
            }
            else if (char.IsAsciiDigit((char)c) || c is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)';' or (byte)',' or (byte)'$' or (byte)'~' or (byte)'+' or (byte)'!' or (byte)'{' or (byte)'}' or (byte)'I' or (byte)'M')
            {
                i++;
            }
            else
            {
                break;
            }
        }
    }

    private static void SkipTo(byte[] text, ref int i, byte delimiter)
    {
        bool bracket = false;
        while (i < text.Length && (text[i] != delimiter || bracket))
        {
            bracket = text[i] == '[' || (bracket && text[i] != ']');
            i += text[i] == '\\' && !bracket ? 2 : 1;
        }

        i++;
    }

    private static void Substitute(byte[] text, ref int i, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        if (i >= text.Length)
            return;
        byte delimiter = text[i++];
        SkipTo(text, ref i, delimiter);
        int start = i;
        SkipPlain(text, ref i, delimiter);
        byte[] replacement = text[Math.Min(start, text.Length)..Math.Min(Math.Max(start, i - 1), text.Length)];
        for (; i < text.Length; i++)
        {
            byte flag = text[i];
            if (flag == 'e')
            {
                // The whole line is run; where the pattern is replaced by a plain text that text is what one can see of it.
                runner.NoteOpaque("sed runs what it replaced as a command: " + System.Text.Encoding.UTF8.GetString(replacement), frame, span, program, Attributes.Decoded);
            }
            else if (flag is (byte)'w')
            {
                i++;
                runner.NotePath(Verb.Write, Line(text, ref i).ToArray(), Attributes.None, frame, span, program, state);
                return;
            }
            else if (!char.IsAsciiLetterOrDigit((char)flag))
            {
                return;
            }
        }
    }

    private static void SkipPlain(byte[] text, ref int i, byte delimiter)
    {
        while (i < text.Length && text[i] != delimiter)
            i += text[i] == '\\' ? 2 : 1;
        i++;
    }

    private static ReadOnlySpan<byte> Line(byte[] text, ref int i)
    {
        int start = Math.Min(i, text.Length), end = text.AsSpan(start).IndexOf((byte)'\n');
        i = end < 0 ? text.Length : start + end + 1;
        return text.AsSpan(start, (end < 0 ? text.Length : start + end) - start).Trim(" \t"u8);
    }

    /// <summary>make: recipe lines (after a tab, or after ';' behind a target) are shell lines; <c>$(shell …)</c> too.</summary>
    public static void Make(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        ReadOnlySpan<byte> rest = text;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            int shell = line.IndexOf("$(shell "u8), colon = line.IndexOf((byte)':'), semicolon = line.IndexOf((byte)';');
            if (line.Length > 0 && line[0] == '\t')
                runner.RunShell(line.TrimStart("\t @-+"u8), frame, span, program, state);
            else if (colon > 0 && semicolon > colon)
                runner.RunShell(line[(semicolon + 1)..].TrimStart(" @-+"u8), frame, span, program, state);
            if (shell >= 0)
                runner.RunShell(line[(shell + 8)..].TrimEnd(" )"u8), frame, span, program, state);
        }
    }

    /// <summary>vim commands: <c>!cmd</c>, <c>:!</c>, <c>r !</c>, system(); others stay in the editor.</summary>
    public static void Vim(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        int bang = text.AsSpan().IndexOf((byte)'!');
        bool quit = bang > 0 && text.AsSpan(0, bang).TrimStart(":"u8) is { } before && (before.SequenceEqual("q"u8) || before.SequenceEqual("wq"u8) || before.SequenceEqual("qa"u8) || before.SequenceEqual("w"u8) || before.SequenceEqual("x"u8) || before.SequenceEqual("e"u8) || before.SequenceEqual("wqa"u8));
        if (bang >= 0 && !quit)
            runner.NoteEscape(frame, span, program);
        if (bang >= 0 && !quit)
            runner.RunShell(text.AsSpan(bang + 1), frame, span, program, state);
        else if (text.AsSpan().IndexOf("system("u8) >= 0 || text.AsSpan().IndexOf("py"u8) == 0 || text.AsSpan().IndexOf("lua"u8) == 0 || text.AsSpan().IndexOf("term"u8) >= 0)
            runner.NoteOpaque("the editor is told to run code", frame, span, program);
    }
}
