using Elbo.Data;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>What must hold of any hidden Markov model.</summary>
public sealed class MarkovIdentityTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<string> Families => [.. MarkovSamples.Families];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void Sums_over_all_paths_give_the_likelihood_posteriors_and_best_path(string family)
    {
        for (ulong seed = 0; seed < 12; seed++)
        {
            RandomStream random = new(seed, 31);
            int states = 1 + (int)(seed % 4), count = 1 + (int)(seed * 5 % 8);
            HiddenMarkovModel model = MarkovSamples.RandomModel(family, states, 2, random.Split(0));
            Matrix rows = MarkovSamples.Rows(model, count, random.Split(1), missing: 0.3);
            Observations observations = Observations.FromMatrix("paths", rows);
            (int[] Path, double LogProbability)[] paths = [.. PlainMarkov.Of(model, rows).Paths()];
            double total = PlainMarkov.LogSum(paths.Select(static path => path.LogProbability));
            Assert.Equal(total, model.SequenceLogLikelihoods(observations, runtime)[0], 1e-11);
            Matrix posteriors = model.Encode(observations, runtime);
            for (int t = 0; t < count; t++)
                for (int k = 0; k < states; k++)
                    Assert.Equal(paths.Where(path => path.Path[t] == k).Sum(path => Math.Exp(path.LogProbability - total)), posteriors[t, k], 1e-12);
            StatePath best = model.DecodeStates(observations, byPosterior: false, runtime);
            Assert.Equal(paths.Max(static path => path.LogProbability), best.LogProbabilities[0], 1e-11);
            Assert.Equal(best.LogProbabilities[0], paths.Single(path => path.Path.SequenceEqual(best.States)).LogProbability, 1e-11);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_plain_recursions_give_the_same_messages_and_transitions(string family)
    {
        RandomStream random = new(7, 5);
        foreach (int states in (int[])[2, 3, 5, 9, 14, 21])
        {
            HiddenMarkovModel model = MarkovSamples.RandomModel(family, states, 3, random.Split((ulong)states));
            Matrix rows = MarkovSamples.Rows(model, 600, random.Split(100 + (ulong)states), missing: 0.1);
            PlainMarkov plain = PlainMarkov.Of(model, rows);
            Observations observations = Observations.FromMatrix("plain", rows);
            foreach (bool scaled in (bool[])[true, false])
            {
                MarkovStatistics statistics = new ExpectationStep(observations, null, scaled, runtime).Run(model.Chain);
                Assert.Equal(plain.LogLikelihood, statistics.LogLikelihood, 1e-11 * Math.Abs(plain.LogLikelihood));
                for (int i = 0; i < states; i++)
                {
                    Assert.Equal(plain.Posterior(0, i), statistics.Starts[i], 1e-10);
                    for (int j = 0; j < states; j++)
                        Assert.Equal(Enumerable.Range(0, rows.Rows - 1).Sum(t => plain.Pair(t, i, j)), statistics.Transitions[i, j], 1e-8);
                }
            }
        }
    }

    [Fact]
    public void Scaled_and_logarithmic_arithmetic_agree_to_ten_digits()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            RandomStream random = new(seed, 77);
            int states = 2 + (int)(seed % 11);
            HiddenMarkovModel model = MarkovSamples.RandomModel("gaussian-diagonal", states, 3, random.Split(0));
            // Rows far from every mean: unshifted densities would underflow at once.
            Matrix rows = MarkovSamples.Normals(300, 3, random.Split(1), scale: seed % 2 == 0 ? 3 : 300);
            Observations observations = Observations.FromMatrix("scaled", rows, sequenceLengths: [100, 1, 199]);
            MarkovStatistics one = new ExpectationStep(observations, null, true, runtime).Run(model.Chain), two = new ExpectationStep(observations, null, false, runtime).Run(model.Chain);
            Assert.Equal(two.LogLikelihood, one.LogLikelihood, 1e-12 * Math.Abs(two.LogLikelihood));
            for (int i = 0; i < states; i++)
            {
                Assert.Equal(two.Occupancy[i], one.Occupancy[i], 1e-10);
                Assert.Equal(two.Starts[i], one.Starts[i], 1e-10);
                for (int j = 0; j < states; j++) Assert.Equal(two.Transitions[i, j], one.Transitions[i, j], 1e-10);
            }
        }
    }

    [Fact]
    public void Logarithms_find_the_only_way_on_through_a_state_that_has_underflowed()
    {
        // Two chains that never meet: the first 50 rows favour one by far, the next 100 the other by farther.
        HiddenMarkovModel model = new([0.5, 0.5], Matrix.Identity(2), new DiagonalGaussianEmission(Matrix.FromRows([0], [10]), Matrix.FromRows([0.01], [0.01])));
        double[] values = [.. Enumerable.Repeat(0.0, 50), .. Enumerable.Repeat(10.0, 100)];
        double each = -0.5 * Math.Log(2 * Math.PI * 0.01);
        double expected = Math.Log(0.5) + 150 * each - 50 * 0.5 * 100 / 0.01;
        Assert.Equal(expected, model.SequenceLogLikelihoods(MarkovSamples.Column(values), runtime)[0], 1e-9 * Math.Abs(expected));
        Matrix posteriors = model.Encode(MarkovSamples.Column(values), runtime);
        Assert.Equal(1, posteriors[0, 1]);
        Assert.Equal(1, posteriors[149, 1]);
        // No product of shifted factors can hold these transitions; they are added one by one.
        MarkovStatistics statistics = new ExpectationStep(MarkovSamples.Column(values), null, null, runtime).Run(model.Chain);
        Assert.Equal(149, statistics.Transitions[1, 1], 1e-9);
        Assert.Equal(0, statistics.Transitions[0, 0]);
    }

    [Fact]
    public void Chains_with_impossible_steps_agree_with_the_plain_recursions()
    {
        for (ulong seed = 0; seed < 24; seed++)
        {
            RandomStream random = new(seed, 55);
            int states = 3 + (int)(seed % 4);
            Matrix transitions = MarkovSamples.Stochastic(states, states, random.Split(0)), means = new(states, 2), variances = new(states, 2);
            double[] start = new double[states];
            start[0] = 1;
            for (int i = 0; i < states; i++)
            {
                // A cycle, and one step in two of the others: every state can be reached and left.
                for (int j = 0; j < states; j++)
                    if (j != (i + 1) % states && random.Split(1).Uniform((ulong)(i * states + j)) < 0.5) transitions[i, j] = 0;
                double sum = 0;
                foreach (double value in transitions.Row(i)) sum += value;
                foreach (ref double value in transitions.Row(i)) value /= sum;
            }

            variances.Values.Fill(seed % 2 == 0 ? 1 : 1e-3);
            for (int i = 0; i < means.Values.Length; i++) means.Values[i] = 3 * random.Split(2).Normal((ulong)i);
            HiddenMarkovModel model = new(start, transitions, new DiagonalGaussianEmission(means, variances));
            Matrix rows = MarkovSamples.Normals(120, 2, random.Split(3), 3);
            PlainMarkov plain = PlainMarkov.Of(model, rows);
            MarkovStatistics statistics = new ExpectationStep(Observations.FromMatrix("zeros", rows), null, null, runtime).Run(model.Chain);
            Assert.Equal(plain.LogLikelihood, statistics.LogLikelihood, 1e-12 * Math.Abs(plain.LogLikelihood));
            for (int i = 0; i < states; i++)
                for (int j = 0; j < states; j++)
                    Assert.Equal(Enumerable.Range(0, 119).Sum(t => plain.Pair(t, i, j)), statistics.Transitions[i, j], 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_chain_without_memory_is_a_mixture(string family)
    {
        RandomStream random = new(3, 9);
        Emission emission = MarkovSamples.RandomEmission(family, 3, 2, random);
        Matrix transitions = new(3, 3);
        transitions.Values.Fill(1.0 / 3);
        HiddenMarkovModel model = new([1.0 / 3, 1.0 / 3, 1.0 / 3], transitions, emission);
        Matrix rows = MarkovSamples.Rows(model, 40, random.Split(4), missing: 0.1);
        Observations observations = Observations.FromMatrix("mixture", rows);
        Matrix densities = emission.LogDensities(observations);
        double[] result = new double[40];
        model.LogDensity(observations, result, runtime);
        for (int t = 0; t < 40; t++) Assert.Equal(PlainMarkov.LogSum(densities.Row(t).ToArray()) - Math.Log(3), result[t], 1e-12);
    }

    [Fact]
    public void Transitions_from_a_state_sum_to_its_posteriors_before_the_last_row()
    {
        RandomStream random = new(12, 1);
        foreach (bool scaled in (bool[])[true, false])
        {
            HiddenMarkovModel model = MarkovSamples.RandomModel("poisson", 6, 2, random.Split(0));
            Observations rows = Observations.FromMatrix("pairs", MarkovSamples.Rows(model, 700, random.Split(1)), sequenceLengths: [300, 1, 1, 398]);
            MarkovStatistics statistics = new ExpectationStep(rows, null, scaled, runtime).Run(model.Chain);
            Matrix posteriors = model.Encode(rows, runtime);
            int[] last = [299, 300, 301, 699];
            for (int i = 0; i < 6; i++)
            {
                double outgoing = 0, before = 0;
                for (int j = 0; j < 6; j++) outgoing += statistics.Transitions[i, j];
                for (int t = 0; t < 700; t++) before += last.Contains(t) ? 0 : posteriors[t, i];
                Assert.Equal(before, outgoing, 1e-10);
            }
        }
    }

    [Fact]
    public void Sequences_of_one_row_count_no_transitions()
    {
        HiddenMarkovModel model = MarkovSamples.Umbrella;
        Observations rows = Observations.FromMatrix("single", new Matrix(4, 1, [0, 1, 1, 0]), sequenceLengths: [1, 1, 1, 1]);
        foreach (bool scaled in (bool[])[true, false])
        {
            MarkovStatistics statistics = new ExpectationStep(rows, null, scaled, runtime).Run(model.Chain);
            foreach (double value in statistics.Transitions.Values) Assert.Equal(0, value);
            Assert.Equal(4, statistics.Starts.Sum(), 12);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Rows_sum_to_the_sequence_and_sequences_do_not_see_each_other(string family)
    {
        RandomStream random = new(21, 2);
        HiddenMarkovModel model = MarkovSamples.RandomModel(family, 4, 2, random.Split(0));
        Matrix rows = MarkovSamples.Rows(model, 90, random.Split(1), missing: 0.1);
        double[] together = model.SequenceLogLikelihoods(Observations.FromMatrix("both", rows, sequenceLengths: [40, 50]), runtime);
        Matrix first = new(40, 2, rows.Values[..80].ToArray()), second = new(50, 2, rows.Values[80..].ToArray());
        Assert.Equal(model.SequenceLogLikelihoods(Observations.FromMatrix("first", first), runtime)[0], together[0]);
        Assert.Equal(model.SequenceLogLikelihoods(Observations.FromMatrix("second", second), runtime)[0], together[1]);
        Assert.Equal(PlainMarkov.Of(model, second).LogLikelihood, together[1], 1e-10);
    }

    [Fact]
    public void A_forecast_is_the_posterior_of_missing_rows_behind_the_last()
    {
        RandomStream random = new(5, 5);
        HiddenMarkovModel model = MarkovSamples.RandomModel("gaussian-diagonal", 3, 2, random.Split(0));
        Matrix rows = MarkovSamples.Rows(model, 30, random.Split(1)), longer = new(34, 2);
        longer.Values.Fill(double.NaN);
        rows.Values.CopyTo(longer.Values);
        HiddenMarkovForecast forecast = model.Forecast(Observations.FromMatrix("short", rows), 4, runtime)[0];
        Matrix posteriors = model.Encode(Observations.FromMatrix("long", longer), runtime);
        for (int h = 0; h < 4; h++)
            for (int k = 0; k < 3; k++) Assert.Equal(posteriors[30 + h, k], forecast.States[h, k], 1e-12);
        // The density two steps ahead is that of a sequence with one row missing.
        longer[31, 0] = 0.4;
        longer[31, 1] = -1.1;
        double[] densities = new double[34];
        model.LogDensity(Observations.FromMatrix("seen", longer), densities, runtime);
        Assert.Equal(densities[31], forecast.LogDensity(2, Observations.FromMatrix("row", Matrix.FromRows([0.4, -1.1])))[0], 1e-12);
    }
}
