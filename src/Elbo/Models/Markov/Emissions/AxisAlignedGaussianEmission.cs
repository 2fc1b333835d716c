using Elbo.Numerics;

namespace Elbo.Models;

/// <summary>
/// Gaussians with independent columns: <c>ln p(x) = −½ Σ_d [ln 2π + ln v_d + (x_d − m_d)² / v_d]</c>, summed over the columns that are there.
/// </summary>
public abstract class AxisAlignedGaussianEmission : Emission
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);
    private readonly Matrix means;
    private readonly double[] centers;
    private readonly double[] factors;
    private readonly double[] columnOffsets;
    private readonly double[] offsets;

    private protected AxisAlignedGaussianEmission(Matrix means, Matrix variances)
        : base(means.Rows, means.Columns)
    {
        this.means = means;
        AllVariances = variances;
        centers = PaddedRows.PadTransposed(means);
        factors = new double[Columns * Stride];
        columnOffsets = new double[Columns * Stride];
        offsets = new double[Stride];
        for (int k = 0; k < Count; k++)
        {
            for (int d = 0; d < Columns; d++)
            {
                factors[d * Stride + k] = -0.5 / variances[k, d];
                columnOffsets[d * Stride + k] = -0.5 * (LogTwoPi + Math.Log(variances[k, d]));
                offsets[k] += columnOffsets[d * Stride + k];
            }
        }
    }

    /// <inheritdoc/>
    public override Matrix Means => means.Clone();

    internal override int StatisticsLength => Stride + 3 * Columns * Stride;

    /// <summary>The variance of each column in each state, <c>[Count, D]</c>.</summary>
    private protected Matrix AllVariances { get; }

    internal override void AddLogDensities(ReadOnlySpan<double> rows, Span<double> result)
    {
        int count = rows.Length / Columns;
        for (int t = 0; t < count;)
        {
            int complete = CompleteRows(rows[(t * Columns)..]);
            if (complete > 0)
            {
                Span<double> target = result.Slice(t * Stride, complete * Stride);
                WeightedSums.SquaredDistances(rows.Slice(t * Columns, complete * Columns), Columns, centers, factors, offsets, target);
                t += complete;
            }
            else
            {
                AddIncomplete(rows.Slice(t * Columns, Columns), result.Slice(t * Stride, Stride));
                t++;
            }
        }
    }

    internal override void Accumulate(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> statistics)
    {
        int size = Columns * Stride, count = rows.Length / Columns;
        Span<double> occupancy = statistics[..Stride], counts = statistics.Slice(Stride, size), first = statistics.Slice(Stride + size, size), second = statistics.Slice(Stride + 2 * size, size);
        Span<double> sum = stackalloc double[Stride];
        for (int t = 0; t < count;)
        {
            int complete = CompleteRows(rows[(t * Columns)..]);
            if (complete > 0)
            {
                ReadOnlySpan<double> weight = weights.Slice(t * Stride, complete * Stride);
                WeightedSums.AddMoments(rows.Slice(t * Columns, complete * Columns), Columns, weight, Stride, centers, first, second);
                sum.Clear();
                WeightedSums.AddRows(weight, Stride, sum);
                PaddedRows.Add(sum, occupancy);
                for (int d = 0; d < Columns; d++) PaddedRows.Add(sum, counts.Slice(d * Stride, Stride));
                t += complete;
                continue;
            }

            ReadOnlySpan<double> row = rows.Slice(t * Columns, Columns), one = weights.Slice(t * Stride, Stride);
            if (!Missing(row).All) PaddedRows.Add(one, occupancy);
            for (int d = 0; d < Columns; d++)
            {
                if (double.IsNaN(row[d])) continue;
                int at = d * Stride;
                PaddedRows.Add(one, counts.Slice(at, Stride));
                WeightedSums.AddMoments(row.Slice(d, 1), 1, one, Stride, centers.AsSpan(at, Stride), first.Slice(at, Stride), second.Slice(at, Stride));
            }

            t++;
        }
    }

    internal override double Occupancy(ReadOnlySpan<double> statistics, int index) => statistics[index];

    internal override void FillMean(int index, Span<double> row)
    {
        for (int d = 0; d < row.Length; d++)
            if (double.IsNaN(row[d])) row[d] = means[index, d];
    }

    internal override void FillDraw(int index, Span<double> row, RandomStream random)
    {
        for (int d = 0; d < row.Length; d++)
            if (double.IsNaN(row[d])) row[d] = means[index, d] + Math.Sqrt(AllVariances[index, d]) * random.Normal((ulong)d);
    }

    internal override void AddPseudoRows(Span<double> statistics, EmissionPrior prior) => AddSigmaRows(statistics, prior);

    internal override double LogPrior(EmissionPrior prior) => SigmaRowsLogDensity(prior);

    /// <summary>The weight, mean and sum of squares around that mean of one column of one distribution; the old mean and no weight where it has no rows.</summary>
    internal (double Weight, double Mean, double Squares) Moments(ReadOnlySpan<double> statistics, int index, int column)
    {
        int size = Columns * Stride, at = Stride + column * Stride + index;
        double weight = statistics[at];
        if (!(weight > EmissionPrior.Nothing)) return (0, means[index, column], 0);
        double shift = statistics[at + size] / weight;
        return (weight, means[index, column] + shift, Math.Max(0, statistics[at + 2 * size] - weight * shift * shift));
    }

    /// <summary>The variance of the M-step; throws where it is 0 up to rounding.</summary>
    private protected static double Regularized(double scatter, double last, int index, int column, EmissionPrior prior)
    {
        double result = prior.Regularization == 0 ? scatter : GaussianUpdate.Variance(scatter, last, prior.Regularization);
        // A spread of a few units in the last place is a point: its density would be decided by rounding.
        double least = 1e-24 * prior.Means[column] * prior.Means[column];
        if (result > least && double.IsFinite(1 / result)) return result;
        throw new ElboException(FormattableString.Invariant(
            $"The variance of column '{prior.ColumnNames[column]}' in state {index} fell to {scatter}: the rows of that state agree in it, and a density has no maximum there. Use fewer states, a larger regularization than {prior.Regularization}, or drop the column if it is constant."));
    }

    private void AddIncomplete(ReadOnlySpan<double> row, Span<double> result)
    {
        for (int d = 0; d < Columns; d++)
        {
            if (double.IsNaN(row[d])) continue;
            int at = d * Stride;
            PaddedRows.Add(columnOffsets.AsSpan(at, Stride), result);
            WeightedSums.SquaredDistances(row.Slice(d, 1), 1, centers.AsSpan(at, Stride), factors.AsSpan(at, Stride), result, result);
        }
    }
}
