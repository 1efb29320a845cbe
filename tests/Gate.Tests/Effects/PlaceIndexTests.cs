using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Bundles;
using Gate.Compiler;
using Gate.Effects;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Effects;

/// <summary>The index is only a short cut: a pattern that matches a path is always among those found for it.</summary>
public class PlaceIndexTests
{
    private static readonly Bundle s_shipped = Policies.Kept(Policies.Built(Policies.Shipped()));

    private static readonly (int Place, string Pattern)[] s_patterns = [.. Patterns()];

    [Fact]
    public void Every_pattern_that_matches_is_found() => Holds.Always(
        dice =>
        {
            (int place, string pattern) = dice.Pick(s_patterns);
            string path = Filled(dice, pattern.StartsWith('~') ? "/home/dev" + pattern[1..] : pattern);
            path = path.StartsWith('/') ? path : "/" + path;
            if (!Glob.Matches(Encoding.UTF8.GetBytes(pattern.StartsWith('~') ? "/home/dev" + pattern[1..] : pattern), Encoding.UTF8.GetBytes(path)))
                return true;
            PlaceIndex index = new(s_shipped);
            index.Search(Encoding.UTF8.GetBytes(path));
            return index.Found.ToArray().Any(found => (int)(uint)found == place);
        },
        20_000);

    [Fact]
    public void What_is_found_stands_in_the_table_s_order_and_once()
    {
        PlaceIndex index = new(s_shipped);
        index.Search("/etc/ssh/.ssh/.env.pem/etc/.claude/id_rsa/node_modules/.git/hooks/etc/x.py"u8);
        ulong[] found = index.Found.ToArray();
        Assert.Equal(found.Distinct().Order(), found);
        Assert.InRange(found.Length, 5, 200);
    }

    [Fact]
    public void Only_a_few_patterns_are_held_against_an_ordinary_path()
    {
        PlaceIndex index = new(s_shipped);
        index.Search("/home/dev/work/src/module/handler.ts"u8);
        Assert.InRange(index.Found.Length, 0, s_patterns.Length / 10);
    }

    [Theory]
    [InlineData("/etc/cron.d/**", "n:cron.d")]
    [InlineData("**/.env.*", "p:.en")]
    [InlineData("**/*.pem", "x:.pem")]
    [InlineData("/proc/*/environ", "n:environ")]
    [InlineData("~/.ssh/**", "n:.ssh")]
    [InlineData("**/a*b", "*")]
    [InlineData("/**", "*")]
    public void A_pattern_is_filed_under_what_every_match_must_have(string pattern, string expected)
    {
        ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(expected.Length > 2 ? expected[2..] : "");
        uint key = expected[0] switch
        {
            'n' => PlaceKeys.Name(text),
            'x' => PlaceKeys.TryExtension(text, out uint extension) ? extension : 0,
            'p' => PlaceKeys.TryPrefix(text, out uint prefix) ? prefix : 0,
            _ => PlaceKeys.None,
        };
        Assert.Equal(key, PlaceKeys.Of(Encoding.UTF8.GetBytes(pattern)));
    }

    [Fact]
    public void A_bundle_without_an_index_is_refused() => Assert.Throws<BundleDamagedException>(() =>
    {
        PolicyModel model = Policies.Whole();
        model.PlaceIndex = [];
        _ = new PlaceIndex(Policies.Kept(Policies.Built(model)));
    });

    // Stars become runs, some of them with names that are keys of other patterns.
    private static string Filled(Dice dice, string pattern)
    {
        StringBuilder path = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                path.Append(dice.Pick("", "/a/b", "/home/dev/x.y", "/etc", "/.git/hooks", "/node_modules/p"));
                i++;
            }
            else
            {
                path.Append(pattern[i] == '*' ? dice.Pick("", "x", ".env", "a.b.c", "key.pem") : pattern[i] == '?' ? "q" : pattern[i].ToString());
            }
        }

        return path.ToString();
    }

    // Straight from the table, entry by entry.
    private static IEnumerable<(int Place, string Pattern)> Patterns()
    {
        byte[] table = Policies.Shipped().Places;
        for (int at = 0; at < table.Length;)
        {
            int next = at + PathTable.EntryHead + 1;
            for (int i = 0; i < table[at + PathTable.EntryHead]; i++)
            {
                if (table[at] != PathTable.VariableEntry)
                    yield return (next, Encoding.UTF8.GetString(table, next + 1, table[next]));
                next += 1 + table[next];
            }

            at += PathTable.EntryHead + BitConverter.ToUInt16(table, at + 9) + BitConverter.ToUInt16(table, at + 11);
        }
    }
}
