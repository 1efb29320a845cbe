using System;

namespace Gate.Effects;

/// <summary>
/// Texts of build tools that hold shell lines: tasks, recipes, scripts of a manifest. Each line, what stands behind its key, and each
/// quoted text may be one.
/// </summary>
internal static class LineScan
{
    public const int MaximumLines = 200;

    public static void Find(byte[] text, Action<byte[]> line)
    {
        ReadOnlySpan<byte> rest = text;
        int lines = 0;
        bool runs = Runs(text);
        while (rest.Length > 0 && lines < MaximumLines)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> one = (end < 0 ? rest : rest[..end]).Trim(" \t\r,"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            one = one.TrimStart("-@ "u8);
            if (one.Length < 4 || one[0] is (byte)'#' or (byte)'/')
                continue;
            lines++;
            if (runs && one.IndexOfAny("\"'`"u8) >= 0)
                Quoted(one, line);
            if (one[0] is (byte)'"' or (byte)'{' or (byte)'[' or (byte)'<')
                continue;

            // run: CMD, commands = CMD, RUN CMD; else the line itself.
            int key = one.IndexOfAny(":="u8), blank = one.IndexOf((byte)' ');
            if (key > 0 && key < 24 && (blank < 0 || blank >= key - 1))
                one = one[(key + 1)..].Trim(" \t="u8);
            else if (blank > 0 && (key = blank) > 0 && one[..key].IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0)
                one = one[(key + 1)..].Trim((byte)' ');
            if (one.Length > 3 && one.IndexOf((byte)' ') > 0)
                line(one.ToArray());
        }
    }

    // Quoted texts of a program are commands only where it starts some; in a manifest they may always be.
    private static bool Runs(ReadOnlySpan<byte> text)
    {
        if (text.TrimStart(" \n"u8) is [(byte)'{', ..])
            return true;
        foreach (string word in (ReadOnlySpan<string>)["system(", "exec", "Command", "popen", "spawn", "ProcessBuilder", "Process.", "cmd:", "cmds:", "run:", "script:"])
        {
            if (text.IndexOf(System.Text.Encoding.ASCII.GetBytes(word)) >= 0)
                return true;
        }

        return false;
    }

    private static void Quoted(ReadOnlySpan<byte> text, Action<byte[]> line)
    {
        while (true)
        {
            int open = text.IndexOfAny("\"'`"u8);
            if (open < 0)
                return;
            byte quote = text[open];
            int close = open + 1;
            while (close < text.Length && text[close] != quote)
                close += text[close] == '\\' ? 2 : 1;
            if (close >= text.Length)
                return;
            ReadOnlySpan<byte> body = text[(open + 1)..close];
            if (body.Length > 3 && body.IndexOf((byte)' ') > 0)
                line(Shell.AnsiQuote.Decode(body));
            text = text[(close + 1)..];
        }
    }
}
