namespace Elbo.Numerics;

/// <summary>
/// Passes over a block of rows that the mixtures, hidden Markov models and their Bayesian forms share: squared distances to many centres,
/// and weighted moments about a centre. Differences are taken before anything is squared, so that no digit is lost where the rows lie far from 0.
/// </summary>
/// <remarks>Sums run in an order that depends on the sizes and on the machine's vector width alone. Blocks of a few hundred rows keep to the L2 cache.</remarks>
public static partial class RowKernels
{
    /// <summary>‖L⁻¹ₖ(xₙ − mₖ)‖² of each row n and centre k: the Mahalanobis distances of K normal distributions.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="centers">m, <c>[K, D]</c>.</param>
    /// <param name="lowerInverses">L⁻¹, lower triangular, <c>[K, D, D]</c>.</param>
    /// <param name="result">Room for <c>[K, N]</c>.</param>
    public static void TriangularDistances(ReadOnlySpan<double> rows, Matrix centers, ReadOnlySpan<double> lowerInverses, Span<double> result)
    {
        ArgumentNullException.ThrowIfNull(centers);
        int d = centers.Columns, count = CountRows(rows, d);
        double[] difference = new double[d];
        for (int k = 0; k < centers.Rows; k++)
        {
            ReadOnlySpan<double> center = centers.Row(k), factor = lowerInverses.Slice(k * d * d, d * d);
            for (int n = 0; n < count; n++)
            {
                ReadOnlySpan<double> row = rows.Slice(n * d, d);
                for (int j = 0; j < d; j++) difference[j] = row[j] - center[j];
                double total = 0;
                for (int i = 0; i < d; i++)
                {
                    double sum = 0;
                    for (int j = 0; j <= i; j++) sum += factor[i * d + j] * difference[j];
                    total += sum * sum;
                }

                result[k * count + n] = total;
            }
        }
    }

    /// <summary>Σⱼ (xₙⱼ − mₖⱼ)² sₖⱼ of each row n and centre k.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="centers">m, <c>[K, D]</c>.</param>
    /// <param name="scales">s, <c>[K, D]</c>: reciprocal variances.</param>
    /// <param name="result">Room for <c>[K, N]</c>.</param>
    public static void ScaledDistances(ReadOnlySpan<double> rows, Matrix centers, Matrix scales, Span<double> result)
    {
        ArgumentNullException.ThrowIfNull(centers);
        ArgumentNullException.ThrowIfNull(scales);
        int d = centers.Columns, count = CountRows(rows, d);
        for (int k = 0; k < centers.Rows; k++)
        {
            ReadOnlySpan<double> center = centers.Row(k), scale = scales.Row(k);
            for (int n = 0; n < count; n++)
            {
                ReadOnlySpan<double> row = rows.Slice(n * d, d);
                double total = 0;
                for (int j = 0; j < d; j++)
                {
                    double difference = row[j] - center[j];
                    total += difference * difference * scale[j];
                }

                result[k * count + n] = total;
            }
        }
    }

    /// <summary>Adds Σₙ wₙ(xₙ − m) and the lower triangle of Σₙ wₙ(xₙ − m)(xₙ − m)ᵀ. Rows of weight 0 are skipped.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="weights">w, <c>[N]</c>, not negative.</param>
    /// <param name="center">m, <c>[D]</c>.</param>
    /// <param name="first">Σ w(x − m), <c>[D]</c>.</param>
    /// <param name="second">Σ w(x − m)(x − m)ᵀ, <c>[D, D]</c>; nothing above the diagonal is promised.</param>
    public static void AddOuterProducts(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> center, Span<double> first, Span<double> second)
    {
        int d = center.Length;
        double[] difference = new double[d];
        for (int n = 0; n < weights.Length; n++)
        {
            double weight = weights[n];
            if (weight == 0) continue;
            ReadOnlySpan<double> row = rows.Slice(n * d, d);
            for (int j = 0; j < d; j++) first[j] += weight * (difference[j] = row[j] - center[j]);
            for (int i = 0; i < d; i++)
            {
                double scaled = weight * difference[i];
                for (int j = 0; j <= i; j++) second[i * d + j] += scaled * difference[j];
            }
        }
    }

    /// <summary>Adds Σₙ wₙ(xₙ − m) and Σₙ wₙ(xₙ − m)² of each column. Rows of weight 0 are skipped.</summary>
    /// <param name="rows">x, <c>[N, D]</c>.</param>
    /// <param name="weights">w, <c>[N]</c>, not negative.</param>
    /// <param name="center">m, <c>[D]</c>.</param>
    /// <param name="first">Σ w(x − m), <c>[D]</c>.</param>
    /// <param name="second">Σ w(x − m)², <c>[D]</c>.</param>
    public static void AddSquares(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> center, Span<double> first, Span<double> second)
    {
        int d = center.Length;
        for (int n = 0; n < weights.Length; n++)
        {
            double weight = weights[n];
            if (weight == 0) continue;
            ReadOnlySpan<double> row = rows.Slice(n * d, d);
            for (int j = 0; j < d; j++)
            {
                double difference = row[j] - center[j], scaled = weight * difference;
                first[j] += scaled;
                second[j] += scaled * difference;
            }
        }
    }

    private static int CountRows(ReadOnlySpan<double> rows, int columns) => columns == 0 ? 0 : rows.Length / columns;
}
