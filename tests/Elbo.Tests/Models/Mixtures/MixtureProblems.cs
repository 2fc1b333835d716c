using Elbo.Data;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Mixtures;

/// <summary>Random rows for the tests of mixtures.</summary>
internal static class MixtureProblems
{
    /// <summary>Rows about K centres, some values missing, some columns nearly copies of others.</summary>
    public static Matrix Rows(int count, int columns, int clusters, ulong seed, double missing = 0, double copyNoise = 0)
    {
        RandomStream random = new(seed);
        Matrix rows = new(count, columns);
        for (int n = 0; n < count; n++)
        {
            RandomStream row = random.Split((ulong)n + 100);
            int cluster = n % clusters;
            for (int j = 0; j < columns; j++) rows[n, j] = 3 * random.Split((ulong)cluster).Normal((ulong)j) + row.Normal((ulong)j);
            if (copyNoise > 0 && columns > 1) rows[n, columns - 1] = rows[n, 0] + copyNoise * row.Normal((ulong)columns);
            for (int j = 0; j < columns; j++)
                if (row.Split(1).Uniform((ulong)j) < missing) rows[n, j] = double.NaN;
        }

        return rows;
    }

    public static Observations Observations(Matrix rows, double[]? weights = null) => Elbo.Data.Observations.FromMatrix("random rows", rows, null, weights);
}
