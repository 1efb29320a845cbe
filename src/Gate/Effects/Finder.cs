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
        PathTable paths = new(bundle, request.Surroundings, questions);
        Runner runner = new(request.Surroundings, new Knowledge(bundle), paths, effects);
        if (request.Command is not null)
            runner.Run(request.Command);
        else
            runner.RunTool(request.Tool.ToArray(), request.Input.ToolInput.Span);
        return effects.All;
    }
}
