using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gate.Text;

namespace Gate.Shell;

/// <summary>What <c>gate parse</c> prints: a pure function of the text. The words it lists can be held against other parsers.</summary>
public static class ParseReport
{
    /// <summary>Parses a text and renders the outcome.</summary>
    /// <param name="source">The text.</param>
    /// <param name="json">
    /// JSON on one line. Valid: <c>{"ok":true,"commands":[[word…]…],"assignments":[…],"unknown":[…]}</c>. <c>commands</c> has every simple command
    /// with at least one word anywhere in the tree (substitutions, backquotes, here-documents, arithmetic, functions), in the order in
    /// which they begin in the text, as its words as they are written. Assignments before the command word are not among the words; all of
    /// them are in <c>assignments</c>. <c>unknown</c> lists what is wrong in texts that bash reads only when it runs them.
    /// Invalid: <c>{"ok":false,"error":{"message":…,"line":…,"column":…}}</c>, counted from 1, columns in bytes.
    /// Without JSON: the tree, one node a line; or <c>line L, column C: message</c>.
    /// </param>
    /// <returns>The bytes to print, with a newline at the end, and the exit code: 0 valid, 1 syntax error.</returns>
    public static (byte[] Output, int ExitCode) Render(SourceText source, bool json)
    {
        ParseResult result = ShellParser.Parse(source);
        if (json)
        {
            return (RenderJson(result), result.Error == null ? 0 : 1);
        }

        if (result.Tree is { } tree)
        {
            return (TreeDump.Render(source, tree, spans: true), 0);
        }

        Problem problem = result.Error!.Value;
        (int line, int column) = source.Position(problem.Span.Start);
        return (System.Text.Encoding.UTF8.GetBytes($"line {line}, column {column}: {problem.Message}\n"), 1);
    }

    private static byte[] RenderJson(ParseResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ok"u8, result.Error == null);
            if (result.Error is { } problem)
            {
                (int line, int column) = result.Source.Position(problem.Span.Start);
                writer.WriteStartObject("error"u8);
                writer.WriteString("message"u8, problem.Message);
                writer.WriteNumber("line"u8, line);
                writer.WriteNumber("column"u8, column);
                writer.WriteEndObject();
            }
            else
            {
                var collector = new Collector(result.Source);
                collector.Walk(result.Tree);
                collector.Write(writer);
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Collects the simple commands with the offset they begin at: the walk meets a here-document at its redirection, before what follows
    /// on the line, so they are sorted at the end. Below a backquote that was unescaped, offsets are led back to the text as written.
    /// </summary>
    private sealed class Collector(SourceText whole) : Walker
    {
        private readonly List<string[]> _words = [];
        private readonly List<long> _order = [];
        private readonly List<string> _assignments = [];
        private readonly List<string> _unknown = [];
        private readonly SourceText _whole = whole;
        private SourceText _source = whole;

        /// <summary>The offset in the whole text of each offset in <see cref="_source"/>; null where they are the same.</summary>
        private int[]? _written;

        protected override bool Enter(Node node)
        {
            switch (node)
            {
                case SimpleCommand { Words.Length: > 0 } command:
                    _order.Add((long)Written(command.Span.Start) << 32 | (uint)_words.Count);
                    _words.Add(Array.ConvertAll(command.Words, word => Text(word.Span)));
                    break;
                case Assignment assignment:
                    _assignments.Add(Text(assignment.Span));
                    break;
                case CommandSubstitution { Problem: { } problem }:
                    _unknown.Add(problem.Message);
                    break;
                case ProcessSubstitution { Problem: { } problem }:
                    _unknown.Add(problem.Message);
                    break;
                case Unread unread:
                    _unknown.Add(unread.Problem.Message);
                    break;
                case Backquote backquote:
                    if (backquote.Problem is { } inside)
                    {
                        _unknown.Add(inside.Message);
                    }

                    SourceText outer = _source;
                    int[]? written = _written;
                    if (backquote.Source != outer)
                    {
                        _written = Unescaped(backquote);
                        _source = backquote.Source;
                    }

                    Walk(backquote.Body);
                    _source = outer;
                    _written = written;
                    return false;
            }

            return true;
        }

        private int Written(int offset) => _written == null ? offset : _written[offset];

        private int[] Unescaped(Backquote backquote)
        {
            var offsets = new int[backquote.Source.Length + 1];
            int count = 0, end = backquote.Span.End - 1;
            for (int at = backquote.Span.Start + 1; at < end; at++)
            {
                offsets[count++] = Written(at);
                if (_source.Bytes[at] == (byte)'\\' && at + 1 < end && Backquote.Unescapes(_source.Bytes[at + 1], backquote.InDoubleQuotes))
                {
                    at++;
                }
            }

            offsets[count] = Written(end);
            return offsets;
        }

        public void Write(Utf8JsonWriter writer)
        {
            _order.Sort();
            writer.WriteStartArray("commands"u8);
            foreach (long key in _order)
            {
                Strings(writer, _words[(int)(uint)key]);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("assignments"u8);
            Strings(writer, _assignments);
            if (_unknown.Count > 0)
            {
                writer.WritePropertyName("unknown"u8);
                Strings(writer, _unknown);
            }
        }

        private static void Strings(Utf8JsonWriter writer, IReadOnlyList<string> values)
        {
            writer.WriteStartArray();
            for (int i = 0; i < values.Count; i++)
            {
                writer.WriteStringValue(values[i]);
            }

            writer.WriteEndArray();
        }

        /// <summary>As text: bytes that are no UTF-8 become the replacement character, which JSON can carry.</summary>
        private string Text(Span span) =>
            System.Text.Encoding.UTF8.GetString(_whole.Slice(Span.Between(Written(span.Start), Written(span.End))));
    }
}
