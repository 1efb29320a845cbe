using System;
using System.Text;
using Gate.Text;

namespace Gate.Redaction;

/// <summary>What stands in a secret's place: <c>[redacted KIND ID]</c>, with a hint <c>[redacted KIND ID #1a2b3c]</c> or <c>[redacted KIND ID …1234]</c>.</summary>
public static class Marks
{
    /// <summary>No mark is longer, in bytes.</summary>
    public const int MaximumLength = 120;

    public static ReadOnlySpan<byte> Start => "[redacted "u8;

    /// <summary>Stands for all that follows where a text is full of beginnings of secrets.</summary>
    public static ReadOnlySpan<byte> Rest => "[redacted rest]"u8;

    public static void Write(ByteBuilder output, RedactionTable table, int format, ReadOnlySpan<byte> secret)
    {
        output.Add(Start).Add(RedactionNames.Of(table.Kind(format))).Add((byte)' ').Add(table.Id(format));
        SecretHint hint = table.Hint(format);
        if (hint == SecretHint.Digest && secret.Length >= 16)
        {
            ulong digest = Fnv.Hash(secret);
            digest ^= digest >> 32;
            output.Add(" #"u8).AddHex([(byte)(digest >> 16), (byte)(digest >> 8), (byte)digest]);
        }
        else if (hint == SecretHint.LastFour && secret.Length >= 12)
        {
            output.Add(" …"u8).Add(secret[^4..]);
        }

        output.Add((byte)']');
    }

    /// <summary>The length of the mark that a text begins with; 0: it begins with none; -1: more text is needed to say so.</summary>
    public static int LengthAt(RedactionTable table, ReadOnlySpan<byte> text, bool last)
    {
        bool cut = text.Length < MaximumLength && !last;
        ReadOnlySpan<byte> start = Start, begun = text[..Math.Min(text.Length, start.Length)];
        if (!start.StartsWith(begun))
            return 0;
        int end = text[..Math.Min(text.Length, MaximumLength)].IndexOf((byte)']');
        if (end < start.Length)
            return end < 0 && cut ? -1 : 0;
        ReadOnlySpan<byte> inside = text[start.Length..end];
        if (inside.SequenceEqual("rest"u8))
            return end + 1;

        // Only what this table could have written: else a secret could be put between such brackets.
        for (int format = 0; format < table.FormatCount; format++)
        {
            string kind = RedactionNames.Of(table.Kind(format));
            if (!inside.StartsWith(table.Id(format), out ReadOnlySpan<byte> rest, kind))
                continue;
            if (rest.Length == 0 || (rest.StartsWith(" #"u8) && rest.Length == 8) || (rest.StartsWith(" …"u8) && rest.Length == 8))
                return end + 1;
        }

        return 0;
    }

    // Kind, a blank, id; what is left then.
    private static bool StartsWith(this ReadOnlySpan<byte> inside, ReadOnlySpan<byte> id, out ReadOnlySpan<byte> rest, string kind)
    {
        rest = default;
        if (inside.Length <= kind.Length || !Ascii.Equals(inside[..kind.Length], kind) || inside[kind.Length] != ' ' || !inside[(kind.Length + 1)..].StartsWith(id))
            return false;
        rest = inside[(kind.Length + 1 + id.Length)..];
        return true;
    }
}
