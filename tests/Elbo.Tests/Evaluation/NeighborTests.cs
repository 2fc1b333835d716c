using System.Text.Json;
using Elbo.Evaluation;
using Elbo.Numerics;

namespace Elbo.Tests.Evaluation;

public sealed class NeighborTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<int> Problems => [.. Enumerable.Range(0, GoldenProblem.Golden.GetProperty("neighbors").GetArrayLength())];

    public static TheoryData<int> Distances => DistanceTests.Problems;

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Problems))]
    public void Preservation_and_accuracy_are_those_of_scikit_learn(int problem)
    {
        JsonElement golden = GoldenProblem.Golden.GetProperty("neighbors")[problem];
        int Number(string name) => golden.GetProperty(name).GetInt32();
        int rows = Number("rows"), columns = Number("columns"), kept = Number("kept"), k = Number("neighbors");
        Matrix x = GoldenProblem.Features(golden.GetProperty("seed").GetUInt64(), rows, columns, columns, 0), codes = new(rows, kept);
        for (int i = 0; i < rows; i++) x.Row(i)[..kept].CopyTo(codes.Row(i));
        NeighborhoodPreservation preservation = NeighborhoodPreservation.Of(x, codes, runtime, k);
        Assert.Equal(golden.GetProperty("trustworthiness").GetDouble(), preservation.Trustworthiness, 1e-12);
        Assert.Equal(golden.GetProperty("continuity").GetDouble(), preservation.Continuity, 1e-12);

        int[] labels = [.. Enumerable.Range(0, rows).Select(i => (x[i, 0] > 0 ? 2 : 0) + (x[i, columns - 1] > 0 ? 1 : 0))];
        int half = rows / 2;
        Matrix train = new(half, kept, codes.Values[..(half * kept)].ToArray()), test = new(rows - half, kept, codes.Values[(half * kept)..].ToArray());
        Assert.Equal(golden.GetProperty("accuracy").GetDouble(), NearestNeighbors.Accuracy(train, labels.AsSpan(0, half), test, labels.AsSpan(half), k, runtime), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Distances))]
    public void Precision_recall_density_and_coverage_are_those_of_their_definitions(int problem)
    {
        JsonElement golden = GoldenProblem.Golden.GetProperty("distances")[problem];
        int rows = golden.GetProperty("rows").GetInt32(), columns = golden.GetProperty("columns").GetInt32();
        ulong seed = golden.GetProperty("seed").GetUInt64();
        Matrix real = GoldenProblem.Features(seed, rows, columns, golden.GetProperty("rank").GetInt32(), 0);
        Matrix samples = GoldenProblem.Features(seed + 100, rows + 20, columns, columns, golden.GetProperty("shift").GetDouble());
        SampleQuality quality = SampleQuality.Of(real, samples, runtime);
        JsonElement expected = golden.GetProperty("quality");
        Assert.Equal(expected.GetProperty("precision").GetDouble(), quality.Precision, 1e-12);
        Assert.Equal(expected.GetProperty("recall").GetDouble(), quality.Recall, 1e-12);
        Assert.Equal(expected.GetProperty("density").GetDouble(), quality.Density, 1e-12);
        Assert.Equal(expected.GetProperty("coverage").GetDouble(), quality.Coverage, 1e-12);
    }

    [Fact]
    public void Samples_of_the_same_distribution_have_the_coverage_of_the_paper_and_a_lost_mode_is_seen()
    {
        // Coverage of independent samples of one distribution is 1 − ((M − 1)…(M − k))/((2M − 1)…(2M − k)), whatever the distribution (Naeem et al., lemma 2).
        const int Count = 400, Neighbors = 5;
        double expected = 1, mean = 0;
        for (int k = 1; k <= Neighbors; k++) expected *= (Count - (double)k) / (2.0 * Count - k);
        RandomStream random = new(8);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            SampleQuality same = SampleQuality.Of(Normal(Count, 3, random.Split((ulong)(2 * repeat))), Normal(Count, 3, random.Split((ulong)(2 * repeat + 1))), runtime, Neighbors);
            mean += same.Coverage / 20;
        }

        Assert.Equal(1 - expected, mean, 0.01);

        Matrix real = Normal(Count, 3, random.Split(50)), lost = Normal(Count, 3, random.Split(51));
        for (int i = 0; i < Count / 2; i++) real[i, 0] += 100;
        SampleQuality half = SampleQuality.Of(real, lost, runtime, Neighbors);
        Assert.InRange(half.Precision, 0.9, 1);
        Assert.InRange(half.Recall, 0.3, 0.5);
        Assert.InRange(half.Coverage, 0.4, 0.5);
    }

    [Fact]
    public void Nearest_points_come_in_order_without_the_point_itself_and_far_from_zero()
    {
        Matrix points = new(new double[,] { { 1e8, 0 }, { 1e8 + 1, 0 }, { 1e8 + 3, 0 }, { 1e8, 2 } });
        (int[][] nearest, double[][] distances) = NearestNeighbors.Of(points, points, 2, runtime);
        Assert.Equal([[1, 3], [0, 2], [1, 0], [0, 1]], nearest);
        Assert.Equal([1, 2], distances[0]);
        Assert.Equal(Math.Sqrt(5), distances[3][1], 1e-9);
        Assert.Contains("4 nearest neighbours were asked for, and there are 4 points, itself included", Assert.Throws<ElboException>(() => NearestNeighbors.Of(points, points, 4, runtime)).Message, StringComparison.Ordinal);
        Assert.Contains("too few for neighbourhoods of 2", Assert.Throws<ElboException>(() => NeighborhoodPreservation.Of(points, points, runtime, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("2 and 3 dimensions", Assert.Throws<ElboException>(() => SampleQuality.Of(points, new Matrix(4, 3), runtime)).Message, StringComparison.Ordinal);
    }

    private static Matrix Normal(int rows, int columns, RandomStream random)
    {
        Matrix matrix = new(rows, columns);
        random.FillNormal(matrix.Values);
        return matrix;
    }
}
