using System.Runtime.InteropServices;

namespace Gate.Native;

/// <summary>
/// The few system calls the hook path needs, linked directly. The BCL's File and Console start machinery
/// (strategies, safe handles, encodings) that costs more than the calls themselves.
/// </summary>
internal static unsafe partial class Libc
{
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, Truncate = 0x200, Append = 0x400,
        Directory = 0x10000, NoFollow = 0x20000, CloseOnExec = 0x80000, NoWait = 0x800;

    public const int NotFound = 2, Interrupted = 4, TryAgain = 11, NotADirectory = 20, Invalid = 22;

    [LibraryImport("libc", EntryPoint = "open")]
    public static partial int Open(byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "mkdir")]
    public static partial int MakeFolder(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint FileMask(uint mask);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "pread")]
    public static partial nint ReadAt(int descriptor, byte* buffer, nint count, nint offset);

    [LibraryImport("libc", EntryPoint = "write")]
    public static partial nint Write(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "pwrite")]
    public static partial nint WriteAt(int descriptor, byte* buffer, nint count, nint offset);

    [LibraryImport("libc", EntryPoint = "unlink")]
    public static partial int Unlink(byte* path);

    [LibraryImport("libc", EntryPoint = "rename")]
    public static partial int Rename(byte* from, byte* to);

    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial byte* Map(byte* address, nint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(byte* address, nint length);

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "getuid")]
    public static partial uint UserId();

    [LibraryImport("libc", EntryPoint = "getcwd")]
    public static partial byte* CurrentDirectory(byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "readlink")]
    public static partial nint ReadLink(byte* path, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "getenv")]
    public static partial byte* Environment(byte* name);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, long* secondsAndNanoseconds);

    [LibraryImport("libc", EntryPoint = "__errno_location")]
    public static partial int* ErrorNumberLocation();

    /// <summary>struct stat of x86-64 Linux: 144 bytes; the fields used are read at their offsets below.</summary>
    [LibraryImport("libc", EntryPoint = "fstat")]
    public static partial int FileStatus(int descriptor, Status* status);

    [LibraryImport("libc", EntryPoint = "stat")]
    public static partial int PathStatus(byte* path, Status* status);

    [LibraryImport("libc", EntryPoint = "lstat")]
    public static partial int LinkStatus(byte* path, Status* status);

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int SleepMicroseconds(uint microseconds);

    [LibraryImport("libc", EntryPoint = "realpath")]
    public static partial byte* RealPath(byte* path, byte* resolved);

    public static int Error => *ErrorNumberLocation();

    public static void Sleep(long microseconds) => _ = SleepMicroseconds((uint)microseconds);

    /// <summary>The wall clock, in milliseconds since 1970.</summary>
    public static long WallMilliseconds()
    {
        long* time = stackalloc long[2];
        _ = ClockGetTime(0, time);
        return (time[0] * 1000) + (time[1] / 1_000_000);
    }

    /// <summary>A clock that never goes back, in microseconds since some start.</summary>
    public static long SteadyMicroseconds()
    {
        long* time = stackalloc long[2];
        _ = ClockGetTime(1, time);
        return (time[0] * 1_000_000) + (time[1] / 1000);
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Status
    {
        public ulong Device, Inode, Links;
        public uint Mode, User, Group, Padding;
        public ulong SpecialDevice;
        public long Size, BlockSize, Blocks;
        public long AccessSeconds, AccessNanoseconds, ModifySeconds, ModifyNanoseconds, ChangeSeconds, ChangeNanoseconds;
        public long Reserved0, Reserved1, Reserved2;

        public readonly bool IsDirectory => (Mode & 0xF000) == 0x4000;

        public readonly bool IsRegular => (Mode & 0xF000) == 0x8000;

        public readonly bool IsLink => (Mode & 0xF000) == 0xA000;
    }
}
