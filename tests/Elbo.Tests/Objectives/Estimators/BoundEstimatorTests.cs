using Elbo.Distributions;
using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Objectives;

namespace Elbo.Tests.Objectives.Estimators;

/// <summary>Estimators of the multi-sample bound on z ~ N(0, 1), x | z ~ N(z, 1), whose posterior is N(x/2, ½) and evidence N(x; 0, 2).</summary>
public class BoundEstimatorTests
{
    private const double X = 2;
    private const int Replicates = 4096;

    private static readonly double Evidence = -0.5 * Math.Log(4 * Math.PI) - X * X / 4;

    private static readonly Dictionary<string, Func<int, BoundEstimator>> Estimators = new()
    {
        ["reparameterised"] = k => new ReparameterizedBoundEstimator(k),
        ["dreg"] = k => new DoublyReparameterizedEstimator(k),
        ["vimco"] = k => new VimcoEstimator(k),
    };

    public static TheoryData<string, int> Cases => new() { { "reparameterised", 1 }, { "reparameterised", 5 }, { "dreg", 1 }, { "dreg", 5 }, { "vimco", 2 }, { "vimco", 5 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_mean_gradient_is_the_slope_of_the_bound_in_q_and_in_the_model(string name, int k)
    {
        // The true gradient by a central difference of the bound under one noise.
        double[] at = [0.4, Math.Log(0.9), 0.3];
        (double[] gradient, double[] error, _, _) = Measure(Estimators[name](k), at, 16, 31);
        for (int p = 0; p < 3; p++)
        {
            double[] up = [.. at], down = [.. at];
            up[p] += 1e-3;
            down[p] -= 1e-3;
            BoundEstimator plain = new ReparameterizedBoundEstimator(k);
            (_, _, double above, _) = Measure(plain, up, 16, 32);
            (_, _, double below, _) = Measure(plain, down, 16, 32);
            double slope = (above - below) / 2e-3;
            // The difference uses as many draws as the gradient, pathwise, so its error is about as large as that of the plain estimator.
            (_, double[] plainError, _, _) = Measure(plain, at, 16, 32);
            double tolerance = 4.5 * Math.Sqrt(error[p] * error[p] + plainError[p] * plainError[p]);
            Assert.True(Math.Abs(gradient[p] - slope) < tolerance, $"seeds 31, 32: {name}, K = {k}, parameter {p}: {gradient[p]} ± {error[p]}, slope {slope}");
        }
    }

    [Fact]
    public void All_estimators_report_the_same_value_on_the_same_draws()
    {
        double[] at = [0.4, Math.Log(0.9), 0.3];
        foreach (int k in new[] { 2, 5 })
        {
            double expected = Measure(new ReparameterizedBoundEstimator(k), at, 1, 5).Value;
            Assert.Equal(expected, Measure(new DoublyReparameterizedEstimator(k), at, 1, 5).Value, 1e-13);
            Assert.Equal(expected, Measure(new VimcoEstimator(k), at, 1, 5).Value, 1e-13);
        }

        double elbo = Measure(new ReparameterizedBoundEstimator(1), at, 1, 5).Value;
        Assert.Equal(elbo, Measure(new StickingTheLandingEstimator(), at, 1, 5).Value, 1e-13);
        Assert.Equal(elbo, Measure(new ExpectationBoundEstimator(new ReparameterizedEstimator()), at, 1, 5).Value, 1e-13);
        Assert.Equal(elbo, Measure(new ExpectationBoundEstimator(new ScoreFunctionEstimator()), at, 1, 5).Value, 1e-13);
    }

    [Fact]
    public void Sticking_the_landing_is_zero_for_every_draw_where_q_is_the_posterior_and_the_plain_gradient_is_not()
    {
        double[] at = [X / 2, 0.5 * Math.Log(0.5), 0];
        double[][] landing = Gradients(new StickingTheLandingEstimator(), at, 7, out double[] values);
        Assert.All(landing[0].Concat(landing[1]), g => Assert.Equal(0, g, 1e-13));
        // At the posterior every draw is the evidence itself.
        Assert.All(values, value => Assert.Equal(Evidence, value, 1e-13));
        double[] plain = Gradients(new ReparameterizedBoundEstimator(), at, 7, out _)[0];
        double mean = plain.Average(), variance = plain.Sum(g => (g - mean) * (g - mean)) / (plain.Length - 1);
        // The score −∂ln q/∂μ = −ε/s remains: variance 1/s² = 2, measured from n draws with a standard error of 2√(2/n).
        Assert.Equal(2, variance, 4.5 * 2 * Math.Sqrt(2.0 / plain.Length));
        Assert.Equal(0, mean, 4.5 * Math.Sqrt(2.0 / plain.Length));
        foreach (double[] each in Gradients(new DoublyReparameterizedEstimator(5), at, 7, out _).Take(2)) Assert.All(each, g => Assert.Equal(0, g, 1e-13));
    }

    [Fact]
    public void Dreg_with_one_sample_is_sticking_the_landing()
    {
        double[] at = [0.4, Math.Log(0.9), 0.3];
        double[][] dreg = Gradients(new DoublyReparameterizedEstimator(1), at, 9, out _), landing = Gradients(new StickingTheLandingEstimator(1), at, 9, out _);
        for (int p = 0; p < 3; p++) Graphs.Close(landing[p], dreg[p], 1e-14, $"parameter {p}");
    }

    [Fact]
    public void The_signal_to_noise_ratio_in_q_falls_with_K_for_the_plain_gradient_and_rises_for_dreg()
    {
        double[] at = [0.4, Math.Log(0.9), 0.3];
        double Ratio(BoundEstimator estimator)
        {
            (double[] gradient, double[] error, _, long draws) = Measure(estimator, at, 8, 41);
            return Math.Abs(gradient[0]) / (error[0] * Math.Sqrt(draws));
        }

        // Rainforth et al. 2018: K^−½ for the plain gradient; Tucker et al. 2019: K^½ for DReG. From 4 to 64, by 4 in each direction as K → ∞.
        double plainFew = Ratio(new ReparameterizedBoundEstimator(4)), plainMany = Ratio(new ReparameterizedBoundEstimator(64));
        double dregFew = Ratio(new DoublyReparameterizedEstimator(4)), dregMany = Ratio(new DoublyReparameterizedEstimator(64));
        Assert.InRange(plainFew / plainMany, 2.5, 6);
        Assert.InRange(dregMany / dregFew, 2.5, 6);
    }

    [Fact]
    public void The_bound_rises_with_K_towards_the_evidence_and_starts_at_the_elbo()
    {
        double mean = 0.4, scale = 0.9;
        // E_q[ln p(x, z) − ln q(z)] in closed form.
        double elbo = -Math.Log(2 * Math.PI) - 0.5 * (mean * mean + scale * scale) - 0.5 * ((X - mean) * (X - mean) + scale * scale) + 0.5 * Math.Log(2 * Math.PI * Math.E) + Math.Log(scale);
        double last = double.NegativeInfinity;
        foreach (int k in new[] { 1, 2, 4, 16, 64 })
        {
            (_, _, double value, _) = Measure(new ReparameterizedBoundEstimator(k), [mean, Math.Log(scale), 0], 20, 13);
            if (k == 1) Assert.Equal(elbo, value, 0.02);
            Assert.True(value > last + 0.001, $"seed 13: L_{k} = {value} after {last}");
            Assert.True(value < Evidence + 0.001, $"seed 13: L_{k} = {value}, ln p(x) = {Evidence}");
            last = value;
        }

        Assert.Equal(Evidence, last, 0.02);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Vimco_has_the_exact_gradient_of_a_discrete_bound_and_beats_the_plain_score(bool three)
    {
        // One Bernoulli z with ln p(x, z) = a₀ or a₁; L_K by enumeration of all K draws.
        const double a0 = -2.3, a1 = -0.4, logit = 0.3;
        int k = three ? 3 : 2;
        double Exact(double l)
        {
            double p = 1 / (1 + Math.Exp(-l)), sum = 0;
            for (int bits = 0; bits < 1 << k; bits++)
            {
                int ones = System.Numerics.BitOperations.PopCount((uint)bits);
                double mass = Math.Pow(p, ones) * Math.Pow(1 - p, k - ones);
                sum += mass * Math.Log((ones * Math.Exp(a1) / p + (k - ones) * Math.Exp(a0) / (1 - p)) / k);
            }

            return sum;
        }

        double slope = (Exact(logit + 1e-5) - Exact(logit - 1e-5)) / 2e-5;
        (double mean, double error, double value, double valueError) = Discrete(new VimcoEstimator(k));
        Assert.True(Math.Abs(mean - slope) < 4.5 * error, $"seed 51: VIMCO {mean} ± {error}, exact {slope}");
        Assert.True(Math.Abs(value - Exact(logit)) < 4.5 * valueError, $"seed 51: value {value} ± {valueError}, exact {Exact(logit)}");
        // The same K draws as a plain score function of the evidence lower bound are noisier, although they average.
        (_, double plain, _, _) = Discrete(new ExpectationBoundEstimator(new ScoreFunctionEstimator(samples: k)));
        Assert.True(error < plain, $"seed 51: VIMCO {error}, score {plain}");

        (double, double, double, double) Discrete(BoundEstimator estimator)
        {
            const int replicates = 100_000;
            Tensor logits = Tensor.Full([replicates, 1], logit).StopGradient();
            Estimate estimate = estimator.Build(new ImportanceWeights(new Bernoulli(logits), z => (z * (a1 - a0) + a0).Sum(-1)), new LayerContext(true));
            double[][] values = Graphs.Evaluate(51, estimate.Value.Sum().Gradients(logits)[0], estimate.Value);
            (double m, double e) = Moments(values[0]);
            (double v, double ve) = Moments(values[1]);
            return (m, e, v, ve);
        }

        static (double Mean, double Error) Moments(double[] values)
        {
            double mean = values.Average();
            return (mean, Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / values.Length / values.Length));
        }
    }

    [Fact]
    public void An_estimator_that_does_not_fit_says_what_does()
    {
        ImportanceWeights discrete = new(new Bernoulli(Graphs.Vector(0.3)), z => z.Sum(-1));
        Assert.Contains("VIMCO", Assert.Throws<ElboException>(() => new DoublyReparameterizedEstimator().Build(discrete, new LayerContext(true))).Message, StringComparison.Ordinal);
        Assert.Contains("2 samples", Assert.Throws<ElboException>(() => new VimcoEstimator(1).Build(discrete, new LayerContext(true))).Message, StringComparison.Ordinal);
        ImportanceWeights wrong = new(new Bernoulli(Graphs.Vector(0.3)), z => z);
        Assert.Contains("sum over", Assert.Throws<ElboException>(() => new VimcoEstimator().Build(wrong, new LayerContext(true))).Message, StringComparison.Ordinal);
        Expectation bernoulli = new(discrete.Posterior, z => z.Sum(-1)), normal = new(Normal.Standard([1]), z => z.Sum(-1));
        Assert.Contains("Bernoulli", Assert.Throws<ElboException>(() => new ReparameterizedEstimator().Build(bernoulli, new LayerContext(true))).Message, StringComparison.Ordinal);
        Assert.Contains("Normal", Assert.Throws<ElboException>(() => new GumbelSoftmaxEstimator().Build(normal, new LayerContext(true))).Message, StringComparison.Ordinal);
        Assert.Contains("Normal", Assert.Throws<ElboException>(() => new StraightThroughEstimator().Build(normal, new LayerContext(true))).Message, StringComparison.Ordinal);
        Assert.Contains("RELAX", Assert.Throws<ElboException>(() => new RebarEstimator().Build(normal, new LayerContext(true))).Message, StringComparison.Ordinal);
        Assert.Contains("2 samples", Assert.Throws<ElboException>(() => new ScoreFunctionEstimator(new LeaveOneOutBaseline()).Build(bernoulli, new LayerContext(true))).Message, StringComparison.Ordinal);
        Assert.Contains("condition", Assert.Throws<ElboException>(() => new ScoreFunctionEstimator(new NeuralBaseline(new Dense("b", 1, 1))).Build(bernoulli, new LayerContext(true))).Message, StringComparison.Ordinal);
    }

    /// <summary>q = N(μ, e^2λ), and a model whose prior mean is m: parameters (μ, λ, m).</summary>
    private static (double[] Gradient, double[] Error, double Value, long Draws) Measure(BoundEstimator estimator, double[] at, int runs, ulong seed)
    {
        double[] sums = new double[3], squares = new double[3];
        double total = 0;
        long draws = (long)runs * Replicates;
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Compile(estimator, at, runtime, store);
        for (int run = 0; run < runs; run++)
        {
            plan.Run(new RandomStream(seed, (ulong)run));
            ReadOnlySpan<double> all = plan.Output(0), values = plan.Output(1);
            for (int i = 0; i < Replicates; i++)
            {
                for (int p = 0; p < 3; p++)
                {
                    sums[p] += all[3 * i + p];
                    squares[p] += all[3 * i + p] * all[3 * i + p];
                }

                total += values[i];
            }
        }

        double[] mean = [.. sums.Select(sum => sum / draws)];
        double[] error = [.. squares.Select((square, p) => Math.Sqrt((square / draws - mean[p] * mean[p]) / draws))];
        return (mean, error, total / draws, draws);
    }

    private static double[][] Gradients(BoundEstimator estimator, double[] at, ulong seed, out double[] values)
    {
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Compile(estimator, at, runtime, store);
        plan.Run(new RandomStream(seed));
        double[] all = plan.Output(0).ToArray();
        values = plan.Output(1).ToArray();
        return [.. Enumerable.Range(0, 3).Select(p => Enumerable.Range(0, Replicates).Select(i => all[3 * i + p]).ToArray())];
    }

    private static Plan<double> Compile(BoundEstimator estimator, double[] at, Runtime runtime, VariableStore<double> store)
    {
        Variable variable = new("parameters", [3]);
        at.CopyTo(store[variable]);
        Tensor parameters = variable.Value.BroadcastTo([Replicates, 3]);
        Normal q = Normal.FromLogScale(parameters.Slice(1, 0, 1), parameters.Slice(1, 1, 1));
        Normal prior = new(parameters.Slice(1, 2, 1), 1.0);
        Estimate estimate = estimator.Build(new ImportanceWeights(q, z => prior.LogDensity(z) + new Normal(z, 1.0).LogDensity(Tensor.Constant(X))), new LayerContext(true));
        return Plan<double>.Compile(runtime, store, [estimate.Value.Sum().Gradients(parameters)[0], estimate.Value]);
    }
}
