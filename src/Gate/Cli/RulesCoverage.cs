using System.CommandLine;
using System.Text;
using Gate.Compiler;

namespace Gate.Cli;

/// <summary><c>gate rules coverage</c>: which rules, profiles and parts of the program stand for which features, and which rules carry which tag.</summary>
internal static class RulesCoverage
{
    public static Command Create()
    {
        Option<string?> rules = new("--rules") { Description = "A folder of rules; without it, those inside this binary." };
        Command command = new("coverage", "Print what covers which feature and which compliance id, as Markdown.") { rules };
        command.SetAction(parsed =>
        {
            Problems problems = new();
            Coverage? coverage = Coverage.Of(PolicyInstaller.Load(parsed.GetValue(rules), runExamples: false, layers: false), problems);
            foreach (SourceProblem problem in problems.All)
                Terminal.Error(problem.ToString());
            if (coverage is null || problems.Any)
                throw new CliException("The table of what covers what has errors; nothing was printed.");
            Terminal.Raw(Encoding.UTF8.GetBytes(coverage.Page));
            return 0;
        });
        return command;
    }
}
