using System;

namespace Gate.Native;

/// <summary>Small file work on byte paths, without the BCL's strategies: read a descriptor or a file, look at a path.</summary>
internal static unsafe class Files
{
    /// <summary>Everything up to the end of a descriptor, or null past <paramref name="limit"/> bytes or on an error.</summary>
    public static byte[]? ReadAll(int descriptor, int limit, int capacity, out int length)
    {
        byte[] buffer = new byte[capacity];
        length = 0;
        while (true)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            nint count;
            fixed (byte* b = buffer)
                count = Libc.Read(descriptor, b + length, buffer.Length - length);
            if (count == 0)
                return buffer;
            if (count < 0)
            {
                if (Libc.Error == Libc.Interrupted)
                    continue;
                if (Libc.Error != Libc.TryAgain)
                    return null;

                // A parent may have made the shared descriptor non-blocking; waiting is still right.
                Libc.Sleep(500);
                continue;
            }

            length += (int)count;
            if (length > limit)
                return null;
        }
    }

    /// <summary>A whole small file, or null when it cannot be opened or is larger than <paramref name="limit"/> bytes.</summary>
    public static byte[]? Read(ReadOnlySpan<byte> path, int limit)
    {
        int descriptor = Open(path, Libc.ReadOnly | Libc.CloseOnExec);
        if (descriptor < 0)
            return null;
        byte[]? bytes = ReadAll(descriptor, limit, 512, out int length);
        _ = Libc.Close(descriptor);
        return bytes?.AsSpan(0, length).ToArray();
    }

    /// <summary>
    /// A whole plain file, or null when there is none, it is larger than <paramref name="limit"/> bytes or cannot be read at once. Never waits: what
    /// is no plain file is not opened, and what only looks like one (in /proc) is not read to its end.
    /// </summary>
    public static byte[]? ReadPlain(ReadOnlySpan<byte> path, int limit, out bool isThere)
    {
        isThere = TryStatus(path, out Libc.Status status);
        if (!isThere || !status.IsRegular || status.Size > limit)
            return null;
        int descriptor = Open(path, Libc.ReadOnly | Libc.CloseOnExec | Libc.NoWait);
        if (descriptor < 0)
            return null;
        byte[]? bytes = null;
        if (Libc.FileStatus(descriptor, &status) == 0 && status.IsRegular && status.Size <= limit)
        {
            byte[] buffer = new byte[status.Size + 1];
            int length = 0;
            fixed (byte* b = buffer)
            {
                nint count = 1;
                while (count > 0 && length < buffer.Length)
                {
                    count = Libc.Read(descriptor, b + length, buffer.Length - length);
                    length += (int)Math.Max(count, 0);
                    count = count < 0 && Libc.Error == Libc.Interrupted ? 1 : count;
                }

                // It is as long as it said, or nobody knows what it says.
                bytes = count == 0 && length == status.Size ? buffer.AsSpan(0, length).ToArray() : null;
            }
        }

        _ = Libc.Close(descriptor);
        return bytes;
    }

    public static int Open(ReadOnlySpan<byte> path, int flags)
    {
        Span<byte> terminated = stackalloc byte[path.Length + 1];
        path.CopyTo(terminated);
        terminated[^1] = 0;
        fixed (byte* p = terminated)
            return Libc.Open(p, flags, 0x180);
    }

    /// <summary>What a path is, following links; false when there is nothing.</summary>
    public static bool TryStatus(ReadOnlySpan<byte> path, out Libc.Status status)
    {
        Span<byte> terminated = stackalloc byte[path.Length + 1];
        path.CopyTo(terminated);
        terminated[^1] = 0;
        fixed (byte* p = terminated)
        {
            fixed (Libc.Status* s = &status)
                return Libc.PathStatus(p, s) == 0;
        }
    }

    /// <summary>The path with every link followed, or null when it does not exist.</summary>
    [System.Runtime.CompilerServices.SkipLocalsInit]
    public static byte[]? RealPath(ReadOnlySpan<byte> path)
    {
        Span<byte> terminated = stackalloc byte[path.Length + 1];
        path.CopyTo(terminated);
        terminated[^1] = 0;
        byte* resolved = stackalloc byte[4097];
        fixed (byte* p = terminated)
        {
            byte* result = Libc.RealPath(p, resolved);
            return result is null ? null : System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result).ToArray();
        }
    }

    /// <summary>
    /// The length of a link's target, 0 when the path is no link. The path ends with a zero byte; the target is cut at the buffer's end.
    /// What cannot be looked at does not exist as far as anybody can tell.
    /// </summary>
    public static int ReadLink(ReadOnlySpan<byte> path, Span<byte> target, out bool exists)
    {
        fixed (byte* p = path, t = target)
        {
            nint length = Libc.ReadLink(p, t, target.Length);
            exists = length >= 0 || Libc.Error == Libc.Invalid;
            return (int)Math.Max(length, 0);
        }
    }

    /// <summary>Makes a folder and those above it, for the user alone; what exists stays as it is.</summary>
    public static void MakeFolders(ReadOnlySpan<byte> path)
    {
        Span<byte> terminated = stackalloc byte[path.Length + 1];
        for (int i = 1; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] != '/')
                continue;
            path[..i].CopyTo(terminated);
            terminated[i] = 0;
            fixed (byte* p = terminated)
                _ = Libc.MakeFolder(p, 0x1C0);
        }
    }

    /// <summary>Takes a file away; one that is not there is as good.</summary>
    public static void Delete(ReadOnlySpan<byte> path)
    {
        Span<byte> terminated = stackalloc byte[path.Length + 1];
        path.CopyTo(terminated);
        terminated[^1] = 0;
        fixed (byte* p = terminated)
            _ = Libc.Unlink(p);
    }

    /// <summary>Writes all bytes, whatever it takes; false when the other end is gone.</summary>
    public static bool WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint count;
            fixed (byte* b = bytes)
                count = Libc.Write(descriptor, b, bytes.Length);
            if (count < 0)
            {
                if (Libc.Error == Libc.TryAgain)
                    Libc.Sleep(500);
                else if (Libc.Error != Libc.Interrupted)
                    return false;
                continue;
            }

            bytes = bytes[(int)count..];
        }

        return true;
    }
}
