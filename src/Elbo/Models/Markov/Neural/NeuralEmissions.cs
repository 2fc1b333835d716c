using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>How models whose distributions come from a <see cref="StateNetwork"/> are fitted.</summary>
public sealed record NeuralEmissionOptions
{
    /// <summary>The most gradient steps of each M-step, at least 1; none of them lowers the expected log density.</summary>
    public int GradientSteps { get; init; } = 10;

    /// <summary>Transitions that are possible, <c>[K, K]</c>: 0 forbids one for good. Null allows all.</summary>
    public Matrix? TransitionPattern { get; init; }

    /// <summary>States that a sequence may start in, <c>[K]</c>: 0 forbids one for good. Null allows all.</summary>
    public IReadOnlyList<double>? StartPattern { get; init; }

    /// <summary>The state of each row where it is known and −1 where it is not, <c>[N]</c>; null where none is known.</summary>
    public int[]? KnownStates { get; init; }
}

/// <summary>A fitted model whose distributions come from a network, and that network's parameters.</summary>
/// <typeparam name="TModel">The model.</typeparam>
/// <param name="Result">The model with the distributions that the network computes, and how the fit went.</param>
/// <param name="Parameters">The network's parameters by name, row-major.</param>
public sealed record NeuralFit<TModel>(FitResult<TModel> Result, IReadOnlyDictionary<string, double[]> Parameters)
    where TModel : RowModel;

/// <summary>
/// Generalised EM for hidden Markov and categorical latent variables whose distributions of a row come from a network: the E-step and the M-step of start, transition and weight
/// probabilities are exact, the network climbs the expected log density by limited-memory BFGS, so that the bound never falls.
/// </summary>
public static class NeuralEmissions
{
    /// <summary>The steps of the first climb, which brings a network of random weights near what the start expects.</summary>
    private const int FirstSteps = 100;

    /// <summary>The least probability or rate that a mixture takes, below any of a network's.</summary>
    private const double LeastProbability = 1e-15;

    /// <summary>Fits a hidden Markov model.</summary>
    /// <param name="rows">The sequences; all rows of a sequence weigh the same.</param>
    /// <param name="network">The distributions of a row.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="fit">When to stop, and how many starts.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">The rows do not fit the network, or an option is out of its range.</exception>
    public static NeuralFit<HiddenMarkovModel> FitMarkov(
        Observations rows, StateNetwork network, NeuralEmissionOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(runtime);
        if (options.GradientSteps < 1) throw new ElboException($"{options.GradientSteps} gradient steps were asked for; at least 1 is needed.");
        if (rows.Columns != network.Columns) throw new ElboException($"The network describes rows of {network.Columns} columns, and '{rows.Name}' has {rows.Columns}; build it for these rows.");
        HiddenMarkovOptions plain = new()
        {
            States = network.States,
            Emission = network.Emission,
            Covariance = CovarianceKind.Diagonal,
            TransitionPattern = options.TransitionPattern,
            StartPattern = options.StartPattern,
            KnownStates = options.KnownStates,
        };
        plain.Check();
        KnownStates.Check(options.KnownStates, rows, network.States);
        EmissionPrior prior = EmissionPrior.Of(rows, plain, runtime);
        ExpectationStep expectation = new(rows, options.KnownStates, null, runtime);
        BaumWelch chain = new(rows, plain with { LearnEmissions = false }, prior, runtime);
        double weight = rows.TotalWeight;
        using NeuralMaximization maximization = new(network, weight, runtime);

        NeuralState Next(HiddenMarkovModel model, double[] position, int steps)
        {
            MarkovStatistics statistics = expectation.Run(model.Chain);
            return Maximize(model, statistics, position, steps);
        }

        NeuralState Maximize(HiddenMarkovModel model, MarkovStatistics statistics, double[] position, int steps)
        {
            double[] place = maximization.Climb(model.Emission, statistics.Emissions, position, steps);
            HiddenMarkovModel updated = chain.Maximize(model, statistics);
            return new NeuralState(new HiddenMarkovModel(updated.StartValues, updated.TransitionValues, maximization.EmissionAt(place), null, updated.Free), place);
        }

        NeuralState Start(int restart)
        {
            RandomStream random = new RandomStream(fit.Seed).Split((ulong)restart);
            return Next(HiddenMarkovStart.Draw(rows, plain, prior, random), maximization.Draw(random.Split(10)), FirstSteps);
        }

        FitStep<NeuralState> Step(NeuralState state)
        {
            MarkovStatistics statistics = expectation.Run(state.Model.Chain);
            return new FitStep<NeuralState>(statistics.LogLikelihood / weight, Maximize(state.Model, statistics, state.Position, options.GradientSteps));
        }

        FitLoopResult<NeuralState> best = Restarts.Run(Start, Step, static state => state.Model, fit, cancellation);
        return new NeuralFit<HiddenMarkovModel>(
            new FitResult<HiddenMarkovModel>(best.State.Model, best.Bounds, best.Stop, best.Iterations, best.Explanation, weight), maximization.Parameters(best.State.Position));
    }

    /// <summary>Fits a mixture: the latent variable of each row by itself is a category.</summary>
    /// <param name="rows">The rows; values may be missing, rows may have weights.</param>
    /// <param name="network">The distributions of a row.</param>
    /// <param name="options">How to fit; what it says of transitions plays no part.</param>
    /// <param name="fit">When to stop, and how many starts.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>A mixture of the network's family: <see cref="GaussianMixture"/>, <see cref="BernoulliMixture"/>, <see cref="PoissonMixture"/> or <see cref="LatentClassModel"/>.</returns>
    /// <exception cref="ElboException">The rows do not fit the network, or an option is out of its range.</exception>
    public static NeuralFit<MixtureModel> FitMixture(
        Observations rows, StateNetwork network, NeuralEmissionOptions options, FitOptions fit, Runtime runtime, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        // A mixture is a chain that ends where it starts.
        Matrix values = rows.ToMatrix();
        Observations single = Observations.FromMatrix(rows.Name, values, rows.ColumnNames, rows.Weights.IsEmpty ? null : rows.Weights.ToArray(), [.. Enumerable.Repeat(1, values.Rows)]);
        NeuralFit<HiddenMarkovModel> chain = FitMarkov(single, network, options with { TransitionPattern = null }, fit, runtime, cancellation);
        FitResult<HiddenMarkovModel> result = chain.Result;
        MixtureModel mixture = Mixture(result.Model);
        return new NeuralFit<MixtureModel>(new FitResult<MixtureModel>(mixture, result.Bounds, result.Stop, result.Iterations, result.Explanation, result.TotalWeight), chain.Parameters);
    }

    private static MixtureModel Mixture(HiddenMarkovModel model) => model.Emission switch
    {
        DiagonalGaussianEmission gaussian => GaussianMixture.Create(model.Start, gaussian.Means, gaussian.Variances.Values, CovarianceKind.Diagonal),
        BernoulliEmission bernoulli => BernoulliMixture.Create(model.Start, bernoulli.Means, LeastProbability),
        PoissonEmission poisson => PoissonMixture.Create(model.Start, poisson.Rates, LeastProbability),
        CategoricalEmission categorical => LatentClassModel.Create(
            model.Start, new CategoryLevels([.. categorical.Categories.Select(static count => Enumerable.Range(0, count).Select(static level => (double)level).ToArray())]), categorical.CellTable, LeastProbability),
        _ => throw new ElboException($"There is no mixture of {model.Emission.Title} distributions."),
    };

    private sealed record NeuralState(HiddenMarkovModel Model, double[] Position);
}
