using System;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Values with git's own grammar, and make's: transports, settings in variables, files in revisions.
internal sealed partial class Runner
{
    // ext::COMMAND: git runs it to reach the other side; "% " is a blank in it. True: it was one.
    private bool Transport(Call call, Value value)
    {
        int at = value.Text.AsSpan().StartsWith("ext::"u8) ? 5 : value.Text.AsSpan().StartsWith("git+ext::"u8) ? 9 : -1;
        if (at < 0)
            return false;
        ByteBuilder line = new(value.Text.Length), word = new(32);
        for (int i = at; i <= value.Text.Length; i++)
        {
            byte b = i < value.Text.Length ? value.Text[i] : (byte)' ';
            if (b == '%' && i + 1 < value.Text.Length && value.Text[i + 1] is (byte)' ' or (byte)'%')
            {
                word.Add(value.Text[++i]);
            }
            else if (b == ' ')
            {
                if (word.Length > 0)
                    line.Add(value.Text.AsSpan().IndexOfAny("'\""u8) >= 0 ? word.ToArray() : Quoted(word.ToArray())).Add((byte)' ');
                word = new ByteBuilder(32);
            }
            else
            {
                word.Add(b);
            }
        }

        NoteEscape(call.Frame, call.Span, call.Program);
        _ = RunCode(Language.Shell, new Flow(line.ToArray(), value.Taint), call.State.Child(null, []), call.Frame, call.Span, call.Program, Flow.Unknown());
        return true;
    }

    // 'name=value' 'name'='value' …: what git hands to the programs it starts.
    private void GitParameters(Call call, Value value)
    {
        ByteBuilder setting = new(64);
        bool quoted = false;
        foreach (byte b in value.Text)
        {
            if (b == '\'')
            {
                quoted = !quoted;
            }
            else if (b == ' ' && !quoted)
            {
                GitConfig(call, new Value(setting.ToArray()) { Taint = value.Taint });
                setting = new ByteBuilder(64);
            }
            else
            {
                setting.Add(b);
            }
        }

        if (setting.Length > 0)
            GitConfig(call, new Value(setting.ToArray()) { Taint = value.Taint });
    }

    // GIT_CONFIG_VALUE_n belongs to the name in GIT_CONFIG_KEY_n.
    private void GitValue(Call call, Value value)
    {
        ReadOnlySpan<byte> variable = call.Program;
        int digits = variable.LastIndexOf((byte)'_');
        byte[] key = [.. "GIT_CONFIG_KEY"u8, .. variable[digits..]];
        if (call.State.Find(key) is { Values: [{ HasHole: false } name, ..] })
            GitConfig(call, new Value([.. name.Text, (byte)'=', .. value.Text]) { Taint = value.Taint });
        else
            Note(call.Frame, call.Span, Verb.Opaque, "which of git's settings this is is not known", [value], call.Program, Taint.None);
    }

    // REVISION:PATH shows a file as it was: a secret stays one.
    private void Revision(Call call, Value value)
    {
        int colon = value.Text.AsSpan().IndexOf((byte)':');
        call.Taint |= value.Taint;
        if (colon < 0 || colon + 1 >= value.Text.Length || value.Text.AsSpan(0, colon).IndexOfAny("/ "u8) == 0)
            return;
        Value path = new(value.Text[(colon + 1)..]) { Taint = value.Taint };
        PathClass place = AddPath(Verb.Read, path, call, call.Sets);
        if (place == PathClass.Secret)
            call.Taint |= Taint.Secret;
    }

