using System.Runtime.InteropServices;
using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Storage;

namespace Elbo.Tests.Models.Mixtures;

public class GaussianMixtureFitTests
{
    [Fact]
    public void One_component_has_its_closed_form()
    {
        const int N = 50, D = 3;
        Matrix rows = MixtureProblems.Rows(N, D, 1, 4);
        FitResult<GaussianMixture> fit = Fit(rows, new GaussianMixtureOptions { Regularization = 0 });
        Matrix covariance = new(D, D);
        for (int i = 0; i < D; i++)
        {
            for (int j = 0; j < D; j++)
            {
                double meanI = Enumerable.Range(0, N).Average(n => rows[n, i]), meanJ = Enumerable.Range(0, N).Average(n => rows[n, j]);
                covariance[i, j] = Enumerable.Range(0, N).Average(n => (rows[n, i] - meanI) * (rows[n, j] - meanJ));
            }
        }

        double determinant = CholeskyFactor.TryFactor(covariance)!.LogDeterminant;
        Assert.Equal(-0.5 * (D * Math.Log(2 * Math.PI) + determinant + D), fit.Elbo, 1e-12);
    }

    [Fact]
    public void In_one_column_one_component_has_the_same_BIC_with_every_covariance()
    {
        Matrix rows = MixtureProblems.Rows(40, 1, 1, 5);
        double[] values = [.. Enum.GetValues<CovarianceKind>().Select(kind => Fit(rows, new GaussianMixtureOptions { Covariance = kind }).Bic)];
        Assert.All(values, value => Assert.Equal(values[0], value, 1e-9));
    }

