using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Text;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

// Assignments: scalars, elements, arrays; what was declared of a name decides what becomes of the value.
public sealed partial class Expander
{
    /// <summary><c>name=…</c>, <c>name[…]=…</c>, <c>name=( … )</c>, with <c>+=</c>. Returns the value that a program would see, null for an array.</summary>
    public Value? Assign(Assignment assignment, SourceText source)
    {
        byte[] name = state.Target(source.Joined(assignment.Name).ToArray());
        if (assignment.Value.Parts is [ArrayLiteral array])
        {
            SetArray(name, array, source, assignment.Append);
            return null;
        }

        Value value = Assigned(assignment.Value, source);
        if (assignment.Subscript is not { } subscript)
        {
            SetScalar(name, assignment.Append ? Appended(name, value) : value);
            return state.Find(name)?.Scalar() is [var set] ? set : value;
        }

        Value index = Text(subscript.Index, source);
        SetElement(name, index, assignment.Append ? AppendedTo(Element(name, index), value, state.Find(name)) : value);
        return value;
    }

    /// <summary>Sets what a text names: <c>read x</c>, <c>printf -v 'a[1]'</c>. A subscript in it is expanded once more.</summary>
    public void Set(ReadOnlySpan<byte> target, Value value, bool append)
    {
        int open = target.IndexOf((byte)'[');
        if (open > 0 && target[^1] == ']' && IsName(target[..open]))
        {
            byte[] name = state.Target(target[..open].ToArray());
            Value index = ExpandAgain(target[(open + 1)..^1], value.Taint);
            SetElement(name, index, append ? AppendedTo(Element(name, index), value, state.Find(name)) : value);
        }
        else if (IsName(target))
        {
            byte[] name = state.Target(target.ToArray());
            SetScalar(name, append ? Appended(name, value) : value);
        }
        else if (target.IndexOfAny("$`"u8) >= 0)
        {
            _ = ExpandAgain(target, value.Taint);
        }
    }

    /// <summary>All elements at once: mapfile, read -a.</summary>
    public void SetElements(ReadOnlySpan<byte> target, Value[] values)
    {
        byte[] name = state.Target(target.ToArray());
        state.Put(new Variable(name, values, ((state.FindOwn(name)?.Traits ?? Traits.None) & ~Traits.Associative) | Traits.Array));
    }

    /// <summary>unset: a variable, or with a subscript one element.</summary>
    public void Unset(ReadOnlySpan<byte> target)
    {
        int open = target.IndexOf((byte)'[');
        if (open <= 0 || target[^1] != ']')
        {
            if (target.IndexOfAny("$`"u8) >= 0)
                _ = ExpandAgain(target, Taint.None);
            state.Put(new Variable(state.Target(target.ToArray()), []));
            return;
        }

        byte[] name = state.Target(target[..open].ToArray());
        Value index = ExpandAgain(target[(open + 1)..^1], Taint.None);
        if (state.Find(name) is not { } variable)
            return;
        if (index.Text is [(byte)'@' or (byte)'*'])
            state.Put(new Variable(name, [], variable.Traits));
        else if (KeyOf(variable, index) is { } key && !Array.Exists(variable.Values, value => value.IsSeveral))
            state.Put(variable.Without(key));
        else
            state.Put(Variable.Unknown(name, variable.Taint, variable.Traits | Traits.Array));
    }

    /// <summary>Gives a name what declare says of it; a value it has is kept as it is.</summary>
    public void Declare(byte[] name, Traits traits)
    {
        Variable? before = state.FindOwn(name);
        if (before is null)
        {
            // Exporting a name that the environment may have says nothing of its value.
            if (traits != Traits.Exported && traits != Traits.None)
                state.Put(new Variable(name, [], traits));
            return;
        }

        if (!before.IsArray && (traits & (Traits.Array | Traits.Associative)) != 0 && before.Values.Length == 1)
            state.Put(new Variable(name, before.Values, before.Traits | traits, (traits & Traits.Associative) != 0 ? ["0"u8.ToArray()] : null));
        else
            state.Put(before.With(traits));
    }

    /// <summary><c>name=( … )</c>: plain elements, and those with a key of their own.</summary>
    public void SetArray(byte[] name, ArrayLiteral array, SourceText source, bool append)
    {
        Variable? before = state.FindOwn(name);
        Traits traits = before?.Traits ?? Traits.None;
        bool associative = (traits & Traits.Associative) != 0;
        traits |= associative ? Traits.None : Traits.Array;
        Variable made = append && before is not null ? before.IsArray ? before : new Variable(name, before.Values, traits) : append ? Variable.Unknown(name, Taint.None, traits) : new Variable(name, [], traits);
        List<Value> plain = [];
        long next = 0;
        if (made.Values.Length > 0 && !associative)
            next = Utf8Parser.TryParse(made.KeyAt(made.Values.Length - 1), out long last, out _) ? last + 1 : 0;
        foreach (Word element in array.Elements)
        {
            if (element.EqualsAt < 0 || element.Parts is not [Subscript subscript, ..])
            {
                plain.Clear();
                Add(plain, element, source);
                for (int i = 0; i < plain.Count; i++)
                {
                    // A pair of words is a key and its value.
                    if (associative)
                        made = Variable.Unknown(name, made.Taint | plain[i].Taint, traits);
                    else
                        made = made.WithElement(Encoding.ASCII.GetBytes(next++.ToString()), Fitted(plain[i], traits));
                }

                continue;
            }

            List<Part> parts = [];
            foreach (Part part in element.Parts)
            {
                if (part.Span.Start > element.EqualsAt)
                    parts.Add(part);
            }

            Value index = Text(subscript.Index, source);
            Value value = Fitted(Assigned(new Word(Span.Between(element.EqualsAt + 1, element.Span.End), [.. parts], -1), source), traits);
            if (KeyOf(made, index) is not { } key || source.Slice(new Span(element.EqualsAt - 1, 1)) is [(byte)'+'])
            {
                made = Variable.Unknown(name, made.Taint | value.Taint, traits);
                continue;
            }

            made = made.WithElement(key, value);
            if (!associative)
                next = Utf8Parser.TryParse(key, out long at, out _) ? at + 1 : next;
        }

        state.Put(made);
    }

