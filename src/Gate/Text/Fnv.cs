using System;

namespace Gate.Text;

/// <summary>The 64-bit FNV-1a hash, for the tables of a bundle. Part of the wire format; not for anything that somebody could want to collide.</summary>
public static class Fnv
{
    public const ulong Start = 0xCBF29CE484222325;

    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong hash = Start)
    {
        foreach (byte b in bytes)
            hash = (hash ^ b) * 0x100000001B3;
        return hash;
    }
}
