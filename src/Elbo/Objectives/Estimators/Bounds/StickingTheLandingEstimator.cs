using Elbo.Networks;
using Elbo.Numerics;

namespace Elbo.Objectives;

/// <summary>
/// The path derivative of the evidence lower bound, ∂/∂z[ln p(x, z) − ln q(z)]·∂z/∂φ, without the score ∂ln q(z)/∂φ whose mean is 0: where q is
/// the posterior the gradient is 0 for every draw. Roeder, Wu and Duvenaud 2017 (arXiv 1703.09194), eq. 8 and algorithm 1.
/// </summary>
/// <remarks>The bound is the mean over the draws, the evidence lower bound whatever their number; for L_K use <see cref="DoublyReparameterizedEstimator"/>.</remarks>
/// <param name="samples">The draws for each member of the batch.</param>
public sealed class StickingTheLandingEstimator(int samples = 1) : BoundEstimator(samples)
{
    /// <inheritdoc/>
    public override Estimate Build(ImportanceWeights weights, LayerContext context)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(context);
        (Tensor draws, _) = Reparameterized(weights.Posterior, context);
        return PathDerivative(weights, draws, logWeights => logWeights.Mean(0), logWeights => Tensor.Full(logWeights.Shape, 1.0 / Samples));
    }
}
