using Elbo.Networks;
using Elbo.Numerics;
using Elbo.Training;

namespace Elbo.Inference;

/// <summary>How Monte Carlo EM iterates.</summary>
public sealed record MonteCarloEmOptions
{
    /// <summary>The number of EM iterations, at least 1.</summary>
    public int Iterations { get; init; } = 500;

    /// <summary>The transitions of every chain in each E-step, at least 1.</summary>
    public int Transitions { get; init; } = 1;

    /// <summary>The gradient steps on θ in each M-step, at least 1; 5 in Kingma and Welling 2013, appendix E.</summary>
    public int MaximizationSteps { get; init; } = 5;

    /// <summary>The chains of each datum, at least 1.</summary>
    public int Chains { get; init; } = 1;

    /// <summary>Iterations before θ moves, in which the chains find the posterior.</summary>
    public int BurnIn { get; init; } = 20;

    /// <summary>How gradients move θ; null for Adam with a learning rate of 0.02. The rate falls along a cosine to a hundredth.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>How the chains move; null for the defaults.</summary>
    public HamiltonianOptions? Hamiltonian { get; init; }

    /// <summary>Decides every draw.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check()
    {
        foreach ((int value, string name) in new[] { (Iterations, "iterations"), (Transitions, "transitions"), (MaximizationSteps, "maximization steps"), (Chains, "chains") })
            if (value < 1) throw new ElboException($"Monte Carlo EM was asked for {value} {name}; at least 1 is needed.");
        if (BurnIn < 0 || BurnIn >= Iterations)
            throw new ElboException($"Monte Carlo EM was asked for {BurnIn} iterations of burn-in and {Iterations} in all; the burn-in must be at least 0 and end before the iterations do.");
    }
}

/// <summary>What Monte Carlo EM found.</summary>
/// <param name="Parameters">The learned θ by name, row-major: the mean over the last fifth of the iterations, which averages the sampling noise out.</param>
/// <param name="LogJoint">The mean of ln p(x, z) over chains, summed over data, at each iteration, in nats.</param>
/// <param name="State">The last draws, row-major <c>[chains, batch..., D]</c>.</param>
/// <param name="AcceptanceRate">The mean acceptance rate of the E-steps.</param>
public sealed record MonteCarloEmResult(IReadOnlyDictionary<string, double[]> Parameters, IReadOnlyList<double> LogJoint, double[] State, double AcceptanceRate);

/// <summary>
/// EM whose E-step draws from the exact posterior by Hamiltonian Monte Carlo, with chains that persist from iteration to iteration, and whose M-step climbs
/// E[ln p(x, z; θ)] by gradients: Wei and Tanner 1990; Kingma and Welling 2013 (arXiv 1312.6114), appendix E.
/// </summary>
public static class MonteCarloEm
{
    /// <summary>Fits θ.</summary>
    /// <param name="model">The model; it must have parameters.</param>
    /// <param name="options">How to iterate; null for the defaults.</param>
    /// <param name="runtime">The workers to run on; null for one thread.</param>
    /// <param name="cancellation">Stops after the current iteration.</param>
    /// <exception cref="ElboException">The model has no parameters, an option is out of its range, or ln p is not a number.</exception>
    public static MonteCarloEmResult Fit(BlackBoxModel model, MonteCarloEmOptions? options = null, Runtime? runtime = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new MonteCarloEmOptions();
        options.Check();
        using Runtime? own = runtime is null ? new Runtime(1) : null;
        using MonteCarloEmProcess process = new(model, options, runtime ?? own!);
        List<double> history = [];
        Dictionary<string, double[]> sums = model.Parameters.ToDictionary(parameter => parameter.Name, parameter => new double[parameter.Shape.ElementCount]);
        double acceptance = 0;
        int averaged = 0;
        for (int iteration = 0; iteration < options.Iterations && !cancellation.IsCancellationRequested; iteration++)
        {
            double factor = 0.01 + 0.99 * 0.5 * (1 + Math.Cos(Math.PI * iteration / options.Iterations));
            process.Iterate(factor, iteration >= options.BurnIn, iteration < (options.BurnIn + options.Iterations) / 2);
            acceptance += (process.AcceptanceRate - acceptance) / (iteration + 1);
            if (iteration >= options.BurnIn) history.Add(process.LogJoint);
            if (iteration < options.Iterations - Math.Max(1, options.Iterations / 5)) continue;
            averaged++;
            foreach (Parameter parameter in model.Parameters)
                for (int i = 0; i < parameter.Shape.ElementCount; i++) sums[parameter.Name][i] += process.Store[parameter.Variable][i];
        }

        Dictionary<string, double[]> learned = model.Parameters.ToDictionary(
            parameter => parameter.Name,
            parameter => averaged > 0 ? [.. sums[parameter.Name].Select(sum => sum / averaged)] : process.Store[parameter.Variable].ToArray());
        return new MonteCarloEmResult(learned, history, process.State.ToArray(), acceptance);
    }
}
