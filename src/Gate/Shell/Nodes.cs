using Gate.Text;

namespace Gate.Shell;

// Reading guide: the whole syntax tree of a shell text on this page; there is no second form of tree.
//   script → statements → commands → words → parts. A part may hold a script again (substitutions), so that is the cycle.
// Every node carries the span it was read from, in bytes of the source it was read from. That source is the one handed to the
// parser, except below a Backquote, whose own Source says which text its script points into.
// Missing things are null or empty arrays; a tree returned beside an error may have empty parts where the text broke off.
// Adding a kind: an arm in Walk.cs, Print.cs and Dump.cs, and a file in tests/corpus/shell/ok. A test counts them.

/// <summary>Every kind of node there is. Closed: <see cref="Walker"/>, the printer and the dump have one arm for each.</summary>
public enum NodeKind : byte
{
    Script, Statement, AndOr, Pipeline,
    SimpleCommand, Subshell, Group, If, IfClause, Loop, For, ArithmeticFor, Case, CaseClause, ArithmeticCommand, Condition, Function, Coprocess,
    Assignment, Redirect, HereDocument, Word,
    ConditionLogic, ConditionNot, ConditionParentheses, ConditionUnary, ConditionBinary, ConditionWord,
    Literal, Escape, Continuation, SingleQuoted, AnsiQuoted, DoubleQuoted, Parameter, CommandSubstitution, Backquote, Arithmetic,
    ProcessSubstitution, Glob, ExtendedGlob, Subscript, ArrayLiteral, Unread,
}

/// <summary>A piece of syntax: what it is and which bytes it was read from.</summary>
public abstract class Node(NodeKind kind, Span span)
{
    public readonly NodeKind Kind = kind;
    public readonly Span Span = span;
}

// ---- lists -------------------------------------------------------------------------------------------------------------

/// <summary>A list of statements: a whole text, the inside of a substitution, or the body of a compound command. May be empty.</summary>
public sealed class Script(Span span, Statement[] statements) : Node(NodeKind.Script, span)
{
    public readonly Statement[] Statements = statements;
}

/// <summary>One command of a list and how it ends: <c>&amp;</c> sends it to the background, all else waits for it.</summary>
public sealed class Statement(Span span, Command command, bool background) : Node(NodeKind.Statement, span)
{
    public readonly Command Command = command;
    public readonly bool Background = background;
}

/// <summary>Anything that can stand where a command stands. Redirections follow compound commands and are mixed into simple ones.</summary>
public abstract class Command(NodeKind kind, Span span, Redirect[] redirects) : Node(kind, span)
{
    /// <summary>In source order. Always empty for <see cref="AndOr"/>, <see cref="Pipeline"/>, <see cref="Function"/> and <see cref="Coprocess"/>.</summary>
    public readonly Redirect[] Redirects = redirects;
}

/// <summary><c>a &amp;&amp; b || c</c>, left to right: <c>Or[i]</c> says whether <c>||</c> stands between operand i and i+1.</summary>
public sealed class AndOr(Span span, Command[] operands, bool[] or) : Command(NodeKind.AndOr, span, [])
{
    public readonly Command[] Operands = operands;
    public readonly bool[] Or = or;
}

/// <summary>What may stand before a pipeline, each as often as one likes.</summary>
public enum PipelinePrefix : byte { Not, Time, TimePosix }

/// <summary><c>! time a | b |&amp; c</c>: <c>WithErrors[i]</c> says whether <c>|&amp;</c> stands between command i and i+1.</summary>
public sealed class Pipeline(Span span, PipelinePrefix[] prefixes, Command[] commands, bool[] withErrors) : Command(NodeKind.Pipeline, span, [])
{
    public readonly PipelinePrefix[] Prefixes = prefixes;

    /// <summary>Empty only for a bare <c>!</c> or <c>time</c>.</summary>
    public readonly Command[] Commands = commands;
    public readonly bool[] WithErrors = withErrors;
}

// ---- commands ----------------------------------------------------------------------------------------------------------

