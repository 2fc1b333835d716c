using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>One fit of a Bayesian Gaussian mixture: checks the rows, makes the starts, runs coordinate ascent or stochastic updates.</summary>
internal sealed class BayesianGaussianMixtureFit
{
    private readonly Observations rows;
    private readonly BayesianGaussianMixtureOptions options;
    private readonly FitOptions fitOptions;
    private readonly Runtime runtime;
    private readonly RandomStream random;
    private readonly ColumnSummary summary;
    private readonly NormalWishartPrior prior;
    private readonly double concentration, weight, emptyWeight;

    public BayesianGaussianMixtureFit(Observations rows, BayesianGaussianMixtureOptions options, FitOptions fitOptions, Runtime runtime)
    {
        this.rows = rows;
        this.options = options;
        this.fitOptions = fitOptions;
        this.runtime = runtime;
        random = new RandomStream(fitOptions.Seed);
        if (options.StartModel is { } model && model.Columns != rows.Columns) throw WrongColumns("model", model.Columns);
        if (options.StartMixture is { } mixture)
        {
            if (mixture.Columns != rows.Columns) throw WrongColumns("mixture", mixture.Columns);
            if (mixture.Components != options.Components) throw new ElboException($"The mixture to start from has {mixture.Components} components, and {options.Components} were asked for; ask for the same.");
            if (mixture.Family is not GaussianComponents gaussian || gaussian.Kind != options.Covariance)
                throw new ElboException($"The mixture to start from is no Gaussian mixture of {GaussianNames.Of(options.Covariance)} covariance; give one that is.");
        }

        summary = ColumnSummary.Of(rows, runtime);
        if (options.StartModel is null && options.StartMixture is null) CheckSpread();
        prior = options.StartModel?.State.Prior ?? NormalWishartPrior.Of(options, summary);
        concentration = options.StartModel?.State.Weights.Concentration ?? options.WeightConcentration ?? 1.0 / options.Components;
        weight = rows.TotalWeight;
        emptyWeight = BayesianMixtureState.EmptyWeight(rows, runtime);
    }

    public FitResult<BayesianGaussianMixture> Run(CancellationToken cancellation)
    {
        bool given = options.StartModel is not null || options.StartMixture is not null;
        FitOptions one = given ? fitOptions with { Restarts = 1 } : fitOptions;
        Func<int, BayesianMixtureState> start = Starts();
        FitLoopResult<BayesianMixtureState> best = options.Online is { } online
            ? Stochastic(start(fitOptions.FirstStart), online, cancellation)
            : Restarts.Run(start, Step, static state => new BayesianGaussianMixture(state), one, cancellation);
        int removed = 0;
        while (options.Prune && best.Stop != FitStop.Cancelled)
        {
            int[] kept = [.. Enumerable.Range(0, best.State.Weights.Counts.Length).Where(k => best.State.Weights.Counts[k] >= options.LeastCount)];
            int fewer = best.State.Weights.Counts.Length - kept.Length;
            if (fewer == 0 || kept.Length == 0) break;
            removed += fewer;
            FitLoopResult<BayesianMixtureState> rest = FitLoop.Run(best.State.Select(kept), Step, static state => new BayesianGaussianMixture(state), fitOptions with { EarlierBounds = [] }, 1, cancellation);
            best = rest with { Bounds = [.. best.Bounds, .. rest.Bounds], Iterations = best.Iterations + rest.Iterations };
        }

        string explanation = removed == 0 ? best.Explanation
            : $"{best.Explanation} {removed} component{(removed == 1 ? " that expected" : "s that each expected")} fewer than {options.LeastCount} rows {(removed == 1 ? "was" : "were")} taken out on the way.";
        return new FitResult<BayesianGaussianMixture>(new BayesianGaussianMixture(best.State), best.Bounds, best.Stop, best.Iterations, explanation, weight);
    }

    private FitStep<BayesianMixtureState> Step(BayesianMixtureState state)
    {
        (BayesianMixtureBound bound, ComponentMoments moments) = state.Expect(rows, emptyWeight, runtime);
        return new FitStep<BayesianMixtureState>(bound.Total / weight, state.Next(moments));
    }

