using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Gate.Bench;

/// <summary>
/// A rules folder of a given size: the real one, and packs beside it as a large company's would be, each about one subject. Of each
/// hundred generated rules 96 are about programs (ten rules a program), 2 about git, 1 about a tool, and of two hundred one is
/// about writing paths. Of a thousand one has a pattern for a tool's name, which every call is held against.
/// </summary>
internal static class RuleMaker
{
    public static void Write(string real, string folder, int rules, int already)
    {
        foreach (string path in Directory.GetFiles(real, "*.yaml", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(real, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        Dictionary<string, StringBuilder> packs = [];
        for (int i = 0; i < rules - already; i++)
        {
            (string pack, string body) = (i % 1000, i % 100) switch
            {
                (999, _) => ("made-legacy", Body($"{{tool: \"mcp__legacy{i}__*\"}}", $"{{tool: mcp__legacy{i}__migrate, input: {{name: x}}}}", $"{{tool: mcp__other{i}__show, input: {{name: x}}}}")),
                (_, 10 or 60) => ("made-git", Body($"{{program: git, subcommand: submodule, option: [--made-{i}]}}", $"git submodule update --made-{i}", "git submodule update")),
                (_, 30) => ("made-mcp", Body($"{{tool: mcp__server{i}__drop}}", $"{{tool: mcp__server{i}__drop, input: {{name: x}}}}", $"{{tool: mcp__server{i}__list, input: {{name: x}}}}")),
                (_, 80) when i % 200 == 80 => ("made-paths", Body($"{{verb: write, kind: path, target: [\"**/made-{i}/**\"]}}", $"echo x > deploy/made-{i}/values.yaml", $"cat deploy/made-{i}/values.yaml")),
                _ => ($"made-team-{i / 100}", Body($"{{program: tool{i / 10}, subcommand: [delete{i % 10}, remove{i % 10}], option: [-f, --force]}}", $"tool{i / 10} delete{i % 10} --force thing", $"tool{i / 10} list")),
            };
            if (!packs.TryGetValue(pack, out StringBuilder? text))
                packs[pack] = text = new StringBuilder($"pack: {pack}\ntitle: Generated rules\nrules:\n");
            text.Append(CultureInfo.InvariantCulture, $"  - id: {pack}.rule-{i}\n    title: What rule {i} is about should be looked at by a person\n    severity: medium\n    instead: Ask the team that owns it, number {i}.\n").Append(body);
        }

        foreach ((string pack, StringBuilder text) in packs)
            File.WriteAllText(Path.Combine(folder, "packs", pack + ".yaml"), text.ToString());
    }

    private static string Body(string when, string catches, string passes) =>
        $"    when: {when}\n    outcome: ask\n    catches:\n      - {catches}\n    passes:\n      - {passes}\n";
}
