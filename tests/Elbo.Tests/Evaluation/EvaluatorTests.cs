using Elbo.Evaluation;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Tests.Models.Autoencoders;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Evaluation;

public class EvaluatorTests
{
    private const int Count = 23;

    private static readonly double[] Values = SmallModel.Rows(Count);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    [InlineData(100)]
    public void Every_row_counts_exactly_once_whatever_the_batch(int batchSize)
    {
        using SmallModel small = new(SmallModel.Definition with { Posterior = new DeterministicPosterior() }, scale: 3);
        double[] rows = small.Run(Values, input => [small.Model.Evaluate(input).Reconstruction])[0];
        EvaluationResult result = Evaluator(small).Evaluate(new ArrayRows(Values), new EvaluationOptions { BatchSize = batchSize });
        Assert.Equal(Count, result.Rows);
        Close(rows.Average(), result.Reconstruction, 1e-12);
        Assert.Null(result.Elbo);
        Assert.Null(result.Kl);

        using SmallModel variational = new(SmallModel.Definition, scale: 3);
        double[][] kl = variational.Run(Values, input => [variational.Model.Evaluate(input).Kl!, variational.Model.Evaluate(input).KlPerDimension!]);
        EvaluationResult bound = Evaluator(variational).Evaluate(new ArrayRows(Values), new EvaluationOptions { BatchSize = batchSize });
        Close(kl[0].Average(), bound.Kl!.Value, 1e-12);
        Close(kl[0].Average(), bound.KlPerDimension!.Sum(), 1e-12);
        Close(Enumerable.Range(0, Count).Average(row => kl[1][row * 2]), bound.KlPerDimension![0], 1e-12);
        Close(bound.Reconstruction - bound.Kl!.Value, bound.Elbo!.Value, 1e-12);
    }

    [Fact]
    public void Active_units_are_those_whose_posterior_mean_varies_over_the_data()
    {
        using SmallModel small = new(SmallModel.Definition with { Latent = 3 }, scale: 3);
        // The second unit ignores its input; the third follows it too little to count.
        Span<double> weight = small.Store[small.Model.Parameters.Single(parameter => parameter.Name == "posterior.mean.weight").Variable];
        for (int i = 0; i < weight.Length; i++)
        {
            if (i % 3 == 1) weight[i] = 0;
            if (i % 3 == 2) weight[i] *= 1e-3;
        }

        double[] means = small.Run(Values, input => [small.Model.Encode(input)])[0];
        EvaluationResult result = Evaluator(small).Evaluate(new ArrayRows(Values));
        for (int d = 0; d < 3; d++)
        {
            double average = Enumerable.Range(0, Count).Average(row => means[row * 3 + d]);
            Close(Enumerable.Range(0, Count).Average(row => Math.Pow(means[row * 3 + d] - average, 2)), result.LatentVariance[d], 1e-12);
        }

        Assert.Equal(1, result.ActiveUnits);
        Assert.Equal(2, Evaluator(small).Evaluate(new ArrayRows(Values), new EvaluationOptions { ActiveThreshold = result.LatentVariance[2] / 2 }).ActiveUnits);
    }

    [Fact]
    public void The_log_likelihood_is_the_log_mean_weight_of_exactly_k_samples_in_however_many_chunks()
    {
        // A posterior that is the prior, and a decoder that ignores z: every weight is p(x) itself, so any count of samples must give it exactly.
        using SmallModel small = new(SmallModel.Definition);
        foreach (Parameter parameter in small.Model.Parameters)
            if (parameter.Name.StartsWith("posterior", StringComparison.Ordinal) || parameter.Name == "decoder.0.weight") small.Store[parameter.Variable].Clear();
        double[] exact = small.Run(Values, input => [small.Model.Evaluate(input).Reconstruction])[0];
        foreach (int samples in new[] { 1, 5, 128, 129, 300 })
        {
            (double LogLikelihood, double EffectiveSampleSize)[] rows = Evaluator(small).LogLikelihood(new ArrayRows(Values), samples);
            Close(exact, [.. rows.Select(row => row.LogLikelihood)], 1e-12, $"{samples} samples");
            Assert.All(rows, row => Close(samples, row.EffectiveSampleSize, 1e-9));
        }
    }

    [Fact]
    public void The_importance_sampled_bounds_rise_with_the_samples_and_carry_their_error()
    {
        using SmallModel small = new(SmallModel.Definition, scale: 3);
        Evaluator<double> evaluator = Evaluator(small);
        EvaluationResult[] results = [.. new[] { 1, 10, 1000 }.Select(samples => evaluator.Evaluate(new ArrayRows(Values), new EvaluationOptions { ImportanceSamples = samples, Samples = 200, Seed = 2 }))];
        Close(results[0].Elbo!.Value, results[0].LogLikelihood!.Value, 0.3, "L_1 is the bound, seed 2");
        Assert.True(results[0].LogLikelihood < results[1].LogLikelihood && results[1].LogLikelihood < results[2].LogLikelihood, "seed 2");
        Assert.Equal(1, results[0].EffectiveSampleSize!.Value, 1e-12);
        Assert.InRange(results[2].EffectiveSampleSize!.Value, 2, 1000);
        Assert.Equal(1000, results[2].ImportanceSamples);

        double[] rows = [.. evaluator.LogLikelihood(new ArrayRows(Values), 1000, seed: 2).Select(row => row.LogLikelihood)];
        double mean = rows.Average();
        Close(mean, results[2].LogLikelihood!.Value, 1e-12);
        Close(Math.Sqrt(rows.Sum(value => (value - mean) * (value - mean)) / (Count - 1) / Count), results[2].StandardError!.Value, 1e-12);
    }

