using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Tests.Inference.Conjugate;

public sealed class ConjugateFactorTests
{
    [Fact]
    public void Normal_mean_with_known_precision_has_the_closed_form_of_pyros_test()
    {
        NormalFactor first = new NormalFactor(0, 0.1).Observe(-0.1 + 0.0 + 0.2 + 0.1, 4, 6);
        NormalFactor second = new NormalFactor(0.5, 0.1).Observe(0.3 + 0.4 + 0.5 + 0.7, 4, 4);
        Assert.Equal(24.1, first.Precision, 1e-12);
        Assert.Equal(16.1, second.Precision, 1e-12);
        Assert.Equal(0.0497925, first.Mean, 5e-8);
        Assert.Equal(0.4751553, second.Mean, 5e-8);
    }

    [Fact]
    public void Beta_and_Gamma_count()
    {
        Assert.Equal(new BetaFactor(4, 2), new BetaFactor(1, 1).Observe(3, 1));
        Assert.Equal(new GammaFactor(7, 4), new GammaFactor(1, 1).ObserveCounts(1 + 2 + 3, 3));
        BetaFactor coin = new BetaFactor(10, 10).Observe(6, 4);
        Assert.Equal(new BetaFactor(16, 14), coin);
        Assert.Equal(0.5333, coin.Mean, 5e-5);
        Assert.Equal(-7.0694, new BetaFactor(10, 10).LogEvidence(6, 4), 5e-5);
    }

    [Fact]
    public void Beta_evidence_is_the_product_of_its_predictions()
    {
        BetaFactor belief = new(0.7, 2.5);
        double expected = 0;
        int[] trials = [1, 0, 0, 1, 1, 0, 1];
        foreach (int trial in trials)
        {
            expected += Math.Log(trial == 1 ? belief.Mean : 1 - belief.Mean);
            belief = belief.Observe(trial, 1 - trial);
        }

        Assert.Equal(expected, new BetaFactor(0.7, 2.5).LogEvidence(4, 3), 1e-13);
        Assert.Equal(expected, new DirichletFactor(0.7, 2.5).LogEvidence([4, 3]), 1e-13);
    }

    [Theory]
    [InlineData(0.3, 2.0, 1.7, 0.4)]
    [InlineData(4.0, 0.5, 4.0, 3.0)]
    [InlineData(25.0, 7.0, 1e-3, 1e-3)]
    public void Gamma_moments_entropy_and_kl_are_its_integrals(double shape, double rate, double otherShape, double otherRate)
    {
        GammaFactor q = new(shape, rate), p = new(otherShape, otherRate);
        // x = e^u: the substitution makes the integrand smooth at 0.
        double Integrate(Func<double, double> f) => Trapezoid(u => Math.Exp(q.LogDensity(Math.Exp(u)) + u) * f(Math.Exp(u)), -180 / Math.Min(1, shape) * 0.5, 12, 200_000);
        Assert.Equal(1, Integrate(static _ => 1), 1e-9);
        Assert.Equal(q.Mean, Integrate(static x => x), 1e-9 * q.Mean);
        Assert.Equal(q.Variance, Integrate(x => (x - q.Mean) * (x - q.Mean)), 1e-8 * q.Variance);
        Assert.Equal(q.MeanLog, Integrate(Math.Log), 1e-8);
        Assert.Equal(q.Entropy, Integrate(x => -q.LogDensity(x)), 1e-8);
        Assert.Equal(q.Kl(p), Integrate(x => q.LogDensity(x) - p.LogDensity(x)), 1e-7);
    }

