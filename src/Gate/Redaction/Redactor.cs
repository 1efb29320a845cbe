using System;
using System.Buffers.Binary;
using Gate.Text;

namespace Gate.Redaction;

/// <summary>
/// Finds secrets in bytes and replaces them. At every place one look at a bitmap says whether three bytes are the beginning of some format; only there automata
/// run, bound to that place. The secret that begins first wins, of those the longest, of those the format that stands first. What comes out is the same
/// however the text was cut into pieces, and redacting it again changes nothing. Work is linear: past <see cref="WorkPerByte"/> the rest is withheld.
/// </summary>
public sealed class Redactor(RedactionTable table)
{
    /// <summary>What stands before a secret, and a secret, are that long at most, in bytes; the rest of a longer one is not seen to belong to it.</summary>
    public const int MaximumMatch = 32 << 10;

    /// <summary>Steps of automata for each byte of text, above <see cref="FreeWork"/>, after which the text counts as made to waste them.</summary>
    public const int WorkPerByte = 32, FreeWork = 1 << 20;

    /// <summary>A whole text of that many bytes is looked at even then: it cannot waste much, and where it is the name of a kind nothing else may stand.</summary>
    public const int ShortText = 64;

    // A secret's end that fails a check gives way to an earlier one: so many are remembered.
    private const int MaximumEnds = 8;

    // Bytes before a place that may say whether a word begins there, or what a number belongs to.
    private const int LookBack = NumberRow.Surroundings;

    // An escape sequence before a word is no longer.
    private const int MaximumEscape = 16;

    // Bytes behind a secret that may say whether it is one: the beginning of a mark, a further number.
    private const int LookAhead = NumberRow.Surroundings;

    private struct Match
    {
        public int Anchor, Start, End, Format;
    }

    // What is asked of a format at each of its beginnings, taken out of the table once.
    private struct Facts
    {
        public bool Read;
        public byte Flags;
        public int NotBefore, FirstProbe, SecondProbe;
        public (int At, int Length) Context, Secret;
    }

    private readonly ByteBuilder _output = new(1024);
    private readonly int[] _counts = new int[RedactionNames.KindCount];
    private Facts[] _facts = [];
    private Match[] _pending = new Match[4];
    private Finding[] _findings = [];
    private int _pendingCount, _limit = int.MaxValue;
    private byte[] _window = [], _beginnings = [];
    private Sieve[] _sieves = [];
    private uint _anchor = uint.MaxValue;
    private int _anchorAt;
    private int _held, _from, _wanted;
    private long _base, _work, _replacedTo = -1;

    /// <summary>What was redacted so far; streaming callers take it and clear it.</summary>
    public ByteBuilder Output => _output;

    /// <summary>How many secrets of a kind were replaced.</summary>
    public int CountOf(SecretKind kind) => _counts[(int)kind];

    public int Count { get; private set; }

    /// <summary>A text was made to waste work; its rest is not in the output, and of whole texts none that is longer than <see cref="ShortText"/>.</summary>
    public bool Withheld { get; private set; }

    /// <summary>Every finding is noted in <see cref="Findings"/>.</summary>
    public bool KeepsFindings { get; init; }

    public ReadOnlySpan<Finding> Findings => _findings.AsSpan(0, KeepsFindings ? Count : 0);

    /// <summary>
    /// A whole text redacted, or null when there is nothing to redact in what counts: with a limit, its first bytes, and only so many come out. A redactor is
    /// for several whole texts, or for one in pieces (<see cref="Feed"/>, <see cref="End"/>).
    /// </summary>
    public byte[]? Whole(ReadOnlySpan<byte> text, int limit = int.MaxValue)
    {
        if (!table.IsThere)
            return null;
        if (Withheld && text.Length > ShortText)
            return Marks.Rest.ToArray();
        _output.Clear();
        _limit = limit;
        int before = Count, copied = Scan(text, 0, last: true, out _);
        _base += text.Length;

        // What was not looked at is not shown either.
        if (copied < 0)
            return _output.ToArray();
        if (Count == before)
            return null;
        if (copied < text.Length)
            _output.Add(text.Slice(copied, Math.Clamp(limit - _output.Length, 0, text.Length - copied)));
        return _output.ToArray();
    }

