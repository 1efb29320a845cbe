using System;
using System.Collections.Generic;
using System.Text;
using Gate.Bundles;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

/// <summary>What a call in a scanned language does. Numbers are the bundle's wire format: append, never reorder.</summary>
public enum CallAction : byte
{
    Effect, RunShell, RunCommand, Open, Opaque, RunCode, RunArguments, Copy, Move, Socket, Shell, Fork, Sql, Print, Apply, Partial, Content, Plain,
}

// Reading guide: code in a language that is not shell is not parsed; it is read as tokens (CodeTokens), every place where a chain of names and calls begins
// is worked out as far as it is constant (CallScanFold, CodeFunctions), and calls that rules/code names have effects (CallScanEffects).
//   CallScan.cs        entry, the walk over the tokens, what a name stands for     CallScanFold.cs     expressions
//   CallScanNames.cs   members, indexes, results      CallScanRuns.cs    programs and code that are run
//   CallScanEffects.cs what calls do                                               CodeTokens.cs, CodeValue.cs, CodeFunctions.cs, CodeEscape.cs

/// <summary>
/// Programs in Python, JavaScript, Perl, Ruby, PHP and others, scanned for calls that delete, write, spawn or send. A first walk learns what names stand for, a
/// second one notes effects. Work is bounded: past the limit an opaque effect says that not all was looked at.
/// Section Code: u8 language, u32 size of the entries, u32 size of the <see cref="KeyTable"/> that finds them by name, then both; an entry is u8 length,
/// name, u8 on (0 name, 1 method, 2 method whose first argument counts), u8 action, u8 verb, u8 kind, u64 attributes.
/// </summary>
internal sealed partial class CallScan
{
    /// <summary>Bytes of an entry behind its name.</summary>
    internal const int EntrySize = 12;

    private readonly byte[] _text;
    private readonly Language _language;
    private readonly Bundle _bundle;
    private readonly int _entries;
    private readonly KeyTable _calls;
    private readonly Runner _runner;
    private readonly Frame _frame;
    private readonly Span _span;
    private readonly byte[] _program;
    private readonly ShellState _state;
    private readonly Dictionary<string, CodeValue> _names = [];
    private readonly Dictionary<string, List<string>> _functions = [];
    private readonly List<string> _starred = [];
    private readonly HashSet<int> _done = [];
    private readonly List<byte[]> _ran = [];
    private CodeTokenList _tokens = new([]);
    private int _inside, _depth;
    private int _budget;
    private bool _effects, _plain;
    // Of the pieces of the text that are not known.
    private Taint _taint;

    private CallScan(Language language, byte[] text, Bundle bundle, (int Entries, int Calls) table, Runner runner, Frame frame, Span span, byte[] program, ShellState state)
    {
        (_language, _text, _bundle, _entries, _runner, _frame, _span, _program, _state) = (language, text, bundle, table.Entries, runner, frame, span, program, state);
        _calls = new KeyTable(bundle, table.Calls);
    }

    public static void Find(Language language, Flow code, Runner runner, Frame frame, Span span, byte[] program, ShellState state, Knowledge knowledge)
    {
        byte[] text = code.Text!;
        if (TableOf(knowledge.Bundle, language) is not { } table)
        {
            runner.NoteOpaque("code in this language is not looked into", frame, span, program);
            return;
        }

        CallScan scan = new(language, text, knowledge.Bundle, table, runner, frame, span, program, state) { _taint = code.Taint };
        scan.Scan();
        if (language == Language.Other && !scan._plain && !runner.LooksForGraveHarm)
            runner.RunQuoted(text, state, frame, span, program, scan._ran);
    }

    private static (int Entries, int Calls)? TableOf(Bundle bundle, Language language)
    {
        (int at, int length) = bundle.Find(Section.Code);
        int end = at + length;
        while (at < end)
        {
            int size = (int)bundle.Word(at + 1);
            if (bundle.Byte(at) == (byte)language)
                return (at + 9, at + 9 + size);
            at += 9 + size + (int)bundle.Word(at + 5);
        }

        return null;
    }

