using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Gate.Expansion;

namespace Gate.Effects;

// Reading guide: Named finds the entries of a name, Perform goes through them, Act does what one says; paths, hosts and files follow,
// Conclude says at the end what only the whole text tells.
// What calls do: the table's entry for a name, and what it means with these arguments.
internal sealed partial class CallScan
{
    private readonly record struct Entry(byte On, CallAction Action, Verb Verb, Kind Kind, Attributes Attributes);

    private readonly List<Entry> _found = [];
    private bool _secret, _sends, _leaked, _socket, _shell, _stated, _bound, _hosted, _fetches;

    // All entries of a name: exactly, then without what stands before its last parts, then as a method.
    private bool Named(string name, out Entry entry)
    {
        _found.Clear();
        Look(name, false);
        foreach (string module in _starred)
        {
            if (_found.Count == 0 && !name.Contains('.', StringComparison.Ordinal))
                Look(module + "." + name, false);
        }

        for (string rest = name; _found.Count == 0 && rest.IndexOf('.', StringComparison.Ordinal) is int dot and > 0 && rest.IndexOf('.', dot + 1) > 0;)
        {
            rest = rest[(dot + 1)..];
            Look(rest, false);
            if (_found.Count == 0)
                Look(rest, true);
        }

        int last = name.LastIndexOf('.');
        if (_found.Count == 0 && last >= 0)
        {
            // objects.all.delete is a method of two parts; the longest fits first.
            int before = last > 0 ? name.LastIndexOf('.', last - 1) : -1;
            if (before >= 0)
                Look(name[(before + 1)..], true);
            if (_found.Count == 0)
                Look(name[(last + 1)..], true);
        }

        entry = _found.Count > 0 ? _found[0] : default;
        return _found.Count > 0;
    }

    private void Look(string name, bool methods)
    {
        Span<byte> wanted = stackalloc byte[128];
        if (name.Length is 0 or > 120 || !Encoding.UTF8.TryGetBytes(name, wanted, out int length))
            return;
        wanted = wanted[..length];
        (int list, int count) = _calls.Find(KeyOf(wanted, methods));
        for (int i = 0; i < count; i++)
        {
            int at = _entries + (int)_bundle.Word(list + (i * 4));
            if (!_bundle.ShortText(at).SequenceEqual(wanted))
                continue;
            ReadOnlySpan<byte> entry = _bundle.At(at + 1 + length, EntrySize);
            if (entry[0] != 0 == methods)
                _found.Add(new Entry(entry[0], (CallAction)entry[1], (Verb)entry[2], (Kind)entry[3], (Attributes)BinaryPrimitives.ReadUInt64LittleEndian(entry[4..])));
        }

        _budget -= 20;
    }

