using System;
using Gate.Text;

namespace Gate.Effects;

// What the name of a path alone says: its language, what a pattern points at, other spellings of the same file.
public sealed partial class PathTable
{
    /// <summary>Entries from this number on tell a file's language by its name, not its place.</summary>
    public const byte LanguageEntry = 0x80;

    /// <summary>Entries with this number: names of variables, and the path that they lead to. They stand behind the places.</summary>
    public const byte VariableEntry = 0x7f;

    /// <summary>Where a variable leads that a build server or a shell sets; null when nothing is known of it.</summary>
    public byte[]? LeadsTo(ReadOnlySpan<byte> variable)
    {
        ReadOnlySpan<byte> rest = _bundle.At(_at, _length);
        while (rest.Length > 0)
        {
            bool variables = rest[0] == VariableEntry, found = false;
            rest = rest[9..];
            if (!variables)
                Skip(ref rest);
            else
                found = Holds(ref rest, variable);
            if (found)
                return rest.Slice(2, rest[1]).ToArray();
            Skip(ref rest);
        }

        return null;
    }

    private static bool Holds(ref ReadOnlySpan<byte> list, ReadOnlySpan<byte> name)
    {
        bool found = false;
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
        {
            found |= list.Slice(1, list[0]).SequenceEqual(name);
            list = list[(1 + list[0])..];
        }

        return found;
    }

    /// <summary>What language a file's name says it is in, and whether it is a source or a document that somebody wrote.</summary>
    public Language LanguageOf(ReadOnlySpan<byte> path, out bool source)
    {
        ReadOnlySpan<byte> rest = _bundle.At(_at, _length);
        while (rest.Length > 0)
        {
            byte entry = rest[0];
            rest = rest[9..];
            if (entry < LanguageEntry)
            {
                Skip(ref rest);
                Skip(ref rest);
                continue;
            }

            bool matches = AnyMatches(ref rest, path, path), excepted = AnyMatches(ref rest, path, path);
            if (matches && !excepted)
            {
                source = true;
                return (Language)(entry - LanguageEntry);
            }
        }

        source = false;
        return Language.None;
    }

    /// <summary>What special place a path with a pattern can be, where what is written of it points there; else none.</summary>
    public PathClass MayBe(ReadOnlySpan<byte> pattern)
    {
        ReadOnlySpan<byte> rest = _bundle.At(_at, _length);
        while (rest.Length > 0 && rest[0] < VariableEntry)
        {
            PathClass entry = (PathClass)rest[0];
            rest = rest[9..];
            if (entry is not (PathClass.Secret or PathClass.AgentConfiguration or PathClass.Governance))
            {
                Skip(ref rest);
                Skip(ref rest);
                continue;
            }

            int count = rest[0];
            rest = rest[1..];
            bool meets = false;
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> known = rest.Slice(1, rest[0]);
                rest = rest[(1 + known.Length)..];
                meets |= known[0] == '~' ? IsUnder(pattern, _surroundings.Home) && pattern.Length > _surroundings.Home.Length + 1 && GlobMeeting.Meets(pattern[(_surroundings.Home.Length + 1)..], known[2..]) : GlobMeeting.Meets(pattern[1..], known[(known[0] == '/' ? 1 : 0)..]);
            }

            Skip(ref rest);
            if (meets)
                return entry;
        }

        return PathClass.None;
    }

    private static void Skip(ref ReadOnlySpan<byte> list)
    {
        int count = list[0];
        list = list[1..];
        for (int i = 0; i < count; i++)
            list = list[(1 + list[0])..];
    }

    private static bool HasHiddenCapital(ReadOnlySpan<byte> path)
    {
        bool hidden = false;
        for (int i = 1; i < path.Length; i++)
        {
            hidden = path[i] != '/' && (hidden || (path[i] == '.' && path[i - 1] == '/'));
            if (hidden && path[i] is >= (byte)'A' and <= (byte)'Z')
                return true;
        }

        return false;
    }

    private static byte[] Lower(byte[] path) => Array.ConvertAll(path, b => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b);

    // /proc/self/root is the root again, /proc/self/cwd the folder.
    private static byte[] WithoutProcess(byte[] path, ReadOnlySpan<byte> directory)
    {
        for (int hops = 0; hops < 4; hops++)
        {
            ReadOnlySpan<byte> rest = Normalise(path);
            if (!rest.StartsWith("/proc/"u8))
                break;
            rest = rest[6..];
            int slash = rest.IndexOf((byte)'/');
            rest = slash < 0 ? default : rest[(slash + 1)..];
            if (rest.SequenceEqual("root"u8) || rest.StartsWith("root/"u8))
                path = [(byte)'/', .. rest[4..]];
            else if (rest.SequenceEqual("cwd"u8) || rest.StartsWith("cwd/"u8))
                path = [.. directory, .. rest[3..]];
            else
                break;
        }

        return path;
    }
}
