using Elbo.Data;
using Elbo.Models;
using Elbo.Models.Autoencoders;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Models.Autoencoders;

public class AutoencoderTests
{
    private static readonly double[] Rows = SmallModel.Rows(7);

    [Fact]
    public void The_bound_and_the_importance_weighted_bounds_approach_ln_p_from_below()
    {
        // One latent dimension, so that ln p(x) = ln ∫ p(x|z) p(z) dz is a sum over a fine grid.
        using SmallModel small = new(SmallModel.Definition with { Latent = 1 }, scale: 2);
        // A posterior wider than the prior keeps the variance of the weights finite, which the comparison with p(x) needs.
        small.Store[small.Model.Parameters.Single(parameter => parameter.Name == "posterior.logVariance.weight").Variable].Clear();
        small.Store[small.Model.Parameters.Single(parameter => parameter.Name == "posterior.logVariance.bias").Variable].Fill(0.3);
        const int points = 2001, draws = 200, repeats = 100;
        double[] grid = [.. Enumerable.Range(0, points).Select(i => -8 + 16.0 * i / (points - 1))];
        double[] mean = small.Run(Rows, _ => [small.Model.Decode(Tensor.Constant([points, 1], grid))])[0];
        double[] exact = new double[7];
        for (int row = 0; row < 7; row++)
        {
            double sum = 0;
            for (int i = 0; i < points; i++)
            {
                double logDensity = -0.5 * grid[i] * grid[i] - 0.5 * Math.Log(2 * Math.PI);
                for (int j = 0; j < SmallModel.Width; j++)
                    logDensity += Math.Log(Rows[row * SmallModel.Width + j] == 1 ? mean[i * SmallModel.Width + j] : 1 - mean[i * SmallModel.Width + j]);
                sum += Math.Exp(logDensity) * 16 / (points - 1);
            }

            exact[row] = Math.Log(sum);
        }

        double[] logWeights = small.Run(Rows, rows => [small.Model.LogWeights(rows, draws * repeats)], seed: 5)[0];
        double[] bounds = [Bound(1), Bound(5), Bound(50), exact.Average()];
        Assert.True(bounds[0] < bounds[1] && bounds[1] < bounds[2] && bounds[2] < bounds[3] + 0.002, $"seed 5: {string.Join(", ", bounds)}");
        for (int row = 0; row < 7; row++)
        {
            double[] weights = [.. logWeights.AsSpan(row * draws * repeats, draws * repeats).ToArray().Select(Math.Exp)];
            double average = weights.Average(), error = Math.Sqrt(weights.Average(w => (w - average) * (w - average)) / weights.Length);
            Assert.True(Math.Abs(average - Math.Exp(exact[row])) < 5 * error, $"seed 5, row {row}: p(x) = {Math.Exp(exact[row])}, estimate {average} ± {error}");
        }

        double Bound(int k) => Enumerable.Range(0, 7).Average(row =>
            logWeights.AsSpan(row * draws * repeats, draws * repeats).ToArray().Chunk(k).Average(chunk => Math.Log(chunk.Average(Math.Exp))));
    }

    [Fact]
    public void An_embedding_is_the_posterior_mean_and_never_a_draw()
    {
        using SmallModel small = new(SmallModel.Definition, scale: 3);
        double[] first = small.Run(Rows, rows => [small.Model.Encode(rows), small.Model.Reconstruct(rows)], seed: 1)[0];
        double[][] second = small.Run(Rows, rows => [small.Model.Encode(rows), small.Model.Reconstruct(rows)], seed: 2);
        Assert.Equal(first, second[0]);
        double[] decoded = small.Run(Rows, _ => [small.Model.Decode(Tensor.Constant([7, 2], first))])[0];
        Close(decoded, second[1], 1e-15);
    }

