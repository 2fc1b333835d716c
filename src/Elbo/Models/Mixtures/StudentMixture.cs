using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>
/// A mixture of K multivariate Student-t distributions, p(x) = Σₖ πₖ t(x; μₖ, Σₖ, νₖ), robust against outliers, fitted by EM (Peel and McLachlan, "Robust mixture
/// modelling using the t distribution", 2000). Missing values are integrated out exactly: a marginal of a t is a t with the same νₖ, and what is
/// missing is explained by its regression on what is there (Liu and Rubin, "ML estimation of the t distribution using EM and its extensions, ECM and ECME", 1995).
/// </summary>
public sealed class StudentMixture : MixtureModel
{
    internal const string KindName = "student-mixture";

    private readonly StudentMixtureComponents components;

    internal StudentMixture(ReadOnlySpan<double> weights, StudentMixtureComponents components)
        : base(weights, components) => this.components = components;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Title => $"Student-t mixture, {Components} component{(Components == 1 ? "" : "s")}, {GaussianNames.Of(Scale)} scale";

    /// <summary>What each M-step added to each squared scale.</summary>
    public double Regularization => components.Regularization;

    /// <summary>Whether the scale matrices are full or diagonal.</summary>
    public CovarianceKind Scale => components.Kind;

    /// <summary>μ, <c>[K, D]</c>: the locations, which are the means where ν is above 1; a copy.</summary>
    public Matrix Locations => components.Locations.Clone();

    /// <summary>ν, <c>[K]</c>.</summary>
    public ReadOnlySpan<double> DegreesOfFreedom => components.Degrees;

    /// <summary>Whether later M-steps move ν.</summary>
    public bool LearnsDegreesOfFreedom => components.LearnsDegrees;

    /// <summary>Σₖ, <c>[D, D]</c>: a copy. The covariance is Σₖ ν/(ν − 2) where ν is above 2.</summary>
    /// <param name="component">k, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public Matrix ComponentScale(int component)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(component);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(component, Components);
        return components.Scale(component);
    }

    /// <summary>Makes a mixture of given parameters.</summary>
    /// <param name="weights">π, <c>[K]</c>.</param>
    /// <param name="locations">μ, <c>[K, D]</c>.</param>
    /// <param name="scales">Σ in row-major order: <c>[K, D, D]</c> full, <c>[K, D]</c> diagonal.</param>
    /// <param name="degreesOfFreedom">ν, <c>[K]</c>, positive.</param>
    /// <param name="scale">Full or diagonal.</param>
    /// <param name="regularization">What later M-steps add to each squared scale.</param>
    /// <exception cref="ElboException">The sizes disagree, a value is not finite, or a scale is not symmetric positive definite.</exception>
    public static StudentMixture Create(
        ReadOnlySpan<double> weights, Matrix locations, ReadOnlySpan<double> scales, ReadOnlySpan<double> degreesOfFreedom, CovarianceKind scale, double regularization = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(locations);
        return new StudentMixture(weights, StudentMixtureComponents.Create(locations.Clone(), scales, degreesOfFreedom, new StudentChoices(scale, regularization, true)));
    }

    /// <summary>Makes a model from what <see cref="MixtureModel.Definition"/> and <see cref="MixtureModel.Parameters"/> said.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="parameters">The parameters by name.</param>
    /// <exception cref="ElboException">They do not make such a mixture.</exception>
    public static StudentMixture Load(JsonElement definition, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int count = MixtureDefinition.Integer(definition, "components"), columns = MixtureDefinition.Integer(definition, "columns");
        double[] weights = MixtureDefinition.Values(parameters, "weights", count);
        return new StudentMixture(weights, StudentMixtureComponents.Load(definition, count, columns, parameters));
    }

    /// <summary>Fits a mixture by EM.</summary>
    /// <param name="rows">The rows; values may be missing, rows may have weights.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="fitOptions">When to stop, how often to start.</param>
    /// <param name="runtime">The threads; the result does not depend on their number.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">A value is none that the model can take (names row, column and value), there are fewer distinct rows than components, a column is empty, or a given start does not fit.</exception>
    public static FitResult<StudentMixture> Fit(
        Observations rows, StudentMixtureOptions options, FitOptions? fitOptions = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new MixtureFit<StudentMixture>
        {
            Neutral = summary => StudentMixtureComponents.Neutral(options, summary),
            Load = StudentMixtureComponents.Load,
            Model = static state => new StudentMixture(state.Weights, (StudentMixtureComponents)state.Family),
        }.Run(rows, options, fitOptions, runtime, cancellation);
    }
}
