using System;
using System.Collections.Generic;
using Gate.Text;

namespace Gate.Shell;

// Reading guide: tree → text that parses to the same tree. Layout is normalised (one statement per line, four spaces), words are printed
// from their parts, so what the tree does not hold is lost and the round trip tests show it. Printed as they were written: backquotes,
// here-document bodies, and what was not read (Malformed, Unread, scripts with a Problem).
// Not kept: a here-document whose delimiter has a newline in it, which can end only with the text.

/// <summary>Prints a tree as a shell text.</summary>
public sealed partial class Printer
{
    private readonly SourceText _source;
    private readonly Bytes _out = new();
    private readonly List<Redirect> _documents = [];
    private int _documentsBase, _indent;

    private Printer(SourceText source) => _source = source;

    /// <summary>The text of a tree without errors.</summary>
    /// <param name="source">The text that the tree was read from.</param>
    /// <param name="script">The tree.</param>
    public static byte[] Print(SourceText source, Script script)
    {
        var printer = new Printer(source);
        printer.Lines(script);
        return printer._out.ToArray();
    }

    private void Source(Span span) => _out.Add(_source.Slice(span));

    // ---- lines and lists -----------------------------------------------------------------------------------------------

    private void NewLine()
    {
        _out.Add((byte)'\n');
        for (int i = _documentsBase; i < _documents.Count; i++)
        {
            if (_documents[i].Document is { } document)
            {
                Source(document.Span);
                if (_out.Last != (byte)'\n')
                {
                    _out.Add((byte)'\n');
                }

                _out.Add(document.Delimiter);
                _out.Add((byte)'\n');
            }
        }

        _documents.RemoveRange(_documentsBase, _documents.Count - _documentsBase);
    }

    private void Indent()
    {
        for (int i = 0; i < _indent; i++)
        {
            _out.Add("    "u8);
        }
    }

    private void Lines(Script script)
    {
        foreach (Statement statement in script.Statements)
        {
            Indent();
            Statement(statement);
            NewLine();
        }
    }

    /// <summary>A body on lines of its own, and what comes behind it at the start of the next line.</summary>
    private void Block(Script body, ReadOnlySpan<byte> end)
    {
        NewLine();
        _indent++;
        Lines(body);
        _indent--;
        Indent();
        _out.Add(end);
    }

    private void Statement(Statement statement)
    {
        Node(statement.Command);
        if (statement.Background)
        {
            _out.Add(" &"u8);
        }
    }

    /// <summary>The inside of a substitution: on one line only when it is one simple command without a here-document.</summary>
    private void Substitution(Script body)
    {
        int outer = _documentsBase, indent = _indent;
        _documentsBase = _documents.Count;
        _indent = 0;
        if (body.Statements.Length == 1 && body.Statements[0].Command is SimpleCommand command && Array.TrueForAll(command.Redirects, r => r.Document == null))
        {
            Statement(body.Statements[0]);
        }
        else if (body.Statements.Length > 0)
        {
            if (NeedsNewLine(body.Statements[0].Command))
            {
                NewLine();
            }

            Lines(body);
        }

        _documentsBase = outer;
        _indent = indent;
        _out.Add((byte)')');
    }

    /// <summary>Right behind <c>$(</c> a parenthesis would make it arithmetic, and bash 5.2 does not know <c>time</c> as a reserved word there.</summary>
    private static bool NeedsNewLine(Command first) => first switch
    {
        AndOr list => NeedsNewLine(list.Operands[0]),
        Pipeline { Prefixes.Length: 0 } pipeline => NeedsNewLine(pipeline.Commands[0]),
        Pipeline pipeline => pipeline.Prefixes[0] != PipelinePrefix.Not,
        Subshell or ArithmeticCommand => true,
        _ => false,
    };

    private void Join(Node[] nodes, ReadOnlySpan<byte> between)
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            if (i > 0)
            {
                _out.Add(between);
            }

