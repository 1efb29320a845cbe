using System;
using System.Runtime.InteropServices;

namespace Gate.Native;

/// <summary>
/// SQLite's C interface, linked statically and called directly: half the cost of ADO.NET in a process that makes one transaction.
/// Handles are raw pointers; <see cref="Store.Database"/> is the only user.
/// </summary>
internal static unsafe partial class Sqlite
{
    public const int Ok = 0, Error = 1, Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, Schema = 17, NotADatabase = 26, Row = 100, Done = 101;

    public const int OpenReadOnly = 1, OpenReadWrite = 2, OpenCreate = 4, OpenNoMutex = 0x8000, OpenExtendedCodes = 0x02000000;

    public const int CheckpointPassive = 0, CheckpointTruncate = 3;

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_open_v2(byte* path, nint* database, int flags, byte* vfs);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_close(nint database);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_exec(nint database, byte* sql, nint callback, nint argument, nint error);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_prepare_v2(nint database, byte* sql, int length, nint* statement, byte** tail);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_step(nint statement);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_reset(nint statement);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_finalize(nint statement);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_bind_null(nint statement, int index);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_bind_text(nint statement, int index, byte* text, int length, nint destructor);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_bind_blob(nint statement, int index, byte* bytes, int length, nint destructor);

    [LibraryImport("sqlite3")]
    public static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport("sqlite3")]
    public static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport("sqlite3")]
    public static partial byte* sqlite3_column_text(nint statement, int column);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_column_bytes(nint statement, int column);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_column_type(nint statement, int column);

    [LibraryImport("sqlite3")]
    public static partial byte* sqlite3_errmsg(nint database);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_extended_errcode(nint database);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_busy_handler(nint database, delegate* unmanaged<void*, int, int> handler, void* argument);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_wal_autocheckpoint(nint database, int frames);

    [LibraryImport("sqlite3")]
    public static partial nint sqlite3_wal_hook(nint database, delegate* unmanaged<void*, nint, byte*, int, int> hook, void* argument);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_wal_checkpoint_v2(nint database, byte* name, int mode, int* log, int* done);

    [LibraryImport("sqlite3")]
    public static partial int sqlite3_changes(nint database);
}
