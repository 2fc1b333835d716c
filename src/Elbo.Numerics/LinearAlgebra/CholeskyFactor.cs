namespace Elbo.Numerics;

/// <summary>The lower triangular L with L·Lᵀ = A of a symmetric positive definite A, <c>[n, n]</c>: determinants, solutions and inverses of covariances.</summary>
public sealed class CholeskyFactor
{
    private CholeskyFactor(Matrix lower) => Lower = lower;

    /// <summary>L, <c>[n, n]</c>; zero above its diagonal.</summary>
    public Matrix Lower { get; }

    /// <summary>n.</summary>
    public int Size => Lower.Rows;

    /// <summary>ln det A = 2 Σ ln Lᵢᵢ.</summary>
    public double LogDeterminant
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Size; i++) sum += Math.Log(Lower[i, i]);
            return 2 * sum;
        }
    }

    /// <summary>Factors a matrix, reading its lower triangle.</summary>
    /// <param name="matrix">A, <c>[n, n]</c>.</param>
    /// <returns>The factor; null where A is not positive definite in double precision or holds a NaN.</returns>
    /// <exception cref="ArgumentException">A is not square.</exception>
    public static CholeskyFactor? TryFactor(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rows != matrix.Columns) throw new ArgumentException($"A square matrix is needed, and the shape is [{matrix.Rows}, {matrix.Columns}].", nameof(matrix));
        int n = matrix.Rows;
        Matrix lower = new(n, n);
        for (int i = 0; i < n; i++)
        {
            Span<double> target = lower.Row(i);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> other = lower.Row(j);
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++) sum -= target[k] * other[k];
                if (i != j) target[j] = sum / other[j];
                else if (sum > 0 && double.IsFinite(sum)) target[i] = Math.Sqrt(sum);
                else return null;
            }
        }

        return new CholeskyFactor(lower);
    }

    /// <summary>Replaces b by L⁻¹b.</summary>
    /// <param name="vector">b, <c>[n]</c>.</param>
    public void SolveLower(Span<double> vector)
    {
        for (int i = 0; i < Size; i++)
        {
            ReadOnlySpan<double> row = Lower.Row(i);
            double sum = vector[i];
            for (int k = 0; k < i; k++) sum -= row[k] * vector[k];
            vector[i] = sum / row[i];
        }
    }

    /// <summary>Replaces b by A⁻¹b.</summary>
    /// <param name="vector">b, <c>[n]</c>.</param>
    public void Solve(Span<double> vector)
    {
        SolveLower(vector);
        for (int i = Size - 1; i >= 0; i--)
        {
            double sum = vector[i];
            for (int k = i + 1; k < Size; k++) sum -= Lower[k, i] * vector[k];
            vector[i] = sum / Lower[i, i];
        }
    }

    /// <summary>(b)ᵀA⁻¹b; b is overwritten by L⁻¹b.</summary>
    /// <param name="vector">b, <c>[n]</c>.</param>
    public double QuadraticForm(Span<double> vector)
    {
        SolveLower(vector);
        double sum = 0;
        for (int i = 0; i < Size; i++) sum += vector[i] * vector[i];
        return sum;
    }

    /// <summary>L⁻¹, <c>[n, n]</c>, lower triangular.</summary>
    public Matrix InverseLower()
    {
        Matrix result = new(Size, Size);
        for (int j = 0; j < Size; j++)
        {
            result[j, j] = 1 / Lower[j, j];
            for (int i = j + 1; i < Size; i++)
            {
                double sum = 0;
                for (int k = j; k < i; k++) sum -= Lower[i, k] * result[k, j];
                result[i, j] = sum / Lower[i, i];
            }
        }

        return result;
    }

    /// <summary>A⁻¹, <c>[n, n]</c>, symmetric to the last bit.</summary>
    public Matrix Inverse()
    {
        Matrix lower = InverseLower();
        Matrix result = new(Size, Size);
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = i; k < Size; k++) sum += lower[k, i] * lower[k, j];
                result[i, j] = result[j, i] = sum;
            }
        }

        return result;
    }
}
