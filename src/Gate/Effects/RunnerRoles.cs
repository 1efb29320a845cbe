using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// What each value and operand means. Act is the order of it all; ApplyOperands gives each operand its role and Apply acts on a role, one
// case each. What the larger cases need is in RunnerPaths.cs and RunnerNetwork.cs, what comes last in RunnerOutput.cs.
internal sealed partial class Runner
{
    private Flow Act(Call call, List<Specification> chain, Specification current, List<(OptionEntry Option, Value Value)> values, List<Value> operands, OptionEntry overriding)
    {
        // The program itself: known, so that its other effects are all there is.
        Add(call.Frame, call.Span, new Effect { Verb = Verb.Run, Kind = Kind.Code, Attributes = Attributes.Known, Program = call.Program, Subcommand = call.Subcommand, Words = call.Words, Operands = call.OperandTexts });
        if (call.Only)
            return Flow.Unknown();

        call.Inside = (current.Flags & SpecificationFlags.Inside) != 0;
        call.Feeds = (current.Flags & SpecificationFlags.Feeds) != 0;
        foreach ((OptionEntry option, Value value) in values)
        {
            if (option.Role == Role.Enter)
                call.Directory = Entered(value, call.Directory);
        }

        foreach ((OptionEntry option, Value value) in values)
        {
            if (option.Role != Role.Enter)
                Apply(call, new OperandRole(option.Role, option.Language, false), value, isOption: true);
        }

        // An effect on paths beside operands with that very role says how they are treated: [delete...] and "delete path recursive".
        for (int i = 0; i < current.EffectCount; i++)
        {
            EffectShape shape = current.Effect(i);
            if (shape.Kind == Kind.Path && HasRole(current, shape.Verb, operands.Count))
                call.Sets |= shape.Attributes;
            else
                call.Effects.Add(shape);
        }

        // Without a place a search goes through the folder it stands in.
        bool searches = (call.Sets & Attributes.Recursive) != 0 && !call.Piped && current.OperandCount == 2 && operands.Count == 1 && !overriding.IsKnown && current.Operand(0).Role == Role.Text && current.Operand(1).Role == Role.Read;
        if (searches || (operands.Count == 0 && call.Turns is Verb.Write or Verb.Delete or Verb.ChangeMode && HasRole(current, Verb.Read, int.MaxValue)))
            operands.Add(Value.Of("."u8));
        call.Links = current.Makes == Makes.Link;
        call.Elsewhere = (current.Flags & SpecificationFlags.Fresh) != 0 && IsApart(call);
        ApplyOperands(call, current, operands, overriding);
        if (call.Feeds && !call.RanCommand)
            RunFedLines(call, []);
        TakeInput(call, chain);
        NoteEffects(call);
        Bound(call);
        Flow output = PrintOf(call, current, operands);
        NoteWritten(call, current, output);
        return output;
    }

    // Whether one of the operands is given such a role: unzip X.ZIP names no member that it writes.
    private static bool HasRole(Specification specification, Verb verb, int operands)
    {
        for (int i = 0; i < specification.OperandCount && i < operands; i++)
        {
            Role role = specification.Operand(i).Role;
            if ((verb == Verb.Delete && role == Role.Delete) || (verb == Verb.Write && role is Role.Write or Role.RemoteWrite) || (verb == Verb.Read && role is Role.Read or Role.RemoteRead or Role.UploadFile) || (verb == Verb.ChangeMode && role == Role.ChangeMode))
                return true;
        }

        return false;
    }

