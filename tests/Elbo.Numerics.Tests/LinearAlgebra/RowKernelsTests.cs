namespace Elbo.Numerics.Tests.LinearAlgebra;

/// <summary>Every width of vectors against plain loops, at sizes about those of vectors, panels and tiles.</summary>
public class RowKernelsTests
{
    public static TheoryData<int, int, int> Sizes => new() { { 0, 3, 2 }, { 1, 1, 1 }, { 5, 2, 3 }, { 16, 4, 2 }, { 17, 7, 3 }, { 31, 8, 1 }, { 70, 9, 4 }, { 130, 33, 3 } };

    private static IEnumerable<RowKernelTable> Tables => Enum.GetValues<VectorWidth>().Where(static width => width <= VectorWidths.Widest).Select(RowKernelTable.For);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Distances_are_those_of_plain_loops(int count, int columns, int components)
    {
        Matrix rows = Normal(count, columns, 1), centers = Normal(components, columns, 2), scales = Normal(components, columns, 3);
        foreach (ref double scale in scales.Values) scale *= scale;
        double[] factors = new double[components * columns * columns];
        for (int k = 0; k < components; k++) CholeskyFactor.TryFactor(SymmetricMatrices.PositiveDefinite(columns, (ulong)(10 + k)))!.InverseLower().Values.CopyTo(factors.AsSpan(k * columns * columns));
        foreach (RowKernelTable table in Tables)
        {
            double[] triangular = new double[components * count], shared = new double[components * count], scaled = new double[components * count];
            RowKernels.TriangularDistances(table, rows.Values, centers, factors, triangular);
            RowKernels.SharedTriangularDistances(table, rows.Values, centers, factors.AsSpan(0, columns * columns), shared);
            RowKernels.ScaledDistances(table, rows.Values, centers, scales, scaled);
            for (int k = 0; k < components; k++)
            {
                for (int n = 0; n < count; n++)
                {
                    Near(Triangular(rows.Row(n), centers.Row(k), factors.AsSpan(k * columns * columns)), triangular[k * count + n]);
                    Near(Triangular(rows.Row(n), centers.Row(k), factors), shared[k * count + n]);
                    double sum = 0;
                    for (int j = 0; j < columns; j++) sum += scales[k, j] * (rows[n, j] - centers[k, j]) * (rows[n, j] - centers[k, j]);
                    Near(sum, scaled[k * count + n]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Moments_are_those_of_plain_loops_and_rows_of_weight_0_are_skipped(int count, int columns, int components)
    {
        Matrix rows = Normal(count, columns, 4), centers = Normal(components, columns, 5);
        double[] weights = [.. Enumerable.Range(0, count).Select(static n => n % 3 == 1 ? 0 : 0.1 * (1 + n % 7))];
        for (int n = 1; n < count; n += 3) rows.Row(n).Fill(double.NaN);
        double[] expectedFirst = new double[columns], expectedSecond = new double[columns * columns];
        for (int n = 0; n < count; n++)
        {
            if (weights[n] == 0) continue;
            for (int i = 0; i < columns; i++)
            {
                expectedFirst[i] += weights[n] * (rows[n, i] - centers[0, i]);
                for (int j = 0; j < columns; j++) expectedSecond[i * columns + j] += weights[n] * (rows[n, i] - centers[0, i]) * (rows[n, j] - centers[0, j]);
            }
        }

        foreach (RowKernelTable table in Tables)
        {
            double[] first = Filled(columns), second = Filled(columns * columns), sums = Filled(columns), squares = Filled(columns);
            RowKernels.AddOuterProducts(table, rows.Values, weights, centers.Row(0), first, second);
            RowKernels.AddSquares(table, rows.Values, weights, centers.Row(0), sums, squares);
            for (int i = 0; i < columns; i++)
            {
                Near(1 + expectedFirst[i], first[i]);
                Near(1 + expectedFirst[i], sums[i]);
                Near(1 + expectedSecond[i * columns + i], squares[i]);
                for (int j = 0; j <= i; j++) Near(1 + expectedSecond[i * columns + j], second[i * columns + j]);
                for (int j = i + 1; j < columns; j++) Assert.Equal(1, second[i * columns + j]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Bayes_rule_holds_for_each_row(int count, int columns, int components)
    {
        Assert.True(columns > 0);
        Matrix logs = Normal(components, count, 6);
        foreach (ref double value in logs.Values) value = 300 * value - 2000;
        double[] priors = [.. Enumerable.Range(0, components).Select(k => Math.Log((k + 1.0) / (components * (components + 1) / 2)))];
        double[] weights = [.. Enumerable.Range(0, count).Select(static n => n % 4 * 0.5)];
        foreach (RowKernelTable table in Tables)
        {
            double[] shares = logs.Values.ToArray(), totals = new double[count], counts = new double[components], expected = new double[components];
            RowKernels.Normalize(table, shares, priors, weights, 1e-20, totals, counts);
            for (int n = 0; n < count; n++)
            {
                double[] joint = [.. Enumerable.Range(0, components).Select(k => logs[k, n] + priors[k])];
                double total = VectorMath.NormalizeLogWeights(joint);
                Assert.Equal(total, totals[n], 1e-12 * Math.Abs(total));
                for (int k = 0; k < components; k++)
                {
                    double share = joint[k] < 1e-20 ? 0 : joint[k] * weights[n];
                    Assert.Equal(share, shares[k * count + n], 1e-15);
                    expected[k] += share;
                }
            }

            for (int k = 0; k < components; k++) Near(expected[k], counts[k]);
        }
    }

    [Fact]
    public void A_row_that_nothing_explains_has_no_shares_and_a_NaN_is_seen()
    {
        double[] shares = [double.NegativeInfinity, 0, double.NaN, double.NegativeInfinity, 0, 0], totals = new double[3];
        RowKernels.NormalizeLogDensities(shares, [Math.Log(0.5), Math.Log(0.5)], totals);
        Assert.Equal(double.NegativeInfinity, totals[0]);
        Assert.Equal(0, totals[1], 1e-15);
        Assert.True(double.IsNaN(totals[2]));
        Assert.Equal(0, shares[0]);
        Assert.Equal(0.5, shares[1], 1e-15);
        Assert.Equal(0, shares[3]);
    }

    [Fact]
    public void An_offset_of_a_million_spreads_costs_no_digits()
    {
        Matrix rows = Normal(40, 5, 8), centers = Normal(2, 5, 9), far = rows.Clone(), farCenters = centers.Clone();
        // Multiples of 2⁻²⁰ shift without rounding.
        foreach (Matrix matrix in (Matrix[])[rows, centers, far, farCenters])
            foreach (ref double value in matrix.Values) value = Math.Round(value * 1048576) / 1048576;
        foreach (ref double value in far.Values) value += 1e6;
        foreach (ref double value in farCenters.Values) value += 1e6;
        double[] near = new double[80], shifted = new double[80], identity = Matrix.Identity(5).Values.ToArray();
        RowKernels.SharedTriangularDistances(rows.Values, centers, identity, near);
        RowKernels.SharedTriangularDistances(far.Values, farCenters, identity, shifted);
        for (int i = 0; i < near.Length; i++) Assert.Equal(near[i], shifted[i], 1e-8);
    }

    [Fact]
    public void Sums_and_scaled_values_are_those_of_plain_loops()
    {
        double[] values = [.. Enumerable.Range(1, 23).Select(static i => (double)i)];
        Assert.Equal(276, RowKernels.Sum(values));
        RowKernels.Scale(values, -2, 1);
        Assert.Equal(Enumerable.Range(1, 23).Select(static i => 1.0 - 2 * i), values);
    }

    private static double Triangular(ReadOnlySpan<double> row, ReadOnlySpan<double> center, ReadOnlySpan<double> factor)
    {
        double total = 0;
        for (int i = 0; i < row.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j <= i; j++) sum += factor[i * row.Length + j] * (row[j] - center[j]);
            total += sum * sum;
        }

        return total;
    }

    private static Matrix Normal(int rows, int columns, ulong seed)
    {
        Matrix matrix = new(rows, columns);
        for (int i = 0; i < matrix.Values.Length; i++) matrix.Values[i] = new RandomStream(seed).Normal((ulong)i);
        return matrix;
    }

    private static double[] Filled(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-12 * Math.Max(1, Math.Abs(expected)));
}
