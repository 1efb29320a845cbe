using System;
using System.IO;
using System.Text;
using Gate.Native;
using Gate.Requests;
using Gate.Text;

namespace Gate.Cli;

/// <summary>What uninstall needs to put a settings file back: <c>STATE/wirings/DIGEST</c>, one for each settings file ever wired.</summary>
internal static class WiringFile
{
    public static string SettingsPath(Places places, Surroundings here, string scope) => scope switch
    {
        "user" => Path.Combine(Workplace.Text(places.Home), ".claude", "settings.json"),
        "local" => Path.Combine(Workplace.Text(here.Worktree), ".claude", "settings.local.json"),
        _ => Path.Combine(Workplace.Text(here.Worktree), ".claude", "settings.json"),
    };

    public static SettingsRecord? Read(Places places, string settings)
    {
        string path = PathOf(places, settings);
        return SettingsRecord.Read(File.Exists(path) ? File.ReadAllBytes(path) : null);
    }

    public static void Write(Places places, string settings, SettingsRecord? record)
    {
        string path = PathOf(places, settings);
        if (record is null)
        {
            if (File.Exists(path))
                File.Delete(path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllBytes(path + ".next", record.ToBytes());
        File.Move(path + ".next", path, overwrite: true);
    }

    private static string PathOf(Places places, string settings)
    {
        byte[] digest = new byte[Sodium.DigestBytes];
        Sodium.Blake2(Encoding.UTF8.GetBytes(settings), digest);
        return Path.Combine(Workplace.Text(places.State), "wirings", Hex.Of(digest.AsSpan(0, 16)));
    }
}
