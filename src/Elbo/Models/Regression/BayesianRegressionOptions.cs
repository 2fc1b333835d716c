using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What to regress, and the priors: y = w₀ + wᵀx + ε, ε ~ N(0, 1/τ), wⱼ ~ N(0, 1/(ταⱼ)), τ ~ Gamma(a₀, b₀), αⱼ ~ Gamma(c₀, d₀).</summary>
public sealed record BayesianRegressionOptions
{
    /// <summary>The column to predict: its name, or its number from 0.</summary>
    public required string Target { get; init; }

    /// <summary>p(τ), of the precision of the noise.</summary>
    public GammaFactor NoisePrior { get; init; } = new(1e-3, 1e-3);

    /// <summary>p(αⱼ), of the relevance of each column; a broad one lets columns that do not help be switched off.</summary>
    public GammaFactor RelevancePrior { get; init; } = new(1e-3, 1e-3);

    /// <summary>Throws unless every setting is in its range.</summary>
    /// <exception cref="ElboException">One is not.</exception>
    public void Check()
    {
        if (string.IsNullOrEmpty(Target)) throw new ElboException("No target column was named; give its name or its number.");
        CheckPrior(NoisePrior, "the noise");
        CheckPrior(RelevancePrior, "the relevances");
    }

    private static void CheckPrior(GammaFactor prior, string what)
    {
        if (!(prior.Shape > 0 && prior.Rate > 0 && double.IsFinite(prior.Shape) && double.IsFinite(prior.Rate)))
            throw new ElboException(FormattableString.Invariant($"The prior of {what} has shape {prior.Shape} and rate {prior.Rate}; give positive numbers."));
    }
}
