using System;
using System.Text;

namespace Gate.Fuzz;

/// <summary>Changes a text a little: drops, doubles, swaps and inserts bytes, runs and pieces of syntax. Random, repeatable by seed.</summary>
public sealed class Mutator(int seed)
{
    private static readonly string[] Pieces =
    [
        "(", ")", "((", "))", "{", "}", "[[", "]]", "$(", "`", "\"", "'", "${", "$((", "<<EOF", "<<-X", "<<'Q'", "<<<", "<(", ">(", ";;", ";&", ";",
        "&", "&&", "|", "||", "|&", "!", "time", "if", "then", "fi", "do", "done", "case", "esac", "in", "for", "while", "function", "coproc",
        "select", "\\", "\n", "#", "=", "[", "]", "a=(", ">&", "<&-", "{fd}>", "2>", "&>", "&>>", "$", "$'", "$\"", "@(", "*(", "=~", "==", "-f",
        "$[", "((i=1))", "elif", "else", " ", "\t", "f()", ">|", "<>", "\\\n", "until", "\"$(", "${x:-", "${x/", "a[1]=", "declare a=(", "EOF\n", "\u00e9", "\u0001",
    ];

    private readonly Random _random = new(seed);

    public byte[] Next(byte[][] corpus)
    {
        byte[] text = corpus[_random.Next(corpus.Length)];
        if (_random.Next(4) == 0)
        {
            text = Concat(text, corpus[_random.Next(corpus.Length)]);
        }

        for (int n = _random.Next(1, 6); n > 0; n--)
        {
            text = Change(text, corpus);
        }

        return text;
    }

    private byte[] Change(byte[] text, byte[][] corpus)
    {
        int at = _random.Next(text.Length + 1), length = Math.Min(text.Length - at, _random.Next(1, 12));
        byte[] head = text[..at], tail = text[at..];
        switch (_random.Next(6))
        {
            case 0:
                return Concat(head, text[(at + length)..]);
            case 1:
                return Concat(head, text[at..(at + length)], tail);
            case 2:
                byte[] other = corpus[_random.Next(corpus.Length)];
                int from = _random.Next(other.Length + 1);
                return Concat(head, other[from..], tail);
            case 3:
                return Concat(head, [(byte)_random.Next(1, 256)], tail);
            default:
                return Concat(head, Encoding.UTF8.GetBytes(Pieces[_random.Next(Pieces.Length)]), tail);
        }
    }

    private static byte[] Concat(params byte[][] pieces)
    {
        int length = 0;
        foreach (byte[] piece in pieces)
        {
            length += piece.Length;
        }

        var result = new byte[length];
        int at = 0;
        foreach (byte[] piece in pieces)
        {
            piece.CopyTo(result, at);
            at += piece.Length;
        }

        return result;
    }
}
