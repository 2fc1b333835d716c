using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// <c>Σ_d [x_d l_d − λ_d − ln x_d!]</c>: the log density of Poisson counts where l = ln λ, and its expectation where both are expectations. The statistics are the expected
/// number of values and their sum, of each column.
/// </summary>
internal sealed class CountDensities : IStateDensities
{
    private readonly int columns;
    private readonly double[] logRates;
    private readonly double[] negated;

    /// <param name="rates">λ, <c>[Count, D]</c>.</param>
    /// <param name="logRates">l, <c>[Count, D]</c>.</param>
    public CountDensities(Matrix rates, Matrix logRates)
    {
        columns = rates.Columns;
        Stride = PaddedRows.Stride(rates.Rows);
        this.logRates = PaddedRows.PadTransposed(logRates);
        negated = PaddedRows.PadTransposed(rates);
        foreach (ref double value in negated.AsSpan()) value = -value;
    }

    public int Stride { get; }

    public int StatisticsLength => Stride + 2 * columns * Stride;

    /// <summary>Where the statistics hold the number of values of a column in distribution 0; those of the others follow.</summary>
    public int Number(int column) => Stride + column * Stride;

    /// <summary>Where the statistics hold the sum of a column in distribution 0; those of the others follow.</summary>
    public int Sum(int column) => Stride + (columns + column) * Stride;

    public void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result)
    {
        Span<double> value = stackalloc double[1];
        for (int t = 0; t < result.Length / Stride; t++)
        {
            ReadOnlySpan<double> row = rows.Slice(t * columns, columns);
            Span<double> target = result.Slice(t * Stride, Stride);
            double factorials = 0;
            for (int d = 0; d < columns; d++)
            {
                double x = row[d];
                if (double.IsNaN(x)) continue;
                PaddedRows.Add(negated.AsSpan(d * Stride, Stride), target);
                if (x == 0) continue;
                PaddedRows.AddScaled(x, logRates.AsSpan(d * Stride, Stride), target);
                if (x == 1) continue;
                value[0] = x + 1;
                VectorMath.LogGamma(value, value);
                factorials += value[0];
            }

            if (factorials == 0) continue;
            foreach (ref double one in target) one -= factorials;
        }
    }

    public void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics)
    {
        for (int t = 0; t < weights.Length / Stride; t++)
        {
            ReadOnlySpan<double> row = rows.Slice(t * columns, columns), weight = weights.Slice(t * Stride, Stride);
            if (row.ContainsAnyExcept(double.NaN)) PaddedRows.Add(weight, statistics[..Stride]);
            for (int d = 0; d < columns; d++)
            {
                double x = row[d];
                if (double.IsNaN(x)) continue;
                PaddedRows.Add(weight, statistics.Slice(Number(d), Stride));
                if (x != 0) PaddedRows.AddScaled(x, weight, statistics.Slice(Sum(d), Stride));
            }
        }
    }
}
