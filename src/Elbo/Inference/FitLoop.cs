using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>One iteration of a coordinate ascent on the bound.</summary>
/// <typeparam name="TState">What an iteration updates: the parameters; immutable, or owned by who is given it.</typeparam>
/// <param name="Bound">The bound of the state that was given, in nats per row.</param>
/// <param name="Next">The state after the update.</param>
public readonly record struct FitStep<TState>(double Bound, TState Next);

/// <summary>Guesses where an iteration is going from three successive states of it, as <see cref="FitOptions.Accelerate"/> asks.</summary>
/// <typeparam name="TState">What an iteration updates.</typeparam>
/// <param name="first">A state.</param>
/// <param name="second">The state after one update.</param>
/// <param name="third">The state after two.</param>
/// <param name="guess">A state further on.</param>
/// <returns>Whether there is a guess; no where it would leave the parameters' range.</returns>
public delegate bool Extrapolation<TState>(TState first, TState second, TState third, out TState guess);

/// <summary>The loop that EM and coordinate ascent share: iterate, watch the bound rise, stop, say why.</summary>
public static class FitLoop
{
    /// <summary>
    /// How far rounding may lower a bound, relative to its size (at least 1 nat): a fall beyond it means that an update does not maximise
    /// what the bound measures, which is an error and not a result.
    /// </summary>
    public const double RoundingFall = 1e-9;

    /// <summary>Runs one start to its end.</summary>
    /// <typeparam name="TState">What an iteration updates.</typeparam>
    /// <param name="start">Where to start.</param>
    /// <param name="step">Measures a state and makes the next.</param>
    /// <param name="model">Makes the model of a state, for progress; null where progress needs none.</param>
    /// <param name="options">When to stop.</param>
    /// <param name="restart">The number of this start, from 1.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>The last state whose bound was measured, so that the bound reported is the bound of the state returned.</returns>
    /// <exception cref="ElboException">The bound is not a number, or fell by more than rounding explains.</exception>
    public static FitLoopResult<TState> Run<TState>(
        TState start, Func<TState, FitStep<TState>> step, Func<TState, RowModel>? model, FitOptions options, int restart = 1, CancellationToken cancellation = default) =>
        Run(start, step, null, model, options, restart, cancellation);

    /// <summary>Runs one start to its end, guessing ahead where the options ask for acceleration.</summary>
    /// <typeparam name="TState">What an iteration updates.</typeparam>
    /// <param name="start">Where to start.</param>
    /// <param name="step">Measures a state and makes the next.</param>
    /// <param name="extrapolate">How to guess ahead where the options ask for acceleration; null where the states know no way. A guess is measured, and taken only where it
    /// raises the bound by no less than the last update did, so that the bounds rise as without it; a guess not taken costs an update that is not counted.</param>
    /// <param name="model">Makes the model of a state, for progress; null where progress needs none.</param>
    /// <param name="options">When to stop.</param>
    /// <param name="restart">The number of this start, from 1.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>The last state whose bound was measured, so that the bound reported is the bound of the state returned.</returns>
    /// <exception cref="ElboException">The bound is not a number, or fell by more than rounding explains.</exception>
    public static FitLoopResult<TState> Run<TState>(
        TState start, Func<TState, FitStep<TState>> step, Extrapolation<TState>? extrapolate, Func<TState, RowModel>? model, FitOptions options, int restart = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Accelerate) extrapolate = null;
        TState previous = start;
        int plain = 0;
        FitStep<TState>? measuredGuess = null;
        List<double> bounds = [.. options.EarlierBounds];
        TState state = start;
        for (int iteration = bounds.Count + 1; ; iteration++)
        {
            (double bound, TState next) = measuredGuess ?? step(state);
            plain = measuredGuess is null ? plain + 1 : 1;
            measuredGuess = null;
            if (!double.IsFinite(bound)) throw new ElboException($"The bound of iteration {iteration} is {bound}; scale the data to values near 1, or raise the regularization.");
            double gain = bounds.Count == 0 ? double.NaN : bound - bounds[^1];
            if (gain < -RoundingFall * Math.Max(1, Math.Abs(bound)))
                throw new ElboException($"Iteration {iteration} lowered the bound by {-gain} nats per row, from {bounds[^1]}; raise the regularization, or scale the columns to similar sizes.");
            bounds.Add(bound);
            TState measured = state;
            options.Progress?.Report(new FitProgress(restart, options.Restarts, iteration, options.MaxIterations, bound, gain, model is null ? null : () => model(measured)));
            FitStop? stop = cancellation.IsCancellationRequested ? FitStop.Cancelled
                : gain < options.Tolerance ? FitStop.Converged
                : iteration > options.MaxIterations ? FitStop.IterationLimit
                : null;
            if (stop is { } reason) return new FitLoopResult<TState>(state, bounds, reason, iteration - 1, Explain(reason, iteration - 1, gain, options));
            if (extrapolate is not null && plain >= 2 && extrapolate(previous, state, next, out TState guess))
            {
                plain = 0;
                if (TryStep(step, guess) is { } guessed && guessed.Bound - bound >= gain)
                {
                    measuredGuess = guessed;
                    next = guess;
                }
            }

            previous = state;
            state = next;
        }
    }

    /// <summary>Measures a guess, which may have no density where an update's result always has one.</summary>
    private static FitStep<TState>? TryStep<TState>(Func<TState, FitStep<TState>> step, TState guess)
    {
        try
        {
            return step(guess);
        }
        catch (ElboException)
        {
            return null;
        }
    }

    private static string Explain(FitStop stop, int iterations, double gain, FitOptions options) => stop switch
    {
        FitStop.Converged => FormattableString.Invariant($"Converged after {FitWords.Count(iterations, "iteration", "iterations")}: the last raised the bound by {Math.Max(gain, 0):0.0e+0} nats per row, less than {options.Tolerance:0.0e+0}."),
        FitStop.Cancelled => $"Stopped on request after {FitWords.Count(iterations, "iteration", "iterations")}.",
        _ => FormattableString.Invariant($"Not converged: {FitWords.UsedUp(options.MaxIterations, "iteration", "iterations")}, and the last raised the bound by {gain:0.0e+0} nats per row; allow more iterations."),
    };
}

/// <summary>How one start ended.</summary>
/// <typeparam name="TState">What an iteration updates.</typeparam>
/// <param name="State">The last state whose bound was measured.</param>
/// <param name="Bounds">The bound of each state, <paramref name="State"/> last, in nats per row.</param>
/// <param name="Stop">Why it stopped.</param>
/// <param name="Iterations">The number of updates made.</param>
/// <param name="Explanation">Why it stopped, in a sentence.</param>
public sealed record FitLoopResult<TState>(TState State, IReadOnlyList<double> Bounds, FitStop Stop, int Iterations, string Explanation);