    internal static uint KeyOf(ReadOnlySpan<byte> name, bool method) => KeyTable.Key((byte)(method ? 'm' : 'n'), name);

    private void Scan()
    {
        int before = _runner.EffectCount;
        _tokens = new CodeTokenList(CodeTokens.Read(_language, _text, 0, _text.Length));
        _plain = IsPlain();
        if (HasLooseHole())
            _runner.NoteOpaque("part of the code is not known", _frame, _span, _program);
        int budget = 400_000 + (20 * _tokens.Count);
        _budget = budget / 2;
        Walk();
        _budget = Math.Max(0, _budget) + (budget / 2);
        _effects = true;
        _done.Clear();
        Walk();
        if (_tokens.Count >= CodeTokens.Maximum)
            _runner.Stop(_frame.SpanOf(_span), "the code is longer than can be looked at");
        else if (_budget <= 0)
            _runner.NoteOpaque("the code is too long to be looked at as a whole", _frame, _span, _program);
        Conclude();
        if (!_plain && Named("*", out _))
            _runner.NoteOpaque("code in this language is not looked into as a whole", _frame, _span, _program);
        if (_runner.EffectCount == before)
            _runner.NoteScanned(new Effect { Verb = Verb.Run, Kind = Kind.Code, Attributes = Attributes.Known, Program = _program }, _frame, _span);
    }

    // A piece that is not known is a value inside a quoted text; anywhere else it could be any code.
    private bool HasLooseHole()
    {
        int hole = _text.AsSpan().IndexOf(Value.Hole);
        for (int i = 0; hole >= 0 && i < _tokens.Count; i++)
        {
            CodeToken token = _tokens[i];
            if (token.Kind != CodeTokenKind.Text || token.Start > hole || token.End <= hole)
                continue;
            foreach (CodePiece piece in token.Pieces ?? [])
            {
                if (_text.AsSpan(piece.Start, Math.Max(0, Math.Min(piece.End, _text.Length) - piece.Start)).IndexOf(Value.Hole) >= 0)
                    return true;
            }

            int next = token.End < _text.Length ? _text.AsSpan(token.End).IndexOf(Value.Hole) : -1;
            hole = next < 0 ? -1 : token.End + next;
        }

        return hole >= 0;
    }

    // What is interpolated into a text is code of its own.
    private void Part(int start, int end)
    {
        if (_depth > 6 || start >= end)
            return;
        CodeTokenList outer = _tokens;
        (_tokens, _depth) = (new CodeTokenList(CodeTokens.Read(_language, _text, start, end)), _depth + 1);
        Walk();
        (_tokens, _depth) = (outer, _depth - 1);
    }

    private void Walk()
    {
        for (int i = 0; i < _tokens.Count - 1 && _budget > 0; i++)
        {
            CodeToken token = _tokens[i];
            _budget--;
            foreach (CodePiece piece in token.Pieces ?? [])
                Part(piece.Start, piece.End);
            switch (token.Kind)
            {
                case CodeTokenKind.Command:
                    if (_effects)
                        RunText(TextOf(token));
                    break;
                case CodeTokenKind.Name when !IsMember(i):
                    i = Statement(i, token);
                    break;
                case CodeTokenKind.Name:
                    Loose(i);
                    break;
                case CodeTokenKind.Text when !(i > 0 && _tokens[i - 1].Kind == CodeTokenKind.Name && _language == Language.Node):
                    Start(i);
                    break;
                case CodeTokenKind.Mark when token.Value[0] is (byte)'(' or (byte)'[' && !IsOperandEnd(i - 1):
                    if (token.Value[0] == '[' || _language is Language.Perl or Language.Python or Language.Ruby)
                        Targets(i);
                    Start(i);
                    break;
                case CodeTokenKind.Mark when token.Value[0] == '{' && _language == Language.Node:
                    Targets(i);
                    break;
            }
        }
    }

