using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>A normal with full covariance LLᵀ, by ln of L's diagonal and its strictly lower triangle: Kucukelbir et al. 2017 (ADVI, arXiv 1603.00788), section 2.4.</summary>
/// <param name="Scale">The standard deviation at the start.</param>
/// <param name="Start">The mean at the start, D numbers; null for zeros.</param>
public sealed record FullRankGuide(double Scale = 1, IReadOnlyList<double>? Start = null) : Guide
{
    /// <inheritdoc/>
    public override GuideParameters Declare(Shape batch, int size)
    {
        Parameter mean = Location(batch, size, Start), logScale = LogScale(batch, size, Scale);
        Parameter lower = new("guide.lower", [.. batch, size, size], Initializer.Constant(0));
        return new GuideParameters([mean, logScale, lower], value =>
        {
            // Rows of the lower triangle are scaled by the diagonal, so that a step moves correlations, whatever the scales.
            Tensor diagonal = value(logScale).Exp();
            Tensor below = Tensor.Where(Tensor.Identity(size), 0.0, value(lower).LowerTriangle());
            return new MultivariateNormal(value(mean), (below + Tensor.Identity(size)) * diagonal.Reshape([.. diagonal.Shape, 1]));
        });
    }
}
