using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Models.Autoencoders;

/// <summary>
/// q(z|x) = N(μ(x), L(x)L(x)ᵀ) with a full covariance: Kingma and Welling 2019 (arXiv 1906.02691), section 2.5.1. Heads give ln of L's diagonal and its
/// strictly lower triangle.
/// </summary>
public sealed record FullCovarianceGaussianPosterior : Posterior
{
    /// <inheritdoc/>
    public override PosteriorHead Declare(PosteriorSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        int n = site.Latent;
        Dense mean = site.Linear("mean", n), diagonal = site.Linear("logDiagonal", n);
        // A full matrix of outputs of which the strictly lower triangle is read: twice the weights of a packed triangle, but no gather.
        Dense? lower = n > 1 ? site.Linear("lower", n * n) : null;
        return new PosteriorHead([.. mean.Parameters, .. diagonal.Parameters, .. lower?.Parameters ?? []], (features, context) =>
        {
            Tensor location = mean.Apply(features, context);
            Tensor factor = diagonal.Apply(features, context).Exp().DiagonalMatrix();
            if (lower is not null) factor += StrictlyLower(lower.Apply(features, context).Reshape(factor.Shape));
            return new MultivariateNormal(location, factor);
        });
    }

    private static Tensor StrictlyLower(Tensor matrices) => Tensor.Where(Tensor.Identity(matrices.Shape[-1]), 0.0, matrices.LowerTriangle());
}