    private void Start(int i)
    {
        int at = i;
        _ = Chain(ref at, _effects);
    }

    // A method on something that could not be worked out.
    private void Loose(int i)
    {
        if (_effects && Is(i + 1, "("u8) && !_done.Contains(_tokens[i + 1].Start))
        {
            int at = i + 1;
            CodeValue arguments = Arguments(ref at);
            _ = _done.Add(_tokens[i + 1].Start);
            Perform("?." + NameAt(i), null, arguments);
        }
    }

    private bool IsMember(int i) => i > 0 && _tokens[i - 1].Kind == CodeTokenKind.Mark && IsDot(_tokens[i - 1].Value);

    private bool IsDot(byte[] mark) => mark.AsSpan().SequenceEqual("->"u8) || mark.AsSpan().SequenceEqual("::"u8) || mark.AsSpan().SequenceEqual("?."u8) || (mark is [(byte)'.'] && _language is not (Language.Perl or Language.Php)) || (mark is [(byte)':'] && _language == Language.Lua);

    private bool Is(int i, ReadOnlySpan<byte> mark) => i >= 0 && i < _tokens.Count && _tokens[i].Kind == CodeTokenKind.Mark && _tokens[i].Value.AsSpan().SequenceEqual(mark);

    private bool IsWord(int i, ReadOnlySpan<byte> word) => i >= 0 && i < _tokens.Count && _tokens[i].Kind == CodeTokenKind.Name && _tokens[i].Value.AsSpan().SequenceEqual(word);

    private bool IsOperandEnd(int i) => i >= 0 && (_tokens[i].Kind is CodeTokenKind.Text || (_tokens[i].Kind == CodeTokenKind.Name && !IsKeyword(i)) || Is(i, ")"u8) || Is(i, "]"u8) || (Is(i, "}"u8) && _language != Language.Node));

    private string NameAt(int i) => Encoding.UTF8.GetString(_tokens[i].Value);

    private bool IsKeyword(int i) => IsKeyword(_tokens[i].Value);

    private bool IsKeyword(ReadOnlySpan<byte> word)
    {
        // Perl's operators are words that others use as names.
        if (_language != Language.Perl && word.Length <= 3 && (word.SequenceEqual("x"u8) || word.SequenceEqual("eq"u8) || word.SequenceEqual("ne"u8) || word.SequenceEqual("lt"u8) || word.SequenceEqual("gt"u8) || word.SequenceEqual("cmp"u8) || word.SequenceEqual("my"u8) || word.SequenceEqual("our"u8) || (word.SequenceEqual("end"u8) && _language is Language.Python or Language.Node)))
            return false;
        ReadOnlySpan<byte> all = " if unless and or not do while until for foreach in of is as else elsif elif then return print_ new await yield my our local let const var async x eq ne lt gt cmp end case when def class begin rescue ensure raise_ import from use echo_ "u8;
        int at = word.Length is 0 or > 8 ? -1 : all.IndexOf((byte[])[(byte)' ', .. word, (byte)' ']);
        return at >= 0;
    }

