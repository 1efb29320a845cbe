using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gate.Compiler;
using Gate.Redaction;
using Gate.Tests.Support;
using Gate.Text;
using Xunit;

namespace Gate.Tests.Redaction;

/// <summary>One walk for several formats names every format that its own automaton would find, and seldom another one.</summary>
public class SieveTests
{
    private static readonly string[] s_pieces = ["4539", "1488", "371449", "635398431", "536", "90", "4399", "529.982", ".247", "110105", "1949", "123", "1002X", "2A", "451", "7291830465", ":AA", " ", "-", ".", ",", "\n", "x", "é"];

    private static readonly List<int> s_numbers = [.. Enumerable.Range(0, Secrets.Formats.Count).Where(i => Secrets.Formats[i].Anchors.Contains(((uint)'0' << 16) | ('0' << 8) | '0'))];

    private static readonly Sieve s_sieve = new(RedactionSieve.Of(Secrets.Formats, s_numbers)!);

    [Fact]
    public void Nothing_that_a_format_finds_is_passed_over() => Holds.Always(dice =>
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(dice.Many(6, () => dice.Pick(s_pieces))));
        int mask = s_sieve.Walk(text, last: true), early = s_sieve.Walk(text, last: false);
        for (int i = 0; i < s_numbers.Count; i++)
        {
            if (Finds(Secrets.Formats[s_numbers[i]].Secret, text) && (mask >> i & 1) == 0)
                return false;
        }

        return early == mask || (early == -1 && text.Length < s_sieve.Depth);
    });

    // Whether a format's automaton accepts some beginning of the text.
    private static bool Finds(byte[] automaton, byte[] text)
    {
        int states = BinaryPrimitives.ReadUInt16LittleEndian(automaton), classes = BinaryPrimitives.ReadUInt16LittleEndian(automaton.AsSpan(2)), state = 0;
        foreach (byte b in text)
        {
            state = BinaryPrimitives.ReadUInt16LittleEndian(automaton.AsSpan(Automaton.BitsAt + ((states + 7) / 8) + (((state * classes) + automaton[Automaton.MapAt + b]) * 2)));
            if (state == Automaton.Dead)
                return false;
            if ((automaton[Automaton.BitsAt + (state >> 3)] >> (state & 7) & 1) != 0)
                return true;
        }

        return false;
    }

    [Theory]
    [InlineData("12345,")]
    [InlineData("4294967295 ")]
    [InlineData("2026-11-21")]
    [InlineData("127.0.0.1")]
    [InlineData("4539 14.")]
    public void Ordinary_numbers_are_no_formats(string text) => Assert.Equal(0, s_sieve.Walk(Encoding.UTF8.GetBytes(text), last: true));

    [Fact]
    public void The_shipped_number_formats_share_one() => Assert.True(s_numbers.Count is >= RedactionSieve.LeastFormats and <= Sieve.MaximumFormats);

    [Fact]
    public void Few_formats_and_too_many_have_none()
    {
        Assert.Null(RedactionSieve.Of(Secrets.Formats, s_numbers[..(RedactionSieve.LeastFormats - 1)]));
        Assert.Null(RedactionSieve.Of(Secrets.Formats, [.. s_numbers, .. s_numbers]));
    }

    /// <summary>Formats that share a beginning are found whether they are few, and tried one by one, or many.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(RedactionSieve.LeastFormats)]
    [InlineData(Sieve.MaximumFormats)]
    [InlineData(Sieve.MaximumFormats + 4)]
    public void However_many_begin_alike_each_is_found(int count)
    {
        StringBuilder rules = new("redactions:\n");
        for (int i = 0; i < count; i++)
            rules.Append($"- {{id: a.n{i}, title: x, kind: key, pattern: '[0-9]{{12}}{(char)('a' + i)}[0-9]{{0,8}}', matches: [123456789012{(char)('a' + i)}], passes: [x]}}\n");
        RedactionTable table = Secrets.Table(rules.ToString());
        for (int i = 0; i < count; i++)
            Assert.Equal($"x [redacted key a.n{i}] y", Secrets.With(table, $"x 1234567890{i:00}{(char)('a' + i)} y"));
        Assert.Equal("1234567890123 12345678901z", Secrets.With(table, "1234567890123 12345678901z"));
    }
}