    /// <summary>Splits a line as read does: the last of <paramref name="count"/> fields takes the rest. Null where that is not known.</summary>
    public Value[]? ReadFields(byte[] line, Taint taint, int count, bool trim)
    {
        if (!trim)
            return [new Value(line) { Taint = taint }];
        if (Separators() is not { } separators || (count > 1 && line.AsSpan().IndexOf(Value.Hole) >= 0))
            return null;
        List<Value> fields = [];
        int at = Blanks(line, 0, separators);
        while (at < line.Length && fields.Count < Variable.MaximumElements)
        {
            int end = at;
            while (end < line.Length && separators.AsSpan().IndexOf(line[end]) < 0)
                end++;
            int next = Blanks(line, end, separators);
            if (next < line.Length && separators.AsSpan().IndexOf(line[next]) >= 0 && DefaultSeparators.IndexOf(line[next]) < 0)
                next = Blanks(line, next + 1, separators);
            if (fields.Count == count - 1 && next < line.Length)
            {
                // The rest as it is, but for blanks at its end.
                end = line.Length;
                while (end > at && separators.AsSpan().IndexOf(line[end - 1]) >= 0 && DefaultSeparators.IndexOf(line[end - 1]) >= 0)
                    end--;
                next = line.Length;
            }

            fields.Add(new Value(line[at..end]) { Taint = taint });
            at = next;
        }

        return [.. fields];
    }

    private static int Blanks(byte[] line, int at, byte[] separators)
    {
        while (at < line.Length && DefaultSeparators.IndexOf(line[at]) >= 0 && separators.AsSpan().IndexOf(line[at]) >= 0)
            at++;
        return at;
    }

    private void SetScalar(byte[] name, Value value)
    {
        int open = name.AsSpan().IndexOf((byte)'[');
        if (open > 0)
        {
            Set(name, value, append: false);
            return;
        }

        Variable? before = state.FindOwn(name);
        if (before is not null && before.Has(Traits.Reference))
        {
            // It stands for a variable that is not known: any of them.
            state.Forget(value.Taint);
            return;
        }

        value = Fitted(value, before?.Traits ?? Traits.None);
        if (before is { IsArray: true })
            state.Put(before.WithElement("0"u8.ToArray(), value));
        else
            state.Set(name, new Value(value.Text) { Taint = value.Taint, Pattern = value.Pattern, Content = value.Content });
    }

    private void SetElement(byte[] name, Value index, Value value)
    {
        Variable? before = state.FindOwn(name);
        Traits traits = before?.Traits ?? Traits.None;
        if (before is { IsArray: false, Values.Length: > 0 })
            before = new Variable(name, before.Values, traits | Traits.Array);
        value = Fitted(value, traits);
        byte[]? key = KeyOf(before, index);
        bool shifted = before is not null && Array.Exists(before.Values, old => old.IsSeveral);

        // An array that no text made may have elements already; that one of them is known is enough.
        if (key is null || shifted)
            state.Put(Variable.Unknown(name, value.Taint | (before?.Taint ?? Taint.None), traits | Traits.Array));
        else
            state.Put((before ?? new Variable(name, [], Traits.Array)).WithElement(key, value));
    }

    // declare -i, -u, -l.
    private Value Fitted(Value value, Traits traits)
    {
        if ((traits & (Traits.Integer | Traits.Upper | Traits.Lower)) == 0)
            return value;
        if ((traits & Traits.Integer) != 0)
            return Evaluate(value.Text, value.Taint) is { IsKnown: true } number ? new Value(Encoding.ASCII.GetBytes(number.Value.ToString())) { Taint = value.Taint } : Value.UnknownNumber(value.Taint);
        byte[]? text = value.IsKnown ? ParameterText.Case((traits & Traits.Upper) != 0 ? ParameterOperator.UpperAll : ParameterOperator.LowerAll, value.Text, null) : null;
        return text is null ? Value.Unknown(value.Taint) : new Value(text) { Taint = value.Taint };
    }

    private Value Appended(byte[] name, Value value) => AppendedTo(Lookup(name), value, state.Find(name));

    private Value AppendedTo(Found old, Value value, Variable? variable)
    {
        if (variable is not null && variable.Has(Traits.Integer))
        {
            Number left = old.Values is [var number] ? Evaluate(number.Text, number.Taint) : Number.Of(0), right = Evaluate(value.Text, value.Taint);
            return left.IsKnown && right.IsKnown ? Value.Of(Encoding.ASCII.GetBytes((left.Value + right.Value).ToString())) : Value.UnknownNumber();
        }

        byte[] before = old.Values is null ? [Value.Hole] : old.Values.Length == 0 ? [] : old.Values[0].Text;
        return before.Length + value.Text.Length > MaximumText ? Value.Unknown(old.Taint | value.Taint) : new Value([.. before, .. value.Text]) { Taint = old.Taint | value.Taint, Pattern = value.Pattern || old.Values is [{ Pattern: true }] };
    }
}