    [Theory]
    [InlineData(0.6, 3.0, 2.0, 2.0)]
    [InlineData(12.0, 30.0, 0.5, 0.5)]
    public void Beta_moments_entropy_and_kl_are_its_integrals(double a, double b, double otherA, double otherB)
    {
        BetaFactor q = new(a, b), p = new(otherA, otherB);
        // x = 1/(1 + e^−u).
        double Integrate(Func<double, double> f) => Trapezoid(
            u =>
            {
                double x = 1 / (1 + Math.Exp(-u));
                return Math.Exp(q.LogDensity(x)) * x * (1 - x) * f(x);
            },
            -60, 30, 100_000);
        Assert.Equal(1, Integrate(static _ => 1), 1e-9);
        Assert.Equal(q.Mean, Integrate(static x => x), 1e-9);
        Assert.Equal(q.Variance, Integrate(x => (x - q.Mean) * (x - q.Mean)), 1e-9);
        Assert.Equal(q.MeanLog, Integrate(Math.Log), 1e-8);
        Assert.Equal(q.MeanLogComplement, Integrate(static x => double.LogP1(-x)), 1e-8);
        Assert.Equal(q.Entropy, Integrate(x => -q.LogDensity(x)), 1e-8);
        Assert.Equal(q.Kl(p), Integrate(x => q.LogDensity(x) - p.LogDensity(x)), 1e-8);
    }

    [Fact]
    public void A_Dirichlet_of_two_is_a_Beta()
    {
        DirichletFactor q = new(0.6, 3), p = new(2, 0.7);
        BetaFactor beta = new(0.6, 3), other = new(2, 0.7);
        Assert.Equal(beta.LogNormalizer, q.LogNormalizer, 1e-14);
        Assert.Equal(beta.Entropy, q.Entropy, 1e-13);
        Assert.Equal(beta.Kl(other), q.Kl(p), 1e-13);
        Assert.Equal(beta.LogDensity(0.3), q.LogDensity([0.3, 0.7]), 1e-13);
        Assert.Equal(beta.MeanLogComplement, q.MeanLog[1], 1e-14);
        Assert.Equal([0.6 / 3.6, 3 / 3.6], q.Mean);
    }

    [Fact]
    public void Dirichlet_kl_is_the_sum_of_those_of_its_sticks()
    {
        // x₁ ~ Beta(a₁, a₂ + a₃ + a₄), x₂/(1 − x₁) ~ Beta(a₂, a₃ + a₄), …: independent, so entropies (up to the change of variables) and KLs add.
        double[] a = [0.4, 2.2, 7.5, 1.1], b = [1.5, 0.8, 3.0, 0.2];
        double sum = 0;
        for (int k = 0; k < 3; k++) sum += new BetaFactor(a[k], a[(k + 1)..].Sum()).Kl(new BetaFactor(b[k], b[(k + 1)..].Sum()));
        Assert.Equal(sum, new DirichletFactor(a).Kl(new DirichletFactor(b)), 1e-12);
        Assert.Equal(0, new DirichletFactor(a).Kl(new DirichletFactor(a)), 1e-14);
    }

    [Fact]
    public void A_Wishart_in_one_dimension_is_a_Gamma()
    {
        WishartFactor q = new(5.5, new Matrix(1, 1, [3.2])), p = new(1.2, new Matrix(1, 1, [0.4]));
        GammaFactor gamma = new(2.75, 1.6), other = new(0.6, 0.2);
        Assert.Equal(gamma.Mean, q.Mean[0, 0], 1e-13);
        Assert.Equal(gamma.MeanLog, q.MeanLogDeterminant, 1e-13);
        Assert.Equal(gamma.Entropy, q.Entropy, 1e-13);
        Assert.Equal(gamma.Kl(other), q.Kl(p), 1e-13);
        Assert.Equal(gamma.LogDensity(0.9), q.LogDensity(new Matrix(1, 1, [0.9])), 1e-13);
    }

