using System;

namespace Gate.Shell;

/// <summary>A growing run of bytes, for the printer and the dump.</summary>
internal sealed class Bytes
{
    private byte[] _bytes = new byte[256];

    internal int Count { get; private set; }

    internal byte Last => Count == 0 ? (byte)'\n' : _bytes[Count - 1];

    internal void Add(byte b)
    {
        if (Count == _bytes.Length)
        {
            Array.Resize(ref _bytes, Count * 2);
        }

        _bytes[Count++] = b;
    }

    internal void Add(ReadOnlySpan<byte> text)
    {
        while (Count + text.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        text.CopyTo(_bytes.AsSpan(Count));
        Count += text.Length;
    }

    internal void Add(string text) => Add(System.Text.Encoding.UTF8.GetBytes(text));

    internal byte[] ToArray() => _bytes.AsSpan(0, Count).ToArray();
}
