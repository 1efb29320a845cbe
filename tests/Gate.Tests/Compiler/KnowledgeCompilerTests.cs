using System.Text;
using Gate.Compiler;
using Xunit;

namespace Gate.Tests.Compiler;

/// <summary>What is wrong in a description of a program is said with its place, and nothing of it is dropped in silence.</summary>
public class KnowledgeCompilerTests
{
    [Theory]
    [InlineData("{view: {}, view: {}}", "commands/a.yaml:3:")]
    [InlineData("{\"view, view\": {}}", "commands/a.yaml:3:17: the sub-command 'view' stands twice")]
    [InlineData("{config: {subcommands: {view: {}}}, \"config view\": {effects: [read data]}}", "the sub-command 'view' stands twice")]
    public void A_subcommand_that_stands_twice_is_an_error(string subcommands, string expected)
    {
        Problems problems = new();
        new KnowledgeCompiler(problems).Add(new SourceFile("commands/a.yaml", Encoding.UTF8.GetBytes($"commands:\n- name: a\n  subcommands: {subcommands}\n")));
        Assert.Contains(problems.All, problem => problem.ToString().Contains(expected, System.StringComparison.Ordinal) && problem.Line == 3);
    }
}
