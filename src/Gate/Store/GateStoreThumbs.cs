using System;
using System.Text.Json;
using Gate.Lessons;
using Gate.Policy;
using Gate.Text;

namespace Gate.Store;

/// <summary>A thumb that a person gives: to an act, on a rung of the ladder.</summary>
public sealed class Thumb
{
    public required Pattern Pattern { get; init; }

    /// <summary>Empty: for all repositories of this user.</summary>
    public required byte[] Repository { get; init; }

    public bool Up { get; init; }

    /// <summary>Deny from now on, however old the lesson gets.</summary>
    public bool Deny { get; init; }

    /// <summary>What the act gets without lessons.</summary>
    public Outcome Without { get; init; }

    /// <summary>The person's sentence and the call's text; both redacted.</summary>
    public byte[] Text { get; init; } = [];

    public byte[] Preview { get; init; } = [];

    /// <summary>The ledger's row that it is about; 0: none.</summary>
    public long Row { get; init; }

    /// <summary>Milliseconds since 1970; 0: the lesson has no end but fading.</summary>
    public long Expires { get; init; }

    /// <summary>One word: <c>terminal</c>, <c>prompt</c>.</summary>
    public required string Origin { get; init; }
}

/// <summary>Thumbs become lessons here.</summary>
public sealed partial class GateStore
{
    /// <summary>Longer histories lose their oldest lines.</summary>
    public const int MaximumHistory = 4000;

    /// <summary>
    /// The lesson that a thumb makes, or changes: the same pattern is the same lesson. Null for a thumbs-up on what nobody ever put down. Not yet written.
    /// </summary>
    public Lesson? LessonOf(Thumb thumb, long now)
    {
        Lesson? lesson = null;
        foreach (Lesson one in LessonsUnder(thumb.Pattern.Key, thumb.Repository))
        {
            if (one.Repository.AsSpan().SequenceEqual(thumb.Repository) && one.Pattern.Rung == thumb.Pattern.Rung && one.Pattern.IsSame(thumb.Pattern))
                lesson = one;
        }

        if (lesson is null && thumb.Up)
            return null;
        bool ended = lesson is not null && lesson.ActionAt(now) == Policy.Action.Log;
        lesson ??= new Lesson
        {
            Repository = thumb.Repository, Pattern = thumb.Pattern, First = Lesson.FirstOf(thumb.Pattern.Act, thumb.Without), Created = now, Preview = Cut.To(thumb.Preview, Rows.MaximumPreview).ToArray(), Row = thumb.Row,
        };
        if (ended)
            (lesson.Expires, lesson.Firm, lesson.First) = (0, false, Lesson.FirstOf(thumb.Pattern.Act, thumb.Without));
        lesson.Thumbs = lesson.Thumbs.Plus(thumb.Up ? -Thumbs.Thumb : Thumbs.Thumb, now);
        lesson.Firm = !thumb.Up && (lesson.Firm || thumb.Deny);
        lesson.Approved = thumb.Up ? lesson.Approved : 0;
        if (!thumb.Up && thumb.Expires > 0)
            lesson.Expires = thumb.Expires;
        if (thumb.Text.Length > 0 && !thumb.Up)
            lesson.Text = Cut.To(lesson.Text.Length == 0 ? thumb.Text : [.. lesson.Text, .. "; "u8, .. thumb.Text], Lesson.MaximumText).ToArray();
        lesson.History = new ByteBuilder().Add(Cut.To(lesson.History, MaximumHistory)).Add(now).Add(thumb.Up ? " up "u8 : " down "u8).Add(thumb.Row).Add((byte)' ').Add(thumb.Origin).Add((byte)'\n').ToArray();
        return lesson;
    }

    /// <summary>What a thumb on a decision says about the soft rules that took part in it: a thumbs-down, that they were needed.</summary>
    /// <param name="repository">The decision's.</param>
    /// <param name="detail">Of the decision's row.</param>
    /// <param name="needed">Thumbs-down or refused; else thumbs-up or let go.</param>
    public void AnswerSoftRules(ReadOnlySpan<byte> repository, ReadOnlySpan<byte> detail, bool needed)
    {
        foreach (string rule in SoftRules(detail))
            AddAnswers(repository, rule, needed ? 1 : 0, needed ? 0 : 1);
    }

    /// <summary>Takes an answer back that was given for a decision's soft rules and gives the other one.</summary>
    public void TurnAnswers(ReadOnlySpan<byte> repository, ReadOnlySpan<byte> detail)
    {
        foreach (string rule in SoftRules(detail))
            AddAnswers(repository, rule, -1, 1);
    }

    private static string[] SoftRules(ReadOnlySpan<byte> detail)
    {
        string[] rules = [];
        try
        {
            Utf8JsonReader reader = new(detail);
            bool inside = false;
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
                    inside = reader.ValueTextEquals("soft"u8);
                else if (inside && reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.String)
                    rules = [.. rules, reader.GetString()!];
            }
        }
        catch (JsonException)
        {
            // A damaged row teaches nothing; 'gate ledger verify' says so.
        }

        return rules;
    }

    /// <summary>One row of the ledger, or null.</summary>
    public LedgerRow? ReadRow(long sequence)
    {
        using Statement statement = Select("sequence=?"u8);
        statement.Bind(1, sequence);
        return statement.Step() ? RowOf(statement) : null;
    }

    /// <summary>The newest decisions on calls of a session, or where that is empty of a worktree, the newest first; not further back than <see cref="MaximumBack"/> rows.</summary>
    /// <param name="session">The session's id, or empty.</param>
    /// <param name="worktree">The worktree's root.</param>
    /// <param name="row">Ends the walk by returning false.</param>
    public void ReadDecisionsBack(ReadOnlySpan<byte> session, ReadOnlySpan<byte> worktree, Func<LedgerRow, bool> row)
    {
        using Statement statement = _database.Prepare([.. "SELECT "u8, .. Columns, .. " FROM ledger WHERE sequence>?3 AND event='PreToolUse' AND (session=?1 OR (?1='' AND worktree=?2)) ORDER BY sequence DESC\0"u8]);
        statement.BindText(1, session).BindText(2, worktree).Bind(3, LastSequence() - MaximumBack);
        while (statement.Step() && row(RowOf(statement)))
        {
        }
    }

    public const long MaximumBack = 5000;

    /// <summary>Calls of a session that a person was asked about and that never came back, though the person went on: taken for refused, each once.</summary>
    public LedgerRow[] TakeRefused(ReadOnlySpan<byte> session, long since)
    {
        LedgerRow[] rows = [];
        using (Statement statement = _database.Prepare([.. "SELECT "u8, .. Columns, .. " FROM ledger WHERE sequence IN (SELECT sequence FROM pending WHERE marks&6=2 AND time>=?2) AND session=?1\0"u8]))
        {
            statement.BindText(1, session).Bind(2, since);
            while (statement.Step())
                rows = [.. rows, RowOf(statement)];
        }

        using Statement update = _database.Prepare("UPDATE pending SET marks=marks|4 WHERE sequence=?\0"u8);
        foreach (LedgerRow row in rows)
            update.Bind(1, row.Sequence).Run();
        return rows;
    }
}