    [Fact]
    public void Reconstruction_is_a_sum_over_the_elements_of_a_row_with_every_constant()
    {
        using SmallModel small = new(SmallModel.Definition with { Posterior = new DeterministicPosterior(), Likelihood = new GaussianLikelihood(Scale: 0.5) }, scale: 2);
        double[][] results = small.Run(Rows, rows => [small.Model.Evaluate(rows).Reconstruction, small.Model.Reconstruct(rows)]);
        for (int row = 0; row < 7; row++)
        {
            double expected = 0;
            for (int j = 0; j < SmallModel.Width; j++)
            {
                double distance = Rows[row * SmallModel.Width + j] - results[1][row * SmallModel.Width + j];
                expected += -0.5 * distance * distance / 0.25 - Math.Log(0.5) - 0.5 * Math.Log(2 * Math.PI);
            }

            Close(expected, results[0][row], 1e-12);
        }
    }

    [Fact]
    public void A_corrupted_input_is_encoded_and_the_clean_target_is_explained()
    {
        using SmallModel small = new(SmallModel.Definition with { Posterior = new DeterministicPosterior() }, scale: 3);
        double[] corrupted = [.. Rows.Select((value, i) => i % 3 == 0 ? 0 : value)];
        double[] reconstructed = small.Run(corrupted, rows => [small.Model.Reconstruct(rows)])[0];
        double expected = Rows.Select((value, i) => Math.Log(value == 1 ? reconstructed[i] : 1 - reconstructed[i])).Sum() / 7;
        Dictionary<string, double[]> metrics = small.Metrics(Rows, corrupted: corrupted);
        Close(expected, metrics["reconstruction"][0], 1e-12);
        Assert.NotEqual(metrics["reconstruction"][0], small.Metrics(Rows)["reconstruction"][0]);
    }

