using Elbo.Data;
using Elbo.Inference;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Factors;

public sealed class BayesianPcaTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Fact]
    public void Every_factor_raises_the_bound_and_is_its_maximum()
    {
        for (ulong seed = 1; seed <= 25; seed++)
        {
            RandomStream random = new RandomStream(seed).Split(4);
            int columns = 2 + (int)random.Integer(5, 0), factors = 1 + (int)random.Integer((uint)(columns - 1), 1), count = 3 + (int)random.Integer(30, 2);
            BayesianPcaOptions options = new()
            {
                Factors = factors,
                NoisePrior = new(Math.Exp(random.Normal(3)), Math.Exp(random.Normal(4))),
                RelevancePrior = new(Math.Exp(random.Normal(5)), Math.Exp(random.Normal(6))),
                MeanPrecision = Math.Exp(random.Normal(7)),
                MeanPrior = [.. Enumerable.Range(0, columns).Select(j => random.Normal((ulong)(10 + j)))],
            };
            RowMoments rows = RowMoments.Of(Observations.FromMatrix("rows", Rows(seed, count, columns, factors)), runtime);
            BayesianPcaState state = BayesianPcaState.Start(rows, factors, options);
            BayesianPcaCodes codes = state.Codes();
            double last = double.NegativeInfinity;
            for (int step = 0; step < 25; step++)
            {
                switch (step % 5)
                {
                    case 0: codes = state.Codes(); break;
                    case 1: state = state.UpdateLoadings(rows, codes); break;
                    case 2: state = state.UpdateMean(rows, codes, options); break;
                    case 3: state = state.UpdateRelevances(options); break;
                    default: state = state.UpdateNoise(rows, codes, options); break;
                }

                double bound = state.Bound(rows, codes, options), slack = 1e-9 * (1 + Math.Abs(bound));
                Assert.True(bound >= last - slack, $"Seed {seed}, update {step}: from {last} to {bound}.");
                last = bound;
                Matrix moved = step % 5 == 0 ? codes.Gain.Clone() : state.Loadings.Clone();
                moved[0, 0] += 1e-3;
                double[] mean = [.. state.Mean];
                mean[^1] += 1e-3;
                double beside = (step % 5) switch
                {
                    0 => state.Bound(rows, codes with { Gain = moved }, options),
                    1 => (state with { Loadings = moved }).Bound(rows, codes, options),
                    2 => (state with { Mean = mean }).Bound(rows, codes, options),
                    3 => (state with { Relevances = [.. state.Relevances.Select(static factor => new GammaFactor(1.01 * factor.Shape, factor.Rate))] }).Bound(rows, codes, options),
                    _ => (state with { Noise = new GammaFactor(state.Noise.Shape, 1.01 * state.Noise.Rate) }).Bound(rows, codes, options),
                };
                Assert.True(beside < bound + slack, $"Seed {seed}, update {step}: {beside} beside the maximum {bound}.");
            }
        }
    }

    [Fact]
    public void The_bound_is_the_expectation_that_defines_it()
    {
        // E_q[ln p(x, z, W, μ, α, τ) − ln q] by drawing from q: three rows, two columns, one factor.
        Matrix rows = Matrix.FromRows([1.0, 2.0], [0.2, -1.0], [-1.5, 0.4]);
        BayesianPcaOptions options = new() { Factors = 1, NoisePrior = new(3, 2), RelevancePrior = new(2.5, 1.5), MeanPrecision = 0.8, MeanPrior = [0.3, -0.2] };
        RowMoments moments = RowMoments.Of(Observations.FromMatrix("rows", rows), runtime);
        BayesianPcaState state = BayesianPcaState.Start(moments, 1, options);
        for (int i = 0; i < 5; i++) state = state.Next(moments, state.Codes(), options);
        BayesianPcaCodes codes = state.Codes();
        double sum = 0, squares = 0;
        const int Draws = 40_000;
        for (ulong i = 0; i < Draws; i++)
        {
            RandomStream random = new RandomStream(77).Split(i);
            double alpha = ConjugateDraws.Gamma(state.Relevances[0].Shape, state.Relevances[0].Rate, random.Split(1)), tau = ConjugateDraws.Gamma(state.Noise.Shape, state.Noise.Rate, random.Split(2));
            double value = options.RelevancePrior.LogDensity(alpha) - state.Relevances[0].LogDensity(alpha) + options.NoisePrior.LogDensity(tau) - state.Noise.LogDensity(tau);
            double[] w = new double[2], mu = new double[2];
            for (int d = 0; d < 2; d++)
            {
                NormalFactor qw = new(state.Loadings[d, 0], 1 / state.LoadingCovariance[0, 0]), qmu = new(state.Mean[d], 1 / state.MeanVariance);
                w[d] = qw.Mean + random.Normal((ulong)(20 + d)) * Math.Sqrt(qw.Variance);
                mu[d] = qmu.Mean + random.Normal((ulong)(30 + d)) * Math.Sqrt(qmu.Variance);
                value += new NormalFactor(0, alpha).LogDensity(w[d]) - qw.LogDensity(w[d]) + new NormalFactor(options.MeanPrior![d], 0.8).LogDensity(mu[d]) - qmu.LogDensity(mu[d]);
            }

            for (int n = 0; n < 3; n++)
            {
                NormalFactor qz = new(codes.Gain[0, 0] * (rows[n, 0] - codes.Center[0]) + codes.Gain[0, 1] * (rows[n, 1] - codes.Center[1]), 1 / codes.Covariance[0, 0]);
                double z = qz.Mean + random.Normal((ulong)(40 + n)) * Math.Sqrt(qz.Variance);
                value += new NormalFactor(0, 1).LogDensity(z) - qz.LogDensity(z);
                for (int d = 0; d < 2; d++) value += new NormalFactor(mu[d] + w[d] * z, tau).LogDensity(rows[n, d]);
            }

            sum += value;
            squares += value * value;
        }

        double mean = sum / Draws, error = Math.Sqrt((squares / Draws - mean * mean) / Draws);
        Assert.InRange(error, 1e-4, 0.05);
        Assert.Equal(mean, state.Bound(moments, codes, options), 4 * error);
    }

    [Fact]
    public void Factors_that_are_not_needed_are_switched_off_and_much_data_give_the_likelihood()
    {
        Observations rows = Observations.FromMatrix("rows", Rows(5, 5000, 8, 3));
        FitResult<BayesianPca> fit = BayesianPca.Fit(rows, new(), new FitOptions { Tolerance = 1e-12, MaxIterations = 5000 }, runtime);
        Assert.Equal(7, fit.Model.Factors);
        Assert.True(fit.Model.ActiveFactors == 3, $"{fit.Explanation} Relevances {string.Join(", ", fit.Model.Relevances.Select(static factor => factor.Mean))}.");
        FitResult<ProbabilisticPca> likelihood = ProbabilisticPca.Fit(rows, new ProbabilisticPcaOptions { Factors = 3 }, new FitOptions(), runtime);
        // What the posterior costs: ½ ln(posterior / prior precision) each of 24 loadings (some 5 nats) and 8 means (9), and some 8 of each of 7 relevances under
        // their broad prior: about 250 nats of 5000 rows.
        Assert.InRange(likelihood.Elbo - fit.Elbo, 0.03, 0.08);
        Assert.Equal(likelihood.Model.NoiseVariance, fit.Model.NoiseVariances[0], 0.01);
        double[] ours = new double[5000], theirs = new double[5000];
        fit.Model.LogDensity(rows, ours, runtime);
        likelihood.Model.LogDensity(rows, theirs, runtime);
        Assert.Equal(theirs.Average(), ours.Average(), 0.002);
    }

    [Fact]
    public void A_model_comes_back_and_goes_on_and_threads_do_not_matter()
    {
        Observations rows = Observations.FromMatrix("rows", Rows(6, 300, 5, 2));
        FitResult<BayesianPca> whole = BayesianPca.Fit(rows, new() { Factors = 3 }, new FitOptions { Tolerance = 0, MaxIterations = 12 }, runtime);
        FitResult<BayesianPca> half = BayesianPca.Fit(rows, new() { Factors = 3 }, new FitOptions { Tolerance = 0, MaxIterations = 6 }, runtime);
        BayesianPca loaded = BayesianPca.Load(half.Model.Definition, new Dictionary<string, NumericArray>(half.Model.Parameters));
        using Runtime three = new(3);
        FitResult<BayesianPca> rest = BayesianPca.Fit(rows, new() { Factors = 3, StartModel = loaded }, new FitOptions { Tolerance = 0, MaxIterations = 12, EarlierBounds = [.. half.Bounds.SkipLast(1)] }, three);
        Assert.Equal(whole.Bounds, rest.Bounds);
        Assert.Equal(whole.Model.Loadings.Values, rest.Model.Loadings.Values);
        Dictionary<string, NumericArray> damaged = new(half.Model.Parameters) { ["noise"] = NumericArray.From<double>([0.0, 1.0]) };
        Assert.Throws<ElboException>(() => BayesianPca.Load(half.Model.Definition, damaged));
    }

    [Fact]
    public void Bad_input_is_refused_in_one_sentence()
    {
        Matrix rows = Rows(1, 20, 3, 1);
        string Message(BayesianPcaOptions options, Matrix? given = null) => Assert.Throws<ElboException>(() => BayesianPca.Fit(Observations.FromMatrix("bad", given ?? rows), options, null, runtime)).Message;
        Assert.Contains("from 1 to 2", Message(new() { Factors = 3 }), StringComparison.Ordinal);
        Assert.Contains("-1", Message(new() { NoisePrior = new(-1, 1) }), StringComparison.Ordinal);
        Assert.Contains("constant", Message(new(), new Matrix(5, 2)), StringComparison.Ordinal);
        rows[2, 1] = double.NaN;
        Assert.Contains("x1", Message(new()), StringComparison.Ordinal);
    }

    private static Matrix Rows(ulong seed, int count, int columns, int factors)
    {
        RandomStream random = new RandomStream(seed).Split(6);
        Matrix rows = new(count, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double value = 3 + j + 0.4 * random.Split(1).Normal((ulong)(i * columns + j));
                for (int q = 0; q < factors; q++) value += random.Split(2).Normal((ulong)(q * columns + j)) * random.Split(3).Normal((ulong)(i * factors + q));
                rows[i, j] = value;
            }
        }

        return rows;
    }
}
