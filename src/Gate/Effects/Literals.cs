using System;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

/// <summary>The text of a word after quote removal, as far as it is written out.</summary>
internal static class Literals
{
    /// <summary>Parts that only a run would know are left out, and <paramref name="known"/> becomes false.</summary>
    public static byte[] TextOf(Word word, SourceText source, ref bool known)
    {
        ByteBuilder text = new(word.Span.Length + 4);
        Add(word.Parts, source, text, ref known);
        return text.ToArray();
    }

    private static void Add(Part[] parts, SourceText source, ByteBuilder text, ref bool known)
    {
        foreach (Part part in parts)
        {
            ReadOnlySpan<byte> bytes = source.Slice(part.Span);
            switch (part.Kind)
            {
                case NodeKind.Literal: text.Add(bytes); break;
                case NodeKind.Escape: text.Add(bytes[1..]); break;
                case NodeKind.Continuation: break;
                case NodeKind.SingleQuoted: text.Add(bytes[1..^1]); break;
                case NodeKind.AnsiQuoted: text.Add(AnsiQuote.Decode(bytes[2..^1])); break;
                case NodeKind.DoubleQuoted: Add(((DoubleQuoted)part).Parts, source, text, ref known); break;
                case NodeKind.Glob: text.Add(bytes); known = false; break;
                default: known = false; break;
            }
        }
    }
}
