using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>Whether codes keep the neighbours of rows (Venna and Kaski 2001, "Neighborhood preservation in nonlinear projection methods"). Both are 1 where every neighbourhood is kept.</summary>
/// <param name="Trustworthiness">Falls where neighbours among the codes are far apart among the rows: equation 1.</param>
/// <param name="Continuity">Falls where neighbours among the rows are far apart among the codes: equation 2.</param>
/// <param name="Neighbors">k.</param>
public sealed record NeighborhoodPreservation(double Trustworthiness, double Continuity, int Neighbors)
{
    /// <summary>Compares codes with the rows that they stand for. Time and memory rise with the square of the number of rows: a few thousand are enough.</summary>
    /// <param name="rows">The rows, <c>[N, D]</c>.</param>
    /// <param name="codes">Their codes, <c>[N, L]</c>.</param>
    /// <param name="runtime">The threads.</param>
    /// <param name="neighbors">k, below N/2.</param>
    /// <exception cref="ElboException">The numbers of rows differ, or are not more than 2k.</exception>
    public static NeighborhoodPreservation Of(Matrix rows, Matrix codes, Runtime runtime, int neighbors = 5)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        if (rows.Rows != codes.Rows) throw new ElboException($"{codes.Rows} codes cannot be compared with {rows.Rows} rows; give one code for each row.");
        if (rows.Rows <= 2 * neighbors) throw new ElboException($"{rows.Rows} rows are too few for neighbourhoods of {neighbors}; give more than {2 * neighbors}, or ask for fewer neighbours.");
        return new NeighborhoodPreservation(Kept(rows, codes, neighbors, runtime), Kept(codes, rows, neighbors, runtime), neighbors);
    }

    /// <summary>1 − 2 / (N k (2N − 3k − 1)) Σ max(0, rank among the references − k), over the k nearest among the neighbours.</summary>
    private static double Kept(Matrix references, Matrix near, int k, Runtime runtime)
    {
        int n = references.Rows;
        int[][] nearest = NearestNeighbors.Of(near, near, k, runtime).Points;
        long[] penalties = new long[n];
        new SquaredDistances(references, runtime).ForEach(references, (row, squared) =>
        {
            foreach (int neighbour in nearest[row])
            {
                int closer = 0;
                for (int j = 0; j < squared.Length; j++)
                    if (j != row && (squared[j] < squared[neighbour] || squared[j] == squared[neighbour] && j < neighbour)) closer++;
                // Ranks count from 1.
                penalties[row] += Math.Max(0, closer + 1 - k);
            }
        });
        return 1 - penalties.Sum() * 2.0 / ((double)n * k * (2.0 * n - 3 * k - 1));
    }
}
