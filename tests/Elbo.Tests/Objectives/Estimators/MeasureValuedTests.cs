using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;

namespace Elbo.Tests.Objectives.Estimators;

/// <summary>The decompositions of the measure-valued estimator, integrated numerically: they are the derivatives, for smooth functions and for steps.</summary>
public class MeasureValuedTests
{
    private static readonly Dictionary<string, Func<double, double>> Functions = new()
    {
        ["square"] = x => x * x,
        ["wave"] = x => Math.Cos(3 * x),
        ["step"] = x => x > 0.45 ? 1 : 0,
    };

    public static TheoryData<string, double, double> Cases => new()
    {
        { "square", 2.5, 1.5 }, { "wave", 2.5, 1.5 }, { "step", 2.5, 1.5 },
        { "square", 1.3, 0.8 }, { "wave", 1.3, 0.8 }, { "step", 1.3, 0.8 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_jumps_of_the_gamma_process_are_the_derivative_in_its_shape(string function, double a, double b)
    {
        Func<double, double> f = Functions[function];
        double truth = (Gamma(f, a + 1e-4, b) - Gamma(f, a - 1e-4, b)) / 2e-4;
        // E over N by the density 2φ(n) on n > 0: the weight √2π/n makes 2·e^(−n²/2)/n dn of it.
        (double X, double Mass)[] grid = GammaGrid(a, b);
        double jumps = Integrate(n => 2 * Math.Exp(-n * n / 2) / n * grid.Sum(point => point.Mass * (f(point.X + n * n / (2 * b)) - f(point.X))), 1e-4, 8, 800);
        Assert.Equal(truth, jumps, 2e-3 * Math.Max(1, Math.Abs(truth)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_gamma_variable_and_one_of_a_higher_shape_are_the_derivative_in_the_rate(string function, double a, double b)
    {
        Func<double, double> f = Functions[function];
        double truth = (Gamma(f, a, b + 1e-4) - Gamma(f, a, b - 1e-4)) / 2e-4;
        Assert.Equal(truth, a / b * (Gamma(f, a, b) - Gamma(f, a + 1, b)), 2e-3 * Math.Max(1, Math.Abs(truth)));
    }

    [Theory]
    [InlineData(1.7, 2.6)]
    [InlineData(0.4, 0.7)]
    public void Steps_in_the_function_keep_the_gradient_unbiased_and_the_variance_finite(double a, double b)
    {
        // P(x > ½) under Beta(α, β): no estimator that needs a derivative sees it.
        static Tensor Step(Tensor z) => z.Greater(0.5).Sum(-1);
        double Mass(double p, double q) => Integrate(u =>
        {
            // x = 1 − u², so that the pole at 1 is gone.
            double x = 1 - u * u;
            return 2 * u * Math.Pow(x, p - 1) * Math.Pow(u * u, q - 1);
        }, 1e-9, Math.Sqrt(0.5), 40_000) / Beta(p, q);
        double[] truth = [(Mass(a + 1e-5, b) - Mass(a - 1e-5, b)) / 2e-5, (Mass(a, b + 1e-5) - Mass(a, b - 1e-5)) / 2e-5];
        EstimatorProblem problem = new("step", [a, b],
            parameters => new Expectation(new Beta(parameters.Slice(1, 0, 1), parameters.Slice(1, 1, 1)), Step), truth);
        using Runtime runtime = new(1);
        EstimatorStatistics measured = EstimatorStatistics.Measure(problem, new MeasureValuedEstimator(), 100_000, 43, runtime);
        Assert.True(measured.BiasInErrors < 4.5, $"seed 43: {string.Join(", ", measured.Mean)} against {string.Join(", ", truth)}");
        Assert.All(measured.Variance, variance => Assert.InRange(variance, 1e-3, 10));
        EstimatorStatistics pathwise = EstimatorStatistics.Measure(problem, new ReparameterizedEstimator(), 10_000, 43, runtime);
        Assert.All(pathwise.Mean, mean => Assert.Equal(0, mean));
    }

    [Fact]
    public void The_classes_of_a_categorical_are_enumerated()
    {
        EstimatorProblem problem = StandardProblems.Classes();
        using Runtime runtime = new(1);
        EstimatorStatistics measured = EstimatorStatistics.Measure(problem, new MeasureValuedEstimator(), 4000, 5, runtime);
        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(problem.Gradient[k], measured.Mean[k], 1e-12);
            Assert.Equal(0, measured.Variance[k], 1e-24);
        }
    }

    [Fact]
    public void How_often_the_function_is_evaluated_is_counted()
    {
        using Runtime runtime = new(1);
        double Count(EstimatorProblem problem, GradientEstimator estimator) => EstimatorStatistics.Measure(problem, estimator, 2048, 5, runtime).Evaluations;
        Assert.Equal(1, Count(StandardProblems.Quadratic(), new ReparameterizedEstimator()));
        Assert.Equal(4, Count(StandardProblems.Quadratic(), new MeasureValuedEstimator()));
        Assert.Equal(5, Count(StandardProblems.Pair(), new MeasureValuedEstimator()));
        Assert.Equal(4, Count(StandardProblems.Classes(), new MeasureValuedEstimator()));
        Assert.Equal(3, Count(StandardProblems.GammaSquare(), new MeasureValuedEstimator()));
        Assert.Equal(3, Count(StandardProblems.BetaSquare(), new MeasureValuedEstimator()));
        Assert.Equal(2, Count(StandardProblems.Toy(), new ScoreFunctionEstimator(new LeaveOneOutBaseline(), 2)));
        // f(b), f(σ(z)), and f(σ(z̃)) with and without its gradient.
        Assert.Equal(4, Count(StandardProblems.Toy(), new RebarEstimator()));
    }

    [Fact]
    public void A_family_without_a_decomposition_is_refused_with_those_that_have_one() =>
        Assert.Contains("Laplace", Assert.Throws<ElboException>(() => new MeasureValuedEstimator().Build(
            new Expectation(new Laplace(Tensor.Full([1], 0), Tensor.Full([1], 1)), z => z.Sum(-1)), new LayerContext(true))).Message, StringComparison.Ordinal);

    private static double Gamma(Func<double, double> f, double a, double b) => GammaGrid(a, b).Sum(point => point.Mass * f(point.X));

    /// <summary>Points with their mass under Gamma(a, b), at x = u³, which takes the pole of shapes below 1 away.</summary>
    private static (double X, double Mass)[] GammaGrid(double a, double b)
    {
        const int Steps = 6000;
        const double Width = 3.6 / Steps;
        double constant = a * Math.Log(b) - LogGamma(a);
        return [.. Enumerable.Range(0, Steps).Select(i => Math.Pow((i + 0.5) * Width, 3)).Select(x => (x, 3 * Width * Math.Exp((a - 1 + 2.0 / 3) * Math.Log(x) - b * x + constant)))];
    }

    private static double Beta(double a, double b) => Math.Exp(LogGamma(a) + LogGamma(b) - LogGamma(a + b));

    private static double LogGamma(double x)
    {
        double[] value = [x];
        VectorMath.LogGamma(value, value);
        return value[0];
    }

    private static double Integrate(Func<double, double> f, double from, double to, int steps)
    {
        double width = (to - from) / steps, sum = 0;
        for (int i = 0; i < steps; i++) sum += f(from + (i + 0.5) * width);
        return sum * width;
    }
}
