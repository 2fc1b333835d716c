using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>A normal with covariance diag(d²) + WWᵀ: Ong, Nott and Smith 2018 (arXiv 1701.03208), section 3.</summary>
/// <param name="Rank">r, the columns of W, in 1 … D.</param>
/// <param name="Scale">The standard deviation at the start.</param>
/// <param name="Start">The mean at the start, D numbers; null for zeros.</param>
public sealed record LowRankGuide(int Rank = 1, double Scale = 1, IReadOnlyList<double>? Start = null) : Guide
{
    /// <inheritdoc/>
    public override GuideParameters Declare(Shape batch, int size)
    {
        if (Rank < 1 || Rank > size) throw new ElboException($"The guide's rank must be in 1 … {size}, the dimensions of z, but it is {Rank}.");
        Parameter mean = Location(batch, size, Start), logScale = LogScale(batch, size, Scale);
        // Columns of zeros would all receive the same gradient and never differ.
        Parameter factor = new("guide.factor", [.. batch, size, Rank], Initializer.Normal(0.1 * Scale));
        return new GuideParameters([mean, logScale, factor], value => new LowRankNormal(value(mean), value(logScale).Exp(), value(factor)));
    }
}
