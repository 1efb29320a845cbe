using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gate.Effects;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Expansion;

/// <summary>
/// Harmless snippets with the words that bash 5.2 gave to each call of <c>show</c> in them. What Gate says must allow for them: a piece it does not know may be
/// anything, a number it does not know any digits, and all else must be the very same text. "exact" rows must have no such piece.
/// </summary>
public class BashTableTests
{
    public sealed record Row(string Run, string[] Gives, bool Exact);

    private static IEnumerable<Row> Rows()
    {
        foreach (string line in File.ReadLines(Sources.PathOf("tests", "corpus", "expansion", "bash-5.2.jsonl")))
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            yield return new Row(row.GetProperty("run").GetString()!, [.. Array.ConvertAll([.. row.GetProperty("gives").EnumerateArray()], words => words.GetString()!)], row.GetProperty("exact").GetBoolean());
        }
    }

    [Fact]
    public void Known_words_are_those_that_bash_gives()
    {
        List<string> wrong = [];
        int count = 0;
        foreach (Row row in Rows())
        {
            count++;
            List<string> shown = [];
            foreach (Effect effect in Shipped.Decide(row.Run).Effects)
            {
                if (effect.Program.AsSpan().SequenceEqual("show"u8))
                    shown.Add(string.Concat(Array.ConvertAll(effect.Words, word => $"<{Encoding.UTF8.GetString(word)}>")));
            }

            bool right = shown.Count == row.Gives.Length || !row.Exact;
            for (int i = 0; right && shown.Count == row.Gives.Length && i < shown.Count; i++)
                right = Allows(shown[i], row.Gives[i]);
            right &= shown.Count == row.Gives.Length || Array.TrueForAll(row.Gives, words => shown.Exists(one => Allows(one, words)));
            if (!right || (row.Exact && string.Join(' ', shown) != string.Join(' ', row.Gives)))
                wrong.Add($"{row.Run}: bash {string.Join(' ', row.Gives)}, here {string.Join(' ', shown).Replace('\0', '…').Replace('\x1a', '#')}");
        }

        Assert.Empty(wrong);
        Assert.InRange(count, 300, 10_000);
    }

    private static bool Allows(string shown, string words)
    {
        StringBuilder pattern = new("^");
        foreach (Match word in Regex.Matches(shown, "<[^<>]*>|[^<]+|<"))
            pattern.Append(word.Value.Contains('\0', StringComparison.Ordinal) ? ".*" : Regex.Escape(word.Value).Replace("\x1a", "-?[0-9]+", StringComparison.Ordinal));
        return Regex.IsMatch(words, pattern.Append('$').ToString(), RegexOptions.Singleline);
    }
}
