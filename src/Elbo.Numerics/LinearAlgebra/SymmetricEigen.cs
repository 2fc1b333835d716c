using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Elbo.Numerics;

/// <summary>The eigenvalues and eigenvectors of a symmetric matrix, largest eigenvalue first.</summary>
public sealed class SymmetricEigen
{
    private SymmetricEigen(double[] values, Matrix vectors)
    {
        Values = values;
        Vectors = vectors;
    }

    /// <summary>The eigenvalues in descending order, <c>[n]</c>.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The orthonormal eigenvectors in the columns, <c>[n, n]</c>, in the order of <see cref="Values"/>; the largest component of each is positive.</summary>
    public Matrix Vectors { get; }

    /// <summary>Factors a symmetric matrix, reading its lower triangle.</summary>
    /// <param name="matrix">A, <c>[n, n]</c>, finite.</param>
    /// <exception cref="ArgumentException">A is not square.</exception>
    public static SymmetricEigen Of(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rows != matrix.Columns) throw new ArgumentException($"A square matrix is needed, and the shape is [{matrix.Rows}, {matrix.Columns}].", nameof(matrix));
        int n = matrix.Rows;
        if (n == 0) return new SymmetricEigen([], new Matrix(0, 0));
        DenseMatrix dense = DenseMatrix.Create(n, n, (i, j) => i >= j ? matrix[i, j] : matrix[j, i]);
        Evd<double> factors = dense.Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        double[] values = new double[n];
        Matrix vectors = new(n, n);
        for (int k = 0; k < n; k++)
        {
            int source = n - 1 - k;
            values[k] = factors.EigenValues[source].Real;
            int largest = 0;
            for (int i = 1; i < n; i++)
                if (Math.Abs(factors.EigenVectors[i, source]) > Math.Abs(factors.EigenVectors[largest, source])) largest = i;
            double sign = factors.EigenVectors[largest, source] < 0 ? -1 : 1;
            for (int i = 0; i < n; i++) vectors[i, k] = sign * factors.EigenVectors[i, source];
        }

        return new SymmetricEigen(values, vectors);
    }
}
