using System;
using System.Buffers.Text;
using System.Text;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

// Numbers, and texts that bash expands a second time: subscripts inside arithmetic, prompts.
public sealed partial class Expander : INumbers
{
    /// <summary>Text in text that is expanded again goes this deep.</summary>
    private const int MaximumAgain = 8;

    private int _again;

    /// <summary><c>$((…))</c>: a number, known or not.</summary>
    private void ArithmeticPart(Arithmetic arithmetic, SourceText source, Field field)
    {
        Value expression = Text(arithmetic.Expression, source);
        field.Taint |= expression.Taint;
        Number number = Evaluate(expression.Text, expression.Taint);
        if (number.IsKnown)
            field.Add(Encoding.ASCII.GetBytes(number.Value.ToString()), Field.Plain);
        else
            field.Add([Value.Number], Field.Plain);
    }

    /// <summary>Works out an arithmetic text, with what it sets and what its subscripts run. Null: not known.</summary>
    public long? Calculate(Value expression) => Evaluate(expression.Text, expression.Taint) is { IsKnown: true } number ? number.Value : null;

    /// <summary>Looks a name up as <c>-v</c> does: a subscript in it is expanded once more.</summary>
    public void Probe(Value name)
    {
        if (name.Text.AsSpan().IndexOf((byte)'[') > 0)
            _ = LookupText(name.Text);
        if (name.Taint != Taint.None && name.HasHole)
            substitutions.Evaluated(name.Taint);
    }

    /// <summary>A prompt, as <c>${x@P}</c> and <c>set -x</c> show it.</summary>
    public void ShowPrompt(Value prompt) => _ = Prompt(prompt);

    private Number Evaluate(ReadOnlySpan<byte> text, Taint taint, int depth = 0)
    {
        if (text.Length > MaximumText || !substitutions.Affords(text.Length + 16) || depth > ArithmeticReader.MaximumDepth)
            return Number.Unknown;

        // An unknown operand is taken for the number that it is meant to be; only what is written out can hide a command.
        if (text.IndexOfAny("$`"u8) >= 0)
        {
            // Quotes hid it before; here they mean nothing.
            Value again = ExpandAgain(text, taint);
            return again.Text.AsSpan().IndexOfAny("$`"u8) >= 0 ? Number.Unknown : new ArithmeticReader(again.Text, this, depth + 6).Evaluate();
        }

        if (Utf8Parser.TryParse(text, out int plain, out int used) && used == text.Length && text[0] is >= (byte)'1' and <= (byte)'9')
            return Number.Of(plain);
        return new ArithmeticReader(text, this, depth).Evaluate();
    }

    Number INumbers.Get(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subscript, bool hasSubscript, int depth)
    {
        Found found = hasSubscript ? Element(name, ExpandAgain(subscript, Taint.None)) : Lookup(name);
        if (found.Values is not { } values)
            return Number.Unknown;
        if (values.Length == 0)
            return Number.Of(0);
        return values[0].IsSeveral && values[0].HasHole && values[0].Taint == Taint.None ? Number.Unknown : Evaluate(values[0].Text, values[0].Taint, depth + 6);
    }

    void INumbers.Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subscript, bool hasSubscript, Number value, bool perhaps)
    {
        Value number = value.IsKnown ? Value.Of(Encoding.ASCII.GetBytes(value.Value.ToString())) : Value.UnknownNumber();
        byte[] target = state.Target(name.ToArray());
        if (perhaps)
            number = state.Find(target)?.Scalar() is [{ IsNumber: true }] && !hasSubscript ? Value.UnknownNumber() : Value.Unknown(many: true);
        if (perhaps && hasSubscript)
            state.Put(Variable.Unknown(target, Taint.None, Traits.Array));
        else if (hasSubscript)
            SetElement(target, ExpandAgain(subscript, Taint.None), number);
        else
            SetScalar(target, number);
    }

    /// <summary>Expands a text as bash expands a here-document: parameters and substitutions, no quotes.</summary>
    public Value ExpandAgain(ReadOnlySpan<byte> text, Taint taint)
    {
        if (text.IndexOf(Value.Hole) >= 0 && (taint & Taint.Network) != 0)
            substitutions.Evaluated(taint);
        if (text.IndexOfAny("$`"u8) < 0)
            return new Value(text.ToArray()) { Taint = taint };
        if (!substitutions.Affords(text.Length + FieldWork))
            return Value.Unknown(taint);
        if (++_again > MaximumAgain)
        {
            _again--;
            substitutions.Evaluated(Taint.Decoded);
            return Value.Unknown(taint);
        }

        // What is not known becomes a variable that is not known.
        ByteBuilder script = new(text.Length + 64);
        script.Add(": <<GATE_END_OF_TEXT\n"u8);
        foreach (byte b in text)
            _ = b == Value.Hole ? script.Add("${GATE_UNKNOWN}"u8) : script.Add(b);
        script.Add("\nGATE_END_OF_TEXT\n"u8);
        SourceText source = new(script.ToArray());
        ParseResult parsed = ShellParser.Parse(source, _again * 4);
        Value value = Value.Unknown(taint);
        if (parsed.Partial.Statements is [{ Command: SimpleCommand { Redirects: [{ Document: { } document }] } }, ..])
        {
            Value expanded = Text(document.Body, source);
            value = new Value(expanded.Text.AsSpan().EndsWith("\n"u8) ? expanded.Text[..^1] : expanded.Text) { Taint = expanded.Taint | taint };
        }

        if (parsed.Error is not null)
            substitutions.Evaluated(Taint.Decoded);
        _again--;
        return value;
    }
}
