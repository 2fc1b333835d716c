using System.Text.Json;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Mixtures;

/// <summary>The same rows from the same start go the way of a plain numpy EM: the file was written by tests/golden/discrete-mixtures.py.</summary>
public sealed class DiscreteMixtureGoldenTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<int> Problems => [.. Enumerable.Range(0, Root().GetArrayLength())];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Problems))]
    public void Every_iteration_has_the_likelihood_of_the_plain_loop(int index)
    {
        JsonElement golden = Root()[index];
        int rows = golden.GetProperty("rows").GetInt32(), columns = golden.GetProperty("columns").GetInt32(), components = golden.GetProperty("components").GetInt32();
        Observations observations = Observations.FromMatrix("golden", new Matrix(rows, columns, [.. Numbers(golden, "values").Select(static value => value < 0 ? double.NaN : value)]), null, Numbers(golden, "weights"));
        double[] start = Numbers(golden, "start"), expected = Numbers(golden, "probabilities"), path = Numbers(golden, "path");
        Dictionary<string, NumericArray> parameters = new() { ["weights"] = NumericArray.From<double>([.. Enumerable.Repeat(1.0 / components, components)], components) };
        FitOptions options = new() { MaxIterations = path.Length - 1, Tolerance = 0 };
        bool bits = golden.GetProperty("kind").GetString() == "bernoulli";
        IReadOnlyList<double> bounds;
        MixtureModel model;
        if (bits)
        {
            parameters["probabilities"] = NumericArray.From<double>(Ones(start), components, columns);
            FitResult<BernoulliMixture> fit = BernoulliMixture.Fit(observations, new BernoulliMixtureOptions { Components = components, StartParameters = parameters }, options, runtime);
            (bounds, model, expected) = (fit.Bounds, fit.Model, Ones(expected));
        }
        else
        {
            parameters["probabilities"] = NumericArray.From<double>(start, components, start.Length / components);
            FitResult<LatentClassModel> fit = LatentClassModel.Fit(observations, new LatentClassOptions { Components = components, StartParameters = parameters }, options, runtime);
            (bounds, model) = (fit.Bounds, fit.Model);
        }

        // Tolerance 0 stops where rounding alone is left of the rise.
        for (int i = 0; i < bounds.Count; i++) Assert.Equal(path[i], bounds[i], 1e-11);
        Assert.Equal(path[^1], bounds[^1], 1e-11);
        double[] priors = Numbers(golden, "priors"), found = model.Family.Parameters[0].Value.ToDouble();
        for (int k = 0; k < components; k++) Assert.Equal(priors[k], model.Weights[k], 1e-9);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-9);
    }

    /// <summary>Of the probabilities of 0 and of 1, those of 1.</summary>
    private static double[] Ones(double[] values) => [.. values.Where(static (_, i) => i % 2 == 1)];

    private static JsonElement Root() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "discrete-mixtures.json"))).RootElement.GetProperty("problems");

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(static value => value.GetDouble())];
}
