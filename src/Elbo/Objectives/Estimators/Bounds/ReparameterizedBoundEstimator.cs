using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The plain reparameterised gradient ∇L_K = E[Σₖ w̃ₖ ∇ln wₖ], w̃ normalised to sum to 1: Burda, Grosse and Salakhutdinov 2016 (arXiv 1509.00519),
/// eq. 14. Its signal-to-noise ratio in q's parameters falls like 1/√K: Rainforth et al. 2018 (arXiv 1802.04537).
/// </summary>
/// <param name="samples">K.</param>
public sealed class ReparameterizedBoundEstimator(int samples = 1) : BoundEstimator(samples)
{
    /// <inheritdoc/>
    public override Estimate Build(ImportanceWeights weights, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        (Tensor draws, Tensor logDensity) = Reparameterized(weights.Posterior, context);
        return new Estimate(LogMeanWeight(weights.Joint(draws) - logDensity));
    }
}
