using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

public sealed partial class HiddenMarkovModel
{
    /// <summary>A state with fewer expected rows than this is called empty.</summary>
    private const double EmptyRows = 1e-3;

    /// <summary>
    /// Fits by expectation-maximisation. The bound is the log-likelihood per row; with pseudo-counts the likelihood times their prior is maximised, and
    /// the bounds reported are still the log-likelihoods.
    /// </summary>
    /// <param name="rows">The sequences; all rows of a sequence weigh the same.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="fit">When to stop, and how many starts.</param>
    /// <param name="runtime">The threads; results do not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>The best of the starts. Empty states are named in its explanation.</returns>
    /// <exception cref="ElboException">The rows cannot be used, options do not agree, or every start ran into a density without a maximum.</exception>
    public static FitResult<HiddenMarkovModel> Fit(Observations rows, HiddenMarkovOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        options.Check();
        fit.Check();
        Models.KnownStates.Check(options.KnownStates, rows, options.States);
        options.Initial?.Check(rows);
        EmissionPrior prior = EmissionPrior.Of(rows, options, runtime);
        int starts = options.Initial is null ? fit.Restarts : 1;
        FitResult<HiddenMarkovModel>? best = null;
        ElboException? failure = null;
        for (int restart = 1; restart <= starts; restart++)
        {
            try
            {
                HiddenMarkovModel start = options.Initial ?? HiddenMarkovStart.Draw(rows, options, prior, new RandomStream(fit.Seed).Split((ulong)(fit.FirstStart + restart - 1)));
                FitResult<HiddenMarkovModel> result = RunOne(start, rows, options, fit, prior, runtime, restart, cancellation);
                if (best is null || result.Elbo > best.Elbo) best = result;
            }
            catch (ElboException exception) when (restart < starts || best is not null)
            {
                failure ??= exception;
            }

            if (cancellation.IsCancellationRequested && best is not null) break;
        }

        if (best is null) throw failure!;
        return failure is null ? best : best with { Explanation = $"{best.Explanation} One or more starts were given up: {failure.Message}" };
    }

    private static FitResult<HiddenMarkovModel> RunOne(
        HiddenMarkovModel start, Observations rows, HiddenMarkovOptions options, FitOptions fit, EmissionPrior prior, Runtime runtime, int restart, CancellationToken cancellation)
    {
        bool regularized = options.TransitionPseudoCount > 0 || options.StartPseudoCount > 0 || options.EmissionPseudoRows > 0;
        int earlier = fit.EarlierBounds.Count;
        // The bounds of an earlier fit are log-likelihoods, which a regularized fit does not climb; it counts its iterations and no gain from them.
        FitOptions own = regularized && earlier > 0 ? fit with { EarlierBounds = [], MaxIterations = Math.Max(1, fit.MaxIterations - earlier) } : fit;
        BaumWelch algorithm = new(rows, options, prior, runtime);
        FitLoopResult<HiddenMarkovModel> loop = FitLoop.Run(start, algorithm.Step, static model => model, own, restart, cancellation);
        string explanation = loop.Explanation;
        for (int k = 0; k < start.States; k++)
        {
            if (algorithm.Occupancy[k] < EmptyRows)
                explanation += FormattableString.Invariant($" State {k} is empty: {algorithm.Occupancy[k]:0.0e+0} rows are expected in it; use fewer states, or more restarts.");
        }

        IReadOnlyList<double> bounds = regularized ? [.. fit.EarlierBounds, .. algorithm.LogLikelihoods] : loop.Bounds;
        return new FitResult<HiddenMarkovModel>(loop.State, bounds, loop.Stop, bounds.Count - 1, explanation, rows.TotalWeight);
    }
}
