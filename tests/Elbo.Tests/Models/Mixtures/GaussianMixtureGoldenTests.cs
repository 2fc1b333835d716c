using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Mixtures;

/// <summary>scikit-learn's log-likelihoods from the same start, written by tests/golden/mixtures.py.</summary>
public class GaussianMixtureGoldenTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "mixtures.json"))).RootElement;

    public static TheoryData<int, CovarianceKind> Problems
    {
        get
        {
            TheoryData<int, CovarianceKind> data = [];
            for (int i = 0; i < 20; i++)
                foreach (CovarianceKind kind in Enum.GetValues<CovarianceKind>()) data.Add(i, kind);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Ten_and_three_hundred_updates_reach_the_log_likelihood_of_scikit_learn(int problem, CovarianceKind kind)
    {
        (Matrix rows, int components) = Rows(problem);
        string name = kind == CovarianceKind.Diagonal ? "diag" : kind.ToString().ToLowerInvariant();
        JsonElement expected = Golden.GetProperty("problems")[problem].GetProperty(name);
        using Runtime runtime = new(1);
        foreach ((int iterations, int index) in ((int, int)[])[(10, 0), (300, 1)])
        {
            FitResult<GaussianMixture> fit = GaussianMixture.Fit(
                Observations.FromMatrix("golden", rows),
                new GaussianMixtureOptions { Components = components, Covariance = kind, StartParameters = Start(rows, components, kind) },
                new FitOptions { MaxIterations = iterations, Tolerance = 0 },
                runtime);
            double value = expected[index].GetDouble();
            Assert.Equal(value, fit.Elbo, 1e-8 * Math.Abs(value));
        }
    }

    private static Dictionary<string, NumericArray> Start(Matrix rows, int components, CovarianceKind kind)
    {
        int d = rows.Columns;
        double[] identity = [.. Matrix.Identity(d).Values.ToArray().Select(static value => 1.5 * value)];
        return new()
        {
            ["weights"] = NumericArray.From<double>([.. Enumerable.Repeat(1.0 / components, components)]),
            ["means"] = NumericArray.From<double>(rows.Values[..(components * d)], components, d),
            ["covariances"] = kind switch
            {
                CovarianceKind.Full => NumericArray.From<double>([.. Enumerable.Range(0, components).SelectMany(_ => identity)], components, d, d),
                CovarianceKind.Tied => NumericArray.From<double>(identity, d, d),
                CovarianceKind.Diagonal => NumericArray.From<double>([.. Enumerable.Repeat(1.5, components * d)], components, d),
                _ => NumericArray.From<double>([.. Enumerable.Repeat(1.5, components)]),
            },
        };
    }

    private static (Matrix Rows, int Components) Rows(int problem)
    {
        ulong state = 1000 + (ulong)problem;
        double Uniform()
        {
            state = unchecked(state * 6364136223846793005 + 1442695040888963407);
            return (state >> 11) / 9007199254740992.0;
        }

        int rows = 60 + 10 * problem, columns = 1 + problem % 5, components = 2 + problem % 4;
        double[] centers = new double[components * columns];
        for (int i = 0; i < centers.Length; i++) centers[i] = 6 * Uniform();
        Matrix values = new(rows, columns);
        for (int n = 0; n < rows; n++)
        {
            int k = n % components;
            for (int j = 0; j < columns; j++) values[n, j] = centers[k * columns + j] + (Uniform() + Uniform() + Uniform() - 1.5) * (1 + 0.5 * k);
        }

        return (values, components);
    }
}
