using System;
using System.Globalization;

namespace Gate.Cli;

/// <summary>Times of the ledger, both ways. A damaged row may hold any number.</summary>
internal static class LedgerTime
{
    private const long First = -62_135_596_800_000, Last = 253_402_300_799_999;

    /// <summary>Local time in a format; the bare number where it is no time.</summary>
    public static string Shown(long milliseconds, string format) =>
        milliseconds is < First or > Last ? milliseconds.ToString(CultureInfo.InvariantCulture) : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToLocalTime().ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A point in time a person named: a date or date and time (local, or with its zone), or an age: 90m, 12h, 7d, 4w.</summary>
    public static long Parse(string text, string option)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (text == "now")
            return now.ToUnixTimeMilliseconds();
        double minutes = text.Length == 0 ? 0 : text[^1] switch { 'm' => 1, 'h' => 60, 'd' => 1440, 'w' => 10080, _ => 0 };
        if (minutes > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count * minutes < 1e9)
            return now.AddMinutes(-count * minutes).ToUnixTimeMilliseconds();
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time))
            return time.ToUnixTimeMilliseconds();
        throw new CliException($"{option} '{text}' is no time. Give a date (2026-01-31), a date and time (2026-01-31T12:00), or an age (90m, 12h, 7d, 4w).");
    }
}
