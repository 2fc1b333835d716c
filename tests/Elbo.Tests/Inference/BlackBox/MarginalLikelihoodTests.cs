using Elbo.Distributions;
using Elbo.Inference;
using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Tests.Inference.BlackBox;

/// <summary>ln p(x) of models where it is known: a linear one in closed form, a bent one by quadrature.</summary>
public class MarginalLikelihoodTests
{
    private static readonly double[] Data = [1.3, -0.4, 2.2, 0.1, 0.7, -3.0];

    [Fact]
    public void A_linear_normal_model_gets_its_evidence()
    {
        // z ~ N(0, I₂), x₁ ~ N(z₁ + ½z₂, 0.3²), so x₁ ~ N(0, 1.25 + 0.09).
        BlackBoxModel model = Model(z => z.Slice(-1, 0, 1) + z.Slice(-1, 1, 1) * 0.5, 0.3);
        using VariableStore<double> store = new();
        MarginalLikelihoodResult result = MarginalLikelihood.Estimate(model, store, new MarginalLikelihoodOptions { ImportanceSamples = 2000, Draws = 500 });
        for (int n = 0; n < Data.Length; n++)
        {
            double truth = -0.5 * (Math.Log(2 * Math.PI * 1.34) + Data[n] * Data[n] / 1.34);
            Assert.True(Math.Abs(result.LogLikelihood[n] - truth) < 0.05, $"seed 1: datum {n}: {result.LogLikelihood[n]}, truth {truth}");
            Assert.True(Math.Abs(result.Reciprocal[n] - truth) < 0.5, $"seed 1: datum {n}: reciprocal {result.Reciprocal[n]}, truth {truth}");
        }

        Assert.InRange(result.AcceptanceRate, 0.6, 1);
        Assert.Equal(result.LogLikelihood.Average(), result.Mean);
    }

    [Fact]
    public void A_posterior_that_is_not_normal_gets_its_evidence_and_the_estimates_bracket_it_on_average()
    {
        // x ~ N(tanh(2z₁) + z₂², 0.4²): posteriors bent around a parabola.
        BlackBoxModel model = Model(z => (z.Slice(-1, 0, 1) * 2.0).Tanh() + z.Slice(-1, 1, 1).Square(), 0.4);
        double truth = Data.Average(x =>
        {
            double sum = 0;
            const double Step = 0.02;
            for (double a = -6; a < 6; a += Step)
                for (double b = -6; b < 6; b += Step)
                {
                    double mean = Math.Tanh(2 * a) + b * b, residual = (x - mean) / 0.4;
                    sum += Step * Step * Math.Exp(-0.5 * (a * a + b * b + residual * residual)) / (2 * Math.PI * 0.4 * Math.Sqrt(2 * Math.PI));
                }

            return Math.Log(sum);
        });
        using VariableStore<double> store = new();
        MarginalLikelihoodResult result = MarginalLikelihood.Estimate(model, store, new MarginalLikelihoodOptions { ImportanceSamples = 5000, Draws = 200 });
        Assert.True(Math.Abs(result.Mean - truth) < 0.15, $"seed 1: {result.Mean}, truth {truth}");
        Assert.True(Math.Abs(result.ReciprocalMean - truth) < 1, $"seed 1: reciprocal {result.ReciprocalMean}, truth {truth}");
    }

    [Fact]
    public void The_numbers_do_not_depend_on_the_threads()
    {
        double[] Measured(int threads)
        {
            using Runtime runtime = new(threads);
            using VariableStore<double> store = new();
            MarginalLikelihoodResult result = MarginalLikelihood.Estimate(Model(z => z.Slice(-1, 0, 1), 0.5), store, new MarginalLikelihoodOptions { Draws = 5, ImportanceSamples = 7, BurnIn = 3 }, runtime);
            return [.. result.LogLikelihood, .. result.Reciprocal];
        }

        Assert.Equal(Measured(1), Measured(3));
    }

    [Fact]
    public void Options_out_of_range_and_a_model_without_numbers_are_refused()
    {
        using VariableStore<double> store = new();
        BlackBoxModel model = Model(z => z.Slice(-1, 0, 1), 0.5);
        Assert.Contains("1 posterior draws", Assert.Throws<ElboException>(() => MarginalLikelihood.Estimate(model, store, new MarginalLikelihoodOptions { Draws = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("batch", Assert.Throws<ElboException>(() => MarginalLikelihood.Estimate(model with { Batch = Shape.Scalar }, store)).Message, StringComparison.Ordinal);
        BlackBoxModel nowhere = model with { LogJoint = z => (z.Square().Sum(-1) * -1.0 - 1.0).Log() };
        Assert.Contains("datum 0", Assert.Throws<ElboException>(() => MarginalLikelihood.Estimate(nowhere, store)).Message, StringComparison.Ordinal);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => MarginalLikelihood.Estimate(model, store, cancellation: stop.Token));
    }

    [Fact]
    public void Monte_Carlo_em_one_iteration_at_a_time_learns_the_mean_and_a_prior_draws_it_to_zero()
    {
        double[] Learned(double? prior)
        {
            Parameter mean = new("mean", [1], Initializer.Constant(0));
            BlackBoxModel model = Model(z => z.Slice(-1, 0, 1) + mean.Value, 0.5) with { Parameters = [mean] };
            using Runtime runtime = new(1);
            using MonteCarloEmProcess process = new(model, new MonteCarloEmOptions { Optimizer = new Elbo.Training.Adam(0.05) }, runtime, prior is { } strength ? mean.Value.Square().Sum() * (-0.5 * strength) : null);
            double sum = 0;
            for (int i = 0; i < 600; i++)
            {
                process.Iterate();
                if (i >= 200) sum += process.Store[mean.Variable][0] / 400;
            }

            Assert.Equal(600, process.Iterations);
            Assert.True(double.IsFinite(process.LogJoint));
            return [sum];
        }

        // x ~ N(m, 1.25): the maximum is the mean of the data, 0.15; with ln p(m) = −λm²/2 it is 0.15·(6/1.25)/(6/1.25 + λ).
        Assert.Equal(0.15, Learned(null)[0], 0.1);
        Assert.Equal(0.15 * 4.8 / (4.8 + 50), Learned(50)[0], 0.05);
    }

    private static BlackBoxModel Model(Func<Tensor, Tensor> mean, double scale) => new(2, z =>
        Normal.Standard([2]).LogDensity(z) + new Normal(mean(z), scale).LogDensity(Tensor.Constant([Data.Length, 1], Data)))
    { Batch = [Data.Length] };
}
