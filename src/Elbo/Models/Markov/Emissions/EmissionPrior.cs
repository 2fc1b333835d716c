using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>What regularizes emissions in a fit, and the scale of the data that it is measured in.</summary>
/// <param name="PseudoRows">How many rows distributed like the data as a whole each distribution sees beside its own; 0 for maximum likelihood.</param>
/// <param name="Regularization">What is added to each variance.</param>
/// <param name="Means">The mean of each column.</param>
/// <param name="Variances">The variance of each column.</param>
/// <param name="ColumnNames">What to call the columns in messages.</param>
internal sealed record EmissionPrior(double PseudoRows, double Regularization, double[] Means, double[] Variances, IReadOnlyList<string> ColumnNames)
{
    /// <summary>A weight below which a distribution has no rows: the quotient of two sums near the smallest double has no digits.</summary>
    public const double Nothing = 1e-60;

    public static EmissionPrior Of(Observations rows, HiddenMarkovOptions options, Runtime runtime)
    {
        ColumnSummary summary = ColumnSummary.Of(rows, runtime);
        return new EmissionPrior(
            options.EmissionPseudoRows, options.Regularization, summary.Means.ToArray(), [.. Enumerable.Range(0, rows.Columns).Select(summary.Variance)], rows.ColumnNames);
    }

    /// <summary>Rows with exactly the means and variances of the data and no correlation, <c>[2D, D]</c>: two for each column, at ±√D standard deviations of it.</summary>
    public double[] SigmaRows()
    {
        int columns = Means.Length;
        double[] rows = new double[2 * columns * columns];
        for (int i = 0; i < 2 * columns; i++)
        {
            Means.CopyTo(rows.AsSpan(i * columns));
            rows[i * columns + i / 2] += (i % 2 == 0 ? 1 : -1) * Math.Sqrt(columns * Variances[i / 2]);
        }

        return rows;
    }
}
