namespace Elbo.Numerics.Tests.LinearAlgebra;

public class SymmetricEigenTests
{
    [Fact]
    public void A_known_matrix_has_its_known_values_and_vectors()
    {
        SymmetricEigen eigen = SymmetricEigen.Of(Matrix.FromRows([2, 1], [1, 2]));
        Assert.Equal(3, eigen.Values[0], 1e-12);
        Assert.Equal(1, eigen.Values[1], 1e-12);
        Assert.Equal(Math.Sqrt(0.5), eigen.Vectors[0, 0], 1e-12);
        Assert.Equal(Math.Sqrt(0.5), eigen.Vectors[1, 0], 1e-12);
        Assert.Equal(-1, eigen.Vectors[0, 1] / eigen.Vectors[1, 1], 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    public void Vectors_are_orthonormal_and_rebuild_the_matrix(int size)
    {
        Matrix matrix = SymmetricMatrices.PositiveDefinite(size, 5);
        SymmetricEigen eigen = SymmetricEigen.Of(matrix);
        SymmetricMatrices.AssertNear(Matrix.Identity(size), eigen.Vectors.Transpose() * eigen.Vectors, 1e-11);
        Matrix scaled = eigen.Vectors.Clone();
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++) scaled[i, j] *= eigen.Values[j];
        SymmetricMatrices.AssertNear(matrix, scaled * eigen.Vectors.Transpose(), 1e-10);
        Assert.Equal(eigen.Values.OrderDescending(), eigen.Values);
    }

    [Fact]
    public void Only_the_lower_triangle_is_read()
    {
        SymmetricEigen eigen = SymmetricEigen.Of(Matrix.FromRows([2, 99], [1, 2]));
        Assert.Equal(3, eigen.Values[0], 1e-12);
        Assert.Throws<ArgumentException>(() => SymmetricEigen.Of(new Matrix(2, 3)));
        Assert.Empty(SymmetricEigen.Of(new Matrix(0, 0)).Values);
    }
}
