using Elbo.Distributions;
using Elbo.Numerics;
using static Elbo.Tests.Graphs;

namespace Elbo.Tests.Distributions;

/// <summary>What must hold for every family, whatever its formula: total mass, entropy, moments, and KL as an expectation.</summary>
public class DistributionIdentitiesTests
{
    private const int Draws = 40_000;

    /// <summary>One-dimensional continuous families: the density as a function of the point, with the interval that holds all but 1e-12 of the mass.</summary>
    private static readonly Dictionary<string, (Func<Distribution> Make, double Low, double High)> Continuous = new()
    {
        ["normal"] = (() => new Normal(Vector(0.7), Vector(0.4)), -4, 6),
        ["normal by log variance"] = (() => Normal.FromLogVariance(Vector(-1.0), Vector(1.1)), -16, 14),
        ["laplace"] = (() => new Laplace(Vector(0.3), Vector(0.5)), -16, 17),
        ["multivariate normal"] = (() => new MultivariateNormal(Vector(0.7), Matrix(1, 0.6)), -5, 6),
        ["continuous bernoulli 0"] = (() => new ContinuousBernoulli(Vector(0.0)), 0, 1),
        ["continuous bernoulli 1e-9"] = (() => new ContinuousBernoulli(Vector(1e-9)), 0, 1),
        ["continuous bernoulli 0.49"] = (() => new ContinuousBernoulli(Vector(0.49)), 0, 1),
        ["continuous bernoulli -0.51"] = (() => new ContinuousBernoulli(Vector(-0.51)), 0, 1),
        ["continuous bernoulli 4"] = (() => new ContinuousBernoulli(Vector(4.0)), 0, 1),
        ["gamma"] = (() => new Gamma(Vector(2.5), Vector(1.5)), 1e-9, 40),
        ["gamma of a large shape"] = (() => new Gamma(Vector(400), Vector(2)), 100, 320),
        ["beta"] = (() => new Beta(Vector(2.2), Vector(3.4)), 1e-12, 1 - 1e-12),
        ["continuous bernoulli -30"] = (() => new ContinuousBernoulli(Vector(-30.0)), 0, 1),
    };

    private static readonly Dictionary<string, Func<(Distribution Q, Distribution P)>> Pairs = new()
    {
        ["normal, normal"] = () => (new Normal(Matrix(2, 0.5, -1, 0.2, 2), Matrix(2, 0.5, 1.2, 0.9, 0.3)), new Normal(Vector(0.1, 0.4), Vector(1.5, 0.7))),
        ["laplace, laplace"] = () => (new Laplace(Matrix(2, 0.5, -1, 0.2, 2), Matrix(2, 0.5, 1.2, 0.9, 0.3)), new Laplace(Vector(0.1, 0.4), Vector(1.5, 0.7))),
        ["bernoulli, bernoulli"] = () => (new Bernoulli(Matrix(2, 0.5, -1, 0.2, 2)), new Bernoulli(Vector(0.1, -0.4))),
        ["categorical, categorical"] = () => (new Categorical(Matrix(2, 0.5, -1, 0.2, 2, 1, 0)), new Categorical(Vector(0.1, -0.4, 1))),
        ["continuous bernoulli, continuous bernoulli"] = () => (new ContinuousBernoulli(Matrix(2, 0.5, -3, 0.2, 2)), new ContinuousBernoulli(Vector(0.1, -1.4))),
        ["gamma, gamma"] = () => (new Gamma(Matrix(2, 0.5, 1, 3, 20), Matrix(2, 0.5, 1.2, 0.9, 4)), new Gamma(Vector(1.1, 2.4), Vector(1.5, 0.7))),
        ["beta, beta"] = () => (new Beta(Matrix(2, 0.5, 1, 3, 20), Matrix(2, 0.5, 1.2, 0.9, 4)), new Beta(Vector(1.1, 2.4), Vector(1.5, 0.7))),
        ["multivariate normal, normal"] = () => (Full(), new Normal(Vector(0.1, 0.4), Vector(1.5, 0.7))),
        ["normal, multivariate normal"] = () => (new Normal(Vector(0.1, 0.4), Vector(0.5, 0.7)), Full()),
        ["multivariate normal, multivariate normal"] = () => (Full(), new MultivariateNormal(Vector(0.2, 0.3), Matrix(2, 0.9, 0, 0.6, 1.1))),
    };

    public static TheoryData<string> ContinuousNames => [.. Continuous.Keys];

    public static TheoryData<string> PairNames => [.. Pairs.Keys];

