using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>Squared Euclidean distances of all pairs, a block of rows at a time: |x|² + |y|² − 2xᵀy, around the mean of the second set, so that little cancels.</summary>
internal sealed class SquaredDistances
{
    private const int BlockRows = 256;

    private readonly Matrix points;
    private readonly double[] mean;
    private readonly double[] squares;
    private readonly Runtime runtime;

    /// <summary>Prepares the points that others are compared with.</summary>
    /// <param name="points">The points, <c>[M, D]</c>.</param>
    /// <param name="runtime">The threads.</param>
    public SquaredDistances(Matrix points, Runtime runtime)
    {
        this.runtime = runtime;
        mean = new double[points.Columns];
        for (int i = 0; i < points.Rows; i++) VectorMath.AddScaled(1.0 / points.Rows, points.Row(i), mean);
        (this.points, squares) = Centre(points, 0, points.Rows);
    }

    /// <summary>Visits each row of queries with its distances to all points, rows in any order and on any thread.</summary>
    /// <param name="queries">The queries, <c>[N, D]</c>.</param>
    /// <param name="visit">The row's number and its distances, <c>[M]</c>, which may be overwritten.</param>
    public void ForEach(Matrix queries, Visit visit)
    {
        double[] values = new double[Math.Min(BlockRows, Math.Max(1, queries.Rows)) * points.Rows];
        for (int first = 0; first < queries.Rows; first += BlockRows)
        {
            int begin = first, count = Math.Min(BlockRows, queries.Rows - first);
            (Matrix block, double[] own) = Centre(queries, first, count);
            runtime.Multiply<double>(block.Values, points.Values, values.AsSpan(0, count * points.Rows), count, points.Rows, transposeB: true);
            runtime.For(count, (i, _) =>
            {
                Span<double> row = values.AsSpan(i * points.Rows, points.Rows);
                for (int j = 0; j < row.Length; j++) row[j] = Math.Max(0, own[i] + squares[j] - 2 * row[j]);
                visit(begin + i, row);
            });
        }
    }

    /// <summary>What to do with the distances of one row.</summary>
    public delegate void Visit(int row, Span<double> distances);

    private (Matrix Rows, double[] Squares) Centre(Matrix source, int first, int count)
    {
        Matrix rows = new(count, source.Columns);
        double[] sums = new double[count];
        for (int i = 0; i < count; i++)
        {
            source.Row(first + i).CopyTo(rows.Row(i));
            VectorMath.AddScaled(-1, mean, rows.Row(i));
            sums[i] = VectorMath.Dot(rows.Row(i), rows.Row(i));
        }

        return (rows, sums);
    }
}
