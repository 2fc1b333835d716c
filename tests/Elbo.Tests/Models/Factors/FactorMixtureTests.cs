using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Models.Factors;
using Elbo.Numerics;
using Elbo.Storage;
using static Elbo.Tests.Graphs;
using static Elbo.Tests.Models.Factors.FactorProblems;

namespace Elbo.Tests.Models.Factors;

public sealed class FactorMixtureTests : IDisposable
{
    private static readonly FitOptions Precise = new() { Tolerance = 1e-13, MaxIterations = 20_000 };

    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    public void One_component_is_probabilistic_PCA(double missing)
    {
        Observations rows = Observe(Rows(51, 150, 6, 3, missing), [.. Enumerable.Range(0, 150).Select(i => 0.5 + i % 3)]);
        FitResult<ProbabilisticPca> alone = ProbabilisticPca.Fit(rows, new ProbabilisticPcaOptions { Factors = 2 }, Precise, runtime);
        FitResult<FactorMixture> mixture = FactorMixture.Fit(rows, new FactorMixtureOptions { Components = 1, Factors = 2 }, Precise, runtime);
        Close(alone.Elbo, mixture.Elbo, 1e-9, "likelihood");
        Close(alone.Model.NoiseVariance, ((ProbabilisticPca)mixture.Model.Component(0)).NoiseVariance, 1e-4, "noise variance");
        Equal(alone.Model.Covariance(), mixture.Model.Component(0).Covariance(), 2e-3, "covariance");
        Assert.Equal(alone.Model.FreeParameters, mixture.Model.FreeParameters);
    }

    [Fact]
    public void One_component_with_noise_of_its_own_is_factor_analysis()
    {
        Observations rows = Observe(Rows(52, 150, 6, 2, 0.2));
        FitResult<FactorAnalysis> alone = FactorAnalysis.Fit(rows, new FactorAnalysisOptions { Factors = 2 }, Precise, runtime);
        foreach (FactorNoise noise in new[] { FactorNoise.Diagonal, FactorNoise.Shared })
        {
            FitResult<FactorMixture> mixture = FactorMixture.Fit(rows, new FactorMixtureOptions { Components = 1, Factors = 2, Noise = noise, NoiseFloor = 1e-6 }, Precise, runtime);
            Close(alone.Elbo, mixture.Elbo, 1e-8, "likelihood");
            Assert.Equal(alone.Model.FreeParameters, mixture.Model.FreeParameters);
        }
    }

    [Theory]
    [InlineData(FactorNoise.Isotropic)]
    [InlineData(FactorNoise.Diagonal)]
    [InlineData(FactorNoise.Shared)]
    public void All_answers_are_those_of_the_Gaussian_mixture_with_the_same_covariances(FactorNoise noise)
    {
        Observations rows = Observe(TwoPlanes(53, 200, 0.2));
        FactorMixture model = FactorMixture.Fit(rows, new FactorMixtureOptions { Components = 3, Factors = 2, Noise = noise }, new FitOptions { MaxIterations = 30 }, runtime).Model;
        double[] covariances = [.. Enumerable.Range(0, 3).SelectMany(k => model.Component(k).Covariance().Values.ToArray())];
        GaussianMixture dense = GaussianMixture.Create(model.Weights, model.ComponentMeans(), covariances, CovarianceKind.Full);
        Close(LogDensity(dense, rows, runtime), LogDensity(model, rows, runtime), 1e-9, "density");
        Equal(dense.Encode(rows, runtime), model.Encode(rows, runtime), 1e-8, "responsibilities");
        Equal(dense.Impute(rows, null, runtime), model.Impute(rows, null, runtime), 1e-8, "filled in");
        Equal(model.Impute(rows, null, runtime), Overwritten(model.Reconstruct(rows, runtime), rows.ToMatrix()), 1e-9, "what is missing is reconstructed");
    }

    [Fact]
    public void Draws_have_the_moments_of_the_mixture()
    {
        FactorMixture model = FactorMixture.Fit(Observe(TwoPlanes(54, 300, 0)), new FactorMixtureOptions { Components = 2, Factors = 1 }, new FitOptions(), runtime).Model;
        (double[] mean, Matrix covariance) = Moments(model.Sample(60_000, new RandomStream(6)));
        Matrix means = model.ComponentMeans();
        double[] expected = [.. Enumerable.Range(0, 5).Select(j => Enumerable.Range(0, 2).Sum(k => model.Weights[k] * means[k, j]))];
        Close(expected, mean, 0.05, "mean");
        for (int j = 0; j < 5; j++)
        {
            double second = Enumerable.Range(0, 2).Sum(k => model.Weights[k] * (model.Component(k).Covariance()[j, j] + means[k, j] * means[k, j]));
            Close(second - expected[j] * expected[j], covariance[j, j], 0.03, $"variance {j}");
        }
    }

