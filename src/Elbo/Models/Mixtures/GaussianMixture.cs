using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// A mixture of K normal distributions, p(x) = Σₖ πₖ N(x; μₖ, Σₖ), fitted by EM (Dempster, Laird and Rubin, 1977); missing values are integrated out
/// exactly (Ghahramani and Jordan, "Supervised learning from incomplete data via an EM approach", 1994).
/// </summary>
public sealed class GaussianMixture : MixtureModel
{
    private readonly GaussianComponents gaussian;

    internal GaussianMixture(ReadOnlySpan<double> weights, GaussianComponents components)
        : base(weights, components) => gaussian = components;

    /// <inheritdoc/>
    public override string Kind => "gmm";

    /// <inheritdoc/>
    public override string Title => $"Gaussian mixture, {Components} component{(Components == 1 ? "" : "s")}, {GaussianNames.Of(Covariance)} covariance";

    /// <summary>What the covariances may be.</summary>
    public CovarianceKind Covariance => gaussian.Kind;

    /// <summary>What each M-step added to each variance.</summary>
    public double Regularization => gaussian.Regularization;

    /// <summary>μ, <c>[K, D]</c>: a copy.</summary>
    public Matrix Means => gaussian.Means.Clone();

    /// <summary>Σₖ, <c>[D, D]</c>, whatever the kind of covariance: a copy.</summary>
    /// <param name="component">k, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public Matrix ComponentCovariance(int component)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(component);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(component, Components);
        return gaussian.Covariance(component);
    }

    /// <summary>Makes a mixture of given parameters.</summary>
    /// <param name="weights">π, <c>[K]</c>.</param>
    /// <param name="means">μ, <c>[K, D]</c>.</param>
    /// <param name="covariances">The covariances in row-major order: <c>[K, D, D]</c> full, <c>[D, D]</c> tied, <c>[K, D]</c> diagonal, <c>[K]</c> spherical.</param>
    /// <param name="covariance">Their kind.</param>
    /// <param name="regularization">What later M-steps add to each variance.</param>
    /// <exception cref="ElboException">The sizes disagree, a value is not finite, the weights are not probabilities, or a covariance is not symmetric positive definite.</exception>
    public static GaussianMixture Create(ReadOnlySpan<double> weights, Matrix means, ReadOnlySpan<double> covariances, CovarianceKind covariance, double regularization = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(means);
        return new GaussianMixture(weights, GaussianParameters.Components(means.Clone(), covariances, covariance, regularization));
    }

    /// <summary>Makes a model from what <see cref="MixtureModel.Definition"/> and <see cref="MixtureModel.Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make a Gaussian mixture.</exception>
    public static GaussianMixture Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int components = MixtureDefinition.Integer(definition, "components"), columns = MixtureDefinition.Integer(definition, "columns");
        CovarianceKind kind = GaussianNames.Parse(MixtureDefinition.Text(definition, "covariance"));
        double regularization = MixtureDefinition.Number(definition, "regularization");
        double[] weights = MixtureDefinition.Values(parameters, "weights", components), means = MixtureDefinition.Values(parameters, "means", components, columns);
        double[] covariances = MixtureDefinition.Values(parameters, "covariances", GaussianParameters.Shape(kind, components, columns));
        return Create(weights, new Matrix(components, columns, means), covariances, kind, regularization);
    }

    /// <summary>Fits a mixture by EM.</summary>
    /// <param name="rows">The rows; values may be missing, rows may have weights.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="fitOptions">When to stop, how often to start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">
    /// There are fewer distinct rows than components, a column is constant and nothing is added to its variance, or empty, every row is empty, a given start does not fit, or a covariance became singular.
    /// </exception>
    public static FitResult<GaussianMixture> Fit(
        Observations rows, GaussianMixtureOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        fitOptions ??= new FitOptions();
        fitOptions.Check();
        using Runtime? own = runtime is null ? new Runtime() : null;
        return new GaussianMixtureFit(rows, options, fitOptions, runtime ?? own!).Run(cancellation);
    }

    /// <summary>
    /// p(x missing|x given): the mixture of the columns that a row misses, given the values it has. Its components are the conditional normals,
    /// its weights the responsibilities; its mean is the regression of those columns on the others.
    /// </summary>
    /// <param name="row">A row, <c>[D]</c>, NaN in the columns to be explained; at least one.</param>
    /// <returns>A mixture over the missing columns in ascending order.</returns>
    /// <exception cref="ElboException">The row has another length, or misses nothing.</exception>
    public GaussianMixture Condition(ReadOnlySpan<double> row)
    {
        if (row.Length != Columns) throw new ElboException($"The row has {row.Length} values, and the model {Columns} columns; give one value per column, NaN where it is to be explained.");
        MissingGroup group = MissingPatterns.Of(row);
        int missing = group.Missing.Length;
        if (missing == 0) throw new ElboException("The row misses no value; put NaN into the columns to be explained.");
        double[] shares = new double[Components], total = new double[1], filled = new double[Columns], logWeights = new double[Components];
        VectorMath.Log(Weights, logWeights);
        Family.LogDensities(new RowBlock(row, Columns, true), shares);
        RowKernels.NormalizeLogDensities(shares, logWeights, total);
        Matrix means = new(Components, missing);
        for (int k = 0; k < Components; k++)
        {
            Family.ConditionalMean(k, row, filled);
            for (int j = 0; j < missing; j++) means[k, j] = filled[group.Missing[j]];
        }

        return new GaussianMixture(shares, gaussian.Conditional(means, group));
    }
}