    // A name that begins something: an import, a loop's variable, a definition, an assignment, or a chain of calls. Returns the last token that needs no other look.
    private int Statement(int i, CodeToken token)
    {
        ReadOnlySpan<byte> word = token.Value;
        if (word.SequenceEqual("import"u8) || word.SequenceEqual("from"u8) || word.SequenceEqual("use"u8))
        {
            if (_language is Language.Python or Language.Perl)
                return Imports(i);
            if (_language == Language.Node && !Is(i + 1, "("u8))
                return ModuleImports(i);
        }
        else if (word.SequenceEqual("for"u8) || word.SequenceEqual("foreach"u8))
        {
            ForEach(i);
            return i;
        }
        else if (word.SequenceEqual("with"u8) && _language == Language.Python)
        {
            int at = i + 1;
            CodeValue value = Expression(ref at);
            if (IsWord(at, "as"u8) && at + 1 < _tokens.Count)
                _names[NameAt(at + 1)] = value;
            return i;
        }
        else if (word.SequenceEqual("def"u8) || word.SequenceEqual("function"u8) || (word.SequenceEqual("sub"u8) && _language == Language.Perl))
        {
            return Definition(i);
        }
        else if (IsKeyword(word) && !Is(i + 1, "("u8))
        {
            return i;
        }

        if (_language == Language.Other && Words(i, word))
            return i;
        if (i + 2 < _tokens.Count && Is(i + 1, ","u8) && _tokens[i + 2].Kind == CodeTokenKind.Name)
            Targets(i);
        if (IsAssignment(i + 1, out bool adds) && !IsLaterTarget(i))
        {
            int at = i + 2;
            CodeValue value = Expression(ref at);
            if (Is(at, ","u8) && _language is Language.Python or Language.Ruby && value.Items is null)
                value = Sequence(ref at, value);
            Assign(NameAt(i), value, adds);
            if (_language == Language.Perl && value.Items is { Count: 1 } only && word[0] == '$')
                Assign(NameAt(i), only[0], false);
            return i + 1;
        }

        Start(i);
        return i;
    }

    // Languages whose commands are bare words: Tcl's and expect's exec and spawn, m4's esyscmd(…), CMake's execute_process(COMMAND …).
    private bool Words(int i, ReadOnlySpan<byte> word)
    {
        bool bracket = word.SequenceEqual("esyscmd"u8) || word.SequenceEqual("syscmd"u8) || word.SequenceEqual("execute_process"u8);
        if (!(bracket ? Is(i + 1, "("u8) : (word.SequenceEqual("exec"u8) || word.SequenceEqual("spawn"u8)) && _tokens[i + 1].Kind == CodeTokenKind.Name))
            return false;
        if (!_effects)
            return true;
        int start = bracket ? _tokens[i + 1].End : _tokens[i].End;
        int end = _text.AsSpan(start).IndexOfAny(bracket ? ")\n"u8 : ";\n]"u8);
        ReadOnlySpan<byte> command = (end < 0 ? _text.AsSpan(start) : _text.AsSpan(start, end)).Trim(" `'[]"u8);
        RunText(CodeValue.Of((command.StartsWith("COMMAND "u8) ? command[8..] : command).ToArray()));
        return true;
    }

    // b in a, b = …, which Targets has set already.
    private bool IsLaterTarget(int i)
    {
        int at = i;
        while (at >= 2 && Is(at - 1, ","u8) && _tokens[at - 2].Kind == CodeTokenKind.Name)
            at -= 2;
        return at < i && (at == 0 || _tokens[at - 1].Kind == CodeTokenKind.Line || Is(at - 1, ";"u8));
    }

    private bool IsAssignment(int i, out bool adds)
    {
        // Python's x: str = "a".
        adds = Is(i, "+="u8) || Is(i, ".="u8) || (Is(i, "<<"u8) && _language == Language.Ruby);
        return adds || Is(i, "="u8) || Is(i, ":="u8);
    }

    private CodeValue Sequence(ref int i, CodeValue first)
    {
        List<CodeValue> items = [first];
        while (Is(i, ","u8) && items.Count < 64)
        {
            i++;
            items.Add(Expression(ref i));
        }

        return CodeValue.List(items);
    }

    private void Assign(string name, CodeValue value, bool adds)
    {
        if (adds && _names.TryGetValue(name, out CodeValue? old))
            value = old.Items is not null && value.Items is not null ? CodeValue.List([.. old.Items, .. value.Items]) : old.Text is not null || value.Text is not null ? CodeFunctions.Join([], [old, value]) : CodeValue.Unknown(old.Taint | value.Taint);
        _names[name] = value;
    }

