using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Options by the program's style: clusters, long names and their prefixes, values glued or next, find's commands.
internal sealed partial class Runner
{
    // The name that a search is narrowed to (find -name).
    private static byte[]? NameIn(ReadOnlySpan<Value> arguments)
    {
        for (int i = 0; i + 1 < arguments.Length; i++)
        {
            if (arguments[i].Text.AsSpan().SequenceEqual("-name"u8) || arguments[i].Text.AsSpan().SequenceEqual("-iname"u8))
                return arguments[i + 1].HasHole ? null : arguments[i + 1].Text;
        }

        return null;
    }

    // The paths that a search is narrowed to (find -path ./x/*), where that begins with a folder.
    private static Value? PathIn(ReadOnlySpan<Value> arguments)
    {
        for (int i = 0; i + 1 < arguments.Length; i++)
        {
            if ((arguments[i].Text.AsSpan().SequenceEqual("-path"u8) || arguments[i].Text.AsSpan().SequenceEqual("-wholename"u8) || arguments[i].Text.AsSpan().SequenceEqual("-ipath"u8))
                && !(i > 0 && (arguments[i - 1].Text is [(byte)'!'] || arguments[i - 1].Text.AsSpan().SequenceEqual("-not"u8))))
                return arguments[i + 1] is { HasHole: false, Text: [not ((byte)'*' or (byte)'?' or (byte)'['), ..] } path ? new Value(path.Text) { Pattern = true } : null;
        }

        return null;
    }

    private static OptionEntry FindOption(List<Specification> chain, ReadOnlySpan<byte> name, bool prefix)
    {
        for (int i = chain.Count - 1; i >= 0; i--)
        {
            if (chain[i].FindOption(name, prefix) is { IsKnown: true } found && (i == chain.Count - 1 || !found.Has(OptionFlags.Before)))
                return found;
        }

        return default;
    }

    private void ReadOption(Call call, List<Specification> chain, ReadOnlySpan<Value> arguments, ref int i, List<(OptionEntry, Value)> values, ref OptionEntry overriding, SpecificationFlags flags)
    {
        Value word = arguments[i];
        byte[] text = word.Text;
        WordStyle style = chain[^1].Style;
        int equals = text.AsSpan().IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals > 0 ? text.AsSpan(0, equals) : text;
        bool isLong = text.AsSpan().StartsWith("--"u8) || style == WordStyle.Single || style == WordStyle.Assign;
        if (!isLong)
        {
            // -name=value and one-dash words of programs that mostly use two exist too: exact names first.
            if (text.Length > 2 && FindOption(chain, name, false) is { IsKnown: true } whole)
            {
                int taken = values.Count;
                TakeWithValue(call, whole, equals > 0 ? text[(equals + 1)..] : null, arguments, ref i, values, ref overriding);
                TakeByValue(call, chain, name, values, taken, ref overriding);
                return;
            }

            if (TakeWithColon(call, chain, text, arguments, ref i, values, ref overriding))
                return;
            ReadCluster(call, chain, text, 1, arguments, ref i, values, ref overriding, tarStyle: false);
            return;
        }

        OptionEntry found = style == WordStyle.Assign ? FindOption(chain, text.AsSpan(0, equals + 1), false) : FindOption(chain, name, prefix: style != WordStyle.Single);
        if (!found.IsKnown && style == WordStyle.Single && text.AsSpan().StartsWith("--"u8))
            found = FindOption(chain, name[1..], false);
        if (equals > 0 && !found.Has(OptionFlags.Value) && !found.Has(OptionFlags.Optional) && FindOption(chain, text, false) is { IsKnown: true } exact)
            found = exact;
        if (!found.IsKnown)
        {
            if (!TakeWithColon(call, chain, text, arguments, ref i, values, ref overriding))
                Unknown(call, chain, word, flags);
            return;
        }

        int before = values.Count;
        TakeWithValue(call, found, equals > 0 ? text[(equals + 1)..] : null, arguments, ref i, values, ref overriding);
        TakeByValue(call, chain, name, values, before, ref overriding);
    }

    // -javaagent:FILE: a value behind a colon.
    private bool TakeWithColon(Call call, List<Specification> chain, byte[] text, ReadOnlySpan<Value> arguments, ref int i, List<(OptionEntry, Value)> values, ref OptionEntry overriding)
    {
        int colon = text.AsSpan().IndexOf((byte)':');
        if (colon < 4 || FindOption(chain, text.AsSpan(0, colon), false) is not { IsKnown: true } found)
            return false;
        TakeWithValue(call, found, text[(colon + 1)..], arguments, ref i, values, ref overriding);
        return true;
    }

