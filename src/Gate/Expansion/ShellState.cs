using System;

namespace Gate.Expansion;

/// <summary>States in which a loop or a function was left early: break, continue, return.</summary>
public sealed class Leaving
{
    /// <summary>The loop around this one.</summary>
    public Leaving? Outer { get; init; }

    public ShellState? Broken { get; private set; }

    public ShellState? Continued { get; set; }

    /// <summary>Rounds that were gone through past the limits.</summary>
    public int Surveyed { get; set; }

    public void Break(ShellState state) => Broken = Added(Broken, state);

    public void Continue(ShellState state) => Continued = Added(Continued, state);

    private static ShellState Added(ShellState? before, ShellState state)
    {
        if (before is null)
            return state.Copy();
        before.Join(state);
        return before;
    }
}

/// <summary>
/// The state of a shell as far as a text itself makes it: variables, functions, directory, arguments. A subshell works on a copy.
/// Few names stand in one command, so a list is searched from its end; no table is built at start.
/// </summary>
public sealed class ShellState
{
    /// <summary>Variables that are kept in mind; any other name may then hold anything.</summary>
    public const int MaximumVariables = 1024;

    /// <summary>Functions and aliases that are kept in mind.</summary>
    public const int MaximumDefinitions = 1024;

    private bool _overflowed;
    private Variable[] _variables = new Variable[4];
    private int _variableCount;
    private Definition[] _definitions = [];
    private int _definitionCount;
    private Hidden? _hidden;

    // A variable that a local one hides until its function ends.
    private sealed class Hidden(byte[] name, Variable? before, Hidden? next)
    {
        public readonly byte[] Name = name;
        public readonly Variable? Before = before;
        public readonly Hidden? Next = next;
    }

    /// <summary>The effective directory, absolute; null once it cannot be known.</summary>
    public byte[]? Directory { get; set; }

    public byte[]? PreviousDirectory { get; set; }

    /// <summary>What pushd keeps, the latest first; a null is a folder that is not known.</summary>
    public byte[]?[] Stack { get; set; } = [];

    /// <summary>$1 and so on; null where they are not known, as at the top.</summary>
    public Value[]? Arguments { get; set; }

    /// <summary>$0, where a call says so.</summary>
    public Value? Zero { get; set; }

    /// <summary>$_: the last word of the command before.</summary>
    public Value? LastWord { get; set; }

    /// <summary>Something was sent to the background, so $! is a number.</summary>
    public bool HasJob { get; set; }

    /// <summary>After an exit, a break or a return at this level nothing more runs.</summary>
    public bool Ended { get; set; }

    public bool ExtendedGlob { get; set; }

    /// <summary>set -a: what is assigned is exported.</summary>
    public bool ExportsAll { get; set; }

    /// <summary>Names that the environment has, as far as they are asked for: what is assigned to them is exported.</summary>
    public byte[][] Inherited { get; set; } = [];

    /// <summary>The loop that break leaves; null where there is none in this shell.</summary>
    public Leaving? Loop { get; set; }

    /// <summary>The function or sourced text that return leaves.</summary>
    public Leaving? Function { get; set; }

    /// <summary>Declarations make local variables here.</summary>
    public bool InFunction { get; set; }

    /// <summary>The shell of the request itself, not one that it starts: its traps wait for its end.</summary>
    public bool IsMain { get; set; }

    public ShellState Copy()
    {
        ShellState copy = new();
        copy.Become(this);
        copy.Ended = false;
        copy._variables = (Variable[])_variables.Clone();
        return copy;
    }

    /// <summary>A copy for a subshell: what leaves a loop or a function there does not leave it here.</summary>
    public ShellState Fork()
    {
        ShellState fork = Copy();
        (fork.Loop, fork.Function, fork.IsMain) = (null, null, false);
        return fork;
    }

    /// <summary>What a program started from here sees when it is a shell again: exported variables and functions, its own arguments.</summary>
    public ShellState Child(Value? zero, Value[]? arguments)
    {
        ShellState child = new() { Directory = Directory, PreviousDirectory = PreviousDirectory, Arguments = arguments, Zero = zero, MayHoldMore = MayHoldMore, Inherited = Inherited };
        for (int i = 0; i < _variableCount; i++)
        {
            Variable variable = _variables[i];

            // What was unset here is not in the environment either; what is not exported here may still come from it.
            if ((variable.Has(Traits.Exported) && !variable.IsArray) || variable.Values.Length == 0)
                child.Put(new Variable(variable.Name, variable.Values, Traits.Exported));
        }

        for (int i = 0; i < _definitionCount; i++)
        {
            if (_definitions[i].Exported)
                _ = child.Define(_definitions[i]);
        }

        return child;
    }

