using System;
using System.Collections.Generic;
using System.Text;
using Gate.Expansion;

namespace Gate.Effects;

// Reading guide: what a name stands for (Resolve, Constant, Variable), its members and indexes, and what a call of it gives back.
// Nothing here has an effect but Call, which hands it on to Perform once.
// Aliases are values with a Name; a call's result is named after what was called.
internal sealed partial class CallScan
{
    private CodeValue Resolve(string name)
    {
        if (_names.TryGetValue(name, out CodeValue? value))
            return value;
        if (_language == Language.Perl && name.Length > 1 && name[0] is '$' && (_names.TryGetValue("@" + name[1..], out value) || _names.TryGetValue("%" + name[1..], out value)) && value.Items is not null)
            return value;
        return Constant(name) ?? new CodeValue { Name = name };
    }

    // Names with a value of their own; whole environments hold secrets.
    private static CodeValue? Constant(string name) => name switch
    {
        "ENV" or "$ENV" or "%ENV" or "@ENV" or "$_ENV" or "$_SERVER" or "os.environ" or "os.environb" or "process.env" or "Bun.env" or "import.meta.env" or "Deno.env" => new CodeValue { Name = name, Taint = Taint.Secret },
        "os.sep" or "path.sep" or "File.SEPARATOR" or "DIRECTORY_SEPARATOR" or "os.path.sep" => CodeValue.Of("/"),
        "os.curdir" or "__dirname" or "__DIR__" or "import.meta.dirname" or "import.meta.dir" => CodeValue.Of("."),
        "os.pardir" => CodeValue.Of(".."),
        "sys.executable" => CodeValue.Of("python3"),
        "process.execPath" or "process.argv0" => CodeValue.Of("node"),
        _ => null,
    };

    private static bool IsEnvironment(string? name) => name is "ENV" or "$ENV" or "$_ENV" or "$_SERVER" or "os.environ" or "os.environb" or "process.env" or "Bun.env" or "import.meta.env";

    private static CodeValue Variable(string? key)
    {
        switch (key)
        {
            case null:
                return CodeValue.Unknown();
            case "HOME" or "USERPROFILE" or "HOMEPATH":
                return CodeValue.Of("~");
            case "PWD" or "GITHUB_WORKSPACE" or "INIT_CWD":
                return CodeValue.Of(".");
            case "SHELL":
                return CodeValue.Of("/bin/sh");
        }

        string upper = key.ToUpperInvariant();
        bool secret = upper.Contains("TOKEN", StringComparison.Ordinal) || upper.Contains("SECRET", StringComparison.Ordinal) || upper.Contains("PASSW", StringComparison.Ordinal) || upper.Contains("APIKEY", StringComparison.Ordinal)
            || upper.Contains("CREDENTIAL", StringComparison.Ordinal) || upper.Contains("PRIVATE", StringComparison.Ordinal) || upper.EndsWith("_KEY", StringComparison.Ordinal) || upper.EndsWith("_PWD", StringComparison.Ordinal);
        return CodeValue.Unknown(secret ? Taint.Secret : Taint.None);
    }

    // The global object in its many names says nothing.
    private static string Rooted(string name)
    {
        for (int n = 0; n < 4; n++)
        {
            int dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || name.AsSpan(0, dot) is not ("globalThis" or "global" or "window" or "self" or "builtins" or "__builtins__" or "__builtin__" or "Kernel" or "CORE" or "GLOBAL" or "main" or "_G"))
                break;
            name = name[(dot + 1)..];
        }

