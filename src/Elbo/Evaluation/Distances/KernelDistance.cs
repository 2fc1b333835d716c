using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>
/// The kernel inception distance (Bińkowski et al. 2018, arXiv 1801.01401, section 4): the unbiased estimate of the squared maximum mean discrepancy with the kernel
/// <c>k(x, y) = (xᵀy / D + 1)³</c>. Unlike the Fréchet distance it does not depend on the number of samples, and may be negative for equal distributions.
/// </summary>
/// <param name="Value">The mean over subsets.</param>
/// <param name="StandardDeviation">The standard deviation over subsets, as papers print it; zero for one subset.</param>
/// <param name="Subsets">How many subsets.</param>
/// <param name="SubsetSize">The rows of each from either set.</param>
public sealed record KernelDistance(double Value, double StandardDeviation, int Subsets, int SubsetSize)
{
    /// <summary>The distance between two sets of features, as a mean over random subsets.</summary>
    /// <param name="first">The features of one set, <c>[N, D]</c>.</param>
    /// <param name="second">The features of the other, <c>[M, D]</c>.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="subsets">How many subsets, at least 1; the usual 100.</param>
    /// <param name="subsetSize">The rows of each from either set, at least 2; the usual 1000, or all where there are fewer.</param>
    /// <param name="seed">Chooses the subsets.</param>
    /// <exception cref="ElboException">The features differ in length, or a set has fewer than two rows.</exception>
    public static KernelDistance Between(Matrix first, Matrix second, Runtime runtime, int subsets = 100, int subsetSize = 1000, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsetSize, 2);
        if (first.Columns != second.Columns) throw new ElboException($"The features of the two sets have {first.Columns} and {second.Columns} dimensions; use the same extractor for both.");
        int size = Math.Min(subsetSize, Math.Min(first.Rows, second.Rows));
        if (size < 2) throw new ElboException($"A kernel distance needs at least two images in each set, and there are {first.Rows} and {second.Rows}.");
        RandomStream root = new(seed);
        RunningMoments values = default;
        for (int subset = 0; subset < subsets; subset++)
        {
            Matrix x = Choose(first, size, root.Split((ulong)(2 * subset))), y = Choose(second, size, root.Split((ulong)(2 * subset + 1)));
            values.Add(Discrepancy(x, y, runtime));
        }

        return new KernelDistance(values.Mean, Math.Sqrt(values.PopulationVariance), subsets, size);
    }

    /// <summary>The unbiased squared maximum mean discrepancy of all pairs (Gretton et al. 2012, equation 3).</summary>
    /// <param name="first">The features of one set, <c>[N, D]</c>.</param>
    /// <param name="second">The features of the other, <c>[M, D]</c>.</param>
    /// <param name="runtime">The threads.</param>
    public static double Discrepancy(Matrix first, Matrix second, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(runtime);
        double n = first.Rows, m = second.Rows;
        return Sum(first, first, runtime) / (n * (n - 1)) + Sum(second, second, runtime) / (m * (m - 1)) - 2 * Sum(first, second, runtime) / (n * m);
    }

    /// <summary>Σ k(xᵢ, yⱼ), without i = j where both are one set.</summary>
    private static double Sum(Matrix x, Matrix y, Runtime runtime)
    {
        Matrix products = new(x.Rows, y.Rows);
        runtime.Multiply<double>(x.Values, y.Values, products.Values, x.Rows, y.Rows, transposeB: true);
        bool same = ReferenceEquals(x, y);
        double total = 0;
        for (int i = 0; i < x.Rows; i++)
        {
            ReadOnlySpan<double> row = products.Row(i);
            double sum = 0;
            for (int j = 0; j < row.Length; j++)
            {
                double value = row[j] / x.Columns + 1;
                if (!same || i != j) sum += value * value * value;
            }

            total += sum;
        }

        return total;
    }

    /// <summary>Rows without replacement.</summary>
    private static Matrix Choose(Matrix features, int count, RandomStream random)
    {
        if (count == features.Rows) return features;
        int[] order = new int[features.Rows];
        random.Permutation(order);
        Matrix chosen = new(count, features.Columns);
        for (int i = 0; i < count; i++) features.Row(order[i]).CopyTo(chosen.Row(i));
        return chosen;
    }
}
