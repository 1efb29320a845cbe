using System;
using System.Collections.Generic;
using System.Text;
using Gate.Bundles;
using Gate.Effects;
using Gate.Policy;
using Gate.Requests;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Effects;

/// <summary>The shipped places, in an imagined repository with a linked worktree, a few links and a home.</summary>
public class PathTableTests
{
    private static readonly Bundle s_bundle = Policies.Kept(Policies.Built(Policies.Shipped()));

    // Links as (place, target); everything else is what it is spelled as.
    private sealed class Links : IPathQuestions
    {
        private readonly (string From, string To)[] _links =
        [
            ("/home/dev/project/keys", "/home/dev/.ssh"), ("/home/dev/project/up", "/home/dev/other/sub"), ("/home/dev/project/self", "/home/dev/project/src"),
            ("/home/dev/project/settings", "/home/dev/project/.claude"), ("/home/dev/.netrc", "/home/dev/project/netrc"), ("/proc/self/root", ""), ("/dev/fd/8", "/dev/sda"),
        ];

        public byte[] Resolve(byte[] path)
        {
            // As the kernel does it: name by name, a link before the ".." behind it.
            string at = "";
            foreach (string part in Encoding.UTF8.GetString(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (part == ".")
                    continue;
                at = part == ".." ? at[..Math.Max(0, at.LastIndexOf('/'))] : $"{at}/{part}";
                foreach ((string from, string to) in _links)
                    at = at == from ? to : at;
            }

            return Encoding.UTF8.GetBytes(at.Length == 0 ? "/" : at);
        }
    }

    private static Surroundings Here(string worktree = "/home/dev/project", string git = "/home/dev/project/.git", string repository = "/home/dev/project/.git") => new()
    {
        Directory = Bytes(worktree + "/src"), Worktree = Bytes(worktree), GitDirectory = Bytes(git), Repository = Bytes(repository), Home = "/home/dev"u8.ToArray(),
    };

    private static (PathClass Place, string Resolved, Attributes Attributes) Classify(string written, Surroundings? here = null)
    {
        here ??= Here();
        PathTable table = new(s_bundle, here, new Links());
        PathClass place = table.Classify(table.Absolute(Bytes(written), here.Directory), out byte[] resolved, out Attributes attributes);
        return (place, Encoding.UTF8.GetString(resolved), attributes);
    }

