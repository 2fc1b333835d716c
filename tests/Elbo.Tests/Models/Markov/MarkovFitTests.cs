using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>What must hold of any fit.</summary>
public sealed class MarkovFitTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<string> Families => [.. MarkovSamples.Families];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void The_likelihood_never_falls_and_is_that_of_the_model_returned(string family)
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            RandomStream random = new(seed, 400);
            int states = 1 + (int)(seed % 5), count = 20 + (int)(seed * 7 % 60);
            HiddenMarkovModel truth = MarkovSamples.RandomModel(family, Math.Max(1, states - 1), 2, random.Split(0));
            Matrix values = MarkovSamples.Rows(truth, count, random.Split(1), missing: seed % 3 == 0 ? 0 : 0.2);
            // Columns that repeat each other: covariances near the singular.
            if (seed % 7 == 6 && family.StartsWith("gaussian", StringComparison.Ordinal))
                for (int t = 0; t < count; t++) values[t, 1] = 2 * values[t, 0];
            Observations rows = Observations.FromMatrix($"seed {seed}", values, sequenceLengths: [5, 1, count - 6]);
            HiddenMarkovOptions options = MarkovSamples.Options(family, states);
            if (seed % 4 == 1) options = options.LeftToRight(2);
            if (seed % 4 == 2) options = options with { TransitionPseudoCount = 0.5, EmissionPseudoRows = 1 };
            if (seed % 4 == 3) options = options with { StateEmissions = [.. Enumerable.Range(0, states).Select(k => k % 2)] };
            // FitLoop throws where the bound falls by more than rounding.
            FitResult<HiddenMarkovModel> result = HiddenMarkovModel.Fit(rows, options, new FitOptions { Seed = seed + 1, MaxIterations = 40 }, runtime);
            Assert.Equal(result.Model.SequenceLogLikelihoods(rows, runtime).Sum() / count, result.Elbo, 1e-10);
            Assert.True(result.Bounds.Count == result.Iterations + 1);
            foreach (double value in result.Model.Encode(rows, runtime).Values) Assert.InRange(value, 0, 1 + 1e-12);
        }
    }

    [Theory]
    [InlineData("gaussian-diagonal", 40000)]
    [InlineData("categorical", 3000)]
    public void The_number_of_threads_changes_no_bit(string family, int count)
    {
        RandomStream random = new(8, 8);
        HiddenMarkovModel truth = MarkovSamples.RandomModel(family, 3, 2, random.Split(0));
        Matrix values = MarkovSamples.Rows(truth, count, random.Split(1), missing: 0.05);
        Observations rows = Observations.FromMatrix("threads", values, sequenceLengths: [count / 3, 7, 500, count - count / 3 - 507]);
        List<double[]> all = [];
        foreach (int threads in (int[])[1, 2, 3])
        {
            using Runtime own = new(threads);
            HiddenMarkovModel model = HiddenMarkovModel.Fit(rows, MarkovSamples.Options(family, 3), new FitOptions { MaxIterations = 4, Restarts = 2 }, own).Model;
            all.Add([.. model.Parameters.SelectMany(static parameter => parameter.Value.ToDouble()), .. model.Encode(rows, own).Values]);
        }

        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    public void One_step_of_Baum_Welch_is_the_textbooks()
    {
        RandomStream random = new(2, 3);
        HiddenMarkovModel model = MarkovSamples.RandomModel("gaussian-diagonal", 3, 2, random.Split(0));
        Matrix values = MarkovSamples.Rows(model, 50, random.Split(1));
        PlainMarkov plain = PlainMarkov.Of(model, values);
        FitResult<HiddenMarkovModel> result = HiddenMarkovModel.Fit(
            Observations.FromMatrix("step", values), HiddenMarkovOptions.StartingFrom(model) with { Regularization = 0 }, new FitOptions { MaxIterations = 1, Tolerance = 0 }, runtime);
        DiagonalGaussianEmission emission = Assert.IsType<DiagonalGaussianEmission>(result.Model.Emission);
        Assert.Equal(plain.LogLikelihood / 50, result.Bounds[0], 1e-12);
        for (int k = 0; k < 3; k++)
        {
            double weight = Enumerable.Range(0, 50).Sum(t => plain.Posterior(t, k));
            Assert.Equal(plain.Posterior(0, k), result.Model.Start[k], 1e-12);
            for (int j = 0; j < 3; j++)
                Assert.Equal(Enumerable.Range(0, 49).Sum(t => plain.Pair(t, k, j)) / Enumerable.Range(0, 49).Sum(t => plain.Posterior(t, k)), result.Model.Transitions[k, j], 1e-12);
            for (int d = 0; d < 2; d++)
            {
                double mean = Enumerable.Range(0, 50).Sum(t => plain.Posterior(t, k) * values[t, d]) / weight;
                Assert.Equal(mean, emission.Means[k, d], 1e-12);
                Assert.Equal(Enumerable.Range(0, 50).Sum(t => plain.Posterior(t, k) * (values[t, d] - mean) * (values[t, d] - mean)) / weight, emission.Variances[k, d], 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void A_fit_that_goes_on_ends_where_the_unbroken_one_does(double pseudoCount)
    {
        RandomStream random = new(14, 3);
        HiddenMarkovModel start = MarkovSamples.RandomModel("poisson", 3, 2, random.Split(0));
        Observations rows = Observations.FromMatrix("resume", MarkovSamples.Rows(start, 200, random.Split(1)));
        HiddenMarkovOptions options = MarkovSamples.Options("poisson", 3) with { TransitionPseudoCount = pseudoCount };
        FitResult<HiddenMarkovModel> whole = HiddenMarkovModel.Fit(rows, options with { Initial = start }, new FitOptions { MaxIterations = 20, Tolerance = 0 }, runtime);
        FitResult<HiddenMarkovModel> half = HiddenMarkovModel.Fit(rows, options with { Initial = start }, new FitOptions { MaxIterations = 8, Tolerance = 0 }, runtime);
        FitResult<HiddenMarkovModel> rest = HiddenMarkovModel.Fit(
            rows, options with { Initial = half.Model }, new FitOptions { MaxIterations = 20, Tolerance = 0, EarlierBounds = [.. half.Bounds.SkipLast(1)] }, runtime);
        Assert.Equal(whole.Bounds, rest.Bounds);
        Assert.Equal(whole.Iterations, rest.Iterations);
        Assert.Equal(whole.Model.Emission.Means.Values.ToArray(), rest.Model.Emission.Means.Values.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Of_several_starts_the_best_after_a_while_goes_on(double pseudoCount)
    {
        RandomStream random = new(21, 3);
        HiddenMarkovModel truth = MarkovSamples.RandomModel("poisson", 4, 2, random.Split(0));
        Observations rows = Observations.FromMatrix("starts", MarkovSamples.Rows(truth, 300, random.Split(1)));
        HiddenMarkovOptions options = MarkovSamples.Options("poisson", 4) with { TransitionPseudoCount = pseudoCount };
        Reports reports = new();
        FitResult<HiddenMarkovModel> result = HiddenMarkovModel.Fit(rows, options, new FitOptions { Restarts = 4, Tolerance = 1e-9, MaxIterations = 400, Progress = reports }, runtime);
        Assert.Contains($"After {Restarts.ShortIterations} of them start ", result.Explanation, StringComparison.Ordinal);
        FitProgress[] brief = [.. reports.All.Where(static report => report.Restarts == 4)];
        Assert.Equal([1, 2, 3, 4], brief.Select(static report => report.Restart).Distinct());
        Assert.All(brief, static report => Assert.InRange(report.Iteration, 1, Restarts.ShortIterations + 1));
        Assert.True(result.Iterations > Restarts.ShortIterations);
        Assert.Equal(result.Iterations + 1, result.Bounds.Count);
        Assert.Equal(result.Model.SequenceLogLikelihoods(rows, runtime).Sum() / 300, result.Elbo, 1e-10);
        if (pseudoCount > 0) return;
        double best = brief.GroupBy(static report => report.Restart).Max(static start => start.Last().Bound);
        Assert.Equal(best, result.Bounds[Restarts.ShortIterations]);
        Assert.True(result.Elbo >= best);
    }

    [Fact]
    public void The_true_number_of_states_is_found()
    {
        HiddenMarkovModel truth = new([1, 0, 0], Matrix.FromRows([0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.1, 0.1, 0.8]), new PoissonEmission(Matrix.FromRows([1], [8], [25])));
        Observations rows = Observations.FromMatrix("three", truth.Sample(600, new RandomStream(5)));
        ModelSelectionResult<HiddenMarkovModel> result = HiddenMarkovModel.Select(rows, [1, 2, 3, 4, 0], MarkovSamples.Options("poisson", 2), new FitOptions { Restarts = 5 }, runtime);
        Assert.Equal(3, result.Best.Model.States);
        Assert.Equal(result.Candidates.Take(4).Min(static candidate => candidate.Bic), result.Best.Bic);
        Assert.Contains("0 states", result.Candidates[4].Failure, StringComparison.Ordinal);
        Assert.Throws<ElboException>(() => HiddenMarkovModel.Select(rows, [2], MarkovSamples.Options("poisson", 2), new FitOptions(), runtime, SelectionCriterion.Icl));
        BayesianHiddenMarkovOptions bayesian = new() { Emission = EmissionKind.Poisson };
        ModelSelectionResult<BayesianHiddenMarkovModel> bound = ModelSelection.Run(
            rows, [1, 3, 7], SelectionCriterion.Elbo, count => BayesianHiddenMarkovModel.Fit(rows, bayesian with { States = count }, new FitOptions { Restarts = 3 }, runtime), runtime);
        Assert.Equal(3, bound.Best.Model.States);
    }

    [Fact]
    public void Two_well_separated_states_are_found_by_every_covariance()
    {
        foreach (string family in MarkovSamples.Families.Where(static name => name.StartsWith("gaussian", StringComparison.Ordinal)))
        {
            HiddenMarkovModel truth = new([1, 0], Matrix.FromRows([0.95, 0.05], [0.1, 0.9]), new DiagonalGaussianEmission(Matrix.FromRows([0, 0], [8, 8]), Matrix.FromRows([1, 1], [1, 1])));
            (int[] states, Matrix values) = truth.SampleWithStates(1000, new RandomStream(31));
            Observations rows = Observations.FromMatrix(family, values);
            HiddenMarkovModel model = HiddenMarkovModel.Fit(rows, MarkovSamples.Options(family, 2), new FitOptions { Restarts = 3 }, runtime).Model;
            int[] decoded = model.DecodeStates(rows, byPosterior: false, runtime).States;
            int agree = Enumerable.Range(0, 1000).Count(t => decoded[t] == states[t]);
            Assert.True(Math.Max(agree, 1000 - agree) >= 999, family);
        }
    }

    [Fact]
    public void Forbidden_transitions_stay_forbidden()
    {
        RandomStream random = new(4, 4);
        Matrix values = MarkovSamples.Normals(200, 1, random);
        FitResult<HiddenMarkovModel> result = HiddenMarkovModel.Fit(
            Observations.FromMatrix("pattern", values, sequenceLengths: [100, 100]), new HiddenMarkovOptions { States = 4, TransitionPseudoCount = 1 }.LeftToRight(), new FitOptions { MaxIterations = 20 }, runtime);
        Matrix transitions = result.Model.Transitions;
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) Assert.True(j == i || j == i + 1 ? transitions[i, j] > 0 : transitions[i, j] == 0);
        Assert.Equal([1, 0, 0, 0], result.Model.Start.ToArray());
        // Three rows of A with one free entry, and four means and variances.
        Assert.Equal(3 + 8, result.Model.FreeParameters);
    }

    [Fact]
    public void States_that_are_known_are_kept()
    {
        RandomStream random = new(6, 1);
        HiddenMarkovModel truth = new([1, 0], Matrix.FromRows([0.8, 0.2], [0.3, 0.7]), new DiagonalGaussianEmission(Matrix.FromRows([0], [1]), Matrix.FromRows([1], [1])));
        (int[] states, Matrix values) = truth.SampleWithStates(4000, random);
        Observations rows = Observations.FromMatrix("labels", values);
        // With all states known, EM is counting: one step reaches the maximum.
        FitResult<HiddenMarkovModel> all = HiddenMarkovModel.Fit(rows, new HiddenMarkovOptions { States = 2, Covariance = CovarianceKind.Diagonal, KnownStates = states }, new FitOptions(), runtime);
        int stay = Enumerable.Range(0, 3999).Count(t => states[t] == 0 && states[t + 1] == 0), from = Enumerable.Range(0, 3999).Count(t => states[t] == 0);
        Assert.Equal((double)stay / from, all.Model.Transitions[0, 0], 1e-12);
        Assert.Equal(Enumerable.Range(0, 4000).Where(t => states[t] == 1).Average(t => values[t, 0]), all.Model.Emission.Means[1, 0], 1e-12);
        // With one in ten known, the states keep their numbers.
        int[] some = [.. states.Select((state, t) => t % 10 == 0 ? state : -1)];
        FitResult<HiddenMarkovModel> few = HiddenMarkovModel.Fit(rows, new HiddenMarkovOptions { States = 2, Covariance = CovarianceKind.Diagonal, KnownStates = some }, new FitOptions(), runtime);
        Assert.True(few.Model.Emission.Means[0, 0] < few.Model.Emission.Means[1, 0]);
        Matrix posteriors = few.Model.Encode(rows, some, runtime);
        for (int t = 0; t < 4000; t += 10) Assert.Equal(1, posteriors[t, states[t]], 1e-12);
    }

    [Fact]
    public void A_state_without_rows_is_named_and_stays_finite()
    {
        DiagonalGaussianEmission emission = new(Matrix.FromRows([0], [1e6]), Matrix.FromRows([1], [1]));
        HiddenMarkovModel start = new([0.5, 0.5], Matrix.FromRows([0.9, 0.1], [0.5, 0.5]), emission);
        FitResult<HiddenMarkovModel> result = HiddenMarkovModel.Fit(
            Observations.FromMatrix("empty", MarkovSamples.Normals(100, 1, new RandomStream(1))), HiddenMarkovOptions.StartingFrom(start), new FitOptions { MaxIterations = 10 }, runtime);
        Assert.Contains("State 1 is empty", result.Explanation, StringComparison.Ordinal);
        foreach (KeyValuePair<string, Elbo.Storage.NumericArray> parameter in result.Model.Parameters)
            foreach (double value in parameter.Value.ToDouble()) Assert.True(double.IsFinite(value));
        Assert.Equal(1e6, result.Model.Emission.Means[1, 0]);
    }

    [Fact]
    public void Weights_of_sequences_count_like_repeated_sequences()
    {
        RandomStream random = new(16, 1);
        HiddenMarkovModel start = MarkovSamples.RandomModel("poisson", 2, 1, random.Split(0));
        Matrix one = MarkovSamples.Rows(start, 30, random.Split(1)), two = MarkovSamples.Rows(start, 20, random.Split(2));
        Matrix both = new(50, 1, [.. one.Values, .. two.Values]), repeated = new(80, 1, [.. one.Values, .. one.Values, .. two.Values]);
        double[] weights = [.. Enumerable.Repeat(2.0, 30), .. Enumerable.Repeat(1.0, 20)];
        HiddenMarkovOptions options = HiddenMarkovOptions.StartingFrom(start);
        FitOptions fit = new() { MaxIterations = 5, Tolerance = 0 };
        FitResult<HiddenMarkovModel> weighted = HiddenMarkovModel.Fit(Observations.FromMatrix("weighted", both, weights: weights, sequenceLengths: [30, 20]), options, fit, runtime);
        FitResult<HiddenMarkovModel> twice = HiddenMarkovModel.Fit(Observations.FromMatrix("repeated", repeated, sequenceLengths: [30, 30, 20]), options, fit, runtime);
        Assert.Equal(twice.Elbo, weighted.Elbo, 1e-12);
        for (int k = 0; k < 2; k++) Assert.Equal(twice.Model.Emission.Means[k, 0], weighted.Model.Emission.Means[k, 0], 1e-10);
        weights[3] = 5;
        ElboException refused = Assert.Throws<ElboException>(() => HiddenMarkovModel.Fit(Observations.FromMatrix("mixed", both, weights: weights, sequenceLengths: [30, 20]), options, fit, runtime));
        Assert.Contains("sequence 0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bic_finds_the_number_of_states()
    {
        RandomStream random = new(9, 9);
        HiddenMarkovModel truth = new([1, 0, 0], Matrix.FromRows([0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]), new PoissonEmission(Matrix.FromRows([1], [8], [25])));
        Observations rows = Observations.FromMatrix("bic", truth.Sample(600, random));
        int best = Enumerable.Range(1, 5).MinBy(states => HiddenMarkovModel.Fit(rows, new HiddenMarkovOptions { States = states, Emission = EmissionKind.Poisson }, new FitOptions { Restarts = 3 }, runtime).Bic);
        Assert.Equal(3, best);
    }

    private sealed class Reports : IProgress<FitProgress>
    {
        public List<FitProgress> All { get; } = [];

        public void Report(FitProgress value) => All.Add(value);
    }
}
