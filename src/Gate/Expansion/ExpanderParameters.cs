using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Text;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

// Parameters: $name and ${…} with all operators, on values that are known; what is not stays a hole.
public sealed partial class Expander
{
    private void ParameterPart(Parameter parameter, SourceText source, List<Field> fields, Mode mode)
    {
        ReadOnlySpan<byte> name = source.Joined(parameter.Name);
        if (parameter.Malformed || parameter.Operator == ParameterOperator.NamesWithPrefix)
        {
            Taint inside = parameter.Argument is null ? Taint.None : Text(parameter.Argument, source).Taint;
            InsertUnknown(fields, inside, mode);
            return;
        }

        Found found = parameter.Indirect ? Indirect(name, parameter.Subscript, source) : Lookup(name, parameter.Subscript, source);
        if (parameter.Length)
        {
            fields[^1].Add(Length(found).Text, Field.Plain);
            return;
        }

        if (parameter.Operator is >= ParameterOperator.Default and <= ParameterOperator.AlternativeIfEmpty)
        {
            Choose(parameter, found, name.ToArray(), source, fields, mode);
            return;
        }

        if (parameter.Operator != ParameterOperator.None)
        {
            if (found.Variable is null && IsLoose(name) && found.Values is not null)
                found = new Found([parameter.Operator == ParameterOperator.Substring ? Absolute : Value.Unknown()]);
            found = Operated(parameter, found, name, source);
        }

        Emit(found, fields, mode, NamedBy(parameter, found, name));
    }

    /// <summary>What a field costs besides its bytes.</summary>
    private const int FieldWork = 64;

    // What a variable that nothing has set holds may be told by its name; ${x:+set} says only whether it is set, ${!x} may be any variable.
    private Taint NamedBy(Parameter parameter, Found found, ReadOnlySpan<byte> name) =>
        found.Values is not null || parameter.Operator is ParameterOperator.Alternative or ParameterOperator.AlternativeIfEmpty ? Taint.None
        : !parameter.Indirect ? substitutions.TaintOf(name)
        : parameter.Subscript is null && state.Arguments is null ? Taint.Named : Taint.None;

    private void Emit(Found found, List<Field> fields, Mode mode, Taint unknown = Taint.None)
    {
        if (found.Values is null && substitutions.TakesEmpty)
            found = found with { Values = [] };
        if (found.Values is not { } values)
        {
            InsertUnknown(fields, unknown, mode);
            fields[^1].Many |= found.At;
            return;
        }

        _vanished |= found.At && values.Length == 0;
        bool splits = Splits(mode);
        for (int i = 0; i < values.Length; i++)
        {
            Value value = values[i];
            if (!substitutions.Affords(value.Text.Length + FieldWork))
            {
                InsertUnknown(fields, value.Taint, mode);
                fields[^1].Many |= found.At;
                return;
            }

            if (i > 0 && (found.At || splits))
                fields.Add(new Field { Quoted = !splits });
            else if (i > 0 && Separators() is { } separators)
                fields[^1].Add(separators.AsSpan(0, Math.Min(1, separators.Length)), Field.Plain);
            else if (i > 0)
                fields[^1].AddHole();
            fields[^1].Many |= value.Many && (splits || found.At);
            fields[^1].Content ??= value.Content;
            Insert(value.Text, value.Taint, fields, mode, value.Pattern);
        }
    }

