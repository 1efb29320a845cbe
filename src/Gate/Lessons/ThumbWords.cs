using System;

namespace Gate.Lessons;

/// <summary>
/// A thumbs-down in what a person types: the slash command, or a prompt that begins with one of a few fixed phrases and is over there, or goes on behind a
/// mark. Nothing is guessed: "thumbs down icon is too small" is a prompt like any other.
/// </summary>
public static class ThumbWords
{
    /// <summary>The slash command's name.</summary>
    public static ReadOnlySpan<byte> Command => "thumbs-down"u8;

    /// <summary>The phrases; letters of either case, any apostrophe.</summary>
    private static readonly string[] s_phrases = ["thumbs down", "thumbs-down", "don't do that again", "dont do that again", "do not do that again", "never do that again"];

    /// <summary>Whether a prompt is a thumbs-down, and the sentence behind it.</summary>
    public static bool Read(ReadOnlySpan<byte> prompt, out ReadOnlySpan<byte> sentence)
    {
        prompt = prompt.Trim(" \t\r\n"u8);
        sentence = default;
        if (prompt.StartsWith("/"u8) && prompt[1..].StartsWith(Command))
            return Ends(prompt[(Command.Length + 1)..], blank: true, out sentence);
        if (prompt.StartsWith("👎"u8))
        {
            prompt = prompt["👎"u8.Length..];

            // The shades of the hand: U+1F3FB to U+1F3FF.
            if (prompt.StartsWith("\U0001F3FB"u8[..3]) && prompt.Length >= 4 && prompt[3] is >= 0xBB and <= 0xBF)
                prompt = prompt[4..];
            return Ends(prompt, blank: true, out sentence);
        }

        foreach (string phrase in s_phrases)
        {
            int length = Matches(prompt, phrase);
            if (length > 0 && Ends(prompt[length..], blank: false, out sentence))
                return true;
        }

        return false;
    }

    // Nothing more, or a mark (behind the sign and the slash command a blank is enough) and then the sentence.
    private static bool Ends(ReadOnlySpan<byte> rest, bool blank, out ReadOnlySpan<byte> sentence)
    {
        sentence = rest.TrimStart(" \t\r\n:,.;!-"u8);
        if (sentence.StartsWith("—"u8) || sentence.StartsWith("–"u8))
            sentence = sentence[3..].TrimStart((byte)' ');
        ReadOnlySpan<byte> after = rest.TrimStart((byte)' ');
        return rest.Length == 0 || (blank && rest[0] is (byte)' ' or (byte)'\t' or (byte)'\n') || (after.Length > 0 && after[0] is (byte)':' or (byte)',' or (byte)'.' or (byte)';' or (byte)'!' or (byte)'\n' or (byte)'\r')
            || after.StartsWith("- "u8) || after.StartsWith("—"u8) || after.StartsWith("–"u8);
    }

    // How long the phrase is in the text; 0 where it does not begin with it.
    private static int Matches(ReadOnlySpan<byte> text, string phrase)
    {
        int at = 0;
        foreach (char c in phrase)
        {
            if (c == '\'' && text[at..].StartsWith("’"u8))
            {
                at += 3;
                continue;
            }

            if (at >= text.Length || (text[at] | (char.IsAsciiLetter(c) ? 0x20 : 0)) != c)
                return 0;
            at++;
        }

        return at;
    }
}
