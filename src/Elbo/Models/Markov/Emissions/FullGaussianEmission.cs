using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>Gaussians with a covariance matrix each.</summary>
public sealed class FullGaussianEmission : DenseGaussianEmission
{
    /// <summary>Makes the distributions.</summary>
    /// <param name="means">m, <c>[Count, D]</c>, finite.</param>
    /// <param name="covariances">Σ, one per distribution, <c>[D, D]</c>, symmetric and positive definite.</param>
    /// <exception cref="ElboException">The shapes differ, or a matrix is not positive definite.</exception>
    public FullGaussianEmission(Matrix means, IReadOnlyList<Matrix> covariances)
        : base(means, [.. covariances], CovarianceKind.Full)
    {
    }

    private FullGaussianEmission(DenseGaussianComponents components)
        : base(components)
    {
    }

    private protected override Emission With(DenseGaussianComponents components) => new FullGaussianEmission(components);
}
