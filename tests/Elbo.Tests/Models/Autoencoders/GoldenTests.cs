using System.Numerics;
using System.Text.Json;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Tests.Training;
using Elbo.Training;

namespace Elbo.Tests.Models.Autoencoders;

/// <summary>The same weights, rows and noise give what PyTorch gives: the file was written by tests/golden/vae.py.</summary>
public class GoldenTests
{
    public static TheoryData<string> Names => [.. Root().GetProperty("cases").EnumerateArray().Select(Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bound_and_all_gradients_equal_those_of_PyTorch_in_double(string name) => Compare<double>(name, 1e-11);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bound_and_all_gradients_equal_those_of_PyTorch_in_float(string name) => Compare<float>(name, 1e-5);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_ten_losses_of_Adam_equal_those_of_PyTorch_in_double(string name) => Train<double>(name, 1e-10);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_ten_losses_of_Adam_equal_those_of_PyTorch_in_float(string name) => Train<float>(name, 1e-5);

    private static void Compare<T>(string name, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using Runtime runtime = new(1);
        using VariableStore<T> store = new();
        (JsonElement golden, Autoencoder model, Variable noise) = Load(name, store);
        SetNoise(golden, 0, noise, store);
        double[] rows = Numbers(golden, "rows");
        Tensor input = Tensor.Input("rows", [RowCount, Width]);
        TrainingGraph graph = model.Build(new Batch(input, input, null, 0.0, 0.0), true);
        Objective objective = Assert.Single(graph.Objectives);
        Tensor[] gradients = objective.Value.Gradients([.. objective.Parameters.Select(parameter => parameter.Value)]);
        using Plan<T> plan = Plan<T>.Compile(runtime, store, [objective.Value, .. graph.Metrics.Select(metric => metric.Value), .. gradients]);
        Fill(plan.Input(input), rows);
        plan.Run();

        Check([golden.GetProperty("value").GetDouble()], plan.Output(0), tolerance, "objective");
        for (int i = 0; i < graph.Metrics.Count; i++)
        {
            double[]? expected = graph.Metrics[i].Name switch
            {
                "elbo" => [Numbers(golden, "elbo").Average()],
                "reconstruction" => [Numbers(golden, "reconstruction").Average()],
                // The Monte Carlo estimate of the KL is inside the objective; the file holds the closed form.
                _ when golden.GetProperty("objective").GetString() == "monte-carlo" => null,
                "kl" => [Numbers(golden, "klPerDimension").Sum() / RowCount],
                "klPerDimension" => [.. Enumerable.Range(0, Latent).Select(d => Numbers(golden, "klPerDimension").Where((_, at) => at % Latent == d).Average())],
                _ => null,
            };
            if (graph.Metrics[i].Name == "elbo" && golden.GetProperty("objective").GetString() == "monte-carlo") expected = [golden.GetProperty("value").GetDouble()];
            if (expected is not null) Check(expected, plan.Output(1 + i), tolerance, graph.Metrics[i].Name);
        }

        for (int i = 0; i < gradients.Length; i++)
            Check(Numbers(golden.GetProperty("gradients"), objective.Parameters[i].Name), plan.Output(1 + graph.Metrics.Count + i), tolerance, $"gradient of {objective.Parameters[i].Name}");
    }

    private static void Train<T>(string name, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using Runtime runtime = new(1);
        using VariableStore<T> store = new();
        (JsonElement golden, Autoencoder model, Variable noise) = Load(name, store);
        float[] rows = [.. Numbers(golden, "rows").Select(value => (float)value)];
        TrainingOptions options = new(BatchSize: RowCount, Optimizer: new Adam(Root().GetProperty("learningRate").GetDouble(), 0.9, 0.999, 1e-8));
        Dictionary<string, Parameter> moments = [];
        TrainingStep step = TrainingStep.Train(model, new ArrayBatches(rows, Width, RowCount, false), options, moments);
        moments.Values.Initialize(store, default);
        using Plan<T> plan = Plan<T>.Compile(runtime, store, [step.Metrics[0].Value], step.Updates);
        Fill(plan.Input(step.Target), Numbers(golden, "rows"));
        double[] losses = Numbers(golden, "adamLosses");
        Assert.Equal(10, losses.Length);
        for (int i = 0; i < losses.Length; i++)
        {
            SetNoise(golden, i, noise, store);
            foreach (StepScalar scalar in step.Scalars) plan.Input(scalar.Input)[0] = T.CreateChecked(scalar.Value(i + 1, options.Optimizer!.LearningRate));
            plan.Run();
            Check([-losses[i]], plan.Output(0), tolerance, $"step {i + 1}");
        }
    }

    private static (JsonElement Golden, Autoencoder Model, Variable Noise) Load<T>(string name, VariableStore<T> store)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement golden = Root().GetProperty("cases").EnumerateArray().Single(element => Name(element) == name);
        int samples = golden.GetProperty("samples").GetInt32();
        Variable noise = new("noise", [samples * RowCount * Latent]);
        NetworkDefinition network = new([Root().GetProperty("hidden").GetInt32()], Activation: NamedActivation(golden));
        Likelihood likelihood = golden.GetProperty("likelihood").GetString() switch
        {
            "bernoulli" => new BernoulliLikelihood(),
            "gaussian-learned" => new GaussianLikelihood(VarianceKind.Learned, Mean: MeanKind.Sigmoid, MinimumLogScale: null),
            _ => new GaussianLikelihood(VarianceKind.Predicted, Mean: MeanKind.Sigmoid, MinimumLogScale: null),
        };
        Bound objective = golden.GetProperty("objective").GetString() switch
        {
            "elbo" => new EvidenceLowerBound(samples),
            "monte-carlo" => new EvidenceLowerBound(samples, KlEstimator.MonteCarlo),
            _ => new ImportanceWeightedBound(samples),
        };
        Layer decoder = network.Mirrored().BuildDecoder("decoder", Latent, [Width], likelihood.Declare("likelihood", [Width]).OutputsPerElement);
        Autoencoder model = new([Width], Latent, network.BuildEncoder("encoder", [Width]), decoder, new InjectedNoise(noise), likelihood: likelihood, objective: objective);
        foreach (Parameter parameter in model.Parameters) Fill(store[parameter.Variable], Numbers(golden.GetProperty("parameters"), parameter.Name));
        return (golden, model, noise);
    }

    private static ActivationKind NamedActivation(JsonElement golden) =>
        golden.GetProperty("activation").GetString() == "tanh" ? ActivationKind.Tanh : ActivationKind.Relu;

    private static void SetNoise<T>(JsonElement golden, int step, Variable noise, VariableStore<T> store)
        where T : unmanaged, IFloatingPointIeee754<T> => Fill(store[noise], [.. golden.GetProperty("noise")[step].EnumerateArray().Select(value => value.GetDouble())]);

    private static void Fill<T>(Span<T> target, double[] values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(values.Length, target.Length);
        for (int i = 0; i < values.Length; i++) target[i] = T.CreateTruncating(values[i]);
    }

    private static void Check<T>(double[] expected, ReadOnlySpan<T> actual, double tolerance, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        // Relative to the largest element of the array: a gradient's small elements are sums of large terms that cancel.
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - double.CreateChecked(actual[i])) <= tolerance * scale, $"{what}[{i}]: PyTorch {expected[i]:R}, here {actual[i]}");
    }

    private static int RowCount => Root().GetProperty("rowCount").GetInt32();

    private static int Width => Root().GetProperty("width").GetInt32();

    private static int Latent => Root().GetProperty("latent").GetInt32();

    private static string Name(JsonElement element) => element.GetProperty("name").GetString()!;

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static JsonElement Root()
    {
        JsonElement root = Golden.Value;
        Assert.Equal("elbo-golden", root.GetProperty("magic").GetString());
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        return root;
    }

    private static readonly Lazy<JsonElement> Golden = new(() => JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "vae.json"))));
}
