using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Texts of lines that hold commands: tables of scheduled jobs, scripts of file transfer programs, code of languages that no table knows,
// and the words of programs that nothing is known of.
internal sealed partial class Runner
{
    private const int MaximumLines = 200;

    // crontab: five fields or @word, then a shell line whose first % begins its input.
    private Flow RunTable(Flow table, ShellState state, Frame frame, Span span, byte[] wrapper)
    {
        ReadOnlySpan<byte> rest = table.Text;
        for (int count = 0; rest.Length > 0 && count < MaximumLines; count++)
        {
            ReadOnlySpan<byte> line = NextLine(ref rest, (byte)'\n').Trim(" \t\r\0"u8);
            if (line.Length == 0 || line[0] == '#')
                continue;
            int equals = line.IndexOf((byte)'=');
            if (equals > 0 && IsName(line[..equals].TrimEnd((byte)' ')))
                continue;
            for (int fields = line[0] == '@' ? 1 : line[0] is (byte)'*' or (>= (byte)'0' and <= (byte)'9') ? 5 : 0; fields > 0 && line.Length > 0; fields--)
            {
                int blank = line.IndexOfAny(" \t"u8);
                line = blank < 0 ? default : line[blank..].TrimStart(" \t"u8);
            }

            if (line.Length > 0)
                _ = RunCode(Language.Shell, new Flow(line.ToArray(), table.Taint), state.Child(null, []), frame, span, wrapper, Flow.Nothing);
        }

        return Flow.Unknown(table.Taint);
    }

    // sftp, ftp, lftp, smbclient, mail, debuggers: a shell line behind '!' or a word for it; files that are sent.
    private Flow RunBatch(Flow script, ShellState state, Frame frame, Span span, byte[] wrapper)
    {
        ReadOnlySpan<byte> rest = script.Text;
        Taint taint = script.Taint;
        for (int count = 0; rest.Length > 0 && count < MaximumLines; count++)
        {
            ReadOnlySpan<byte> line = NextLine(ref rest, (byte)'\n').Trim(" \t\r-@"u8);
            int mark = line.Length > 0 && line[0] == '~' ? 1 : 0;
            if (line.Length > mark && line[mark] == '!')
            {
                _ = RunCode(Language.Shell, new Flow(line[(mark + 1)..].ToArray(), script.Taint), state.Child(null, []), frame, span, wrapper, Flow.Unknown());
                continue;
            }

            if (mark == 1 && line.Length > 2 && line[1] is (byte)'r' or (byte)'|')
            {
                Value attached = Value.Of(line[2..].Trim((byte)' '));
                taint |= ContentOf(attached, AddPath(Verb.Read, attached, frame, span, state, Attributes.None, wrapper), state).Taint;
                continue;
            }

            // Several commands may stand in a line.
            while (line.Length > 0)
            {
                ReadOnlySpan<byte> command = NextLine(ref line, (byte)';').Trim(" \t"u8);
                taint |= BatchCommand(command, state, frame, span, wrapper, script.Taint);
            }
        }

        return Flow.Unknown(taint);
    }

    private Taint BatchCommand(ReadOnlySpan<byte> command, ShellState state, Frame frame, Span span, byte[] wrapper, Taint taint)
    {
        int blank = command.IndexOf((byte)' ');
        if (blank <= 0)
            return Taint.None;
        ReadOnlySpan<byte> word = command[..blank], arguments = command[(blank + 1)..].Trim((byte)' ');
        if (word[0] == '!' || word.SequenceEqual("shell"u8) || word.SequenceEqual("system"u8) || word.SequenceEqual("local"u8))
        {
            _ = RunCode(Language.Shell, new Flow((word[0] == '!' ? command[1..] : arguments).ToArray(), taint), state.Child(null, []), frame, span, wrapper, Flow.Unknown());
            return Taint.None;
        }

        if (word.SequenceEqual("platform"u8))
            return BatchCommand(arguments, state, frame, span, wrapper, taint);
        bool sends = word.SequenceEqual("put"u8) || word.SequenceEqual("mput"u8) || word.SequenceEqual("send"u8) || word.SequenceEqual("reput"u8) || word.SequenceEqual("append"u8)
            || (word.SequenceEqual("mirror"u8) && (arguments.StartsWith("-R"u8) || arguments.StartsWith("--reverse"u8)));
        Taint found = Taint.None;
        for (int count = 0; sends && arguments.Length > 0 && count < 16; count++)
        {
            ReadOnlySpan<byte> name = NextLine(ref arguments, (byte)' ').Trim("'\""u8);
            if (name.Length == 0 || name[0] == '-')
                continue;
            ReadOnlySpan<byte> home = surroundings.Home;
            byte[] path = name is [(byte)'~', (byte)'/', ..] && home.Length > 0 ? [.. home, .. name[1..]] : name.ToArray();
            Value file = new(path) { Pattern = name.IndexOfAny("*?["u8) >= 0 };
            found |= ContentOf(file, AddPath(Verb.Read, file, frame, span, state, Attributes.None, wrapper), state).Taint;
        }

        return found;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest, byte end)
    {
        int at = rest.IndexOf(end);
        ReadOnlySpan<byte> line = at < 0 ? rest : rest[..at];
        rest = at < 0 ? default : rest[(at + 1)..];
        return line;
    }

