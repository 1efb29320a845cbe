using System;
using System.IO;
using Gate.Text;

namespace Gate.Cli;

/// <summary>Output for people: colour on a terminal only, and never with NO_COLOR.</summary>
internal static class Terminal
{
    private static readonly bool s_colour = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static void Line(string text = "") => Console.Out.WriteLine(text);

    public static void Error(string text) => Console.Error.WriteLine("gate: " + text);

    public static string Good(string text) => Paint("32", text);

    public static string Bad(string text) => Paint("31", text);

    public static string Doubtful(string text) => Paint("33", text);

    public static string Faint(string text) => Paint("2", text);

    public static string Outcome(string outcome) => outcome switch
    {
        "allow" => Good(outcome), "ask" => Doubtful(outcome), "deny" => Bad(outcome), _ => Faint(outcome),
    };

    /// <summary>Filled up with blanks to a width.</summary>
    public static string Outcome(string outcome, int width) => Outcome(outcome) + new string(' ', Math.Max(0, width - outcome.Length));

    private static string Paint(string code, string text) => s_colour ? $"\u001b[{code}m{text}\u001b[0m" : text;

    /// <summary>Bytes as they are: JSON, exports.</summary>
    public static void Raw(ReadOnlySpan<byte> bytes)
    {
        using Stream output = Console.OpenStandardOutput();
        output.Write(bytes);
    }

    /// <summary>Control characters would let a recorded command repaint the screen of whoever looks at it.</summary>
    public static string Safe(ReadOnlySpan<byte> bytes) => Shown.Of(bytes);

    /// <summary>Several lines of it: the line ends stay.</summary>
    public static void SafeLines(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.TrimEnd((byte)'\n');
        foreach (Range line in bytes.Split((byte)'\n'))
            Line(Safe(bytes[line]));
    }

    /// <summary>A passphrase typed twice, not shown; null where there is no terminal to ask on.</summary>
    public static string? NewPassphrase(string name)
    {
        string? first = Passphrase($"Passphrase for key '{name}': ");
        if (first is null)
            return null;
        if (first.Length < 8)
            throw new CliException("A passphrase needs at least 8 characters; or choose --no-passphrase on purpose.");
        if (Passphrase("Once more: ") != first)
            throw new CliException("The two passphrases differ; nothing was written. Try again.");
        return first;
    }

    public static string? Passphrase(string prompt)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
            return null;
        Console.Error.Write(prompt);
        System.Text.StringBuilder text = new();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace && text.Length > 0)
                text.Length--;
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
