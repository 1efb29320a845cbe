using System;
using System.Collections.Generic;
using System.Text;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>PowerShell at the level of words: what deletes, what runs what it fetched, what opens a connection and runs what comes. Anything else stays unknown.</summary>
internal static class PowerShellScan
{
    public static void Find(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        if (Plain(text, runner) is { } line)
        {
            runner.RunShell(line, frame, span, program, state);
            return;
        }

        string plain = Encoding.UTF8.GetString(text).Replace("`", "", StringComparison.Ordinal), lower = plain.ToLowerInvariant();
        bool Has(string word) => lower.Contains(word, StringComparison.Ordinal);
        bool runs = Has("invoke-expression") || Words(lower).Contains("iex") || Has("[scriptblock]::create") || Has("-enc");
        bool fetches = Has("invoke-webrequest") || Has("invoke-restmethod") || Has("downloadstring") || Has("downloadfile") || Has("webclient") || Words(lower).Exists(word => word is "iwr" or "irm" or "curl" or "wget");
        if (Has("tcpclient") || Has("tcplistener") || Has("udpclient"))
            runner.NoteScanned(new Effect { Verb = Verb.Send, Kind = Kind.Host, Attributes = runs || Has("start-process") || Has("cmd") ? Attributes.Executable : Attributes.None, Program = program }, frame, span);
        Attributes from = (fetches ? Attributes.FromNetwork : 0) | (Has("frombase64string") ? Attributes.Decoded : 0);
        runner.NoteOpaque(runs && from != 0 ? "it runs code that it fetches or decodes" : "code in this language is not looked into", frame, span, program, runs ? from : Attributes.None);
        string[] statements = plain.Split(';', '|', '\n', '{', '}', '(', ')', '&');
        for (int i = 0; i < statements.Length && i < 200; i++)
        {
            if (!Statement(Words(statements[i].ToLowerInvariant()), runner, frame, span, program, state))
                Other(statements[i].Trim(), runner, frame, span, program, state);
        }

        // What stands in quotes may hold what parts statements: bash -c 'a | b'.
        runner.RunQuoted(Encoding.UTF8.GetBytes(plain), state, frame, span, program);
    }

    // Cmdlets that are known, with plain words and texts, in pipelines and one after the other: the same line for a shell, names and options in lower case. Null: anything else.
    private static byte[]? Plain(byte[] text, Runner runner)
    {
        ByteBuilder line = new(text.Length + 8);
        byte quote = 0;
        bool first = true;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (quote != 0 || b is (byte)'\'' or (byte)'"' or (byte)' ' or (byte)'\t' or (byte)',')
            {
                if (b is (byte)'$' or (byte)'`' or Value.Hole or (byte)'\\' || (first && b is (byte)'\'' or (byte)'"'))
                    return null;
                quote = quote != 0 ? b == quote ? (byte)0 : quote : b is (byte)'\'' or (byte)'"' ? b : (byte)0;
                line.Add(b == ',' && quote == 0 ? (byte)' ' : b);
                continue;
            }

            if (b is (byte)';' or (byte)'|' or (byte)'\n')
            {
                if (line.Length > 0 && line.Written[^1] == '|')
                    return null;
                line.Add(b);
                first = true;
                continue;
            }

            int start = i;
            while (i < text.Length && (char.IsAsciiLetterOrDigit((char)text[i]) || text[i] is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'/' or (byte)'*' or (byte)'?' or (byte)'~' or (byte)'=' or (byte)'+' or (byte)'$'))
                i++;
            string word = Encoding.ASCII.GetString(text, start, i - start), lower = word.ToLowerInvariant();
            bool version = first && lower.StartsWith("$psversiontable", StringComparison.Ordinal);
            if (i == start || (word.Contains('$', StringComparison.Ordinal) && !version) || (first && !version && !(lower.Contains('-', StringComparison.Ordinal) && runner.Knows(Encoding.ASCII.GetBytes(lower)))))
                return null;
            line.Add(Encoding.ASCII.GetBytes(version ? "get-host" : first || word[0] == '-' ? lower : word));
            first = false;
            i += version && i + 1 < text.Length && text[i] == '(' && text[i + 1] == ')' ? 1 : -1;
        }

        return quote == 0 && line.Length > 0 ? line.ToArray() : null;
    }

    private static List<string> Words(string text)
    {
        List<string> words = [];
        foreach (string word in text.Split([' ', '\t', '(', ')', '|', ';', '\n', '{', '}'], StringSplitOptions.RemoveEmptyEntries))
            words.Add(word.Trim('"', '\'', ','));
        return words;
    }

    // A program with its words is one in any shell; of cmdlets the texts that read as a command are looked into.
    private static void Other(string statement, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        if (statement.AsSpan().Count('"') % 2 == 1)
            statement = statement.Trim('"');
        if (statement.AsSpan().Count('\'') % 2 == 1)
            statement = statement.Trim('\'');
        byte[] code = Encoding.UTF8.GetBytes(statement);
        if (runner.ReadsAsCommand(code))
            runner.RunShell(code, frame, span, program, state);
        else if (code.Length > 0)
            runner.RunQuoted(code, state, frame, span, program);
    }

    // Whether it is a statement that is known here.
    private static bool Statement(List<string> words, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        if (words.Count == 0 || words[0] is not ("remove-item" or "rm" or "del" or "rd" or "ri" or "rmdir" or "erase" or "format-volume" or "clear-disk" or "stop-computer" or "restart-computer" or "invoke-command_"))
            return false;
        if (words[0] is "format-volume" or "clear-disk")
        {
            runner.NotePath(Verb.Write, "/dev/disk"u8.ToArray(), Attributes.None, frame, span, program, state);
            return true;
        }

        bool recursive = words.Exists(word => word is "/s" or "-rf" or "-fr" || (word.StartsWith("-r", StringComparison.Ordinal) && "-recurse".StartsWith(word, StringComparison.Ordinal)));
        foreach (string word in words.GetRange(1, words.Count - 1))
        {
            if (word.StartsWith('-') || word is "/s" or "/q" or "/f" or "silentlycontinue")
                continue;
            bool home = word.StartsWith("$home", StringComparison.Ordinal) || word.StartsWith("$env:userprofile", StringComparison.Ordinal) || word.StartsWith("$env:home", StringComparison.Ordinal);
            bool drive = word.Length >= 2 && word[1] == ':';
            string path = home ? "~" + word[(word.IndexOfAny(['/', '\\']) is int at and > 0 ? at : word.Length)..] : drive ? "/" + word[2..].TrimStart('\\', '/') : word;
            runner.NotePath(Verb.Delete, path.StartsWith('$') ? null : Encoding.UTF8.GetBytes(path.Replace('\\', '/')), recursive ? Attributes.Recursive : Attributes.None, frame, span, program, state, path.Contains('*', StringComparison.Ordinal));
        }

        return true;
    }
}
