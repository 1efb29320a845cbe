using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// What a program does with its input, the effects of the program itself, and what it would print.
internal sealed partial class Runner
{
    private void TakeInput(Call call, List<Specification> chain)
    {
        call.Taint |= SendsInput(chain) ? Sent(call.Input) : call.Input.Taint;
        for (int i = chain.Count - 1; i >= 0; i--)
        {
            Specification specification = chain[i];
            if (specification.InputRole == Role.Text)
                continue;
            bool bare = (specification.Flags & SpecificationFlags.InputWhenBare) != 0;
            bool busy = TakesCommand(chain[^1]) ? call.RanCommand : call.HasOperands || call.Output is not null;
            if (call.TookInput || (bare && busy))
                return;

            // Nobody starts a shell without a task through another program but to leave the words that are looked at.
            if (specification.InputRole == Role.Code && specification.InputLanguage == Language.Shell && !call.Piped && call.Hosts.Count == 0 && call.Frame.Wrappers is [.., var starter] && !starter.AsSpan().SequenceEqual("exec"u8))
                NoteEscape(call.Frame, call.Span, call.Program);
            if (specification.InputRole == Role.Code && call.Piped)
            {
                bool remote = call.Hosts.Count > 0 && specification.InputLanguage == Language.Shell;
                call.Output = RunCode(specification.InputLanguage, call.Input, call.State.Child(null, [.. call.Operands]), remote ? call.Frame.Through(call.Program, Attributes.Remote, elsewhere: true) : call.Frame, call.Span, call.Program, Flow.Nothing);
                call.Taint |= call.Output.Taint;
            }

            return;
        }
    }

    private static bool TakesCommand(Specification specification)
    {
        for (int i = 0; i < specification.OperandCount; i++)
        {
            if (specification.Operand(i).Role is Role.Command or Role.Line)
                return true;
        }

        return false;
    }