    // a, b = …; [a, b] = …; (a, b) = …; {a: b, c} = …: each name gets its item.
    private void Targets(int i)
    {
        List<(string Key, string Name)> targets = [];
        bool bare = _tokens[i].Kind == CodeTokenKind.Name;
        int at = bare ? i : i + 1;
        while (at < _tokens.Count && targets.Count < 32)
        {
            if (_tokens[at].Kind == CodeTokenKind.Line && !bare)
                at++;
            else if (_tokens[at].Kind == CodeTokenKind.Name && !IsKeyword(at))
            {
                bool renamed = Is(at + 1, ":"u8) && at + 2 < _tokens.Count && _tokens[at + 2].Kind == CodeTokenKind.Name;
                targets.Add((NameAt(at), NameAt(renamed ? at + 2 : at)));
                at += renamed ? 3 : 1;
            }
            else if (Is(at, ","u8))
                at++;
            else
                break;
        }

        if (!bare)
        {
            if (!(Is(at, "]"u8) || Is(at, ")"u8) || Is(at, "}"u8)))
                return;
            at++;
        }

        if (targets.Count == 0 || !Is(at, "="u8))
            return;
        at++;
        CodeValue value = Expression(ref at);
        if (Is(at, ","u8) && value.Items is null)
            value = Sequence(ref at, value);
        for (int t = 0; t < targets.Count; t++)
        {
            CodeValue? item = value.Keys is not null || Is(i, "{"u8) ? value.Keyed(targets[t].Key) : value.At(t);
            if (item is null && value.Name is not null && Is(i, "{"u8))
                item = Member(value, targets[t].Key);
            _names[targets[t].Name] = item ?? CodeValue.Unknown(value.Taint);
        }
    }

    // for x in y · for (const x of y) · foreach my $x (y) · foreach (y as $x)
    private void ForEach(int i)
    {
        int at = i + 1;
        List<string> names = [];
        if (_language == Language.Php && Is(at, "("u8))
        {
            at++;
            CodeValue source = Expression(ref at);
            if (!IsWord(at, "as"u8))
                return;
            bool keyed = Is(at + 2, "=>"u8) && at + 3 < _tokens.Count;
            if (keyed)
                _names[NameAt(at + 1)] = CodeValue.Unknown(source.Taint);
            if (at + 1 < _tokens.Count)
                Bind([NameAt(keyed ? at + 3 : at + 1)], source);
            return;
        }

        while (at < _tokens.Count && (Is(at, "("u8) || Is(at, ","u8) || Is(at, "["u8) || Is(at, "]"u8) || Is(at, ")"u8) || _tokens[at].Kind == CodeTokenKind.Name) && !IsWord(at, "in"u8) && !IsWord(at, "of"u8) && at < i + 12)
        {
            if (Is(at, "("u8) && names.Count > 0)
                break;
            if (_tokens[at].Kind == CodeTokenKind.Name && !IsKeyword(at))
                names.Add(NameAt(at));
            at++;
        }

        bool words = IsWord(at, "in"u8) || IsWord(at, "of"u8);
        if (names.Count == 0 || !(words || (Is(at, "("u8) && _language == Language.Perl)))
            return;
        at += words ? 1 : 0;
        CodeValue value = Expression(ref at);
        Bind(names, value);
    }

    private void Bind(List<string> names, CodeValue value)
    {
        // A comprehension's numbers hide nothing that is a text outside of it.
        if (value.Items is [{ Number: not null }, ..] && names.Exists(name => _names.TryGetValue(name, out CodeValue? known) && known.Text is not null))
            return;
        CodeValue? one = value.Pattern ? value : value.Items is { Count: > 0 } items ? Widest(items) : null;
        for (int n = 0; n < names.Count; n++)
            _names[names[n]] = one is null || (n > 0 && !value.Pattern) ? CodeValue.Unknown(value.Taint) : one.Items is { } parts && names.Count > 1 && n < parts.Count ? parts[n] : n > 0 ? CodeValue.Of([Value.Hole]) : one;
    }

