using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Gaussians with a variance of their own for each column.</summary>
public sealed class DiagonalGaussianEmission : AxisAlignedGaussianEmission
{
    /// <summary>Makes the distributions.</summary>
    /// <param name="means">m, <c>[Count, D]</c>, finite.</param>
    /// <param name="variances">v, <c>[Count, D]</c>, positive.</param>
    /// <exception cref="ElboException">The shapes differ, or a value is out of its range.</exception>
    public DiagonalGaussianEmission(Matrix means, Matrix variances)
        : base(EmissionChecks.Finite(means, "mean"), EmissionChecks.Positive(variances, "variance", EmissionChecks.Rows(means), means.Columns))
    {
    }

    /// <inheritdoc/>
    public override string Family => EmissionFamilies.Name(EmissionKind.Gaussian, CovarianceKind.Diagonal);

    /// <inheritdoc/>
    public override string Title => "Gaussian, diagonal covariance";

    /// <summary>v, <c>[Count, D]</c>.</summary>
    public Matrix Variances => AllVariances.Clone();

    /// <inheritdoc/>
    public override long FreeParameters => 2L * Count * Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [Named("means", Means), Named("covariances", AllVariances)];

    internal override Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior)
    {
        Matrix means = new(Count, Columns), variances = new(Count, Columns);
        for (int k = 0; k < Count; k++)
        {
            for (int d = 0; d < Columns; d++)
            {
                (double weight, double mean, double squares) = Moments(statistics, k, d);
                means[k, d] = mean;
                variances[k, d] = weight > 0 ? Regularized(squares / weight, AllVariances[k, d], k, d, prior) : AllVariances[k, d];
            }
        }

        return new DiagonalGaussianEmission(means, variances);
    }
}
