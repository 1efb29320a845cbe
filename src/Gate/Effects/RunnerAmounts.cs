using System;
using Gate.Expansion;
using Gate.Shell;
using Gate.Text;

namespace Gate.Effects;

// How much: data without end, sizes that fill a disk, loops that never rest.
internal sealed partial class Runner
{
    // Bytes that no honest file has: a size above this fills a disk.
    private const double MostSensible = 64e9;

    // 10, 4k, 1G, +5M; -1 where it is no size.
    private static double SizeOf(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart("+-<>%/"u8);
        double size = 0;
        int i = 0;
        for (; i < text.Length && char.IsAsciiDigit((char)text[i]); i++)
            size = (size * 10) + text[i] - '0';
        if (i == 0)
            return -1;
        int power = i < text.Length ? "kmgtpe"u8.IndexOf((byte)(text[i] | 0x20)) : -1;
        return power < 0 ? size : size * Math.Pow(1024, power + 1);
    }

    // A size or a count ends what would have no end.
    private void Bound(Call call)
    {
        if (call.Size > MostSensible)
            NoteEndless(call.Frame, call.Span, call.Program);
        bool bounded = call.Size > 0 && (call.Sizes > 1 || (call.Sets & Attributes.Locked) == 0);
        if (bounded && (call.Taint & Taint.Endless) != 0)
        {
            call.Taint &= ~Taint.Endless;
            call.Zeros = true;
            call.Output = call.Output is null ? null : new Flow(call.Output.Text, call.Output.Taint & ~Taint.Endless);
        }

        if (!bounded)
            call.Size = 0;
    }

    private void NoteEndless(Frame frame, Span span, byte[] program) =>
        Add(frame, span, new Effect { Verb = Verb.Touch, Kind = Kind.System, Attributes = Attributes.Endless, Target = "endless data"u8.ToArray(), Program = program });

    // while true: … done, and nothing in it that waits, asks or ends.
    private static bool IsBusy(Loop loop, Frame frame)
    {
        ReadOnlySpan<byte> condition = frame.Source.Slice(loop.Condition.Span).Trim("; \n"u8), body = frame.Source.Slice(loop.Body.Span);
        if (!(condition.SequenceEqual(":"u8) || condition.SequenceEqual("true"u8) || condition.SequenceEqual("1"u8) || condition.SequenceEqual("[ 1 ]"u8)) || loop.Until)
            return false;
        bool starts = Array.Exists(loop.Body.Statements, statement => statement.Background);
        foreach (string pause in (ReadOnlySpan<string>)["break", "exit", "return", "wait", "read ", "kill", "inotify"])
        {
            if (body.IndexOf(System.Text.Encoding.ASCII.GetBytes(pause)) >= 0)
                return false;
        }

        return starts || body.IndexOf("sleep"u8) < 0;
    }
}
