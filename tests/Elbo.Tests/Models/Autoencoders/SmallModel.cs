using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Training;

namespace Elbo.Tests.Models.Autoencoders;

/// <summary>A small autoencoder in double precision with its parameters, for tests.</summary>
internal sealed class SmallModel : IDisposable
{
    public const int Width = 6;

    private readonly Runtime _runtime = new(1);

    public SmallModel(AutoencoderDefinition definition, Shape? rowShape = null, DataStatistics? statistics = null, ulong seed = 1, double scale = 1)
    {
        RowShape = rowShape ?? [Width];
        Model = Autoencoder.Create(definition, RowShape, statistics);
        Model.Parameters.Initialize(Store, new RandomStream(seed));
        // Fresh Glorot weights are so small that everything is nearly linear; larger ones make tests sharper.
        foreach (Parameter parameter in Model.Parameters)
        {
            Span<double> values = Store[parameter.Variable];
            for (int i = 0; i < values.Length; i++) values[i] = values[i] * scale + (scale > 1 ? 0.1 * Math.Sin(i + parameter.Name.Length) : 0);
        }
    }

    public static AutoencoderDefinition Definition { get; } = new()
    {
        Latent = 2,
        Encoder = new NetworkDefinition([5], Activation: ActivationKind.Tanh),
        Objective = new EvidenceLowerBound(),
    };

    public Autoencoder Model { get; }

    public VariableStore<double> Store { get; } = new();

    public Shape RowShape { get; }

    public Runtime Runtime => _runtime;

    /// <summary>Rows of zeros and ones, or of numbers in (0, 1), the same for the same seed.</summary>
    public static double[] Rows(int count, bool binary = true, int seed = 5, int width = Width)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count * width).Select(_ => binary ? (random.NextDouble() < 0.4 ? 1.0 : 0) : random.NextDouble())];
    }

    /// <summary>Compiles outputs over one input and runs them on rows.</summary>
    public double[][] Run(double[] rows, Func<Tensor, Tensor[]> build, ulong seed = 0)
    {
        Tensor input = Tensor.Input("rows", Shape.Create([rows.Length / RowShape.ElementCount, .. RowShape]));
        // The sum makes the rows an input of the plan even where a graph does not use them.
        Tensor[] outputs = [.. build(input), input.Sum()];
        using Plan<double> plan = Plan<double>.Compile(_runtime, Store, outputs);
        rows.CopyTo(plan.Input(input));
        plan.Run(new RandomStream(seed));
        return [.. Enumerable.Range(0, outputs.Length - 1).Select(i => plan.Output(i).ToArray())];
    }

    /// <summary>The named metrics of the training graph on rows, and the value it maximises as <c>objective</c>.</summary>
    public Dictionary<string, double[]> Metrics(double[] rows, double epoch = 0, ulong seed = 0, double[]? corrupted = null)
    {
        Shape shape = Shape.Create([rows.Length / RowShape.ElementCount, .. RowShape]);
        Tensor input = corrupted is null ? Tensor.Constant(shape, rows) : Tensor.Constant(shape, corrupted);
        TrainingGraph graph = Model.Build(new Batch(input, Tensor.Constant(shape, rows), null, 0.0, epoch), true);
        Metric[] metrics = [.. graph.Metrics, new Metric("objective", Assert.Single(graph.Objectives).Value)];
        using Plan<double> plan = Plan<double>.Compile(_runtime, Store, [.. metrics.Select(metric => metric.Value)]);
        plan.Run(new RandomStream(seed));
        return metrics.Select((metric, i) => (metric.Name, Values: plan.Output(i).ToArray())).ToDictionary(pair => pair.Name, pair => pair.Values);
    }

    public void Dispose()
    {
        Store.Dispose();
        _runtime.Dispose();
    }
}
