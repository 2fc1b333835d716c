using Elbo.Numerics;

namespace Elbo.Inference;

/// <summary>
/// Stochastic variational inference: after a batch the global parameters move the share <c>ρₜ = (τ₀ + t)^−κ</c>, t = 0, 1, …, towards those
/// that the batch, repeated to the size of the data, would give: a step along the natural gradient (Hoffman, Blei, Wang and Paisley,
/// "Stochastic variational inference", 2013, equations 26 and 27). A batch of all rows with ρ = 1 is one iteration of coordinate ascent.
/// </summary>
public sealed record StochasticOptions
{
    /// <summary>The number of rows in a batch; batches of all rows where there are fewer.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>κ, between 0 and 1; above ½ the steps shrink as fast as convergence demands, and 0 keeps ρ = 1.</summary>
    public double Decay { get; init; } = 0.7;

    /// <summary>τ₀, at least 1: how much the first batches are damped; 1 makes the first step a whole one.</summary>
    public double Delay { get; init; } = 10;

    /// <summary>ρₜ.</summary>
    /// <param name="step">t, from 0.</param>
    public double Rate(long step) => Math.Pow(Delay + step, -Decay);

    /// <summary>Throws unless every setting is in its range.</summary>
    /// <exception cref="ElboException">One is not.</exception>
    public void Check()
    {
        if (BatchSize < 1) throw new ElboException($"Batches of {BatchSize} rows were asked for; at least 1 is needed.");
        if (!(Decay >= 0 && Decay <= 1)) throw new ElboException($"The decay of the stochastic steps is {Decay}; give a number between 0 and 1, above 0.5 for convergence.");
        if (!(Delay >= 1 && double.IsFinite(Delay))) throw new ElboException($"The delay of the stochastic steps is {Delay}; give a number of at least 1.");
    }
}
