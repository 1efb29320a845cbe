using System;
using Gate.Bundles;

namespace Gate.Effects;

/// <summary>
/// Finds the patterns of the place table that a path may match, so that the cost of a path does not grow with the table. The section is a
/// <see cref="KeyTable"/>; its lists hold pairs of entry and pattern, places in the table of places.
/// </summary>
internal sealed class PlaceIndex
{
    private readonly Bundle _bundle;
    private readonly KeyTable _table;
    private ulong[] _found = new ulong[16];
    private int _count;

    public PlaceIndex(Bundle bundle)
    {
        _bundle = bundle;
        (int at, int length) = bundle.Find(Section.PlaceIndex);
        if (length == 0)
            throw new BundleDamagedException("the bundle has no index of places");
        _table = new KeyTable(bundle, at);
    }

    /// <summary>What was found last, in the table's order: entry in the upper half, pattern in the lower. Valid until the next search.</summary>
    public ReadOnlySpan<ulong> Found => _found.AsSpan(0, _count);

    /// <summary>Every pattern that the path may match, and none twice.</summary>
    public void Search(ReadOnlySpan<byte> path)
    {
        _count = 0;
        Look(PlaceKeys.None);
        while (path.Length > 0)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> component = slash < 0 ? path : path[..slash];
            path = slash < 0 ? default : path[(slash + 1)..];
            if (component.Length == 0)
                continue;
            Look(PlaceKeys.Name(component));
            if (PlaceKeys.TryExtension(component, out uint key))
                Look(key);
            if (PlaceKeys.TryPrefix(component, out key))
                Look(key);
        }
    }

    /// <summary>The entries of a variable's name.</summary>
    public void SearchVariable(ReadOnlySpan<byte> name)
    {
        _count = 0;
        Look(PlaceKeys.Variable(name));
    }

    private void Look(uint key)
    {
        (int list, int count) = _table.Find(key);
        for (int i = 0; i < count; i += 2)
            Add(((ulong)_bundle.Word(list + (i * 4)) << 32) | _bundle.Word(list + 4 + (i * 4)));
    }

    private void Add(ulong candidate)
    {
        int at = Found.BinarySearch(candidate);
        if (at >= 0)
            return;
        at = ~at;
        if (_count == _found.Length)
            Array.Resize(ref _found, _count * 2);
        Array.Copy(_found, at, _found, at + 1, _count - at);
        _found[at] = candidate;
        _count++;
    }
}