    private void ApplyOperands(Call call, Specification current, List<Value> operands, OptionEntry overriding)
    {
        int count = overriding.IsKnown ? overriding.OperandCount : current.OperandCount;
        if (count == 0)
            return;
        OperandRole[] roles = new OperandRole[count];
        int repeated = -1;
        for (int i = 0; i < count; i++)
        {
            roles[i] = overriding.IsKnown ? overriding.Operand(i) : current.Operand(i);
            if (roles[i].Repeats)
                repeated = i;
        }

        int after = repeated < 0 ? 0 : count - 1 - repeated;
        for (int i = 0; i < operands.Count; i++)
        {
            if (repeated >= 0 && roles[repeated].Role == Role.Assignment && i >= repeated && repeated + 1 < count && !(operands[i].Text.AsSpan().IndexOf((byte)'=') is int equals && equals > 0 && IsName(operands[i].Text.AsSpan(0, equals))))
            {
                // The first word that is no NAME=VALUE begins what follows the assignments.
                if (roles[repeated + 1].Role is Role.Command or Role.Line)
                {
                    RunRest(call, roles[repeated + 1].Role, operands, i);
                    return;
                }
            }

            int role = repeated < 0 || i < repeated ? i : i >= operands.Count - after ? count - (operands.Count - i) : repeated;
            if (role >= count || role < 0)
                continue;
            if (roles[role].Role is Role.Command or Role.Line)
            {
                RunRest(call, roles[role].Role, operands, i);
                return;
            }

            // python manage.py flush: a script that is known by its name does what its words say.
            if (roles[role].Role == Role.Script && KnownScript(operands[i]) is { } known)
            {
                List<Value> words = operands.GetRange(i, operands.Count - i);
                words[0] = known;
                RunCommandWords(call, words, 0);
                return;
            }

            // bash -c CODE NAME ARGUMENTS…
            if (roles[role].Role is Role.Code or Role.Script)
                call.CodeArguments = operands.GetRange(i + 1, operands.Count - i - 1).ToArray();

            // git config NAME VALUE: the value is the next word.
            bool pair = roles[role].Role == Role.GitConfig && i + 1 < operands.Count && operands[i].Text.AsSpan().IndexOf((byte)'=') < 0;
            Apply(call, roles[role], pair ? new Value([.. operands[i].Text, (byte)'=', .. operands[i + 1].Text]) { Taint = operands[i + 1].Taint } : operands[i], isOption: false);
        }
    }

    // Programs of a project are known as "./NAME", whatever interpreter is told to run them.
    private Value? KnownScript(Value script)
    {
        int slash = script.Text.AsSpan().LastIndexOf((byte)'/');
        byte[] name = [.. "./"u8, .. script.Text.AsSpan(slash + 1)];
        return name.Length == 2 || knowledge.Find(name) is null ? null : slash < 0 ? new Value(name) { Taint = script.Taint } : script;
    }

    private void RunRest(Call call, Role role, List<Value> operands, int from)
    {
        if (role == Role.Command)
        {
            RunCommandWords(call, operands, from);
            return;
        }

        call.RanCommand = true;
        List<Value> words = operands.GetRange(from, operands.Count - from);
        if (call.Feeds)
        {
            RunFedLines(call, words);
            return;
        }

        // Some versions join the words to a line, some run them as they are: where that differs, both count.
        if (words.Count > 1 && call.Hosts.Count == 0 && words.Exists(word => word.Text.AsSpan().IndexOfAny(" \t\n"u8) >= 0))
            RunWordsOf(call, words, Started(call), call.Input);
        call.Output = RunLineOf(call, Joined(words.ToArray()), call.Input);
    }

    private Flow RunLineOf(Call call, byte[] line, Flow input)
    {
        bool remote = call.Hosts.Count > 0;
        return RunCode(Language.Shell, new Flow(line, Taint.None), ChildOf(call), Inside(call, call.Frame.Through(call.Program, remote ? Attributes.Remote : Attributes.None, elsewhere: remote || call.Elsewhere)), call.Span, [], input);
    }

    // env FOO=1 cmd, timeout 5 cmd, xargs cmd: the rest is a command of its own.
    private void RunCommandWords(Call call, List<Value> operands, int from)
    {
        ShellState started = Started(call);
        while (from < operands.Count && operands[from].Text.AsSpan().IndexOf((byte)'=') is int equals && equals > 0 && IsName(operands[from].Text.AsSpan(0, equals)))
        {
            Value value = new(operands[from].Text[(equals + 1)..]) { Taint = operands[from].Taint };
            Environment(operands[from].Text[..equals], value, call.Frame, call.Span, Behind(operands));
            started.Put(new Variable(operands[from].Text[..equals], [value], Traits.Exported));
            from++;
        }

        if (from >= operands.Count)
            return;
        List<Value> words = operands.GetRange(from, operands.Count - from);
        if (call.Feeds)
        {
            RunFedWords(call, words, started);
            return;
        }

        RunWordsOf(call, words, started, call.Input);
    }

    // A process that this call starts stands where the call works.
    private ShellState Started(Call call)
    {
        ShellState started = call.State.Fork();
        started.Directory = call.Directory;
        Clear(started, call.ClearsAll, call.Clears, call.Inside);
        foreach (Variable assigned in call.Assigned)
            started.Put(assigned);
        return started;
    }

    // Each run is a process of its own.
    private void RunWordsOf(Call call, List<Value> words, ShellState started, Flow input)
    {
        call.RanCommand = true;
        call.Output = Invoke(words.ToArray(), started.Fork(), Inside(call, call.Frame.Through(call.Program, call.Sets & Attributes.Remote, call.Elsewhere)), input, call.Span, external: true);
    }

