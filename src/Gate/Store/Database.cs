using System;
using System.Runtime.InteropServices;
using Gate.Native;

namespace Gate.Store;

/// <summary>A failure of SQLite, with its own sentence and code. The pipeline answers it like any broken store.</summary>
public sealed class StoreException : Exception
{
    public StoreException()
    {
    }

    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }

    internal StoreException(string message, int code)
        : base(message) => Code = code;

    /// <summary>SQLite's result code, 0 where the failure is Gate's own.</summary>
    public int Code { get; }
}

/// <summary>One connection. Not thread-safe; a process has one.</summary>
public sealed unsafe class Database : IDisposable
{
    /// <summary>A writer waits this long for another before it gives up, in milliseconds. An agent gives up on its hook after ten seconds.</summary>
    public const int BusyMilliseconds = 7000;

    /// <summary>
    /// The write-ahead log is folded back when it holds this many frames (pages): two fsyncs, which at this figure fall to fewer
    /// than one call in a hundred. Its index is kept between calls (Native/store.c), so a longer log costs a call nothing;
    /// where the index had to be made anew (first call after the machine started) the whole log is read once, a millisecond.
    /// </summary>
    public const int CheckpointFrames = 512;

    // The callbacks are static, and so is what they count: one connection a process.
    private static int s_frames;
    private static long s_waitingSince;

    /// <summary>
    /// A moment of the steady clock past which no lock is waited for, however often a process has to wait; 0 for none. A hook has one
    /// limit for everything it does: the agent's own, past which the call would run unjudged.
    /// </summary>
    public static long WaitUntil { get; set; }

    private nint _handle;

    private Database(nint handle) => _handle = handle;

    /// <summary>Opens the file; <paramref name="create"/> makes it when it is missing, else that is an error.</summary>
    public static Database Open(ReadOnlySpan<byte> path, bool create, bool write = true)
    {
        nint handle;
        int flags = Sqlite.OpenNoMutex | (write ? Sqlite.OpenReadWrite : Sqlite.OpenReadOnly) | (create ? Sqlite.OpenCreate : 0);
        Span<byte> terminated = stackalloc byte[path.Length + 1];
        path.CopyTo(terminated);
        terminated[^1] = 0;
        int code;

        // The file holds what the user does; the log beside it takes the file's mode.
        uint mask = Libc.FileMask(0x3F);
        fixed (byte* p = terminated)
            code = Sqlite.sqlite3_open_v2(p, &handle, flags, null);
        _ = Libc.FileMask(mask);
        if (code != Sqlite.Ok)
        {
            string message = Message(handle);
            _ = Sqlite.sqlite3_close(handle);
            throw new StoreException(message, code);
        }

        s_frames = 0;
        _ = Sqlite.sqlite3_busy_handler(handle, &Wait, null);
        _ = Sqlite.sqlite3_wal_autocheckpoint(handle, 0);
        _ = Sqlite.sqlite3_wal_hook(handle, &Committed, null);
        return new Database(handle);
    }

    public void Execute(ReadOnlySpan<byte> sql)
    {
        fixed (byte* s = sql)
            Check(Sqlite.sqlite3_exec(_handle, s, 0, 0, 0));
    }

    public Statement Prepare(ReadOnlySpan<byte> sql)
    {
        nint statement;
        fixed (byte* s = sql)
            Check(Sqlite.sqlite3_prepare_v2(_handle, s, sql.Length, &statement, null));
        return new Statement(this, statement);
    }

    /// <summary>Folds the log back into the file when it has grown past its limit. Best effort: another process may be reading.</summary>
    public void CheckpointIfLong()
    {
        if (s_frames >= CheckpointFrames)
            Checkpoint();
    }

    public void Checkpoint()
    {
        // No waiting here: whoever reads now will leave the next process the chance.
        _ = Sqlite.sqlite3_busy_handler(_handle, null, null);
        _ = Sqlite.sqlite3_wal_checkpoint_v2(_handle, null, Sqlite.CheckpointTruncate, null, null);
        _ = Sqlite.sqlite3_busy_handler(_handle, &Wait, null);
    }

    public int Changes => Sqlite.sqlite3_changes(_handle);

    public void Dispose()
    {
        if (_handle != 0)
            _ = Sqlite.sqlite3_close(_handle);
        _handle = 0;
    }

