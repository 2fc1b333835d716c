using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models.Factors;

/// <summary>The weighted mean and covariance of rows without missing values: all that a Gaussian model's likelihood needs of them. Reads the rows once.</summary>
/// <param name="Mean"><c>[D]</c>.</param>
/// <param name="Covariance">Divided by the total weight, <c>[D, D]</c>.</param>
/// <param name="TotalWeight">The number of rows, or the sum of their weights.</param>
internal sealed record RowMoments(double[] Mean, Matrix Covariance, double TotalWeight)
{
    // A block of half a mebibyte stays in the second-level cache between the pass that centres it and the product that reads it.
    private const int BlockValues = 1 << 16;
    private const int PartsPerBlock = 8;

    /// <summary>
    /// Sums blocks of centred rows as matrix products. Rows are shifted by the mean of the first block, so that the sums of squares are near the variances
    /// whatever the origin, and the rest of the mean is taken off at the end.
    /// </summary>
    public static RowMoments Of(Observations rows, Runtime runtime)
    {
        int columns = rows.Columns, blockRows = Math.Clamp(BlockValues / columns, 64, 8192), partRows = (blockRows + PartsPerBlock - 1) / PartsPerBlock;
        double[] block = new double[blockRows * columns], product = new double[columns * columns], scatter = new double[columns * columns];
        double[] sums = new double[columns], partSums = new double[PartsPerBlock * columns];
        double[][] buffers = new double[runtime.Threads][];
        double[] shift = Shift(rows, Math.Min(blockRows, rows.Rows));
        double[]? weights = rows.Weights.IsEmpty ? null : rows.Weights.ToArray();
        for (long first = 0; first < rows.Rows; first += blockRows)
        {
            int count = (int)Math.Min(blockRows, rows.Rows - first), parts = (count + partRows - 1) / partRows;
            long start = first;
            runtime.For(parts, (part, worker) =>
            {
                int from = part * partRows, size = Math.Min(partRows, count - from);
                ReadOnlySpan<double> values = rows.Read(start + from, size, buffers[worker] ??= new double[partRows * columns]);
                Span<double> sum = partSums.AsSpan(part * columns, columns);
                sum.Clear();
                for (int i = 0; i < size; i++)
                    Center(values.Slice(i * columns, columns), shift, weights is null ? 1 : weights[start + from + i], block.AsSpan((from + i) * columns, columns), sum);
            });
            for (int part = 0; part < parts; part++) VectorMath.AddScaled(1, partSums.AsSpan(part * columns, columns), sums);
            ReadOnlySpan<double> centred = block.AsSpan(0, count * columns);
            runtime.Multiply(centred, centred, product, columns, columns, transposeA: true);
            VectorMath.AddScaled(1, product, scatter);
        }

        double total = rows.TotalWeight;
        double[] mean = new double[columns];
        Matrix covariance = new(columns, columns);
        for (int i = 0; i < columns; i++) mean[i] = shift[i] + sums[i] / total;
        for (int i = 0; i < columns; i++)
            for (int j = 0; j <= i; j++) covariance[i, j] = covariance[j, i] = scatter[i * columns + j] / total - sums[i] / total * (sums[j] / total);
        for (int i = 0; i < columns; i++) covariance[i, i] = Math.Max(covariance[i, i], 0);
        return new RowMoments(mean, covariance, total);
    }

    private static double[] Shift(Observations rows, long count)
    {
        double[] shift = new double[rows.Columns];
        ReadOnlySpan<double> values = rows.Read(0, (int)count, new double[count * rows.Columns]);
        for (int i = 0; i < count; i++) VectorMath.AddScaled(1.0 / count, values.Slice(i * rows.Columns, rows.Columns), shift);
        return shift;
    }

    /// <summary>√w (x − shift) into the block, w (x − shift) onto the sums.</summary>
    private static void Center(ReadOnlySpan<double> row, ReadOnlySpan<double> shift, double weight, Span<double> target, Span<double> sum)
    {
        row.CopyTo(target);
        VectorMath.AddScaled(-1, shift, target);
        VectorMath.AddScaled(weight, target, sum);
        if (weight == 1) return;
        double root = Math.Sqrt(weight);
        foreach (ref double value in target) value *= root;
    }
}