    private FitLoopResult<BayesianMixtureState> Stochastic(BayesianMixtureState state, StochasticOptions online, CancellationToken cancellation)
    {
        if (rows.Rows > int.MaxValue / 2) throw new ElboException($"'{rows.Name}' has {rows.Rows} rows, too many to draw batches from; use coordinate ascent, which streams.");
        int batch = (int)Math.Min(online.BatchSize, rows.Rows), steps = (int)((rows.Rows + batch - 1) / batch);
        RandomStream orders = random.Split(ulong.MaxValue);
        int[] order = [.. Enumerable.Range(0, (int)rows.Rows)];
        List<double> bounds = [.. fitOptions.EarlierBounds];
        int first = bounds.Count;
        long step = (long)first * steps;
        (BayesianMixtureBound bound, ComponentMoments moments) = state.Expect(rows, emptyWeight, runtime);
        bounds.Add(bound.Total / weight);
        ComponentMoments average = moments;
        for (int pass = first + 1; ; pass++)
        {
            // Rows of one batch of everything keep their order: its sums are then those of coordinate ascent.
            if (steps == 1)
            {
                average = Move(average, moments, online.Rate(step++));
                state = state.Next(average);
            }
            else
            {
                orders.Split((ulong)pass).Permutation(order);
                for (int from = 0; from < order.Length && !cancellation.IsCancellationRequested; from += batch)
                {
                    Observations some = Gather(order.AsSpan(from, Math.Min(batch, order.Length - from)));
                    if (some.TotalWeight > 0) average = Move(average, state.Expect(some, 0, runtime).Moments.Scale(weight / some.TotalWeight), online.Rate(step++));
                    state = state.Next(average);
                }
            }

            (bound, moments) = state.Expect(rows, emptyWeight, runtime);
            double value = bound.Total / weight, gain = value - bounds[^1];
            if (!double.IsFinite(value)) throw new ElboException($"The bound after pass {pass} is {value}; raise the delay of the stochastic steps.");
            bounds.Add(value);
            BayesianMixtureState measured = state;
            fitOptions.Progress?.Report(new FitProgress(1, 1, pass, fitOptions.MaxIterations, value, gain, () => new BayesianGaussianMixture(measured)));
            if (cancellation.IsCancellationRequested) return new(state, bounds, FitStop.Cancelled, pass, $"Stopped on request in pass {pass}.");
            if (Math.Abs(gain) < fitOptions.Tolerance)
                return new(state, bounds, FitStop.Converged, pass, FormattableString.Invariant($"Converged after {FitWords.Count(pass, "pass", "passes")}: the last changed the bound by {gain:0.0e+0} nats per row, less than {fitOptions.Tolerance:0.0e+0}."));
            if (pass >= fitOptions.MaxIterations)
                return new(state, bounds, FitStop.IterationLimit, pass, FormattableString.Invariant($"Not converged: {FitWords.UsedUp(pass, "pass", "passes")}, and the last changed the bound by {gain:0.0e+0} nats per row; allow more iterations."));
        }
    }

    /// <summary>A step along the natural gradient: the natural parameters are prior plus moments, so that averaging moments averages them.</summary>
    private static ComponentMoments Move(ComponentMoments average, ComponentMoments batch, double rate) => rate == 1 ? batch : average.Scale(1 - rate).Add(batch.Scale(rate));

    private Observations Gather(ReadOnlySpan<int> chosen)
    {
        Matrix values = new(chosen.Length, rows.Columns);
        double[]? weights = rows.Weights.IsEmpty ? null : new double[chosen.Length];
        double[] buffer = new double[rows.Columns];
        for (int i = 0; i < chosen.Length; i++)
        {
            rows.Read(chosen[i], 1, buffer).CopyTo(values.Row(i));
            if (weights is not null) weights[i] = rows.Weights[chosen[i]];
        }

        return Observations.FromMatrix(rows.Name, values, rows.ColumnNames, weights);
    }

    private Func<int, BayesianMixtureState> Starts()
    {
        if (options.StartModel is { } model) return _ => model.State;
        if (options.StartMixture is { } mixture) return _ => First(new MixtureState(mixture.Weights.ToArray(), mixture.Family));
        GaussianComponents neutral = Neutral();
        Lazy<MixtureStart> sample = new(() => MixtureStart.Of(rows, summary, random.Split(0)));
        return restart => First(sample.Value.Make(neutral, options.Start, random.Split((ulong)restart)));
    }

    private void CheckSpread()
    {
        for (int j = 0; j < rows.Columns; j++)
        {
            if (summary.Minima[j] == summary.Maxima[j])
                throw new ElboException(FormattableString.Invariant($"Column '{rows.ColumnNames[j]}' of '{rows.Name}' holds the one value {summary.Minima[j]}, which has no spread to learn; drop the column."));
        }
    }

    /// <summary>Components of the whole, for a start; regularised, since hard assignments may leave one without spread.</summary>
    private GaussianComponents Neutral()
    {
        double spread = 0;
        for (int j = 0; j < rows.Columns; j++) spread += summary.Variance(j) / rows.Columns;
        return GaussianComponents.Neutral(options.Components, options.Covariance, 1e-3 * spread, summary);
    }

    private BayesianMixtureState First(MixtureState start)
    {
        MixtureSums sums = MixtureEm.Expect(rows, start.Weights, start.Family, runtime, moments: true);
        return BayesianMixtureState.Of(prior, options.WeightPrior, concentration, ComponentMoments.Of((GaussianComponents)start.Family, sums));
    }

    private ElboException WrongColumns(string what, int columns) =>
        new($"The {what} to start from has {columns} columns, and '{rows.Name}' has {rows.Columns}; give the columns that the {what} was fitted on.");
}
