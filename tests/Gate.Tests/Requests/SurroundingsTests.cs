using System;
using System.IO;
using System.Linq;
using System.Text;
using Gate.Requests;
using Gate.Tests.Support;
using Xunit;

namespace Gate.Tests.Requests;

/// <summary>Real repositories, made by git itself.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private Surroundings At(string path, string? home = null) => Surroundings.Of(Encoding.UTF8.GetBytes(_scratch.PathOf(path)), Encoding.UTF8.GetBytes(home ?? "/home/dev"));

    private string PathOf(string path) => path.Length == 0 ? "" : _scratch.PathOf(path);

    private void Check(Surroundings found, string directory, string worktree, string git, string repository) =>
        Assert.Equal((PathOf(directory), PathOf(worktree), PathOf(git), PathOf(repository)), (Text(found.Directory), Text(found.Worktree), Text(found.GitDirectory), Text(found.Repository)));

    private void MakeRepository()
    {
        _scratch.Git("main", "init", "-q");
        _scratch.Write("main/src/deep/a.txt", "a");
        _scratch.Git("main", "add", ".");
        _scratch.Git("main", "commit", "-qm", "one");
    }

    [Fact]
    public void Main_worktree_and_a_folder_in_it()
    {
        MakeRepository();
        Check(At("main"), "main", "main", "main/.git", "main/.git");
        Check(At("main/src/deep"), "main/src/deep", "main", "main/.git", "main/.git");
        Check(At("main/"), "main", "main", "main/.git", "main/.git");
        Check(At("main/src/../src/deep//."), "main/src/deep", "main", "main/.git", "main/.git");
        Assert.True(At("main").InRepository);
    }

    [Fact]
    public void Linked_worktrees_share_the_repositorys_identity()
    {
        MakeRepository();
        _scratch.Git("main", "worktree", "add", "-q", "../linked", "-b", "other");
        _scratch.Git("main", "worktree", "add", "-q", "inside/it", "-b", "third");
        Check(At("linked"), "linked", "linked", "main/.git/worktrees/linked", "main/.git");
        Check(At("linked/src/deep"), "linked/src/deep", "linked", "main/.git/worktrees/linked", "main/.git");
        Check(At("main/inside/it/src"), "main/inside/it/src", "main/inside/it", "main/.git/worktrees/it", "main/.git");
        Assert.Equal(At("main").Repository, At("linked").Repository);
    }

    [Fact]
    public void A_link_to_a_worktree_is_the_worktree()
    {
        MakeRepository();
        Directory.CreateSymbolicLink(_scratch.PathOf("short"), _scratch.PathOf("main/src"));
        Check(At("short/deep"), "main/src/deep", "main", "main/.git", "main/.git");
    }

    [Fact]
    public void Outside_any_repository_the_folder_itself_is_the_workspace()
    {
        Directory.CreateDirectory(_scratch.PathOf("plain/sub"));
        Check(At("plain/sub"), "plain/sub", "plain/sub", "", "");
        Assert.False(At("plain").InRepository);
    }

    [Fact]
    public void A_deleted_folder_still_has_the_repository_above_it()
    {
        MakeRepository();
        Check(At("main/gone/deeper"), "main/gone/deeper", "main", "main/.git", "main/.git");
        Check(At("gone"), "gone", "gone", "", "");
    }

    [Fact]
    public void A_submodule_is_a_repository_of_its_own()
    {
        MakeRepository();
        _scratch.Git("library", "init", "-q");
        _scratch.Git("library", "commit", "-q", "--allow-empty", "-m", "one");
        _scratch.Git("main", "submodule", "-q", "add", _scratch.PathOf("library"), "vendor/library");
        Check(At("main/vendor/library"), "main/vendor/library", "main/vendor/library", "main/.git/modules/vendor/library", "main/.git/modules/vendor/library");
        Check(At("main/vendor"), "main/vendor", "main", "main/.git", "main/.git");
    }

    /// <summary>A file named .git that leads nowhere hides no repository above it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("gitdir: ")]
    [InlineData("gitdir: /nowhere/at/all\n")]
    [InlineData("gitdir: ../../../../../../../../../nowhere\n")]
    [InlineData("gitdir: /tmp\n")]
    [InlineData("gitdir: .\n")]
    [InlineData("GITDIR: /tmp\n")]
    [InlineData("\0\0\0")]
    public void A_broken_git_file_is_passed_over(string text)
    {
        MakeRepository();
        _scratch.Write("main/src/.git", text);
        Check(At("main/src/deep"), "main/src/deep", "main", "main/.git", "main/.git");
        _scratch.Write("plain/.git", text);
        Check(At("plain"), "plain", "plain", "", "");
    }

    /// <summary>As git does it: an empty folder would otherwise take a session out of its repository's policy.</summary>
    [Fact]
    public void An_empty_folder_named_git_is_passed_over()
    {
        MakeRepository();
        Directory.CreateDirectory(_scratch.PathOf("main/src/.git"));
        Check(At("main/src/deep"), "main/src/deep", "main", "main/.git", "main/.git");
    }

    [Fact]
    public void A_git_file_that_is_too_long_or_a_link_to_nothing_is_passed_over()
    {
        MakeRepository();
        _scratch.Write("main/src/.git", "gitdir: /" + new string('x', 100_000));
        Check(At("main/src"), "main/src", "main", "main/.git", "main/.git");
        File.Delete(_scratch.PathOf("main/src/.git"));
        File.CreateSymbolicLink(_scratch.PathOf("main/src/.git"), "/nowhere");
        Check(At("main/src"), "main/src", "main", "main/.git", "main/.git");
    }

    [Fact]
    public void A_relative_git_file_and_a_separate_git_directory_are_followed()
    {
        Directory.CreateDirectory(_scratch.PathOf("store"));
        _scratch.Git("separate", "init", "-q", "--separate-git-dir", _scratch.PathOf("store/x.git"));
        Check(At("separate"), "separate", "separate", "store/x.git", "store/x.git");
        _scratch.Write("separate/.git", "gitdir: ../store/x.git\n");
        Check(At("separate"), "separate", "separate", "store/x.git", "store/x.git");
    }

    [Fact]
    public void Odd_names_of_folders_do_no_harm()
    {
        string odd = "o'dd \"ä\u0001 name\n";
        _scratch.Git(odd, "init", "-q");
        Check(At(odd), odd, odd, odd + "/.git", odd + "/.git");
    }

    [Fact]
    public void Depth_is_bounded()
    {
        MakeRepository();
        string deep = string.Join('/', Enumerable.Repeat("d", Surroundings.MaximumDepth + 5));
        Assert.False(At("main/" + deep).InRepository);
        Assert.True(At("main/" + deep[..(2 * (Surroundings.MaximumDepth - 2))]).InRepository);
    }

    [Fact]
    public void The_root_is_no_repository_and_no_crash()
    {
        Surroundings root = Surroundings.Of("/"u8, default);
        Assert.Equal(("/", "/", 0), (Text(root.Directory), Text(root.Worktree), root.Home.Length));
    }

    /// <summary>Secrets are found by the home's path, and paths are compared after their links were followed.</summary>
    [Fact]
    public void The_homes_links_are_followed_too()
    {
        Directory.CreateDirectory(_scratch.PathOf("data/dev"));
        Directory.CreateSymbolicLink(_scratch.PathOf("home"), _scratch.PathOf("data/dev"));
        Assert.Equal(_scratch.PathOf("data/dev"), Text(At("data", _scratch.PathOf("home")).Home));
        Assert.Equal("/nowhere/home", Text(At("data", "/nowhere/home").Home));
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