    // xs.forEach(x => …), xs.map((x, i) => …), xs.each { |x| … }: the parameters stand for each item; what another method hands on is not known.
    private void Callback(CodeValue method, int open)
    {
        if (method is not { Name: { } name, Receiver: { } over } || _language is not (Language.Node or Language.Ruby))
            return;
        List<string> names = [];
        int at = open + 1 + (IsWord(open + 1, "async"u8) ? 1 : 0);
        if (IsWord(at, "function"u8))
            at += Is(at + 1, "("u8) ? 1 : 2;
        bool group = Is(at, "("u8) || (_language == Language.Ruby && Is(at, "|"u8));
        if (!group && !(at + 1 < _tokens.Count && _tokens[at].Kind == CodeTokenKind.Name && Is(at + 1, "=>"u8)))
            return;
        for (at += group ? 1 : 0; at < _tokens.Count && names.Count < 8 && (_tokens[at].Kind == CodeTokenKind.Name || (group && Is(at, ","u8))); at++)
        {
            if (_tokens[at].Kind == CodeTokenKind.Name)
                names.Add(NameAt(at));
        }

        if (group && !(Is(at, "|"u8) || (Is(at, ")"u8) && (Is(at + 1, "=>"u8) || Is(at + 1, "{"u8)))))
            return;
        bool each = name[(name.LastIndexOf('.') + 1)..] is "forEach" or "map" or "flatMap" or "filter" or "find" or "some" or "every" or "each" or "each_with_index" or "select" or "reject" or "collect" or "flat_map";
        Bind(names, each && (over.Pattern || over.Items is { Count: > 0 }) ? over : CodeValue.Unknown(over.Taint));
    }

    // The item that reaches furthest stands for all: the one that is nearest to a root.
    private static CodeValue Widest(List<CodeValue> items)
    {
        CodeValue widest = items[0];
        foreach (CodeValue item in items)
        {
            if (item.Text is [(byte)'/' or (byte)'~', ..] && (widest.Text is not [(byte)'/' or (byte)'~', ..] || item.Text.Length < widest.Text.Length))
                widest = item;
        }

        return widest;
    }

    // def f(a, b): parameters get what the calls in the same text give them.
    private int Definition(int i)
    {
        int at = i + 1;
        string? name = at < _tokens.Count && _tokens[at].Kind == CodeTokenKind.Name ? NameAt(at++) : null;
        if (!Is(at, "("u8))
            return i;
        List<string> parameters = ParametersAt(ref at);
        if (name is not null)
            _functions[name] = parameters;
        return at - 1;
    }

    private List<string> ParametersAt(ref int at)
    {
        List<string> parameters = [];
        for (at++; at < _tokens.Count && !Is(at, ")"u8) && parameters.Count < 16; at++)
        {
            if (_tokens[at].Kind == CodeTokenKind.Name && (Is(at - 1, "("u8) || Is(at - 1, ","u8)))
                parameters.Add(NameAt(at));
            if (Is(at, "="u8) && parameters.Count > 0)
            {
                int value = at + 1;
                _names[parameters[^1]] = Expression(ref value);
            }
        }

        at++;
        return parameters;
    }

