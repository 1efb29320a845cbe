using System;
using System.IO;
using Xunit;

namespace Gate.Tests.EndToEnd;

/// <summary>Runs a scratch's gate as a user without privileges, because modes do not bind root. Folders made later stay root's: not writable for it.</summary>
internal sealed class OtherUser : IDisposable
{
    private const string Number = "65534";

    private readonly GateScratch _scratch;

    private OtherUser(GateScratch scratch) => _scratch = scratch;

    public static OtherUser Of(GateScratch scratch)
    {
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "only root can become another user; run this as root");
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "setpriv (util-linux) is not here");
        GateProcess.Run(["chmod", "a+rx", Path.GetDirectoryName(scratch.Root)!], null, "/", scratch.Environment);
        Own(scratch, Number);
        string[] through = ["/usr/bin/setpriv", "--reuid=" + Number, "--regid=" + Number, "--clear-groups"];
        GateAnswer reach = GateProcess.Run([.. through, ClientPrograms.Gate, "--version"], null, scratch.Work, scratch.Environment);
        Assert.SkipUnless(reach.ExitCode == 0, "the binary lies where another user cannot run it");
        scratch.Through = through;
        return new OtherUser(scratch);
    }

    /// <summary>Gives everything there is now to the other user.</summary>
    public void Own() => Own(_scratch, Number);

    public void Dispose() => _scratch.Through = [];

    private static void Own(GateScratch scratch, string user) =>
        Assert.Equal(0, GateProcess.Run(["chown", "-R", user, scratch.Root], null, "/", scratch.Environment).ExitCode);
}
