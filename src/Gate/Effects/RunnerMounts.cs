using System;
using Gate.Expansion;

namespace Gate.Effects;

// Folders of this machine in a container: what is done to them there is done here.
internal sealed partial class Runner
{
    // HOST:CONTAINER[:ro], or type=bind,source=HOST,target=CONTAINER; a named volume has no slash. The container may write there.
    private void Mount(Call call, Value value)
    {
        ReadOnlySpan<byte> text = value.Text, there = default;
        ReadOnlySpan<byte> source = Field(text, "source="u8, "src="u8);
        if (source.Length > 0)
        {
            there = Field(text, "target="u8, "dst="u8);
            there = there.Length > 0 ? there : Field(text, "destination="u8, "destination="u8);
            text = source;
        }

        call.Shares = true;
        int colon = text.IndexOf((byte)':');
        bool readOnly = value.Text.AsSpan().EndsWith(":ro"u8) || value.Text.AsSpan().IndexOf("readonly"u8) >= 0 || value.Text.AsSpan().IndexOf(",ro"u8) >= 0;
        ReadOnlySpan<byte> path = colon < 0 ? text : text[..colon];
        if (path.Length == 0 || path[0] is not ((byte)'/' or (byte)'.' or (byte)'~' or Value.Hole))
            return;
        if (colon >= 0)
        {
            there = text[(colon + 1)..];
            int end = there.IndexOf((byte)':');
            there = end < 0 ? there : there[..end];
        }

        // Its own folder option is about the container, the mounted path is written as seen from here.
        byte[]? inside = call.Directory;
        call.Directory = call.State.Directory;
        byte[] here = path.ToArray();
        if (AbsoluteOf(new Value(here), call.Directory) is { } absolute && there is [(byte)'/', ..] && call.Mounts.Count < 16)
            call.Mounts.Add((absolute, there.Length > 1 ? there.TrimEnd((byte)'/').ToArray() : there.ToArray()));
        _ = AddPath(readOnly ? Verb.Read : Verb.Write, new Value(here), call, call.Sets | Attributes.Recursive);
        call.Directory = inside;
    }

    // id=NAME,src=FILE or NAME=FILE: a file of this machine that a build is given.
    private void Source(Call call, Value value)
    {
        ReadOnlySpan<byte> path = Field(value.Text, "source="u8, "src="u8);
        if (path.Length == 0 && value.Text.AsSpan().IndexOf((byte)',') < 0)
            path = value.Text.AsSpan(value.Text.AsSpan().IndexOf((byte)'=') + 1);
        if (path.Length > 0 && path[0] is (byte)'/' or (byte)'.' or (byte)'~')
        {
            Value file = new(path is [(byte)'~', (byte)'/', ..] ? [.. surroundings.Home, .. path[1..]] : path.ToArray());
            call.Taint |= ContentOf(file, AddPath(Verb.Read, file, call, call.Sets), call.State).Taint;
        }
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        int at = text.IndexOf(name), after = name.Length;
        if (at < 0)
            (at, after) = (text.IndexOf(other), other.Length);
        if (at < 0)
            return default;
        text = text[(at + after)..];
        int comma = text.IndexOf((byte)',');
        return comma < 0 ? text : text[..comma];
    }

    // What is lost in a container that nothing of this machine was given to, and that has no rights over it, is made again by its image.
    private static bool IsApart(Call call)
    {
        bool apart = !call.Shares;
        foreach (EffectShape shape in call.Effects)
            apart &= shape is not { Verb: Verb.Raise } and not { Kind: Kind.System };
        return apart;
    }

    private static Frame Inside(Call call, Frame frame) => call.Mounts.Count == 0 ? frame : frame.With([.. frame.Mounts, .. call.Mounts]);

    /// <summary>The path here that a path in a container stands for; null where it is the container's own. A folder above a mount takes the mount with it.</summary>
    private byte[]? Mounted(Value value, byte[]? directory, Frame frame, Verb verb)
    {
        if (frame.Mounts.Length == 0 || value.Text.Length == 0)
            return null;
        ReadOnlySpan<byte> text = value.Text;
        byte[]? path = text[0] == '/' || text.IndexOf(Value.Hole) >= 0 || directory is null ? value.Text : [.. directory, (byte)'/', .. text];
        if (path.Length == 0 || path[0] != '/')
            return null;
        int stop = path.AsSpan().IndexOf(Value.Hole);
        if (stop < 0)
            path = paths.Absolute(path, "/"u8);
        foreach ((byte[] here, byte[] there) in frame.Mounts)
        {
            bool all = there.Length == 1;
            if (all || (path.AsSpan().StartsWith(there) && (path.Length == there.Length || path[there.Length] == '/')))
                return [.. here, .. path.AsSpan(all ? 0 : there.Length)];
            ReadOnlySpan<byte> folder = path.AsSpan().TrimEnd("/*."u8);
            if (verb is Verb.Delete or Verb.ChangeMode && there.AsSpan().StartsWith(folder) && (folder.Length == 0 || there.Length == folder.Length || there[folder.Length] == '/'))
                return here;
        }

        return null;
    }
}
