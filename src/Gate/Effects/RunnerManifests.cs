using System;
using Gate.Expansion;
using Gate.Text;

namespace Gate.Effects;

// Project code that this very text has written or replaced: sources, manifests, settings of build tools. It is read before it is run.
internal sealed partial class Runner
{
    /// <summary>Project code is run: what of it was written a moment ago in this text, nobody has looked at yet.</summary>
    private void LookIntoWritten(Frame frame, Span span, ShellState state, byte[] program)
    {
        int count = _files.Count;
        for (int i = 0; i < count; i++)
        {
            LineFile file = _files[i];
            if (file.Seen || file.Whole)
                continue;
            Language language = paths.LanguageOf(file.Path, out bool written);
            if (!written || language == Language.None)
                continue;
            file.Seen = true;
            if ((file.Content.Taint & (Taint.Network | Taint.Encoded)) != 0 && (file.Content.Text is null || file.Content.Text.AsSpan().IndexOf(Value.Hole) >= 0))
                Note(frame, span, Verb.Opaque, "it runs project code that was replaced by something nobody has read", [new Value(file.Path)], program, file.Content.Taint);
            else if (file.Content.Text is null && (file.Content.Taint & Taint.Outside) != 0)
                Note(frame, span, Verb.Opaque, "it runs project code that was copied from outside the workspace", [new Value(file.Path)], program, Taint.None);
            else if (file.Content.Text is { Length: > 0 and <= Filters.MaximumText } text)
                LookInto(language, text, frame, span, state, program);
        }
    }

    /// <summary>Sources are scanned for calls alone: their texts are messages more often than commands.</summary>
    internal bool LooksForGraveHarm { get; private set; }

    // Only what does grave harm counts here: the project's own tests and scripts do many things that a line typed by an agent should not.
    private void LookInto(Language language, byte[] text, Frame frame, Span span, ShellState state, byte[] program)
    {
        if (frame.Depth > MaximumDepth - 4)
            return;
        int before = effects.Count;
        bool worn = _wornOut;
        Frame inner = frame.Through(program);
        if (language == Language.Other)
            LineScan.Find(text, line => RunCode(Language.Shell, new Flow(line, Taint.None), state.Child(null, []), inner, span, program, Flow.Nothing));
        (bool outer, LooksForGraveHarm) = (LooksForGraveHarm, true);
        if (language != Language.None)
            RunCode(language, new Flow(text, Taint.None), state.Child(null, []), inner, span, program, Flow.Nothing);
        LooksForGraveHarm = outer;
        effects.Keep(before, IsGrave);

        // A limit that was reached in there holds for what follows as well, and must be said again there.
        _wornOut = worn;
    }

    private static bool IsGrave(Effect effect) => effect.Kind switch
    {
        Kind.Path => effect.Verb is Verb.Delete or Verb.Write or Verb.ChangeMode
            && (effect.Class is PathClass.Device or PathClass.Secret or PathClass.AgentConfiguration or PathClass.Governance or PathClass.StartUp or PathClass.System
                || (effect.Attributes & Attributes.Root) != 0 || (effect.Verb == Verb.Delete && (effect.Class == PathClass.Home || (effect.Class == PathClass.GitDirectory && (effect.Attributes & Attributes.Recursive) != 0)))),
        Kind.Host => effect.Verb == Verb.Send && ((effect.Attributes & Attributes.SecretData) != 0 || effect.Program.AsSpan().SequenceEqual("bash"u8)),
        Kind.Code => effect.Verb == Verb.Opaque && (effect.Attributes & (Attributes.FromNetwork | Attributes.Decoded)) != 0,
        Kind.History => effect.Verb is Verb.Discard or Verb.Rewrite && (effect.Attributes & Attributes.Remote) != 0,
        Kind.Governance => true,
        Kind.Infrastructure or Kind.Service => effect.Verb is Verb.Destroy,
        Kind.Data => effect.Verb is Verb.Destroy && effect.Subcommand.Length > 0,
        Kind.System => effect.Verb is Verb.Destroy,
        _ => false,
    };
}
