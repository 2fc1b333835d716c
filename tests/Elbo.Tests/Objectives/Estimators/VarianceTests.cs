using Elbo.Numerics;
using Elbo.Objectives;

namespace Elbo.Tests.Objectives.Estimators;

/// <summary>The variances of the estimators are those derived by hand.</summary>
public class VarianceTests
{
    [Theory]
    [InlineData(1, 1, -3)]
    [InlineData(0.5, 0.7, 1.2)]
    public void Gradients_of_a_quadratic_in_the_mean_have_the_derived_variances(double mean, double scale, double k)
    {
        double d = mean - k, d2 = d * d, s2 = scale * scale;
        EstimatorProblem problem = StandardProblems.Quadratic(mean, scale, k);
        Check("pathwise", problem, new ReparameterizedEstimator(), 0, 4 * s2);
        Check("score", problem, new ScoreFunctionEstimator(), 0, d2 * d2 / s2 + 14 * d2 + 15 * s2);
        Check("score with the best constant", problem, new ScoreFunctionEstimator(new ConstantBaseline(d2 + 3 * s2)), 0, 8 * d2 + 6 * s2);
        Check("measure-valued", problem, new MeasureValuedEstimator(), 0, (16 / Math.PI - 4) * d2);
    }

    [Fact]
    public void The_four_numbers_of_the_survey_stand_at_mean_and_scale_one()
    {
        // Mohamed et al. 2020 draw these four at μ = s = 1, k = −3.
        double[] expected = [4, 495, 134, 16 * (16 / Math.PI - 4)];
        Assert.Equal(17.5, expected[3], 0.05);
        GradientEstimator[] estimators = [new ReparameterizedEstimator(), new ScoreFunctionEstimator(), new ScoreFunctionEstimator(new ConstantBaseline(19)), new MeasureValuedEstimator()];
        for (int i = 0; i < expected.Length; i++) Check($"number {i}", StandardProblems.Quadratic(), estimators[i], 0, expected[i]);
    }

    [Fact]
    public void Pathwise_gradients_in_the_scale_have_the_derived_variance()
    {
        // x = μ + sε: the gradient is 2(d + sε)ε, with mean 2s and variance 4d² + 8s².
        Check("pathwise in the scale", StandardProblems.Quadratic(), new ReparameterizedEstimator(), 1, 4 * 16 + 8);
    }

    [Fact]
    public void A_constant_has_no_gradient_and_a_line_has_slope_one_for_every_draw_of_the_pathwise_estimator()
    {
        EstimatorProblem Line(double slope) => new("line", [1, 1],
            parameters => new Expectation(new Elbo.Distributions.Normal(parameters.Slice(1, 0, 1), parameters.Slice(1, 1, 1)), z => (z * slope + 2.0).Sum(-1)), [slope, 0]);
        using Runtime runtime = new(1);
        foreach (double slope in new[] { 0.0, 1.0 })
        {
            EstimatorStatistics pathwise = EstimatorStatistics.Measure(Line(slope), new ReparameterizedEstimator(), 4000, 5, runtime);
            Assert.Equal(slope, pathwise.Mean[0], 1e-12);
            Assert.Equal(0, pathwise.Variance[0], 1e-24);
            EstimatorStatistics measure = EstimatorStatistics.Measure(Line(slope), new MeasureValuedEstimator(), 40_000, 5, runtime);
            Assert.True(measure.BiasInErrors < 4.5);
            // A line through the Rayleigh draw: slope·2W/√2π, of variance slope²·(4/π − 1).
            Assert.True(Math.Abs(measure.Variance[0] - slope * slope * (4 / Math.PI - 1)) < 4.5 * measure.VarianceError[0] + 1e-12);
        }
    }

    [Fact]
    public void The_pathwise_estimator_loses_on_a_rough_cost_and_wins_on_a_smooth_one()
    {
        using Runtime runtime = new(1);
        double Variance(EstimatorProblem problem, GradientEstimator estimator) => EstimatorStatistics.Measure(problem, estimator, 20_000, 29, runtime).Variance[0];
        EstimatorProblem rough = StandardProblems.Cosine(k: 3), smooth = StandardProblems.Quadratic();
        Assert.True(Variance(rough, new ReparameterizedEstimator()) > 4 * Variance(rough, new ScoreFunctionEstimator()), "seed 29");
        Assert.True(Variance(rough, new ScoreFunctionEstimator()) > 4 * Variance(rough, new MeasureValuedEstimator()), "seed 29");
        Assert.True(100 * Variance(smooth, new ReparameterizedEstimator()) < Variance(smooth, new ScoreFunctionEstimator()), "seed 29");
    }

