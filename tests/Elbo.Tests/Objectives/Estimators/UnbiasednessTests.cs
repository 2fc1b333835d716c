using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;

namespace Elbo.Tests.Objectives.Estimators;

/// <summary>The mean of every estimator's gradients is the gradient, within its confidence interval; of the biased ones it is not.</summary>
public class UnbiasednessTests
{
    private const long Draws = 100_000;

    private static readonly Dictionary<string, Func<EstimatorProblem>> Targets = new()
    {
        ["normal"] = () => StandardProblems.Quadratic(),
        ["normal, exponential cost"] = () => StandardProblems.Exponential(),
        ["normal, rough cost"] = () => StandardProblems.Cosine(),
        ["bernoulli"] = () => StandardProblems.Toy(0.3, 0.2),
        ["bernoulli pair"] = StandardProblems.Pair,
        ["four bernoullis"] = () => StandardProblems.Four(),
        ["categorical"] = StandardProblems.Classes,
        ["gamma"] = () => StandardProblems.GammaSquare(),
        ["gamma below 1"] = () => StandardProblems.GammaSquare(0.6, 0.8),
        ["beta"] = () => StandardProblems.BetaSquare(),
        ["beta below 1"] = () => StandardProblems.BetaSquare(0.4, 0.7),
    };

    private static readonly Dictionary<string, (Func<int, GradientEstimator> Make, int WarmUp, string[] Families)> Unbiased = new()
    {
        ["score"] = (_ => new ScoreFunctionEstimator(), 0, ["normal", "four", "bernoulli", "categorical", "gamma", "beta"]),
        ["score, constant"] = (_ => new ScoreFunctionEstimator(new ConstantBaseline(1.5)), 0, ["normal", "bernoulli", "categorical", "gamma", "beta"]),
        ["score, moving average"] = (_ => new ScoreFunctionEstimator(new MovingAverageBaseline()), 20, ["normal", "bernoulli", "categorical"]),
        ["score, leave one out"] = (_ => new ScoreFunctionEstimator(new LeaveOneOutBaseline(), 3), 0, ["normal", "bernoulli", "categorical", "gamma", "beta"]),
        ["score, neural"] = (_ => new ScoreFunctionEstimator(new NeuralBaseline(new Dense("baseline", 1, 1))), 50, ["bernoulli", "categorical"]),
        ["nvil"] = (_ => new NvilEstimator(new Dense("nvil.c", 1, 1), normalizes: false), 50, ["four", "bernoulli", "categorical"]),
        ["reparameterised"] = (_ => new ReparameterizedEstimator(), 0, ["normal", "gamma", "beta"]),
        ["measure-valued"] = (_ => new MeasureValuedEstimator(), 0, ["normal", "four", "bernoulli", "categorical", "gamma", "beta"]),
        ["rebar"] = (_ => new RebarEstimator(), 50, ["four", "bernoulli", "categorical"]),
        ["relax"] = (size => new RelaxEstimator(Network(size)), 50, ["normal", "four", "bernoulli", "categorical", "gamma", "beta"]),
        ["relax with the function"] = (size => new RelaxEstimator(Network(size), addsFunction: true), 50, ["normal", "bernoulli", "categorical"]),
    };

    private static readonly Dictionary<string, Func<GradientEstimator>> Biased = new()
    {
        ["gumbel-softmax"] = () => new GumbelSoftmaxEstimator(0.7),
        ["gumbel-softmax straight through"] = () => new GumbelSoftmaxEstimator(0.7, straightThrough: true),
        ["straight through"] = () => new StraightThroughEstimator(),
    };

    public static TheoryData<string, string> UnbiasedCases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach ((string name, (_, _, string[] families)) in Unbiased)
                foreach (string target in Targets.Keys)
                    if (families.Any(family => target.StartsWith(family, StringComparison.Ordinal))) cases.Add(name, target);
            return cases;
        }
    }

    public static TheoryData<string, string> BiasedCases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string name in Biased.Keys)
                foreach (string target in new[] { "bernoulli", "bernoulli pair", "categorical" }) cases.Add(name, target);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(UnbiasedCases))]
    public void An_unbiased_estimator_has_the_gradient_as_its_mean(string name, string target)
    {
        (Func<int, GradientEstimator> make, int warmUp, _) = Unbiased[name];
        EstimatorProblem problem = Targets[target]();
        GradientEstimator estimator = make(target switch { "bernoulli pair" => 2, "four bernoullis" => 4, "categorical" => 3, _ => 1 });
        Assert.True(estimator.IsUnbiased);
        using Runtime runtime = new(1);
        EstimatorStatistics measured = EstimatorStatistics.Measure(problem, estimator, Draws, 17, runtime, warmUp);
        // 4.5 standard errors: one false alarm in 150,000 for a normal mean.
        Assert.True(measured.BiasInErrors < 4.5, $"seed 17: {name} on {target}: mean {Text(measured.Mean)} ± {Text(measured.StandardError)}, truth {Text(measured.Truth)}");
        Assert.True(Math.Abs(measured.Value - problem.Value!.Value) < 4.5 * measured.ValueError, $"seed 17: {name} on {target}: value {measured.Value} ± {measured.ValueError}, truth {problem.Value}");
    }

    [Theory]
    [MemberData(nameof(BiasedCases))]
    public void A_biased_estimator_fails_the_same_test(string name, string target)
    {
        EstimatorProblem problem = Targets[target]();
        GradientEstimator estimator = Biased[name]();
        Assert.False(estimator.IsUnbiased);
        using Runtime runtime = new(1);
        EstimatorStatistics measured = EstimatorStatistics.Measure(problem, estimator, Draws, 17, runtime);
        Assert.True(measured.BiasInErrors > 4.5, $"seed 17: {name} on {target}: mean {Text(measured.Mean)} ± {Text(measured.StandardError)}, truth {Text(measured.Truth)}");
        Assert.True(Math.Abs(measured.Value - problem.Value!.Value) < 4.5 * measured.ValueError, "the reported value is not biased, only the gradient");
    }

    [Fact]
    public void Normalised_nvil_says_that_it_scales_the_gradient() => Assert.False(new NvilEstimator().IsUnbiased);

    [Fact]
    public void A_measurement_is_the_same_at_any_number_of_threads()
    {
        EstimatorStatistics Measured(int threads)
        {
            using Runtime runtime = new(threads);
            return EstimatorStatistics.Measure(StandardProblems.Pair(), new RebarEstimator(), 20_000, 3, runtime, 10);
        }

        EstimatorStatistics one = Measured(1), three = Measured(3);
        Assert.Equal(one.Mean, three.Mean);
        Assert.Equal(one.Variance, three.Variance);
        Assert.Equal(one.Value, three.Value);
    }

    private static Sequential Network(int size) => new([size], [new Dense("relax.0", size, 8), new Activation(ActivationKind.Tanh, [8]), new Dense("relax.1", 8, 1)]);

    private static string Text(IReadOnlyList<double> values) => $"[{string.Join(", ", values)}]";
}
