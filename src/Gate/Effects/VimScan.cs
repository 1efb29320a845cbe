using System;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>Commands of editors and debuggers: what of them leaves the text or the program they work on.</summary>
internal static class VimScan
{
    /// <summary>Commands of editors and debuggers: <c>!cmd</c>, <c>:!</c>, <c>r !</c>, shell cmd, system("cmd"), code of Python or Lua; others stay inside.</summary>
    public static void Find(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        ReadOnlySpan<byte> line = text.AsSpan().Trim(" \t:\n"u8);
        foreach (byte[] word in (ReadOnlySpan<byte[]>)["silent"u8.ToArray(), "silent!"u8.ToArray(), "sil"u8.ToArray(), "call"u8.ToArray(), "platform"u8.ToArray(), "echo"u8.ToArray(), "let x ="u8.ToArray()])
        {
            if (line.StartsWith(word) && line.Length > word.Length && line[word.Length] == ' ')
                line = line[word.Length..].TrimStart(" \t:"u8);
        }

        int space = line.IndexOfAny(" \t\n"u8);
        ReadOnlySpan<byte> first = space < 0 ? line : line[..space], rest = space < 0 ? default : line[space..].Trim(" \t\n"u8);
        Language language = first.SequenceEqual("python"u8) || first.SequenceEqual("python3"u8) || first.SequenceEqual("py"u8) || first.SequenceEqual("py3"u8) || first.SequenceEqual("pythonx"u8) || first.SequenceEqual("pyx"u8) || first.SequenceEqual("script"u8) || first.SequenceEqual("pi"u8) ? Language.Python
            : first.SequenceEqual("lua"u8) ? Language.Lua : first.SequenceEqual("perl"u8) ? Language.Perl : first.SequenceEqual("ruby"u8) || first.SequenceEqual("rub"u8) ? Language.Ruby
            : first.SequenceEqual("shell"u8) || first.SequenceEqual("make_"u8) || first.SequenceEqual("terminal"u8) || first.SequenceEqual("term"u8) ? Language.Shell : Language.None;
        if (language != Language.None && rest.Length > 0)
        {
            runner.NoteEscape(frame, span, program);
            runner.RunOther(language, rest.ToArray(), Taint.None, frame, span, program, state);
            return;
        }

        if (Calls(line, runner, frame, span, program, state))
            return;

        int bang = text.AsSpan().IndexOf((byte)'!');
        bool quit = bang > 0 && text.AsSpan(0, bang).TrimStart(":"u8) is { } before && (before.SequenceEqual("q"u8) || before.SequenceEqual("wq"u8) || before.SequenceEqual("qa"u8) || before.SequenceEqual("w"u8) || before.SequenceEqual("x"u8) || before.SequenceEqual("e"u8) || before.SequenceEqual("wqa"u8));
        if (bang >= 0 && !quit)
        {
            runner.NoteEscape(frame, span, program);
            runner.RunShell(text.AsSpan(bang + 1), frame, span, program, state);
        }
        else if (first.StartsWith("py"u8) || first.StartsWith("lua"u8))
        {
            runner.NoteOpaque("the editor is told to run code", frame, span, program);
        }
        else
        {
            runner.RunQuoted(text, state, frame, span, program);
        }
    }

    // system("…"), systemlist("…"), jobstart("…"): each runs its text; what stands behind the last may run more.
    private static bool Calls(ReadOnlySpan<byte> line, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        int found = 0;
        while (found < 16 && NextCall(line) is int call && call >= 0)
        {
            if (found++ == 0)
                runner.NoteEscape(frame, span, program);
            line = line[call..].TrimStart(" "u8);
            int close = line.Length > 1 && line[0] is (byte)'"' or (byte)'\'' ? line[1..].IndexOf(line[0]) : -1;
            if (close > 0)
                runner.RunShell(line.Slice(1, close), frame, span, program, state);
            else
                runner.NoteOpaque("the editor is told to run code", frame, span, program);
            line = close > 0 ? line[(close + 2)..] : line;
        }

        if (found > 0)
            runner.RunQuoted(line.ToArray(), state, frame, span, program);
        return found > 0;
    }

    // Behind the parenthesis of the next call, or -1.
    private static int NextCall(ReadOnlySpan<byte> line)
    {
        int best = -1;
        foreach (byte[] name in (ReadOnlySpan<byte[]>)["system("u8.ToArray(), "systemlist("u8.ToArray(), "jobstart("u8.ToArray(), "termopen("u8.ToArray()])
        {
            int at = line.IndexOf(name);
            if (at >= 0 && (best < 0 || at + name.Length < best))
                best = at + name.Length;
        }

        return best;
    }
}