    // make NAME=VALUE: a variable like one of the environment, and make's own functions in any word.
    private void MakeWord(Call call, Value value)
    {
        call.Taint |= value.Taint;
        int equals = value.Text.AsSpan().IndexOf((byte)'=');
        if (equals > 0)
        {
            byte[] name = value.Text[..equals];
            name = name[^1] is (byte)':' or (byte)'+' or (byte)'?' ? name[..^1] : name;
            if (IsName(name))
                Environment(name.AsSpan().SequenceEqual("SHELL"u8) ? "MAKESHELL"u8.ToArray() : name, new Value(value.Text[(equals + 1)..]) { Taint = value.Taint }, call.Frame, call.Span);
        }

        for (int at = value.Text.AsSpan().IndexOf("$(shell "u8), count = 0; at >= 0 && count < 8; count++)
        {
            int from = at + 8, depth = 1, end = from;
            for (; end < value.Text.Length && depth > 0; end++)
                depth += value.Text[end] == '(' ? 1 : value.Text[end] == ')' ? -1 : 0;
            _ = RunCode(Language.Shell, new Flow(value.Text[from..(depth == 0 ? end - 1 : end)], value.Taint), call.State.Child(null, []), call.Frame, call.Span, call.Program, Flow.Unknown());
            int next = value.Text.AsSpan(end).IndexOf("$(shell "u8);
            at = next < 0 ? -1 : end + next;
        }
    }

    // socat's KIND:WHAT,OPTIONS: a file, the other side of a connection, or a command, which is handed to whoever is there.
    private void Address(Call call, Value value)
    {
        ReadOnlySpan<byte> text = value.Text;
        int colon = text.IndexOf((byte)':');
        if (colon <= 0)
            return;
        byte[] kind = Lower(text[..colon]);
        ReadOnlySpan<byte> what = text[(colon + 1)..];
        int comma = what.IndexOf((byte)',');
        Value rest = new((comma < 0 ? what : what[..comma]).Trim("\"'"u8).ToArray()) { Taint = value.Taint };
        if (kind.AsSpan().SequenceEqual("exec"u8) || kind.AsSpan().SequenceEqual("system"u8) || kind.AsSpan().SequenceEqual("shell"u8))
        {
            if (!IsBesideStandardStreams(call))
                Add(call.Frame, call.Span, new Effect { Verb = Verb.Send, Kind = Kind.Host, Attributes = Attributes.Executable, Program = call.Program, Words = call.Words });
            Apply(call, new OperandRole(Role.Program, Language.None, false), rest, isOption: false);
        }
        else if (kind.AsSpan().SequenceEqual("open"u8) || kind.AsSpan().SequenceEqual("file"u8) || kind.AsSpan().SequenceEqual("gopen"u8) || kind.AsSpan().SequenceEqual("create"u8))
            call.Taint |= ContentOf(rest, AddPath(text.IndexOf("rdonly"u8) >= 0 ? Verb.Read : Verb.Write, rest, call, Attributes.None), call.State).Taint;
    }

    // The two addresses stand last; what is read and written here is nobody else's, unless it was fetched.
    private static bool IsBesideStandardStreams(Call call)
    {
        if ((call.Input.Taint & Taint.Network) != 0)
            return false;
        for (int i = Math.Max(0, call.Words.Length - 2); i < call.Words.Length; i++)
        {
            byte[] word = Lower(call.Words[i]);
            int comma = word.AsSpan().IndexOf((byte)',');
            ReadOnlySpan<byte> kind = comma < 0 ? word : word.AsSpan(0, comma);
            if (kind.SequenceEqual("-"u8) || kind.SequenceEqual("stdio"u8))
                return true;
        }

        return false;
    }

    // NAME=LINE: a setting that may hold a command which runs later (npm pkg set scripts.x=…).
    private void NamedLine(Call call, Value value)
    {
        call.Taint |= value.Taint;
        int equals = value.Text.AsSpan().IndexOf((byte)'=');
        ReadOnlySpan<byte> line = value.Text.AsSpan(equals + 1).Trim("\"'[] "u8);
        if (ReadsAsCommand(line))
            _ = RunCode(Language.Shell, new Flow(line.ToArray(), value.Taint), call.State.Child(null, []), call.Frame, call.Span, call.Program, Flow.Unknown());
    }
}
