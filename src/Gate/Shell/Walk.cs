using System;

namespace Gate.Shell;

// Reading guide: one walk over the whole tree, in source order, with one arm per kind and a default that throws: a kind without an
// arm is a defect that a test must find, not a piece of a command that nobody looks at.

/// <summary>
/// Visits every node below one, parents before children, children in source order. Recursion is bounded by
/// <see cref="ShellLimits.Nesting"/>. Spans below a <see cref="Backquote"/> point into its own source.
/// </summary>
public abstract class Walker
{
    /// <summary>Called for each node before its children; false leaves them out.</summary>
    protected abstract bool Enter(Node node);

    /// <summary>Called for each node after its children, unless they were left out.</summary>
    protected virtual void Leave(Node node)
    {
    }

    /// <summary>Walks a node and all below it.</summary>
    /// <exception cref="InvalidOperationException">A kind of node has no arm here: a defect of this file.</exception>
    public void Walk(Node? node)
    {
        if (node == null || !Enter(node))
        {
            return;
        }

        switch (node.Kind)
        {
            case NodeKind.Script:
                All(((Script)node).Statements);
                break;
            case NodeKind.Statement:
                Walk(((Statement)node).Command);
                break;
            case NodeKind.AndOr:
                All(((AndOr)node).Operands);
                break;
            case NodeKind.Pipeline:
                All(((Pipeline)node).Commands);
                break;
            case NodeKind.SimpleCommand:
                Merge((SimpleCommand)node);
                break;
            case NodeKind.Subshell:
                Walk(((Subshell)node).Body);
                break;
            case NodeKind.Group:
                Walk(((Group)node).Body);
                break;
            case NodeKind.If:
                All(((If)node).Clauses);
                Walk(((If)node).Otherwise);
                break;
            case NodeKind.IfClause:
                Walk(((IfClause)node).Condition);
                Walk(((IfClause)node).Body);
                break;
            case NodeKind.Loop:
                Walk(((Loop)node).Condition);
                Walk(((Loop)node).Body);
                break;
            case NodeKind.For:
                Walk(((For)node).Name);
                All(((For)node).Words ?? []);
                Walk(((For)node).Body);
                break;
            case NodeKind.ArithmeticFor:
                All(((ArithmeticFor)node).Expressions);
                Walk(((ArithmeticFor)node).Body);
                break;
            case NodeKind.Case:
                Walk(((Case)node).Subject);
                All(((Case)node).Clauses);
                break;
            case NodeKind.CaseClause:
                All(((CaseClause)node).Patterns);
                Walk(((CaseClause)node).Body);
                break;
            case NodeKind.ArithmeticCommand:
                Walk(((ArithmeticCommand)node).Expression);
                break;
            case NodeKind.Condition:
                Walk(((Condition)node).Expression);
                break;
            case NodeKind.Function:
                Walk(((Function)node).Name);
                Walk(((Function)node).Body);
                break;
            case NodeKind.Coprocess:
                Walk(((Coprocess)node).Name);
                Walk(((Coprocess)node).Command);
                break;
            case NodeKind.Assignment:
                Walk(((Assignment)node).Subscript);
                Walk(((Assignment)node).Value);
                break;
            case NodeKind.Redirect:
                Walk(((Redirect)node).Target);
                Walk(((Redirect)node).Document);
                break;
            case NodeKind.HereDocument:
                Walk(((HereDocument)node).Body);
                break;
            case NodeKind.Word:
                All(((Word)node).Parts);
                break;
            case NodeKind.ConditionLogic:
                All(((ConditionLogic)node).Terms);
                break;
            case NodeKind.ConditionNot:
                Walk(((ConditionNot)node).Term);
                break;
            case NodeKind.ConditionParentheses:
                Walk(((ConditionParentheses)node).Expression);
                break;
            case NodeKind.ConditionUnary:
                Walk(((ConditionUnary)node).Operand);
                break;
            case NodeKind.ConditionBinary:
                Walk(((ConditionBinary)node).Left);
                Walk(((ConditionBinary)node).Right);
                break;
            case NodeKind.ConditionWord:
                Walk(((ConditionWord)node).Word);
                break;
            case NodeKind.DoubleQuoted:
                All(((DoubleQuoted)node).Parts);
                break;
            case NodeKind.Parameter:
                Walk(((Parameter)node).Subscript);
                Walk(((Parameter)node).Argument);
                Walk(((Parameter)node).Second);
                break;
            case NodeKind.CommandSubstitution:
                Walk(((CommandSubstitution)node).Body);
                break;
            case NodeKind.Backquote:
                Walk(((Backquote)node).Body);
                break;
            case NodeKind.Arithmetic:
                Walk(((Arithmetic)node).Expression);
                break;
            case NodeKind.ProcessSubstitution:
                Walk(((ProcessSubstitution)node).Body);
                break;
            case NodeKind.ExtendedGlob:
                All(((ExtendedGlob)node).Alternatives);
                break;
            case NodeKind.Subscript:
                Walk(((Subscript)node).Index);
                break;
            case NodeKind.ArrayLiteral:
                All(((ArrayLiteral)node).Elements);
                break;
            case NodeKind.Literal or NodeKind.Escape or NodeKind.Continuation or NodeKind.SingleQuoted or NodeKind.AnsiQuoted or NodeKind.Glob or NodeKind.Unread:
                break;
            default:
                throw new InvalidOperationException($"No arm for {node.Kind} in the walk.");
        }

        if (node is Command command and not SimpleCommand)
        {
            All(command.Redirects);
        }

        Leave(node);
    }

    private void All(Node[] nodes)
    {
        foreach (Node node in nodes)
        {
            Walk(node);
        }
    }

    /// <summary>Assignments, words and redirections of a simple command are three arrays, each in order: merge them by offset.</summary>
    private void Merge(SimpleCommand command)
    {
        int a = 0, w = 0, r = 0;
        while (a < command.Assignments.Length || w < command.Words.Length || r < command.Redirects.Length)
        {
            int assignment = a < command.Assignments.Length ? command.Assignments[a].Span.Start : int.MaxValue;
            int word = w < command.Words.Length ? command.Words[w].Span.Start : int.MaxValue;
            int redirect = r < command.Redirects.Length ? command.Redirects[r].Span.Start : int.MaxValue;
            if (assignment < word && assignment < redirect)
            {
                Walk(command.Assignments[a++]);
            }
            else if (word < redirect)
            {
                Walk(command.Words[w++]);
            }
            else
            {
                Walk(command.Redirects[r++]);
            }
        }
    }
}