/// <summary><c>NAME=value… word…</c> with redirections anywhere in between. Assignments after the first word are plain words.</summary>
public sealed class SimpleCommand(Span span, Assignment[] assignments, Word[] words, Redirect[] redirects) : Command(NodeKind.SimpleCommand, span, redirects)
{
    public readonly Assignment[] Assignments = assignments;
    public readonly Word[] Words = words;
}

/// <summary><c>( … )</c></summary>
public sealed class Subshell(Span span, Script body, Redirect[] redirects) : Command(NodeKind.Subshell, span, redirects)
{
    public readonly Script Body = body;
}

/// <summary><c>{ …; }</c></summary>
public sealed class Group(Span span, Script body, Redirect[] redirects) : Command(NodeKind.Group, span, redirects)
{
    public readonly Script Body = body;
}

/// <summary><c>if … then … elif … then … else … fi</c></summary>
public sealed class If(Span span, IfClause[] clauses, Script? otherwise, Redirect[] redirects) : Command(NodeKind.If, span, redirects)
{
    public readonly IfClause[] Clauses = clauses;
    public readonly Script? Otherwise = otherwise;
}

/// <summary>One condition and its body: <c>if</c> or <c>elif</c> … <c>then</c> ….</summary>
public sealed class IfClause(Span span, Script condition, Script body) : Node(NodeKind.IfClause, span)
{
    public readonly Script Condition = condition;
    public readonly Script Body = body;
}

/// <summary><c>while</c> or <c>until</c> … <c>do</c> … <c>done</c></summary>
public sealed class Loop(Span span, bool until, Script condition, Script body, Redirect[] redirects) : Command(NodeKind.Loop, span, redirects)
{
    public readonly bool Until = until;
    public readonly Script Condition = condition;
    public readonly Script Body = body;
}

/// <summary><c>for</c> or <c>select</c> NAME [<c>in</c> words]<c>;</c> <c>do</c> … <c>done</c> (or <c>{ … }</c>). Without <c>in</c> it runs over <c>"$@"</c>.</summary>
public sealed class For(Span span, bool select, Word name, Word[]? words, Script body, Redirect[] redirects) : Command(NodeKind.For, span, redirects)
{
    public readonly bool Select = select;
    public readonly Word Name = name;
    public readonly Word[]? Words = words;
    public readonly Script Body = body;
}

/// <summary><c>for (( init; test; step )); do … done</c>: always three expressions, any of them empty.</summary>
public sealed class ArithmeticFor(Span span, Word[] expressions, Script body, Redirect[] redirects) : Command(NodeKind.ArithmeticFor, span, redirects)
{
    public readonly Word[] Expressions = expressions;
    public readonly Script Body = body;
}

/// <summary><c>case WORD in … esac</c></summary>
public sealed class Case(Span span, Word subject, CaseClause[] clauses, Redirect[] redirects) : Command(NodeKind.Case, span, redirects)
{
    public readonly Word Subject = subject;
    public readonly CaseClause[] Clauses = clauses;
}

/// <summary>How a clause of <c>case</c> ends: <c>;;</c> (or nothing, before <c>esac</c>), <c>;&amp;</c>, <c>;;&amp;</c>.</summary>
public enum CaseTerminator : byte { Break, FallThrough, TestNext }

/// <summary><c>pattern | pattern ) … ;;</c></summary>
public sealed class CaseClause(Span span, Word[] patterns, Script body, CaseTerminator terminator) : Node(NodeKind.CaseClause, span)
{
    public readonly Word[] Patterns = patterns;
    public readonly Script Body = body;
    public readonly CaseTerminator Terminator = terminator;
}

/// <summary><c>(( expression ))</c></summary>
public sealed class ArithmeticCommand(Span span, Word expression, Redirect[] redirects) : Command(NodeKind.ArithmeticCommand, span, redirects)
{
    public readonly Word Expression = expression;
}

/// <summary><c>[[ expression ]]</c></summary>
public sealed class Condition(Span span, Node expression, Redirect[] redirects) : Command(NodeKind.Condition, span, redirects)
{
    public readonly Node Expression = expression;
}

/// <summary><c>NAME () body</c> or <c>function NAME body</c>. The body is a compound command and carries its own redirections.</summary>
public sealed class Function(Span span, Word name, bool keyword, Command body) : Command(NodeKind.Function, span, [])
{
    public readonly Word Name = name;

