using System;
using Gate.Native;

namespace Gate.Requests;

/// <summary>The one question the pure rooms may ask the machine. Faked in tests; a decision is exact for the answers it got.</summary>
public interface IPathQuestions
{
    /// <summary>
    /// The absolute, normalised path with every link in it followed. What does not exist (yet) keeps its name below the
    /// deepest folder that does.
    /// </summary>
    byte[] Resolve(byte[] path);
}

/// <summary>Asks the file system.</summary>
public sealed class RealPaths : IPathQuestions
{
    public byte[] Resolve(byte[] path)
    {
        ReadOnlySpan<byte> head = path;
        while (head.Length > 1)
        {
            byte[]? real = Files.RealPath(head);
            if (real is not null)
                return real.Length == 1 ? [.. path.AsSpan(head.Length)] : [.. real, .. path.AsSpan(head.Length)];
            int slash = head.LastIndexOf((byte)'/');
            head = head[..Math.Max(slash, 0)];
        }

        return path;
    }
}