    private Found Indirect(ReadOnlySpan<byte> name, Subscript? subscript, SourceText source)
    {
        if (subscript is not null && source.Slice(subscript.Index.Span) is [(byte)'@' or (byte)'*'] which)
        {
            // ${!a[@]}: the keys.
            if (state.Find(name) is not { IsUnknown: false } variable)
                return new Found(null, At: true);
            Value[] keys = new Value[variable.Values.Length];
            for (int i = 0; i < keys.Length; i++)
            {
                if (variable.Values[i].IsSeveral)
                    return new Found([Value.Unknown(variable.Taint, many: true)], At: true);
                keys[i] = new Value(variable.KeyAt(i));
            }

            return new Found(keys, which[0] == '@', which[0] == '*');
        }

        if (name is [(byte)'#'])
            return state.Arguments is { } arguments ? new Found(Argument(arguments.Length)) : new Found(null);
        substitutions.Indirect();
        if (state.FindOwn(name) is { } reference && reference.Has(Traits.Reference))
            return new Found(reference.Values);
        Found named = Lookup(name, subscript, source);
        return named.Values is [{ IsKnown: true } target] ? LookupText(target.Text) : new Found(named.Values is null ? null : [Value.Unknown(named.Taint | (subscript is null && state.Arguments is null ? Taint.Named : Taint.None), many: true)]);
    }

    private static Value Length(Found found)
    {
        if (found.All)
            return Count(found.Values);
        return found.Values switch
        {
            [] => Value.Of("0"u8),
            [{ IsKnown: true } one] when one.Text.AsSpan().IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0 => Value.Of(Encoding.ASCII.GetBytes(one.Text.Length.ToString())),
            _ => Value.UnknownNumber(found.Taint),
        };
    }

    // :- := :+ :? and their forms without a colon, which ask only whether it is set.
    private void Choose(Parameter parameter, Found found, byte[] name, SourceText source, List<Field> fields, Mode mode)
    {
        bool colon = parameter.Operator is ParameterOperator.DefaultIfEmpty or ParameterOperator.AssignIfEmpty or ParameterOperator.AlternativeIfEmpty or ParameterOperator.ErrorIfEmpty;
        bool? missing = IsMissing(found, colon);
        if (missing is null && IsUntouched(parameter, found, name))
            missing = true;

        // Both ways count where that is open: the argument, written here, is looked at as surely as what may stand in the variable.
        if (missing is null && substitutions.TakesDefault())
            missing = parameter.Operator is not (ParameterOperator.Alternative or ParameterOperator.AlternativeIfEmpty);
        switch (parameter.Operator)
        {
            case ParameterOperator.Assign or ParameterOperator.AssignIfEmpty when missing != false:
                Value value = parameter.Argument is null ? Value.Of([]) : Assigned(parameter.Argument, source);
                if (missing is null)
                    value = Value.Unknown(value.Taint | found.Taint);
                if (IsName(name) && parameter.Subscript is null)
                    Set(name, value, append: false);
                else if (IsName(name))
                    state.Put(Variable.Unknown(name, value.Taint, Traits.Array));
                Emit(new Found([value]), fields, mode);
                return;
            case ParameterOperator.Default or ParameterOperator.DefaultIfEmpty when missing == true:
            case ParameterOperator.Alternative or ParameterOperator.AlternativeIfEmpty when missing == false:
                bool vanished = _vanished;
                if (parameter.Argument is { } argument)
                    Parts(argument.Parts, source, fields, Splits(mode) ? Mode.Literals : mode, argument.Span.Start, NoEquals);
                _vanished = vanished;
                return;
            case ParameterOperator.Alternative or ParameterOperator.AlternativeIfEmpty when missing == true:
                return;
        }

        // What is not chosen for sure counts with what it runs, and a value that may be either is not known.
        bool keeps = missing == false || parameter.Operator is ParameterOperator.Error or ParameterOperator.ErrorIfEmpty;
        Taint other = keeps || parameter.Argument is null ? Taint.None : One(parameter.Argument, source).Taint;
        if (keeps && (missing == false || found.Values is { Length: 1 }))
            Emit(found, fields, mode, NamedBy(parameter, found, name));
        else
            InsertUnknown(fields, other | found.Taint | NamedBy(parameter, found, name), mode);
    }

