using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>The scripts under tests/corpus/cli: command lines with their exit codes and outputs (its README has the format).</summary>
[Trait("needs", "binary")]
public class CliScriptTests
{
    private static readonly string Corpus = Path.Combine(ClientPrograms.Repository, "tests", "corpus", "cli");

    private static readonly string[] Never = ["\u001b", "\u202e", "\u2066", "Exception", "   at "];

    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Corpus, "*.cli").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_gives_what_it_says(string name)
    {
        using GateScratch scratch = GateScratch.Bare();
        scratch.Environment["GATE"] = ClientPrograms.Gate;
        scratch.Environment["RULES"] = Path.Combine(ClientPrograms.Repository, "rules");
        List<string> problems = [];
        string step = "";
        GateAnswer? answer = null;
        bool raw = false;
        int number = 0;
        foreach (string line in File.ReadLines(Path.Combine(Corpus, name)))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            string rest = line[(line.IndexOf(' ') + 1)..];
            if (line[0] == '$')
            {
                step = rest;
                raw = step.Contains("--json", StringComparison.Ordinal);
                answer = GateProcess.Run(["bash", "-c", "gate() { \"$GATE\" \"$@\"; }\n" + step], null, scratch.Work, scratch.Environment);
                foreach (string never in Never)
                {
                    if (!raw && (answer.Output + answer.Errors).Contains(never, StringComparison.Ordinal))
                        problems.Add($"{name}:{number}: '{never}' in {answer}");
                }

                continue;
            }

            bool right = line.Split(' ')[0] switch
            {
                "=" => answer!.ExitCode == int.Parse(rest),
                ">" => answer!.Output.Contains(rest, StringComparison.Ordinal),
                ">!" => !answer!.Output.Contains(rest, StringComparison.Ordinal),
                "!" => answer!.Errors.Contains(rest, StringComparison.Ordinal),
                "!!" => !answer!.Errors.Contains(rest, StringComparison.Ordinal),
                _ => throw new InvalidDataException($"{name}:{number}: not a line of a script"),
            };
            if (!right)
                problems.Add($"{name}:{number}: {line}\n$ {step}\n{answer}");
        }

        Assert.True(answer is not null, "a script without a step");
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }
}
