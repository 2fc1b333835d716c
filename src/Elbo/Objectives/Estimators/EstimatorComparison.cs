using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>An estimator on a problem.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Estimator">The estimator's name: <c>score function, leave-one-out of 2</c>.</param>
/// <param name="Samples">The draws behind each gradient.</param>
/// <param name="IsUnbiased">What the estimator says of itself.</param>
/// <param name="Statistics">What was measured.</param>
public sealed record EstimatorComparison(EstimatorProblem Problem, string Estimator, int Samples, bool IsUnbiased, EstimatorStatistics Statistics)
{
    /// <summary>Measures every estimator that fits on each of some problems: the table of bias and variance.</summary>
    /// <param name="problems">The problems; null for <see cref="StandardProblems.All"/>.</param>
    /// <param name="draws">The independent gradients of each measurement.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="warmUp">Steps that train an estimator's own parameters first.</param>
    /// <param name="runtime">The workers to run on; null for one thread. The numbers do not depend on it.</param>
    public static IReadOnlyList<EstimatorComparison> Run(IReadOnlyList<EstimatorProblem>? problems = null, long draws = 100_000, ulong seed = 1, int warmUp = 300, Runtime? runtime = null)
    {
        using Runtime? own = runtime is null ? new Runtime(1) : null;
        List<EstimatorComparison> rows = [];
        foreach (EstimatorProblem problem in problems ?? StandardProblems.All)
        {
            Expectation sample = problem.Build(Tensor.Full([1, problem.Parameters.Count], 0.5));
            foreach ((string name, GradientEstimator estimator) in Fitting(sample))
            {
                bool learns = estimator.Parameters.Count > 0;
                EstimatorStatistics statistics = EstimatorStatistics.Measure(problem, estimator, draws, seed, runtime ?? own!, learns ? warmUp : 0);
                rows.Add(new EstimatorComparison(problem, name, estimator.Samples, estimator.IsUnbiased, statistics));
            }
        }

        return rows;
    }

    private static IEnumerable<(string Name, GradientEstimator Estimator)> Fitting(Expectation expectation)
    {
        Distribution q = expectation.Distribution;
        int size = q.Shape[-1];
        yield return ("score function", new ScoreFunctionEstimator());
        yield return ("score function, moving average", new ScoreFunctionEstimator(new MovingAverageBaseline()));
        yield return ("score function, leave-one-out of 2", new ScoreFunctionEstimator(new LeaveOneOutBaseline(), 2));
        if (expectation.Condition is { } condition) yield return ("NVIL, not normalised", new NvilEstimator(new Dense("nvil.baseline", condition.Shape[-1], 1), normalizes: false));
        if (q is Normal or Bernoulli) yield return ("measure-valued", new MeasureValuedEstimator());
        if (q is IReparameterizable) yield return (q is Normal ? "reparameterised" : "implicitly reparameterised", new ReparameterizedEstimator());
        if (q is Bernoulli or Categorical)
        {
            yield return ("REBAR", new RebarEstimator());
            yield return ("RELAX", new RelaxEstimator(Network(size), addsFunction: true));
            yield return ("Gumbel-softmax, λ = 1", new GumbelSoftmaxEstimator(1));
            yield return ("Gumbel-softmax, λ = 0.1", new GumbelSoftmaxEstimator(0.1));
            yield return ("straight-through Gumbel-softmax, λ = 1", new GumbelSoftmaxEstimator(1, straightThrough: true));
            yield return ("straight-through", new StraightThroughEstimator());
        }
        else
        {
            yield return ("LAX", new RelaxEstimator(Network(size)));
        }
    }

    private static Sequential Network(int size) =>
        new([size], [new Dense("relax.0", size, 10), new Activation(ActivationKind.Tanh, [10]), new Dense("relax.1", 10, 1)]);
}
