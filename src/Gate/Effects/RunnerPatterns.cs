using System;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// A pattern where the program's name stands: /???/r? is whichever program has such a name. What none of them may do is denied, whichever it is.
internal sealed partial class Runner
{
    /// <summary>Programs that patterns may stand for and that are looked at, in one request.</summary>
    public const int MaximumGuessed = 1024;

    // Each look through the names counts as this many of them.
    private const int LookThrough = 16;

    private int _guessed;

    // It is asked about in any case; only what is denied of each counts, so nothing that is looked at here makes the answer laxer.
    private void GuessPrograms(ReadOnlySpan<byte> pattern, ReadOnlySpan<Value> arguments, ShellState state, Frame frame, Flow input, Span span)
    {
        int count = knowledge.Count;
        pattern = WithoutClasses(pattern);
        if (count == 0 || (_guessed += LookThrough) > MaximumGuessed)
            return;
        for (int i = 0; i < count && _guessed < MaximumGuessed && !effects.IsFull; i++)
        {
            ReadOnlySpan<byte> name = knowledge.NameAt(i);
            if (name.IsEmpty || name.IndexOfAny(" :/"u8) >= 0 || !Glob.Matches(pattern, name) || knowledge.Find(name) is not { } specification)
                continue;
            _guessed++;
            int before = effects.Count;
            _ = Perform(new Call(name.ToArray(), frame.Through([]), span, input, state.Fork()) { Words = TextsOf(arguments), Taint = input.Taint }, specification, arguments);
            effects.Keep(before, effects.Denied ?? IsGrave);
        }
    }

    // [a-z] is one character, whichever.
    private static byte[] WithoutClasses(ReadOnlySpan<byte> pattern)
    {
        ByteBuilder plain = new(pattern.Length);
        for (int i = 0; i < pattern.Length; i++)
        {
            int close = pattern[i] == '[' && i + 2 < pattern.Length ? pattern[(i + 2)..].IndexOf((byte)']') : -1;
            plain.Add(close < 0 ? pattern[i] : (byte)'?');
            i += close < 0 ? 0 : close + 2;
        }

        return plain.ToArray();
    }
}
