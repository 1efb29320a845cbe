using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Gate.Cli;

/// <summary>Replacements to make in a text, given by offsets in the original; whatever they do not name stays byte for byte.</summary>
internal sealed class SettingsSplices
{
    private readonly List<(int Start, int End, string Text, int Order)> _list = [];

    public int Count => _list.Count;

    /// <summary>Inserts; two insertions at one offset come in the order they were asked for.</summary>
    public void Insert(int offset, string text) => Replace(offset, offset, text);

    public void Delete(int start, int end) => Replace(start, end, "");

    public void Replace(int start, int end, string text) => _list.Add((start, end, text, _list.Count));

    public byte[] Apply(byte[] bytes)
    {
        _list.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Order.CompareTo(b.Order));
        using MemoryStream result = new(bytes.Length + 1024);
        int at = 0;
        foreach ((int start, int end, string text, _) in _list)
        {
            // Overlapping deletions are one deletion.
            if (start > at)
            {
                result.Write(bytes, at, start - at);
            }

            result.Write(Encoding.UTF8.GetBytes(text));
            at = Math.Max(at, end);
        }

        result.Write(bytes, at, bytes.Length - at);
        return result.ToArray();
    }
}
