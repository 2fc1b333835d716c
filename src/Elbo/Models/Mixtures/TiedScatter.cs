using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>The scatter that components with one covariance share: one product of the rows with themselves, whatever K.</summary>
internal static class TiedScatter
{
    /// <summary>
    /// Where the means lie further apart than this many standard deviations, the scatter about the middle of the means would lose 8 digits or more to its
    /// difference from the scatter about each; then each component takes its own few rows.
    /// </summary>
    private const double FarApart = 1e4;

    public static bool AreFarApart(Matrix means, Matrix covariance)
    {
        for (int j = 0; j < means.Columns; j++)
        {
            double least = means[0, j], most = least;
            for (int k = 1; k < means.Rows; k++) (least, most) = (Math.Min(least, means[k, j]), Math.Max(most, means[k, j]));
            if ((most - least) * (most - least) > FarApart * FarApart * covariance[j, j]) return true;
        }

        return false;
    }

    /// <summary>
    /// Adds Σₙ rₙₖ(xₙ − mₖ) and Σₖ Σₙ rₙₖ(xₙ − mₖ)(xₙ − mₖ)ᵀ, the latter as the scatter about the middle c of the means less
    /// Σₖ (fₖδₖᵀ + δₖfₖᵀ + nₖδₖδₖᵀ), δₖ = mₖ − c, fₖ = Σₙ rₙₖ(xₙ − mₖ).
    /// </summary>
    public static void Add(RowBlock rows, ReadOnlySpan<double> responsibilities, Matrix means, Span<double> statistics)
    {
        int d = rows.Columns, components = means.Rows, count = rows.Count;
        double[] middle = new double[d], totals = new double[count], sums = new double[d], unused = new double[d], shift = new double[d], scatter = new double[d * d];
        for (int k = 0; k < components; k++)
        {
            for (int j = 0; j < d; j++) middle[j] += means[k, j] / components;
            ReadOnlySpan<double> shares = responsibilities.Slice(k * count, count);
            for (int n = 0; n < count; n++) totals[n] += shares[n];
        }

        RowKernels.AddOuterProducts(rows.Values, totals, middle, sums, scatter);
        for (int k = 0; k < components; k++)
        {
            ReadOnlySpan<double> shares = responsibilities.Slice(k * count, count);
            double share = RowKernels.Sum(shares);
            Array.Clear(sums);
            RowKernels.AddSquares(rows.Values, shares, means.Row(k), sums, unused);
            Span<double> first = statistics.Slice(k * d, d);
            for (int j = 0; j < d; j++)
            {
                first[j] += sums[j];
                shift[j] = means[k, j] - middle[j];
            }

            for (int i = 0; i < d; i++)
                for (int j = 0; j <= i; j++) scatter[i * d + j] -= sums[i] * shift[j] + shift[i] * sums[j] + share * shift[i] * shift[j];
        }

        Span<double> second = statistics.Slice(components * d, d * d);
        for (int i = 0; i < second.Length; i++) second[i] += scatter[i];
    }
}