    private void TakeWithValue(Call call, OptionEntry option, byte[]? glued, ReadOnlySpan<Value> arguments, ref int i, List<(OptionEntry, Value)> values, ref OptionEntry overriding)
    {
        Value value = Value.Of([]);
        if (option.Has(OptionFlags.Value) && option.Role == Role.Command)
            value = TakeCommand(call, arguments, ref i);
        else if (glued is not null)
            value = new Value(glued) { Taint = arguments[i].Taint, Pattern = arguments[i].Pattern, Many = arguments[i].Many };
        else if (option.Has(OptionFlags.Value) && i + 1 < arguments.Length)
            value = arguments[++i];
        Take(call, option, value, values, ref overriding);
        TakeSecond(option, arguments, ref i, values);
    }

    // --bind FROM TO: the second value has a role of its own.
    private static void TakeSecond(OptionEntry option, ReadOnlySpan<Value> arguments, ref int i, List<(OptionEntry, Value)> values)
    {
        if (option.Has(OptionFlags.Second) && i + 1 < arguments.Length)
            values.Add((option.Second, arguments[++i]));
    }

    // --network=host, --network host: an entry of the option's name with this value says what more that value does.
    private static void TakeByValue(Call call, List<Specification> chain, ReadOnlySpan<byte> name, List<(OptionEntry, Value)> values, int before, ref OptionEntry overriding)
    {
        bool any = false;
        foreach (Specification specification in chain)
            any |= (specification.Flags & SpecificationFlags.ByValue) != 0;
        if (!any || values.Count == before || !values[before].Item2.IsKnown || name.Length + values[before].Item2.Text.Length > 120)
            return;
        byte[] whole = [.. name, (byte)'=', .. values[before].Item2.Text];
        if (FindOption(chain, whole, false) is { IsKnown: true } more)
            Take(call, more, Value.Of([]), values, ref overriding);
    }

    // find -exec CMD … ; or + : the command's words, {} standing for what was found.
    private Value TakeCommand(Call call, ReadOnlySpan<Value> arguments, ref int i)
    {
        int from = i + 1, to = from;
        while (to < arguments.Length && !arguments[to].Text.AsSpan().SequenceEqual(";"u8) && !(arguments[to].Text.AsSpan().SequenceEqual("+"u8) && to > from && arguments[to - 1].Text.AsSpan().SequenceEqual("{}"u8)))
            to++;
        i = to;
        if (to == from)
            return Value.Of([]);

        // Once for each start point: what is found below it stands in for {}, or comes last. A first word that is no path is what is looked for.
        int first = call.LooksFor ? 1 : 0, points = Math.Clamp(call.Operands.Count - first, 1, 4);
        for (int point = 0; point < (call.PathPattern is null ? points : points + 1); point++)
        {
            Value[] command = arguments[from..to].ToArray();
            bool any = false;
            for (int at = 0; at < command.Length; at++)
            {
                int mark = command[at].Text.AsSpan().IndexOf((byte)'{'), end = mark < 0 ? -1 : mark + command[at].Text.AsSpan(mark).IndexOf((byte)'}');
                if (mark < 0 || end <= mark || end - mark > 3)
                    continue;
                any = true;
                Value found = (point < points ? Found(call, first + point) : call.PathPattern!);
                command[at] = command[at].Text.Length == end - mark + 1 ? found : new Value([.. command[at].Text.AsSpan(0, mark), .. found.Text, .. command[at].Text.AsSpan(end + 1)]) { Pattern = found.Pattern, Many = found.Many };
            }

            if (!any && call.LooksFor)
                command = [.. command, (point < points ? Found(call, first + point) : call.PathPattern!)];
            _ = Invoke(command, call.State, call.Frame.Through(call.Program), Flow.Unknown(call.Taint), call.Span);
        }

        return Value.Of([]);
    }

