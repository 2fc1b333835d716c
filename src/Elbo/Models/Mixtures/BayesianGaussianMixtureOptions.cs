using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What Bayesian Gaussian mixture to fit: its sizes, its priors, and how its posterior is found.</summary>
/// <remarks>
/// The precision of a component is Wishart with ν₀ degrees of freedom and inverse scale V₀ (of diagonal and spherical covariance: Gamma(ν₀/2, V₀/2)
/// for each column or for all), so that V₀/ν₀ is a typical covariance; its mean, given the precision Λ, is N(m₀, (β₀Λ)⁻¹).
/// </remarks>
public sealed record BayesianGaussianMixtureOptions
{
    /// <summary>K, the most components, at least 1.</summary>
    public int Components { get; init; } = 1;

    /// <summary>What the covariances may be.</summary>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Full;

    /// <summary>The prior of the weights.</summary>
    public MixtureWeightPrior WeightPrior { get; init; }

    /// <summary>α, positive: the concentration of each weight, or of the Dirichlet process; null for 1/K.</summary>
    public double? WeightConcentration { get; init; }

    /// <summary>m₀, <c>[D]</c>; null for the means of the rows.</summary>
    public IReadOnlyList<double>? MeanPrior { get; init; }

    /// <summary>β₀, positive: how many rows the prior mean is worth.</summary>
    public double MeanPrecision { get; init; } = 1;

    /// <summary>ν₀, above D − 1 (above 0 for diagonal and spherical covariance): how many rows the prior covariance is worth; null for D.</summary>
    public double? DegreesOfFreedom { get; init; }

    /// <summary>
    /// V₀: <c>[D, D]</c> symmetric positive definite for full and tied covariance, <c>[1, D]</c> for diagonal, <c>[1, 1]</c> for spherical; null for the
    /// variances of the columns on the diagonal, or their mean.
    /// </summary>
    public Matrix? InverseScale { get; init; }

    /// <summary>
    /// Whether components with less than <see cref="LeastCount"/> expected rows are taken out once the bound has settled, and the rest settle again.
    /// </summary>
    public bool Prune { get; init; }

    /// <summary>The expected number of rows below which a component counts as empty; positive.</summary>
    public double LeastCount { get; init; } = 0.5;

    /// <summary>How the first responsibilities are found where no start is given.</summary>
    public StartMethod Start { get; init; } = StartMethod.KMeans;

    /// <summary>A mixture whose responsibilities are the first; of the same components and columns. Null to start from the rows alone.</summary>
    public MixtureModel? StartMixture { get; init; }

    /// <summary>A posterior to go on from: a warm start. It has the same components, covariance, columns and kind of prior of the weights.</summary>
    public BayesianGaussianMixture? StartModel { get; init; }

    /// <summary>Stochastic updates from batches of rows; null for coordinate ascent on all rows at once.</summary>
    public StochasticOptions? Online { get; init; }

    /// <summary>Throws unless every setting is in its range.</summary>
    /// <exception cref="ElboException">One is not.</exception>
    public void Check()
    {
        if (Components < 1) throw new ElboException($"{Components} components were asked for; at least 1 is needed.");
        if (WeightConcentration is { } alpha) Positive(alpha, "weight concentration");
        Positive(MeanPrecision, "prior precision of the means");
        Positive(LeastCount, "least count of a component");
        Online?.Check();
        if (StartModel is null) return;
        if (StartMixture is not null) throw new ElboException("Both a posterior and a mixture were given to start from; give one of them.");
        if (StartModel.Covariance != Covariance) throw new ElboException($"The model to start from has {GaussianNames.Of(StartModel.Covariance)} covariance, and {GaussianNames.Of(Covariance)} was asked for; ask for the same.");
        if (StartModel.Components != Components) throw new ElboException($"The model to start from has {StartModel.Components} components, and {Components} were asked for; ask for the same.");
        if (StartModel.WeightPrior != WeightPrior) throw new ElboException("The model to start from has another kind of prior of the weights than was asked for; ask for the same.");
    }

    private static void Positive(double value, string what)
    {
        if (!(value > 0 && double.IsFinite(value))) throw new ElboException(FormattableString.Invariant($"The {what} is {value}; give a positive number."));
    }
}
