using System;
using Gate.Bundles;
using Gate.Requests;

namespace Gate.Effects;

/// <summary>A request's effects. Pure but for the one question about paths.</summary>
public static class Finder
{
    public static ReadOnlySpan<Effect> Find(Request request, Bundle bundle, IPathQuestions questions)
    {
        EffectList effects = new();
        (int at, int length) = bundle.Find(Section.Places);
        PathTable paths = new(bundle.At(at, length), request.Surroundings, questions);
        if (request.Command is not null)
            new CommandEffects(request, paths, effects).Find();
        else
            ToolEffects.Find(request, paths, effects);
        return effects.All;
    }
}