    // A variable that no text has set is not set, as whoever writes a default expects. One whose name says that it holds a secret may well be.
    private bool IsUntouched(Parameter parameter, Found found, byte[] name) =>
        parameter is { Indirect: false, Subscript: null, Argument: not null, Operator: ParameterOperator.Default or ParameterOperator.DefaultIfEmpty or ParameterOperator.Assign or ParameterOperator.AssignIfEmpty }
        && found is { Values: null, Variable: null } && IsName(name) && !state.MayHoldMore && substitutions.TaintOf(name) == Taint.None;

    // Unset, or with a colon also empty; null where that is not known.
    private static bool? IsMissing(Found found, bool colon)
    {
        if (found.Values is not { } values)
            return null;
        if (values.Length == 0)
            return true;
        if (values.Length > 1)
            return false;
        Value value = values[0];
        bool onlyHoles = value.Text.AsSpan().IndexOfAnyExcept(Value.Hole) < 0;
        if (value.Text.Length == 0)
            return colon;
        return onlyHoles && (colon || value.Many) ? null : false;
    }

    private Found Operated(Parameter parameter, Found found, ReadOnlySpan<byte> name, SourceText source)
    {
        ParameterOperator op = parameter.Operator;
        if (op == ParameterOperator.Substring)
            return Slice(parameter, found, name is [(byte)'@' or (byte)'*'], source);
        byte[] letter = op == ParameterOperator.Transform && parameter.Argument is not null ? Text(parameter.Argument, source).Text : [];
        byte anchor = 0;
        ShellPattern? pattern = null;
        Value second = Value.Of([]);
        if (op != ParameterOperator.Transform && parameter.Argument is { Parts.Length: > 0 } word)
        {
            bool marked = op == ParameterOperator.Replace && source.Slice(word.Span) is [(byte)'#' or (byte)'%', ..];
            anchor = marked ? source.Slice(word.Span)[0] : (byte)0;
            pattern = Pattern(word, source, marked ? 1 : 0);
        }

        if (parameter.Second is { } with)
            second = One(with, source);
        if (found.Values is not { } values)
            return found;
        Value[] results = new Value[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            Value value = values[i];
            byte[]? text = value.Many || value.Text.Length > MaximumText || !substitutions.Affords(value.Text.Length + (pattern?.Steps ?? 0)) ? null : op switch
            {
                ParameterOperator.RemoveShortestPrefix or ParameterOperator.RemoveLongestPrefix or ParameterOperator.RemoveShortestSuffix or ParameterOperator.RemoveLongestSuffix =>
                    pattern is null ? value.Text : ParameterText.Remove(op, value.Text, pattern),
                // ${x///…}: bash takes the slash for the pattern.
                ParameterOperator.Replace or ParameterOperator.ReplaceAll => pattern is null ? parameter.Second is null ? value.Text : null
                    : !value.IsKnown || !second.IsKnown || second.Text.AsSpan().IndexOfAny("&\\"u8) >= 0 ? null : ParameterText.Replace(value.Text, pattern, anchor, second.Text, op == ParameterOperator.ReplaceAll),
                ParameterOperator.Transform => Transformed(letter, value),
                _ => value.IsKnown ? ParameterText.Case(op, value.Text, pattern) : null,
            };
            bool keeps = op is >= ParameterOperator.RemoveShortestPrefix and <= ParameterOperator.RemoveLongestSuffix;
            results[i] = text is null ? Value.Unknown(value.Taint, value.Many) : new Value(text) { Taint = value.Taint, Pattern = keeps && value.Pattern };
        }

        return found with { Values = results };
    }

    private byte[]? Transformed(byte[] letter, Value value)
    {
        if (letter is [(byte)'P'])
            return Prompt(value);
        if (!value.IsKnown)
            return null;
        return letter switch
        {
            [(byte)'Q'] => ParameterText.Quoted(value.Text),
            [(byte)'E'] => AnsiQuote.Decode(value.Text),
            [(byte)'U'] => ParameterText.Case(ParameterOperator.UpperAll, value.Text, null),
            [(byte)'L'] => ParameterText.Case(ParameterOperator.LowerAll, value.Text, null),
            [(byte)'u'] => ParameterText.Case(ParameterOperator.UpperFirst, value.Text, null),
            _ => null,
        };
    }

