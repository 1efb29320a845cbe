using System;
using System.Collections.Generic;
using Gate.Expansion;

namespace Gate.Effects;

// Programs and code that scanned code runs.
internal sealed partial class CallScan
{
    // system("rm -rf x") is a shell text; system("rm", "-rf", "x") and system(["rm", "x"]) are a command's words.
    private void RunLine(CodeValue? first, CodeValue arguments)
    {
        if (first is { Keys: not null, Text: null } && _language == Language.Ruby && arguments.Items!.Count > 1)
        {
            // Ruby: variables of the environment may stand first.
            arguments = CodeValue.List(arguments.Items.GetRange(1, arguments.Items.Count - 1), arguments.Keys?.GetRange(1, arguments.Items.Count - 1));
            first = arguments.At(0);
        }

        if (first?.Items is { } list)
        {
            // Perl: exec {program} name, arguments.
            RunWords(_language == Language.Perl && list.Count == 1 && arguments.Items!.Count > 2 ? [list[0], .. arguments.Items.GetRange(2, arguments.Items.Count - 2)] : list);
            return;
        }

        List<CodeValue> words = [];
        for (int n = 0; _language is Language.Perl or Language.Ruby && n < arguments.Items!.Count; n++)
        {
            if (arguments.Keys?[n] is null && (arguments.Items[n].Text is not null || n == 0))
                words.Add(arguments.Items[n]);
        }

        if (words.Count > 1)
            RunWords(words);
        else
            RunText(first);
    }

    // A list is a command's words; a text too, but where the shell is asked for; options may follow.
    private void RunCommand(CodeValue? first, CodeValue arguments)
    {
        CodeValue? second = arguments.At(1);
        bool shell = arguments.Keyed("shell") is { Name: not "False" } || second?.Keyed("shell") is { Name: not "false" } || arguments.At(2)?.Keyed("shell") is { Name: not "false" };
        if (first?.Keyed("cmd") is { Items: not null } given)
            first = given;
        if (first is null)
            RunText(null);
        else if (first.Items is { } list)
        {
            if (shell && _language == Language.Python && list.Count > 0)
                RunText(list[0]);
            else
                RunWords(list);
        }
        else if (second?.Keyed("args") is { Items: { } named })
            RunWords([first, .. named]);
        else if (second is { Items: { } more, Keys: null } || (second is { Items: not null } && AllBare(second) && (more = second.Items) is not null))
        {
            if (shell)
                RunText(CodeFunctions.Join(" "u8, [first, .. more]));
            else
                RunWords([first, .. more]);
        }
        else if (shell || first.Text is null)
            RunText(first);
        else if (_language == Language.Python && first.Text.AsSpan().IndexOf((byte)' ') > 0 && arguments.Items!.Count == 1)
            RunText(first);
        else
        {
            List<CodeValue> words = [];
            for (int n = 0; n < arguments.Items!.Count; n++)
            {
                if (arguments.Keys?[n] is null && arguments.Items[n].Text is not null)
                    words.Add(arguments.Items[n]);
            }

            RunWords(words);
        }
    }

    private static bool AllBare(CodeValue list)
    {
        foreach (string? key in list.Keys!)
        {
            if (key is not null)
                return false;
        }

        return true;
    }

    // execv(path, [name, …]), execl(path, name, …), spawnv(mode, path, [name, …]): the first word is the name it is given.
    private void RunArguments(CodeValue arguments)
    {
        List<CodeValue> words = [];
        foreach (CodeValue item in arguments.Items ?? [])
        {
            if (words.Count == 0 && item.Text is null && item.Items is null)
                continue;
            if (item.Keys is not null && !AllBare(item))
                break;
            if (item.Items is { } list)
            {
                words.AddRange(words.Count > 0 && list.Count > 0 ? list.GetRange(1, list.Count - 1) : list);
                RunWords(words);
                return;
            }

            words.Add(item);
        }

        if (words.Count > 1)
            words.RemoveAt(1);
        RunWords(words);
    }

    private void RunWords(List<CodeValue> words)
    {
        if (words.Count == 0)
        {
            RunText(null);
            return;
        }

        List<byte[]> texts = [];
        Taint taint = Taint.None;
        foreach (CodeValue word in words)
        {
            texts.Add(word.Bytes);
            taint |= word.Taint;
        }

        _shell |= IsShell(texts[0]) && (texts.Count == 1 || texts[1] is [(byte)'-', ..] or [(byte)'/', (byte)'c' or (byte)'C']);
        _shell |= texts[0] is [Value.Hole, ..];
        if (texts[0].AsSpan().IndexOf(Value.Hole) >= 0 && (taint & (Taint.Network | Taint.Decoded)) != 0)
            _runner.RunOther(Language.Shell, null, taint, _frame, _span, _program, _state);
        else
            _runner.RunWords([.. texts], _frame, _span, _program, _state);
    }

    private void RunText(CodeValue? value)
    {
        byte[]? text = value?.Text;
        _shell |= text is null || text is [Value.Hole, ..] || IsShell(text);
        if (text is not null && _language == Language.Other)
            _ran.Add(text);
        if (text is null && (value is null || (value.Taint & (Taint.Network | Taint.Decoded)) == 0))
            _runner.NoteOpaque("the code runs a command that is not known", _frame, _span, _program);
        else
            _runner.RunOther(Language.Shell, text, value!.Taint, _frame, _span, _program, _state);
    }

    // A shell that takes its orders from whoever is connected.
    private static bool IsShell(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny(" \t<>"u8);
        ReadOnlySpan<byte> word = end < 0 ? text : text[..end], rest = end < 0 ? default : text[end..].TrimStart(" \t"u8);
        word = word[(word.LastIndexOfAny("/\\"u8) + 1)..];
        return word.Length is >= 2 and <= 14 && " sh bash dash zsh ksh ash csh tcsh fish cmd cmd.exe powershell powershell.exe pwsh "u8.IndexOf((byte[])[(byte)' ', .. word, (byte)' ']) >= 0 && (rest.Length == 0 || rest.StartsWith("-i"u8) || rest.StartsWith("-l"u8) || rest[0] is (byte)'<' or (byte)'>' or (byte)'0' or (byte)'1' or (byte)'2');
    }

    private void RunCode(string name, CodeValue? code)
    {
        if (code?.Text is { } text && code.IsKnown)
            _runner.RunOther(_language, text, code.Taint, _frame, _span, _program, _state);
        else if (code?.Parameters is not null || (code?.Text is null && name is "setTimeout" or "setInterval" or "setImmediate"))
            return;
        else if (code is not null && ((code.Taint & (Taint.Network | Taint.Decoded)) != 0 || (_fetches && code.Text is null && code.Items is null)))
            _runner.RunOther(_language, null, code.Taint | (_fetches ? Taint.Network : Taint.None), _frame, _span, _program, _state);
        else if (code is not null)
            _runner.NoteOpaque($"the code calls {name}, which can do anything", _frame, _span, _program);
    }
}
