using System;
using Gate.Bundles;

namespace Gate.Effects;

/// <summary>
/// What a path pattern is filed under, and what a path is looked up by: for each component of the path its whole name, what stands from its last
/// dot on, and its first three bytes. A pattern is filed under one of these that any path it matches must have; under <see cref="None"/> when there is none.
/// </summary>
internal static class PlaceKeys
{
    public const int PrefixLength = 3;

    /// <summary>The key of patterns that every path is held against.</summary>
    public static uint None => KeyTable.Key((byte)'*', default);

    public static uint Name(ReadOnlySpan<byte> component) => KeyTable.Key((byte)'n', component);

    /// <summary>From the last dot on; false where there is none.</summary>
    public static bool TryExtension(ReadOnlySpan<byte> component, out uint key)
    {
        int dot = component.LastIndexOf((byte)'.');
        key = dot < 0 ? 0 : KeyTable.Key((byte)'x', component[dot..]);
        return dot >= 0;
    }

    public static bool TryPrefix(ReadOnlySpan<byte> component, out uint key)
    {
        key = component.Length < PrefixLength ? 0 : KeyTable.Key((byte)'p', component[..PrefixLength]);
        return component.Length >= PrefixLength;
    }

    /// <summary>The name of a variable that leads to a path.</summary>
    public static uint Variable(ReadOnlySpan<byte> name) => KeyTable.Key((byte)'v', name);

    /// <summary>The key a pattern is filed under: the longest component without a star or question mark, else an ending, else a beginning.</summary>
    public static uint Of(ReadOnlySpan<byte> pattern)
    {
        ReadOnlySpan<byte> longest = default;
        uint part = None;
        pattern = pattern[(pattern[0] == '~' ? 1 : 0)..];
        while (pattern.Length > 0)
        {
            int slash = pattern.IndexOf((byte)'/');
            ReadOnlySpan<byte> component = slash < 0 ? pattern : pattern[..slash];
            pattern = slash < 0 ? default : pattern[(slash + 1)..];
            int first = component.IndexOfAny((byte)'*', (byte)'?'), last = component.LastIndexOfAny((byte)'*', (byte)'?');
            if (first < 0)
                longest = component.Length > longest.Length ? component : longest;
            else if (TryExtension(component[(last + 1)..], out uint key) || TryPrefix(component[..first], out key))
                part = key;
        }

        return longest.Length > 0 ? Name(longest) : part;
    }
}
