using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>
/// Functions of scanned languages that only compute: joining, reversing, decoding, folders. They are what hides a command in code, so they are worked out; what
/// is not named here, and every argument that is not known, gives a result that is not known.
/// </summary>
internal static class CodeFunctions
{
    private const int Longest = 1 << 16;

    /// <summary>The result, or null where nothing is known of the function.</summary>
    public static CodeValue? Call(string name, CodeValue? receiver, CodeValue arguments)
    {
        int dot = name.LastIndexOf('.');
        string last = dot < 0 ? name : name[(dot + 1)..];
        CodeValue? first = arguments.At(0), second = arguments.At(1);
        Taint taint = (receiver?.Taint ?? 0) | arguments.Taint;
        CodeValue? result = Folder(name, last, receiver, arguments) ?? (receiver?.Items is not null ? OfList(last, receiver, first) : null) ?? (receiver?.Text is not null && dot > 0 ? OfText(last, receiver, first, second, arguments) : null) ?? Plain(name, last, first, second, arguments);
        return result?.With(taint & Taint.Network);
    }

    // Paths and folders of the machine.
    private static CodeValue? Folder(string name, string last, CodeValue? receiver, CodeValue arguments)
    {
        CodeValue? first = arguments.At(0);
        switch (name)
        {
            case "pathlib.Path.home" or "os.homedir" or "Dir.home" or "File.homedir" or "require.os.homedir" or "Path.home" or "posix_getpwuid" or "fs.homedir":
                return CodeValue.Of("~");
            case "os.getcwd" or "process.cwd" or "Dir.pwd" or "Dir.getwd" or "getcwd" or "Cwd.getcwd" or "cwd" or "pathlib.Path.cwd" or "Path.cwd" or "Deno.cwd":
                return CodeValue.Of(".");
            case "tempfile.gettempdir" or "os.tmpdir" or "Dir.tmpdir" or "sys_get_temp_dir" or "tempfile.mkdtemp" or "tempfile.mktemp":
                return CodeValue.Of("/tmp/x");
            case "pathlib.Path" or "Path" or "pathlib.PosixPath" or "pathlib.PurePath" or "Pathname" or "Pathname.new" or "SplFileInfo" or "Bun.file" or "File.open":
            case "os.path.join" or "path.join" or "File.join" or "path.resolve" or "path.posix.join" or "Path.join" or "posixpath.join" or "File.Spec.catfile" or "path.posix.resolve":
                return Joined(arguments);
            case "File.expand_path" or "os.path.abspath" or "os.path.realpath" or "os.path.expanduser" or "os.path.normpath" or "os.path.expandvars" or "fs.realpathSync" or "realpath" or "fspath" or "os.fspath" or "glob" or "url.fileURLToPath" or "File.absolute_path" or "File.realpath" or "os.path.normcase":
                return first is null ? null : Expanded(first, name == "glob");
            case "glob.glob" or "glob.iglob" or "Dir.glob" or "Dir" or "glob.sync" or "fs.globSync" or "fg.sync" or "globSync":
                return first?.Text is { } pattern ? new CodeValue { Text = pattern, Pattern = pattern.AsSpan().IndexOfAny("*?["u8) >= 0 } : null;
            case "sorted" or "list" or "tuple" or "set" or "reversed" or "Array.from" or "array_values" or "array_reverse" when first is { Pattern: true }:
                return first;
            case "path.dirname" or "os.path.dirname" or "File.dirname" or "dirname" or "path.posix.dirname" when first?.Text is { Length: > 0 } below:
                return below.AsSpan().LastIndexOf((byte)'/') is var slash && slash <= 0 ? Joined(CodeValue.List([first, CodeValue.Of("..")])) : new CodeValue { Text = below[..slash], Taint = first.Taint };
            case "os.walk" or "os.listdir" or "os.scandir" or "os.fwalk" or "fs.readdirSync" or "fs.promises.readdir" or "Dir.entries" or "Dir.children" or "Dir.each_child" or "Dir.foreach" or "scandir" or "Find.find" or "Dir.new" or "Deno.readDirSync":
                return Within(first ?? CodeValue.Of("."), "*");
        }

        if (receiver?.Text is null)
            return null;
        return last switch
        {
            "expanduser" or "resolve" or "absolute" or "expand_path" or "as_posix" or "realpath" => Expanded(receiver, false),
            "joinpath" or "resolve_path" or "/" => Joined(CodeValue.List([receiver, .. arguments.Items!])),
            "glob" or "rglob" or "iterdir" or "children" or "each_child" or "walk" when receiver.Text.Length < 4096 => Within(receiver, last is "iterdir" or "children" or "each_child" or "walk" || first?.Text is null ? "*" : Encoding.UTF8.GetString(first.Text)),
            _ => null,
        };
    }

