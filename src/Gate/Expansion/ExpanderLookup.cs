using System;
using System.Buffers.Text;
using System.Text;
using Gate.Shell;
using Gate.Text;

namespace Gate.Expansion;

// What a name in $name or ${name[…]} stands for.
public sealed partial class Expander
{
    /// <summary>The values of a parameter. None: it is unset; null: not known. At: each is a word of its own even in quotes, <c>"$@"</c>; Star: one word in quotes, <c>"$*"</c>.</summary>
    private readonly record struct Found(Value[]? Values, bool At = false, bool Star = false, Variable? Variable = null)
    {
        public bool All => At || Star;

        public Taint Taint
        {
            get
            {
                Taint taint = Taint.None;
                foreach (Value value in Values ?? [])
                    taint |= value.Taint;
                return taint;
            }
        }
    }

    private Found Lookup(ReadOnlySpan<byte> name, Subscript? subscript, SourceText source)
    {
        if (subscript is null)
            return Lookup(name);
        ReadOnlySpan<byte> index = source.Slice(subscript.Index.Span);
        if (index.SequenceEqual("@"u8) || index.SequenceEqual("*"u8))
            return Every(name, index[0] == '@');
        return Element(name, Text(subscript.Index, source));
    }

    // The same for a name that is text: ${!x} where x holds "a[1]".
    private Found LookupText(ReadOnlySpan<byte> text)
    {
        int open = text.IndexOf((byte)'[');
        if (open <= 0 || text[^1] != ']')
            return IsParameter(text) ? Lookup(text) : new Found(null);
        ReadOnlySpan<byte> index = text[(open + 1)..^1];
        return index.SequenceEqual("@"u8) || index.SequenceEqual("*"u8) ? Every(text[..open], index[0] == '@') : Element(text[..open], ExpandAgain(index, Taint.None));
    }

    private static bool IsParameter(ReadOnlySpan<byte> text) =>
        text.Length > 0 && (text.IndexOfAnyExcept("0123456789"u8) < 0 || (text.Length == 1 && "@*#?-$!"u8.IndexOf(text[0]) >= 0) || IsName(text));

    internal static bool IsName(ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            if (b != '_' && !char.IsAsciiLetterOrDigit((char)b))
                return false;
        }

