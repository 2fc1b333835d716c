using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// DReG: ∇_φ L_K = E[Σₖ w̃ₖ²·(∂ln wₖ/∂zₖ)·(∂zₖ/∂φ)], the score term reparameterised once more, so that the signal-to-noise ratio rises with K:
/// Tucker, Lawson, Gu and Maddison 2019 (arXiv 1810.04152), eq. 8. For K = 1 it is sticking the landing.
/// </summary>
/// <param name="samples">K.</param>
public sealed class DoublyReparameterizedEstimator(int samples = 5) : BoundEstimator(samples)
{
    /// <inheritdoc/>
    public override Estimate Build(ImportanceWeights weights, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        (Tensor draws, _) = Reparameterized(weights.Posterior, context);
        return PathDerivative(weights, draws, LogMeanWeight, logWeights => logWeights.Softmax(0).Square());
    }
}
