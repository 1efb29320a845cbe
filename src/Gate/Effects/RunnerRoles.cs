using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// What each value and operand means, then the effects of the program itself and what it prints.
// Top to bottom: Act is the order of it all; ApplyOperands gives each operand its role and Apply acts on a role, one case each;
// below it what the larger cases need (paths, hosts, uploads, refspecs, mounts …); last the program's own effects and its output.
internal sealed partial class Runner
{
    private Flow Act(Call call, List<Specification> chain, Specification current, List<(OptionEntry Option, Value Value)> values, List<Value> operands, OptionEntry overriding)
    {
        // The program itself: known, so that its other effects are all there is.
        Add(call.Frame, call.Span, new Effect { Verb = Verb.Run, Kind = Kind.Code, Attributes = Attributes.Known, Program = call.Program, Subcommand = call.Subcommand, Words = call.Words });
        if (call.Only)
            return Flow.Unknown();

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
            if (shape.Kind == Kind.Path && operands.Count > 0 && HasRole(current, shape.Verb))
                call.Sets |= shape.Attributes;
            else
                call.Effects.Add(shape);
        }

        if (operands.Count == 0 && call.Turns != Verb.None && HasRole(current, Verb.Read))
            operands.Add(Value.Of("."u8));
        ApplyOperands(call, current, operands, overriding);
        TakeInput(call, chain);
        NoteEffects(call);
        Flow output = PrintOf(call, current, operands);
        foreach (byte[] path in call.Written)
            Remember(path, call.Hosts.Count > 0 ? Flow.Unknown(Taint.Network | call.Taint) : call.Output ?? Flow.Unknown(call.Taint));
        return output;
    }

    private static bool HasRole(Specification specification, Verb verb)
    {
        for (int i = 0; i < specification.OperandCount; i++)
        {
            Role role = specification.Operand(i).Role;
            if ((verb == Verb.Delete && role == Role.Delete) || (verb == Verb.Write && role is Role.Write or Role.RemoteWrite) || (verb == Verb.Read && role == Role.Read) || (verb == Verb.ChangeMode && role == Role.ChangeMode))
                return true;
        }

        return false;
    }

    private byte[]? Entered(Value value, byte[]? directory) => AbsoluteOf(value, directory);

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

            // git config NAME VALUE: the value is the next word.
            bool pair = roles[role].Role == Role.GitConfig && i + 1 < operands.Count && operands[i].Text.AsSpan().IndexOf((byte)'=') < 0;
            Apply(call, roles[role], pair ? new Value([.. operands[i].Text, (byte)'=', .. operands[i + 1].Text]) { Taint = operands[i + 1].Taint } : operands[i], isOption: false);
        }
    }

    private void RunRest(Call call, Role role, List<Value> operands, int from)
    {
        if (role == Role.Command)
        {
            RunCommandWords(call, operands, from);
            return;
        }

        byte[] line = Joined(operands.GetRange(from, operands.Count - from).ToArray());
        bool remote = call.Hosts.Count > 0;
        call.Output = RunCode(Language.Shell, new Flow(line, Taint.None), call.State.Copy(), call.Frame.Through(call.Program, remote ? Attributes.Remote : Attributes.None, elsewhere: remote), call.Span, [], call.Input);
    }

    // env FOO=1 cmd, timeout 5 cmd, xargs cmd: the rest is a command of its own.
    private void RunCommandWords(Call call, List<Value> operands, int from)
    {
        while (from < operands.Count && operands[from].Text.AsSpan().IndexOf((byte)'=') is int equals && equals > 0 && IsName(operands[from].Text.AsSpan(0, equals)))
        {
            Value value = new(operands[from].Text[(equals + 1)..]) { Taint = operands[from].Taint };
            Environment(operands[from].Text[..equals], value, call.Frame, call.Span);
            from++;
        }

        if (from >= operands.Count)
            return;
        List<Value> words = operands.GetRange(from, operands.Count - from);
        bool feeds = call.Program.AsSpan().SequenceEqual("xargs"u8) || call.Program.AsSpan().SequenceEqual("parallel"u8);
        if (feeds)
            AddInputWords(call, words);
        byte[]? before = call.State.Directory;
        call.State.Directory = call.Directory;
        call.Output = Invoke(words.ToArray(), call.State, call.Frame.Through(call.Program, call.Sets & Attributes.Remote, call.Elsewhere), feeds ? Flow.Unknown() : call.Input, call.Span);
        call.State.Directory = before;
    }

    // xargs appends what it reads: known words where the input is known.
    private static void AddInputWords(Call call, List<Value> words)
    {
        int option = Array.FindIndex(call.Words, word => word.AsSpan().StartsWith("-I"u8) || word.AsSpan().StartsWith("--replace"u8));
        if (option >= 0)
        {
            // -I STR: what is read stands where STR stands, a line at a time.
            byte[] mark = call.Words[option].Length > 2 && call.Words[option][1] == 'I' ? call.Words[option][2..] : call.Words[option][1] == 'I' && option + 1 < call.Words.Length ? call.Words[option + 1] : "{}"u8.ToArray();
            byte[] line = call.Input.Text is { } read && read.AsSpan().IndexOf(Value.Hole) < 0 ? read.AsSpan().TrimEnd((byte)'\n').ToArray() : [Value.Hole];
            for (int i = 0; i < words.Count; i++)
            {
                int at = mark.Length == 0 ? -1 : words[i].Text.AsSpan().IndexOf(mark);
                if (at >= 0)
                    words[i] = new Value([.. words[i].Text.AsSpan(0, at), .. line, .. words[i].Text.AsSpan(at + mark.Length)]) { Taint = words[i].Taint | call.Input.Taint };
            }

            return;
        }

        if (call.Input.Text is { } text && text.AsSpan().IndexOf(Value.Hole) < 0)
        {
            ReadOnlySpan<byte> rest = text;
            while (rest.Length > 0 && words.Count < 64)
            {
                int end = rest.IndexOfAny(" \t\n"u8);
                ReadOnlySpan<byte> word = end < 0 ? rest : rest[..end];
                if (word.Length > 0)
                    words.Add(new Value(word.ToArray()) { Taint = call.Input.Taint });
                rest = end < 0 ? default : rest[(end + 1)..];
            }

            return;
        }

        words.Add(Value.Unknown(call.Input.Taint, many: true));
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
            case Role.Text:
                call.Taint |= value.Taint;
                break;
            case Role.Read:
                if (standard || (isOption && value.Text.Length == 0))
                    break;
                Verb verb = call.Turns == Verb.None || isOption ? Verb.Read : call.Turns;
                if (verb != Verb.Read && call.Drops)
                    verb = Verb.Read;
                if (verb != Verb.Read && call.NamePattern is { } name)
                    value = new Value([.. value.Text, (byte)'/', .. name]) { Pattern = name.AsSpan().IndexOfAny("*?["u8) >= 0, Many = value.Many };
                PathClass place = AddPath(verb, value, call, call.Sets);
                Flow content = ContentOf(value, place, call.State);
                call.Taint |= content.Taint;
                call.Output = call.Output is null ? content : call.Output.Then(content);
                break;
            case Role.Write:
            case Role.Delete:
            case Role.ChangeMode:
                if (call.Drops || (standard && role.Role == Role.Write))
                    break;
                _ = AddPath(role.Role == Role.Write ? Verb.Write : role.Role == Role.Delete ? Verb.Delete : Verb.ChangeMode, value, call, call.Sets);
                if (role.Role == Role.Write && AbsoluteOf(value, call.Directory) is { } written)
                    call.Written.Add(written);
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
                Add(call.Frame, call.Span, new Effect { Verb = Verb.Listen, Kind = Kind.Host, Target = value.Text, Program = call.Program, Subcommand = call.Subcommand, Words = call.Words, Attributes = call.Sets });
                break;
            case Role.Upload:
            case Role.UploadFile:
                Upload(call, value, role.Role == Role.UploadFile);
                break;
            case Role.Code:
                call.Output = RunCode(role.Language, value.HasHole && value.Text.Length == 1 ? Flow.Unknown(value.Taint) : new Flow(value.Text, value.Taint), call.State.Copy(), call.Frame, call.Span, call.Program, call.Input);
                break;
            case Role.Script:
                RunScriptFile(call, role.Language, value);
                break;
            case Role.Module:
                RunModule(call, value);
                break;
            case Role.Program:
            case Role.Line:
                if (value.Text.AsSpan().StartsWith("exec="u8))
                    value = new Value(value.Text[5..]) { Taint = value.Taint };
                if (IsInterpreter(value.Text))
                    NoteEscape(call.Frame, call.Span, call.Program);
                if (value.Text.Length > 0)
                    _ = RunCode(Language.Shell, value.HasHole ? Flow.Unknown(value.Taint) : new Flow(value.Text, value.Taint), call.State.Copy(), call.Frame, call.Span, call.Program, Flow.Unknown());
                break;
            case Role.Assignment:
                if (value.Text.AsSpan().IndexOf((byte)'=') is int equals && equals > 0)
                    Environment(value.Text[..equals], new Value(value.Text[(equals + 1)..]) { Taint = value.Taint }, call.Frame, call.Span);
                break;
            case Role.Package:
                call.Objects.Add(value.Text);
                call.Packages = true;
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
                else if (item > 0 && !asks)
                    Upload(call, value, isFile: false);
                break;
            default:
                Note(call.Frame, call.Span, Verb.Opaque, "a role of the knowledge is not known to this gate", [value], call.Program, Taint.None);
                break;
        }
    }

    private PathClass AddPath(Verb verb, Value value, Call call, Attributes attributes) => AddPath(verb, value, call.Frame, call.Span, call.State, attributes & ~Attributes.Remote, call.Program, call);

    /// <summary>Notes what is done to a path and returns what place it is.</summary>
    private PathClass AddPath(Verb verb, Value value, Frame frame, Span span, Expansion.ShellState state, Attributes attributes, byte[] program, Call? call = null)
    {
        byte[]? directory = call is null ? state.Directory : call.Directory;
        PathClass place;
        byte[] resolved = [];
        string? why = null;
        if (frame.Elsewhere)
        {
            // Another machine's or a container's: only what every system has is known of it.
            place = PathClass.Outside;
            resolved = value.Text;
            bool machine = (frame.Attributes & Attributes.Remote) != 0;
            if (machine && resolved.AsSpan().StartsWith("/dev/"u8) && paths.Classify(resolved, out _, out _) == PathClass.Device)
                place = PathClass.Device;
            if (machine && resolved is [(byte)'/'] or [(byte)'/', (byte)'*'] or [(byte)'~'] or [(byte)'~', (byte)'/'])
                attributes |= Attributes.Root;
            attributes |= Attributes.Remote;
        }
        else
        {
            (place, resolved, Attributes more, why) = Locate(value, directory);
            attributes |= more;
        }

        Add(frame, span, new Effect
        {
            Verb = verb, Kind = Kind.Path, Class = place, Attributes = attributes, Target = resolved, Program = program, Subcommand = call?.Subcommand ?? [], Words = call?.Words ?? [], Why = why,
        });
        return place;
    }

    // A path with an unknown end is as special as the folder it surely lies in; with an unknown start it can be anywhere.
    private (PathClass Place, byte[] Path, Attributes Attributes, string? Why) Locate(Value value, byte[]? directory)
    {
        byte[] text = value.Text;
        int stop = text.AsSpan().IndexOf(Value.Hole);
        int glob = value.Pattern ? text.AsSpan().IndexOfAny("*?["u8) : -1;
        if (glob >= 0 && (stop < 0 || glob < stop))
            stop = glob;
        if (value.Many && stop < 0)
            stop = text.Length;
        if (stop < 0)
        {
            if (AbsoluteOf(value, directory) is not { } absolute)
                return (PathClass.Unknown, text, Attributes.None, "which folder this is in is not known");
            PathClass place = paths.Classify(absolute, out byte[] resolved, out Attributes attributes);
            return (place, resolved, attributes, null);
        }

        bool pattern = glob == stop;
        int slash = text.AsSpan(0, stop).LastIndexOf((byte)'/');
        if (!pattern && stop == 0)
            return (PathClass.Unknown, text, Attributes.Pattern, "which path this is is not known");
        Value folder = new(slash < 0 ? "."u8.ToArray() : slash == 0 ? "/"u8.ToArray() : text[..slash]);
        if (AbsoluteOf(folder, directory) is not { } within)
            return (PathClass.Unknown, text, Attributes.Pattern, "which folder this is in is not known");
        PathClass around = paths.Classify(within, out byte[] real, out Attributes outer);
        byte[] shown = [.. real, (byte)'/', .. text.AsSpan(slash + 1)];
        Attributes marks = (outer & Attributes.Regenerable) | Attributes.Pattern;

        // Everything in a folder is as good as the folder: rm -rf /* , rm -rf ~/*.
        if (pattern && text.AsSpan(slash + 1).IndexOfAnyExcept("*?.["u8) < 0)
            marks |= outer;
        else if (pattern)
            around = Special(paths.Classify([.. real, (byte)'/', .. text.AsSpan(slash + 1)], out _, out _), around);
        return (around, shown, marks, null);
    }

    private static PathClass Special(PathClass named, PathClass around) => named is PathClass.Secret or PathClass.AgentConfiguration or PathClass.Governance or PathClass.StartUp ? named : around;

    private void AddHost(Call call, Verb verb, Value value)
    {
        byte[] text = value.Text;
        call.Taint |= value.Taint;
        if (text.AsSpan().StartsWith("file://"u8))
        {
            _ = AddPath(Verb.Read, new Value(text[7..]), call, Attributes.None);
            return;
        }

        byte[] host = value.HasHole && text.AsSpan().IndexOf(Value.Hole) < 12 ? [] : ToolEffects.HostOf(text);
        call.Hosts.Add((verb, host));
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
        int at = isFile ? -1 : text.AsSpan().IndexOf((byte)'@');
        if (isFile || at == 0 || (at > 0 && text[at - 1] is (byte)'=' or (byte)'<'))
        {
            byte[] name = text[(at + 1)..];
            int end = name.AsSpan().IndexOf((byte)';');
            name = end > 0 ? name[..end] : name;
            if (name is [(byte)'-'] || (isFile && name is [(byte)'.']))
            {
                call.Taint |= call.Input.Taint;
                return;
            }

            PathClass place = AddPath(Verb.Read, new Value(name) { Pattern = value.Pattern }, call, Attributes.None);
            call.Taint |= ContentOf(new Value(name), place, call.State).Taint;
        }

        call.Taint |= value.Taint;
    }

    private void RemotePath(Call call, Value value, bool write)
    {
        ReadOnlySpan<byte> text = value.Text;
        int colon = text.IndexOf((byte)':'), slash = text.IndexOf((byte)'/');
        if (colon > 0 && (slash < 0 || colon < slash))
        {
            call.Hosts.Add((write ? Verb.Send : Verb.Fetch, ToolEffects.HostOf(text)));
            return;
        }

        PathClass place = AddPath(write ? Verb.Write : call.Turns == Verb.Delete ? Verb.Delete : Verb.Read, value, call, write ? call.Sets : Attributes.None);
        if (!write)
            call.Taint |= ContentOf(value, place, call.State).Taint;
        else if (AbsoluteOf(value, call.Directory) is { } written)
            call.Written.Add(written);
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
        if (name.AsSpan().StartsWith("alias."u8) && setting.Length > 0 && setting[0] != '!')
            setting = [.. "git "u8, .. setting];
        else if (name.AsSpan().StartsWith("alias."u8) && setting.Length > 0)
            setting = setting[1..];
        Perform(new Call("git-config"u8.ToArray(), call.Frame.Through("git"u8.ToArray()), call.Span, Flow.Nothing, call.State) { Words = [value.Text] }, known, [new Value(setting) { Taint = value.Taint }]);
    }

    private void SshOption(Call call, Value value)
    {
        ReadOnlySpan<byte> text = value.Text;
        int end = text.IndexOfAny("= "u8);
        byte[] name = Lower(end < 0 ? text : text[..end]);
        if (end > 0 && (name.AsSpan().SequenceEqual("proxycommand"u8) || name.AsSpan().SequenceEqual("localcommand"u8) || name.AsSpan().SequenceEqual("knownhostscommand"u8) || name.AsSpan().SequenceEqual("remotecommand"u8)))
            _ = RunCode(Language.Shell, new Flow(text[(end + 1)..].ToArray(), value.Taint), call.State.Copy(), call.Frame, call.Span, call.Program, Flow.Unknown());
    }

    // HOST:CONTAINER[:ro]; a named volume has no slash. The container may write there.
    private void Mount(Call call, Value value)
    {
        ReadOnlySpan<byte> text = value.Text;
        int source = text.IndexOf("source="u8), src = text.IndexOf("src="u8);
        if (source >= 0 || src >= 0)
        {
            text = source >= 0 ? text[(source + 7)..] : text[(src + 4)..];
            int comma = text.IndexOf((byte)',');
            text = comma < 0 ? text : text[..comma];
        }

        int colon = text.IndexOf((byte)':');
        bool readOnly = value.Text.AsSpan().EndsWith(":ro"u8) || value.Text.AsSpan().IndexOf("readonly"u8) >= 0;
        ReadOnlySpan<byte> path = colon < 0 ? text : text[..colon];
        if (path.Length > 0 && path[0] is (byte)'/' or (byte)'.' or (byte)'~' or Value.Hole)
            _ = AddPath(readOnly ? Verb.Read : Verb.Write, new Value(path.ToArray()), call, call.Sets | Attributes.Recursive);
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
            if (folder.IndexOf(Value.Hole) >= 0 || folder.Length == 0)
                continue;
            PathClass place = AbsoluteOf(Value.Of(folder), call.Directory) is { } path ? paths.Classify(path, out _, out _) : PathClass.Unknown;
            if (place is PathClass.Temporary or PathClass.Unknown or PathClass.Outside)
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

    private void TakeInput(Call call, List<Specification> chain)
    {
        call.Taint |= call.Input.Taint;
        for (int i = chain.Count - 1; i >= 0; i--)
        {
            Specification specification = chain[i];
            if (specification.InputRole == Role.Text)
                continue;
            bool bare = (specification.Flags & SpecificationFlags.InputWhenBare) != 0;
            if (call.TookInput || (bare && call.HasOperands) || (bare && HasCode(call)))
                return;
            if (specification.InputRole == Role.Code && !IsTerminal(call))
                call.Output = RunCode(specification.InputLanguage, call.Input, call.State.Copy(), call.Frame, call.Span, call.Program, Flow.Nothing);
            return;
        }
    }

    private static bool HasCode(Call call) => call.Output is not null;

    // Nothing was piped in: an interactive program that the agent's shell ends at once.
    private static bool IsTerminal(Call call) => !call.Piped;

    private void NoteEffects(Call call)
    {
        Attributes secret = (call.Taint & Taint.Secret) != 0 ? Attributes.SecretData : 0;
        foreach ((Verb verb, byte[] host) in call.Hosts)
        {
            bool sends = verb == Verb.Send || (call.Sets & Attributes.All) != 0;
            Add(call.Frame, call.Span, new Effect
            {
                Verb = sends ? Verb.Send : verb, Kind = Kind.Host, Target = host, Attributes = (call.Sets & ~Attributes.All) | secret, Program = call.Program, Subcommand = call.Subcommand, Words = call.Words,
            });
        }

        if (call.Packages && !call.Effects.Exists(shape => shape.Kind == Kind.Package))
            call.Effects.Add(new EffectShape(Verb.Install, Kind.Package, false, Attributes.None));
        foreach (EffectShape shape in call.Effects)
        {
            if (call.Drops && call.Insisted == 0 && shape.Verb is not (Verb.Read or Verb.Fetch or Verb.Run or Verb.Send))
                continue;
            if (call.Objects.Count == 0)
            {
                NoteShape(call, shape, [], secret);
                continue;
            }

            foreach (byte[] target in call.Objects)
                NoteShape(call, shape, target, secret);
        }
    }

    private void NoteShape(Call call, EffectShape shape, byte[] target, Attributes secret)
    {
        Attributes attributes = shape.Attributes | (call.Sets & ~(shape.Kind == Kind.Code ? Attributes.Known : 0)) | (shape.Verb is Verb.Send or Verb.Publish || (shape.Kind == Kind.Service && shape.Verb != Verb.Read) ? secret : 0);
        if (shape.Kind == Kind.Path)
        {
            // Without an operand a program works on its own things in the folder it stands in: what it made it can make again.
            if (target.Length > 0)
                _ = AddPath(shape.Verb, new Value(target), call.Frame, call.Span, call.State, attributes, call.Program, call);
            else
                _ = AddPath(shape.Verb, Value.Of("./target"u8), call.Frame, call.Span, call.State, attributes | Attributes.Regenerable, call.Program, call);
            return;
        }

        Add(call.Frame, call.Span, new Effect { Verb = shape.Verb, Kind = shape.Kind, Attributes = attributes, Target = target, Program = call.Program, Subcommand = call.Subcommand, Words = call.Words });
    }

    private static Flow PrintOf(Call call, Specification current, List<Value> operands)
    {
        if (Filters.Apply(call.Program, operands, call.Words, call.Input) is { } known)
            return new Flow(known.Text, known.Taint | call.Taint);
        foreach (EffectShape shape in call.Effects)
        {
            if (shape.ReadsSecret)
                call.Taint |= Taint.Secret;
        }

        switch (current.Output)
        {
            case Output.Input:
                Flow passed = call.HasOperands && call.Output is not null ? call.Output : call.Input;
                return new Flow(passed.Text, passed.Taint | call.Taint);
            case Output.Decoded:
                return Flow.Unknown(call.Taint | call.Input.Taint | Taint.Decoded);
            case Output.Network:
                return Flow.Unknown(call.Taint | Taint.Network);
            case Output.Secret:
                return Flow.Unknown(call.Taint | Taint.Secret);
            case Output.Text:
                return Flow.Unknown();
            default:
                return call.Hosts.Count > 0 ? Flow.Unknown(call.Taint | Taint.Network) : call.Output is { } inner ? new Flow(inner.Text, inner.Taint | call.Taint) : Flow.Unknown(call.Taint);
        }
    }
}