    [Fact]
    public void A_deterministic_autoencoder_reports_no_bound()
    {
        using SmallModel small = new(SmallModel.Definition with { Posterior = new DeterministicPosterior() });
        Assert.False(small.Model.HasBound);
        Dictionary<string, double[]> metrics = small.Metrics(Rows);
        Assert.Equal(["objective", "reconstruction"], metrics.Keys.Order());
        Assert.Equal(metrics["reconstruction"], metrics["objective"]);
        RowEvaluation evaluation = small.Model.Evaluate(Tensor.Input("rows", [3, SmallModel.Width]));
        Assert.Null(evaluation.Elbo);
        Assert.Contains("prior", Assert.Throws<ElboException>(() => small.Model.SamplePrior(3)).Message, StringComparison.Ordinal);
        Assert.Contains("log p(x)", Assert.Throws<ElboException>(() => small.Model.LogWeights(Tensor.Input("rows", [3, SmallModel.Width]), 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_go_through_convolutions_and_come_back_in_their_shape()
    {
        NetworkDefinition network = new([8], [new ConvolutionDefinition(4), new ConvolutionDefinition(6)]);
        using SmallModel small = new(SmallModel.Definition with { Encoder = network, Likelihood = new GaussianLikelihood(VarianceKind.Predicted) }, [3, 8, 8]);
        double[] rows = SmallModel.Rows(2, binary: false, width: 3 * 8 * 8);
        double[][] results = small.Run(rows, input =>
        {
            Assert.Equal([2, 3, 8, 8], small.Model.Reconstruct(input).Shape);
            return [small.Model.Evaluate(input, 3).Elbo!, small.Model.LogWeights(input, 3)];
        });
        Assert.Equal([2, 6], results.Select(result => result.Length));
        Assert.All(results.SelectMany(result => result), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void The_output_starts_at_the_mean_of_the_data()
    {
        double[] mean = [0.1, 0.5, 0.9, 0, 1, 0.3];
        DataStatistics statistics = new(100, mean);
        foreach (Likelihood likelihood in new Likelihood[] { new BernoulliLikelihood(), new ContinuousBernoulliLikelihood(), new GaussianLikelihood(), new GaussianLikelihood(VarianceKind.Predicted, Mean: MeanKind.Sigmoid), new LaplaceLikelihood() })
        {
            using SmallModel small = new(SmallModel.Definition with { Likelihood = likelihood, OutputAtDataMean = true, Encoder = new NetworkDefinition([4], Initializer: Initializer.Zeros) }, statistics: statistics);
            double[] output = small.Run(Rows, rows => [small.Model.Reconstruct(rows)])[0][..6];
            bool clipped = likelihood is not (GaussianLikelihood { Mean: MeanKind.Identity } or LaplaceLikelihood);
            Close([.. mean.Select(value => clipped ? Math.Clamp(value, 0.001, 0.999) : value)], output, 1e-9, likelihood.Title);
        }
    }

    [Fact]
    public void Learned_scales_start_where_they_are_told_and_cannot_fall_below_their_limit()
    {
        using SmallModel small = new(SmallModel.Definition with { Likelihood = new GaussianLikelihood(VarianceKind.Learned, 0.25), Posterior = new DeterministicPosterior() });
        double[][] results = small.Run(Rows, rows => [small.Model.Evaluate(rows).Reconstruction, small.Model.Reconstruct(rows)]);
        double squares = Enumerable.Range(0, 6).Sum(j => Math.Pow(Rows[j] - results[1][j], 2));
        Close(-0.5 * squares / 0.0625 - 6 * (Math.Log(0.25) + 0.5 * Math.Log(2 * Math.PI)), results[0][0], 1e-12);

        small.Store[small.Model.Parameters.Single(parameter => parameter.Name == "likelihood.logScale").Variable][0] = -1e6;
        double[] limited = small.Run(results[1], rows => [small.Model.Evaluate(Tensor.Constant([7, 6], Rows)).Reconstruction])[0];
        Assert.All(limited, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Data_that_the_likelihood_cannot_explain_are_refused()
    {
        Autoencoder model = Autoencoder.Create(SmallModel.Definition, [6]);
        model.CheckData(DataSet.FromFloats("fine", [0, 1, 0.5f, 0, 0, 1], [6]));
        Assert.Contains("300", Assert.Throws<ElboException>(() => model.CheckData(DataSet.FromFloats("grey", [0, 1, 300, 0, 0, 1], [6]))).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3]", Assert.Throws<ElboException>(() => model.CheckData(DataSet.FromFloats("shape", [0, 1, 0, 0, 0, 1], [2, 3]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_latent_size_below_one_is_refused(int latent)
    {
        ElboException error = Assert.Throws<ElboException>(() => Autoencoder.Create(new AutoencoderDefinition { Latent = latent }, [6]));
        Assert.Contains($"at least 1, but it is {latent}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Combinations_without_sense_are_refused_when_the_model_is_built()
    {
        Refused("sigmoid", SmallModel.Definition with { Regularizers = [new SparsityRegularizer()] });
        Refused("number must be given", SmallModel.Definition with { Regularizers = [new ParameterPriorRegularizer()] });
        Refused("active is 9", SmallModel.Definition with { Posterior = new DeterministicPosterior(Active: 9) });
        Refused("statistics", SmallModel.Definition with { OutputAtDataMean = true });
        Refused("scale of a likelihood must be a positive number", SmallModel.Definition with { Likelihood = new GaussianLikelihood(Scale: 0) });
        Refused("raise scale", SmallModel.Definition with { Likelihood = new GaussianLikelihood(VarianceKind.Learned, 1e-6) });
        Refused("sparse", SmallModel.Definition with { Preset = "sparze" });
    }

    [Fact]
    public void A_decoder_of_another_size_than_the_likelihood_needs_is_refused()
    {
        ElboException error = Assert.Throws<ElboException>(() => new Autoencoder([6], 2, new Dense("encoder", 6, 4), new Dense("decoder", 2, 6), likelihood: new GaussianLikelihood(VarianceKind.Predicted)));
        Assert.Contains("[12]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[6]", error.Message, StringComparison.Ordinal);
    }

    private static void Refused(string expected, AutoencoderDefinition definition)
    {
        ElboException error = Assert.Throws<ElboException>(() => Autoencoder.Create(definition, [6]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
