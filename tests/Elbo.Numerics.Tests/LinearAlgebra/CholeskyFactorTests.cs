namespace Elbo.Numerics.Tests.LinearAlgebra;

public class CholeskyFactorTests
{
    [Fact]
    public void A_known_matrix_has_its_known_factor()
    {
        CholeskyFactor factor = CholeskyFactor.TryFactor(Matrix.FromRows([4, 12, -16], [12, 37, -43], [-16, -43, 98]))!;
        SymmetricMatrices.AssertNear(Matrix.FromRows([2, 0, 0], [6, 1, 0], [-8, 5, 3]), factor.Lower, 1e-12);
        Assert.Equal(Math.Log(36), factor.LogDeterminant, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(20)]
    public void Inverse_solution_and_quadratic_form_agree(int size)
    {
        Matrix matrix = SymmetricMatrices.PositiveDefinite(size, 3);
        CholeskyFactor factor = CholeskyFactor.TryFactor(matrix)!;
        SymmetricMatrices.AssertNear(matrix, factor.Lower * factor.Lower.Transpose(), 1e-11);
        SymmetricMatrices.AssertNear(Matrix.Identity(size), matrix * factor.Inverse(), 1e-10);
        SymmetricMatrices.AssertNear(Matrix.Identity(size), factor.Lower * factor.InverseLower(), 1e-11);
        double[] vector = [.. Enumerable.Range(1, size).Select(static i => (double)i)], solution = [.. vector];
        factor.Solve(solution);
        double form = 0;
        for (int i = 0; i < size; i++)
        {
            double product = 0;
            for (int j = 0; j < size; j++) product += matrix[i, j] * solution[j];
            Assert.Equal(vector[i], product, 1e-9);
            form += vector[i] * solution[i];
        }

        Assert.Equal(form, factor.QuadraticForm([.. vector]), 1e-10 * form);
    }

    [Fact]
    public void Only_positive_definite_matrices_have_a_factor()
    {
        Assert.Null(CholeskyFactor.TryFactor(Matrix.FromRows([1, 2], [2, 1])));
        Assert.Null(CholeskyFactor.TryFactor(Matrix.FromRows([1, 1], [1, 1])));
        Assert.Null(CholeskyFactor.TryFactor(Matrix.FromRows([double.NaN, 0], [0, 1])));
        Assert.Throws<ArgumentException>(() => CholeskyFactor.TryFactor(new Matrix(2, 3)));
    }
}