    [Theory]
    [InlineData("a.txt", PathClass.Workspace)]
    [InlineData("./a.txt", PathClass.Workspace)]
    [InlineData("../README.md", PathClass.Workspace)]
    [InlineData("/home/dev/project", PathClass.Workspace)]
    [InlineData("..", PathClass.Workspace)]
    [InlineData("", PathClass.Workspace)]
    [InlineData("/home/dev/project/a/../b", PathClass.Workspace)]
    [InlineData("/home//dev///project/./x", PathClass.Workspace)]
    [InlineData("/dev/null", PathClass.Workspace)]
    [InlineData("../self/x", PathClass.Workspace)]
    [InlineData("/home/dev/projector/x", PathClass.Home)]
    [InlineData("/home/dev/project2", PathClass.Home)]
    [InlineData("../../x", PathClass.Home)]
    [InlineData("~", PathClass.Home)]
    [InlineData("~/notes", PathClass.Home)]
    [InlineData("~root/x", PathClass.Workspace)]
    [InlineData("/tmp/x", PathClass.Temporary)]
    [InlineData("/var/tmp/x", PathClass.Temporary)]
    [InlineData("/dev/shm/x", PathClass.Temporary)]
    [InlineData("/tmpfile", PathClass.Outside)]
    [InlineData("/", PathClass.Outside)]
    [InlineData("//", PathClass.Outside)]
    [InlineData("/home/other/x", PathClass.Outside)]
    [InlineData("/mnt/x", PathClass.Outside)]
    [InlineData("../.git", PathClass.GitDirectory)]
    [InlineData("../.git/config", PathClass.GitDirectory)]
    [InlineData("../vendor/.git/config", PathClass.GitDirectory)]
    [InlineData("../.github/x", PathClass.Workspace)]
    [InlineData("../.gitignore", PathClass.Workspace)]
    [InlineData("../.env", PathClass.Secret)]
    [InlineData("../.env.production", PathClass.Secret)]
    [InlineData("../.env.example", PathClass.Workspace)]
    [InlineData("../.env.sample", PathClass.Workspace)]
    [InlineData("../.env.template", PathClass.Workspace)]
    [InlineData("../deploy/key.pem", PathClass.Secret)]
    [InlineData("../environment", PathClass.Workspace)]
    [InlineData("~/.ssh/id_ed25519", PathClass.Secret)]
    [InlineData("~/.ssh/id_ed25519.pub", PathClass.Home)]
    [InlineData("~/.ssh/known_hosts", PathClass.Home)]
    [InlineData("~/.ssh/authorized_keys", PathClass.Secret)]
    [InlineData("/home/other/.ssh/id_rsa", PathClass.Secret)]
    [InlineData("~/.aws/credentials", PathClass.Secret)]
    [InlineData("/etc/shadow", PathClass.Secret)]
    [InlineData("/proc/1/environ", PathClass.Secret)]
    [InlineData("/etc/passwd", PathClass.System)]
    [InlineData("/usr/bin/x", PathClass.System)]
    [InlineData("/dev/sda", PathClass.Device)]
    [InlineData("/dev/disk/by-id/x", PathClass.Device)]
    [InlineData("~/.local/state/gate/store.db", PathClass.Governance)]
    [InlineData("~/.local/state/gate", PathClass.Governance)]
    [InlineData("~/.config/gate/trust", PathClass.Governance)]
    [InlineData("../.gate/policy.yaml", PathClass.Governance)]
    [InlineData("../.claude/settings.json", PathClass.AgentConfiguration)]
    [InlineData("../.claude/settings.local.json", PathClass.AgentConfiguration)]
    [InlineData("../.claude/commands/x.md", PathClass.Workspace)]
    [InlineData("~/.claude/settings.json", PathClass.AgentConfiguration)]
    [InlineData("../.mcp.json", PathClass.AgentConfiguration)]
    [InlineData("~/.bashrc", PathClass.StartUp)]
    [InlineData("~/.gitconfig", PathClass.StartUp)]
    public void Every_place_has_its_class(string written, PathClass place) => Assert.Equal(place, Classify(written).Place);

    [Theory]
    [InlineData("../keys/id_ed25519", PathClass.Secret, "/home/dev/.ssh/id_ed25519")]
    [InlineData("../keys", PathClass.Secret, "/home/dev/.ssh")]
    [InlineData("../settings/settings.json", PathClass.AgentConfiguration, "/home/dev/project/.claude/settings.json")]
    [InlineData("~/.netrc", PathClass.Secret, "/home/dev/project/netrc")]
    [InlineData("/dev/fd/8", PathClass.Device, "/dev/sda")]
    [InlineData("/proc/self/root/home/dev/.ssh/id_rsa", PathClass.Secret, "/home/dev/.ssh/id_rsa")]
    [InlineData("/proc/self/root/home/dev/project/x", PathClass.Workspace, "/home/dev/project/x")]
    [InlineData("/proc/self/root/etc/hosts", PathClass.System, "/etc/hosts")]
    public void A_link_is_judged_by_where_it_leads_and_where_it_stands(string written, PathClass place, string resolved) =>
        Assert.Equal((place, resolved), (Classify(written).Place, Classify(written).Resolved));

    /// <summary>A link to a folder, then "..": the kernel goes up from where the link leads, a path as text goes up from where it stands.</summary>
    [Theory]
    [InlineData("../up/../secret.pem", PathClass.Secret, "/home/dev/project/secret.pem")]
    [InlineData("../up/../notes", PathClass.Home, "/home/dev/other/notes")]
    [InlineData("../keys/../.bashrc", PathClass.StartUp, "/home/dev/.bashrc")]
    [InlineData("../keys/../.ssh/id_x", PathClass.Secret, "/home/dev/.ssh/id_x")]
    [InlineData("/home/dev/project/up/../../x", PathClass.Home, "/home/dev/x")]
    [InlineData("../self/../x", PathClass.Workspace, "/home/dev/project/x")]
    public void Parents_behind_a_link_are_taken_both_ways_and_the_further_counts(string written, PathClass place, string resolved) =>
        Assert.Equal((place, resolved), (Classify(written).Place, Classify(written).Resolved));

