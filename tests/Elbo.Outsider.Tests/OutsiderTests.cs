using Elbo.Data;
using Elbo.Distributions;
using Elbo.Evaluation;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Outsider.Tests;

/// <summary>What someone with only the public API can add: a distribution, a likelihood, a layer; and train and evaluate with them.</summary>
public class OutsiderTests
{
    private const int Width = 4, Count = 600;

    [Fact]
    public void A_likelihood_and_a_layer_from_outside_train_and_evaluate()
    {
        DataSet data = Counts(seed: 3);
        Autoencoder model = new(
            [Width],
            2,
            encoder: new MaxoutLayer("encoder.0", Width, 12),
            decoder: new Sequential([2], new MaxoutLayer("decoder.0", 2, 12), new Dense("decoder.1", 12, Width)),
            likelihood: new PoissonLikelihood(),
            headWeight: Initializer.Normal(0.01));
        model.CheckData(data);
        using Runtime runtime = new(1);
        using VariableStore<float> store = new();
        model.Parameters.Initialize(store, new RandomStream(1));
        Evaluator<float> evaluator = new(runtime, model, store);
        EvaluationOptions options = new() { Samples = 20, ImportanceSamples = 200 };
        EvaluationResult before = evaluator.Evaluate(new DataSetRows(data), options);
        using (Trainer trainer = new(model, new Batches(data, 50), new TrainingOptions(Steps: 1500, BatchSize: 50, Optimizer: new Adam(0.01)), runtime, store)) trainer.Run();
        EvaluationResult after = evaluator.Evaluate(new DataSetRows(data), options);

        // One rate for each column, which is what the model amounts to without its code, explains the rows this well.
        double[] rates = data.Mean();
        double independent = 0;
        for (int i = 0; i < data.Floats.Length; i++)
        {
            double count = data.Floats[i], rate = rates[i % Width];
            independent += (count * Math.Log(rate) - rate - Enumerable.Range(1, (int)count).Sum(k => Math.Log(k))) / Count;
        }

        Assert.True(before.Elbo < independent, $"before training {before.Elbo}, independent columns {independent}");
        Assert.True(after.Elbo > independent + 0.5, $"after training {after.Elbo}, independent columns {independent}");
        Assert.InRange(after.LogLikelihood!.Value, after.Elbo!.Value, after.Elbo.Value + 2);
    }

    [Fact]
    public void A_distribution_from_outside_meets_the_generic_divergence()
    {
        Poisson q = new(Tensor.Constant([2], [0.5, 1]), 1), p = new(Tensor.Constant([2], [0, 2]), 1);
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [KlDivergence.Between(q, p)]);
        plan.Run();
        double expected = 0;
        foreach ((double a, double b) in new[] { (Math.Exp(0.5), 1.0), (Math.E, Math.Exp(2)) }) expected += a * Math.Log(a / b) - a + b;
        Assert.Equal(expected, plan.Output(0)[0], 1e-13);
        Assert.Throws<NotSupportedException>(() => KlDivergence.Between(q, Normal.Standard([2])));
    }

    [Fact]
    public void Negative_counts_are_refused_in_the_name_of_the_likelihood()
    {
        Autoencoder model = new([2], 1, new Dense("encoder", 2, 3), new Dense("decoder", 1, 2), likelihood: new PoissonLikelihood());
        ElboException error = Assert.Throws<ElboException>(() => model.CheckData(DataSet.FromFloats("counts", [1, -1], [2])));
        Assert.Contains("Poisson", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Counts whose rates depend on one of two groups.</summary>
    private static DataSet Counts(int seed)
    {
        Random random = new(seed);
        float[] values = new float[Count * Width];
        for (int row = 0; row < Count; row++)
        {
            bool group = random.NextDouble() < 0.5;
            for (int j = 0; j < Width; j++)
            {
                double limit = Math.Exp(-(group == (j < 2) ? 6.0 : 0.5)), product = random.NextDouble();
                while (product > limit)
                {
                    values[row * Width + j]++;
                    product *= random.NextDouble();
                }
            }
        }

        return DataSet.FromFloats("counts", values, [Width]);
    }

    private sealed class Batches(DataSet data, int batchSize) : IBatchSource
    {
        private readonly Batcher _batcher = new(data, new BatchOptions { BatchSize = batchSize });

        public Shape RowShape => [Width];

        public int BatchSize => batchSize;

        public int BatchesPerEpoch => _batcher.BatchesPerEpoch;

        public bool HasLabels => false;

        public bool HasSeparateInput => false;

        public int Fill(long step, Span<float> target, Span<float> input, Span<float> labels)
        {
            _batcher.Fill(step, target);
            return batchSize;
        }

        public ReadOnlySpan<int> Rows(long step) => _batcher.Rows(step);
    }
}
