using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

/// <summary>What simple text programs print, where all they get is known: how hidden commands are built in one line.</summary>
internal static class Filters
{
    /// <summary>Longer texts are not worked on.</summary>
    public const int MaximumText = 1 << 16;

    /// <summary>Null where the program is not one of these or its text is not known.</summary>
    public static Flow? Apply(byte[] program, List<Value> operands, byte[][] words, Flow input)
    {
        switch (System.Text.Encoding.ASCII.GetString(program))
        {
            case "echo":
                return Echo(words, operands);
            case "printf":
                return Printf(operands);
            case "cat" or "tee" when operands.Count == 0 || program[0] == 't':
                return Passed(input);
            case "base64" when Decodes(words):
                return Known(input) is { } encoded && Base64(encoded) is { } decoded ? new Flow(decoded, input.Taint) : Flow.Unknown(Taint.Decoded | Taint.Encoded | input.Taint);
            case "rev":
                return operands.Count > 0 || Known(input) is not { } line ? null : new Flow(Reverse(line), input.Taint);
            case "tr":
                return operands.Count == 2 && Known(input) is { } text && words.Length == 2 && Translate(text, operands[0].Text, operands[1].Text) is { } translated ? new Flow(translated, input.Taint) : null;
            case "xxd" when Array.Exists(words, word => word is [(byte)'-', .., (byte)'r'] or [(byte)'-', (byte)'r', ..]):
                return Known(input) is { } hex && FromHex(hex) is { } bytes ? new Flow(bytes, input.Taint) : Flow.Unknown(Taint.Decoded | Taint.Encoded | input.Taint);
            case "which" or "gwhich" when operands is [{ IsKnown: true } sought]:
                return Found(sought.Text);
            case "type" when operands is [{ Text: [(byte)'-', (byte)'P' or (byte)'p'] }, { IsKnown: true } sought]:
                return Found(sought.Text);
            case "mktemp" when operands.Count == 0:
                // A fresh name below the temporary folder, which nothing else has.
                return new Flow("/tmp/tmp.0000000000\n"u8.ToArray(), Taint.None);
            case "mktemp" when operands is [{ IsKnown: true } template] && Fresh(template.Text, words) is { } made:
                return new Flow(made, Taint.None);
            default:
                return null;
        }
    }

    // The X at the end of a template, or before its suffix, become letters: mktemp /tmp/x.XXXX, mktemp -t x.XXXX, mktemp -d x-XXXX (in the folder it works in).
    private static byte[]? Fresh(byte[] template, byte[][] words)
    {
        int last = template.AsSpan().LastIndexOf("XXX"u8), first = last;
        if (last < 0 || template.AsSpan(last).IndexOf((byte)'/') >= 0)
            return null;
        bool below = false;
        foreach (byte[] word in words)
        {
            // A folder that an option names would come first.
            if (word is [(byte)'-', (byte)'-', (byte)'t', ..] || (word is [(byte)'-', not (byte)'-', ..] && word.AsSpan().IndexOf((byte)'p') > 0))
                return null;
            below |= word is [(byte)'-', not (byte)'-', ..] && word.AsSpan().IndexOf((byte)'t') > 0;
        }

        while (first > 0 && template[first - 1] == 'X')
            first--;
        byte[] name = [.. template, (byte)'\n'];
        name.AsSpan(first, last + 3 - first).Fill((byte)'0');
        return below ? [.. "/tmp/"u8, .. name] : name;
    }

    /// <summary>Where a program of that name is found: in a system folder, as everybody who asks expects.</summary>
    public static Flow? Found(byte[] name) => name.Length == 0 || name.AsSpan().IndexOf((byte)'/') >= 0 ? null : new Flow([.. "/usr/bin/"u8, .. name, (byte)'\n'], Taint.None);

    private static byte[]? Known(Flow flow) => flow.Text is { Length: <= MaximumText } text && text.AsSpan().IndexOfAny(Value.Hole, Value.Number) < 0 ? text : null;

    private static Flow? Passed(Flow input) => input.Text is null ? null : input;

    private static bool Decodes(byte[][] words) => Array.Exists(words, word => word.AsSpan().SequenceEqual("-d"u8) || word.AsSpan().SequenceEqual("-D"u8) || word.AsSpan().SequenceEqual("-di"u8) || (word.Length > 3 && "--decode"u8.StartsWith(word)));