    internal void Check(int code)
    {
        if (code is not (Sqlite.Ok or Sqlite.Row or Sqlite.Done))
            throw new StoreException(Message(_handle), code);
    }

    private static string Message(nint handle) => handle == 0 ? "out of memory" : Marshal.PtrToStringUTF8((nint)Sqlite.sqlite3_errmsg(handle)) ?? "unknown error";

    // Jittered sleeps below a millisecond: with 32 writers each holding the lock for some 200 µs, SQLite's own table
    // (1, 2, 5, 10 … 100 ms) leaves the lock idle most of the time and starves the unlucky.
    [UnmanagedCallersOnly]
    private static int Wait(void* argument, int count)
    {
        // By the clock: on a busy machine a sleep takes longer than it says.
        long now = Libc.SteadyMicroseconds();
        if (count == 0)
            s_waitingSince = now;
        if (now - s_waitingSince > BusyMilliseconds * 1000L || (WaitUntil != 0 && now > WaitUntil))
            return 0;
        long step = 100 + ((count * 7919L + (long)&count / 64) % 400);
        if (count > 64)
            step *= 4;
        Libc.Sleep(step);
        return 1;
    }

    [UnmanagedCallersOnly]
    private static int Committed(void* argument, nint database, byte* name, int frames)
    {
        s_frames = frames;
        return Sqlite.Ok;
    }
}

/// <summary>A prepared statement. Bind from 1, columns from 0, as in SQLite.</summary>
public sealed unsafe class Statement : IDisposable
{
    private readonly Database _database;
    private nint _handle;

    internal Statement(Database database, nint handle)
    {
        _database = database;
        _handle = handle;
    }

    public Statement Bind(int index, long value)
    {
        _database.Check(Sqlite.sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    public Statement BindText(int index, ReadOnlySpan<byte> text)
    {
        // -1 (SQLITE_TRANSIENT): SQLite copies, because the managed array may move.
        fixed (byte* t = text)
        {
            byte empty;
            _database.Check(Sqlite.sqlite3_bind_text(_handle, index, text.Length == 0 ? &empty : t, text.Length, -1));
        }

        return this;
    }

    public Statement BindText(int index, string text) => BindText(index, System.Text.Encoding.UTF8.GetBytes(text));

    public Statement BindBlob(int index, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* b = bytes)
        {
            byte empty;
            _database.Check(Sqlite.sqlite3_bind_blob(_handle, index, bytes.Length == 0 ? &empty : b, bytes.Length, -1));
        }

        return this;
    }

    /// <summary>True when there is a row.</summary>
    public bool Step()
    {
        int code = Sqlite.sqlite3_step(_handle);
        _database.Check(code);
        return code == Sqlite.Row;
    }

    /// <summary>Runs a statement that returns no rows and makes it ready to be bound again.</summary>
    public void Run()
    {
        int code = Sqlite.sqlite3_step(_handle);
        int reset = Sqlite.sqlite3_reset(_handle);
        _database.Check(code);
        _database.Check(reset);
    }

    public void Reset() => _ = Sqlite.sqlite3_reset(_handle);

    public long Number(int column) => Sqlite.sqlite3_column_int64(_handle, column);

    public bool IsNull(int column) => Sqlite.sqlite3_column_type(_handle, column) == 5;

    /// <summary>The column's bytes, copied: SQLite's own memory is gone after the next step.</summary>
    public byte[] Bytes(int column)
    {
        byte* data = Sqlite.sqlite3_column_blob(_handle, column);
        return data is null ? [] : new ReadOnlySpan<byte>(data, Sqlite.sqlite3_column_bytes(_handle, column)).ToArray();
    }

    /// <summary>The column's bytes, in <paramref name="same"/> where they are the same: most columns of a ledger are those of the row before.</summary>
    public byte[] Bytes(int column, byte[]? same)
    {
        byte* data = Sqlite.sqlite3_column_blob(_handle, column);
        if (data is null)
            return [];
        ReadOnlySpan<byte> bytes = new(data, Sqlite.sqlite3_column_bytes(_handle, column));
        return same is not null && bytes.SequenceEqual(same) ? same : bytes.ToArray();
    }

    public string Text(int column) => System.Text.Encoding.UTF8.GetString(Bytes(column));

    public void Dispose()
    {
        if (_handle != 0)
            _ = Sqlite.sqlite3_finalize(_handle);
        _handle = 0;
    }
}
