using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>The nearest of a set of points, by Euclidean distance over all pairs.</summary>
public static class NearestNeighbors
{
    /// <summary>The nearest points of each query, nearest first, the earlier point where two are as near.</summary>
    /// <param name="queries">The queries, <c>[N, D]</c>.</param>
    /// <param name="points">The points, <c>[M, D]</c>; the same object where a point is not its own neighbour.</param>
    /// <param name="count">k, how many.</param>
    /// <param name="runtime">The threads.</param>
    /// <returns>The points' numbers <c>[N][k]</c>, and their distances <c>[N][k]</c>.</returns>
    /// <exception cref="ElboException">The sets differ in dimension, or have fewer than k points to choose from.</exception>
    public static (int[][] Points, double[][] Distances) Of(Matrix queries, Matrix points, int count, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        bool self = ReferenceEquals(queries, points);
        if (queries.Columns != points.Columns) throw new ElboException($"Vectors of {queries.Columns} and {points.Columns} numbers have no distance; use codes or features of one kind.");
        if (points.Rows - (self ? 1 : 0) < count)
            throw new ElboException($"{count} nearest neighbours were asked for, and there {(points.Rows == 1 ? "is 1 point" : $"are {points.Rows} points")}{(self ? ", itself included" : "")}; ask for fewer.");
        int[][] nearest = new int[queries.Rows][];
        double[][] distances = new double[queries.Rows][];
        new SquaredDistances(points, runtime).ForEach(queries, (row, squared) =>
        {
            int[] best = new int[count];
            double[] least = new double[count];
            int found = 0;
            for (int j = 0; j < squared.Length; j++)
            {
                if (self && j == row || found == count && squared[j] >= least[^1]) continue;
                int place = found < count ? found++ : count - 1;
                for (; place > 0 && squared[j] < least[place - 1]; place--) (least[place], best[place]) = (least[place - 1], best[place - 1]);
                (least[place], best[place]) = (squared[j], j);
            }

            (nearest[row], distances[row]) = (best, Array.ConvertAll(least, Math.Sqrt));
        });
        return (nearest, distances);
    }

    /// <summary>The share of test rows whose label is the most frequent among their k nearest training rows; the smallest label where several are as frequent.</summary>
    /// <param name="train">The training codes, <c>[N, D]</c>.</param>
    /// <param name="trainLabels">Their labels, from 0.</param>
    /// <param name="test">The test codes, <c>[M, D]</c>.</param>
    /// <param name="testLabels">Their labels.</param>
    /// <param name="count">k.</param>
    /// <param name="runtime">The threads.</param>
    /// <exception cref="ElboException">Labels and rows differ in number, there are no test rows, or there are fewer than k training rows.</exception>
    public static double Accuracy(Matrix train, ReadOnlySpan<int> trainLabels, Matrix test, ReadOnlySpan<int> testLabels, int count, Runtime runtime)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (train.Rows != trainLabels.Length || test.Rows != testLabels.Length || test.Rows == 0)
            throw new ElboException($"{train.Rows} training and {test.Rows} test rows have {trainLabels.Length} and {testLabels.Length} labels; give one for each row, and at least one test row.");
        int[][] nearest = Of(test, train, count, runtime).Points;
        int right = 0;
        for (int i = 0; i < nearest.Length; i++)
        {
            Dictionary<int, int> votes = [];
            foreach (int neighbour in nearest[i]) votes[trainLabels[neighbour]] = votes.GetValueOrDefault(trainLabels[neighbour]) + 1;
            int most = votes.Values.Max();
            if (votes.Where(vote => vote.Value == most).Min(static vote => vote.Key) == testLabels[i]) right++;
        }

        return (double)right / nearest.Length;
    }
}
