using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Gate.Cli;
using Xunit;
using static Gate.Tests.Cli.SettingsLayouts;

// File modes do not exist on Windows; neither does Gate.
#pragma warning disable CA1416

namespace Gate.Tests.Cli;

public sealed class SettingsFileTests : IDisposable
{
    private const string Plain = "{\n  \"model\": \"opus\"\n}\n";

    private readonly string _root = Directory.CreateTempSubdirectory("gate-settings-").FullName;

    private string File => Path.Combine(_root, ".claude", "settings.json");

    private string Backup => File + ".gate-backup";

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_plan_shows_the_change_and_touches_nothing()
    {
        SettingsOutcome plan = SettingsFile.Plan(File, Wiring);
        Assert.True(plan.Changed);
        Assert.StartsWith($"--- /dev/null\n+++ {File}\n@@ -0,0 +1,", plan.Diff, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public void File_and_directory_are_made_and_removed_again()
    {
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        Assert.Null(done.Problem);
        Assert.Null(done.Backup);
        Assert.Equal(Merge(""), Read());
        SettingsOutcome undone = Uninstall(done);
        Assert.True(undone.Restored);
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public void A_directory_with_other_files_stays()
    {
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        System.IO.File.WriteAllText(Path.Combine(_root, ".claude", "notes.md"), "x");
        Uninstall(done);
        Assert.Equal(["notes.md"], Names());
    }

    [Fact]
    public void A_directory_that_was_there_stays()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        Uninstall(SettingsFile.Install(File, Wiring));
        Assert.Empty(Names());
    }

    [Theory]
    [MemberData(nameof(SettingsLayouts.Strict), MemberType = typeof(SettingsLayouts))]
    [MemberData(nameof(SettingsLayouts.Loose), MemberType = typeof(SettingsLayouts))]
    public void Every_layout_survives_the_disk(string text)
    {
        Write(text);
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        Assert.Equal(Merge(text), Read());
        Assert.True(Uninstall(done).Restored);
        Assert.Equal(text, Read());
        Assert.Equal(["settings.json"], Names());
    }

    [Fact]
    public void The_backup_holds_the_original_and_goes_when_it_is_back()
    {
        Write(Plain);
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        Assert.Equal(Backup, done.Backup);
        Assert.Equal(Plain, System.IO.File.ReadAllText(Backup));
        Uninstall(done);
        Assert.False(System.IO.File.Exists(Backup));
    }

    [Fact]
    public void The_same_bytes_are_backed_up_once_and_others_beside_them()
    {
        Write(Plain);
        SettingsFile.Install(File, Wiring);
        Write(Plain);
        Assert.Null(SettingsFile.Install(File, Wiring).Backup);
        Write("{}");
        Assert.Equal(Backup + ".2", SettingsFile.Install(File, Wiring).Backup);
        Assert.Equal(Plain, System.IO.File.ReadAllText(Backup));
    }

    [Fact]
    public void Installing_again_changes_nothing_and_keeps_the_original()
    {
        Write(Plain);
        SettingsOutcome first = SettingsFile.Install(File, Wiring);
        SettingsOutcome again = SettingsFile.Install(File, Wiring, first.Record);
        Assert.False(again.Changed);
        Assert.Equal("", again.Diff);
        SettingsOutcome moved = SettingsFile.Install(File, HookWiring.ClaudeCode("/new/gate"), again.Record);
        Assert.True(moved.Changed);
        Assert.Null(moved.Backup);
        Assert.True(Uninstall(moved).Restored);
        Assert.Equal(Plain, Read());
    }

    [Fact]
    public void A_lost_record_costs_nothing_when_the_layout_is_ours()
    {
        Write(Plain);
        SettingsFile.Install(File, Wiring);
        SettingsOutcome again = SettingsFile.Install(File, Wiring);
        Assert.Equal(Plain, Decoded(again.Record!.Original!));
        SettingsOutcome undone = SettingsFile.Uninstall(File, "claude-code", null);
        Assert.False(undone.Restored);
        Assert.True(undone.Changed);
        Assert.Equal(Plain, Read());
    }

    [Fact]
    public void A_change_by_somebody_else_stays()
    {
        Write(Plain);
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        Write(Read().Replace("opus", "sonnet", StringComparison.Ordinal));
        SettingsOutcome undone = Uninstall(done);
        Assert.False(undone.Restored);
        Assert.Equal(Plain.Replace("opus", "sonnet", StringComparison.Ordinal), Read());
        Assert.True(System.IO.File.Exists(Backup));
    }

    [Fact]
    public void Installing_over_a_change_keeps_the_change()
    {
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        Write("{\n  \"model\": \"opus\"," + Read()[1..]);
        done = SettingsFile.Install(File, HookWiring.ClaudeCode("/new/gate"), done.Record);
        Assert.True(Uninstall(done).Restored);
        Assert.Equal(Plain, Read());
    }

    [Fact]
    public void A_file_that_held_only_Gate_is_left_as_an_empty_object_when_Gate_did_not_make_it()
    {
        Write(Merge(""));
        SettingsFile.Uninstall(File, "claude-code", null);
        Assert.Equal("{}\n", Read());
    }

    [Fact]
    public void Without_Gate_in_it_nothing_is_written()
    {
        Write("{ }");
        SettingsOutcome undone = SettingsFile.Uninstall(File, "claude-code", null);
        Assert.False(undone.Changed);
        Assert.Equal(["settings.json"], Names());
        System.IO.File.Delete(File);
        Assert.Null(SettingsFile.Uninstall(File, "claude-code", null).Problem);
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead)]
    public void The_mode_is_kept_by_file_and_backup(UnixFileMode mode)
    {
        Write(Plain);
        System.IO.File.SetUnixFileMode(File, mode);
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        Assert.Equal(mode, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(mode, System.IO.File.GetUnixFileMode(Backup));
        Uninstall(done);
        Assert.Equal(mode, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void A_link_stays_a_link_and_its_target_is_edited()
    {
        string target = Path.Combine(_root, "dotfiles.json");
        System.IO.File.WriteAllText(target, Plain);
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.CreateSymbolicLink(File, "../dotfiles.json");
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        Assert.Equal(target, done.Path);
        Assert.Equal(Merge(Plain), System.IO.File.ReadAllText(target));
        Assert.Equal("../dotfiles.json", new FileInfo(File).LinkTarget);
        Assert.True(Uninstall(done).Restored);
        Assert.Equal(Plain, System.IO.File.ReadAllText(target));
    }

    [Fact]
    public void A_link_in_a_circle_is_a_problem()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.CreateSymbolicLink(File, "settings.json");
        Assert.NotNull(SettingsFile.Install(File, Wiring).Problem);
    }

    [Fact]
    public void A_directory_a_large_file_and_a_broken_file_are_refused()
    {
        Assert.Contains("directory", SettingsFile.Install(_root, Wiring).Problem!.Value.Message, StringComparison.Ordinal);
        Write("{}" + new string(' ', 1 << 20));
        Assert.Contains("larger", SettingsFile.Install(File, Wiring).Problem!.Value.Message, StringComparison.Ordinal);
        Write("{\n  broken");
        Assert.Equal(2, SettingsFile.Install(File, Wiring).Problem!.Value.Line);
        Assert.Equal("{\n  broken", Read());
        Assert.Equal(["settings.json"], Names());
    }

    [Fact]
    public void A_device_is_refused() =>
        Assert.Contains("regular", SettingsFile.Install("/dev/null", Wiring).Problem!.Value.Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_of_another_user_is_refused()
    {
        string path = "/etc/passwd";
        if (Environment.IsPrivilegedProcess)
        {
            // Root owns that one, so it needs a file it has given away.
            Write("{}");
            path = File;
            using Process chown = Process.Start("chown", ["1", path]);
            chown.WaitForExit();
        }

        Assert.Contains("belongs to user number " + (path == File ? "1" : "0"), SettingsFile.Plan(path, Wiring).Problem!.Value.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_a_problem_that_names_it()
    {
        // Not even root makes a directory in here.
        SettingsOutcome done = SettingsFile.Install("/proc/.claude/settings.json", Wiring);
        Assert.Contains("/proc/.claude/settings.json: ", done.Problem!.Value.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("nothing was changed", done.Problem.Value.Message, StringComparison.Ordinal);
        Assert.False(done.Changed);
    }

    [Fact]
    public void A_read_only_directory_is_a_problem_and_leaves_nothing_behind()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "runs as root");
        Write(Plain);
        string directory = Path.GetDirectoryName(File)!;
        System.IO.File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        SettingsOutcome done = SettingsFile.Install(File, Wiring);
        System.IO.File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.NotNull(done.Problem);
        Assert.Equal(["settings.json"], Names());
    }

    [Fact]
    public void A_file_somebody_saved_meanwhile_is_not_overwritten()
    {
        Write("{ \"theirs\": 1 }");
        Assert.Throws<IOException>(() => SettingsDisk.Write(File, Bytes("{}"), Bytes("ours")));
        Assert.Throws<IOException>(() => SettingsDisk.Write(File, null, Bytes("ours")));
        Assert.Throws<IOException>(() => SettingsDisk.Replace(File, Bytes("{}"), null));
        Assert.Equal("{ \"theirs\": 1 }", Read());
        Assert.Equal(["settings.json"], Names());
    }

    private SettingsOutcome Uninstall(SettingsOutcome installed)
    {
        Assert.Null(installed.Problem);
        SettingsOutcome outcome = SettingsFile.Uninstall(File, "claude-code", SettingsRecord.Read(installed.Record!.ToBytes()));
        Assert.Null(outcome.Problem);
        return outcome;
    }

    private string Read() => Decoded(System.IO.File.ReadAllBytes(File));

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllBytes(File, Bytes(text));
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(Path.GetDirectoryName(File)!).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
}
