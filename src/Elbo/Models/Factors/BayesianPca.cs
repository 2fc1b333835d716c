using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models.Factors;

/// <summary>
/// Principal components with a posterior over loadings, mean, noise and the relevance of each factor, which switches off those that are not needed (Bishop,
/// "Variational principal components", 1999). Immutable.
/// </summary>
/// <remarks>
/// The verbs are those of the Gaussian with the mean and the covariance of the posterior predictive: <c>E[W]E[W]ᵀ</c> and, in every column, the noise
/// <c>E[1/τ]</c> with the uncertainty of W and μ. The rows need all their values; where some are missing use probabilistic PCA.
/// </remarks>
public sealed class BayesianPca : FactorModel
{
    /// <summary>The name of the family.</summary>
    public const string KindName = "bayesian-pca";

    /// <summary>A factor that explains less than this share of the noise in a column's variance counts as switched off.</summary>
    private const double Negligible = 1e-2;

    internal BayesianPca(BayesianPcaState state)
        : base(Predictive(state)) => State = state;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title => $"Bayesian PCA, {Factors} {(Factors == 1 ? "factor" : "factors")}, {ActiveFactors} active";

    /// <summary>q(α_q) of each factor: a large mean switches the factor off.</summary>
    public IReadOnlyList<GammaFactor> Relevances => State.Relevances;

    /// <summary>q(τ), of the precision of the noise.</summary>
    public GammaFactor Noise => State.Noise;

    /// <summary>Σ_W, the covariance of each row of the loadings, <c>[Q, Q]</c>: a copy.</summary>
    public Matrix LoadingCovariance => State.LoadingCovariance.Clone();

    /// <summary>The variance of the mean's posterior, the same in each column.</summary>
    public double MeanVariance => State.MeanVariance;

    /// <summary>The number of factors whose loadings explain, in the mean of the columns, more than a hundredth of the noise.</summary>
    public int ActiveFactors
    {
        get
        {
            int count = 0;
            for (int q = 0; q < Factors; q++)
            {
                double squares = 0;
                for (int d = 0; d < Columns; d++) squares += State.Loadings[d, q] * State.Loadings[d, q];
                if (squares > Negligible * Columns / State.Noise.Mean) count++;
            }

            return count;
        }
    }

    internal BayesianPcaState State { get; }

    private protected override long NoiseParameters => 1;

    private protected override KeyValuePair<string, NumericArray> NoiseParameter => new("noiseVariance", NumericArray.From<double>([NoiseVariances[0]], 1));

    /// <summary>Finds the posterior.</summary>
    /// <param name="rows">The rows, none with a missing value; they may have weights.</param>
    /// <param name="options">The sizes and priors.</param>
    /// <param name="fitOptions">When to stop; the tolerance is in nats per row.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>The model, and the evidence lower bound per row with every constant.</returns>
    /// <exception cref="ElboException">A value is missing, all columns are constant, or an option is out of its range.</exception>
    public static FitResult<BayesianPca> Fit(
        Observations rows, BayesianPcaOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(rows.Columns, rows.Name);
        fitOptions ??= new FitOptions();
        fitOptions.Check();
        using Runtime? own = runtime is null ? new Runtime() : null;
        RowMoments moments = RowMoments.Of(rows, runtime ?? own!);
        for (int d = 0; d < rows.Columns; d++)
        {
            if (!double.IsFinite(moments.Covariance[d, d]))
                throw new ElboException($"Column '{rows.ColumnNames[d]}' of '{rows.Name}' has missing values, which Bayesian PCA does not take; use probabilistic PCA, or impute the rows first.");
        }

        if (Enumerable.Range(0, rows.Columns).All(d => moments.Covariance[d, d] == 0)) throw new ElboException($"All columns of '{rows.Name}' are constant; there is nothing to explain.");
        BayesianPcaState start = options.StartModel?.State ?? BayesianPcaState.Start(moments, options.Factors ?? rows.Columns - 1, options);
        FitLoopResult<BayesianPcaState> result = FitLoop.Run(
            start,
            state =>
            {
                BayesianPcaCodes codes = state.Codes();
                return new FitStep<BayesianPcaState>(state.Bound(moments, codes, options) / moments.TotalWeight, state.Next(moments, codes, options));
            },
            static state => new BayesianPca(state), fitOptions, 1, cancellation);
        return new FitResult<BayesianPca>(new BayesianPca(result.State), result.Bounds, result.Stop, result.Iterations, result.Explanation, moments.TotalWeight);
    }

    /// <summary><c>mean</c> <c>[D]</c>, <c>loadings</c> <c>[D, Q]</c>, <c>noiseVariance</c> <c>[1]</c>; and of the posterior <c>loadingCovariance</c> <c>[Q, Q]</c>, <c>meanVariance</c> <c>[1]</c>, <c>relevances</c> <c>[Q, 2]</c>, <c>noise</c> <c>[2]</c>.</summary>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        .. base.Parameters,
        new("loadingCovariance", NumericArray.From<double>(State.LoadingCovariance.Values, Factors, Factors)),
        new("meanVariance", NumericArray.From<double>([State.MeanVariance])),
        new("relevances", NumericArray.From<double>(State.Relevances.SelectMany(static factor => (double[])[factor.Shape, factor.Rate]).ToArray(), Factors, 2)),
        new("noise", NumericArray.From<double>([State.Noise.Shape, State.Noise.Rate])),
    ];

    /// <summary>Makes a model from what <see cref="FactorModel.Definition"/> and <see cref="Parameters"/> said.</summary>
    /// <param name="definition">The sizes.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make a model.</exception>
    public static BayesianPca Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int columns = FactorDefinition.Integer(definition, "columns", 2), factors = FactorDefinition.Integer(definition, "factors", 1);
        double[] relevances = FactorDefinition.Values(parameters, "relevances", factors, 2), noise = FactorDefinition.Values(parameters, "noise", 2);
        double variance = FactorDefinition.Values(parameters, "meanVariance", 1)[0];
        foreach (double value in (double[])[.. relevances, .. noise, variance])
            if (!(value > 0)) throw new ElboException(FormattableString.Invariant($"A shape, rate or variance of the model is {value}; they are positive."));
        Matrix covariance = new(factors, factors, FactorDefinition.Values(parameters, "loadingCovariance", factors, factors));
        if (CholeskyFactor.TryFactor(covariance) is null) throw new ElboException("The covariance of the loadings is not positive definite; the model folder is damaged.");
        return new BayesianPca(new BayesianPcaState(
            new Matrix(columns, factors, FactorDefinition.Values(parameters, FactorDefinition.Loadings, columns, factors)), covariance, FactorDefinition.Values(parameters, FactorDefinition.Mean, columns), variance,
            [.. Enumerable.Range(0, factors).Select(q => new GammaFactor(relevances[2 * q], relevances[2 * q + 1]))], new GammaFactor(noise[0], noise[1])));
    }

    private static FactorGaussian Predictive(BayesianPcaState state)
    {
        double shape = state.Noise.Shape, noise = state.Noise.Rate / (shape > 1 ? shape - 1 : shape) + state.MeanVariance;
        for (int q = 0; q < state.Loadings.Columns; q++) noise += state.LoadingCovariance[q, q];
        return new FactorGaussian(state.Mean, state.Loadings, ProbabilisticPca.Same(noise, state.Mean.Length));
    }
}
