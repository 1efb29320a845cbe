using System;
using Gate.Shell;
using Gate.Text;

namespace Gate.Fuzz;

/// <summary>
/// Spans lie inside the text, children inside parents, and the parts of a word cover it without gaps. Two things lie outside their parents
/// by nature: the body of a here-document, and whatever follows a newline behind which a body was already taken.
/// </summary>
public sealed class SpanCheck : Walker
{
    private bool _complete;
    private SourceText _source;
    private Span _parent;
    private string? _violated;

    /// <summary>With here-documents anywhere in the text, containment and gaps are not checked.</summary>
    private bool _documents;

    private SpanCheck(SourceText source, bool complete)
    {
        _source = source;
        _complete = complete;
    }

    public static string? Violated(SourceText source, Script script, bool complete)
    {
        var documents = new DocumentFinder();
        documents.Walk(script);
        var check = new SpanCheck(source, complete) { _parent = new Span(0, source.Length), _documents = documents.Found };
        check.Walk(script);
        return check._violated;
    }

    protected override bool Enter(Node node)
    {
        Span span = node.Span, outer = _parent;
        if (span.Start < 0 || span.Length < 0 || span.End > _source.Length)
        {
            _violated ??= $"{node.Kind} at {span} is outside the text of {_source.Length} bytes";
            return false;
        }

        if (_complete && !_documents && (span.Start < outer.Start || span.End > outer.End))
        {
            _violated ??= $"{node.Kind} at {span} is outside its parent at {outer}";
        }

        if (node is Word word && _complete && !_documents)
        {
            Cover(word);
        }

        // Below a mistake that bash would find only when it runs, the tree has stand-ins where the text broke off.
        if (node is CommandSubstitution { Problem: not null } or ProcessSubstitution { Problem: not null })
        {
            return false;
        }

        _parent = span;
        if (node is Backquote backquote)
        {
            SourceText source = _source;
            if (backquote.Source != source)
            {
                _source = backquote.Source;
                _parent = new Span(0, _source.Length);
            }

            bool complete = _complete;
            _complete &= backquote.Problem == null;
            Walk(backquote.Body);
            _complete = complete;
            _source = source;
            _parent = outer;
            return false;
        }

        _stack[_depth++ % _stack.Length] = outer;
        return true;
    }

    private readonly Span[] _stack = new Span[8192];
    private int _depth;

    protected override void Leave(Node node) => _parent = _stack[--_depth % _stack.Length];

    private void Cover(Word word)
    {
        int at = word.Span.Start;
        foreach (Part part in word.Parts)
        {
            if (part.Span.Start != at)
            {
                _violated ??= $"a gap at {at} in the word at {word.Span}";
            }

            at = part.Span.End;
        }

        if (at != word.Span.End)
        {
            _violated ??= $"parts end at {at} in the word at {word.Span}";
        }
    }

    private sealed class DocumentFinder : Walker
    {
        public bool Found { get; private set; }

        protected override bool Enter(Node node)
        {
            Found |= node.Kind == NodeKind.HereDocument;
            return true;
        }
    }
}
