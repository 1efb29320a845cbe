using System;
using Gate.Expansion;

namespace Gate.Effects;

// Which of several clusters, accounts or workspaces a program works on: what it is told, else what its environment says, else what this text switched to
// before, else what a file of the machine says. What only a run would know stays unknown.
internal sealed partial class Runner
{
    // Of the call that is looked at; null: it works on none, or no rule asks.
    private byte[]? _context;

    // Families that this text has switched, wherever: a bit each.
    private uint _switched;

    /// <summary>Null: no rule asks for a context.</summary>
    public ContextTable? Contexts { get; init; }

    private Flow Perform(Call call, Specification specification, ReadOnlySpan<Value> arguments)
    {
        if (Contexts is not { } contexts || (specification.Flags & SpecificationFlags.Context) == 0)
            return PerformIn(call, specification, arguments);
        byte[]? outer = _context;
        for (int number = 0; number < contexts.Count; number++)
        {
            if (ContextTable.Has(ContextTable.List(contexts[number], ContextTable.Part.Programs), call.Program))
                _context = ContextOf(call, contexts, number);
        }

        Flow output = PerformIn(call, specification, arguments);
        if (!call.Only && !call.Drops)
            NoteSwitch(call, contexts);
        _context = outer;
        return output;
    }

    private static byte[] UnknownContext => [Value.Hole];

    // No shell variable has a blank in its name.
    private static byte[] Switched(int number) => [(byte)' ', (byte)number];

    private byte[] ContextOf(Call call, ContextTable contexts, int number)
    {
        ReadOnlySpan<byte> family = contexts[number];
        if (Told(call, ContextTable.List(family, ContextTable.Part.Options)) is { } told)
            return told.AsSpan().IndexOfAny(Value.Hole, Value.Number) >= 0 ? UnknownContext : told;
        if (Told(call, ContextTable.List(family, ContextTable.Part.OtherOptions)) is not null || call.Frame.Elsewhere || (call.Frame.Attributes & Attributes.Remote) != 0)
            return UnknownContext;
        if (Set(call, contexts, ContextTable.Only(family, ContextTable.Part.Variable)) is { } named)
            return named;
        byte[]? file = Told(call, ContextTable.List(family, ContextTable.Part.FileOptions));
        bool own = file is not null || IsSetHere(ContextTable.Only(family, ContextTable.Part.FilesVariable));
        if (!own && _started?.FindOwn(Switched(number)) is { Values: [var now] })
            return now.Text;
        if ((_switched >> number & 1) != 0)
            return UnknownContext;
        byte[]? files = file ?? Set(call, contexts, ContextTable.Only(family, ContextTable.Part.FilesVariable));
        files = files is { Length: > 0 } ? files : ContextTable.Only(family, ContextTable.Part.File).ToArray();
        return InFiles(call, contexts, files, file is not null, ContextTable.Only(family, ContextTable.Part.Key)) ?? UnknownContext;
    }

    // The value of the last of these options among the words: --context X, --context=X. Null: none is there.
    private static byte[]? Told(Call call, ReadOnlySpan<byte> options)
    {
        byte[]? told = null;
        for (int i = 0; i < call.Words.Length && options[0] > 0; i++)
        {
            byte[] word = call.Words[i];
            if (word.AsSpan().SequenceEqual("--"u8))
                break;
            int equals = word.AsSpan().IndexOf((byte)'=');
            if (ContextTable.Has(options, word))
                told = i + 1 < call.Words.Length ? call.Words[i + 1] : [];
            else if (equals > 0 && ContextTable.Has(options, word.AsSpan(0, equals)))
                told = word[(equals + 1)..];
        }

        return told;
    }

    private bool IsSetHere(ReadOnlySpan<byte> variable) => variable.Length > 0 && _started?.FindOwn(variable) is not null;

    // Null: it is not set, or empty, which is the same to these programs.
    private byte[]? Set(Call call, ContextTable contexts, ReadOnlySpan<byte> variable)
    {
        if (variable.Length == 0)
            return null;
        EnvironmentFact fact = FactFor(variable.ToArray(), contexts.Questions.Variable(variable.ToArray()), call.Frame);
        if (fact.Value is not { Length: > 0 } value)
            return null;
        return !fact.Certain || value.AsSpan().IndexOfAny(Value.Hole, Value.Number) >= 0 ? UnknownContext : value;
    }

    // The first of several files that says something counts. Null: nobody knows.
    private byte[]? InFiles(Call call, ContextTable contexts, ReadOnlySpan<byte> files, bool one, ReadOnlySpan<byte> key)
    {
        while (files.Length > 0)
        {
            int colon = one ? -1 : files.IndexOf((byte)':');
            ReadOnlySpan<byte> file = colon < 0 ? files : files[..colon];
            files = colon < 0 ? default : files[(colon + 1)..];
            if (file.Length == 0)
                continue;
            byte[]? path = file is [(byte)'~', (byte)'/', ..] ? surroundings.Home.Length == 0 ? null : [.. surroundings.Home, .. file[1..]] : AbsoluteOf(Value.Of(file), call.Directory);
            if (path is null || path.AsSpan().IndexOfAny(Value.Hole, Value.Number) >= 0)
                return null;
            byte[]? text = _files.Count > 0 && _files.Content(path) is { } made ? made.Text ?? [Value.Hole] : contexts.Questions.TextOf(path, ContextTable.MaximumFile, out bool isThere) is { } read ? read : isThere ? [Value.Hole] : [];
            if (text.AsSpan().IndexOf(Value.Hole) >= 0 || ContextTable.ValueIn(text, key) is not { } value)
                return null;
            if (value.Length > 0)
                return value;
        }

        return [];
    }

    // From here on it is another one: kubectl config use-context X. What changes it in a way that is not followed leaves it unknown.
    private void NoteSwitch(Call call, ContextTable contexts)
    {
        byte[] line = call.Subcommand.Length == 0 ? call.Program : [.. call.Program, (byte)' ', .. call.Subcommand];
        for (int number = 0; number < contexts.Count; number++)
        {
            ReadOnlySpan<byte> family = contexts[number];
            bool switches = ContextTable.Has(ContextTable.List(family, ContextTable.Part.Switches), line) && call.Operands.Count > 0;
            if (!switches && !ContextTable.Has(ContextTable.List(family, ContextTable.Part.Unsure), line))
                continue;
            bool own = Told(call, ContextTable.List(family, ContextTable.Part.FileOptions)) is not null || IsSetHere(ContextTable.Only(family, ContextTable.Part.FilesVariable));
            Value now = switches && !own && call.Operands[0].IsKnown ? Value.Of(call.Operands[0].Text) : Value.Unknown();
            _switched |= 1u << number;
            call.State.Put(new Variable(Switched(number), [now], Traits.Exported));
        }
    }
}
