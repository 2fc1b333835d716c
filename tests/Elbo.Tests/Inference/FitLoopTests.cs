using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Tests.Inference;

public class FitLoopTests
{
    private static FitStep<double> Halve(double x) => new(-x * x, x / 2);

    [Fact]
    public void The_bound_reported_is_that_of_the_state_returned()
    {
        FitLoopResult<double> result = FitLoop.Run(1.0, Halve, null, new FitOptions { Tolerance = 1e-3, MaxIterations = 100 });
        Assert.Equal(FitStop.Converged, result.Stop);
        Assert.Equal(-result.State * result.State, result.Bounds[^1]);
        Assert.Equal(Math.Pow(0.5, result.Iterations), result.State);
        // Gains are 3·4⁻ⁱ: 7.3e-4 at i = 6 is the first below 1e-3.
        Assert.Equal(6, result.Iterations);
        Assert.Contains("Converged after 6 iterations", result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Iterations_run_out_and_that_is_said()
    {
        FitLoopResult<double> result = FitLoop.Run(1.0, Halve, null, new FitOptions { Tolerance = 0, MaxIterations = 4 });
        Assert.Equal(FitStop.IterationLimit, result.Stop);
        Assert.Equal(4, result.Iterations);
        Assert.Equal(5, result.Bounds.Count);
        Assert.Contains("all 4 iterations were used", result.Explanation, StringComparison.Ordinal);
        Assert.Contains("the only iteration was used", FitLoop.Run(1.0, Halve, null, new FitOptions { Tolerance = 0, MaxIterations = 1 }).Explanation, StringComparison.Ordinal);
        Assert.Contains("Converged after 1 iteration:", FitLoop.Run(1.0, Halve, null, new FitOptions { Tolerance = 10 }).Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_that_falls_or_is_not_a_number_is_an_error()
    {
        Assert.Contains("lowered the bound", Assert.Throws<ElboException>(() => FitLoop.Run(1.0, static x => new FitStep<double>(-x, x + 1), null, new FitOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("is NaN", Assert.Throws<ElboException>(() => FitLoop.Run(1.0, static x => new FitStep<double>(double.NaN, x), null, new FitOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_is_told_of_every_bound_and_cancellation_ends_after_the_iteration()
    {
        Reports reports = new();
        using CancellationTokenSource source = new();
        FitLoopResult<double> result = FitLoop.Run(1.0, x =>
        {
            if (x < 0.2) source.Cancel();
            return Halve(x);
        }, null, new FitOptions { Tolerance = 0, Progress = reports }, 3, source.Token);
        Assert.Equal(FitStop.Cancelled, result.Stop);
        Assert.Equal(result.Bounds, reports.Values.Select(static value => value.Bound));
        Assert.Equal([1, 2, 3, 4], reports.Values.Select(static value => value.Iteration));
        Assert.All(reports.Values, static value => Assert.Equal(3, value.Restart));
        Assert.True(double.IsNaN(reports.Values[0].Gain));
    }

    [Theory]
    [InlineData(0, 10, 1e-3, "0 restarts")]
    [InlineData(1, 0, 1e-3, "At most 0 iterations")]
    [InlineData(1, 10, -1, "The tolerance is -1")]
    public void Settings_out_of_range_are_refused(int restarts, int iterations, double tolerance, string expected) =>
        Assert.Contains(expected, Assert.Throws<ElboException>(() => new FitOptions { Restarts = restarts, MaxIterations = iterations, Tolerance = tolerance }.Check()).Message, StringComparison.Ordinal);

    private sealed class Reports : IProgress<FitProgress>
    {
        public List<FitProgress> Values { get; } = [];

        public void Report(FitProgress value) => Values.Add(value);
    }
}