            Node(nodes[i]);
        }
    }

    // ---- every kind of node --------------------------------------------------------------------------------------------

    private void Node(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Script:
                Lines((Script)node);
                break;
            case NodeKind.Statement:
                Statement((Statement)node);
                break;
            case NodeKind.AndOr:
                Chain(((AndOr)node).Operands, ((AndOr)node).Or, " && "u8, " || "u8);
                break;
            case NodeKind.Pipeline:
                var pipeline = (Pipeline)node;
                foreach (PipelinePrefix prefix in pipeline.Prefixes)
                {
                    // The dashes keep an option of the command from being read as one of `time`.
                    _out.Add(prefix == PipelinePrefix.Not ? "! "u8 : prefix == PipelinePrefix.Time ? "time -- "u8 : "time -p -- "u8);
                }

                Chain(pipeline.Commands, pipeline.WithErrors, " | "u8, " |& "u8);
                break;
            case NodeKind.SimpleCommand:
                Simple((SimpleCommand)node);
                break;
            case NodeKind.Subshell:
                _out.Add((byte)'(');
                Block(((Subshell)node).Body, ")"u8);
                break;
            case NodeKind.Group:
                _out.Add((byte)'{');
                Block(((Group)node).Body, "}"u8);
                break;
            case NodeKind.If:
                PrintIf((If)node);
                break;
            case NodeKind.IfClause:
                Block(((IfClause)node).Condition, "then"u8);
                Block(((IfClause)node).Body, ""u8);
                break;
            case NodeKind.Loop:
                _out.Add(((Loop)node).Until ? "until"u8 : "while"u8);
                Block(((Loop)node).Condition, "do"u8);
                Block(((Loop)node).Body, "done"u8);
                break;
            case NodeKind.For:
                PrintFor((For)node);
                break;
            case NodeKind.ArithmeticFor:
                _out.Add("for (("u8);
                Join(((ArithmeticFor)node).Expressions, ";"u8);
                _out.Add(")); do"u8);
                Block(((ArithmeticFor)node).Body, "done"u8);
                break;
            case NodeKind.Case:
                PrintCase((Case)node);
                break;
            case NodeKind.CaseClause:
                PrintClause((CaseClause)node);
                break;
            case NodeKind.ArithmeticCommand:
                _out.Add("(("u8);
                Node(((ArithmeticCommand)node).Expression);
                _out.Add("))"u8);
                break;
            case NodeKind.Condition:
                _out.Add("[[ "u8);
                Node(((Condition)node).Expression);
                _out.Add(" ]]"u8);
                break;
            case NodeKind.Function:
                _out.Add(((Function)node).Keyword ? "function "u8 : ""u8);
                Node(((Function)node).Name);
                _out.Add(" () "u8);
                Node(((Function)node).Body);
                break;
            case NodeKind.Coprocess:
                _out.Add("coproc "u8);
                if (((Coprocess)node).Name is { } name)
                {
                    Node(name);
                    _out.Add((byte)' ');
                }

                Node(((Coprocess)node).Command);
                break;
            case NodeKind.Redirect:
                PrintRedirect((Redirect)node);
                break;
            case NodeKind.HereDocument:
                Source(node.Span);
                break;
            default:
                if (!Condition(node))
                {
                    WordOrPart(node);
                }

                break;
        }

        if (node is Command command and not SimpleCommand)
        {
            foreach (Redirect redirect in command.Redirects)
            {
                _out.Add((byte)' ');
                PrintRedirect(redirect);
            }
        }
    }

    private void Chain(Command[] commands, bool[] second, ReadOnlySpan<byte> first, ReadOnlySpan<byte> other)
    {
        for (int i = 0; i < commands.Length; i++)
        {
            if (i > 0)
            {
                _out.Add(second[i - 1] ? other : first);
            }

            Node(commands[i]);
        }
    }

    private void Simple(SimpleCommand command)
    {
        int a = 0, w = 0, r = 0;
        bool first = true;
        while (a < command.Assignments.Length || w < command.Words.Length || r < command.Redirects.Length)
        {
            int assignment = a < command.Assignments.Length ? command.Assignments[a].Span.Start : int.MaxValue;
            int word = w < command.Words.Length ? command.Words[w].Span.Start : int.MaxValue;
            int redirect = r < command.Redirects.Length ? command.Redirects[r].Span.Start : int.MaxValue;
            _out.Add(first ? ""u8 : " "u8);
            first = false;
            Node(assignment < word && assignment < redirect ? command.Assignments[a++] : word < redirect ? command.Words[w++] : command.Redirects[r++]);
        }
    }

    private void PrintIf(If node)
    {
        for (int i = 0; i < node.Clauses.Length; i++)
        {
            _out.Add(i == 0 ? "if"u8 : "elif"u8);
            Node(node.Clauses[i]);
        }

        if (node.Otherwise != null)
        {
            _out.Add("else"u8);
            Block(node.Otherwise, ""u8);
        }

        _out.Add("fi"u8);
    }

    private void PrintFor(For node)
    {
        _out.Add(node.Select ? "select "u8 : "for "u8);
        Node(node.Name);
        if (node.Words != null)
        {
            _out.Add(" in"u8);
            foreach (Word word in node.Words)
            {
                _out.Add((byte)' ');
                Node(word);
            }
        }

        _out.Add("; do"u8);
        Block(node.Body, "done"u8);
    }

    private void PrintCase(Case node)
    {
        _out.Add("case "u8);
        Node(node.Subject);
        _out.Add(" in"u8);
        NewLine();
        foreach (CaseClause clause in node.Clauses)
        {
            Indent();
            Node(clause);
            NewLine();
        }

        Indent();
        _out.Add("esac"u8);
    }

    private void PrintClause(CaseClause clause)
    {
        // The parenthesis makes `esac` a pattern like any other.
        _out.Add((byte)'(');
        Join(clause.Patterns, " | "u8);
        _out.Add((byte)')');
        Block(clause.Body, clause.Terminator == CaseTerminator.Break ? ";;"u8 : clause.Terminator == CaseTerminator.FallThrough ? ";&"u8 : ";;&"u8);
    }

    private void PrintRedirect(Redirect redirect)
    {
        if (redirect.Descriptor >= 0)
        {
            _out.Add(redirect.Descriptor.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (redirect.Variable is { } variable)
        {
            _out.Add((byte)'{');
            Source(variable);
            _out.Add((byte)'}');
        }

        _out.Add(Text(redirect.Operator));
        _out.Add((byte)' ');
        Node(redirect.Target);
        if (redirect.Document != null)
        {
            _documents.Add(redirect);
        }
    }

    internal static ReadOnlySpan<byte> Text(RedirectOperator op) => op switch
    {
        RedirectOperator.Read => "<"u8,
        RedirectOperator.Write => ">"u8,
        RedirectOperator.Append => ">>"u8,
        RedirectOperator.Clobber => ">|"u8,
        RedirectOperator.ReadWrite => "<>"u8,
        RedirectOperator.DuplicateIn => "<&"u8,
        RedirectOperator.DuplicateOut => ">&"u8,
        RedirectOperator.WriteBoth => "&>"u8,
        RedirectOperator.AppendBoth => "&>>"u8,
        RedirectOperator.HereString => "<<<"u8,
        RedirectOperator.HereDocument => "<<"u8,
        _ => "<<-"u8,
    };

    private bool Condition(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.ConditionLogic:
                Join(((ConditionLogic)node).Terms, ((ConditionLogic)node).Or ? " || "u8 : " && "u8);
                return true;
            case NodeKind.ConditionNot:
                for (int i = 0; i < ((ConditionNot)node).Count; i++)
                {
                    _out.Add("! "u8);
                }

                Node(((ConditionNot)node).Term);
                return true;
            case NodeKind.ConditionParentheses:
                _out.Add("( "u8);
                Node(((ConditionParentheses)node).Expression);
                _out.Add(" )"u8);
                return true;
            case NodeKind.ConditionUnary:
                Source(((ConditionUnary)node).Operator);
                _out.Add((byte)' ');
                Node(((ConditionUnary)node).Operand);
                return true;
            case NodeKind.ConditionBinary:
                Node(((ConditionBinary)node).Left);
                _out.Add((byte)' ');
                Source(((ConditionBinary)node).Operator);
                _out.Add((byte)' ');
                Node(((ConditionBinary)node).Right);
                return true;
            case NodeKind.ConditionWord:
                Node(((ConditionWord)node).Word);
                return true;
            default:
                return false;
        }
    }
}