    /// <summary>The next piece of a text; what is certain goes to <see cref="Output"/>.</summary>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        if (!table.IsThere || Withheld)
        {
            _output.Add(Withheld ? default : piece);
            return;
        }

        if (_held + piece.Length > _window.Length)
            Array.Resize(ref _window, Math.Max(_window.Length * 2, _held + piece.Length));
        piece.CopyTo(_window.AsSpan(_held));
        _held += piece.Length;

        // A match that is still open is tried again only when there is twice as much of it.
        if (_held < _wanted)
            return;
        Advance(last: false);
    }

    /// <summary>The text is over: the rest goes to <see cref="Output"/>.</summary>
    public void End()
    {
        if (table.IsThere && !Withheld)
            Advance(last: true);
        _held = _from = 0;
    }

    private void Advance(bool last)
    {
        ReadOnlySpan<byte> text = _window.AsSpan(0, _held);
        int copied = Scan(text, _from, last, out int resume);
        if (copied < 0)
            return;
        if (copied < resume)
            _output.Add(text[copied..resume]);

        // What may say how the next word begins stays.
        int dropped = Math.Max(0, resume - LookBack - 2);
        text[dropped..].CopyTo(_window);
        _held -= dropped;
        _from = resume - dropped;
        _base += dropped;
        _wanted = _from + ((_held - _from) * 2);
    }

    // Goes through the text from a place on; returns up to where the text is in the output (-1: the rest is withheld), and where to go on when there is more.
    private int Scan(ReadOnlySpan<byte> text, int at, bool last, out int resume)
    {
        int copied = at;
        _pendingCount = 0;
        while (true)
        {
            int hit = Next(text, at), end = text.Length;
            if (hit == end && !last)
                hit = Math.Max(at, end - 2);
            if (_pendingCount > 0 && hit > _pending[0].Start)
            {
                at = copied = Replace(text, copied);
                continue;
            }

            resume = hit;
            if (hit >= end - 2 || _output.Length + hit - copied >= _limit)
                break;
            int then = Try(text, hit, last);
            if (then < -1)
            {
                Withheld = true;
                _output.Add(text[copied..hit]).Add(Marks.Rest);
                return -1;
            }

            if (then < 0)
                break;
            at = then;
        }

        // The last two bytes begin nothing, but what was found before them may stand there.
        if (last)
        {
            while (_pendingCount > 0)
                copied = Replace(text, copied);
            resume = text.Length;
        }

        for (int i = 0; i < _pendingCount; i++)
            resume = Math.Min(resume, _pending[i].Anchor);
        return copied;
    }

    // The next place where three bytes are an anchor's, as far as one bit says, and a word begins or need not; the text's length when there is none.
    private int Next(ReadOnlySpan<byte> text, int at)
    {
        ReadOnlySpan<byte> head = Beginnings(), fold = head.Slice(RedactionTable.FoldAt, 256), bits = head.Slice(RedactionTable.BitsAt, RedactionTable.BitsLength), loose = head.Slice(RedactionTable.LooseAt, RedactionTable.BitsLength);
        if (at + 3 > text.Length)
            return text.Length;
        uint three = (uint)(fold[text[at]] << 8 | fold[text[at + 1]]);
        for (int i = at + 2; i < text.Length; i++)
        {
            three = ((three << 8) | fold[text[i]]) & 0xFFFFFF;
            int bit = RedactionTable.Hash(three);
            if (RedactionTable.Has(bits, bit) && (RedactionTable.Has(loose, bit) || _base + i - 2 == _replacedTo || BeginsWord(text, i - 2)))
                return i - 2;
        }

        return text.Length;
    }

    // All formats that may begin here. Returns where to look next; -1: more text is needed, -2: there was enough work.
    private int Try(ReadOnlySpan<byte> text, int at, bool last)
    {
        if (text[at] == '[')
        {
            int mark = Marks.LengthAt(table, text[at..], last);
            if (mark != 0)
                return mark < 0 ? -1 : at + mark;
        }

        ReadOnlySpan<byte> head = Beginnings(), fold = head.Slice(RedactionTable.FoldAt, 256), anchors = head[RedactionTable.AnchorsAt..];
        uint three = (uint)(fold[text[at]] << 16 | fold[text[at + 1]] << 8 | fold[text[at + 2]]);
        bool begins = _base + at == _replacedTo || BeginsWord(text, at);
        long work = 0;
        for (int i = AnchorAt(anchors, three); i < table.AnchorCount && AnchorOf(anchors, i) == three; i++)
        {
            int number = anchors[(i * RedactionTable.AnchorSize) + 3];
            if (number < RedactionTable.FirstSieve ? !TryFormat(text, at, number, begins, false, last, ref work) : !TrySieve(text, at, number - RedactionTable.FirstSieve, begins, last, ref work))
                return -1;
        }

        _work += work;
        return _work > FreeWork + ((_base + at) * WorkPerByte) && !(last && text.Length <= ShortText && _held == 0) ? -2 : at + 1;
    }

    private ReadOnlySpan<byte> Beginnings() => _beginnings.Length > 0 ? _beginnings : _beginnings = table.Beginnings.ToArray();

    // Where the formats of a beginning stand. A table of numbers asks for the same one again and again.
    private int AnchorAt(ReadOnlySpan<byte> anchors, uint three)
    {
        if (_anchor == three)
            return _anchorAt;
        int low = 0, high = table.AnchorCount;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (AnchorOf(anchors, middle) < three)
                low = middle + 1;
            else
                high = middle;
        }

        _anchor = three;
        return _anchorAt = low;
    }

    private static uint AnchorOf(ReadOnlySpan<byte> anchors, int index) => BinaryPrimitives.ReadUInt32BigEndian(anchors[(index * RedactionTable.AnchorSize)..]) >> 8;

    // Those of several formats that may match here. False: more text is needed.
    private bool TrySieve(ReadOnlySpan<byte> text, int at, int number, bool begins, bool last, ref long work)
    {
        if (_sieves.Length == 0)
            _sieves = new Sieve[RedactionTable.MaximumSieves];
        Sieve sieve = _sieves[number] ??= new Sieve(table.SieveAt(number));
        byte before = Before(text, at);
        if (sieve.IsBarred(before) && !(begins && IsWord(before)))
            return true;
        int mask = sieve.Walk(text[at..], last);
        work += sieve.Depth;
        for (int i = 0; mask > 0; i++, mask >>= 1)
        {
            if ((mask & 1) != 0 && !TryFormat(text, at, sieve.Format(i), begins, true, last, ref work))
                return false;
        }

        return mask >= 0;
    }

    // What a mark stands for now counts as the mark: else redacting again would see another text.
    private byte Before(ReadOnlySpan<byte> text, int at) => at == 0 ? (byte)' ' : _base + at == _replacedTo ? (byte)']' : text[at - 1];

    // False: more text is needed.
    private bool TryFormat(ReadOnlySpan<byte> text, int at, int number, bool begins, bool sifted, bool last, ref long work)
    {
        ref readonly Facts facts = ref FactsOf(number);
        int first = at + RedactionTable.Probes[0], second = at + RedactionTable.Probes[1];
        if (!sifted && ((first < text.Length && !RedactionTable.Has(table.Class(facts.FirstProbe), text[first])) || (second < text.Length && !RedactionTable.Has(table.Class(facts.SecondProbe), text[second]))))
            return true;
        if (!begins && (facts.Flags & RedactionTable.LooseFlag) == 0)
            return true;

        byte before = Before(text, at);
        if (RedactionTable.Has(table.Class(facts.NotBefore), before) && !(begins && IsWord(before)))
            return true;

        int start = at;
        Span<int> ends = stackalloc int[MaximumEnds];
        if (facts.Context.Length > 0)
        {
            int found = Run(text, at, table.Automaton(facts.Context), -1, last, ends, ref work);
            if (found <= 0)
                return found == 0;
            start = ends[(found - 1) % MaximumEnds];
        }

        int count = Run(text, start, table.Automaton(facts.Secret), number, last, ends, ref work);
        if (count <= 0)
            return count == 0;
        ReadOnlySpan<byte> format = table.Format(number);
        for (int i = count - 1; i >= Math.Max(0, count - MaximumEnds); i--)
        {
            int end = ends[i % MaximumEnds];
            if (!last && end + LookAhead > text.Length)
                return false;
            ReadOnlySpan<byte> secret = text[start..end];
            if (secret.IndexOf(Marks.Start) >= 0 || text[end..].StartsWith(Marks.Start) || !IsSecret(format, text, start, end))
                continue;
            Add(new Match { Anchor = at, Start = start, End = end, Format = number });
            break;
        }

        return true;
    }

    private ref readonly Facts FactsOf(int number)
    {
        if (_facts.Length == 0)
            _facts = new Facts[table.FormatCount];
        ref Facts facts = ref _facts[number];
        if (!facts.Read)
        {
            ReadOnlySpan<byte> format = table.Format(number);
            facts.Flags = format[RedactionTable.KindAt + 2];
            facts.NotBefore = Offset(format, RedactionTable.ClassAt);
            facts.FirstProbe = Offset(format, RedactionTable.ProbesAt);
            facts.SecondProbe = Offset(format, RedactionTable.ProbesAt + 4);
            facts.Context = table.AutomatonAt(Offset(format, 0));
            facts.Secret = table.AutomatonAt(Offset(format, 4));
            facts.Read = true;
        }

        return ref facts;
    }

    private static int Offset(ReadOnlySpan<byte> format, int at) => BinaryPrimitives.ReadInt32LittleEndian(format[at..]);

    // A checksum that holds is proof; without it the other checks must hold.
    private bool IsSecret(ReadOnlySpan<byte> format, ReadOnlySpan<byte> text, int start, int end)
    {
        ReadOnlySpan<byte> secret = text[start..end];
        bool holds = true;
        for (int i = 0; i < format[RedactionTable.KindAt + 3]; i++)
        {
            SecretCheck check = (SecretCheck)format[RedactionTable.ChecksAt + (i * 2)];
            if (!holds && check != SecretCheck.Crc62)
                continue;
            bool held = check == SecretCheck.Lone ? IsLone(text, start, end) : RedactionChecks.Holds(check, format[RedactionTable.ChecksAt + (i * 2) + 1], secret);
            if (check == SecretCheck.Crc62 && held)
                return true;
            holds &= held || check == SecretCheck.Crc62;
        }

        return holds && ((format[RedactionTable.KindAt + 2] & RedactionTable.PlaceholderFlag) != 0 || !table.IsPlaceholder(secret));
    }

    private bool IsLone(ReadOnlySpan<byte> text, int start, int end)
    {
        int from = Math.Max(Math.Max(0, start - NumberRow.Surroundings), (int)Math.Clamp(_replacedTo - _base, 0, start));
        return NumberRow.IsLone(text[from..start], text[start..end], text.Slice(end, Math.Min(NumberRow.Surroundings, text.Length - end)));
    }

    // Runs an automaton from a place on; notes the last ends that it accepts, where what follows fits the format (-1: always). Returns how many there were;
    // -1: more text is needed.
    private int Run(ReadOnlySpan<byte> text, int start, ReadOnlySpan<byte> automaton, int format, bool last, Span<int> ends, ref long work)
    {
        int states = BinaryPrimitives.ReadUInt16LittleEndian(automaton), classes = BinaryPrimitives.ReadUInt16LittleEndian(automaton[2..]), count = 0, state = 0, at = start;
        int most = Math.Min(text.Length, start + MaximumMatch);
        ReadOnlySpan<byte> map = automaton.Slice(Automaton.MapAt, 256), accepts = automaton[Automaton.BitsAt..], rows = automaton[(Automaton.BitsAt + ((states + 7) / 8))..];
        while (true)
        {
            if ((accepts[state >> 3] >> (state & 7) & 1) != 0 && at > start)
            {
                if (at == text.Length && !last)
                    return -1;
                if (format < 0 || Fits(format, text, at))
                    ends[count++ % MaximumEnds] = at;
            }

            if (at == most)
                break;
            state = BinaryPrimitives.ReadUInt16LittleEndian(rows[(((state * classes) + map[text[at]]) * 2)..]);
            at++;
            if (state == Automaton.Dead)
                break;
        }

        work += at - start;
        return at == text.Length && state != Automaton.Dead && !last && at < start + MaximumMatch ? -1 : count;
    }

    private bool Fits(int number, ReadOnlySpan<byte> text, int end)
    {
        ReadOnlySpan<byte> format = table.Format(number);
        bool followed = (format[RedactionTable.KindAt + 2] & RedactionTable.FollowedFlag) != 0;
        return end == text.Length ? !followed : RedactionTable.Has(table.Class(Offset(format, RedactionTable.ClassAt + (followed ? 8 : 4))), text[end]) == followed;
    }

    // Whether the byte here begins a word. Before it may stand an escape sequence, whose last letter is no part of the word: \n, %3D, colours of a terminal.
    private static bool BeginsWord(ReadOnlySpan<byte> text, int at)
    {
        if (at == 0 || !IsWord(text[at - 1]))
            return true;
        byte before = text[at - 1];
        if (before is >= (byte)'0' and <= (byte)'9')
            return at >= 3 && text[at - 3] == '%' && IsHex(text[at - 2]);
        if (at >= 2 && text[at - 2] == '\\' && before is (byte)'n' or (byte)'r' or (byte)'t')
            return true;
        if (at >= 3 && text[at - 3] == '%' && IsHex(before) && IsHex(text[at - 2]))
            return true;
        if (before is not ((byte)'m' or (byte)'K'))
            return false;
        int i = at - 2;
        while (i > 0 && i > at - MaximumEscape && text[i] is >= (byte)'0' and <= (byte)'9' or (byte)';')
            i--;
        return i > 0 && text[i] == '[' && text[i - 1] is 0x1B or (byte)'b' or (byte)'3' or (byte)'e';
    }

    private static bool IsHex(byte b) => b is >= (byte)'0' and <= (byte)'9' or >= (byte)'A' and <= (byte)'F' or >= (byte)'a' and <= (byte)'f';

    private static bool IsWord(byte b) => b is >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'0' and <= (byte)'9' or (byte)'_';

    // In the order of their starts, none over another: the better one stays.
    private void Add(in Match match)
    {
        int at = 0;
        for (int i = 0; i < _pendingCount; i++)
        {
            Match other = _pending[i];
            if (other.End <= match.Start || match.End <= other.Start)
                continue;
            bool better = match.Start != other.Start ? match.Start < other.Start : match.End != other.End ? match.End > other.End : match.Format < other.Format;
            if (!better)
                return;
        }

        for (int i = 0; i < _pendingCount; i++)
        {
            Match other = _pending[i];
            if (other.End <= match.Start || match.End <= other.Start)
                _pending[at++] = other;
        }

        _pendingCount = at;
        if (at == _pending.Length)
            Array.Resize(ref _pending, at * 2);
        for (; at > 0 && _pending[at - 1].Start > match.Start; at--)
            _pending[at] = _pending[at - 1];
        _pending[at] = match;
        _pendingCount++;
    }

    // Writes what stands before the first pending match, and its mark; returns the match's end.
    private int Replace(ReadOnlySpan<byte> text, int copied)
    {
        Match match = _pending[0];
        _output.Add(text[copied..match.Start]);
        Marks.Write(_output, table, match.Format, text[match.Start..match.End]);
        _counts[(int)table.Kind(match.Format)]++;
        if (KeepsFindings)
        {
            if (Count == _findings.Length)
                Array.Resize(ref _findings, Math.Max(8, Count * 2));
            _findings[Count] = new Finding(match.Format, _base + match.Start, match.End - match.Start);
        }

        Count++;
        _replacedTo = _base + match.End;
        _pendingCount--;
        Array.Copy(_pending, 1, _pending, 0, _pendingCount);
        return match.End;
    }
}
