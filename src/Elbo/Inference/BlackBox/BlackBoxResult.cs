using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>What black-box variational inference found.</summary>
/// <param name="Posterior">q(z), a distribution of constants over <c>[batch..., D]</c>.</param>
/// <param name="Parameters">The model's learned parameters by name, row-major.</param>
/// <param name="Bounds">The mean bound of about a hundred equal parts of the run, in nats, summed over the data.</param>
/// <param name="Elbo">The evidence lower bound of <paramref name="Posterior"/> in nats, summed over the data, from fresh draws.</param>
/// <param name="ElboError">Its standard error.</param>
/// <param name="LogEvidence">The importance-sampled estimate of ln p(x) from the same draws, at least about the bound; a bound itself in expectation.</param>
/// <param name="Stop">Why it stopped.</param>
/// <param name="Iterations">The gradient steps made.</param>
/// <param name="Explanation">Why it stopped, in a sentence.</param>
public sealed record BlackBoxResult(
    Distribution Posterior, IReadOnlyDictionary<string, double[]> Parameters, IReadOnlyList<double> Bounds, double Elbo, double ElboError, double LogEvidence,
    FitStop Stop, int Iterations, string Explanation)
{
    /// <summary>Whether the bound had stopped rising.</summary>
    public bool Converged => Stop == FitStop.Converged;

    /// <summary>Draws z ~ q, row-major <c>[count, batch..., D]</c>.</summary>
    /// <param name="count">The number of draws, at least 1.</param>
    /// <param name="seed">Decides them.</param>
    public double[] Draw(int count, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using Runtime runtime = new(1);
        using VariableStore<double> store = new();
        using Plan<double> plan = Plan<double>.Compile(runtime, store, [Posterior.Sample(1, count)]);
        plan.Run(new RandomStream(seed));
        return plan.Output(0).ToArray();
    }
}
