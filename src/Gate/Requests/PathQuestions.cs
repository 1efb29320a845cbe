using System;
using Gate.Native;
using Gate.Text;

namespace Gate.Requests;

/// <summary>What the pure rooms may ask the machine: where a path leads, and what a variable that a rule asks for is set to, what a small file says that names the context of a program. Faked in tests; a decision is exact for the answers it got.</summary>
public interface IPathQuestions
{
    /// <summary>
    /// The absolute, normalised path with every link in it followed. What does not exist (yet) keeps its name below the
    /// deepest folder that does.
    /// </summary>
    byte[] Resolve(byte[] path);

    /// <summary>A variable of the environment that calls start with; null: it is not set.</summary>
    byte[]? Variable(byte[] name) => null;

    /// <summary>What a plain file holds; null where that cannot be said: there is none, it is no plain file, larger than so many bytes, or closed to us.</summary>
    byte[]? TextOf(byte[] path, int limit, out bool isThere)
    {
        isThere = false;
        return null;
    }
}

/// <summary>
/// Asks the file system, once for each name: a call names the same folders again and again. What a name is does not change while one call is judged.
/// A link to what does not exist (yet) is followed all the same: writing to it makes what it names.
/// </summary>
public sealed class RealPaths : IPathQuestions
{
    /// <summary>More links on the way than this end at the one that is next, as the kernel does.</summary>
    public const int MaximumLinks = 40;

    private const int LongestName = 4096;

    // A table by hash, open addressing: a name's path, whether it is there, and where it leads when it is a link.
    private byte[]?[] _paths = new byte[64][], _targets = new byte[64][];
    private bool[] _missing = new bool[64];
    private int _known;
    private byte[] _resolved = new byte[256];
    private byte[] _target = [];
    private int _length;

    public byte[] Resolve(byte[] path)
    {
        byte[] pending = path;
        int at = 0, links = 0;
        _length = 0;
        while (at < pending.Length)
        {
            int slash = pending.AsSpan(at).IndexOf((byte)'/'), end = slash < 0 ? pending.Length : at + slash;
            ReadOnlySpan<byte> part = pending.AsSpan(at, end - at);
            at = end + 1;
            if (part.Length == 0 || part.SequenceEqual("."u8))
                continue;
            int before = _length;
            if (part.SequenceEqual(".."u8))
            {
                _length = Math.Max(_resolved.AsSpan(0, _length).LastIndexOf((byte)'/'), 0);
                continue;
            }

            Append("/"u8);
            Append(part);
            int known = Ask();
            if (_targets[known] is { } target && links++ < MaximumLinks)
            {
                pending = [.. target, .. pending.AsSpan(end)];
                _length = target[0] == '/' ? 0 : before;
                at = 0;
            }
            else if (_missing[known] || _targets[known] is not null)
            {
                Append(pending.AsSpan(end));
                break;
            }
        }

        return _length == 0 ? [(byte)'/'] : _resolved.AsSpan(0, _length).ToArray();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        // One more, for the zero that ends a path for the kernel.
        if (_length + bytes.Length >= _resolved.Length)
            Array.Resize(ref _resolved, (_length + bytes.Length + 1) * 2);
        bytes.CopyTo(_resolved.AsSpan(_length));
        _length += bytes.Length;
    }

    // The slot of what is at the resolved path.
    private int Ask()
    {
        ReadOnlySpan<byte> path = _resolved.AsSpan(0, _length);
        int slot = SlotOf(path);
        if (_paths[slot] is not null)
            return slot;
        if (++_known * 2 > _paths.Length)
        {
            Grow();
            slot = SlotOf(path);
        }

        _paths[slot] = path.ToArray();
        _resolved[_length] = 0;
        if (_target.Length == 0)
            _target = new byte[LongestName];
        int length = Files.ReadLink(_resolved, _target, out bool exists);
        _missing[slot] = !exists;
        _targets[slot] = length > 0 ? _target.AsSpan(0, length).ToArray() : null;
        return slot;
    }

    private int SlotOf(ReadOnlySpan<byte> path)
    {
        int slot = (int)(Fnv.Hash(path) & (ulong)(_paths.Length - 1));
        while (_paths[slot] is { } standing && !path.SequenceEqual(standing))
            slot = (slot + 1) & (_paths.Length - 1);
        return slot;
    }

    private void Grow()
    {
        (byte[]?[] paths, byte[]?[] targets, bool[] missing) = (_paths, _targets, _missing);
        (_paths, _targets, _missing) = (new byte[paths.Length * 2][], new byte[paths.Length * 2][], new bool[paths.Length * 2]);
        for (int i = 0; i < paths.Length; i++)
        {
            if (paths[i] is not { } path)
                continue;
            int slot = SlotOf(path);
            (_paths[slot], _targets[slot], _missing[slot]) = (path, targets[i], missing[i]);
        }
    }

    public unsafe byte[]? Variable(byte[] name)
    {
        fixed (byte* text = (byte[])[.. name, 0])
        {
            byte* value = Libc.Environment(text);
            return value is null ? null : System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value).ToArray();
        }
    }

    public byte[]? TextOf(byte[] path, int limit, out bool isThere)
    {
        isThere = false;
        return path.Length < LongestName ? Files.ReadPlain(path, limit, out isThere) : null;
    }
}
