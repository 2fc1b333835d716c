using System.Text.Json;
using Elbo.Evaluation;
using Elbo.Numerics;

namespace Elbo.Tests.Evaluation;

public class ClusterScoresTests
{
    public static TheoryData<int> Problems => [.. Enumerable.Range(0, GoldenProblem.Golden.GetProperty("clusters").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Scores_are_those_of_scikit_learn_and_scipy(int problem)
    {
        JsonElement golden = GoldenProblem.Golden.GetProperty("clusters")[problem];
        (int[] labels, int[] clusters) = GoldenProblem.Clusters(golden);
        ClusterScores scores = ClusterScores.Of(clusters, labels);
        Assert.Equal(golden.GetProperty("accuracy").GetDouble(), scores.Accuracy, 1e-12);
        Assert.Equal(golden.GetProperty("nmi").GetDouble(), scores.NormalizedMutualInformation, 1e-12);
        Assert.Equal(golden.GetProperty("ari").GetDouble(), scores.AdjustedRandIndex, 1e-12);
    }

    [Fact]
    public void Renamed_labels_score_one_and_one_cluster_of_all_scores_nothing()
    {
        Assert.Equal(new ClusterScores(1, 1, 1), ClusterScores.Of([2, 2, 0, 0, 1], [0, 0, 1, 1, 2]));
        ClusterScores lumped = ClusterScores.Of([0, 0, 0, 0], [0, 0, 1, 1]);
        Assert.Equal((0.5, 0.0, 0.0), (lumped.Accuracy, lumped.NormalizedMutualInformation, lumped.AdjustedRandIndex));
        Assert.Equal(new ClusterScores(1, 1, 1), ClusterScores.Of([3], [0]));
        Assert.Equal(new ClusterScores(1, 1, 1), ClusterScores.Of([0, 0], [1, 1]));
        Assert.Contains("2 clusters", Assert.Throws<ElboException>(() => ClusterScores.Of([0, 1], [0])).Message, StringComparison.Ordinal);
        Assert.Contains("cluster -1", Assert.Throws<ElboException>(() => ClusterScores.Of([-1], [0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cheapest_assignment_is_the_least_of_all_permutations()
    {
        RandomStream random = new(9);
        for (int problem = 0; problem < 50; problem++)
        {
            int n = 1 + problem % 6;
            Matrix cost = new(n, n);
            random.Split((ulong)problem).FillNormal(cost.Values);
            int[] assigned = Assignment.Cheapest(cost);
            Assert.Equal(Enumerable.Range(0, n), assigned.Order());
            Assert.Equal(Least(cost, 0, 0), assigned.Select((column, row) => cost[row, column]).Sum(), 1e-12);
        }
    }

    private static double Least(Matrix cost, int row, int taken)
    {
        if (row == cost.Rows) return 0;
        double least = double.PositiveInfinity;
        for (int j = 0; j < cost.Rows; j++)
            if ((taken & 1 << j) == 0) least = Math.Min(least, cost[row, j] + Least(cost, row + 1, taken | 1 << j));
        return least;
    }
}