    private void Perform(string name, CodeValue? receiver, CodeValue arguments, bool bare = false)
    {
        if (name.Length == 0)
            return;
        foreach (string ending in (ReadOnlySpan<string>)[".call", ".apply", ".bind"])
        {
            // f.call(this, a), f.apply(this, [a]) and method(:f).call(a) are f(a).
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal) && Named(name[..^ending.Length], out _))
            {
                name = name[..^ending.Length];
                List<CodeValue> given = arguments.Items is { Count: > 0 } items && _language == Language.Node ? items.GetRange(1, items.Count - 1) : arguments.Items ?? [];
                arguments = CodeValue.List(ending == ".apply" && given.Count == 1 && given[0].Items is { } spread ? spread : given);
                break;
            }
        }

        if (!Named(name, out _))
        {
            References(name, receiver, arguments);
            return;
        }

        foreach (Entry entry in _found.ToArray())
        {
            if (!bare || entry.Action == CallAction.Fork || (entry.Action == CallAction.Effect && (entry.Kind != Kind.Path || (entry.On == 1 && receiver is not null))))
                Act(name, entry, receiver, arguments);
        }

        References(name, receiver, arguments);
    }

    // A dangerous function given to something that will call it: map(os.system, […]), Thread(target=os.system, args=(…)).
    private void References(string name, CodeValue? receiver, CodeValue arguments)
    {
        for (int n = 0; arguments.Items is { } items && n < items.Count && n < 6; n++)
        {
            if (items[n] is { Name: { } function, Called: false } && (function.Contains('.', StringComparison.Ordinal) || _language is Language.Python or Language.Node) && function != name && Named(function, out Entry entry)
                && (entry.Action is CallAction.RunShell or CallAction.RunCommand or CallAction.RunCode || entry.Verb == Verb.Delete))
            {
                CodeValue given = items.Count == 1 && receiver?.Items is not null ? receiver : Flattened(arguments, n);

                // then(eval): what it is called with is what came before.
                Act(function, entry, items[n].Receiver, entry.Action == CallAction.RunCode && given.Items is [] && receiver is not null ? CodeValue.List([CodeValue.Unknown(receiver.Taint)]) : given);
            }
        }
    }

    private static CodeValue Flattened(CodeValue arguments, int without)
    {
        List<CodeValue> rest = [];
        for (int n = 0; n < arguments.Items!.Count; n++)
        {
            if (n == without || arguments.Items[n].Text is null && arguments.Items[n].Items is null)
                continue;
            if (arguments.Items[n].Items is { } parts)
                rest.AddRange(parts);
            else
                rest.Add(arguments.Items[n]);
        }

        return CodeValue.List(rest);
    }

    private void Act(string name, Entry entry, CodeValue? receiver, CodeValue arguments)
    {
        CodeValue? first = entry.On == 1 && entry.Action != CallAction.Effect ? receiver : arguments.At(0) ?? Any(arguments, "args", "command", "cmd", "path", "file", "url");
        switch (entry.Action)
        {
            case CallAction.Opaque:
                _runner.NoteOpaque($"the code calls {name}, which can do anything", _frame, _span, _program);
                break;
            case CallAction.RunShell:
                RunLine(first, arguments);
                break;
            case CallAction.RunCommand:
                RunCommand(first, arguments);
                break;
            case CallAction.RunArguments:
                RunArguments(arguments);
                break;
            case CallAction.RunCode:
                RunCode(name, name.EndsWith("unction", StringComparison.Ordinal) || name.EndsWith("constructor", StringComparison.Ordinal) ? arguments.Items is { Count: > 0 } all ? all[^1] : first : first);
                break;
            case CallAction.Open:
                Open(arguments);
                break;
            case CallAction.Copy or CallAction.Move:
                Path(entry.Action == CallAction.Copy ? Verb.Read : Verb.Write, entry.On == 1 ? receiver : first, Attributes.None);
                Path(Verb.Write, entry.On == 1 ? arguments.At(0) : arguments.At(1), Attributes.None);
                break;
            case CallAction.Socket:
                // A socket as such reaches nobody; where it leads is said when it is connected.
                _socket = true;
                if (!name.EndsWith(".bind", StringComparison.Ordinal) && (first?.Text is not null || first?.Items is [{ Text: not null }, ..] || arguments.Keys is { } keys && keys.Exists(key => key is not null)))
                    Host(Verb.Send, first, entry.Attributes, arguments);
                else
                    _bound |= name.EndsWith(".bind", StringComparison.Ordinal);
                break;
            case CallAction.Content:
                Content(receiver?.Receiver, Verb.Write, first);
                break;
            case CallAction.Shell:
                _shell = true;
                if (first?.Items is { } command)
                    RunWords(command);
                else if (first?.Text is not null)
                    RunText(first);
                break;
            case CallAction.Fork:
                Fork();
                break;
            case CallAction.Sql:
                if (first?.Text is { Length: > 3 } sql && IsSql(sql))
                    SqlScan.Find(sql, _runner, _frame, _span, _program, _state);
                break;
            case CallAction.Print:
                if ((arguments.Taint & Taint.Secret) != 0)
                    _runner.NoteScanned(new Effect { Verb = Verb.Read, Kind = Kind.Data, Attributes = Attributes.SecretData, Program = _program }, _frame, _span);
                break;
            case CallAction.Apply:
                Apply(name, first, arguments);
                break;
            case CallAction.Effect when entry.Kind == Kind.Path:
                Paths(name, entry, entry.On == 1 ? receiver ?? CodeValue.Unknown() : null, arguments);
                break;
            case CallAction.Effect when entry.Kind == Kind.Host:
                _fetches |= entry.Verb == Verb.Fetch;
                Host(entry.Verb == Verb.Fetch && Sends(name, arguments) ? Verb.Send : entry.Verb, first, entry.Attributes, arguments);
                break;
            case CallAction.Effect:
                _secret |= entry.Verb == Verb.Read && (entry.Attributes & Attributes.SecretData) != 0;
                byte[] target = first?.Text is not null || first?.Number is not null ? first.Bytes : [];
                if (entry.Verb == Verb.Signal && target is [(byte)'-', (byte)'1'])
                    _runner.NoteScanned(new Effect { Verb = Verb.Touch, Kind = Kind.System, Program = _program, Target = "every process"u8.ToArray() }, _frame, _span);
                _runner.NoteScanned(new Effect { Verb = entry.Verb, Kind = entry.Kind, Attributes = entry.Attributes, Program = _program, Target = target }, _frame, _span);
                break;
        }
    }

    private static CodeValue? Any(CodeValue arguments, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (arguments.Keyed(key) is { } value)
                return value;
        }

        return null;
    }

    private static bool Sends(string name, CodeValue arguments)
    {
        CodeValue? options = arguments.At(1);
        CodeValue? method = options?.Keyed("method") ?? arguments.Keyed("method");
        if (method is not null && !method.Is("GET"u8) && !method.Is("HEAD"u8) && !method.Is("get"u8))
            return true;
        return Any(arguments, "data", "json", "body") is not null || options?.Keyed("body") is not null || (name.EndsWith("urlopen", StringComparison.Ordinal) && options is not null);
    }

    private void Paths(string name, Entry entry, CodeValue? receiver, CodeValue arguments)
    {
        Attributes attributes = entry.Attributes;

        // JavaScript removes folders only where it is told so.
        if ((attributes & Attributes.Recursive) != 0 && _language == Language.Node && (name.StartsWith("fs.rm", StringComparison.Ordinal) || name.EndsWith(".rmSync", StringComparison.Ordinal) || name.StartsWith("Deno.rem", StringComparison.Ordinal)) && arguments.At(1) is var options && (options is null || (options.Keys is not null && options.Keyed("recursive") is null)))
            attributes &= ~Attributes.Recursive;
        if (receiver is not null)
        {
            Path(entry.Verb, receiver, attributes);
            Content(receiver, entry.Verb, arguments.At(0));
            return;
        }

        bool several = entry.Verb is Verb.Delete or Verb.ChangeMode && _language is Language.Perl or Language.Ruby;
        int count = 0;
        foreach (CodeValue item in arguments.Items ?? [])
        {
            if (item.Items is { } parts && several)
            {
                foreach (CodeValue part in parts)
                    Path(entry.Verb, part, attributes);
                count += parts.Count;
            }
            else if (count == 0 || (several && item.Text is not null))
            {
                if (entry.Verb == Verb.ChangeMode && item.Text is null && arguments.Items!.Count > 1 && several)
                    continue;
                Path(entry.Verb, item.Items is { Count: > 0 } list ? list[0] : item, attributes);
                count++;
            }
        }

        if (count == 0)
            Path(entry.Verb, null, attributes);
        else
            Content(arguments.At(0), entry.Verb, arguments.At(1));
    }

    // What is written here may be run later in the same line.
    private void Content(CodeValue? file, Verb verb, CodeValue? content)
    {
        if (verb == Verb.Write && file?.IsKnown == true && content is not null)
            _runner.NoteContent(file.Text!, content.Text, content.Taint, _state);
    }

    private void Path(Verb verb, CodeValue? value, Attributes attributes)
    {
        // What lies below a folder that is gone through is deleted with all of it.
        if (value is { Pattern: true, Text: [.., (byte)'/', (byte)'*'] } && verb == Verb.Delete)
            attributes |= Attributes.Recursive;
        PathClass place = _runner.NotePath(verb, value?.Text, attributes, _frame, _span, _program, _state, value?.Pattern == true);
        _secret |= verb == Verb.Read && place == PathClass.Secret;
    }

    private void Host(Verb verb, CodeValue? value, Attributes attributes, CodeValue arguments)
    {
        byte[] text = (value?.Items is { Count: > 0 } pair ? pair[0].Text : value?.Keys is not null ? (value.Keyed("url") ?? value.Keyed("hostname") ?? value.Keyed("host") ?? arguments.At(1))?.Text : value?.Text) ?? [];
        if (text.Length == 0 && verb != Verb.Listen)
            text = Any(arguments, "url", "host", "hostname", "PeerAddr", "PeerHost", "uri")?.Text ?? [];
        byte[] host = text.AsSpan().IndexOf(Value.Hole) is >= 0 and < 12 ? [] : HostName.Of(text);
        bool local = host.AsSpan() is var h && (h.SequenceEqual("localhost"u8) || h.StartsWith("127."u8) || h.SequenceEqual("0.0.0.0"u8) || h.SequenceEqual("[::1]"u8));
        if (text.AsSpan().StartsWith("file:"u8))
        {
            Path(Verb.Read, CodeValue.Of(text[(text.AsSpan().StartsWith("file://"u8) ? 7 : 5)..]), Attributes.None);
            return;
        }

        if (!local && verb != Verb.Listen)
        {
            _sends = true;
            if ((arguments.Taint & Taint.Secret) != 0 && !IsOnlyHeaders(arguments))
            {
                attributes |= Attributes.SecretData;
                _leaked = true;
            }
        }

        _hosted = true;
        if (verb == Verb.Fetch && arguments.At(1) is { IsKnown: true } saved && value?.Text is not null)
            _runner.NoteContent(saved.Text!, null, Taint.Network, _state);
        _runner.NoteScanned(new Effect { Verb = verb, Kind = Kind.Host, Attributes = attributes, Program = _program, Target = host }, _frame, _span);
    }

    // A token in a header or as a password is what it is for; in an address or a body it is given away.
    private static bool IsOnlyHeaders(CodeValue arguments)
    {
        for (int n = 0; n < arguments.Items!.Count; n++)
        {
            CodeValue item = arguments.Items[n];
            if ((item.Taint & Taint.Secret) == 0 || arguments.Keys?[n] is "headers" or "auth" or "password" or "token" or "api_key")
                continue;
            if (item.Keys is null)
                return false;
            for (int k = 0; k < item.Items!.Count; k++)
            {
                if ((item.Items[k].Taint & Taint.Secret) != 0 && item.Keys[k] is not ("headers" or "Authorization" or "auth" or "password"))
                    return false;
            }
        }

        return true;
    }

    private void Open(CodeValue arguments)
    {
        CodeValue? first = arguments.At(0), mode = arguments.Keyed("mode") ?? arguments.At(1);
        CodeValue? file = first;
        if (_language == Language.Perl && arguments.Items!.Count > 1)
        {
            // open FH, MODE, PATH · open FH, "MODE PATH"
            file = arguments.At(2) ?? arguments.At(1);
            mode = arguments.At(1);
        }

        byte[] text = file?.Text ?? [], how = mode?.Text ?? (mode is null ? [] : [(byte)'w']);
        bool pipes = _language is Language.Perl or Language.Ruby && (text is [(byte)'|', ..] || (_language == Language.Perl && text is [.., (byte)'|']) || how.AsSpan().StartsWith("-|"u8) || how.AsSpan().StartsWith("|-"u8));
        if (pipes)
        {
            RunText(CodeValue.Of(text.AsSpan().Trim("| "u8).ToArray(), file!.Taint));
            return;
        }

        if (_language is Language.Php or Language.Ruby && text.AsSpan().IndexOf("://"u8) is > 2 and < 9)
        {
            Host(Verb.Fetch, file, Attributes.None, arguments);
            return;
        }

        ReadOnlySpan<byte> trimmed = text.AsSpan().TrimStart(" "u8);
        bool writes = how.AsSpan().TrimStart("rbt"u8) is [(byte)'w' or (byte)'a' or (byte)'x' or (byte)'+' or (byte)'c', ..] || how.AsSpan().IndexOf((byte)'+') >= 0 || how.AsSpan().IndexOf((byte)'>') >= 0 || trimmed is [(byte)'>', ..];
        if (_language == Language.Python && mode is { Text: null, Name: { } flags })
            writes = !flags.EndsWith("O_RDONLY", StringComparison.Ordinal);
        if (file?.Text is not null && trimmed is [(byte)'>' or (byte)'<' or (byte)'+', ..])
            file = CodeValue.Of(trimmed.TrimStart("+><& "u8).ToArray(), file.Taint);
        Path(writes ? Verb.Write : Verb.Read, file, Attributes.None);
    }

    // Where data comes from, for what is run or sent later.
    private Taint Source(string name, CodeValue arguments)
    {
        if (!Named(name, out Entry entry))
            return Taint.None;
        if (entry.Action == CallAction.Effect && entry.Kind == Kind.Host && entry.Verb is Verb.Fetch or Verb.Send)
            return Taint.Network;
        if (entry.Action == CallAction.Socket)
            return Taint.Network;
        if (entry.Action == CallAction.Open || (entry.Action == CallAction.Effect && entry.Kind == Kind.Path && entry.Verb == Verb.Read))
            return arguments.At(0)?.Text.AsSpan().IndexOf("://"u8) is > 2 and < 9 ? Taint.Network : arguments.At(0) is { IsKnown: true } file && _runner.PlaceOf(file.Text!, _state) == PathClass.Secret ? Taint.Secret : Taint.None;
        return entry.Action == CallAction.Effect && entry.Verb == Verb.Read && (entry.Attributes & Attributes.SecretData) != 0 ? Taint.Secret : Taint.None;
    }

    private void Fork()
    {
        bool endless = false, loop = false;
        for (int i = 0; i < _tokens.Count; i++)
        {
            endless |= _tokens[i].Kind == CodeTokenKind.Name && (IsWord(i, "while"u8) || IsWord(i, "until"u8) || IsWord(i, "loop"u8) || IsWord(i, "forever"u8) || IsWord(i, "setInterval"u8) || IsWord(i, "count"u8) || IsWord(i, "cycle"u8) || IsWord(i, "iter"u8)) || (Is(i, ";"u8) && Is(i + 1, ";"u8));
            loop |= IsWord(i, "for"u8) || IsWord(i, "times"u8) || IsWord(i, "each"u8);
        }

        if (endless)
            _runner.NoteScanned(new Effect { Verb = Verb.Touch, Kind = Kind.System, Program = _program, Target = "endless recursion"u8.ToArray() }, _frame, _span);
        else if (loop)
            _runner.NoteOpaque("the code starts itself many times", _frame, _span, _program);
    }

    private void Apply(string name, CodeValue? first, CodeValue arguments)
    {
        if (name is "array_filter" or "array_walk" or "usort" or "iterator_apply")
        {
            if (arguments.At(1) is not { IsKnown: true } second)
                return;
            (first, arguments) = (second, CodeValue.List([second, arguments.At(0)!]));
        }

        string? function = first?.Name ?? (first?.IsKnown == true ? Encoding.UTF8.GetString(first.Text!) : null);
        if (function is null)
            _runner.NoteOpaque($"the code calls {name} with a function that is not known", _frame, _span, _program);
        else if (function != name && Named(function, out Entry entry) && entry.Action != CallAction.Apply)
            Act(function, entry, first?.Receiver, Flattened(arguments, 0));
    }

    private static bool IsSql(byte[] text)
    {
        ReadOnlySpan<byte> trimmed = text.AsSpan().TrimStart(" \t\n(;"u8);
        int end = 0;
        while (end < trimmed.Length && char.IsAsciiLetter((char)trimmed[end]))
            end++;
        Span<byte> word = stackalloc byte[16];
        if (trimmed.StartsWith("/*"u8) || trimmed.StartsWith("--"u8))
            return true;
        if (end is < 2 or > 12)
            return false;
        for (int i = 0; i < end; i++)
            word[i] = (byte)(trimmed[i] & ~32);
        return " SELECT INSERT UPDATE DELETE DROP TRUNCATE ALTER CREATE GRANT REVOKE COPY DO WITH MERGE REPLACE ATTACH VACUUM PRAGMA CALL EXEC EXECUTE SET LOAD RENAME "u8.IndexOf((byte[])[(byte)' ', .. word[..end], (byte)' ']) >= 0;
    }

    // What only the whole text tells: a secret and the network, a connection and a shell.
    private void Conclude()
    {
        if (_secret && _sends && !_leaked)
            _runner.NoteScanned(new Effect { Verb = Verb.Send, Kind = Kind.Host, Attributes = Attributes.SecretData, Program = _program }, _frame, _span);
        if (_socket && !_bound && !_hosted)
            _runner.NoteScanned(new Effect { Verb = Verb.Send, Kind = Kind.Host, Program = _program }, _frame, _span);
        if (_socket && _shell && !_stated)
        {
            _stated = true;
            _runner.NoteScanned(new Effect { Verb = Verb.Send, Kind = Kind.Host, Attributes = Attributes.Executable, Program = _program }, _frame, _span);
        }
    }
}
