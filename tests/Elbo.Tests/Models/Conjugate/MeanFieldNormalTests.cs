using Elbo.Inference;
using Elbo.Models;
using Elbo.Numerics;

namespace Elbo.Tests.Models.Conjugate;

public sealed class MeanFieldNormalTests
{
    [Fact]
    public void The_posterior_is_that_of_Infer_NETs_variational_message_passing()
    {
        MeanFieldNormal fit = MeanFieldNormal.Fit([5, 7], new NormalFactor(0, 1 / 100.0), new GammaFactor(1, 1), new FitOptions { Tolerance = 0, MaxIterations = 200 });
        Assert.Equal(5.9603207170807826, fit.Mean.Mean, 1e-12);
        Assert.Equal(0.66132138200164436, fit.Mean.Variance, 1e-12);
        Assert.Equal(2, fit.Precision.Shape, 1e-12);
        Assert.Equal(2.6628958274937107, fit.Precision.Rate, 1e-12 * 2.6628958274937107);
        // The fixed point of the updates in 40 decimal digits.
        Assert.Equal(2.662895827494852892, fit.Precision.Rate, 2e-15);
        Assert.Equal(5.960320717079892065, fit.Mean.Mean, 4e-15);
    }

    [Fact]
    public void The_bounds_are_those_that_BayesPys_quick_start_prints()
    {
        // NumPy's first ten normals of seed 1.
        double[] z = [1.62434536, -0.61175641, -0.52817175, -1.07296862, 0.86540763, -2.3015387, 1.74481176, -0.7612069, 0.3190391, -0.24937038];
        double[] values = Array.ConvertAll(z, static value => 5 + 10 * value);
        MeanFieldNormal fit = MeanFieldNormal.Fit(values, new NormalFactor(0, 1e-6), new GammaFactor(1e-6, 1e-6), new FitOptions { Tolerance = 0, MaxIterations = 50 });
        double[] printed = [-60.20956, -58.20527, -58.20290, -58.20288];
        for (int i = 0; i < printed.Length; i++) Assert.Equal(printed[i], fit.Bounds[i], 1e-5);
        Assert.Equal(-58.2028, fit.Elbo, 1e-4);
    }

    [Fact]
    public void Every_update_of_one_factor_raises_the_bound_and_is_its_maximum()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            RandomStream random = new(seed);
            int count = 1 + (int)random.Integer(12, 0);
            double[] values = new double[count];
            for (int i = 0; i < count; i++) values[i] = 30 * (random.Uniform(50) - 0.5) + 5 * random.Uniform(51) * random.Normal((ulong)(100 + i));
            NormalFactor mean = new(random.Normal(1), Math.Exp(3 * random.Normal(2)));
            GammaFactor precision = new(Math.Exp(2 * random.Normal(3)), Math.Exp(2 * random.Normal(4)));
            double sum = values.Sum(), average = sum / count, scatter = values.Sum(x => (x - average) * (x - average));
            double Bound(NormalFactor m, GammaFactor p) => MeanFieldNormal.Bound(m, p, mean, precision, average, scatter, count);
            NormalFactor qMean = mean;
            GammaFactor qPrecision = precision;
            double last = Bound(qMean, qPrecision);
            for (int step = 0; step < 8; step++)
            {
                if (step % 2 == 0) qMean = mean.Observe(sum, count, qPrecision.Mean);
                else qPrecision = precision.ObserveSquares(values.Sum(x => Math.Pow(x - qMean.Mean, 2) + qMean.Variance), count);
                double bound = Bound(qMean, qPrecision);
                double slack = 1e-11 * (1 + Math.Abs(bound));
                Assert.True(bound >= last - slack, $"Seed {seed}, update {step}: from {last} to {bound}.");
                NormalFactor other = qMean with { Mean = qMean.Mean + 0.01 * random.Normal((ulong)(200 + step)) / Math.Sqrt(qMean.Precision), Precision = qMean.Precision * 1.02 };
                GammaFactor otherPrecision = new(qPrecision.Shape * 1.02, qPrecision.Rate * 0.99);
                double beside = step % 2 == 0 ? Bound(other, qPrecision) : Bound(qMean, otherPrecision);
                Assert.True(beside < bound + slack, $"Seed {seed}, update {step}: {beside} beside the maximum {bound}.");
                last = bound;
            }
        }
    }

    [Fact]
    public void The_bound_lies_below_the_evidence_by_the_divergence_alone()
    {
        // The evidence by quadrature over (μ, ln τ).
        double[] values = [5, 7];
        NormalFactor mean = new(0, 0.01);
        GammaFactor precision = new(1, 1);
        MeanFieldNormal fit = MeanFieldNormal.Fit(values, mean, precision, new FitOptions { Tolerance = 0, MaxIterations = 200 });
        double evidence = 0, divergence = 0;
        for (double u = -12; u < 5; u += 0.01)
        {
            double tau = Math.Exp(u);
            for (double mu = -45; mu < 55; mu += 0.05)
            {
                double joint = mean.LogDensity(mu) + precision.LogDensity(tau) + values.Sum(x => new NormalFactor(mu, tau).LogDensity(x));
                double q = fit.Mean.LogDensity(mu) + fit.Precision.LogDensity(tau);
                evidence += Math.Exp(joint + u) * 0.0005;
                divergence += Math.Exp(q + u) * (q - joint) * 0.0005;
            }
        }

        Assert.Equal(-divergence, fit.Elbo, 1e-4);
        Assert.InRange(Math.Log(evidence) - fit.Elbo, 0.01, 1);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        FitOptions options = new();
        Assert.Throws<ElboException>(() => MeanFieldNormal.Fit([], new NormalFactor(0, 1), new GammaFactor(1, 1), options));
        Assert.Contains("Value 1", Assert.Throws<ElboException>(() => MeanFieldNormal.Fit([1, double.NaN], new NormalFactor(0, 1), new GammaFactor(1, 1), options)).Message, StringComparison.Ordinal);
        Assert.Throws<ElboException>(() => MeanFieldNormal.Fit([1], new NormalFactor(0, 0), new GammaFactor(1, 1), options));
        Assert.Throws<ElboException>(() => MeanFieldNormal.Fit([1], new NormalFactor(0, 1), new GammaFactor(-1, 1), options));
    }
}
