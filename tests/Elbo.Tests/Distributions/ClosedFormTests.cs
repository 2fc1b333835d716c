using Elbo.Distributions;
using Elbo.Numerics;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Distributions;

/// <summary>Values that are known exactly, corner cases of the formulas, and gradients of reparameterised expectations.</summary>
public class ClosedFormTests
{
    [Fact]
    public void Normal_log_density_is_the_textbook_value()
    {
        // −½((1 − 0.5)/2)² − ln 2 − ½ ln 2π.
        Close(-0.5 * 0.0625 - Math.Log(2) - 0.5 * Math.Log(2 * Math.PI), Scalar(new Normal(Vector(0.5), Vector(2)).LogDensity(Vector(1))), 1e-14);
        Close(-0.5 * Math.Log(2 * Math.PI) * 3, Scalar(Normal.Standard([3]).LogDensity(Vector(0, 0, 0))), 1e-14);
    }

    [Fact]
    public void Normal_kl_to_the_standard_normal_is_equation_10_of_AEVB()
    {
        // −½ Σ (1 + ln σ² − μ² − σ²), Kingma and Welling 2013, appendix B.
        double[] mean = [0.5, -2, 0], logVariance = [0.3, -1, 2];
        double expected = -0.5 * Enumerable.Range(0, 3).Sum(i => 1 + logVariance[i] - mean[i] * mean[i] - Math.Exp(logVariance[i]));
        Close(expected, Scalar(KlDivergence.Between(Normal.FromLogVariance(Vector(mean), Vector(logVariance)), Normal.Standard([3]))), 1e-14);
    }

    [Fact]
    public void Normal_kl_keeps_its_digits_when_the_two_are_close()
    {
        // For ln σ = δ the divergence is δ² + O(δ³); the naive σ² − 1 − ln σ² loses all digits at δ = 1e-9.
        const double delta = 1e-7;
        double kl = Scalar(KlDivergence.Between(Normal.FromLogScale(Vector(0), Vector(delta)), Normal.Standard([1])));
        Assert.Equal(delta * delta, kl, delta * delta * 0.01);
    }

    [Fact]
    public void Laplace_kl_is_the_published_formula()
    {
        // ln(b′/b) + (b e^{−|Δ|/b} + |Δ|)/b′ − 1.
        double b = 0.7, other = 1.9, shift = 0.6;
        double expected = Math.Log(other / b) + (b * Math.Exp(-shift / b) + shift) / other - 1;
        Close(expected, Scalar(KlDivergence.Between(new Laplace(Vector(1.0), Vector(b)), new Laplace(Vector(1.0 + shift), Vector(other)))), 1e-14);
    }

    [Fact]
    public void Bernoulli_is_right_by_enumeration_and_at_extreme_logits()
    {
        double p = 1 / (1 + Math.Exp(-0.8)), q = 1 / (1 + Math.Exp(1.7));
        Bernoulli left = new(Vector(0.8)), right = new(Vector(-1.7));
        Close(Math.Log(p), Scalar(left.LogDensity(Vector(1))), 1e-14);
        Close(Math.Log(1 - p), Scalar(left.LogDensity(Vector(0))), 1e-14);
        Close(-p * Math.Log(p) - (1 - p) * Math.Log(1 - p), Scalar(left.Entropy()), 1e-14);
        Close(p * Math.Log(p / q) + (1 - p) * Math.Log((1 - p) / (1 - q)), Scalar(KlDivergence.Between(left, right)), 1e-14);

        Bernoulli certain = new(Vector(800)), never = new(Vector(-800));
        Assert.Equal(0, Scalar(certain.LogDensity(Vector(1))));
        Assert.Equal(-800, Scalar(certain.LogDensity(Vector(0))));
        Assert.Equal(0, Scalar(never.Entropy()));
        Assert.Equal(800, Scalar(KlDivergence.Between(certain, never)));
    }

    [Fact]
    public void Categorical_is_right_by_enumeration()
    {
        double[] logits = [0.5, -1, 2, 0];
        double normalizer = logits.Sum(Math.Exp);
        double[] p = [.. logits.Select(l => Math.Exp(l) / normalizer)];
        Categorical categorical = new(Vector(logits)), uniform = new(Vector(3, 3, 3, 3));
        Close(p, Value(categorical.Mean), 1e-14);
        for (int k = 0; k < 4; k++)
            Close(Math.Log(p[k]), Scalar(categorical.LogDensity(Vector([.. Enumerable.Range(0, 4).Select(i => i == k ? 1.0 : 0)]))), 1e-14);
        double entropy = -p.Sum(x => x * Math.Log(x));
        Close(entropy, Scalar(categorical.Entropy()), 1e-14);
        Close(Math.Log(4) - entropy, Scalar(KlDivergence.Between(categorical, uniform)), 1e-14);
    }