    // $HOME and ${HOME} too, for expandvars.
    private static CodeValue Expanded(CodeValue value, bool pattern)
    {
        if (value.Text is not { } text)
            return value;
        if (text.AsSpan().StartsWith("$HOME"u8))
            text = [(byte)'~', .. text.AsSpan(5)];
        return new CodeValue { Text = text, Taint = value.Taint, Pattern = value.Pattern || (pattern && text.AsSpan().IndexOfAny("*?["u8) >= 0) };
    }

    private static CodeValue Within(CodeValue folder, string name) => folder.Text is not { } text ? CodeValue.Unknown(folder.Taint)
        : new CodeValue { Text = [.. text.AsSpan().TrimEnd((byte)'/'), (byte)'/', .. Encoding.UTF8.GetBytes(name)], Taint = folder.Taint, Pattern = true };

    /// <summary>Parts of a path, put together; a part that is absolute begins anew. What lies below a pattern is the pattern's.</summary>
    public static CodeValue Joined(CodeValue parts)
    {
        byte[] path = [];
        Taint taint = Taint.None;
        foreach (CodeValue part in parts.Items ?? [])
        {
            if (part.Pattern && part.Text is not null && (path.Length == 0 || part.Text is [(byte)'/', ..]))
                return part;
            byte[] text = part.Bytes;
            taint |= part.Taint;
            path = path.Length == 0 || text is [(byte)'/', ..] or [(byte)'~'] ? text : [.. path.AsSpan().TrimEnd((byte)'/'), (byte)'/', .. text];
        }

        return new CodeValue { Text = path.Length == 0 ? "."u8.ToArray() : path, Taint = taint };
    }

    private static CodeValue? OfList(string last, CodeValue list, CodeValue? first)
    {
        List<CodeValue> items = list.Items!;
        switch (last)
        {
            case "join":
                return Join(first?.Text ?? (first is null ? [] : [Value.Hole]), items);
            case "reverse" or "reversed" or "toReversed":
                List<CodeValue> turned = [.. items];
                turned.Reverse();
                return CodeValue.List(turned);
            case "concat" or "push":
                return CodeValue.List(first?.Items is { } more ? [.. items, .. more] : first is null ? items : [.. items, first]);
            case "flat" or "to_a" or "values" or "slice" or "filter" or "compact" or "flatten" or "copy" or "sort":
                return last == "slice" && first is not null ? null : list;
            case "pack" when first?.Text is [(byte)'c' or (byte)'C' or (byte)'U', ..]:
                return Characters(items);
            case "pack" when first?.Text is [(byte)'m', ..] && items.Count > 0:
                return null;
            case "pack" when first?.Text is [(byte)'H', ..] && items.Count > 0:
                return Decode(items[0], "hex");
            case "first" or "pop" or "shift" when items.Count > 0:
                return last == "pop" ? items[^1] : items[0];
            default:
                return null;
        }
    }