    /// <summary>Takes over everything of a state that was left; the two share nothing that changes afterwards.</summary>
    public void Become(ShellState other)
    {
        (Directory, PreviousDirectory, Stack, Arguments, Zero, LastWord) = (other.Directory, other.PreviousDirectory, other.Stack, other.Arguments, other.Zero, other.LastWord);
        (HasJob, ExtendedGlob, ExportsAll, MayHoldMore, Loop, Function, Ended, InFunction, IsMain) = (other.HasJob, other.ExtendedGlob, other.ExportsAll, other.MayHoldMore, other.Loop, other.Function, other.Ended, other.InFunction, other.IsMain);
        _overflowed = other._overflowed;
        Inherited = other.Inherited;
        (_variables, _variableCount, _definitions, _definitionCount, _hidden) = (other._variables, other._variableCount, other._definitions, other._definitionCount, other._hidden);
    }

    /// <summary>The variable a name stands for, through name references.</summary>
    public Variable? Find(ReadOnlySpan<byte> name)
    {
        Variable? found = FindOwn(name);
        for (int hops = 0; found is not null && found.Has(Traits.Reference); hops++)
        {
            if (hops == 8 || found.Values is not [{ IsKnown: true } target])
                return Variable.Unknown(found.Name, found.Taint, Traits.Array);
            ReadOnlySpan<byte> text = target.Text;
            if (text.IndexOf((byte)'[') >= 0)
                return Variable.Unknown(found.Name, FindOwn(text[..text.IndexOf((byte)'[')])?.Taint ?? Taint.None, Traits.None);
            found = FindOwn(text);
        }

        return found;
    }

    /// <summary>The variable of this very name, a reference itself.</summary>
    public Variable? FindOwn(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _variableCount; i++)
        {
            if (name.SequenceEqual(_variables[i].Name))
                return _variables[i];
        }

