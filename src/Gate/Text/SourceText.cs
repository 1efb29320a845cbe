using System;

namespace Gate.Text;

/// <summary>
/// The bytes that spans point into. UTF-8 as it came: not decoded, not validated, because shells work on bytes
/// and a decoder would lose what it cannot read.
/// </summary>
public sealed class SourceText(byte[] bytes)
{
    /// <summary>The text itself.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>Length in bytes.</summary>
    public int Length => Bytes.Length;

    /// <summary>The bytes of a span.</summary>
    public ReadOnlySpan<byte> Slice(Span span) => Bytes.AsSpan(span.Start, span.Length);

    /// <summary>The bytes of a span as the shell joins them: without lines that are continued. A name may be written over several lines.</summary>
    public ReadOnlySpan<byte> Joined(Span span)
    {
        ReadOnlySpan<byte> written = Slice(span);
        if (written.IndexOf("\\\n"u8) < 0)
            return written;
        byte[] joined = new byte[written.Length];
        int count = 0;
        for (int i = 0; i < written.Length; i++)
        {
            if (written[i] == (byte)'\\' && i + 1 < written.Length && written[i + 1] == (byte)'\n')
                i++;
            else
                joined[count++] = written[i];
        }

        return joined.AsSpan(0, count);
    }

    /// <summary>The 1-based line and the 1-based column (in bytes) of an offset. Linear: for messages, not for the hook path.</summary>
    public (int Line, int Column) Position(int offset)
    {
        int line = 1, start = 0;
        for (int i = 0; i < offset && i < Bytes.Length; i++)
        {
            if (Bytes[i] == (byte)'\n')
            {
                line++;
                start = i + 1;
            }
        }

        return (line, offset - start + 1);
    }
}
