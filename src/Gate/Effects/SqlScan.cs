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
                int start = ++i;
                while (i < text.Length && (text[i] != c || (i + 1 < text.Length && text[i + 1] == c && ++i > 0)))
                    i++;
                words.Add(c == '\'' ? "'" + System.Text.Encoding.Latin1.GetString(text, Math.Min(start, text.Length), Math.Max(0, Math.Min(i, text.Length) - start)) : Quoted(text.AsSpan(Math.Min(start, text.Length), Math.Max(0, Math.Min(i, text.Length) - start))));
                i++;
            }
            else if (c == '$' && DollarQuote(text, i, out int body, out int close, out int after))
            {
                // Code between dollars runs as it stands, where a statement is made of it: DO $$ … $$.
                if (words.Contains("DO") || words.Contains("EXECUTE") || words.Contains("FUNCTION") || words.Contains("PROCEDURE"))
                    Inner(text[body..close], runner, frame, span, program, state);
                words.Add("'");
                i = after;
            }
            else if (c == '-' && i + 1 < text.Length && text[i + 1] == '-')
            {
                int end = text.AsSpan(i).IndexOf((byte)'\n');
                i = end < 0 ? text.Length : i + end;
            }
            else if (c == '/' && i + 2 < text.Length && text[i + 1] == '*' && (text[i + 2] == '!' || (text[i + 2] == 'M' && i + 3 < text.Length && text[i + 3] == '!')))
            {
                // MySQL runs what stands in such a comment.
                i += text[i + 2] == '!' ? 3 : 4;
                while (i < text.Length && char.IsAsciiDigit((char)text[i]))
                    i++;
            }
            else if (c == '*' && i + 1 < text.Length && text[i + 1] == '/')
            {
                i += 2;
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
                string word = System.Text.Encoding.ASCII.GetString(text, start, i - start).ToUpperInvariant();
                if (word is "SYSTEM" or "TEE" or "PAGER" && words.Count == 0)
                {
                    // The mysql client runs the rest of the line, or writes into the file that it names.
                    int line = text.AsSpan(i).IndexOf((byte)'\n');
                    ReadOnlySpan<byte> rest = text.AsSpan(i, line < 0 ? text.Length - i : line).Trim("; \r"u8);
                    if (word == "TEE")
                        Writes(Unquoted(rest), runner, frame, span, program, state);
                    else
                        runner.NoteEscape(frame, span, program);
                    if (word != "TEE")
                        runner.RunShell(rest, frame, span, program, state);
                    any = true;
                    i = line < 0 ? text.Length : i + line;
                    continue;
                }

                words.Add(word);
            }
            else if (char.IsAsciiDigit((char)c))
            {
                int start = i;
                while (i < text.Length && (char.IsAsciiLetterOrDigit((char)text[i]) || text[i] == '.'))
                    i++;
                words.Add(System.Text.Encoding.ASCII.GetString(text, start, i - start));
            }
            else
            {
                if (c == Value.Hole)
                    words.Add("?");
                else if (c is (byte)'=' or (byte)'<' or (byte)'>' or (byte)'!' or (byte)'*')
                    words.Add(((char)c).ToString());
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
        string first = words[0] is "WITH" or "EXPLAIN" or "BEGIN" or "DECLARE" or "AS" ? words.Find(word => word is "DELETE" or "UPDATE" or "INSERT" or "DROP" or "TRUNCATE") ?? words.Find(word => word is "SELECT") ?? words[0] : words[0];
        if (first == "CREATE" && words.Count > 1 && words[1] is "USER" or "ROLE" or "LOGIN")
            first = "GRANT";
        (Verb verb, Attributes attributes) = first switch
        {
            "DROP" or "TRUNCATE" => (Verb.Destroy, Attributes.None),
            "DELETE" or "UPDATE" when !Has("WHERE") || AlwaysHolds(words) => (Verb.Destroy, Attributes.All),
            "ALTER" when Has("DROP") => (Verb.Destroy, Attributes.None),
            "PRAGMA" when Has("WRITABLE_SCHEMA") => (Verb.Change, Attributes.None),
            "EXEC" or "EXECUTE" or "SYSTEM" or "ATTACH" or "LOAD" => (Verb.Change, Attributes.None),
            "SELECT" or "SHOW" or "DESCRIBE" or "DESC" or "EXPLAIN" or "USE" or "SET" or "BEGIN" or "COMMIT" or "ROLLBACK" or "VALUES" or "TABLE" or "ANALYZE" or "PRAGMA" or "START" or "WITH" => (Verb.Read, Attributes.None),
            "DELETE" or "UPDATE" or "INSERT" or "MERGE" or "REPLACE" or "UPSERT" or "ALTER" or "GRANT" or "REVOKE" or "COPY" or "CALL" or "DO" or "VACUUM" or "REINDEX" or "LOCK" or "COMMENT" or "CREATE" or "RENAME" => (Verb.Change, Attributes.None),
            _ => (Verb.Change, Attributes.Pattern),
        };
        string subject = SubjectOf(words, first);
        runner.NoteScanned(new Effect { Verb = verb, Kind = Kind.Data, Attributes = attributes, Program = program, Target = System.Text.Encoding.Latin1.GetBytes((words.Count > 2 && first is "DROP" or "TRUNCATE" && subject.Length > 0 ? subject : first).ToLowerInvariant()), Operands = subject.Length > 0 ? [System.Text.Encoding.Latin1.GetBytes(subject.ToLowerInvariant())] : [] }, frame, span);

        // COPY … TO PROGRAM, SELECT … INTO OUTFILE, LOAD_FILE, xp_cmdshell, sys_exec: out of the database.
        if (Has("PROGRAM") || Has("OUTFILE") || Has("DUMPFILE") || Has("LOAD_EXTENSION") || Has("XP_CMDSHELL") || Has("SYS_EXEC") || Has("LOAD_FILE") || Has("PG_READ_FILE") || Has("LO_EXPORT") || Has("LO_IMPORT") || Has("WRITEFILE") || Has("READFILE") || Has("PG_READ_BINARY_FILE") || Has("PG_LS_DIR") || Has("SYS_EVAL") || Has("SP_OACREATE") || Has("EDIT") && first == "SELECT" && Has("'"))
            runner.NoteOpaque("the SQL runs programs or touches files of the machine", frame, span, program);

        Files(words, runner, frame, span, program, state);

        // COPY … TO PROGRAM 'cmd', xp_cmdshell 'cmd', EXECUTE 'statement': the text is run.
        int program_ = words.FindIndex(word => word is "PROGRAM" or "XP_CMDSHELL" or "SYS_EXEC" or "SYS_EVAL"), execute = words.FindIndex(word => word is "EXECUTE");
        if (program_ >= 0 && program_ + 1 < words.Count && words[program_ + 1] is [(char)39, ..])
            runner.RunShell(System.Text.Encoding.Latin1.GetBytes(words[program_ + 1][1..]), frame, span, program, state);
        if (execute >= 0 && execute + 1 < words.Count && words[execute + 1] is [(char)39, ..])
            Inner(System.Text.Encoding.Latin1.GetBytes(words[execute + 1][1..]), runner, frame, span, program, state);
        return true;
    }

    // Statements within statements; the frame's depth bounds how deep.
    private static void Inner(byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state) =>
        runner.RunOther(Language.Sql, text, Taint.None, frame, span, program, state);

    // WHERE 1, WHERE true, WHERE 1=1, WHERE 'a'='a', WHERE id=id, and anything OR such a thing.
    private static bool AlwaysHolds(List<string> words)
    {
        for (int at = 0; at < words.Count; at++)
        {
            if (words[at] is not ("WHERE" or "OR"))
                continue;
            string? one = at + 1 < words.Count ? words[at + 1] : null, mark = at + 2 < words.Count ? words[at + 2] : null, other = at + 3 < words.Count ? words[at + 3] : null;
            bool ends = mark is null or "RETURNING" or "LIMIT" or "OR" or ")" or "SELECT";
            if ((ends && (one is "TRUE" || (one is not null && int.TryParse(one, out int number) && number != 0))) || (mark == "=" && one == other) || (one == "NOT" && mark is "FALSE" or "0") || (one is "1" && mark is "<" or ">" or "!" && int.TryParse(other, out _)))
                return true;
        }

        return false;
    }

    // A quoted name; the mark in front keeps it from being taken for a word of the language.
    private static string Quoted(ReadOnlySpan<byte> name) => "\"" + System.Text.Encoding.Latin1.GetString(name);

    // What a statement is about: the table or database behind its verb. Empty: none is named.
    private static string SubjectOf(List<string> words, string first)
    {
        int at = words.IndexOf(first) + 1;
        string subject = "";
        for (; at > 0 && at < words.Count; at++)
        {
            string word = words[at];
            if (word is "TABLE" or "VIEW" or "DATABASE" or "SCHEMA" or "INDEX" or "SEQUENCE" or "FUNCTION" or "PROCEDURE" or "TRIGGER" or "TYPE" or "ROLE" or "USER" or "EXTENSION" or "MATERIALIZED" or "TEMPORARY" or "TEMP" or "UNIQUE" or "ONLY" or "FROM" or "INTO" or "IF" or "NOT" or "EXISTS"
                or "OR" or "REPLACE" or "IGNORE" or "LOW_PRIORITY" or "CONCURRENTLY")
                continue;
            if (word is [(char)39, ..] or "?" or "=" or "<" or ">" or "!" or "*" or "SELECT" or "WHERE" or "SET" or "VALUES")
                break;
            subject = word.TrimStart('"');

            // "a"."b" and a."b": the last part, as that of a.b.
            while (at + 1 < words.Count && words[at + 1] is ['"', _, ..] && word is ['"', ..] or [.., '.'])
                subject = (word = words[++at]).TrimStart('"');
            break;
        }

        return subject[(subject.TrimEnd('.').LastIndexOf('.') + 1)..];
    }

    // $$ … $$ and $tag$ … $tag$
    private static bool DollarQuote(byte[] text, int i, out int body, out int close, out int after)
    {
        int end = i + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit((char)text[end]) || text[end] == '_'))
            end++;
        (body, close, after) = (0, 0, 0);
        if (end >= text.Length || text[end] != '$')
            return false;
        body = end + 1;
        int length = end + 1 - i, found = text.AsSpan(body).IndexOf(text.AsSpan(i, length));
        close = found < 0 ? text.Length : body + found;
        after = Math.Min(text.Length, close + length);
        return true;
    }

    // Files that a statement itself names: the text behind one of these words, brackets and equals signs between.
    private static void Files(List<string> words, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        string before = "";
        bool exports = words.Contains("LO_EXPORT");
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (word is not [(char)39, ..])
            {
                before = word is "=" or "DATABASE" or "NAME" or "LOCAL" ? before : word;
                continue;
            }

            bool writes = before is "OUTFILE" or "DUMPFILE" or "ATTACH" or "WRITEFILE" or "DISK" || exports || (before == "TO" && words[0] is "COPY" or "BACKUP" or "DUMP" or "UNLOAD") || (before == "INTO" && words[0] == "VACUUM") || (before == "EXPORT" && words[0] == "EXPORT");
            bool reads = before is "READFILE" or "LOAD_FILE" or "PG_READ_FILE" or "PG_READ_BINARY_FILE" or "PG_LS_DIR" or "INFILE" or "LO_IMPORT" || (before == "FROM" && words[0] == "COPY");
            if (writes)
                Writes(System.Text.Encoding.Latin1.GetBytes(word[1..]), runner, frame, span, program, state);
            else if (reads)
                _ = runner.NotePath(Verb.Read, System.Text.Encoding.Latin1.GetBytes(word[1..]), Attributes.None, frame, span, program, state);
            before = word.Length > 1 ? "" : before;
        }
    }

    // Tables in memory and the screen are no files.
    private static void Writes(ReadOnlySpan<byte> file, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        if (file.Length > 0 && file[0] is not ((byte)':' or (byte)'-') && !file.SequenceEqual("stdout"u8) && !file.SequenceEqual("off"u8))
            _ = runner.NotePath(Verb.Write, file.ToArray(), Attributes.None, frame, span, program, state);
    }

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> word) => word.Trim(" '\""u8);

    // Client commands by what their last word is: a file that is written.
    private static bool WritesFile(ReadOnlySpan<byte> name) => name.SequenceEqual("\\o"u8) || name.SequenceEqual("\\out"u8) || name.SequenceEqual("\\g"u8) || name.SequenceEqual("\\gx"u8) || name.SequenceEqual("\\w"u8) || name.SequenceEqual("\\write"u8)
        || name.SequenceEqual("\\s"u8) || name.SequenceEqual("\\T"u8) || name.SequenceEqual(".output"u8) || name.SequenceEqual(".once"u8) || name.SequenceEqual(".backup"u8) || name.SequenceEqual(".save"u8) || name.SequenceEqual(".log"u8)
        || name.SequenceEqual(".open"u8) || name.SequenceEqual(".clone"u8);

    private static bool TouchesFiles(ReadOnlySpan<byte> name) => name.SequenceEqual("\\i"u8) || name.SequenceEqual("\\ir"u8) || name.SequenceEqual("\\include"u8) || name.SequenceEqual("\\copy"u8) || name.SequenceEqual("\\."u8) || name.SequenceEqual(".read"u8) || name.SequenceEqual(".import"u8)
        || name.SequenceEqual(".load"u8) || name.SequenceEqual(".restore"u8) || name.SequenceEqual(".archive"u8) || name.SequenceEqual(".ar"u8) || name.SequenceEqual(".excel"u8) || name.SequenceEqual(".edit"u8) || name.SequenceEqual("\\e"u8) || name.SequenceEqual("\\P"u8);

    // psql: \! CMD, \o FILE, \copy; sqlite3: .shell CMD, .system CMD, .output FILE, .read FILE; mysql: \T FILE, \. FILE.
    private static void ClientCommand(ReadOnlySpan<byte> line, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        line = line.Trim(" \r;"u8);
        int blank = line.IndexOfAny(" \t|'"u8);
        ReadOnlySpan<byte> name = blank < 0 ? line : line[..blank], rest = blank < 0 ? default : line[blank..].Trim((byte)' ');
        bool runs = line.StartsWith("\\!"u8) || name.SequenceEqual(".shell"u8) || name.SequenceEqual(".system"u8);
        bool writes = WritesFile(name) && rest.Length > 0, copies = name.SequenceEqual("\\copy"u8);
        int pipe = copies ? -1 : line.IndexOf((byte)'|'), last = rest.LastIndexOf((byte)' ') + 1;
        if (runs)
        {
            runner.NoteEscape(frame, span, program);
            runner.RunShell(line.StartsWith("\\!"u8) ? line[2..] : line[7..], frame, span, program, state);
        }
        else if (pipe > 0)
        {
            runner.RunShell(line[(pipe + 1)..], frame, span, program, state);
            runner.NoteOpaque("a command of the database client touches files or runs programs", frame, span, program);
        }
        else if (writes)
        {
            Writes(Unquoted(rest[last..]), runner, frame, span, program, state);
        }
        else if (TouchesFiles(name))
        {
            // \copy … to 'FILE', from 'FILE', and what reads or runs a file.
            if (copies)
                Find([.. "COPY "u8, .. rest, (byte)';'], runner, frame, span, program, state);
            else if (rest.Length > 0)
                _ = runner.NotePath(Verb.Read, Unquoted(rest[last..]).ToArray(), Attributes.None, frame, span, program, state);
            runner.NoteOpaque("a command of the database client touches files or runs programs", frame, span, program);
        }
        else
        {
            runner.NoteScanned(new Effect { Verb = Verb.Read, Kind = Kind.Data, Program = program }, frame, span);
        }
    }
}
