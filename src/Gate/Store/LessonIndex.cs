using System;
using System.Collections.Generic;
using Gate.Lessons;
using Gate.Native;
using Gate.Text;

namespace Gate.Store;

/// <summary>
/// The full-text index of lessons, beside the store in a file of its own: a call's decision never opens it, and its tables cost no start anything. It can be
/// made anew from the store at any time, so it is written without waiting for the disk, and a broken one is thrown away.
/// </summary>
public sealed class LessonIndex : IDisposable
{
    /// <summary>So many words of a question count, and so many letters make a word worth asking for.</summary>
    public const int MaximumWords = 24, LeastLetters = 3;

    /// <summary>The file, in the store's folder.</summary>
    internal static ReadOnlySpan<byte> Name => "/lessons.index"u8;

    private readonly Database _database;

    private LessonIndex(Database database) => _database = database;

    /// <summary>Opens it and brings it up to date with the store.</summary>
    /// <param name="store">The store it belongs to.</param>
    /// <param name="most">So many lessons are taken in at once; the rest the next time.</param>
    public static LessonIndex Open(GateStore store, int most = int.MaxValue)
    {
        byte[] path = [.. store.Folder, .. Name];
        for (int attempt = 0; ; attempt++)
        {
            Database? database = null;
            try
            {
                database = Database.Open(path, create: true);
                LessonIndex index = new(database);
                index.Update(store, most);
                return index;
            }
            catch (StoreException e) when (attempt == 0 && (e.Code & 0xFF) is Sqlite.Corrupt or Sqlite.NotADatabase or Sqlite.Error)
            {
                database?.Dispose();
                Files.Delete(path);
            }
            catch
            {
                database?.Dispose();
                throw;
            }
        }
    }

    private void Update(GateStore store, int most)
    {
        _database.Execute("PRAGMA synchronous=OFF;BEGIN IMMEDIATE;CREATE VIRTUAL TABLE IF NOT EXISTS lessons USING fts5(text,act,call,repository UNINDEXED,tokenize='porter unicode61 remove_diacritics 2');CREATE TABLE IF NOT EXISTS state(change INTEGER);CREATE TABLE IF NOT EXISTS recalled(session TEXT,lesson INTEGER,time INTEGER,PRIMARY KEY(session,lesson)) WITHOUT ROWID\0"u8);
        long known = 0;
        using (Statement state = _database.Prepare("SELECT change FROM state\0"u8))
            known = state.Step() ? state.Number(0) : 0;
        long last = store.LastLessonChange();
        if (last < known)
        {
            // Another store than the one it was made of.
            _database.Execute("DELETE FROM lessons\0"u8);
            known = 0;
        }

        if (last > known)
        {
            using Statement delete = _database.Prepare("DELETE FROM lessons WHERE rowid=?\0"u8), insert = _database.Prepare("INSERT INTO lessons(rowid,text,act,call,repository) VALUES(?,?,?,?,?)\0"u8);
            foreach (Lesson lesson in store.ReadLessons(default, known, most))
            {
                delete.Bind(1, lesson.Id).Run();
                insert.Bind(1, lesson.Id).BindText(2, lesson.Text).BindText(3, lesson.Pattern.Words()).BindText(4, lesson.Preview).BindText(5, lesson.Repository).Run();
                known = lesson.Change;
            }
        }

        _database.Execute("DELETE FROM state\0"u8);
        using (Statement write = _database.Prepare("INSERT INTO state VALUES(?)\0"u8))
            write.Bind(1, known).Run();
        _database.Execute("COMMIT\0"u8);
    }

    /// <summary>The numbers of the lessons of a repository (and of the user) that have the words, the best first.</summary>
    /// <param name="words">A person's text; whatever stands in it is only words.</param>
    /// <param name="repository">Whose; empty for all.</param>
    /// <param name="all">All words, not any.</param>
    /// <param name="most">So many.</param>
    public List<long> Search(ReadOnlySpan<byte> words, ReadOnlySpan<byte> repository, bool all, int most)
    {
        List<long> found = [];
        byte[] query = QueryOf(words, all);
        if (query.Length == 0)
            return found;
        using Statement statement = _database.Prepare("SELECT rowid FROM lessons WHERE lessons MATCH ?1 AND (?2='' OR repository IN (?2,'')) ORDER BY bm25(lessons,4.0,2.0,1.0),rowid LIMIT ?3\0"u8);
        statement.BindText(1, query).BindText(2, repository).Bind(3, most);
        while (statement.Step())
            found.Add(statement.Number(0));
        return found;
    }

    /// <summary>Notes that a session was told of a lesson; false where it was before.</summary>
    public bool Recall(ReadOnlySpan<byte> session, long lesson, long now)
    {
        using (Statement old = _database.Prepare("DELETE FROM recalled WHERE time<?\0"u8))
            old.Bind(1, now - (7L * 24 * 3600 * 1000)).Run();
        using Statement insert = _database.Prepare("INSERT OR IGNORE INTO recalled VALUES(?,?,?)\0"u8);
        insert.BindText(1, session).Bind(2, lesson).Bind(3, now).Run();
        return _database.Changes > 0;
    }

    // Each word in quotes, so that nothing in a text is an operator.
    private static byte[] QueryOf(ReadOnlySpan<byte> text, bool all)
    {
        ByteBuilder query = new(256);
        int words = 0;
        for (int i = 0; i < text.Length && words < MaximumWords;)
        {
            int start = i;
            while (i < text.Length && (char.IsAsciiLetterOrDigit((char)text[i]) || text[i] >= 0x80))
                i++;
            if (i - start >= LeastLetters || (all && i > start))
            {
                query.Add(words++ == 0 ? "\""u8 : all ? " AND \""u8 : " OR \""u8).Add(text[start..i]).Add((byte)'"');
            }

            i += i == start ? 1 : 0;
        }

        return query.ToArray();
    }

    public void Dispose() => _database.Dispose();
}