    /// <summary>Whether it was written with the word <c>function</c>.</summary>
    public readonly bool Keyword = keyword;
    public readonly Command Body = body;
}

/// <summary><c>coproc [NAME] command</c>; a name only before a compound command.</summary>
public sealed class Coprocess(Span span, Word? name, Command command) : Command(NodeKind.Coprocess, span, [])
{
    public readonly Word? Name = name;
    public readonly Command Command = command;
}

// ---- pieces of commands ------------------------------------------------------------------------------------------------

/// <summary><c>NAME=value</c>, <c>NAME+=value</c>, <c>NAME[subscript]=value</c>, <c>NAME=( … )</c> before the command word.</summary>
public sealed class Assignment(Span span, Span name, Subscript? subscript, bool append, Word value) : Node(NodeKind.Assignment, span)
{
    /// <summary>The name as written: a name broken over lines still has its <c>\</c> and newline in it.</summary>
    public readonly Span Name = name;
    public readonly Subscript? Subscript = subscript;
    public readonly bool Append = append;

    /// <summary>May have no parts (<c>A=</c>); an array value is a word with one <see cref="ArrayLiteral"/> part.</summary>
    public readonly Word Value = value;
}

/// <summary>The redirection operators. <c>&amp;&gt;</c> and <c>&amp;&gt;&gt;</c> take no descriptor; the rest may.</summary>
public enum RedirectOperator : byte
{
    Read, Write, Append, Clobber, ReadWrite, DuplicateIn, DuplicateOut, WriteBoth, AppendBoth, HereString, HereDocument, HereDocumentTabs,
}

/// <summary>One redirection. <c>n&gt;&amp;-</c> has the target <c>-</c>.</summary>
public sealed class Redirect(Span span, RedirectOperator op, int descriptor, Span? variable, Word target) : Node(NodeKind.Redirect, span)
{
    public readonly RedirectOperator Operator = op;

    /// <summary>The number before the operator, or -1 for the operator's own.</summary>
    public readonly int Descriptor = descriptor;

    /// <summary>The variable in <c>{variable}&gt;</c>, without the braces.</summary>
    public readonly Span? Variable = variable;

    /// <summary>File, descriptor, string or here-document delimiter, as written.</summary>
    public readonly Word Target = target;

    /// <summary>Set once the line with the redirection has ended; null for other operators and where the text broke off.</summary>
    public HereDocument? Document { get; internal set; }
}

/// <summary>The body of a here-document. The span covers the body only, not the delimiter line.</summary>
public sealed class HereDocument(Span span, byte[] delimiter, bool quoted, bool terminated, Word body) : Node(NodeKind.HereDocument, span)
{
    /// <summary>The delimiter after quote removal.</summary>
    public readonly byte[] Delimiter = delimiter;

    /// <summary>Any quoting in the delimiter: the body is taken as it is, one literal.</summary>
    public readonly bool Quoted = quoted;

    /// <summary>False where the text ended first; bash warns and goes on.</summary>
    public readonly bool Terminated = terminated;

    /// <summary>The text with its expansions. Under <c>&lt;&lt;-</c> leading tabs are still in it.</summary>
    public readonly Word Body = body;
}

/// <summary>A word: its parts, in order, cover its span without gaps. Has no parts where the empty string was written by leaving it out.</summary>
public sealed class Word(Span span, Part[] parts, int equals) : Node(NodeKind.Word, span)
{
    public readonly Part[] Parts = parts;

    /// <summary>
    /// The offset of the <c>=</c> when the word looks like <c>name=…</c>, <c>name+=…</c> or <c>name[…]=…</c> (arguments of
    /// declare, export, env, dd …), else -1. A part always begins right after it.
    /// </summary>
    public readonly int EqualsAt = equals;
}

// ---- [[ … ]] -----------------------------------------------------------------------------------------------------------

/// <summary><c>a &amp;&amp; b &amp;&amp; c</c> or <c>a || b || c</c> inside <c>[[ ]]</c>.</summary>
public sealed class ConditionLogic(Span span, bool or, Node[] terms) : Node(NodeKind.ConditionLogic, span)
{
    public readonly bool Or = or;
    public readonly Node[] Terms = terms;
}

