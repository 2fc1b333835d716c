using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Models.Factors;

/// <summary>Random rows, and the plain dense Gaussian that the factor models are compared with.</summary>
internal static class FactorProblems
{
    /// <summary>Rows of a factor model drawn from a seed; a share of the values missing.</summary>
    public static Matrix Rows(int seed, int rows, int columns, int factors, double missing = 0, double noise = 0.5)
    {
        RandomStream random = new((ulong)seed);
        RandomStream loadings = random.Split(1), codes = random.Split(2), errors = random.Split(3), gaps = random.Split(4);
        Matrix result = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double value = 2 * j - 3 + noise * (1 + 0.2 * j) * errors.Normal((ulong)(i * columns + j));
                for (int k = 0; k < factors; k++) value += (2.0 / (k + 1)) * loadings.Normal((ulong)(j * factors + k)) * codes.Normal((ulong)(i * factors + k));
                result[i, j] = gaps.Uniform((ulong)(i * columns + j)) < missing ? double.NaN : value;
            }
        }

        return result;
    }

    public static Observations Observe(Matrix rows, double[]? weights = null) => Observations.FromMatrix("rows", rows, weights: weights);

    public static double[] LogDensity(RowModel model, Observations rows, Runtime runtime)
    {
        double[] result = new double[rows.Rows];
        model.LogDensity(rows, result, runtime);
        return result;
    }

    /// <summary>ln N of the observed values of one row, from the dense covariance.</summary>
    public static double Marginal(ReadOnlySpan<double> row, ReadOnlySpan<double> mean, Matrix covariance)
    {
        List<int> observed = [];
        for (int j = 0; j < row.Length; j++)
            if (!double.IsNaN(row[j])) observed.Add(j);
        if (observed.Count == 0) return 0;
        Matrix part = new(observed.Count, observed.Count);
        double[] centred = new double[observed.Count];
        for (int i = 0; i < observed.Count; i++)
        {
            centred[i] = row[observed[i]] - mean[observed[i]];
            for (int j = 0; j < observed.Count; j++) part[i, j] = covariance[observed[i], observed[j]];
        }

        CholeskyFactor factor = CholeskyFactor.TryFactor(part)!;
        return -0.5 * (observed.Count * Math.Log(2 * Math.PI) + factor.LogDeterminant + factor.QuadraticForm(centred));
    }

    /// <summary>The mean and the covariance divided by N.</summary>
    public static (double[] Mean, Matrix Covariance) Moments(Matrix rows)
    {
        double[] mean = new double[rows.Columns];
        Matrix covariance = new(rows.Columns, rows.Columns);
        for (int i = 0; i < rows.Rows; i++)
            for (int j = 0; j < rows.Columns; j++) mean[j] += rows[i, j] / rows.Rows;
        for (int i = 0; i < rows.Rows; i++)
            for (int a = 0; a < rows.Columns; a++)
                for (int b = 0; b < rows.Columns; b++) covariance[a, b] += (rows[i, a] - mean[a]) * (rows[i, b] - mean[b]) / rows.Rows;
        return (mean, covariance);
    }

    public static void Equal(Matrix expected, Matrix actual, double tolerance, string what)
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        Close(expected.Values.ToArray(), actual.Values.ToArray(), tolerance, what);
    }
}
