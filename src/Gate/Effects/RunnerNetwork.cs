using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Values that mean something beyond this machine or beyond a plain path: hosts, uploads, refspecs, settings, mounts.
internal sealed partial class Runner
{
    private void AddHost(Call call, Verb verb, Value value)
    {
        byte[] text = value.Text;
        call.Taint |= Sent(value);
        if (text.AsSpan().StartsWith("file://"u8))
        {
            _ = AddPath(Verb.Read, new Value(text[7..]), call, Attributes.None);
            return;
        }

        if (Transport(call, value))
            return;
        byte[] host = value.HasHole && text.AsSpan().IndexOf(Value.Hole) < 12 ? [] : HostName.Of(text);
        if (value.HasHole)
            call.Sets |= Attributes.Pattern;
        call.Hosts.Add((verb, host));
        if (verb == Verb.Fetch)
            call.Addresses.Add(text);
    }

    // A pager, editor or helper that is really a shell or an interpreter: nobody sets one for its use.
    private bool IsInterpreter(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny(" \t"u8);
        ReadOnlySpan<byte> word = end < 0 ? text : text[..end];
        word = word[(word.LastIndexOf((byte)'/') + 1)..];
        return knowledge.Find(word) is { InputRole: Role.Code };
    }

    private static bool IsMethod(ReadOnlySpan<byte> text) => text.Length is > 2 and < 10 && text.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0;

