using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Structure;

/// <summary>The pages and files of the repository against what is really there.</summary>
public class RepositoryTests(ITestOutputHelper output)
{
    /// <summary>A file above this says at its top how it is read.</summary>
    private const int LongFile = 400;

    public static TheoryData<string> Pages => [.. Sources.Files(".").Where(path => path.EndsWith(".md", StringComparison.Ordinal) && !path.StartsWith('.') && !path.Contains("/.", StringComparison.Ordinal)).DefaultIfEmpty("")];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Pages))]
    public void Commands_shown_in_a_page_exist(string page)
    {
        if (page.Length == 0)
            Assert.Skip("There are no pages yet.");
        List<string> wrong = [];
        foreach (Match block in Regex.Matches(File.ReadAllText(Sources.PathOf(page)), @"^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline))
        {
            foreach (string line in block.Groups[1].Value.Split('\n'))
            {
                foreach (string command in Regex.Split(Regex.Replace(line, @"(^|\s)#.*$", ""), @"&&|\||;"))
                {
                    if (WhatIsWrong(command.Trim()) is string problem)
                        wrong.Add($"{line.Trim()}: {problem}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Links_between_pages_lead_to_files() => Assert.Empty(
        from page in Pages.Select(row => row.Data)
        where page.Length > 0
        from Match link in Regex.Matches(File.ReadAllText(Sources.PathOf(page)), @"\]\(([^)#:]+)(#[^)]*)?\)")
        let target = Path.Combine(Path.GetDirectoryName(Sources.PathOf(page))!, link.Groups[1].Value)
        where !File.Exists(target) && !Directory.Exists(target)

        // The benchmark is a program of its own, brought in with its page.
        where !target.Contains("/tests/Gate.Bench/", StringComparison.Ordinal) || File.Exists(Sources.PathOf("tests", "Gate.Bench", "Gate.Bench.csproj"))
        select $"{page}: {link.Groups[1].Value}");

    [Fact]
    public void Every_incident_names_a_test_that_is_there()
    {
        string page = Sources.PathOf("tests", "incidents.md");
        if (!File.Exists(page))
            Assert.Skip("tests/incidents.md is not written yet.");
        string[][] rows = [.. File.ReadLines(page).Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))];
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(3, row.Length));
        Assert.All(rows, row => Assert.All(row, cell => Assert.NotEmpty(cell)));
        Assert.All(rows, row => Assert.All(row[^1].Split(','), cell =>
        {
            string name = cell.Trim().Split(' ')[0];
            Assert.True(File.Exists(Sources.PathOf(name)) || File.Exists(Sources.PathOf("tests", "Gate.Tests", name + ".cs")), $"{name} ({row[0]})");
        }));
    }

    [Fact]
    public void Long_files_say_at_their_top_how_they_are_read()
    {
        (string Path, int Lines, string Text)[] files = [.. Sources.In("src").Concat(Sources.In("tests")).Select(file => (file.Path, file.Text.Split('\n').Length - 1, file.Text)).OrderBy(file => file.Item2)];
        foreach (string tree in (string[])["src/", "tests/"])
        {
            int[] lines = [.. files.Where(file => file.Path.StartsWith(tree, StringComparison.Ordinal)).Select(file => file.Lines)];
            output.WriteLine($"{tree} {lines.Length} files, lines: median {lines[lines.Length / 2]}, nine in ten below {lines[lines.Length * 9 / 10]}, longest {lines[^1]}");
        }

        foreach ((string path, int count, _) in files.Where(file => file.Lines > 300))
            output.WriteLine($"{count} {path}");

        // A guide: three lines of comment among the first thirty.
        Assert.Empty(files.Where(file => file.Lines > LongFile && file.Text.Split('\n').Take(30).Count(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal)) < 3).Select(file => $"{file.Path}: {file.Lines}"));
    }

    [Fact]
    public void No_source_has_trailing_blanks_tabs_or_windows_lines() => Assert.Empty(
        from file in Sources.In("src").Concat(Sources.In("tests"))
        where file.Text.Contains('\t', StringComparison.Ordinal) || file.Text.Contains('\r', StringComparison.Ordinal) || Regex.IsMatch(file.Text, @"[ ]+$", RegexOptions.Multiline) || !file.Text.EndsWith('\n')
        select file.Path);

    private static string? WhatIsWrong(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return null;
        if (words[0].StartsWith("install/", StringComparison.Ordinal) || words[0].StartsWith("tests/", StringComparison.Ordinal))
        {
            string path = Sources.PathOf(words[0]);
            if (OperatingSystem.IsWindows())
                return null;
            return !File.Exists(path) ? "there is no such file" : (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) == 0 ? "it cannot be executed" : null;
        }

        return words[0] == "gate" && words.Length > 1 && words[1] is not ("hook" or "--version" or "--help") ? WrongVerb(words[1..]) : null;
    }

    // Verbs are looked up as they are declared, so a page cannot run ahead of the program.
    private static string? WrongVerb(string[] words)
    {
        Command[] level = [.. typeof(Gate.Cli.CommandLine).Assembly.GetTypes().Where(type => type.Namespace == "Gate.Cli" && type.Name.EndsWith("Verb", StringComparison.Ordinal))
            .Select(type => type.GetMethod("Create", BindingFlags.Static | BindingFlags.Public)?.Invoke(null, null)).OfType<Command>()];
        Command? found = null;
        List<Option> options = [];
        foreach (string word in words)
        {
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                if (!options.Exists(option => option.Name == word || option.Aliases.Contains(word)))
                    return $"'{word}' is no option of '{found?.Name}'";
                continue;
            }

            if (Array.Find(level, verb => verb.Name == word || verb.Aliases.Contains(word)) is not { } next)
            {
                if (found is null || (level.Length > 0 && found.Arguments.Count == 0))
                    return $"'{word}' is no verb";
                break;
            }

            found = next;
            options.AddRange(found.Options);
            level = [.. found.Subcommands];
        }

        return null;
    }
}
