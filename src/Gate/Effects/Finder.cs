using System;
using Gate.Bundles;
using Gate.Requests;

namespace Gate.Effects;

/// <summary>A request's effects. Pure but for what it asks about paths and variables.</summary>
public static class Finder
{
    /// <param name="request">What is asked for.</param>
    /// <param name="bundle">Where the knowledge is.</param>
    /// <param name="questions">Where paths lead.</param>
    /// <param name="denied">Whether an effect on its own is denied: asked only of calls with more effects than are noted.</param>
    public static ReadOnlySpan<Effect> Find(Request request, Bundle bundle, IPathQuestions questions, Func<Effect, bool>? denied = null)
    {
        EffectList effects = new(denied);
        PathTable paths = new(bundle, request.Surroundings, questions);
        AskedVariables? variables = AskedVariables.Of(bundle, questions);
        ContextTable? contexts = ContextTable.Of(bundle, questions);
        Runner runner = new(request.Surroundings, new Knowledge(bundle), paths, effects) { Variables = variables, Contexts = contexts };
        if (request.Command is not null)
        {
            runner.Run(request.Command);

            // Where a default is written, or the program's own name hangs on what nothing has set, that way is gone as well.
            if (runner.Open != Guesses.None)
            {
                EffectList guessed = new(denied);
                new Runner(request.Surroundings, new Knowledge(bundle), paths, guessed) { Assumes = runner.Open, Variables = variables, Contexts = contexts }.Run(request.Command);
                effects = effects.Behind(guessed);
            }
        }
        else
            runner.RunTool(request.Tool.ToArray(), request.Input.ToolInput);
        return effects.All;
    }
}