    [Fact]
    public void EM_never_lowers_the_likelihood()
    {
        // FitLoop throws where the bound falls by more than rounding.
        for (int seed = 0; seed < 120; seed++)
        {
            RandomStream random = new RandomStream((ulong)seed).Split(77);
            int columns = 2 + (int)random.Integer(5, 0), count = 12 + (int)random.Integer(60, 1);
            Matrix rows = Rows(2000 + seed, count, columns, 2, missing: 0.4 * random.Uniform(2));
            for (int i = 0; i < count; i += 2)
                for (int j = 0; j < columns; j++) rows[i, j] += 4;
            for (int j = 0; j < columns; j++) (rows[0, j], rows[1, j]) = (j + 0.3, j - 0.6);
            double[] weights = [.. Enumerable.Range(0, count).Select(i => i > 1 && i % 7 == 0 ? 0 : 0.2 + random.Uniform((ulong)(50 + i)))];
            FactorMixtureOptions options = new()
            {
                Components = 1 + (int)random.Integer(4, 3),
                Factors = (int)random.Integer((uint)columns + 1, 4),
                Noise = (FactorNoise)(seed % 3),
                Start = (StartMethod)(seed % 2 == 0 ? 0 : 2),
            };
            IReadOnlyList<double> bounds = FactorMixture.Fit(Observe(rows, weights), options, new FitOptions { MaxIterations = 30, Tolerance = 0, Seed = (ulong)seed }, runtime).Bounds;
            for (int i = 1; i < bounds.Count; i++) Assert.True(bounds[i] >= bounds[i - 1] - 1e-9 * Math.Max(1, Math.Abs(bounds[i])), $"seed {seed}, iteration {i}: {bounds[i - 1]:R} to {bounds[i]:R}");
        }
    }

    [Fact]
    public void Two_planes_are_told_apart()
    {
        // Rows of both planes share their mean, so only the directions tell them apart: k-means cannot.
        const int Count = 600;
        RandomStream random = new(55);
        Matrix rows = new(Count, 4);
        for (int i = 0; i < Count; i++)
        {
            double z = 3 * random.Normal((ulong)(10 * i));
            for (int j = 0; j < 4; j++) rows[i, j] = 0.2 * random.Normal((ulong)(10 * i + 1 + j)) + (j == i % 2 ? z : 0);
        }

        FitResult<FactorMixture> fit = FactorMixture.Fit(Observe(rows), new FactorMixtureOptions { Components = 2, Factors = 1 }, new FitOptions { Restarts = 5 }, runtime);
        Matrix codes = fit.Model.Encode(Observe(rows), runtime);
        int agree = Enumerable.Range(0, Count).Count(i => codes[i, i % 2] > 0.5);
        Assert.True(Math.Max(agree, Count - agree) > 0.9 * Count, $"{agree} of {Count}");
        Assert.All(Enumerable.Range(0, 2), k => Close(0.04, ((ProbabilisticPca)fit.Model.Component(k)).NoiseVariance, 0.005, "noise variance"));
    }

    [Fact]
    public void Results_do_not_depend_on_the_threads()
    {
        Observations rows = Observe(TwoPlanes(56, 3000, 0.1));
        byte[][] all = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using Runtime own = new(threads);
            FactorMixture model = FactorMixture.Fit(rows, new FactorMixtureOptions { Components = 3, Factors = 2 }, new FitOptions { MaxIterations = 4, Tolerance = 0 }, own).Model;
            return (byte[])[.. model.Parameters.SelectMany(p => p.Value.Bytes.ToArray()), .. model.Reconstruct(rows, own).Values.ToArray().SelectMany(BitConverter.GetBytes)];
        })];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    public void A_saved_model_loads_and_continues()
    {
        Observations rows = Observe(TwoPlanes(57, 200, 0.1));
        FactorMixtureOptions options = new() { Components = 2, Factors = 1, Noise = FactorNoise.Diagonal };
        FitResult<FactorMixture> fit = FactorMixture.Fit(rows, options, new FitOptions { MaxIterations = 5 }, runtime);
        FactorMixture loaded = FactorMixture.Load(fit.Model.Definition, new Dictionary<string, NumericArray>(fit.Model.Parameters));
        Assert.Equal(LogDensity(fit.Model, rows, runtime), LogDensity(loaded, rows, runtime));
        Assert.Equal("mixture-factor-analysis", loaded.Kind);
        FitResult<FactorMixture> more = FactorMixture.Fit(rows, options with { StartModel = loaded }, new FitOptions { MaxIterations = 3 }, runtime);
        Close(fit.Elbo, more.Bounds[0], 1e-12, "where it left off");
        ElboException refused = Assert.Throws<ElboException>(() => FactorMixture.Fit(rows, options with { Factors = 2, StartModel = loaded }, new FitOptions(), runtime));
        Assert.Contains("1 factors and diagonal noise, and 2, 5, 2 and diagonal", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<ElboException>(() => FactorMixture.Fit(Observe(new Matrix(4, 2)), options, new FitOptions(), runtime));
        Assert.Contains("holds the one value 0", refused.Message, StringComparison.Ordinal);
    }

    private static Matrix TwoPlanes(int seed, int rows, double missing)
    {
        Matrix result = Rows(seed, rows, 5, 2, missing), other = Rows(seed + 1000, rows, 5, 1, missing);
        for (int i = 0; i < rows; i += 3)
            for (int j = 0; j < 5; j++) result[i, j] = other[i, j] + 5;
        return result;
    }

    private static Matrix Overwritten(Matrix result, Matrix rows)
    {
        for (int i = 0; i < rows.Values.Length; i++)
            if (!double.IsNaN(rows.Values[i])) result.Values[i] = rows.Values[i];
        return result;
    }
}