    [Theory]
    [MemberData(nameof(ContinuousNames))]
    public void Density_integrates_to_one_and_gives_mean_and_entropy(string name)
    {
        (Func<Distribution> make, double low, double high) = Continuous[name];
        Distribution distribution = make();
        // Composite Simpson; the kink of the Laplace density costs it an error of the order of the squared step.
        const int intervals = 40_000;
        double step = (high - low) / intervals, mass = 0, mean = 0, entropy = 0;
        double[] points = [.. Enumerable.Range(0, intervals + 1).Select(i => low + i * step)];
        double[] logDensity = Value(distribution.LogDensity(Tensor.Constant([points.Length, 1], points)));
        for (int i = 0; i <= intervals; i++)
        {
            double weight = step / 3 * (i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(logDensity[i]);
            mass += weight;
            mean += weight * points[i];
            entropy -= weight * logDensity[i];
        }

        Close(1, mass, 1e-6, "mass");
        Close(mean, Scalar(distribution.Mean), 1e-6, "mean");
        Close(entropy, Scalar(distribution.Entropy()), 1e-6, "entropy");
    }

    [Theory]
    [MemberData(nameof(PairNames))]
    public void Kl_is_the_expected_log_ratio_and_entropy_the_expected_log_density(string name)
    {
        (Distribution q, Distribution p) = Pairs[name]();
        Tensor sample = q.Sample(3, Draws);
        Tensor logQ = q.LogDensity(sample), ratio = logQ - p.LogDensity(sample);
        double[][] values = Evaluate(11, logQ, ratio, q.Entropy(), KlDivergence.Between(q, p));
        int batch = values[3].Length;
        Assert.Equal(q.BatchShape.ElementCount, batch);
        for (int row = 0; row < batch; row++)
        {
            (double entropy, double entropyError) = Moments(values[0], row, batch);
            (double kl, double klError) = Moments(values[1], row, batch);
            Assert.True(Math.Abs(-entropy - values[2][row]) < 5 * entropyError, $"seed 11, row {row}: −E ln q = {-entropy} ± {entropyError}, entropy {values[2][row]}");
            Assert.True(Math.Abs(kl - values[3][row]) < 5 * klError, $"seed 11, row {row}: E[ln q − ln p] = {kl} ± {klError}, KL {values[3][row]}");
            Assert.True(values[3][row] > 0.01, "the pair is too close for the comparison to mean anything");
        }
    }

    [Theory]
    [MemberData(nameof(PairNames))]
    public void Kl_of_a_distribution_from_itself_is_zero(string name)
    {
        (Distribution q, Distribution p) = Pairs[name]();
        foreach (Distribution each in new[] { q, p })
            foreach (double divergence in Value(KlDivergence.Between(each, each)))
                Assert.Equal(0, divergence, 1e-14);
    }

    [Theory]
    [MemberData(nameof(PairNames))]
    public void Kl_per_element_sums_to_the_whole_and_no_element_is_negative(string name)
    {
        (Distribution q, Distribution p) = Pairs[name]();
        if (KlDivergence.PerElement(q, p) is not { } perElement) return;
        double[] terms = Value(perElement), whole = Value(KlDivergence.Between(q, p));
        int width = q.Shape[-1];
        for (int row = 0; row < whole.Length; row++)
            Close(whole[row], terms.AsSpan(row * width, width).ToArray().Sum(), 1e-12);
        Assert.All(terms, term => Assert.True(term >= 0, $"term {term}"));
    }

    [Theory]
    [MemberData(nameof(PairNames))]
    public void The_Monte_Carlo_fallback_agrees_with_the_closed_form(string name)
    {
        (Distribution q, Distribution p) = Pairs[name]();
        double[][] values = Evaluate(5, KlDivergence.MonteCarlo(q, p, 9, Draws), KlDivergence.Between(q, p));
        for (int row = 0; row < values[0].Length; row++)
            Assert.True(Math.Abs(values[0][row] - values[1][row]) < 0.05 * (1 + values[1][row]), $"seed 5: {values[0][row]} against {values[1][row]}");
    }

    [Theory]
    [MemberData(nameof(PairNames))]
    public void Samples_have_the_mean(string name)
    {
        (Distribution q, Distribution p) = Pairs[name]();
        foreach (Distribution each in new[] { q, p })
        {
            double[][] values = Evaluate(21, each.Sample(4, Draws), each.Mean);
            int size = values[1].Length;
            for (int i = 0; i < size; i++)
            {
                (double mean, double error) = Moments(values[0], i, size);
                Assert.True(Math.Abs(mean - values[1][i]) < 5 * error, $"seed 21, element {i}: sample mean {mean} ± {error}, mean {values[1][i]}");
            }
        }
    }

    [Fact]
    public void A_pair_without_a_closed_form_is_refused_by_name()
    {
        Normal normal = Normal.Standard([2]);
        Laplace laplace = new(Vector(0, 0), Vector(1, 1));
        Assert.Null(KlDivergence.TryBetween(normal, laplace));
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => KlDivergence.Between(normal, laplace));
        Assert.Contains("KL(Normal ‖ Laplace)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kl_between_events_of_different_shapes_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => KlDivergence.Between(Normal.Standard([2]), Normal.Standard([3])));
        Assert.Contains("[2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[3]", error.Message, StringComparison.Ordinal);
    }

    private static MultivariateNormal Full() => new(Vector(0.5, -0.3), Matrix(2, 0.8, 0, -0.5, 0.6));

    private static (double Mean, double Error) Moments(double[] values, int offset, int stride)
    {
        double sum = 0, squares = 0;
        int count = values.Length / stride;
        for (int i = offset; i < values.Length; i += stride) sum += values[i];
        double mean = sum / count;
        for (int i = offset; i < values.Length; i += stride) squares += (values[i] - mean) * (values[i] - mean);
        return (mean, Math.Sqrt(squares / (count - 1.0) / count) + 1e-12);
    }
}
