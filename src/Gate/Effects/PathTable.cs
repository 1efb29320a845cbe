using System;
using System.Buffers.Binary;
using Gate.Bundles;
using Gate.Requests;
using Gate.Text;

namespace Gate.Effects;

/// <summary>
/// What place a path is. Special places (secrets, settings, devices …) are knowledge, from rules/places.yaml; whose workspace it is
/// follows from the surroundings. Entries of the encoded table: u8 class (0: attributes only), u64 attributes, u16 length of the paths and u16 of
/// the exceptions, then these two text lists: u8 count, each u8 length and bytes. The first class that matches counts; attributes add up.
/// </summary>
public sealed partial class PathTable
{
    /// <summary>Bytes of an entry before its lists.</summary>
    public const int EntryHead = 13;

    /// <summary>The kernel takes no longer path, in bytes: nothing is done to one.</summary>
    public const int MaximumPath = 4096;

    private readonly Bundle _bundle;
    private readonly int _at, _length;
    private readonly PlaceIndex _index;
    private readonly Surroundings _surroundings;
    private readonly IPathQuestions _questions;

    public PathTable(Bundle bundle, Surroundings surroundings, IPathQuestions questions)
    {
        _bundle = bundle;
        (_at, _length) = bundle.Find(Section.Places);
        _index = new PlaceIndex(bundle);
        _surroundings = surroundings;
        _questions = questions;
    }

    /// <summary>
    /// An absolute path for a path as written; <c>~</c> is the home. Normalised, but that a <c>..</c> behind a link stays, where it makes
    /// a difference which of the two is taken first: <see cref="Classify"/> judges both.
    /// </summary>
    public byte[] Absolute(ReadOnlySpan<byte> written, ReadOnlySpan<byte> directory)
    {
        if (written.Length > 0 && written[0] == '~' && (written.Length == 1 || written[1] == '/'))
            written = (byte[])[.. _surroundings.Home, .. written[1..]];
        byte[] joined = written.Length > 0 && written[0] == '/' ? written.ToArray() : [.. directory, (byte)'/', .. written];
        if (joined.AsSpan().IndexOf("/proc/"u8) is 0 or 1)
            joined = WithoutProcess(joined, directory);
        byte[] spelled = Normalise(joined);
        if (joined.AsSpan().IndexOf("/.."u8) < 0 || joined.Length > MaximumPath)
            return spelled;
        return Normalise(_questions.Resolve(joined)).AsSpan().SequenceEqual(Normalise(_questions.Resolve(spelled))) ? spelled : joined;
    }

    /// <summary>
    /// Says what place a path is. The kernel follows a link before it takes the <c>..</c> behind it; agents' own tools take <c>..</c>
    /// by the spelling first. Where the two differ, the place that reaches further counts.
    /// </summary>
    public PathClass Classify(byte[] absolute, out byte[] resolved, out Attributes attributes)
    {
        byte[] spelled = Normalise(absolute);
        if (spelled.Length > MaximumPath)
        {
            (resolved, attributes) = (spelled[..MaximumPath], Attributes.None);
            return PathClass.Unknown;
        }

        PathClass place = ClassifySpelled(spelled, out resolved, out attributes);
        if (absolute.AsSpan().IndexOf("/.."u8) < 0 || absolute.Length > MaximumPath)
            return place;
        byte[] followed = Normalise(_questions.Resolve(absolute));
        if (followed.AsSpan().SequenceEqual(resolved))
            return place;
        PathClass other = ClassifySpelled(followed, out followed, out Attributes more);
        attributes = (attributes & more & Attributes.Regenerable) | ((attributes | more) & ~Attributes.Regenerable);
        if (Reach(other) <= Reach(place))
            return place;
        resolved = followed;
        return other;
    }

