using System;
using System.Collections.Generic;
using System.Text;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

// Parameters: $name and ${…} with all operators, on values that are known; what is not stays a hole.
public sealed partial class Expander
{
    private void ParameterPart(Parameter parameter, SourceText source, List<Field> fields, bool quoted)
    {
        ReadOnlySpan<byte> name = source.Slice(parameter.Name);
        if (parameter.Malformed || parameter.Operator == ParameterOperator.NamesWithPrefix)
        {
            fields[^1].AddHole();
            fields[^1].Many |= !quoted;
            return;
        }

        Value[]? values = ValuesOf(name, out bool all);
        if (parameter.Indirect)
            values = values is [{ IsKnown: true } target] ? ValuesOf(target.Text, out all) : null;
        if (values is not null && parameter.Subscript is { } subscript && !parameter.Length)
            values = Element(values, subscript, source, ref all);
        if (parameter.Length)
        {
            if (values is [{ IsKnown: true } counted] && parameter.Subscript is null)
                fields[^1].Add(Encoding.ASCII.GetBytes(counted.Text.Length.ToString()), Field.Plain);
            else
                fields[^1].AddHole();
            return;
        }

        if (parameter.Operator != ParameterOperator.None)
            values = Operated(parameter, values, name.ToArray(), source);
        if (values is null)
        {
            // ${x:+set} says only whether it is set; ${!x} may be any variable.
            if (parameter.Operator is not (ParameterOperator.Alternative or ParameterOperator.AlternativeIfEmpty))
                fields[^1].Taint |= !parameter.Indirect ? substitutions.TaintOf(name) : parameter.Subscript is null && state.Arguments is null ? Taint.Named : Taint.None;
            fields[^1].AddHole();
            fields[^1].Many |= !quoted || all;
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0 && all)
                fields.Add(new Field { Quoted = quoted });
            else if (i > 0)
                fields[^1].Add(" "u8, Field.Plain);
            Value value = values[i];
            fields[^1].Many |= value.Many && !(quoted && !all);
            fields[^1].Content ??= value.Content;
            if (value.Pattern && !quoted)
            {
                fields[^1].Taint |= value.Taint;
                fields[^1].Add(value.Text, Field.Glob);
            }
            else
            {
                Insert(value.Text, value.Taint, fields, quoted);
            }
        }
    }

    /// <summary>The values of a parameter; null when they are not known. <paramref name="all"/>: each is a word of its own ("$@").</summary>
    private Value[]? ValuesOf(ReadOnlySpan<byte> name, out bool all)
    {
        all = false;
        if (name.Length == 1)
        {
            switch (name[0])
            {
                case (byte)'@':
                case (byte)'*':
                    all = name[0] == '@';
                    return state.Arguments;
                case (byte)'#':
                    return state.Arguments is null ? null : [Value.Of(Encoding.ASCII.GetBytes(state.Arguments.Length.ToString()))];
                case (byte)'?' or (byte)'$':
                    return [Digits];
                case (byte)'!':
                    // The number of a job of this very shell, whatever it is: written as kill would take it.
                    return [Value.Of("%%"u8)];
                case (byte)'0':
                    return [Value.Of("bash"u8)];
            }
        }

        if (name.Length > 0 && name[0] is >= (byte)'1' and <= (byte)'9' && System.Buffers.Text.Utf8Parser.TryParse(name, out int number, out int used) && used == name.Length)
            return state.Arguments is null ? null : number <= state.Arguments.Length ? [state.Arguments[number - 1]] : [];
        if (state.Find(name) is { } variable)
            return variable.Values;
        if (name.SequenceEqual("HOME"u8))
            return home.Length > 0 ? [Value.Of(home)] : null;
        if (name.SequenceEqual("PWD"u8))
            return state.Directory is null ? null : [Value.Of(state.Directory)];
        if (name.SequenceEqual("OLDPWD"u8))
            return state.PreviousDirectory is null ? null : [Value.Of(state.PreviousDirectory)];
        if (name.SequenceEqual("TMPDIR"u8))
            return [Value.Of("/tmp"u8)];
        if (name.SequenceEqual("IFS"u8))
            return [Value.Of(DefaultSeparators)];
        if (IsNumeric(name))
            return [Digits];
        return null;
    }

    // Unknown, but a number: it cannot lead to another folder or be an option.
    private static Value Digits => Value.Of("1"u8);

    private static bool IsNumeric(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("RANDOM"u8) || name.SequenceEqual("SECONDS"u8) || name.SequenceEqual("UID"u8) || name.SequenceEqual("EUID"u8) || name.SequenceEqual("PPID"u8)
        || name.SequenceEqual("LINENO"u8) || name.SequenceEqual("BASHPID"u8) || name.SequenceEqual("EPOCHSECONDS"u8) || name.SequenceEqual("SHLVL"u8) || name.SequenceEqual("COLUMNS"u8);

    private Value[]? Element(Value[] values, Subscript subscript, SourceText source, ref bool all)
    {
        ReadOnlySpan<byte> index = source.Slice(subscript.Index.Span);
        if (index.SequenceEqual("@"u8) || index.SequenceEqual("*"u8))
        {
            all = index[0] == '@';
            return values;
        }

        Value at = One(subscript.Index, source);
        if (!at.IsKnown || !System.Buffers.Text.Utf8Parser.TryParse(at.Text, out int number, out int used) || used != at.Text.Length)
            return null;
        if (number < 0)
            number += values.Length;
        return number >= 0 && number < values.Length ? [values[number]] : [];
    }

    private Value[]? Operated(Parameter parameter, Value[]? values, byte[] name, SourceText source)
    {
        bool empty = values is not null && (values.Length == 0 || values is [{ Text.Length: 0 }]);
        Value Argument() => parameter.Argument is null ? Value.Of([]) : One(parameter.Argument, source);
        switch (parameter.Operator)
        {
            case ParameterOperator.Default:
            case ParameterOperator.DefaultIfEmpty:
            case ParameterOperator.Assign:
            case ParameterOperator.AssignIfEmpty:
            {
                bool assigns = parameter.Operator is ParameterOperator.Assign or ParameterOperator.AssignIfEmpty;
                Value argument = Argument();
                if (empty || (values is null && assigns))
                {
                    if (assigns)
                        state.Set(name, values is null ? Value.Unknown(argument.Taint) : argument);
                    return values is null ? null : [argument];
                }

                return values;
            }

            case ParameterOperator.Alternative:
            case ParameterOperator.AlternativeIfEmpty:
            {
                Value argument = Argument();
                return values is null ? null : empty ? [] : [argument];
            }

            case ParameterOperator.Error or ParameterOperator.ErrorIfEmpty:
                return values;
        }

        if (values is null)
        {
            _ = Argument();
            if (parameter.Second is { } unused)
                _ = One(unused, source);
            return null;
        }

        Value pattern = Argument();
        Value second = parameter.Second is null ? Value.Of([]) : One(parameter.Second, source);
        Value[] results = new Value[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            byte[]? text = !values[i].HasHole && !values[i].Many && pattern.IsKnown && second.IsKnown && values[i].Text.Length <= MaximumText ? ParameterText.Apply(parameter.Operator, values[i].Text, pattern.Text, second.Text, parameter.Second is not null) : null;
            results[i] = text is null ? Value.Unknown(values[i].Taint) : new Value(text) { Taint = values[i].Taint, Pattern = values[i].Pattern };
        }

        return results;
    }

    // A number, worked out where it is plain; else a run of digits that is not known, which cannot be a path of its own.
    private void ArithmeticPart(Arithmetic arithmetic, SourceText source, Field field)
    {
        Value expression = One(arithmetic.Expression, source);
        field.Taint |= expression.Taint;
        if (expression.IsKnown && SmallArithmetic.TryEvaluate(expression.Text, out long number))
            field.Add(Encoding.ASCII.GetBytes(number.ToString()), Field.Plain);
        else
            field.Add("1"u8, Field.Plain);
    }
}
