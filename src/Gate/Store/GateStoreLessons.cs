using System;
using System.Collections.Generic;
using Gate.Effects;
using Gate.Lessons;
using Gate.Policy;

namespace Gate.Store;

/// <summary>Lessons: in force for every worktree from the moment they are written. A hook finds them by key, never by a walk.</summary>
public sealed partial class GateStore
{
    /// <summary>More lessons than this are not kept under one key: each call that has the key reads them.</summary>
    public const int MaximumUnderKey = 16;

    /// <summary>So many lessons, the newest, are looked through for what a session is told at its start.</summary>
    public const int MaximumRecent = 500;

    private static ReadOnlySpan<byte> LessonColumns => "SELECT id,repository,rung,verb,kind,class,attributes,zone,program,subcommand,options,object,first,firm,score,since,expires,fired,last,approved,created,change,row,text,preview,history FROM lessons "u8;

    /// <summary>The lessons under a key that concern a repository; those that have ended are among them.</summary>
    public Lesson[] LessonsUnder(long key, ReadOnlySpan<byte> repository)
    {
        _lessons ??= _database.Prepare([.. LessonColumns, .. "WHERE key=?1 AND repository IN (?2,'') ORDER BY id LIMIT 32\0"u8]);
        _lessons.Reset();
        _lessons.Bind(1, key).BindText(2, repository);
        Lesson[] lessons = [];
        while (_lessons.Step())
            lessons = [.. lessons, LessonOf(_lessons)];
        return lessons;
    }

    // One statement for all the keys of a call: preparing costs more than running.
    private Statement? _lessons;

    /// <summary>A lesson by its number, or null.</summary>
    public Lesson? ReadLesson(long id)
    {
        using Statement statement = _database.Prepare([.. LessonColumns, .. "WHERE id=? AND id>0\0"u8]);
        statement.Bind(1, id);
        return statement.Step() ? LessonOf(statement) : null;
    }

    /// <summary>The lessons that concern a repository and changed after a change, in the order of their changes; an empty repository: all of this user.</summary>
    public List<Lesson> ReadLessons(ReadOnlySpan<byte> repository, long after = 0, int most = int.MaxValue)
    {
        using Statement statement = _database.Prepare([.. LessonColumns, .. "WHERE id>0 AND (repository IN (?1,'') OR ?1='') AND change>?2 ORDER BY change LIMIT ?3\0"u8]);
        statement.BindText(1, repository).Bind(2, after).Bind(3, most);
        List<Lesson> lessons = [];
        while (statement.Step())
            lessons.Add(LessonOf(statement));
        return lessons;
    }

    /// <summary>The weightiest lessons that concern a repository, of the newest <see cref="MaximumRecent"/>.</summary>
    public List<Lesson> ReadWeightiestLessons(ReadOnlySpan<byte> repository, int most)
    {
        using Statement statement = _database.Prepare([.. LessonColumns, .. "WHERE id>(SELECT max(id)-?3 FROM lessons) AND id>0 AND repository IN (?1,'') ORDER BY firm DESC,since DESC LIMIT ?2\0"u8]);
        statement.BindText(1, repository).Bind(2, most).Bind(3, MaximumRecent);
        List<Lesson> lessons = [];
        while (statement.Step())
            lessons.Add(LessonOf(statement));
        return lessons;
    }

    /// <summary>How many there are for a repository, and how many of them are flagged: people let go what they asked about.</summary>
    public (long All, long Flagged) CountLessons(ReadOnlySpan<byte> repository)
    {
        using Statement statement = _database.Prepare("SELECT count(*),ifnull(sum(approved>=?2),0) FROM lessons WHERE id>0 AND repository IN (?1,'')\0"u8);
        statement.BindText(1, repository).Bind(2, Lesson.FlaggedAfter);
        return statement.Step() ? (statement.Number(0), statement.Number(1)) : (0, 0);
    }

    public bool HasLessons() => LastLessonChange() > 0;

