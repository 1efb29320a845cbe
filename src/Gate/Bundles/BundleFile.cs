using System;
using System.Buffers.Binary;
using Gate.Native;
using Gate.Requests;

namespace Gate.Bundles;

/// <summary>Opens bundles on disk and the one inside the binary.</summary>
public static unsafe class BundleFile
{
    /// <summary>
    /// The bundle that judges a place: the repository's, else the user's default, else the binary's own (an empty path). Where a bundle was
    /// ever put in force its absence is a fault, not a reason to take the next one.
    /// </summary>
    public static Bundle? InForce(Places places, Surroundings surroundings, out byte[] path, out BundleFault fault)
    {
        ReadOnlySpan<byte> candidate = surroundings.Repository;
        while (true)
        {
            path = places.BundleOf(candidate);
            Bundle? bundle = Open(path, places.Trust, out fault);
            if (bundle is not null || fault != BundleFault.Missing || Files.TryStatus(places.FolderOf(candidate), out _))
                return bundle;
            if (candidate.Length == 0)
                break;
            candidate = default;
        }

        path = [];
        return OpenBuiltIn(out fault);
    }

    /// <summary>
    /// Opens once: owner, mode and bytes are judged on the handle that is mapped, so nothing can be swapped in between.
    /// Refused when it is not the user's (or root's) own, or when group or others may write it.
    /// </summary>
    public static Bundle? Open(ReadOnlySpan<byte> path, ReadOnlySpan<byte> trustPath, out BundleFault fault) =>
        Open(path, new Trust(Files.Read(trustPath, 1 << 20) ?? []), out fault);

    /// <summary>The same with keys that are given: to verify a bundle away from where its keys are trusted.</summary>
    public static Bundle? Open(ReadOnlySpan<byte> path, Trust trust, out BundleFault fault)
    {
        int descriptor = Files.Open(path, Libc.ReadOnly | Libc.CloseOnExec);
        if (descriptor < 0)
        {
            fault = Libc.Error is Libc.NotFound or Libc.NotADirectory ? BundleFault.Missing : BundleFault.NotOwned;
            return null;
        }

        Bundle? bundle = null;
        byte* start = Map(descriptor, out long length, out fault);
        if (start is not null)
            bundle = Bundle.Open(start, length, trust, out fault);
        _ = Libc.Close(descriptor);
        return bundle;
    }

    private static byte* Map(int descriptor, out long length, out BundleFault fault)
    {
        length = 0;
        Libc.Status status;
        if (Libc.FileStatus(descriptor, &status) != 0 || !status.IsRegular || (status.Mode & 0x12) != 0 || (status.User != Libc.UserId() && status.User != 0))
        {
            fault = BundleFault.NotOwned;
            return null;
        }

        length = status.Size;
        fault = length is 0 or > int.MaxValue ? BundleFault.Truncated : BundleFault.None;
        if (fault != BundleFault.None)
            return null;
        byte* start = Libc.Map(null, (nint)length, 1, 2, descriptor, 0);
        if ((nint)start != -1)
            return start;
        fault = BundleFault.NotOwned;
        return null;
    }

    /// <summary>The end of the binary: the bundle, padding, then u64 the bundle's offset, u64 its length and the mark.</summary>
    public const int TrailerSize = 32;

    public static ReadOnlySpan<byte> TrailerMark => "gate built-in 1\0"u8;

    /// <summary>
    /// The default bundle, which install/build appends to the binary: as trusted as the program itself. Null when this build has none
    /// (tests, or a binary that did not come from install/build).
    /// </summary>
    public static Bundle? OpenBuiltIn(out BundleFault fault)
    {
        fault = BundleFault.Missing;
        int descriptor = Files.Open("/proc/self/exe"u8, Libc.ReadOnly | Libc.CloseOnExec);
        if (descriptor < 0)
            return null;
        Libc.Status status;
        Bundle? bundle = null;
        Span<byte> trailer = stackalloc byte[TrailerSize];
        if (Libc.FileStatus(descriptor, &status) == 0 && status.Size > TrailerSize && ReadAt(descriptor, trailer, status.Size - TrailerSize) && trailer[16..].SequenceEqual(TrailerMark))
        {
            long offset = BinaryPrimitives.ReadInt64LittleEndian(trailer), length = BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]);
            if (offset > 0 && offset % 4096 == 0 && length is > 0 and < int.MaxValue && offset + length <= status.Size - TrailerSize)
            {
                byte* start = Libc.Map(null, (nint)length, 1, 2, descriptor, (nint)offset);
                if ((nint)start != -1)
                    bundle = Bundle.Open(start, length, null, out fault);
            }
        }

        _ = Libc.Close(descriptor);
        return bundle;
    }

    private static bool ReadAt(int descriptor, Span<byte> bytes, long offset)
    {
        fixed (byte* b = bytes)
            return Libc.ReadAt(descriptor, b, bytes.Length, (nint)offset) == bytes.Length;
    }
}
