namespace Elbo.Numerics.Tests.LinearAlgebra;

public sealed class SingularValuesTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(3, 7)]
    [InlineData(40, 40)]
    [InlineData(300, 65)]
    public void Come_back_from_a_product_with_orthogonal_matrices(int rows, int columns)
    {
        int size = Math.Min(rows, columns);
        // Twelve decades, one value twice, and a zero: what the square AᵀA would lose.
        double[] expected = [.. Enumerable.Range(0, size).Select(i => Math.Pow(10, 3 - 12.0 * (i - i % 2) / Math.Max(1, size)))];
        if (size > 2) expected[^1] = 0;
        Matrix middle = new(rows, columns);
        for (int i = 0; i < size; i++) middle[i, i] = expected[i];
        double[] actual = SingularValues.Of(Orthogonal(rows, 1) * middle * Orthogonal(columns, 2), runtime);
        Assert.Equal(size, actual.Length);
        double[] sorted = [.. expected.OrderDescending()];
        for (int i = 0; i < size; i++) Assert.Equal(sorted[i], actual[i], 1e-13 * sorted[0]);
    }

    [Fact]
    public void Agree_with_the_eigenvalues_of_the_square_and_with_any_number_of_threads()
    {
        Matrix matrix = Normal(150, 130, seed: 3);
        double[] actual = SingularValues.Of(matrix, runtime);
        IReadOnlyList<double> squares = SymmetricEigen.Of(matrix.Transpose() * matrix).Values;
        for (int i = 0; i < actual.Length; i++) Assert.Equal(Math.Sqrt(squares[i]), actual[i], 1e-9 * actual[0]);
        foreach (int threads in (int[])[1, 3])
        {
            using Runtime other = new(threads);
            Assert.Equal(actual, SingularValues.Of(matrix, other));
        }
    }

    [Fact]
    public void Scale_with_the_matrix_and_refuse_what_is_not_finite()
    {
        Matrix matrix = Normal(9, 6, seed: 4);
        double[] plain = SingularValues.Of(matrix, runtime);
        foreach (double factor in (double[])[1e-200, 1e200])
        {
            Matrix scaled = new(9, 6);
            for (int i = 0; i < scaled.Values.Length; i++) scaled.Values[i] = factor * matrix.Values[i];
            double[] actual = SingularValues.Of(scaled, runtime);
            for (int i = 0; i < 6; i++) Assert.Equal(plain[i], actual[i] / factor, 1e-13 * plain[0]);
        }

        Assert.Equal([0, 0], SingularValues.Of(new Matrix(2, 5), runtime));
        matrix[2, 1] = double.NaN;
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => SingularValues.Of(matrix, runtime)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(200, 11)]
    [InlineData(5, 1)]
    public void A_semidefinite_factor_gives_the_matrix_back_with_its_rank(int size, int rank)
    {
        Matrix root = Normal(size, rank, seed: 5), matrix = root * root.Transpose();
        Matrix? factor = SemidefiniteFactor.Of(matrix, runtime);
        Assert.NotNull(factor);
        Assert.Equal(rank, factor.Columns);
        SymmetricMatrices.AssertNear(matrix, factor * factor.Transpose(), 1e-12 * matrix.Values.ToArray().Max(Math.Abs));
    }

    [Fact]
    public void A_matrix_with_a_negative_eigenvalue_has_no_semidefinite_factor()
    {
        Assert.Null(SemidefiniteFactor.Of(new Matrix(new double[,] { { 0, 1 }, { 1, 0 } }), runtime));
        Assert.Null(SemidefiniteFactor.Of(new Matrix(new double[,] { { 1, 2 }, { 2, 1 } }), runtime));
        Assert.Null(SemidefiniteFactor.Of(new Matrix(new double[,] { { 1, 0 }, { 0, -1e-3 } }), runtime));
        Assert.Null(SemidefiniteFactor.Of(new Matrix(new double[,] { { double.NaN } }), runtime));
        Assert.Equal(0, SemidefiniteFactor.Of(new Matrix(3, 3), runtime)!.Columns);
    }

    private static Matrix Normal(int rows, int columns, ulong seed)
    {
        Matrix matrix = new(rows, columns);
        new RandomStream(seed).FillNormal(matrix.Values);
        return matrix;
    }

    /// <summary>A product of reflections.</summary>
    private static Matrix Orthogonal(int size, ulong seed)
    {
        Matrix result = Matrix.Identity(size);
        for (int step = 0; step < 3; step++)
        {
            double[] u = new double[size];
            new RandomStream(seed).Split((ulong)step).FillNormal(u);
            double squares = u.Sum(static value => value * value);
            for (int i = 0; i < size; i++)
            {
                double along = 0;
                for (int j = 0; j < size; j++) along += result[i, j] * u[j];
                for (int j = 0; j < size; j++) result[i, j] -= 2 * along / squares * u[j];
            }
        }

        return result;
    }
}