/// <summary><c>! term</c>; <see cref="Count"/> of them in a row.</summary>
public sealed class ConditionNot(Span span, int count, Node term) : Node(NodeKind.ConditionNot, span)
{
    public readonly int Count = count;
    public readonly Node Term = term;
}

/// <summary><c>( expression )</c></summary>
public sealed class ConditionParentheses(Span span, Node expression) : Node(NodeKind.ConditionParentheses, span)
{
    public readonly Node Expression = expression;
}

/// <summary><c>-f word</c></summary>
public sealed class ConditionUnary(Span span, Span op, Word operand) : Node(NodeKind.ConditionUnary, span)
{
    public readonly Span Operator = op;
    public readonly Word Operand = operand;
}

/// <summary><c>left == right</c>. The right side of <c>=~</c> is a word read with the rules for regular expressions.</summary>
public sealed class ConditionBinary(Span span, Word left, Span op, Word right) : Node(NodeKind.ConditionBinary, span)
{
    public readonly Word Left = left;
    public readonly Span Operator = op;
    public readonly Word Right = right;
}

/// <summary>A lone word: true when it is not empty.</summary>
public sealed class ConditionWord(Span span, Word word) : Node(NodeKind.ConditionWord, span)
{
    public readonly Word Word = word;
}

// ---- parts of words ----------------------------------------------------------------------------------------------------

/// <summary>A piece of a word.</summary>
public abstract class Part(NodeKind kind, Span span) : Node(kind, span);

/// <summary>Bytes that stand for themselves; tildes and braces are still in them, and <c>*?[</c> where no file names are made.</summary>
public sealed class Literal(Span span) : Part(NodeKind.Literal, span);

/// <summary>A backslash and the byte it quotes.</summary>
public sealed class Escape(Span span) : Part(NodeKind.Escape, span);

/// <summary>A backslash and a newline: nothing at all.</summary>
public sealed class Continuation(Span span) : Part(NodeKind.Continuation, span);

/// <summary><c>'…'</c>: the span has both quotes.</summary>
public sealed class SingleQuoted(Span span) : Part(NodeKind.SingleQuoted, span);

/// <summary><c>$'…'</c>: backslash escapes as in C; <see cref="AnsiQuote"/> decodes them.</summary>
public sealed class AnsiQuoted(Span span) : Part(NodeKind.AnsiQuoted, span);

/// <summary><c>"…"</c>, or <c>$"…"</c> where <see cref="Locale"/>.</summary>
public sealed class DoubleQuoted(Span span, bool locale, Part[] parts) : Part(NodeKind.DoubleQuoted, span)
{
    public readonly bool Locale = locale;
    public readonly Part[] Parts = parts;
}

/// <summary>What a parameter expansion does with the value. A doubled operator (<c>##</c>, <c>//</c>, <c>^^</c>) has a kind of its own.</summary>
public enum ParameterOperator : byte
{
    None, Default, DefaultIfEmpty, Assign, AssignIfEmpty, Error, ErrorIfEmpty, Alternative, AlternativeIfEmpty,
    RemoveShortestPrefix, RemoveLongestPrefix, RemoveShortestSuffix, RemoveLongestSuffix, Replace, ReplaceAll, Substring,
    UpperFirst, UpperAll, LowerFirst, LowerAll, ToggleFirst, ToggleAll, Transform, NamesWithPrefix,
}

/// <summary>
/// <c>$name</c>, <c>${name}</c>, <c>${#name[sub]}</c>, <c>${!name}</c>, <c>${name op word}</c>. Bash finds out while it runs whether the
/// inside makes sense, so a senseless one is <see cref="Malformed"/> and has its text as <see cref="Argument"/>.
/// </summary>
public sealed class Parameter(Span span, bool braced, Span name) : Part(NodeKind.Parameter, span)
{
    public readonly bool Braced = braced;

    /// <summary>A name, a number or one of <c>@*#?-$!</c>.</summary>
    public readonly Span Name = name;

