using Elbo.Data;
using Elbo.Distributions;
using Elbo.Inference;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using Elbo.Training;

namespace Elbo.Cli.Studies.FigureThree;

/// <summary>Learns one decoder by one method from some rows, and shows it at given numbers of samples.</summary>
/// <param name="plan">The sizes.</param>
/// <param name="rows">The training rows.</param>
/// <param name="seed">Decides every draw.</param>
/// <param name="runtime">The workers to run on.</param>
internal sealed class Learner(ComparisonPlan plan, DataSet rows, ulong seed, Runtime runtime)
{
    // The paper's N(0, 0.01) is read as a variance: with a standard deviation of 0.1, figure 2 is met more closely (docs/reproduction.md).
    private static readonly Initializer Small = Initializer.Normal(0.1);

    private AutoencoderDefinition Definition => new()
    {
        Latent = plan.Latent,
        Encoder = new NetworkDefinition(Hidden: [plan.Hidden], Activation: ActivationKind.Tanh, Initializer: Small, BiasInitializer: Small),
        Likelihood = new BernoulliLikelihood(),
        Regularizers = [new ParameterPriorRegularizer()],
    };

    /// <summary>Learns until the last of the numbers of samples.</summary>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="rate">The learning rate of Adagrad.</param>
    /// <param name="budgets">The numbers of samples, increasing; each is rounded up to a whole step, pass or iteration.</param>
    /// <param name="show">Told of the samples evaluated and of the decoder's numbers at each.</param>
    /// <param name="progress">Told of the finished share.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public void Learn(string method, double rate, IReadOnlyList<long> budgets, Action<long, IReadOnlyDictionary<string, double[]>> show, Action<double> progress, CancellationToken cancellation)
    {
        if (method == Methods.MonteCarloEm) Maximize(rate, budgets, show, progress, cancellation);
        else Train(method == Methods.WakeSleep ? new WakeSleepBound() : new EvidenceLowerBound(), rate, budgets, show, progress, cancellation);
    }

    /// <summary>ln p(x, z) of some rows under a decoder with given numbers.</summary>
    /// <param name="some">The rows.</param>
    /// <param name="decoder">The decoder's layers.</param>
    public BlackBoxModel Model(DataSet some, Sequential decoder)
    {
        double[] values = new double[some.Rows * some.RowLength];
        float[] row = new float[some.RowLength];
        for (int n = 0; n < some.Rows; n++)
        {
            some.CopyRow(n, row);
            for (int i = 0; i < row.Length; i++) values[n * row.Length + i] = row[i];
        }

        Tensor x = Tensor.Constant([some.Rows, some.RowLength], values);
        int length = some.RowLength;
        return new BlackBoxModel(plan.Latent, z =>
        {
            Tensor logits = decoder.Apply(z.Reshape([z.Shape.ElementCount / plan.Latent, plan.Latent]), new LayerContext(isTraining: false));
            return Normal.Standard([plan.Latent]).LogDensity(z) + new Bernoulli(logits.Reshape([.. z.Shape.SkipLast(1), length])).LogDensity(x);
        })
        { Batch = [some.Rows], Parameters = decoder.Parameters };
    }

    /// <summary>The decoder's layers, the same for every method.</summary>
    public Sequential Decoder() => Definition.Resolve().Decoder!.BuildDecoder("decoder", plan.Latent, Shape.Create(rows.RowShape));

    private void Train(Bound objective, double rate, IReadOnlyList<long> budgets, Action<long, IReadOnlyDictionary<string, double[]>> show, Action<double> progress, CancellationToken cancellation)
    {
        Autoencoder model = Autoencoder.Create(Definition with { Objective = objective }, Shape.Create(rows.RowShape), new DataStatistics(rows.Rows, rows.Mean()));
        Parameter[] decoder = [.. model.Parameters.Where(static parameter => parameter.Name.StartsWith("decoder.", StringComparison.Ordinal))];
        using VariableStore<float> store = new();
        int batch = Math.Min(plan.BatchSize, rows.Rows), next = 0;
        TrainingOptions options = new(Samples: budgets[^1], BatchSize: batch, Optimizer: new Adagrad(rate), Seed: seed);
        using Trainer trainer = new(model, new DataSetBatches(rows, new BatchOptions { BatchSize = batch, Seed = seed }), options, runtime, store);
        void Look(long step)
        {
            progress(Math.Min(1, (double)step * batch / budgets[^1]));
            for (; next < budgets.Count && step * batch >= budgets[next]; next++)
                show(step * batch, decoder.ToDictionary(static parameter => parameter.Name, parameter => Array.ConvertAll(store[parameter.Variable].ToArray(), static value => (double)value)));
        }

        // The callback is on this thread, between two steps.
        TrainingResult result = trainer.Run(new Between(value => { if (value.FinishedEpoch is not null) Look(value.Step); }), cancellation);
        if (result.Reason == StopReason.Cancelled) throw new OperationCanceledException(cancellation);
        Look(result.Step);
    }

    private void Maximize(double rate, IReadOnlyList<long> budgets, Action<long, IReadOnlyDictionary<string, double[]>> show, Action<double> progress, CancellationToken cancellation)
    {
        Sequential decoder = Decoder();
        Tensor prior = decoder.Parameters.Select(static parameter => parameter.Value.Square().Sum() * -0.5).Aggregate(static (a, b) => a + b);
        MonteCarloEmOptions options = new()
        {
            Optimizer = new Adagrad(rate),
            Hamiltonian = new HamiltonianOptions { LeapfrogSteps = plan.LeapfrogSteps },
            MaximizationSteps = plan.MaximizationSteps,
            Seed = seed,
        };
        using MonteCarloEmProcess process = new(Model(rows, decoder), options, runtime, prior);
        long each = (long)plan.GradientsOfIteration * rows.Rows;
        foreach (long budget in budgets)
        {
            while (process.Iterations * each < budget)
            {
                cancellation.ThrowIfCancellationRequested();
                process.Iterate();
                progress(Math.Min(1, (double)(process.Iterations * each) / budgets[^1]));
            }

            show(process.Iterations * each, decoder.Parameters.ToDictionary(static parameter => parameter.Name, parameter => process.Store[parameter.Variable].ToArray()));
        }
    }

    private sealed class Between(Action<TrainingProgress> look) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => look(value);
    }
}