    // Code in a language without a whole table stays opaque; but a text in quotes that reads as a command, or what follows spawn, exec or shell, is most
    // likely run as one. What a call was already seen to run is not looked at again.
    internal void RunQuoted(byte[] code, ShellState state, Frame frame, Span span, byte[] wrapper, List<byte[]>? judged = null)
    {
        int found = 0;
        if (ReadsAsCommand(code))
            _ = RunCode(Language.Shell, new Flow(code, Taint.None), state.Child(null, []), frame, span, wrapper, Flow.Unknown());
        for (int i = 0; i < code.Length && found < 16; i++)
        {
            byte b = code[i];
            if (b is (byte)'"' or (byte)'\'' or (byte)'`')
            {
                ByteBuilder text = new(64);
                int at = i + 1;
                for (; at < code.Length && code[at] != b; at++)
                {
                    if (code[at] == '\\' && at + 1 < code.Length)
                        at++;
                    text.Add(code[at]);
                }

                if (at >= code.Length)
                    continue;
                if (text.Length > 3 && ReadsAsCommand(text.Written) && !IsAmong(text.Written, judged))
                {
                    _ = RunCode(Language.Shell, new Flow(text.ToArray(), Taint.None), state.Child(null, []), frame, span, wrapper, Flow.Unknown());
                    found++;
                }

                i = at;
                continue;
            }

            bool starts = i == 0 || code[i - 1] is (byte)' ' or (byte)'\n' or (byte)'[' or (byte)'{' or (byte)';' or (byte)':' or (byte)',' or (byte)'\t';
            if (!starts || b is not ((byte)'s' or (byte)'e' or (byte)'b' or (byte)'r'))
                continue;
            ReadOnlySpan<byte> rest = code.AsSpan(i);
            int word = rest.IndexOfAny(" ("u8);
            if (word is < 4 or > 15 || !IsRunWord(rest[..word]))
                continue;
            ReadOnlySpan<byte> line = rest[(word + 1)..];
            int end = line.IndexOfAny("\n;"u8);
            line = (end < 0 ? line : line[..end]).TrimEnd(" )]"u8);
            line = TclQuoted(line.IndexOf((byte)'{') < 0 ? line.TrimEnd(" )]}"u8) : line);
            if (!ReadsAsCommand(line) || line.StartsWith("script "u8) || IsAmong(line, judged))
                continue;
            _ = RunCode(Language.Shell, new Flow(line.ToArray(), Taint.None), state.Child(null, []), frame, span, wrapper, Flow.Unknown());
            found++;
            i += word + line.Length;
        }
    }

    // spawn sh -c {rm -rf x}: braces quote. What has quotes of the shell's as well is left as it is.
    private static ReadOnlySpan<byte> TclQuoted(ReadOnlySpan<byte> line)
    {
        int open = line.IndexOf(" {"u8), close = line.LastIndexOf((byte)'}');
        if (open < 0 || close < open || line.IndexOf((byte)'\'') >= 0)
            return line;
        byte[] quoted = line.ToArray();
        (quoted[open + 1], quoted[close]) = ((byte)'\'', (byte)'\'');
        return quoted.AsSpan(0, close + 1);
    }

