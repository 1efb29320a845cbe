using System;
using Gate.Text;

namespace Gate.Shell;

// The words and their parts. See Print.cs.
public sealed partial class Printer
{
    private void WordOrPart(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Word:
                Join(((Word)node).Parts, ""u8);
                break;
            case NodeKind.Assignment:
                var assignment = (Assignment)node;
                Source(assignment.Name);
                Join(assignment.Subscript == null ? [] : [assignment.Subscript], ""u8);
                _out.Add(assignment.Append ? "+="u8 : "="u8);
                Node(assignment.Value);
                break;
            case NodeKind.Literal or NodeKind.Escape or NodeKind.Continuation or NodeKind.SingleQuoted or NodeKind.AnsiQuoted or NodeKind.Glob or NodeKind.Unread or NodeKind.Backquote:
                Source(node.Span);
                break;
            case NodeKind.DoubleQuoted:
                _out.Add(((DoubleQuoted)node).Locale ? "$\""u8 : "\""u8);
                Join(((DoubleQuoted)node).Parts, ""u8);
                _out.Add((byte)'"');
                break;
            case NodeKind.Parameter:
                PrintParameter((Parameter)node);
                break;
            case NodeKind.CommandSubstitution when ((CommandSubstitution)node).Problem == null:
                _out.Add("$("u8);
                Substitution(((CommandSubstitution)node).Body);
                break;
            case NodeKind.ProcessSubstitution when ((ProcessSubstitution)node).Problem == null:
                _out.Add(((ProcessSubstitution)node).Output ? ">("u8 : "<("u8);
                Substitution(((ProcessSubstitution)node).Body);
                break;
            case NodeKind.CommandSubstitution or NodeKind.ProcessSubstitution:
                Source(node.Span);
                break;
            case NodeKind.Arithmetic:
                _out.Add(((Arithmetic)node).Legacy ? "$["u8 : "$(("u8);
                Node(((Arithmetic)node).Expression);
                _out.Add(((Arithmetic)node).Legacy ? "]"u8 : "))"u8);
                break;
            case NodeKind.ExtendedGlob:
                var glob = (ExtendedGlob)node;
                if (glob.Operator != 0)
                {
                    _out.Add(glob.Operator);
                }

                _out.Add((byte)'(');
                Join(glob.Alternatives, "|"u8);
                _out.Add((byte)')');
                break;
            case NodeKind.Subscript:
                _out.Add((byte)'[');
                Node(((Subscript)node).Index);
                _out.Add((byte)']');
                break;
            case NodeKind.ArrayLiteral:
                _out.Add((byte)'(');
                Join(((ArrayLiteral)node).Elements, " "u8);
                _out.Add((byte)')');
                break;
            default:
                throw new InvalidOperationException($"No arm for {node.Kind} in the printer.");
        }
    }

    private void PrintParameter(Parameter parameter)
    {
        if (!parameter.Braced || parameter.Malformed)
        {
            Source(parameter.Span);
            return;
        }

        _out.Add("${"u8);
        _out.Add(parameter.Length ? "#"u8 : parameter.Indirect ? "!"u8 : ""u8);
        Source(parameter.Name);
        Join(parameter.Subscript == null ? [] : [parameter.Subscript], ""u8);
        _out.Add(Text(parameter.Operator));
        if (parameter.Operator == ParameterOperator.NamesWithPrefix)
        {
            _out.Add(_source.Bytes[parameter.Span.End - 2]);
        }
        else if (parameter.Argument != null)
        {
            Node(parameter.Argument);
        }

        if (parameter.Second != null)
        {
            _out.Add(parameter.Operator == ParameterOperator.Substring ? ":"u8 : "/"u8);
            Node(parameter.Second);
        }

        _out.Add((byte)'}');
    }

    internal static ReadOnlySpan<byte> Text(ParameterOperator op) => op switch
    {
        ParameterOperator.Default => "-"u8,
        ParameterOperator.DefaultIfEmpty => ":-"u8,
        ParameterOperator.Assign => "="u8,
        ParameterOperator.AssignIfEmpty => ":="u8,
        ParameterOperator.Error => "?"u8,
        ParameterOperator.ErrorIfEmpty => ":?"u8,
        ParameterOperator.Alternative => "+"u8,
        ParameterOperator.AlternativeIfEmpty => ":+"u8,
        ParameterOperator.RemoveShortestPrefix => "#"u8,
        ParameterOperator.RemoveLongestPrefix => "##"u8,
        ParameterOperator.RemoveShortestSuffix => "%"u8,
        ParameterOperator.RemoveLongestSuffix => "%%"u8,
        ParameterOperator.Replace => "/"u8,
        ParameterOperator.ReplaceAll => "//"u8,
        ParameterOperator.Substring => ":"u8,
        ParameterOperator.UpperFirst => "^"u8,
        ParameterOperator.UpperAll => "^^"u8,
        ParameterOperator.LowerFirst => ","u8,
        ParameterOperator.LowerAll => ",,"u8,
        ParameterOperator.ToggleFirst => "~"u8,
        ParameterOperator.ToggleAll => "~~"u8,
        ParameterOperator.Transform => "@"u8,
        _ => ""u8,
    };
}
