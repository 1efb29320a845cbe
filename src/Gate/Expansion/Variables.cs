using System;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

/// <summary>A shell variable: one value, or the elements of an array. No values: it was unset in this text.</summary>
public sealed class Variable(byte[] name, Value[] values, bool isArray)
{
    public byte[] Name { get; } = name;

    public Value[] Values { get; } = values;

    public bool IsArray { get; } = isArray;
}

/// <summary>A function or an alias, with the text its body points into.</summary>
public sealed class Definition(byte[] name, Command? body, byte[]? alias, SourceText source)
{
    public byte[] Name { get; } = name;

    public Command? Body { get; } = body;

    public byte[]? Alias { get; } = alias;

    public SourceText Source { get; } = source;
}

/// <summary>
/// The state of a shell as far as a text itself makes it: variables, functions, directory, arguments. A subshell works on a copy.
/// Few names stand in one command, so a list is searched from its end; no table is built at start.
/// </summary>
public sealed class ShellState
{
    private Variable[] _variables = new Variable[4];
    private int _variableCount;
    private Definition[] _definitions = [];
    private int _definitionCount;

    /// <summary>The effective directory, absolute; null once it cannot be known.</summary>
    public byte[]? Directory { get; set; }

    public byte[]? PreviousDirectory { get; set; }

    /// <summary>$1 and so on; null at the top, where they are not known.</summary>
    public Value[]? Arguments { get; set; }

    /// <summary>After an exit or exec at this level nothing more runs.</summary>
    public bool Ended { get; set; }

    public bool ExtendedGlob { get; set; }

    public ShellState Copy()
    {
        ShellState copy = new()
        {
            Directory = Directory, PreviousDirectory = PreviousDirectory, Arguments = Arguments, ExtendedGlob = ExtendedGlob,
            _variables = (Variable[])_variables.Clone(), _variableCount = _variableCount, _definitions = _definitions, _definitionCount = _definitionCount,
        };
        return copy;
    }

    public Variable? Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _variableCount; i++)
        {
            if (name.SequenceEqual(_variables[i].Name))
                return _variables[i];
        }

        return null;
    }

    public void Set(byte[] name, Value[] values, bool isArray = false)
    {
        Variable variable = new(name, values, isArray);
        for (int i = 0; i < _variableCount; i++)
        {
            if (name.AsSpan().SequenceEqual(_variables[i].Name))
            {
                _variables[i] = variable;
                return;
            }
        }

        if (_variableCount == _variables.Length)
            Array.Resize(ref _variables, _variableCount * 2);
        _variables[_variableCount++] = variable;
    }

    public void Set(byte[] name, Value value) => Set(name, [value]);

    /// <summary>After code that may or may not have run: what differs between the two states is no longer known. Functions defined there do not count: a name that they give stays what it was, or unknown.</summary>
    public void Join(ShellState other)
    {
        for (int i = 0; i < other._variableCount; i++)
        {
            Variable theirs = other._variables[i];
            Variable? ours = Find(theirs.Name);
            if (!ReferenceEquals(ours, theirs) && !Same(ours, theirs))
                Set(theirs.Name, [Value.Unknown(TaintOf(theirs) | (ours is null ? Taint.None : TaintOf(ours)), many: true)]);
        }

        if (other.Directory is null || (Directory is not null && !Directory.AsSpan().SequenceEqual(other.Directory)))
            Directory = null;
    }

    private static bool Same(Variable? a, Variable b)
    {
        if (a is null || a.Values.Length != b.Values.Length || a.IsArray != b.IsArray)
            return false;
        for (int i = 0; i < a.Values.Length; i++)
        {
            if (!a.Values[i].Text.AsSpan().SequenceEqual(b.Values[i].Text) || a.Values[i].HasHole)
                return false;
        }

        return true;
    }

    private static Taint TaintOf(Variable variable)
    {
        Taint taint = Taint.None;
        foreach (Value value in variable.Values)
            taint |= value.Taint;
        return taint;
    }

    public Definition? FindDefinition(ReadOnlySpan<byte> name, bool alias)
    {
        for (int i = _definitionCount - 1; i >= 0; i--)
        {
            if (name.SequenceEqual(_definitions[i].Name) && _definitions[i].Alias is not null == alias)
                return _definitions[i];
        }

        return null;
    }

    public void Define(Definition definition)
    {
        // A fresh array: copies made before keep seeing what they saw.
        Definition[] grown = new Definition[_definitionCount + 1];
        Array.Copy(_definitions, grown, _definitionCount);
        grown[_definitionCount++] = definition;
        _definitions = grown;
    }
}
