using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// What responsibilities make of rows: of each component its expected count, the mean of its rows, and their scatter about that mean. Two of them add
/// without loss wherever the rows lie, which sums of squares do not.
/// </summary>
/// <param name="Kind">The kind of covariance, which says what scatter is kept.</param>
/// <param name="Counts">Nₖ = Σₙ rₙₖ, <c>[K]</c>.</param>
/// <param name="Means">The mean rows, <c>[K, D]</c> in row-major order; of no meaning where the count is 0.</param>
/// <param name="Scatters">Σₙ rₙₖ (x − x̄ₖ)(x − x̄ₖ)ᵀ, <c>[K, D, D]</c>; <c>[1, D, D]</c> summed over the components for tied covariance; the diagonals <c>[K, D]</c> for diagonal and spherical.</param>
internal sealed record ComponentMoments(CovarianceKind Kind, double[] Counts, double[] Means, double[] Scatters)
{
    private bool IsDense => Kind is CovarianceKind.Full or CovarianceKind.Tied;

    private bool IsTied => Kind == CovarianceKind.Tied;

    /// <summary>The moments in the sums of an E-step, whose family had the means about which it summed.</summary>
    public static ComponentMoments Of(GaussianComponents family, MixtureSums sums)
    {
        int k = family.Components, d = family.Columns;
        double[] means = new double[k * d];
        bool dense = family.Kind is CovarianceKind.Full or CovarianceKind.Tied;
        int size = dense ? d * d : d;
        double[] scatters = new double[(family.Kind == CovarianceKind.Tied ? 1 : k) * size];
        for (int c = 0; c < k; c++)
        {
            int offset = family.Kind == CovarianceKind.Tied ? 0 : c * size;
            ReadOnlySpan<double> first = dense ? sums.Statistics.AsSpan(c * d, d) : sums.Statistics.AsSpan((3 * c + 1) * d, d);
            double count = sums.Counts[c];
            for (int j = 0; j < d; j++) means[c * d + j] = family.Means[c, j] + (count > 0 ? first[j] / count : 0);
            if (dense)
            {
                bool adds = c == 0 || family.Kind == CovarianceKind.Full;
                for (int i = 0; i < d; i++)
                {
                    for (int j = 0; j <= i; j++)
                    {
                        double value = (adds ? sums.Statistics[k * d + offset + i * d + j] : 0) - (count > 0 ? first[i] * first[j] / count : 0);
                        scatters[offset + i * d + j] += value;
                        if (i != j) scatters[offset + j * d + i] += value;
                    }
                }
            }
            else
            {
                Matrix covariance = family.Covariance(c);
                for (int j = 0; j < d; j++)
                {
                    // A missing value is latent: it has the component's mean and variance.
                    double missing = count - sums.Statistics[3 * c * d + j];
                    double second = sums.Statistics[(3 * c + 2) * d + j] + Math.Max(0, missing) * covariance[j, j];
                    scatters[offset + j] = Math.Max(0, second - (count > 0 ? first[j] * first[j] / count : 0));
                }
            }
        }

        return new ComponentMoments(family.Kind, [.. sums.Counts], means, scatters);
    }

    /// <summary>All counts and scatters times a factor: rows that stand for more rows.</summary>
    public ComponentMoments Scale(double factor) => new(Kind, Array.ConvertAll(Counts, value => value * factor), Means, Array.ConvertAll(Scatters, value => value * factor));

    /// <summary>The moments of both sets of rows together, whose natural parameters add.</summary>
    public ComponentMoments Add(ComponentMoments other)
    {
        int k = Counts.Length, d = Means.Length / k;
        double[] counts = [.. Counts], means = [.. Means], scatters = [.. Scatters], difference = new double[d];
        for (int i = 0; i < scatters.Length; i++) scatters[i] += other.Scatters[i];
        for (int c = 0; c < k; c++)
        {
            double total = Counts[c] + other.Counts[c], share = total > 0 ? other.Counts[c] / total : 0, spread = share * Counts[c];
            for (int j = 0; j < d; j++)
            {
                difference[j] = other.Means[c * d + j] - Means[c * d + j];
                means[c * d + j] += share * difference[j];
            }

            counts[c] = total;
            if (!IsDense)
            {
                for (int j = 0; j < d; j++) scatters[c * d + j] += spread * difference[j] * difference[j];
                continue;
            }

            int offset = IsTied ? 0 : c * d * d;
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) scatters[offset + i * d + j] += spread * difference[i] * difference[j];
        }

        return new ComponentMoments(Kind, counts, means, scatters);
    }

    /// <summary>The components in another order.</summary>
    public ComponentMoments Reorder(ReadOnlySpan<int> order)
    {
        int k = Counts.Length, d = Means.Length / k, size = Scatters.Length / k;
        double[] counts = new double[order.Length], means = new double[order.Length * d];
        double[] scatters = IsTied ? Scatters : new double[order.Length * size];
        for (int c = 0; c < order.Length; c++)
        {
            counts[c] = Counts[order[c]];
            Means.AsSpan(order[c] * d, d).CopyTo(means.AsSpan(c * d));
            if (!IsTied) Scatters.AsSpan(order[c] * size, size).CopyTo(scatters.AsSpan(c * size));
        }

        return new ComponentMoments(Kind, counts, means, scatters);
    }
}
