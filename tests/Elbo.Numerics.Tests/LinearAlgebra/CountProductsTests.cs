namespace Elbo.Numerics.Tests.LinearAlgebra;

public sealed class CountProductsTests
{
    [Fact]
    public void Mixtures_ratios_and_explained_counts_are_those_of_plain_loops()
    {
        foreach (int columns in (int[])[1, 7, 8, 9, 20, 33])
        {
            int stride = CountProducts.Stride(columns);
            Assert.True(stride % 8 == 0 && stride >= columns && stride < columns + 8);
            for (int count = 0; count <= 19; count++)
            {
                RandomStream random = new RandomStream(7).Split((ulong)(100 * columns + count));
                double[] rows = new double[count * stride], weights = new double[stride], counts = new double[count], sums = new double[count], ratios = new double[count], result = new double[stride];
                for (int j = 0; j < columns; j++) weights[j] = random.Uniform((ulong)j);
                for (int i = 0; i < count; i++)
                {
                    counts[i] = 1 + i;
                    for (int j = 0; j < columns; j++) rows[i * stride + j] = random.Uniform((ulong)(1000 + i * columns + j));
                }

                double least = CountProducts.Explain(rows, weights, counts, sums, ratios, result), expectedLeast = double.PositiveInfinity;
                double[] expected = new double[stride];
                for (int i = 0; i < count; i++)
                {
                    double sum = 0;
                    for (int j = 0; j < columns; j++) sum += rows[i * stride + j] * weights[j];
                    Assert.Equal(sum, sums[i], 1e-14 * columns);
                    Assert.Equal(counts[i] / sum, ratios[i], 1e-13 * columns * (counts[i] / sum));
                    expectedLeast = Math.Min(expectedLeast, sums[i]);
                    for (int j = 0; j < columns; j++) expected[j] += counts[i] / sum * rows[i * stride + j];
                }

                Assert.Equal(expectedLeast, least);
                for (int j = 0; j < stride; j++) Assert.Equal(expected[j], result[j], 1e-12 * (1 + expected[j]));
            }
        }
    }

    [Fact]
    public void A_row_has_the_same_sum_alone_and_among_eight()
    {
        const int Stride = 24;
        double[] rows = new double[8 * Stride], weights = new double[Stride], counts = new double[8], sums = new double[8], ratios = new double[8], result = new double[Stride];
        new RandomStream(3).FillNormal(rows);
        new RandomStream(4).FillNormal(weights);
        CountProducts.Explain(rows, weights, counts, sums, ratios, result);
        for (int i = 0; i < 8; i++)
        {
            double[] one = new double[1];
            CountProducts.Explain(rows.AsSpan(i * Stride, Stride), weights, counts.AsSpan(i, 1), one, new double[1], result);
            Assert.Equal(sums[i], one[0]);
        }
    }

    [Fact]
    public void Chosen_rows_are_added_in_their_order()
    {
        double[] matrix = new double[5 * 16], result = new double[16], expected = new double[16];
        new RandomStream(5).FillNormal(matrix);
        int[] indices = [4, 0, 4, 2];
        double[] weights = [0.5, -1, 2, 3];
        CountProducts.SumRows(matrix, indices, weights, result);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 16; j++) expected[j] += weights[i] * matrix[indices[i] * 16 + j];
        for (int j = 0; j < 16; j++) Assert.Equal(expected[j], result[j], 1e-13);
        Assert.Throws<ArgumentOutOfRangeException>(() => CountProducts.SumRows(matrix, [5], [1.0], result));
        Assert.Throws<ArgumentException>(() => CountProducts.SumRows(matrix, [1], [1.0], new double[12]));
        Assert.Throws<ArgumentException>(() => CountProducts.Explain(matrix, new double[12], new double[5], new double[5], new double[5], new double[12]));
    }
}
