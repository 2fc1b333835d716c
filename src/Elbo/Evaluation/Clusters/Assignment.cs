using Elbo.Numerics;

namespace Elbo.Evaluation;

/// <summary>The assignment problem: each row one column, at the least total cost (the Hungarian method with potentials, O(n³); Kuhn 1955, Munkres 1957).</summary>
public static class Assignment
{
    /// <summary>The column of each row, <c>[n]</c>.</summary>
    /// <param name="cost">The costs, <c>[n, n]</c>, finite.</param>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static int[] Cheapest(Matrix cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        if (cost.Rows != cost.Columns) throw new ArgumentException($"A square matrix of costs is needed, and the shape is [{cost.Rows}, {cost.Columns}].", nameof(cost));
        int n = cost.Rows;
        // Index 0 stands for "none"; rows and columns count from 1.
        double[] rowPotential = new double[n + 1], columnPotential = new double[n + 1];
        int[] rowOf = new int[n + 1], before = new int[n + 1];
        for (int row = 1; row <= n; row++)
        {
            rowOf[0] = row;
            int column = 0;
            double[] slack = new double[n + 1];
            Array.Fill(slack, double.PositiveInfinity);
            bool[] reached = new bool[n + 1];
            do
            {
                reached[column] = true;
                int from = rowOf[column], next = 0;
                double least = double.PositiveInfinity;
                for (int j = 1; j <= n; j++)
                {
                    if (reached[j]) continue;
                    double reduced = cost[from - 1, j - 1] - rowPotential[from] - columnPotential[j];
                    if (reduced < slack[j]) (slack[j], before[j]) = (reduced, column);
                    if (slack[j] < least) (least, next) = (slack[j], j);
                }

                for (int j = 0; j <= n; j++)
                {
                    if (reached[j])
                    {
                        rowPotential[rowOf[j]] += least;
                        columnPotential[j] -= least;
                    }
                    else
                    {
                        slack[j] -= least;
                    }
                }

                column = next;
            }
            while (rowOf[column] != 0);
            for (; column != 0; column = before[column]) rowOf[column] = rowOf[before[column]];
        }

        int[] columnOf = new int[n];
        for (int j = 1; j <= n; j++) columnOf[rowOf[j] - 1] = j - 1;
        return columnOf;
    }
}