    [Theory]
    [InlineData(0.3, 0.2)]
    [InlineData(0.8, 1.4)]
    public void The_score_of_one_bernoulli_has_the_derived_variances(double p, double t)
    {
        double f1 = (1 - t) * (1 - t), f0 = t * t, best = (1 - p) * f1 + p * f0, mean = p * f1 + (1 - p) * f0;
        EstimatorProblem problem = StandardProblems.Toy(p, t);
        Check("none", problem, new ScoreFunctionEstimator(), 0, p * (1 - p) * best * best);
        Check("mean", problem, new ScoreFunctionEstimator(new ConstantBaseline(mean)), 0, p * (1 - p) * (1 - 2 * p) * (1 - 2 * p) * (f1 - f0) * (f1 - f0));
        using Runtime runtime = new(1);
        EstimatorStatistics exact = EstimatorStatistics.Measure(problem, new ScoreFunctionEstimator(new ConstantBaseline(best)), 4000, 5, runtime);
        Assert.Equal(0, exact.Variance[0], 1e-24);
        Assert.Equal(problem.Gradient[0], exact.Mean[0], 1e-12);
        EstimatorStatistics local = EstimatorStatistics.Measure(problem, new MeasureValuedEstimator(), 4000, 5, runtime);
        Assert.Equal(0, local.Variance[0], 1e-24);
    }

    [Fact]
    public void The_toy_of_rebar_drowns_the_score_and_relax_saves_it()
    {
        // t = 0.499, p = ½: truth 0.0005, standard deviation 0.125, so a signal-to-noise ratio of 0.004.
        EstimatorProblem problem = StandardProblems.Toy(0.5);
        Assert.Equal(0.0005, problem.Gradient[0], 1e-12);
        using Runtime runtime = new(1);
        EstimatorStatistics score = EstimatorStatistics.Measure(problem, new ScoreFunctionEstimator(), 100_000, 7, runtime);
        Assert.Equal(0.125, Math.Sqrt(score.Variance[0]), 0.001);
        Assert.Equal(0.004, problem.Gradient[0] / Math.Sqrt(score.Variance[0]), 1e-4);
        // The relaxed function dips to 0 between two values of ¼, so there is nothing for REBAR to gain: training must find that out and η fall.
        EstimatorStatistics start = EstimatorStatistics.Measure(problem, new RebarEstimator(), 20_000, 7, runtime);
        EstimatorStatistics rebar = EstimatorStatistics.Measure(problem, new RebarEstimator(), 20_000, 7, runtime, 300);
        EstimatorStatistics relax = EstimatorStatistics.Measure(problem, new RelaxEstimator(UnbiasednessNetwork()), 20_000, 7, runtime, 600);
        Assert.True(start.Variance[0] > score.Variance[0], $"seed 7: REBAR at its start {start.Variance[0]}, score {score.Variance[0]}");
        Assert.Equal(score.Variance[0], rebar.Variance[0], 0.001);
        Assert.True(relax.Variance[0] < 0.1 * score.Variance[0], $"seed 7: RELAX {relax.Variance[0]}, score {score.Variance[0]}");
    }

    [Fact]
    public void Rebar_learns_a_lower_variance_than_the_score_where_the_relaxed_function_resembles_f()
    {
        EstimatorProblem problem = StandardProblems.Toy(0.3, 0.2);
        using Runtime runtime = new(1);
        EstimatorStatistics score = EstimatorStatistics.Measure(problem, new ScoreFunctionEstimator(), 20_000, 7, runtime);
        EstimatorStatistics start = EstimatorStatistics.Measure(problem, new RebarEstimator(), 20_000, 7, runtime);
        EstimatorStatistics rebar = EstimatorStatistics.Measure(problem, new RebarEstimator(), 20_000, 7, runtime, 300);
        Assert.True(rebar.Variance[0] < 0.9 * start.Variance[0], $"seed 7: training moved REBAR's variance from {start.Variance[0]} to {rebar.Variance[0]}");
        Assert.True(rebar.Variance[0] < 0.8 * score.Variance[0], $"seed 7: REBAR {rebar.Variance[0]}, score {score.Variance[0]}");
    }