    // Which of two places a path is judged by: what guards the guard first, then what is kept from agents, then by distance.
    internal static int Reach(PathClass place) => place switch
    {
        PathClass.Governance => 12, PathClass.Device => 11, PathClass.Secret => 10, PathClass.AgentConfiguration => 9, PathClass.StartUp => 8, PathClass.System => 7,
        PathClass.Unknown => 6, PathClass.Outside => 5, PathClass.Home => 4, PathClass.GitDirectory => 3, PathClass.OtherWorktree => 2, PathClass.Temporary => 1, _ => 0,
    };

    // Follows links, then says what place it is. A link is judged by where it leads and by where it stands: the more special counts.
    private PathClass ClassifySpelled(byte[] absolute, out byte[] resolved, out Attributes attributes)
    {
        resolved = _questions.Resolve(absolute);
        if (IsDescriptor(absolute) && (!resolved.AsSpan().StartsWith("/dev/"u8) || resolved.AsSpan().StartsWith("/dev/pts/"u8)))
            resolved = absolute;
        PathClass place = ClassifyOne(resolved, out attributes);
        if (!resolved.AsSpan().SequenceEqual(absolute))
        {
            PathClass standing = ClassifyOne(absolute, out Attributes more);
            attributes |= more & ~Attributes.Regenerable;
            if (IsSpecial(standing) && !IsSpecial(place))
                place = standing;
        }

        // A file system that takes capitals for small letters finds the same file under .CLAUDE.
        if (!IsSpecial(place) && HasHiddenCapital(absolute) && ClassifyOne(Lower(absolute), out _) is PathClass.AgentConfiguration or PathClass.Secret or PathClass.Governance)
            place = ClassifyOne(Lower(absolute), out _);

        return place;
    }

    // What stands behind a descriptor is the business of the shell that opens it: asked here, the machine tells of this very process. A device stays one.
    private static bool IsDescriptor(ReadOnlySpan<byte> path) =>
        path.SequenceEqual("/dev/stdin"u8) || path.SequenceEqual("/dev/stdout"u8) || path.SequenceEqual("/dev/stderr"u8) || path.StartsWith("/dev/fd/"u8) || path.StartsWith("/proc/self/fd/"u8);

    private static bool IsSpecial(PathClass place) => place is PathClass.Secret or PathClass.AgentConfiguration or PathClass.Governance or PathClass.StartUp or PathClass.Device or PathClass.GitDirectory;

    private PathClass ClassifyOne(ReadOnlySpan<byte> path, out Attributes attributes)
    {
        PathClass place = PathClass.None;
        attributes = Attributes.None;

        // Attributes tell what a thing is within its workspace: where the workspace stands (/tmp/build/…) says nothing about it.
        bool here = IsUnder(path, _surroundings.Worktree), own = here || IsUnder(path, _surroundings.Home);
        ReadOnlySpan<byte> within = here ? path[_surroundings.Worktree.Length..] : own ? path[_surroundings.Home.Length..] : path;
        _index.Search(path);
        for (int i = 0; i < _index.Found.Length;)
        {
            int entry = (int)(_index.Found[i] >> 32);
            PathClass gives = (PathClass)_bundle.Byte(_at + entry);
            if ((byte)gives >= VariableEntry)
                break;

            // A workspace or a home may stand in /srv or /opt: what is in it is not the system's.
            bool wanted = (gives == PathClass.None || place == PathClass.None) && !(own && gives == PathClass.System);
            if (!IsOneOf(ref i, gives == PathClass.None ? within : path, path, wanted))
                continue;
            place = gives == PathClass.None ? place : gives;
            attributes |= (Attributes)_bundle.Long(_at + entry + 1);
        }

        // What holds the whole workspace or home is no less than they are.
        if (IsUnder(_surroundings.Worktree, path) || IsUnder(_surroundings.Home, path) || path.Length <= 1)
            attributes |= Attributes.Root;
        return place == PathClass.None ? OrdinaryPlace(path) : place;
    }

