using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

internal static class CallScan
{
    public static void Find(Language language, byte[] text, Runner runner, Frame frame, Span span, byte[] program, ShellState state, Knowledge knowledge)
    {
        _ = (language, text, state, knowledge);
        runner.NoteOpaque("the code is not looked into", frame, span, program);
    }
}