    [Fact]
    public void Leave_one_out_beats_the_plain_score_and_Rao_Blackwellisation_removes_the_other_factors()
    {
        // f = Σ (bᵢ − t)² over four Bernoullis: split, the variance of each coordinate is that of one Bernoulli alone.
        const double p = 0.3, t = 0.2;
        Expectation Build(Tensor parameters, bool split) => new(new Elbo.Distributions.Bernoulli(parameters), z => (z - t).Square().Sum(-1))
        {
            Split = split ? new SplitFunction(z => (z - t).Square()) : null,
        };
        double logit = Math.Log(p / (1 - p)), truth = p * (1 - p) * (1 - 2 * t);
        double[] logits = [logit, logit, logit, logit], gradient = [truth, truth, truth, truth];
        EstimatorProblem whole = new("four", logits, parameters => Build(parameters, false), gradient);
        EstimatorProblem split = new("four, split", logits, parameters => Build(parameters, true), gradient);
        double f1 = (1 - t) * (1 - t), f0 = t * t, best = (1 - p) * f1 + p * f0;
        for (int i = 0; i < 4; i++) Check("split", split, new ScoreFunctionEstimator(), i, p * (1 - p) * best * best);
        using Runtime runtime = new(1);
        EstimatorStatistics plain = EstimatorStatistics.Measure(whole, new ScoreFunctionEstimator(samples: 4), 40_000, 11, runtime);
        EstimatorStatistics others = EstimatorStatistics.Measure(whole, new ScoreFunctionEstimator(new LeaveOneOutBaseline(), 4), 40_000, 11, runtime);
        EstimatorStatistics blackwell = EstimatorStatistics.Measure(split, new ScoreFunctionEstimator(samples: 4), 40_000, 11, runtime);
        Assert.True(others.Variance[0] < 0.5 * plain.Variance[0]);
        Assert.True(blackwell.Variance[0] < 0.5 * plain.Variance[0]);
        Assert.True(blackwell.BiasInErrors < 4.5);
    }

    [Fact]
    public void A_dependence_that_names_the_terms_gives_the_same_as_the_terms_of_each_element()
    {
        // Two terms: (b₀ − t)² and b₁b₂; element 0 sees the first, 1 and 2 the second.
        Tensor dependence = Tensor.Constant([3, 2], [1, 0, 0, 1, 0, 1]);
        Tensor Terms(Tensor z)
        {
            Tensor first = (z.Slice(-1, 0, 1) - 0.2).Square(), second = z.Slice(-1, 1, 1) * z.Slice(-1, 2, 1);
            return Tensor.Concatenate(-1, first, second);
        }

        double[] logits = [0.3, -0.4, 0.8], p = [.. logits.Select(l => 1 / (1 + Math.Exp(-l)))];
        EstimatorProblem problem = new("dependence", logits,
            parameters => new Expectation(new Elbo.Distributions.Bernoulli(parameters), z => Terms(z).Sum(-1)) { Split = new SplitFunction(Terms, dependence) },
            [p[0] * (1 - p[0]) * 0.6, p[1] * (1 - p[1]) * p[2], p[2] * (1 - p[2]) * p[1]]);
        using Runtime runtime = new(1);
        EstimatorStatistics measured = EstimatorStatistics.Measure(problem, new ScoreFunctionEstimator(), 100_000, 19, runtime);
        Assert.True(measured.BiasInErrors < 4.5, $"seed 19: {string.Join(", ", measured.Mean)} against {string.Join(", ", measured.Truth)}");
        double f1 = 0.64, f0 = 0.04, best = (1 - p[0]) * f1 + p[0] * f0;
        Assert.True(Math.Abs(measured.Variance[0] - p[0] * (1 - p[0]) * best * best) < 4.5 * measured.VarianceError[0]);
    }

    private static Elbo.Networks.Sequential UnbiasednessNetwork() =>
        new([1], [new Elbo.Networks.Dense("relax.0", 1, 8), new Elbo.Networks.Activation(Elbo.Networks.ActivationKind.Tanh, [8]), new Elbo.Networks.Dense("relax.1", 8, 1)]);

    private static void Check(string name, EstimatorProblem problem, GradientEstimator estimator, int index, double expected)
    {
        using Runtime runtime = new(1);
        EstimatorStatistics measured = EstimatorStatistics.Measure(problem, estimator, 200_000, 23, runtime);
        Assert.True(Math.Abs(measured.Variance[index] - expected) < 4.5 * measured.VarianceError[index] + 1e-12,
            $"seed 23: {name}: variance {measured.Variance[index]} ± {measured.VarianceError[index]}, derived {expected}");
        Assert.True(measured.VarianceError[index] < 0.05 * expected + 1e-12, "the measurement must be sharp enough to mean something");
    }
}