        return text.Length > 0 && !char.IsAsciiDigit((char)text[0]);
    }

    private Found Every(ReadOnlySpan<byte> name, bool at) => state.Find(name) is { } variable ? new Found(variable.Values, at, !at, variable) : new Found(Environment(name), at, !at);

    private Found Element(ReadOnlySpan<byte> name, Value index)
    {
        if (state.Find(name) is not { } variable)
            return new Found(KeyOf(null, index) is { } only && only.AsSpan().SequenceEqual("0"u8) ? Environment(name) : null);
        if (KeyOf(variable, index) is not { } key || variable.IsUnknown)
            return new Found([Value.Unknown(variable.Taint)], Variable: variable);
        int at = variable.IndexOf(key);

        // Elements that may be several push those behind them away.
        for (int i = 0; i < (at < 0 ? variable.Values.Length : at + 1); i++)
        {
            if (variable.IsArray && variable.Values[i].IsSeveral && !variable.Has(Traits.Associative))
                return new Found([Value.Unknown(variable.Taint)], Variable: variable);
        }

        return new Found(at < 0 ? [] : [variable.Values[at]], Variable: variable);
    }

    /// <summary>The key that a subscript means; null where it is not known.</summary>
    private byte[]? KeyOf(Variable? variable, Value index)
    {
        if (variable is not null && variable.Has(Traits.Associative))
            return index.IsKnown ? index.Text : null;
        Number number = Evaluate(index.Text, index.Taint);
        if (!number.IsKnown)
            return null;
        long at = number.Value;
        if (at < 0 && variable is { Values.Length: > 0 })
            at += (Utf8Parser.TryParse(variable.KeyAt(variable.Values.Length - 1), out long last, out _) ? last : 0) + 1;
        return at < 0 ? null : Encoding.ASCII.GetBytes(at.ToString());
    }

    private Found Lookup(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1)
        {
            switch (name[0])
            {
                case (byte)'@':
                case (byte)'*':
                    return new Found(state.Arguments, name[0] == '@', name[0] == '*');
                case (byte)'#':
                    return new Found([Count(state.Arguments)]);
                case (byte)'?' or (byte)'$':
                    return new Found([Value.UnknownNumber()]);
                case (byte)'!':
                    // A job of this very shell, whatever its number: written as kill would take it.
                    return new Found(state.HasJob ? [Value.Of([(byte)'%', Value.Number])] : null);
                case (byte)'0':
                    return new Found([state.Zero ?? Value.Of("bash"u8)]);
                case (byte)'_':
                    return new Found(state.LastWord is { } last ? [last] : null);
                case (byte)'-':
                    return new Found(null);
            }
        }

        if (name.Length > 0 && name[0] is >= (byte)'0' and <= (byte)'9')
            return new Found(Utf8Parser.TryParse(name, out int number, out int used) && used == name.Length ? Argument(number) : null);
        return state.Find(name) is { } variable ? new Found(variable.Scalar() ?? [Value.Unknown(variable.Taint, many: true)], Variable: variable) : new Found(Environment(name));
    }

    private Value[]? Argument(int number)
    {
        if (state.Arguments is not { } arguments || number == 0)
            return null;
        for (int i = 0; i < Math.Min(number, arguments.Length); i++)
        {
            // A pattern's own first match is one of its matches, as find hands them over one by one.
            if (arguments[i].Many || (arguments[i].Pattern && i != number - 1))
                return [Value.Unknown(arguments[i].Taint)];
        }

        return number <= arguments.Length ? [arguments[number - 1]] : [];
    }

    private static Value Count(Value[]? values)
    {
        if (values is null || Array.Exists(values, value => value.IsSeveral))
            return Value.UnknownNumber();
        return Value.Of(Encoding.ASCII.GetBytes(values.Length.ToString()));
    }

    // What no text has set: what the shell itself keeps, as far as it is the same everywhere. Else it may even be unset.
    private Value[]? Environment(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("HOME"u8))
            return home.Length > 0 ? [Value.Of(home)] : [Absolute];
        if (name.SequenceEqual("PWD"u8))
            return [state.Directory is null ? Absolute : Value.Of(state.Directory)];
        if (name.SequenceEqual("OLDPWD"u8))
            return state.PreviousDirectory is null ? null : [Value.Of(state.PreviousDirectory)];
        if (name.SequenceEqual("PATH"u8))
            return [Absolute];
        if (name.SequenceEqual("TMPDIR"u8))
            return [Value.Of("/tmp"u8)];
        if (name.SequenceEqual("IFS"u8))
            return [Value.Of(DefaultSeparators)];
        if (name.SequenceEqual("BASH"u8))
            return [Value.Of("/bin/bash"u8)];
        if (name.SequenceEqual("SHELL"u8))
            return [Value.Of("/bin/bash"u8)];
        if (IsNumeric(name))
            return [Value.UnknownNumber()];
        return substitutions.Preset(name) is { } preset ? [Value.Of(preset)] : null;
    }

    /// <summary>Where bash and the shell lie differs: good enough to know what runs, not to cut letters out of it.</summary>
    private static bool IsLoose(ReadOnlySpan<byte> name) => name.SequenceEqual("BASH"u8) || name.SequenceEqual("SHELL"u8) || name.SequenceEqual("TMPDIR"u8);

    private static Value Absolute => new([(byte)'/', Value.Hole]);

    private static bool IsNumeric(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("RANDOM"u8) || name.SequenceEqual("SRANDOM"u8) || name.SequenceEqual("SECONDS"u8) || name.SequenceEqual("UID"u8) || name.SequenceEqual("EUID"u8) || name.SequenceEqual("PPID"u8)
        || name.SequenceEqual("LINENO"u8) || name.SequenceEqual("BASHPID"u8) || name.SequenceEqual("EPOCHSECONDS"u8) || name.SequenceEqual("BASH_SUBSHELL"u8);
}
