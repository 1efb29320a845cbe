using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Starts a program with nothing in between, so that the moment of its death can be chosen to some microseconds.</summary>
internal static unsafe partial class RawProcess
{
    private const int Killed = 9, ReadOnly = 0, WriteOnly = 1;

    [LibraryImport("libc")]
    private static partial int posix_spawn(int* pid, byte* path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);

    /// <summary>Runs the program with files for its input and output, and kills it after so many microseconds; true when it was still running.</summary>
    public static bool RunAndKill(string program, string[] arguments, string[] environment, string input, string output, long microseconds)
    {
        byte* actions = stackalloc byte[512];
        int pid, status;
        using Words argv = new([program, .. arguments]), env = new(environment), files = new([input, output]);
        Assert.Equal(0, posix_spawn_file_actions_init(actions));
        Assert.Equal(0, posix_spawn_file_actions_addopen(actions, 0, files.Pointer[0], ReadOnly, 0));
        Assert.Equal(0, posix_spawn_file_actions_addopen(actions, 1, files.Pointer[1], WriteOnly, 0));
        Assert.Equal(0, posix_spawn(&pid, argv.Pointer[0], actions, null, argv.Pointer, env.Pointer));
        long end = Stopwatch.GetTimestamp() + (microseconds * Stopwatch.Frequency / 1_000_000);
        while (Stopwatch.GetTimestamp() < end)
            Thread.SpinWait(20);
        _ = kill(pid, Killed);
        Assert.Equal(pid, waitpid(pid, &status, 0));
        _ = posix_spawn_file_actions_destroy(actions);
        return (status & 0x7F) == Killed;
    }

    /// <summary>An array of C strings with a null pointer at its end.</summary>
    private sealed class Words : IDisposable
    {
        private readonly int _count;

        public Words(string[] words)
        {
            _count = words.Length;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)((words.Length + 1) * sizeof(byte*)));
            for (int i = 0; i < words.Length; i++)
                Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(words[i]);
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (int i = 0; i < _count; i++)
                Marshal.FreeCoTaskMem((nint)Pointer[i]);
            NativeMemory.Free(Pointer);
        }
    }
}
