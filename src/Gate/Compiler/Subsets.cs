using System.Collections.Generic;
using Gate.Text;

namespace Gate.Compiler;

/// <summary>The subset construction: each state is the set of steps that a text may have led to. A match may begin anywhere in the text.</summary>
internal sealed class Subsets
{
    private readonly RegexSteps _steps;
    private readonly int _start;
    private readonly Dictionary<string, int> _known = [];
    private readonly List<List<int>> _sets = [];

    private Subsets(RegexSteps steps, int start)
    {
        _steps = steps;
        _start = start;
    }

    /// <summary>The empty text matches wherever one looks.</summary>
    public bool AcceptsAtOnce { get; private set; }

    /// <summary>256 next states for each state, or <see cref="Automaton.Accepted"/>, <see cref="Automaton.Dead"/>.</summary>
    public List<int[]> Rows { get; } = [];

    /// <summary>Whether a state accepts when the text ends in it.</summary>
    public List<bool> Ends { get; } = [];

    /// <summary>Null when there are more states than allowed.</summary>
    public static Subsets? Of(RegexSteps steps, int start, int maximum)
    {
        Subsets subsets = new(steps, start);
        int first = subsets.StateOf([start], atStart: true);
        subsets.AcceptsAtOnce = first == Automaton.Accepted;
        for (int state = 0; state < subsets._sets.Count; state++)
        {
            if (subsets._sets.Count > maximum)
                return null;
            subsets.Rows.Add(subsets.RowOf(state));
        }

        return subsets;
    }

    private int[] RowOf(int state)
    {
        // Bytes at which no range begins or ends lead where the byte before leads.
        bool[] cuts = new bool[257];
        foreach (int step in _sets[state])
        {
            if (_steps[step].Kind != RegexSteps.Kind.Bytes)
                continue;
            cuts[_steps[step].From] = true;
            cuts[_steps[step].To + 1] = true;
        }

        int[] row = new int[256];
        for (int b = 0; b < 256; b++)
        {
            if (b > 0 && !cuts[b])
            {
                row[b] = row[b - 1];
                continue;
            }

            List<int> next = [];
            foreach (int step in _sets[state])
            {
                RegexSteps.Step one = _steps[step];
                if (one.Kind == RegexSteps.Kind.Bytes && one.From <= b && b <= one.To)
                    next.Add(one.Next);
            }

            next.Add(_start);
            row[b] = StateOf(next, atStart: false);
        }

        return row;
    }

    private int StateOf(List<int> from, bool atStart)
    {
        List<int> set = Closed(from, atStart, atEnd: false);
        if (set.Exists(step => _steps[step].Kind == RegexSteps.Kind.Match))
            return Automaton.Accepted;
        set.Sort();
        string key = (atStart ? "^" : "") + string.Join(',', set);

        // Nothing is left that could ever match: an expression bound to the start.
        if (set.Count == 0)
            return Automaton.Dead;
        if (!_known.TryGetValue(key, out int state))
        {
            _known[key] = state = _sets.Count;
            _sets.Add(set);
            Ends.Add(Closed(set, atStart, atEnd: true).Exists(step => _steps[step].Kind == RegexSteps.Kind.Match));
        }

        return state;
    }

    // All that is reached without a byte. Anchors that do not hold here stay behind: an end may still hold at the end.
    private List<int> Closed(List<int> from, bool atStart, bool atEnd)
    {
        HashSet<int> seen = [];
        List<int> kept = [];
        Stack<int> open = new(from);
        while (open.Count > 0)
        {
            int step = open.Pop();
            if (!seen.Add(step))
                continue;
            RegexSteps.Step one = _steps[step];
            switch (one.Kind)
            {
                case RegexSteps.Kind.Fork:
                    open.Push(one.Next);
                    open.Push(one.Other);
                    break;
                case RegexSteps.Kind.Start when atStart:
                case RegexSteps.Kind.End when atEnd:
                    open.Push(one.Next);
                    break;
                case RegexSteps.Kind.Start:
                    break;
                default:
                    kept.Add(step);
                    break;
            }
        }

        return kept;
    }
}