    [Fact]
    public void A_thousand_problems_with_gaps_weights_and_near_copies_never_lower_the_likelihood()
    {
        using Runtime runtime = new(1);
        int singular = 0;
        for (ulong seed = 1; seed <= 1000; seed++)
        {
            RandomStream random = new RandomStream(seed).Split(99);
            int count = 12 + (int)random.Integer(30, 0), columns = 1 + (int)random.Integer(4, 1), components = 1 + (int)random.Integer(4, 2);
            Matrix rows = MixtureProblems.Rows(count, columns, 1 + (int)random.Integer(4, 3), seed, random.Uniform(4) < 0.5 ? 0.2 : 0, random.Uniform(5) < 0.5 ? 1e-7 : 0);
            double[]? weights = random.Uniform(6) < 0.5 ? null : [.. Enumerable.Range(0, count).Select(n => n % 5 == 0 ? 0 : random.Split(1).Uniform((ulong)n))];
            GaussianMixtureOptions options = new()
            {
                Components = components,
                Covariance = (CovarianceKind)(seed % 4),
                Regularization = random.Uniform(7) < 0.5 ? 1e-6 : 1e-3,
                Start = (StartMethod)random.Integer(3, 8),
            };
            try
            {
                FitResult<GaussianMixture> fit = GaussianMixture.Fit(MixtureProblems.Observations(rows, weights), options, new FitOptions { Seed = seed, MaxIterations = 30, Tolerance = 0 }, runtime);
                for (int i = 1; i < fit.Bounds.Count; i++)
                    Assert.True(fit.Bounds[i] - fit.Bounds[i - 1] >= -1e-10 * Math.Max(1, Math.Abs(fit.Bounds[i])), $"Seed {seed}, iteration {i}: {fit.Bounds[i - 1]:R} to {fit.Bounds[i]:R}.");
                Assert.All(fit.Model.Parameters.SelectMany(static parameter => parameter.Value.ToDouble()), static value => Assert.True(double.IsFinite(value)));
            }
            catch (ElboException exception) when (exception.Message.Contains("singular", StringComparison.Ordinal) || exception.Message.Contains("one value", StringComparison.Ordinal))
            {
                singular++;
            }
        }

        Assert.True(singular < 20, $"{singular} problems were refused.");
    }

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    [InlineData(CovarianceKind.Spherical)]
    public void One_two_and_three_threads_give_the_same_bytes(CovarianceKind kind)
    {
        Matrix rows = MixtureProblems.Rows(3000, 5, 3, 11, missing: kind == CovarianceKind.Tied ? 0 : 0.05);
        byte[][] results = [.. Enumerable.Range(1, 3).Select(threads =>
        {
            using Runtime runtime = new(threads);
            FitResult<GaussianMixture> fit = GaussianMixture.Fit(
                MixtureProblems.Observations(rows), new GaussianMixtureOptions { Components = 3, Covariance = kind }, new FitOptions { MaxIterations = 15, Restarts = 2 }, runtime);
            return (byte[])[.. fit.Model.Parameters.SelectMany(static parameter => parameter.Value.Bytes.ToArray()), .. MemoryMarshal.AsBytes<double>(fit.Bounds.ToArray())];
        })];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void Values_about_ten_thousand_never_give_a_negative_variance()
    {
        foreach (CovarianceKind kind in Enum.GetValues<CovarianceKind>())
        {
            GaussianMixture pair = Fit(Matrix.FromRows([9999], [0]), new GaussianMixtureOptions { Covariance = kind }).Model;
            Assert.Equal(9999.0 * 9999 / 4, pair.ComponentCovariance(0)[0, 0], 1e-3);
            Matrix rows = MixtureProblems.Rows(200, 2, 2, 3);
            for (int i = 0; i < rows.Values.Length; i++) rows.Values[i] = (float)(1e4 + 1e-2 * rows.Values[i]);
            GaussianMixture model = Fit(rows, new GaussianMixtureOptions { Components = 2, Covariance = kind }).Model;
            for (int k = 0; k < 2; k++)
                for (int j = 0; j < 2; j++) Assert.InRange(model.ComponentCovariance(k)[j, j], 2e-5, 5e-3);
        }
    }

    [Fact]
    public void A_weight_of_two_is_a_row_twice()
    {
        Matrix rows = MixtureProblems.Rows(30, 2, 2, 8), doubled = new(40, 2);
        double[] weights = new double[30];
        for (int n = 0, m = 0; n < 30; n++)
        {
            weights[n] = n % 3 == 0 ? 2 : 1;
            for (int i = 0; i < weights[n]; i++) rows.Row(n).CopyTo(doubled.Row(m++));
        }

        IReadOnlyDictionary<string, NumericArray> start = Means([0, 0], [3, 3]);
        GaussianMixtureOptions options = new() { Components = 2, StartParameters = start };
        FitResult<GaussianMixture> weighted = GaussianMixture.Fit(MixtureProblems.Observations(rows, weights), options), repeated = GaussianMixture.Fit(MixtureProblems.Observations(doubled), options);
        Assert.Equal(repeated.Elbo, weighted.Elbo, 1e-10);
        Assert.Equal(40, weighted.TotalWeight);
        Assert.Equal(repeated.Bic, weighted.Bic, 1e-7);
    }

    [Fact]
    public void Rows_without_values_change_no_parameter()
    {
        Matrix rows = MixtureProblems.Rows(40, 2, 2, 9), more = new(43, 2);
        more.Values.Fill(double.NaN);
        rows.Values.CopyTo(more.Values);
        GaussianMixtureOptions options = new() { Components = 2, StartParameters = Means([0, 0], [3, 3]) };
        FitOptions fixedSteps = new() { MaxIterations = 10, Tolerance = 0 };
        FitResult<GaussianMixture> without = GaussianMixture.Fit(MixtureProblems.Observations(rows), options, fixedSteps), with = GaussianMixture.Fit(MixtureProblems.Observations(more), options, fixedSteps);
        Assert.Equal(without.Elbo * 40, with.Elbo * 43, 1e-8);
        for (int i = 0; i < 4; i++) Assert.Equal(without.Model.Means.Values[i], with.Model.Means.Values[i], 1e-10);
    }

    [Fact]
    public void More_starts_find_a_higher_likelihood_and_the_kept_one_runs_to_its_end()
    {
        Matrix rows = MixtureProblems.Rows(300, 2, 6, 21);
        GaussianMixtureOptions options = new() { Components = 6, Start = StartMethod.RandomFromData };
        double[] single = [.. Enumerable.Range(1, 5).Select(seed => GaussianMixture.Fit(MixtureProblems.Observations(rows), options, new FitOptions { Seed = (ulong)seed }).Elbo).Order()];
        FitResult<GaussianMixture> many = GaussianMixture.Fit(MixtureProblems.Observations(rows), options, new FitOptions { Restarts = 10 });
        Assert.True(many.Elbo > single[2] + 1e-3, $"{many.Elbo}, and single starts {string.Join(", ", single)}");
        Assert.True(many.Converged, many.Explanation);
        Assert.Equal(many.Iterations + 1, many.Bounds.Count);
    }

    [Fact]
    public void A_component_that_loses_its_rows_is_reported_and_stays_finite()
    {
        Matrix rows = MixtureProblems.Rows(30, 2, 1, 2);
        FitResult<GaussianMixture> fit = Fit(rows, new GaussianMixtureOptions { Components = 2, StartParameters = Means([0, 0], [1e6, 1e6], 1) });
        Assert.Equal(0, fit.Model.Weights[1]);
        Assert.Contains("Component 1 lost all its rows", fit.Explanation, StringComparison.Ordinal);
        Assert.True(double.IsFinite(fit.Elbo));
        Assert.Equal(0, fit.Model.Encode(MixtureProblems.Observations(rows), new Runtime(1))[0, 1]);
    }

    private static FitResult<GaussianMixture> Fit(Matrix rows, GaussianMixtureOptions options) => GaussianMixture.Fit(MixtureProblems.Observations(rows), options);

    private static Dictionary<string, NumericArray> Means(double[] first, double[] second, double? variance = null)
    {
        Dictionary<string, NumericArray> start = new() { ["means"] = NumericArray.From<double>([.. first, .. second], 2, 2) };
        if (variance is { } value) start["covariances"] = NumericArray.From<double>([value, 0, 0, value, value, 0, 0, value], 2, 2, 2);
        return start;
    }
}