    private void NoteEffects(Call call)
    {
        // What is read without an operand is read before anything is sent.
        foreach (EffectShape shape in call.Effects)
        {
            if (shape is { Kind: Kind.Path, Verb: Verb.Read } && call.Objects.Count == 0)
            {
                PathClass place = AddPath(Verb.Read, Value.Of("."u8), call, shape.Attributes);
                call.Taint |= BulkOf(place, Value.Of("."u8));
            }
        }

        Attributes secret = ((call.Taint & Taint.Secret) != 0 ? Attributes.SecretData : 0) | ((call.Taint & Taint.Personal) != 0 ? Attributes.Personal : 0);
        foreach ((Verb verb, byte[] host) in call.Hosts)
        {
            bool sends = verb == Verb.Send || (verb == Verb.Fetch && (call.Sets & Attributes.All) != 0);
            Attributes attributes = (call.Sets & ~Attributes.All) | secret;
            PathClass served = verb == Verb.Listen ? Served(call, ref attributes) : PathClass.None;
            Add(call.Frame, call.Span, new Effect
            {
                Verb = sends ? Verb.Send : verb, Kind = Kind.Host, Class = served, Target = host, Attributes = attributes, Program = call.Program, Subcommand = call.Subcommand, Words = call.Words,
            });
        }

        // A package that is named comes from no lock file.
        if (call.Packages)
        {
            for (int i = 0; i < call.Effects.Count; i++)
                call.Effects[i] = call.Effects[i].Kind == Kind.Package ? call.Effects[i] with { Attributes = call.Effects[i].Attributes & ~Attributes.Locked } : call.Effects[i];
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

    private bool WorksOutside(Call call) =>
        !call.Frame.Elsewhere && call.Frame.Mounts.Length == 0 && call.Directory is { } folder && paths.Classify(folder, out _, out _) is PathClass.Temporary or PathClass.Outside or PathClass.System or PathClass.Secret;

    // All sources that it names were made by this very text: cd /tmp/x, cat > main.go, go run main.go.
    private bool NamesOwn(Call call)
    {
        bool any = false;
        for (int i = 0; i < call.Words.Length && i < MaximumWords && _files.Count > 0; i++)
        {
            if (call.Words[i] is not [(byte)'-', ..] && AbsoluteOf(new Value(call.Words[i]), call.Directory) is { } path && IsSource(path) && paths.LanguageOf(path, out _) != Language.None)
            {
                if (!IsOurs(path))
                    return false;
                any = true;
            }
        }

        return any;
    }

    // One of its words is code of another place, by its name; what this text made itself and what is only written do not count.
    private bool TakesFromOutside(Call call)
    {
        if (call.Frame.Elsewhere || call.Frame.Mounts.Length > 0)
            return false;
        for (int i = 0; i < call.Words.Length && i < MaximumWords; i++)
        {
            ReadOnlySpan<byte> word = call.Words[i];
            int equals = word.LastIndexOf((byte)'=');
            ReadOnlySpan<byte> name = equals >= 0 ? word[..equals] : i > 0 ? call.Words[i - 1] : default;
            word = word[(equals + 1)..].Trim("'\""u8);
            if (word is not ([(byte)'/', _, ..] or [(byte)'~', (byte)'/', ..] or [(byte)'.', (byte)'.', (byte)'/', ..]) || word.IndexOf(Value.Hole) >= 0 || (name is [(byte)'-', ..] && name.IndexOf("out"u8) >= 0))
                continue;
            if (AbsoluteOf(Value.Of(word), call.Directory) is { } path && IsSource(path) && paths.LanguageOf(path, out _) != Language.None && paths.Classify(path, out _, out _) is PathClass.Temporary or PathClass.Outside or PathClass.Home && !IsOurs(path) && !IsWritten(call, path))
                return true;
        }

        return false;
    }

    private static bool IsWritten(Call call, byte[] path)
    {
        foreach ((byte[] written, _) in call.Written)
        {
            if (written.AsSpan().SequenceEqual(path))
                return true;
        }

        return false;
    }

    private void NoteShape(Call call, EffectShape shape, byte[] target, Attributes secret)
    {
        if ((shape is { Kind: Kind.Path, Verb: Verb.Read } || (shape.ReadsSecret && _filtered)) && target.Length == 0)
            return;
        bool leaves = shape.Verb is Verb.Send or Verb.Publish or Verb.Listen || (shape.Kind is Kind.Service && shape.Verb != Verb.Read);
        Attributes attributes = shape.Attributes | (call.Sets & ~(shape.Kind == Kind.Code ? Attributes.Known : 0)) | (leaves ? secret : shape is { Kind: Kind.Data, Verb: Verb.Change } ? secret & Attributes.Personal : 0);

        // A build or a test run of another folder is not this project's: cd /tmp/x && npm test, make -C /tmp/x, ninja -f /tmp/x.ninja.
        if ((attributes & (Attributes.Project | Attributes.Locked)) != 0 && shape.Verb is Verb.Run or Verb.Install && ((WorksOutside(call) && !(shape.Verb == Verb.Run && NamesOwn(call))) || (shape.Verb == Verb.Run && TakesFromOutside(call))))
            attributes &= ~(Attributes.Project | Attributes.Locked);
        if (shape.Kind == Kind.Path)
        {
            // Without an operand a program works on its own things in the folder it stands in: what it made it can make again.
            if (shape.Verb == Verb.Write && target.Length == 0)
                NoteUnnamed(call);
            if (target.Length > 0)
                _ = AddPath(shape.Verb, new Value(target), call.Frame, call.Span, call.State, attributes, call.Program, call);
            else if (shape.Verb == Verb.Write && call.Written.Count == 0 && call.Addresses is [var address] && NameFetched(address) is { Length: > 0 } saved)
                _ = AddPath(Verb.Write, new Value(saved), call.Frame, call.Span, call.State, attributes, call.Program, call);
            else
                _ = AddPath(shape.Verb, Value.Of("./target"u8), call.Frame, call.Span, call.State, attributes | Attributes.Regenerable, call.Program, call);
            return;
        }

        // A change of a service that is named by its host alone is a change there.
        if (shape.Kind == Kind.Service && target.Length == 0 && call.Hosts.Count > 0)
            target = call.Hosts[0].Host;
        PathClass served = shape is { Verb: Verb.Listen, Kind: Kind.Host } ? Served(call, ref attributes) : PathClass.None;
        Add(call.Frame, call.Span, new Effect { Verb = shape.Verb, Kind = shape.Kind, Class = served, Attributes = attributes, Target = target, Program = call.Program, Subcommand = call.Subcommand, Words = call.Words, Operands = call.OperandTexts });
        if (shape is { Verb: Verb.Run, Kind: Kind.Code } or { Verb: Verb.Install, Kind: Kind.Package } && _files.Count > 0)
            LookIntoWritten(call.Frame, call.Span, call.State, call.Program);
    }

    // What is fetched without a name for it has the address's last part; empty: not known.
    private static byte[] NameFetched(byte[] address)
    {
        ReadOnlySpan<byte> path = address;
        int host = path.IndexOf("://"u8);
        path = path[(host < 0 ? 0 : host + 3)..];
        int slash = path.LastIndexOf((byte)'/');
        return slash < 0 || path[slash..].IndexOf(Value.Hole) >= 0 ? [] : slash + 1 == path.Length ? "index.html"u8.ToArray() : path[(slash + 1)..].ToArray();
    }

    /// <summary>Longer lists of start points are not followed.</summary>
    private const int MaximumSources = 16;

    // What find prints: all that lies below its start points, a part of it, or what has the name it looks for, as far as that is known.
    private static Flow FoundOf(Call call, List<Value> operands)
    {
        ByteBuilder found = new(64);
        for (int i = 0; i < Math.Max(1, Math.Min(operands.Count, 4)); i++)
        {
            _ = found.Add(operands.Count == 0 ? "."u8 : operands[i].Text).Add((byte)'/');
            if (call.NamePattern is { } name)
                AddWithHoles(found, name);
            else
                _ = found.Add((call.Sets & Attributes.Pattern) != 0 ? [Value.Hole] : Everything);
            _ = found.Add((byte)'\n');
        }

        return new Flow(found.ToArray(), call.Taint);
    }

    // A pattern's live characters are one piece that is not known.
    private static void AddWithHoles(ByteBuilder text, ReadOnlySpan<byte> name)
    {
        bool inHole = false;
        foreach (byte b in name)
        {
            bool hole = b is (byte)'*' or (byte)'?' or (byte)'[' or (byte)']' or Value.Hole;
            if (!hole || !inHole)
                text.Add(hole ? Value.Hole : b);
            inHole = hole;
        }
    }

    // Names of files below what it searched, picked by their content.
    private static Flow NamesOf(Call call)
    {
        if (call.Sources.Count > MaximumSources || (call.Directory is null && call.Sources.Count == 0))
            return Flow.Unknown(call.Taint & ~Taint.Endless);
        ByteBuilder names = new(64);
        for (int i = 0; i < Math.Max(1, call.Sources.Count); i++)
            _ = names.Add(i < call.Sources.Count ? call.Sources[i].Text : "."u8).Add((byte)'/').Add(Some).Add((byte)'\n');
        return new Flow(names.ToArray(), call.Taint & ~Taint.Endless);
    }

    /// <summary>What reading many files at once of a person or of the machine brings along.</summary>
    private Taint BulkOf(PathClass place, Value value)
    {
        if (place == PathClass.Device)
            return Taint.Personal;
        bool folder = (_noted & Attributes.Recursive) != 0;
        if (place is not (PathClass.Home or PathClass.Outside or PathClass.System or PathClass.Secret) || !(folder || value.Pattern || value.Many || value.HasHole))
            return Taint.None;
        Taint taint = place is PathClass.System ? Taint.None : Taint.Personal;
        return (_noted & Attributes.Root) != 0 && folder ? taint | Taint.Personal | Taint.Secret : taint;
    }

    // The place that a listener may give away: the folder it stands in. The root of the workspace is what a development server is for.
    private PathClass Served(Call call, ref Attributes attributes)
    {
        if (call.Directory is null || call.Frame.Elsewhere)
            return PathClass.Unknown;
        PathClass place = paths.Classify(call.Directory, out _, out Attributes marks);
        if (place != PathClass.Workspace)
            attributes |= marks & Attributes.Root;
        return place;
    }

    private Flow PrintOf(Call call, Specification current, List<Value> operands)
    {
        // What answers from elsewhere, or is worked out of several things, does not print what it was given.
        if (call.Hosts.Count > 0)
            call.Taint &= ~Taint.Named;
        if (Filters.Apply(call.Program, operands, call.Words, call.Input) is { } known)
            return new Flow(known.Text, known.Taint | call.Taint);
        if (call.Program.AsSpan().SequenceEqual("find"u8))
            return FoundOf(call, operands);
        foreach (EffectShape shape in call.Effects)
        {
            if (shape.ReadsSecret)
                call.Taint |= Taint.Secret;
            if ((shape.Attributes & Attributes.Personal) != 0)
                call.Taint |= Taint.Personal;
        }

        switch (call.Prints != Output.Default ? call.Prints : current.Output)
        {
            case Output.Input:
                Flow passed = call.HasOperands && call.Output is not null ? call.Output : call.Input;
                return new Flow(passed.Text, (passed.Taint | call.Taint) & (call.Size > 0 ? ~Taint.Endless : (Taint)byte.MaxValue));
            case Output.Decoded:
                return Flow.Unknown((call.Taint & ~Taint.Named) | call.Input.Taint | Taint.Decoded);
            case Output.Network:
                return Flow.Unknown(call.Taint | Taint.Network);
            case Output.Secret:
                return Flow.Unknown(call.Taint | Taint.Secret);
            case Output.Text:
                return Flow.Unknown();
            case Output.Setup:
                return call.Output is null ? new Flow(":\n"u8.ToArray(), Taint.None) : call.Output;
            case Output.Names:
                return NamesOf(call);
            case Output.Entries when call.Directory is not null:
                return new Flow([.. "./"u8, .. Some, (byte)'\n'], call.Taint);
            case Output.Directory when call.Directory is not null && !call.Frame.Elsewhere:
                return new Flow([.. call.Directory, (byte)'\n'], call.Taint);
            case Output.Worktree when call.Directory is not null && !call.Frame.Elsewhere && PathTable.IsUnder(call.Directory, surroundings.Worktree):
                return new Flow([.. surroundings.Worktree, (byte)'\n'], call.Taint);
            case Output.Bounded:
                Flow part = call.HasOperands && call.Output is not null ? call.Output : call.Input;
                return new Flow(part.Text, (part.Taint | call.Taint) & ~Taint.Endless);
            case Output.Endless:
                return Flow.Unknown(Taint.Endless);
            case Output.Variables:
                return Flow.Unknown((call.Taint & Taint.Secret) | (operands.Exists(name => IsSecretName(name.Text)) ? Taint.Named : Taint.None));
            case Output.Jobs:
                return new Flow("%+\n"u8.ToArray(), Taint.None);
            case Output.Personal:
                return Flow.Unknown(call.Taint | Taint.Personal);
            default:
                Taint kept = call.Taint & ~(Taint.Endless | Taint.Outside | Taint.Named);
                return call.Hosts.Count > 0 ? Flow.Unknown(kept | Taint.Network) : call.Output is { } inner ? new Flow(inner.Text, (inner.Taint & ~Taint.Outside) | kept) : Flow.Unknown(kept);
        }
    }
}
