using System;
using System.Text;
using Gate.Text;

namespace Gate.Shell;

// Reading guide: the tree as indented text, one node a line, for people and for golden files. Children come from the one walk
// (Walk.cs); this file only says what stands on the line of each kind.

/// <summary>The tree as text.</summary>
public sealed class TreeDump : Walker
{
    private readonly Bytes _out = new();
    private readonly bool _spans;
    private SourceText _source;
    private int _indent;

    private TreeDump(SourceText source, bool spans)
    {
        _source = source;
        _spans = spans;
    }

    /// <summary>One line per node: kind, what distinguishes it, and the text of leaves.</summary>
    /// <param name="source">The text that the tree was read from.</param>
    /// <param name="script">The tree.</param>
    /// <param name="spans">Whether each line ends with start and length in bytes; without, trees of differently laid out texts compare equal.</param>
    public static byte[] Render(SourceText source, Script script, bool spans)
    {
        var dump = new TreeDump(source, spans);
        dump.Walk(script);
        return dump._out.ToArray();
    }

    /// <inheritdoc/>
    protected override bool Enter(Node node)
    {
        for (int i = 0; i < _indent; i++)
        {
            _out.Add("  "u8);
        }

        _out.Add(node.Kind.ToString());
        Details(node);
        if (_spans)
        {
            _out.Add($" @{node.Span.Start}+{node.Span.Length}");
        }

        _out.Add((byte)'\n');
        _indent++;
        if (node is Backquote backquote)
        {
            // The inside may point into a text of its own.
            SourceText outer = _source;
            _source = backquote.Source;
            Walk(backquote.Body);
            _source = outer;
            _indent--;
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void Leave(Node node) => _indent--;

    private void Details(Node node)
    {
        switch (node)
        {
            case Statement { Background: true }:
                _out.Add(" background"u8);
                break;
            case AndOr list:
                foreach (bool or in list.Or)
                {
                    _out.Add(or ? " ||"u8 : " &&"u8);
                }

                break;
            case Pipeline pipeline:
                foreach (PipelinePrefix prefix in pipeline.Prefixes)
                {
                    _out.Add(prefix == PipelinePrefix.Not ? " !"u8 : prefix == PipelinePrefix.Time ? " time"u8 : " time -p"u8);
                }

                foreach (bool errors in pipeline.WithErrors)
                {
                    _out.Add(errors ? " |&"u8 : " |"u8);
                }

                break;
            case If { Otherwise: not null }:
                _out.Add(" else"u8);
                break;
            case Loop loop:
                _out.Add(loop.Until ? " until"u8 : " while"u8);
                break;
            case For loop:
                _out.Add(loop.Select ? " select"u8 : " for"u8);
                _out.Add(loop.Words == null ? ""u8 : " in"u8);
                break;
            case CaseClause clause:
                _out.Add(" " + clause.Terminator);
                break;
            case Function { Keyword: true }:
                _out.Add(" keyword"u8);
                break;
            case Coprocess { Name: not null }:
                _out.Add(" named"u8);
                break;
            case Assignment assignment:
                Quote(assignment.Name);
                _out.Add(assignment.Append ? " +="u8 : " ="u8);
                break;
            case Redirect redirect:
                _out.Add((byte)' ');
                _out.Add(redirect.Descriptor >= 0 ? redirect.Descriptor.ToString(System.Globalization.CultureInfo.InvariantCulture) : "");
                _out.Add(Printer.Text(redirect.Operator));
                if (redirect.Variable is { } variable)
                {
                    Quote(variable);
                }

                break;
            case HereDocument document:
                _out.Add(document.Quoted ? " quoted"u8 : ""u8);
                _out.Add(document.Terminated ? ""u8 : " unterminated"u8);
                break;
            case ConditionLogic logic:
                _out.Add(logic.Or ? " ||"u8 : " &&"u8);
                break;
            case ConditionNot not:
                _out.Add($" {not.Count}");
                break;
            case ConditionUnary unary:
                Quote(unary.Operator);
                break;
            case ConditionBinary binary:
                Quote(binary.Operator);
                break;
            default:
                PartDetails(node);
                break;
        }
    }

    private void PartDetails(Node node)
    {
        switch (node)
        {
            case Literal or Escape or SingleQuoted or AnsiQuoted or Glob or Backquote or Unread:
                Quote(node.Span);
                break;
            case DoubleQuoted { Locale: true }:
                _out.Add(" locale"u8);
                break;
            case Parameter parameter:
                Quote(parameter.Malformed ? parameter.Span : parameter.Name);
                _out.Add(parameter.Braced ? " braced"u8 : ""u8);
                _out.Add(parameter.Length ? " length"u8 : ""u8);
                _out.Add(parameter.Indirect ? " indirect"u8 : ""u8);
                _out.Add(parameter.Malformed ? " malformed"u8 : ""u8);
                _out.Add(parameter.Operator == ParameterOperator.None ? "" : " " + parameter.Operator);
                break;
            case CommandSubstitution { Problem: not null }:
                _out.Add(" problem"u8);
                Quote(node.Span);
                break;
            case ProcessSubstitution substitution:
                _out.Add(substitution.Output ? " output"u8 : " input"u8);
                _out.Add(substitution.Problem == null ? ""u8 : " problem"u8);
                break;
            case Arithmetic { Legacy: true }:
                _out.Add(" legacy"u8);
                break;
            case ExtendedGlob glob:
                _out.Add(glob.Operator == 0 ? " group" : " " + (char)glob.Operator);
                break;
        }
    }

    /// <summary>A piece of source between angle marks, with newlines and backslashes spelled out.</summary>
    private void Quote(Span span)
    {
        _out.Add(" ‹");
        foreach (byte b in _source.Slice(span))
        {
            if (b == (byte)'\n')
            {
                _out.Add("\\n"u8);
            }
            else
            {
                _out.Add(b);
                if (b == (byte)'\\')
                {
                    _out.Add(b);
                }
            }
        }

        _out.Add("›");
    }
}