    [Fact]
    public void Equal_seeds_give_equal_results_and_other_seeds_others()
    {
        using SmallModel small = new(SmallModel.Definition, scale: 3);
        EvaluationResult Run(ulong seed) => Evaluator(small).Evaluate(new ArrayRows(Values), new EvaluationOptions { Seed = seed, ImportanceSamples = 20 });
        EvaluationResult first = Run(4), again = Run(4), other = Run(5);
        Assert.Equal(first.Elbo, again.Elbo);
        Assert.Equal(first.LogLikelihood, again.LogLikelihood);
        Assert.NotEqual(first.Elbo, other.Elbo);
        Assert.NotEqual(first.LogLikelihood, other.LogLikelihood);
    }

    [Fact]
    public void A_score_depends_on_its_row_alone()
    {
        using SmallModel small = new(SmallModel.Definition, scale: 3);
        Evaluator<double> evaluator = Evaluator(small);
        double[] scores = evaluator.Score(new ArrayRows(Values));
        Assert.Equal(scores, evaluator.Score(new ArrayRows(Values)));
        double[] backwards = [.. Values.Chunk(SmallModel.Width).Reverse().SelectMany(row => row)];
        Assert.Equal(scores.Reverse(), evaluator.Score(new ArrayRows(backwards)));
        Assert.Equal(scores[11], Assert.Single(evaluator.Score(new ArrayRows(Values[(11 * SmallModel.Width)..(12 * SmallModel.Width)]))));

        // And it is the bound: with many draws, that of the evaluation.
        Close(evaluator.Evaluate(new ArrayRows(Values), new EvaluationOptions { Samples = 4000 }).Elbo!.Value, evaluator.Score(new ArrayRows(Values), 4000).Average(), 0.02);
    }

    [Fact]
    public void Codes_and_reconstructions_come_row_by_row()
    {
        using SmallModel small = new(SmallModel.Definition, scale: 3);
        double[][] expected = small.Run(Values, input => [small.Model.Encode(input), small.Model.Reconstruct(input)]);
        Evaluator<double> evaluator = Evaluator(small);
        Assert.Equal(Array.ConvertAll(expected[0], value => (float)value), evaluator.Encode(new ArrayRows(Values)));
        Assert.Equal(Array.ConvertAll(expected[1], value => (float)value), evaluator.Reconstruct(new ArrayRows(Values)));
    }

    [Fact]
    public void Rows_that_do_not_fit_or_break_the_model_are_named()
    {
        using SmallModel small = new(SmallModel.Definition);
        Evaluator<double> evaluator = Evaluator(small);
        Assert.Contains("no rows", Assert.Throws<ElboException>(() => evaluator.Evaluate(new ArrayRows([]))).Message, StringComparison.Ordinal);
        Assert.Contains("[3]", Assert.Throws<ElboException>(() => evaluator.Score(new ArrayRows(Values[..6], 3))).Message, StringComparison.Ordinal);
        double[] broken = [.. Values];
        broken[17 * SmallModel.Width + 2] = double.NaN;
        Assert.Contains("row 17", Assert.Throws<ElboException>(() => evaluator.Evaluate(new ArrayRows(broken))).Message, StringComparison.Ordinal);
        Assert.Contains("row 17", Assert.Throws<ElboException>(() => evaluator.LogLikelihood(new ArrayRows(broken), 3)).Message, StringComparison.Ordinal);

        using SmallModel deterministic = new(SmallModel.Definition with { Posterior = new DeterministicPosterior() });
        Assert.Contains("log p(x)", Assert.Throws<ElboException>(() => Evaluator(deterministic).Evaluate(new ArrayRows(Values), new EvaluationOptions { ImportanceSamples = 3 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_can_be_cancelled()
    {
        using SmallModel small = new(SmallModel.Definition);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Evaluator(small).Evaluate(new ArrayRows(Values), null, source.Token));
    }

    [Fact]
    public void Log_weights_far_apart_do_not_overflow()
    {
        RunningLogMean mean = default;
        double[] logWeights = [-2000, double.NegativeInfinity, 1000, 998, -1e6];
        foreach (double logWeight in logWeights) mean.Add(logWeight);
        Close(1000 + Math.Log((1 + Math.Exp(-2)) / 5), mean.LogMean, 1e-14);
        Close(Math.Pow(1 + Math.Exp(-2), 2) / (1 + Math.Exp(-4)), mean.EffectiveSampleSize, 1e-14);

        RunningLogMean none = default;
        none.Add(double.NegativeInfinity);
        Assert.Equal(double.NegativeInfinity, none.LogMean);
        Assert.Equal(0, none.EffectiveSampleSize);
    }

    private static Evaluator<double> Evaluator(SmallModel small) => new(small.Runtime, small.Model, small.Store);

    private sealed class ArrayRows(double[] values, int width = SmallModel.Width) : IRowSource
    {
        public int Count => values.Length / width;

        public Shape RowShape => [width];

        public void Read(int row, Span<float> destination)
        {
            for (int i = 0; i < width; i++) destination[i] = (float)values[row * width + i];
        }
    }
}
