using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>How a model file holds q(μ, Λ) of normal components and its prior.</summary>
internal static class NormalWishartStorage
{
    /// <summary>
    /// <c>means</c> m <c>[K, D]</c>, <c>covariances</c> E[Λ]⁻¹ in the shape of their kind; <c>meanPrecisions</c> β <c>[K]</c>, <c>degreesOfFreedom</c> ν, <c>inverseScales</c> V; and
    /// the prior's: <c>meanPrior</c> <c>[D]</c>, <c>meanPrecisionPrior</c> <c>[1]</c>, <c>degreesOfFreedomPrior</c> <c>[1]</c>, <c>inverseScalePrior</c>.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters(NormalWishartPrior prior, NormalWishartPosterior posterior) =>
    [
        .. posterior.Expected().Parameters,
        new("meanPrecisions", NumericArray.From<double>(posterior.MeanPrecisions, posterior.Components)),
        new("degreesOfFreedom", NumericArray.From<double>(posterior.DegreesOfFreedom)),
        new("inverseScales", NumericArray.From<double>(posterior.InverseScales, GaussianParameters.Shape(prior.Kind, posterior.Components, posterior.Columns))),
        new("meanPrior", NumericArray.From<double>(prior.Mean)),
        new("meanPrecisionPrior", NumericArray.From<double>([prior.MeanPrecision])),
        new("degreesOfFreedomPrior", NumericArray.From<double>([prior.DegreesOfFreedom])),
        new("inverseScalePrior", NumericArray.From<double>(prior.InverseScale.Values, prior.InverseScale.Rows, prior.InverseScale.Columns)),
    ];

    /// <summary>Reads what <see cref="Parameters"/> gave.</summary>
    /// <exception cref="ElboException">Something is missing, has the wrong shape, or is out of its range.</exception>
    public static (NormalWishartPrior Prior, NormalWishartPosterior Posterior) Load(CovarianceKind kind, int k, int d, IReadOnlyDictionary<string, NumericArray> parameters)
    {
        (int scaleRows, int scaleColumns) = kind switch { CovarianceKind.Full or CovarianceKind.Tied => (d, d), CovarianceKind.Diagonal => (1, d), _ => (1, 1) };
        NormalWishartPrior prior = new(
            kind, MixtureDefinition.Values(parameters, "meanPrior", d), MixtureDefinition.PositiveValues(parameters, "meanPrecisionPrior", 1)[0],
            MixtureDefinition.PositiveValues(parameters, "degreesOfFreedomPrior", 1)[0],
            new Matrix(scaleRows, scaleColumns, MixtureDefinition.Values(parameters, "inverseScalePrior", scaleRows, scaleColumns)));
        double[] degrees = MixtureDefinition.PositiveValues(parameters, "degreesOfFreedom", kind == CovarianceKind.Tied ? 1 : k);
        foreach (double value in degrees)
            if (value < prior.DegreesOfFreedom) throw new ElboException(FormattableString.Invariant($"A component has {value} degrees of freedom, fewer than its prior's {prior.DegreesOfFreedom}."));
        Matrix means = new(k, d, MixtureDefinition.Values(parameters, "means", k, d));
        double[] precisions = MixtureDefinition.PositiveValues(parameters, "meanPrecisions", k);
        double[] scales = MixtureDefinition.Values(parameters, "inverseScales", GaussianParameters.Shape(kind, k, d));
        // Checks the scales as covariances, of which they are multiples.
        GaussianParameters.Components(means, scales, kind, 0);
        return (prior, new NormalWishartPosterior(kind, precisions, means, degrees, scales));
    }
}
