using System;
using Gate.Bundles;
using Gate.Expansion;
using Gate.Requests;

namespace Gate.Effects;

/// <summary>The variables that conditions of a bundle ask for, and what the environment has of them. Most bundles ask for none.</summary>
internal sealed class AskedVariables
{
    private AskedVariables(byte[][] names, byte[]?[] values, byte[][] set) => (Names, Values, Set) = (names, values, set);

    public byte[][] Names { get; }

    /// <summary>What each is set to where the call starts; null: it is not set.</summary>
    public byte[]?[] Values { get; }

    /// <summary>The names that are set.</summary>
    public byte[][] Set { get; }

    /// <summary>The section: u8 count, then each name as u8 length and bytes.</summary>
    public static AskedVariables? Of(Bundle bundle, IPathQuestions questions)
    {
        (int at, int length) = bundle.Find(Section.Variables);
        if (length == 0)
            return null;
        byte[][] names = new byte[bundle.Byte(at++)][], set = [];
        byte[]?[] values = new byte[names.Length][];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = bundle.At(at + 1, bundle.Byte(at)).ToArray();
            at += 1 + names[i].Length;
            values[i] = questions.Variable(names[i]);
            if (values[i] is not null)
                set = [.. set, names[i]];
        }

        return new AskedVariables(names, values, set);
    }
}

// The environment that a command starts with, as far as rules ask for it: what is assigned in front of it, exported before it, unset, or cleared by env.
internal sealed partial class Runner
{
    // What the command that is looked at was started with.
    private ShellState? _started;

    /// <summary>Null: no rule asks for any.</summary>
    public AskedVariables? Variables { get; init; }

    private EnvironmentFact[]? FactsFor(Frame frame)
    {
        if (Variables is null)
            return null;
        EnvironmentFact[] facts = new EnvironmentFact[Variables.Names.Length];
        for (int i = 0; i < facts.Length; i++)
            facts[i] = FactFor(Variables.Names[i], Variables.Values[i], frame);
        return facts;
    }

    private EnvironmentFact FactFor(byte[] name, byte[]? inherited, Frame frame)
    {
        // A container's or another machine's environment is its own.
        if (frame.Elsewhere || (frame.Attributes & Attributes.Remote) != 0)
            return new EnvironmentFact(name, [Value.Hole], certain: false);
        if (_started?.FindOwn(name) is not { } variable)
            return new EnvironmentFact(name, _started?.MayHoldMore == true ? [Value.Hole] : inherited, certain: true);
        if (variable.Values.Length == 0)
            return new EnvironmentFact(name, null, certain: true);
        Value value = variable.Values[0];
        byte[] text = variable.IsArray || variable.Has(Traits.Reference) || value.Many ? [Value.Hole] : value.Text;
        return new EnvironmentFact(name, text, variable.Has(Traits.Exported));
    }

    // env -i, env -u NAME, docker exec: what the command that it starts does not see.
    private void Clear(ShellState started, bool all, byte[][] some, bool inside)
    {
        if (Variables is null || (!all && !inside && some.Length == 0))
            return;
        foreach (byte[] name in Variables.Names)
        {
            bool cleared = all, perhaps = inside;
            foreach (byte[] unset in some)
            {
                cleared |= name.AsSpan().SequenceEqual(unset);
                perhaps |= unset.AsSpan().IndexOfAny(Value.Hole, Value.Number) >= 0;
            }

            if (cleared)
                started.Put(new Variable(name, []));
            else if (perhaps)
                started.Put(Variable.Unknown(name, Taint.None, Traits.Exported));
        }
    }

    /// <summary>A shell that this call starts for a line of its own.</summary>
    private ShellState ChildOf(Call call) => call.ClearsAll || call.Inside || call.Clears.Length + call.Assigned.Length > 0 ? Started(call).Child(null, []) : call.State.Child(null, []);
}