        return name;
    }

    private CodeValue Member(CodeValue value, string part)
    {
        if (IsEnvironment(value.Name) && !value.Called && _language == Language.Node)
            return Variable(part);
        if (value.Keyed(part) is { } item)
            return item;
        if (part is "__dict__" or "default" or "prototype" && value.Name is not null)
            return value;
        string name = Rooted((value.Name ?? (value.Text is not null || value.Items is not null ? "\"" : "?")) + "." + part);
        if (value.Text is not null && part is "parent" or "dirname")
            return CodeFunctions.Joined(CodeValue.List([value, CodeValue.Of("..")]));
        if (value.Called && part is "text" or "content" or "body" or "data" or "stdout" or "read")
            return new CodeValue { Name = name, Receiver = value, Taint = value.Taint };
        return Constant(name) ?? new CodeValue { Name = name, Receiver = value, Taint = value.Taint };
    }

    private CodeValue Index(CodeValue value, ref int i)
    {
        int open = i, colon = -1;
        for (int at = i + 1, depth = 0; at < _tokens.Count && at < i + 24 && depth >= 0; at++)
        {
            depth += Is(at, "["u8) || Is(at, "("u8) ? 1 : IsCloser(at) ? -1 : 0;
            if (depth == 0 && (Is(at, ":"u8) || Is(at, "::"u8)) && colon < 0)
                colon = at;
        }

        bool word = _tokens[i + 1].Kind == CodeTokenKind.Name && Is(i, "{"u8) && Is(i + 2, "}"u8);
        string? bare = word ? NameAt(i + 1) : null;
        CodeValue key = Arguments(ref i);
        if (colon >= 0)
            return Sliced(value, open, colon);
        CodeValue? first = key.At(0);
        string? text = bare ?? (first?.IsKnown == true ? Encoding.UTF8.GetString(first.Text!) : null);
        if (IsEnvironment(value.Name))
            return Variable(text);
        if (first?.Number is { } number && !word)
        {
            if (value.IsKnown && value.Text is { } letters)
                return number >= -letters.Length && number < letters.Length ? CodeFunctions.Slice(value, number, number == -1 ? null : number + 1) : CodeValue.Unknown();
            if (value.Items is { } items)
                return (number < 0 ? number + items.Count : number) is >= 0 and { } at && at < items.Count ? items[(int)at] : CodeValue.Unknown(value.Taint);
            return new CodeValue { Name = value.Name is null ? null : value.Name + ".", Called = true, Taint = value.Taint };
        }

        if (text is null)
            return new CodeValue { Name = "?", Called = value.Name is null, Receiver = value, Taint = value.Taint };
        if (value.Keyed(text) is { } item)
            return item;
        if (value.Name is "globals" or "locals" or "vars" or "$GLOBALS" or "sys.modules" or "window" or "global" or "globalThis" or "_G" or "__builtins__")
            return value.Receiver is { Name: { } module } && value.Name == "vars" ? Member(new CodeValue { Name = module }, text) : Resolve(text);
        if (value.Name == "Dir" && _language == Language.Ruby)
            return new CodeValue { Text = first!.Text, Pattern = true };
        return value.Name is null && value.Text is null && value.Items is null ? CodeValue.Unknown(value.Taint) : Member(value, text);
    }

    // [::-1], [1:], [:4], [::2]
    private CodeValue Sliced(CodeValue value, int open, int colon)
    {
        long?[] numbers = [null, null, null];
        int part = 0;
        for (int at = open + 1; at < _tokens.Count && !IsCloser(at) && part < 3; at++)
        {
            if (Is(at, ":"u8))
                part++;
            else if (Is(at, "::"u8))
                part += 2;
            else if (_tokens[at].Kind == CodeTokenKind.Number)
                numbers[Math.Min(part, 2)] = (Is(at - 1, "-"u8) ? -1 : 1) * NumberOf(_tokens[at].Value);
            else if (!Is(at, "-"u8))
                return CodeValue.Unknown(value.Taint);
        }

        if (value.Text is null && value.Items is null)
            return new CodeValue { Name = value.Name, Called = true, Taint = value.Taint };
        if (numbers[2] is { } step && step != 1)
        {
            List<CodeValue> items = value.Items ?? (value.IsKnown ? CodeFunctions.Split(value, CodeValue.Of([])).Items! : []), picked = [];
            if (step == 0 || (items.Count == 0 && value.Text is not { Length: 0 }))
                return CodeValue.Unknown(value.Taint);
            long from = numbers[0] ?? (step < 0 ? items.Count - 1 : 0);
            from = from < 0 ? from + items.Count : from;
            long stop = numbers[1] is { } end ? end < 0 ? end + items.Count : end : step < 0 ? -1 : items.Count;
            for (long at = from; at >= 0 && at < items.Count && (step < 0 ? at > stop : at < stop); at += step)
                picked.Add(items[(int)at]);
            return value.Text is null ? CodeValue.List(picked) : CodeFunctions.Join([], picked);
        }

        return CodeFunctions.Slice(value, numbers[0] ?? 0, numbers[1]);
    }

    private CodeValue Call(CodeValue callee, CodeValue arguments, bool effects, bool bare = false)
    {
        string name = callee.Name ?? (callee.Text is not null && _language == Language.Php && callee.IsKnown ? Encoding.UTF8.GetString(callee.Text) : callee.Parameters is not null ? "=>" : "?");
        CodeValue? first = arguments.At(0);
        if (callee.Parameters is { } own)
        {
            // A parameter hides what had its name before, as long as the body is worked out.
            List<(string, CodeValue)> hidden = [];
            foreach (string parameter in own)
            {
                if (_names.TryGetValue(parameter, out CodeValue? before))
                    hidden.Add((parameter, before));
            }

            Give(own, arguments);
            int at = callee.Body;
            CodeValue result = at < _tokens.Count ? Expression(ref at) : CodeValue.Unknown(arguments.Taint);
            foreach (string parameter in own)
            {
                // A number was only passed through; a text stays for the walk over the body.
                if (_names.TryGetValue(parameter, out CodeValue? passed) && passed.Number is not null)
                    _ = _names.Remove(parameter);
            }

            foreach ((string parameter, CodeValue before) in hidden)
            {
                if (before.Number is null)
                    _names[parameter] = before;
            }

            return result;
        }

        if (_functions.TryGetValue(name, out List<string>? parameters))
            Give(parameters, arguments);
        if (callee.Name is not null && callee.Called && callee.Receiver is null && name.EndsWith('.'))
            name = "?";
        if (effects)
            Perform(name, callee.Receiver, arguments, bare);
        switch (name)
        {
            case "getattr" or "operator.attrgetter" or "Reflect.get" when first?.Name is not null && arguments.At(1) is { } attribute:
                return attribute.IsKnown ? Member(first, Encoding.UTF8.GetString(attribute.Text!)) : new CodeValue { Name = first.Name + ".?", Receiver = first };
            case "require" or "__import__" or "importlib.import_module" or "import" or "importlib.__import__" or "process.mainModule.require" or "module.require" or "createRequire" or "process.getBuiltinModule" or "require.main.require" or "module.constructor._load" or "process.binding" when first?.IsKnown == true:
                return new CodeValue { Name = Module(Encoding.UTF8.GetString(first.Text!)) };
            case "createRequire" or "module.createRequire" or "Module.createRequire":
                return new CodeValue { Name = "require" };
            case "globals" or "locals" or "vars":
                return new CodeValue { Name = name, Receiver = first };
            case "os.environ.get" or "os.getenv" or "ENV.fetch" or "getenv" or "Deno.env.get" or "os.environ.setdefault" or "os.environ.pop" or "System.getenv" or "Sys.getenv" or "ENV.key" or "os.getenvb" when first is not null:
                return Variable(first.IsKnown ? Encoding.UTF8.GetString(first.Text!) : null);
            case "getenv" or "Deno.env.toObject" or "System.getenv" or "ENV.to_h" or "ENV.to_hash" or "ENV.inspect":
                return CodeValue.Unknown(Taint.Secret);
            case "range" when first?.Number is not null:
                return CodeValue.Unknown();
            case "map" or "array_map" when _language is Language.Python or Language.Php && first is not null && arguments.At(1)?.Items is { } items:
                return Mapped(first, items);
            case "method" or "instance_method" or "Kernel.method" or "Object.method" when first?.IsKnown == true && _language == Language.Ruby:
                return new CodeValue { Name = Encoding.UTF8.GetString(first.Text!) };
            case "len" or "bool" or "type" or "hash" or "id" or "isinstance" or "hasattr" or "Object.keys" or "count" or "strlen" or "defined" or "os.environ.keys" or "Object.keys.length":
                return CodeValue.Unknown();
        }

        if (name.EndsWith(".map", StringComparison.Ordinal) && first is not null && callee.Receiver?.Items is { } list)
            return Mapped(first, list);
        if (name.EndsWith(".bind", StringComparison.Ordinal) && callee.Receiver?.Name is { } bound)
            return new CodeValue { Name = bound };
        if (name is "functools.partial" or "partial" && first?.Name is not null)
            return new CodeValue { Name = first.Name, Receiver = first.Receiver };
        if (bare && _language is not (Language.Ruby or Language.Lua or Language.Perl))
            return callee;
        if (CodeFunctions.Call(name, callee.Receiver, arguments) is { } known)
            return known;
        if (bare)
            return callee;
        Taint taint = (callee.Receiver?.Taint ?? 0) | arguments.Taint | Source(name, arguments);
        bool opened = first?.Text is not null && Named(name, out Entry entry) && entry.Action == CallAction.Open;
        return new CodeValue { Name = name, Called = true, Receiver = opened ? first : callee.Receiver, Taint = taint };
    }

    private void Give(List<string> parameters, CodeValue arguments)
    {
        for (int n = 0; n < parameters.Count; n++)
        {
            if ((arguments.At(n) ?? arguments.Keyed(parameters[n])) is { } value && (value.Text is not null || value.Items is not null || value.Name is not null || value.Number is not null))
                _names[parameters[n]] = value;
        }
    }

    private CodeValue Mapped(CodeValue function, List<CodeValue> items)
    {
        List<CodeValue> results = [];
        foreach (CodeValue item in items)
        {
            results.Add(Call(function, CodeValue.List([item]), effects: false));
            if (_budget <= 0)
                break;
        }

        return CodeValue.List(results);
    }
}
