using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>How well a clustering agrees with labels that it did not see. All are 1 for clusters that are the labels under other names.</summary>
/// <param name="Accuracy">The share of rows whose cluster is matched with their label, by the best one-to-one match of clusters and labels (Kuhn 1955).</param>
/// <param name="NormalizedMutualInformation">I(cluster; label) over the arithmetic mean of their entropies, 0 to 1.</param>
/// <param name="AdjustedRandIndex">The Rand index adjusted for chance (Hubert and Arabie 1985, equation 5): 0 on average for random clusters, and down to −0.5.</param>
public sealed record ClusterScores(double Accuracy, double NormalizedMutualInformation, double AdjustedRandIndex)
{
    /// <summary>Compares clusters with labels.</summary>
    /// <param name="clusters">The cluster of each row, <c>[N]</c>, from 0.</param>
    /// <param name="labels">The label of each row, <c>[N]</c>, from 0.</param>
    /// <exception cref="ElboException">The lengths differ, there are no rows, or a number is negative.</exception>
    public static ClusterScores Of(ReadOnlySpan<int> clusters, ReadOnlySpan<int> labels)
    {
        Matrix table = Contingency(clusters, labels);
        double n = clusters.Length;
        double[] rows = new double[table.Rows], columns = new double[table.Columns];
        for (int i = 0; i < table.Rows; i++)
        {
            for (int j = 0; j < table.Columns; j++)
            {
                rows[i] += table[i, j];
                columns[j] += table[i, j];
            }
        }

        double mutual = 0, pairs = 0;
        for (int i = 0; i < table.Rows; i++)
        {
            for (int j = 0; j < table.Columns; j++)
            {
                double count = table[i, j];
                if (count > 0) mutual += count / n * Math.Log(count * n / (rows[i] * columns[j]));
                pairs += Pairs(count);
            }
        }

        double entropies = 0.5 * (Entropy(rows, n) + Entropy(columns, n));
        double together = rows.Sum(Pairs), alike = columns.Sum(Pairs);
        double expected = n > 1 ? together * alike / Pairs(n) : 0, most = 0.5 * (together + alike);
        return new ClusterScores(
            Matched(table) / n,
            // One cluster and one label agree in all there is to know.
            entropies > 0 ? Math.Clamp(mutual / entropies, 0, 1) : 1,
            most == expected ? 1 : (pairs - expected) / (most - expected));
    }

    private static Matrix Contingency(ReadOnlySpan<int> clusters, ReadOnlySpan<int> labels)
    {
        if (clusters.Length != labels.Length || labels.Length == 0)
            throw new ElboException($"{clusters.Length} clusters cannot be compared with {labels.Length} labels; give one of each for every row.");
        int most = -1, mostLabel = -1;
        for (int i = 0; i < labels.Length; i++)
        {
            if (clusters[i] < 0 || labels[i] < 0) throw new ElboException($"Row {i} has cluster {clusters[i]} and label {labels[i]}; both are numbers from 0.");
            most = Math.Max(most, clusters[i]);
            mostLabel = Math.Max(mostLabel, labels[i]);
        }

        Matrix table = new(most + 1, mostLabel + 1);
        for (int i = 0; i < labels.Length; i++) table[clusters[i], labels[i]]++;
        return table;
    }

    private static double Matched(Matrix table)
    {
        int size = Math.Max(table.Rows, table.Columns);
        Matrix cost = new(size, size);
        for (int i = 0; i < table.Rows; i++)
            for (int j = 0; j < table.Columns; j++) cost[i, j] = -table[i, j];
        int[] assigned = Assignment.Cheapest(cost);
        double sum = 0;
        for (int i = 0; i < size; i++) sum -= cost[i, assigned[i]];
        return sum;
    }

    private static double Pairs(double count) => 0.5 * count * (count - 1);

    private static double Entropy(double[] counts, double n) => -counts.Where(static count => count > 0).Sum(count => count / n * Math.Log(count / n));
}
