using System;

namespace Gate.Text;

/// <summary>Texts made short for answers and rows.</summary>
public static class Cut
{
    /// <summary>The start of a text, <paramref name="most"/> bytes at most, cut between characters; where the bytes are not UTF-8, anywhere.</summary>
    public static ReadOnlySpan<byte> To(ReadOnlySpan<byte> text, int most)
    {
        if (text.Length <= most)
            return text;

        // A character has three bytes after its first at most.
        for (int end = most; end >= 0 && end >= most - 3; end--)
        {
            if ((text[end] & 0xC0) != 0x80)
                return text[..end];
        }

        return text[..most];
    }
}
