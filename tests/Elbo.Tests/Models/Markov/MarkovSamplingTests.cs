using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>Draws follow what they are drawn from, within five standard errors at fixed seeds.</summary>
public sealed class MarkovSamplingTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<string> Families => [.. MarkovSamples.Families];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    [InlineData(7.5)]
    [InlineData(10.5)]
    [InlineData(240.0)]
    public void Counts_have_the_mean_variance_and_zeros_of_the_Poisson_distribution(double rate)
    {
        const int Count = 40000;
        RandomStream random = new(77, (ulong)(10 * rate));
        double sum = 0, squares = 0, atMean = 0;
        for (ulong i = 0; i < Count; i++)
        {
            double draw = PoissonDraw.Next(rate, random.Split(i));
            Assert.True(draw >= 0 && draw == Math.Floor(draw));
            sum += draw;
            squares += (draw - rate) * (draw - rate);
            if (draw == Math.Floor(rate)) atMean++;
        }

        Assert.Equal(rate, sum / Count, 5 * Math.Sqrt(rate / Count));
        // The fourth central moment is rate + 3 rate².
        Assert.Equal(rate, squares / Count, 5 * Math.Sqrt((rate + 2 * rate * rate) / Count));
        double[] logs = [Math.Floor(rate) + 1];
        VectorMath.LogGamma(logs, logs);
        double probability = rate == 0 ? 1 : Math.Exp(Math.Floor(rate) * Math.Log(rate) - rate - logs[0]);
        Assert.Equal(probability, atMean / Count, 5 * Math.Sqrt(probability * (1 - probability) / Count));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_long_sequence_has_the_models_transitions_and_means(string family)
    {
        const int Count = 20000;
        HiddenMarkovModel model = MarkovSamples.RandomModel(family, 3, 2, new RandomStream(19, 1));
        (int[] states, Matrix rows) = model.SampleWithStates(Count, new RandomStream(19, 2));
        Matrix means = model.Emission.Means;
        for (int k = 0; k < 3; k++)
        {
            int[] at = [.. Enumerable.Range(0, Count - 1).Where(t => states[t] == k)];
            for (int j = 0; j < 3; j++)
            {
                double probability = model.Transitions[k, j];
                Assert.Equal(probability, (double)at.Count(t => states[t + 1] == j) / at.Length, 5 * Math.Sqrt(probability * (1 - probability) / at.Length) + 1e-12);
            }

            for (int d = 0; d < 2; d++)
            {
                double mean = at.Average(t => rows[t, d]), variance = at.Average(t => (rows[t, d] - mean) * (rows[t, d] - mean));
                Assert.Equal(means[k, d], mean, 5 * Math.Sqrt(variance / at.Length));
            }
        }

        // One stream draws one sequence.
        Assert.Equal(rows.Values.ToArray(), model.Sample(Count, new RandomStream(19, 2)).Values.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Drawn_paths_follow_the_posterior_of_pairs(bool forbidden)
    {
        HiddenMarkovModel model = forbidden
            ? new([0.6, 0.4, 0], Matrix.FromRows([0.7, 0.3, 0], [0, 0.6, 0.4], [0.5, 0, 0.5]), MarkovSamples.RandomEmission("poisson", 3, 1, new RandomStream(3)))
            : MarkovSamples.RandomModel("poisson", 3, 1, new RandomStream(3));
        Matrix values = new(4, 1, [0, double.NaN, 3, 1]);
        Observations rows = Observations.FromMatrix("paths", values);
        PlainMarkov plain = PlainMarkov.Of(model, values);
        const int Count = 8000;
        double[,,] pairs = new double[3, 3, 3];
        for (int i = 0; i < Count; i++)
        {
            int[] path = model.SamplePath(rows, new RandomStream(5, (ulong)i), runtime);
            for (int t = 0; t < 3; t++) pairs[t, path[t], path[t + 1]]++;
        }

        for (int t = 0; t < 3; t++)
        {
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    double probability = plain.Pair(t, i, j);
                    Assert.Equal(probability, pairs[t, i, j] / Count, 5 * Math.Sqrt(probability * (1 - Math.Min(1, probability)) / Count) + 1e-12);
                }
            }
        }
    }
}
