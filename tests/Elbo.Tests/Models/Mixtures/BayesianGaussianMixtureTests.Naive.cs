using System.Text.Json;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Mixtures;

/// <summary>The formulas by plain loops, and the problems.</summary>
public sealed partial class BayesianGaussianMixtureTests
{
    /// <summary>The evidence of one component in closed form (Murphy, "Conjugate Bayesian analysis of the Gaussian distribution", 2007, equations 95 and 266).</summary>
    private static double Evidence(CovarianceKind kind, Matrix rows, int n, double[] mean, double beta, double nu, Matrix scale)
    {
        int d = rows.Columns;
        double[] average = new double[d];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < d; j++) average[j] += rows[i, j] / n;
        Matrix after = new(d, d);
        bool dense = kind is CovarianceKind.Full or CovarianceKind.Tied;
        for (int a = 0; a < d; a++)
        {
            for (int b = 0; b < d; b++)
            {
                if (!dense && a != b) continue;
                double sum = dense ? scale[a, b] : kind == CovarianceKind.Diagonal ? scale[0, a] : 0;
                for (int i = 0; i < n; i++) sum += (rows[i, a] - average[a]) * (rows[i, b] - average[b]);
                after[a, b] = sum + beta * n / (beta + n) * (average[a] - mean[a]) * (average[b] - mean[b]);
            }
        }

        double result = -0.5 * n * d * Math.Log(Math.PI) + 0.5 * d * Math.Log(beta / (beta + n));
        if (dense)
        {
            return result + GammaFunctions.LogGamma(0.5 * (nu + n), d) - GammaFunctions.LogGamma(0.5 * nu, d)
                + 0.5 * nu * CholeskyFactor.TryFactor(scale)!.LogDeterminant - 0.5 * (nu + n) * CholeskyFactor.TryFactor(after)!.LogDeterminant;
        }

        if (kind == CovarianceKind.Spherical)
        {
            double trace = scale[0, 0];
            for (int j = 0; j < d; j++) trace += after[j, j];
            return result + GammaFunctions.LogGamma(0.5 * (nu + d * n)) - GammaFunctions.LogGamma(0.5 * nu) + 0.5 * nu * Math.Log(scale[0, 0]) - 0.5 * (nu + d * n) * Math.Log(trace);
        }

