using System.Numerics;

namespace Elbo.Numerics;

/// <summary>The singular values of a dense matrix, each with an error of a few units in the last place of the largest.</summary>
/// <remarks>
/// Householder bidiagonalisation (Golub and Kahan, "Calculating the singular values and pseudo-inverse of a matrix", 1965), then bisection on the
/// symmetric tridiagonal matrix with zero diagonal that has ± the singular values as eigenvalues (Golub and Van Loan, "Matrix Computations", section 8.6.1).
/// </remarks>
public static class SingularValues
{
    // Rows of a part: a function of the shape alone, so that sums over parts are the same at any number of threads.
    private const int RowsOfPart = 128;

    /// <summary>The singular values of a matrix, largest first, <c>[min(rows, columns)]</c>.</summary>
    /// <param name="matrix">The matrix, <c>[rows, columns]</c>.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static double[] Of(Matrix matrix, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(runtime);
        double largest = 0;
        foreach (double value in matrix.Values)
        {
            if (!double.IsFinite(value)) throw new ArgumentException($"Singular values need finite numbers, and one is {value}.", nameof(matrix));
            largest = Math.Max(largest, Math.Abs(value));
        }

        int size = Math.Min(matrix.Rows, matrix.Columns);
        if (largest == 0) return new double[size];
        Matrix work = matrix.Rows >= matrix.Columns ? Scaled(matrix, 1 / largest) : Scaled(matrix.Transpose(), 1 / largest);
        (double[] diagonal, double[] upper) = Bidiagonalize(work, runtime);
        double[] values = Bisect(diagonal, upper, runtime);
        for (int i = 0; i < values.Length; i++) values[i] *= largest;
        return values;
    }

    private static Matrix Scaled(Matrix matrix, double factor)
    {
        Matrix result = new(matrix.Rows, matrix.Columns);
        for (int i = 0; i < result.Values.Length; i++) result.Values[i] = matrix.Values[i] * factor;
        return result;
    }

    /// <summary>
    /// The diagonal and the entries right of it. A step reflects column k, then row k; each row below is read and written once: it takes both
    /// reflections and adds its part of the next column's norm and products.
    /// </summary>
    private static (double[] Diagonal, double[] Upper) Bidiagonalize(Matrix a, Runtime runtime)
    {
        int rows = a.Rows, columns = a.Columns;
        double[] diagonal = new double[columns], upper = new double[Math.Max(0, columns - 1)];
        double[] below = new double[rows], products = new double[columns], left = new double[columns], right = new double[columns];
        int mostParts = (rows + RowsOfPart - 1) / RowsOfPart;
        double[][] partProducts = [.. Enumerable.Range(0, mostParts).Select(_ => new double[columns])];
        double[] partSquares = new double[mostParts];

        double squares = Sweep(k: -1, leftScale: 0, rightScale: 0);
        for (int k = 0; k < columns; k++)
        {
            Span<double> row = a.Row(k);
            (diagonal[k], double pivot, double scale) = Reflection(row[k], squares);
            for (int j = k + 1; j < columns; j++) left[j] = scale * (products[j] + pivot * row[j]);
            for (int j = k + 1; j < columns; j++) row[j] -= pivot * left[j];
            if (k + 1 == columns) break;

            double rest = 0;
            for (int j = k + 2; j < columns; j++) rest += row[j] * row[j];
            (upper[k], right[k + 1], double rightScale) = Reflection(row[k + 1], rest);
            row[(k + 2)..].CopyTo(right.AsSpan(k + 2));
            squares = Sweep(k, scale, rightScale);
        }

        return (diagonal, upper);

        // Updates the rows after k; leaves column k + 1 in `below` and its products with the columns right of it in `products`.
        double Sweep(int k, double leftScale, double rightScale)
        {
            int first = k + 1, next = k + 1;
            int parts = (rows - first + RowsOfPart - 1) / RowsOfPart;
            runtime.For(parts, (part, _) =>
            {
                Span<double> sums = partProducts[part].AsSpan(next + 1);
                sums.Clear();
                double squared = 0;
                int end = Math.Min(rows, first + (part + 1) * RowsOfPart);
                for (int i = first + part * RowsOfPart; i < end; i++)
                {
                    Span<double> row = a.Row(i)[next..];
                    if (k >= 0)
                    {
                        if (leftScale != 0) VectorMath.AddScaled(-below[i], left.AsSpan(next), row);
                        if (rightScale != 0) VectorMath.AddScaled(-rightScale * VectorMath.Dot(row, right.AsSpan(next)), right.AsSpan(next), row);
                    }

                    double head = row[0];
                    below[i] = head;
                    if (i == first) continue;
                    squared += head * head;
                    VectorMath.AddScaled(head, row[1..], sums);
                }

                partSquares[part] = squared;
            });
            Array.Clear(products);
            double total = 0;
            for (int part = 0; part < parts; part++)
            {
                total += partSquares[part];
                VectorMath.AddScaled(1, partProducts[part].AsSpan(next + 1), products.AsSpan(next + 1));
            }

            return total;
        }
    }

    /// <summary>
    /// H = I − s·u·uᵀ that maps (α, rest) to (value, 0): u = (pivot, rest). A zero rest needs none.
    /// </summary>
    private static (double Value, double Pivot, double Scale) Reflection(double alpha, double squares)
    {
        if (squares == 0) return (alpha, 0, 0);
        double norm = Math.Sqrt(alpha * alpha + squares);
        double value = alpha > 0 ? -norm : norm;
        return (value, alpha - value, 1 / (norm * (norm + Math.Abs(alpha))));
    }

    /// <summary>The values of a bidiagonal matrix, as many at once as a vector has lanes.</summary>
    private static double[] Bisect(double[] diagonal, double[] upper, Runtime runtime)
    {
        int n = diagonal.Length;
        // Squares off the diagonal of the tridiagonal matrix of order 2n: d₁, e₁, d₂, e₂, …, dₙ.
        double[] offSquares = new double[2 * n - 1];
        double bound = 0;
        for (int i = 0; i < n; i++)
        {
            offSquares[2 * i] = diagonal[i] * diagonal[i];
            if (i + 1 < n) offSquares[2 * i + 1] = upper[i] * upper[i];
            bound = Math.Max(bound, Math.Abs(diagonal[i]) + Math.Max(i > 0 ? Math.Abs(upper[i - 1]) : 0, i + 1 < n ? Math.Abs(upper[i]) : 0));
        }

        bound = 2 * bound + double.Epsilon;
        double[] values = new double[n];
        int lanes = Vector<double>.Count;
        runtime.For((n + lanes - 1) / lanes, (part, _) =>
        {
            Vector<double> low = Vector<double>.Zero, high = new(bound);
            Span<double> wanted = stackalloc double[lanes];
            // The i-th largest lies where i of the 2n eigenvalues are larger: 2n − 1 − i are smaller.
            for (int lane = 0; lane < lanes; lane++) wanted[lane] = 2 * n - 1 - Math.Min(n - 1, part * lanes + lane);
            Vector<double> rank = new(wanted);
            for (int step = 0; step < 64; step++)
            {
                Vector<double> middle = (low + high) * new Vector<double>(0.5);
                Vector<double> isAbove = Vector.AsVectorDouble(Vector.GreaterThan(Smaller(offSquares, middle), rank));
                high = Vector.ConditionalSelect(Vector.AsVectorInt64(isAbove), middle, high);
                low = Vector.ConditionalSelect(Vector.AsVectorInt64(isAbove), low, middle);
            }

            Vector<double> found = (low + high) * new Vector<double>(0.5);
            for (int lane = 0; lane < lanes && part * lanes + lane < n; lane++) values[part * lanes + lane] = found[lane];
        });
        return values;
    }

    /// <summary>How many eigenvalues are smaller than x: the negative pivots of the factorisation of T − x (Sylvester's law of inertia).</summary>
    private static Vector<double> Smaller(double[] offSquares, Vector<double> x)
    {
        // A pivot of zero stands for a tiny one, as in LAPACK's dstebz.
        Vector<double> tiny = new(1e-290), one = Vector<double>.One;
        Vector<double> pivot = -x, count = Vector<double>.Zero;
        pivot = Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(pivot), tiny), -tiny, pivot);
        count += Vector.ConditionalSelect(Vector.LessThan(pivot, Vector<double>.Zero), one, Vector<double>.Zero);
        foreach (double square in offSquares)
        {
            pivot = -x - new Vector<double>(square) / pivot;
            pivot = Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(pivot), tiny), -tiny, pivot);
            count += Vector.ConditionalSelect(Vector.LessThan(pivot, Vector<double>.Zero), one, Vector<double>.Zero);
        }

        return count;
    }
}
