using Elbo.Distributions;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>A model's log p(x, z) and an approximate posterior q(z), from which a bound on ln p(x) is built: the weights are w = p(x, z)/q(z).</summary>
/// <param name="Posterior">q(z), over <c>[batch..., event...]</c>.</param>
/// <param name="LogJoint">ln p(x, z) in nats, from draws <c>[..., batch..., event...]</c> to <c>[..., batch...]</c>.</param>
public sealed record ImportanceWeights(Distribution Posterior, Func<Tensor, Tensor> LogJoint)
{
    /// <summary>What q is conditioned on, <c>[batch, features]</c>, for baselines that look at it; null where nothing is.</summary>
    public Tensor? Condition { get; init; }

    /// <summary>ln w at draws, from ln p and ln q there.</summary>
    internal Tensor LogWeights(Tensor draws) => Joint(draws) - Posterior.LogDensity(draws);

    /// <summary>ln p(x, z) at draws, checked to be one number for each.</summary>
    internal Tensor Joint(Tensor draws)
    {
        Tensor values = LogJoint(draws);
        Shape expected = Shape.Create(draws.Shape.AsSpan()[..^Posterior.EventRank]);
        return values.Shape.Equals(expected)
            ? values
            : throw new ElboException($"ln p(x, z) must be one number for each draw, {expected} for draws {draws.Shape}, but it is {values.Shape}; sum over data and latent dimensions.");
    }
}
