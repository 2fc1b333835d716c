using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>Several starts of one fit, with early rejection: each runs a little, the best runs to its end (Biernacki, Celeux and Govaert, 2003).</summary>
public static class Restarts
{
    /// <summary>The iterations that each start gets before the best is chosen.</summary>
    public const int ShortIterations = 20;

    /// <summary>Runs the starts.</summary>
    /// <typeparam name="TState">What an iteration updates.</typeparam>
    /// <param name="start">Makes start number i, from 1.</param>
    /// <param name="step">Measures a state and makes the next.</param>
    /// <param name="model">Makes the model of a state, for progress; null where progress needs none.</param>
    /// <param name="options">How many starts, and when to stop.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>How the kept start ended; its bounds begin at its beginning.</returns>
    /// <exception cref="ElboException">Every start failed: the first failure.</exception>
    public static FitLoopResult<TState> Run<TState>(
        Func<int, TState> start, Func<TState, FitStep<TState>> step, Func<TState, RowModel>? model, FitOptions options, CancellationToken cancellation = default) =>
        Run(start, step, null, model, options, cancellation);

    /// <summary>Runs the starts, guessing ahead where the options ask for acceleration.</summary>
    /// <typeparam name="TState">What an iteration updates.</typeparam>
    /// <param name="start">Makes start number i, from 1.</param>
    /// <param name="step">Measures a state and makes the next.</param>
    /// <param name="extrapolate">How to guess ahead; null where the states know no way.</param>
    /// <param name="model">Makes the model of a state, for progress; null where progress needs none.</param>
    /// <param name="options">How many starts, and when to stop.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>How the kept start ended; its bounds begin at its beginning.</returns>
    /// <exception cref="ElboException">Every start failed: the first failure.</exception>
    public static FitLoopResult<TState> Run<TState>(
        Func<int, TState> start, Func<TState, FitStep<TState>> step, Extrapolation<TState>? extrapolate, Func<TState, RowModel>? model, FitOptions options,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        int first = options.FirstStart;
        if (options.Restarts == 1) return FitLoop.Run(start(first), step, extrapolate, model, options, 1, cancellation);
        FitOptions brief = options with { MaxIterations = Math.Min(ShortIterations, options.MaxIterations) };
        FitLoopResult<TState>? best = null;
        ElboException? failure = null;
        int kept = 0;
        for (int restart = 1; restart <= options.Restarts && (best is null || !cancellation.IsCancellationRequested); restart++)
        {
            try
            {
                FitLoopResult<TState> run = FitLoop.Run(start(first + restart - 1), step, extrapolate, model, brief, restart, cancellation);
                if (best is not null && !(run.Bounds[^1] > best.Bounds[^1])) continue;
                (best, kept) = (run, restart);
            }
            catch (ElboException exception)
            {
                failure ??= exception;
            }
        }

        if (best is null) throw failure!;
        string givenUp = failure is null ? "" : $" One or more starts were given up: {failure.Message}";
        if (best.Stop != FitStop.IterationLimit || best.Iterations >= options.MaxIterations) return best with { Explanation = best.Explanation + givenUp };
        // The kept start goes on where it was, as the only one left.
        FitLoopResult<TState> rest = FitLoop.Run(best.State, step, extrapolate, model, options with { Restarts = 1, EarlierBounds = [.. best.Bounds.SkipLast(1)] }, 1, cancellation);
        return rest with { Explanation = $"{rest.Explanation} After {best.Iterations} of them start {kept} of {options.Restarts} was chosen.{givenUp}" };
    }
}
