using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Programs that run a command over words they read: xargs (words behind the command) and parallel (a shell line for each).
internal sealed partial class Runner
{
    private const int MaximumFed = 16;

    // xargs: appended, in groups where a size is given; or put where the mark of -I stands, a line at a time.
    private void RunFedWords(Call call, List<Value> words)
    {
        Flow source = call.Fed ?? call.Input;
        // Only its own options: those of the command behind them are not for it.
        byte[][] options = call.Words[..Math.Max(0, call.Words.Length - words.Count)];
        byte[]? mark = MarkOf(options);
        List<Value> items = ItemsOf(source, mark is not null ? (byte)'\n' : DelimiterOf(options));
        if (mark is { Length: > 0 })
        {
            for (int i = 0; i < Math.Clamp(items.Count, 1, MaximumFed); i++)
            {
                Value item = items.Count > 0 ? items[i] : Value.Unknown(source.Taint);
                List<Value> filled = [];
                foreach (Value word in words)
                    filled.Add(Filled(word, mark, item));
                RunWordsOf(call, filled, Flow.Unknown());
            }

            return;
        }

        int group = GroupOf(options);
        for (int from = 0, runs = 0; (from < items.Count || from == 0) && runs < MaximumFed; from += group, runs++)
        {
            List<Value> filled = [.. words];
            if (items.Count > 0)
                filled.AddRange(items.GetRange(from, Math.Min(group, items.Count - from)));
            RunWordsOf(call, filled, Flow.Unknown());
        }
    }

    private static Value Filled(Value word, byte[] mark, Value item)
    {
        int at = word.Text.AsSpan().IndexOf(mark);
        if (at < 0)
            return word;
        ByteBuilder text = new(64);
        ReadOnlySpan<byte> rest = word.Text;
        for (; at >= 0 && text.Length < 1 << 16; at = rest.IndexOf(mark))
        {
            text.Add(rest[..at]).Add(item.Text);
            rest = rest[(at + mark.Length)..];
        }

        return new Value(text.Add(rest).ToArray()) { Taint = word.Taint | item.Taint };
    }

    // -I STR, -ISTR, -i[STR], --replace[=STR]; null: words are appended.
    private static byte[]? MarkOf(byte[][] words)
    {
        for (int i = 0; i < words.Length && i < 32; i++)
        {
            ReadOnlySpan<byte> word = words[i];
            if (word.StartsWith("-I"u8) || word.StartsWith("-J"u8))
                return word.Length > 2 ? words[i][2..] : i + 1 < words.Length ? words[i + 1] : null;
            if (word.StartsWith("--replace"u8))
                return word.Length > 10 ? words[i][10..] : "{}"u8.ToArray();
            if (word.StartsWith("-i"u8))
                return word.Length > 2 ? words[i][2..] : "{}"u8.ToArray();
        }

        return null;
    }

