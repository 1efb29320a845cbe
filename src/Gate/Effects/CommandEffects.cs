using System;
using Gate.Requests;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

/// <summary>
/// What a shell text does: one effect for each simple command anywhere in its tree (run, with program and words), one for each
/// file that a redirection opens, and an opaque one for what cannot be known.
/// </summary>
internal readonly ref struct CommandEffects(Request request, PathTable paths, EffectList effects)
{
    private readonly PathTable _paths = paths;

    public void Find()
    {
        SourceText text = request.Command!;
        ParseResult parsed = ShellParser.Parse(text);
        Collector collector = new(text);
        collector.Walk(parsed.Partial);
        foreach (Node node in collector.Found)
        {
            if (node is SimpleCommand command)
                AddCommand(command, collector.SourceOf(node));
            else if (node is Redirect redirect)
                AddRedirect(redirect, collector.SourceOf(node));
        }

        if (parsed.Error is Problem problem)
            effects.Add(new Effect { Verb = Verb.Opaque, Kind = Kind.Code, Span = problem.Span, Why = "the command cannot be parsed: " + problem.Message });
        else if (effects.Count == 0)
            effects.Add(Nothing(default));
    }

    private void AddCommand(SimpleCommand command, SourceText source)
    {
        if (command.Words.Length == 0)
        {
            // Only assignments: they change nothing outside this shell.
            effects.Add(Nothing(command.Span));
            return;
        }

        byte[][] words = new byte[command.Words.Length][];
        bool known = true;
        for (int i = 0; i < words.Length; i++)
            words[i] = Literals.TextOf(command.Words[i], source, ref known);
        bool programKnown = true;
        byte[] program = Literals.TextOf(command.Words[0], source, ref programKnown);
        if (!programKnown || program.Length == 0)
        {
            effects.Add(new Effect { Verb = Verb.Opaque, Kind = Kind.Code, Span = command.Span, Words = words, Why = "which program runs is not known" });
            return;
        }

        program = program.AsSpan(program.AsSpan().LastIndexOf((byte)'/') + 1).ToArray();
        byte[][] rest = words.AsSpan(1).ToArray();
        effects.Add(new Effect
        {
            Verb = Verb.Run, Kind = Kind.Code, Program = program, Subcommand = FirstPlain(rest), Words = rest, Span = command.Span,
            Attributes = (known ? Attributes.Known : Attributes.None) | (command.Assignments.Length > 0 ? Attributes.Disguised : Attributes.None),
        });
    }

    // An effect all the same: a call without any would count as unknown.
    private static Effect Nothing(Span span) => new() { Verb = Verb.Read, Kind = Kind.Memory, Target = "shell variables"u8.ToArray(), Span = span };

    private static byte[] FirstPlain(byte[][] words)
    {
        foreach (byte[] word in words)
        {
            if (word.Length > 0 && word[0] != '-')
                return word;
        }

        return [];
    }

    private void AddRedirect(Redirect redirect, SourceText source)
    {
        Verb verb = redirect.Operator switch
        {
            RedirectOperator.Read => Verb.Read,
            RedirectOperator.Write or RedirectOperator.Append or RedirectOperator.Clobber or RedirectOperator.ReadWrite or RedirectOperator.WriteBoth or RedirectOperator.AppendBoth => Verb.Write,
            _ => Verb.None,
        };
        if (verb == Verb.None)
            return;
        bool known = true;
        byte[] written = Literals.TextOf(redirect.Target, source, ref known);
        if (!known)
        {
            effects.Add(new Effect { Verb = verb, Kind = Kind.Path, Class = PathClass.Unknown, Span = redirect.Span, Why = "which file is opened is not known" });
            return;
        }

        PathClass place = _paths.Classify(_paths.Absolute(written, request.Surroundings.Directory), out byte[] resolved, out Attributes attributes);
        effects.Add(new Effect { Verb = verb, Kind = Kind.Path, Class = place, Attributes = attributes, Target = resolved, Span = redirect.Span });
    }

    // Finds commands and redirections wherever they stand, with the text their spans point into.
    private sealed class Collector(SourceText text) : Walker
    {
        private Node[] _found = new Node[8];
        private SourceText[] _sources = new SourceText[8];
        private int _count;
        private SourceText _source = text;
        private SourceText[] _outer = new SourceText[4];
        private int _depth;

        public ReadOnlySpan<Node> Found => _found.AsSpan(0, _count);

        public SourceText SourceOf(Node node) => _sources[Array.IndexOf(_found, node, 0, _count)];

        protected override bool Enter(Node node)
        {
            if (node.Kind is NodeKind.SimpleCommand or NodeKind.Redirect && _count <= EffectList.Maximum)
            {
                if (_count == _found.Length)
                {
                    Array.Resize(ref _found, _count * 2);
                    Array.Resize(ref _sources, _count * 2);
                }

                _found[_count] = node;
                _sources[_count++] = _source;
            }
            else if (node is Backquote backquote)
            {
                if (_depth == _outer.Length)
                    Array.Resize(ref _outer, _depth * 2);
                _outer[_depth++] = _source;
                _source = backquote.Source;
            }

            return true;
        }

        protected override void Leave(Node node)
        {
            if (node is Backquote)
                _source = _outer[--_depth];
        }
    }
}
