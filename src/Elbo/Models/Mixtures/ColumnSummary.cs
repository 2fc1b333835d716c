using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What one pass over the rows finds out about each column, by Welford's sums merged in block order, so that no digit is lost to an offset.</summary>
public sealed class ColumnSummary
{
    private readonly double[] counts, means, squares, minima, maxima;

    private ColumnSummary(int columns)
    {
        counts = new double[columns];
        means = new double[columns];
        squares = new double[columns];
        minima = new double[columns];
        maxima = new double[columns];
        Array.Fill(minima, double.PositiveInfinity);
        Array.Fill(maxima, double.NegativeInfinity);
    }

    /// <summary>The sum of the weights of the rows that have a value, per column.</summary>
    public ReadOnlySpan<double> Counts => counts;

    /// <summary>The weighted mean of what is there, per column.</summary>
    public ReadOnlySpan<double> Means => means;

    /// <summary>The least value, per column.</summary>
    public ReadOnlySpan<double> Minima => minima;

    /// <summary>The greatest value, per column.</summary>
    public ReadOnlySpan<double> Maxima => maxima;

    /// <summary>The weighted sum of squares about the mean over the count, per column.</summary>
    /// <param name="column">Which.</param>
    public double Variance(int column) => counts[column] > 0 ? squares[column] / counts[column] : 0;

    /// <summary>Reads all rows once.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">A value is infinite; or a column, or every row, has no value at all.</exception>
    public static ColumnSummary Of(Observations rows, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(runtime);
        RowPartition partition = new(rows);
        ColumnSummary[] parts = new ColumnSummary[partition.Parts];
        runtime.For(partition.Parts, (part, _) =>
        {
            ColumnSummary summary = parts[part] = new ColumnSummary(rows.Columns);
            partition.ForEachBlock(rows, part, (first, block, weights) => summary.Add(first, block, weights, rows));
        });
        ColumnSummary total = parts[0];
        for (int i = 1; i < parts.Length; i++) total.Merge(parts[i]);
        if (Array.TrueForAll(total.counts, static count => count == 0)) throw new ElboException($"Every row of '{rows.Name}' misses all its values; there is nothing to fit.");
        for (int j = 0; j < rows.Columns; j++)
            if (total.counts[j] == 0) throw new ElboException($"Column '{rows.ColumnNames[j]}' of '{rows.Name}' has no value in any row; drop it.");
        return total;
    }

    /// <summary>The summary of some of the columns.</summary>
    internal ColumnSummary Select(ReadOnlySpan<int> columns)
    {
        ColumnSummary part = new(columns.Length);
        for (int j = 0; j < columns.Length; j++)
        {
            int column = columns[j];
            (part.counts[j], part.means[j], part.squares[j]) = (counts[column], means[column], squares[column]);
            (part.minima[j], part.maxima[j]) = (minima[column], maxima[column]);
        }

        return part;
    }

    private void Add(long first, RowBlock block, ReadOnlySpan<double> weights, Observations rows)
    {
        for (int n = 0; n < block.Count; n++)
        {
            double weight = weights.IsEmpty ? 1 : weights[n];
            if (weight == 0) continue;
            ReadOnlySpan<double> row = block.Row(n);
            for (int j = 0; j < row.Length; j++)
            {
                double value = row[j];
                if (double.IsNaN(value)) continue;
                rows.CheckValue(first + n, j, value);
                double difference = value - means[j];
                counts[j] += weight;
                means[j] += difference * (weight / counts[j]);
                squares[j] += weight * difference * (value - means[j]);
                minima[j] = Math.Min(minima[j], value);
                maxima[j] = Math.Max(maxima[j], value);
            }
        }
    }

    private void Merge(ColumnSummary other)
    {
        for (int j = 0; j < counts.Length; j++)
        {
            minima[j] = Math.Min(minima[j], other.minima[j]);
            maxima[j] = Math.Max(maxima[j], other.maxima[j]);
            if (other.counts[j] == 0) continue;
            double total = counts[j] + other.counts[j], difference = other.means[j] - means[j];
            means[j] += difference * (other.counts[j] / total);
            squares[j] += other.squares[j] + difference * difference * (counts[j] * other.counts[j] / total);
            counts[j] = total;
        }
    }
}
