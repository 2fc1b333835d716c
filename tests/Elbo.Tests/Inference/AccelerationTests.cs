using Elbo.Data;
using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;
using Elbo.Tests.Models.Mixtures;

namespace Elbo.Tests.Inference;

public class AccelerationTests
{
    [Fact]
    public void A_squared_step_of_a_linear_iteration_lands_on_its_fixed_point()
    {
        // x → 3 + 0.9(x − 3): r and v are parallel, so that α = −1/(1 − 0.9) and the guess is 3.
        double[] guess = SquaredStep.Of([10], [9.3], [8.67], 0)!;
        Assert.Equal(3, guess[0], 1e-10);
        Assert.Null(SquaredStep.Of([1, 2], [1, 2], [1, 2], 0));
    }

    [Theory]
    [InlineData(CovarianceKind.Full)]
    [InlineData(CovarianceKind.Tied)]
    [InlineData(CovarianceKind.Diagonal)]
    [InlineData(CovarianceKind.Spherical)]
    public void Accelerated_fits_rise_all_the_way_to_the_same_maximum_in_fewer_iterations(CovarianceKind kind)
    {
        // Components that overlap, so that plain EM is slow.
        Matrix rows = MixtureProblems.Rows(400, 2, 1, 41);
        for (int n = 0; n < 400; n += 2) rows[n, 0] += 2.2;
        GaussianMixtureOptions options = new() { Components = 2, Covariance = kind };
        FitOptions plainOptions = new() { Tolerance = 1e-10, MaxIterations = 5000 };
        FitResult<GaussianMixture> plain = GaussianMixture.Fit(MixtureProblems.Observations(rows), options, plainOptions);
        FitResult<GaussianMixture> fast = GaussianMixture.Fit(MixtureProblems.Observations(rows), options, plainOptions with { Accelerate = true });
        Assert.True(plain.Converged && fast.Converged);
        for (int i = 1; i < fast.Bounds.Count; i++) Assert.True(fast.Bounds[i] >= fast.Bounds[i - 1] - 1e-12, $"Iteration {i}.");
        Assert.True(fast.Elbo > plain.Elbo - 1e-7, $"{fast.Elbo} and {plain.Elbo}");
        Assert.True(2 * fast.Iterations < plain.Iterations, $"{fast.Iterations} and {plain.Iterations} iterations");
    }

    public static TheoryData<string> AllFamilies => [.. FamilyProblems.Families];

    [Theory]
    [MemberData(nameof(AllFamilies))]
    public void Every_family_of_mixtures_gets_there_in_fewer_iterations(string family)
    {
        using Runtime runtime = new(2);
        Observations rows = FamilyProblems.Rows(family, new RandomStream(57), 300, 5);
        FitOptions options = new() { Tolerance = 1e-9, MaxIterations = 5000 };
        FitResult<MixtureModel> plain = FamilyProblems.Fit(family, rows, 3, options, runtime), fast = FamilyProblems.Fit(family, rows, 3, options with { Accelerate = true }, runtime);
        Assert.True(plain.Converged && fast.Converged);
        for (int i = 1; i < fast.Bounds.Count; i++) Assert.True(fast.Bounds[i] >= fast.Bounds[i - 1] - 1e-12, $"Iteration {i}.");
        Assert.True(fast.Elbo > plain.Elbo - 1e-4, $"{fast.Elbo} and {plain.Elbo}");
        Assert.True(fast.Iterations < 0.8 * plain.Iterations, $"{fast.Iterations} and {plain.Iterations} iterations");
    }

    [Fact]
    public void A_guess_without_density_or_gain_is_not_taken()
    {
        // The bound of x is −x²; updates halve x. Every guess throws or is worse.
        int thrown = 0;
        FitStep<double> Step(double x)
        {
            if (x > 100)
            {
                thrown++;
                throw new ElboException("No density there.");
            }

            return new FitStep<double>(-x * x, x / 2);
        }

        FitOptions options = new() { MaxIterations = 20, Tolerance = 1e-9, Accelerate = true };
        FitLoopResult<double> plain = FitLoop.Run(1.0, Step, null, options with { Accelerate = false });
        FitLoopResult<double> refused = FitLoop.Run(1.0, Step, (double first, double second, double third, out double guess) => (guess = 1000) > 0, null, options);
        FitLoopResult<double> worse = FitLoop.Run(1.0, Step, (double first, double second, double third, out double guess) => (guess = 50) > 0, null, options);
        Assert.Equal(plain.Bounds, refused.Bounds);
        Assert.Equal(plain.Bounds, worse.Bounds);
        Assert.True(thrown > 0);
    }

    [Fact]
    public void Starts_that_all_fail_report_the_first_failure_and_one_that_works_is_kept()
    {
        FitOptions options = new() { Restarts = 3, MaxIterations = 50, Tolerance = 1e-6 };
        FitStep<double> Step(double x) => x < 0 ? throw new ElboException($"Start {x} failed.") : new FitStep<double>(-x, x / 2);
        Assert.Equal("Start -1 failed.", Assert.Throws<ElboException>(() => Restarts.Run(start => -(double)start, Step, null, options)).Message);
        FitLoopResult<double> kept = Restarts.Run(start => start == 2 ? 8.0 : -(double)start, Step, null, options);
        Assert.Equal(FitStop.Converged, kept.Stop);
        Assert.Equal(-8, kept.Bounds[0]);
        Assert.Equal(kept.Iterations + 1, kept.Bounds.Count);
    }
}
