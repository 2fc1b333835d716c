using System.Text.Json;
using Elbo.Evaluation;
using Elbo.Numerics;

namespace Elbo.Tests.Evaluation;

public sealed class DistanceTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<int> Problems => [.. Enumerable.Range(0, GoldenProblem.Golden.GetProperty("distances").GetArrayLength())];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_distances_are_those_of_scipy_and_scikit_learn(int problem)
    {
        JsonElement golden = GoldenProblem.Golden.GetProperty("distances")[problem];
        int rows = golden.GetProperty("rows").GetInt32(), columns = golden.GetProperty("columns").GetInt32();
        ulong seed = golden.GetProperty("seed").GetUInt64();
        Matrix x = GoldenProblem.Features(seed, rows, columns, golden.GetProperty("rank").GetInt32(), 0);
        Matrix y = GoldenProblem.Features(seed + 100, rows + 20, columns, columns, golden.GetProperty("shift").GetDouble());
        double frechet = FrechetDistance.Between(FeatureMoments.Of(x, runtime), FeatureMoments.Of(y, runtime), runtime).Value;
        // One covariance is singular in the third problem: sqrtm itself is then good to about 1e-8.
        Assert.Equal(golden.GetProperty("frechet").GetDouble(), frechet, 1e-7 * frechet);
        double kernel = golden.GetProperty("kernel").GetDouble();
        Assert.Equal(kernel, KernelDistance.Discrepancy(x, y, runtime), 1e-12 * (1 + Math.Abs(kernel)));
    }

    [Fact]
    public void Two_gaussians_have_the_closed_form()
    {
        // Covariances that commute: Σ (√a − √b)² over their common axes, zeros included.
        double[] a = [4, 1, 0, 9, 0], b = [1, 1, 25, 0, 0];
        Matrix rotation = Rotation(5);
        Matrix first = rotation * Diagonal(a) * rotation.Transpose(), second = rotation * Diagonal(b) * rotation.Transpose();
        FrechetDistance distance = FrechetDistance.Between([1, 2, 3, 4, 5], first, [1, 2, 3, 4, 7], second, runtime);
        Assert.Equal(4, distance.MeanTerm, 1e-14);
        Assert.Equal(1 + 0 + 25 + 9, distance.CovarianceTerm, 1e-12);
        Assert.Equal(0, FrechetDistance.Between([0, 0, 0, 0, 0], first, [0, 0, 0, 0, 0], first, runtime).Value, 1e-12);
    }

    [Fact]
    public void Of_a_set_with_itself_is_zero_and_blocks_make_no_difference()
    {
        Matrix features = GoldenProblem.Features(7, 90, 12, 12, 1e4);
        FeatureMoments whole = FeatureMoments.Of(features, runtime), blocks = new(12);
        for (int n = 0; n < 90; n += 30) blocks.Add(new Matrix(30, 12, features.Values.Slice(n * 12, 360).ToArray()), runtime);
        Assert.Equal(0, FrechetDistance.Between(whole, whole, runtime).Value, 1e-12);
        Assert.Equal(0, FrechetDistance.Between(whole, blocks, runtime).Value, 1e-9);
        // Means of 10,000 would cost eight digits of the variance if squares were summed around zero.
        FeatureMoments near = FeatureMoments.Of(GoldenProblem.Features(7, 90, 12, 12, 0), runtime);
        for (int i = 0; i < 12; i++) Assert.Equal(near.Covariance()[i, i], blocks.Covariance()[i, i], 1e-10);
    }

    [Fact]
    public void The_kernel_distance_is_unbiased_where_the_frechet_distance_falls_with_the_number_of_samples()
    {
        // Two samples of one distribution, seed 5: 300 pairs of sets of 40.
        RandomStream random = new(5);
        double sum = 0, squares = 0, few = 0, many = 0;
        const int Repeats = 300;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            RandomStream own = random.Split((ulong)repeat);
            double value = KernelDistance.Discrepancy(Normal(40, 4, own.Split(0)), Normal(40, 4, own.Split(1)), runtime);
            (sum, squares) = (sum + value, squares + value * value);
            if (repeat >= 20) continue;
            few += Frechet(Normal(40, 4, own.Split(2)), Normal(40, 4, own.Split(3))) / 20;
            many += Frechet(Normal(4000, 4, own.Split(4)), Normal(4000, 4, own.Split(5))) / 20;
        }

        double mean = sum / Repeats, error = Math.Sqrt((squares / Repeats - mean * mean) / Repeats);
        Assert.InRange(mean, -4 * error, 4 * error);
        Assert.True(few > 50 * many, $"{few} and {many}");
    }

    [Fact]
    public void Subsets_have_the_mean_of_the_whole_and_are_chosen_by_the_seed()
    {
        Matrix x = Normal(300, 6, new RandomStream(1)), y = Normal(260, 6, new RandomStream(2));
        for (int i = 0; i < y.Values.Length; i++) y.Values[i] += 0.5;
        double whole = KernelDistance.Discrepancy(x, y, runtime);
        KernelDistance subsets = KernelDistance.Between(x, y, runtime, subsets: 200, subsetSize: 60, seed: 3);
        Assert.Equal((200, 60), (subsets.Subsets, subsets.SubsetSize));
        Assert.InRange(subsets.Value, whole - 4 * subsets.StandardDeviation / Math.Sqrt(200), whole + 4 * subsets.StandardDeviation / Math.Sqrt(200));
        Assert.Equal(subsets, KernelDistance.Between(x, y, runtime, 200, 60, 3));
        Assert.NotEqual(subsets.Value, KernelDistance.Between(x, y, runtime, 200, 60, 4).Value);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_in_a_sentence()
    {
        FeatureMoments few = FeatureMoments.Of(Normal(8, 8, new RandomStream(1)), runtime), other = FeatureMoments.Of(Normal(20, 5, new RandomStream(1)), runtime);
        Assert.Contains("8 images are too few for a covariance of 8 features", Assert.Throws<ElboException>(() => FrechetDistance.Between(few, few, runtime)).Message, StringComparison.Ordinal);
        Assert.Contains("8 and 5 dimensions", Assert.Throws<ElboException>(() => FrechetDistance.Between(few, other, runtime)).Message, StringComparison.Ordinal);
        Matrix damaged = new(3, 2);
        damaged[1, 1] = double.PositiveInfinity;
        Assert.Contains("Feature 1 of row 1", Assert.Throws<ElboException>(() => FeatureMoments.Of(damaged, runtime)).Message, StringComparison.Ordinal);
        FeatureMoments kept = FeatureMoments.Of(Normal(9, 2, new RandomStream(4)), runtime);
        double[] before = kept.Mean();
        Assert.Throws<ElboException>(() => kept.Add(damaged, runtime));
        Assert.Equal(before, kept.Mean());
        Assert.Equal(9, kept.Count);
        Assert.Throws<InvalidOperationException>(() => new FeatureMoments(2).Mean());
        Assert.Contains("not positive semi-definite", Assert.Throws<ElboException>(() => FrechetDistance.Between([0], new Matrix(new double[,] { { -1 } }), [0], new Matrix(1, 1), runtime)).Message, StringComparison.Ordinal);
        Assert.Contains("at least two images", Assert.Throws<ElboException>(() => KernelDistance.Between(new Matrix(1, 2), new Matrix(5, 2), runtime)).Message, StringComparison.Ordinal);
    }

    private double Frechet(Matrix x, Matrix y) => FrechetDistance.Between(FeatureMoments.Of(x, runtime), FeatureMoments.Of(y, runtime), runtime).Value;

    private static Matrix Normal(int rows, int columns, RandomStream random)
    {
        Matrix matrix = new(rows, columns);
        random.FillNormal(matrix.Values);
        return matrix;
    }

    private static Matrix Diagonal(double[] values)
    {
        Matrix matrix = new(values.Length, values.Length);
        for (int i = 0; i < values.Length; i++) matrix[i, i] = values[i];
        return matrix;
    }

    /// <summary>A reflection.</summary>
    private static Matrix Rotation(int size)
    {
        Matrix matrix = Matrix.Identity(size);
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++) matrix[i, j] -= 2.0 * (i + 1) * (j + 1) / 55;
        return matrix;
    }
}
