using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>Values that other projects and books print.</summary>
public sealed class MarkovReferenceTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Fact]
    public void The_umbrella_world_has_hmmlearns_likelihood_path_and_posteriors()
    {
        HiddenMarkovModel model = MarkovSamples.Umbrella;
        Observations rows = MarkovSamples.UmbrellaRows;
        Assert.Equal(-3.3725, model.SequenceLogLikelihoods(rows, runtime)[0], 4);
        StatePath path = model.DecodeStates(rows, byPosterior: false, runtime);
        Assert.Equal([0, 0, 1, 0, 0], path.States);
        Assert.Equal(-4.4590, path.LogProbabilities[0], 4);
        Matrix posteriors = model.Encode(rows, runtime);
        double[] rain = [0.8673, 0.8204, 0.3075, 0.8204, 0.8673];
        for (int t = 0; t < rain.Length; t++)
        {
            Assert.Equal(rain[t], posteriors[t, 0], 4);
            Assert.Equal(1 - rain[t], posteriors[t, 1], 4);
        }
    }

    [Fact]
    public void The_umbrella_worlds_messages_are_those_of_the_book()
    {
        double[,] forward = { { .45, .10 }, { .3105, .0410 }, { .0230, .0975 }, { .0408, .0150 }, { .0298, .0046 } };
        double[,] backward = { { .0661, .0455 }, { .0906, .1503 }, { .4593, .2437 }, { .69, .41 }, { 1, 1 } };
        HiddenMarkovModel model = MarkovSamples.Umbrella;
        foreach (bool scaled in (bool[])[true, false])
        {
            ChainPasses passes = new(model, MarkovSamples.UmbrellaRows, runtime, scaled: scaled);
            ChainBatch batch = ChainBatch.Cut(MarkovSamples.UmbrellaRows)[0];
            passes.Run(batch, backward: true);
            double[] density = new double[5], filtered = new double[5 * 4], posterior = new double[5 * 4];
            passes.Arithmetic.LogDensity(0, density);
            passes.Arithmetic.Filtered(0, filtered);
            passes.Arithmetic.Posteriors(batch, 0, posterior, default);
            double total = density.Sum(), sum = 0;
            for (int t = 0; t < 5; t++)
            {
                sum += density[t];
                for (int k = 0; k < 2; k++)
                {
                    Assert.Equal(forward[t, k], filtered[t * 4 + k] * Math.Exp(sum), 4);
                    Assert.Equal(backward[t, k], posterior[t * 4 + k] / filtered[t * 4 + k] * Math.Exp(total - sum), 4);
                }
            }
        }
    }

    [Fact]
    public void Rainy_and_sunny_have_hmmlearns_path_and_posteriors()
    {
        HiddenMarkovModel model = MarkovSamples.Rainy;
        Observations rows = MarkovSamples.Column(0, 1, 2);
        Assert.Equal(Math.Log(0.033612), model.SequenceLogLikelihoods(rows, runtime)[0], 12);
        Assert.Equal(-3.39287, model.SequenceLogLikelihoods(rows, runtime)[0], 5);
        StatePath path = model.DecodeStates(rows, byPosterior: false, runtime);
        Assert.Equal([1, 0, 0], path.States);
        Assert.Equal(0.01344, Math.Exp(path.LogProbabilities[0]), 12);
        // hmmlearn's tests print these, and compare six decimals: their eighth digits are not those of the exact fractions below.
        double[,] printed = { { 0.23170303, 0.76829697 }, { 0.62406281, 0.37593719 }, { 0.86397706, 0.13602294 } };
        double[] exact = [0.007788 / 0.033612, 0.020976 / 0.033612, 0.02904 / 0.033612];
        Matrix posteriors = model.Encode(rows, runtime);
        for (int t = 0; t < 3; t++)
        {
            Assert.Equal(exact[t], posteriors[t, 0], 14);
            for (int k = 0; k < 2; k++) Assert.Equal(printed[t, k], posteriors[t, k], 1.5e-7);
        }
    }

    [Fact]
    public void Two_fair_states_toss_five_coins_with_probability_one_in_32()
    {
        HiddenMarkovModel model = new([0.5, 0.5], Matrix.FromRows([0.5, 0.5], [0.5, 0.5]), new BernoulliEmission(Matrix.FromRows([0.5], [0.5])));
        Assert.Equal(5 * Math.Log(0.5), model.SequenceLogLikelihoods(MarkovSamples.Column(1, 0, 0, 1, 1), runtime)[0], 13);
    }

    [Fact]
    public void A_graph_with_one_way_through_forces_that_path()
    {
        int[][] edges = [[1], [2, 5], [3], [4], [6], [2], [7, 8], [6], []];
        Matrix transitions = new(9, 9);
        for (int i = 0; i < 9; i++)
        {
            foreach (int j in edges[i]) transitions[i, j] = 1.0 / edges[i].Length;
            if (edges[i].Length == 0) transitions[i, i] = 1;
        }

        // Only state 8 shows a 1, so the seventh row says where the walk of six steps must end.
        Matrix probabilities = new(9, 1);
        probabilities[8, 0] = 1;
        HiddenMarkovModel model = new([1, 0, 0, 0, 0, 0, 0, 0, 0], transitions, new BernoulliEmission(probabilities));
        Observations rows = MarkovSamples.Column(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 1);
        foreach (bool byPosterior in (bool[])[false, true])
        {
            StatePath path = model.DecodeStates(rows, byPosterior, runtime);
            Assert.Equal([0, 1, 2, 3, 4, 6, 8], path.States);
            Assert.Equal(Math.Log(0.25), path.LogProbabilities[0], 13);
        }

        Assert.Equal(Math.Log(0.25), model.SequenceLogLikelihoods(rows, runtime)[0], 13);
    }

    [Fact]
    public void A_Gaussian_chain_has_tensorflow_probabilitys_mode()
    {
        Matrix transitions = Matrix.FromRows([0.9, 0.1, 0, 0], [0.1, 0.8, 0.1, 0], [0, 0.1, 0.8, 0.1], [0, 0, 0.1, 0.9]);
        Matrix means = Matrix.FromRows([0], [1], [2], [3]), variances = new(4, 1);
        variances.Values.Fill(0.25 * 0.25);
        HiddenMarkovModel model = new([0.25, 0.25, 0.25, 0.25], transitions, new DiagonalGaussianEmission(means, variances));
        StatePath path = model.DecodeStates(MarkovSamples.Column(0.1, 0.2, 0.3, 0.4, 0.5, 3.0, 2.9, 2.8, 2.7, 2.6), byPosterior: false, runtime);
        Assert.Equal([0, 0, 0, 0, 1, 2, 3, 3, 3, 3], path.States);
    }

    [Fact]
    public void The_weather_model_forecasts_the_mean_of_its_stationary_distribution()
    {
        // TensorFlow Probability's example: cold (0) and hot (1) days, temperatures N(0, 5²) and N(15, 10²); the mean tends to 9.
        HiddenMarkovModel model = new([0.8, 0.2], Matrix.FromRows([0.7, 0.3], [0.2, 0.8]), new DiagonalGaussianEmission(Matrix.FromRows([0], [15]), Matrix.FromRows([25], [100])));
        HiddenMarkovForecast forecast = model.Forecast(MarkovSamples.Column(double.NaN), 100, runtime)[0];
        Assert.Equal(9.0, forecast.Means[99, 0], 9);
        // One step from the start: 0.8·0.3 + 0.2·0.8 = 0.4 hot.
        Assert.Equal(6.0, forecast.Means[0, 0], 12);
    }
}