    private static CodeValue? OfText(string last, CodeValue receiver, CodeValue? first, CodeValue? second, CodeValue arguments)
    {
        byte[] text = receiver.Text!;
        switch (last)
        {
            case "join" when first?.Items is { } items:
                return Join(text, items);
            case "join" when first is not null:
                return first.Text is { } letters && text.Length == 0 ? CodeValue.Of(letters, first.Taint) : CodeValue.Unknown(receiver.Taint | first.Taint);
            case "encode" or "decode" when first?.Text is { } codec:
                return Decode(receiver, Encoding.ASCII.GetString(codec)) ?? receiver;
            case "encode" or "decode" or "strip" or "trim" or "chomp" or "lstrip" or "rstrip" or "trimEnd" or "trimStart" or "toString" or "to_s" or "valueOf" or "dup" or "freeze" or "normalize" or "copy" or "to_str" or "to_sym":
                return first?.Text is { } as_ && last == "toString" ? Decode(receiver, "to" + Encoding.ASCII.GetString(as_)) ?? receiver : last[0] is 's' or 't' or 'c' or 'l' or 'r' && first is null && last is not ("to_s" or "toString") ? new CodeValue { Text = text.AsSpan().Trim(" \n\t\r"u8).ToArray(), Taint = receiver.Taint } : receiver;
            case "lower" or "toLowerCase" or "downcase" or "casefold" or "toLocaleLowerCase":
                return Mapped(receiver, c => c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c + 32) : c);
            case "upper" or "toUpperCase" or "upcase":
                return Mapped(receiver, c => c is >= (byte)'a' and <= (byte)'z' ? (byte)(c - 32) : c);
            case "swapcase":
                return Mapped(receiver, c => char.IsAsciiLetter((char)c) ? (byte)(c ^ 32) : c);
            case "reverse":
                byte[] turned = [.. text];
                Array.Reverse(turned);
                return CodeValue.Of(turned, receiver.Taint);
            case "replace" or "replaceAll" or "gsub" or "sub" when first?.Text is { Length: > 0 } old && second?.Text is { } now:
                return Replaced(receiver, old, now);
            case "delete" when first?.Text is { Length: > 0 } gone:
                return Mapped(receiver, c => c, gone);
            case "repeat" or "ljust" or "times" when first?.Number is { } count:
                return Repeat(receiver, count);
            case "concat":
                return Join([], [receiver, .. arguments.Items!]);
            case "split" or "chars" or "bytes" or "lines" or "toArray" or "words":
                return Split(receiver, first);
            case "format":
                return Format(text, arguments, receiver.Taint);
            case "at" or "charAt" when first?.Number is { } index:
                return Slice(receiver, index, index == -1 ? null : index + 1);
            case "slice" or "substring":
                return Slice(receiver, first?.Number ?? 0, second?.Number);
            case "substr" when first?.Number is { } from:
                return Slice(receiver, from, second?.Number is { } length ? from + length : null);
            case "chr" or "hex" or "unpack1" or "unpack":
                return first?.Text is { Length: > 0 } way ? way[0] == 'm' ? Decode(receiver, "base64") : null : null;
            case "translate" or "tr":
                return first?.Text is { } from_ && second?.Text is { } to && from_.AsSpan().SequenceEqual("A-Za-z"u8) && to.AsSpan().SequenceEqual("N-ZA-Mn-za-m"u8) ? Decode(receiver, "rot13") : null;
            case "hexdigest" or "digest" or "read" or "sum" or "find" or "index" or "count" or "length" or "size":
                return CodeValue.Unknown(receiver.Taint);
            default:
                return null;
        }
    }

    private static CodeValue? Plain(string name, string last, CodeValue? first, CodeValue? second, CodeValue arguments)
    {
        switch (name)
        {
            case "chr" or "unichr" or "mb_chr":
                return first?.Number is { } letter ? Characters([first]) : null;
            case "String.fromCharCode" or "String.fromCodePoint":
                return Characters(arguments.Items!.Count == 1 && arguments.Items[0].Items is { } spread ? spread : arguments.Items);
            case "bytes" or "bytearray" or "Uint8Array" or "Uint8Array.from" or "Uint8Array.of" or "Buffer.from" or "Buffer" when first?.Items is { } numbers:
                return Characters(numbers);
            case "URI" or "URI.parse" or "URL" or "urllib.request.Request" or "str" or "String" or "strval" or "bytes" or "repr" or "util.promisify" or "promisify" or "list" or "tuple" or "Array.from" or "Object.freeze" or "sorted_" or "iter" or "Array" or "await" or "compile" or "textwrap.dedent" or "list.copy" or "trim" or "scalar" or "uc_" or "set" or "TextDecoder.decode" or "Promise.resolve" or "os.fsdecode":
                return first is { Text: not null } or { Items: not null } or { Name: not null } ? name is "list" or "Array.from" && first.Text is not null && !first.Pattern ? Split(first, null) : first : null;
            case "bytes.fromhex" or "bytearray.fromhex" or "binascii.unhexlify" or "binascii.a2b_hex" or "hex2bin" or "base64.b16decode":
                return first is null ? null : Decode(first, "hex");
            case "base64.b64decode" or "base64.urlsafe_b64decode" or "base64.standard_b64decode" or "base64.decodebytes" or "base64.decodestring" or "binascii.a2b_base64" or "atob" or "base64_decode" or "Base64.decode64" or "Base64.strict_decode64" or "Base64.urlsafe_decode64" or "decode_base64" or "MIME.Base64.decode_base64" or "MIME.Base64.decode" or "base64.decode":
                return first is null ? null : Decode(first, "base64");
            case "base64.b32decode":
                return first is null ? null : Decode(first, "base32");
            case "str_rot13":
                return first is null ? null : Decode(first, "rot13");
            case "urllib.parse.unquote" or "decodeURIComponent" or "decodeURI" or "unescape" or "urldecode" or "rawurldecode" or "URI.decode_www_form_component" or "CGI.unescape" or "urllib.unquote" or "uri_unescape":
                return first is null ? null : Decode(first, "percent");
            case "codecs.decode" or "Buffer.from" or "bytes.decode" or "codecs.encode":
                return first is null ? null : second?.Text is { } codec ? Decode(first, Encoding.ASCII.GetString(codec)) ?? CodeValue.Unknown(Taint.Decoded) : first;
            case "strrev" or "reversed" or "reverse":
                if (first?.Items is not null && arguments.Items!.Count == 1)
                    return OfList("reverse", first, null);
                return first?.Text is null ? null : OfText("reverse", first, null, null, arguments);
            case "implode" or "join" when second is not null && first?.Text is not null:
                return second.Items is not null ? Join(first.Text, second.Items) : Join(first.Text, arguments.Items!.GetRange(1, arguments.Items.Count - 1));
            case "pack" when first?.Text is [(byte)'H', ..] && second is not null:
                return Decode(second, "hex");
            case "pack" when first?.Text is [(byte)'c' or (byte)'C' or (byte)'U' or (byte)'W', ..]:
                return Characters(second?.Items ?? arguments.Items!.GetRange(1, arguments.Items.Count - 1));
            case "lc" or "strtolower" or "uc" or "strtoupper" when first?.Text is not null:
                return OfText(name is "lc" or "strtolower" ? "lower" : "upper", first, null, null, arguments);
            case "str_replace" when first?.Text is { Length: > 0 } old && second?.Text is { } now && arguments.At(2) is { Text: not null } subject:
                return Replaced(subject, old, now);
            case "str_repeat" when first?.Text is not null && second?.Number is { } times:
                return Repeat(first, times);
            case "sprintf" or "format" or "Kernel.format" or "util.format" when first?.Text is not null:
                return Percent(first, arguments.Items!.GetRange(1, arguments.Items.Count - 1));
            case "shlex.split" or "Shellwords.split" or "shlex.quote" or "Shellwords.escape" or "escapeshellarg" or "shell_quote":
                return last is "split" ? first is null ? null : Split(first, null, words: true) : first;
            case "array" or "Array.of" or "tuple":
                return arguments;
            case "itertools.chain" or "sum" or "array_merge":
                return null;
            case "zlib.decompress" or "gzip.decompress" or "bz2.decompress" or "lzma.decompress" or "gzinflate" or "gzuncompress" or "gzdecode" or "zlib.inflateSync" or "zlib.gunzipSync" or "zlib.brotliDecompressSync" or "zlib.inflateRawSync" or "marshal.loads" or "uudecode" or "convert_uudecode" or "base64.b85decode" or "base64.a85decode" or "Zlib.Inflate.inflate" or "Zlib.inflate" or "fernet.decrypt" or "openssl_decrypt" or "Compress.Zlib.uncompress":
                return CodeValue.Unknown(Taint.Decoded | (first?.Taint ?? 0));
            default:
                return null;
        }
    }

    public static CodeValue Join(ReadOnlySpan<byte> separator, List<CodeValue> items)
    {
        ByteBuilder all = new();
        Taint taint = Taint.None;
        for (int i = 0; i < items.Count && all.Length < Longest; i++)
        {
            if (i > 0)
                _ = all.Add(separator);
            _ = all.Add(items[i].Bytes);
            taint |= items[i].Taint;
        }

        return CodeValue.Of(all.ToArray(), taint);
    }

    private static CodeValue Characters(List<CodeValue> numbers)
    {
        ByteBuilder all = new();
        Span<byte> bytes = stackalloc byte[4];
        foreach (CodeValue item in numbers)
        {
            if (item.Number is { } number && number is > 0 and <= int.MaxValue && Rune.IsValid((int)number))
                _ = all.Add(bytes[..new Rune((int)number).EncodeToUtf8(bytes)]);
            else if (item.Number is null)
                return CodeValue.Unknown(item.Taint | Taint.Decoded);
        }

        return CodeValue.Of(all.ToArray());
    }

    /// <summary>Decodes by the name of a codec; null where the name is none that hides anything.</summary>
    public static CodeValue? Decode(CodeValue value, string codec)
    {
        string name = codec.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        if (name is not ("hex" or "hexcodec" or "base64" or "base64url" or "base64codec" or "rot13" or "rot_13" or "percent" or "base32" or "zlib" or "zip" or "bz2" or "uu" or "unicodeescape" or "punycode"))
            return null;
        if (!value.IsKnown || value.Text is not { } text)
            return CodeValue.Unknown(value.Taint | Taint.Decoded);
        byte[]? decoded = name switch
        {
            "hex" or "hexcodec" => Hex(text),
            "base64" or "base64url" or "base64codec" => Bits(text, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8),
            "base32" => Bits(text, 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"u8),
            "rot13" => Array.ConvertAll(text, c => char.IsAsciiLetter((char)c) ? (byte)((((c | 32) - 'a' + 13) % 26) + (c & ~32 & 0xFF) - ((c | 32) - 'a') + (c & 32)) : c),
            "percent" => Percented(text),
            _ => null,
        };
        return decoded is null || decoded.AsSpan().IndexOf((byte)0) >= 0 ? CodeValue.Unknown(value.Taint | Taint.Decoded) : CodeValue.Of(decoded, value.Taint);
    }

    private static byte[]? Hex(byte[] text)
    {
        ByteBuilder all = new();
        int half = -1;
        foreach (byte c in text)
        {
            if (c is (byte)' ' or (byte)'\n')
                continue;
            if (!char.IsAsciiHexDigit((char)c))
                return null;
            if (half < 0)
                half = CodeEscape.Digit(c);
            else
            {
                _ = all.Add((byte)((half * 16) + CodeEscape.Digit(c)));
                half = -1;
            }
        }

        return all.ToArray();
    }

    private static byte[]? Bits(byte[] text, int width, ReadOnlySpan<byte> alphabet)
    {
        ByteBuilder all = new();
        int bits = 0, count = 0;
        foreach (byte c in text)
        {
            if (c is (byte)'=' or (byte)'\n' or (byte)' ' or (byte)'\r')
                continue;
            int value = alphabet.IndexOf(c == '-' ? (byte)'+' : c == '_' ? (byte)'/' : c);
            if (value < 0)
                return null;
            bits = (bits << width) | value;
            count += width;
            if (count >= 8)
            {
                count -= 8;
                _ = all.Add((byte)(bits >> count));
                bits &= (1 << count) - 1;
            }
        }

        return all.ToArray();
    }

    private static byte[] Percented(byte[] text)
    {
        ByteBuilder all = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                _ = all.Add((byte)((CodeEscape.Digit(text[i + 1]) * 16) + CodeEscape.Digit(text[i + 2])));
                i += 2;
            }
            else
            {
                _ = all.Add(text[i]);
            }
        }

        return all.ToArray();
    }

    private static CodeValue Mapped(CodeValue value, Func<byte, byte> map, ReadOnlySpan<byte> without = default)
    {
        ByteBuilder all = new(value.Text!.Length);
        foreach (byte c in value.Text)
        {
            if (without.IndexOf(c) < 0)
                _ = all.Add(map(c));
        }

        return CodeValue.Of(all.ToArray(), value.Taint);
    }

    private static CodeValue Replaced(CodeValue value, ReadOnlySpan<byte> old, ReadOnlySpan<byte> now)
    {
        ByteBuilder all = new();
        ReadOnlySpan<byte> rest = value.Text;
        while (rest.Length > 0 && all.Length < Longest)
        {
            int at = rest.IndexOf(old);
            _ = all.Add(at < 0 ? rest : rest[..at]);
            if (at < 0)
                break;
            _ = all.Add(now);
            rest = rest[(at + old.Length)..];
        }

        return CodeValue.Of(all.ToArray(), value.Taint);
    }

    public static CodeValue Repeat(CodeValue value, long count)
    {
        if (value.Items is { } items)
        {
            List<CodeValue> all = [];
            for (long i = 0; i < count && all.Count < 4096; i++)
                all.AddRange(items);
            return CodeValue.List(all);
        }

        ByteBuilder text = new();
        for (long i = 0; i < count && text.Length < Longest; i++)
            _ = text.Add(value.Bytes);
        return CodeValue.Of(text.ToArray(), value.Taint);
    }

    public static CodeValue Split(CodeValue value, CodeValue? separator, bool words = false)
    {
        List<CodeValue> items = [];
        ReadOnlySpan<byte> text = value.Text;
        if (value.Text is null || (separator is not null && separator.Text is null))
            return CodeValue.Unknown(value.Taint);
        ReadOnlySpan<byte> by = separator?.Text;
        if (separator is not null && by.Length == 0)
        {
            foreach (byte c in text)
                items.Add(CodeValue.Of([c], value.Taint));
            return CodeValue.List(items);
        }

        while (text.Length > 0 && items.Count < 4096)
        {
            int at = separator is null ? text.IndexOfAny(" \n\t"u8) : text.IndexOf(by);
            ReadOnlySpan<byte> word = at < 0 ? text : text[..at];
            if (word.Length > 0 || separator is not null)
                items.Add(CodeValue.Of(words ? word.Trim("'\""u8).ToArray() : word.ToArray(), value.Taint));
            text = at < 0 ? default : text[(at + (separator is null ? 1 : by.Length))..];
        }

        return CodeValue.List(items);
    }

    /// <summary>A part by index, from the end where it is negative.</summary>
    public static CodeValue Slice(CodeValue value, long from, long? to)
    {
        int length = value.Text?.Length ?? value.Items?.Count ?? 0;
        int start = (int)Math.Clamp(from < 0 ? length + from : from, 0, length), stop = (int)Math.Clamp(to is not { } end ? length : end < 0 ? length + end : end, 0, length);
        stop = Math.Max(start, stop);
        if (value.Text is { } text)
            return value.IsKnown ? CodeValue.Of(text[start..stop], value.Taint) : CodeValue.Of([Value.Hole], value.Taint);
        return value.Items is { } items ? CodeValue.List(items.GetRange(start, stop - start)) : CodeValue.Unknown(value.Taint);
    }

    // {} {0} {name} of str.format.
    private static CodeValue Format(byte[] text, CodeValue arguments, Taint taint)
    {
        ByteBuilder all = new();
        int next = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int close = text[i] == '{' ? text.AsSpan(i).IndexOf((byte)'}') : -1;
            if (close <= 0)
            {
                _ = all.Add(text[i]);
                continue;
            }

            string name = Encoding.ASCII.GetString(text, i + 1, close - 1);
            CodeValue? value = name.Length == 0 ? arguments.At(next++) : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? arguments.At(index) : arguments.Keyed(name);
            _ = all.Add(value?.Bytes ?? [Value.Hole]);
            taint |= value?.Taint ?? 0;
            i += close;
        }

        return CodeValue.Of(all.ToArray(), taint);
    }

    /// <summary>%s and %d, in order.</summary>
    public static CodeValue Percent(CodeValue format, List<CodeValue> values)
    {
        ByteBuilder all = new();
        Taint taint = format.Taint;
        int next = 0;
        byte[] text = format.Text!;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%' || i + 1 >= text.Length)
            {
                _ = all.Add(text[i]);
                continue;
            }

            int at = i + 1;
            while (at < text.Length && !char.IsAsciiLetter((char)text[at]) && text[at] != '%')
                at++;
            i = at;
            if (at < text.Length && text[at] == '%')
            {
                _ = all.Add((byte)'%');
                continue;
            }

            CodeValue? value = next < values.Count ? values[next++] : null;
            if (at < text.Length && text[at] == 'c' && value?.Number is not null)
                value = Characters([value]);
            _ = all.Add(value?.Bytes ?? [Value.Hole]);
            taint |= value?.Taint ?? 0;
        }

        return CodeValue.Of(all.ToArray(), taint);
    }
}
