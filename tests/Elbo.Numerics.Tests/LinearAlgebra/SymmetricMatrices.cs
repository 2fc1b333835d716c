namespace Elbo.Numerics.Tests.LinearAlgebra;

/// <summary>Random matrices for the factorisations.</summary>
internal static class SymmetricMatrices
{
    /// <summary>A·Aᵀ + I of normal A.</summary>
    public static Matrix PositiveDefinite(int size, ulong seed)
    {
        RandomStream random = new(seed);
        Matrix root = new(size, size);
        for (int i = 0; i < root.Values.Length; i++) root.Values[i] = random.Normal((ulong)i);
        Matrix result = root * root.Transpose();
        for (int i = 0; i < size; i++) result[i, i] += 1;
        return result;
    }

    public static void AssertNear(Matrix expected, Matrix actual, double tolerance)
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        for (int i = 0; i < expected.Rows; i++)
            for (int j = 0; j < expected.Columns; j++) Assert.True(Math.Abs(expected[i, j] - actual[i, j]) <= tolerance, $"[{i}, {j}]: {expected[i, j]} and {actual[i, j]}");
    }
}
