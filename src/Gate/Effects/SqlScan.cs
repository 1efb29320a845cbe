using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>SQL at the level of statements: what each destroys, changes or reads, and client commands that leave SQL.</summary>
internal static class SqlScan
{
    public static void Find(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        List<string> words = [];
        bool any = false;
        int i = 0;
        bool lineStart = true;
        while (i < text.Length)
        {
            byte c = text[i];
            if (lineStart && c is (byte)'\\' or (byte)'.')
            {
                int end = text.AsSpan(i).IndexOf((byte)'\n');
                ClientCommand(text.AsSpan(i, end < 0 ? text.Length - i : end), runner, frame, span, program, state);
                any = true;
                i = end < 0 ? text.Length : i + end;
                continue;
            }

            lineStart = c == '\n' || (lineStart && c is (byte)' ' or (byte)'\t');
            if (c == '\'' || c == '"' || c == '`')
            {
                i++;
                while (i < text.Length && text[i] != c)
                    i++;
                words.Add(c == '\'' ? "'text'" : "name");
                i++;
            }
            else if (c == '-' && i + 1 < text.Length && text[i + 1] == '-')
            {
                int end = text.AsSpan(i).IndexOf((byte)'\n');
                i = end < 0 ? text.Length : i + end;
            }
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '*')
            {
                int end = text.AsSpan(i + 2).IndexOf("*/"u8);
                i = end < 0 ? text.Length : i + 2 + end + 2;
            }
            else if (c == ';')
            {
                any |= Statement(words, runner, frame, span, program, state);
                words.Clear();
                i++;
            }
            else if (char.IsAsciiLetter((char)c) || c == '_')
            {
                int start = i;
                while (i < text.Length && (char.IsAsciiLetterOrDigit((char)text[i]) || text[i] is (byte)'_' or (byte)'.'))
                    i++;
                words.Add(System.Text.Encoding.ASCII.GetString(text, start, i - start).ToUpperInvariant());
            }
            else
            {
                if (c == Value.Hole)
                    words.Add("?");
                i++;
            }
        }

        any |= Statement(words, runner, frame, span, program, state);
        if (!any)
            runner.NoteScanned(new Effect { Verb = Verb.Read, Kind = Kind.Data, Program = program }, frame, span);
    }

    private static bool Statement(List<string> words, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        if (words.Count == 0)
            return false;
        bool Has(string word) => words.Contains(word);
        string first = words[0] is "WITH" or "EXPLAIN" ? words.Find(word => word is "DELETE" or "UPDATE" or "INSERT" or "SELECT") ?? words[0] : words[0];
        (Verb verb, Attributes attributes) = first switch
        {
            "DROP" or "TRUNCATE" => (Verb.Destroy, Attributes.None),
            "DELETE" or "UPDATE" when !Has("WHERE") => (Verb.Destroy, Attributes.All),
            "ALTER" when Has("DROP") => (Verb.Destroy, Attributes.None),
            "SELECT" or "SHOW" or "DESCRIBE" or "DESC" or "EXPLAIN" or "USE" or "SET" or "BEGIN" or "COMMIT" or "ROLLBACK" or "VALUES" or "TABLE" or "ANALYZE" or "PRAGMA" or "START" or "WITH" => (Verb.Read, Attributes.None),
            "DELETE" or "UPDATE" or "INSERT" or "MERGE" or "REPLACE" or "UPSERT" or "ALTER" or "GRANT" or "REVOKE" or "COPY" or "CALL" or "DO" or "VACUUM" or "REINDEX" or "LOCK" or "COMMENT" or "CREATE" or "RENAME" => (Verb.Change, Attributes.None),
            _ => (Verb.Change, Attributes.Pattern),
        };
        runner.NoteScanned(new Effect { Verb = verb, Kind = Kind.Data, Attributes = attributes, Program = program, Target = System.Text.Encoding.ASCII.GetBytes(words.Count > 2 && first is "DROP" or "TRUNCATE" ? words[^1].ToLowerInvariant() : first.ToLowerInvariant()) }, frame, span);

        // COPY … TO PROGRAM, SELECT … INTO OUTFILE, LOAD_FILE, xp_cmdshell, sys_exec: out of the database.
        if (Has("PROGRAM") || Has("OUTFILE") || Has("DUMPFILE") || Has("LOAD_EXTENSION") || Has("XP_CMDSHELL") || Has("SYS_EXEC") || Has("LOAD_FILE") || Has("PG_READ_FILE") || Has("LO_EXPORT"))
            runner.NoteOpaque("the SQL runs programs or touches files of the machine", frame, span, program);
        _ = state;
        return true;
    }

    // psql: \! CMD, \o FILE, \copy; sqlite3: .shell CMD, .system CMD, .output FILE, .read FILE.
    private static void ClientCommand(ReadOnlySpan<byte> line, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        line = line.Trim((byte)' ');
        if (line.StartsWith("\\!"u8) || line.StartsWith(".shell "u8) || line.StartsWith(".system "u8))
            runner.NoteEscape(frame, span, program);
        if (line.StartsWith("\\!"u8))
            runner.RunShell(line[2..], frame, span, program, state);
        else if (line.StartsWith(".shell "u8) || line.StartsWith(".system "u8))
            runner.RunShell(line[7..], frame, span, program, state);
        else if (line.StartsWith("\\o "u8) || line.StartsWith("\\g |"u8) || line.StartsWith("\\o|"u8) || line.StartsWith(".output "u8) || line.StartsWith(".once "u8) || line.StartsWith("\\copy"u8) || line.StartsWith(".read "u8) || line.StartsWith(".import "u8) || line.StartsWith(".load "u8))
            runner.NoteOpaque("a command of the database client touches files or runs programs", frame, span, program);
        else
            runner.NoteScanned(new Effect { Verb = Verb.Read, Kind = Kind.Data, Program = program }, frame, span);
    }
}