    [Fact]
    public void A_Wishart_with_diagonal_scale_has_gammas_on_the_squares_of_its_Bartlett_factor()
    {
        // Bartlett: Λ = (LA)(LA)ᵀ with independent χ² on A's diagonal, so E ln|Λ| = ln|W| + Σ E ln χ²(ν − i), whatever the rotation.
        double nu = 6.5;
        Matrix v = Matrix.FromRows([2.0, 0.3, -0.1], [0.3, 1.5, 0.2], [-0.1, 0.2, 0.7]);
        WishartFactor q = new(nu, v);
        double expected = -CholeskyFactor.TryFactor(v)!.LogDeterminant;
        for (int i = 0; i < 3; i++) expected += new GammaFactor((nu - i) / 2, 0.5).MeanLog;
        Assert.Equal(expected, q.MeanLogDeterminant, 1e-12);
        // The expectation of the log density of p under q is linear in E[Λ] and E ln|Λ|.
        WishartFactor p = new(3.2, Matrix.FromRows([1.0, 0.1, 0], [0.1, 2.0, 0.4], [0, 0.4, 1.1]));
        double cross = 0.5 * (3.2 - 4) * q.MeanLogDeterminant - p.LogNormalizer;
        Matrix mean = q.Mean;
        for (int i = 0; i < 9; i++) cross -= 0.5 * p.InverseScale.Values[i] * mean.Values[i];
        Assert.Equal(-q.Entropy - cross, q.Kl(p), 1e-12);
        Assert.Equal(0, q.Kl(q), 1e-12);
    }

    [Fact]
    public void A_Wishart_density_integrates_to_one()
    {
        // Importance sampling with the Bartlett factor of another Wishart: E_q[p/q] = 1; seed 11.
        RandomStream random = new(11);
        WishartFactor q = new(9, Matrix.FromRows([1.4, 0.2], [0.2, 0.9])), p = new(8, Matrix.FromRows([1.5, 0.1], [0.1, 1.0]));
        CholeskyFactor scale = CholeskyFactor.TryFactor(CholeskyFactor.TryFactor(q.InverseScale)!.Inverse())!;
        double sum = 0, squares = 0;
        const int Draws = 20_000;
        for (ulong i = 0; i < Draws; i++)
        {
            RandomStream draw = random.Split(i);
            double first = 0, second = 0;
            for (ulong j = 0; j < 9; j++) first += Math.Pow(draw.Normal(j), 2);
            for (ulong j = 9; j < 17; j++) second += Math.Pow(draw.Normal(j), 2);
            Matrix factor = scale.Lower * Matrix.FromRows([Math.Sqrt(first), 0], [draw.Normal(20), Math.Sqrt(second)]);
            Matrix precision = factor * factor.Transpose();
            double ratio = Math.Exp(p.LogDensity(precision) - q.LogDensity(precision));
            sum += ratio;
            squares += ratio * ratio;
        }

        double mean = sum / Draws, error = Math.Sqrt((squares / Draws - mean * mean) / Draws);
        Assert.InRange(error, 1e-5, 0.02);
        Assert.InRange(mean, 1 - 4 * error, 1 + 4 * error);
    }

    [Fact]
    public void Normal_kl_and_entropy_are_its_integrals()
    {
        NormalFactor q = new(0.7, 2.5), p = new(-0.4, 0.3);
        double Integrate(Func<double, double> f) => Trapezoid(x => Math.Exp(q.LogDensity(x)) * f(x), -10, 12, 20_000);
        Assert.Equal(1, Integrate(static _ => 1), 1e-12);
        Assert.Equal(q.SecondMoment, Integrate(static x => x * x), 1e-11);
        Assert.Equal(q.Entropy, Integrate(x => -q.LogDensity(x)), 1e-11);
        Assert.Equal(q.Kl(p), Integrate(x => q.LogDensity(x) - p.LogDensity(x)), 1e-11);
    }

    [Fact]
    public void Bad_parameters_are_refused_with_their_values()
    {
        Assert.Contains("-1", Assert.Throws<ArgumentException>(static () => new DirichletFactor(1, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("more than 2", Assert.Throws<ArgumentException>(static () => new WishartFactor(2, Matrix.Identity(3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(static () => new WishartFactor(4, Matrix.FromRows([1.0, 2.0], [2.0, 1.0])));
        Assert.Throws<ArgumentException>(static () => new DirichletFactor(1, 2).Kl(new DirichletFactor(1, 2, 3)));
    }

    private static double Trapezoid(Func<double, double> f, double from, double to, int steps)
    {
        double width = (to - from) / steps, sum = 0.5 * (f(from) + f(to));
        for (int i = 1; i < steps; i++) sum += f(from + i * width);
        return sum * width;
    }
}
