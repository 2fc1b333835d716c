using System.Text.Json;
using Elbo.Inference;
using Elbo.Models.Factors;
using Elbo.Numerics;
using static Elbo.Tests.Graphs;
using static Elbo.Tests.Models.Factors.FactorProblems;

namespace Elbo.Tests.Models.Factors;

/// <summary>The same rows from the same start give what scikit-learn's FactorAnalysis gives: the file was written by tests/golden/factors.py.</summary>
public sealed class FactorGoldenTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<int> Problems => [.. Enumerable.Range(0, Root().GetArrayLength())];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Problems))]
    public void Every_iteration_has_the_likelihood_of_scikit_learn(int index)
    {
        JsonElement golden = Root()[index];
        int rows = golden.GetProperty("rows").GetInt32(), columns = golden.GetProperty("columns").GetInt32(), factors = golden.GetProperty("factors").GetInt32();
        Matrix values = new(rows, columns, Numbers(golden, "values"));
        FactorAnalysisOptions options = new() { Factors = factors, StartNoise = ProbabilisticPca.Same(1, columns) };
        // scikit-learn's last iteration measures the noise variances it returns only where it converged; else it updates them once more.
        int iterations = golden.GetProperty("iterations").GetInt32();
        FitOptions fit = new() { MaxIterations = iterations == 4000 ? iterations : iterations - 1, Tolerance = 0 };
        FitResult<FactorAnalysis> result = FactorAnalysis.Fit(Observe(values), options, fit, runtime);

        double[] path = Numbers(golden, "path");
        for (int i = 0; i < path.Length; i++) Close(path[i] / rows, result.Bounds[i], 1e-11, $"iteration {i}");
        double expected = golden.GetProperty("logLikelihood").GetDouble();
        Close(expected, LogDensity(result.Model, Observe(values), runtime).Sum(), 1e-8, "likelihood");
        Close(Numbers(golden, "noise"), result.Model.NoiseVariances.ToArray(), 1e-4, "noise variances");
        Close(Numbers(golden, "covariance"), result.Model.Covariance().Values.ToArray(), 2e-4, "covariance");
        if (factors < 2) return;
        foreach ((string name, FactorRotation rotation) in new[] { ("varimax", FactorRotation.Varimax), ("quartimax", FactorRotation.Quartimax) })
            Close(Ordered(new Matrix(factors, columns, Numbers(golden, name)).Transpose()), Ordered(Orthomax.Rotate(new Matrix(factors, columns, Numbers(golden, "components")).Transpose(), rotation)), 1e-6, name);
    }

    /// <summary>Absolute loadings, the factors in order of size: order and signs are free.</summary>
    private static double[] Ordered(Matrix loadings)
    {
        Matrix factors = loadings.Transpose();
        return [.. Enumerable.Range(0, factors.Rows).Select(k => factors.Row(k).ToArray()).OrderByDescending(row => row.Sum(value => value * value)).SelectMany(row => row).Select(Math.Abs)];
    }

    private static JsonElement Root() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "factors.json"))).RootElement.GetProperty("problems");

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