    // import a.b as c, d · from a import b as c · use A::B
    private int Imports(int i)
    {
        int at = i + 1;
        bool from = IsWord(i, "from"u8);
        string module = Dotted(ref at);
        if (_effects && module.Length > 0 && Named("import " + module, out _))
            _runner.NoteOpaque($"the code uses {module}, which can do anything", _frame, _span, _program);
        if (_language == Language.Perl)
        {
            if (!_starred.Contains(module.Replace("::", ".", StringComparison.Ordinal)))
                _starred.Add(module.Replace("::", ".", StringComparison.Ordinal));
            return Math.Max(i, at - 1);
        }
        if (from)
        {
            if (!IsWord(at, "import"u8))
                return i;
            at++;
            while (at < _tokens.Count && (_tokens[at].Kind == CodeTokenKind.Name || Is(at, "("u8) || Is(at, ","u8) || Is(at, "*"u8) || Is(at, ")"u8) || (_tokens[at].Kind == CodeTokenKind.Line && !Is(at - 1, ")"u8) && (Is(at - 1, ","u8) || Is(at - 1, "("u8)))))
            {
                if (Is(at, "*"u8))
                    _starred.Add(module);
                if (_tokens[at].Kind != CodeTokenKind.Name)
                {
                    at++;
                    continue;
                }

                string name = NameAt(at++);
                string alias = Alias(ref at) ?? name;
                _names[alias] = new CodeValue { Name = module + "." + name };
                if (_effects && Named("import " + module + "." + name, out _))
                    _runner.NoteOpaque($"the code uses {module}.{name}, which can do anything", _frame, _span, _program);
            }

            return at - 1;
        }

        while (module.Length > 0)
        {
            if (Alias(ref at) is { } alias)
                _names[alias] = new CodeValue { Name = module };
            else
                _ = _names.Remove(module);
            if (!Is(at, ","u8))
                break;
            at++;
            module = Dotted(ref at);
            if (_effects && Named("import " + module, out _))
                _runner.NoteOpaque($"the code uses {module}, which can do anything", _frame, _span, _program);
        }

        return at - 1;
    }

    private string? Alias(ref int at)
    {
        if (!IsWord(at, "as"u8) || _tokens[at + 1].Kind != CodeTokenKind.Name)
            return null;
        at += 2;
        return NameAt(at - 1);
    }

    private string Dotted(ref int at)
    {
        string name = "";
        while (at < _tokens.Count && (_tokens[at].Kind == CodeTokenKind.Name || Is(at, "."u8) || Is(at, "::"u8)) && !IsWord(at, "import"u8) && !IsWord(at, "as"u8))
        {
            if (_tokens[at].Kind == CodeTokenKind.Name && at > 0 && _tokens[at - 1].Kind == CodeTokenKind.Name && name.Length > 0)
                break;
            name += _tokens[at].Kind == CodeTokenKind.Name ? NameAt(at) : ".";
            at++;
        }

        return name;
    }

    // import x from 'm' · import * as x from 'm' · import {a as b, c} from 'm'
    private int ModuleImports(int i)
    {
        List<(string Key, string Name)> names = [];
        int at = i + 1;
        bool braces = false;
        for (; at < _tokens.Count && at < i + 60 && _tokens[at].Kind != CodeTokenKind.Text; at++)
        {
            braces |= Is(at, "{"u8);
            if (_tokens[at].Kind != CodeTokenKind.Name || IsWord(at, "from"u8) || IsWord(at, "as"u8))
                continue;
            string name = NameAt(at);
            string key = braces ? name : "";
            if (IsWord(at + 1, "as"u8) && _tokens[at + 2].Kind == CodeTokenKind.Name)
            {
                name = NameAt(at + 2);
                at += 2;
            }

            names.Add((key, name));
        }

        if (at >= _tokens.Count || _tokens[at].Kind != CodeTokenKind.Text)
            return i;
        string module = Module(Encoding.UTF8.GetString(_tokens[at].Value));
        foreach ((string key, string name) in names)
        {
            if (name != "*")
                _names[name] = new CodeValue { Name = key.Length == 0 ? module : module + "." + key };
        }

        return at;
    }

    private static string Module(string name)
    {
        name = name.StartsWith("node:", StringComparison.Ordinal) ? name[5..] : name;
        return name.Replace("::", ".", StringComparison.Ordinal) switch
        {
            "fs/promises" => "fs.promises", "fs-extra" or "graceful-fs" or "fs-jetpack" => "fs", "timers/promises" => "timers", "cross-spawn" => "crossSpawn", "os/path" => "os.path", string plain => plain,
        };
    }
}
