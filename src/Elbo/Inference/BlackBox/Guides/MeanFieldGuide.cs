using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>Independent normal dimensions, N(μ, diag e^2λ): Kucukelbir et al. 2017 (ADVI, arXiv 1603.00788), section 2.4.</summary>
/// <param name="Scale">The standard deviation at the start.</param>
/// <param name="Start">The mean at the start, D numbers; null for zeros.</param>
public sealed record MeanFieldGuide(double Scale = 1, IReadOnlyList<double>? Start = null) : Guide
{
    /// <inheritdoc/>
    public override GuideParameters Declare(Shape batch, int size)
    {
        Parameter mean = Location(batch, size, Start), logScale = LogScale(batch, size, Scale);
        return new GuideParameters([mean, logScale], value => Normal.FromLogScale(value(mean), value(logScale)));
    }
}