    [Fact]
    public void Categorical_draws_are_one_hot()
    {
        double[] draws = Evaluate(3, new Categorical(Matrix(2, 0, 0, 0, 5, 0, 0)).Sample(1, 500))[0];
        for (int row = 0; row < draws.Length / 3; row++)
            Assert.Equal([0, 0, 1], draws.AsSpan(row * 3, 3).ToArray().Order());
    }

    [Fact]
    public void Independent_choices_add_their_densities()
    {
        Categorical two = new(Matrix(2, 0.5, 1, -1, 0), eventRank: 2);
        Tensor value = Matrix(2, 1, 0, 0, 1);
        double first = Scalar(new Categorical(Vector(0.5, 1)).LogDensity(Vector(1, 0))), second = Scalar(new Categorical(Vector(-1, 0)).LogDensity(Vector(0, 1)));
        Close(first + second, Scalar(two.LogDensity(value)), 1e-14);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-12)]
    [InlineData(-0.3)]
    [InlineData(0.4999999)]
    [InlineData(0.5000001)]
    [InlineData(7.0)]
    [InlineData(-700.0)]
    public void Continuous_bernoulli_normalizer_is_right_on_both_sides_of_the_series(double logit)
    {
        // ln p(0) = −ln((eˡ − 1)/l), in the form that fits the size of l.
        double expected = logit == 0 ? 0
            : Math.Abs(logit) < 1e-6 ? -logit / 2
            : logit < 0 ? Math.Log(-logit) - double.LogP1(-Math.Exp(logit))
            : Math.Log(logit) - Math.Log(double.ExpM1(logit));
        Close(expected, Scalar(new ContinuousBernoulli(Vector(logit)).LogDensity(Vector(0))), 2e-14);
    }

    [Fact]
    public void Continuous_bernoulli_gradients_are_finite_and_right_through_the_series()
    {
        // d ln p(x)/dl = x − E[x], and d E[x]/dl at 0 is the variance of the uniform distribution, 1/12.
        Tensor logits = Vector(0, 1e-8, 0.3, -0.6, 40, -90);
        ContinuousBernoulli distribution = new(logits);
        Tensor point = Vector(0.2, 0.9, 0.4, 0.1, 0.5, 0.3);
        double[] gradient = Value(distribution.LogDensity(point).Gradients(logits)[0]);
        Close(Value(point - distribution.Mean), gradient, 1e-12);
        double[] slope = Value(distribution.Mean.Sum().Gradients(logits)[0]);
        Close(1 / 12.0, slope[0], 1e-12);
        Assert.All(slope, value => Assert.True(double.IsFinite(value) && value > 0));
        double[] draws = Evaluate(4, distribution.Reparameterize(distribution.Noise(1)).Sum().Gradients(logits)[0])[0];
        Assert.All(draws, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Full_covariance_agrees_with_the_bivariate_formula()
    {
        // Σ = [[4, 1.2], [1.2, 1]], L = [[2, 0], [0.6, 0.8]].
        double[] x = [1.5, -0.5], mean = [0.5, 0.25];
        double a = 4, b = 1.2, c = 1, determinant = a * c - b * b, u = x[0] - mean[0], v = x[1] - mean[1];
        double expected = -0.5 * (c * u * u - 2 * b * u * v + a * v * v) / determinant - 0.5 * Math.Log(determinant) - Math.Log(2 * Math.PI);
        MultivariateNormal normal = new(Vector(mean), Matrix(2, 2, 9, 0.6, 0.8));
        Close(expected, Scalar(normal.LogDensity(Vector(x))), 1e-14);
        Close(1 + Math.Log(2 * Math.PI) + 0.5 * Math.Log(determinant), Scalar(normal.Entropy()), 1e-14);
        Assert.Equal([2, 0, 0.6, 0.8], Value(normal.Factor));
    }

    [Fact]
    public void Full_covariance_with_a_diagonal_factor_is_the_diagonal_normal()
    {
        Tensor mean = Matrix(2, 0.1, 0.2, 0.3, -1, 2, 0), scale = Matrix(2, 0.5, 1, 2, 1.5, 0.3, 0.9);
        MultivariateNormal full = new(mean, scale.DiagonalMatrix());
        Normal diagonal = new(mean, scale);
        Tensor points = Tensor.Constant([2, 2, 3], [1, 2, 3, 0.4, 0.5, 0.6, -1, -2, -3, 0, 0, 1]);
        Close(Value(diagonal.LogDensity(points)), Value(full.LogDensity(points)), 1e-13);
        Close(Value(diagonal.Reparameterize(points)), Value(full.Reparameterize(points)), 1e-13);
        Close(Value(KlDivergence.PerElement(diagonal, Normal.Standard([3]))!), Value(KlDivergence.PerElement(full, Normal.Standard([3]))!), 1e-13);
    }

    [Fact]
    public void Reparameterised_expectations_have_the_gradient_of_the_expectation()
    {
        // E[x²] under N(μ, σ²) is μ² + σ², under Laplace(μ, b) μ² + 2b²; in several dimensions E‖Lε + μ‖² = ‖μ‖² + ‖L‖².
        // Five standard errors of each gradient. Variances of one draw: d/dμ is 2x, with 4σ², 8b² and 4‖Lᵢ‖²; d/dσ is 2εx, with 4μ² + 8σ²
        // (normal) and 8μ² + 80b² (Laplace, as Var ε² = 20); d/dLᵢⱼ is 2εⱼxᵢ, with 4(μᵢ² + Lᵢⱼ² + ‖Lᵢ‖²).
        const int draws = 100_000;
        Tensor mean = Vector(0.7), scale = Vector(0.5), fullMean = Vector(1, -2), factor = Matrix(2, 0.9, 0, -0.4, 0.6);
        Check([1.4, 1.0], [4 * 0.25, 4 * 0.49 + 8 * 0.25], Gradient(new Normal(mean, scale), mean, scale), "normal, seed 8");
        Check([1.4, 2.0], [8 * 0.25, 8 * 0.49 + 80 * 0.25], Gradient(new Laplace(mean, scale), mean, scale), "laplace, seed 8");
        Check(
            [2, -4, 1.8, 0, -0.8, 1.2],
            [4 * 0.81, 4 * 0.52, 4 * (1 + 0.81 + 0.81), 0, 4 * (4 + 0.16 + 0.52), 4 * (4 + 0.36 + 0.52)],
            Gradient(new MultivariateNormal(fullMean, factor), fullMean, factor),
            "full covariance, seed 8");

        static void Check(double[] expected, double[] variances, double[] actual, string what)
        {
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(actual[i] - expected[i]) <= 5 * Math.Sqrt(variances[i] / draws), $"{what}[{i}]: expected {expected[i]}, got {actual[i]:R}");
        }

        static double[] Gradient(Distribution distribution, params Tensor[] parameters)
        {
            IReparameterizable family = (IReparameterizable)distribution;
            Tensor expectation = family.Reparameterize(family.Noise(2, draws)).Square().Sum() * (1.0 / draws);
            return [.. Evaluate(8, expectation.Gradients(parameters)).SelectMany(gradient => gradient)];
        }
    }

    [Fact]
    public void Continuous_bernoulli_draws_differentiate_to_the_slope_of_the_mean()
    {
        const int draws = 500;
        Tensor logits = Vector(0, 2, -5);
        ContinuousBernoulli distribution = new(logits);
        Tensor expectation = distribution.Reparameterize(distribution.Noise(2, draws)).Sum() * (1.0 / draws);
        double[][] replicates = [.. Enumerable.Range(0, 50).Select(seed => Evaluate(8 + (ulong)seed, expectation.Gradients(logits)[0])[0])];
        HasExpectation(Value(distribution.Mean.Sum().Gradients(logits)[0]), replicates, "seeds 8 to 57");
    }

    [Fact]
    public void No_gradient_flows_through_plain_samples()
    {
        Tensor mean = Vector(0.7), scale = Vector(0.5);
        foreach (Distribution distribution in new Distribution[] { new Normal(mean, scale), new Laplace(mean, scale), new Bernoulli(mean), new ContinuousBernoulli(mean) })
            Assert.Equal(0, Evaluate(1, distribution.Sample(1).Sum().Gradients(mean)[0])[0][0]);
    }

    [Fact]
    public void A_shared_scale_counts_once_for_every_element()
    {
        Normal shared = new(Matrix(2, 0, 1, 2, 3, 4, 5), 0.5);
        Assert.Equal([2, 3], shared.Shape);
        Close([3 * Math.Log(0.5) + 1.5 * (1 + Math.Log(2 * Math.PI)), 3 * Math.Log(0.5) + 1.5 * (1 + Math.Log(2 * Math.PI))], Value(shared.Entropy()), 1e-14);
    }

    [Fact]
    public void A_factor_of_the_wrong_shape_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new MultivariateNormal(Vector(1, 2), Matrix(3, 1, 0, 0, 0, 1, 0, 0, 0, 1)));
        Assert.Contains("[2, 2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[3, 3]", error.Message, StringComparison.Ordinal);
    }
}
