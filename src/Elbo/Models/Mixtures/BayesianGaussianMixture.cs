using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// A Gaussian mixture with a posterior over its parameters, q(π) q(μ, Λ), found by coordinate ascent or stochastic steps (Bishop, "Pattern recognition and
/// machine learning", 2006, section 10.2; Blei and Jordan, 2006, for the Dirichlet process). Densities, codes and draws are those of the posterior
/// predictive: a mixture of Student-t distributions with the weights E[π]. Immutable.
/// </summary>
/// <remarks>
/// A missing value is one more latent variable, with a factor q(z, x missing) of its own for each row; predictive densities integrate it out.
/// </remarks>
public sealed class BayesianGaussianMixture : MixtureModel
{
    /// <summary>The name of the family.</summary>
    public const string KindName = "bayesian-gmm";

    internal BayesianGaussianMixture(BayesianMixtureState state)
        : base(state.Weights.Means(), StudentComponents.Of(state.Components)) => State = state;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title =>
        $"Bayesian Gaussian mixture, {Components} component{(Components == 1 ? "" : "s")}, {ActiveComponents().Count} used, {GaussianNames.Of(Covariance)} covariance{(WeightPrior == MixtureWeightPrior.DirichletProcess ? ", Dirichlet process" : "")}";

    /// <summary>What the covariances may be.</summary>
    public CovarianceKind Covariance => State.Components.Kind;

    /// <summary>The prior of the weights.</summary>
    public MixtureWeightPrior WeightPrior => State.Weights.Prior;

    /// <summary>α of the weights' prior.</summary>
    public double WeightConcentration => State.Weights.Concentration;

    /// <summary>The expected number of training rows of each component, <c>[K]</c>.</summary>
    public ReadOnlySpan<double> Counts => State.Weights.Counts;

    /// <summary>m, the posterior means of the means, <c>[K, D]</c>: a copy.</summary>
    public Matrix Means => State.Components.Means.Clone();

    /// <summary>β, how many rows each mean is worth, <c>[K]</c>.</summary>
    public ReadOnlySpan<double> MeanPrecisions => State.Components.MeanPrecisions;

    /// <summary>ν, <c>[K]</c>; <c>[1]</c> for tied covariance.</summary>
    public ReadOnlySpan<double> DegreesOfFreedom => State.Components.DegreesOfFreedom;

    /// <summary>V in the shape of the covariances: <c>[K, D, D]</c> full, <c>[D, D]</c> tied, <c>[K, D]</c> diagonal, <c>[K]</c> spherical. E[Λ] = νV⁻¹.</summary>
    public ReadOnlySpan<double> InverseScales => State.Components.InverseScales;

    /// <inheritdoc/>
    public override long FreeParameters => Components - 1 + State.Components.Expected().FreeParameters;

    internal BayesianMixtureState State { get; }

    /// <summary>Finds the posterior of a mixture of rows.</summary>
    /// <param name="rows">The rows; values may be missing, rows may have weights.</param>
    /// <param name="options">The sizes and priors.</param>
    /// <param name="fitOptions">When to stop, how often to start. Of stochastic updates an iteration is a pass over the rows, and there is one start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <returns>The model, and the evidence lower bound per row with every constant, comparable across numbers of components, covariances and priors.</returns>
    /// <exception cref="ElboException">An option is out of its range, a column is constant or empty, every row is empty, or a given start does not fit.</exception>
    public static FitResult<BayesianGaussianMixture> Fit(
        Observations rows, BayesianGaussianMixtureOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        fitOptions ??= new FitOptions();
        fitOptions.Check();
        using Runtime? own = runtime is null ? new Runtime() : null;
        return new BayesianGaussianMixtureFit(rows, options, fitOptions, runtime ?? own!).Run(cancellation);
    }

    /// <summary>The bound of this posterior on rows, term by term. Of the training rows it is the fit's, of others that of a fit to them that stopped here.</summary>
    /// <param name="rows">N rows of D columns.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">The rows do not fit the model.</exception>
    public BayesianMixtureBound Bound(Observations rows, Runtime runtime)
    {
        CheckColumns(rows);
        return State.Expect(rows, BayesianMixtureState.EmptyWeight(rows, runtime), runtime).Bound;
    }

    /// <summary>The components with at least so many expected training rows, largest first.</summary>
    /// <param name="leastCount">The expected number of rows.</param>
    public IReadOnlyList<int> ActiveComponents(double leastCount = 0.5) =>
        [.. Enumerable.Range(0, Components).Where(k => State.Weights.Counts[k] >= leastCount).OrderByDescending(k => State.Weights.Counts[k])];

    /// <inheritdoc/>
    public override JsonElement Definition => JsonObjects.Write(writer =>
    {
        writer.WriteNumber("components", Components);
        writer.WriteNumber("columns", Columns);
        writer.WriteString("covariance", GaussianNames.Of(Covariance));
        writer.WriteString("weightPrior", WeightPrior == MixtureWeightPrior.Dirichlet ? "dirichlet" : "dirichlet-process");
    });

    /// <summary>
    /// <c>weights</c> E[π] <c>[K]</c>, <c>means</c> m <c>[K, D]</c>, <c>covariances</c> E[Λ]⁻¹ in the shape of their kind; <c>counts</c> <c>[K]</c>, <c>meanPrecisions</c> β <c>[K]</c>,
    /// <c>degreesOfFreedom</c> ν, <c>inverseScales</c> V; and the prior's: <c>weightConcentration</c> <c>[1]</c>, <c>meanPrior</c> <c>[D]</c>,
    /// <c>meanPrecisionPrior</c> <c>[1]</c>, <c>degreesOfFreedomPrior</c> <c>[1]</c>, <c>inverseScalePrior</c>.
    /// </summary>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters =>
    [
        new("weights", NumericArray.From(Weights, Components)),
        .. NormalWishartStorage.Parameters(State.Prior, State.Components),
        new("counts", NumericArray.From<double>(State.Weights.Counts, Components)),
        new("weightConcentration", NumericArray.From<double>([WeightConcentration])),
    ];

    /// <summary>Makes a model from what <see cref="Definition"/> and <see cref="Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make a Bayesian Gaussian mixture.</exception>
    public static BayesianGaussianMixture Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int k = MixtureDefinition.Integer(definition, "components"), d = MixtureDefinition.Integer(definition, "columns");
        CovarianceKind kind = GaussianNames.Parse(MixtureDefinition.Text(definition, "covariance"));
        MixtureWeightPrior weightPrior = MixtureDefinition.Text(definition, "weightPrior") switch
        {
            "dirichlet" => MixtureWeightPrior.Dirichlet,
            "dirichlet-process" => MixtureWeightPrior.DirichletProcess,
            string other => throw new ElboException($"There is no prior of weights '{other}'; it is dirichlet or dirichlet-process."),
        };
        (NormalWishartPrior prior, NormalWishartPosterior posterior) = NormalWishartStorage.Load(kind, k, d, parameters);
        double[] counts = MixtureDefinition.Values(parameters, "counts", k);
        for (int c = 0; c < k; c++)
            if (counts[c] < 0) throw new ElboException(FormattableString.Invariant($"The count of component {c} is {counts[c]}; counts are not negative."));
        double concentration = MixtureDefinition.PositiveValues(parameters, "weightConcentration", 1)[0];
        return new BayesianGaussianMixture(new BayesianMixtureState(prior, posterior, new WeightPosterior(weightPrior, concentration, counts)));
    }
}
