using Elbo.Inference;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Storage;
using static Elbo.Tests.Graphs;
using static Elbo.Tests.Models.Factors.FactorProblems;

namespace Elbo.Tests.Models.Factors;

public sealed class FactorAnalysisTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Covariance_times_precision_is_the_identity(int factors)
    {
        Matrix rows = Rows(21, 200, 6, 2);
        FitResult<FactorAnalysis> fit = FactorAnalysis.Fit(Observe(rows), new FactorAnalysisOptions { Factors = factors }, new FitOptions { MaxIterations = 200 }, runtime);
        Equal(Elbo.Numerics.Matrix.Identity(6), fit.Model.Covariance() * fit.Model.Precision(), 1e-8, "covariance times precision");
        Close(fit.Elbo, LogDensity(fit.Model, Observe(rows), runtime).Average(), 1e-10, "the bound of the model returned");
        (double[] mean, Matrix covariance) = Moments(rows);
        double full = -0.5 * (6 * Math.Log(2 * Math.PI) + CholeskyFactor.TryFactor(covariance)!.LogDeterminant + 6);
        Assert.True(fit.Elbo <= full + 1e-9, "no factor model is better than the full Gaussian");
        if (factors == 6) Close(full, fit.Elbo, 1e-3, "as many factors as columns");
        if (factors == 0) for (int j = 0; j < 6; j++) Close(covariance[j, j], fit.Model.NoiseVariances[j], 1e-12, "variance");
        Close(mean, fit.Model.Mean.ToArray(), 1e-12, "mean");
        Assert.Equal(6 + Math.Min(6 * factors - factors * (factors - 1) / 2 + 6, 21), fit.Model.FreeParameters);
    }

    [Fact]
    public void Many_columns_take_the_same_path_as_a_full_factorisation()
    {
        Matrix rows = Rows(22, 500, 80, 4);
        RowMoments moments = RowMoments.Of(Observe(rows), runtime);
        double[] noise = ProbabilisticPca.Same(1, 80);
        FitResult<FactorAnalysis> fit = FactorAnalysis.Fit(Observe(rows), new FactorAnalysisOptions { Factors = 4, StartNoise = noise }, new FitOptions { MaxIterations = 12, Tolerance = 0 }, runtime);
        for (int iteration = 0; iteration < fit.Bounds.Count; iteration++)
        {
            Matrix scaled = new(80, 80);
            for (int i = 0; i < 80; i++)
                for (int j = 0; j < 80; j++) scaled[i, j] = moments.Covariance[i, j] / Math.Sqrt(noise[i] * noise[j]);
            SymmetricEigen eigen = SymmetricEigen.Of(scaled);
            double bound = 80 * Math.Log(2 * Math.PI) + noise.Sum(Math.Log) + eigen.Values.Take(4).Sum(value => Math.Log(value) + 1) + eigen.Values.Skip(4).Sum();
            Close(-0.5 * bound, fit.Bounds[iteration], 1e-10, $"iteration {iteration}");
            noise = [.. Enumerable.Range(0, 80).Select(i => moments.Covariance[i, i] - noise[i] * Enumerable.Range(0, 4).Sum(k => (eigen.Values[k] - 1) * eigen.Vectors[i, k] * eigen.Vectors[i, k]))];
        }
    }

    [Fact]
    public void A_column_that_the_factors_explain_wholly_is_reported()
    {
        // The last column is the sum of the factors, exactly: its noise variance has no positive maximum.
        Matrix rows = Rows(23, 300, 6, 1);
        for (int i = 0; i < 300; i++) rows[i, 5] = rows[i, 0] - rows[i, 1];
        FitResult<FactorAnalysis> fit = FactorAnalysis.Fit(Observe(rows), new FactorAnalysisOptions { Factors = 2 }, new FitOptions { Tolerance = 1e-9, MaxIterations = 20_000 }, runtime);
        Assert.NotEmpty(fit.Model.HeywoodColumns);
        Assert.Contains("Heywood", fit.Explanation, StringComparison.Ordinal);
        Assert.All(fit.Model.HeywoodColumns, column => Assert.Contains(column, new[] { 0, 1, 5 }));
        Assert.True(double.IsFinite(fit.Elbo));
        FactorAnalysis loaded = FactorAnalysis.Load(fit.Model.Definition, new Dictionary<string, NumericArray>(fit.Model.Parameters));
        Assert.Equal(fit.Model.HeywoodColumns, loaded.HeywoodColumns);
    }

    [Fact]
    public void Varimax_gives_the_known_rotation()
    {
        // scikit-learn's own test and tolerance, whose values come from R's psych::principal with rotate = "varimax".
        Matrix loadings = Elbo.Numerics.Matrix.FromRows([0.89421016, -0.35854928], [-0.45081822, -0.89132754], [0.99500666, -0.02031465], [0.96822861, -0.06299656]);
        Matrix rotated = Orthomax.Rotate(loadings, FactorRotation.Varimax);
        double[,] expected = { { 0.962, 0.052 }, { -0.141, 0.989 }, { 0.949, -0.300 }, { 0.937, -0.251 } };
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < 2; k++) Assert.Equal(Math.Abs(expected[i, k]), Math.Abs(rotated[i, k]), 1.5e-3);
    }

    [Theory]
    [InlineData(FactorRotation.Varimax, 1)]
    [InlineData(FactorRotation.Quartimax, 0)]
    public void A_rotation_keeps_the_density_and_raises_its_criterion_to_a_maximum(FactorRotation rotation, double gamma)
    {
        Matrix rows = Rows(24, 300, 9, 3);
        FactorAnalysisOptions options = new() { Factors = 3 };
        FactorAnalysis plain = FactorAnalysis.Fit(Observe(rows), options, new FitOptions(), runtime).Model;
        FactorAnalysis rotated = FactorAnalysis.Fit(Observe(rows), options with { Rotation = rotation }, new FitOptions(), runtime).Model;
        Equal(plain.Covariance(), rotated.Covariance(), 1e-11, "covariance");
        Equal(rotated.Loadings, plain.Rotate(rotation).Loadings, 1e-9, "rotated afterwards");
        Equal(plain.Reconstruct(Observe(rows), runtime), rotated.Reconstruct(Observe(rows), runtime), 1e-9, "reconstruction");
        double best = Criterion(rotated.Loadings);
        Assert.True(best > Criterion(plain.Loadings) + 1e-3);
        RandomStream random = new(5);
        for (ulong trial = 0; trial < 60; trial++)
        {
            Matrix turned = rotated.Loadings;
            int p = (int)(trial % 3), q = (p + 1) % 3;
            (double sine, double cosine) = Math.SinCos(0.2 * random.Normal(trial));
            for (int i = 0; i < 9; i++) (turned[i, p], turned[i, q]) = (cosine * turned[i, p] + sine * turned[i, q], cosine * turned[i, q] - sine * turned[i, p]);
            Assert.True(Criterion(turned) <= best + 1e-9, $"trial {trial}");
        }

        double Criterion(Matrix w)
        {
            double sum = 0;
            for (int k = 0; k < w.Columns; k++)
            {
                double squares = 0;
                for (int i = 0; i < w.Rows; i++)
                {
                    sum += Math.Pow(w[i, k], 4);
                    squares += w[i, k] * w[i, k];
                }

                sum -= gamma * squares * squares / w.Rows;
            }

            return sum;
        }
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_in_a_sentence()
    {
        Matrix rows = Rows(25, 20, 3, 1);
        Refused(rows, new FactorAnalysisOptions { Factors = -1 }, "ask for 0 to 3");
        Refused(rows, new FactorAnalysisOptions { Factors = 1, StartNoise = [1, 1] }, "2 noise variances");
        Refused(rows, new FactorAnalysisOptions { Factors = 1, StartNoise = [1, 0, 1] }, "noise variance of column 1 is 0");
        for (int i = 0; i < 20; i++) rows[i, 2] = 0.1;
        Refused(rows, new FactorAnalysisOptions { Factors = 1 }, "Column 'x2' of 'rows' is constant at 0.1");
    }

    private void Refused(Matrix rows, FactorAnalysisOptions options, string words) =>
        Assert.Contains(words, Assert.Throws<ElboException>(() => FactorAnalysis.Fit(Observe(rows), options, new FitOptions(), runtime)).Message, StringComparison.Ordinal);
}
