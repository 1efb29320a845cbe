using System;
using Gate.Policy;

namespace Gate.Store;

/// <summary>What waits for a call to come back.</summary>
[Flags]
public enum PendingMarks : byte
{
    None = 0,
    /// <summary>It left facts (<see cref="Sequences"/>) that count only when it has run.</summary>
    Facts = 1,
    /// <summary>A person was asked: that it comes back means that they let it go.</summary>
    Asked = 2,
    /// <summary>It was taken for refused, because the person went on to something else.</summary>
    Refused = 4,
}

/// <summary>Calls that were allowed or asked and have not come back yet.</summary>
public sealed partial class GateStore
{
    /// <summary>Remembers that a call was let go and has not come back.</summary>
    /// <param name="call">The agent's id of the call.</param>
    /// <param name="sequence">Its decision.</param>
    /// <param name="time">Milliseconds since 1970.</param>
    /// <param name="marks">What waits for it.</param>
    public void AddPending(ReadOnlySpan<byte> call, long sequence, long time, PendingMarks marks = PendingMarks.None)
    {
        using Statement insert = _database.Prepare("INSERT OR REPLACE INTO pending VALUES(?,?,?,?)\0"u8);
        insert.BindText(1, call).Bind(2, sequence).Bind(3, time).Bind(4, (long)marks);
        insert.Run();
    }

    /// <summary>The decision that a call belongs to, forgotten from now on; 0 when none waits. The facts that waited for it count from now on.</summary>
    public long TakePending(ReadOnlySpan<byte> call) => TakePending(call, out _);

    public long TakePending(ReadOnlySpan<byte> call, out PendingMarks marks)
    {
        marks = PendingMarks.None;
        using Statement delete = _database.Prepare("DELETE FROM pending WHERE call=? RETURNING sequence,marks\0"u8);
        delete.BindText(1, call);
        if (!delete.Step())
            return 0;
        long sequence = delete.Number(0);
        marks = (PendingMarks)delete.Number(1);
        if ((marks & PendingMarks.Facts) != 0)
            ConfirmFacts(sequence);
        return sequence;
    }
}