        for (int j = 0; j < d; j++)
            result += GammaFunctions.LogGamma(0.5 * (nu + n)) - GammaFunctions.LogGamma(0.5 * nu) + 0.5 * nu * Math.Log(scale[0, j]) - 0.5 * (nu + n) * Math.Log(after[j, j]);
        return result;
    }

    private static ComponentMoments Moments(Matrix rows, CovarianceKind kind, double[] shares, int k)
    {
        int d = rows.Columns;
        bool dense = kind is CovarianceKind.Full or CovarianceKind.Tied;
        double[] counts = new double[k], means = new double[k * d], scatters = new double[(kind == CovarianceKind.Tied ? 1 : k) * (dense ? d * d : d)];
        for (int c = 0; c < k; c++)
        {
            for (int i = 0; i < rows.Rows; i++) counts[c] += shares[i * k + c];
            for (int i = 0; i < rows.Rows && counts[c] > 0; i++)
                for (int j = 0; j < d; j++) means[c * d + j] += shares[i * k + c] * rows[i, j] / counts[c];
            for (int i = 0; i < rows.Rows; i++)
            {
                for (int a = 0; a < d; a++)
                {
                    double left = shares[i * k + c] * (rows[i, a] - means[c * d + a]);
                    if (!dense) scatters[c * d + a] += left * (rows[i, a] - means[c * d + a]);
                    for (int b = 0; dense && b < d; b++) scatters[(kind == CovarianceKind.Tied ? 0 : c * d * d) + a * d + b] += left * (rows[i, b] - means[c * d + b]);
                }
            }
        }

        return new ComponentMoments(kind, counts, means, scatters);
    }

    /// <summary>E ln πₖ + E ln N(x; μₖ, Λₖ⁻¹), from the expectations of Bishop 10.64 and 10.65.</summary>
    private static double LogRho(BayesianMixtureState state, ReadOnlySpan<double> row, int k)
    {
        NormalWishartPosterior q = state.Components;
        int d = row.Length, s = Math.Min(k, q.DegreesOfFreedom.Length - 1), size = q.InverseScales.Length / q.DegreesOfFreedom.Length;
        double[] difference = row.ToArray();
        for (int j = 0; j < d; j++) difference[j] -= q.Means[k, j];
        double logDeterminant = 0, distance = 0;
        if (q.Kind is CovarianceKind.Full or CovarianceKind.Tied)
        {
            WishartFactor wishart = new(q.DegreesOfFreedom[s], new Matrix(d, d, q.InverseScales.AsSpan(s * size, size).ToArray()));
            logDeterminant = wishart.MeanLogDeterminant;
            Matrix mean = wishart.Mean;
            for (int a = 0; a < d; a++)
                for (int b = 0; b < d; b++) distance += difference[a] * mean[a, b] * difference[b];
        }
        else
        {
            for (int j = 0; j < d; j++)
            {
                GammaFactor gamma = new(q.DegreesOfFreedom[k] / 2, q.InverseScales[k * size + (size == 1 ? 0 : j)] / 2);
                logDeterminant += gamma.MeanLog;
                distance += gamma.Mean * difference[j] * difference[j];
            }
        }

        return state.Weights.MeanLogs()[k] + 0.5 * (logDeterminant - d * Math.Log(2 * Math.PI) - d / q.MeanPrecisions[k] - distance);
    }

    private static double[] Responsibilities(BayesianMixtureState state, Matrix rows)
    {
        int k = state.Components.Components;
        double[] shares = new double[rows.Rows * k];
        for (int i = 0; i < rows.Rows; i++)
        {
            for (int c = 0; c < k; c++) shares[i * k + c] = LogRho(state, rows.Row(i), c);
            VectorMath.NormalizeLogWeights(shares.AsSpan(i * k, k));
        }

        return shares;
    }

    private static double NaiveBound(BayesianMixtureState state, Matrix rows, double[] shares)
    {
        int k = state.Components.Components;
        double bound = -state.Weights.Kl() - state.Components.Kl(state.Prior);
        for (int i = 0; i < rows.Rows; i++)
            for (int c = 0; c < k; c++)
                if (shares[i * k + c] > 0) bound += shares[i * k + c] * (LogRho(state, rows.Row(i), c) - Math.Log(shares[i * k + c]));
        return bound;
    }

    private static Matrix Clusters(ulong seed, int n, int d, int clusters)
    {
        RandomStream random = new RandomStream(seed).Split(99);
        Matrix rows = new(n, d);
        for (int i = 0; i < n; i++)
        {
            int cluster = i % clusters;
            for (int j = 0; j < d; j++)
                rows[i, j] = 6 * random.Split(1).Normal((ulong)(cluster * d + j)) + (0.5 + 0.3 * cluster) * random.Normal((ulong)(i * d + j));
        }

        return rows;
    }

    private static Matrix Scale(CovarianceKind kind, int d)
    {
        if (kind == CovarianceKind.Spherical) return new Matrix(1, 1, [1.7]);
        Matrix scale = kind == CovarianceKind.Diagonal ? new Matrix(1, d) : new Matrix(d, d);
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                if (i == j) scale[scale.Rows == 1 ? 0 : i, j] = 1 + 0.5 * i;
                else if (scale.Rows > 1) scale[i, j] = 0.2;
        return scale;
    }

    private static GaussianMixture Plain(CovarianceKind kind, int k, int d)
    {
        double[] weights = new double[k], covariances = kind switch
        {
            CovarianceKind.Full => [.. Enumerable.Range(0, k).SelectMany(_ => Matrix.Identity(d).Values.ToArray())],
            CovarianceKind.Tied => Matrix.Identity(d).Values.ToArray(),
            CovarianceKind.Diagonal => [.. Enumerable.Repeat(1.0, k * d)],
            _ => [.. Enumerable.Repeat(1.0, k)],
        };
        Array.Fill(weights, 1.0 / k);
        return GaussianMixture.Create(weights, new Matrix(k, d), covariances, kind);
    }

    private static IEnumerable<double> Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Numbers) : [element.GetDouble()];

    private static void AssertClose(double[] expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance * (1 + Math.Abs(expected[i])));
    }
}