    /// <summary>The newest change of any lesson; 0 where there never was one.</summary>
    public long LastLessonChange()
    {
        using Statement statement = _database.Prepare("SELECT change FROM lessons WHERE id=0\0"u8);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>Writes a lesson, a new one where its number is 0; sets its number and its change. In a transaction.</summary>
    public void WriteLesson(Lesson lesson)
    {
        lesson.Change = LastLessonChange() + 1;
        using (Statement count = _database.Prepare("INSERT OR REPLACE INTO lessons(id,change) VALUES(0,?)\0"u8))
            count.Bind(1, lesson.Change).Run();
        if (lesson.Id == 0)
        {
            using Statement under = _database.Prepare("SELECT count(*) FROM lessons WHERE key=? AND repository=?\0"u8);
            under.Bind(1, lesson.Pattern.Key).BindText(2, lesson.Repository);
            if (under.Step() && under.Number(0) >= MaximumUnderKey)
                throw new StoreException($"there are {MaximumUnderKey} lessons on this act already; remove some (gate lesson list), or choose another rung");
            using Statement last = _database.Prepare("SELECT ifnull(max(id),0)+1 FROM lessons\0"u8);
            lesson.Id = last.Step() ? last.Number(0) : 1;
        }

        Act act = lesson.Pattern.Act;
        using Statement insert = _database.Prepare("INSERT OR REPLACE INTO lessons VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)\0"u8);
        insert.Bind(1, lesson.Id).Bind(2, lesson.Pattern.Key).BindText(3, lesson.Repository).Bind(4, (long)lesson.Pattern.Rung).Bind(5, (long)act.Verb).Bind(6, (long)act.Kind).Bind(7, (long)act.Class)
            .Bind(8, (long)act.Attributes).Bind(9, act.Zone).BindText(10, act.Program).BindText(11, act.Subcommand).BindText(12, act.Options).BindText(13, act.Object).Bind(14, (long)lesson.First)
            .Bind(15, lesson.Firm ? 1 : 0).Bind(16, lesson.Thumbs.Score).Bind(17, lesson.Thumbs.Since).Bind(18, lesson.Expires).Bind(19, lesson.Fired).Bind(20, lesson.LastFired).Bind(21, lesson.Approved)
            .Bind(22, lesson.Created).Bind(23, lesson.Change).Bind(24, lesson.Row).BindText(25, lesson.Text).BindText(26, lesson.Preview).BindText(27, lesson.History);
        insert.Run();
    }

    /// <summary>Counts that lessons took part in a decision.</summary>
    public void CountFired(ReadOnlySpan<Learned> learned, long now)
    {
        if (learned.Length == 0)
            return;
        using Statement update = _database.Prepare("UPDATE lessons SET fired=fired+1,last=?2 WHERE id=?1\0"u8);
        foreach (Learned one in learned)
            update.Bind(1, one.Lesson.Id).Bind(2, now).Run();
    }

    /// <summary>A call that these lessons asked about was let go by a person: each is weakened.</summary>
    /// <param name="rules">The decision's rules as the ledger has them; lessons are <c>lesson.N</c>.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public void WeakenLessons(ReadOnlySpan<byte> rules, long now)
    {
        while (rules.Length > 0)
        {
            int end = rules.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = end < 0 ? rules : rules[..end];
            rules = end < 0 ? default : rules[(end + 1)..];
            if (!word.StartsWith("lesson."u8) || !System.Buffers.Text.Utf8Parser.TryParse(word[7..], out long id, out _) || ReadLesson(id) is not { Firm: false } lesson)
                continue;
            lesson.Thumbs = lesson.Thumbs.Plus(-Thumbs.Approval, now);
            lesson.Approved++;
            WriteLesson(lesson);
        }
    }

    /// <summary>Takes a lesson away. Numbers of the newest one are given again, so the full-text index is made anew: what it knows is by number.</summary>
    public void RemoveLesson(long id)
    {
        Native.Files.Delete([.. Folder, .. LessonIndex.Name]);
        using Statement delete = _database.Prepare("DELETE FROM lessons WHERE id=?\0"u8);
        delete.Bind(1, id).Run();
    }

    private static Lesson LessonOf(Statement s) => new()
    {
        Id = s.Number(0), Repository = s.Bytes(1), First = (Policy.Action)s.Number(12), Firm = s.Number(13) != 0, Thumbs = new Thumbs(s.Number(14), s.Number(15)), Expires = s.Number(16),
        Fired = s.Number(17), LastFired = s.Number(18), Approved = s.Number(19), Created = s.Number(20), Change = s.Number(21), Row = s.Number(22), Text = s.Bytes(23), Preview = s.Bytes(24), History = s.Bytes(25),
        Pattern = new Pattern
        {
            Rung = (Rung)s.Number(2),
            Act = new Act
            {
                Verb = (Verb)s.Number(3), Kind = (Kind)s.Number(4), Class = (PathClass)s.Number(5), Attributes = (Attributes)s.Number(6), Zone = (int)s.Number(7), Program = s.Bytes(8), Subcommand = s.Bytes(9),
                Options = s.Bytes(10), Object = s.Bytes(11),
            },
        },
    };
}
