using System.Diagnostics;
using Elbo.Inference;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Objectives;

/// <summary>What an estimator's gradients are on a problem, for each parameter: their mean with its standard error, and their variance.</summary>
/// <param name="Draws">The number of independent gradients measured.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Variance">The variance of one of them.</param>
/// <param name="VarianceError">The standard error of that variance, from the fourth moment.</param>
/// <param name="Truth">The true gradient.</param>
/// <param name="Value">The mean of the reported values.</param>
/// <param name="ValueError">Its standard error.</param>
public sealed record EstimatorStatistics(
    long Draws, IReadOnlyList<double> Mean, IReadOnlyList<double> Variance, IReadOnlyList<double> VarianceError, IReadOnlyList<double> Truth, double Value, double ValueError)
{
    private const int Replicates = 2048;

    // What rounding may move the mean of an exact estimator, whose standard error is of that size too.
    private const double Rounding = 1e-11;

    /// <summary>The standard error of each mean, √(variance/draws).</summary>
    public IReadOnlyList<double> StandardError => [.. Variance.Select(variance => Math.Sqrt(variance / Draws))];

    /// <summary>Mean minus truth.</summary>
    public IReadOnlyList<double> Bias => [.. Mean.Zip(Truth, (mean, truth) => mean - truth)];

    /// <summary>The variance of a gradient summed over the parameters, E‖g − E g‖².</summary>
    public double TotalVariance => Variance.Sum();

    /// <summary>The standard error of <see cref="TotalVariance"/>.</summary>
    public double TotalVarianceError { get; init; }

    /// <summary>How often the graph evaluates f for one gradient and the value reported with it; evaluations at the same numbers may be merged when it is compiled.</summary>
    public double Evaluations { get; init; }

    /// <summary>The time of one gradient in nanoseconds, one of 2048 computed at once. The only number here that the machine decides.</summary>
    public double Nanoseconds { get; init; }

    /// <summary>The largest bias in standard errors; of an unbiased estimator, below 4 but for one measurement in ten thousand a parameter.</summary>
    public double BiasInErrors => Bias.Zip(StandardError, (bias, error) => Math.Abs(bias) / (error + Rounding)).Max();

    /// <summary>Measures an estimator; the same numbers for the same seed at any number of threads.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="estimator">The estimator.</param>
    /// <param name="draws">The number of independent gradients, rounded up to a multiple of 2048.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <param name="runtime">The workers to run on.</param>
    /// <param name="warmUp">Steps that train the estimator's own parameters by Adam before the measurement, each on 2048 replicates.</param>
    public static EstimatorStatistics Measure(EstimatorProblem problem, GradientEstimator estimator, long draws, ulong seed, Runtime runtime, int warmUp = 0)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        int count = problem.Parameters.Count;
        Variable variable = new("parameters", [count]);
        Tensor parameters = variable.Value.BroadcastTo([Replicates, count]);
        LayerContext context = new(isTraining: true);
        HashSet<Tensor> seen = [];
        Expectation expectation = problem.Build(parameters);
        Estimate estimate = estimator.Build(Watching(expectation, draws => seen.Add(draws)), context);
        double evaluations = seen.Sum(draws => (double)draws.Shape.ElementCount / expectation.Distribution.Shape.ElementCount);
        Tensor gradient = estimate.Value.Sum().Gradients(parameters)[0];

        using VariableStore<double> store = new();
        problem.Parameters.ToArray().CopyTo(store[variable]);
        RandomStream root = new(seed);
        estimator.Parameters.Initialize(store, root.Split(0));
        if (warmUp > 0)
        {
            using AscentStep training = new(runtime, store, [], estimate.Objectives, context.Updates, new Adam(0.01));
            for (int step = 0; step < warmUp; step++) training.Run(step, 1, root.Split(1).Split((ulong)step));
        }

        using Plan<double> plan = Plan<double>.Compile(runtime, store, [gradient, estimate.Value]);
        int runs = (int)((draws + Replicates - 1) / Replicates);
        double[][] gradients = [.. Enumerable.Range(0, count).Select(_ => new double[runs * (long)Replicates])];
        double[] values = new double[runs * (long)Replicates];
        TimeSpan elapsed = default;
        for (int run = 0; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            plan.Run(root.Split(2).Split((ulong)run));
            elapsed += Stopwatch.GetElapsedTime(start);
            ReadOnlySpan<double> all = plan.Output(0);
            for (int i = 0; i < Replicates; i++)
                for (int p = 0; p < count; p++) gradients[p][(long)run * Replicates + i] = all[i * count + p];
            plan.Output(1).CopyTo(values.AsSpan(run * Replicates));
        }

        (double Mean, double Variance, double Error)[] moments = [.. gradients.Select(Moments)];
        (double value, double variance, _) = Moments(values);
        return new EstimatorStatistics(
            values.Length, [.. moments.Select(m => m.Mean)], [.. moments.Select(m => m.Variance)], [.. moments.Select(m => m.Error)],
            problem.Gradient, value, Math.Sqrt(variance / values.Length))
        {
            TotalVarianceError = TotalError(gradients, [.. moments.Select(m => m.Mean)]),
            Evaluations = evaluations,
            Nanoseconds = elapsed.TotalNanoseconds / values.Length,
        };
    }

    /// <summary>The expectation with a function that tells at which draws it is evaluated.</summary>
    private static Expectation Watching(Expectation expectation, Action<Tensor> see)
    {
        Func<Tensor, Tensor> Watched(Func<Tensor, Tensor> function) => draws =>
        {
            see(draws);
            return function(draws);
        };
        return expectation with
        {
            Function = Watched(expectation.Function),
            Split = expectation.Split is { } split ? split with { Terms = Watched(split.Terms) } : null,
        };
    }

    private static double TotalError(double[][] gradients, double[] means)
    {
        int count = gradients[0].Length;
        double[] squares = new double[count];
        for (int p = 0; p < means.Length; p++)
            for (int i = 0; i < count; i++) squares[i] += (gradients[p][i] - means[p]) * (gradients[p][i] - means[p]);
        double mean = squares.Average();
        return Math.Sqrt(squares.Sum(square => (square - mean) * (square - mean)) / count / count);
    }

    private static (double Mean, double Variance, double Error) Moments(double[] values)
    {
        double mean = values.Average(), second = 0, fourth = 0;
        foreach (double value in values)
        {
            double square = (value - mean) * (value - mean);
            second += square;
            fourth += square * square;
        }

        double variance = second / (values.Length - 1);
        return (mean, variance, Math.Sqrt(Math.Max(fourth / values.Length - variance * variance, 0) / values.Length));
    }
}
