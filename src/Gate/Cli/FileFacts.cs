using System.Runtime.InteropServices;

namespace Gate.Cli;

/// <summary>
/// Who owns a file and what kind it is, which the class library does not tell. Asks the runtime's own native library,
/// because it is linked into the static binary; of the structure it fills only the beginning is read.
/// </summary>
internal static unsafe partial class FileFacts
{
    private const int ModeOffset = 4;
    private const int OwnerOffset = 8;
    private const int KindMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>The facts of a file, links followed; null when it cannot be asked.</summary>
    public static (bool Regular, uint Owner)? Read(string path)
    {
        // The structure is about 120 bytes; room for a later one.
        byte* status = stackalloc byte[512];
        return Stat(path, status) != 0 ? null
            : ((*(int*)(status + ModeOffset) & KindMask) == RegularFile, *(uint*)(status + OwnerOffset));
    }

    /// <summary>The user this process acts as.</summary>
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_GetEUid")]
    public static partial uint CurrentUser();

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, byte* status);
}