    [Fact]
    public void In_a_linked_worktree_the_main_one_is_another_and_the_shared_directory_is_gits()
    {
        Surroundings linked = Here("/home/dev/linked", "/home/dev/project/.git/worktrees/linked");
        Assert.Equal(PathClass.Workspace, Classify("a", linked).Place);
        Assert.Equal(PathClass.OtherWorktree, Classify("/home/dev/project/src/a", linked).Place);
        Assert.Equal(PathClass.GitDirectory, Classify("/home/dev/project/.git/config", linked).Place);
        Assert.Equal(PathClass.GitDirectory, Classify("../.git", linked).Place);
        Assert.Equal(PathClass.Secret, Classify("/home/dev/project/.env", linked).Place);
    }

    [Fact]
    public void A_separate_git_directory_is_gits_wherever_it_stands()
    {
        Surroundings separate = Here("/home/dev/project", "/srv/git/x", "/srv/git/x");
        Assert.NotEqual(PathClass.Workspace, Classify("/srv/git/x/config", separate).Place);
        Assert.Equal(PathClass.GitDirectory, Classify("/data/x/config", Here("/home/dev/project", "/data/x", "/data/x")).Place);
    }

    [Theory]
    [InlineData("/home/dev/project", true)]
    [InlineData("..", true)]
    [InlineData("~", true)]
    [InlineData("/", true)]
    [InlineData("/home/../", true)]
    [InlineData("../src", false)]
    public void Roots_are_marked(string written, bool root) => Assert.Equal(root, Classify(written).Attributes.HasFlag(Attributes.Root));

    [Theory]
    [InlineData("../node_modules", true)]
    [InlineData("../node_modules/x/y", true)]
    [InlineData("../dist/a.js", true)]
    [InlineData("../distance", false)]
    [InlineData("../src", false)]
    public void What_a_build_makes_again_is_marked(string written, bool regenerable) => Assert.Equal(regenerable, Classify(written).Attributes.HasFlag(Attributes.Regenerable));

    /// <summary>A workspace without a home, without a repository, at odd places.</summary>
    [Fact]
    public void Nothing_known_of_the_home_is_nothing_under_it()
    {
        Surroundings bare = new() { Directory = "/w"u8.ToArray(), Worktree = "/w"u8.ToArray(), GitDirectory = [], Repository = [], Home = [] };
        Assert.Equal(PathClass.Workspace, Classify("x", bare).Place);
        Assert.Equal(PathClass.Outside, Classify("~/x", bare).Place);
        Assert.Equal(PathClass.Secret, Classify("/home/dev/.ssh/id_rsa", bare).Place);
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("a", "/a")]
    [InlineData("/a/b/../../..", "/")]
    [InlineData("/../a", "/a")]
    [InlineData("/a/./b//c/", "/a/b/c")]
    [InlineData("/a/...", "/a/...")]
    [InlineData("/a/..b", "/a/..b")]
    public void Paths_are_normalised(string path, string normal) => Assert.Equal(normal, Encoding.UTF8.GetString(PathTable.Normalise(Bytes(path))));

    [Fact]
    public void Normalised_paths_stay_as_they_are_and_agree_with_another_reader() => Holds.Always(dice =>
    {
        string path = "/" + string.Join('/', dice.Many(12, () => dice.Pick("a", "..", ".", "", "b", "...")));
        string normal = Encoding.UTF8.GetString(PathTable.Normalise(Bytes(path))), expected = System.IO.Path.GetFullPath(path);
        return normal == (expected.Length > 1 ? expected.TrimEnd('/') : expected) && Encoding.UTF8.GetString(PathTable.Normalise(Bytes(normal))) == normal;
    });

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