    // echo [-neE] words; a pattern or an unknown word leaves a hole in the text.
    private static Flow? Echo(byte[][] words, List<Value> operands)
    {
        bool newline = true, escapes = false;
        int i = 0;
        for (; i < words.Length && words[i] is [(byte)'-', ..] && words[i].Length > 1 && words[i].AsSpan(1).IndexOfAnyExcept("neE"u8) < 0; i++)
        {
            newline &= words[i].AsSpan().IndexOf((byte)'n') < 0;
            escapes |= words[i].AsSpan().IndexOf((byte)'e') >= 0;
        }

        ByteBuilder text = new(64);
        for (int w = i; w < words.Length; w++)
        {
            if (w > i)
                text.Add((byte)' ');
            text.Add(words[w]);
        }

        // \c ends the text, which is rare enough to leave alone.
        if (escapes && text.Written.IndexOf("\\c"u8) >= 0)
            return null;
        byte[] result = escapes ? AnsiQuote.Decode(text.Written) : text.ToArray();
        Taint taint = Taint.None;
        foreach (Value operand in operands)
            taint |= operand.Taint;
        return new Flow(newline ? [.. result, (byte)'\n'] : result, taint);
    }

    // The format's escapes, %s %b %d %c %q %%; reused while arguments are left.
    private static Flow? Printf(List<Value> operands)
    {
        if (operands.Count == 0 || operands[0].HasHole)
            return null;
        int first = operands[0].Text.AsSpan().SequenceEqual("--"u8) ? 1 : 0;
        if (first >= operands.Count)
            return null;
        byte[] format = operands[first].Text;
        ByteBuilder text = new(64);
        Taint taint = Taint.None;
        int next = first + 1, rounds = 0;
        do
        {
            bool used = false;
            for (int i = 0; i < format.Length; i++)
            {
                if (format[i] == '\\' && i + 1 < format.Length)
                {
                    int length = EscapeLength(format.AsSpan(i));
                    text.Add(AnsiQuote.Decode(format.AsSpan(i, length)));
                    i += length - 1;
                    continue;
                }

                if (format[i] != '%' || i + 1 >= format.Length)
                {
                    text.Add(format[i]);
                    continue;
                }

                int start = ++i;
                while (i < format.Length && "0123456789.-+ #"u8.IndexOf(format[i]) >= 0)
                    i++;
                if (i >= format.Length)
                    return null;
                if (format[i] == '%')
                {
                    text.Add((byte)'%');
                    continue;
                }

                ReadOnlySpan<byte> flags = format.AsSpan(start, i - start);
                int piece = text.Length;
                Value value = next < operands.Count ? operands[next] : Value.Of([]);
                used |= next < operands.Count;
                next++;
                taint |= value.Taint;
                switch (format[i])
                {
                    case (byte)'s': text.Add(value.Text); break;
                    case (byte)'d' or (byte)'i' or (byte)'u' when value.Text.Length == 0: text.Add((byte)'0'); break;
                    case (byte)'d' or (byte)'i' or (byte)'u' when value.IsNumber && value.Text is not [(byte)'0', _, ..]: text.Add(value.Text); break;
                    case (byte)'d' or (byte)'i' when value.Text is [(byte)'-', (>= (byte)'1' and <= (byte)'9'), ..] && new Value(value.Text[1..]).IsNumber: text.Add(value.Text); break;
                    case (byte)'q' when value.Text.Length > 0 && value.Text.AsSpan().IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+-"u8) < 0: text.Add(value.Text); break;
                    case (byte)'b': text.Add(AnsiQuote.Decode(value.Text)); break;
                    case (byte)'c': text.Add(value.Text.AsSpan(0, Math.Min(1, value.Text.Length))); break;
                    case (byte)'x' when int.TryParse(System.Text.Encoding.ASCII.GetString(value.Text), out int number): text.Add(System.Text.Encoding.ASCII.GetBytes(number.ToString("x"))); break;
                    default: return null;
                }

                if (flags.Length > 0 && !Fit(text, piece, flags, format[i]))
                    return null;
            }

            if (!used)
                break;
        }
        while (next < operands.Count && ++rounds < 64);
        return new Flow(text.ToArray(), taint);
    }

