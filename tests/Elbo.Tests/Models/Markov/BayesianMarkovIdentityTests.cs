using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Markov;

/// <summary>What the bound of a Bayesian hidden Markov model must equal.</summary>
public sealed class BayesianMarkovIdentityTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public static TheoryData<CovarianceKind> Covariances => [CovarianceKind.Full, CovarianceKind.Tied, CovarianceKind.Diagonal, CovarianceKind.Spherical];

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(EmissionKind.Categorical)]
    [InlineData(EmissionKind.Bernoulli)]
    [InlineData(EmissionKind.Poisson)]
    public void One_state_gives_the_exact_evidence_and_predicts_by_its_ratios(EmissionKind kind)
    {
        Matrix values = kind switch
        {
            EmissionKind.Categorical => Matrix.FromRows([0, 2], [1, double.NaN], [2, 1], [double.NaN, double.NaN], [2, 0]),
            EmissionKind.Bernoulli => Matrix.FromRows([0, 1], [1, double.NaN], [1, 1], [double.NaN, double.NaN], [1, 0]),
            _ => Matrix.FromRows([0, 7], [3, double.NaN], [1, 12], [double.NaN, double.NaN], [5, 9]),
        };
        Observations rows = Observations.FromMatrix("one", values, sequenceLengths: [3, 2]);
        BayesianHiddenMarkovOptions options = new() { States = 1, Emission = kind, EmissionConcentration = 0.7, RateShape = 1.3 };
        FitResult<BayesianHiddenMarkovModel> fit = BayesianHiddenMarkovModel.Fit(rows, options, new FitOptions { Tolerance = 0 }, runtime);
        double expected = 0;
        for (int d = 0; d < 2; d++)
        {
            double[] column = [.. Enumerable.Range(0, 5).Select(t => values[t, d]).Where(static value => !double.IsNaN(value))];
            expected += kind == EmissionKind.Poisson ? RateEvidence(column, 1.3, 1.3 / column.Average()) : CellEvidence(column, kind == EmissionKind.Bernoulli ? 2 : 3, 0.7);
        }

        Assert.Equal(expected, fit.Elbo * 5, 1e-10);
        Assert.Equal(expected, fit.Model.Bound(rows, runtime).Total, 1e-10);

        Matrix more = new(6, 2, [.. values.Values, 1, 1]);
        double[] next = new double[1];
        fit.Model.LogDensity(Observations.FromMatrix("next", Matrix.FromRows([1, 1])), next, runtime);
        BayesianMarkovState after = Posterior(fit.Model.State, Observations.FromMatrix("more", more));
        Assert.Equal(expected + next[0], new BayesianHiddenMarkovModel(after).Bound(Observations.FromMatrix("more", more), runtime).Total, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Covariances))]
    public void Sequences_of_one_row_are_a_Bayesian_mixture_step_by_step(CovarianceKind kind)
    {
        RandomStream random = new(5, 77);
        Matrix values = MarkovSamples.Normals(60, 2, random);
        for (int t = 0; t < 60; t++) values[t, 0] += t % 3 * 3;
        for (int t = 0; t < 60; t += 7) values[t, t % 2] = double.NaN;
        Emission emission = MarkovSamples.RandomEmission($"gaussian-{GaussianNames.Of(kind)}", 3, 2, random.Split(1));
        double[] weights = MarkovSamples.Distribution(3, random.Split(2));
        FitOptions fit = new() { MaxIterations = 30, Tolerance = 0 };
        Observations rows = Observations.FromMatrix("rows", values, sequenceLengths: [.. Enumerable.Repeat(1, 60)]);
        BayesianGaussianMixtureOptions mixture = new()
        {
            Components = 3,
            Covariance = kind,
            WeightConcentration = 0.6,
            StartMixture = GaussianMixture.Create(weights, emission.Means, emission.Parameters[1].Value.ToDouble(), kind),
        };
        BayesianHiddenMarkovOptions chain = new()
        {
            States = 3,
            Covariance = kind,
            StartConcentration = 0.6,
            StartPoint = new HiddenMarkovModel(weights, MarkovSamples.Stochastic(3, 3, random.Split(3)), emission),
        };
        FitResult<BayesianGaussianMixture> one = BayesianGaussianMixture.Fit(rows, mixture, fit, runtime);
        FitResult<BayesianHiddenMarkovModel> two = BayesianHiddenMarkovModel.Fit(rows, chain, fit, runtime);
        Assert.Equal(one.Bounds.Count, two.Bounds.Count);
        Assert.All(one.Bounds.Zip(two.Bounds), pair => Assert.Equal(pair.First, pair.Second, 1e-11));
        Assert.Equal(0, two.Model.Bound(rows, runtime).TransitionDivergence);
        double[] first = new double[60], second = new double[60];
        one.Model.LogDensity(rows, first, runtime);
        two.Model.LogDensity(rows, second, runtime);
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Theory]
    [InlineData("categorical")]
    [InlineData("poisson")]
    [InlineData("gaussian-diagonal")]
    public void The_bound_is_its_definition_over_all_paths_and_below_the_evidence(string family)
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            RandomStream random = new(seed, 31);
            int states = 2 + (int)(seed % 2);
            Matrix values = MarkovSamples.Rows(MarkovSamples.RandomModel(family, states, 1, random.Split(0)), 6, random.Split(1), missing: seed % 2 == 0 ? 0.2 : 0);
            if (!values.Values.ContainsAnyExcept(double.NaN)) continue;
            Observations rows = Observations.FromMatrix($"seed {seed}", values, sequenceLengths: [4, 2]);
            (EmissionKind kind, CovarianceKind covariance) = EmissionFamilies.Parse(family);
            BayesianHiddenMarkovOptions options = new()
            {
                States = states,
                Emission = kind,
                Covariance = covariance,
                StartConcentration = 0.8,
                TransitionConcentration = 0.4,
                StayConcentration = 0.5,
                EmissionConcentration = 0.7,
                RateShape = 2,
                MeanPrior = [0.3],
                MeanPrecision = 0.2,
                DegreesOfFreedom = 1.5,
                InverseScale = Matrix.FromRows([2.5]),
            };
            FitResult<BayesianHiddenMarkovModel> fit = BayesianHiddenMarkovModel.Fit(rows, options, new FitOptions { MaxIterations = 50, Seed = seed }, runtime);
            BayesianMarkovState state = fit.Model.State;
            BayesianMarkovBound bound = fit.Model.Bound(rows, runtime);
            Assert.Equal(fit.Elbo * 6, bound.Total, 1e-10);

            Matrix logStart = state.Starts.MeanLogs(), logTransitions = state.Transitions.MeanLogs();
            double[] sums = [.. new[] { (0, 4), (4, 2) }.Select(part => PlainMarkov.LogSum(Paths(states, part.Item2).Select(path =>
            {
                double sum = logStart[0, path[0]];
                for (int t = 0; t < path.Length; t++) sum += ExpectedLog(fit.Model, values[part.Item1 + t, 0], path[t]) + (t == 0 ? 0 : logTransitions[path[t - 1], path[t]]);
                return sum;
            })))];
            Assert.Equal(sums.Sum(), bound.Sequences, 1e-9);

            double evidence = PlainMarkov.LogSum(Paths(states, 6).Select(path => Evidence(path, values, options)));
            Assert.True(bound.Total < evidence, $"Seed {seed}: the bound {bound.Total} is above the evidence {evidence}.");
            Assert.True(bound.Total > evidence - 6, $"Seed {seed}: the bound {bound.Total} is far below the evidence {evidence}.");
        }
    }

    [Theory]
    [InlineData("categorical")]
    [InlineData("bernoulli")]
    [InlineData("poisson")]
    [InlineData("gaussian-full")]
    [InlineData("gaussian-tied")]
    [InlineData("gaussian-spherical")]
    public void A_posterior_that_is_certain_has_the_likelihood_of_its_parameters(string family)
    {
        const double Sure = 1e8;
        RandomStream random = new(9, 2);
        HiddenMarkovModel model = MarkovSamples.RandomModel(family, 3, 2, random.Split(0));
        Observations rows = Observations.FromMatrix("sure", MarkovSamples.Rows(model, 40, random.Split(1), missing: 0.1), sequenceLengths: [25, 1, 14]);
        Matrix Times(Matrix matrix)
        {
            Matrix result = matrix.Clone();
            foreach (ref double value in result.Values) value *= Sure;
            return result;
        }

        double[] covariances = family.StartsWith("gaussian", StringComparison.Ordinal) ? model.Emission.Parameters[1].Value.ToDouble() : [];
        CovarianceKind kind = EmissionFamilies.Parse(family).Covariance;
        int degrees = kind == CovarianceKind.Tied ? 1 : 3;
        EmissionPosterior emissions = family switch
        {
            "categorical" => new CellPosterior(false, [.. Enumerable.Range(0, 2).Select(d => DirichletRows.Of(Times(Column((CategoricalEmission)model.Emission, d))))]),
            "bernoulli" => new CellPosterior(true, [.. Enumerable.Range(0, 2).Select(d => DirichletRows.Of(Times(Pairs(model.Emission.Means, d))))]),
            "poisson" => Rates(Times(model.Emission.Means), Times(Ones(3, 2))),
            _ => new GaussianEmissionPosterior(
                new NormalWishartPrior(kind, [0, 0], 1, 3, kind == CovarianceKind.Spherical ? Ones(1, 1) : Matrix.FromRows([1, 0], [0, 1])),
                new NormalWishartPosterior(kind, [Sure, Sure, Sure], model.Emission.Means, [.. Enumerable.Repeat(Sure, degrees)], [.. covariances.Select(value => value * Sure)])),
        };
        Matrix start = new(1, 3, model.Start.ToArray());
        BayesianMarkovState state = new(DirichletRows.Of(Times(start)), DirichletRows.Of(Times(model.Transitions)), emissions);
        BayesianMarkovBound bound = state.Expect(new ExpectationStep(rows, null, null, runtime)).Bound;
        Assert.Equal(model.SequenceLogLikelihoods(rows, runtime).Sum(), bound.Sequences, 1e-4);
        Assert.Equal(0, bound.StartDivergence + bound.TransitionDivergence);
        double[] one = new double[40], two = new double[40];
        model.LogDensity(rows, one, runtime);
        new BayesianHiddenMarkovModel(state).LogDensity(rows, two, runtime);
        Assert.All(one.Zip(two), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    /// <summary>The exact posterior of one state after other rows, with the prior of a state.</summary>
    private BayesianMarkovState Posterior(BayesianMarkovState state, Observations rows)
    {
        (_, Chain chain, MarkovStatistics statistics) = state.Expect(new ExpectationStep(rows, null, null, runtime));
        return state.Next(chain, statistics);
    }

    private static double ExpectedLog(BayesianHiddenMarkovModel model, double value, int state)
    {
        if (double.IsNaN(value)) return 0;
        double[] Read(string name) => model.Parameters.First(parameter => parameter.Key == name).Value.ToDouble();
        switch (model.EmissionFamily)
        {
            case "categorical":
                double[] all = Read("emissionConcentrations");
                int count = all.Length / model.States;
                return new DirichletFactor(all.AsSpan(state * count, count)).MeanLog[(int)value];
            case "poisson":
                GammaFactor rate = new(Read("rateShapes")[state], Read("rateExposures")[state]);
                return value * rate.MeanLog - rate.Mean - GammaFunctions.LogGamma(value + 1);
            default:
                GammaFactor precision = new(0.5 * Read("degreesOfFreedom")[state], 0.5 * Read("inverseScales")[state]);
                double difference = value - Read("means")[state];
                return 0.5 * (precision.MeanLog - Math.Log(2 * Math.PI) - precision.Mean * difference * difference - 1 / Read("meanPrecisions")[state]);
        }
    }

    /// <summary>ln p(x, z) of one path over both sequences, all parameters integrated out.</summary>
    private static double Evidence(int[] path, Matrix values, BayesianHiddenMarkovOptions options)
    {
        int k = options.States;
        double[] starts = new double[k];
        Matrix steps = new(k, k);
        for (int t = 0; t < path.Length; t++)
        {
            if (t is 0 or 4) starts[path[t]]++;
            else steps[path[t - 1], path[t]]++;
        }

        double sum = new DirichletFactor([.. Enumerable.Repeat(options.StartConcentration, k)]).LogEvidence(starts);
        for (int i = 0; i < k; i++)
            sum += new DirichletFactor([.. Enumerable.Range(0, k).Select(j => options.TransitionConcentration + (i == j ? options.StayConcentration : 0))]).LogEvidence(steps.Row(i));
        double[] all = [.. values.Values.ToArray().Where(static value => !double.IsNaN(value))];
        for (int i = 0; i < k; i++)
        {
            double[] own = [.. Enumerable.Range(0, path.Length).Where(t => path[t] == i && !double.IsNaN(values[t, 0])).Select(t => values[t, 0])];
            sum += options.Emission switch
            {
                EmissionKind.Categorical => CellEvidence(own, (int)all.Max() + 1, options.EmissionConcentration),
                EmissionKind.Poisson => RateEvidence(own, options.RateShape, options.RateShape / all.Average()),
                _ => NormalEvidence(own, options.MeanPrior![0], options.MeanPrecision, 0.5 * options.DegreesOfFreedom!.Value, 0.5 * options.InverseScale![0, 0]),
            };
        }

        return sum;
    }

    private static double CellEvidence(double[] values, int cells, double concentration) =>
        new DirichletFactor([.. Enumerable.Repeat(concentration, cells)]).LogEvidence([.. Enumerable.Range(0, cells).Select(cell => (double)values.Count(value => value == cell))]);

    private static double RateEvidence(double[] values, double shape, double exposure) =>
        GammaFunctions.LogGamma(shape + values.Sum()) - GammaFunctions.LogGamma(shape) + shape * Math.Log(exposure) - (shape + values.Sum()) * Math.Log(exposure + values.Length)
        - values.Sum(static value => GammaFunctions.LogGamma(value + 1));

    private static double NormalEvidence(double[] values, double mean, double precision, double shape, double rate)
    {
        int n = values.Length;
        if (n == 0) return 0;
        double average = values.Average(), last = shape + 0.5 * n;
        double after = rate + 0.5 * values.Sum(value => (value - average) * (value - average)) + 0.5 * precision * n / (precision + n) * (average - mean) * (average - mean);
        return GammaFunctions.LogGamma(last) - GammaFunctions.LogGamma(shape) + shape * Math.Log(rate) - last * Math.Log(after) + 0.5 * Math.Log(precision / (precision + n)) - 0.5 * n * Math.Log(2 * Math.PI);
    }

    private static IEnumerable<int[]> Paths(int states, int length)
    {
        for (int number = 0; number < Math.Pow(states, length); number++)
        {
            int left = number;
            yield return [.. Enumerable.Range(0, length).Select(_ =>
            {
                int state = left % states;
                left /= states;
                return state;
            })];
        }
    }

    private static RatePosterior Rates(Matrix shapes, Matrix exposures) => new(shapes, exposures, shapes, exposures);

    private static Matrix Column(CategoricalEmission emission, int column)
    {
        Matrix result = new(emission.Count, emission.Categories[column]);
        for (int k = 0; k < result.Rows; k++)
            for (int c = 0; c < result.Columns; c++) result[k, c] = emission.Probability(k, column, c);
        return result;
    }

    private static Matrix Pairs(Matrix ones, int column)
    {
        Matrix result = new(ones.Rows, 2);
        for (int k = 0; k < ones.Rows; k++) (result[k, 0], result[k, 1]) = (1 - ones[k, column], ones[k, column]);
        return result;
    }

    private static Matrix Ones(int rows, int columns)
    {
        Matrix result = new(rows, columns);
        result.Values.Fill(1);
        return result;
    }
}
