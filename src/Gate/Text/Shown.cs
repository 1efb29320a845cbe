using System;
using System.Globalization;
using System.Text;

namespace Gate.Text;

/// <summary>
/// Foreign text made fit to be shown to a person: what could repaint a screen, turn the reading direction or hide (control and format
/// characters, line ends, broken UTF-8) stands as one visible mark each.
/// </summary>
public static class Shown
{
    /// <param name="bytes">UTF-8, as far as it goes.</param>
    /// <param name="most">Longer text is cut after so many characters.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int most = int.MaxValue)
    {
        StringBuilder text = new(Math.Min(bytes.Length, most));
        int count = 0;
        while (bytes.Length > 0)
        {
            if (count++ == most)
                return text.Append('…').ToString();

            // What cannot be decoded comes as U+FFFD.
            _ = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length);
            bytes = bytes[length..];
            if (rune.Value == '\n')
                text.Append('␤');
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                text.Append('�');
            else
                text.Append(rune.ToString());
        }

        return text.ToString();
    }
}