    // The program and its first word behind assignments.
    private static Value[] Behind(List<Value> operands)
    {
        int first = operands.FindIndex(word => word.Text.AsSpan().IndexOf((byte)'=') <= 0);
        return first < 0 ? [] : operands.GetRange(first, Math.Min(2, operands.Count - first)).ToArray();
    }

    private static byte[] FirstLine(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        return (end < 0 ? text : text[..end]).ToArray();
    }

    private static bool IsName(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!(text[i] == '_' || char.IsAsciiLetter((char)text[i]) || (i > 0 && char.IsAsciiDigit((char)text[i]))))
                return false;
        }

        return text.Length > 0;
    }

    private void Apply(Call call, OperandRole role, Value value, bool isOption)
    {
        bool standard = value.Text is [(byte)'-'];
        switch (role.Role)
        {
            case Role.Header when value.Text is [(byte)'@', _, ..]:
                Value headers = new(value.Text[1..]);
                call.Taint |= Sent(ContentOf(headers, AddPath(Verb.Read, headers, call, Attributes.None), call.State));
                break;
            case Role.Header:
            case Role.Text:
            case Role.Content:
                call.Taint |= isOption ? value.Taint & ~Taint.Named : value.Taint;
                if (!isOption && call.Links)
                {
                    call.Symbolic = true;
                    call.Sources.Add(value);
                }

                break;
            case Role.Read:
                call.Taint |= value.Taint & Taint.Secret;
                if (standard || (isOption && value.Text.Length == 0))
                    break;
                Verb verb = call.Turns == Verb.None || isOption ? Verb.Read : call.Turns;
                if (verb == Verb.None || (verb != Verb.Read && call.Drops))
                    verb = Verb.Read;
                if (verb != Verb.Read && call.NamePattern is { } name)
                    value = new Value([.. value.Text, (byte)'/', .. name]) { Pattern = name.AsSpan().IndexOfAny("*?["u8) >= 0, Many = value.Many };
                else if (verb == Verb.Delete && (call.Sets & Attributes.Pattern) != 0)
                    value = new Value([.. value.Text, (byte)'/', Value.Hole]) { Many = value.Many };
                PathClass place = AddPath(verb, value, call, call.Sets);
                if (verb != Verb.Read && call.PathPattern is { } narrowed)
                    _ = AddPath(verb, narrowed, call, call.Sets);
                Flow content = ContentOf(value, place, call.State);
                call.Taint |= content.Taint | BulkOf(place, value);
                call.Output = call.Output is null ? content : call.Output.Then(content);
                if (!isOption)
                    call.Sources.Add(value);
                if (call.Feeds && isOption)
                    call.Fed = content;
                break;
            case Role.Look:
                _looks = true;
                PathClass seen = AddPath(Verb.Read, value, call, Attributes.None);
                _looks = false;
                if (!isOption)
                    call.Sources.Add(value);
                call.Taint |= seen == PathClass.Secret ? Taint.Secret : Taint.None;
                break;
            case Role.Size:
                double size = SizeOf(value.Text);
                call.Sizes += size > 0 ? 1 : 0;
                call.Size = size <= 0 ? call.Size : call.Size == 0 ? size : call.Size * size;
                if (size == 0 && call.Size == 0)
                    call.Sets |= Attributes.Overwritten;
                break;
            case Role.Write:
            case Role.Delete:
            case Role.ChangeMode:
                // An archive is written where one is made, and read where it is unpacked.
                if (role.Role == Role.Write && isOption && call.Turns == Verb.Read)
                {
                    Apply(call, new OperandRole(Role.Read, role.Language, false), value, isOption: true);
                    break;
                }

                if (call.Drops || (standard && role.Role == Role.Write))
                    break;

                PathClass changed = AddPath(role.Role == Role.Write ? Verb.Write : role.Role == Role.Delete ? Verb.Delete : Verb.ChangeMode, value, call, call.Sets);
                if (role.Role == Role.Write && AbsoluteOf(value, call.Directory) is { } written)
                    call.Written.Add((written, value));
                if (role.Role == Role.Delete && !isOption)
                {
                    call.Sources.Add(value);
                    call.Taint |= ContentOf(value, changed, call.State).Taint & Taint.Secret;
                }

                break;
            case Role.Enter:
                call.Directory = Entered(value, call.Directory);
                break;
            case Role.Fetch:
            case Role.Send:
            case Role.Host:
                AddHost(call, role.Role == Role.Fetch ? Verb.Fetch : Verb.Send, value);
                break;
            case Role.Listen:
                call.Hosts.Add((Verb.Listen, value.Text));
                break;
            case Role.Upload:
            case Role.UploadFile:
                Upload(call, value, role.Role == Role.UploadFile);
                break;
            case Role.Code:
                if (_files.Count > 0 && role.Language is not (Language.Shell or Language.Sql or Language.Awk or Language.Sed))
                    LookIntoWritten(call.Frame, call.Span, call.State, call.Program);
                if (role.Language == Language.Awk)
                    Give(call);
                call.Output = RunCode(role.Language, value.HasHole && value.Text.Length == 1 ? Flow.Unknown(value.Taint) : new Flow(value.Text, value.Taint), StateFor(call, isOption), call.Frame, call.Span, call.Program, call.Input);
                call.Taint |= role.Language == Language.Batch ? call.Output.Taint : Taint.None;
                break;
            case Role.Script:
                RunScriptFile(call, role.Language, value);
                break;
            case Role.Module:
                RunModule(call, value);
                break;
            case Role.Program:
            case Role.Line:
                // tar's exec=, ansible's cmd=, the pipe before LESSOPEN's command, the mark before an alias that is a shell line: what follows is the command.
                int lead = value.Text.AsSpan().StartsWith("exec="u8) ? 5 : value.Text.AsSpan().StartsWith("cmd="u8) ? 4 : value.Text is [(byte)'|', ..] ? value.Text.AsSpan().IndexOfAnyExcept("|-"u8) : value.Text is [(byte)'!', > (byte)' ', ..] ? 1 : 0;
                if (lead > 0)
                    value = new Value(value.Text[lead..]) { Taint = value.Taint };
                if (IsInterpreter(value.Text))
                    NoteEscape(call.Frame, call.Span, call.Program);
                if (value.Text.Length > 0)
                    _ = RunCode(Language.Shell, value.HasHole ? Flow.Unknown(value.Taint) : new Flow(value.Text, value.Taint), ChildOf(call), call.Frame, call.Span, call.Program, Flow.Unknown());
                break;
            case Role.Assignment:
                if (value.Text.AsSpan().IndexOf((byte)'=') is int equals && equals > 0)
                {
                    Value assigned = new(value.Text[(equals + 1)..]) { Taint = value.Taint };
                    call.Assigned = [.. call.Assigned, new Variable(value.Text[..equals], [assigned], Traits.Exported)];
                    Environment(value.Text[..equals], assigned, call.Frame, call.Span, Behind(call.Operands));
                }

                break;
            case Role.Package:
                call.Objects.Add(value.Text);
                call.Packages = true;
                break;
            case Role.Pathspec:
                call.Objects.Add(AbsoluteOf(value, call.Directory) ?? value.Text);
                call.Taint |= value.Taint;
                break;
            case Role.Object:
                call.Objects.Add(value.Text);
                call.Taint |= value.Taint;
                break;
            case Role.Refspec:
                Refspec(call, value);
                break;
            case Role.RemoteRead:
            case Role.RemoteWrite:
                RemotePath(call, value, role.Role == Role.RemoteWrite);
                break;
            case Role.GitConfig:
                GitConfig(call, value);
                break;
            case Role.GitParameters:
                GitParameters(call, value);
                break;
            case Role.GitValue:
                GitValue(call, value);
                break;
            case Role.Revision:
                Revision(call, value);
                break;
            case Role.Repository:
                _ = Transport(call, value);
                call.Objects.Add(value.Text);
                break;
            case Role.Address:
                Address(call, value);
                break;
            case Role.Source:
                Source(call, value);
                break;
            case Role.NamedLine:
                NamedLine(call, value);
                break;
            case Role.MakeWord:
                MakeWord(call, value);
                break;
            case Role.SshOption:
                SshOption(call, value);
                break;
            case Role.Mount:
                Mount(call, value);
                break;
            case Role.SearchPath:
                SearchPath(call, value);
                break;
            case Role.EnvironmentOptions:
                break;
            case Role.Method:
                if (!IsMethod(value.Text))
                    AddHost(call, Verb.Fetch, value);
                else if (!IsReadingMethod(value.Text))
                    call.Effects.Add(new EffectShape(Verb.Change, Kind.Service, false, Attributes.None));
                break;
            case Role.HttpItem:
                // name==value and Header:value only ask; name=value, name:=json and name@file send.
                int item = value.Text.AsSpan().IndexOfAny("=@"u8);
                bool asks = item > 0 && value.Text.AsSpan().IndexOf("=="u8) == item;
                if (call.Hosts.Count == 0 && (item < 0 || value.Text.AsSpan().IndexOf("://"u8) > 0))
                    AddHost(call, Verb.Fetch, value);
                else if (item >= 0 && !asks)
                    Upload(call, value, isFile: false);
                break;
            default:
                Note(call.Frame, call.Span, Verb.Opaque, "a role of the knowledge is not known to this gate", [value], call.Program, Taint.None);
                break;
        }
    }
}