    private static bool IsAmong(ReadOnlySpan<byte> text, List<byte[]>? judged)
    {
        for (int i = 0; judged is not null && i < judged.Count; i++)
        {
            if (text.SequenceEqual(judged[i]))
                return true;
        }

        return false;
    }

    private static bool IsRunWord(ReadOnlySpan<byte> word) => word.SequenceEqual("spawn"u8) || word.SequenceEqual("exec"u8) || word.SequenceEqual("system"u8) || word.SequenceEqual("shell"u8) || word.SequenceEqual("become"u8)
        || word.SequenceEqual("execute"u8) || word.SequenceEqual("execute-silent"u8) || word.SequenceEqual("reload"u8);

    /// <summary>Whether something is known of a program of this name.</summary>
    internal bool Knows(byte[] program) => knowledge.Find(program) is not null;

    /// <summary>Begins with a known program, and what follows is more than a word of English.</summary>
    internal bool ReadsAsCommand(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny(" \t"u8);
        if (end <= 0)
            return false;
        ReadOnlySpan<byte> program = text[..end];
        program = program[(program.LastIndexOf((byte)'/') + 1)..];
        if (knowledge.Find(program) is not { } specification)
            return false;
        ReadOnlySpan<byte> rest = text[(end + 1)..];
        return specification.SubcommandCount > 0 || specification.InputRole == Role.Code || rest.IndexOfAny("-/~.=|>"u8) >= 0;
    }

    // A program that nothing is known of may be a wrapper: a known command among its words is judged beside it, so that a wrapper's name hides nothing.
    private void RunEmbedded(Call call, ReadOnlySpan<Value> arguments)
    {
        bool behindDashes = false;
        for (int i = 0; i < arguments.Length && i < 12; i++)
        {
            byte[] word = arguments[i].Text;
            if (!arguments[i].IsKnown || word.Length < 2 || (word[0] == '-' && word.AsSpan().IndexOf((byte)'=') < 0))
            {
                behindDashes = word.AsSpan().SequenceEqual("--"u8);
                continue;
            }

            // --wrap='rm -rf x' and a command in quotes, unless the word before says that it is a message.
            ReadOnlySpan<byte> text = word[0] == '-' ? word.AsSpan(word.AsSpan().IndexOf((byte)'=') + 1) : word;
            ReadOnlySpan<byte> before = word[0] == '-' ? word.AsSpan(0, word.Length - text.Length).TrimEnd((byte)'=') : i > 0 ? arguments[i - 1].Text : default;
            if (text.IndexOf((byte)' ') > 0)
            {
                if (ReadsAsCommand(text) && !IsMessageOption(before))
                    _ = RunCode(Language.Shell, new Flow(text.ToArray(), arguments[i].Taint), call.State.Child(null, []), call.Frame.Through(call.Program), call.Span, call.Program, Flow.Unknown());
                continue;
            }

            if (word[0] == '-' || knowledge.Find(word.AsSpan(word.AsSpan().LastIndexOf((byte)'/') + 1)) is not { } specification)
                continue;
            if (behindDashes || specification.SubcommandCount > 0 || specification.InputRole == Role.Code || HasArgumentShape(arguments[(i + 1)..]))
            {
                _ = Invoke(arguments[i..], call.State.Fork(), call.Frame.Through(call.Program), call.Input, call.Span, external: true);
                return;
            }
        }
    }

    private static bool HasArgumentShape(ReadOnlySpan<Value> words)
    {
        foreach (Value word in words)
        {
            if (word.Text.AsSpan().IndexOfAny("-/~="u8) >= 0)
                return true;
        }

        return false;
    }

    private static bool IsMessageOption(ReadOnlySpan<byte> word) => word.SequenceEqual("-m"u8) || word.SequenceEqual("--message"u8) || word.SequenceEqual("--body"u8) || word.SequenceEqual("--title"u8) || word.SequenceEqual("--description"u8)
        || word.SequenceEqual("--comment"u8) || word.SequenceEqual("--note"u8) || word.SequenceEqual("--notes"u8) || word.SequenceEqual("--text"u8) || word.SequenceEqual("--subject"u8) || word.SequenceEqual("--prompt"u8) || word.SequenceEqual("-p"u8);
}