    // NUL stands for a piece that is not known as well: what lies between is known.
    private static byte? DelimiterOf(byte[][] words)
    {
        for (int i = 0; i < words.Length && i < 32; i++)
        {
            ReadOnlySpan<byte> word = words[i];
            if (word.SequenceEqual("--null"u8) || (word.Length is > 1 and < 6 && word[0] == '-' && word[1] != '-' && word.IndexOf((byte)'0') == word.Length - 1 && word.IndexOfAny("nPLs"u8) < 0) || word.StartsWith("-0"u8))
                return 0;
            ReadOnlySpan<byte> given = word.StartsWith("--delimiter="u8) ? word[12..] : word.SequenceEqual("-d"u8) || word.SequenceEqual("--delimiter"u8) ? (i + 1 < words.Length ? words[i + 1] : default) : word.StartsWith("-d"u8) ? word[2..] : default;
            if (given.Length > 0)
                return given is [(byte)'\\', var escaped, ..] ? escaped switch { (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'0' => (byte)0, _ => escaped } : given[0];
        }

        return null;
    }

    // -n K, -L K: so many at a time.
    private static int GroupOf(byte[][] words)
    {
        for (int i = 0; i < words.Length && i < 32; i++)
        {
            ReadOnlySpan<byte> word = words[i];
            bool counts = word.StartsWith("-n"u8) || word.StartsWith("-L"u8) || word.StartsWith("--max-args"u8) || word.StartsWith("--max-lines"u8);
            if (!counts)
                continue;
            int equals = word.IndexOf((byte)'=');
            ReadOnlySpan<byte> number = equals > 0 ? word[(equals + 1)..] : word[1] != '-' && word.Length > 2 ? word[2..] : i + 1 < words.Length ? words[i + 1] : default;
            if (System.Buffers.Text.Utf8Parser.TryParse(number, out int size, out _) && size > 0)
                return size;
        }

        return int.MaxValue / 2;
    }

    // The words in a text that is read: by blanks with quotes, or by one delimiter. What is not known is one word that can be many.
    private static List<Value> ItemsOf(Flow source, byte? delimiter)
    {
        List<Value> items = [];
        if (source.IsTerminal)
            return items;
        if (source.Text is not { } text || (delimiter is null && text is [Value.Hole, ..]))
            return [Value.Unknown(source.Taint, many: true)];
        ReadOnlySpan<byte> rest = text;

        // What is known of a list of names stands in lines, whatever the program puts between them.
        if (delimiter == 0 && rest.IndexOf((byte)'\n') >= 0)
            delimiter = (byte)'\n';
        if (delimiter is byte mark)
        {
            while (rest.Length > 0 && items.Count < 64)
            {
                int end = rest.IndexOf(mark);
                ReadOnlySpan<byte> item = end < 0 ? rest : rest[..end];
                item = mark == 0 && end < 0 ? item.TrimEnd((byte)'\n') : item;
                if (item.Length > 0)
                    items.Add(new Value(item.ToArray()) { Taint = source.Taint });
                rest = end < 0 ? default : rest[(end + 1)..];
            }

            return items;
        }

        ByteBuilder word = new(32);
        bool open = false;
        byte quote = 0;
        for (int i = 0; i < rest.Length && items.Count < 64; i++)
        {
            byte b = rest[i];
            if (quote == 0 && b is (byte)' ' or (byte)'\t' or (byte)'\n')
            {
                if (open)
                    items.Add(new Value(word.ToArray()) { Taint = source.Taint });
                (word, open) = (new ByteBuilder(32), false);
                continue;
            }

            open = true;
            if (quote == 0 && b is (byte)'\'' or (byte)'"')
                quote = b;
            else if (quote != 0 && b == quote)
                quote = 0;
            else if (quote == 0 && b == '\\' && i + 1 < rest.Length)
                word.Add(rest[++i]);
            else
                word.Add(b);
        }

        if (open)
            items.Add(new Value(word.ToArray()) { Taint = source.Taint });
        return items;
    }

    // parallel CMD ::: WORDS, :::: FILES, or lines that are read; without a command each of them is one.
    private void RunFedLines(Call call, List<Value> operands)
    {
        if (call.Program.AsSpan().SequenceEqual("xargs"u8))
        {
            call.Output = call.Fed ?? call.Input;
            return;
        }

        call.RanCommand = true;
        int end = operands.FindIndex(IsSeparator);
        byte[] line = Joined((end < 0 ? operands : operands.GetRange(0, end)).ToArray());
        List<Value> items = end < 0 ? ItemsOf(call.Fed ?? call.Input, (byte)'\n') : [];
        bool files = false;
        for (int i = end; i >= 0 && i < operands.Count; i++)
        {
            if (IsSeparator(operands[i]))
                files = operands[i].Text.Length > 3 && operands[i].Text[3] == ':';
            else if (files)
                items.AddRange(ItemsOf(ContentOf(operands[i], AddPath(Verb.Read, operands[i], call, Attributes.None), call.State), (byte)'\n'));
            else
                items.Add(operands[i]);
        }

        bool pipes = Array.Exists(call.Words, word => word.AsSpan().StartsWith("--pipe"u8) || word.AsSpan().SequenceEqual("--spreadstdin"u8));
        if (items.Count == 0 || pipes)
        {
            call.Output = line.Length == 0 ? Flow.Nothing : RunLineOf(call, line, pipes ? call.Input : Flow.Nothing);
            return;
        }

        for (int i = 0; i < Math.Min(items.Count, MaximumFed); i++)
            call.Output = RunLineOf(call, line.Length == 0 ? items[i].Text : WithItem(line, items[i]), Flow.Nothing);
    }

    private static bool IsSeparator(Value word) => word.Text.AsSpan() is [(byte)':', (byte)':', (byte)':', ..] && word.Text.Length < 6 && word.Text.AsSpan().IndexOfAnyExcept(":+"u8) < 0;

    private static byte[] WithItem(byte[] line, Value item)
    {
        // A word that is not known stays one word, and is no code by itself.
        byte[] quoted = item.HasHole ? "\"${GATE_UNKNOWN}\""u8.ToArray() : Quoted(item.Text);
        ByteBuilder text = new(line.Length + quoted.Length + 1);
        bool placed = false;
        for (int i = 0; i < line.Length; i++)
        {
            int close = line[i] == '{' ? line.AsSpan(i, Math.Min(5, line.Length - i)).IndexOf((byte)'}') : -1;
            if (close > 0 && line.AsSpan(i + 1, close - 1).IndexOfAnyExcept("./0123456789#%"u8) < 0)
            {
                text.Add(quoted);
                placed = true;
                i += close;
            }
            else
            {
                text.Add(line[i]);
            }
        }

        return placed ? text.ToArray() : [.. line, (byte)' ', .. quoted];
    }

    private static byte[] Quoted(byte[] text)
    {
        bool plain = text.Length > 0;
        foreach (byte b in text)
            plain &= char.IsAsciiLetterOrDigit((char)b) || "-_./=:,@+%~".Contains((char)b, StringComparison.Ordinal) || b is >= 0x80 or Value.Hole;
        if (plain)
            return text;
        ByteBuilder quoted = new ByteBuilder(text.Length + 8).Add((byte)'\'');
        foreach (byte b in text)
            _ = b == '\'' ? quoted.Add("'\\''"u8) : quoted.Add(b);
        return quoted.Add((byte)'\'').ToArray();
    }
}
