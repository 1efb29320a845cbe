using System;
using System.IO;

// File modes do not exist on Windows; neither does Gate.
#pragma warning disable CA1416

namespace Gate.Cli;

/// <summary>Reading and replacing a settings file. Says what is wrong by an <see cref="IOException"/>, as the file calls do.</summary>
public static class SettingsDisk
{
    /// <summary>A larger file is no settings file.</summary>
    public const int MaxBytes = 1 << 20;

    private const string BackupSuffix = ".gate-backup";
    private const int MaxBackups = 100;

    /// <summary>The full path of the file itself: a link is followed, so that the link stays.</summary>
    public static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        FileInfo file = new(full);
        return file.LinkTarget is null ? full : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>The bytes of the file, or null when there is none.</summary>
    public static byte[]? Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("this is a directory, not a settings file; name the file in it");
        }

        if (!File.Exists(path))
        {
            return null;
        }

        (bool regular, uint owner) = FileFacts.Read(path) ?? throw new IOException("the file cannot be examined; check its permissions");
        if (!regular)
        {
            throw new IOException("this is not a regular file; name a settings file");
        }

        if (owner != FileFacts.CurrentUser())
        {
            throw new IOException($"the file belongs to user number {owner}; run Gate as that user");
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > MaxBytes)
        {
            throw new IOException($"the file is larger than {MaxBytes} bytes; Gate does not edit such a file");
        }

        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Replaces the file or, when there is nothing to write, deletes it.</summary>
    public static void Replace(string path, byte[]? expected, byte[]? bytes)
    {
        if (bytes is not null)
        {
            Write(path, expected, bytes);
            return;
        }

        CheckUnchanged(path, expected);
        File.Delete(path);
    }

    /// <summary>
    /// Replaces the file in one step: whoever reads sees the old bytes or the new ones, never a part. Makes the directory
    /// where there is none.
    /// </summary>
    public static void Write(string path, byte[]? expected, byte[] bytes)
    {
        string directory = Path.GetDirectoryName(path)!;
        string temporary = Path.Combine(directory, "." + Path.GetFileName(path) + ".gate-" + Guid.NewGuid().ToString("N") + ".tmp");
        bool makes = !Directory.Exists(directory);
        Directory.CreateDirectory(directory);
        try
        {
            Create(temporary, bytes, File.Exists(path) ? File.GetUnixFileMode(path) : null);
            CheckUnchanged(path, expected);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
            if (makes)
            {
                RemoveIfEmpty(directory);
            }
        }
    }

    /// <summary>Keeps the bytes beside the file, once: not when a backup holds them already. Never overwrites a backup.</summary>
    public static string? Backup(string path, byte[] bytes)
    {
        for (int n = 0; n < MaxBackups; n++)
        {
            string backup = BackupName(path, n);
            if (!File.Exists(backup))
            {
                Create(backup, bytes, File.GetUnixFileMode(path));
                return backup;
            }

            if (Holds(backup, bytes))
            {
                return null;
            }
        }

        throw new IOException($"there are {MaxBackups} backups of this file; remove those you do not need");
    }

    /// <summary>Deletes the backup that holds what the file holds again.</summary>
    public static void DropBackup(string path, byte[]? bytes)
    {
        for (int n = 0; bytes is not null && n < MaxBackups && File.Exists(BackupName(path, n)); n++)
        {
            if (Holds(BackupName(path, n), bytes))
            {
                File.Delete(BackupName(path, n));
                return;
            }
        }
    }

    public static void RemoveIfEmpty(string directory)
    {
        if (Directory.Exists(directory) && Directory.GetFileSystemEntries(directory).Length == 0)
        {
            Directory.Delete(directory);
        }
    }

    private static string BackupName(string path, int n) => path + BackupSuffix + (n == 0 ? "" : $".{n + 1}");

    private static bool Holds(string path, byte[] bytes) =>
        new FileInfo(path).Length == bytes.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes);

    /// <summary>Makes a new file with these bytes, on the disk when it returns.</summary>
    private static void Create(string path, byte[] bytes, UnixFileMode? mode)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            // Settings may hold secrets: closed to others from the first moment, opened after.
            UnixCreateMode = mode is null
                ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
                : UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using FileStream stream = new(path, options);
        stream.Write(bytes);
        if (mode is not null)
        {
            File.SetUnixFileMode(stream.SafeFileHandle, mode.Value);
        }

        stream.Flush(flushToDisk: true);
    }

    /// <summary>Somebody may have saved the file since it was read; their change is worth more than ours.</summary>
    private static void CheckUnchanged(string path, byte[]? expected)
    {
        byte[]? now = Read(path);
        bool same = now is null ? expected is null : expected is not null && now.AsSpan().SequenceEqual(expected);
        if (!same)
        {
            throw new IOException("the file changed while Gate was editing it; run the command again");
        }
    }
}
