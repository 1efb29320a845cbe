using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>Small languages inside options: what of awk, sed and make leaves the text they work on.</summary>
internal static class ScriptScan
{
    /// <summary>awk: system(), pipes into and out of commands, files written.</summary>
    public static void Awk(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        int i = 0, depth = 0;
        byte[]? lastString = null;
        bool printing = false, network = text.AsSpan().IndexOf("/inet"u8) >= 0;
        Dictionary<string, byte[]> names = [];
        foreach ((byte[] name, byte[] value) in runner.Given)
            names[System.Text.Encoding.ASCII.GetString(name)] = value;
        byte[]? Value(int at) => Joined(text, at, names, runner, state, out _);
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
                int equals = i;
                while (equals < text.Length && text[equals] == ' ')
                    equals++;
                if (equals + 1 < text.Length && text[equals] == '=' && text[equals + 1] != '=' && Value(equals + 1) is { } value)
                    names[System.Text.Encoding.ASCII.GetString(word)] = value;
                if (names.TryGetValue(System.Text.Encoding.ASCII.GetString(word), out byte[]? known))
                    lastString = known;
                printing |= word.SequenceEqual("print"u8) || word.SequenceEqual("printf"u8);
                if (word.SequenceEqual("system"u8))
                {
                    byte[]? command = Value(i);
                    if (command is null)
                        runner.NoteOpaque("awk runs a command that is not known", frame, span, program);
                    else
                        runner.RunShell(command, frame, span, program, state);
                }
                else if (word.SequenceEqual("getline"u8) && start > 0 && text.AsSpan(0, start).TrimEnd(" \t"u8) is { Length: > 0 } before && before[^1] == '|')
                {
                    if (lastString is null || network)
                        Unknown(network, "awk runs a command that is not known", runner, frame, span, program);
                    else
                        runner.RunShell(CodeText(lastString), frame, span, program, state);
                }
            }
            else if (printing && depth == 0 && c == '>' )
            {
                i += i + 1 < text.Length && text[i + 1] == '>' ? 2 : 1;
                byte[]? file = LiteralAt(text, i) ?? (i < text.Length && !IsComparison(text, i) ? Value(i) : null);
                if (file is not null)
                    runner.NotePath(Verb.Write, file, Attributes.None, frame, span, program, state, content: lastString is null ? null : Shell.AnsiQuote.Decode(lastString));
                else if (i < text.Length && !IsComparison(text, i))
                    runner.NotePath(Verb.Write, null, Attributes.None, frame, span, program, state);
            }
            else if (printing && c == '|' && !(i + 1 < text.Length && text[i + 1] == '|') && !(i > 0 && text[i - 1] == '|'))
            {
                i += i + 1 < text.Length && text[i + 1] == '&' ? 2 : 1;
                if (Value(i) is { } command && !network)
                    runner.RunShell(command, frame, span, program, state, lastString);
                else
                    Unknown(network, "awk pipes into a command that is not known", runner, frame, span, program);
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

    // With a connection open, a command that is not known is the other side's.
    private static void Unknown(bool network, string why, Runner runner, Frame frame, Span span, byte[] program)
    {
        if (network)
            runner.NoteScanned(new Effect { Verb = Verb.Send, Kind = Kind.Host, Attributes = Attributes.Executable, Program = program }, frame, span);
        else
            runner.NoteOpaque(why, frame, span, program);
    }

    // "a" b "c": texts and variables side by side, up to the end of the expression; null where one is not known.
    private static byte[]? Joined(byte[] text, int i, Dictionary<string, byte[]> names, Runner runner, ShellState state, out int end)
    {
        byte[]? all = null;
        bool parenthesis = false;
        for (end = i; end < text.Length;)
        {
            // Longer texts are not put together: what doubles in each round would have no end.
            if (all?.Length > Filters.MaximumText)
                return null;
            byte c = text[end];
            if (c is (byte)' ' or (byte)'\t')
            {
                end++;
            }
            else if (c == '(' && all is null)
            {
                parenthesis = true;
                end++;
            }
            else if (c == '"')
            {
                int start = ++end;
                while (end < text.Length && text[end] != '"')
                    end += text[end] == '\\' ? 2 : 1;
                all = [.. all ?? [], .. CodeText(text.AsSpan(start, Math.Max(0, Math.Min(end, text.Length) - start)))];
                end++;
            }
            else if (char.IsAsciiLetter((char)c) || c == '_')
            {
                int start = end;
                while (end < text.Length && (char.IsAsciiLetterOrDigit((char)text[end]) || text[end] == '_'))
                    end++;
                byte[]? value = text.AsSpan(start, end - start).SequenceEqual("ENVIRON"u8) ? FromEnvironment(text, ref end, runner, state) : null;
                if (value is null && !names.TryGetValue(System.Text.Encoding.ASCII.GetString(text, start, end - start), out value))
                    return null;
                all = [.. all ?? [], .. value];
            }
            else
            {
                return c is (byte)')' or (byte)';' or (byte)'}' or (byte)'\n' or (byte)'|' or (byte)',' or (byte)'>' && (c != ')' || parenthesis || all is not null) ? all : null;
            }
        }

        return all;
    }

    // ENVIRON["NAME"]
    private static byte[]? FromEnvironment(byte[] text, ref int end, Runner runner, ShellState state)
    {
        int close = text.AsSpan(end).IndexOf((byte)']');
        if (close < 4 || text[end] != '[' || text[end + 1] != '"' || text[end + close - 1] != '"')
            return null;
        byte[]? value = runner.InEnvironment(text.AsSpan(end + 2, close - 3), state);
        end += close + 1;
        return value;
    }

    private static byte[] CodeText(ReadOnlySpan<byte> body)
    {
        byte[] source = body.ToArray();
        ByteBuilder all = new(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] == '\\' && i + 1 < source.Length)
                i = CodeEscape.Decode(source, i + 1, source.Length, false, all);
            else
                _ = all.Add(source[i]);
        }

        return all.ToArray();
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
}
