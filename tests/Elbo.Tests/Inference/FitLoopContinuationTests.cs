using Elbo.Inference;

namespace Elbo.Tests.Inference;

public class FitLoopContinuationTests
{
    private static FitLoopResult<double> Climb(double start, FitOptions options) =>
        FitLoop.Run(start, static x => new FitStep<double>(-x * x, x / 2), null, options);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void Going_on_from_any_state_ends_as_the_unbroken_fit(int states)
    {
        FitOptions options = new() { Tolerance = 1e-6 };
        FitLoopResult<double> whole = Climb(3, options);
        Assert.Equal(13, whole.Iterations);
        double state = 3;
        for (int i = 1; i < states; i++) state /= 2;
        FitLoopResult<double> rest = Climb(state, options with { EarlierBounds = [.. whole.Bounds.Take(states - 1)] });
        Assert.Equal(whole.State, rest.State);
        Assert.Equal(whole.Bounds, rest.Bounds);
        Assert.Equal((whole.Iterations, whole.Stop, whole.Explanation), (rest.Iterations, rest.Stop, rest.Explanation));
    }

    [Fact]
    public void The_last_state_of_a_fit_that_converged_stays_the_last()
    {
        FitOptions options = new() { Tolerance = 1e-6 };
        FitLoopResult<double> whole = Climb(3, options);
        FitLoopResult<double> again = Climb(whole.State, options with { EarlierBounds = [.. whole.Bounds.SkipLast(1)] });
        Assert.Equal(whole.Bounds, again.Bounds);
        Assert.Equal(FitStop.Converged, again.Stop);
    }

    [Fact]
    public void Iterations_made_before_count_towards_the_limit()
    {
        FitOptions options = new() { Tolerance = 0, MaxIterations = 6 };
        FitLoopResult<double> whole = Climb(3, options);
        FitLoopResult<double> rest = Climb(3.0 / 8, options with { EarlierBounds = [.. whole.Bounds.Take(3)] });
        Assert.Equal(whole.State, rest.State);
        Assert.Equal(6, rest.Iterations);
        Assert.Equal(FitStop.IterationLimit, rest.Stop);
    }
}
