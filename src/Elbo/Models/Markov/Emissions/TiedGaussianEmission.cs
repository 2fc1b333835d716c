using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Gaussians that share one covariance matrix.</summary>
public sealed class TiedGaussianEmission : DenseGaussianEmission
{
    /// <summary>Makes the distributions.</summary>
    /// <param name="means">m, <c>[Count, D]</c>, finite.</param>
    /// <param name="covariance">Σ, <c>[D, D]</c>, symmetric and positive definite.</param>
    /// <exception cref="ElboException">The shapes differ, or the matrix is not positive definite.</exception>
    public TiedGaussianEmission(Matrix means, Matrix covariance)
        : base(means, [covariance], CovarianceKind.Tied)
    {
    }

    private TiedGaussianEmission(DenseGaussianComponents components)
        : base(components)
    {
    }

    private protected override Emission With(DenseGaussianComponents components) => new TiedGaussianEmission(components);
}
