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
        FitOptions own = options.Initial is null ? fit : fit with { Restarts = 1 };
        bool regularized = options.TransitionPseudoCount > 0 || options.StartPseudoCount > 0 || options.EmissionPseudoRows > 0;
        int earlier = fit.EarlierBounds.Count;
        // The bounds of an earlier fit are log-likelihoods, which a regularized fit does not climb; it counts its iterations and no gain from them.
        if (regularized && earlier > 0) own = own with { EarlierBounds = [], MaxIterations = Math.Max(1, fit.MaxIterations - earlier) };
        BaumWelch algorithm = new(rows, options, prior, runtime);
        BaumWelchState Start(int restart) =>
            BaumWelchState.Start(options.Initial ?? HiddenMarkovStart.Draw(rows, options, prior, new RandomStream(fit.Seed).Split((ulong)restart)));
        FitLoopResult<BaumWelchState> loop = Restarts.Run(Start, algorithm.Step, static state => state.Model, own, cancellation);
        string explanation = loop.Explanation;
        for (int k = 0; k < options.States; k++)
        {
            double expected = loop.State.Occupancy[k];
            if (expected < EmptyRows)
                explanation += FormattableString.Invariant($" State {k} is empty: {expected:0.0e+0} rows are expected in it; use fewer states, or more restarts.");
        }

        IReadOnlyList<double> bounds = regularized ? [.. fit.EarlierBounds, .. loop.State.LogLikelihoods] : loop.Bounds;
        return new FitResult<HiddenMarkovModel>(loop.State.Model, bounds, loop.Stop, bounds.Count - 1, explanation, rows.TotalWeight);
    }

    /// <summary>Fits each number of states and keeps the best.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="states">The numbers of states to try.</param>
    /// <param name="options">What to fit; its number of states plays no part.</param>
    /// <param name="fit">When to stop, and how many starts.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="criterion">By what to choose: BIC or AIC.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">No number is given, or every fit failed: the first failure.</exception>
    public static ModelSelectionResult<HiddenMarkovModel> Select(
        Observations rows, IEnumerable<int> states, HiddenMarkovOptions options, FitOptions fit, Runtime runtime,
        SelectionCriterion criterion = SelectionCriterion.Bic, CancellationToken cancellation = default) =>
        ModelSelection.Run(rows, states, criterion, count => Fit(rows, options with { States = count }, fit, runtime, cancellation), runtime);
}