    private static bool IsReadingMethod(ReadOnlySpan<byte> method) => method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8) || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("get"u8) || method.SequenceEqual("head"u8);

    private void Upload(Call call, Value value, bool isFile)
    {
        byte[] text = value.Text;
        call.Sets |= Attributes.All;
        // @FILE, NAME=@FILE, NAME=<FILE (a form's text) and NAME@FILE (--data-urlencode) send a file.
        int at = isFile ? -1 : text.AsSpan().IndexOf((byte)'@');
        if (at < 0 && !isFile && text.AsSpan().IndexOf("=<"u8) is int from && from > 0)
            at = from + 1;
        if (isFile || at == 0 || (at > 0 && (text[at - 1] is (byte)'=' or (byte)'<' || text[at] == '<' || IsName(text.AsSpan(0, at)))))
        {
            byte[] name = text[(at + 1)..];
            int end = name.AsSpan().IndexOf((byte)';');
            name = end > 0 ? name[..end] : name;
            if (name is [(byte)'-'] || (isFile && name is [(byte)'.']))
            {
                call.Taint |= Sent(call.Input);
                return;
            }

            Value file = new(name) { Pattern = value.Pattern };
            PathClass place = AddPath(Verb.Read, file, call, call.Sets & Attributes.Recursive);
            call.Taint |= Sent(ContentOf(file, place, call.State)) | BulkOf(place, file);
        }

        call.Taint |= Sent(value);
    }

    private void RemotePath(Call call, Value value, bool write)
    {
        ReadOnlySpan<byte> text = value.Text;
        int colon = text.IndexOf((byte)':'), slash = text.IndexOf((byte)'/');
        if (colon > 0 && (slash < 0 || colon < slash))
        {
            call.Hosts.Add((write ? Verb.Send : Verb.Fetch, HostName.Of(text)));
            if (!write)
                call.Addresses.Add(value.Text);
            return;
        }

        bool drops = call.Drops && call.Insisted == 0;
        if (write && drops)
            return;
        PathClass place = AddPath(write ? Verb.Write : call.Turns == Verb.Delete && !drops ? Verb.Delete : Verb.Read, value, call, write ? call.Sets : call.Sets & Attributes.Recursive);
        if (!write)
        {
            call.Taint |= Sent(ContentOf(value, place, call.State)) | BulkOf(place, value);
            call.Sources.Add(value);
        }
        else if (AbsoluteOf(value, call.Directory) is { } written)
        {
            call.Written.Add((written, value));
        }
    }

    // +x forces, :x deletes; what stands after the colon is the branch on the other side.
    private static void Refspec(Call call, Value value)
    {
        ReadOnlySpan<byte> text = value.Text;
        if (text.Length > 0 && text[0] == '+')
        {
            call.Effects.Add(new EffectShape(Verb.Rewrite, Kind.History, false, Attributes.Remote | Attributes.Forced));
            text = text[1..];
        }

        int colon = text.LastIndexOf((byte)':');
        if (colon == 0)
            call.Effects.Add(new EffectShape(Verb.Discard, Kind.History, false, Attributes.Remote | Attributes.All));
        ReadOnlySpan<byte> branch = text[(colon + 1)..];
        if (branch.StartsWith("refs/heads/"u8))
            branch = branch[11..];
        call.Objects.Add(branch.ToArray());
    }

    // Settings that make git run a program, by their names; rules/commands/git.yaml lists them as programs "git-config NAME".
    private void GitConfig(Call call, Value value)
    {
        ReadOnlySpan<byte> text = value.Text;
        int equals = text.IndexOf((byte)'=');
        byte[] name = Lower(equals < 0 ? text : text[..equals]);
        byte[] setting = equals < 0 ? [] : text[(equals + 1)..].ToArray();
        Specification? known = knowledge.Find([.. "git-config "u8, .. name]);
        int dot = name.AsSpan().IndexOf((byte)'.'), last = name.AsSpan().LastIndexOf((byte)'.');
        if (known is null && dot > 0)
            known = knowledge.Find([.. "git-config "u8, .. name.AsSpan(0, dot), .. ".*"u8]) ?? knowledge.Find([.. "git-config "u8, .. name.AsSpan(0, dot), .. ".*"u8, .. name.AsSpan(last)]);
        if (known is null)
            return;
        if (setting.Length > 0 && setting[0] == '!')
            setting = setting[1..];
        else if (name.AsSpan().StartsWith("alias."u8) && setting.Length > 0)
            setting = [.. "git "u8, .. setting];
        Perform(new Call("git-config"u8.ToArray(), call.Frame.Through("git"u8.ToArray()), call.Span, Flow.Nothing, call.State) { Words = [value.Text] }, known, [new Value(setting) { Taint = value.Taint }]);
    }

    private void SshOption(Call call, Value value)
    {
        ReadOnlySpan<byte> text = value.Text;
        int end = text.IndexOfAny("= "u8);
        byte[] name = Lower(end < 0 ? text : text[..end]);
        if (end > 0 && (name.AsSpan().SequenceEqual("proxycommand"u8) || name.AsSpan().SequenceEqual("localcommand"u8) || name.AsSpan().SequenceEqual("knownhostscommand"u8) || name.AsSpan().SequenceEqual("remotecommand"u8)))
            _ = RunCode(Language.Shell, new Flow(text[(end + 1)..].ToArray(), value.Taint), call.State.Child(null, []), call.Frame, call.Span, call.Program, Flow.Unknown());
    }

    // Programs found first in a folder that anybody may write to can be anything.
    private void SearchPath(Call call, Value value)
    {
        ReadOnlySpan<byte> rest = value.Text;
        while (rest.Length > 0)
        {
            int colon = rest.IndexOf((byte)':');
            ReadOnlySpan<byte> folder = colon < 0 ? rest : rest[..colon];
            rest = colon < 0 ? default : rest[(colon + 1)..];
            if (folder.SequenceEqual("."u8) && call.Program.AsSpan().SequenceEqual("env:PATH"u8))
                Note(call.Frame, call.Span, Verb.Opaque, "programs would be taken from whatever folder it stands in", [value], call.Program, Taint.None);

            // NAME=FOLDER: one of several, by its name.
            if (folder.IndexOf((byte)'=') is int equals && equals > 0 && folder[(equals + 1)..] is [(byte)'/' or (byte)'.' or (byte)'~', ..] named)
                folder = named;
            if (folder.IndexOf(Value.Hole) >= 0 || folder.Length == 0)
                continue;
            byte[]? path = AbsoluteOf(Value.Of(folder), call.Directory);
            PathClass place = path is null ? PathClass.Unknown : paths.Classify(path, out _, out _);
            if (place is PathClass.Unknown or PathClass.Outside || (place is PathClass.Temporary && !IsOurs(path!)))
                Note(call.Frame, call.Span, Verb.Opaque, "programs would be taken from a folder outside the workspace and the system", [value], call.Program, Taint.None);
        }
    }

    private static byte[] Lower(ReadOnlySpan<byte> text)
    {
        byte[] lower = text.ToArray();
        for (int i = 0; i < lower.Length; i++)
            lower[i] = lower[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(lower[i] + 32) : lower[i];
        return lower;
    }
}