        return _overflowed ? Variable.Unknown(name.ToArray(), Taint.None, Traits.None) : null;
    }

    /// <summary>The name that an assignment to this one changes.</summary>
    public byte[] Target(byte[] name)
    {
        for (int hops = 0; hops < 8 && FindOwn(name) is { } found && found.Has(Traits.Reference) && found.Values is [{ IsKnown: true } target]; hops++)
            name = target.Text;
        return name;
    }

    public void Put(Variable variable)
    {
        if (ExportsAll || (Inherited.Length > 0 && IsInherited(variable)))
            variable = variable.With(Traits.Exported);
        for (int i = 0; i < _variableCount; i++)
        {
            if (variable.Name.AsSpan().SequenceEqual(_variables[i].Name))
            {
                _variables[i] = variable;
                return;
            }
        }

        _overflowed |= _variableCount == MaximumVariables;
        if (_overflowed)
            return;
        if (_variableCount == _variables.Length)
            Array.Resize(ref _variables, _variableCount * 2);
        _variables[_variableCount++] = variable;
    }

    // Until it was unset, which ends that: what is assigned then is the shell's own.
    private bool IsInherited(Variable variable)
    {
        if (variable.Values.Length == 0 || FindOwn(variable.Name) is { Values.Length: 0 })
            return false;
        foreach (byte[] name in Inherited)
        {
            if (name.AsSpan().SequenceEqual(variable.Name))
                return true;
        }

        return false;
    }

    /// <summary>A scalar; what was declared of the name stays.</summary>
    public void Set(byte[] name, Value value) => Put(new Variable(name, [value], (FindOwn(name)?.Traits ?? Traits.None) & ~(Traits.Array | Traits.Associative)));

    /// <summary>Nothing is said of it any more.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _variableCount; i++)
        {
            if (name.SequenceEqual(_variables[i].Name))
            {
                _variables[i] = _variables[--_variableCount];
                return;
            }
        }
    }

    /// <summary>Functions or aliases: a program's name may not mean the program.</summary>
    public bool HasDefinitions => _definitionCount > 0;

    /// <summary>A variable that has no place here may be set all the same: a file was sourced, or something assigned to a name that is not known.</summary>
    public bool MayHoldMore { get; set; }

    /// <summary>Something was assigned, and nobody knows to which variable.</summary>
    public void Forget(Taint taint)
    {
        MayHoldMore = true;
        for (int i = 0; i < _variableCount; i++)
            _variables[i] = Variable.Unknown(_variables[i].Name, _variables[i].Taint | taint, _variables[i].Traits);
    }

    /// <summary>A mark to go back to: see <see cref="Restore"/>.</summary>
    public object? Scope => _hidden;

    /// <summary>From here on the name is the function's own, until its scope is restored.</summary>
    public void Hide(byte[] name)
    {
        _hidden = new Hidden(name, FindOwn(name), _hidden);
        Remove(name);
    }

    /// <summary>Brings back what was hidden since the mark.</summary>
    public void Restore(object? mark)
    {
        for (int i = 0; _hidden is { } hidden && !ReferenceEquals(hidden, mark) && i < 10000; i++)
        {
            Remove(hidden.Name);
            if (hidden.Before is { } before)
                Put(before);
            _hidden = hidden.Next;
        }
    }

    /// <summary>After code that may or may not have run: what differs between the two states is no longer known.</summary>
    public void Join(ShellState other)
    {
        MayHoldMore |= other.MayHoldMore;
        for (int i = 0; i < other._variableCount; i++)
        {
            Variable theirs = other._variables[i];
            if (i < _variableCount && ReferenceEquals(_variables[i], theirs))
                continue;
            Variable? ours = FindOwn(theirs.Name);
            if (!ReferenceEquals(ours, theirs) && !Same(ours, theirs))
                Put(Joined(ours, theirs));
        }

        for (int i = 0; i < _variableCount; i++)
        {
            if (i < other._variableCount && ReferenceEquals(other._variables[i], _variables[i]))
                continue;
            if (other.FindOwn(_variables[i].Name) is null && _variables[i] is { IsUnknown: false } ours)
                _variables[i] = Joined(null, ours);
        }

        if (other.Directory is null || (Directory is not null && !Directory.AsSpan().SequenceEqual(other.Directory)))
            Directory = null;
        if (other.PreviousDirectory is null || (PreviousDirectory is not null && !PreviousDirectory.AsSpan().SequenceEqual(other.PreviousDirectory)))
            PreviousDirectory = null;
        if (!ReferenceEquals(Arguments, other.Arguments) && !Same(Arguments, other.Arguments))
            Arguments = null;
        if (!ReferenceEquals(Stack, other.Stack))
            Stack = [null];
        if (!ReferenceEquals(LastWord, other.LastWord))
            LastWord = null;
        HasJob &= other.HasJob;
        ExtendedGlob |= other.ExtendedGlob;
        JoinDefinitions(other);
    }

    // A function that may have been defined: it may be what runs, and so may the program of its name.
    private void JoinDefinitions(ShellState other)
    {
        for (int i = 0; i < other._definitionCount; i++)
        {
            Definition theirs = other._definitions[i];
            if (Array.IndexOf(_definitions, theirs, 0, _definitionCount) < 0)
                _ = Define(new Definition(theirs.Name, theirs.Body, theirs.Alias, theirs.Source) { Exported = theirs.Exported, Uncertain = true });
        }
    }

    // Two numbers make a number that is not known; anything else could be any words.
    private static Variable Joined(Variable? ours, Variable theirs)
    {
        Traits traits = theirs.Traits | (ours?.Traits ?? Traits.None);
        Taint taint = theirs.Taint | (ours?.Taint ?? Taint.None);
        if (ours is { Values: [var a], IsArray: false } && theirs is { Values: [var b], IsArray: false } && a.IsNumber && b.IsNumber)
            return new Variable(theirs.Name, [new Value([Value.Number]) { Taint = taint }], traits);
        Value[]? perhaps = ours is null && !theirs.IsArray ? theirs.Perhaps ?? theirs.Values : null;
        return new Variable(theirs.Name, [Value.Unknown(taint, many: true)], traits) { Perhaps = perhaps };
    }

    /// <summary>Whether all that is known here holds in the other state as well: a run through a loop changed nothing that the next one would see.</summary>
    public bool Holds(ShellState other)
    {
        for (int i = 0; i < _variableCount; i++)
        {
            if (i < other._variableCount && ReferenceEquals(other._variables[i], _variables[i]))
                continue;
            if (other.FindOwn(_variables[i].Name) is not { } theirs || (!ReferenceEquals(theirs, _variables[i]) && !Same(_variables[i], theirs)))
                return false;
        }

        return _definitionCount == other._definitionCount && (ReferenceEquals(Directory, other.Directory) || Directory.AsSpan().SequenceEqual(other.Directory)) && Same(Arguments, other.Arguments);
    }

    private static bool Same(Variable? a, Variable b)
    {
        if (a is null || a.Traits != b.Traits || !Same(a.Values, b.Values))
            return false;
        for (int i = 0; i < a.Values.Length && (a.Keys is not null || b.Keys is not null); i++)
        {
            if (!a.KeyAt(i).AsSpan().SequenceEqual(b.KeyAt(i)))
                return false;
        }

        return true;
    }

    private static bool Same(Value[]? a, Value[]? b)
    {
        if (a is null || b is null)
            return a is null && b is null;
        if (a.Length != b.Length)
            return false;
        for (int i = 0; i < a.Length; i++)
        {
            if (!ReferenceEquals(a[i], b[i]) && (!a[i].Text.AsSpan().SequenceEqual(b[i].Text) || a[i].Taint != b[i].Taint || a[i].Pattern != b[i].Pattern || a[i].Many != b[i].Many))
                return false;
        }

        return true;
    }

    public Definition? FindDefinition(ReadOnlySpan<byte> name, bool alias)
    {
        for (int i = _definitionCount - 1; i >= 0; i--)
        {
            if (name.SequenceEqual(_definitions[i].Name) && _definitions[i].Alias is not null == alias)
                return _definitions[i].Body is null && _definitions[i].Alias is null ? null : _definitions[i];
        }

        return null;
    }

    /// <summary>False: there are too many, and it is not kept.</summary>
    public bool Define(Definition definition)
    {
        if (_definitionCount == MaximumDefinitions)
            return false;

        // A fresh array: copies made before keep seeing what they saw.
        Definition[] grown = new Definition[_definitionCount + 1];
        Array.Copy(_definitions, grown, _definitionCount);
        grown[_definitionCount++] = definition;
        _definitions = grown;
        return true;
    }
}
