using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>What must hold of any fit of a Bayesian hidden Markov model.</summary>
public sealed class BayesianMarkovFitTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<string> Families => ["gaussian-full", "gaussian-tied", "gaussian-diagonal", "gaussian-spherical", "bernoulli", "categorical", "poisson"];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void The_bound_never_falls_and_is_that_of_the_model_returned(string family)
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            RandomStream random = new(seed, 500);
            int states = 1 + (int)(seed % 5), count = 20 + (int)(seed * 7 % 60);
            Matrix values = MarkovSamples.Rows(MarkovSamples.RandomModel(family, Math.Max(1, states - 1), 2, random.Split(0)), count, random.Split(1), missing: seed % 3 == 0 ? 0 : 0.2);
            if (seed % 7 == 6 && family.StartsWith("gaussian", StringComparison.Ordinal))
                for (int t = 0; t < count; t++) values[t, 1] = 2 * values[t, 0];
            double[]? weights = seed % 2 == 0 ? null : [.. Enumerable.Repeat(0.3, 5), 2, .. Enumerable.Repeat(1.7, count - 6)];
            Observations rows = Observations.FromMatrix($"seed {seed}", values, weights: weights, sequenceLengths: [5, 1, count - 6]);
            BayesianHiddenMarkovOptions options = Options(family, states);
            if (seed % 4 == 1) options = options with { TransitionPattern = options.Plain().LeftToRight(2).TransitionPattern, StartPattern = options.Plain().LeftToRight(2).StartPattern };
            // ψ of so small a concentration is −10⁵, whose exponential is 0.
            if (seed % 4 == 2) options = options with { TransitionConcentration = 1e-5, StartConcentration = 1e-5, EmissionConcentration = 1e-5 };
            if (seed % 4 == 3) options = options with { StayConcentration = 10 };
            // FitLoop throws where the bound falls by more than rounding.
            FitResult<BayesianHiddenMarkovModel> result = BayesianHiddenMarkovModel.Fit(rows, options, new FitOptions { Seed = seed + 1, MaxIterations = 40, Restarts = 1 + (int)(seed % 2) }, runtime);
            Assert.Equal(result.Elbo * rows.TotalWeight, result.Model.Bound(rows, runtime).Total, 1e-9 * (1 + Math.Abs(result.Elbo * rows.TotalWeight)));
            Assert.Equal(rows.TotalWeight, result.Model.Counts.Sum(), 1e-9 * count);
            foreach (double value in result.Model.Encode(rows, runtime).Values) Assert.InRange(value, 0, 1 + 1e-12);
        }
    }

    [Theory]
    [InlineData("gaussian-full")]
    [InlineData("poisson")]
    public void The_number_of_threads_changes_no_bit(string family)
    {
        RandomStream random = new(8, 8);
        Matrix values = MarkovSamples.Rows(MarkovSamples.RandomModel(family, 3, 2, random.Split(0)), 3000, random.Split(1), missing: 0.05);
        Observations rows = Observations.FromMatrix("threads", values, sequenceLengths: [1000, 7, 500, 1493]);
        List<double[]> all = [];
        foreach (int threads in (int[])[1, 2, 3])
        {
            using Runtime own = new(threads);
            BayesianHiddenMarkovModel model = BayesianHiddenMarkovModel.Fit(rows, Options(family, 3), new FitOptions { MaxIterations = 4, Restarts = 2 }, own).Model;
            all.Add([.. model.Parameters.SelectMany(static parameter => parameter.Value.ToDouble()), .. model.Encode(rows, own).Values, model.Bound(rows, own).Total]);
        }

        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void States_under_other_names_give_the_same_bound(string family)
    {
        RandomStream random = new(3, 19);
        HiddenMarkovModel start = MarkovSamples.RandomModel(family, 3, 2, random.Split(0));
        Observations rows = Observations.FromMatrix("names", MarkovSamples.Rows(start, 80, random.Split(1), missing: 0.1), sequenceLengths: [50, 30]);
        int[] order = [2, 0, 1];
        Matrix transitions = new(3, 3);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) transitions[i, j] = start.Transitions[order[i], order[j]];
        HiddenMarkovModel other = new([.. order.Select(k => start.Start[k])], transitions, Reordered(start.Emission, order));
        FitOptions fit = new() { MaxIterations = 15, Tolerance = 0 };
        FitResult<BayesianHiddenMarkovModel> one = BayesianHiddenMarkovModel.Fit(rows, Options(family, 3) with { StartPoint = start }, fit, runtime);
        FitResult<BayesianHiddenMarkovModel> two = BayesianHiddenMarkovModel.Fit(rows, Options(family, 3) with { StartPoint = other }, fit, runtime);
        Assert.True(one.Bounds[^1] > one.Bounds[0]);
        Assert.All(one.Bounds.Zip(two.Bounds), pair => Assert.Equal(pair.First, pair.Second, 1e-11));
        for (int k = 0; k < 3; k++) Assert.Equal(one.Model.Counts[order[k]], two.Model.Counts[k], 1e-8);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Many_rows_leave_the_bound_of_maximum_likelihood(string family)
    {
        RandomStream random = new(6, 41);
        HiddenMarkovModel start = MarkovSamples.RandomModel(family, 2, 2, random.Split(0));
        Matrix values = MarkovSamples.Rows(start, 200, random.Split(1));
        double[] weights = [.. Enumerable.Repeat(1e7, 200)];
        Observations rows = Observations.FromMatrix("many", values, weights: weights);
        FitOptions fit = new() { MaxIterations = 3000, Tolerance = 1e-10 };
        FitResult<HiddenMarkovModel> plain = HiddenMarkovModel.Fit(rows, HiddenMarkovOptions.StartingFrom(start) with { Regularization = 0 }, fit, runtime);
        FitResult<BayesianHiddenMarkovModel> bayes = BayesianHiddenMarkovModel.Fit(rows, Options(family, 2) with { StartPoint = start }, fit, runtime);
        Assert.Equal(plain.Elbo, bayes.Elbo, 1e-6);
    }

    [Fact]
    public void States_that_are_not_needed_end_up_empty()
    {
        HiddenMarkovModel truth = new([0.5, 0.5], Matrix.FromRows([0.9, 0.1], [0.1, 0.9]), new PoissonEmission(Matrix.FromRows([1], [12])));
        (int[] states, Matrix values) = truth.SampleWithStates(1500, new RandomStream(4));
        Observations rows = Observations.FromMatrix("two", values);
        BayesianHiddenMarkovOptions options = new() { States = 6, Emission = EmissionKind.Poisson, TransitionConcentration = 0.01 };
        FitResult<BayesianHiddenMarkovModel> fit = BayesianHiddenMarkovModel.Fit(rows, options, new FitOptions { Restarts = 4, MaxIterations = 3000 }, runtime);
        Assert.Equal(2, fit.Model.ActiveStates(5).Count);
        Assert.Equal(1500, fit.Model.Counts.Sum(), 1e-6);
        int[] decoded = fit.Model.Predictive.DecodeStates(rows, byPosterior: false, runtime).States;
        int[] named = [.. fit.Model.ActiveStates(5).OrderBy(k => fit.Model.Predictive.Emission.Means[k, 0])];
        Assert.True(Enumerable.Range(0, 1500).Count(t => decoded[t] == named[states[t]]) > 1470);
        Assert.Equal(1, fit.Model.Predictive.Emission.Means[named[0], 0], 0.15);
        Assert.Equal(12, fit.Model.Predictive.Emission.Means[named[1], 0], 0.6);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_model_is_read_back_and_goes_on_where_it_stood(string family)
    {
        RandomStream random = new(12, 1);
        Matrix values = MarkovSamples.Rows(MarkovSamples.RandomModel(family, 3, 2, random.Split(0)), 90, random.Split(1), missing: 0.1);
        Observations rows = Observations.FromMatrix("saved", values, sequenceLengths: [60, 30]);
        BayesianHiddenMarkovOptions options = Options(family, 3);
        FitResult<BayesianHiddenMarkovModel> whole = BayesianHiddenMarkovModel.Fit(rows, options, new FitOptions { MaxIterations = 12, Tolerance = 0 }, runtime);
        FitResult<BayesianHiddenMarkovModel> half = BayesianHiddenMarkovModel.Fit(rows, options, new FitOptions { MaxIterations = 5, Tolerance = 0 }, runtime);
        BayesianHiddenMarkovModel read = BayesianHiddenMarkovModel.Load(half.Model.Definition, half.Model.Parameters.ToDictionary());
        Assert.Equal(half.Model.Title, read.Title);
        Assert.Equal(half.Model.FreeParameters, read.FreeParameters);
        FitResult<BayesianHiddenMarkovModel> rest = BayesianHiddenMarkovModel.Fit(
            rows, options with { StartModel = read }, new FitOptions { MaxIterations = 12, Tolerance = 0, EarlierBounds = [.. half.Bounds.SkipLast(1)] }, runtime);
        Assert.Equal(whole.Bounds, rest.Bounds);
        Assert.Equal(whole.Model.Parameters.SelectMany(static parameter => parameter.Value.ToDouble()), rest.Model.Parameters.SelectMany(static parameter => parameter.Value.ToDouble()));
        Matrix filled = read.Impute(rows, null, runtime), drawn = read.Impute(rows, new RandomStream(1), runtime);
        for (int i = 0; i < values.Values.Length; i++)
        {
            Assert.True(double.IsFinite(filled.Values[i]) && double.IsFinite(drawn.Values[i]));
            if (!double.IsNaN(values.Values[i])) Assert.Equal((values.Values[i], values.Values[i]), (filled.Values[i], drawn.Values[i]));
        }
    }

    [Fact]
    public void Predictive_counts_sum_to_one_and_draws_have_their_moments()
    {
        Observations rows = MarkovSamples.Column(3, 5, 2, 8);
        BayesianHiddenMarkovModel model = BayesianHiddenMarkovModel.Fit(rows, new BayesianHiddenMarkovOptions { States = 1, Emission = EmissionKind.Poisson, RateShape = 2 }, new FitOptions(), runtime).Model;
        double a = 2 + 18, b = 2 / 4.5 + 4;
        double sum = 0;
        for (int x = 0; x < 60; x++)
        {
            double[] one = new double[1];
            model.LogDensity(MarkovSamples.Column(x), one, runtime);
            sum += Math.Exp(one[0]);
        }

        Assert.Equal(1, sum, 1e-12);
        double[] draws = model.Sample(20000, new RandomStream(3)).Values.ToArray();
        double mean = draws.Average(), variance = draws.Sum(x => (x - mean) * (x - mean)) / draws.Length;
        Assert.Equal(a / b, mean, 0.07);
        Assert.Equal(a / b * (1 + 1 / b), variance, 0.25);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_in_a_sentence()
    {
        Observations rows = MarkovSamples.Column(1, 2, 3, 4);
        string Refused(BayesianHiddenMarkovOptions options, Observations? other = null) =>
            Assert.Throws<ElboException>(() => BayesianHiddenMarkovModel.Fit(other ?? rows, options, new FitOptions(), runtime)).Message;
        Assert.Contains("no conjugate prior", Refused(new() { Emission = EmissionKind.GaussianMixture }), StringComparison.Ordinal);
        Assert.Contains("transition concentration is 0", Refused(new() { TransitionConcentration = 0 }), StringComparison.Ordinal);
        Assert.Contains("stay concentration is -1", Refused(new() { StayConcentration = -1 }), StringComparison.Ordinal);
        Assert.Contains("0 states", Refused(new() { States = 0 }), StringComparison.Ordinal);
        Assert.Contains("need counts", Refused(new() { Emission = EmissionKind.Poisson }, MarkovSamples.Column(1, 2.5)), StringComparison.Ordinal);
        Assert.Contains("constant", Refused(new(), MarkovSamples.Column(2, 2, 2)), StringComparison.Ordinal);
        Assert.Contains("degrees of freedom", Refused(new() { DegreesOfFreedom = -1 }), StringComparison.Ordinal);
        HiddenMarkovModel poisson = MarkovSamples.RandomModel("poisson", 2, 1, new RandomStream(1));
        Assert.Contains("ask for the same", Refused(new() { StartPoint = poisson }), StringComparison.Ordinal);
        BayesianHiddenMarkovModel model = BayesianHiddenMarkovModel.Fit(rows, new() { States = 2, Emission = EmissionKind.Poisson }, new FitOptions(), runtime).Model;
        Assert.Contains("2 states and emissions of the family 'poisson'", Refused(new() { States = 3, Emission = EmissionKind.Poisson, StartModel = model }), StringComparison.Ordinal);
        Dictionary<string, Elbo.Storage.NumericArray> damaged = model.Parameters.ToDictionary();
        damaged["transitionPrior"] = Elbo.Storage.NumericArray.From<double>([1, 1, 0, 0], 2, 2);
        Assert.Contains("without a positive", Assert.Throws<ElboException>(() => BayesianHiddenMarkovModel.Load(model.Definition, damaged)).Message, StringComparison.Ordinal);
    }

    private static BayesianHiddenMarkovOptions Options(string family, int states)
    {
        (EmissionKind kind, CovarianceKind covariance) = EmissionFamilies.Parse(family);
        return new BayesianHiddenMarkovOptions { States = states, Emission = kind, Covariance = covariance };
    }

    private static Emission Reordered(Emission emission, int[] order)
    {
        Matrix Rows(Matrix matrix) => Matrix.FromRows([.. order.Select(k => matrix.Row(k).ToArray())]);
        return emission switch
        {
            FullGaussianEmission full => new FullGaussianEmission(Rows(full.Means), [.. order.Select(full.Covariance)]),
            TiedGaussianEmission tied => new TiedGaussianEmission(Rows(tied.Means), tied.Covariance(0)),
            DiagonalGaussianEmission diagonal => new DiagonalGaussianEmission(Rows(diagonal.Means), Rows(diagonal.Variances)),
            SphericalGaussianEmission spherical => new SphericalGaussianEmission(Rows(spherical.Means), [.. order.Select(k => spherical.Variances[k])]),
            BernoulliEmission bernoulli => new BernoulliEmission(Rows(bernoulli.Means)),
            PoissonEmission poisson => new PoissonEmission(Rows(poisson.Rates)),
            CategoricalEmission categorical => new CategoricalEmission([.. categorical.Categories.Select((count, d) =>
            {
                Matrix table = new(order.Length, count);
                for (int k = 0; k < order.Length; k++)
                    for (int c = 0; c < count; c++) table[k, c] = categorical.Probability(order[k], d, c);
                return table;
            })]),
            _ => throw new ArgumentException(emission.Family, nameof(emission)),
        };
    }
}
