namespace Elbo.Numerics;

/// <summary>
/// L with L·Lᵀ = A of a symmetric positive semi-definite A, <c>[n, rank]</c>: Cholesky's with the largest remaining diagonal entry as the next pivot
/// (Higham, "Accuracy and Stability of Numerical Algorithms", section 10.3), so that singular covariances have one too. L is not triangular: rows stay where they were.
/// </summary>
public static class SemidefiniteFactor
{
    private const int RowsOfPart = 128;
    private const double Rounding = 2.220446049250313e-16;

    /// <summary>The factor.</summary>
    /// <param name="matrix">A, <c>[n, n]</c>; its lower triangle is read.</param>
    /// <param name="runtime">The threads.</param>
    /// <returns>L, <c>[n, rank]</c>; null where A is not positive semi-definite within rounding, or holds a number that is not finite.</returns>
    /// <exception cref="ArgumentException">A is not square.</exception>
    public static Matrix? Of(Matrix matrix, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(runtime);
        if (matrix.Rows != matrix.Columns) throw new ArgumentException($"A square matrix is needed, and the shape is [{matrix.Rows}, {matrix.Columns}].", nameof(matrix));
        int n = matrix.Rows, rank = 0;
        Matrix factor = new(n, n);
        double[] remaining = new double[n];
        for (int i = 0; i < n; i++) remaining[i] = matrix[i, i];
        double largest = remaining.Length > 0 ? remaining.Max() : 0;
        if (!double.IsFinite(remaining.Sum()) || remaining.Any(static value => value < 0)) return null;
        double rounding = n * Rounding * largest;
        bool[] done = new bool[n];
        for (; rank < n; rank++)
        {
            int pivot = -1;
            for (int i = 0; i < n; i++)
                if (!done[i] && (pivot < 0 || remaining[i] > remaining[pivot])) pivot = i;
            if (!(remaining[pivot] > rounding)) break;
            double root = Math.Sqrt(remaining[pivot]);
            done[pivot] = true;
            int column = rank;
            factor[pivot, column] = root;
            runtime.For((n + RowsOfPart - 1) / RowsOfPart, (part, _) =>
            {
                ReadOnlySpan<double> of = factor.Row(pivot)[..column];
                int end = Math.Min(n, (part + 1) * RowsOfPart);
                for (int i = part * RowsOfPart; i < end; i++)
                {
                    if (done[i]) continue;
                    double value = (matrix[Math.Max(i, pivot), Math.Min(i, pivot)] - VectorMath.Dot(factor.Row(i)[..column], of)) / root;
                    factor[i, column] = value;
                    remaining[i] -= value * value;
                }
            });
        }

        // What is left must be rounding: an indefinite matrix leaves a negative diagonal entry, or one beside a diagonal that is spent.
        int[] left = [.. Enumerable.Range(0, n).Where(i => !done[i])];
        foreach (int i in left)
            foreach (int j in left)
                if (j <= i && Math.Abs(matrix[i, j] - VectorMath.Dot(factor.Row(i)[..rank], factor.Row(j)[..rank])) > 100 * rounding) return null;

        Matrix result = new(n, rank);
        for (int i = 0; i < n; i++) factor.Row(i)[..rank].CopyTo(result.Row(i));
        return result;
    }
}