    // ${x@P}: escapes of prompts, then the substitutions that stand in the text.
    private byte[]? Prompt(Value value)
    {
        List<byte> decoded = [];
        ReadOnlySpan<byte> text = value.Text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length)
            {
                decoded.Add(text[i]);
                continue;
            }

            byte c = text[++i];
            if (c is >= (byte)'0' and <= (byte)'7')
            {
                int number = 0, end = Math.Min(text.Length, i + 3);
                for (; i < end && text[i] is >= (byte)'0' and <= (byte)'7'; i++)
                    number = number * 8 + text[i] - '0';
                i--;
                decoded.Add((byte)number);
            }
            else if (c == '\\')
            {
                decoded.AddRange("\\\\"u8);
            }
            else if (c is (byte)'n' or (byte)'r' or (byte)'a' or (byte)'e')
            {
                decoded.Add(c == 'n' ? (byte)'\n' : c == 'r' ? (byte)'\r' : c == 'a' ? (byte)7 : (byte)27);
            }
            else
            {
                decoded.Add(Value.Hole);
            }
        }

        return ExpandAgain(decoded.ToArray(), value.Taint).Text;
    }

    // ${x:1:2}, ${@:2}, ${a[@]:1:2}: of a text, of the arguments, of an array by its numbers.
    private Found Slice(Parameter parameter, Found found, bool arguments, SourceText source)
    {
        Value offset = parameter.Argument is null ? Value.Of([]) : Text(parameter.Argument, source);
        Number from = Evaluate(offset.Text, offset.Taint), length = Number.Unknown;
        if (parameter.Second is { } second)
        {
            Value count = Text(second, source);
            length = Evaluate(count.Text, count.Taint);
        }

        bool limited = parameter.Second is not null;
        if (found.Values is not { } values)
            return found;
        if (!from.IsKnown || (limited && !length.IsKnown))
            return found with { Values = [Value.Unknown(found.Taint, found.All)] };
        if (found.All)
            return Some(found, arguments, from.Value, limited ? length.Value : null);
        Value[] results = new Value[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            byte[]? text = values[i].IsSeveral ? null : ParameterText.Substring(values[i].Text, from.Value, limited ? length.Value : null);
            results[i] = text is null ? Value.Unknown(values[i].Taint, values[i].Many) : new Value(text) { Taint = values[i].Taint };
        }

        return found with { Values = results };
    }

    private Found Some(Found found, bool arguments, long from, long? length)
    {
        Value[] values = found.Values!;
        Value[] all = arguments ? [state.Zero ?? Value.Of("bash"u8), .. values] : values;
        if (length < 0 || found.Variable is { IsArray: false } || found.Variable is { } associative && associative.Has(Traits.Associative) || (!arguments && found.Variable is null))
            return found with { Values = [Value.Unknown(found.Taint, many: true)] };
        long last = all.Length == 0 ? -1 : found.Variable is { Keys: not null } ? Key(found.Variable, all.Length - 1) : all.Length - 1;
        if (from < 0)
            from += last + 1;
        if (from < 0)
            return found with { Values = [] };
        List<Value> taken = [];
        for (int i = 0; i < all.Length && (length is null || taken.Count < length); i++)
        {
            bool inside = Key(found.Variable, i) >= from;
            if (all[i].IsSeveral && (from > 0 || length is not null) && !(inside && length is null))
                return found with { Values = [Value.Unknown(found.Taint, many: true)] };
            if (inside)
                taken.Add(all[i]);
        }

        return found with { Values = [.. taken] };
    }

    private static long Key(Variable? variable, int index) => variable?.Keys is { } keys && Utf8Parser.TryParse(keys[index], out long key, out _) ? key : index;
}