    /// <summary>What find hands on: something below a start point, of the name it looks for.</summary>
    private static Value Found(Call call, int point)
    {
        Value start = point < call.Operands.Count ? call.Operands[point] : Value.Of("."u8);
        byte[] name = call.NamePattern ?? "*"u8.ToArray();
        if (call.LooksFor && call.Operands.Count > 0)
        {
            // fd: a plain word is part of the name; anything else, and an extension, leaves only some of them.
            ReadOnlySpan<byte> wanted = call.Operands[0].Text;
            name = wanted.Length > 1 && wanted.IndexOfAny("*?[](){}|^$+\\.\0"u8) < 0 ? wanted.ToArray() : wanted.Length > 1 || wanted is [>= (byte)'a'] ? [Value.Hole] : name;
        }

        if (call.LooksFor && (call.Sets & Attributes.Pattern) != 0)
            name = [Value.Hole];
        if (name is [(byte)'*'])
            name = Everything.ToArray();
        return new Value([.. start.Text, (byte)'/', .. name]) { Pattern = name.AsSpan().IndexOfAny("*?["u8) >= 0, Many = start.Many };
    }

    private void ReadCluster(Call call, List<Specification> chain, byte[] text, int from, ReadOnlySpan<Value> arguments, ref int i, List<(OptionEntry, Value)> values, ref OptionEntry overriding, bool tarStyle)
    {
        Span<byte> name = stackalloc byte[2];
        name[0] = (byte)'-';
        Value word = arguments[i];
        for (int at = from; at < text.Length; at++)
        {
            name[1] = text[at];
            OptionEntry option = FindOption(chain, name, false);
            if (!option.IsKnown)
            {
                Unknown(call, chain, word, chain[0].Flags);
                continue;
            }

            if (!option.Has(OptionFlags.Value) && !option.Has(OptionFlags.Optional))
            {
                Take(call, option, Value.Of([]), values, ref overriding);
                continue;
            }

            Value value;
            if (option.Has(OptionFlags.Value) && option.Role == Role.Command)
                value = TakeCommand(call, arguments, ref i);
            else if (!tarStyle && at + 1 < text.Length)
                value = new Value(text[(at + 1)..]) { Taint = word.Taint, Pattern = word.Pattern, Many = word.Many };
            else if (option.Has(OptionFlags.Value) && i + 1 < arguments.Length)
                value = arguments[++i];
            else
                value = Value.Of([]);
            int before = values.Count;
            Take(call, option, value, values, ref overriding);
            TakeByValue(call, chain, name, values, before, ref overriding);
            TakeSecond(option, arguments, ref i, values);
            if (!tarStyle)
                break;
        }
    }

    // The stated rule: an option that is not known changes nothing, except where the knowledge is marked strict.
    private void Unknown(Call call, List<Specification> chain, Value word, SpecificationFlags flags)
    {
        if (word.HasHole || word.Many)
            return;
        bool strict = (flags & SpecificationFlags.Strict) != 0 || (chain[^1].Flags & SpecificationFlags.Strict) != 0;
        if (strict)
            Note(call.Frame, call.Span, Verb.Opaque, $"the option '{word}' is not known", [], call.Program, Taint.None);
    }

    private static void Take(Call call, OptionEntry option, Value value, List<(OptionEntry, Value)> values, ref OptionEntry overriding)
    {
        call.Sets |= option.Sets;
        call.Drops |= option.Has(OptionFlags.Drops);
        call.Only |= option.Has(OptionFlags.Only);
        if (option.Has(OptionFlags.Clears))
        {
            call.ClearsAll |= !option.Has(OptionFlags.Value);
            call.Clears = option.Has(OptionFlags.Value) ? [.. call.Clears, value.Text] : call.Clears;
        }

        if (option.Turns != Verb.None)
            call.Turns = option.Turns;
        if (option.Prints != Output.Default)
            call.Prints = option.Prints;
        if (option.Has(OptionFlags.Operands))
        {
            overriding = option;

            // From here on it is a command: what stands before it keeps no role.
            if (option.OperandCount > 0 && option.Operand(0).Role is Role.Command or Role.Line)
            {
                foreach (Value before in call.Operands)
                    call.Taint |= before.Taint;
                call.Operands.Clear();
            }
        }

        for (int i = 0; i < option.EffectCount; i++)
        {
            call.Effects.Add(option.Effect(i));
            if (option.Has(OptionFlags.Insists))
                call.Insisted++;
        }

        // --dry-run=none: what another option drops is done after all.
        if (option.Has(OptionFlags.Insists) && option.EffectCount == 0)
            call.Insisted++;
        bool isRun = option.Role == Role.Command;
        if (!isRun && (option.Has(OptionFlags.Value) || (option.Has(OptionFlags.Optional) && value.Text.Length > 0)))
            values.Add((option, value));
    }
}
