using System;
using System.Collections.Generic;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Languages that are known in part only: code that holds nothing but what rules/code calls plain, and names it has set itself, is a computation that prints.
internal sealed partial class CallScan
{
    // Each language has comments and quotes of its own, so anything that could be read in two ways is not plain.
    private bool IsPlain()
    {
        if (!Named("*", out _) || _text.AsSpan().IndexOfAny("#`\\"u8) >= 0 && HoldsMore())
            return false;
        List<byte[]> own = [];
        int depth = 0;
        for (int i = 0; i < _tokens.Count; i++)
        {
            CodeToken token = _tokens[i];
            switch (token.Kind)
            {
                case CodeTokenKind.Command or CodeTokenKind.Pattern:
                    return false;
                case CodeTokenKind.Text when HidesCode(token):
                    return false;
                case CodeTokenKind.Mark when token.Value[0] is (byte)'(' or (byte)'[' or (byte)'{':
                    depth++;
                    break;
                case CodeTokenKind.Mark when token.Value[0] is (byte)')' or (byte)']' or (byte)'}':
                    depth--;
                    break;
                case CodeTokenKind.Mark when RunsWhatFollows(token.Value[0], _tokens[i + 1]):
                    return false;
                case CodeTokenKind.Name when depth == 0 && IsSet(i):
                    // It may be read from here on. Called, a name may still be the function of that name.
                    own.Add(token.Value);
                    break;
                case CodeTokenKind.Name when !IsPlainName(token.Value, _tokens[i + 1].Value is [(byte)'(', ..] ? [] : own):
                    return false;
            }
        }

        return true;
    }

    // A line end or a quote written with a back slash inside a text is common; anything else of these is not.
    private bool HoldsMore()
    {
        for (int i = 0; i < _text.Length; i++)
        {
            if (_text[i] is (byte)'#' or (byte)'`' || (_text[i] == '\\' && !(i + 1 < _text.Length && _text[i + 1] is (byte)'n' or (byte)'t')))
                return true;
        }

        return false;
    }

    // What a language interpolates, and what two quotes that are no quotes would hide.
    private static bool HidesCode(CodeToken token)
    {
        ReadOnlySpan<byte> text = token.Value;
        return token.Pieces is not null || text.IndexOfAny("({"u8) >= 0;
    }

    // ! in front of a command, "rm".!, << and > "file", | "command", and signs that are no ASCII.
    private static bool RunsWhatFollows(byte mark, CodeToken next) =>
        mark >= 0x80 || (mark == '!' && next.Value is not [(byte)'=', ..]) || (mark is (byte)'<' or (byte)'>' or (byte)'|' && (next.Kind == CodeTokenKind.Text || (next.Value is [var second, ..] && second == mark)));

    private bool IsSet(int i) => _tokens[i + 1] is { Kind: CodeTokenKind.Mark } mark && (mark.Value.AsSpan().SequenceEqual("="u8) || (mark.Value.AsSpan().SequenceEqual("<"u8) && _tokens[i + 2].Value.AsSpan().SequenceEqual("-"u8)) || mark.Value.AsSpan().SequenceEqual("<-"u8));

    private bool IsPlainName(byte[] name, List<byte[]> own)
    {
        foreach (byte[] known in own)
        {
            if (known.AsSpan().SequenceEqual(name))
                return true;
        }

        _found.Clear();
        Look(System.Text.Encoding.UTF8.GetString(name), false);
        return _found is [{ Action: CallAction.Plain }];
    }
}
