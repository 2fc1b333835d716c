using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Models;

/// <summary>Gaussians with one variance each for all columns.</summary>
public sealed class SphericalGaussianEmission : AxisAlignedGaussianEmission
{
    /// <summary>Makes the distributions.</summary>
    /// <param name="means">m, <c>[Count, D]</c>, finite.</param>
    /// <param name="variances">v, <c>[Count]</c>, positive.</param>
    /// <exception cref="ElboException">The lengths differ, or a value is out of its range.</exception>
    public SphericalGaussianEmission(Matrix means, IReadOnlyList<double> variances)
        : base(EmissionChecks.Finite(means, "mean"), Repeat(variances, EmissionChecks.Rows(means), means.Columns))
    {
    }

    /// <inheritdoc/>
    public override string Family => EmissionFamilies.Name(EmissionKind.Gaussian, CovarianceKind.Spherical);

    /// <inheritdoc/>
    public override string Title => "Gaussian, spherical covariance";

    /// <summary>v, <c>[Count]</c>.</summary>
    public IReadOnlyList<double> Variances => [.. Enumerable.Range(0, Count).Select(k => AllVariances[k, 0])];

    /// <inheritdoc/>
    public override long FreeParameters => (long)Count * (Columns + 1);

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, NumericArray>> Parameters => [Named("means", Means), new("covariances", NumericArray.From<double>([.. Variances]))];

    internal override Emission Maximize(ReadOnlySpan<double> statistics, EmissionPrior prior)
    {
        Matrix means = new(Count, Columns);
        double[] variances = new double[Count];
        for (int k = 0; k < Count; k++)
        {
            double total = 0, sum = 0;
            for (int d = 0; d < Columns; d++)
            {
                (double weight, means[k, d], double squares) = Moments(statistics, k, d);
                total += weight;
                sum += squares;
            }

            variances[k] = total > 0 ? Regularized(sum / total, AllVariances[k, 0], k, 0, prior) : AllVariances[k, 0];
        }

        return new SphericalGaussianEmission(means, variances);
    }

    private static Matrix Repeat(IReadOnlyList<double> variances, int count, int columns)
    {
        ArgumentNullException.ThrowIfNull(variances);
        if (variances.Count != count) throw new ElboException($"{variances.Count} variances were given for {count} states; give one for each.");
        Matrix result = new(count, columns);
        for (int k = 0; k < count; k++) result.Row(k).Fill(variances[k]);
        return EmissionChecks.Positive(result, "variance", count, columns);
    }
}