    private PathClass OrdinaryPlace(ReadOnlySpan<byte> path)
    {
        if (IsUnder(path, _surroundings.GitDirectory) || IsUnder(path, _surroundings.Repository))
            return PathClass.GitDirectory;
        if (IsUnder(path, _surroundings.Worktree))
            return PathClass.Workspace;

        // The main worktree holds the shared git directory; linked ones of the same repository stand elsewhere.
        if (_surroundings.Repository.AsSpan().EndsWith("/.git"u8) && IsUnder(path, _surroundings.Repository.AsSpan(0, _surroundings.Repository.Length - 5)))
            return PathClass.OtherWorktree;
        if (IsUnder(path, _surroundings.Home))
            return PathClass.Home;
        if (IsUnder(path, "/tmp"u8) || IsUnder(path, "/var/tmp"u8))
            return PathClass.Temporary;
        return PathClass.Outside;
    }

    // Goes over the patterns found for one entry, and says whether one of them matches and no exception does. A pattern from the home on is
    // held against the whole path, others against the part that is given.
    private bool IsOneOf(ref int next, ReadOnlySpan<byte> part, ReadOnlySpan<byte> path, bool wanted = true)
    {
        ReadOnlySpan<ulong> found = _index.Found;
        int entry = (int)(found[next] >> 32);
        bool matches = false;
        for (; next < found.Length && (int)(found[next] >> 32) == entry; next++)
            matches = matches || (wanted && Matches(_bundle.ShortText(_at + (int)(uint)found[next]), part, path));
        return matches && !AnyMatches(Exceptions(entry), part, path);
    }

    private ReadOnlySpan<byte> Paths(int entry) => _bundle.At(_at + entry + EntryHead, _bundle.Half(_at + entry + 9));

    private ReadOnlySpan<byte> Exceptions(int entry) => _bundle.At(_at + entry + EntryHead + _bundle.Half(_at + entry + 9), _bundle.Half(_at + entry + 11));

    private int After(int entry) => entry + EntryHead + _bundle.Half(_at + entry + 9) + _bundle.Half(_at + entry + 11);

    private bool AnyMatches(ReadOnlySpan<byte> list, ReadOnlySpan<byte> part, ReadOnlySpan<byte> path)
    {
        for (list = list[1..]; list.Length > 0; list = list[(1 + list[0])..])
        {
            if (Matches(list.Slice(1, list[0]), part, path))
                return true;
        }

        return false;
    }

    private bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> part, ReadOnlySpan<byte> path) => Matches(pattern, pattern[0] == (byte)'~' ? path : part);

    // "/etc/**" is the folder itself as well.
    private bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> path) =>
        MatchesOne(pattern, path) || (pattern.Length > 3 && pattern.EndsWith("/**"u8) && MatchesOne(pattern[..^3], path));

    private bool MatchesOne(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> path)
    {
        if (pattern[0] != '~')
            return Glob.Matches(pattern, path);
        ReadOnlySpan<byte> home = _surroundings.Home;
        return home.Length > 0 && path.Length > home.Length && path.StartsWith(home) && path[home.Length] == '/' && Glob.Matches(pattern[2..], path[(home.Length + 1)..]);
    }

    /// <summary>Whether a path is a folder or lies below it; an empty folder holds nothing.</summary>
    public static bool IsUnder(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder)
    {
        if (folder.Length <= 1)
            return false;
        return path.StartsWith(folder) && (path.Length == folder.Length || path[folder.Length] == '/');
    }

    /// <summary>Removes doubled slashes, <c>.</c> and <c>..</c> by their spelling.</summary>
    public static byte[] Normalise(ReadOnlySpan<byte> path)
    {
        byte[] result = new byte[path.Length + 1];
        int length = 0;
        while (path.Length > 0)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> part = slash < 0 ? path : path[..slash];
            path = slash < 0 ? default : path[(slash + 1)..];
            if (part.Length == 0 || part.SequenceEqual("."u8))
                continue;
            if (part.SequenceEqual(".."u8))
            {
                length = Math.Max(0, result.AsSpan(0, length).LastIndexOf((byte)'/'));
                continue;
            }

            result[length++] = (byte)'/';
            part.CopyTo(result.AsSpan(length));
            length += part.Length;
        }

        return length == 0 ? [(byte)'/'] : result.AsSpan(0, length).ToArray();
    }
}
