using Elbo.Inference;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Storage;
using static Elbo.Tests.Graphs;
using static Elbo.Tests.Models.Factors.FactorProblems;

namespace Elbo.Tests.Models.Factors;

public sealed class ProbabilisticPcaTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(7)]
    public void The_optimum_has_its_closed_form(int factors)
    {
        // Tipping and Bishop 1999, equations 7 to 9: the likelihood is a function of the eigenvalues of the covariance.
        Matrix rows = Rows(1, 90, 7, 3);
        FitResult<ProbabilisticPca> fit = ProbabilisticPca.Fit(Observe(rows), new ProbabilisticPcaOptions { Factors = factors }, new FitOptions(), runtime);
        (double[] mean, Matrix covariance) = Moments(rows);
        IReadOnlyList<double> values = SymmetricEigen.Of(covariance).Values;
        double noise = factors == 7 ? values[6] : values.Skip(factors).Average();
        double expected = -0.5 * (7 * Math.Log(2 * Math.PI) + values.Take(factors).Sum(Math.Log) + (7 - factors) * Math.Log(noise) + 7);
        Close(noise, fit.Model.NoiseVariance, 1e-12, "noise variance");
        Close(expected, fit.Elbo, 1e-12, "likelihood");
        Close(expected, LogDensity(fit.Model, Observe(rows), runtime).Average(), 1e-12, "likelihood of the rows");
        Close(mean, fit.Model.Mean.ToArray(), 1e-12, "mean");
        Assert.Equal(FitStop.ClosedForm, fit.Stop);
        Assert.Equal(7 + Math.Min(7 * factors - factors * (factors - 1) / 2 + 1, 28), fit.Model.FreeParameters);
        if (factors >= 6) Equal(covariance, fit.Model.Covariance(), 1e-10, "covariance");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    public void EM_reaches_the_closed_form(int seed, int factors)
    {
        Matrix rows = Rows(seed, 120, 8, 4);
        double[] weights = [.. Enumerable.Range(0, 120).Select(i => 0.25 + i % 4)];
        ProbabilisticPcaOptions options = new() { Factors = factors };
        FitOptions precise = new() { Tolerance = 1e-14, MaxIterations = 20_000 };
        FitResult<ProbabilisticPca> closed = ProbabilisticPca.Fit(Observe(rows, weights), options, precise, runtime);
        ProbabilisticPca start = new(closed.Model.Mean, Perturbed(closed.Model.Loadings), 3);
        FitResult<ProbabilisticPca> iterated = ProbabilisticPca.Fit(Observe(rows, weights), options with { Iterate = true, Start = start }, precise, runtime);
        Assert.True(iterated.Converged && iterated.Iterations > 3, iterated.Explanation);
        Assert.True(iterated.Bounds[0] < closed.Elbo - 0.01, "the start was the optimum already");
        Close(closed.Elbo, iterated.Elbo, 1e-10, "likelihood");
        Close(closed.Model.NoiseVariance, iterated.Model.NoiseVariance, 1e-5, "noise variance");
        Equal(closed.Model.Covariance(), iterated.Model.Covariance(), 1e-4, "covariance");
    }

    [Fact]
    public void Loadings_are_the_leading_directions_of_many_columns()
    {
        // More columns than the full factorisation is used for: block Krylov spaces against the full one.
        Matrix rows = Rows(5, 400, 90, 6);
        FitResult<ProbabilisticPca> fit = ProbabilisticPca.Fit(Observe(rows), new ProbabilisticPcaOptions { Factors = 6 }, new FitOptions(), runtime);
        SymmetricEigen eigen = SymmetricEigen.Of(Moments(rows).Covariance);
        double noise = eigen.Values.Skip(6).Average();
        Close(noise, fit.Model.NoiseVariance, 1e-11, "noise variance");
        Matrix loadings = fit.Model.Loadings;
        for (int k = 0; k < 6; k++)
            for (int i = 0; i < 90; i++) Close(Math.Sqrt(eigen.Values[k] - noise) * eigen.Vectors[i, k], loadings[i, k], 1e-8, $"loading {i}, {k}");
    }

    [Fact]
    public void Encode_and_reconstruct_are_those_of_the_joint_Gaussian()
    {
        Matrix rows = Rows(8, 40, 5, 2, missing: 0.3);
        ProbabilisticPca model = ProbabilisticPca.Fit(Observe(rows), new ProbabilisticPcaOptions { Factors = 2 }, new FitOptions(), runtime).Model;
        Matrix codes = model.Encode(Observe(rows), runtime), filled = model.Impute(Observe(rows), null, runtime), loadings = model.Loadings, covariance = model.Covariance();
        Matrix reconstructed = model.Reconstruct(Observe(rows), runtime);
        for (int i = 0; i < rows.Rows; i++)
        {
            int[] observed = [.. Enumerable.Range(0, 5).Where(j => !double.IsNaN(rows[i, j]))];
            double[] solved = [.. observed.Select(j => rows[i, j] - model.Mean[j])];
            Matrix part = new(observed.Length, observed.Length);
            for (int a = 0; a < observed.Length; a++)
                for (int b = 0; b < observed.Length; b++) part[a, b] = covariance[observed[a], observed[b]];
            CholeskyFactor.TryFactor(part)!.Solve(solved);
            for (int k = 0; k < 2; k++) Close(observed.Select((j, at) => loadings[j, k] * solved[at]).Sum(), codes[i, k], 1e-10, $"code {i}, {k}");
            for (int j = 0; j < 5; j++)
            {
                // E[xⱼ|x observed] of a missing value is the reconstruction itself.
                Close(model.Mean[j] + VectorMath.Dot(loadings.Row(j), codes.Row(i)), reconstructed[i, j], 1e-12, $"reconstruction {i}, {j}");
                if (observed.Contains(j)) Assert.Equal(rows[i, j], filled[i, j]);
                else Close(model.Mean[j] + observed.Select((o, at) => covariance[j, o] * solved[at]).Sum(), filled[i, j], 1e-10, $"filled {i}, {j}");
            }
        }
    }

    [Fact]
    public void Draws_of_missing_values_have_the_conditional_moments()
    {
        ProbabilisticPca model = new([1, -1, 0.5], Elbo.Numerics.Matrix.FromRows([1.5, 0], [0.8, 0.6], [-0.4, 1.1]), 0.3);
        const int Count = 40_000;
        Matrix rows = new(Count, 3);
        for (int i = 0; i < Count; i++) (rows[i, 0], rows[i, 1], rows[i, 2]) = (2.2, double.NaN, double.NaN);
        Matrix drawn = model.Impute(Observe(rows), new RandomStream(3), runtime);
        (double[] mean, Matrix covariance) = Moments(drawn);
        Matrix joint = model.Covariance();
        for (int a = 1; a < 3; a++)
        {
            Close(model.Mean[a] + joint[a, 0] / joint[0, 0] * 1.2, mean[a], 0.03, $"mean {a}");
            for (int b = 1; b < 3; b++) Close(joint[a, b] - joint[a, 0] * joint[0, b] / joint[0, 0], covariance[a, b], 0.04, $"covariance {a}, {b}");
        }
    }

    [Fact]
    public void Samples_have_the_models_moments()
    {
        ProbabilisticPca model = new([1, -1, 0.5], Elbo.Numerics.Matrix.FromRows([1.5, 0], [0.8, 0.6], [-0.4, 1.1]), 0.3);
        (double[] mean, Matrix covariance) = Moments(model.Sample(60_000, new RandomStream(4)));
        Close(model.Mean.ToArray(), mean, 0.03, "mean");
        Equal(model.Covariance(), covariance, 0.04, "covariance");
    }

    [Fact]
    public void Rows_in_a_plane_reach_the_floor_and_say_so()
    {
        Matrix rows = Rows(9, 50, 5, 2, noise: 0);
        FitResult<ProbabilisticPca> fit = ProbabilisticPca.Fit(Observe(rows), new ProbabilisticPcaOptions { Factors = 3 }, new FitOptions(), runtime);
        Assert.Contains("floor", fit.Explanation, StringComparison.Ordinal);
        Assert.True(double.IsFinite(fit.Elbo) && fit.Model.NoiseVariance > 0);
        Close(fit.Elbo, LogDensity(fit.Model, Observe(rows), runtime).Average(), 1e-6, "likelihood");
    }

    [Fact]
    public void A_saved_model_loads_to_the_same_densities()
    {
        Matrix rows = Rows(10, 30, 4, 2, missing: 0.2);
        ProbabilisticPca model = ProbabilisticPca.Fit(Observe(rows), new ProbabilisticPcaOptions { Factors = 2 }, new FitOptions(), runtime).Model;
        Dictionary<string, NumericArray> parameters = new(model.Parameters);
        Assert.Equal(LogDensity(model, Observe(rows), runtime), LogDensity(ProbabilisticPca.Load(model.Definition, parameters), Observe(rows), runtime));
        parameters["noiseVariance"] = NumericArray.From<double>([-1], 1);
        Assert.Contains("noise variance of column 0 is -1", Assert.Throws<ElboException>(() => ProbabilisticPca.Load(model.Definition, parameters)).Message, StringComparison.Ordinal);
        parameters.Remove("noiseVariance");
        Assert.Contains("noiseVariance", Assert.Throws<ElboException>(() => ProbabilisticPca.Load(model.Definition, parameters)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_in_a_sentence()
    {
        Matrix rows = Rows(11, 20, 3, 1);
        Refused(rows, new ProbabilisticPcaOptions { Factors = 4 }, "ask for 0 to 3");
        Refused(rows, new ProbabilisticPcaOptions { NoiseFloor = 0 }, "noise floor is 0");
        Refused(rows, new ProbabilisticPcaOptions { Factors = 1, Start = new ProbabilisticPca([0, 0], new Matrix(2, 1), 1) }, "2 columns and 1 factors, and 3 and 1");
        Refused(new Matrix(5, 2), new ProbabilisticPcaOptions { Factors = 1 }, "constant");
        for (int i = 0; i < 20; i++) rows[i, 1] = double.NaN;
        Refused(rows, new ProbabilisticPcaOptions { Factors = 1 }, "Column 'x1' of 'rows' has no value");
    }

    private void Refused(Matrix rows, ProbabilisticPcaOptions options, string words) =>
        Assert.Contains(words, Assert.Throws<ElboException>(() => ProbabilisticPca.Fit(Observe(rows), options, new FitOptions(), runtime)).Message, StringComparison.Ordinal);

    private static Matrix Perturbed(Matrix loadings)
    {
        RandomStream random = new(17);
        for (int i = 0; i < loadings.Values.Length; i++) loadings.Values[i] += random.Normal((ulong)i);
        return loadings;
    }
}