    public bool Length { get; internal set; }
    public bool Indirect { get; internal set; }
    public bool Malformed { get; internal set; }
    public Subscript? Subscript { get; internal set; }
    public ParameterOperator Operator { get; internal set; }

    /// <summary>The word after the operator: default, pattern, offset, or the letter of <c>@Q</c>.</summary>
    public Word? Argument { get; internal set; }

    /// <summary>The replacement of <c>/</c>, or the length of a substring.</summary>
    public Word? Second { get; internal set; }
}

/// <summary><c>$( … )</c></summary>
public sealed class CommandSubstitution(Span span, Script body) : Part(NodeKind.CommandSubstitution, span)
{
    public readonly Script Body = body;

    /// <summary>Only for <c>$((…</c> that is no arithmetic: bash parses it when it runs, so what is wrong in it is unknown, not refused.</summary>
    public Problem? Problem { get; internal set; }
}

/// <summary><c>`…`</c>: parsed by bash only when it runs, so a mistake inside is kept here and the text goes on.</summary>
public sealed class Backquote(Span span, SourceText source, bool inDoubleQuotes, Script body, Problem? problem) : Part(NodeKind.Backquote, span)
{
    /// <summary>Whether it stands in double quotes, where <c>\"</c> is unescaped as well.</summary>
    public readonly bool InDoubleQuotes = inDoubleQuotes;

    /// <summary>The text that the spans of <see cref="Body"/> and <see cref="Problem"/> point into: the outer text itself where nothing had to be unescaped.</summary>
    public readonly SourceText Source = source;
    public readonly Script Body = body;
    public readonly Problem? Problem = problem;

    /// <summary>Whether a backslash before this byte is dropped before the text between backquotes is parsed.</summary>
    public static bool Unescapes(byte next, bool inDoubleQuotes) =>
        next is (byte)'`' or (byte)'\\' or (byte)'$' || (inDoubleQuotes && next == (byte)'"');
}

/// <summary><c>$(( … ))</c>, or the old <c>$[ … ]</c> where <see cref="Legacy"/>: the text with its expansions.</summary>
public sealed class Arithmetic(Span span, bool legacy, Word expression) : Part(NodeKind.Arithmetic, span)
{
    public readonly bool Legacy = legacy;
    public readonly Word Expression = expression;
}

/// <summary><c>&lt;( … )</c>, or <c>&gt;( … )</c> where <see cref="Output"/>.</summary>
public sealed class ProcessSubstitution(Span span, bool output, Script body) : Part(NodeKind.ProcessSubstitution, span)
{
    public readonly bool Output = output;
    public readonly Script Body = body;

    /// <summary>As for <see cref="CommandSubstitution.Problem"/>.</summary>
    public Problem? Problem { get; internal set; }
}

/// <summary>One unquoted byte of <c>*</c>, <c>?</c>, <c>[</c>: the word may stand for file names. The rest of a bracket is literal.</summary>
public sealed class Glob(Span span) : Part(NodeKind.Glob, span);

/// <summary><c>@(a|b)</c>, <c>!(…)</c>, <c>?(…)</c>, <c>*(…)</c>, <c>+(…)</c>; also a parenthesis in a regular expression, whose <see cref="Operator"/> is 0.</summary>
public sealed class ExtendedGlob(Span span, byte op, Word[] alternatives) : Part(NodeKind.ExtendedGlob, span)
{
    public readonly byte Operator = op;
    public readonly Word[] Alternatives = alternatives;
}

/// <summary><c>[ … ]</c> after a name, the brackets in the span.</summary>
public sealed class Subscript(Span span, Word index) : Part(NodeKind.Subscript, span)
{
    public readonly Word Index = index;
}

/// <summary><c>( word… )</c> after <c>name=</c>. An element <c>[k]=v</c> begins with a <see cref="Subscript"/> part.</summary>
public sealed class ArrayLiteral(Span span, Word[] elements) : Part(NodeKind.ArrayLiteral, span)
{
    public readonly Word[] Elements = elements;
}

/// <summary>Text that bash would only look at when it runs and that could not be read: unknown, with the reason.</summary>
public sealed class Unread(Span span, Problem problem) : Part(NodeKind.Unread, span)
{
    public readonly Problem Problem = problem;
}
