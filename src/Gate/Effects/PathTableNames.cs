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
        _index.SearchVariable(variable);
        foreach (ulong found in _index.Found)
        {
            if (_bundle.ShortText(_at + (int)(uint)found).SequenceEqual(variable) && Exceptions((int)(found >> 32)) is var leads)
                return leads.Slice(2, leads[1]).ToArray();
        }

        return null;
    }

    /// <summary>What language a file's name says it is in, and whether it is a source or a document that somebody wrote.</summary>
    public Language LanguageOf(ReadOnlySpan<byte> path, out bool source)
    {
        _index.Search(path);
        for (int i = 0; i < _index.Found.Length;)
        {
            byte kind = _bundle.Byte(_at + (int)(_index.Found[i] >> 32));
            source = IsOneOf(ref i, path, path, kind >= LanguageEntry);
            if (source)
                return (Language)(kind - LanguageEntry);
        }

        source = false;
        return Language.None;
    }

    /// <summary>What special place a path with a pattern can be, where what is written of it points there; else none.</summary>
    public PathClass MayBe(ReadOnlySpan<byte> pattern)
    {
        for (int entry = 0; entry < _length && _bundle.Byte(_at + entry) is var kind && kind < VariableEntry; entry = After(entry))
        {
            if ((PathClass)kind is not (PathClass.Secret or PathClass.AgentConfiguration or PathClass.Governance))
                continue;
            for (ReadOnlySpan<byte> list = Paths(entry)[1..]; list.Length > 0; list = list[(1 + list[0])..])
            {
                ReadOnlySpan<byte> known = list.Slice(1, list[0]);
                bool meets = known[0] == '~'
                    ? IsUnder(pattern, _surroundings.Home) && pattern.Length > _surroundings.Home.Length + 1 && GlobMeeting.Meets(pattern[(_surroundings.Home.Length + 1)..], known[2..])
                    : GlobMeeting.Meets(pattern[1..], known[(known[0] == '/' ? 1 : 0)..]);
                if (meets)
                    return (PathClass)kind;
            }
        }

        return PathClass.None;
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
