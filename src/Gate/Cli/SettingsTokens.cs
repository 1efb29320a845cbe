using System;
using System.Collections.Generic;
using System.Text;

namespace Gate.Cli;

internal enum TokenKind : byte
{
    OpenObject, CloseObject, OpenArray, CloseArray, Colon, Comma, String, Number, True, False, Null, LineComment, BlockComment, End,
}

internal readonly record struct Token(TokenKind Kind, int Start, int End)
{
    public bool IsComment => Kind is TokenKind.LineComment or TokenKind.BlockComment;
}

/// <summary>Cuts JSON with comments into tokens. White space is what lies between them, and nothing else does.</summary>
internal sealed class SettingsTokens(byte[] bytes)
{
    private readonly List<Token> _tokens = [];
    private int _at;

    /// <summary>The first thing wrong, as an offset and a message, or null.</summary>
    public (int Offset, string Message)? Error { get; private set; }

    /// <summary>All tokens with an <see cref="TokenKind.End"/> at the end; stops early where <see cref="Error"/> is.</summary>
    public List<Token> Read()
    {
        if (!IsUtf8(bytes, out string? encoding))
        {
            Error = (0, encoding!);
        }
        else if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            _at = 3;
        }

        while (Error is null && SkipSpace())
        {
            int start = _at;
            TokenKind kind = Next();
            _tokens.Add(new Token(kind, start, _at));
        }

        _tokens.Add(new Token(TokenKind.End, bytes.Length, bytes.Length));
        return _tokens;
    }

    private static bool IsUtf8(byte[] bytes, out string? message)
    {
        bool wide = bytes.Length >= 2 && (bytes[0], bytes[1]) is (0xFF, 0xFE) or (0xFE, 0xFF);
        message = wide ? "the file is UTF-16; save it as UTF-8" : "the file is not UTF-8; save it as UTF-8";
        return !wide && System.Text.Unicode.Utf8.IsValid(bytes);
    }

    private bool SkipSpace()
    {
        for (; _at < bytes.Length; _at++)
        {
            byte b = bytes[_at];
            if (b == '\r' && (_at + 1 == bytes.Length || bytes[_at + 1] != '\n'))
            {
                Error = (_at, "a carriage return without a line feed; save the file with LF or CRLF line ends");
                return false;
            }

            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                return true;
            }
        }

        return false;
    }

    private TokenKind Next()
    {
        byte b = bytes[_at];
        switch (b)
        {
            case (byte)'{': _at++; return TokenKind.OpenObject;
            case (byte)'}': _at++; return TokenKind.CloseObject;
            case (byte)'[': _at++; return TokenKind.OpenArray;
            case (byte)']': _at++; return TokenKind.CloseArray;
            case (byte)':': _at++; return TokenKind.Colon;
            case (byte)',': _at++; return TokenKind.Comma;
            case (byte)'"': ReadString(); return TokenKind.String;
            case (byte)'/': return ReadComment();
            case (byte)'t': Literal("true"u8); return TokenKind.True;
            case (byte)'f': Literal("false"u8); return TokenKind.False;
            case (byte)'n': Literal("null"u8); return TokenKind.Null;
            default:
                ReadNumber();
                return TokenKind.Number;
        }
    }

    private void Literal(ReadOnlySpan<byte> word)
    {
        if (!bytes.AsSpan(_at).StartsWith(word))
        {
            Error = (_at, "not a JSON value; names and texts need double quotes");
        }

        _at = Math.Min(bytes.Length, _at + word.Length);
    }

    private TokenKind ReadComment()
    {
        byte next = _at + 1 < bytes.Length ? bytes[_at + 1] : (byte)0;
        if (next == '/')
        {
            int line = bytes.AsSpan(_at).IndexOf((byte)'\n');
            int end = line < 0 ? bytes.Length : _at + line;
            _at = line >= 0 && bytes[end - 1] == '\r' ? end - 1 : end;
            return TokenKind.LineComment;
        }

        int close = next == '*' ? bytes.AsSpan(_at + 2).IndexOf("*/"u8) : -1;
        if (close < 0)
        {
            Error = (_at, next == '*' ? "a comment that never ends; close it with */" : "a lone slash; remove it or make it a comment");
        }

        _at = close < 0 ? bytes.Length : _at + close + 4;
        return TokenKind.BlockComment;
    }

    private void ReadNumber()
    {
        int start = _at;
        if (Peek() == '-')
        {
            _at++;
        }

        int first = _at;
        bool good = Digits() && (bytes[first] != '0' || _at == first + 1);
        if (good && Peek() == '.')
        {
            _at++;
            good = Digits();
        }

        if (good && Peek() is (byte)'e' or (byte)'E')
        {
            _at++;
            _at += Peek() is (byte)'+' or (byte)'-' ? 1 : 0;
            good = Digits();
        }

        if (!good)
        {
            Error = (start, "not a JSON value; expected a text in double quotes, a number, true, false, null, { or [");
        }
    }

    private byte Peek() => _at < bytes.Length ? bytes[_at] : (byte)0;

    private bool Digits()
    {
        int start = _at;
        while (Peek() is >= (byte)'0' and <= (byte)'9')
        {
            _at++;
        }

        return _at > start;
    }

    private void ReadString()
    {
        int start = _at++;
        while (_at < bytes.Length && bytes[_at] >= 0x20)
        {
            byte b = bytes[_at++];
            if (b == '"')
            {
                return;
            }

            if (b == '\\' && !ReadEscape())
            {
                Error = (_at - 1, "an unknown escape in a text; write a backslash as \\\\");
                return;
            }
        }

        Error = (start, "a text that is not closed on its line; close it with a double quote");
    }

    private bool ReadEscape()
    {
        byte b = Peek();
        if (b == 'u')
        {
            bool hex = _at + 5 <= bytes.Length;
            for (int i = 1; hex && i <= 4; i++)
            {
                hex = char.IsAsciiHexDigit((char)bytes[_at + i]);
            }

            _at += hex ? 5 : 0;
            return hex;
        }

        _at++;
        return b != 0 && "\"\\/bfnrt"u8.Contains(b);
    }
}
