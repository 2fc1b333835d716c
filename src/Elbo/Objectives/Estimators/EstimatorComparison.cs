using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>An estimator on a problem.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Estimator">The estimator as the comparison lists it.</param>
/// <param name="Samples">The draws behind each gradient.</param>
/// <param name="IsUnbiased">What the estimator says of itself.</param>
/// <param name="Statistics">What was measured.</param>
public sealed record EstimatorComparison(EstimatorProblem Problem, StandardEstimator Estimator, int Samples, bool IsUnbiased, EstimatorStatistics Statistics)
{
    /// <summary>Beyond how many standard errors a bias counts as shown: an unbiased estimator strays so far once in 150,000 measurements.</summary>
    public const double BiasThreshold = 4.5;

    /// <summary>Whether the measurement shows a bias.</summary>
    public bool ShowsBias => Statistics.BiasInErrors > BiasThreshold;

    /// <summary>Measures every estimator that fits on each of some problems: the table of bias and variance.</summary>
    /// <param name="problems">The problems; null for <see cref="StandardProblems.All"/>.</param>
    /// <param name="draws">The independent gradients of each measurement.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="warmUp">Steps that train an estimator's own parameters first.</param>
    /// <param name="runtime">The workers to run on; null for one thread. The numbers do not depend on it.</param>
    /// <param name="progress">Told of the finished share; null for nobody.</param>
    /// <param name="cancellation">Stops before the next measurement.</param>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public static IReadOnlyList<EstimatorComparison> Run(
        IReadOnlyList<EstimatorProblem>? problems = null, long draws = 100_000, ulong seed = 1, int warmUp = 300, Runtime? runtime = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        using Runtime? own = runtime is null ? new Runtime(1) : null;
        (EstimatorProblem Problem, StandardEstimator Estimator)[] pairs =
            [.. (problems ?? StandardProblems.All).SelectMany(problem => StandardEstimator.All.Where(estimator => estimator.Fits(Sample(problem))).Select(estimator => (problem, estimator)))];
        List<EstimatorComparison> rows = [];
        foreach ((EstimatorProblem problem, StandardEstimator standard) in pairs)
        {
            cancellation.ThrowIfCancellationRequested();
            GradientEstimator estimator = standard.Create(Sample(problem));
            EstimatorProblem seen = standard.UsesSplit ? problem : problem with { Build = parameters => problem.Build(parameters) with { Split = null } };
            EstimatorStatistics statistics = EstimatorStatistics.Measure(seen, estimator, draws, seed, runtime ?? own!, estimator.Parameters.Count > 0 ? warmUp : 0);
            rows.Add(new EstimatorComparison(problem, standard, estimator.Samples, estimator.IsUnbiased, statistics));
            progress?.Report((double)rows.Count / pairs.Length);
        }

        return rows;
    }

    private static Expectation Sample(EstimatorProblem problem) => problem.Build(Tensor.Full([1, problem.Parameters.Count], 0.5));
}
