using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using static Elbo.Tests.Models.Mixtures.FamilyProblems;

namespace Elbo.Tests.Models.Mixtures;

public sealed class StudentMixtureTests : IDisposable
{
    private readonly Runtime runtime = new(2);

    public void Dispose() => runtime.Dispose();

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Diagonal)]
    public void With_huge_degrees_of_freedom_it_is_the_Gaussian_mixture(CovarianceKind kind)
    {
        Observations rows = Rows("student", new RandomStream(2), 120, 3);
        GaussianMixtureOptions gaussianOptions = new() { Components = 2, Covariance = kind };
        GaussianMixture start = GaussianMixture.Fit(rows, gaussianOptions, new FitOptions { MaxIterations = 2, Tolerance = 0 }, runtime).Model;
        FitOptions options = new() { MaxIterations = 15, Tolerance = 0 };
        FitResult<GaussianMixture> gaussian = GaussianMixture.Fit(rows, gaussianOptions with { StartModel = start }, options, runtime);
        Dictionary<string, Elbo.Storage.NumericArray> parameters = start.Parameters.ToDictionary();
        Dictionary<string, Elbo.Storage.NumericArray> own = new() { ["weights"] = parameters["weights"], ["locations"] = parameters["means"], ["scales"] = parameters["covariances"], ["degreesOfFreedom"] = Elbo.Storage.NumericArray.From<double>([1e12, 1e12], 2) };
        StudentMixtureOptions studentOptions = new() { Components = 2, Scale = kind, DegreesOfFreedom = 1e12, LearnDegreesOfFreedom = false, StartParameters = own };
        FitResult<StudentMixture> student = StudentMixture.Fit(rows, studentOptions, options, runtime);
        for (int i = 0; i < gaussian.Bounds.Count; i++) Assert.Equal(gaussian.Bounds[i], student.Bounds[i], 1e-9);
        for (int i = 0; i < 6; i++) Assert.Equal(gaussian.Model.Means.Values[i], student.Model.Locations.Values[i], 1e-8);
        Assert.Equal(gaussian.Model.FreeParameters, student.Model.FreeParameters);
    }

    [Fact]
    public void One_column_has_the_density_of_the_t_distribution()
    {
        StudentMixture model = StudentMixture.Create([1], Matrix.FromRows([2.0]), [4], [3], CovarianceKind.Full);
        // t₃ at 0.5: 2/(π√3) · (1 + 1/12)⁻², over the scale 2.
        double expected = Math.Log(2 / (Math.PI * Math.Sqrt(3)) * Math.Pow(1 + 0.25 / 3, -2) / 2);
        Assert.Equal(expected, LogDensity(model, Observe([3.0]), runtime)[0], 1e-14);
    }

    [Theory]
    [InlineData(31.99)]
    [InlineData(32.0)]
    [InlineData(1e3)]
    [InlineData(1e7)]
    public void The_normaliser_follows_its_recurrence_in_two_dimensions(double degrees)
    {
        // Γ(ν/2 + 1)/Γ(ν/2) = ν/2, so that in two dimensions the normaliser is −ln 2π, whatever ν.
        Assert.Equal(-Math.Log(2 * Math.PI), StudentDegrees.LogNormalizer(degrees, 2), 1e-13);
        // One dimension twice is Γ(ν/2 + ½)²/Γ(ν/2)²; with ν + 1 in the second it telescopes to two dimensions and the powers of ν.
        double telescoped = StudentDegrees.LogNormalizer(degrees, 1) + StudentDegrees.LogNormalizer(degrees + 1, 1) + 0.5 * Math.Log((degrees + 1) / degrees);
        Assert.Equal(-Math.Log(2 * Math.PI), telescoped, 1e-13);
    }

    [Fact]
    public void A_missing_column_is_integrated_out()
    {
        StudentMixture model = StudentMixture.Create([0.3, 0.7], Matrix.FromRows([0.0, 1], [2, -1]), [2, 0.8, 0.8, 1, 1, -0.3, -0.3, 0.5], [5, 9], CovarianceKind.Full);
        double sum = 0;
        const double step = 0.01;
        int count = 40_001;
        Matrix grid = new(count, 2);
        for (int i = 0; i < count; i++) (grid[i, 0], grid[i, 1]) = (0.7, (i - count / 2) * step);
        foreach (double log in LogDensity(model, Observations.FromMatrix("grid", grid), runtime)) sum += step * Math.Exp(log);
        Assert.Equal(Math.Log(sum), LogDensity(model, Observe([0.7, double.NaN]), runtime)[0], 1e-8);
    }

    [Fact]
    public void Degrees_of_freedom_and_outliers_are_learned()
    {
        RandomStream random = new(6);
        Matrix values = new(4000, 2);
        StudentMixture truth = StudentMixture.Create([1], Matrix.FromRows([1.0, -2]), [2, 0.5, 0.5, 1], [4], CovarianceKind.Full);
        truth.Sample(4000, random).Values.CopyTo(values.Values);
        FitResult<StudentMixture> fit = StudentMixture.Fit(Observations.FromMatrix("t", values), new StudentMixtureOptions(), new FitOptions { Tolerance = 1e-9 }, runtime);
        Assert.InRange(fit.Model.DegreesOfFreedom[0], 3.3, 4.8);
        Assert.Equal(2, fit.Model.ComponentScale(0)[0, 0], 0.2);
        Assert.Equal(0.5, fit.Model.ComponentScale(0)[0, 1], 0.1);
        Assert.Equal(1, fit.Model.Locations[0, 0], 0.1);

        // At the maximum the likelihood is flat in ν.
        double[] scales = fit.Model.Parameters.ToDictionary()["scales"].ToDouble();
        double nu = fit.Model.DegreesOfFreedom[0], up = Total(nu * 1.001), down = Total(nu / 1.001), at = Total(nu);
        Assert.True(Math.Abs(up - down) < 1e-3 * 4000 * 1e-2 && at > up - 1e-4 && at > down - 1e-4, $"{down:R} {at:R} {up:R}");
        double Total(double degrees) => LogDensity(StudentMixture.Create([1], fit.Model.Locations, scales, [degrees], CovarianceKind.Full), Observations.FromMatrix("t", values), runtime).Sum();
    }

    [Fact]
    public void Drawn_completions_have_the_conditional_mean_and_spread()
    {
        StudentMixture model = StudentMixture.Create([1], Matrix.FromRows([0.0, 0]), [1, 0.6, 0.6, 1], [6], CovarianceKind.Full);
        const int count = 20_000;
        Matrix rows = new(count, 2);
        for (int n = 0; n < count; n++) (rows[n, 0], rows[n, 1]) = (2, double.NaN);
        Matrix drawn = model.Impute(Observations.FromMatrix("rows", rows), new RandomStream(12), runtime);
        double mean = 0, square = 0;
        for (int n = 0; n < count; n++) mean += drawn[n, 1] / count;
        for (int n = 0; n < count; n++) square += (drawn[n, 1] - 1.2) * (drawn[n, 1] - 1.2) / count;
        // t of 7 degrees of freedom, squared scale (6 + 4)/7 · 0.64, variance 7/5 of it.
        double variance = 10.0 / 7 * 0.64 * 7 / 5;
        Assert.Equal(1.2, mean, 5 * Math.Sqrt(variance / count));
        Assert.Equal(variance, square, 0.08);
    }

    [Fact]
    public void A_constant_column_and_another_scale_are_refused()
    {
        Assert.Contains("'x1'", Assert.Throws<ElboException>(() => StudentMixture.Fit(Observe([1, 2], [2, 2], [3, 2]), new StudentMixtureOptions { Regularization = 0 }, null, runtime)).Message, StringComparison.Ordinal);
        Assert.Contains("tied", Assert.Throws<ElboException>(() => StudentMixture.Fit(Observe([1, 2], [2, 3], [3, 2]), new StudentMixtureOptions { Scale = CovarianceKind.Tied }, null, runtime)).Message, StringComparison.Ordinal);
    }
}
