using Elbo.Inference;
using Elbo.Models.Factors;
using Elbo.Numerics;
using static Elbo.Tests.Graphs;
using static Elbo.Tests.Models.Factors.FactorProblems;

namespace Elbo.Tests.Models.Factors;

public sealed class MissingValueTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Fact]
    public void The_likelihood_is_that_of_the_marginal_Gaussian()
    {
        Matrix rows = Rows(31, 80, 6, 2, missing: 0.35);
        rows.Row(7).Fill(double.NaN);
        double[] weights = [.. Enumerable.Range(0, 80).Select(i => 0.5 + i % 3)];
        FitResult<FactorAnalysis> fit = FactorAnalysis.Fit(Observe(rows, weights), new FactorAnalysisOptions { Factors = 2 }, new FitOptions { MaxIterations = 50 }, runtime);
        double[] densities = LogDensity(fit.Model, Observe(rows), runtime);
        Matrix covariance = fit.Model.Covariance();
        for (int i = 0; i < 80; i++) Close(Marginal(rows.Row(i), fit.Model.Mean, covariance), densities[i], 1e-11, $"row {i}");
        Close(Enumerable.Range(0, 80).Sum(i => weights[i] * densities[i]) / weights.Sum(), fit.Elbo, 1e-11, "the bound of the model returned");
        Assert.Equal(0, densities[7]);
    }

    [Fact]
    public void EM_never_lowers_the_likelihood()
    {
        // FitLoop throws where a bound falls by more than rounding; what is left is that it rises at all, and ends where the gradient vanishes.
        int risen = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            RandomStream random = new RandomStream((ulong)seed).Split(99);
            int columns = 2 + (int)random.Integer(7, 0), count = 4 + (int)random.Integer(60, 1), factors = (int)random.Integer((uint)columns + 1, 2);
            Matrix rows = Rows(1000 + seed, count, columns, Math.Max(columns / 2, 1), missing: 0.5 * random.Uniform(3), noise: random.Uniform(4) < 0.3 ? 1e-3 : 0.6);
            // Near-singular data: one column almost a copy of another.
            if (random.Uniform(5) < 0.3) for (int i = 0; i < count; i++) rows[i, 1] = rows[i, 0] * 1.0001 + 1e-4 * random.Normal((ulong)(10 + i));
            for (int j = 0; j < columns; j++) (rows[0, j], rows[1, j]) = (j + 0.3, j - 0.6);
            double[] weights = [.. Enumerable.Range(0, count).Select(i => i > 1 && i % 5 == 0 ? 0 : 0.1 + 3 * random.Uniform((ulong)(200 + i)))];
            FitOptions fit = new() { MaxIterations = 40, Tolerance = 0, Seed = (ulong)seed };
            IReadOnlyList<double> bounds = seed % 2 == 0
                ? FactorAnalysis.Fit(Observe(rows, weights), new FactorAnalysisOptions { Factors = factors }, fit, runtime).Bounds
                : ProbabilisticPca.Fit(Observe(rows, weights), new ProbabilisticPcaOptions { Factors = factors, Iterate = true }, fit, runtime).Bounds;
            for (int i = 1; i < bounds.Count; i++) Assert.True(bounds[i] >= bounds[i - 1] - 1e-9 * Math.Max(1, Math.Abs(bounds[i])), $"seed {seed}, iteration {i}: {bounds[i - 1]:R} to {bounds[i]:R}");
            if (bounds[^1] > bounds[0] + 1e-6) risen++;
        }

        Assert.True(risen > 200, $"{risen} of 300 rose");
    }

    [Fact]
    public void EM_and_the_ascent_on_the_covariance_agree()
    {
        // One missing value sends the fit to EM; a row that is wholly missing changes nothing else.
        Matrix rows = Rows(33, 150, 6, 2), more = new(151, 6);
        rows.Values.CopyTo(more.Values);
        more.Row(150).Fill(double.NaN);
        FitOptions precise = new() { Tolerance = 1e-12, MaxIterations = 50_000 };
        FitResult<FactorAnalysis> ascent = FactorAnalysis.Fit(Observe(rows), new FactorAnalysisOptions { Factors = 2 }, precise, runtime);
        FitResult<FactorAnalysis> em = FactorAnalysis.Fit(Observe(more), new FactorAnalysisOptions { Factors = 2 }, precise, runtime);
        Close(ascent.Elbo * 150, em.Elbo * 151, 1e-8, "likelihood");
        Equal(ascent.Model.Covariance(), em.Model.Covariance(), 1e-3, "covariance");
    }

    [Fact]
    public void At_the_fit_the_gradient_vanishes()
    {
        Matrix rows = Rows(34, 100, 4, 1, missing: 0.3);
        FactorAnalysis model = FactorAnalysis.Fit(Observe(rows), new FactorAnalysisOptions { Factors = 1 }, new FitOptions { Tolerance = 1e-14, MaxIterations = 50_000 }, runtime).Model;
        for (int parameter = 0; parameter < 12; parameter++)
        {
            double slope = (Likelihood(parameter, 1e-4) - Likelihood(parameter, -1e-4)) / 2e-4;
            Assert.True(Math.Abs(slope) < 1e-4, $"parameter {parameter}: {slope}");
        }

        Assert.True(Likelihood(0, 0.1) < Likelihood(0, 0) - 1e-4);

        double Likelihood(int parameter, double step)
        {
            double[] mean = model.Mean.ToArray(), noise = model.NoiseVariances.ToArray();
            Matrix loadings = model.Loadings;
            if (parameter < 4) mean[parameter] += step;
            else if (parameter < 8) loadings[parameter - 4, 0] += step;
            else noise[parameter - 8] += step;
            return LogDensity(new FactorAnalysis(mean, loadings, noise), Observe(rows), runtime).Average();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void A_weight_counts_as_often_as_the_row_repeated(double missing)
    {
        Matrix rows = Rows(35, 40, 5, 2, missing);
        int[] repeats = [.. Enumerable.Range(0, 40).Select(i => i % 4)];
        Matrix repeated = new(repeats.Sum(), 5);
        int next = 0;
        for (int i = 0; i < 40; i++)
            for (int r = 0; r < repeats[i]; r++) rows.Row(i).CopyTo(repeated.Row(next++));
        FitOptions fit = new() { MaxIterations = 30, Tolerance = 0 };
        FitResult<FactorAnalysis> weighted = FactorAnalysis.Fit(Observe(rows, [.. repeats.Select(r => (double)r)]), new FactorAnalysisOptions { Factors = 2 }, fit, runtime);
        FitResult<FactorAnalysis> plain = FactorAnalysis.Fit(Observe(repeated), new FactorAnalysisOptions { Factors = 2 }, fit, runtime);
        Close(plain.Bounds.ToArray(), weighted.Bounds.ToArray(), 1e-9, "bounds");
        Assert.Equal(plain.TotalWeight, weighted.TotalWeight);
        Close(plain.Bic, weighted.Bic, 1e-9, "BIC");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Results_do_not_depend_on_the_threads(double missing)
    {
        Matrix rows = Rows(36, 3000, 12, 3, missing);
        byte[][] all = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using Runtime own = new(threads);
            FitResult<FactorAnalysis> fit = FactorAnalysis.Fit(Observe(rows), new FactorAnalysisOptions { Factors = 3 }, new FitOptions { MaxIterations = 5, Tolerance = 0, Restarts = 2 }, own);
            FitResult<ProbabilisticPca> pca = ProbabilisticPca.Fit(Observe(rows), new ProbabilisticPcaOptions { Factors = 3 }, new FitOptions { MaxIterations = 5 }, own);
            double[] densities = LogDensity(fit.Model, Observe(rows), own);
            return (byte[])[.. fit.Model.Parameters.SelectMany(p => p.Value.Bytes.ToArray()), .. pca.Model.Parameters.SelectMany(p => p.Value.Bytes.ToArray()), .. densities.SelectMany(BitConverter.GetBytes)];
        })];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }
}
