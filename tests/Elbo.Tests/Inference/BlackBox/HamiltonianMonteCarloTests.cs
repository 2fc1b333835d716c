using Elbo.Distributions;
using Elbo.Inference;
using Elbo.Numerics;

namespace Elbo.Tests.Inference.BlackBox;

/// <summary>Hamiltonian Monte Carlo draws from the density it is given.</summary>
public class HamiltonianMonteCarloTests
{
    [Fact]
    public void Many_chains_have_the_moments_of_a_correlated_normal()
    {
        const int chains = 4000;
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        MultivariateNormal target = new(Graphs.Vector(1, -2), Graphs.Matrix(2, 0.8, 0, -0.5, 0.6));
        using HamiltonianMonteCarlo sampler = new(target.LogDensity, [chains, 2], new HamiltonianOptions { StepSize = 0.05 }, runtime, store, 3);
        sampler.Run(100, adapt: true);
        sampler.Run(40);
        Assert.InRange(sampler.AcceptanceRate, 0.8, 0.9999);
        double[] mean = [0, 0], second = [0, 0, 0];
        for (int i = 0; i < chains; i++)
        {
            double x = sampler.State[2 * i] - 1, y = sampler.State[2 * i + 1] + 2;
            mean[0] += x / chains;
            mean[1] += y / chains;
            second[0] += x * x / chains;
            second[1] += x * y / chains;
            second[2] += y * y / chains;
        }

        // Chains are independent, so these are plain standard errors: √(c/n) and √((cᵢᵢcⱼⱼ + cᵢⱼ²)/n).
        double[] expected = [0.64, -0.4, 0.61];
        Assert.True(Math.Abs(mean[0]) < 4.5 * Math.Sqrt(0.64 / chains), $"seed 3: mean {mean[0]}");
        Assert.True(Math.Abs(mean[1]) < 4.5 * Math.Sqrt(0.61 / chains), $"seed 3: mean {mean[1]}");
        double[] error = [.. new[] { 2 * 0.64 * 0.64, 0.64 * 0.61 + 0.16, 2 * 0.61 * 0.61 }.Select(v => Math.Sqrt(v / chains))];
        for (int i = 0; i < 3; i++) Assert.True(Math.Abs(second[i] - expected[i]) < 4.5 * error[i], $"seed 3: moment {i} {second[i]} against {expected[i]} ± {error[i]}");
    }

    [Fact]
    public void The_metropolis_test_corrects_a_coarse_step()
    {
        // At ε = 1.2 the leapfrog alone would settle on another variance; the accepted chain must not.
        const int chains = 4000;
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using HamiltonianMonteCarlo sampler = new(z => (z.Square().Square() * -0.25).Sum(-1), [chains, 1], new HamiltonianOptions { StepSize = 0.9, LeapfrogSteps = 3 }, runtime, store, 5);
        sampler.Run(100);
        Assert.InRange(sampler.AcceptanceRate, 0.2, 0.95);
        double second = 0, fourth = 0;
        foreach (double x in sampler.State)
        {
            second += x * x / chains;
            fourth += x * x * x * x / chains;
        }

        // Under p ∝ e^(−x⁴/4), E x⁴ = 1 and E x² = 2Γ(¾)/Γ(¼) = 0.67598; E x⁸ = 5.
        Assert.True(Math.Abs(fourth - 1) < 4.5 * Math.Sqrt(4.0 / chains), $"seed 5: E x⁴ = {fourth}");
        Assert.True(Math.Abs(second - 0.675978) < 4.5 * Math.Sqrt((1 - 0.675978 * 0.675978) / chains), $"seed 5: E x² = {second}");
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        Assert.Contains("step size", Assert.Throws<ElboException>(() => new HamiltonianMonteCarlo(z => z.Sum(-1), [1, 1], new HamiltonianOptions { StepSize = 0 }, runtime, store)).Message, StringComparison.Ordinal);
        Assert.Contains("one number for each chain", Assert.Throws<ElboException>(() => new HamiltonianMonteCarlo(z => z, [1, 1], null, runtime, store)).Message, StringComparison.Ordinal);
    }
}