    // Width and "-", "0"; everything else that may stand between % and the letter is left alone.
    private static bool Fit(ByteBuilder text, int from, ReadOnlySpan<byte> flags, byte letter)
    {
        bool left = flags[0] == '-', zero = flags[0] == '0' && letter != 's';
        ReadOnlySpan<byte> digits = left ? flags[1..] : flags;
        if (digits.Length is 0 or > 3 || digits.IndexOfAnyExcept("0123456789"u8) >= 0 || (left && digits[0] == '0') || letter is (byte)'b' or (byte)'q' or (byte)'c')
            return false;
        byte[] piece = text.Written[from..].ToArray();
        int width = int.Parse(System.Text.Encoding.ASCII.GetString(digits)), missing = width - piece.Length;
        if (missing <= 0)
            return true;
        if (piece.AsSpan().IndexOfAny(Value.Hole, Value.Number) >= 0 || piece.AsSpan().IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0 || (zero && piece is [(byte)'-', ..]))
            return false;
        byte[] blanks = new byte[missing];
        blanks.AsSpan().Fill((byte)(zero ? '0' : ' '));
        if (left)
        {
            text.Add(blanks);
            return true;
        }

        byte[] before = text.Written[..from].ToArray();
        text.Clear();
        text.Add(before);
        text.Add(blanks);
        text.Add(piece);
        return true;
    }

    private static int EscapeLength(ReadOnlySpan<byte> text)
    {
        int most = text[1] switch { (byte)'x' => 4, (byte)'u' => 6, (byte)'U' => 10, >= (byte)'0' and <= (byte)'7' => 4, _ => 2 };
        if (most == 2)
            return 2;
        int length = text[1] is (byte)'x' or (byte)'u' or (byte)'U' ? 2 : 1;
        bool octal = length == 1;
        while (length < most && length < text.Length && (octal ? text[length] is >= (byte)'0' and <= (byte)'7' : char.IsAsciiHexDigit((char)text[length])))
            length++;
        return length;
    }

    private static byte[]? Base64(byte[] text)
    {
        try
        {
            return Convert.FromBase64String(System.Text.Encoding.ASCII.GetString(text).Replace("\n", "", StringComparison.Ordinal));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static byte[] Reverse(byte[] text)
    {
        byte[] result = (byte[])text.Clone();
        int start = 0;
        for (int i = 0; i <= result.Length; i++)
        {
            if (i == result.Length || result[i] == '\n')
            {
                Array.Reverse(result, start, i - start);
                start = i + 1;
            }
        }

        return result;
    }

    private static byte[]? Translate(byte[] text, byte[] from, byte[] to)
    {
        if (Ranges(from) is not { } source || Ranges(to) is not { Length: > 0 } target)
            return null;
        byte[] result = (byte[])text.Clone();
        for (int i = 0; i < result.Length; i++)
        {
            int at = Array.LastIndexOf(source, result[i]);
            if (at >= 0)
                result[i] = target[Math.Min(at, target.Length - 1)];
        }

        return result;
    }

    // a-z, plain characters and \n; classes are left alone.
    private static byte[]? Ranges(byte[] set)
    {
        if (set.AsSpan().IndexOf("[:"u8) >= 0)
            return null;
        set = AnsiQuote.Decode(set);
        List<byte> all = [];
        for (int i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-' && set[i] <= set[i + 2])
            {
                for (int c = set[i]; c <= set[i + 2]; c++)
                    all.Add((byte)c);
                i += 2;
            }
            else
            {
                all.Add(set[i]);
            }
        }

        return [.. all];
    }

    private static byte[]? FromHex(byte[] text)
    {
        List<byte> digits = [];
        foreach (byte b in text)
        {
            if (char.IsAsciiHexDigit((char)b))
                digits.Add((byte)char.ToLowerInvariant((char)b));
            else if (b is not ((byte)' ' or (byte)'\n'))
                return null;
        }

        byte[] bytes = new byte[digits.Count / 2];
        return Hex.TryDecode(digits.ToArray().AsSpan(0, bytes.Length * 2), bytes) ? bytes : null;
    }
}
